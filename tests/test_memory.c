/* test_memory.c - memory.c: what SQLite is given by it, in a process that is one call. */
#include "journal/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

enum { SMALL = 100, LARGE = 100000, PIECES = 5000 };

static bool holds(const uint8_t *piece, int from, int to, uint8_t value)
{
    for (int i = from; i < to; i++)
        if (piece[i] != value)
            return false;
    return true;
}

static void pieces_do_not_lie_on_each_other(void **state)
{
    static uint8_t *pieces[PIECES];
    (void)state;
    for (int i = 0; i < PIECES; i++) {
        pieces[i] = sqlite3_malloc(1 + i);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t)pieces[i] % 8, 0);
        memset(pieces[i], i % 251, (size_t)(1 + i));
    }
    for (int i = 0; i < PIECES; i++) {
        assert_true(holds(pieces[i], 0, 1 + i, (uint8_t)(i % 251)));
        sqlite3_free(pieces[i]);
    }
}

static void what_is_resized_keeps_what_it_held(void **state)
{
    static const int sizes[] = { SMALL + 1, 2 * SMALL, 2048, 2049, LARGE, 3 * LARGE, LARGE, 2048, SMALL, 1 };
    uint8_t *piece = sqlite3_malloc(SMALL);
    int had = SMALL;
    (void)state;
    memset(piece, 7, SMALL);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        piece = sqlite3_realloc(piece, sizes[i]);
        assert_true(holds(piece, 0, had < sizes[i] ? had : sizes[i], 7));
        assert_true((int)sqlite3_msize(piece) >= sizes[i]);
        memset(piece, 7, (size_t)sizes[i]);
        had = sizes[i];
    }
    sqlite3_free(piece);
}

static void what_was_given_back_is_given_out_again(void **state)
{
    void *first = sqlite3_malloc(SMALL), *second = sqlite3_malloc(SMALL);
    (void)state;
    sqlite3_free(first);
    assert_ptr_equal(sqlite3_malloc(SMALL), first);
    sqlite3_free(first);
    sqlite3_free(second);
    assert_ptr_equal(sqlite3_malloc(SMALL), second);
    sqlite3_free(second);
}

static int take_memory(void **state)
{
    (void)state;
    kw_journal_take_memory();
    return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_do_not_lie_on_each_other),
        cmocka_unit_test(what_is_resized_keeps_what_it_held),
        cmocka_unit_test(what_was_given_back_is_given_out_again),
    };
    return cmocka_run_group_tests(tests, take_memory, NULL);
}
