/* faults.c - what is wrong with the configuration, and where. */
#include "config/private.h"

#include "base/digits.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Nobody reads more, and each is compared with those before it. */
enum { FAULT_LIMIT = 200 };

const char *kw_config_where(struct loading *loading, const char *file, int line)
{
    char room[KW_DIGITS];
    const char *where = kw_arena_joined(loading->arena, file, ":", kw_digits(line, room));
    loading->no_memory = loading->no_memory || !where;
    return where ? where : file;
}

void kw_config_fault_add(struct loading *loading, const char *where, bool stops, const char *format, ...)
{
    char text[512];
    va_list arguments;
    if (loading->fault_count >= FAULT_LIMIT && (!stops || loading->stopped))
        return;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    for (size_t i = 0; i < loading->fault_count; i++)
        if (strcmp(loading->faults[i].where, where) == 0 && strcmp(loading->faults[i].text, text) == 0)
            return;
    struct kw_config_fault *faults = kw_arena_grow(loading->arena, loading->faults, loading->fault_count,
                                                   &loading->fault_capacity, sizeof *faults);
    const char *kept = kw_arena_string(loading->arena, text);
    if (!faults || !kept) {
        loading->no_memory = true;
        return;
    }
    loading->faults = faults;
    faults[loading->fault_count++] = (struct kw_config_fault){ where, kept, stops };
    loading->stopped = loading->stopped || stops;
}
