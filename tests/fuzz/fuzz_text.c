/*
 * fuzz_text.c - any bytes as text: lines break within it, stay on the paper, and no run has a byte that is no
 * character. The first byte chooses direction, mode and style.
 */
#include "text/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LONGEST = 2000 };

static void require_breaks(const struct kw_breaks *breaks, size_t length)
{
    size_t at = 0;
    if (breaks->count == 0)
        abort();
    for (size_t i = 0; i < breaks->count; i++) {
        if (breaks->lines[i].from < at || breaks->lines[i].from + breaks->lines[i].length > length)
            abort();
        at = breaks->lines[i].from + breaks->lines[i].length;
    }
}

static void set(struct kw_text *text, struct kw_page *page, struct kw_span span, unsigned choice)
{
    struct kw_error error = { 0 };
    struct kw_breaks breaks;
    if (kw_text_wrap(text, &span, 100, 300, &breaks, &error) < 0)
        abort();
    require_breaks(&breaks, span.length);
    struct kw_field fields[2] = {
        { .span = span, .x_dots = 0, .width_dots = 250, .align = (enum kw_align)(choice % 3) },
        { .span = span, .x_dots = 260, .width_dots = 120, .align = KW_ALIGN_RIGHT },
    };
    fields[1].span.flags = KW_FIELD_ISOLATE;
    fields[0].span.length = breaks.lines[0].length;
    fields[0].span.utf8 += breaks.lines[0].from;
    if (kw_text_line(text, page, fields, 2, &error) < 0 || kw_page_check(page, &error) < 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || size > LONGEST)
        return 0;
    unsigned choice = data[0];
    struct kw_arena *arena = kw_arena_new((size_t)256 << 20);
    struct kw_text_options options = { .profile = kw_profile_find(choice & 1 ? "generic" : "tm-t20iii"),
                                       .raster = choice & 2,
        .direction = choice & 4 ? KW_DIRECTION_RTL : KW_DIRECTION_LTR, .width_dots = 384 };
    struct kw_span span = { .utf8 = (const char *)data + 1, .length = size - 1, .origin = "" };
    span.style.font = choice & 8 ? KW_FONT_B : KW_FONT_A;
    span.style.bold = choice & 16;
    struct kw_text *text = NULL;
    struct kw_page page;
    struct kw_notes notes;
    if (!arena)
        return 0;
    kw_notes_init(&notes, arena);
    options.warnings = &notes;
    kw_page_init(&page, arena, options.width_dots);
    if (kw_text_open(arena, &options, &text, NULL) == 0) {
        set(text, &page, span, choice);
        kw_text_close(text);
    }
    kw_arena_free(arena);
    return 0;
}
