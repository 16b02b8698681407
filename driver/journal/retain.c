/* retain.c - finds what is older than it is to be kept, waits with it where nobody was told yet, and lets it go. */
#include "journal/retain.h"

#include "base/clock.h"
#include "journal/awaited.h"
#include "journal/ledger.h"
#include "journal/seal.h"

static const int64_t day_ms = 86400000;

/* A comment that is there and was given before ?1; one without a moment came with its import. */
#define OLD_COMMENT \
    "comment <> '' AND comment <> '[erased]' AND submitted_ms < ?1 AND (submitted_ms > 0 OR" \
    " (SELECT began_ms FROM import WHERE id = answer.import) < ?1)"

static int64_t comments_before(const struct kw_retention *retention, int64_t now_ms)
{
    return now_ms - retention->comments_days * day_ms;
}

/* The first day whose rows stay; *day 0: all do. */
static int rows_before(struct kw_journal *journal, const struct kw_retention *retention,
                       const struct kw_shop_days *days, int64_t now_ms, int64_t *day, struct kw_error *error)
{
    int64_t today = kw_shop_day(days, now_ms), open_day;
    *day = 0;
    if (retention->rows_days == 0)
        return 0;
    int code = kw_ledger_first_open_day(journal, today, &open_day, error);
    *day = today - retention->rows_days < open_day ? today - retention->rows_days : open_day;
    return code;
}

static int count_older(struct kw_journal *journal, const struct kw_retention *retention, int64_t before_day,
                       int64_t now_ms, struct kw_retained *older, struct kw_error *error)
{
    const int64_t before_ms = comments_before(retention, now_ms);
    int code = 0;
    if (before_day > 0)
        code = kw_journal_number(journal, "SELECT (SELECT coalesce(sum(n), 0) FROM cell WHERE view = 0 AND day < ?1)"
                                 " + (SELECT count(*) FROM " KW_AWAITED " AND day < ?1)", &before_day, 1, &older->sales,
                                 error);
    if (code == 0 && retention->comments_days > 0)
        code = kw_journal_number(journal, "SELECT count(*) FROM answer WHERE " OLD_COMMENT, &before_ms, 1,
                                 &older->comments, error);
    return code;
}

static int read_notice(struct kw_journal *journal, int64_t *from_ms, struct kw_error *error)
{
    return kw_journal_number(journal, "SELECT coalesce((SELECT value FROM meta WHERE key = 'retains_from_ms'), 0)",
                             NULL, 0, from_ms, error);
}

static int remember(struct kw_journal *journal, const char *sql, int64_t value, struct kw_error *error)
{
    int code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = kw_journal_run_with(journal, sql, &value, 1, error);
    return kw_journal_end(journal, code, error);
}

/* Since when what is old goes is remembered once, but that it may be sooner. */
static int note_notice(struct kw_journal *journal, int64_t from_ms, struct kw_error *error)
{
    return remember(journal, "INSERT INTO meta(key, value) VALUES('retains_from_ms', ?1) ON CONFLICT DO UPDATE SET"
                    " value = min(value, excluded.value)", from_ms, error);
}

static int look(struct kw_journal *journal, const struct kw_retention *retention, const struct kw_shop_days *days,
                int64_t now_ms, int64_t *before_day, struct kw_retained *older, struct kw_error *error)
{
    *older = (struct kw_retained){ 0 };
    int code = rows_before(journal, retention, days, now_ms, before_day, error);
    if (code == 0)
        code = count_older(journal, retention, *before_day, now_ms, older, error);
    if (code == 0)
        code = read_notice(journal, &older->from_ms, error);
    return code;
}

int kw_retain_look(struct kw_journal *journal, const struct kw_retention *retention, const struct kw_shop_days *days,
                   struct kw_retained *older, struct kw_error *error)
{
    const int64_t now_ms = kw_clock_wall_ms();
    int64_t before_day;
    int code = look(journal, retention, days, now_ms, &before_day, older, error);
    if (older->from_ms == 0)
        older->from_ms = now_ms + KW_RETAIN_NOTICE_DAYS * day_ms;
    older->waits = older->from_ms > now_ms && !retention->at_once && older->sales + older->comments > 0;
    return code;
}

/* ---- letting go --------------------------------------------------------------------------------------------- */

static int wipe_run(struct kw_journal *journal, int64_t before_ms, int *wiped, struct kw_error *error)
{
    static const char *const steps[] = {
        "DELETE FROM reply WHERE answer IN (SELECT id FROM answer WHERE " OLD_COMMENT " ORDER BY id LIMIT 1000)",
        "UPDATE answer SET comment = '' WHERE id IN (SELECT id FROM answer WHERE " OLD_COMMENT " ORDER BY id LIMIT"
        " 1000)"
    };
    int64_t began_ms = kw_clock_boot_ms();
    int code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return code;
    for (size_t i = 0; code == 0 && i < sizeof steps / sizeof steps[0]; i++)
        code = kw_journal_run_with(journal, steps[i], &before_ms, 1, error);
    *wiped = code == 0 ? sqlite3_changes(journal->db) : 0;
    code = kw_journal_end(journal, code, error);
    kw_journal_make_way(began_ms);
    return code;
}

/* Files that hold every answer are imported again and again: what went does not come back with them. */
static int remember_wiped(struct kw_journal *journal, int64_t before_ms, struct kw_error *error)
{
    return remember(journal, "INSERT INTO meta(key, value) VALUES('comments_from_ms', ?1) ON CONFLICT DO UPDATE SET"
                    " value = max(value, excluded.value)", before_ms, error);
}

int kw_retain_comments(struct kw_journal *journal, int64_t before_ms, int64_t *wiped, struct kw_error *error)
{
    int run = 1;
    *wiped = 0;
    int code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = kw_seal_watch(journal, error);
    if (code == 0)
        code = remember_wiped(journal, before_ms, error);
    while (code == 0 && run > 0) {
        code = wipe_run(journal, before_ms, &run, error);
        *wiped += run;
    }
    return code < 0 ? code : kw_journal_empty_wal(journal, error);
}

static int prune_rows(struct kw_journal *journal, const struct kw_shop_days *days, int64_t before_day, int64_t *sales,
                      struct kw_error *error)
{
    int64_t expired;
    int code = kw_ledger_expire_due(journal, days, &expired, error);
    if (code == 0)
        code = kw_ledger_renew_erased(journal, error);
    return code < 0 ? code : kw_ledger_prune(journal, before_day, sales, error);
}

int kw_retain(struct kw_journal *journal, const struct kw_retention *retention, const struct kw_shop_days *days,
              struct kw_retained *done, struct kw_error *error)
{
    const int64_t now_ms = kw_clock_wall_ms();
    int64_t before_day;
    struct kw_retained older;
    int code = look(journal, retention, days, now_ms, &before_day, &older, error);
    const bool any = older.sales + older.comments > 0, known = older.from_ms > 0;
    if (!any || retention->at_once)
        older.from_ms = known && older.from_ms < now_ms ? older.from_ms : now_ms;
    else if (!known)
        older.from_ms = now_ms + KW_RETAIN_NOTICE_DAYS * day_ms;
    if (code == 0 && (!known || retention->at_once))
        code = note_notice(journal, older.from_ms, error);
    older.waits = any && older.from_ms > now_ms;
    *done = older.waits ? older : (struct kw_retained){ .from_ms = older.from_ms };
    if (code < 0 || older.waits)
        return code;
    if (older.comments > 0)
        code = kw_retain_comments(journal, comments_before(retention, now_ms), &done->comments, error);
    return code < 0 || older.sales == 0 ? code : prune_rows(journal, days, before_day, &done->sales, error);
}
