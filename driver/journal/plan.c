/* plan.c - plans of experiments among the chained events: "2000 daily title". */
#include "journal/plan.h"

#include "journal/rows.h"
#include "journal/touchpoint.h"

#include <stdio.h>
#include <string.h>

enum { DETAIL = 400, PLANS_CEILING = 4 * 1024 * 1024 };

int kw_plan_keep(struct kw_journal *journal, const struct kw_touchpoint *sale, const struct kw_plan *plan,
                 struct kw_error *error)
{
    char detail[DETAIL];
    struct kw_plan said = { 0 };
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT detail FROM event WHERE ev = 24 ORDER BY ts_ms DESC,"
                                           " n DESC", error);
    if (!row)
        return KWIT_E_IO;
    int status = SQLITE_DONE;
    bool found = false;
    while (!found && (status = sqlite3_step(row)) == SQLITE_ROW)
        found = kw_plan_read(kw_column_text(row, 0), &said) && strcmp(said.campaign, plan->campaign) == 0;
    int code = found || status == SQLITE_DONE ? 0 : kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    if (code < 0 || (found ? said.n == plan->n && said.daily == plan->daily : plan->n == 0))
        return code;
    snprintf(detail, sizeof detail, "%lld %s %.300s", (long long)plan->n, kw_plan_look(plan), plan->campaign);
    return kw_touchpoint_event(journal, sale->sale, KW_EVENT_PLANNED, detail, sale->ts_ms, error);
}

int kw_plans_each(struct kw_journal *journal, kw_plan_sink sink, void *data, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal,
                                           "SELECT detail, ts_ms FROM event WHERE ev = 24 UNION ALL"
                                           " SELECT detail, ts_ms FROM foreign_event WHERE ev = 24 ORDER BY ts_ms",
                                           error);
    if (!row)
        return KWIT_E_IO;
    int code = 0, status = SQLITE_DONE;
    while (code >= 0 && (status = sqlite3_step(row)) == SQLITE_ROW) {
        struct kw_plan plan = { .ts_ms = sqlite3_column_int64(row, 1) };
        if (kw_plan_read(kw_column_text(row, 0), &plan))
            code = sink(data, &plan);
    }
    return kw_journal_walked(journal, row, code, status, error);
}

struct said { const char *detail; int64_t ts_ms; };

static bool take_said(sqlite3_stmt *row, struct kw_arena *arena, void *out)
{
    struct said *said = out;
    *said = (struct said){ kw_arena_string(arena, kw_column_text(row, 0)), sqlite3_column_int64(row, 1) };
    return said->detail != NULL;
}

int kw_plans_restate(struct kw_journal *journal, int64_t up_to, struct kw_error *error)
{
    struct kw_arena *arena = kw_arena_new(PLANS_CEILING);
    sqlite3_stmt *row = arena ? kw_journal_prepare(journal, "SELECT detail, ts_ms FROM event WHERE ev = 24 AND n <= ?"
                                                   " ORDER BY n", error) : NULL;
    void *rows = NULL;
    size_t count = 0;
    int code = arena ? row ? 0 : (int)error->code
                     : kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
    if (row)
        sqlite3_bind_int64(row, 1, up_to);
    if (code == 0)
        code = kw_journal_rows(journal, row, arena, sizeof(struct said), take_said, &rows, &count, error);
    const struct said *said = rows;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = kw_touchpoint_event(journal, 0, KW_EVENT_PLANNED, said[i].detail, said[i].ts_ms, error);
    kw_arena_free(arena);
    return code;
}
