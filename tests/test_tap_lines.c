/* test_tap_lines.c - what is read off the paper of another program: lines, amounts, and whose commands they are. */
#include "tap/stream/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SALE "\x1b@SHOP\nTea 2.00\nTOTAL 2.00\n"
#define FEED "\x1b" "d\x04"
#define CUT "\x1dV\x00"

static struct kw_look *look_on(void **state, const char *model, const char *bytes, size_t length)
{
    const struct kw_look_options options = { .profile = kw_profile_find(model), .profile_known = true,
                                             .cutless = true };
    struct kw_look *look = kw_arena_alloc(*state, sizeof *look);
    struct kw_error error;
    assert_int_equal(kw_look(&options, bytes, length, *state, look, &error), 0);
    return look;
}

static void commands_of_another_printer_are_no_document(void **state)
{
    static const char star[] = "\x1b@\x1b\x1dt\x01SHOP\nTOTAL 2.00\n\x1b" "d\x02", pdf[] = "\x1b@%PDF-1.4";
    assert_false(kw_look_is_document((const uint8_t *)star, sizeof star - 1));
    assert_true(kw_look_is_document((const uint8_t *)pdf, sizeof pdf - 1));
    static const char *const documents[] = { "3SaR....", "2SaR....", "\x04%!PS-Adobe", "\x1b" "E\x1b&l26A", "GIF89a",
                                             "\xff\xd8\xff\xe0....", "\x1b@@EJL 1284.4" };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        assert_true(kw_look_is_document((const uint8_t *)documents[i], strlen(documents[i])));
    assert_false(kw_look_is_document((const uint8_t *)"\x1b" "E\x01" "P4\n", 6));
    static const char ours[] = SALE FEED CUT;
    assert_int_equal(look_on(state, "tsp650ii-star", ours, sizeof ours - 1)->through, KW_THROUGH_LANGUAGE);
}

/* The total of a receipt with this line, as the rows of a model in one code page read it. */
static const char *total_on(void **state, const char *model, const char *setting, const char *lines)
{
    char stream[512];
    int length = snprintf(stream, sizeof stream, "\x1b@%sSHOP\nTea  2.00\n%s\n\x1b" "d\x04\x1dV1", setting, lines);
    struct kw_look *look = look_on(state, model, stream, (size_t)length);
    return look->piece_count > 0 && look->pieces[0].words.total ? look->pieces[0].words.total : "";
}

static void amounts_are_read_as_people_write_them(void **state)
{
    static const struct { const char *line, *total; } rows[] = {
        { "TOTAL 2      150.00", "150.00" }, { "TOTAL 2 150.00", "2150.00" }, { "TOTAL .50", "0.50" },
        { "TOTAL $.50", "0.50" },
        { "TOTAL 12.50 (VAT 2.08)", "12.50" }, { "TOTAL (2.5 kg) 12.50", "12.50" }, { "TOTAL 1.250$00", "1250.00" },
        { "TOTAL 12\xd5" "50", "12.50" }, { "TOTAL No.50 3.00", "3.00" },
        { "TOTAL\x1b$\x80\x01" "2\x1b$\xc0\x01" "150.00", "150.00" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(total_on(state, "tm-t20iii", "\x1bt\x13", rows[i].line), rows[i].total);
}

static void the_surest_line_says_the_total(void **state)
{
    static const struct { const char *lines, *total; } rows[] = {
        { "TOTAL 6.50\nTotal tendered 10.00", "6.50" }, { "TOTAL 6.50\nYou saved a total of 2.00", "6.50" },
        { "TOTAL 6.50\nTotal bags 3", "6.50" }, { "Total 6.50\nTotal rounded 6.48", "6.48" },
        { "3 goods TOTAL 6.50", "6.50" }, { "TOTAL CASH 6.50", "6.50" }, { "T O T A L : 6 . 5 0", "6.50" },
        { "TOTAL Rp6500", "6500" }, { "TOTAL T1", "" }, { "TOTAL abc12", "" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(total_on(state, "tm-t20iii", "", rows[i].lines), rows[i].total);
}

static void money_of_three_decimals_has_them(void **state)
{
    static const struct { const char *text; int exponent; const char *total; } rows[] = {
        { "12.500", 3, "12.500" }, { "1,250.500", 3, "1250.500" }, { "1,250,500", 3, "1250500" },
        { "12,500", 2, "12500" }, { "12.50", 3, "12.50" }, { "12.500", -1, "12500" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool negative;
        const struct kw_tap_words *words = kw_tap_words_new(*state, rows[i].exponent, NULL);
        assert_string_equal(kw_words_amount(words, rows[i].text, *state, &negative), rows[i].total);
    }
}

static void of_two_currencies_the_shops_is_the_total(void **state)
{
    static const struct { const char *currency, *text, *total; } rows[] = {
        { "EUR", "eur 12.50 = bgn 24.45", "12.50" }, { "EUR", "24.45 bgn 12.50 eur", "12.50" },
        { "EUR", "12.50 eur 13.60 usd", "12.50" }, { "USD", "12.50 eur 13.60 usd", "13.60" },
        { "EUR", "12.50 \u20ac / 24.45 \u043b\u0432.", "12.50" },
        { "BGN", "24.45 \u043b\u0432. / 12.50 \u20ac", "24.45" },
        { "CZK", "312.00 kc 12.50 eur", "312.00" }, { "AUD", "$12.50", "12.50" }, { "EUR", "$12.50", "12.50" },
        { "EUR", "2.50 12.50 a", "12.50" }, { "EUR", "eur 2 12.50", "12.50" },
        { "EUR", "1 tea $12.50", "12.50" }, { NULL, "eur 12.50 usd 13.60", "13.60" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool negative;
        const struct kw_tap_words *words = kw_tap_words_new(*state, 2, rows[i].currency);
        assert_string_equal(kw_words_amount(words, rows[i].text, *state, &negative), rows[i].total);
    }
}

static void a_number_that_the_printer_broke_is_one(void **state)
{
    static const char narrow[] = "\x1dL\x18\x01\x1dW\x01\x01";        /* 21 letters wide */
    assert_string_equal(total_on(state, "tm-t20iii", narrow, "TOTAL              12.50"), "12.50");
    assert_string_equal(total_on(state, "tm-t20iii", narrow, "TOTAL              12\n.50 off"), "12");
    assert_string_equal(total_on(state, "tm-t20iii", narrow, "TOTAL              12Tea 1.00"), "12");
}

static void letters_of_wide_scripts_stand_apart(void **state)
{
    static const char kanji[] = "\x1c" "C\x01\x1c&", total[] = "\x8d\x87\x81\x40\x81\x40\x8c\x76   1,650",
                      subtotal[] = "\x8f\xac\x20\x8c\x76   1,650";
    assert_string_equal(total_on(state, "tm-t20iii-ja", kanji, total), "1650");
    assert_string_equal(total_on(state, "tm-t20iii-ja", kanji, subtotal), "");
}

/* Hebrew as it stands on paper, from the left, and as it is written; Arabic in joined forms. */
static void lines_that_run_from_the_right_are_read_so(void **state)
{
    static const char paper[] = "6.50   :\x8d\x85\x8c\x99\x9a\x8c \x8b\"\x84\x91",
                      typed[] = "\x91\x84\"\x8b \x8c\x9a\x99\x8c\x85\x8d: 6.50";
    assert_string_equal(total_on(state, "tm-t20iii", "\x1bt\x24", paper), "6.50");
    assert_string_equal(total_on(state, "tm-t20iii", "\x1bt\x24", typed), "6.50");
    assert_string_equal(total_on(state, "tm-t20iii", "\x1bt\x25", "6.50  \xdf\xe8\xe5\xcc\xe5\xe4\xc7"), "6.50");
}

static void bytes_that_end_inside_a_line_have_no_cut_there(void **state)
{
    static const char open[] = SALE "Thank you", cut[] = SALE "Thank you" CUT;
    assert_int_equal(look_on(state, "gp-58", open, sizeof open - 1)->through, KW_THROUGH_UNFINISHED);
    assert_int_equal(look_on(state, "gp-58", cut, sizeof cut - 1)->through, KW_THROUGH_MID_LINE_CUT);
}

static int begin(void **state)
{
    *state = kw_arena_new(KW_LOOK_MEMORY);
    return *state ? 0 : -1;
}

static int end(void **state)
{
    kw_arena_free(*state);
    return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(commands_of_another_printer_are_no_document),
        TEST(bytes_that_end_inside_a_line_have_no_cut_there),
        TEST(amounts_are_read_as_people_write_them),
        TEST(the_surest_line_says_the_total),
        TEST(money_of_three_decimals_has_them),
        TEST(of_two_currencies_the_shops_is_the_total),
        TEST(a_number_that_the_printer_broke_is_one),
        TEST(letters_of_wide_scripts_stand_apart),
        TEST(lines_that_run_from_the_right_are_read_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
