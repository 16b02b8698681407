/* test_proof.c - what proves a receipt, and what only looks like it: barriers, counts, and echoes that come late. */
#include "base/clock.h"
#include "support/place.h"
#include "support/till.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* ---- barriers --------------------------------------------------------------------------------------------------- */

static int64_t print_before_barrier(int confirm)
{
    scripted.no_echo = true;
    scripted.barrier = true;
    till_model(confirm);
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 5000);
    return id;
}

static void two_barriers_on_a_clean_line_prove_the_paper(void **state)
{
    (void)state;
    static const int rows[] = { KW_CONFIRM_BARRIER, KW_CONFIRM_PROBE };
    for (size_t i = 0; i < 2; i++) {
        till_end(state);
        till_begin(state);
        int64_t id = print_before_barrier(rows[i]);
        assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
        assert_int_equal(delivery.printer.confirms, KW_CONFIRM_BARRIER);
    }
}

static void a_barrier_that_is_answered_twice_proves_nothing(void **state)
{
    (void)state;
    scripted.barrier_answers = 1;
    int64_t id = print_before_barrier(KW_CONFIRM_BARRIER);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
    assert_int_equal(times_on_wire("head body|"), 1);
    assert_true(delivery.printer.confirms != KW_CONFIRM_BARRIER);
}

/* With the receipt on its way the printer says a byte that nobody asked for. */
static const char *murmur;
static void mutter_once_in_the_body(void)
{
    if (murmur && times_on_wire("head body|") == 1) {
        scripted.mutters = murmur;
        murmur = NULL;
    }
}

static void a_stray_between_spoils_a_barrier_and_no_echo(void **state)
{
    (void)state;
    static const char *const strays[] = { "\x01", "\x12", "\x80", "_12" };
    for (size_t i = 0; i < 4; i++) {
        till_end(state);
        till_begin(state);
        murmur = strays[i];
        scripted.on_bytes = mutter_once_in_the_body;
        assert_int_equal(job_now(print_before_barrier(KW_CONFIRM_BARRIER)).state, KW_JOB_UNCONFIRMED);
        till_end(state);
        till_begin(state);
        murmur = strays[i];
        scripted.on_bytes = mutter_once_in_the_body;
        int64_t id = accept_job(&(struct order){ "a", .live = true });
        run_job(id, 3000);
        assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
    }
}

static void what_a_printer_says_by_itself_spoils_nothing(void **state)
{
    (void)state;
    static const char *const notices[] = { "\x14\x01\x01\x0F", "\x13\x11" };
    for (size_t i = 0; i < 2; i++) {
        till_end(state);
        till_begin(state);
        murmur = notices[i];
        scripted.on_bytes = mutter_once_in_the_body;
        assert_int_equal(job_now(print_before_barrier(KW_CONFIRM_BARRIER)).state, KW_JOB_PRINTED);
    }
}

/* ---- the killed call --------------------------------------------------------------------------------------------- */

/* A call that committed its tail and died: with this count of cuts before it, and this process id. */
static int64_t kill_in_the_tail(int64_t cuts, uint32_t process_id)
{
    struct kw_error error;
    bool moved;
    int64_t id = accept_job(&(struct order){ "killed", .live = true });
    struct kw_job job = job_now(id);
    struct kw_piece_row piece = { .n = 1, .state = KW_PIECE_TAIL, .cuts = cuts, .process_id = process_id };
    job.state = KW_JOB_TAIL;
    assert_int_equal(kw_journal_begin(delivery.journal, KW_SOON, &error), 0);
    assert_int_equal(kw_job_move(delivery.journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_int_equal(kw_piece_move(delivery.journal, id, &piece, &error), 0);
    assert_int_equal(kw_journal_commit(delivery.journal, &error), 0);
    return id;
}

static void a_count_of_cuts_moves_no_job(void **state)
{
    (void)state;
    static const int counts[] = { 5, 6, 7 };        /* none more, one more, more than one */
    for (size_t i = 0; i < 3; i++) {
        till_end(state);
        till_begin(state);
        scripted.cuts = counts[i];
        int64_t killed = kill_in_the_tail(5, 77);
        run_job(accept_job(&(struct order){ "next", .live = true }), 3000);
        assert_int_equal(job_now(killed).state, KW_JOB_UNCONFIRMED);
        assert_int_equal(renders, 0);
        assert_int_equal(times_on_wire("head body|"), 1);
    }
}

static void a_held_echo_proves_the_killed_call(void **state)
{
    (void)state;
    static const char echo[] = { 0x37, 0x22, ' ', ' ', ' ', 'L', 0 };      /* 76 to the base 95, told as 77 */
    int64_t killed = kill_in_the_tail(-1, 'L' - ' ' + 1);
    memcpy(scripted.reply, echo, sizeof echo);
    scripted.reply_length = sizeof echo;
    run_job(accept_job(&(struct order){ "next", .live = true }), 3000);
    assert_int_equal(job_now(killed).state, KW_JOB_PRINTED);
}

static void an_echo_after_the_doubt_ends_it(void **state)
{
    (void)state;
    run_job(accept_job(&(struct order){ "first", .live = true }), 3000);
    scripted.late = true;
    int64_t id = accept_job(&(struct order){ "slow", .live = true });
    run_job(id, 1500);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
    scripted.late = false;
    run_job(accept_job(&(struct order){ "next", .live = true }), 3000);
    assert_int_equal(job_now(id).state, KW_JOB_PRINTED);
}

/* ---- silence ----------------------------------------------------------------------------------------------------- */

static void silence_of_a_model_that_echoes_is_a_doubt_that_says_what_to_write(void **state)
{
    (void)state;
    scripted.silent = true;
    int64_t id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 2000);
    assert_int_equal(job_now(id).state, KW_JOB_UNCONFIRMED);
    assert_non_null(strstr(delivery.cause_text, "confirm = never"));
    till_end(state);
    till_begin(state);
    scripted.silent = true;
    delivery.confirm = KW_PROOF_NEVER;
    id = accept_job(&(struct order){ "a", .live = true });
    run_job(id, 2000);
    assert_int_equal(job_now(id).state, KW_JOB_SENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(two_barriers_on_a_clean_line_prove_the_paper),
        CASE(a_barrier_that_is_answered_twice_proves_nothing),
        CASE(a_stray_between_spoils_a_barrier_and_no_echo),
        CASE(what_a_printer_says_by_itself_spoils_nothing),
        CASE(a_count_of_cuts_moves_no_job),
        CASE(a_held_echo_proves_the_killed_call),
        CASE(an_echo_after_the_doubt_ends_it),
        CASE(silence_of_a_model_that_echoes_is_a_doubt_that_says_what_to_write),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
