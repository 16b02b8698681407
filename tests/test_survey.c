/* test_survey.c - the decision's order of tests, the draw, the arms, the link and the business day. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/shop_days.h"
#include "survey/survey.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const struct kw_terminal_key key = { .kid = 3, .handle = 12345, .key = { 1, 2, 3 } };

static struct kw_survey_facts good_facts(void)
{
    return (struct kw_survey_facts){ .configured = true, .document_type_allowed = true, .policy_allows = true,
                                     .receipt_requested = true, .can_qr = true, .qr_fits = true, .have_key = true,
                                     .clock_ok = true, .rate_bp = 10000, .day = 1054, .seq = 1 };
}

static int reason_of(const struct kw_survey_facts *facts)
{
    struct kw_survey_decision decision;
    kw_survey_decide(&key, facts, &decision);
    assert_int_equal(decision.invited, decision.reason == 0);
    return decision.reason;
}

/* Everything is wrong at first; each step mends the reason just given, so the order itself is what is tested. */
static void reasons_come_in_their_fixed_order(void **state)
{
    (void)state;
    struct kw_survey_facts facts = { .training = true,
                                     .excluded = true,
                                     .cashier_declined = true,
                                     .customer_opted_out = true,
                                     .in_cooldown = true,
                                     .over_cap = true,
                                     .day = 1054,
                                     .seq = KW_SEQ_LIMIT };
    assert_int_equal(reason_of(&facts), 12); facts.configured = true;
    assert_int_equal(reason_of(&facts), 7); facts.training = false;
    assert_int_equal(reason_of(&facts), 6); facts.document_type_allowed = true;
    assert_int_equal(reason_of(&facts), 9); facts.policy_allows = true;
    assert_int_equal(reason_of(&facts), 10); facts.receipt_requested = true;
    assert_int_equal(reason_of(&facts), 11); facts.can_qr = true;
    assert_int_equal(reason_of(&facts), 15); facts.qr_fits = true;
    assert_int_equal(reason_of(&facts), 13); facts.excluded = false;
    assert_int_equal(reason_of(&facts), 16); facts.have_key = true;
    assert_int_equal(reason_of(&facts), 17); facts.clock_ok = true;
    assert_int_equal(reason_of(&facts), 14); facts.seq = 1;
    assert_int_equal(reason_of(&facts), 5); facts.cashier_declined = false;
    assert_int_equal(reason_of(&facts), 4); facts.customer_opted_out = false;
    assert_int_equal(reason_of(&facts), 2); facts.in_cooldown = false;
    assert_int_equal(reason_of(&facts), 1); facts.rate_bp = 10000;
    assert_int_equal(reason_of(&facts), 3); facts.over_cap = false;
    assert_int_equal(reason_of(&facts), 0);
}

static void not_configured(struct kw_survey_facts *facts) { facts->configured = false; }
static void training(struct kw_survey_facts *facts) { facts->training = true; }
static void document_type(struct kw_survey_facts *facts) { facts->document_type_allowed = false; }
static void policy(struct kw_survey_facts *facts) { facts->policy_allows = false; }
static void not_requested(struct kw_survey_facts *facts) { facts->receipt_requested = false; }
static void no_qr(struct kw_survey_facts *facts) { facts->can_qr = false; }
static void too_large(struct kw_survey_facts *facts) { facts->qr_fits = false; }
static void excluded(struct kw_survey_facts *facts) { facts->excluded = true; }
static void no_key(struct kw_survey_facts *facts) { facts->have_key = false; }
static void no_clock(struct kw_survey_facts *facts) { facts->clock_ok = false; }
static void too_late(struct kw_survey_facts *facts) { facts->too_late = true; }
static void exhausted(struct kw_survey_facts *facts) { facts->seq = KW_SEQ_LIMIT; }
static void cashier(struct kw_survey_facts *facts) { facts->cashier_declined = true; }
static void customer(struct kw_survey_facts *facts) { facts->customer_opted_out = true; }
static void cooldown(struct kw_survey_facts *facts) { facts->in_cooldown = true; }
static void sampled_out(struct kw_survey_facts *facts) { facts->rate_bp = 0; }
static void capped(struct kw_survey_facts *facts) { facts->over_cap = true; }

/* What brings each reason about, in the order in which they are tested. */
static const struct { int reason; void (*bring)(struct kw_survey_facts *facts); } causes[] = {
    { 12, not_configured }, { 7, training }, { 6, document_type }, { 9, policy }, { 10, not_requested }, { 11, no_qr },
    { 15, too_large }, { 13, excluded }, { 16, no_key }, { 17, no_clock }, { 18, too_late }, { 14, exhausted },
    { 5, cashier }, { 4, customer }, { 2, cooldown }, { 1, sampled_out }, { 3, capped }
};

static void of_two_reasons_the_earlier_one_is_stored(void **state)
{
    (void)state;
    enum { CAUSES = sizeof causes / sizeof causes[0] };
    for (size_t i = 0; i < CAUSES; i++)
        for (size_t j = i; j < CAUSES; j++) {
            struct kw_survey_facts facts = good_facts();
            causes[i].bring(&facts);
            causes[j].bring(&facts);
            assert_int_equal(reason_of(&facts), causes[i].reason);
        }
}

static void a_refusal_still_tells_whether_the_sale_was_drawn(void **state)
{
    (void)state;
    struct kw_survey_facts facts = good_facts();
    struct kw_survey_decision decision;
    facts.cashier_declined = true;
    kw_survey_decide(&key, &facts, &decision);
    assert_true(decision.drawn);
    facts.rate_bp = 0;
    kw_survey_decide(&key, &facts, &decision);
    assert_false(decision.drawn);
    assert_int_equal(decision.reason, KW_SUPPRESSED_CASHIER_DECLINED);
}

static void always_beats_the_draw_but_not_the_cap(void **state)
{
    (void)state;
    struct kw_survey_facts facts = good_facts();
    facts.rate_bp = 0;
    facts.forced = true;
    assert_int_equal(reason_of(&facts), 0);
    facts.over_cap = true;
    assert_int_equal(reason_of(&facts), KW_SUPPRESSED_DAILY_CAP);
}

static void without_a_key_there_is_no_token(void **state)
{
    (void)state;
    struct kw_survey_facts facts = good_facts();
    struct kw_survey_decision decision;
    kw_survey_decide(NULL, &facts, &decision);
    assert_int_equal(decision.reason, KW_SUPPRESSED_NO_KEY);
    assert_string_equal(decision.token, "");
}

static void a_sample_needs_no_key_and_never_counts(void **state)
{
    (void)state;
    struct kw_survey_facts facts = good_facts();
    struct kw_survey_decision decision;
    facts.seq = 0;
    facts.have_key = false;
    facts.rate_bp = 1;
    kw_survey_decide(NULL, &facts, &decision);
    assert_true(decision.invited);
    assert_int_equal(decision.fields.flag, 1);
    assert_int_equal(strlen(decision.token), KW_TOKEN_LENGTH);
}

static void the_same_sale_gets_the_same_decision(void **state)
{
    (void)state;
    static const int weights[] = { 1, 1 };
    struct kw_survey_facts facts = good_facts();
    struct kw_survey_decision one, two;
    facts.rate_bp = 5000;
    facts.weights = weights;
    facts.variant_count = 2;
    for (facts.seq = 1; facts.seq < 200; facts.seq++) {
        kw_survey_decide(&key, &facts, &one);
        kw_survey_decide(&key, &facts, &two);
        assert_string_equal(one.token, two.token);
        assert_true(one.reason == two.reason && one.variant == two.variant && one.u == two.u);
    }
}

static void the_comparison_is_exact_at_its_edges(void **state)
{
    (void)state;
    assert_false(kw_survey_below(0, 0));
    assert_true(kw_survey_below(0, 1));
    assert_true(kw_survey_below(UINT32_MAX, 10000));
    assert_true(kw_survey_below(2147483647u, 5000));
    assert_false(kw_survey_below(2147483648u, 5000));
    assert_true(kw_survey_below(429496u, 1));          /* 429496 * 10000 < 2^32 <= 429497 * 10000 */
    assert_false(kw_survey_below(429497u, 1));
}

/* 20,000 draws: the share lies within five standard errors of p, and arm and sample are independent. */
static void shares_follow_their_probabilities(void **state)
{
    (void)state;
    static const int weights[] = { 3, 1 };
    struct kw_survey_facts facts = good_facts();
    struct kw_survey_decision decision;
    int drawn = 0, second = 0, both = 0, n = 0;
    facts.rate_bp = 2500;
    facts.weights = weights;
    facts.variant_count = 2;
    facts.experiment = "title";
    for (facts.day = 1000; facts.day < 1002; facts.day++)
        for (facts.seq = 1; facts.seq <= 10000; facts.seq++, n++) {
            kw_survey_decide(&key, &facts, &decision);
            drawn += decision.drawn;
            second += decision.variant == 1;
            both += decision.drawn && decision.variant == 1;
            assert_int_equal(decision.variant_p_bp, decision.variant ? 2500 : 7500);
        }
    assert_true(fabs(drawn - n * 0.25) < 5 * sqrt(n * 0.25 * 0.75));
    assert_true(fabs(second - n * 0.25) < 5 * sqrt(n * 0.25 * 0.75));
    assert_true(fabs(both - n * 0.0625) < 5 * sqrt(n * 0.0625 * 0.9375));
}

static void fills_link_templates(void **state)
{
    (void)state;
    static const struct { const char *template_url, *url; } rows[] = {
        { "HTTPS://FB.EXAMPLE.COM/{token}", "HTTPS://FB.EXAMPLE.COM/30C1" },
        { "https://x.example/s?t={token}&lang={lang}&v={variant}", "https://x.example/s?t=30C1&lang=pl%2FPL&v=2" },
        { "https://docs.google.com/forms/d/e/F/viewform?usp=pp_url&entry.7={token}",
          "https://docs.google.com/forms/d/e/F/viewform?usp=pp_url&entry.7=30C1" },
        { "https://x.example/{kind}/{token}?s={segment}", "https://x.example/refund/30C1?s=club%20gold" }
    };
    static const struct kw_survey_link link = { "30C1", "pl/PL", "refund", "club gold", 2 };
    struct kw_arena *arena = kw_arena_new(100000);
    struct kw_error error;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *url;
        assert_int_equal(kw_survey_url(arena, rows[i].template_url, &link, &url, &error), 0);
        assert_string_equal(url, rows[i].url);
    }
    kw_arena_free(arena);
}

static void refuses_links_that_no_phone_opens(void **state)
{
    (void)state;
    static const char *const bad[] = { NULL, "",
                                       "https://",
                                       "ftp://x/{token}",
                                       "https://x.example/",
                                       "javascript:{token}",
                                       "https://x.example/a b/{token}",
                                       "https://x.example/ł/{token}",
                                       "https://x\n/{token}" };
    static const struct kw_survey_link any = { .token = "T" };
    struct kw_arena *arena = kw_arena_new(100000);
    struct kw_error error;
    const char *url;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(kw_survey_url(arena, bad[i], &any, &url, &error), KWIT_E_INVALID);
    kw_arena_free(arena);
}

static void business_days_begin_when_the_shop_says(void **state)
{
    (void)state;
    struct kw_time time;
    assert_true(kw_time_parse("2026-11-20T00:00:00+01:00", &time));
    assert_int_equal(kw_business_day(time.utc_ms, time.offset_minutes, 0), 1054);
    assert_int_equal(kw_business_day(time.utc_ms, time.offset_minutes, 240), 1053);
    assert_int_equal(kw_business_day(time.utc_ms - 1, time.offset_minutes, 0), 1053);
    assert_true(kw_time_parse("2023-12-31T23:59:59Z", &time));
    assert_int_equal(kw_business_day(time.utc_ms, 0, 0), -1);
}

static void a_day_number_is_the_latest_that_can_be_meant(void **state)
{
    (void)state;
    assert_int_equal(kw_resolve_day(1054, 1054), 1054);
    assert_int_equal(kw_resolve_day(1055, 1054), 1055);
    assert_int_equal(kw_resolve_day(1056, 1054), 1056 - 2048);
    assert_int_equal(kw_resolve_day(0, 2047), 2048);
    assert_int_equal(kw_resolve_day(2047, 2048), 2047);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_come_in_their_fixed_order),
        cmocka_unit_test(of_two_reasons_the_earlier_one_is_stored),
        cmocka_unit_test(a_refusal_still_tells_whether_the_sale_was_drawn),
        cmocka_unit_test(always_beats_the_draw_but_not_the_cap),
        cmocka_unit_test(without_a_key_there_is_no_token),
        cmocka_unit_test(a_sample_needs_no_key_and_never_counts),
        cmocka_unit_test(the_same_sale_gets_the_same_decision),
        cmocka_unit_test(the_comparison_is_exact_at_its_edges),
        cmocka_unit_test(shares_follow_their_probabilities),
        cmocka_unit_test(fills_link_templates),
        cmocka_unit_test(refuses_links_that_no_phone_opens),
        cmocka_unit_test(business_days_begin_when_the_shop_says),
        cmocka_unit_test(a_day_number_is_the_latest_that_can_be_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
