/* test_tap_guard.c - work that is tried in a process of its own. */
#include "api/tap/guard.h"

#include "base/arena.h"

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

static void come_half_way(void *data)
{
    kw_guard_say();
    die(data);
}

static void sleep_for_ever(void *data)
{
    (void)data;
    pause();
}

static enum kw_survival try(int64_t limit_ms, void (*work)(void *data), void *data)
{
    struct kw_guard guard;
    assert_true(kw_guard_begin(&guard, limit_ms, work, data));
    enum kw_survival survived = kw_guard_hear(&guard);
    kw_guard_end(&guard);
    assert_int_equal(guard.child, 0);
    return survived;
}

static void what_it_does_stays_there(void **state)
{
    int value = 0;
    (void)state;
    assert_int_equal(try(AMPLE_MS, change, &value), KW_SURVIVED);
    assert_int_equal(value, 0);
}

static void what_is_shared_comes_back(void **state)
{
    enum { MOST = 1 << 20 };
    struct kw_arena *arena = kw_arena_new_shared(MOST);
    int *value = kw_arena_alloc(arena, sizeof *value);
    (void)state;
    assert_int_equal(try(AMPLE_MS, change, value), KW_SURVIVED);
    assert_int_equal(*value, 1);
    assert_null(kw_arena_alloc(arena, MOST));
    kw_arena_free(arena);
}

static void a_crash_is_told(void **state)
{
    (void)state;
    assert_int_equal(try(AMPLE_MS, die, NULL), KW_SURVIVED_NOT);
    assert_int_equal(try(AMPLE_MS, leave, NULL), KW_SURVIVED_NOT);
}

static void each_step_is_told(void **state)
{
    struct kw_guard guard;
    (void)state;
    assert_true(kw_guard_begin(&guard, AMPLE_MS, come_half_way, NULL));
    assert_int_equal(kw_guard_hear(&guard), KW_SURVIVED);
    assert_int_equal(kw_guard_hear(&guard), KW_SURVIVED_NOT);
    assert_int_equal(kw_guard_hear(&guard), KW_SURVIVED_NOT);
    kw_guard_end(&guard);
}

static void what_never_ends_is_ended(void **state)
{
    (void)state;
    assert_int_equal(try(20, turn, NULL), KW_SURVIVED_TOO_LONG);
    assert_int_equal(try(20, sleep_for_ever, NULL), KW_SURVIVED_TOO_LONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_it_does_stays_there), cmocka_unit_test(a_crash_is_told),
                                        cmocka_unit_test(what_is_shared_comes_back),
                                        cmocka_unit_test(each_step_is_told),
                                        cmocka_unit_test(what_never_ends_is_ended) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
