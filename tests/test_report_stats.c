/*
 * test_report_stats.c - intervals and tests against published values and against slow, plain sums in this file.
 * tests/support/report_judge.py computes a whole report again, in whole numbers and fractions.
 */
#include "report/gathering.h"
#include "report/odds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

static void is_near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        fail_msg("%.12g is not %.12g", value, expected);
}

static void wilson_gives_the_published_intervals(void **state)
{
    (void)state;
    static const struct { double k, n, low, high; } rows[] = {
        { 0, 300, 0, 1.264 }, { 3, 300, 0.341, 2.898 }, { 10, 1000, 0.544, 1.831 }, { 12, 1000, 0.688, 2.086 },
        { 100, 10000, 0.823, 1.215 }, { 500, 50000, 0.916, 1.091 }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_interval interval = kw_wilson(rows[i].k, rows[i].n);
        is_near(100 * interval.low, rows[i].low, 0.0006);
        is_near(100 * interval.high, rows[i].high, 0.0006);
    }
    assert_true(kw_wilson(0, 0).low == 0 && kw_wilson(0, 0).high == 1);
}

static void sample_sizes_match_the_table(void **state)
{
    (void)state;
    static const struct { double p1, p2; int64_t n; } rows[] = {
        { .010, .012, 42693 }, { .010, .0125, 27937 }, { .010, .015, 7750 }, { .01, .02, 2319 }, { .02, .024, 21109 },
        { .03, .036, 13914 }, { .05, .06, 8158 }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_true(llabs(kw_sample_size(rows[i].p1, rows[i].p2) - rows[i].n) <= 1);
}

/* C(n, k) p^k q^(n-k) by multiplication alone. */
static double slow_binomial(int n, int k, double p)
{
    double value = 1;
    for (int i = 0; i < k; i++)
        value *= (double)(n - i) / (i + 1) * p;
    return value * pow(1 - p, n - k);
}

static void binomial_tails_equal_plain_sums(void **state)
{
    (void)state;
    static const double ps[] = { 0.003, 0.1, 0.5, 0.93 };
    for (int i = 0; i < 4; i++)
        for (int k = 0; k <= 60; k++) {
            double below = 0, above = 0;
            for (int j = 0; j <= 60; j++)
                *(j <= k ? &below : &above) += slow_binomial(60, j, ps[i]);
            is_near(kw_binomial_at_most(k, 60, ps[i]), below, 1e-12);
            is_near(kw_binomial_at_least(k + 1, 60, ps[i]), k == 60 ? 0 : above, 1e-12);
        }
}

static void limits_leave_at_most_alpha_on_each_side(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        double p;
    } rows[] = { { 50, 0.01 }, { 400, 0.02 }, { 70000, 0.013 }, { 30, 0.5 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t low, high;
        kw_binomial_limits(rows[i].n, rows[i].p, 0.00135, &low, &high);
        assert_true(kw_binomial_at_most(low - 1, rows[i].n, rows[i].p) <= 0.00135);
        assert_true(kw_binomial_at_most(low, rows[i].n, rows[i].p) > 0.00135);
        assert_true(kw_binomial_at_least(high + 1, rows[i].n, rows[i].p) <= 0.00135);
        assert_true(kw_binomial_at_least(high, rows[i].n, rows[i].p) > 0.00135);
    }
}

/* Fisher's exact test is what one week says where the odds are the same. */
static double fisher_more(int64_t k1, int64_t n1, int64_t k2, int64_t n2)
{
    double p = -1;
    const struct kw_odds_sum sum = { .week = { { k1, n1, k2, n2 } } };
    assert_true(kw_odds_at_least(&sum, 1, k1, &p));
    return p;
}

static void fisher_tells_the_lady_tasting_tea(void **state)
{
    (void)state;
    is_near(fisher_more(4, 4, 0, 4), 1.0 / 70, 1e-12);
    is_near(fisher_more(3, 4, 1, 4), 17.0 / 70, 1e-12);
}

/* Far below what is expected nothing is strange, although each single count is less likely than a double can hold. */
static void a_count_below_its_mean_is_not_suspicious(void **state)
{
    (void)state;
    is_near(fisher_more(0, 1500, 900, 1500), 1, 1e-12);
    is_near(fisher_more(1, 1500, 1400, 1500), 1, 1e-12);
    is_near(fisher_more(10, 5000, 3000, 5000), 1, 1e-12);
    is_near(kw_poisson_at_least(1, 2000), 1, 1e-12);
    is_near(kw_poisson_at_least(900, 1000), 0.9994, 1e-3);
    assert_true(fisher_more(1400, 1500, 1, 1500) < 1e-30);
}

/* Both ways of summing meet where the mean is. */
static void fisher_sums_the_same_from_either_side(void **state)
{
    (void)state;
    for (int k1 = 0; k1 <= 30; k1++) {
        double slow = 0, all = 0, term = 1;         /* P(x) up to a factor, from x = 0 */
        for (int x = 0; x <= 30; x++) {
            all += term;
            slow += x >= k1 ? term : 0;
            term *= (double)(40 - x) * (30 - x) / ((double)(x + 1) * (60 - 30 + x + 1));
        }
        is_near(fisher_more(k1, 40, 30 - k1, 60), slow / all, 1e-12);
    }
}

static void tails_match_tables(void **state)
{
    (void)state;
    is_near(kw_chi_square_tail(3.841458820694124, 1), 0.05, 1e-10);
    is_near(kw_chi_square_tail(5.991464547107979, 2), 0.05, 1e-10);
    is_near(kw_chi_square_tail(18.307038053275146, 10), 0.05, 1e-10);
    is_near(kw_chi_square_tail(2, 2), exp(-1), 1e-12);
    is_near(kw_poisson_at_least(3, 1), 1 - 2.5 * exp(-1), 1e-12);
    is_near(kw_poisson_at_least(1, 700), 1, 1e-9);
}

/* Higher in both shops, lower in the pool: the case of report/statistics.md. */
static void strata_undo_the_simpson_reversal(void **state)
{
    (void)state;
    struct kw_stratum strata[] = { { 20, 200, 90, 1000 }, { 12, 1000, 2, 200 } };
    struct kw_cmh cmh;
    kw_cmh_test(strata, 2, &cmh);
    assert_true(cmh.difference > 0);
    is_near(cmh.pooled, (20 + 12) / 1200.0 - (90 + 2) / 1200.0, 1e-15);
    assert_true(cmh.pooled < 0);
    is_near(cmh.difference,
            ((20 * 1000.0 - 90 * 200) / 1200 + (12 * 200.0 - 2 * 1000) / 1200) / (200000.0 / 1200 + 200000.0 / 1200),
            1e-15);
}

/* An arm that came later is held against the days since; the days before would turn the sign of the sum. */
static void a_stratum_without_one_of_the_arms_counts_nowhere(void **state)
{
    (void)state;
    struct kw_stratum strata[] = { { 0, 0, 300, 600 }, { 30, 300, 24, 300 }, { 7, 50, 0, 0 } };
    struct kw_cmh cmh, alone;
    kw_cmh_test(strata, 3, &cmh);
    kw_cmh_test(&strata[1], 1, &alone);
    assert_int_equal(cmh.used, 1);
    is_near(cmh.pooled, 30 / 300.0 - 24 / 300.0, 1e-15);
    is_near(cmh.difference, cmh.pooled, 1e-15);
    assert_true(cmh.p == alone.p && cmh.interval.low == alone.interval.low && cmh.pooled == alone.pooled);
    kw_cmh_test(strata, 1, &cmh);
    assert_true(cmh.used == 0 && cmh.pooled == 0 && cmh.difference == 0);
}

static uint64_t seed = 42;
static double uniform(void)
{
    seed = seed * 6364136223846793005ull + 1442695040888963407ull;
    return (double)(seed >> 11) / 9007199254740992.0;
}

static int64_t binomial(int n, double p)
{
    int64_t k = 0;
    for (int i = 0; i < n; i++)
        k += uniform() < p;
    return k;
}

/* 2,000 simulated experiments in eight sparse shops: the interval holds the truth about 95 times of 100, and a
 * difference that is not there is found about 5 times of 100. */
static void the_difference_interval_covers_and_the_test_keeps_its_level(void **state)
{
    (void)state;
    enum { ROUNDS = 2000, SHOPS = 8 };
    int covered = 0, false_alarms = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct kw_stratum strata[SHOPS];
        struct kw_cmh cmh;
        for (int i = 0; i < SHOPS; i++) {
            double p = 0.02 + 0.01 * i;
            strata[i] =
                (struct kw_stratum){ (double)binomial(120, p), 120, (double)binomial(60 + 20 * i, p), 60 + 20 * i };
        }
        kw_cmh_test(strata, SHOPS, &cmh);
        covered += cmh.interval.low <= 0 && cmh.interval.high >= 0;
        false_alarms += cmh.p < 0.05;
    }
    is_near((double)covered / ROUNDS, 0.95, 0.02);
    is_near((double)false_alarms / ROUNDS, 0.05, 0.02);
}

static void the_nps_interval_covers_at_small_n(void **state)
{
    (void)state;
    enum { ROUNDS = 4000 };
    static const struct {
        int n;
        double p, d;
    } rows[] = { { 12, .5, .2 }, { 30, .7, .05 }, { 20, .9, .02 }, { 100, .5, .2 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int covered = 0;
        for (int round = 0; round < ROUNDS; round++) {
            int up = 0, down = 0;
            for (int j = 0; j < rows[i].n; j++) {
                double u = uniform();
                up += u < rows[i].p;
                down += u >= rows[i].p && u < rows[i].p + rows[i].d;
            }
            struct kw_interval interval = kw_nps_interval(up, rows[i].n - up - down, down);
            double truth = 100 * (rows[i].p - rows[i].d);
            covered += interval.low <= truth && truth <= interval.high;
        }
        assert_true((double)covered / ROUNDS > 0.92);
    }
}

static void an_even_split_passes_and_a_broken_one_does_not(void **state)
{
    (void)state;
    static const double shares[] = { 0.5, 0.3, 0.2 };
    static const int64_t even[] = { 5010, 2980, 2010 }, broken[] = { 5300, 2800, 1900 };
    double chi_square;
    assert_true(kw_split_test(even, shares, 3, &chi_square) > 0.001);
    assert_true(kw_split_test(broken, shares, 3, &chi_square) < 0.001);
}

static void benjamini_hochberg_finds_the_textbook_discoveries(void **state)
{
    (void)state;
    static const double p[] = { 0.010, 0.013, 0.014, 0.190, 0.350, 0.500, 0.630, 0.670, 0.750, 0.810 };
    assert_int_equal(kw_benjamini_hochberg(p, 10, 0.05), 3);
    assert_int_equal(kw_benjamini_hochberg(p, 0, 0.05), 0);
}

/* Three weeks and two days; nobody sells on a seventh day, and an early day of the third can be answered still. */
static void a_day_on_which_a_shop_is_closed_leaves_its_week_whole(void **state)
{
    enum { DAYS = 23, CLOSED = 6, OPEN = 15 };
    static const bool is_part[] = { false, false, true, true };
    struct kw_cohort cohorts[DAYS];
    struct kw_report report = { .arena = kw_arena_new(1 << 20), .first_day = 700 };
    (void)state;
    report.cohorts = cohorts;
    report.cohort_count = DAYS;
    for (int i = 0; i < DAYS; i++)
        cohorts[i] = (struct kw_cohort){ .day = report.first_day + i, .mature = i != OPEN, .answers = 1,
                                         .delivered = i % KW_WEEK_DAYS == CLOSED ? 0 : 50 };
    assert_int_equal(kw_weeks_make(&report), 0);
    assert_int_equal(report.week_count, 4);
    for (size_t i = 0; i < report.week_count; i++)
        assert_int_equal(report.weeks[i].is_part, is_part[i]);
    assert_int_equal(report.weeks[2].delivered, 250);
    report.first_day = 702;                         /* a report that begins on a Wednesday */
    report.cohorts += 2;
    report.cohort_count -= 2;
    report.week_count = 0;
    assert_int_equal(kw_weeks_make(&report), 0);
    assert_true(report.weeks[0].is_part && !report.weeks[1].is_part);
    kw_arena_free(report.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wilson_gives_the_published_intervals),
        cmocka_unit_test(sample_sizes_match_the_table),
        cmocka_unit_test(binomial_tails_equal_plain_sums),
        cmocka_unit_test(limits_leave_at_most_alpha_on_each_side),
        cmocka_unit_test(fisher_tells_the_lady_tasting_tea),
        cmocka_unit_test(a_count_below_its_mean_is_not_suspicious),
        cmocka_unit_test(fisher_sums_the_same_from_either_side),
        cmocka_unit_test(tails_match_tables),
        cmocka_unit_test(strata_undo_the_simpson_reversal),
        cmocka_unit_test(a_stratum_without_one_of_the_arms_counts_nowhere),
        cmocka_unit_test(the_difference_interval_covers_and_the_test_keeps_its_level),
        cmocka_unit_test(the_nps_interval_covers_at_small_n),
        cmocka_unit_test(an_even_split_passes_and_a_broken_one_does_not),
        cmocka_unit_test(a_day_on_which_a_shop_is_closed_leaves_its_week_whole),
        cmocka_unit_test(benjamini_hochberg_finds_the_textbook_discoveries),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
