/* test_tap_guard.c - work that is tried in a process of its own. */
#include "api/tap/guard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <signal.h>
#include <unistd.h>

#include <cmocka.h>

enum { AMPLE_MS = 10000 };

static void change(void *data)
{
    *(int *)data = 1;
}

static void die(void *data)
{
    (void)data;
    signal(SIGABRT, SIG_DFL);
    abort();
}

static void leave(void *data)
{
    (void)data;
    _exit(0);
}

static void turn(void *data)
{
    (void)data;
    for (volatile unsigned round = 0;; round++)
        ;
}

static void sleep_for_ever(void *data)
{
    (void)data;
    pause();
}

static void what_it_does_stays_there(void **state)
{
    int value = 0;
    (void)state;
    assert_int_equal(kw_guard_try(AMPLE_MS, change, &value), KW_SURVIVED);
    assert_int_equal(value, 0);
}

static void a_crash_is_told(void **state)
{
    (void)state;
    assert_int_equal(kw_guard_try(AMPLE_MS, die, NULL), KW_SURVIVED_NOT);
    assert_int_equal(kw_guard_try(AMPLE_MS, leave, NULL), KW_SURVIVED_NOT);
}

static void what_never_ends_is_ended(void **state)
{
    (void)state;
    assert_int_equal(kw_guard_try(20, turn, NULL), KW_SURVIVED_TOO_LONG);
    assert_int_equal(kw_guard_try(20, sleep_for_ever, NULL), KW_SURVIVED_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_it_does_stays_there), cmocka_unit_test(a_crash_is_told),
                                        cmocka_unit_test(what_never_ends_is_ended) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
