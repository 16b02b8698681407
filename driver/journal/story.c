/* story.c - each sale with what became of it, read side by side in the order of sales; none of it is kept. */
#include "journal/ledger.h"

#include "journal/rows.h"

/* Reprints are few and are not kept by sale: one look through the events finds them, in order. */
static const char reprints_sql[] =
    "SELECT sale, count(*) FROM (SELECT sale FROM event WHERE ev = 7 AND sale BETWEEN 1 AND"
    " (1 << 40) - 1 UNION ALL SELECT origin << 40 | sale FROM foreign_event WHERE ev = 7"
    " AND sale BETWEEN 1 AND (1 << 40) - 1) GROUP BY 1 ORDER BY 1";
#define FIRST(event)                                                                                                   \
    "(SELECT first_ms FROM opening JOIN import ON import.id = opening.import AND complete = 1"                         \
    " WHERE opening.sale = +t.sale AND ev = " event ")"
static const char sales_sql[] =
    "SELECT " KW_TOUCHPOINT_COLUMNS_OF("t.") ", coalesce((SELECT uuid FROM origin WHERE id = t.sale >> 40), ''), "
    FIRST("9") ", " FIRST("10") " FROM touchpoint t WHERE day BETWEEN ? AND ? ORDER BY t.sale";
static const char answers_sql[] = "SELECT verdict, submitted_ms, nps, csat, ces FROM answer JOIN import"
                                  " ON import.id = answer.import WHERE sale = ? AND complete = 1"
                                  " ORDER BY verdict <> 10, submitted_ms = 0, submitted_ms, answer.id";

struct telling {
    struct kw_journal *journal;
    sqlite3_stmt *sales, *reprints, *answers;
    int of_reprints;                /* status of that statement */
    struct kw_error *error;
};

static int score(sqlite3_stmt *row, int column)
{
    return sqlite3_column_type(row, column) == SQLITE_NULL ? KW_SCORE_NONE : sqlite3_column_int(row, column);
}

static int64_t count_reprints(struct telling *telling, int64_t sale)
{
    while (telling->of_reprints == SQLITE_ROW && sqlite3_column_int64(telling->reprints, 0) < sale)
        telling->of_reprints = sqlite3_step(telling->reprints);
    bool here = telling->of_reprints == SQLITE_ROW && sqlite3_column_int64(telling->reprints, 0) == sale;
    return here ? sqlite3_column_int64(telling->reprints, 1) : 0;
}

/* The first row is the one that counts; another valid one with other scores contests it. */
static int read_answers(struct telling *telling, struct kw_story *story)
{
    sqlite3_stmt *row = telling->answers;
    int status;
    story->nps = story->csat = story->ces = KW_SCORE_NONE;
    sqlite3_bind_int64(row, 1, story->facts.sale);
    while ((status = sqlite3_step(row)) == SQLITE_ROW) {
        const int verdict = sqlite3_column_int(row, 0), nps = score(row, 2), csat = score(row, 3), ces = score(row, 4);
        if (story->answers++ == 0) {
            story->verdict = verdict;
            story->submitted_ms = sqlite3_column_int64(row, 1);
            story->nps = nps, story->csat = csat, story->ces = ces;
        } else if (verdict == KW_VERDICT_MATCHED)
            story->contested = story->contested || nps != story->nps || csat != story->csat || ces != story->ces;
    }
    int code = status == SQLITE_DONE ? 0 : kw_journal_fail(telling->journal, "reading", telling->error);
    kw_journal_reset(row);
    return code;
}

static int tell(struct telling *telling, kw_story_sink sink, void *data)
{
    enum { AT = KW_TOUCHPOINT_COLUMN_COUNT };
    struct kw_story story = { .opened_ms = sqlite3_column_int64(telling->sales, AT + 1),
                              .started_ms = sqlite3_column_int64(telling->sales, AT + 2) };
    kw_touchpoint_row(telling->sales, &story.facts);
    story.origin = kw_column_text(telling->sales, AT);
    story.reprints = count_reprints(telling, story.facts.sale);
    int code = read_answers(telling, &story);
    return code < 0 ? code : sink(data, &story);
}

int kw_ledger_each(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_story_sink sink, void *data,
                   struct kw_error *error)
{
    struct telling telling = { .journal = journal, .error = error };
    telling.sales = kw_journal_prepare(journal, sales_sql, error);
    telling.reprints = telling.sales ? kw_journal_prepare(journal, reprints_sql, error) : NULL;
    telling.answers = telling.reprints ? kw_journal_prepare(journal, answers_sql, error) : NULL;
    if (!telling.answers)
        return error->code;
    int code = 0, status = SQLITE_DONE;
    sqlite3_bind_int64(telling.sales, 1, from_day);
    sqlite3_bind_int64(telling.sales, 2, to_day);
    telling.of_reprints = sqlite3_step(telling.reprints);
    while (code >= 0 && (status = sqlite3_step(telling.sales)) == SQLITE_ROW)
        code = tell(&telling, sink, data);
    if (code >= 0
        && (status != SQLITE_DONE || (telling.of_reprints != SQLITE_ROW && telling.of_reprints != SQLITE_DONE)))
        code = kw_journal_fail(journal, "reading", error);
    kw_journal_reset(telling.sales);
    kw_journal_reset(telling.reprints);
    return code;
}
