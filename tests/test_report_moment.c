/* test_report_moment.c - a report of a journal that sells on meanwhile. */
#include "journal/book.h"
#include "journal/journal.h"
#include "journal/touchpoint.h"
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

enum { DAY = 1054, ARENA = 1 << 24 };

/* A till that sells once more before each table that is read. */
static struct { const struct kw_book_calls *calls; struct kw_journal *till; uint32_t sold; } selling;

static struct kw_journal *open_journal(const char *path)
{
    struct kw_journal *journal = NULL;
    struct kw_error error;
    const struct kw_journal_options options = { .path = path, .create = true };
    assert_int_equal(kw_journal_open(&options, &journal, &error), 0);
    return journal;
}

static void sell(void)
{
    struct kw_error error;
    const struct kw_touchpoint touchpoint = {
        .sale = ++selling.sold, .ts_ms = 1763640000000, .has_token = true, .kid = 3, .handle = 12345, .day = DAY,
        .seq = selling.sold, .p_bp = 10000, .variant_p_bp = 10000, .drawn = true, .store = "S1", .till = "T1",
        .cashier = "", .campaign = "autumn", .language = "pl-PL", .channel = "paper", .expires_day = DAY + 14
    };
    assert_int_equal(kw_journal_begin(selling.till, KW_SOON, &error), 0);
    assert_int_equal(kw_touchpoint_add(selling.till, &touchpoint, &error), 0);
    assert_int_equal(kw_journal_commit(selling.till, &error), 0);
}

static int sell_and_read(void *store, enum kw_view view, int64_t from_day, int64_t to_day, kw_cell_sink sink,
                         void *data, struct kw_error *error)
{
    sell();
    return selling.calls->cells(store, view, from_day, to_day, sink, data, error);
}

static void a_report_is_of_one_moment(void **state)
{
    (void)state;
    char path[400];
    snprintf(path, sizeof path, "%s/moment-%d.db", getenv("SCRATCH") ? getenv("SCRATCH") : "/tmp", (int)getpid());
    unlink(path);
    struct kw_journal *reader = open_journal(path);
    struct kw_book book = kw_journal_book(reader);
    struct kw_book_calls calls = *book.calls;
    struct kw_arena *arena = kw_arena_new(ARENA);
    struct kw_report report;
    struct kw_error error;
    struct kw_zone *utc;
    assert_int_equal(kw_zone_open("UTC", &utc, &error), 0);
    const struct kw_shop_days days = { .zone = utc };
    const struct kw_report_options options = { .from_day = INT32_MIN, .to_day = INT32_MAX, .today = DAY + 1,
                                               .days = &days };
    selling.calls = book.calls;
    selling.till = open_journal(path);
    sell();
    calls.cells = sell_and_read;
    book.calls = &calls;
    assert_int_equal(kw_report_make(&book, arena, &options, &report, &error), 0);
    assert_int_equal(selling.sold, 1 + KW_VIEW_COUNT);
    assert_int_equal(report.total.sales, 1);
    assert_int_equal(report.head_n, 1);
    kw_arena_free(arena);
    kw_zone_close(utc);
    kw_journal_close(selling.till);
    kw_journal_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_report_is_of_one_moment) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
