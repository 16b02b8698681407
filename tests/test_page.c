/* test_page.c - the page refuses what would not fit the paper, and bitmaps stay inside their rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "page/page.h"

#include <string.h>

struct fixture {
    struct kw_arena *arena;
    struct kw_page page;
};

static int make(void **state)
{
    static struct fixture fixture;
    fixture.arena = kw_arena_new(1 << 20);
    kw_page_init(&fixture.page, fixture.arena, 384);
    *state = &fixture;
    return fixture.arena ? 0 : -1;
}

static int drop(void **state)
{
    kw_arena_free(((struct fixture *)*state)->arena);
    return 0;
}

static struct kw_op *add_line(struct fixture *fixture, struct kw_run *runs, size_t count)
{
    struct kw_op *op = kw_page_add(&fixture->page, KW_OP_LINE, "/lines/0");
    op->line = (struct kw_line){ .height_dots = 30, .runs = runs, .run_count = count, .text = "" };
    return op;
}

static void line_inside_the_paper_is_accepted(void **state)
{
    struct fixture *fixture = *state;
    struct kw_run runs[] = { { .x_dots = 0, .width_dots = 24, .bytes = (const uint8_t *)"ab", .length = 2 },
                             { .x_dots = 360, .width_dots = 24, .bytes = (const uint8_t *)"cd", .length = 2 } };
    add_line(fixture, runs, 2);
    assert_int_equal(kw_page_check(&fixture->page, NULL), 0);
    assert_int_equal(kw_piece_height_dots(&fixture->page.pieces[0]), 30);
}

static void run_beyond_the_paper_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct kw_error error = { 0 };
    struct kw_run run = { .x_dots = 372, .width_dots = 24, .bytes = (const uint8_t *)"ab", .length = 2 };
    add_line(fixture, &run, 1);
    assert_int_equal(kw_page_check(&fixture->page, &error), KWIT_E_INTERNAL);
    assert_string_equal(error.where, "/lines/0");
}

static void runs_that_overlap_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct kw_run runs[] = { { .x_dots = 0, .width_dots = 24, .bytes = (const uint8_t *)"ab", .length = 2 },
                             { .x_dots = 23, .width_dots = 24, .bytes = (const uint8_t *)"cd", .length = 2 } };
    add_line(fixture, runs, 2);
    assert_int_equal(kw_page_check(&fixture->page, NULL), KWIT_E_INTERNAL);
}

static void control_byte_in_a_run_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct kw_run run = { .x_dots = 0, .width_dots = 24, .bytes = (const uint8_t *)"a\x1b", .length = 2 };
    add_line(fixture, &run, 1);
    assert_int_equal(kw_page_check(&fixture->page, NULL), KWIT_E_INTERNAL);
}

static void picture_wider_than_the_paper_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct kw_op *op = kw_page_add(&fixture->page, KW_OP_BITMAP, "");
    op->image.bitmap = kw_bitmap_new(fixture->arena, 385, 2);
    assert_int_equal(kw_page_check(&fixture->page, NULL), KWIT_E_INTERNAL);
}

static void symbols_and_stored_logos_wider_than_the_paper_are_refused(void **state)
{
    struct fixture *fixture = *state;
    struct kw_op *op = kw_page_add(&fixture->page, KW_OP_SYMBOL, "");
    op->symbol.x_dots = 200;
    op->symbol.width_dots = 184;
    op = kw_page_add(&fixture->page, KW_OP_STORED_LOGO, "");
    op->logo.x_dots = 84;
    op->logo.width_dots = 300;
    assert_int_equal(kw_page_check(&fixture->page, NULL), 0);
    op->logo.x_dots = 85;
    assert_int_equal(kw_page_check(&fixture->page, NULL), KWIT_E_INTERNAL);
    op->logo.x_dots = -1;
    assert_int_equal(kw_page_check(&fixture->page, NULL), KWIT_E_INTERNAL);
    op->logo.x_dots = 0;
    fixture->page.pieces[0].ops[0].symbol.width_dots = 185;
    assert_int_equal(kw_page_check(&fixture->page, NULL), KWIT_E_INTERNAL);
}

static void a_turned_page_ends_with_what_began_it(void **state)
{
    struct fixture *fixture = *state;
    struct kw_run run = { .x_dots = 0, .width_dots = 24, .bytes = (const uint8_t *)"ab", .length = 2 };
    add_line(fixture, &run, 1);
    struct kw_op *op = kw_page_add(&fixture->page, KW_OP_BITMAP, "");
    struct kw_bitmap *corner = kw_bitmap_new(fixture->arena, 10, 4);
    kw_bitmap_set(corner, 1, 0);
    op->image.bitmap = corner;
    op->image.x_dots = 5;
    op = kw_page_add(&fixture->page, KW_OP_SYMBOL, "");
    op->symbol = (struct kw_symbol){ .x_dots = 100, .width_dots = 50, .above_dots = 3, .below_dots = 7 };
    kw_page_feed(&fixture->page, 20);
    assert_int_equal(kw_page_turn(&fixture->page, NULL), 0);
    const struct kw_piece *piece = &fixture->page.pieces[0];
    assert_true(fixture->page.turned);
    assert_int_equal(piece->ops[0].kind, KW_OP_FEED);
    assert_int_equal(piece->ops[1].symbol.x_dots, fixture->page.width_dots - 150);
    assert_int_equal(piece->ops[1].symbol.above_dots, 7);
    assert_int_equal(piece->ops[2].image.x_dots, fixture->page.width_dots - 15);
    assert_true(kw_bitmap_get(piece->ops[2].image.bitmap, 8, 3));
    assert_int_equal(piece->ops[3].kind, KW_OP_LINE);
    assert_int_equal(piece->tail_op, 3);
}

static void tail_begins_where_it_was_marked(void **state)
{
    struct fixture *fixture = *state;
    kw_page_feed(&fixture->page, 10);
    kw_page_begin_tail(&fixture->page);
    kw_page_feed(&fixture->page, 20);
    assert_int_equal(fixture->page.pieces[0].tail_op, 1);
    assert_int_equal(kw_piece_height_dots(&fixture->page.pieces[0]), 30);
}

static void lack_of_memory_sticks_to_the_page(void **state)
{
    struct fixture *fixture = *state;
    struct kw_arena *tiny = kw_arena_new(0);
    kw_page_init(&fixture->page, tiny, 384);
    assert_null(kw_page_add_piece(&fixture->page, KW_PIECE_PAPER, "receipt"));
    assert_int_equal(kw_page_check(&fixture->page, NULL), KWIT_E_NO_MEMORY);
    kw_arena_free(tiny);
}

/* Every place and width of a small picture, against setting the dots one by one. */
static void blend_and_fill_agree_with_single_dots(void **state)
{
    struct fixture *fixture = *state;
    for (int x = -9; x < 30; x++) {
        for (int width = 1; width < 20; width++) {
            struct kw_bitmap *one = kw_bitmap_new(fixture->arena, 27, 2), *two = kw_bitmap_new(fixture->arena, 27, 2);
            struct kw_bitmap *stamp = kw_bitmap_new(fixture->arena, width, 1);
            kw_bitmap_fill(stamp, 0, 0, width, 1);
            kw_bitmap_blend(one, stamp, x, 1);
            kw_bitmap_fill(two, x, 1, width, 1);
            for (int at = 0; at < 27; at++)
                assert_int_equal(kw_bitmap_get(two, at, 1), at >= x && at < x + width);
            assert_memory_equal(one->bits, two->bits, (size_t)one->stride * 2);
            assert_true(kw_bitmap_row_blank(one, 0));
        }
    }
}

static void picture_beyond_the_limits_is_not_made(void **state)
{
    struct fixture *fixture = *state;
    assert_null(kw_bitmap_new(fixture->arena, KW_BITMAP_MAX_WIDTH + 1, 1));
    assert_null(kw_bitmap_new(fixture->arena, 1, KW_BITMAP_MAX_HEIGHT + 1));
    assert_null(kw_bitmap_new(fixture->arena, -1, 1));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)
    const struct CMUnitTest tests[] = {
        TEST(line_inside_the_paper_is_accepted), TEST(run_beyond_the_paper_is_refused),
        TEST(runs_that_overlap_are_refused), TEST(control_byte_in_a_run_is_refused),
        TEST(picture_wider_than_the_paper_is_refused),
        TEST(a_turned_page_ends_with_what_began_it), TEST(tail_begins_where_it_was_marked),
        TEST(symbols_and_stored_logos_wider_than_the_paper_are_refused), TEST(tail_begins_where_it_was_marked),
        TEST(lack_of_memory_sticks_to_the_page), TEST(blend_and_fill_agree_with_single_dots),
        TEST(picture_beyond_the_limits_is_not_made),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
