/* loop.c - the outbox of notices and the replies, as rows. */
#include "journal/loop.h"

#include "journal/internal.h"
#include "journal/seal.h"

#include <stdio.h>

static int write_row(struct kw_journal *journal, sqlite3_stmt *row, struct kw_error *error)
{
    int code = row ? kw_journal_begin(journal, KW_DURABLE, error) : (int)error->code;
    return code < 0 ? code : kw_journal_end(journal, kw_journal_done(journal, row, error), error);
}

static int write_numbers(struct kw_journal *journal, const char *sql, const int64_t *numbers, int count,
                         struct kw_error *error)
{
    int code = kw_seal_watch(journal, error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_DURABLE, error);
    return code < 0 ? code
                    : kw_journal_end(journal, kw_journal_run_with(journal, sql, numbers, count, error), error);
}

int kw_notice_add(struct kw_journal *journal, const struct kw_notice *notice, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "INSERT OR IGNORE INTO outbox(alert, kind, channel, store, made_ms,"
                                           " due_ms, ended_ms, fate) VALUES(?1, ?2, ?3, ?4, ?5, ?6, iif(?7, ?5, 0), ?7)",
                                           error);
    if (row) {
        sqlite3_bind_int64(row, 1, notice->alert);
        kw_bind_text(row, 2, notice->kind);
        kw_bind_text(row, 3, notice->channel);
        kw_bind_text(row, 4, notice->store);
        sqlite3_bind_int64(row, 5, notice->made_ms);
        sqlite3_bind_int64(row, 6, notice->due_ms);
        sqlite3_bind_int(row, 7, notice->fate);
    }
    return write_row(journal, row, error);
}

static int read_count(struct kw_journal *journal, sqlite3_stmt *row, int64_t *count, struct kw_error *error)
{
    int status = sqlite3_step(row);
    *count = status == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
    int code = status == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    return code;
}

int kw_notice_known(struct kw_journal *journal, int64_t alert, const char *kind, const char *channel, bool *known,
                    struct kw_error *error)
{
    int64_t count;
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT count(*) FROM outbox WHERE alert = ? AND kind = ?"
                                           " AND channel = ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, alert);
    kw_bind_text(row, 2, kind);
    kw_bind_text(row, 3, channel);
    int code = read_count(journal, row, &count, error);
    *known = count > 0;
    return code;
}

int kw_notices_since(struct kw_journal *journal, const char *store, const char *channel, const char *kind,
                     int64_t since_ms, int64_t *count, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT count(*) FROM outbox WHERE made_ms >= ?1 AND store = ?2 AND"
                                           " channel = ?3 AND iif(?4 = '', kind IN ('low', 'contact', 'message'),"
                                           " kind = ?4)", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, since_ms);
    kw_bind_text(row, 2, store);
    kw_bind_text(row, 3, channel);
    kw_bind_text(row, 4, kind ? kind : "");
    return read_count(journal, row, count, error);
}

int kw_notices_each(struct kw_journal *journal, int64_t now_ms, kw_notice_sink sink, void *data,
                    struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT id, alert, made_ms, due_ms, ended_ms, tries, fate, kind,"
                                           " channel, store, said FROM outbox WHERE iif(?1, ended_ms = 0 AND"
                                           " due_ms <= ?1, fate IN (0, 2)) ORDER BY id", error);
    int code = row ? 0 : (int)error->code, status = SQLITE_DONE;
    if (row)
        sqlite3_bind_int64(row, 1, now_ms);
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const struct kw_notice notice = { .id = sqlite3_column_int64(row, 0), .alert = sqlite3_column_int64(row, 1),
                                          .made_ms = sqlite3_column_int64(row, 2),
                                          .due_ms = sqlite3_column_int64(row, 3),
                                          .ended_ms = sqlite3_column_int64(row, 4),
                                          .tries = sqlite3_column_int(row, 5), .fate = sqlite3_column_int(row, 6),
                                          .kind = kw_column_text(row, 7), .channel = kw_column_text(row, 8),
                                          .store = kw_column_text(row, 9), .said = kw_column_text(row, 10) };
        code = sink(data, &notice);
    }
    if (code == 0 && status != SQLITE_DONE)
        code = kw_journal_fail(journal, "reading", error);
    if (row)
        kw_journal_reset(row);
    return code;
}

int kw_notice_sent(struct kw_journal *journal, int64_t id, int64_t alert, int64_t now_ms, struct kw_error *error)
{
    const int64_t bound[] = { id, alert, now_ms };
    int code = kw_seal_watch(journal, error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = kw_journal_run_with(journal, "UPDATE outbox SET ended_ms = ?3, fate = 1, tries = tries + 1, said = '' WHERE"
                               " id = ?1 AND alert = ?2", bound, 3, error);
    if (code == 0)
        code = kw_journal_run_with(journal, "UPDATE alert SET told_ms = ?3 WHERE id = ?2 AND told_ms = 0 AND EXISTS"
                                   " (SELECT 1 FROM outbox WHERE id = ?1 AND kind <> 'digest')", bound, 3, error);
    return kw_journal_end(journal, code, error);
}

int kw_notice_failed(struct kw_journal *journal, int64_t id, int64_t due_ms, const char *said, int64_t now_ms,
                     struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "UPDATE outbox SET tries = tries + 1, due_ms = iif(?2, ?2, due_ms),"
                                           " ended_ms = iif(?2, 0, ?4), fate = iif(?2, 0, 2), said = ?3 WHERE id = ?1",
                                           error);
    if (row) {
        sqlite3_bind_int64(row, 1, id);
        sqlite3_bind_int64(row, 2, due_ms);
        kw_bind_text(row, 3, said);
        sqlite3_bind_int64(row, 4, now_ms);
    }
    return write_row(journal, row, error);
}

static int change_waiting(struct kw_journal *journal, const char *sql, int64_t id, int64_t now_ms,
                          struct kw_error *error)
{
    const int64_t bound[] = { id, now_ms };
    int64_t known;
    int code = kw_journal_number(journal, "SELECT count(*) FROM outbox WHERE id = ?1 AND fate IN (0, 2)", bound, 1,
                                 &known, error);
    if (code == 0 && known == 0)
        return kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "no notice %lld waits or was given up; kwit office"
                       " outbox list tells which do", (long long)id);
    return code < 0 ? code : write_numbers(journal, sql, bound, 2, error);
}

int kw_notice_retry(struct kw_journal *journal, int64_t id, int64_t now_ms, struct kw_error *error)
{
    return change_waiting(journal, "UPDATE outbox SET due_ms = ?2, ended_ms = 0, fate = 0, tries = 0 WHERE id = ?1", id,
                          now_ms, error);
}

int kw_notice_drop(struct kw_journal *journal, int64_t id, int64_t now_ms, struct kw_error *error)
{
    return change_waiting(journal, "UPDATE outbox SET ended_ms = ?2, fate = 3 WHERE id = ?1", id, now_ms, error);
}

/* ---- replies ------------------------------------------------------------------------------------------------ */

int kw_alert_reply(struct kw_journal *journal, int64_t id, const char *text, const char *who, int64_t now_ms,
                   struct kw_error *error)
{
    static const char put[] = "INSERT OR REPLACE INTO reply(answer, text, who, written_ms)"
                              " SELECT answer, ?2, ?3, ?4 FROM alert WHERE id = ?1";
    static const char take[] = "DELETE FROM reply WHERE answer = (SELECT answer FROM alert WHERE id = ?1)";
    sqlite3_stmt *row = kw_journal_prepare(journal, text[0] ? put : take, error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, id);
    if (text[0]) {
        kw_bind_text(row, 2, text);
        kw_bind_text(row, 3, who);
        sqlite3_bind_int64(row, 4, now_ms);
    }
    return write_row(journal, row, error);
}

int kw_alert_replied(struct kw_journal *journal, int64_t id, char reply[KW_REPLY], struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT text FROM reply JOIN alert ON alert.answer = reply.answer"
                                           " WHERE alert.id = ?", error);
    reply[0] = 0;
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, id);
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW)
        snprintf(reply, KW_REPLY, "%s", kw_column_text(row, 0));
    return kw_journal_stepped(journal, row, status, error);
}
