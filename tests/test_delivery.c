/* test_delivery.c - delivery before a scripted printer: what proves paper, what interrupts it, and in which order. */
#include "base/clock.h"
#include "delivery/talk.h"
#include "support/place.h"
#include "support/till.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* ---- proof ------------------------------------------------------------------------------------------------------ */

static void an_echoed_id_proves_the_paper(void **state)
{
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(times_on_wire("head body|"), 1);
}

static void another_ones_id_proves_nothing(void **state)
{
    (void)state;
    scripted.foreign = true;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 2500);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
}

static void a_printer_that_never_answered_ends_as_sent(void **state)
{
    (void)state;
    scripted.silent = true;
    till_model(KW_CONFIRM_PROBE);
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_SENT);
    assert_int_equal(job_now(id).reason, KWIT_E_NEVER_ANSWERS);
}

static void a_printer_that_answered_before_and_is_silent_now_is_doubted(void **state)
{
    (void)state;
    run_job(accept_job(&(struct order){ "a", .live = true }), 3000);
    scripted.silent = true;
    int64_t id = accept_job(&(struct order){ "b", .live = true });
    int64_t began = kw_clock_boot_ms();
    run_job(id, 2000);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
    assert_true(kw_clock_boot_ms() - began < 2300);
    run_job(id, 1000);
    assert_int_equal(times_on_wire("head body|"), 2);
}

static void a_printer_that_says_how_it_is_and_echoes_nothing_is_doubted(void **state)
{
    (void)state;
    scripted.no_echo = true;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 2500);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
    assert_int_equal(job_now(id).reason, KWIT_E_NO_ANSWER);
}

/* By the second receipt it has found its voice: what it says now it was asked before. */
static void speak_again(void)
{
    scripted.late = times_on_wire("tail") < 2;
}

static void a_printer_that_answers_late_still_proves_its_paper(void **state)
{
    (void)state;
    run_job(accept_job(&(struct order){ "a", .live = true }), 3000);
    scripted.late = true;
    scripted.on_bytes = speak_again;
    int64_t id = accept_job(&(struct order){ "b", .live = true });
    run_job(id, 5000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
}

static void silence_is_an_error_where_proof_is_required(void **state)
{
    (void)state;
    scripted.silent = true;
    delivery.confirm = KW_PROOF_REQUIRE;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
}

static void nonsense_gets_no_paper(void **state)
{
    (void)state;
    scripted.garbage = true;
    scripted.foreign = true;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 2500);
    assert_int_equal(job_now(id).state, KW_JOB_WAITING);
    assert_int_equal(delivery.cause, KWIT_E_GARBAGE);
    assert_int_equal(times_on_wire("head body|"), 0);
}

/* It proved a receipt before, says how it is, and does not come to our question: another's lines stand before it. */
static void what_others_sent_is_waited_for_and_never_discarded(void **state)
{
    (void)state;
    int64_t first = accept_job(&(struct order){ "a", .live = true });
    run_job(first, 3000);
    assert_int_equal(job_now(first).state, KW_JOB_PRINTED);
    size_t before = scripted.wire_length;
    scripted.no_echo = true;
    int64_t id = accept_job(&(struct order){ "b", .live = true });
    run_job(id, 1500);
    assert_int_equal(job_now(id).state, KW_JOB_WAITING);
    assert_int_equal(delivery.cause, KWIT_E_BUSY);
    assert_int_equal(times_on_wire("head body|"), 1);
    assert_true(scripted.wire_length - before < 100);
    assert_int_equal(times_on_wire("\x10\x14\x08"), 0);
    scripted.no_echo = false;
    run_job(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
}

/* ---- questions of others ---------------------------------------------------------------------------------------- */

/* Asks what another program would, once, where it may, behind the body. */
static void ask_between(void *data, struct kw_talk *talk, bool at_break)
{
    struct kw_error ignored;
    int *asked = data;
    if (!at_break || *asked || times_on_wire("head body|") == 0)
        return;
    *asked = 1 + times_on_wire("tail");
    assert_int_equal(kw_talk_put(talk, 4, 4, kw_clock_boot_ms() + 1000, &ignored), 0);
}

static void others_are_asked_for_at_a_break_before_the_tail(void **state)
{
    (void)state;
    int asked = 0;
    delivery.between = ask_between;
    delivery.between_data = &asked;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 3000);
    delivery.between = NULL;
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(asked, 1);
    assert_int_equal(times_on_wire("head body|tail"), 0);
}

/* ---- interruption ----------------------------------------------------------------------------------------------- */

static void a_cable_pulled_in_the_body_means_printing_again_marked(void **state)
{
    (void)state;
    size_t body = wire_before_paper();
    scripted.wire_length = scripted.read_to = 0;
    scripted.dies_at = body + 4;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 2000);
    assert_int_equal(job_now(id).state, KW_JOB_INTERRUPTED);
    assert_true(job_now(id).partial_um > 0);
    scripted.dies_at = 0;
    run_job(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(renders, 1);
    assert_int_equal(times_on_wire("REPLACES head body|"), 1);
    assert_int_equal(times_on_wire("\nhead"), 0);
}

/* At the moment nothing of the body was counted: that is nothing only where the count can be trusted. */
static void what_nobody_counted_may_be_on_paper(void **state)
{
    (void)state;
    size_t body = wire_before_paper();
    for (int uncounted = 0; uncounted < 2; uncounted++) {
        scripted.wire_length = scripted.read_to = 0;
        scripted.stands_at = body;
        scripted.uncounted = uncounted;
        int64_t id = accept_job(&(struct order){ uncounted ? "a" : "b", .live = true });
        run_job(id, 1500);
        assert_int_equal(job_now(id).state, uncounted ? KW_JOB_INTERRUPTED : KW_JOB_WAITING);
        scripted.stands_at = 0;
        run_job(id, 3000);
        assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
        assert_int_equal(times_on_wire("REPLACES head body|"), uncounted);
        assert_int_equal(renders, uncounted);
    }
}

static void a_tail_that_nobody_counted_is_in_doubt(void **state)
{
    (void)state;
    size_t body = wire_before_paper();
    scripted.wire_length = scripted.read_to = 0;
    scripted.stands_at = body + 10;
    scripted.uncounted = true;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 1500);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
}

static void a_process_that_died_in_the_body_is_found(void **state)
{
    struct kw_error error;
    bool moved;
    (void)state;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    struct kw_job job = job_now(id);
    struct kw_piece_row piece = { .n = 1, .state = KW_PIECE_BODY };
    job.state = KW_JOB_BODY;
    assert_int_equal(kw_journal_begin(delivery.journal, KW_SOON, &error), 0);
    assert_int_equal(kw_job_move(delivery.journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_int_equal(kw_piece_move(delivery.journal, id, &piece, &error), 0);
    assert_int_equal(kw_journal_commit(delivery.journal, &error), 0);
    run_job(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(renders, 1);
    assert_int_equal(times_on_wire("head body|"), 1);
}

static void a_pulse_is_given_once_and_never_replayed(void **state)
{
    (void)state;
    size_t body = wire_before_paper();
    scripted.wire_length = scripted.read_to = 0;
    scripted.dies_at = body + 8;
    int64_t id = accept_job(&(struct order){ "a", .live = true, .drawer = true });
    run_job(id, 2000);
    scripted.dies_at = 0;
    run_job(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    assert_int_equal(times_on_wire("PULSE"), 1);
}

/* ---- order ------------------------------------------------------------------------------------------------------ */

static void older_live_jobs_come_first_and_old_paper_never_before_a_live_sale(void **state)
{
    (void)state;
    int64_t old = accept_job(&(struct order){ "old", .age_ms = 10000 });
    int64_t other = accept_job(&(struct order){ "other", .live = true });
    int64_t own = accept_job(&(struct order){ "own", .live = true });
    run_job(own, 3000);
    assert_int_equal(job_now(old).state, KW_JOB_WAITING);
    assert_int_equal(job_now(other).state, KW_JOB_PRINTED);
    assert_int_equal(job_now(own).state, KW_JOB_PRINTED);
    assert_int_equal(scripted.opened, 1);
    assert_int_equal(flush_jobs(), 0);
    assert_int_equal(job_now(old).state, KW_JOB_PRINTED);
}

/* ---- other processes --------------------------------------------------------------------------------------------- */

static void a_printer_that_another_process_holds_is_waited_for_and_then_behind(void **state)
{
    (void)state;
    struct kw_lock *lock;
    struct kw_error error;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    assert_int_equal(kw_state_lock(delivery.state, "fake", 0, &lock, &error), 0);
    int64_t began_ms = kw_clock_boot_ms();
    run_job(id, 200);
    assert_in_range(kw_clock_boot_ms() - began_ms, 190, 20000);
    assert_int_equal(delivery.cause, KWIT_E_BEHIND);
    assert_int_equal(job_now(id).state, KW_JOB_WAITING);
    assert_int_equal(scripted.opened, 0);
    int left = 0;
    assert_int_equal(kw_delivery_flush(&delivery, kw_clock_boot_ms() + 100, &left, &error), 0);
    assert_int_equal(delivery.cause, KWIT_E_BEHIND);
    assert_int_equal(left, 1);              /* who prints until nothing is left goes on */
    kw_state_unlock(lock);
    run_job(id, 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
}

static int64_t cancelled_on_the_way;

/* As `kwit queue cancel` does it in another process, while this one asks the printer how it is. */
static void cancel_on_the_way(void)
{
    struct kw_error error;
    bool moved = false;
    struct kw_job job = job_now(cancelled_on_the_way);
    if (job.state != KW_JOB_WAITING)
        return;
    job.state = KW_JOB_CANCELLED;
    assert_int_equal(kw_journal_begin(delivery.journal, KW_SOON, &error), 0);
    assert_int_equal(kw_job_move(delivery.journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_int_equal(kw_journal_commit(delivery.journal, &error), 0);
    assert_true(moved);
}

static void a_job_cancelled_on_the_way_is_left_alone(void **state)
{
    (void)state;
    for (int drawer = 0; drawer < 2; drawer++) {
        cancelled_on_the_way = accept_job(&(struct order){ drawer ? "b" : "a", .live = true, .drawer = drawer });
        scripted.on_bytes = cancel_on_the_way;
        run_job(cancelled_on_the_way, 2000);
        scripted.on_bytes = NULL;
        assert_int_equal(job_now(cancelled_on_the_way).state, KW_JOB_CANCELLED);
        assert_int_equal(times_on_wire("head"), 0);
        assert_int_equal(times_on_wire("PULSE"), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_echoed_id_proves_the_paper),
        CASE(another_ones_id_proves_nothing),
        CASE(a_printer_that_never_answered_ends_as_sent),
        CASE(a_printer_that_answered_before_and_is_silent_now_is_doubted),
        CASE(a_printer_that_says_how_it_is_and_echoes_nothing_is_doubted),
        CASE(a_printer_that_answers_late_still_proves_its_paper),
        CASE(silence_is_an_error_where_proof_is_required),
        CASE(nonsense_gets_no_paper),
        CASE(what_others_sent_is_waited_for_and_never_discarded),
        CASE(others_are_asked_for_at_a_break_before_the_tail),
        CASE(a_cable_pulled_in_the_body_means_printing_again_marked),
        CASE(what_nobody_counted_may_be_on_paper),
        CASE(a_tail_that_nobody_counted_is_in_doubt),
        CASE(a_process_that_died_in_the_body_is_found),
        CASE(a_pulse_is_given_once_and_never_replayed),
        CASE(older_live_jobs_come_first_and_old_paper_never_before_a_live_sale),
        CASE(a_printer_that_another_process_holds_is_waited_for_and_then_behind),
        CASE(a_job_cancelled_on_the_way_is_left_alone),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
