/*
 * test_simulator_feeds.c - paper that moves back, lines that are taken back, the button, and what a person does at the
 * simulated printer.
 */
#include "support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PRINT(machine, bytes) machine_print(machine, bytes, sizeof(bytes) - 1)
#define FEED(machine, bytes) machine_feed(machine, bytes, sizeof(bytes) - 1)

static bool same_dots(const struct kw_bitmap *one, const struct kw_bitmap *two)
{
    return one->width == two->width && one->height == two->height
        && memcmp(one->bits, two->bits, (size_t)one->stride * (size_t)one->height) == 0;
}

/* Whether two streams leave the same dots. */
static bool prints_the_same(const char *first, size_t first_length, const char *second, size_t second_length)
{
    struct machine one, two;
    machine_print(&one, first, first_length);
    machine_print(&two, second, second_length);
    bool same = one.paper_count == 1 && two.paper_count == 1 && same_dots(one.papers[0], two.papers[0]);
    machine_free(&one);
    machine_free(&two);
    return same;
}
#define SAME(first, second) prints_the_same(first, sizeof(first) - 1, second, sizeof(second) - 1)

static void paper_that_goes_back_is_printed_on_again(void **state)
{
    (void)state;
    assert_true(SAME("M\n", "M\n\x1b" "e\x01M\n"));
    assert_true(SAME("M\nM\n", "M\nM\n\x1b" "e\x01M\n"));
    assert_true(SAME("M\n", "M\n\x1bK\x1eM\n"));
    assert_true(SAME("M\nM\n", "M\n\x1bK\x31M\n"));         /* 49 is out of range */
    assert_true(SAME("M\n", "M\n\x1bK\x30M\n"));            /* beyond the last cut there is no paper */
    assert_false(SAME("M\n", "M\n\x1bK\x05M\n"));
}

/* What a program sends that never says GS P. */
static void units_from_power_on_are_the_makers(void **state)
{
    static const struct { const char *profile; int dots; } models[] = {
        { "tm-t88v", 90 }, { "tm-t90", 90 }, { "tm-t90-ja", 90 }, { "tm-l90", 90 }, { "tm-t20iii", 180 },
        { "btp-2002np", 203 }, { "pos-80", 180 }
    };
    (void)state;
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        struct machine machine;
        struct kw_sim_options options = machine_options(&machine, models[i].profile);
        machine_start(&machine, &options);
        FEED(&machine, "\x1bJ\xb4M\n");
        machine_finish(&machine);
        assert_int_equal(machine.papers[0]->height, models[i].dots + 30);
        machine_free(&machine);
    }
    assert_true(SAME("\x1dPxx\x1bJ\xb4M\n\x1dP\x00\x00\x1bJ\xb4M\n", "\x1b@\x1dPxx\x1bJ\xb4M\n\x1b@\x1bJ\xb4M\n"));
}

static void a_line_is_printed_or_dropped_at_its_start(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "one\x1dT\x01two\x1dT\x00three\n\x1dT\x01");
    assert_string_equal(machine.texts[0], "one\nthree\n");
    machine_free(&machine);
}

static void the_button_feeds_a_line_unless_it_is_switched_off(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    FEED(&machine, "a\n");
    machine_order(&machine, "feed");
    machine_order(&machine, "  feed");
    FEED(&machine, "\x1b" "c5\x01");
    machine_order(&machine, "feed");
    FEED(&machine, "\x1b" "c5\x00");
    machine_order(&machine, "cover open");
    machine_order(&machine, "feed");
    machine_order(&machine, "cover close");
    FEED(&machine, "b\n");
    machine_finish(&machine);
    assert_int_equal(machine.papers[0]->height, 30 + 2 * 30 + 30);
    machine_free(&machine);
}

static void printing_stops_at_the_near_end_where_that_was_asked_for(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    machine_order(&machine, "paper near-end");
    FEED(&machine, "on\n\x1b" "c4\x03stops\n");
    assert_true(kw_sim_waiting(machine.sim) > 0);
    machine_order(&machine, "paper load");
    assert_int_equal(kw_sim_waiting(machine.sim), 0);
    machine_finish(&machine);
    assert_string_equal(machine.texts[machine.paper_count - 1], "stops\n");
    machine_free(&machine);
}

static void a_jammed_cutter_is_cleared_by_hand(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    machine_order(&machine, "cutter jam");
    FEED(&machine, "x\n\x10\x04\x03");
    assert_string_equal(machine_replies(&machine), "1A");
    machine_order(&machine, "cutter clear");
    FEED(&machine, "\x10\x04\x03");
    assert_string_equal(machine_replies(&machine), "12");
    machine_free(&machine);
}

static void what_is_no_order_is_answered_with_those_there_are(void **state)
{
    struct machine machine;
    struct kw_buffer answer;
    struct kw_error error;
    (void)state;
    machine_begin(&machine);
    kw_buffer_init(&answer, 4096);
    assert_int_equal(kw_sim_order(machine.sim, "coverage", &answer, &error), KWIT_E_USAGE);
    assert_non_null(strstr(error.text, "\"coverage\""));
    assert_non_null(strstr(error.text, "cover open, cover close, paper out"));
    kw_buffer_free(&answer);
    machine_free(&machine);
}

static void a_new_roll_is_as_long_as_it_is_said(void **state)
{
    static const struct { const char *order, *near; } rows[] = {
        { "paper load 80", "" }, { "paper load 0.1m", "paper near its end" },
        { "paper load 200mm", "paper near its end" },
        { "paper load nonsense", "" }, { "paper load 3 m", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine machine;
        struct kw_buffer answer;
        machine_begin(&machine);
        kw_buffer_init(&answer, 4096);
        assert_int_equal(kw_sim_order(machine.sim, rows[i].order, &answer, &machine.error), 0);
        if (!strstr(kw_buffer_string(&answer), "paper near its end") != !rows[i].near[0])
            fail_msg("%s: %s", rows[i].order, kw_buffer_string(&answer));
        kw_buffer_free(&answer);
        machine_free(&machine);
    }
}

static void values_out_of_range_change_nothing(void **state)
{
    static const char *const commands[] = {
        "\x1d!\x08", "\x1b" "M\x07", "\x1b-\x09", "\x1bV\x05", "\x1br\x02", "\x1c-\x07", "\x1c" "C\x07", "\x1dH\x09",
        "\x1dw\x09", "\x1b" "a\x09", "\x1dV\x09", "\x1bR\x7f", "\x1dI\x07",
    };
    (void)state;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        struct machine plain, tried;
        machine_print(&plain, "Aa1\n", 4);
        machine_begin(&tried);
        machine_feed(&tried, commands[i], strlen(commands[i]));
        machine_say(&tried, "Aa1\n");
        machine_finish(&tried);
        if (!machine_same_paper(&plain, &tried) || machine_events(&tried, "\"event\":\"warning\"") != 1)
            fail_msg("row %zu: %s", i, kw_buffer_string(&tried.events));
        machine_free(&plain);
        machine_free(&tried);
    }
}

/* GS b fills the corners of steps: no dot goes, and what has no slope stays as it is. */
static void smoothing_adds_dots_to_large_slopes(void **state)
{
    struct machine plain, smooth;
    int added = 0;
    (void)state;
    PRINT(&plain, "\x1bM\x01\x1d!\x33" "X/\n");
    PRINT(&smooth, "\x1bM\x01\x1d" "b\x01\x1d!\x33" "X/\n");
    const struct kw_bitmap *less = plain.papers[0], *more = smooth.papers[0];
    assert_int_equal(less->height, more->height);
    for (int y = 0; y < less->height; y++)
        for (int x = 0; x < less->width; x++) {
            assert_true(kw_bitmap_get(more, x, y) || !kw_bitmap_get(less, x, y));
            added += kw_bitmap_get(more, x, y) && !kw_bitmap_get(less, x, y);
        }
    assert_in_range(added, 20, 2000);
    machine_free(&plain);
    machine_free(&smooth);
    assert_true(SAME("\x1bM\x01X/\n", "\x1bM\x01\x1d" "b\x01X/\n"));
    assert_true(SAME("\x1d!\x33_|\n", "\x1d" "b\x01\x1d!\x33_|\n"));
}

static void a_test_print_starts_the_printer_anew(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "\x1d!\x11" "before\x1d(A\x02\x00\x00\x02" "after\n");
    assert_int_equal(machine.paper_count, 2);
    assert_non_null(strstr(machine.texts[0], "before\n*** TEST PRINT ***\n"));
    assert_string_equal(machine.texts[1], "after\n");
    assert_int_equal(machine.papers[1]->height, 30);
    machine_free(&machine);
    PRINT(&machine, "\x1d(A\x02\x00\x07\x02\x1d(A\x01\x00\x00only\n");
    assert_string_equal(machine.texts[0], "only\n");
    machine_free(&machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paper_that_goes_back_is_printed_on_again),
        cmocka_unit_test(units_from_power_on_are_the_makers),
        cmocka_unit_test(a_line_is_printed_or_dropped_at_its_start),
        cmocka_unit_test(the_button_feeds_a_line_unless_it_is_switched_off),
        cmocka_unit_test(printing_stops_at_the_near_end_where_that_was_asked_for),
        cmocka_unit_test(a_jammed_cutter_is_cleared_by_hand),
        cmocka_unit_test(what_is_no_order_is_answered_with_those_there_are),
        cmocka_unit_test(a_new_roll_is_as_long_as_it_is_said),
        cmocka_unit_test(values_out_of_range_change_nothing),
        cmocka_unit_test(smoothing_adds_dots_to_large_slopes),
        cmocka_unit_test(a_test_print_starts_the_printer_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
