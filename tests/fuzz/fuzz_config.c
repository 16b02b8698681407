/*
 * fuzz_config.c - any bytes as a configuration file: read, checked, shown; never a crash, never a value without an
 * origin.
 */
#include "config/config.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void show(const struct kw_config *config)
{
    struct kw_config_entry entry;
    for (size_t i = 0; kw_config_entry(config, i, &entry); i++)
        if (!entry.section || !entry.key || !entry.value || !entry.origin || strchr(entry.value, 0x1B))
            abort();
    if (!kw_config_find_printer(config, NULL))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("config", 0);
    char path[64];
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct kw_arena *arena = kw_arena_new(16 << 20);
    struct kw_config config;
    const struct kw_config_fault *faults;
    size_t count;
    struct kw_notes warnings;
    struct kw_error error;
    kw_notes_init(&warnings, arena);
    if (kw_config_check(arena, path, &config, &faults, &count, &error) == 0)
        show(&config);
    for (size_t i = 0; i < count; i++)
        if (!faults[i].where[0] || !faults[i].text[0])
            abort();
    int lax = kw_config_load(arena, path, false, &config, &warnings, &error);
    int strict = kw_config_load(arena, path, true, &config, &warnings, &error);
    if (lax < 0 && strict == 0)
        abort();
    kw_arena_free(arena);
    close(fd);
    return 0;
}
