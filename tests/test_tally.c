/* test_tally.c - an account by key: entries are found again, and dropped, in whatever order they come and go. */
#include "journal/tally.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { KINDS = 2, KEYS = 3000, TURNS = 60000 };

static uint32_t next(uint32_t *seed)
{
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 8;
}

static void whatever_was_dropped_the_others_are_found(void **state)
{
    static bool there[KINDS][KEYS];
    struct kw_tally tally = { 0 };
    uint32_t seed = 23;
    size_t count = 0;
    (void)state;
    memset(there, 0, sizeof there);
    for (int turn = 0; turn < TURNS; turn++) {
        const int kind = (int)(next(&seed) % KINDS), key = (int)(next(&seed) % KEYS);
        struct kw_tally_entry *entry = kw_tally_find(&tally, kind, key);
        assert_int_equal(entry != NULL, there[kind][key]);
        if (entry) {
            assert_int_equal(entry->rows[KW_SAID], kind * KEYS + key);
            kw_tally_drop(&tally, entry);
        } else
            kw_tally_at(&tally, kind, key)->rows[KW_SAID] = kind * KEYS + key;
        there[kind][key] = !there[kind][key];
        count += there[kind][key] ? 1 : (size_t)-1;
        assert_int_equal(tally.count, count);
    }
    for (int i = 0; i < KINDS * KEYS; i++)
        assert_int_equal(kw_tally_find(&tally, i / KEYS, i % KEYS) != NULL, there[i / KEYS][i % KEYS]);
    kw_tally_free(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(whatever_was_dropped_the_others_are_found) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
