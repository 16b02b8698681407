/* test_focus.c - what a report begins with: stores in rank, changes, and what comments speak of. */
#include "report/gathering.h"
#include "support/shop.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

enum { MOST = 400 };

/* A chain of so many stores whose customers are alike, but for the first store's, that are worse by so much. */
static void make_chain(struct shop *chance, size_t stores, double worse, struct kw_ranked *lines)
{
    for (size_t i = 0; i < stores; i++) {
        int n = 15 + (int)(200 * shop_chance(chance)), high = 0, low = 0;
        for (int j = 0; j < n; j++) {
            double u = shop_chance(chance);
            high += u < 0.5 - (i == 0 ? worse : 0);
            low += u > 0.8 - (i == 0 ? worse : 0);
        }
        double p = (high + 0.75) / (n + 3), d = (low + 0.75) / (n + 3);
        lines[i] = (struct kw_ranked){ .value = 100.0 * (high - low) / n,
                                       .variance = 1e4 * (p + d - (p - d) * (p - d)) / (n + 3) };
    }
}

static void equal_stores_are_seldom_singled_out(void **state)
{
    (void)state;
    /* Among more stores it takes more to stand out. */
    static const struct { size_t stores; int chains; double worse; } rows[] = {
        { 3, 500, 0.25 }, { 9, 500, 0.25 }, { 27, 500, 0.25 }, { MOST, 60, 0.4 }
    };
    for (size_t s = 0; s < sizeof rows / sizeof rows[0]; s++) {
        struct shop chance = { .seed = 17 + s };
        int singled = 0, found = 0;
        for (int chain = 0; chain < rows[s].chains; chain++) {
            struct kw_ranked lines[MOST];
            struct kw_ranking ranking;
            bool any = false;
            make_chain(&chance, rows[s].stores, 0, lines);
            kw_rank(lines, rows[s].stores, &ranking);
            for (size_t i = 0; i < rows[s].stores; i++)
                any = any || lines[i].side != 0;
            singled += any;
            make_chain(&chance, rows[s].stores, rows[s].worse, lines);
            kw_rank(lines, rows[s].stores, &ranking);
            found += lines[0].side < 0;
        }
        printf("%zu stores: %d of %d chains of equal ones single one out; a worse one is found in %d\n", rows[s].stores,
               singled, rows[s].chains, found);
        assert_true(singled * 20 <= rows[s].chains && found * 2 > rows[s].chains);
    }
}

/* Against values computed with whole fractions elsewhere. */
static void shrinkage_is_that_of_the_model(void **state)
{
    (void)state;
    struct kw_ranked lines[] = { { .value = 10, .variance = 25 }, { .value = 30, .variance = 25 },
                                 { .value = 50, .variance = 25 } };
    struct kw_ranking ranking;
    kw_rank(lines, 3, &ranking);
    assert_true(fabs(ranking.mean - 30) < 1e-9 && fabs(ranking.tau2 - 375) < 1e-6);
    assert_true(fabs(lines[0].shrunk - (30 - 20 * 375.0 / 400)) < 1e-6);
    assert_true(lines[0].side == -1 && lines[1].side == 0 && lines[2].side == 1);
    assert_true(fabs(kw_simultaneous_z(1) - 1.959964) < 1e-5 && fabs(kw_simultaneous_z(10) - 2.807034) < 1e-5);
}

static void comments_have_their_topics(void **state)
{
    (void)state;
    static const struct { const char *text; unsigned topics; } rows[] = {
        { "The queue was LONG", 1u << KW_TOPIC_QUEUE }, { "Bardzo miła obsługa", 1u << KW_TOPIC_STAFF },
        { "Trop cher pour cette qualité", 1u << KW_TOPIC_PRICE | 1u << KW_TOPIC_QUALITY },
        { "Очередь и грязно", 1u << KW_TOPIC_QUEUE | 1u << KW_TOPIC_CLEAN },
        { "خیلی گران است", 1u << KW_TOPIC_PRICE }, { "Ok", 0 }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (kw_topics_of(rows[i].text) != rows[i].topics)
            fail_msg("%s: %x", rows[i].text, kw_topics_of(rows[i].text));
}

/* What tops fall to in the last 28 days is told; where nothing changed it is not. */
static void a_change_is_told_where_it_shows(void **state)
{
    (void)state;
    static struct shop shop;
    for (int falls = 0; falls < 2; falls++) {
        struct kw_report report;
        struct kw_arena *arena = kw_arena_new(64 << 20);
        shop = (struct shop){ .seed = 3, .days = 60, .first_day = 840, .tills = 1 };
        shop.till[0] = (struct shop_till){ 1, 200, 0.05, 0, 0.7, 0, 0, 0, 0 };
        shop.change_day = falls ? 32 : 0;
        shop_open(&shop);
        assert_int_equal(shop_report(&shop, shop.days, arena, &report), 0);
        assert_int_equal(report.focus.whole.shown, falls);
        assert_true(report.focus.whole.visible > 5 && report.focus.whole.visible < 40);
        assert_true(!falls || report.focus.whole.change < -20);
        kw_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_stores_are_seldom_singled_out),
        cmocka_unit_test(shrinkage_is_that_of_the_model),
        cmocka_unit_test(comments_have_their_topics),
        cmocka_unit_test(a_change_is_told_where_it_shows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
