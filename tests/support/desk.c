/* desk.c - lines set on a page that is checked after each. */
#include "support/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { ARENA_BYTES = 64 << 20 };

void desk_open(struct desk *desk, struct kw_text_options options)
{
    memset(desk, 0, sizeof *desk);
    desk->arena = kw_arena_new(ARENA_BYTES);
    kw_notes_init(&desk->notes, desk->arena);
    kw_page_init(&desk->page, desk->arena, options.profile->width_dots);
    options.warnings = &desk->notes;
    options.words = true;
    assert_int_equal(kw_text_open(desk->arena, &options, &desk->text, &desk->error), 0);
}

void desk_close(struct desk *desk)
{
    kw_text_close(desk->text);
    kw_arena_free(desk->arena);
}

struct kw_span span_of(const char *utf8)
{
    return (struct kw_span){ .utf8 = utf8, .length = strlen(utf8), .origin = "/x" };
}

struct kw_field field_of(const char *utf8, int x_dots, int width_dots, enum kw_align align)
{
    return (struct kw_field){ .span = span_of(utf8), .x_dots = x_dots, .width_dots = width_dots, .align = align };
}

const struct kw_line *desk_set(struct desk *desk, const struct kw_field *fields, size_t count)
{
    if (kw_text_line(desk->text, &desk->page, fields, count, &desk->error) < 0)
        fail_msg("%s", desk->error.text);
    assert_int_equal(kw_page_check(&desk->page, &desk->error), 0);
    struct kw_piece *piece = &desk->page.pieces[desk->page.piece_count - 1];
    return &piece->ops[piece->op_count - 1].line;
}

const struct kw_line *desk_set_text(struct desk *desk, const char *utf8)
{
    struct kw_field field = field_of(utf8, 0, desk->page.width_dots, KW_ALIGN_LEFT);
    return desk_set(desk, &field, 1);
}
