/*
 * test_peeking.c - experiments that are looked at: boundaries against published ones, how often two arms that are alike
 * seem to differ over pinned seeds, and plans that follow the answers. TEST_SEEDS: 20 and more for the long form.
 */
#include "report/gathering.h"
#include "report/spending.h"
#include "support/shop.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { SHORT = 60, LONG = 4000, FIRST = 840, DAYS = 36 };

static int shops(void)
{
    const char *asked = getenv("TEST_SEEDS");
    return asked && atoi(asked) >= 20 ? LONG : SHORT;
}

static void five_looks_have_the_published_boundaries(void **state)
{
    (void)state;
    static const double t[] = { 0.2, 0.4, 0.6, 0.8, 1 }, wanted[] = { 4.877, 3.357, 2.680, 2.290, 2.031 };
    double bounds[5], price;
    assert_true(kw_spending_bounds(t, 5, 0.05, bounds));
    for (int i = 0; i < 5; i++)
        if (!(fabs(bounds[i] - wanted[i]) < 0.0006))
            fail_msg("look %d: %.5f is not %.3f", i + 1, bounds[i], wanted[i]);
    assert_true(kw_spending_bounds(t + 4, 1, 0.05, bounds) && fabs(bounds[0] - 1.959964) < 1e-4);
    assert_true(kw_spending_price(1, 0.05, &price) && fabs(price - 1) < 1e-3);
    assert_true(kw_spending_price(5, 0.05, &price) && price > 1.02 && price < 1.03);
}

/* Two tills of one store; as many invitations of each arm as the plan says are mature a little before the end. */
static void make(struct shop *shop, uint64_t seed, double lift, bool daily)
{
    *shop = (struct shop){ .seed = seed, .days = DAYS, .first_day = FIRST, .tills = 2, .arms = true, .lift = lift,
                           .plan = 90 * (DAYS - 2), .daily = daily };
    shop->till[0] = (struct shop_till){ 1, 100, 0.03, 0, 0.5, 0, 0, 0, 0 };
    shop->till[1] = (struct shop_till){ 1, 100, 0.05, 0, 0.5, 0, 0, 0, 0 };
    shop_open(shop);
}

static struct kw_experiment look(struct shop *shop, int days)
{
    struct kw_report report;
    struct kw_arena *arena = kw_arena_new(64 << 20);
    assert_non_null(arena);
    assert_int_equal(shop_report(shop, days, arena, &report), 0);
    assert_int_equal(report.experiment_count, 1);
    struct kw_experiment found = report.experiments[0];
    kw_arena_free(arena);
    return found;
}

static void arms_that_are_alike_seldom_differ(void **state)
{
    (void)state;
    static struct shop shop;
    int wrong = 0, early = 0, final = 0;
    for (int i = 0; i < shops(); i++) {
        make(&shop, 31 + (uint64_t)i * 7919, 0, true);
        struct kw_experiment e = look(&shop, DAYS);
        wrong += kw_experiment_is_final(&e) && e.differs[1];
        early += kw_experiment_is_final(&e) && e.early;
        final += kw_experiment_is_final(&e);
    }
    printf("of %d shops without a difference, looked at daily, %d end with one (%.2f %%), %d of them early\n", shops(),
           wrong, 100.0 * wrong / shops(), early);
    assert_true(final * 10 > shops() * 9);
    if (shops() == LONG)
        assert_true(wrong * 1000 <= 57 * LONG);
    else
        assert_true(kw_binomial_at_least(wrong, shops(), 0.05) > 0.001);
}

static void a_large_difference_ends_it_early_and_for_good(void **state)
{
    (void)state;
    static struct shop shop;
    make(&shop, 5, 1.2, true);
    struct kw_experiment last = look(&shop, DAYS);
    assert_true(kw_experiment_is_final(&last) && last.early && last.differs[1] && last.arm[0].offered < shop.plan);
    int days = (int)(last.until_day - FIRST) + 1;
    struct kw_experiment then = look(&shop, days), before = look(&shop, days - 1);
    assert_int_equal(then.until_day, last.until_day);
    assert_int_equal(then.arm[1].answers, last.arm[1].answers);
    assert_true(!kw_experiment_is_final(&before));
    shop.daily = false;
    struct kw_experiment once = look(&shop, days);
    assert_true(!kw_experiment_is_final(&once));
}

/* The plan is said on a day; the first answers are known when their invitations have expired, three days later. */
static struct kw_experiment with_change(struct shop *shop, int day)
{
    make(shop, 5, 0, false);
    shop->changed_day = day;
    return look(shop, DAYS);
}

static void a_plan_that_follows_answers_gives_no_verdict(void **state)
{
    (void)state;
    static struct shop shop;
    struct kw_experiment early = with_change(&shop, 2), late = with_change(&shop, 9);
    assert_true(kw_experiment_is_final(&early) && early.plan_changes == 1 && early.planned == shop.plan);
    assert_true(late.exploratory && !kw_experiment_is_final(&late));
    make(&shop, 5, 0, false);
    shop.plan = 0;
    struct kw_experiment none = look(&shop, DAYS);
    assert_true(!none.exploratory && none.until_day == 0);
}

static void before_the_verdict_no_line_tells_of_an_arm(void **state)
{
    (void)state;
    static struct shop shop;
    struct kw_report report;
    make(&shop, 5, 0, false);
    for (int days = DAYS / 2; days <= DAYS; days += DAYS / 2) {
        struct kw_arena *arena = kw_arena_new(64 << 20);
        struct kw_buffer page;
        assert_int_equal(shop_report(&shop, days, arena, &report), 0);
        kw_buffer_init(&page, 1 << 22);
        kw_report_csv(&report, &page);
        assert_true((strstr(kw_buffer_string(&page), "title: arm") != NULL) == (days == DAYS));
        kw_buffer_clear(&page);
        kw_report_json(&report, &page);
        assert_true((strstr(kw_buffer_string(&page), "\"mature\":{\"answers\"") != NULL)
                    && (strstr(kw_buffer_string(&page), "\"mature_n\"") == NULL) == (days == DAYS));
        kw_buffer_free(&page);
        kw_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(five_looks_have_the_published_boundaries),
        cmocka_unit_test(arms_that_are_alike_seldom_differ),
        cmocka_unit_test(a_large_difference_ends_it_early_and_for_good),
        cmocka_unit_test(a_plan_that_follows_answers_gives_no_verdict),
        cmocka_unit_test(before_the_verdict_no_line_tells_of_an_arm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
