/* test_experiments.c - arms that are compared as they were dealt, over shops and periods. */
#include "report/gathering.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

enum { PLANNED = 250, DAYS = 2 };

/* What a shop dealt on a day, and how many answered. */
struct dealt { int day, arm, p_bp, offered, answers; };

static struct kw_touchpoint facts_of(const struct dealt *dealt)
{
    return (struct kw_touchpoint){ .day = dealt->day, .expires_day = dealt->day + 1, .store = "S1",
                                   .campaign = "title", .variant = (uint8_t)dealt->arm,
                                   .variant_p_bp = dealt->p_bp, .klass = KW_CLASS_PROVEN };
}

static void gather(const struct dealt *dealt, size_t count, struct kw_gathering *gathering)
{
    const struct kw_plan plan = { "title", PLANNED, 0, false };
    assert_int_equal(kw_trials_begin(gathering), 0);
    assert_int_equal(kw_trials_plan(gathering, &plan), 0);
    for (size_t i = 0; i < count; i++) {
        const struct kw_cell cell = { .facts = facts_of(&dealt[i]), .n = dealt[i].offered };
        assert_int_equal(kw_trials_cell(gathering, &cell), 0);
    }
    for (size_t i = 0; i < count; i++) {
        const struct kw_counted answer = { .facts = facts_of(&dealt[i]) };
        for (int k = 0; k < dealt[i].answers; k++)
            assert_int_equal(kw_trials_answer(gathering, &answer), 0);
    }
    assert_int_equal(kw_trials_end(gathering), 0);
}

/* On the first day, before there was a third arm, every second one answered; nearly nobody did on the next. */
static void an_arm_that_came_later_is_compared_with_the_days_since(void **state)
{
    (void)state;
    static const struct dealt dealt[] = { { 0, 0, 2500, 150, 75 },  { 0, 1, 7500, 450, 225 }, { 1, 0, 2500, 150, 12 },
                                          { 1, 1, 2500, 150, 15 }, { 1, 2, 5000, 300, 30 } };
    struct kw_zone *zone;
    struct kw_error error;
    assert_int_equal(kw_zone_open("UTC", &zone, &error), 0);
    const struct kw_shop_days clock = { .zone = zone };
    struct kw_report report = { .arena = kw_arena_new(1 << 20), .any_import = true, .reach_day = 9,
                                .cohort_count = DAYS,
                                .options = { .today = 10, .days = &clock } };
    struct kw_gathering gathering = { .report = &report };
    assert_non_null(report.arena);
    gather(dealt, sizeof dealt / sizeof dealt[0], &gathering);
    assert_int_equal(report.experiment_count, 1);
    const struct kw_experiment *e = &report.experiments[0];
    assert_true(!e->broken && e->until_day == 1 && e->arms == 3);
    assert_int_equal(e->test[1].used, 2);
    assert_int_equal(e->test[2].used, 1);
    assert_true(fabs(e->test[2].difference - (30 / 300.0 - 12 / 150.0)) < 1e-12);
    assert_true(fabs(e->test[2].pooled - e->test[2].difference) < 1e-12);
    assert_true(fabs(e->test[1].pooled - (240 / 600.0 - 87 / 300.0)) < 1e-12);
    kw_arena_free(report.arena);
    kw_zone_close(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_arm_that_came_later_is_compared_with_the_days_since),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
