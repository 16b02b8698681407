/* tills.c - the tills that an office knows, and what a person says about them. */
#include "journal/push.h"

#include "journal/answers.h"
#include "journal/aside.h"
#include "journal/internal.h"
#include "journal/seal.h"

#include <stdio.h>

int kw_incoming_tills(struct kw_journal *journal, kw_till_sink sink, void *data, struct kw_error *error)
{
    sqlite3_stmt *row =
        kw_journal_prepare(journal, "SELECT till.uuid, state, fault, till.kid, till.handle, version, offset_ms, seen_ms,"
                           " coalesce(last_n, 0), lost, coalesce(store, ''), coalesce(touchpoint.till, ''),"
                           " (SELECT count(*) FROM erasing e LEFT JOIN touchpoint t USING(handle, day, seq) WHERE CASE WHEN"
                           " t.sale IS NULL THEN e.handle = till.handle ELSE t.sale >> 40 = origin.id END), from_n,"
                           " (SELECT count(*) FROM aside WHERE sale >> 40 = origin.id), coalesce(merged_ms, 0) FROM till"
                           " LEFT JOIN origin ON origin.uuid = till.uuid LEFT JOIN touchpoint ON sale ="
                           " (SELECT max(sale) FROM touchpoint WHERE sale BETWEEN origin.id << 40 AND"
                           " (origin.id + 1 << 40) - 1) ORDER BY till.handle, till.uuid", error);
    int status = SQLITE_DONE, code = 0;
    if (!row)
        return error->code;
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const struct kw_till till = { .uuid = kw_column_text(row, 0), .state = kw_column_text(row, 1),
                                      .fault = kw_column_text(row, 2), .kid = sqlite3_column_int64(row, 3),
                                      .handle = sqlite3_column_int64(row, 4), .schema = sqlite3_column_int64(row, 5),
                                      .offset_ms = sqlite3_column_int64(row, 6),
                                      .seen_ms = sqlite3_column_int64(row, 7), .last_n = sqlite3_column_int64(row, 8),
                                      .lost = sqlite3_column_int64(row, 9), .store = kw_column_text(row, 10),
                                      .till = kw_column_text(row, 11),
                                      .orders = sqlite3_column_int64(row, 12), .from_n = sqlite3_column_int64(row, 13),
                                      .aside = sqlite3_column_int64(row, 14),
                                      .taken_ms = sqlite3_column_int64(row, 15) };
        code = sink(data, &till);
    }
    return kw_journal_walked(journal, row, code, status, error);
}

/* ---- what a person says ------------------------------------------------------------------------------------- */

static int begin(struct kw_journal *journal, struct kw_error *error)
{
    int code = kw_seal_watch(journal, error);
    return code < 0 ? code : kw_journal_begin(journal, KW_DURABLE, error);
}

/* What was moved, and what was answered to it, is judged anew once that is on disk. */
static int end(struct kw_journal *journal, const struct kw_shop_days *days, int code, struct kw_error *error)
{
    int64_t rejudged;
    code = kw_journal_end(journal, code, error);
    return code < 0 ? code : kw_answers_rejudge(journal, days, &rejudged, error);
}

/* The latest journal of that handle: of those before it, another till's story is told already. */
static int set_aside(struct kw_journal *journal, const struct kw_till_revocation *revocation, struct kw_error *error)
{
    int64_t bound[] = { revocation->handle, revocation->from_n, revocation->from_ms };
    int64_t origin;
    int code = kw_journal_number(journal, "SELECT coalesce((SELECT origin.id FROM till JOIN origin USING(uuid) WHERE"
                                 " handle = ?1 ORDER BY state = 'closed', seen_ms DESC, origin.id DESC LIMIT 1), 0)",
                                 bound, 1, &origin, error);
    bound[0] = origin;
    if (code == 0 && revocation->from_n == 0)
        code = kw_journal_number(journal, "SELECT coalesce(min(n), 0) FROM foreign_event WHERE origin = ?1 AND ts_ms >="
                                 " ?3", bound, 3, &bound[1], error);
    if (code == 0)
        code = kw_aside_take_back(journal, origin, error);
    if (code == 0 && bound[1] > 0)
        code = kw_aside_put(journal, origin, bound[1], error);
    return code < 0 ? code : kw_journal_run_with(journal, "UPDATE till SET from_n = ?2 WHERE uuid = (SELECT uuid FROM"
                                                 " origin WHERE id = ?1)", bound, 2, error);
}

int kw_incoming_revoke(struct kw_journal *journal, const struct kw_shop_days *days,
                       const struct kw_till_revocation *revocation, struct kw_error *error)
{
    const int64_t bound = revocation->handle;
    int code = begin(journal, error);
    if (code < 0)
        return code;
    code = kw_journal_run_with(journal, "UPDATE till SET state = 'revoked' WHERE handle = ?1", &bound, 1, error);
    const bool any = sqlite3_changes(journal->db) > 0;
    if (code == 0 && any && (revocation->from_n > 0 || revocation->from_ms > 0))
        code = set_aside(journal, revocation, error);
    code = end(journal, days, code, error);
    return code < 0 || any ? code : kw_fail(error, KWIT_E_NOT_FOUND, "till", "no till has handle %lu; kwit office till"
                                            " list says which there are", (unsigned long)revocation->handle);
}

/* The one that had its handle is closed: its events stay. */
static const char *const accepting[] = {
    "UPDATE till SET state = 'closed' WHERE uuid <> ?1 AND state IN ('live', 'gap') AND (kid, handle) ="
    " (SELECT kid, handle FROM till WHERE uuid = ?1)",
    "UPDATE till SET state = iif(fault = 'lost', 'gap', 'live'), fault = '', from_n = 0 WHERE uuid = ?1",
};

static int take_back(struct kw_journal *journal, const char *uuid, struct kw_error *error)
{
    int64_t origin = 0;
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT id FROM origin WHERE uuid = ?", error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, uuid);
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW)
        origin = sqlite3_column_int64(row, 0);
    int code = kw_journal_stepped(journal, row, status, error);
    return code < 0 || origin == 0 ? code : kw_aside_take_back(journal, origin, error);
}

int kw_incoming_accept(struct kw_journal *journal, const struct kw_shop_days *days, const char *uuid,
                       struct kw_error *error)
{
    bool any = false;
    int code = begin(journal, error);
    if (code < 0)
        return code;
    for (size_t i = 0; code == 0 && i < sizeof accepting / sizeof accepting[0]; i++) {
        sqlite3_stmt *row = kw_journal_prepare(journal, accepting[i], error);
        if (row)
            kw_bind_text(row, 1, uuid);
        code = row ? kw_journal_done(journal, row, error) : (int)error->code;
        any = sqlite3_changes(journal->db) > 0;
    }
    if (code == 0)
        code = take_back(journal, uuid, error);
    code = end(journal, days, code, error);
    return code < 0 || any ? code : kw_fail(error, KWIT_E_NOT_FOUND, uuid, "no till has this journal; kwit office till"
                                            " list says which there are");
}
