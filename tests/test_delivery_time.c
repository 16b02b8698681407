/* test_delivery_time.c - delivery and time: what is late, what is held, and what a reboot changes. */
#include "support/place.h"
#include "support/till.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void what_is_older_than_a_minute_is_held_printed_or_dropped_as_set(void **state)
{
    (void)state;
    int64_t held = accept_job(&(struct order){ "a", .age_ms = 61000, .late = KW_LATE_HOLD });
    int64_t printed = accept_job(&(struct order){ "b", .age_ms = 61000, .late = KW_LATE_PRINT });
    int64_t dropped = accept_job(&(struct order){ "c", .age_ms = 61000, .late = KW_LATE_DROP });
    int64_t young = accept_job(&(struct order){ "d", .age_ms = 30000, .late = KW_LATE_HOLD });
    assert_int_equal(flush_jobs(), 0);
    assert_int_equal(job_now(held).state, KW_JOB_WAITING);
    assert_true(job_now(held).held);
    assert_int_equal(job_now(printed).state, KW_JOB_PRINTED);
    assert_int_equal(job_now(dropped).state, KW_JOB_EXPIRED);
    assert_int_equal(job_now(young).state, KW_JOB_PRINTED);
}

static void what_is_too_late_is_not_done_late(void **state)
{
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .age_ms = 20000, .deadline_ms = 10000, .late = KW_LATE_PRINT });
    assert_int_equal(flush_jobs(), 0);
    assert_int_equal(job_now(id).state, KW_JOB_EXPIRED);
    assert_int_equal(times_on_wire("head"), 0);
}

static void what_its_caller_still_waits_for_is_not_done_late_either(void **state)
{
    (void)state;
    scripted.stands_at = 1;
    scripted.wire_length = 1;
    int64_t id = accept_job(&(struct order){ "a", .deadline_ms = 300, .live = true });
    run_job(id, 1500);
    assert_int_equal(job_now(id).state, KW_JOB_EXPIRED);
    int64_t past = accept_job(&(struct order){ "b", .age_ms = 500, .deadline_ms = 400, .live = true });
    scripted.stands_at = 0;
    run_job(past, 1500);
    assert_int_equal(job_now(past).state, KW_JOB_EXPIRED);
    assert_int_equal(times_on_wire("head"), 0);
}

static void a_pulse_older_than_five_seconds_is_not_given(void **state)
{
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .age_ms = 6000, .live = true, .drawer = true });
    run_job(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_string_equal(job_now(id).drawer, "late");
    assert_int_equal(times_on_wire("PULSE"), 0);
}

static void after_a_reboot_with_an_unsure_clock_everything_is_held(void **state)
{
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .late = KW_LATE_PRINT, .boot = "boot-0" });
    struct kw_error error;
    struct kw_job job = job_now(id);
    bool moved;
    job.armed = KW_ARMED_NOT;
    assert_int_equal(kw_journal_begin(delivery.journal, KW_SOON, &error), 0);
    assert_int_equal(kw_job_move(delivery.journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_int_equal(kw_journal_commit(delivery.journal, &error), 0);
    delivery.clock_unsure = true;
    flush_jobs();
    assert_true(job_now(id).held);
    assert_int_equal(times_on_wire("head"), 0);
}

static void a_machine_that_died_with_a_call_on_its_way_does_not_print_it_unmarked(void **state)
{
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .late = KW_LATE_PRINT, .boot = "boot-0" });
    flush_jobs();
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(renders, 1);
    assert_int_equal(times_on_wire("REPLACES head body|"), 1);
}

static int never_laid_out(void *data, const struct kw_job *job, enum kw_relayout why, const struct kw_profile *profile,
                          struct kw_arena *arena, struct kw_encoded *encoded, enum kw_copy_kind *kind,
                          struct kw_error *error)
{
    (void)job, (void)why, (void)profile, (void)arena, (void)encoded, (void)kind;
    return kw_fail(error, *(const int *)data, "/lines", "it cannot be laid out");
}

static void what_cannot_be_laid_out_is_set_aside_unless_it_passes_by_itself(void **state)
{
    (void)state;
    static const struct { int fault; bool held; } cases[] = { { KWIT_E_NO_MEMORY, false }, { KWIT_E_INVALID, true } };
    int64_t id = accept_job(&(struct order){ "a", .late = KW_LATE_PRINT, .boot = "boot-0" });
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int fault = cases[i].fault;
        delivery.render = never_laid_out;
        delivery.render_data = &fault;
        flush_jobs();
        assert_int_equal(job_now(id).held, cases[i].held);
        assert_true(kw_job_is_open(job_now(id).state));
    }
    int64_t behind = accept_job(&(struct order){ "b", .late = KW_LATE_PRINT });
    flush_jobs();
    assert_int_equal(job_now(behind).state, KW_JOB_PRINTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(what_is_older_than_a_minute_is_held_printed_or_dropped_as_set),
        CASE(what_is_too_late_is_not_done_late),
        CASE(what_its_caller_still_waits_for_is_not_done_late_either),
        CASE(a_pulse_older_than_five_seconds_is_not_given),
        CASE(after_a_reboot_with_an_unsure_clock_everything_is_held),
        CASE(a_machine_that_died_with_a_call_on_its_way_does_not_print_it_unmarked),
        CASE(what_cannot_be_laid_out_is_set_aside_unless_it_passes_by_itself),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
