/* spooled.c - answers that wait here for another store, as they were handed in. */
#include "journal/spooled.h"

#include "journal/internal.h"
#include "journal/seal.h"

#include <stdio.h>
#include <string.h>

enum { ID, REVISION, KEY, TOKEN, KID, HANDLE, DAY, SEQ, VARIANT, FLAG, VERDICT, SUBMITTED, EDITED, SCORES,
       FIRST_SCORES = SCORES + 3, CONTACT = FIRST_SCORES + 3, LANGUAGE, COMMENT, OWN, SEALED, UNTIL, CONSENT,
       REWARDED };

static const char next[] =
    "SELECT answer.id, revision, key, token, kid, handle, day, seq, variant, flag, verdict, submitted_ms, edited_ms,"
    " nps, csat, ces, first_nps, first_csat, first_ces, answer.contact, language, comment, own, sealed, until_ms, consent,"
    " EXISTS (SELECT 1 FROM reward WHERE reward.answer = answer.id)"
    " FROM answer JOIN import ON import.id = answer.import LEFT JOIN contact ON contact.answer = answer.id"
    " WHERE platform = 'office' AND verdict IN (4, 7, 17) AND answer.id > ? ORDER BY answer.id LIMIT 1";

static int score(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? KW_SCORE_NONE : sqlite3_column_int(row, column);
}

static void put_scores(sqlite3_stmt *row, int column, struct kw_answer *answer)
{
    answer->nps = score(row, column);
    answer->csat = score(row, column + 1);
    answer->ces = score(row, column + 2);
}

/* What no key of a code says; a test stays one, all else is judged where it goes. */
static void read_code(sqlite3_stmt *row, struct kw_spooled *spooled, struct kw_answer *answer)
{
    const int verdict = sqlite3_column_int(row, VERDICT);
    *answer = (struct kw_answer){ .submitted_ms = sqlite3_column_int64(row, SUBMITTED), .token = spooled->token,
                                  .opened = true, .kid = (uint8_t)sqlite3_column_int(row, KID),
                                  .handle = (uint32_t)sqlite3_column_int64(row, HANDLE),
                                  .day = sqlite3_column_int64(row, DAY),
                                  .seq = (uint32_t)sqlite3_column_int64(row, SEQ),
                                  .variant = (uint8_t)sqlite3_column_int(row, VARIANT),
                                  .flag = (uint8_t)sqlite3_column_int(row, FLAG),
                                  .verdict = verdict == KW_VERDICT_TEST ? KW_VERDICT_TEST : 0, .complete = true,
                                  .language = spooled->language, .event = KW_EVENT_COMPLETED };
    if (sqlite3_column_bytes(row, KEY) == KW_ANSWER_KEY)
        memcpy(answer->key, sqlite3_column_blob(row, KEY), KW_ANSWER_KEY);
}

/* The words, and how to reach who said them. */
static void put_words(sqlite3_stmt *row, struct kw_spooled *spooled, struct kw_submission *submission)
{
    submission->answer.comment = spooled->comment[0] ? spooled->comment : NULL;
    submission->answer.own = spooled->own[0] ? spooled->own : NULL;
    submission->answer.contact = sqlite3_column_int(row, CONTACT) != 0;
    if (sqlite3_column_type(row, SEALED) == SQLITE_NULL)
        return;
    submission->sealed = spooled->sealed;
    submission->sealed_bytes = (size_t)sqlite3_column_bytes(row, SEALED);
    submission->forget_ms = sqlite3_column_int64(row, UNTIL);
    submission->consent = sqlite3_column_int(row, CONSENT);
}

static void copy_texts(sqlite3_stmt *row, struct kw_spooled *spooled)
{
    const size_t sealed = (size_t)sqlite3_column_bytes(row, SEALED);
    snprintf(spooled->token, sizeof spooled->token, "%s", kw_column_text(row, TOKEN));
    snprintf(spooled->language, sizeof spooled->language, "%s", kw_column_text(row, LANGUAGE));
    snprintf(spooled->comment, sizeof spooled->comment, "%s", kw_column_text(row, COMMENT));
    snprintf(spooled->own, sizeof spooled->own, "%s", kw_column_text(row, OWN));
    if (sealed > 0 && sealed <= sizeof spooled->sealed)
        memcpy(spooled->sealed, sqlite3_column_blob(row, SEALED), sealed);
}

/* The scores that came first, then all as it is now. */
static void read_spooled(sqlite3_stmt *row, struct kw_spooled *spooled)
{
    struct kw_submission *first = &spooled->handed[0], *edit = &spooled->handed[1];
    const bool is_edited = sqlite3_column_int(row, REVISION) > 0;
    spooled->id = sqlite3_column_int64(row, ID);
    spooled->revision = sqlite3_column_int(row, REVISION);
    spooled->rewarded = sqlite3_column_int(row, REWARDED) != 0;
    copy_texts(row, spooled);
    read_code(row, spooled, &first->answer);
    first->kind = sqlite3_column_int(row, VERDICT) == KW_VERDICT_MESSAGE ? KW_SUBMIT_MESSAGE : KW_SUBMIT_FIRST;
    put_scores(row, is_edited ? FIRST_SCORES : SCORES, &first->answer);
    spooled->count = is_edited ? 2 : 1;
    if (!is_edited) {
        put_words(row, spooled, first);
        return;
    }
    *edit = *first;
    edit->kind = KW_SUBMIT_EDIT;
    edit->edit_ms = INT64_MAX / 2;
    edit->answer.submitted_ms = sqlite3_column_int64(row, EDITED);
    put_scores(row, SCORES, &edit->answer);
    put_words(row, spooled, edit);
}

int kw_spooled_next(struct kw_journal *journal, int64_t after, struct kw_spooled *spooled, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, next, error);
    memset(spooled, 0, sizeof *spooled);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, after);
    const int status = sqlite3_step(row);
    if (status == SQLITE_ROW)
        read_spooled(row, spooled);
    return kw_journal_stepped(journal, row, status, error);
}

static int drop(struct kw_journal *journal, const struct kw_spooled *spooled, struct kw_error *error)
{
    static const char *const followers[] = { "DELETE FROM contact WHERE answer = ?1",
                                             "DELETE FROM alert WHERE answer = ?1",
                                             "DELETE FROM reward WHERE answer = ?1" };
    const int64_t bound[] = { spooled->id, spooled->revision };
    int code = kw_journal_run_with(journal, "DELETE FROM answer WHERE id = ?1 AND revision = ?2", bound, 2, error);
    const bool is_gone = code == 0 && sqlite3_changes(journal->db) > 0;
    for (size_t i = 0; is_gone && code == 0 && i < sizeof followers / sizeof followers[0]; i++)
        code = kw_journal_run_with(journal, followers[i], bound, 1, error);
    return code;
}

int kw_spooled_drop(struct kw_journal *journal, const struct kw_spooled *spooled, struct kw_error *error)
{
    int code = kw_seal_watch(journal, error);
    if (code == 0)
        code = kw_journal_run(journal, "PRAGMA secure_delete=ON", error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_DURABLE, error);
    return code < 0 ? code : kw_journal_end(journal, drop(journal, spooled, error), error);
}

int kw_spooled_forget(struct kw_journal *journal, struct kw_error *error)
{
    return kw_journal_empty_wal(journal, error);
}
