/* openings.c - rows of opened and started, one of each a sale. */
#include "journal/openings.h"

#include "journal/internal.h"
#include "journal/past.h"
#include "journal/touchpoint.h"

int kw_opening_add(struct kw_journal *journal, int64_t import, int64_t sale, enum kw_event event, int64_t ts_ms,
                   bool *added, struct kw_error *error)
{
    sqlite3_stmt *statement =
        kw_journal_prepare(journal,
                           "INSERT OR IGNORE INTO opening(sale, ev, import, first_ms) VALUES(?, ?, ?, ?)", error);
    if (!statement)
        return KWIT_E_IO;
    const int64_t values[] = { sale, event, import, ts_ms };
    for (int i = 0; i < 4; i++)
        sqlite3_bind_int64(statement, i + 1, values[i]);
    int code = kw_journal_done(journal, statement, error);
    *added = code == 0 && sqlite3_changes(journal->db) > 0;
    if (*added)
        return kw_touchpoint_event(journal, sale, event, "", ts_ms, error);
    statement = code < 0 ? NULL : kw_journal_prepare(journal,
                                                     "UPDATE opening SET first_ms = min(first_ms, ?4), import ="
                                                     " CASE WHEN import IN (SELECT id FROM import WHERE complete)"
                                                     " THEN import ELSE ?3 END WHERE sale = ?1 AND ev = ?2",
                                                     error);
    if (!statement)
        return code < 0 ? code : KWIT_E_IO;
    for (int i = 0; i < 4; i++)
        sqlite3_bind_int64(statement, i + 1, values[i]);
    return kw_journal_done(journal, statement, error);
}

int kw_summary_measured(struct kw_journal *journal, struct kw_opening_measured *measured, struct kw_error *error)
{
    sqlite3_stmt *statement =
        kw_journal_prepare(journal, "SELECT coalesce(max(opened), 0), coalesce(max(started), 0) FROM import"
                           " WHERE complete", error);
    if (!statement)
        return KWIT_E_IO;
    int code = sqlite3_step(statement) == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading imports", error);
    *measured = (struct kw_opening_measured){ code == 0 && sqlite3_column_int64(statement, 0) > 0,
                                              code == 0 && sqlite3_column_int64(statement, 1) > 0 };
    kw_journal_reset(statement);
    return code;
}

int kw_summary_openings(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_opening_sink sink, void *data,
                        struct kw_error *error)
{
    sqlite3_stmt *statement =
        kw_journal_prepare(journal,
                           "SELECT opening.ev, first_ms, max(class, 0), class_ms FROM opening JOIN import ON import.id ="
                           " opening.import JOIN touchpoint ON touchpoint.sale = opening.sale"
                           " WHERE import.complete AND touchpoint.day BETWEEN ? AND ? AND NOT forced AND flag = 0",
                           error);
    if (!statement)
        return KWIT_E_IO;
    bool began;
    int code = kw_journal_begin_reading(journal, &began, error), status = SQLITE_DONE;
    if (code == 0)
        code = kw_past_openings(journal, from_day, to_day, sink, data, error);
    sqlite3_bind_int64(statement, 1, from_day);
    sqlite3_bind_int64(statement, 2, to_day);
    while (code == 0 && (status = sqlite3_step(statement)) == SQLITE_ROW) {
        const struct kw_opening opening = { .event = sqlite3_column_int(statement, 0),
                                            .first_ms = sqlite3_column_int64(statement, 1),
                                            .klass = sqlite3_column_int(statement, 2),
                                            .printed_ms = sqlite3_column_int64(statement, 3) };
        code = sink(data, &opening);
    }
    code = kw_journal_walked(journal, statement, code, status, error);
    if (began)
        kw_journal_rollback(journal);
    return code;
}
