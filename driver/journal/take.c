/* take.c - events, records and classes of another journal into this one's tables. */
#include "journal/take.h"

#include "base/clock.h"
#include "journal/annul.h"
#include "journal/cells.h"
#include "journal/erasure.h"
#include "journal/orders.h"
#include "journal/rows.h"

#include <stdio.h>
#include <string.h>

int kw_taking_find(struct kw_taking *taking, struct kw_error *error)
{
    sqlite3_stmt *row =
        kw_journal_prepare(taking->journal, "SELECT id, last_n, head FROM origin WHERE uuid = ?", error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, taking->uuid);
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW) {
        taking->origin = sqlite3_column_int64(row, 0);
        taking->last_n = sqlite3_column_int64(row, 1);
        taking->has_head = sqlite3_column_bytes(row, 2) == KW_CHAIN_HASH;
        if (taking->has_head)
            memcpy(taking->head, sqlite3_column_blob(row, 2), KW_CHAIN_HASH);
    }
    return kw_journal_stepped(taking->journal, row, status, error);
}

int kw_taking_name(struct kw_taking *taking, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(taking->journal, "INSERT INTO origin(uuid, last_n, head, merged_ms)"
                                           " VALUES(?, 0, x'', 0)", error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, taking->uuid);
    int code = kw_journal_done(taking->journal, row, error);
    taking->origin = sqlite3_last_insert_rowid(taking->journal->db);
    return code;
}

int kw_taking_make(struct kw_taking *taking, struct kw_error *error)
{
    int code = kw_journal_begin(taking->journal, KW_SOON, error);
    return code < 0 ? code : kw_journal_end(taking->journal, kw_taking_name(taking, error), error);
}

int kw_taking_check_token(const struct kw_taking *taking, const struct kw_touchpoint *touchpoint,
                          struct kw_error *error)
{
    int64_t known;
    int code = kw_touchpoint_find_token(taking->journal, touchpoint->handle, touchpoint->day, touchpoint->seq, &known,
                                        NULL, error);
    if (code == KWIT_E_NOT_FOUND || (code == 0 && taking->origin > 0 && known >> KW_ORIGIN_SHIFT == taking->origin))
        return 0;
    return code < 0 ? code
                    : kw_fail(error, KWIT_E_CONFLICT, taking->where,
                              "handle %lu is used by another journal too (a copied state): its tokens cannot be told"
                              " apart, and nothing was merged. Give one of the two tills a new handle",
                              (unsigned long)touchpoint->handle);
}

int64_t kw_taking_sale(const struct kw_taking *taking, int64_t theirs)
{
    return taking->origin << KW_ORIGIN_SHIFT | theirs;
}

static int put_event(const struct kw_taking *taking, const struct kw_chain_event *event, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(taking->journal,
                                           "INSERT OR IGNORE INTO foreign_event(origin, n, sale, ev, ts_ms, detail)"
                                           " VALUES(?, ?, ?, ?, ?, ?)", error);
    if (!row)
        return error->code;
    const int64_t numbers[] = { taking->origin, event->n, event->sale, event->ev, event->ts_ms };
    for (int i = 0; i < 5; i++)
        sqlite3_bind_int64(row, i + 1, numbers[i]);
    kw_bind_text(row, 6, event->detail);
    return kw_journal_done(taking->journal, row, error);
}

/* Its class, its expiry and its end follow with its events. */
static int put_record(struct kw_taking *taking, const struct kw_chain_event *event, const struct kw_touchpoint *record,
                      struct kw_error *error)
{
    struct kw_touchpoint touchpoint = *record;
    touchpoint.sale = kw_taking_sale(taking, event->sale);
    touchpoint.klass = KW_CLASS_PENDING;
    touchpoint.is_awaited = false;          /* its job did not come along */
    touchpoint.class_ms = touchpoint.expired_ms = touchpoint.annulled_ms = touchpoint.refunded_ms = 0;
    if (touchpoint.reason == 0 && touchpoint.expires_day > 0 && touchpoint.expires_day < taking->least_expiry)
        taking->least_expiry = touchpoint.expires_day;
    taking->sales++;
    int code = kw_touchpoint_insert(taking->journal, &touchpoint, error);
    return code < 0 ? code : kw_cell_add(taking->journal, &touchpoint, KW_CLASS_PENDING, 1, error);
}

static int put_expiry(const struct kw_taking *taking, int64_t sale, int64_t ts_ms, struct kw_error *error)
{
    const int64_t bound[] = { ts_ms, sale };
    return sale == 0 ? 0
                     : kw_journal_run_with(taking->journal, "UPDATE touchpoint SET expired_ms = ?1 WHERE sale = ?2"
                                           " AND sale >= 1 << 40 AND expired_ms = 0", bound, 2, error);
}

/* An event of a sale that came from a third journal says its expiry or its end: the sale's own events say the rest. */
int kw_taking_event(struct kw_taking *taking, const struct kw_chain_event *event, const struct kw_touchpoint *record,
                    int64_t known_sale, struct kw_error *error)
{
    const bool own = event->sale > 0 && event->sale <= KW_SALE_MASK;
    const int64_t sale = event->sale <= KW_SALE_MASK ? kw_taking_sale(taking, event->sale) : known_sale;
    int klass = kw_class_of_event(event->ev), code = put_event(taking, event, error);
    if (code == 0 && record)
        code = put_record(taking, event, record, error);
    if (code == 0 && own && klass >= 0)
        code = kw_touchpoint_classify(taking->journal, sale, klass, event->ts_ms, error);
    if (code == 0 && event->ev == KW_EVENT_EXPIRED)
        code = put_expiry(taking, sale, event->ts_ms, error);
    if (code == 0 && sale > 0 && event->ev == KW_EVENT_ANNULLED)
        code = kw_answers_annul(taking->journal, sale, event->ts_ms, error);
    if (code == 0 && sale > 0 && event->ev == KW_EVENT_REFUNDED)
        code = kw_sale_mark_refunded(taking->journal, sale, event->ts_ms, error);
    if (code == 0 && own && event->ev == KW_EVENT_ERASED) {
        taking->erased = true;
        code = kw_ledger_wipe_answers(taking->journal, sale, error);
        if (code == 0)
            code = kw_erasure_blur(taking->journal, sale, error);
    }
    if (code == 0 && event->ev == KW_EVENT_OBEYED)
        code = kw_orders_settle(taking->journal, taking->origin, event->detail, error);
    taking->last_n = event->n;
    taking->events++;
    return code;
}

/* Sales that come late may have expired by days that were looked at before: those are looked at again. */
int kw_taking_note(const struct kw_taking *taking, struct kw_error *error)
{
    const int64_t bound[] = { taking->origin, taking->least_expiry - 1 };
    sqlite3_stmt *row = kw_journal_prepare(taking->journal, "UPDATE origin SET last_n = ?, head = ?, merged_ms = ?"
                                           " WHERE id = ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, taking->last_n);
    sqlite3_bind_blob(row, 2, taking->head, taking->has_head ? KW_CHAIN_HASH : 0, SQLITE_STATIC);
    sqlite3_bind_int64(row, 3, kw_clock_wall_ms());
    sqlite3_bind_int64(row, 4, taking->origin);
    int code = kw_journal_done(taking->journal, row, error);
    return code < 0 || taking->least_expiry == INT64_MAX
               ? code
               : kw_journal_run_with(taking->journal, "UPDATE expiry SET through_day = ?2 WHERE origin = ?1"
                                     " AND through_day > ?2", bound, 2, error);
}

int kw_taking_end(const struct kw_taking *taking, struct kw_error *error)
{
    char detail[80];
    snprintf(detail, sizeof detail, "%s %lld", taking->uuid, (long long)taking->last_n);
    int code = kw_journal_begin(taking->journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = kw_touchpoint_event(taking->journal, 0, KW_EVENT_MERGED, detail, kw_clock_wall_ms(), error);
    return kw_journal_end(taking->journal, code, error);
}
