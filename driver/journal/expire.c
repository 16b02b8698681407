/*
 * expire.c - says of each invitation whose time passed unanswered that it expired, once. Which days to look at is asked
 * of the counts; up to where that was done before is kept for each journal that was merged.
 */
#include "journal/ledger.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "journal/seal.h"
#include "journal/touchpoint.h"

#include <string.h>

enum { BATCH = 200, DAY_CEILING = 64 * 1024 * 1024, ORIGIN_SHIFT = 40 };

struct expiring {
    struct kw_journal *journal;
    int64_t origin, from_day, through_day, now_ms, count;
    struct kw_buffer days, sales;       /* of int64_t */
    struct kw_error *error;
};

/* The numbers that a statement gives in its first column, into the buffer. */
static int list(struct expiring *expiring, const char *sql, const int64_t *bound, int count, struct kw_buffer *out)
{
    sqlite3_stmt *row = kw_journal_prepare(expiring->journal, sql, expiring->error);
    if (!row)
        return expiring->error->code;
    int status;
    kw_buffer_clear(out);
    for (int i = 0; i < count; i++)
        sqlite3_bind_int64(row, i + 1, bound[i]);
    while ((status = sqlite3_step(row)) == SQLITE_ROW) {
        int64_t value = sqlite3_column_int64(row, 0);
        kw_buffer_add(out, &value, sizeof value);
    }
    int code = status == SQLITE_DONE ? 0 : kw_journal_fail(expiring->journal, "reading", expiring->error);
    kw_journal_reset(row);
    return code == 0 && out->failed
               ? kw_fail(expiring->error, KWIT_E_NO_MEMORY, expiring->journal->path, "out of memory")
               : code;
}

static int64_t number_at(const struct kw_buffer *buffer, size_t i)
{
    int64_t value;
    memcpy(&value, buffer->data + i * sizeof value, sizeof value);
    return value;
}

static int expire_one(struct expiring *expiring, int64_t sale)
{
    const int64_t bound[] = { expiring->now_ms, sale };
    int code = kw_journal_run_with(expiring->journal, "UPDATE touchpoint SET expired_ms = ? WHERE sale = ?", bound, 2,
                                   expiring->error);
    if (code == 0)
        code = kw_touchpoint_event(expiring->journal, sale, KW_EVENT_EXPIRED, "", expiring->now_ms, expiring->error);
    expiring->count += code == 0;
    return code;
}

static int expire_batch(struct expiring *expiring, size_t from, size_t to)
{
    int64_t began_ms = kw_clock_boot_ms();
    int code = kw_journal_begin(expiring->journal, KW_SOON, expiring->error);
    if (code < 0)
        return code;
    for (size_t i = from; code == 0 && i < to; i++)
        code = expire_one(expiring, number_at(&expiring->sales, i));
    code = kw_journal_end(expiring->journal, code, expiring->error);
    kw_journal_make_way(began_ms);
    return code < 0 ? code : kw_journal_checkpoint(expiring->journal, expiring->error);
}

/* What was never on paper, or is a test, has no time that could pass. */
static int expire_day(struct expiring *expiring, int64_t day)
{
    static const char sql[] =
        "WITH RECURSIVE handles(handle) AS (SELECT min(handle) FROM touchpoint WHERE handle IS NOT NULL UNION ALL"
        " SELECT (SELECT min(handle) FROM touchpoint t WHERE t.handle > handles.handle) FROM handles"
        " WHERE handle IS NOT NULL)"
        " SELECT sale FROM handles CROSS JOIN touchpoint t ON t.handle = handles.handle AND t.day = ?1"
        " WHERE t.sale >> 40 = ?2 AND t.reason = 0 AND t.flag = 0 AND t.class IN (1, 2, 3, 5) AND t.expired_ms = 0"
        " AND t.expires_day > ?3 AND t.expires_day <= ?4 AND NOT EXISTS (SELECT 1 FROM answer JOIN import"
        " ON import.id = answer.import AND import.complete = 1 WHERE answer.sale = +t.sale AND answer.verdict = 10)";
    const int64_t bound[] = { day, expiring->origin, expiring->from_day, expiring->through_day };
    int code = list(expiring, sql, bound, 4, &expiring->sales);
    const size_t count = expiring->sales.length / sizeof(int64_t);
    for (size_t at = 0; code == 0 && at < count; at += BATCH)
        code = expire_batch(expiring, at, at + BATCH < count ? at + BATCH : count);
    return code;
}

static int note_day(struct expiring *expiring)
{
    const int64_t bound[] = { expiring->origin, expiring->through_day };
    int code = kw_journal_begin(expiring->journal, KW_SOON, expiring->error);
    if (code < 0)
        return code;
    code = kw_journal_run_with(expiring->journal,
                               "INSERT INTO expiry(origin, through_day) VALUES(?, ?)"
                               " ON CONFLICT DO UPDATE SET through_day = excluded.through_day",
                               bound, 2, expiring->error);
    return kw_journal_end(expiring->journal, code, expiring->error);
}

static int expire_origin(struct expiring *expiring)
{
    const int64_t never = INT32_MIN, bound[] = { expiring->origin, never };
    int code =
        kw_journal_number(expiring->journal, "SELECT coalesce((SELECT through_day FROM expiry WHERE origin = ?1), ?2)",
                          bound, 2, &expiring->from_day, expiring->error);
    if (code < 0 || expiring->from_day >= expiring->through_day)
        return code;
    const int64_t days[] = { expiring->from_day, expiring->through_day };
    code = list(expiring,
                "SELECT DISTINCT day FROM cell WHERE view = 0 AND reason = 0 AND expires_day > ?1 AND expires_day <= ?2"
                " ORDER BY day",
                days, 2, &expiring->days);
    for (size_t i = 0; code == 0 && i < expiring->days.length / sizeof(int64_t); i++)
        code = expire_day(expiring, number_at(&expiring->days, i));
    return code < 0 ? code : note_day(expiring);
}

int kw_ledger_expire(struct kw_journal *journal, int64_t through_day, int64_t *count, struct kw_error *error)
{
    struct expiring expiring = {
        .journal = journal, .through_day = through_day, .now_ms = kw_clock_wall_ms(), .error = error
    };
    struct kw_buffer origins;
    kw_buffer_init(&origins, DAY_CEILING);
    kw_buffer_init(&expiring.days, DAY_CEILING);
    kw_buffer_init(&expiring.sales, DAY_CEILING);
    int code = kw_seal_watch(journal, error);
    if (code == 0)
        code = list(&expiring, "SELECT 0 UNION ALL SELECT id FROM origin", NULL, 0, &origins);
    for (size_t i = 0; code == 0 && i < origins.length / sizeof(int64_t); i++) {
        expiring.origin = number_at(&origins, i);
        code = expire_origin(&expiring);
    }
    kw_buffer_free(&origins);
    kw_buffer_free(&expiring.days);
    kw_buffer_free(&expiring.sales);
    *count = expiring.count;
    return code;
}

int kw_ledger_expire_due(struct kw_journal *journal, const struct kw_shop_days *days, int64_t *count,
                         struct kw_error *error)
{
    int64_t reach_ms;
    *count = 0;
    int code = kw_ledger_reach(journal, &reach_ms, error);
    if (code < 0 || reach_ms == 0)
        return code;
    /* Of the latest answer's own day more may come. */
    int64_t reach_day = kw_shop_day(days, reach_ms) - 1, yesterday = kw_shop_day(days, kw_clock_wall_ms()) - 1;
    return kw_ledger_expire(journal, reach_day < yesterday ? reach_day : yesterday, count, error);
}

int kw_ledger_reach(struct kw_journal *journal, int64_t *reach_ms, struct kw_error *error)
{
    return kw_journal_number(journal, "SELECT coalesce(max(reach_ms), 0) FROM import WHERE complete = 1", NULL, 0,
                             reach_ms, error);
}
