/*
 * test_text_order.c - names of two directions stand glyph by glyph in the order in which a browser sets them.
 *
 * The rows of fixtures/order were measured once in a browser, for a paragraph of either direction; both ways to glyphs
 * are held to them: the quick one and libraqm's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "text/raqm_drawer.h"
#include "text/unicode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CODES = 96, LEAST_ROWS = 600 };

struct row {
    uint32_t codes[MOST_CODES];
    size_t count;
    size_t order[MOST_CODES], placed;           /* places in the text, from left to right; but for what has no width */
    bool rtl;
    const char *name;
};

/* Valid UTF-8, as the fixtures are. */
static size_t read_codes(const char *text, uint32_t *codes)
{
    size_t count = 0;
    for (const unsigned char *at = (const unsigned char *)text; *at && count < MOST_CODES; count++) {
        int more = *at >= 0xF0 ? 3 : *at >= 0xE0 ? 2 : *at >= 0xC0 ? 1 : 0;
        codes[count] = more ? *at & (0x3Fu >> more) : *at;
        at++;
        for (; more > 0; more--)
            codes[count] = codes[count] << 6 | (*at++ & 0x3Fu);
    }
    return count;
}

static bool read_row(char *line, struct row *row)
{
    char *rest = line, *language = strsep(&rest, "\t"), *direction = strsep(&rest, "\t"), *name = strsep(&rest, "\t");
    if (!language || !direction || !name || !rest)
        return false;
    *row = (struct row){ .rtl = strcmp(direction, "rtl") == 0, .name = name };
    row->count = read_codes(name, row->codes);
    for (char *end; row->placed < MOST_CODES && *rest && *rest != '\n'; rest = end)
        row->order[row->placed++] = strtoul(rest, &end, 10);
    return row->placed > 0;
}

static size_t place_in(const size_t *order, size_t count, size_t wanted)
{
    size_t at = 0;
    while (at < count && order[at] != wanted)
        at++;
    return at;
}

/* A ligature stands for all its letters by the first, and joiners have a place but no width: those are passed over. */
static void compare(const struct row *row, const struct ordered_glyph *glyphs, size_t count, const char *way)
{
    size_t ours[MOST_CODES], placed = 0, theirs = 0;
    for (size_t i = 0; i < count; i++)
        if (place_in(row->order, row->placed, glyphs[i].cluster) < row->placed
            && place_in(ours, placed, glyphs[i].cluster) == placed)
            ours[placed++] = glyphs[i].cluster;
    for (size_t i = 0; i < row->placed; i++) {
        if (place_in(ours, placed, row->order[i]) == placed)
            continue;
        if (ours[theirs] != row->order[i])
            fail_msg("%s, %s in %s: the glyph %zu from the left is letter %zu, in a browser %zu", way, row->name,
                     row->rtl ? "rtl" : "ltr", theirs, ours[theirs], row->order[i]);
        theirs++;
    }
    if (placed + 3 < row->placed)
        fail_msg("%s, %s: %zu of %zu letters are placed", way, row->name, placed, row->placed);
}

static void set_row(struct kw_drawer *drawer, struct row *row)
{
    static const struct kw_style style = { .width = 1, .height = 1 };
    uint16_t fonts[MOST_CODES];
    int units[MOST_CODES];
    struct ordered_glyph *glyphs;
    struct kw_error error;
    size_t count;
    for (size_t i = 0; i < row->count; i++) {
        int font = kw_fonts_choose(drawer, row->codes[i], row->codes[i] >= 0x0300);
        fonts[i] = (uint16_t)(font < 0 ? 0 : font);
        units[i] = (int)i;
    }
    struct kw_shaper_input input = { .drawer = drawer, .codes = row->codes, .units = units, .fonts = fonts,
                                     .count = row->count, .rtl = row->rtl, .style = &style };
    uint32_t kept[MOST_CODES];
    memcpy(kept, row->codes, sizeof kept);
    if (kw_join(&input, &glyphs, &count))
        compare(row, glyphs, count, "joined");
    memcpy(row->codes, kept, sizeof kept);
    if (kw_raqm(&input, &glyphs, &count, &error) < 0)
        fail_msg("%s: %s", row->name, error.text);
    compare(row, glyphs, count, "libraqm");
}

static void names_stand_in_the_order_of_a_browser(void **state)
{
    (void)state;
    FILE *file = fopen("tests/fixtures/order/names.tsv", "r");
    char line[2048];
    int rows = 0;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        struct row row;
        struct kw_error error;
        struct kw_drawer drawer = { .arena = kw_arena_new(64 << 20), .own = kw_arena_new(64 << 20),
                                    .options = { .cell_width = { 12, 9 }, .cell_height = { 24, 17 } } };
        assert_true(read_row(line, &row));
        assert_int_equal(kw_fonts_open(&drawer, &error), 0);
        set_row(&drawer, &row);
        rows++;
        kw_raqm_close(&drawer);
        kw_fonts_close(&drawer);
        kw_arena_free(drawer.arena);
        kw_arena_free(drawer.own);
    }
    fclose(file);
    assert_true(rows >= LEAST_ROWS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_stand_in_the_order_of_a_browser),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
