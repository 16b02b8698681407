/*
 * test_histories.c - whatever a till went through, each sale is counted once. Chance, from seeds that are written down,
 * lets receipts wait, hang, come out, be doubted, voided, called again, erased and pruned, and tills be killed at any
 * write of their journal, the last prune at many of them; behind each step every count is held against one made anew
 * from the rows and their events.
 */
#include "support/clock.h"
#include "support/place.h"

#include "base/clock.h"
#include "base/shop_days.h"
#include "journal/jobs.h"
#include "journal/ledger.h"
#include "journal/retain.h"
#include "journal/summary.h"

#include <kwit/tool.h>

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>
#include <cmocka.h>

enum { SALES = 64, COUNTS = 2048, STEPS = 60, DAYS = 4 };
static const int64_t day_ms = 86400000;

/* ---- a till -------------------------------------------------------------------------------------------------- */

static uint64_t chance;
static kwit_context *context;
static char config[160], store[160], journal_path[200], documents[SALES][400];
static int made;                        /* sales that were called for */

/* Below `limit`. */
static int draw(int limit)
{
    chance = chance * 6364136223846793005u + 1442695040888963407u;
    return (int)((chance >> 33) % (uint64_t)limit);
}

static void open_till(void)
{
    const struct kwit_settings settings = { .config_file = config, .state_dir = store };
    assert_int_equal(kwit_context_new(&settings, &context), 0);
}

static void close_till(void)
{
    kwit_context_free(context);
    context = NULL;
}

static int begin(void **state)
{
    if (place_make(state) != 0)
        return -1;
    clock_stands(1);
    snprintf(config, sizeof config, "%s/kwit.conf", place);
    snprintf(store, sizeof store, "%s/state", place);
    snprintf(journal_path, sizeof journal_path, "%s/journal.db", store);
    FILE *file = fopen(config, "w");
    if (!file)
        return -1;
    fprintf(file,
            "[store]\nid = S1\ntimezone = UTC\n"
            "[survey]\nurl = HTTPS://FB.EXAMPLE/{token}\naddress = fb.example\nrate = 0.8\nexpires_days = 2\n"
            "[printer]\nuri = sim:%s/paper\ndrain = next-call\n"
            "[printer plain]\nuri = file:%s/plain\ndrain = next-call\n"
            "[printer mute]\nuri = sim:%s/mute?fault=mute@cut=1\ndrain = next-call\n"
            "[printer away]\nuri = tcp://127.0.0.1:1\ndrain = next-call\n"
            "[printer bar]\nuri = tcp://127.0.0.1:1\nqueue = no\n", place, place, place);
    fclose(file);
    snprintf(documents[0], sizeof documents[0], "%s/plain", place);
    file = fopen(documents[0], "w");
    if (!file || fclose(file) != 0)
        return -1;
    kwit_result *result;
    open_till();
    int code = kwit_survey_key(context, KWIT_KEY_NEW, NULL, &result);
    kwit_result_free(result);
    close_till();
    made = 0;
    return code;
}

static int end(void **state)
{
    clock_stands(0);
    return place_remove(state);
}

/* ---- what happens -------------------------------------------------------------------------------------------- */

/* A sale of one of the last days, near midnight; some refer to one before. */
static void write_document(int n)
{
    static const char *const kinds[] = { "sale", "sale", "sale", "refund", "void" };
    char time[32], refers[60] = "";
    const char *kind = n > 0 ? kinds[draw(sizeof kinds / sizeof kinds[0])] : kinds[0];
    const int64_t midnight = (kw_clock_wall_ms() / day_ms - draw(DAYS)) * day_ms;
    kw_time_text_utc(midnight - 1000 * draw(2), time);
    if (strcmp(kind, "sale") != 0)
        snprintf(refers, sizeof refers, ",\"refers_to\":{\"id\":\"H%d\"}", draw(n));
    snprintf(documents[n], sizeof documents[n],
             "{\"kwit\":1,\"id\":\"H%d\",\"kind\":\"%s\",\"time\":\"%s\",\"currency\":\"EUR\",\"lines\":[],"
             "\"total\":\"1.00\"%s}",
             n, kind, time, refers);
}

static void print(int n)
{
    static const char *const printers[] = { NULL, "plain", "mute", "away", "bar" };
    const struct kwit_print_options options = {
        .printer = printers[draw(sizeof printers / sizeof printers[0])], .part = draw(6) ? NULL : "order",
        .copies = draw(8) ? 0 : 2, .no_wait = draw(3) == 0, .timeout_ms = 400,
        .deadline_ms = draw(5) ? 0 : 1
    };
    kwit_result *result;
    kwit_print(context, documents[n], strlen(documents[n]), &options, &result);
    kwit_result_free(result);
}

static int any(void)
{
    return made > 0 ? draw(made) : 0;
}

static void print_new(void)
{
    if (made == SALES)
        return;
    write_document(made);
    print(made++);
}

static void print_again(void)
{
    if (made > 0)
        print(any());
}

/* Of the name: what a person asks for. */
static void ask(int (*call)(kwit_context *, const struct kwit_sale_name *, const char *, kwit_result **))
{
    char id[16];
    kwit_result *result;
    snprintf(id, sizeof id, "H%d", any());
    call(context, &(struct kwit_sale_name){ .id = id }, NULL, &result);
    kwit_result_free(result);
}

static void cancel(void)
{
    ask(kwit_queue_cancel);
}

static void retry(void)
{
    ask(kwit_queue_retry);
}

static int resolve_somehow(kwit_context *of, const struct kwit_sale_name *name, const char *part, kwit_result **result)
{
    return kwit_resolve(of, name, part, draw(2), result);
}

static void resolve(void)
{
    ask(resolve_somehow);
}

static int reprint_there(kwit_context *of, const struct kwit_sale_name *name, const char *part, kwit_result **result)
{
    const struct kwit_reprint_options options = { .printer = draw(2) ? "plain" : "bar", .part = part,
                                                  .timeout_ms = 400 };
    return kwit_reprint(of, name, &options, result);
}

static void reprint(void)
{
    ask(reprint_there);
}

static int erase_it(kwit_context *of, const struct kwit_sale_name *name, const char *part, kwit_result **result)
{
    (void)part;
    return kwit_journal_erase(of, name, result);
}

static void erase(void)
{
    ask(erase_it);
}

static void flush(void)
{
    static const char *const printers[] = { NULL, "plain", "mute", "away" };
    kwit_result *result;
    kwit_queue_flush(context, printers[draw(sizeof printers / sizeof printers[0])], 0, &result);
    kwit_result_free(result);
}

/* ---- a till that is killed ----------------------------------------------------------------------------------- */

/* What a killed process wrote is there, whatever the disk has: nothing is waited for. */
int fdatasync(int file)
{
    (void)file;
    return 0;
}

static int writes_left;
typedef ssize_t write_at(int file, const void *bytes, size_t length, off_t at);
static write_at *written;

static ssize_t write_or_die(int file, const void *bytes, size_t length, off_t at)
{
    if (writes_left-- == 0)
        raise(SIGKILL);
    return written(file, bytes, length, at);
}

static void die_at_write(int n)
{
    static const char *const calls[] = { "pwrite64", "pwrite" };
    sqlite3_initialize();
    sqlite3_vfs *vfs = sqlite3_vfs_find(NULL);
    writes_left = n;
    for (size_t i = 0; !written && i < sizeof calls / sizeof calls[0]; i++)
        if ((written = (write_at *)vfs->xGetSystemCall(vfs, calls[i])))
            vfs->xSetSystemCall(vfs, calls[i], (sqlite3_syscall_ptr)write_or_die);
}

static void print_last(void)
{
    print(made - 1);
}

/* Whether it came to its end before that write. No journal is open here meanwhile. */
static bool outlives(int writes, void (*act)(void))
{
    int status;
    close_till();
    const pid_t till = fork();
    if (till == 0) {
        die_at_write(writes);
        open_till();
        act();
        _exit(0);
    }
    assert_int_equal(waitpid(till, &status, 0), till);
    assert_true(WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0);
    open_till();
    return !WIFSIGNALED(status);
}

static void kill_one(void)
{
    enum { MOST_WRITES = 90 };
    static void (*const acts[])(void) = { print_last, print_again, flush };
    const int writes = draw(MOST_WRITES), act = made == SALES ? 1 + draw(2) : draw(3);
    if (act == 0)
        write_document(made++);
    outlives(writes, acts[act]);
}

/* ---- counts -------------------------------------------------------------------------------------------------- */

struct count { int64_t day, n; int kind, klass, reason, flag; };
struct counts { struct count rows[COUNTS]; size_t used; };
static struct counts gone;              /* of sales that were pruned, as they were then */
static bool was_pruned;

static void add_to(struct counts *counts, const struct count *one)
{
    size_t i = 0;
    for (const struct count *c = counts->rows; i < counts->used; i++, c++)
        if (c->day == one->day && c->kind == one->kind && c->klass == one->klass && c->reason == one->reason
            && c->flag == one->flag)
            break;
    assert_true(i < COUNTS);
    if (i == counts->used)
        counts->rows[counts->used++] = (struct count){ one->day, 0, one->kind, one->klass, one->reason, one->flag };
    counts->rows[i].n += one->n;
}

static void must_be_the_same(struct counts *told, const struct counts *counted)
{
    for (size_t i = 0; i < counted->used; i++) {
        struct count less = counted->rows[i];
        less.n = -less.n;
        add_to(told, &less);
    }
    for (size_t i = 0; i < told->used; i++) {
        const struct count *c = &told->rows[i];
        if (c->n)
            fail_msg("day %lld, kind %d, class %d, reason %d, flag %d: told %+lld", (long long)c->day, c->kind,
                     c->klass, c->reason, c->flag, (long long)c->n);
    }
}

/* The class is the last word of the events, whatever its column says, and agrees with the job of the first receipt. */
static void count_rows(struct counts *counted, int64_t before_day)
{
    sqlite3 *db;
    sqlite3_stmt *row;
    assert_int_equal(sqlite3_open(journal_path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT day, kind, reason, coalesce(flag, 0), (SELECT ev FROM event WHERE"
                                        " event.sale = touchpoint.sale AND ev IN (3, 4, 5, 6, 16, 17) ORDER BY n DESC"
                                        " LIMIT 1) FROM touchpoint WHERE day < ?", -1, &row, NULL), SQLITE_OK);
    sqlite3_bind_int64(row, 1, before_day);
    while (sqlite3_step(row) == SQLITE_ROW) {
        const int event = sqlite3_column_int(row, 4);
        add_to(counted, &(struct count){ sqlite3_column_int64(row, 0), 1, sqlite3_column_int(row, 1),
                                         event ? (int)kw_class_of_event(event) : KW_CLASS_PENDING,
                                         sqlite3_column_int(row, 2), sqlite3_column_int(row, 3) });
    }
    sqlite3_finalize(row);
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM touchpoint JOIN job ON job.sale = touchpoint.sale AND"
                                        " part = 'receipt' AND copy = 1 WHERE CASE state WHEN 'printed' THEN class NOT"
                                        " IN (1, 5) WHEN 'sent' THEN class <> 2 WHEN 'unconfirmed' THEN class <> 3"
                                        " WHEN 'expired' THEN class <> 4 WHEN 'cancelled' THEN class <> 4 ELSE 0 END",
                                        -1, &row, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(row), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(row, 0), 0);
    sqlite3_finalize(row);
    sqlite3_close(db);
}

/* A till may have been killed before it had made its tables. */
static bool is_there(void)
{
    sqlite3 *db = NULL;
    const bool is = sqlite3_open_v2(journal_path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK
                    && sqlite3_table_column_metadata(db, NULL, "checkpoint", "before_day", NULL, NULL, NULL, NULL, NULL)
                           == SQLITE_OK;
    sqlite3_close(db);
    return is;
}

struct hearing { struct counts told; bool kinds; };

static int hear_cell(void *data, const struct kw_cell *cell)
{
    struct hearing *hearing = data;
    const struct kw_touchpoint *t = &cell->facts;
    add_to(&hearing->told, &(struct count){ t->day, cell->n, hearing->kinds ? (int)t->kind : 0, (int)t->klass,
                                            t->reason, t->flag });
    return 0;
}

static struct kw_journal *open_journal(void)
{
    struct kw_journal *journal;
    struct kw_error error;
    assert_int_equal(kw_journal_open(&(struct kw_journal_options){ .path = journal_path }, &journal, &error), 0);
    return journal;
}

static void check_cells(struct kw_journal *journal, const struct counts *counted)
{
    static struct hearing hearing;
    static struct counts alike;
    struct kw_error error;
    for (enum kw_view view = 0; view < KW_VIEW_COUNT; view++) {
        hearing = (struct hearing){ .kinds = view == KW_VIEW_KIND };
        alike.used = 0;
        for (size_t i = 0; i < counted->used; i++) {
            struct count one = counted->rows[i];
            one.kind = hearing.kinds ? one.kind : 0;
            add_to(&alike, &one);
        }
        assert_int_equal(kw_summary_cells(journal, view, INT32_MIN, INT32_MAX, hear_cell, &hearing, &error), 0);
        must_be_the_same(&hearing.told, &alike);
    }
}

/* So many of them are of these days and were drawn for an invitation, or are older than a day. */
static int64_t sum_of(const struct counts *counted, int64_t from_day, int64_t to_day, int most_reason)
{
    int64_t sum = 0;
    for (size_t i = 0; i < counted->used; i++) {
        const struct count *c = &counted->rows[i];
        sum += c->day >= from_day && c->day <= to_day && c->reason <= most_reason ? c->n : 0;
    }
    return sum;
}

static void check_others(struct kw_journal *journal, const struct counts *rows, const struct counts *all)
{
    enum { ANY_REASON = 1000, DRAWN = 5, TO_COME = 1 };
    struct kw_ledger_check check;
    struct kw_error error;
    struct kw_zone *utc;
    int64_t first, last;
    int rate_bp;
    assert_int_equal(kw_ledger_verify(journal, &(struct kw_ledger_look){ 0 }, &check, &error), 0);
    for (int i = 0; i < check.finding_count && i < KW_FINDINGS; i++)
        print_error("%lld: %s\n", (long long)check.findings[i].n, check.findings[i].what);
    assert_int_equal(check.finding_count, 0);
    assert_int_equal(check.touchpoints, sum_of(rows, INT32_MIN, INT32_MAX, ANY_REASON));
    if (all->used == 0)
        return;
    assert_int_equal(kw_summary_days(journal, &first, &last, &error), 0);
    assert_int_equal(sum_of(all, first, last, ANY_REASON), sum_of(all, INT32_MIN, INT32_MAX, ANY_REASON));
    if (was_pruned)                     /* counts of a day go with it, but not a row behind those of days that stay */
        return;
    const int64_t drawn = sum_of(rows, first, last, DRAWN);
    assert_int_equal(kw_touchpoint_least_rate(journal, "S1", last + TO_COME, 1, &rate_bp, &error), 0);
    assert_int_equal(rate_bp, drawn <= 1 ? 10000 : 10000 / drawn);
    assert_int_equal(kw_zone_open("UTC", &utc, &error), 0);
    const struct kw_shop_days days = { .zone = utc };
    const struct kw_retention retention = { .rows_days = 1 };
    struct kw_retained older;
    int64_t open_day, today = kw_shop_day(&days, kw_clock_wall_ms());
    assert_int_equal(kw_retain_look(journal, &retention, &days, &older, &error), 0);
    assert_int_equal(kw_ledger_first_open_day(journal, today, &open_day, &error), 0);
    const int64_t before = today - 1 < open_day ? today - 1 : open_day;
    assert_int_equal(older.sales, sum_of(rows, INT32_MIN, before - 1, ANY_REASON));
    kw_zone_close(utc);
}

/* Sales of one class, as the report says it of tests and of the others together. */
static int64_t reported(const char *json, const char *name)
{
    char member[40];
    snprintf(member, sizeof member, "\"%s\":", name);
    const char *at = strstr(json, member);
    return at ? atoll(at + strlen(member)) : 0;
}

static void check_report(const struct counts *all)
{
    kwit_result *result;
    int64_t tests = 0, paper[KW_CLASS_COUNT] = { 0 };
    for (size_t i = 0; i < all->used; i++) {
        const struct count *c = &all->rows[i];
        tests += c->flag ? c->n : 0;
        paper[c->klass] += !c->flag && c->reason == 0 ? c->n : 0;
    }
    if (kwit_report(context, NULL, &result) == 0) {
        const char *json = kwit_result_json(result);
        assert_int_equal(reported(json, "tests"), tests);
        for (enum kw_class klass = 0; klass < KW_CLASS_COUNT; klass++)
            assert_int_equal(reported(strstr(json, "\"by_class\""), kw_class_word(klass)), paper[klass]);
    }
    kwit_result_free(result);
}

static void check(void)
{
    static struct counts rows, all;
    rows.used = 0;
    if (!is_there())
        return;
    count_rows(&rows, INT32_MAX);
    all = rows;
    for (size_t i = 0; i < gone.used; i++)
        add_to(&all, &gone.rows[i]);
    struct kw_journal *journal = open_journal();
    check_cells(journal, &all);
    check_others(journal, &rows, &all);
    kw_journal_close(journal);
    check_report(&all);
}

/* ---- what goes ----------------------------------------------------------------------------------------------- */

static void prune_some(void)
{
    kwit_result *result;
    char time[32], day[16];
    kw_time_text_utc(kw_clock_wall_ms() - draw(DAYS) * day_ms, time);
    snprintf(day, sizeof day, "%.10s", time);
    kwit_journal_prune(context, &(struct kwit_prune_options){ .before = day, .force = 1 }, &result);
    kwit_result_free(result);
}

/* What is gone when that ends, or is killed at that write; false: it was. */
static bool prune_until(int writes)
{
    static struct counts before, after;
    bool ended = true;
    before.used = after.used = 0;
    if (!is_there())
        return ended;
    was_pruned = true;
    count_rows(&before, INT32_MAX);
    if (writes < 0)
        prune_some();
    else
        ended = outlives(writes, prune_some);
    count_rows(&after, INT32_MAX);
    for (size_t i = 0; i < after.used; i++) {
        after.rows[i].n = -after.rows[i].n;
        add_to(&before, &after.rows[i]);
    }
    for (size_t i = 0; i < before.used; i++)
        if (before.rows[i].n)
            add_to(&gone, &before.rows[i]);
    return ended;
}

static void prune(void)
{
    prune_until(-1);
}

/* As if two days had passed: bytes and jobs of what waits may go. */
static void keep_house(void)
{
    struct kw_error error;
    if (!is_there())
        return;
    close_till();
    struct kw_journal *journal = open_journal();
    assert_int_equal(kw_journal_begin(journal, KW_SOON, &error), 0);
    int code = kw_journal_prune(journal, kw_clock_wall_ms() + 2 * day_ms, 14, 400, &error);
    assert_int_equal(kw_journal_end(journal, code, &error), 0);
    kw_journal_close(journal);
    open_till();
}

static void live(uint64_t seed)
{
    static const struct { void (*happen)(void); int weight; } events[] = {
        { print_new, 10 }, { print_again, 4 }, { kill_one, 5 }, { flush, 3 }, { cancel, 2 }, { retry, 2 },
        { resolve, 2 }, { reprint, 1 }, { erase, 1 }, { keep_house, 1 }, { prune, 1 }
    };
    enum { WEIGHTS = 32, WRITES_APART = 9 };
    chance = seed;
    gone.used = 0;
    was_pruned = false;
    open_till();
    for (int step = 0; step < STEPS; step++) {
        int left = draw(WEIGHTS);
        size_t i = 0;
        for (; left >= events[i].weight; i++)
            left -= events[i].weight;
        events[i].happen();
        check();
    }
    for (int writes = 0; !prune_until(writes); writes += WRITES_APART)
        check();
    check();
    close_till();
}

static void each_sale_is_counted_once(void **state)
{
    live(*(const uint64_t *)*state);
}

int main(void)
{
    /* 1002 prunes an earlier day than before; 1027 prunes an erased sale, but not its last events. */
    static uint64_t seeds[] = { 1, 1002, 1027 };
#define LIFE(n) cmocka_unit_test_prestate_setup_teardown(each_sale_is_counted_once, begin, end, &seeds[n])
    const struct CMUnitTest tests[] = { LIFE(0), LIFE(1), LIFE(2) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
