/*
 * fuzz_sale.c - any bytes as a sale document: no crash, and never a control character but a line end in what is kept.
 */
#include "sale/sale.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require_clean(const char *text)
{
    for (; text && *text; text++)
        if (((unsigned char)*text < 0x20 && *text != '\n') || *text == 0x7F)
            abort();
}

static void require_clean_lines(const struct kw_sale_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        require_clean(lines[i].name);
        require_clean(lines[i].note);
        require_clean(lines[i].total.text);
        require_clean_lines(lines[i].children, lines[i].child_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kw_arena *arena = kw_arena_new((size_t)256 << 20);
    struct kw_notes warnings, errors;
    struct kw_error error = { 0 };
    struct kw_sale *sale = NULL;
    if (!arena)
        return 0;
    kw_notes_init(&warnings, arena);
    kw_notes_init(&errors, arena);
    int code = kw_sale_parse(arena, data, size, size % 2, size % 3 ? NULL : "Europe/Warsaw", &sale, &warnings, &errors,
                             &error);
    if (code == 0 && (errors.count > 0 || !sale))
        abort();
    if (code < 0 && error.code != (enum kwit_error)code)
        abort();
    if (code == 0) {
        require_clean(sale->id);
        require_clean(sale->store.name);
        require_clean_lines(sale->lines, sale->line_count);
    }
    kw_arena_free(arena);
    return 0;
}
