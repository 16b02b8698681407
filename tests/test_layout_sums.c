/*
 * test_layout_sums.c - a receipt from top to bottom: totals beside what they are of, sums above what they make, numbers
 * as one reads them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/paper.h"

#include <stdio.h>
#include <string.h>

#define SALE(locale, currency, rest) \
    "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-20T15:00:00-05:00\",\"locale\":\"" locale "\",\"currency\":\"" currency "\"," rest "}"

/* Whether one text stands above another. */
static bool above(const struct paper *paper, const char *one, const char *other)
{
    const char *first = strstr(paper->text, one), *second = strstr(paper->text, other);
    return first && second && first < second;
}

/* The line of the paper that holds the text, in a buffer of the caller's. */
static const char *line_with(const struct paper *paper, const char *part, char line[200])
{
    const char *at = strstr(paper->text, part);
    assert_non_null(at);
    while (at > paper->text && at[-1] != '\n')
        at--;
    snprintf(line, 200, "%.*s", (int)strcspn(at, "\n"), at);
    return line;
}

static void an_items_total_stands_on_its_own_row(void **state)
{
    (void)state;
    char line[200];
    struct paper paper = paper_of_good(SALE("en-US", "USD", "\"lines\":[{\"name\":\"Cheeseburger\",\"quantity\":\"1\",\"unit_price\":\"12.00\","
        "\"total\":\"12.00\",\"tax\":\"T\",\"modifiers\":[{\"name\":\"No onions\"},{\"name\":\"Free sauce\",\"amount\":\"0.00\"}]},"
        "{\"name\":\"Beer\",\"quantity\":\"2\",\"unit_price\":\"5.00\",\"total\":\"9.00\",\"discounts\":[{\"name\":\"Happy hour\",\"amount\":\"-1.00\"}]}],"
        "\"total\":\"21.00\""), "tm-t20iii");
    paper_lay_good(&paper, "items");
    assert_non_null(strstr(line_with(&paper, "Cheeseburger", line), "12.00 T"));
    assert_null(strpbrk(line_with(&paper, "No onions", line), "0123456789"));
    assert_null(strpbrk(line_with(&paper, "Free sauce", line), "0123456789"));
    assert_non_null(strstr(line_with(&paper, "Beer", line), "2 x 5.00"));
    assert_int_equal(paper_end_column(paper.text, "9.00"), paper_end_column(paper.text, "12.00"));
    assert_true(paper_end_column(paper.text, "-1.00") < paper_end_column(paper.text, "9.00"));
    paper_free(&paper);
}

/* However the names are set, and as wide as a tax code may be in that. */
static void an_item_with_its_tax_has_one_row_in_every_emphasis(void **state)
{
    (void)state;
    for (int emphasis = KW_EMPHASIS_PLAIN; emphasis <= KW_EMPHASIS_TALL_RED; emphasis++) {
        char line[200];
        struct paper paper = paper_of_good(SALE("en-GB", "GBP", "\"lines\":[{\"name\":\"Tea\",\"total\":\"2.00\",\"tax\":\"A\"},"
            "{\"name\":\"Cake\",\"total\":\"11.00\",\"tax\":\"B\"}],\"total\":\"13.00\""), "tm-t20iii");
        paper.options.items = (enum kw_emphasis)emphasis;
        paper_lay_good(&paper, "emphasis");
        assert_non_null(strstr(line_with(&paper, "Tea", line), "2.00 A"));
        paper_free(&paper);
    }
}

static void quantity_and_price_have_a_row_where_the_name_is_long(void **state)
{
    (void)state;
    char line[200];
    struct paper paper = paper_of_good(SALE("en-US", "USD", "\"lines\":[{\"name\":\"Organic wholegrain sourdough bread, sliced\",\"quantity\":\"2\","
        "\"unit_price\":\"5.00\",\"total\":\"10.00\"}],\"total\":\"10.00\""), "tm-t20iii");
    paper_lay_good(&paper, "long name");
    assert_null(strstr(line_with(&paper, "sourdough", line), "10.00"));
    assert_non_null(strstr(line_with(&paper, "2 x 5.00", line), "10.00"));
    paper_free(&paper);
}

static void what_is_added_stands_above_what_it_adds_up_to(void **state)
{
    (void)state;
    struct paper paper = paper_of_good(SALE("en-US", "USD", "\"lines\":[{\"name\":\"Pasta\",\"total\":\"20.00\"}],"
        "\"taxes\":[{\"name\":\"Sales tax\",\"tax\":\"1.60\"}],\"charges\":[{\"name\":\"Service\",\"amount\":\"2.00\"}],\"tip\":\"4.00\","
        "\"total\":\"27.60\",\"payments\":[{\"type\":\"card\",\"amount\":\"27.60\"}]"), "tm-t20iii");
    paper_lay_good(&paper, "exclusive");
    assert_true(above(&paper, "Sales tax", "Service") && above(&paper, "Service", "Tip"));
    assert_true(above(&paper, "Tip", "TOTAL"));
    paper_free(&paper);
    paper = paper_of_good(SALE("en-US", "USD", "\"lines\":[{\"name\":\"Pasta\",\"total\":\"20.00\"}],"
        "\"taxes\":[{\"name\":\"VAT\",\"tax\":\"1.60\"}],\"tip\":\"4.00\",\"rounding\":\"0.03\",\"total\":\"20.00\","
        "\"payments\":[{\"type\":\"card\",\"amount\":\"24.03\"}]"), "tm-t20iii");
    paper_lay_good(&paper, "inclusive");
    assert_true(above(&paper, "TOTAL", "VAT") && above(&paper, "TOTAL", "Tip") && above(&paper, "TOTAL", "Rounding"));
    paper_free(&paper);
}

static void units_stand_under_units(void **state)
{
    (void)state;
    static const char *const profiles[] = { "tm-t20iii", "tm-t88v", "pos-58" };
    for (size_t i = 0; i < sizeof profiles / sizeof profiles[0]; i++) {
        struct paper paper = paper_of_good(SALE("fr-FR", "EUR", "\"lines\":[{\"name\":\"Pain\",\"total\":\"2.00\",\"tax\":\"5,5%\"},"
            "{\"name\":\"Vin\",\"total\":\"3.10\"}],\"subtotal\":\"5.10\",\"discounts\":[{\"name\":\"Remise\",\"amount\":\"-0.20\"}],"
            "\"total\":\"4.90\",\"payments\":[{\"type\":\"cash\",\"amount\":\"6.00\"}],\"change\":\"1.10\""), profiles[i]);
        paper_lay_good(&paper, "units");
        int edge = paper_end_column(paper.text, "2,00");
        static const char *const amounts[] = { "3,10", "5,10", "-0,20", "6,00", "1,10" };
        for (size_t k = 0; k < sizeof amounts / sizeof amounts[0]; k++)
            assert_int_equal(paper_end_column(paper.text, amounts[k]), edge);
        paper_free(&paper);
    }
}

/* The run of the total's line whose bytes begin so. */
static const struct kw_run *run_of_total(const struct paper *paper, const char *begin)
{
    int at = paper_op_with(&paper->page.pieces[0], "SUMA");
    assert_true(at >= 0);
    const struct kw_line *line = &paper->page.pieces[0].ops[at].line;
    for (size_t i = 0; i < line->run_count; i++)
        if (line->runs[i].length >= strlen(begin) && memcmp(line->runs[i].bytes, begin, strlen(begin)) == 0)
            return &line->runs[i];
    fail_msg("no run of the total begins with %s", begin);
    return NULL;
}

static void a_total_is_as_large_beside_a_word_as_beside_a_sign(void **state)
{
    (void)state;
    struct paper paper = paper_of_good(SALE("pl-PL", "PLN", "\"lines\":[{\"name\":\"Chleb\",\"total\":\"72.18\"}],"
        "\"subtotal\":\"72.18\",\"total\":\"72.18\""), "tm-t20iii");
    paper_lay_good(&paper, "word");
    const struct kw_run *amount = run_of_total(&paper, "72,18");
    assert_int_equal(amount->style.width, 2);
    assert_int_equal(amount->x_dots + amount->width_dots, paper_end_column(paper.text, "72,18") * 12);
    const struct kw_run *sign = &amount[1];
    assert_int_equal(sign->style.width, 1);
    assert_int_equal(sign->style.height, 2);
    assert_int_equal(sign->x_dots + sign->width_dots, paper.page.width_dots);
    paper_free(&paper);
}

static void a_currency_s_word_goes_to_the_label_where_amounts_are_mirrored(void **state)
{
    (void)state;
    static const struct { const char *total, *wanted; } cases[] = {
        { "30000", "جمع کل (ریال)" }, { "12527000", "جمع کل (ریال)" }, { "5", "ریال" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char document[400];
        snprintf(document, sizeof document, SALE("fa-IR", "IRR", "\"lines\":[{\"name\":\"نان\",\"total\":\"%s\"}],\"total\":\"%s\""),
                 cases[i].total, cases[i].total);
        struct paper paper = paper_of_good(document, "tm-t20iii");
        paper_lay_good(&paper, cases[i].total);
        assert_true(paper_has(&paper, cases[i].wanted));
        assert_int_equal(paper_count(paper.text, "ریال"), 1);
        paper_free(&paper);
    }
}

/* The groups of what is dialled or typed would change places in a line from right to left. */
static void a_number_of_several_groups_runs_from_left_to_right(void **state)
{
    (void)state;
    static const struct { const char *phone, *numbers[2]; } cases[] = {
        { "071 3233 0000", { "071 3233 0000" } }, { "(071) 3233 00", { "(071) 3233 00" } },
        { "۰۷۱ ۳۲۳۳", { "۰۷۱ ۳۲۳۳" } }, { "071 32, 071 33 - 34", { "071 32", "071 33" } },
        { "کد 12 34", { "12 34" } }, { "0713233", { "0713233" } },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sale[400], number[64];
        snprintf(sale, sizeof sale, SALE("fa-IR", "IRR", "\"store\":{\"phone\":\"%s\"},\"lines\":[{\"name\":\"x\",\"total\":\"1\"}]"),
                 cases[i].phone);
        struct paper paper = paper_of_good(sale, "tm-t20iii");
        paper_lay_good(&paper, cases[i].phone);
        const struct kw_op *op = &paper.page.pieces[0].ops[paper_op_with(&paper.page.pieces[0], cases[i].phone)];
        for (size_t k = 0; k < 2 && cases[i].numbers[k]; k++) {
            snprintf(number, sizeof number, "\u2066\u202D%s\u202C\u2069", cases[i].numbers[k]);
            if (!strstr(op->words[0].ordered, number))
                fail_msg("%s: %s stands nowhere in %s", cases[i].phone, number, op->words[0].ordered);
        }
        paper_free(&paper);
    }
}

/* In free text, too; what is shorter than any number that is dialled is a number for each group. */
static void what_is_dialled_is_one_number_wherever_it_stands(void **state)
{
    (void)state;
    static const struct { const char *note, *number; } cases[] = {
        { "تلفن: 021 8877 6655", "021 8877 6655" }, { "تلفن (021) 8877 6655 پاسخگو", "(021) 8877 6655" },
        { "کارت 6037 9918 1234 5678. مبلغ 500 تومان", "6037 9918 1234 5678" }, { "سایز 4 36 عدد", "36" },
        { "یا ۰۹۱۲ ۳۴۵ ۶۷۸۹ ۵٪", "۰۹۱۲ ۳۴۵ ۶۷۸۹" }, { "(پشتیبانی 0912 345 6789)", "0912 345 6789" },
        { "گروه (12) 34", "12" },
    };
    for (size_t i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
        const char *note = cases[i / 2].note, *of_line = i % 2 ? note : "", *of_sale = i % 2 ? "" : note;
        char sale[600], number[64];
        snprintf(sale, sizeof sale, SALE("fa-IR", "IRR", "\"lines\":[{\"name\":\"x\",\"total\":\"1\",\"note\":\"%s\"}],"
                                                         "\"notes\":[\"%s\"]"), of_line, of_sale);
        struct paper paper = paper_of_good(sale, "tm-t20iii");
        paper_lay_good(&paper, note);
        const struct kw_op *op = &paper.page.pieces[0].ops[paper_op_with(&paper.page.pieces[0], note)];
        snprintf(number, sizeof number, "\u2066\u202D%s\u202C\u2069", cases[i / 2].number);
        if (!op->words[0].ordered || !strstr(op->words[0].ordered, number))
            fail_msg("%s: %s stands nowhere in %s", note, number, op->words[0].ordered ? op->words[0].ordered : note);
        paper_free(&paper);
    }
}

/* The stroke at which an address was broken would go to the other end of its line. */
static void an_address_over_two_lines_keeps_its_stroke_right_to_left(void **state)
{
    (void)state;
    struct paper paper = paper_of_good(SALE("fa-IR", "IRR", "\"lines\":[{\"name\":\"x\",\"total\":\"1\"}],"
        "\"notes\":[\"قوانین: abcdefghijklmnopqrstuvw.example/terms-of-the-shop\"]"), "pos-58");
    paper_lay_good(&paper, "address");
    const struct kw_piece *piece = &paper.page.pieces[0];
    int at = paper_op_with(piece, "vw.example/");
    assert_true(at >= 0);
    assert_non_null(piece->ops[at].words[0].ordered);
    assert_non_null(strstr(piece->ops[at].words[0].ordered, "vw.example/\u2069"));
    paper_free(&paper);
}

/* "!Thank you" is what an English guest of a Persian hotel read. */
static void a_word_of_the_other_direction_keeps_its_sign_behind_it(void **state)
{
    (void)state;
    static const struct { const char *locale, *guest, *wanted; } cases[] = {
        { "fa-IR", "en-GB", "Thank you!\u200E" }, { "en-GB", "ar-EG", "شكرًا لكم!\u200F" },
        { "pl-PL", "en-GB", "Thank you!" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char sale[400];
        snprintf(sale, sizeof sale, SALE("%s", "EUR", "\"lines\":[{\"name\":\"x\",\"total\":\"1\"}]"), cases[i].locale);
        struct paper paper = paper_of_good(sale, "tm-t20iii");
        paper.customer_tag = cases[i].guest;
        paper_lay_good(&paper, cases[i].guest);
        const struct kw_piece *piece = &paper.page.pieces[0];
        int at = paper_op_with(piece, cases[i].wanted);
        assert_true(at >= 0);
        const char *said = strstr(piece->ops[at].words[0].utf8, cases[i].wanted);
        assert_string_equal(said, cases[i].wanted);
        paper_free(&paper);
    }
}

/* Where the word ends that says this, from the left of the paper; -1: none does. */
static int right_end(const struct paper *paper, const char *text)
{
    const struct kw_piece *piece = &paper->page.pieces[0];
    for (size_t i = 0; i < piece->op_count; i++)
        for (size_t k = 0; k < piece->ops[i].word_count; k++)
            if (strcmp(piece->ops[i].words[k].utf8, text) == 0)
                return piece->ops[i].words[k].x_dots + piece->ops[i].words[k].width_dots;
    return -1;
}

static void units_of_taxes_stand_under_units_right_to_left(void **state)
{
    (void)state;
    struct paper paper = paper_of_good(SALE("he-IL", "ILS", "\"lines\":[{\"name\":\"א\",\"total\":\"12345.60\"}],"
        "\"taxes\":[{\"name\":\"א\",\"net\":\"10462.37\",\"tax\":\"1883.23\",\"gross\":\"12345.61\"},"
        "{\"name\":\"ב\",\"net\":\"8.01\",\"tax\":\"0.02\",\"gross\":\"8.03\"}],\"total\":\"12353.60\","
        "\"payments\":[{\"type\":\"cash\",\"amount\":\"12353.60\"}]"), "tm-t20iii");
    paper_lay_good(&paper, "taxes");
    static const char *const columns[][2] = { { "10,462.37", "8.01" }, { "1,883.23", "0.02" }, { "12,345.61", "8.03" },
                                              { "12,345.60", "8.03" } };
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        assert_true(right_end(&paper, columns[i][0]) > 0);
        assert_int_equal(right_end(&paper, columns[i][0]), right_end(&paper, columns[i][1]));
    }
    paper_free(&paper);
}

static void rows_of_nothing_are_left_out_unless_asked_for(void **state)
{
    (void)state;
    static const char sale[] = SALE("en-GB", "GBP", "\"lines\":[{\"name\":\"Cake\",\"total\":\"2.00\"}],\"total\":\"2.00\","
        "\"payments\":[{\"type\":\"cash\",\"amount\":\"2.00\"}],\"change\":\"0.00\",\"due\":\"0.00\",\"tip\":\"0.00\",\"rounding\":\"0.00\","
        "\"saved\":\"0.00\"");
    struct paper paper = paper_of_good(sale, "tm-t20iii");
    paper_lay_good(&paper, "zeros");
    assert_false(paper_has(&paper, "0.00"));
    paper_free(&paper);
    paper = paper_of_good(sale, "tm-t20iii");
    paper.options.zeros = true;
    paper_lay_good(&paper, "zeros asked for");
    assert_int_equal(paper_count(paper.text, " 0.00"), 5);
    paper_free(&paper);
}

static void amounts_have_the_decimals_that_the_document_and_the_currency_have(void **state)
{
    (void)state;
    static const struct { const char *document, *wanted; int decimals; } cases[] = {
        { SALE("es-CO", "COP", "\"lines\":[{\"name\":\"A\",\"total\":\"5000\"}],\"total\":\"5000\""), " 5.000\n", -1 },
        { SALE("es-CO", "COP", "\"lines\":[{\"name\":\"A\",\"total\":\"5000\"},{\"name\":\"B\",\"total\":\"1.50\"}],\"total\":\"5001.50\""), "5.000,00\n", -1 },
        { SALE("es-CO", "COP", "\"lines\":[{\"name\":\"A\",\"total\":\"5000\"}],\"total\":\"5000\""), "5.000,00\n", 2 },
        { SALE("en-GB", "GBP", "\"lines\":[{\"name\":\"A\",\"total\":\"5000\"}],\"total\":\"5000\""), "5,000.00\n", -1 },
        { SALE("ja-JP", "JPY", "\"lines\":[{\"name\":\"A\",\"total\":\"5000\"}],\"total\":\"5000\""), "5,000\n", -1 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct paper paper = paper_of_good(cases[i].document, "tm-t20iii");
        paper.options.decimals = cases[i].decimals;
        paper_lay_good(&paper, cases[i].wanted);
        assert_true(paper_has(&paper, cases[i].wanted));
        paper_free(&paper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_items_total_stands_on_its_own_row),
        cmocka_unit_test(an_item_with_its_tax_has_one_row_in_every_emphasis),
        cmocka_unit_test(quantity_and_price_have_a_row_where_the_name_is_long),
        cmocka_unit_test(what_is_added_stands_above_what_it_adds_up_to),
        cmocka_unit_test(units_stand_under_units),
        cmocka_unit_test(a_total_is_as_large_beside_a_word_as_beside_a_sign),
        cmocka_unit_test(a_currency_s_word_goes_to_the_label_where_amounts_are_mirrored),
        cmocka_unit_test(a_number_of_several_groups_runs_from_left_to_right),
        cmocka_unit_test(what_is_dialled_is_one_number_wherever_it_stands),
        cmocka_unit_test(an_address_over_two_lines_keeps_its_stroke_right_to_left),
        cmocka_unit_test(a_word_of_the_other_direction_keeps_its_sign_behind_it),
        cmocka_unit_test(units_of_taxes_stand_under_units_right_to_left),
        cmocka_unit_test(rows_of_nothing_are_left_out_unless_asked_for),
        cmocka_unit_test(amounts_have_the_decimals_that_the_document_and_the_currency_have),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
