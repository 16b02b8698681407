/* test_layout_codes.c - fiscal codes with their sizes, and what becomes of codes that cannot be printed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/paper.h"

#include <stdio.h>
#include <string.h>

static const char *const profiles[] = { "generic", "tm-t20iii-58", "tm-t88v", "tm-t20iii", "ct-s651", "ct-s4000" };
enum { PROFILES = sizeof profiles / sizeof profiles[0] };

/* ---- codes --------------------------------------------------------------------------------------------------- */

static struct paper with_fiscal(const char *fiscal, const char *profile)
{
    char text[4000];
    snprintf(text, sizeof text, "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\",\"lines\":[],"
             "\"fiscal\":[%s]}", fiscal);
    return paper_of_good(text, profile);
}

/* Side of the first QR symbol, native or drawn, in dots. */
static int qr_side(const struct paper *paper)
{
    const struct kw_piece *piece = &paper->page.pieces[0];
    for (size_t i = 0; i < piece->op_count; i++) {
        if (piece->ops[i].kind == KW_OP_SYMBOL)
            return piece->ops[i].symbol.width_dots;
        if (piece->ops[i].kind == KW_OP_BITMAP)
            return piece->ops[i].image.bitmap->width;
    }
    return 0;
}

static void fiscal_codes_keep_their_sizes(void **state)
{
    (void)state;
    for (int i = 0; i < PROFILES; i++) {
        struct paper paper = with_fiscal("{\"format\":\"qr\",\"data\":\"https://fiscal.example.com/verify?n=12345678\","
                                         "\"min_mm\":30,\"max_mm\":40}", profiles[i]);
        paper_lay_good(&paper, "fiscal");
        double mm = qr_side(&paper) * 25.4 / paper.options.profile->dpi;
        if (mm < 29.9 || mm > 40.1)
            fail_msg("%s: %g mm", profiles[i], mm);
        paper_free(&paper);
    }
}

static void a_fiscal_code_that_cannot_be_printed_stops_before_paper(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "{\"format\":\"qr\",\"data\":\"x\",\"min_mm\":120}",
        "{\"format\":\"barcode\",\"symbology\":\"ean13\",\"data\":\"not digits\"}",
        "{\"format\":\"barcode\",\"data\":\"a barcode that is very much too long for any paper of this width, whatever is done\"}",
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct paper paper = with_fiscal(cases[i], "tm-t20iii");
        paper_lay(&paper);
        assert_int_equal(paper.code, KWIT_E_UNPRINTABLE);
        assert_string_equal(paper.error.where, "/fiscal/0");
        paper_free(&paper);
    }
}

static void any_other_code_is_printed_as_text_with_a_warning(void **state)
{
    (void)state;
    struct paper paper = paper_of_good("{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\",\"lines\":[],"
                              "\"codes\":[{\"symbology\":\"ean13\",\"data\":\"5901234123458\"}]}", "tm-t20iii");
    paper_lay_good(&paper, "code");
    assert_true(paper_has(&paper, "5901234123458"));
    assert_int_equal(paper.warnings.count, 1);
    assert_int_equal(paper.warnings.items[0].warning, KWIT_WARNING_CODE_OMITTED);
    paper_free(&paper);
}

static void data_with_control_characters_is_never_handed_to_the_printer(void **state)
{
    (void)state;
    struct paper paper = paper_of_good("{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\",\"lines\":[],"
                              "\"codes\":[{\"symbology\":\"qr\",\"data\":\"BCD\\n002\\n1\"}]}", "tm-t20iii");
    paper_lay_good(&paper, "lines in a code");
    for (size_t i = 0; i < paper.page.pieces[0].op_count; i++)
        assert_int_not_equal(paper.page.pieces[0].ops[i].kind, KW_OP_SYMBOL);
    paper_free(&paper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fiscal_codes_keep_their_sizes),
        cmocka_unit_test(a_fiscal_code_that_cannot_be_printed_stops_before_paper),
        cmocka_unit_test(any_other_code_is_printed_as_text_with_a_warning),
        cmocka_unit_test(data_with_control_characters_is_never_handed_to_the_printer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
