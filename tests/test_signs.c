/*
 * test_signs.c - how often signs of gaming accuse honest tills, and how often they find those that cheat, over pinned
 * seeds: the same code gives the same verdict always. TEST_SEEDS: how many times as many shops as in `make check`.
 */
#include "report/odds.h"
#include "support/shop.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

enum { WINDOW = 28, FIRST = WINDOW * 30, REPORTS = 300, TRIES = 40 };

static int times(void)
{
    const char *asked = getenv("TEST_SEEDS");
    return asked && atoi(asked) > 0 ? atoi(asked) : 1;
}

/* A weekly count for each, against sums of whole fractions computed elsewhere. */
static void odds_over_weeks_are_exact(void **state)
{
    (void)state;
    static const struct kw_odds_sum sum = { .week = { { 9, 120, 11, 350 }, { 7, 110, 6, 340 }, { 12, 130, 9, 360 },
                                                      { 5, 90, 14, 300 } } };
    struct kw_odds_size size;
    double p;
    int64_t critical;
    assert_true(kw_odds_at_least(&sum, 1.5, 33, &p));
    assert_true(fabs(p - 0.01679401930228012) < 1e-12);
    assert_true(kw_odds_at_most(&sum, 1 / 1.5, 14, &p));
    assert_true(fabs(p - 0.6392673600774182) < 1e-12);
    assert_true(kw_odds_size(&sum, &size));
    assert_true(fabs(size.odds - 2.5938444) < 1e-6);
    assert_true(fabs(size.interval.low - 1.5627254) < 1e-6 && fabs(size.interval.high - 4.2803012) < 1e-6);
    assert_true(kw_odds_critical(&sum, 1.5, 0.01, &critical));
    assert_true(kw_odds_at_least(&sum, 1.5, critical, &p) && p <= 0.01);
    assert_true(kw_odds_at_least(&sum, 1.5, critical - 1, &p) && p > 0.01);
}

static double uneven(struct shop *shop, double by)
{
    return 1 + by * (2 * shop_chance(shop) - 1);
}

/* Tills that differ innocently by up to a fifth in all that they do, in stores with customers of their own. */
static void make_honest(struct shop *shop, uint64_t seed)
{
    *shop = (struct shop){ .seed = seed, .days = WINDOW, .first_day = FIRST };
    int stores = 1 + shop_draws(shop, 2, 0.5), invitations = 40 + (int)(200 * shop_chance(shop));
    double rate[4], top[4];
    for (int i = 1; i <= stores; i++) {
        rate[i] = 0.01 + 0.05 * shop_chance(shop);
        top[i] = 0.3 + 0.3 * shop_chance(shop);
    }
    shop->tills = stores * (2 + shop_draws(shop, 2, 0.5));
    for (int i = 0; i < shop->tills; i++) {
        int store = 1 + i % stores;
        shop->till[i] = (struct shop_till){ store, (int)(invitations * uneven(shop, 0.5)),
                                            rate[store] * uneven(shop, 0.2), 0.05 * uneven(shop, 0.2),
                                            top[store] * uneven(shop, 0.2), 0.02 * uneven(shop, 0.2),
                                            0.01 * uneven(shop, 0.2), 0.002 * uneven(shop, 0.2),
                                            0.1 * uneven(shop, 0.2) };
    }
    shop_open(shop);
}

/* Clopper and Pearson. */
static double upper_limit(int64_t k, int64_t n)
{
    double low = 0, high = 1;
    for (int i = 0; i < 60; i++) {
        double middle = (low + high) / 2;
        *(kw_binomial_at_most(k, n, middle) > 0.025 ? &low : &high) = middle;
    }
    return high;
}

static void look(struct shop *shop, struct kw_report *report)
{
    struct kw_arena *arena = kw_arena_new(64 << 20);
    assert_non_null(arena);
    assert_int_equal(shop_report(shop, shop->days, arena, report), 0);
    assert_true(report->has_window && report->window_from == FIRST);
    report->arena = arena;
}

static void honest_tills_are_not_named(void **state)
{
    (void)state;
    int64_t reports = REPORTS * (int64_t)times(), named = 0, stores = 0, tested = 0;
    static struct shop shop;
    struct kw_report report;
    for (int64_t i = 0; i < reports; i++) {
        make_honest(&shop, 1000 + (uint64_t)i * 7919);
        look(&shop, &report);
        named += report.suspicion_count > 0;
        stores += (int64_t)report.watch_count;
        for (size_t j = 0; j < report.watch_count; j++)
            tested += report.watches[j].tested > 0;
        kw_arena_free(report.arena);
    }
    printf("%lld of %lld reports on honest shops name somebody (at most %.2f %%); %lld of %lld stores were testable\n",
           (long long)named, (long long)reports, 100 * upper_limit(named, reports), (long long)tested,
           (long long)stores);
    assert_true(tested > stores / 2);
    assert_true(named <= reports / 100);
    assert_true(times() < 20 || upper_limit(named, reports) <= 0.015);
}

/* How many of so many stores of four tills name the last one, which gets so many times its answers. */
static int found(int sales, double rate, double cheat, bool blatant, int tries, double *smallest)
{
    static struct shop shop;
    struct kw_report report;
    int count = 0;
    for (int i = 0; i < tries; i++) {
        shop = (struct shop){ .seed = 77 + (uint64_t)i * 104729, .days = WINDOW, .first_day = FIRST, .tills = 4 };
        for (int till = 0; till < 4; till++)
            shop.till[till] = (struct shop_till){ 1, sales * 8 / 10, rate, 0.01, 0.5, 0.02, 0, 0, 0 };
        shop.till[3].rate *= cheat;
        shop.till[3].quick = blatant ? 0.9 : shop.till[3].quick;
        shop.till[3].top = blatant ? 1 : shop.till[3].top;
        shop_open(&shop);
        look(&shop, &report);
        bool named = false;
        for (size_t j = 0; j < report.suspicion_count; j++) {
            named = named || report.suspicions[j].who[4] == '3';
            assert_true(cheat > 1.5 || blatant || report.suspicions[j].who[4] == '3');
        }
        count += named;
        if (smallest)
            *smallest += report.watches[0].smallest / tries;
        kw_arena_free(report.arena);
    }
    return count;
}

/* The most that is innocent: half as much again. There the test may err once in a hundred windows. */
static void the_edge_of_innocence_is_held(void **state)
{
    (void)state;
    int tries = REPORTS / 3 * times(), named = found(200, 0.02, 1.48, false, tries, NULL);
    printf("a till at the edge of innocence: named %d times of %d\n", named, tries);
    assert_true(kw_binomial_at_least(named, tries, 0.01) > 0.001);
}

static void what_the_window_would_have_found_is_found(void **state)
{
    (void)state;
    double smallest = 0;
    int tries = TRIES * times();
    found(200, 0.02, 1, false, tries, &smallest);
    int count = found(200, 0.02, smallest, false, tries, NULL);
    printf("a cheat of %.2f times, said to be found 80 %% of the time: %d of %d\n", smallest, count, tries);
    assert_true(count * 100 >= 65 * tries && count * 100 <= 95 * tries);
}

static void the_power_is_told(void **state)
{
    (void)state;
    static const int sales[] = { 60, 150, 300 };
    int tries = TRIES / 4 * times(), strong = 0;
    for (int i = 0; i < 3; i++)
        for (int percent = 1; percent <= 2; percent++)
            for (int cheat = 2; cheat <= 4; cheat += 2) {
                int mild = found(sales[i], percent / 100.0, cheat, false, tries, NULL);
                int blatant = found(sales[i], percent / 100.0, cheat, true, tries, NULL);
                printf("%3d sales a day, %d %% answer, answers x%d: found %d of %d; quick and at the top: %d\n",
                       sales[i], percent, cheat, mild, tries, blatant);
                strong = cheat == 4 && i == 2 ? mild : strong;
            }
    assert_true(strong * 10 >= tries * 9);
}

/* The first till's code fades: the printer is named, and nobody. */
static void a_dying_head_accuses_nobody(void **state)
{
    (void)state;
    static struct shop shop;
    struct kw_report report;
    int printers = 0;
    for (int i = 0; i < TRIES; i++) {
        shop = (struct shop){ .seed = 9 + (uint64_t)i * 104729, .days = WINDOW, .first_day = FIRST, .tills = 4 };
        for (int till = 0; till < 4; till++)
            shop.till[till] = (struct shop_till){ 1, 200, till == 0 ? 0.003 : 0.02, 0.01, 0.5, 0.02, 0, 0, 0 };
        shop_open(&shop);
        look(&shop, &report);
        for (size_t j = 0; j < report.suspicion_count; j++) {
            assert_int_equal(report.suspicions[j].signal, KW_SIGNAL_FEWER);
            assert_string_equal(report.suspicions[j].who, "S1/T0");
            printers++;
        }
        kw_arena_free(report.arena);
    }
    assert_true(printers * 10 >= TRIES * 9);
}

/* Who rings up, takes the code and voids; who rings up one after the other; and who rings up next to nothing. */
static void sales_made_for_their_codes_are_named(void **state)
{
    (void)state;
    static const int signals[] = { KW_SIGNAL_VOIDED, KW_SIGNAL_HASTY, KW_SIGNAL_TINY };
    static struct shop shop;
    struct kw_report report;
    for (int sign = 0; sign < 3; sign++) {
        shop = (struct shop){ .seed = 21, .days = WINDOW, .first_day = FIRST, .tills = 4 };
        for (int till = 0; till < 4; till++)
            shop.till[till] = (struct shop_till){ 1, 200, 0.02, 0.01, 0.5, 0.02, 0.01, 0.002, 0.1 };
        double *const share[] = { &shop.till[3].voided, &shop.till[3].hasty, &shop.till[3].tiny };
        *share[sign] = *share[sign] * 3 + 0.01;
        shop_open(&shop);
        look(&shop, &report);
        assert_int_equal(report.suspicion_count, 1);
        assert_int_equal(report.suspicions[0].signal, signals[sign]);
        assert_string_equal(report.suspicions[0].who, "S1/T3");
        kw_arena_free(report.arena);
    }
}

static void few_answers_are_not_testable(void **state)
{
    (void)state;
    static struct shop shop;
    struct kw_report report;
    shop = (struct shop){ .seed = 5, .days = WINDOW, .first_day = FIRST, .tills = 3 };
    for (int till = 0; till < 3; till++)
        shop.till[till] = (struct shop_till){ 1, 10, 0.02, 0, 0.5, 0, 0, 0, 0 };
    shop_open(&shop);
    look(&shop, &report);
    assert_int_equal(report.watch_count, 1);
    assert_int_equal(report.watches[0].tested, 0);
    kw_arena_free(report.arena);
}

/* One till alone is held against what it did in the three windows before. */
static void a_lone_till_is_compared_with_itself(void **state)
{
    (void)state;
    static struct shop shop;
    struct kw_report report;
    shop = (struct shop){ .seed = 8, .days = 4 * WINDOW, .first_day = FIRST - 3 * WINDOW, .tills = 1 };
    shop.till[0] = (struct shop_till){ 1, 200, 0.02, 0, 0.5, 0, 0, 0, 0 };
    shop_open(&shop);
    for (int pass = 0; pass < 2; pass++) {
        look(&shop, &report);
        assert_int_equal(report.suspicion_count, pass);
        assert_int_equal(report.watches[0].tested, 1);
        assert_true(pass == 0 || (report.suspicions[0].own_past && report.suspicions[0].signal == KW_SIGNAL_RATE));
        kw_arena_free(report.arena);
        for (int day = 3 * WINDOW; day < 4 * WINDOW; day++)
            shop.answered[day][0][0] *= 4;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odds_over_weeks_are_exact),
        cmocka_unit_test(honest_tills_are_not_named),
        cmocka_unit_test(the_edge_of_innocence_is_held),
        cmocka_unit_test(what_the_window_would_have_found_is_found),
        cmocka_unit_test(the_power_is_told),
        cmocka_unit_test(a_dying_head_accuses_nobody),
        cmocka_unit_test(sales_made_for_their_codes_are_named),
        cmocka_unit_test(few_answers_are_not_testable),
        cmocka_unit_test(a_lone_till_is_compared_with_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
