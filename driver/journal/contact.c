/* contact.c - how to reach customers who asked for it: sealed rows, read for one alert, forgotten in time. */
#include "journal/answers.h"

#include "journal/internal.h"

#include <string.h>

static const int64_t KEPT_AFTER_CLOSING_MS = (int64_t)14 * 86400000;

int kw_alert_contact(struct kw_journal *journal, int64_t alert, void *sealed, size_t size, size_t *length,
                     struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT sealed FROM contact JOIN alert ON alert.answer ="
                                           " contact.answer WHERE alert.id = ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, alert);
    int status = sqlite3_step(row), code = 0;
    *length = status == SQLITE_ROW ? (size_t)sqlite3_column_bytes(row, 0) : 0;
    if (status != SQLITE_ROW && status != SQLITE_DONE)
        code = kw_journal_fail(journal, "reading", error);
    else if (*length == 0 || *length > size)
        code = kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "alert %lld has no address; none was left, or it is"
                       " forgotten", (long long)alert);
    else
        memcpy(sealed, sqlite3_column_blob(row, 0), *length);
    kw_journal_reset(row);
    return code;
}

int kw_contact_end(struct kw_journal *journal, int64_t alert, int64_t now_ms, struct kw_error *error)
{
    const int64_t bound[] = { now_ms + KEPT_AFTER_CLOSING_MS, alert };
    return kw_journal_run_with(journal, "UPDATE contact SET until_ms = min(until_ms, ?1) WHERE answer ="
                               " (SELECT answer FROM alert WHERE id = ?2)", bound, 2, error);
}

int kw_contacts_forget(struct kw_journal *journal, int64_t now_ms, struct kw_error *error)
{
    const int64_t now[] = { now_ms };
    int64_t due;
    int code = kw_journal_number(journal, "SELECT count(*) FROM contact WHERE until_ms <= ?1", now, 1, &due, error);
    if (code < 0 || due == 0)
        return code;
    code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = kw_journal_end(journal, kw_journal_run_with(journal, "DELETE FROM contact WHERE until_ms <= ?1", now, 1,
                                                       error), error);
    return code < 0 ? code : kw_journal_empty_wal(journal, error);
}
