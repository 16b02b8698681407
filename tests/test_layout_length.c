/* test_layout_length.c - how much paper a sale of many lines takes on wide paper, whatever the model. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/paper.h"

#include <stdio.h>
#include <string.h>

enum { MOST_BYTES = 64 * 1024 };

static void write_sale(char *out, size_t size, int lines)
{
    static const char *const names[] = { "Milk 1 l", "Bread wholemeal", "Eggs 12", "Butter 250 g", "Apples Gala" };
    int length = snprintf(out, size, "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-20T18:05:00Z\",\"locale\":\"en-GB\","
                          "\"currency\":\"GBP\",\"store\":{\"name\":\"The Corner Shop\"},\"lines\":[");
    for (int i = 0; i < lines; i++)
        length += snprintf(out + length, size - (size_t)length, "%s{\"name\":\"%s\",\"quantity\":\"%d\","
                           "\"unit_price\":\"1.50\",\"total\":\"%d.50\",\"tax\":\"A\"}", i ? "," : "", names[i % 5],
                           i % 3 ? 1 : 3, i % 3 ? 1 : 4);
    snprintf(out + length, size - (size_t)length, "],\"total\":\"1.00\"}");
}

static int length_mm(const char *document, const char *profile)
{
    struct paper paper = paper_of(document, strlen(document), profile);
    paper_lay_good(&paper, profile);
    int mm = kw_profile_dots_to_um(paper.options.profile, kw_piece_height_dots(&paper.page.pieces[0])) / 1000;
    paper_free(&paper);
    return mm;
}

static void two_hundred_lines_take_at_most_nine_hundred_millimetres(void **state)
{
    (void)state;
    enum { WIDE_DOTS = 500 };
    static const struct { int lines, most_mm; } cases[] = { { 200, 900 }, { 60, 320 } };
    static char document[MOST_BYTES];
    const struct kw_profile *profile;
    for (size_t k = 0; k < sizeof cases / sizeof cases[0]; k++) {
        write_sale(document, sizeof document, cases[k].lines);
        for (size_t i = 0; (profile = kw_profile_at(i)); i++) {
            bool thermal = profile->width_dots >= WIDE_DOTS && profile->dpi >= 180;
            int mm = thermal ? length_mm(document, profile->name) : 0;
            if (mm > cases[k].most_mm)
                fail_msg("%s: %d lines take %d mm", profile->name, cases[k].lines, mm);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_hundred_lines_take_at_most_nine_hundred_millimetres),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
