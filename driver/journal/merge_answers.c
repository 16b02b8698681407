/*
 * merge_answers.c - the answers that another journal imported, judged anew against the sales that are here now.
 * Importing the same file here and merging the journal that imported it come to the same: an answer has one key.
 */
#include "journal/merge.h"

#include "base/clock.h"
#include "journal/internal.h"
#include "journal/openings.h"

#include <string.h>

/* A walk over rows of the other journal, in transactions of at most 200 rows that are news here. */
struct walk {
    struct kw_merging *merging;
    int64_t began_ms, import;       /* ours of the row at hand */
    int in_batch;
};

static int begin_row(struct walk *walk)
{
    if (walk->in_batch++ > 0)
        return 0;
    walk->began_ms = kw_clock_boot_ms();
    return kw_journal_begin(walk->merging->journal, KW_SOON, walk->merging->error);
}

static int end_batch(struct walk *walk, int code)
{
    if (walk->in_batch == 0 || (code == 0 && walk->in_batch < KW_MERGE_BATCH))
        return code;
    walk->in_batch = 0;
    return kw_merge_end(walk->merging, code, walk->began_ms);
}

typedef int (*row_action)(struct walk *walk, sqlite3_stmt *row);

static int each_row(struct kw_merging *merging, const char *sql, row_action act)
{
    struct walk walk = { .merging = merging };
    sqlite3_stmt *row = kw_journal_prepare(merging->other, sql, merging->error);
    if (!row)
        return merging->error->code;
    int code = 0, status = SQLITE_DONE;
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW)
        code = end_batch(&walk, act(&walk, row));
    code = kw_journal_walked(merging->other, row, code, status, merging->error);
    if (walk.in_batch > 0) {
        walk.in_batch = KW_MERGE_BATCH;
        code = end_batch(&walk, code);
    }
    return code;
}

/* ---- imports ------------------------------------------------------------------------------------------------ */

/* Columns platform, form and began_ms of the other's import, from `at` on, name it here too. */
static sqlite3_stmt *for_import(struct kw_merging *merging, const char *sql, sqlite3_stmt *theirs, int at)
{
    sqlite3_stmt *row = kw_journal_prepare(merging->journal, sql, merging->error);
    if (row) {
        kw_bind_text(row, 1, kw_column_text(theirs, at));
        kw_bind_text(row, 2, kw_column_text(theirs, at + 1));
        sqlite3_bind_int64(row, 3, sqlite3_column_int64(theirs, at + 2));
    }
    return row;
}

/* Ours of the import that the row came with, made when it is new: invisible until all of it is here. */
static int find_import(struct walk *walk, sqlite3_stmt *theirs, int at)
{
    struct kw_merging *merging = walk->merging;
    sqlite3_stmt *row =
        for_import(merging, "SELECT max(id) FROM import WHERE platform = ? AND form = ? AND began_ms = ?", theirs, at);
    if (!row)
        return merging->error->code;
    walk->import = sqlite3_step(row) == SQLITE_ROW ? sqlite3_column_int64(row, 0) : 0;
    kw_journal_reset(row);
    if (walk->import > 0)
        return 0;
    row = for_import(merging,
                     "INSERT INTO import(platform, form, began_ms, complete, rows, reach_ms) VALUES(?, ?, ?, 0, 0, 0)",
                     theirs, at);
    int code = row ? kw_journal_done(merging->journal, row, merging->error) : (int)merging->error->code;
    walk->import = sqlite3_last_insert_rowid(merging->journal->db);
    return code;
}

static int finish_import(struct walk *walk, sqlite3_stmt *theirs)
{
    enum { TOTALS = 4 };
    int code = begin_row(walk);
    if (code == 0)
        code = find_import(walk, theirs, 0);
    int64_t bound[TOTALS + 1];
    for (int i = 0; i < TOTALS; i++)
        bound[i] = sqlite3_column_int64(theirs, 3 + i);
    bound[TOTALS] = walk->import;
    return code < 0 ? code
                    : kw_journal_run_with(walk->merging->journal,
                                          "UPDATE import SET complete = 1, rows = ?1, reach_ms = ?2, opened = ?3,"
                                          " started = ?4 WHERE id = ?5 AND (complete = 0 OR reach_ms < ?2)",
                                          bound, TOTALS + 1, walk->merging->error);
}

/* ---- answers ------------------------------------------------------------------------------------------------ */

/* Places in a row of kw_merge_answers' first walk, behind the answer itself. */
enum { IMPORT_AT = 16, LINE = 19, FAULT, REVISION, EDITED, FIRST_NPS, FIRST_CSAT, FIRST_CES, SEALED, UNTIL, OWN,
       CONSENT };

static int score(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? KW_SCORE_NONE : sqlite3_column_int(row, column);
}

static void read_answer(sqlite3_stmt *row, struct kw_answer *answer)
{
    *answer = (struct kw_answer){ .submitted_ms = sqlite3_column_int64(row, 9),
                                  .token = kw_column_text(row, 1),
                                  .opened = sqlite3_column_type(row, 2) != SQLITE_NULL,
                                  .kid = (uint8_t)sqlite3_column_int(row, 2),
                                  .handle = (uint32_t)sqlite3_column_int64(row, 3),
                                  .day = sqlite3_column_int64(row, 4),
                                  .seq = (uint32_t)sqlite3_column_int64(row, 5),
                                  .variant = (uint8_t)sqlite3_column_int(row, 6),
                                  .flag = (uint8_t)sqlite3_column_int(row, 7),
                                  .verdict = sqlite3_column_int(row, 8),
                                  .nps = score(row, 10),
                                  .csat = score(row, 11),
                                  .ces = score(row, 12),
                                  .contact = sqlite3_column_int(row, 13) != 0,
                                  .language = kw_column_text(row, 14),
                                  .comment = kw_column_text(row, 15),
                                  .line = sqlite3_column_int64(row, LINE),
                                  .fault = kw_column_text(row, FAULT),
                                  .own = kw_column_text(row, OWN) };
    answer->complete = answer->verdict != KW_VERDICT_INCOMPLETE;
    if (sqlite3_column_bytes(row, 0) == KW_ANSWER_KEY)
        memcpy(answer->key, sqlite3_column_blob(row, 0), KW_ANSWER_KEY);
}

/* Whether it is here with everything it says, its customer's wish to hear of us too; most are, merged again. */
struct known { bool answer, contact; };

#define SAYS_SOMETHING "(coalesce(nps, csat, ces) IS NOT NULL OR comment <> '' OR own <> '')"

/* What its customer erased here is known, too, and does not come back with an older file. */
static struct known find_known(struct kw_merging *merging, const struct kw_answer *answer)
{
    struct known known = { false, false };
    sqlite3_stmt *row = kw_journal_prepare(merging->journal,
                                           "SELECT contact FROM answer JOIN import ON import.id = answer.import"
                                           " WHERE key = ? AND complete = 1 AND verdict NOT IN (12, 16)"
                                           " AND (" SAYS_SOMETHING " OR revision > 0)",
                                           merging->error);
    if (!row)
        return known;
    sqlite3_bind_blob(row, 1, answer->key, KW_ANSWER_KEY, SQLITE_STATIC);
    known.answer = sqlite3_step(row) == SQLITE_ROW;
    known.contact = known.answer && sqlite3_column_int(row, 0) != 0;
    kw_journal_reset(row);
    return known;
}

/* What the sales that are here say of it. A verdict on the token alone (mistyped, forged, …) stays. */
static int judge(struct kw_merging *merging, struct kw_answer *answer, int64_t *sale)
{
    *sale = 0;
    if (!answer->opened || answer->verdict < KW_VERDICT_CONFLICT || answer->verdict == KW_VERDICT_NO_TOKEN
        || answer->verdict == KW_VERDICT_FUTURE || answer->verdict == KW_VERDICT_MESSAGE
        || answer->verdict == KW_VERDICT_UNREADABLE)
        return 0;
    int code = kw_answer_judge(merging->journal, answer, merging->days, sale, merging->error);
    if (!answer->complete && answer->verdict == KW_VERDICT_MATCHED)
        answer->verdict = KW_VERDICT_INCOMPLETE;
    return code;
}

static void copy_score(sqlite3_stmt *to, int at, sqlite3_stmt *from, int column)
{
    if (sqlite3_column_type(from, column) != SQLITE_NULL)
        sqlite3_bind_int(to, at, sqlite3_column_int(from, column));
}

/* What its customer changed later on a page: the last scores count, the first ones stand beside. */
static int take_edits(struct walk *walk, sqlite3_stmt *theirs, const struct kw_answer *answer)
{
    static const int scores[] = { 10, 11, 12, FIRST_NPS, FIRST_CSAT, FIRST_CES };
    sqlite3_stmt *row = kw_journal_prepare(walk->merging->journal,
                                           "UPDATE answer SET revision = ?1, edited_ms = ?2, nps = ?3, csat = ?4,"
                                           " ces = ?5, first_nps = ?6, first_csat = ?7, first_ces = ?8, contact = ?9,"
                                           " comment = ?10, own = ?12 WHERE key = ?11 AND revision < ?1",
                                           walk->merging->error);
    if (!row)
        return walk->merging->error->code;
    sqlite3_bind_int64(row, 1, sqlite3_column_int64(theirs, REVISION));
    sqlite3_bind_int64(row, 2, sqlite3_column_int64(theirs, EDITED));
    for (int i = 0; i < 6; i++)
        copy_score(row, 3 + i, theirs, scores[i]);
    sqlite3_bind_int(row, 9, answer->contact);
    kw_bind_text(row, 10, answer->comment);
    sqlite3_bind_blob(row, 11, answer->key, KW_ANSWER_KEY, SQLITE_STATIC);
    kw_bind_text(row, 12, answer->own);
    return kw_journal_done(walk->merging->journal, row, walk->merging->error);
}

/* Sealed as it was, and forgotten as early; but an address that its customer took back here stays away. */
static int take_contact(struct walk *walk, sqlite3_stmt *theirs, const struct kw_answer *answer)
{
    sqlite3_stmt *row = kw_journal_prepare(walk->merging->journal,
                                           "INSERT OR IGNORE INTO contact(answer, sealed, until_ms,"
                                           " consent) SELECT id, ?1, ?2, ?4 FROM answer WHERE key = ?3"
                                           " AND contact <> 0",
                                           walk->merging->error);
    if (!row)
        return walk->merging->error->code;
    sqlite3_bind_blob(row, 1, sqlite3_column_blob(theirs, SEALED), sqlite3_column_bytes(theirs, SEALED), SQLITE_STATIC);
    sqlite3_bind_int64(row, 2, sqlite3_column_int64(theirs, UNTIL));
    sqlite3_bind_blob(row, 3, answer->key, KW_ANSWER_KEY, SQLITE_STATIC);
    sqlite3_bind_int64(row, 4, sqlite3_column_int64(theirs, CONSENT));
    return kw_journal_done(walk->merging->journal, row, walk->merging->error);
}

/* What its customer took back there, with a revision that is not older, is taken back here. */
static int take_back(struct walk *walk, sqlite3_stmt *theirs, const struct kw_answer *answer)
{
    static const char *const steps[] = {
        "UPDATE answer SET contact = 0 WHERE key = ?1 AND contact <> 0 AND revision <= ?2",
        "DELETE FROM contact WHERE answer = (SELECT id FROM answer WHERE key = ?1 AND contact = 0 AND revision = ?2)",
        "DELETE FROM reply WHERE answer = (SELECT id FROM answer WHERE key = ?1 AND revision = ?2 AND NOT "
        SAYS_SOMETHING ")",
    };
    int code = 0;
    for (size_t i = 0; code == 0 && i < sizeof steps / sizeof steps[0]; i++) {
        sqlite3_stmt *row = kw_journal_prepare(walk->merging->journal, steps[i], walk->merging->error);
        if (!row)
            return walk->merging->error->code;
        sqlite3_bind_blob(row, 1, answer->key, KW_ANSWER_KEY, SQLITE_STATIC);
        sqlite3_bind_int64(row, 2, sqlite3_column_int64(theirs, REVISION));
        code = kw_journal_done(walk->merging->journal, row, walk->merging->error);
        walk->merging->erased |= sqlite3_changes(walk->merging->journal->db) > 0;
    }
    return code;
}

static int take_answer(struct walk *walk, sqlite3_stmt *row)
{
    struct kw_merging *merging = walk->merging;
    struct kw_answer answer;
    enum kw_answer_change change = KW_ANSWER_KNOWN;
    int64_t sale = 0;
    read_answer(row, &answer);
    const struct known here = find_known(merging, &answer);
    const bool edited = sqlite3_column_int64(row, REVISION) > 0, reachable = sqlite3_column_bytes(row, SEALED) > 0,
               known = here.answer, taken_back = !answer.contact && (here.contact || edited);
    if (known && !edited && !reachable && !taken_back)
        return 0;
    int code = begin_row(walk);
    if (code == 0 && !known)
        code = find_import(walk, row, IMPORT_AT);
    if (code == 0 && !known)
        code = judge(merging, &answer, &sale);
    if (code == 0 && !known)
        code = kw_answer_add(merging->journal, walk->import, &answer, sale, &change, merging->error);
    if (code == 0 && edited)
        code = take_edits(walk, row, &answer);
    if (code == 0 && reachable)
        code = take_contact(walk, row, &answer);
    if (code == 0 && taken_back)
        code = take_back(walk, row, &answer);
    merging->merged->answers += code == 0 && (change == KW_ANSWER_ADDED || change == KW_ANSWER_TWIN);
    return code;
}

/* ---- what stands before and behind answers ------------------------------------------------------------------ */

static int take_opening(struct walk *walk, sqlite3_stmt *row)
{
    enum { IMPORT = 3 };
    struct kw_merging *merging = walk->merging;
    int64_t sale;
    bool added;
    int code = kw_merge_sale(merging, sqlite3_column_int64(row, 0), &sale);
    if (code == 0 && sale == 0)
        return 0;
    if (code == 0)
        code = begin_row(walk);
    if (code == 0)
        code = find_import(walk, row, IMPORT);
    return code < 0 ? code : kw_opening_add(merging->journal, walk->import, sale, sqlite3_column_int(row, 1),
                                            sqlite3_column_int64(row, 2), &added, merging->error);
}

/* Who looked after an alert there need not be looked after here. */
static int take_alert(struct walk *walk, sqlite3_stmt *theirs)
{
    struct kw_merging *merging = walk->merging;
    int code = begin_row(walk);
    sqlite3_stmt *row =
        code == 0 ? kw_journal_prepare(
            merging->journal,
            "UPDATE alert SET raised_ms = min(raised_ms, ?1), acknowledged_ms = max(acknowledged_ms, ?2),"
            " closed_ms = max(closed_ms, ?3), who = CASE who WHEN '' THEN ?4 ELSE who END"
            " WHERE answer = (SELECT id FROM answer WHERE key = ?5)"
            " AND (raised_ms > ?1 OR (acknowledged_ms = 0 AND ?2 > 0) OR (closed_ms = 0 AND ?3 > 0))",
            merging->error)
                  : NULL;
    if (!row)
        return merging->error->code;
    for (int i = 0; i < 3; i++)
        sqlite3_bind_int64(row, i + 1, sqlite3_column_int64(theirs, i));
    kw_bind_text(row, 4, kw_column_text(theirs, 3));
    sqlite3_bind_blob(row, 5, sqlite3_column_blob(theirs, 4), sqlite3_column_bytes(theirs, 4), SQLITE_STATIC);
    return kw_journal_done(merging->journal, row, merging->error);
}

/* The latest reply is the shop's; none to what was erased here, or was kept long enough. */
static int take_reply(struct walk *walk, sqlite3_stmt *theirs)
{
    struct kw_merging *merging = walk->merging;
    int code = begin_row(walk);
    sqlite3_stmt *row =
        code == 0 ? kw_journal_prepare(
            merging->journal,
            "INSERT INTO reply(answer, text, who, written_ms) SELECT id, ?1, ?2, ?3 FROM answer WHERE key = ?4"
            " AND " SAYS_SOMETHING " AND comment <> '[erased]' AND (submitted_ms = 0 OR submitted_ms >="
            " coalesce((SELECT value FROM meta WHERE key = 'comments_from_ms'), 0))"
            " ON CONFLICT(answer) DO UPDATE SET text = excluded.text, who = excluded.who,"
            " written_ms = excluded.written_ms WHERE excluded.written_ms > reply.written_ms",
            merging->error)
                  : NULL;
    if (!row)
        return merging->error->code;
    kw_bind_text(row, 1, kw_column_text(theirs, 0));
    kw_bind_text(row, 2, kw_column_text(theirs, 1));
    sqlite3_bind_int64(row, 3, sqlite3_column_int64(theirs, 2));
    sqlite3_bind_blob(row, 4, sqlite3_column_blob(theirs, 3), sqlite3_column_bytes(theirs, 3), SQLITE_STATIC);
    return kw_journal_done(merging->journal, row, merging->error);
}

int kw_merge_answers(struct kw_merging *merging)
{
    int code =
        each_row(merging,
                 "SELECT key, token, kid, handle, day, seq, variant, flag, verdict, submitted_ms, nps, csat, ces,"
                 " contact, language, comment, platform, form, began_ms, line, fault, revision, edited_ms, first_nps,"
                 " first_csat, first_ces, sealed, until_ms, own, consent FROM answer JOIN import"
                 " ON import.id = answer.import"
                 " LEFT JOIN contact ON contact.answer = answer.id WHERE complete = 1 ORDER BY answer.id",
                 take_answer);
    if (code == 0)
        code = each_row(merging, "SELECT sale, ev, first_ms, platform, form, began_ms FROM opening JOIN import"
                        " ON import.id = opening.import WHERE complete = 1", take_opening);
    if (code == 0)
        code = each_row(merging, "SELECT platform, form, began_ms, rows, reach_ms, opened, started FROM import"
                        " WHERE complete = 1", finish_import);
    if (code == 0)
        code = each_row(merging, "SELECT raised_ms, acknowledged_ms, closed_ms, who, key FROM alert"
                        " JOIN answer ON answer.id = alert.answer", take_alert);
    return code < 0 ? code : each_row(merging, "SELECT text, who, written_ms, key FROM reply JOIN answer"
                                      " ON answer.id = reply.answer JOIN import ON import.id = answer.import"
                                      " WHERE complete = 1", take_reply);
}
