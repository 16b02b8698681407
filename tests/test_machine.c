/* test_machine.c - the table of a job's states: what it promises whatever its rows are. */
#include "delivery/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct { enum kw_job_state from; enum kw_job_event event; enum kw_job_state to; } rows[] = {
#define MOVE(from, event, to, why) { KW_JOB_##from, KW_JOB_ON_##event, KW_JOB_##to },
#include "delivery/machine.def"
#undef MOVE
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static void every_row_is_followed_and_nothing_else(void **state)
{
    size_t followed = 0;
    (void)state;
    for (int from = 0; from < KW_JOB_STATE_COUNT; from++) {
        for (int event = 0; event < KW_JOB_ON_COUNT; event++) {
            enum kw_job_state to;
            bool known = kw_machine_next((enum kw_job_state)from, (enum kw_job_event)event, &to), listed = false;
            for (size_t i = 0; i < ROWS; i++) {
                if ((int)rows[i].from != from || (int)rows[i].event != event)
                    continue;
                assert_false(listed);
                listed = true;
                assert_int_equal(rows[i].to, to);
            }
            assert_int_equal(known, listed);
            followed += known;
        }
    }
    assert_int_equal(followed, ROWS);
}

static void proven_paper_is_never_printed_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        assert_true(rows[i].from != KW_JOB_PRINTED && rows[i].from != KW_JOB_SENT);
}

static void doubt_is_ended_only_by_a_person_or_a_late_echo(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].from == KW_JOB_UNCONFIRMED)
            assert_true(rows[i].event == KW_JOB_ON_SEEN || rows[i].event == KW_JOB_ON_MISSING
                        || rows[i].event == KW_JOB_ON_MORE || rows[i].event == KW_JOB_ON_PROVE);
}

static void nothing_is_confirmed_that_never_had_a_tail(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].event == KW_JOB_ON_PROVE || rows[i].event == KW_JOB_ON_TAKE)
            assert_true(rows[i].from == KW_JOB_TAIL || rows[i].from == KW_JOB_UNCONFIRMED);
}

static void a_dead_process_leaves_no_open_job_that_prints_unmarked(void **state)
{
    enum kw_job_state to;
    (void)state;
    assert_true(kw_machine_next(KW_JOB_BODY, KW_JOB_ON_ORPHAN, &to));
    assert_int_equal(to, KW_JOB_INTERRUPTED);
    assert_true(kw_machine_next(KW_JOB_TAIL, KW_JOB_ON_ORPHAN, &to));
    assert_int_equal(to, KW_JOB_UNCONFIRMED);
}

static void every_open_state_can_end(void **state)
{
    (void)state;
    for (int from = 0; from < KW_JOB_STATE_COUNT; from++) {
        bool leaves = false;
        for (size_t i = 0; i < ROWS; i++)
            leaves |= (int)rows[i].from == from && rows[i].to != rows[i].from;
        assert_int_equal(leaves, kw_job_is_open((enum kw_job_state)from) || from == KW_JOB_UNCONFIRMED
                                     || from == KW_JOB_EXPIRED || from == KW_JOB_CANCELLED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_followed_and_nothing_else),
        cmocka_unit_test(proven_paper_is_never_printed_again),
        cmocka_unit_test(doubt_is_ended_only_by_a_person_or_a_late_echo),
        cmocka_unit_test(nothing_is_confirmed_that_never_had_a_tail),
        cmocka_unit_test(a_dead_process_leaves_no_open_job_that_prints_unmarked),
        cmocka_unit_test(every_open_state_can_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
