/* past.c - folds what is about to be pruned into counts, and tells those to the report. */
#include "journal/past.h"

#include "base/clock.h"
#include "journal/rows.h"
#include "journal/touchpoint.h"

/* Behind the sale ?1, up to 200 with answers, or with openings, of days before ?2. */
#define END_OF(table)                                                                                                  \
    "SELECT coalesce(max(sale), 0) FROM (SELECT DISTINCT sale FROM " table " WHERE sale > ?1 AND EXISTS (SELECT 1"     \
    " FROM touchpoint t WHERE t.sale = " table ".sale AND t.day < ?2) ORDER BY sale LIMIT 200)"
/* Those of the sales behind ?1 and up to ?3. */
#define RUN_OF(table)                                                                                                  \
    "sale > ?1 AND sale <= ?3 AND EXISTS (SELECT 1 FROM touchpoint t WHERE t.sale = " table ".sale AND t.day < ?2)"

/* ---- answers ------------------------------------------------------------------------------------------------ */

static int count_answer(struct kw_journal *journal, const struct kw_counted *answer, struct kw_error *error)
{
    const struct kw_touchpoint *t = &answer->facts;
    const int64_t numbers[] = { t->day, answer->hour, t->kind, t->klass, t->variant, t->variant_p_bp, t->p_bp,
                                t->expires_day, t->refunded_ms > 0, answer->nps, answer->csat, answer->ces,
                                answer->first_nps };
    const char *texts[] = { t->store, t->till, t->language, t->channel, t->campaign, answer->own };
    sqlite3_stmt *row = kw_journal_prepare(journal, "INSERT INTO past_answer(day, hour, kind, class, variant,"
                                           " variant_p_bp, p_bp, expires_day, refunded, nps, csat, ces, first_nps,"
                                           " store, till, language, channel, campaign, own, n) VALUES(?, ?, ?, ?, ?, ?,"
                                           " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET"
                                           " n = n + 1", error);
    if (!row)
        return error->code;
    int at = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sqlite3_bind_int64(row, ++at, numbers[i]);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        kw_bind_text(row, ++at, texts[i]);
    return kw_journal_done(journal, row, error);
}

/* What a report would have counted of them: the first to each sale, of invitations that chance chose. */
static int count_answers(struct kw_journal *journal, const int64_t run[3], struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT " KW_TOUCHPOINT_COLUMNS_OF("t.") ", coalesce(a.nps, -1),"
                                           " coalesce(a.csat, -1), coalesce(a.ces, -1),"
                                           " coalesce(a.first_nps, a.nps, -1), a.own FROM answer a JOIN import i ON"
                                           " i.id = a.import AND i.complete = 1 JOIN touchpoint t ON t.sale = a.sale"
                                           " WHERE a.sale > ?1 AND a.sale <= ?3 AND t.day < ?2 AND a.verdict = 10"
                                           " ORDER BY a.sale, a.submitted_ms = 0, a.submitted_ms, a.id", error);
    if (!row)
        return error->code;
    enum { AT = KW_TOUCHPOINT_COLUMN_COUNT };
    int64_t previous = 0;
    int code = 0, status = SQLITE_DONE;
    for (int i = 0; i < 3; i++)
        sqlite3_bind_int64(row, i + 1, run[i]);
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        struct kw_counted answer = { .nps = sqlite3_column_int(row, AT), .csat = sqlite3_column_int(row, AT + 1),
                                     .ces = sqlite3_column_int(row, AT + 2),
                                     .first_nps = sqlite3_column_int(row, AT + 3),
                                     .own = kw_column_text(row, AT + 4) };
        kw_touchpoint_row(row, &answer.facts);
        answer.hour = kw_touchpoint_hour(&answer.facts);
        const struct kw_touchpoint *t = &answer.facts;
        if (t->sale != previous && !t->forced && !t->flag && t->reason == KW_SUPPRESSED_NONE)
            code = count_answer(journal, &answer, error);
        previous = t->sale;
    }
    code = kw_journal_walked(journal, row, code, status, error);
    return code < 0 ? code : kw_journal_run_with(journal, "DELETE FROM answer WHERE " RUN_OF("answer"), run, 3, error);
}

/* ---- openings ----------------------------------------------------------------------------------------------- */

static int count_openings(struct kw_journal *journal, const int64_t run[3], struct kw_error *error)
{
    int code = kw_journal_run_with(journal, "INSERT INTO past_opening(day, ev, class, n) SELECT t.day, o.ev, max(t.class, 0),"
                                   " count(*) FROM opening o JOIN import i ON i.id = o.import AND i.complete = 1"
                                   " JOIN touchpoint t ON t.sale = o.sale WHERE o.sale > ?1 AND o.sale <= ?3"
                                   " AND t.day < ?2 AND NOT t.forced AND t.flag = 0 GROUP BY 1, 2, 3"
                                   " ON CONFLICT DO UPDATE SET n = n + excluded.n", run, 3, error);
    return code < 0 ? code
                    : kw_journal_run_with(journal, "DELETE FROM opening WHERE " RUN_OF("opening"), run, 3, error);
}

/* ---- sales -------------------------------------------------------------------------------------------------- */

/* The columns of both tables of counts. */
#define CELL_COLUMNS                                                                                                   \
    "view, day, store, till, hour, kind, class, reason, variant, language, variant_p_bp, p_bp, channel, campaign,"     \
    " forced, drawn, flag, expires_day"

int kw_past_cells_fold(struct kw_journal *journal, int64_t before_day, struct kw_error *error)
{
    int code = kw_journal_run_with(journal, "INSERT INTO past_cell(" CELL_COLUMNS ", n) SELECT " CELL_COLUMNS ", sum(n)"
                                   " FROM cell WHERE day < ?1 AND n <> 0 GROUP BY " CELL_COLUMNS " ON CONFLICT DO"
                                   " UPDATE SET n = n + excluded.n", &before_day, 1, error);
    return code < 0 ? code : kw_journal_run_with(journal, "DELETE FROM cell WHERE day < ?", &before_day, 1, error);
}

/* ---- folding ------------------------------------------------------------------------------------------------ */

typedef int (*count_run)(struct kw_journal *journal, const int64_t run[3], struct kw_error *error);

static int fold(struct kw_journal *journal, const char *end, count_run count, int64_t before_day,
                struct kw_error *error)
{
    int64_t run[] = { 0, before_day, 1 };
    int code = 0;
    while (code == 0) {
        code = kw_journal_number(journal, end, run, 2, &run[2], error);
        if (code < 0 || run[2] == 0)
            break;
        int64_t began_ms = kw_clock_boot_ms();
        code = kw_journal_begin(journal, KW_SOON, error);
        if (code == 0)
            code = kw_journal_end(journal, count(journal, run, error), error);
        kw_journal_make_way(began_ms);
        run[0] = run[2];
    }
    return code;
}

int kw_past_fold(struct kw_journal *journal, int64_t before_day, struct kw_error *error)
{
    int code = fold(journal, END_OF("answer"), count_answers, before_day, error);
    return code < 0 ? code : fold(journal, END_OF("opening"), count_openings, before_day, error);
}

/* ---- telling ------------------------------------------------------------------------------------------------ */

static void read_answer(sqlite3_stmt *row, struct kw_counted *answer)
{
    *answer = (struct kw_counted){ .facts = { .day = sqlite3_column_int64(row, 0),
                                              .kind = sqlite3_column_int(row, 2),
                                              .klass = sqlite3_column_int(row, 3),
                                              .variant = (uint8_t)sqlite3_column_int(row, 4),
                                              .variant_p_bp = sqlite3_column_int(row, 5),
                                              .p_bp = sqlite3_column_int(row, 6),
                                              .expires_day = sqlite3_column_int64(row, 7),
                                              .refunded_ms = sqlite3_column_int(row, 8),
                                              .store = kw_column_text(row, 13),
                                              .till = kw_column_text(row, 14),
                                              .language = kw_column_text(row, 15),
                                              .channel = kw_column_text(row, 16),
                                              .campaign = kw_column_text(row, 17),
                                              .cashier = "",
                                              .has_token = true },
                                   .hour = sqlite3_column_int(row, 1),
                                   .nps = sqlite3_column_int(row, 9),
                                   .csat = sqlite3_column_int(row, 10),
                                   .ces = sqlite3_column_int(row, 11),
                                   .first_nps = sqlite3_column_int(row, 12),
                                   .own = kw_column_text(row, 18),
                                   .first = true };
}

int kw_past_answers(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                    struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT day, hour, kind, class, variant, variant_p_bp, p_bp,"
                                           " expires_day, refunded, nps, csat, ces, first_nps, store, till, language,"
                                           " channel, campaign, own, n FROM past_answer WHERE day BETWEEN ? AND ?",
                                           error);
    if (!row)
        return error->code;
    int code = 0, status = SQLITE_DONE;
    sqlite3_bind_int64(row, 1, from_day);
    sqlite3_bind_int64(row, 2, to_day);
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        struct kw_counted answer;
        read_answer(row, &answer);
        for (int64_t n = sqlite3_column_int64(row, 19); code >= 0 && n > 0; n--)
            code = sink(data, &answer);
    }
    return kw_journal_walked(journal, row, code, status, error);
}

int kw_past_openings(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_opening_sink sink, void *data,
                     struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT ev, class, n FROM past_opening WHERE day BETWEEN ? AND ?",
                                           error);
    if (!row)
        return error->code;
    int code = 0, status = SQLITE_DONE;
    sqlite3_bind_int64(row, 1, from_day);
    sqlite3_bind_int64(row, 2, to_day);
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const struct kw_opening opening = { .event = sqlite3_column_int(row, 0), .klass = sqlite3_column_int(row, 1) };
        for (int64_t n = sqlite3_column_int64(row, 2); code >= 0 && n > 0; n--)
            code = sink(data, &opening);
    }
    return kw_journal_walked(journal, row, code, status, error);
}
