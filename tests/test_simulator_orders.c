/* test_simulator_orders.c - what else hosts ask for: counts, logos, lines, bitmap files, the buzzer. */
#include "support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE = 16, PALETTE_MOST = 256 };

#define PRINT(machine, text) machine_print(machine, text, sizeof(text) - 1)

static void print_on(struct machine *machine, const char *profile, const char *bytes, size_t length)
{
    struct kw_sim_options options = machine_options(machine, profile);
    machine_start(machine, &options);
    machine_feed(machine, bytes, length);
    machine_finish(machine);
}
#define PRINT_ON(machine, profile, text) print_on(machine, profile, text, sizeof(text) - 1)

static void expect_text(const char *bytes, size_t length, const char *wanted)
{
    struct machine machine;
    machine_print(&machine, bytes, length);
    assert_string_equal(machine.texts[0], wanted);
    machine_free(&machine);
}
#define TEXT(bytes, wanted) expect_text(bytes, sizeof(bytes) - 1, wanted)

/* ---- the buzzer ---- */

static void a_buzzer_sounds_where_the_model_has_one(void **state)
{
    struct machine machine;
    (void)state;
    PRINT_ON(&machine, "pos-80", "\x1b" "B\x41\x02" "done\n");
    assert_int_equal(machine_events(&machine, "\"event\":\"buzzer\""), 1);
    assert_int_equal(machine_events(&machine, "\"form\":\"ESC B\",\"times\":65,\"ms\":200}"), 1);
    assert_int_equal(machine_events(&machine, "warning"), 0);
    assert_string_equal(machine.texts[0], "done\n");
    machine_free(&machine);
    PRINT(&machine, "\x1b" "BAB\n");                        /* Epson: undefined, and what follows is text */
    assert_int_equal(machine_events(&machine, "ESC B is undefined"), 1);
    assert_int_equal(machine_events(&machine, "buzzer"), 0);
    assert_string_equal(machine.texts[0], "AB\n");
    machine_free(&machine);
}

static void the_buzzer_at_the_drawer_socket_says_its_pattern(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "\x1b(A\x04\x00\x30\x02\x05\x0a\x1b(A\x03\x00\x61\x03\x01"
                    "\x1b(A\x05\x00\x62\x01\x01\x01\x01" "done\n");
    assert_int_equal(machine_events(&machine, "\"form\":\"ESC ( A\",\"pattern\":2,\"times\":5,\"ms\":1000}"), 1);
    assert_int_equal(machine_events(&machine, "\"form\":\"ESC ( A\",\"pattern\":3,\"times\":1}"), 1);
    assert_int_equal(machine_events(&machine, "\"event\":\"buzzer\""), 2);
    assert_string_equal(machine.texts[0], "done\n");
    machine_free(&machine);
    PRINT_ON(&machine, "pt-210", "\x1b(A\x04\x00\x30\x02\x05\x0a" "done\n");
    assert_int_equal(machine_events(&machine, "no socket for a buzzer"), 1);
    assert_int_equal(machine_events(&machine, "\"event\":\"buzzer\""), 0);
    machine_free(&machine);
    PRINT(&machine, "\x1b(Z\x02\x00xyafter\n");
    assert_int_equal(machine_events(&machine, "ESC ( 5A does nothing on this printer: 7 bytes read over"), 1);
    assert_string_equal(machine.texts[0], "after\n");
    machine_free(&machine);
}

/* ---- counts ---- */

static void counts_go_up_and_down_and_begin_again(void **state)
{
    (void)state;
    TEXT("\x1d" "c \x1d" "c \x1d" "c\n", "1 2 3\n");
    TEXT("\x1d" "C2\x2a\x00\x1d" "c \x1d" "c\n", "42 43\n");
    TEXT("\x1d" "C1\x01\x00\x05\x00\x02\x01\x1d" "c\x1d" "c\x1d" "c\x1d" "c\n", "1351\n");
    TEXT("\x1d" "C1\x03\x00\x01\x00\x01\x02\x1d" "C2\x03\x00"
         "\x1d" "c\x1d" "c\x1d" "c\x1d" "c\x1d" "c\x1d" "c\x1d" "c\n", "3322113\n");
    TEXT("\x1d" "C1\x01\x00\x09\x00\x00\x01\x1d" "c\x1d" "c\n", "11\n");
    TEXT("\x1d" "C;10;20;5;1;15;\x1d" "c \x1d" "c \x1d" "c\n", "15 20 10\n");
    TEXT("\x1d" "C2\x08\x00\x1d" "C;;;3;;;\x1d" "c \x1d" "c\n", "8 11\n");
    TEXT("\x1d" "C2\x08\x00\x1b@\x1d" "c\n", "1\n");
}

static void counts_have_as_many_digits_as_asked(void **state)
{
    struct machine machine;
    (void)state;
    TEXT("\x1d" "C2\x07\x00\x1d" "C0\x03\x00" "a\x1d" "cb\n", "a  7b\n");
    TEXT("\x1d" "C2\x07\x00\x1d" "C0\x03\x31" "a\x1d" "cb\n", "a007b\n");
    TEXT("\x1d" "C2\x07\x00\x1d" "C0\x03\x02" "a\x1d" "cb\n", "a7  b\n");
    TEXT("\x1d" "C2\xd2\x04\x1d" "C0\x02\x00\x1d" "c\n", "34\n");
    PRINT(&machine, "\x1d" "C0\x06\x00\x1d" "c\n");
    assert_int_equal(machine_events(&machine, "GS C 0 6 is out of range"), 1);
    assert_string_equal(machine.texts[0], "1\n");
    machine_free(&machine);
}

/* ---- logos ---- */

/* Keys "T1" of 16 x 16 and "B1" of 8 x 8 black dots. */
#define BLACK_8 "\xff\xff\xff\xff\xff\xff\xff\xff"
#define STORE_LOGOS \
    "\x1d(L\x2b\x00\x30\x43\x30T1\x01\x10\x00\x10\x00\x31" BLACK_8 BLACK_8 BLACK_8 BLACK_8 \
    "\x1d(L\x13\x00\x30\x43\x30" "B1\x01\x08\x00\x08\x00\x31" BLACK_8
#define SET_LOGOS "\x1c(E\x06\x00\x3e\x02T1\x31\x00\x1c(E\x05\x00\x3f\x02" "B1\x32"
#define CUT "\x1dV\x42\x00"

static void logos_stand_at_both_ends_of_a_paper(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, STORE_LOGOS SET_LOGOS "one\n" CUT "two\n" CUT);
    assert_int_equal(machine_events(&machine, "warning"), 0);
    assert_int_equal(machine_events(&machine, "\"form\":\"FS ( E\""), 4);
    assert_int_equal(machine.paper_count, 3);
    const struct kw_bitmap *first = machine.papers[0], *second = machine.papers[1];
    assert_true(kw_bitmap_get(first, 575, 30) && kw_bitmap_get(first, 568, 37) && !kw_bitmap_get(first, 567, 30));
    assert_true(kw_bitmap_get(second, 280, 0) && kw_bitmap_get(second, 295, 15) && !kw_bitmap_get(second, 279, 0));
    machine_free(&machine);
}

static void logos_are_switched_off_and_cancelled(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, STORE_LOGOS SET_LOGOS "\x1c(E\x04\x00\x41\x02\x30\x31" "one\n" CUT);
    assert_int_equal(machine_events(&machine, "\"form\":\"FS ( E\""), 1);
    assert_int_equal(machine_events(&machine, "\"width\":8"), 1);
    machine_free(&machine);
    PRINT(&machine, STORE_LOGOS SET_LOGOS "\x1c(E\x06\x00\x3c\x02\x31" "CLRone\n" CUT);
    assert_int_equal(machine_events(&machine, "\"form\":\"FS ( E\""), 1);
    assert_int_equal(machine_events(&machine, "\"width\":16"), 1);
    machine_free(&machine);
    PRINT(&machine, "\x1c(E\x05\x00\x3f\x02XY0one\n" CUT "\x1c(E\x02\x00\x3d\x03\x1c(E\x03\x00\x3d\x02\x30"
                    "\x1c(E\x05\x00\x3f\x02XY9");
    assert_int_equal(machine_events(&machine, "by the key of the bottom logo"), 1);
    assert_int_equal(machine_events(&machine, "FS ( E: parameters out of range"), 1);
    assert_int_equal(machine_events(&machine, "FS ( E function 61 does nothing here"), 1);
    assert_int_equal(machine_events(&machine, "FS ( E justification 57 is out of range"), 1);
    assert_int_equal(machine.paper_count, 1);
    machine_free(&machine);
}

static void a_cut_that_is_tried_again_prints_its_logo_once(void **state)
{
    struct machine machine;
    (void)state;
    struct kw_sim_options options = machine_options(&machine, "tm-t20iii");
    options.faults = "cutter-jam";
    machine_start(&machine, &options);
    assert_int_equal(machine.code, 0);
    machine_feed(&machine, STORE_LOGOS SET_LOGOS "one\n" CUT, sizeof STORE_LOGOS SET_LOGOS "one\n" CUT - 1);
    assert_int_equal(machine_events(&machine, "\"event\":\"cut\""), 0);
    machine_order(&machine, "cutter clear");
    assert_int_equal(machine_events(&machine, "\"event\":\"cut\""), 1);
    assert_int_equal(machine_events(&machine, "\"width\":8"), 1);
    assert_int_equal(machine_events(&machine, "\"width\":16"), 1);
    machine_finish(&machine);
    machine_free(&machine);
}

/* ---- lines on a page ---- */

static int black_dots(const struct kw_bitmap *paper)
{
    int count = 0;
    for (int y = 0; y < paper->height; y++)
        for (int x = 0; x < paper->width; x++)
            count += kw_bitmap_get(paper, x, y);
    return count;
}

static void lines_and_rectangles_stand_where_the_page_says(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "\x1bL\x1bW\x08\x00\x00\x00\x40\x00\x40\x00"
                    "\x1d(Q\x0c\x00\x31\x02\x00\x03\x00\x0b\x00\x17\x00\x01\x01\x30\x0c");
    const struct kw_bitmap *paper = machine.papers[0];
    assert_int_equal(machine_events(&machine, "\"event\":\"rectangle\""), 1);
    assert_int_equal(machine_events(&machine, "\"x\":2,\"y\":3,\"to_x\":11,\"to_y\":23,\"pen\":1}"), 1);
    assert_int_equal(black_dots(paper), 2 * 10 + 2 * 19);
    assert_true(kw_bitmap_get(paper, 10, 3) && kw_bitmap_get(paper, 19, 23) && kw_bitmap_get(paper, 10, 13));
    assert_false(kw_bitmap_get(paper, 11, 4));
    machine_free(&machine);
    PRINT(&machine, "\x1bL\x1bW\x00\x00\x00\x00\x40\x00\x40\x00\x1bT\x01"
                    "\x1d(Q\x0c\x00\x30\x00\x00\x05\x00\x1f\x00\x05\x00\x01\x03\x30\x0c");
    paper = machine.papers[0];                              /* from the lower left corner, upwards */
    assert_int_equal(machine_events(&machine, "\"event\":\"line\""), 1);
    assert_int_equal(black_dots(paper), 3 * 34);
    assert_true(kw_bitmap_get(paper, 5, 63) && kw_bitmap_get(paper, 7, 30) && !kw_bitmap_get(paper, 8, 63));
    machine_free(&machine);
}

static void what_is_no_line_is_told(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "\x1d(Q\x0c\x00\x30\x00\x00\x05\x00\x1f\x00\x05\x00\x01\x01\x30" "after\n");
    assert_int_equal(machine_events(&machine, "lines are drawn in page mode only"), 1);
    assert_string_equal(machine.texts[0], "after\n");
    machine_free(&machine);
    PRINT(&machine, "\x1bL\x1d(Q\x0c\x00\x30\x00\x00\x05\x00\xff\xff\x05\x00\x01\x01\x30"
                    "\x1d(Q\x0c\x00\x30\x00\x00\x05\x00\x1f\x00\x05\x00\x01\x04\x30\x1d(Q\x02\x00\x33\x00\x0c");
    assert_int_equal(machine_events(&machine, "GS ( Q: parameters out of range"), 3);
    machine_free(&machine);
}

/* ---- bitmap files ---- */

#define GS_D 0x1D, 'D', 48, 67, 48, 'K', '1', 48, 49

static bool dot(int x, int y)
{
    return (x * 7 + y * 13 + x * y) % 11 < 4;
}

static void put_number(uint8_t *at, int value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        at[i] = (uint8_t)((unsigned)value >> 8 * i);
}

/* A file of SIDE x SIDE dots: colour 0 is black in the palette, the last one white. */
static size_t make_bmp(uint8_t *out, int depth, bool top_down)
{
    int colours = depth < 24 ? 1 << depth : 0, at = 54 + 4 * colours, stride = (SIDE * depth + 31) / 32 * 4;
    memset(out, 0, (size_t)(at + stride * SIDE));
    memcpy(out, "BM", 2);
    put_number(out + 2, at + stride * SIDE, 4);
    put_number(out + 10, at, 4);
    put_number(out + 14, 40, 4);
    put_number(out + 18, SIDE, 4);
    put_number(out + 22, top_down ? -SIDE : SIDE, 4);
    put_number(out + 26, 1, 2);
    put_number(out + 28, depth, 2);
    if (colours)
        memset(out + at - 4, 0xFF, 4);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE * depth; x++)              /* every bit of a white dot is set */
            if (!dot(x / depth, top_down ? y : SIDE - 1 - y))
                out[at + y * stride + x / 8] |= (uint8_t)(0x80 >> (x & 7));
    return (size_t)(at + stride * SIDE);
}

static void bitmap_files_are_stored_and_printed_by_their_key(void **state)
{
    static const uint8_t print[] = { 0x1D, '(', 'L', 6, 0, 48, 69, 'K', '1', 1, 1 };
    static const int depths[] = { 1, 4, 8, 24 };
    (void)state;
    for (int i = 0; i < 8; i++) {
        uint8_t bytes[9 + 54 + 4 * PALETTE_MOST + SIDE * SIDE * 3 + sizeof print] = { GS_D };
        struct machine machine;
        size_t length = 9 + make_bmp(bytes + 9, depths[i / 2], i & 1);
        memcpy(bytes + length, print, sizeof print);
        machine_print(&machine, bytes, length + sizeof print);
        assert_int_equal(machine_events(&machine, "warning"), 0);
        assert_int_equal(machine.papers[0]->height, SIDE);
        for (int dot_at = 0; dot_at < SIDE * SIDE; dot_at++)
            if (kw_bitmap_get(machine.papers[0], dot_at % SIDE, dot_at / SIDE) != dot(dot_at % SIDE, dot_at / SIDE))
                fail_msg("depth %d: dot %d, %d", depths[i / 2], dot_at % SIDE, dot_at / SIDE);
        machine_free(&machine);
    }
}

static void a_file_that_lies_is_not_kept(void **state)
{
    static const struct { int at, value, bytes; } lies[] = {
        { 9 + 28, 2, 2 }, { 9 + 30, 1, 4 }, { 9 + 18, 5000, 4 }, { 9 + 22, 0, 4 }, { 9 + 10, 1 << 20, 4 },
        { 9 + 14, 1 << 20, 4 }, { 3, 68, 1 }, { 9 + 18, -1, 4 }
    };
    (void)state;
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        uint8_t bytes[9 + 54 + 8 + SIDE * 4 + 6] = { GS_D };
        struct machine machine;
        size_t length = 9 + make_bmp(bytes + 9, 1, false);
        put_number(bytes + lies[i].at, lies[i].value, lies[i].bytes);
        memcpy(bytes + length, "after\n", 6);
        machine_print(&machine, bytes, length + 6);
        assert_int_equal(machine_events(&machine, "GS D: no bitmap file that can be kept"), 1);
        assert_string_equal(machine.texts[0], "after\n");
        machine_free(&machine);
    }
}

/* ---- ends ---- */

static void data_that_end_too_early_are_told(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "text\n\x1dkHCODE39");
    assert_int_equal(machine_events(&machine, "the data end inside a command: 9 bytes are not printed"), 1);
    machine_free(&machine);
    PRINT(&machine, "\x1dv0\x00\x01\x00\x04\x00\xff\xff");
    assert_int_equal(machine_events(&machine, "the data end inside a picture: 2 of 4 rows are missing"), 1);
    machine_free(&machine);
    PRINT(&machine, "text\n");
    assert_int_equal(machine_events(&machine, "warning"), 0);
    machine_free(&machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_buzzer_sounds_where_the_model_has_one),
        cmocka_unit_test(the_buzzer_at_the_drawer_socket_says_its_pattern),
        cmocka_unit_test(counts_go_up_and_down_and_begin_again),
        cmocka_unit_test(counts_have_as_many_digits_as_asked),
        cmocka_unit_test(logos_stand_at_both_ends_of_a_paper),
        cmocka_unit_test(logos_are_switched_off_and_cancelled),
        cmocka_unit_test(a_cut_that_is_tried_again_prints_its_logo_once),
        cmocka_unit_test(lines_and_rectangles_stand_where_the_page_says),
        cmocka_unit_test(what_is_no_line_is_told),
        cmocka_unit_test(bitmap_files_are_stored_and_printed_by_their_key),
        cmocka_unit_test(a_file_that_lies_is_not_kept),
        cmocka_unit_test(data_that_end_too_early_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
