/* test_touchpoint.c - one record for each sale; sequences that only grow; the counts kept beside. */
#include "base/clock.h"
#include "journal/backup.h"
#include "journal/jobs.h"
#include "journal/journal.h"
#include "journal/ledger.h"
#include "journal/retain.h"
#include "journal/summary.h"
#include "journal/touchpoint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <sqlite3.h>
#include <cmocka.h>

static char path[400], key_path[420];

static struct kw_journal *open_journal(void)
{
    struct kw_journal_options options = { .path = path, .create = true, .erase_key = key_path };
    struct kw_journal *journal = NULL;
    struct kw_error error;
    assert_int_equal(kw_journal_open(&options, &journal, &error), 0);
    return journal;
}

static int fresh(void **state)
{
    (void)state;
    const char *scratch = getenv("SCRATCH") ? getenv("SCRATCH") : "/tmp";
    static int count;
    snprintf(path, sizeof path, "%s/touchpoint-%d-%d.db", scratch, (int)getpid(), count++);
    snprintf(key_path, sizeof key_path, "%s.key", path);
    unlink(path);
    unlink(key_path);
    return 0;
}

static struct kw_touchpoint sample(int64_t sale, uint32_t seq)
{
    return (struct kw_touchpoint){ .sale = sale,
                                   .ts_ms = 1763640000000 + sale,
                                   .offset_minutes = 60,
                                   .has_token = seq > 0,
                                   .kid = 3,
                                   .handle = 12345,
                                   .day = 1054,
                                   .seq = seq,
                                   .p_bp = 10000,
                                   .variant_p_bp = 10000,
                                   .drawn = true,
                                   .store = "S1",
                                   .till = "T1",
                                   .cashier = "",
                                   .campaign = "autumn",
                                   .language = "pl-PL",
                                   .channel = "paper",
                                   .expires_day = 1068 };
}

static int add(struct kw_journal *journal, const struct kw_touchpoint *touchpoint)
{
    struct kw_error error;
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    int code = kw_touchpoint_add(journal, touchpoint, &error);
    if (code == 0)
        assert_int_equal(kw_journal_commit(journal, &error), 0);
    else
        kw_journal_rollback(journal);
    return code;
}

static int64_t ask(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

static void a_record_reads_back_as_it_was_written(void **state)
{
    (void)state;
    struct kw_journal *journal = open_journal();
    struct kw_touchpoint in = sample(7, 1), out;
    struct kw_error error;
    in.variant = 2;
    in.u = 4000000000u;
    in.config_digest[15] = 9;
    assert_int_equal(add(journal, &in), 0);
    assert_int_equal(kw_touchpoint_get(journal, 7, &out, &error), 0);
    assert_string_equal(out.language, "pl-PL");
    assert_string_equal(out.campaign, "autumn");
    assert_true(out.has_token && out.seq == 1 && out.variant == 2 && out.u == 4000000000u && out.day == 1054);
    assert_int_equal(out.config_digest[15], 9);
    assert_int_equal(kw_touchpoint_get(journal, 8, &out, &error), KWIT_E_NOT_FOUND);
    kw_journal_close(journal);
}

static void what_was_decided_is_what_the_whole_record_says(void **state)
{
    (void)state;
    struct kw_journal *journal = open_journal();
    struct kw_touchpoint in = sample(7, 1), bare = sample(8, 0);
    struct kw_decided out;
    struct kw_error error;
    in.variant = 2;
    in.flag = 5;
    bare.reason = KW_SUPPRESSED_NO_KEY;
    assert_int_equal(add(journal, &in), 0);
    assert_int_equal(add(journal, &bare), 0);
    assert_int_equal(kw_touchpoint_decided(journal, 7, &out, &error), 0);
    assert_true(out.has_token && out.kid == 3 && out.handle == 12345 && out.day == 1054 && out.seq == 1);
    assert_true(out.reason == 0 && out.variant == 2 && out.flag == 5 && out.expires_day == 1068);
    assert_int_equal(kw_touchpoint_decided(journal, 8, &out, &error), 0);
    assert_true(!out.has_token && out.reason == KW_SUPPRESSED_NO_KEY);
    assert_int_equal(kw_touchpoint_decided(journal, 9, &out, &error), KWIT_E_NOT_FOUND);
    kw_journal_close(journal);
}

/* Printed hours later, by a till of another offset: the sale's own hour counts. Without it the printing's stands in. */
static void the_hour_is_the_sales_and_not_the_printings(void **state)
{
    (void)state;
    struct kw_journal *journal = open_journal();
    struct kw_touchpoint in = sample(7, 1), old = sample(8, 2), out;
    struct kw_error error;
    in.ts_ms = old.ts_ms = 1763649000000;           /* 2025-11-20T14:30:00Z */
    in.sold_ms = in.ts_ms - 5 * 3600000;
    in.offset_minutes = 210;
    assert_int_equal(add(journal, &in), 0);
    assert_int_equal(add(journal, &old), 0);
    assert_int_equal(kw_touchpoint_get(journal, 7, &out, &error), 0);
    assert_true(out.sold_ms == in.sold_ms && out.ts_ms == in.ts_ms);
    assert_int_equal(kw_touchpoint_hour(&out), 13);
    assert_int_equal(kw_touchpoint_hour(&old), 15);
    kw_journal_close(journal);
    assert_int_equal(ask("SELECT count(*) FROM cell WHERE view = 1 AND hour IN (13, 15)"), 2);
}

static void a_sequence_is_never_given_twice(void **state)
{
    (void)state;
    struct kw_journal *journal = open_journal();
    struct kw_error error;
    uint32_t seq;
    assert_int_equal(kw_touchpoint_next_sequence(journal, 12345, 1054, &seq, &error), 0);
    assert_int_equal(seq, 1);
    struct kw_touchpoint one = sample(1, 1), two = sample(2, 1);
    assert_int_equal(add(journal, &one), 0);
    assert_int_equal(add(journal, &two), KWIT_E_CONFLICT);
    assert_int_equal(kw_touchpoint_next_sequence(journal, 12345, 1054, &seq, &error), 0);
    assert_int_equal(seq, 2);
    /* 2,048 days later the day field is the same again, and the counter goes on. */
    assert_int_equal(kw_touchpoint_next_sequence(journal, 12345, 1054 + 2048, &seq, &error), 0);
    assert_int_equal(seq, 2);
    assert_int_equal(kw_touchpoint_next_sequence(journal, 12345, 1055, &seq, &error), 0);
    assert_int_equal(seq, 1);
    kw_journal_close(journal);
}

static void two_processes_never_share_a_sequence(void **state)
{
    (void)state;
    enum { CHILDREN = 2, SALES = 40 };
    kw_journal_close(open_journal());
    for (int child = 0; child < CHILDREN; child++) {
        if (fork() != 0)
            continue;
        struct kw_journal_options options = { .path = path, .busy_ms = 20000 };
        struct kw_journal *journal;
        struct kw_error error;
        if (kw_journal_open(&options, &journal, &error) < 0)
            _exit(1);
        for (int i = 0; i < SALES; i++) {
            struct kw_touchpoint touchpoint = sample(1 + child * SALES + i, 1);
            int code = KWIT_E_CONFLICT;
            while (code == KWIT_E_CONFLICT) {
                if (kw_touchpoint_next_sequence(journal, 12345, 1054, &touchpoint.seq, &error) < 0
                    || kw_journal_begin(journal, KW_SOON, &error) < 0)
                    _exit(2);
                code = kw_touchpoint_add(journal, &touchpoint, &error);
                if (code < 0)
                    kw_journal_rollback(journal);
                else
                    code = kw_journal_commit(journal, &error);
            }
            if (code < 0)
                _exit(3);
        }
        kw_journal_close(journal);
        _exit(0);
    }
    for (int child = 0; child < CHILDREN; child++) {
        int status;
        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(ask("SELECT count(DISTINCT seq) FROM touchpoint"), CHILDREN * SALES);
    assert_int_equal(ask("SELECT max(n) FROM event"), CHILDREN * SALES);
}

static void cells_follow_the_events(void **state)
{
    (void)state;
    struct kw_journal *journal = open_journal();
    struct kw_error error;
    int64_t count;
    for (int i = 1; i <= 5; i++) {
        struct kw_touchpoint touchpoint = sample(i, (uint32_t)i);
        touchpoint.reason = i == 5 ? 1 : 0;
        assert_int_equal(add(journal, &touchpoint), 0);
    }
    static const int events[] = { KW_EVENT_PRINTED, KW_EVENT_SENT, KW_EVENT_UNCONFIRMED, KW_EVENT_PRINT_FAILED };
    for (int i = 0; i < 4; i++) {
        assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
        assert_int_equal(kw_touchpoint_event(journal, i + 1, events[i], "", 1763640001000, &error), 0);
        assert_int_equal(kw_journal_commit(journal, &error), 0);
    }
    assert_int_equal(kw_touchpoint_count_day(journal, 12345, 1054, &count, &error), 0);
    assert_int_equal(count, 3);
    kw_journal_close(journal);
    assert_int_equal(ask("SELECT sum(n) FROM cell WHERE view = 0"), 5);
    assert_int_equal(ask("SELECT n FROM cell WHERE view = 0 AND class = 1"), 1);
    assert_int_equal(ask("SELECT n FROM cell WHERE view = 0 AND class = 4"), 1);
    assert_int_equal(ask("SELECT sum(n) FROM cell WHERE view = 0 AND class = 0"), 1);
    assert_int_equal(ask("SELECT count(*) FROM (SELECT class, count(*) n FROM touchpoint GROUP BY class) t"
                         " WHERE n <> (SELECT sum(n) FROM cell c WHERE c.view = 0 AND c.class = t.class)"), 0);
}

static int tell(struct kw_journal *journal, enum kw_event event)
{
    struct kw_error error;
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    assert_int_equal(kw_touchpoint_event(journal, 1, event, "", 1763640001000, &error), 0);
    return kw_journal_commit(journal, &error);
}

/* What a till remembers of the sale it added holds until another process has written. */
static void cells_follow_what_another_process_said_meanwhile(void **state)
{
    (void)state;
    struct kw_journal *till = open_journal(), *office = open_journal();
    struct kw_touchpoint touchpoint = sample(1, 1);
    assert_int_equal(add(till, &touchpoint), 0);
    assert_int_equal(tell(office, KW_EVENT_UNCONFIRMED), 0);
    assert_int_equal(tell(till, KW_EVENT_PRINTED), 0);
    kw_journal_close(office);
    kw_journal_close(till);
    assert_int_equal(ask("SELECT min(n) FROM cell WHERE view = 0"), 0);
    assert_int_equal(ask("SELECT class FROM cell WHERE view = 0 AND n = 1"), KW_CLASS_PROVEN);
}

/* ---- sales whose receipt is still to come out ---------------------------------------------------------------- */

static struct kw_job add_awaited(struct kw_journal *journal, struct kw_touchpoint touchpoint)
{
    struct kw_job job = { .sale = touchpoint.sale, .part = "receipt", .copy = 1, .state = KW_JOB_WAITING };
    struct kw_error error;
    touchpoint.is_awaited = true;
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    assert_int_equal(kw_touchpoint_add(journal, &touchpoint, &error), 0);
    assert_int_equal(kw_job_add(journal, &job, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    return job;
}

struct told { int64_t of_class[KW_CLASS_COUNT], last_day; bool in_order; };

static int hear_cell(void *data, const struct kw_cell *cell)
{
    struct told *told = data;
    told->in_order = told->in_order && told->last_day <= cell->facts.day;
    told->last_day = cell->facts.day;
    told->of_class[cell->facts.klass] += cell->n;
    return 0;
}

/* So many in each view, and the journal is whole. */
static void must_tell(struct kw_journal *journal, enum kw_class klass, int64_t of_class, int64_t of_all)
{
    struct kw_ledger_check check;
    struct kw_error error;
    for (enum kw_view view = 0; view < KW_VIEW_COUNT; view++) {
        struct told told = { .in_order = true };
        int64_t all = 0;
        assert_int_equal(kw_summary_cells(journal, view, 1000, 1100, hear_cell, &told, &error), 0);
        for (int i = 0; i < KW_CLASS_COUNT; i++)
            all += told.of_class[i];
        assert_int_equal(told.of_class[klass], of_class);
        assert_int_equal(all, of_all);
        assert_true(told.in_order);
    }
    assert_int_equal(kw_ledger_verify(journal, &(struct kw_ledger_look){ 0 }, &check, &error), 0);
    assert_int_equal(check.finding_count, 0);
}

static void finish(struct kw_journal *journal, struct kw_job job, enum kw_job_state state, enum kw_event event)
{
    struct kw_error error;
    bool moved;
    job.state = state;
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    assert_int_equal(kw_job_move(journal, &job, KW_JOB_WAITING, &moved, &error), 0);
    assert_true(moved);
    assert_int_equal(kw_touchpoint_event(journal, job.sale, event, "", 1763640001000, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
}

static void an_awaited_sale_is_told_once_before_and_after_its_paper(void **state)
{
    (void)state;
    struct kw_journal *journal = open_journal();
    struct kw_touchpoint other = sample(1, 1), awaited = sample(2, 2), later = sample(3, 3);
    struct kw_error error;
    int64_t first, last;
    other.day = 1053;
    later.day = 1055;
    struct kw_job job = add_awaited(journal, awaited);
    assert_int_equal(kw_summary_days(journal, &first, &last, &error), 0);
    assert_true(first == 1054 && last == 1054);
    must_tell(journal, KW_CLASS_PENDING, 1, 1);
    assert_int_equal(add(journal, &later), 0);
    assert_int_equal(add(journal, &other), 0);
    assert_int_equal(ask("SELECT sum(n) FROM cell WHERE view = 0"), 2);
    must_tell(journal, KW_CLASS_PENDING, 3, 3);
    finish(journal, job, KW_JOB_PRINTED, KW_EVENT_PRINTED);
    must_tell(journal, KW_CLASS_PENDING, 2, 3);
    must_tell(journal, KW_CLASS_PROVEN, 1, 3);
    kw_journal_close(journal);
    assert_int_equal(ask("SELECT sum(n) FROM cell WHERE view = 0"), 3);
    assert_int_equal(ask("SELECT min(n) FROM cell"), 1);
}

static void an_awaited_sale_whose_job_goes_is_counted(void **state)
{
    (void)state;
    static const int64_t day_ms = 86400000;
    struct kw_journal *journal = open_journal();
    struct kw_error error;
    struct kw_touchpoint out;
    struct kw_job job = add_awaited(journal, sample(1, 1));
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    assert_int_equal(kw_journal_prune(journal, 1763640000000 + 2 * day_ms, 14, 400, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    assert_int_equal(kw_touchpoint_get(journal, 1, &out, &error), 0);
    assert_true(out.klass == KW_CLASS_PENDING && out.class_ms == 0 && !out.is_awaited);
    must_tell(journal, KW_CLASS_PENDING, 1, 1);
    finish(journal, job, KW_JOB_EXPIRED, KW_EVENT_PRINT_FAILED);
    must_tell(journal, KW_CLASS_NOT_PRINTED, 1, 1);
    kw_journal_close(journal);
}

static void must_tell_of(const char *file, enum kw_class klass)
{
    struct kw_journal *journal;
    struct kw_error error;
    assert_int_equal(kw_journal_open(&(struct kw_journal_options){ .path = file }, &journal, &error), 0);
    must_tell(journal, klass, 1, 1);
    kw_journal_close(journal);
}

static void an_awaited_sale_is_told_once_by_each_copy(void **state)
{
    (void)state;
    char office[420], moved[420];
    struct kw_journal *journal = open_journal();
    struct kw_error error;
    snprintf(office, sizeof office, "%s.office", path);
    snprintf(moved, sizeof moved, "%s.moved", path);
    struct kw_job job = add_awaited(journal, sample(1, 1));
    assert_int_equal(kw_journal_backup(journal, office, true, &error), 0);
    must_tell(journal, KW_CLASS_PENDING, 1, 1);
    kw_journal_close(journal);
    must_tell_of(office, KW_CLASS_PENDING);
    assert_int_equal(kw_journal_move(path, moved, 0, &error), 0);
    must_tell_of(path, KW_CLASS_PENDING);
    must_tell_of(moved, KW_CLASS_PENDING);
    assert_int_equal(kw_journal_open(&(struct kw_journal_options){ .path = moved }, &journal, &error), 0);
    finish(journal, job, KW_JOB_SENT, KW_EVENT_SENT);
    kw_journal_close(journal);
    must_tell_of(moved, KW_CLASS_SENT);
}

static void an_awaited_sale_is_one_that_the_store_made(void **state)
{
    (void)state;
    enum { SALES = 10, WANTED = 4, OF_THEM_BP = 4000 };
    struct kw_journal *journal = open_journal();
    struct kw_error error;
    int rate_bp;
    for (int i = 1; i <= 2 * SALES; i++) {
        struct kw_touchpoint awaited = sample(i, (uint32_t)i);
        awaited.store = i > SALES ? "S2" : "S1";
        add_awaited(journal, awaited);
    }
    for (int64_t day = 1055; day <= 1054 + 28; day += 27) {
        assert_int_equal(kw_touchpoint_least_rate(journal, "S1", day, WANTED, &rate_bp, &error), 0);
        assert_int_equal(rate_bp, OF_THEM_BP);
    }
    for (int64_t day = 1054; day <= 1054 + 29; day += 29) {
        assert_int_equal(kw_touchpoint_least_rate(journal, "S1", day, WANTED, &rate_bp, &error), 0);
        assert_int_equal(rate_bp, 10000);
    }
    kw_journal_close(journal);
}

/* Its day is long over: it is announced with the others, and goes. */
static void an_awaited_sale_goes_with_its_day(void **state)
{
    (void)state;
    struct kw_zone *utc;
    struct kw_retention retention = { .rows_days = 30 };
    struct kw_journal *journal = open_journal();
    struct kw_touchpoint old = sample(1, 1);
    struct kw_retained older;
    struct kw_error error;
    assert_int_equal(kw_zone_open("UTC", &utc, &error), 0);
    const struct kw_shop_days days = { .zone = utc };
    old.day = kw_shop_day(&days, kw_clock_wall_ms()) - 40;
    old.expires_day = old.day + 1;
    add_awaited(journal, old);
    assert_int_equal(kw_retain_look(journal, &retention, &days, &older, &error), 0);
    assert_int_equal(older.sales, 1);
    retention.at_once = true;
    assert_int_equal(kw_retain(journal, &retention, &days, &older, &error), 0);
    assert_int_equal(older.sales, 1);
    struct told told = { .in_order = true };
    assert_int_equal(kw_summary_cells(journal, KW_VIEW_KIND, old.day, old.day, hear_cell, &told, &error), 0);
    assert_int_equal(told.of_class[KW_CLASS_PENDING], 1);
    kw_journal_close(journal);
    kw_zone_close(utc);
    assert_int_equal(ask("SELECT count(*) FROM touchpoint"), 0);
}

/* Its paper comes out while the counts of a pruned day are told. */
struct meanwhile { struct told told; struct kw_journal *till; struct kw_job *job; };

static int finish_meanwhile(void *data, const struct kw_cell *cell)
{
    struct meanwhile *meanwhile = data;
    if (meanwhile->job)
        finish(meanwhile->till, *meanwhile->job, KW_JOB_PRINTED, KW_EVENT_PRINTED);
    meanwhile->job = NULL;
    return hear_cell(&meanwhile->told, cell);
}

static void an_awaited_sale_is_told_once_while_its_paper_comes(void **state)
{
    (void)state;
    struct kw_journal *till = open_journal(), *reader = open_journal();
    struct kw_touchpoint pruned = sample(1, 1);
    struct kw_error error;
    int64_t gone;
    pruned.day = 1050;
    assert_int_equal(add(till, &pruned), 0);
    assert_int_equal(kw_ledger_prune(till, 1051, &gone, &error), 0);
    assert_int_equal(gone, 1);
    struct kw_job job = add_awaited(till, sample(2, 2));
    struct meanwhile meanwhile = { .till = till, .job = &job };
    assert_int_equal(kw_summary_cells(reader, KW_VIEW_PLACE, 1000, 1100, finish_meanwhile, &meanwhile, &error), 0);
    assert_null(meanwhile.job);
    assert_int_equal(meanwhile.told.of_class[KW_CLASS_PENDING], 2);
    assert_int_equal(meanwhile.told.of_class[KW_CLASS_PROVEN], 0);
    must_tell(reader, KW_CLASS_PROVEN, 1, 2);
    kw_journal_close(reader);
    kw_journal_close(till);
}

static void must_find(const char *edit, int64_t findings)
{
    struct kw_journal *journal = open_journal();
    struct kw_ledger_check check;
    struct kw_error error;
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, edit, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(kw_ledger_verify(journal, &(struct kw_ledger_look){ 0 }, &check, &error), 0);
    assert_int_equal(check.finding_count, findings);
    kw_journal_close(journal);
}

/* As when two tills of a lane take turns, with numbers that never came to a sale; and behind a record that is gone. */
static void records_are_met_in_whatever_order_their_sales_came(void **state)
{
    (void)state;
    static const int64_t sales[] = { 9, 5, 7, 8, 6, 11, 10, 20 };
    enum { SALES = sizeof sales / sizeof sales[0] };
    struct kw_journal *journal = open_journal();
    for (uint32_t i = 0; i < SALES; i++) {
        struct kw_touchpoint touchpoint = sample(sales[i], i + 1);
        assert_int_equal(add(journal, &touchpoint), 0);
    }
    kw_journal_close(journal);
    must_find("", 0);
    must_find("INSERT INTO touchpoint(sale, day) VALUES(15, 1054)", 1);
    must_find("UPDATE touchpoint SET sale = 99 WHERE sale = 15", 1);
    must_find("DELETE FROM touchpoint WHERE sale = 99", 0);
    must_find("DELETE FROM touchpoint WHERE sale = 7", 2 + KW_VIEW_COUNT);
}

/* Its cells hold it, and its next word would leave it there a second time. */
static void a_sale_that_waits_for_nothing_is_found(void **state)
{
    (void)state;
    struct kw_touchpoint counted = sample(1, 1);
    struct kw_journal *journal = open_journal();
    assert_int_equal(add(journal, &counted), 0);
    add_awaited(journal, sample(2, 2));
    kw_journal_close(journal);
    must_find("UPDATE touchpoint SET class = -1 WHERE sale = 1", 1);
    must_find("UPDATE touchpoint SET class = 0 WHERE sale = 1", 0);
}

/* Nobody would count it any more. */
static void an_awaited_sale_without_its_job_is_found(void **state)
{
    (void)state;
    struct kw_journal *journal = open_journal();
    add_awaited(journal, sample(1, 1));
    kw_journal_close(journal);
    must_find("DELETE FROM job", KW_VIEW_COUNT + 1);
}

static void a_person_may_say_what_the_printer_could_not(void **state)
{
    (void)state;
    struct kw_journal *journal = open_journal();
    struct kw_touchpoint touchpoint = sample(1, 1), out;
    struct kw_error error;
    assert_int_equal(add(journal, &touchpoint), 0);
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    assert_int_equal(kw_touchpoint_event(journal, 1, KW_EVENT_UNCONFIRMED, "", 10, &error), 0);
    assert_int_equal(kw_touchpoint_event(journal, 1, KW_EVENT_SEEN_BY_PERSON, "", 20, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    assert_int_equal(kw_touchpoint_get(journal, 1, &out, &error), 0);
    assert_int_equal(out.klass, KW_CLASS_SEEN);
    assert_int_equal(out.class_ms, 20);
    kw_journal_close(journal);
}

static void a_cooldown_ends_and_keeps_no_name(void **state)
{
    (void)state;
    struct kw_journal *journal = open_journal();
    struct kw_error error;
    bool cooling;
    int earlier;
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    assert_int_equal(kw_touchpoint_start_cooldown(journal, "CARD-77", 1, 1144, &error), 0);
    assert_int_equal(kw_journal_commit(journal, &error), 0);
    assert_int_equal(kw_touchpoint_in_cooldown(journal, "CARD-77", 1100, &cooling, &earlier, &error), 0);
    assert_true(cooling);
    assert_int_equal(earlier, 2);
    assert_int_equal(kw_touchpoint_in_cooldown(journal, "CARD-77", 1144, &cooling, &earlier, &error), 0);
    assert_false(cooling);
    assert_int_equal(kw_touchpoint_in_cooldown(journal, "CARD-78", 1100, &cooling, &earlier, &error), 0);
    assert_false(cooling);
    assert_int_equal(earlier, 1);
    kw_journal_close(journal);
    assert_int_equal(ask("SELECT count(*) FROM cooldown WHERE instr(customer, 'CARD') > 0 OR length(customer) <> 8"),
                     0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_was_decided_is_what_the_whole_record_says, fresh),
        cmocka_unit_test_setup(a_record_reads_back_as_it_was_written, fresh),
        cmocka_unit_test_setup(the_hour_is_the_sales_and_not_the_printings, fresh),
        cmocka_unit_test_setup(a_sequence_is_never_given_twice, fresh),
        cmocka_unit_test_setup(two_processes_never_share_a_sequence, fresh),
        cmocka_unit_test_setup(cells_follow_the_events, fresh),
        cmocka_unit_test_setup(cells_follow_what_another_process_said_meanwhile, fresh),
        cmocka_unit_test_setup(an_awaited_sale_is_told_once_before_and_after_its_paper, fresh),
        cmocka_unit_test_setup(an_awaited_sale_whose_job_goes_is_counted, fresh),
        cmocka_unit_test_setup(an_awaited_sale_is_told_once_by_each_copy, fresh),
        cmocka_unit_test_setup(an_awaited_sale_is_one_that_the_store_made, fresh),
        cmocka_unit_test_setup(an_awaited_sale_goes_with_its_day, fresh),
        cmocka_unit_test_setup(an_awaited_sale_is_told_once_while_its_paper_comes, fresh),
        cmocka_unit_test_setup(records_are_met_in_whatever_order_their_sales_came, fresh),
        cmocka_unit_test_setup(a_sale_that_waits_for_nothing_is_found, fresh),
        cmocka_unit_test_setup(an_awaited_sale_without_its_job_is_found, fresh),
        cmocka_unit_test_setup(a_person_may_say_what_the_printer_could_not, fresh),
        cmocka_unit_test_setup(a_cooldown_ends_and_keeps_no_name, fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
