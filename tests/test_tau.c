/* test_tau.c - Kendall's tau-b against the counting of pairs, its deviation against a derivative taken by numbers. */
#include "report/tau.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

/* Shares of a table, so that one of them can be moved a little. */
struct shares { double of[KW_TAU_GRADES][KW_TAU_GRADES]; };

/* By its definition: every two answers agree, disagree, or are tied in one question or the other. */
static double by_pairs(const struct shares *s)
{
    double agree = 0, untied_a = 0, untied_b = 0;
    for (int a = 0; a < KW_TAU_GRADES; a++)
        for (int b = 0; b < KW_TAU_GRADES; b++)
            for (int c = 0; c < KW_TAU_GRADES; c++)
                for (int d = 0; d < KW_TAU_GRADES; d++) {
                    const double both = s->of[a][b] * s->of[c][d];
                    agree += (a - c) * (b - d) > 0 ? both : (a - c) * (b - d) < 0 ? -both : 0;
                    untied_a += a != c ? both : 0;
                    untied_b += b != d ? both : 0;
                }
    return agree / sqrt(untied_a * untied_b);
}

static double deviation_by_numbers(struct shares *s, double n)
{
    const double step = 1e-6;
    double mean = 0, squares = 0;
    for (int a = 0; a < KW_TAU_GRADES; a++)
        for (int b = 0; b < KW_TAU_GRADES; b++) {
            const double share = s->of[a][b];
            if (share == 0)
                continue;
            s->of[a][b] = share + step;
            const double above = by_pairs(s);
            s->of[a][b] = share - step;
            const double slope = (above - by_pairs(s)) / (2 * step);
            s->of[a][b] = share;
            mean += share * slope;
            squares += share * slope * slope;
        }
    return sqrt((squares - mean * mean) / n);
}

static void check(const struct kw_tau_table *table)
{
    struct shares shares = { 0 };
    struct kw_tau tau;
    double n = 0;
    for (int a = 0; a < KW_TAU_GRADES; a++)
        for (int b = 0; b < KW_TAU_GRADES; b++)
            n += (double)table->counts[a][b];
    for (int a = 0; a < KW_TAU_GRADES; a++)
        for (int b = 0; b < KW_TAU_GRADES; b++)
            shares.of[a][b] = (double)table->counts[a][b] / n;
    assert_true(kw_tau_b(table, &tau));
    assert_true(fabs(tau.value - by_pairs(&shares)) < 1e-9);
    assert_true(fabs(tau.deviation - deviation_by_numbers(&shares, n)) < 1e-6);
}

static void tables_agree_with_the_counting_of_pairs(void **state)
{
    (void)state;
    static const struct kw_tau_table incomes = {
        { { 2, 4, 13, 3 }, { 2, 6, 22, 4 }, { 0, 1, 15, 8 }, { 0, 3, 13, 8 } }
    };
    check(&incomes);
    uint32_t drawn = 7;
    for (int round = 0; round < 12; round++) {
        struct kw_tau_table table = { 0 };
        for (int i = 0; i < 80; i++) {
            drawn = drawn * 1664525u + 1013904223u;
            const int a = (int)(drawn >> 24) % KW_TAU_GRADES, noise = (int)(drawn >> 16 & 7) - 4;
            const int b = round % 2 ? 10 - a + noise : a / 2 + noise;
            table.counts[a][b < 0 ? 0 : b > 10 ? 10 : b]++;
        }
        check(&table);
    }
}

static void one_grade_alone_goes_with_nothing(void **state)
{
    (void)state;
    struct kw_tau_table table = { { [3] = { 5, 9, 40 } } };
    struct kw_tau tau;
    assert_false(kw_tau_b(&table, &tau));
}

static void more_questions_make_wider_intervals_within_one(void **state)
{
    (void)state;
    const struct kw_tau tau = { 0.5, 0.08 }, whole = { 1, 0 }, wide = { -0.9, 0.4 };
    const struct kw_interval one = kw_tau_interval(&tau, 1), many = kw_tau_interval(&tau, 20);
    assert_true(fabs(one.low - tanh(atanh(0.5) - 1.959964 * 0.08 / 0.75)) < 1e-5);
    assert_true(fabs(many.high - tanh(atanh(0.5) + 3.023341 * 0.08 / 0.75)) < 1e-5);
    assert_true(many.low < one.low && kw_tau_interval(&whole, 3).high <= 1 && kw_tau_interval(&wide, 20).low > -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_agree_with_the_counting_of_pairs),
        cmocka_unit_test(one_grade_alone_goes_with_nothing),
        cmocka_unit_test(more_questions_make_wider_intervals_within_one)
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
