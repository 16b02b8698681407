/* test_text_shelf.c - glyphs that were drawn before, taken from the shelf: the same dots, whatever lies there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "support/desk.h"

static const struct kw_code_table tables[] = { { 0, "cp437" } };
static const struct kw_profile printer = {
    .name = "test", .width_dots = 576, .dpi = 203, .font_a_width = 12, .font_a_height = 24, .font_b_width = 9,
    .font_b_height = 17, .tables = tables, .table_count = 1,
};

static bool same_dots(const struct kw_bitmap *a, const struct kw_bitmap *b)
{
    return a->width == b->width && a->height == b->height &&
           memcmp(a->bits, b->bits, (size_t)a->height * (size_t)a->stride) == 0;
}

/* A shelf of one font's glyphs, in memory. */
struct shelf {
    char name[64];
    uint8_t bytes[1 << 16];
    size_t length;
    int recalled, kept;
};

static bool recall(void *data, const char *name, struct kw_arena *arena, void **bytes, size_t *length)
{
    struct shelf *shelf = data;
    if (strcmp(shelf->name, name) != 0)
        return false;
    shelf->recalled++;
    *length = shelf->length;
    *bytes = kw_arena_copy(arena, (const char *)shelf->bytes, shelf->length);
    return *bytes;
}

static void keep(void *data, const char *name, const void *bytes, size_t length)
{
    struct shelf *shelf = data;
    assert_true(length <= sizeof shelf->bytes && strlen(name) < sizeof shelf->name);
    strcpy(shelf->name, name);
    memcpy(shelf->bytes, bytes, length);
    shelf->length = length;
    shelf->kept++;
}

/* By fonts that nobody used before; "same" is what it must look like. */
static void draw_by_shelf(struct shelf *shelf, const char *text, const struct kw_bitmap *same)
{
    struct kw_text_fonts *fonts = kw_text_fonts_new((struct kw_glyph_shelf){ recall, keep, shelf });
    struct desk desk;
    desk_open(&desk, (struct kw_text_options){ .profile = &printer, .raster = true, .fonts_kept = fonts });
    assert_true(same_dots(desk_set_text(&desk, text)->bitmap, same));
    desk_close(&desk);
    kw_text_fonts_keep(fonts);
    kw_text_fonts_free(fonts);
}

static void what_lies_on_the_shelf_is_not_drawn_again(void **state)
{
    (void)state;
    static struct shelf shelf;
    struct desk anew;
    desk_open(&anew, (struct kw_text_options){ .profile = &printer, .raster = true });
    const struct kw_bitmap *fresh = desk_set_text(&anew, "Bread 12.50")->bitmap;
    draw_by_shelf(&shelf, "Bread 12.50", fresh);
    assert_int_equal(shelf.kept, 1);
    draw_by_shelf(&shelf, "Bread 12.50", fresh);
    assert_int_equal(shelf.recalled, 1);
    assert_int_equal(shelf.kept, 1);                    /* for nothing was drawn */
    draw_by_shelf(&shelf, "Tea", desk_set_text(&anew, "Tea")->bitmap);
    assert_int_equal(shelf.kept, 2);                    /* a letter came to them */
    draw_by_shelf(&shelf, "Bread 12.50", fresh);
    assert_int_equal(shelf.kept, 2);
    desk_close(&anew);
}

static void a_damaged_shelf_is_drawn_anew(void **state)
{
    (void)state;
    static struct shelf shelf, damaged;
    struct desk anew;
    desk_open(&anew, (struct kw_text_options){ .profile = &printer, .raster = true });
    const struct kw_bitmap *fresh = desk_set_text(&anew, "Ab")->bitmap;
    draw_by_shelf(&shelf, "Ab", fresh);
    for (size_t at = 0; at < shelf.length; at++) {
        damaged = shelf;
        damaged.bytes[at] ^= 0x10;
        draw_by_shelf(&damaged, "Ab", fresh);
        assert_memory_equal(damaged.bytes, shelf.bytes, shelf.length);
    }
    for (size_t length = 0; length < shelf.length; length++) {
        damaged = shelf;
        damaged.length = length;
        draw_by_shelf(&damaged, "Ab", fresh);
        assert_int_equal(damaged.length, shelf.length);
    }
    desk_close(&anew);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_lies_on_the_shelf_is_not_drawn_again),
        cmocka_unit_test(a_damaged_shelf_is_drawn_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
