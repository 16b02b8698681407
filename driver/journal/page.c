/* page.c - answers that come one by one from a page, many to a transaction, into an import that never ends. */
#include "journal/page.h"

#include "base/clock.h"
#include "journal/internal.h"
#include "journal/openings.h"
#include "journal/reward.h"
#include "journal/seal.h"
#include "journal/touchpoint.h"
#include "record/own.h"

#include <stdio.h>
#include <string.h>

/* ---- looking ------------------------------------------------------------------------------------------------ */

/* Whether there is an answer to the code, whatever its sale; of tests as well. */
static int find_used(struct kw_journal *journal, const struct kw_answer *answer, bool *used, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT 1 FROM answer WHERE handle = ? AND day = ? AND seq = ?"
                                           " AND flag = ? AND verdict IN (4, 7, 10) LIMIT 1", error);
    *used = false;
    if (!answer->opened || !row)
        return row ? 0 : (int)error->code;
    const int64_t fields[] = { answer->handle, answer->day, answer->seq, answer->flag };
    for (int i = 0; i < 4; i++)
        sqlite3_bind_int64(row, i + 1, fields[i]);
    int status = sqlite3_step(row);
    *used = status == SQLITE_ROW;
    return kw_journal_stepped(journal, row, status, error);
}

struct stored {
    int64_t id, sale, submitted_ms;
    enum kw_verdict verdict;
    int nps, csat, ces;
    bool contact;
    char own[KW_OWN_TEXT];
};

static int score(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? KW_SCORE_NONE : sqlite3_column_int(row, column);
}

static int find_key(struct kw_journal *journal, const uint8_t key[KW_ANSWER_KEY], struct stored *stored,
                    struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT id, coalesce(sale, 0), submitted_ms, verdict, nps, csat, ces, own,"
                                           " EXISTS (SELECT 1 FROM contact WHERE answer = answer.id)"
                                           " FROM answer WHERE key = ?", error);
    *stored = (struct stored){ 0 };
    if (!row)
        return error->code;
    sqlite3_bind_blob(row, 1, key, KW_ANSWER_KEY, SQLITE_STATIC);
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW)
        *stored = (struct stored){ sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                                   sqlite3_column_int64(row, 2), sqlite3_column_int(row, 3), score(row, 4),
                                   score(row, 5), score(row, 6), sqlite3_column_int(row, 8) != 0, "" };
    if (status == SQLITE_ROW)
        snprintf(stored->own, sizeof stored->own, "%s", kw_column_text(row, 7));
    return kw_journal_stepped(journal, row, status, error);
}

static int find_opened(struct kw_journal *journal, int64_t sale, bool *opened, struct kw_error *error)
{
    const int64_t bound[] = { sale, KW_EVENT_OPENED };
    int64_t count;
    int code = kw_journal_number(journal, "SELECT count(*) FROM opening WHERE sale = ?1 AND ev = ?2", bound, 2, &count,
                                 error);
    *opened = code == 0 && count > 0;
    return code;
}

int kw_page_ticket(struct kw_journal *journal, const struct kw_answer *answer, const struct kw_shop_days *days,
                   struct kw_ticket *ticket, struct kw_error *error)
{
    struct kw_answer judged = *answer;
    struct kw_touchpoint touchpoint;
    struct stored stored = { 0 };
    int64_t sale = 0;
    *ticket = (struct kw_ticket){ 0 };
    int code = answer->verdict ? 0 : kw_answer_judge(journal, &judged, days, &sale, error);
    if (code == 0)
        code = find_used(journal, answer, &ticket->used, error);
    if (code == 0)
        code = find_key(journal, answer->key, &stored, error);
    if (code == 0 && sale > 0)
        code = kw_touchpoint_get(journal, sale, &touchpoint, error);
    if (code == 0 && sale > 0)
        snprintf(ticket->language, sizeof ticket->language, "%s", touchpoint.language);
    if (code == 0 && sale > 0)
        code = find_opened(journal, sale, &ticket->opened, error);
    ticket->verdict = judged.verdict;
    ticket->own = stored.id > 0;
    ticket->nps = stored.nps;
    ticket->csat = stored.csat;
    ticket->ces = stored.ces;
    ticket->contact = stored.contact;
    if (code == 0 && ticket->own)
        code = kw_reward_was_given(journal, stored.id, &ticket->rewarded, error);
    return code == 0 && ticket->used ? kw_said_reply(journal, answer, ticket->reply, error) : code;
}

/* ---- the import that never ends ----------------------------------------------------------------------------- */

static int find_import(struct kw_journal *journal, int64_t *import, struct kw_error *error)
{
    int code = kw_journal_number(journal, "SELECT coalesce(max(id), 0) FROM import WHERE platform = 'office'"
                                 " AND complete", NULL, 0, import, error);
    if (code < 0 || *import > 0)
        return code;
    const int64_t now[] = { kw_clock_wall_ms() };
    code = kw_journal_run_with(journal, "INSERT INTO import(platform, form, began_ms, complete, rows, reach_ms)"
                               " VALUES('office', '', ?1, 1, 0, 0)", now, 1, error);
    *import = sqlite3_last_insert_rowid(journal->db);
    return code;
}

/* Answers are in up to the latest of them. */
static int note_import(struct kw_journal *journal, int64_t import, int64_t rows, int64_t reach_ms,
                       struct kw_error *error)
{
    const int64_t bound[] = { import, rows, reach_ms };
    return rows == 0 ? 0
                     : kw_journal_run_with(journal, "UPDATE import SET rows = rows + ?2, reach_ms = max(reach_ms, ?3)"
                                           " WHERE id = ?1", bound, 3, error);
}

/* ---- submitting --------------------------------------------------------------------------------------------- */

/* Another one to the same code counts: this one is kept, and its customer is told. */
static int submit_first(struct kw_journal *journal, int64_t import, const struct kw_shop_days *days,
                        struct kw_submission *submission, struct kw_error *error)
{
    struct kw_answer *answer = &submission->answer;
    enum kw_answer_change change;
    struct stored stored;
    bool used = false;
    int64_t sale = 0;
    int code = find_key(journal, answer->key, &stored, error);
    if (code < 0 || stored.id > 0) {
        submission->outcome = KW_OUTCOME_KNOWN;
        return code;
    }
    code = answer->verdict ? 0 : kw_answer_judge(journal, answer, days, &sale, error);
    if (code == 0)
        code = find_used(journal, answer, &used, error);
    if (code == 0)
        code = kw_answer_add(journal, import, answer, sale, &change, error);
    submission->outcome = answer->verdict == KW_VERDICT_EXPIRED ? KW_OUTCOME_EXPIRED
        : used ? KW_OUTCOME_USED : KW_OUTCOME_SAVED;
    const bool thanked = answer->verdict == KW_VERDICT_MATCHED || answer->verdict == KW_VERDICT_UNCOVERED;
    if (code < 0 || !submission->reward || !thanked || submission->outcome != KW_OUTCOME_SAVED)
        return code;
    code = find_key(journal, answer->key, &stored, error);
    return code < 0 ? code : kw_reward_give(journal, stored.id, sale, submission->reward, error);
}

static void bind_new(sqlite3_stmt *row, int at, int score)
{
    if (score != KW_SCORE_NONE)
        sqlite3_bind_int(row, at, score);
    else
        sqlite3_bind_null(row, at);
}

/* The scores that came first are kept beside the last ones. */
static int change_answer(struct kw_journal *journal, int64_t id, const struct kw_answer *answer,
                         struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(
        journal,
        "UPDATE answer SET first_nps = CASE WHEN revision = 0 THEN nps ELSE first_nps END,"
        " first_csat = CASE WHEN revision = 0 THEN csat ELSE first_csat END,"
        " first_ces = CASE WHEN revision = 0 THEN ces ELSE first_ces END,"
        " revision = revision + 1, edited_ms = ?1, nps = coalesce(?2, nps), csat = coalesce(?3, csat),"
        " ces = coalesce(?4, ces), comment = coalesce(?5, comment), contact = max(contact, ?6), own = coalesce(?8, own)"
        " WHERE id = ?7", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, answer->submitted_ms);
    const int scores[] = { answer->nps, answer->csat, answer->ces };
    for (int i = 0; i < 3; i++)
        bind_new(row, 2 + i, scores[i]);
    if (answer->comment)
        kw_bind_text(row, 5, answer->comment);
    else
        sqlite3_bind_null(row, 5);
    sqlite3_bind_int(row, 6, answer->contact);
    sqlite3_bind_int64(row, 7, id);
    if (answer->own)
        kw_bind_text(row, 8, answer->own);
    else
        sqlite3_bind_null(row, 8);
    return kw_journal_done(journal, row, error);
}

/* Who edits a low score away has said it all the same; who adds a wish is heard. */
static int submit_edit(struct kw_journal *journal, struct kw_submission *submission, struct kw_error *error)
{
    const struct kw_answer *answer = &submission->answer;
    struct kw_answer heard = *answer, changed = *answer;
    struct stored stored;
    int code = find_key(journal, answer->key, &stored, error);
    if (code < 0 || stored.id == 0) {
        submission->outcome = KW_OUTCOME_UNKNOWN;
        return code;
    }
    if (answer->submitted_ms > stored.submitted_ms + submission->edit_ms) {
        submission->outcome = KW_OUTCOME_LATE;
        return 0;
    }
    submission->outcome = KW_OUTCOME_SAVED;
    if (answer->own && kw_own_merge(stored.own, answer->own))
        changed.own = stored.own;
    code = change_answer(journal, stored.id, &changed, error);
    if (code == 0 && submission->sealed)
        code = kw_said_put_contact(journal, stored.id, submission, error);
    heard.nps = heard.nps == KW_SCORE_NONE ? stored.nps : heard.nps;
    heard.csat = heard.csat == KW_SCORE_NONE ? stored.csat : heard.csat;
    if (code < 0 || stored.verdict != KW_VERDICT_MATCHED || stored.sale == 0)
        return code;
    return kw_alert_raise(journal, stored.id, &heard, stored.sale, error);
}

/* Words without a score. Their sale is looked for, and who looks after alerts hears of them in any case. */
static int submit_message(struct kw_journal *journal, int64_t import, const struct kw_shop_days *days,
                          struct kw_submission *submission, struct kw_error *error)
{
    struct kw_answer *answer = &submission->answer;
    enum kw_answer_change change;
    struct stored stored;
    int64_t sale = 0;
    int code = find_key(journal, answer->key, &stored, error);
    submission->outcome = KW_OUTCOME_KNOWN;
    if (code < 0 || stored.id > 0)
        return code;
    code = answer->verdict ? 0 : kw_answer_judge(journal, answer, days, &sale, error);
    answer->verdict = KW_VERDICT_MESSAGE;
    if (code == 0)
        code = kw_answer_add(journal, import, answer, sale, &change, error);
    const int64_t id = sqlite3_last_insert_rowid(journal->db);
    if (code == 0 && submission->sealed)
        code = kw_said_put_contact(journal, id, submission, error);
    submission->outcome = KW_OUTCOME_SAVED;
    return code < 0 ? code : kw_alert_raise(journal, id, answer, sale, error);
}

static int take_back(struct kw_journal *journal, struct kw_submission *submission, struct kw_error *error)
{
    struct stored stored;
    int code = find_key(journal, submission->answer.key, &stored, error);
    submission->outcome = stored.id ? KW_OUTCOME_SAVED : KW_OUTCOME_UNKNOWN;
    if (code < 0 || stored.id == 0)
        return code;
    return submission->kind == KW_SUBMIT_WITHDRAW
               ? kw_said_withdraw(journal, stored.id, error)
               : kw_said_erase(journal, stored.id, submission->answer.submitted_ms, error);
}

/* Whom the shop replied to may be long out of time for an answer. */
static bool is_told(const struct kw_answer *answer, int64_t sale)
{
    return answer->event == KW_EVENT_REPLY_SEEN ? sale > 0 : answer->verdict == KW_VERDICT_MATCHED;
}

/* The first time counts, and that such events are told at all. */
static int submit_opened(struct kw_journal *journal, int64_t import, const struct kw_shop_days *days,
                         struct kw_submission *submission, struct kw_error *error)
{
    struct kw_answer *answer = &submission->answer;
    int64_t sale = 0;
    bool added = false;
    int code = answer->verdict ? 0 : kw_answer_judge(journal, answer, days, &sale, error);
    submission->outcome = KW_OUTCOME_KNOWN;
    if (code == 0 && is_told(answer, sale))
        code = kw_opening_add(journal, import, sale, answer->event, answer->submitted_ms, &added, error);
    return code < 0 || !added || answer->event != KW_EVENT_OPENED ? code
                              : kw_journal_run_with(journal, "UPDATE import SET opened = opened + 1 WHERE id = ?1",
                                                    &import, 1, error);
}

static int submit_one(struct kw_journal *journal, int64_t import, const struct kw_shop_days *days,
                      struct kw_submission *submission, struct kw_error *error)
{
    switch (submission->kind) {
    case KW_SUBMIT_FIRST:
        return submit_first(journal, import, days, submission, error);
    case KW_SUBMIT_EDIT:
        return submit_edit(journal, submission, error);
    case KW_SUBMIT_MESSAGE:
        return submit_message(journal, import, days, submission, error);
    case KW_SUBMIT_OPENED:
        return submit_opened(journal, import, days, submission, error);
    default:
        return take_back(journal, submission, error);
    }
}

static int submit_all(struct kw_journal *journal, const struct kw_shop_days *days, struct kw_submission *submissions,
                      size_t count, struct kw_error *error)
{
    int64_t import, rows = 0, reach_ms = 0;
    int code = find_import(journal, &import, error);
    for (size_t i = 0; code == 0 && i < count; i++) {
        struct kw_submission *at = &submissions[i];
        code = submit_one(journal, import, days, at, error);
        if (at->kind != KW_SUBMIT_FIRST || at->outcome == KW_OUTCOME_KNOWN)
            continue;
        rows++;
        reach_ms = at->answer.submitted_ms > reach_ms ? at->answer.submitted_ms : reach_ms;
    }
    return code < 0 ? code : note_import(journal, import, rows, reach_ms, error);
}

static bool wipes(const struct kw_submission *submissions, size_t count)
{
    bool found = false;
    for (size_t i = 0; i < count; i++)
        found = found || submissions[i].kind == KW_SUBMIT_WITHDRAW || submissions[i].kind == KW_SUBMIT_ERASE;
    return found;
}

int kw_page_submit(struct kw_journal *journal, const struct kw_shop_days *days, struct kw_submission *submissions,
                   size_t count, struct kw_error *error)
{
    for (size_t i = 0; i < count; i++)
        submissions[i].outcome = KW_OUTCOME_FAILED;
    const bool wiping = wipes(submissions, count);
    int code = kw_seal_watch(journal, error);
    if (code == 0 && wiping)
        code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return kw_journal_was_busy(journal) ? (int)(error->code = KWIT_E_TIMEOUT) : code;
    code = kw_journal_end(journal, submit_all(journal, days, submissions, count, error), error);
    for (size_t i = 0; code < 0 && i < count; i++)
        submissions[i].outcome = KW_OUTCOME_FAILED;
    struct kw_error later;                  /* the file stays long, and the next one finds it so */
    if (code == 0 && wiping)
        kw_journal_empty_wal(journal, &later);
    else if (code == 0)
        kw_journal_checkpoint(journal, &later);
    return code;
}
