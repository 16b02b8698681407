/* said.c - what one customer said, and the shop wrote back: shown to its owner, taken back by its owner. */
#include "journal/page.h"

#include "base/clock.h"
#include "journal/internal.h"
#include "journal/orders.h"
#include "journal/seal.h"

#include <stdio.h>

int kw_said_put_contact(struct kw_journal *journal, int64_t id, const struct kw_submission *submission,
                        struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "INSERT OR REPLACE INTO contact(answer, sealed, until_ms, consent)"
                                           " VALUES(?, ?, ?, ?)", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, id);
    sqlite3_bind_blob(row, 2, submission->sealed, (int)submission->sealed_bytes, SQLITE_STATIC);
    sqlite3_bind_int64(row, 3, submission->forget_ms);
    sqlite3_bind_int(row, 4, submission->consent);
    return kw_journal_done(journal, row, error);
}

int kw_said_withdraw(struct kw_journal *journal, int64_t id, struct kw_error *error)
{
    int code = kw_journal_run_with(journal, "DELETE FROM contact WHERE answer = ?1", &id, 1, error);
    return code < 0 ? code : kw_journal_run_with(journal, "UPDATE answer SET contact = 0 WHERE id = ?1", &id, 1, error);
}

int kw_said_erase(struct kw_journal *journal, int64_t id, int64_t now_ms, struct kw_error *error)
{
    static const char *const steps[] = {
        "DELETE FROM reply WHERE answer = ?1",
        "UPDATE answer SET comment = '', own = '', nps = NULL, csat = NULL, ces = NULL, first_nps = NULL,"
        " first_csat = NULL, first_ces = NULL, revision = revision + 1, edited_ms = ?2 WHERE id = ?1",
        "UPDATE alert SET acknowledged_ms = iif(acknowledged_ms, acknowledged_ms, ?2), closed_ms = ?2,"
        " who = iif(who = '', 'erased', who) WHERE answer = ?1 AND closed_ms = 0",
    };
    const int64_t bound[] = { id, now_ms };
    int code = kw_said_withdraw(journal, id, error);
    for (size_t i = 0; code == 0 && i < sizeof steps / sizeof steps[0]; i++)
        code = kw_journal_run_with(journal, steps[i], bound, i == 0 ? 1 : 2, error);
    return code;
}

int kw_said_reply(struct kw_journal *journal, const struct kw_answer *answer, char reply[KW_REPLY],
                  struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT text FROM answer JOIN reply ON reply.answer = answer.id"
                                           " WHERE handle = ? AND day = ? AND seq = ? AND flag = ?"
                                           " ORDER BY written_ms DESC LIMIT 1", error);
    reply[0] = 0;
    if (!answer->opened || !row)
        return row ? 0 : (int)error->code;
    const int64_t fields[] = { answer->handle, answer->day, answer->seq, answer->flag };
    for (int i = 0; i < 4; i++)
        sqlite3_bind_int64(row, i + 1, fields[i]);
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW)
        snprintf(reply, KW_REPLY, "%s", kw_column_text(row, 0));
    return kw_journal_stepped(journal, row, status, error);
}

static int score(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? KW_SCORE_NONE : sqlite3_column_int(row, column);
}

int kw_page_said(struct kw_journal *journal, const uint8_t key[KW_ANSWER_KEY], kw_said_sink sink, void *data,
                 struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(
        journal,
        "SELECT submitted_ms, edited_ms, coalesce(written_ms, 0), coalesce(until_ms, 0), nps, csat, ces,"
        " coalesce(consent, 0), language, own, comment, coalesce(reply.text, ''), contact.answer IS NOT NULL FROM answer"
        " LEFT JOIN reply ON reply.answer = answer.id LEFT JOIN contact ON contact.answer = answer.id WHERE key = ?",
        error);
    if (!row)
        return error->code;
    sqlite3_bind_blob(row, 1, key, KW_ANSWER_KEY, SQLITE_STATIC);
    int status = sqlite3_step(row), code = 0;
    if (status == SQLITE_ROW) {
        const struct kw_said said = { .submitted_ms = sqlite3_column_int64(row, 0),
                                      .edited_ms = sqlite3_column_int64(row, 1),
                                      .replied_ms = sqlite3_column_int64(row, 2),
                                      .forget_ms = sqlite3_column_int64(row, 3),
                                      .nps = score(row, 4), .csat = score(row, 5), .ces = score(row, 6),
                                      .consent = sqlite3_column_int(row, 7), .language = kw_column_text(row, 8),
                                      .own = kw_column_text(row, 9), .comment = kw_column_text(row, 10),
                                      .reply = kw_column_text(row, 11), .contact = sqlite3_column_int(row, 12) != 0 };
        code = sink(data, &said);
    } else {
        code = status == SQLITE_DONE ? kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "there is no such answer")
                                     : kw_journal_fail(journal, "reading", error);
    }
    kw_journal_reset(row);
    return code;
}

/* ---- by code ------------------------------------------------------------------------------------------------ */

static int next_of_code(struct kw_journal *journal, const struct kw_answer *answer, int64_t after, int64_t *id,
                        struct kw_error *error)
{
    const int64_t bound[] = { answer->handle, answer->day, answer->seq, after };
    return kw_journal_number(journal, "SELECT coalesce(min(id), 0) FROM answer WHERE handle = ?1 AND day = ?2"
                             " AND seq = ?3 AND id > ?4", bound, 4, id, error);
}

int kw_answers_erase(struct kw_journal *journal, const struct kw_answer *answer, int64_t *count, bool *ordered,
                     struct kw_error *error)
{
    const struct kw_batch_order order = { .handle = answer->handle, .day = answer->day, .seq = answer->seq };
    int64_t id = 0;
    int code = kw_seal_watch(journal, error);
    *count = 0;
    if (code == 0)
        code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    while (code == 0 && (code = next_of_code(journal, answer, id, &id, error)) == 0 && id > 0) {
        code = kw_said_erase(journal, id, kw_clock_wall_ms(), error);
        (*count)++;
    }
    if (code == 0)
        code = kw_orders_add(journal, &order, ordered, error);
    code = kw_journal_end(journal, code, error);
    return code < 0 ? code : kw_journal_empty_wal(journal, error);
}
