/*
 * fuzz_export.c - any bytes as the export of any platform (CSV, XLSX, JSON Lines): no crash, an error has its code and
 * words, and a comment that is kept holds no address. The first byte chooses platform and encoding.
 */
#include "answers/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool no_key(void *data, uint8_t kid, uint32_t handle, struct kw_terminal_key *key)
{
    (void)data, (void)kid, (void)handle, (void)key;
    return false;
}

static void check_scrub(const uint8_t *data, size_t size)
{
    char text[400];
    size_t length = size < sizeof text - 1 ? size : sizeof text - 1;
    memcpy(text, data, length);
    text[length] = 0;
    kw_value_scrub(text);
    if (strlen(text) > length || strstr(text, "a@b.c"))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const encodings[] = { NULL, "cp1250", "UTF-16LE", "cp1252" };
    static const struct kw_score_label labels[] = { { "Very satisfied", 5 } };
    struct kw_error error = { 0 };
    size_t platforms = 0;
    int64_t rows = 0;
    if (size < 2)
        return 0;
    while (kw_platforms[platforms].name)
        platforms++;
    struct kw_import_options options = { .path = "export",
                                         .platform = &kw_platforms[(data[0] & 15) % platforms],
                                         .encoding = encodings[data[0] >> 4 & 3],
                                         .dates = data[0] & 64 ? "dmy" : NULL,
                                         .zone = data[0] & 128 ? "Europe/Warsaw" : NULL,
                                         .labels = labels,
                                         .label_count = 1,
                                         .today = 1056,
                                         .keys = { no_key, NULL } };
    FILE *file = fmemopen((void *)(data + 1), size - 1, "r");
    if (!file)
        return 0;
    int code = kw_import_check(&options, file, &rows, &error);
    fclose(file);
    if (code < 0 && (error.code != (enum kwit_error)code || error.text[0] == 0))
        abort();
    check_scrub(data + 1, size - 1);
    return 0;
}
