/* answers.c - storing answers, judging their tokens against the touchpoints, and raising alerts. */
#include "journal/answers.h"

#include "base/clock.h"
#include "journal/seal.h"
#include "journal/touchpoint.h"

#include <sodium/crypto_generichash.h>
#include <string.h>

int kw_answer_judge(struct kw_journal *journal, struct kw_answer *answer, const struct kw_shop_days *days,
                    int64_t *sale, struct kw_error *error)
{
    struct kw_touchpoint touchpoint;
    bool covered;
    *sale = 0;
    int code = kw_touchpoint_find_token(journal, answer->handle, answer->day, answer->seq, sale, &covered, error);
    if (code == KWIT_E_NOT_FOUND) {
        answer->verdict = covered ? KW_VERDICT_UNISSUED : KW_VERDICT_UNCOVERED;
        return 0;
    }
    if (code == 0)
        code = kw_touchpoint_get(journal, *sale, &touchpoint, error);
    if (code < 0)
        return code;
    answer->verdict = kw_verdict_of_sale(answer, &touchpoint, days);
    return 0;
}

int kw_answer_used(struct kw_journal *journal, int64_t sale, bool *used, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal,
                                                 "SELECT 1 FROM answer JOIN import ON import.id = answer.import"
                                                 " WHERE sale = ? AND verdict = 10 AND complete = 1",
                                                 error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int64(statement, 1, sale);
    *used = sqlite3_step(statement) == SQLITE_ROW;
    kw_journal_reset(statement);
    return 0;
}

int kw_answer_other(struct kw_journal *journal, int64_t sale, const uint8_t key[KW_ANSWER_KEY], bool *other,
                    struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal,
                                                 "SELECT 1 FROM answer WHERE sale = ? AND verdict = 10 AND key <> ?"
                                                 " LIMIT 1",
                                                 error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int64(statement, 1, sale);
    sqlite3_bind_blob(statement, 2, key, KW_ANSWER_KEY, SQLITE_STATIC);
    int status = sqlite3_step(statement);
    *other = status == SQLITE_ROW;
    return kw_journal_stepped(journal, statement, status, error);
}

int kw_import_begin(struct kw_journal *journal, const char *platform, const char *form, int64_t *import,
                    struct kw_error *error)
{
    int code = kw_seal_watch(journal, error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_SOON, error);
    if (code < 0)
        return code;
    sqlite3_stmt *statement =
        kw_journal_prepare(journal,
                           "INSERT INTO import(platform, form, began_ms, complete, rows, reach_ms)"
                           " VALUES(?, ?, ?, 0, 0, 0)",
                           error);
    if (!statement) {
        kw_journal_rollback(journal);
        return KWIT_E_IO;
    }
    kw_bind_text(statement, 1, platform);
    kw_bind_text(statement, 2, form);
    sqlite3_bind_int64(statement, 3, kw_clock_wall_ms());
    code = kw_journal_done(journal, statement, error);
    *import = sqlite3_last_insert_rowid(journal->db);
    if (code == 0)
        return kw_journal_commit(journal, error);
    kw_journal_rollback(journal);
    return code;
}

int kw_import_finish(struct kw_journal *journal, int64_t import, const struct kw_intake_totals *totals,
                     struct kw_error *error)
{
    int code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    sqlite3_stmt *statement = kw_journal_prepare(journal,
                                                 "UPDATE import SET complete = 1, rows = ?, reach_ms = ?, opened = ?,"
                                                 " started = ? WHERE id = ?",
                                                 error);
    code = statement ? 0 : KWIT_E_IO;
    if (statement) {
        const int64_t values[] = { totals->rows, totals->reach_ms, totals->opened, totals->started, import };
        for (int i = 0; i < 5; i++)
            sqlite3_bind_int64(statement, i + 1, values[i]);
        code = kw_journal_done(journal, statement, error);
    }
    if (code == 0)
        return kw_journal_commit(journal, error);
    kw_journal_rollback(journal);
    return code;
}

static void bind_score(sqlite3_stmt *statement, int at, int score)
{
    if (score != KW_SCORE_NONE)
        sqlite3_bind_int(statement, at, score);
}

static void bind_answer(sqlite3_stmt *statement, int64_t import, const struct kw_answer *a)
{
    sqlite3_bind_int64(statement, 1, import);
    sqlite3_bind_blob(statement, 2, a->key, KW_ANSWER_KEY, SQLITE_STATIC);
    kw_bind_text(statement, 3, a->token);
    if (a->opened) {
        const int64_t fields[] = { a->kid, a->handle, a->day, a->seq, a->variant, a->flag };
        for (int i = 0; i < 6; i++)
            sqlite3_bind_int64(statement, 4 + i, fields[i]);
    }
    sqlite3_bind_int(statement, 10, a->verdict);
    sqlite3_bind_int64(statement, 13, a->submitted_ms);
    bind_score(statement, 14, a->nps);
    bind_score(statement, 15, a->csat);
    bind_score(statement, 16, a->ces);
    sqlite3_bind_int(statement, 17, a->contact);
    kw_bind_text(statement, 18, a->language);
    kw_bind_text(statement, 19, a->comment);
    const bool odd = a->fault && a->fault[0];
    sqlite3_bind_int64(statement, 20, odd ? a->line : 0);
    kw_bind_text(statement, 21, odd ? a->fault : "");
    kw_bind_text(statement, 22, a->own ? a->own : "");
}

/* When the paper came out, so that the delay of an answer is known without its touchpoint. */
static int bind_sale(struct kw_journal *journal, sqlite3_stmt *statement, int64_t sale, struct kw_error *error)
{
    struct kw_touchpoint touchpoint;
    int code = kw_touchpoint_get(journal, sale, &touchpoint, error);
    sqlite3_bind_int64(statement, 11, sale);
    sqlite3_bind_int64(statement, 12, code == 0 ? (touchpoint.class_ms ? touchpoint.class_ms : touchpoint.ts_ms) : 0);
    return code;
}

int kw_alert_raise(struct kw_journal *journal, int64_t id, const struct kw_answer *answer, int64_t sale,
                   struct kw_error *error)
{
    const char *kind = kw_answer_alert(answer);
    if (!kind)
        return 0;
    sqlite3_stmt *statement =
        kw_journal_prepare(journal, "INSERT OR IGNORE INTO alert(answer, kind, raised_ms) VALUES(?, ?, ?)", error);
    if (!statement)
        return KWIT_E_IO;
    int64_t now = kw_clock_wall_ms();
    sqlite3_bind_int64(statement, 1, id);
    kw_bind_text(statement, 2, kind);
    sqlite3_bind_int64(statement, 3, now);
    int code = kw_journal_done(journal, statement, error);
    bool raised = code == 0 && sqlite3_changes(journal->db) > 0;
    if (code == 0 && !raised && answer->contact)
        return kw_journal_run_with(journal, "UPDATE alert SET kind = 'contact', told_ms = 0 WHERE answer = ?1"
                                   " AND kind NOT IN ('contact', 'message') AND closed_ms = 0", &id, 1, error);
    return raised && sale > 0 ? kw_touchpoint_event(journal, sale, KW_EVENT_ALERTED, kind, now, error) : code;
}

static int follow_match(struct kw_journal *journal, int64_t id, const struct kw_answer *answer, int64_t sale,
                        struct kw_error *error)
{
    int code = kw_touchpoint_event(journal, sale, KW_EVENT_COMPLETED, "", answer->submitted_ms, error);
    return code < 0 ? code : kw_alert_raise(journal, id, answer, sale, error);
}

/* As it is spelled, or as it opens: a code of one sale may be typed in many ways. */
static void bind_code(sqlite3_stmt *statement, int at, const struct kw_answer *answer)
{
    const int64_t fields[] = { answer->kid, answer->handle, answer->day, answer->seq };
    kw_bind_text(statement, at, answer->token);
    for (int i = 0; answer->opened && i < 4; i++)
        sqlite3_bind_int64(statement, at + 1 + i, fields[i]);
}

static int find_stored(struct kw_journal *journal, int64_t import, const struct kw_answer *answer,
                       struct kw_answer_stored *stored, struct kw_error *error)
{
    sqlite3_stmt *statement =
        kw_journal_prepare(journal,
                           "SELECT answer.id, coalesce(import.complete, 0) = 0 AND answer.import <> ?2, verdict IN (12, 16),"
                           " coalesce(nps, csat, ces) IS NULL AND comment = '' AND own = '',"
                           " ?3 >= 0 AND nps <> ?3 OR ?4 >= 0 AND csat <> ?4 OR ?5 >= 0 AND ces <> ?5,"
                           " token <> '' AND ?6 <> '' AND token <> ?6 AND NOT"
                           " coalesce(kid = ?7 AND handle = ?8 AND (day - ?9) % 2048 = 0 AND seq = ?10, 0)"
                           " FROM answer LEFT JOIN import ON import.id = answer.import WHERE key = ?1",
                           error);
    *stored = (struct kw_answer_stored){ 0 };
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_blob(statement, 1, answer->key, KW_ANSWER_KEY, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, import);
    const int scores[] = { answer->nps, answer->csat, answer->ces };
    for (int i = 0; i < 3; i++)
        sqlite3_bind_int(statement, 3 + i, scores[i]);
    bind_code(statement, 6, answer);
    int status = sqlite3_step(statement);
    if (status == SQLITE_ROW)
        *stored = (struct kw_answer_stored){ sqlite3_column_int64(statement, 0), sqlite3_column_int(statement, 1) != 0,
                                   sqlite3_column_int(statement, 2) != 0, sqlite3_column_int(statement, 3) != 0,
                                   sqlite3_column_int(statement, 4) != 0, sqlite3_column_int(statement, 5) != 0 };
    return kw_journal_stepped(journal, statement, status, error);
}

/* The key of an answer whose platform gave its id to one with another code as well. */
static void make_twin_key(struct kw_answer *answer)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, KW_ANSWER_KEY);
    crypto_generichash_update(&state, answer->key, KW_ANSWER_KEY);
    crypto_generichash_update(&state, (const uint8_t *)answer->token, strlen(answer->token));
    crypto_generichash_final(&state, answer->key, KW_ANSWER_KEY);
}

static int write_answer(struct kw_journal *journal, const char *sql, int64_t import, const struct kw_answer *answer,
                        int64_t sale, int64_t id, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, sql, error);
    if (!statement)
        return KWIT_E_IO;
    bind_answer(statement, import, answer);
    if (id > 0)
        sqlite3_bind_int64(statement, 23, id);
    int code = sale > 0 ? bind_sale(journal, statement, sale, error) : 0;
    return code < 0 ? code : kw_journal_done(journal, statement, error);
}

/* What was pruned does not come back with the next file that holds everything. */
static int was_pruned(struct kw_journal *journal, const struct kw_answer *answer, bool *pruned, struct kw_error *error)
{
    const int64_t day_ms = 86400000, from = KW_FIRST_DAY * day_ms;
    int64_t before_day;
    int code = kw_journal_number(journal, "SELECT coalesce(max(before_day), 0) FROM checkpoint", NULL, 0, &before_day,
                                 error);
    *pruned = answer->opened ? answer->day < before_day
                             : answer->submitted_ms > 0 && answer->submitted_ms < from + before_day * day_ms;
    *pruned = *pruned && before_day > 0;
    return code;
}

/* A comment that was kept long enough does not come back either. */
static int leave_comment(struct kw_journal *journal, struct kw_answer *answer, struct kw_error *error)
{
    int64_t from_ms;
    if (answer->submitted_ms == 0 || !answer->comment || !answer->comment[0])
        return 0;
    int code = kw_journal_number(journal, "SELECT coalesce((SELECT value FROM meta WHERE key = 'comments_from_ms'), 0)",
                                 NULL, 0, &from_ms, error);
    if (code == 0 && answer->submitted_ms < from_ms)
        answer->comment = "";
    return code;
}

/* A row whose time could not be read, and which comes again with its time, has another key by then. */
static int replace_untimed(struct kw_journal *journal, const struct kw_answer *answer, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "DELETE FROM answer WHERE verdict = 16 AND token = ?"
                                           " AND token <> '' AND submitted_ms = 0", error);
    if (!row)
        return error->code;
    kw_bind_text(row, 1, answer->token);
    return kw_journal_done(journal, row, error);
}

int kw_answer_add(struct kw_journal *journal, int64_t import, const struct kw_answer *came, int64_t sale,
                  enum kw_answer_change *change, struct kw_error *error)
{
    static const char insert[] =
        "INSERT INTO answer(import, key, token, kid, handle, day, seq, variant, flag, verdict, sale, printed_ms,"
        " submitted_ms, nps, csat, ces, contact, language, comment, line, fault, own)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    static const char update[] =
        "UPDATE answer SET import = ?1, key = ?2, token = ?3, kid = ?4, handle = ?5, day = ?6, seq = ?7, variant = ?8,"
        " flag = ?9, verdict = ?10, sale = ?11, printed_ms = coalesce(?12, 0), submitted_ms = ?13, nps = ?14,"
        " csat = ?15, ces = ?16, contact = ?17, language = ?18, comment = ?19, line = ?20,"
        " fault = ?21, own = ?22 WHERE id = ?23";
    struct kw_answer_stored stored;
    struct kw_answer own = *came;
    const struct kw_answer *answer = &own;
    bool matched = sale > 0 && answer->verdict == KW_VERDICT_MATCHED, pruned = false;
    int code = leave_comment(journal, &own, error);
    if (code == 0)
        code = find_stored(journal, import, answer, &stored, error);
    const bool twin = code == 0 && stored.other_code;
    if (twin) {
        make_twin_key(&own);
        code = find_stored(journal, import, answer, &stored, error);
    }
    if (code == 0 && stored.id == 0)
        code = was_pruned(journal, answer, &pruned, error);
    *change = KW_ANSWER_KNOWN;
    if (code < 0 || pruned)
        return code;
    *change = kw_answer_becomes(answer, &stored, twin);
    if (*change == KW_ANSWER_KNOWN || *change == KW_ANSWER_EDITED)
        return 0;
    code = kw_answer_is_odd(answer) || stored.id ? 0 : replace_untimed(journal, answer, error);
    if (code == 0)
        code = write_answer(journal, stored.id ? update : insert, import, answer, sale, stored.id, error);
    int64_t id = stored.id ? stored.id : sqlite3_last_insert_rowid(journal->db);
    if (code < 0 || !matched)
        return code;
    return kw_answer_is_heard(answer, &stored) ? follow_match(journal, id, answer, sale, error)
                                               : kw_alert_raise(journal, id, answer, sale, error);
}

struct uncovered { int64_t id, sale; struct kw_answer answer; };

/*
 * Reads the next uncovered answers behind `after` whose tills and days are known by now; their scores and comment flags
 * are enough for an alert.
 */
static int read_uncovered(struct kw_journal *journal, int64_t after, struct uncovered *rows, int *count,
                          struct kw_error *error)
{
    sqlite3_stmt *statement =
        kw_journal_prepare(journal,
                           "SELECT id, kid, handle, day, seq, variant, flag, submitted_ms, nps, csat,"
                           " contact, comment <> '' FROM answer a WHERE verdict = 7 AND id > ?"
                           " AND EXISTS(SELECT 1 FROM touchpoint t WHERE t.handle = a.handle AND t.day <= a.day)"
                           " AND EXISTS(SELECT 1 FROM touchpoint t WHERE t.handle = a.handle AND t.day >= a.day)"
                           " ORDER BY id LIMIT 200",
                           error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int64(statement, 1, after);
    *count = 0;
    while (*count < KW_ANSWER_BATCH && sqlite3_step(statement) == SQLITE_ROW) {
        struct uncovered *row = &rows[(*count)++];
        *row = (struct uncovered){ .id = sqlite3_column_int64(statement, 0),
                                   .answer = { .opened = true,
                                               .kid = (uint8_t)sqlite3_column_int(statement, 1),
                                               .handle = (uint32_t)sqlite3_column_int64(statement, 2),
                                               .day = sqlite3_column_int64(statement, 3),
                                               .seq = (uint32_t)sqlite3_column_int64(statement, 4),
                                               .variant = (uint8_t)sqlite3_column_int(statement, 5),
                                               .flag = (uint8_t)sqlite3_column_int(statement, 6),
                                               .submitted_ms = sqlite3_column_int64(statement, 7),
                                               .nps = KW_SCORE_NONE,
                                               .csat = KW_SCORE_NONE,
                                               .contact = sqlite3_column_int(statement, 10) != 0,
                                               .comment = sqlite3_column_int(statement, 11) ? "*" : "" } };
        if (sqlite3_column_type(statement, 8) != SQLITE_NULL)
            row->answer.nps = sqlite3_column_int(statement, 8);
        if (sqlite3_column_type(statement, 9) != SQLITE_NULL)
            row->answer.csat = sqlite3_column_int(statement, 9);
    }
    kw_journal_reset(statement);
    return 0;
}

static int settle(struct kw_journal *journal, struct uncovered *row, const struct kw_shop_days *days,
                  int64_t *changed, struct kw_error *error)
{
    int code = kw_answer_judge(journal, &row->answer, days, &row->sale, error);
    if (code < 0 || row->answer.verdict == KW_VERDICT_UNCOVERED)
        return code;
    sqlite3_stmt *statement = kw_journal_prepare(journal, "UPDATE answer SET verdict = ?1, sale = ?11,"
                                                 " printed_ms = coalesce(?12, 0) WHERE id = ?2", error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int(statement, 1, row->answer.verdict);
    sqlite3_bind_int64(statement, 2, row->id);
    code = row->sale > 0 ? bind_sale(journal, statement, row->sale, error) : 0;
    if (code == 0)
        code = kw_journal_done(journal, statement, error);
    (*changed)++;
    return code == 0 && row->answer.verdict == KW_VERDICT_MATCHED
               ? follow_match(journal, row->id, &row->answer, row->sale, error)
               : code;
}

int kw_answers_rejudge(struct kw_journal *journal, const struct kw_shop_days *days, int64_t *changed,
                       struct kw_error *error)
{
    struct uncovered rows[KW_ANSWER_BATCH];
    int64_t after = 0;
    int count = 1, code = kw_seal_watch(journal, error);
    *changed = 0;
    while (code == 0 && count > 0) {
        code = read_uncovered(journal, after, rows, &count, error);
        if (code < 0 || count == 0)
            break;
        after = rows[count - 1].id;
        int64_t began_ms = kw_clock_boot_ms();
        code = kw_journal_begin(journal, KW_SOON, error);
        if (code < 0)
            break;
        for (int i = 0; code == 0 && i < count; i++)
            code = settle(journal, &rows[i], days, changed, error);
        if (code == 0)
            code = kw_journal_commit(journal, error);
        else
            kw_journal_rollback(journal);
        kw_journal_make_way(began_ms);
    }
    return code;
}
