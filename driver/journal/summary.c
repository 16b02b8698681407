/* summary.c - the readings of a report. */
#include "journal/summary.h"

#include "base/clock.h"
#include "journal/awaited.h"
#include "journal/cells.h"
#include "journal/loop.h"
#include "journal/past.h"
#include "journal/rows.h"
#include "journal/seal.h"
#include "journal/touchpoint.h"

#include <string.h>

/* Cells on their way to a reader, and the sales that no cell counts yet, each of which takes its place among them. */
struct telling {
    enum kw_view view;
    kw_cell_sink sink;
    void *data;
    const struct kw_touchpoint *awaited;    /* the next of those that are left */
    size_t left;
};

static int compare_places(const struct kw_touchpoint *one, const struct kw_touchpoint *two)
{
    const int of_stores = strcmp(one->store, two->store);
    return one->day != two->day ? (one->day < two->day ? -1 : 1) : of_stores ? of_stores : strcmp(one->till, two->till);
}

/* Those that go before this cell; NULL: all that are left. */
static int tell_awaited(struct telling *telling, const struct kw_cell *before)
{
    int code = 0;
    while (code >= 0 && telling->left > 0) {
        const struct kw_cell cell = kw_cell_of(telling->awaited, telling->view);
        if (before && compare_places(&cell.facts, &before->facts) > 0)
            break;
        telling->awaited++;
        telling->left--;
        code = telling->sink(telling->data, &cell);
    }
    return code;
}

static int tell_cell(struct telling *telling, const struct kw_cell *cell)
{
    int code = cell->n == 0 ? 0 : tell_awaited(telling, cell);
    return code < 0 || cell->n == 0 ? code : telling->sink(telling->data, cell);
}

static int each_cell(struct kw_journal *journal, const char *sql, const int64_t days[2], struct telling *telling,
                     struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, sql, error);
    if (!row)
        return KWIT_E_IO;
    const enum kw_view view = telling->view;
    int code = 0, status = SQLITE_DONE;
    const bool place = view == KW_VIEW_PLACE, kind = view == KW_VIEW_KIND;       /* the texts of others are not read */
    sqlite3_bind_int(row, 1, view);
    sqlite3_bind_int64(row, 2, days[0]);
    sqlite3_bind_int64(row, 3, days[1]);
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const struct kw_cell cell = { .facts = { .day = sqlite3_column_int64(row, 0),
                                                 .store = kind ? "" : kw_column_text(row, 1),
                                                 .till = place ? kw_column_text(row, 2) : "",
                                                 .kind = sqlite3_column_int(row, 4),
                                                 .klass = sqlite3_column_int(row, 5),
                                                 .reason = sqlite3_column_int(row, 6),
                                                 .variant = (uint8_t)sqlite3_column_int(row, 7),
                                                 .language = kind ? kw_column_text(row, 8) : "",
                                                 .cashier = place ? kw_column_text(row, 9) : "",
                                                 .variant_p_bp = sqlite3_column_int(row, 10),
                                                 .p_bp = sqlite3_column_int(row, 11),
                                                 .channel = kind ? kw_column_text(row, 12) : "",
                                                 .campaign = place ? kw_column_text(row, 13) : "",
                                                 .forced = sqlite3_column_int(row, 14) != 0,
                                                 .drawn = sqlite3_column_int(row, 15) != 0,
                                                 .flag = (uint8_t)sqlite3_column_int(row, 16),
                                                 .expires_day = sqlite3_column_int64(row, 17) },
                                      .hour = sqlite3_column_int(row, 3),
                                      .n = sqlite3_column_int64(row, 18) };
        code = tell_cell(telling, &cell);
    }
    return kw_journal_walked(journal, row, code, status, error);
}

/* Those of sales that were pruned come first: their days are the earlier ones. */
static const char past[] = "SELECT day, store, till, hour, kind, class, reason, variant, language, '',"
                           " variant_p_bp, p_bp, channel, campaign, forced, drawn, flag, expires_day, n"
                           " FROM past_cell WHERE view = ? AND day BETWEEN ? AND ? ORDER BY day, store, till",
                  live[] = "SELECT day, store, till, hour, kind, class, reason, variant, language, cashier,"
                           " variant_p_bp, p_bp, channel, campaign, forced, drawn, flag, expires_day, n FROM cell"
                           " WHERE view = ? AND day BETWEEN ? AND ? ORDER BY day, store, till";

static int tell_all(struct kw_journal *journal, const int64_t days[2], struct telling *telling, struct kw_arena *arena,
                    struct kw_error *error)
{
    struct kw_touchpoint *awaited = NULL;
    int code = kw_awaited_list(journal, days[0], days[1], arena, &awaited, &telling->left, error);
    telling->awaited = awaited;
    if (code == 0)
        code = each_cell(journal, past, days, telling, error);
    if (code >= 0)
        code = each_cell(journal, live, days, telling, error);
    return code < 0 ? code : tell_awaited(telling, NULL);
}

/* In one moment: a sale is awaited, then counted, then pruned. A statement may make its tables, but before that. */
int kw_summary_cells(struct kw_journal *journal, enum kw_view view, int64_t from_day, int64_t to_day, kw_cell_sink sink,
                     void *data, struct kw_error *error)
{
    const int64_t days[] = { from_day, to_day };
    struct telling telling = { .view = view, .sink = sink, .data = data };
    bool began = false;
    if (!kw_journal_prepare(journal, past, error))
        return error->code;
    struct kw_arena *arena = kw_arena_new(KW_AWAITED_CEILING);
    int code = arena ? kw_journal_begin_reading(journal, &began, error)
                     : kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    if (code == 0)
        code = tell_all(journal, days, &telling, arena, error);
    if (began)
        kw_journal_rollback(journal);
    kw_arena_free(arena);
    return code;
}

static int score(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? KW_SCORE_NONE : sqlite3_column_int(row, column);
}

int kw_summary_answers(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                       struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal,
                                           "SELECT " KW_TOUCHPOINT_COLUMNS_OF("t.")
                                           ", a.id, a.submitted_ms, a.printed_ms, a.nps, a.csat, a.ces, a.contact,"
                                           " coalesce(a.first_nps, a.nps), a.own"
                                           " FROM answer a CROSS JOIN import i ON i.id = a.import AND i.complete = 1 "
                                           "CROSS JOIN touchpoint t ON t.sale = a.sale"
                                           " WHERE a.verdict = 10 AND a.day BETWEEN ? AND ? ORDER BY a.sale, "
                                           "a.submitted_ms = 0, a.submitted_ms, a.id",
                                           error);
    if (!row)
        return KWIT_E_IO;
    bool began;
    int code = kw_journal_begin_reading(journal, &began, error), status = SQLITE_DONE;
    int64_t previous = 0;
    if (code == 0)                      /* in one moment with the others: a prune makes these of those */
        code = kw_past_answers(journal, from_day, to_day, sink, data, error);
    sqlite3_bind_int64(row, 1, from_day);
    sqlite3_bind_int64(row, 2, to_day);
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        enum { AT = KW_TOUCHPOINT_COLUMN_COUNT };
        struct kw_counted answer = { .id = sqlite3_column_int64(row, AT),
                                     .submitted_ms = sqlite3_column_int64(row, AT + 1),
                                     .printed_ms = sqlite3_column_int64(row, AT + 2),
                                     .nps = score(row, AT + 3),
                                     .csat = score(row, AT + 4),
                                     .ces = score(row, AT + 5),
                                     .contact = sqlite3_column_int(row, AT + 6) != 0,
                                     .first_nps = score(row, AT + 7),
                                     .own = kw_column_text(row, AT + 8) };
        kw_touchpoint_row(row, &answer.facts);
        answer.sale = answer.facts.sale;
        answer.hour = kw_touchpoint_hour(&answer.facts);
        answer.first = answer.sale != previous;
        previous = answer.sale;
        code = sink(data, &answer);
    }
    code = kw_journal_walked(journal, row, code, status, error);
    if (began)
        kw_journal_rollback(journal);
    return code;
}

int kw_summary_comments(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_comment_sink sink, void *data,
                        struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal,
                                           "SELECT a.id, a.submitted_ms, t.day, t.store, t.till, a.comment, t.kind,"
                                           " a.nps, a.csat, a.ces, t.refunded_ms > 0 FROM answer a JOIN import i ON i.id = a.import AND"
                                           " i.complete = 1 JOIN touchpoint t ON t.sale = a.sale WHERE a.verdict = 10"
                                           " AND a.comment <> '' AND t.flag = 0 AND a.day BETWEEN ? AND ?"
                                           " ORDER BY a.submitted_ms DESC, a.id DESC",
                                           error);
    if (!row)
        return KWIT_E_IO;
    int code = 0, status = SQLITE_DONE;
    sqlite3_bind_int64(row, 1, from_day);
    sqlite3_bind_int64(row, 2, to_day);
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        const struct kw_comment comment = { .id = sqlite3_column_int64(row, 0),
                                            .submitted_ms = sqlite3_column_int64(row, 1),
                                            .day = sqlite3_column_int64(row, 2),
                                            .store = kw_column_text(row, 3),
                                            .till = kw_column_text(row, 4),
                                            .comment = kw_column_text(row, 5),
                                            .kind = sqlite3_column_int(row, 6),
                                            .nps = score(row, 7),
                                            .csat = score(row, 8),
                                            .ces = score(row, 9),
                                            .refunded = sqlite3_column_int(row, 10) != 0 };
        code = sink(data, &comment);
    }
    return kw_journal_walked(journal, row, code, status, error);
}

static int each_marked(struct kw_journal *journal, const char *sql, const int64_t days[2], kw_cell_sink sink,
                       void *data, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, sql, error);
    if (!row)
        return error->code;
    int code = 0, status = SQLITE_DONE;
    sqlite3_bind_int64(row, 1, days[0]);
    sqlite3_bind_int64(row, 2, days[1]);
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        struct kw_cell sale = { .n = 1 };
        kw_touchpoint_row(row, &sale.facts);
        sale.hour = kw_touchpoint_hour(&sale.facts);
        code = sink(data, &sale);
    }
    return kw_journal_walked(journal, row, code, status, error);
}

int kw_summary_signs(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data,
                     struct kw_error *error)
{
    static const char signs[] = "SELECT " KW_TOUCHPOINT_COLUMNS " FROM touchpoint INDEXED BY touchpoint_signs"
                                " WHERE (signs > 0 OR annulled_ms > 0) AND day BETWEEN ? AND ? AND reason = 0"
                                " AND forced = 0 AND flag = 0",
                      known[] = "SELECT " KW_TOUCHPOINT_COLUMNS " FROM touchpoint INDEXED BY touchpoint_earlier"
                                " WHERE earlier > 0 AND day BETWEEN ? AND ? AND reason = 0 AND forced = 0 AND flag = 0"
                                " AND signs = 0 AND annulled_ms = 0";
    const int64_t days[] = { from_day, to_day };
    int code = each_marked(journal, signs, days, sink, data, error);
    return code < 0 ? code : each_marked(journal, known, days, sink, data, error);
}

int kw_summary_verdicts(struct kw_journal *journal, int64_t from_day, int64_t to_day,
                        int64_t counts[KW_VERDICT_COUNT], int64_t *reach_ms, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(
        journal,
        "SELECT 0, 0, max(reach_ms) FROM import WHERE complete = 1 UNION ALL"
        " SELECT verdict, count(*), 0 FROM answer JOIN import ON import.id = answer.import"
        " WHERE complete = 1 AND (answer.day IS NULL OR answer.day BETWEEN ?1 AND ?2) GROUP BY verdict UNION ALL"
        " SELECT 10, coalesce(sum(n), 0), 0 FROM past_answer WHERE day BETWEEN ?1 AND ?2",
        error);
    if (!row)
        return KWIT_E_IO;
    int status;
    *reach_ms = 0;
    memset(counts, 0, KW_VERDICT_COUNT * sizeof *counts);
    sqlite3_bind_int64(row, 1, from_day);
    sqlite3_bind_int64(row, 2, to_day);
    while ((status = sqlite3_step(row)) == SQLITE_ROW) {
        int verdict = sqlite3_column_int(row, 0);
        if (verdict > 0 && verdict < KW_VERDICT_COUNT)
            counts[verdict] += sqlite3_column_int64(row, 1);
        else
            *reach_ms = sqlite3_column_int64(row, 2);
    }
    int code = status == SQLITE_DONE ? 0 : kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    return code;
}

int kw_summary_days(struct kw_journal *journal, int64_t *first, int64_t *last, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT min(first), max(last) FROM (SELECT (SELECT day FROM cell"
                                           " WHERE view = 0 AND n > 0 ORDER BY day LIMIT 1) AS first, (SELECT day FROM"
                                           " cell WHERE view = 0 AND n > 0 ORDER BY day DESC LIMIT 1) AS last UNION ALL"
                                           " SELECT (SELECT day FROM past_cell WHERE view = 0 ORDER BY day LIMIT 1),"
                                           " (SELECT day FROM past_cell WHERE view = 0 ORDER BY day DESC LIMIT 1)"
                                           " UNION ALL SELECT min(day), max(day) FROM " KW_AWAITED ")",
                                           error);
    if (!row)
        return KWIT_E_IO;
    int code = 0;
    if (sqlite3_step(row) != SQLITE_ROW)
        code = kw_journal_fail(journal, "reading", error);
    else if (sqlite3_column_type(row, 0) == SQLITE_NULL)
        code = kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "there is no sale in this journal yet");
    else {
        *first = sqlite3_column_int64(row, 0);
        *last = sqlite3_column_int64(row, 1);
    }
    kw_journal_reset(row);
    return code;
}

int kw_summary_head(struct kw_journal *journal, int64_t *n, uint8_t hash[16], struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT n, hash FROM event ORDER BY n DESC LIMIT 1", error);
    if (!row)
        return KWIT_E_IO;
    *n = 0;
    memset(hash, 0, 16);
    if (sqlite3_step(row) == SQLITE_ROW && sqlite3_column_bytes(row, 1) == 16) {
        *n = sqlite3_column_int64(row, 0);
        memcpy(hash, sqlite3_column_blob(row, 1), 16);
    }
    kw_journal_reset(row);
    return 0;
}

static void read_alert(sqlite3_stmt *row, struct kw_alert *alert)
{
    *alert = (struct kw_alert){ .id = sqlite3_column_int64(row, 0),
                                .raised_ms = sqlite3_column_int64(row, 1),
                                .acknowledged_ms = sqlite3_column_int64(row, 2),
                                .closed_ms = sqlite3_column_int64(row, 3),
                                .submitted_ms = sqlite3_column_int64(row, 4),
                                .sale = sqlite3_column_int64(row, 5),
                                .kind = kw_column_text(row, 6),
                                .who = kw_column_text(row, 7),
                                .store = kw_column_text(row, 8),
                                .till = kw_column_text(row, 9),
                                .comment = kw_column_text(row, 10),
                                .nps = score(row, 11),
                                .csat = score(row, 12),
                                .ces = score(row, 13),
                                .told_ms = sqlite3_column_int64(row, 14),
                                .refunded = sqlite3_column_int(row, 15) != 0,
                                .receipt = kw_column_text(row, 16),
                                .token = kw_column_text(row, 17),
                                .contact = sqlite3_column_int(row, 18) != 0 };
}

/* id 0: any but those to codes that nobody gave out (6), and to sales that are set aside. */
static int each_alert(struct kw_journal *journal, bool open_only, int64_t id, kw_alert_sink sink, void *data,
                      int *count, struct kw_error *error)
{
    sqlite3_stmt *row =
        kw_journal_prepare(journal,
                           "SELECT alert.id, raised_ms, acknowledged_ms, closed_ms, submitted_ms, answer.sale,"
                           " alert.kind, who, coalesce(touchpoint.store, ''),"
                           " coalesce(till, ''), comment, nps, csat, ces, told_ms,"
                           " coalesce(refunded_ms, 0) > 0, iif(name LIKE 'erased:%', '', coalesce(name, '')),"
                           " token, EXISTS (SELECT 1 FROM contact WHERE answer = answer.id) FROM alert"
                           " JOIN answer ON answer.id = alert.answer"
                           " JOIN import ON import.id = answer.import AND complete = 1 LEFT JOIN touchpoint ON"
                           " touchpoint.sale = answer.sale LEFT JOIN sale ON sale.id = answer.sale"
                           " WHERE (NOT ?1 OR closed_ms = 0) AND (alert.id = ?2 OR (?2 = 0 AND answer.verdict <> 6 AND NOT EXISTS"
                           " (SELECT 1 FROM aside WHERE aside.handle = answer.handle AND aside.day = answer.day"
                           " AND aside.seq = answer.seq)))"
                           " ORDER BY iif(submitted_ms > 0, submitted_ms, raised_ms), alert.id",
                           error);
    if (!row)
        return KWIT_E_IO;
    int code = 0, status = SQLITE_DONE;
    struct kw_alert alert;
    *count = 0;
    sqlite3_bind_int(row, 1, open_only);
    sqlite3_bind_int64(row, 2, id);
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        read_alert(row, &alert);
        code = sink(data, &alert);
        ++*count;
    }
    return kw_journal_walked(journal, row, code, status, error);
}

int kw_alerts_each(struct kw_journal *journal, bool open_only, kw_alert_sink sink, void *data, struct kw_error *error)
{
    int count;
    return each_alert(journal, open_only, 0, sink, data, &count, error);
}

int kw_alert_find(struct kw_journal *journal, int64_t id, kw_alert_sink sink, void *data, struct kw_error *error)
{
    int count, code = each_alert(journal, false, id, sink, data, &count, error);
    return code == 0 && count == 0 ? kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "there is no alert %lld",
                                             (long long)id) : code;
}

/* Its sale, when nobody has done with it what is to be done now. */
static int find_alert(struct kw_journal *journal, int64_t id, bool close, int64_t *sale, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(
        journal,
        "SELECT answer.sale, acknowledged_ms, closed_ms, who FROM alert JOIN answer ON answer.id = alert.answer"
        " WHERE alert.id = ?",
        error);
    if (!row)
        return KWIT_E_IO;
    sqlite3_bind_int64(row, 1, id);
    int code = sqlite3_step(row) == SQLITE_ROW ? 0 : kw_fail(error, KWIT_E_NOT_FOUND, journal->path,
                                                             "there is no alert %lld", (long long)id);
    *sale = code == 0 ? sqlite3_column_int64(row, 0) : 0;
    bool closed = code == 0 && sqlite3_column_int64(row, 2) > 0;
    if (closed || (code == 0 && !close && sqlite3_column_int64(row, 1) > 0))
        code = kw_fail(error, KWIT_E_CONFLICT, journal->path, "alert %lld is %s already%s%s", (long long)id,
                       closed ? "closed" : "acknowledged", kw_column_text(row, 3)[0] ? ", by " : "",
                       kw_column_text(row, 3));
    kw_journal_reset(row);
    return code;
}

int kw_alert_mark(struct kw_journal *journal, int64_t id, const char *who, bool close, struct kw_error *error)
{
    int64_t sale, now = kw_clock_wall_ms();
    int code = kw_seal_watch(journal, error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = find_alert(journal, id, close, &sale, error);
    sqlite3_stmt *row =
        code == 0 ? kw_journal_prepare(journal,
                                       "UPDATE alert SET acknowledged_ms = CASE acknowledged_ms WHEN 0 THEN ?1"
                                       " ELSE acknowledged_ms END, closed_ms = CASE WHEN ?2 AND closed_ms = 0 THEN ?1 "
                                       "ELSE closed_ms END,"
                                       " who = CASE who WHEN '' THEN ?3 ELSE who END WHERE id = ?4",
                                       error)
                  : NULL;
    if (code == 0 && !row)
        code = KWIT_E_IO;
    if (row) {
        sqlite3_bind_int64(row, 1, now);
        sqlite3_bind_int(row, 2, close);
        kw_bind_text(row, 3, who);
        sqlite3_bind_int64(row, 4, id);
        code = kw_journal_done(journal, row, error);
    }
    if (code == 0 && close)
        code = kw_contact_end(journal, id, now, error);
    if (code == 0 && sale > 0)
        code = kw_touchpoint_event(journal, sale, close ? KW_EVENT_CLOSED : KW_EVENT_ACKNOWLEDGED, "", now, error);
    if (code == 0)
        return kw_journal_commit(journal, error);
    kw_journal_rollback(journal);
    return code;
}
