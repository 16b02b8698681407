/* plan.c - plans of experiments among the chained events: "2000 daily title". */
#include "journal/plan.h"

#include "journal/rows.h"
#include "journal/touchpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DETAIL = 400 };
static const char *const looks[] = { "once", "daily" };

/* False where it is no plan. */
static bool read_detail(const char *detail, struct kw_plan *plan)
{
    char *end;
    plan->n = strtoll(detail, &end, 10);
    for (int i = 0; i < 2 && *end == ' '; i++) {
        size_t length = strlen(looks[i]);
        if (strncmp(end + 1, looks[i], length) != 0 || end[1 + length] != ' ')
            continue;
        plan->daily = i == 1;
        plan->campaign = end + length + 2;
        return plan->n >= 0;
    }
    return false;
}

int kw_plan_keep(struct kw_journal *journal, const struct kw_touchpoint *sale, const struct kw_plan *plan,
                 struct kw_error *error)
{
    char detail[DETAIL];
    struct kw_plan said = { 0 };
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT detail FROM event WHERE ev = 24 ORDER BY n DESC", error);
    if (!row)
        return KWIT_E_IO;
    int status = SQLITE_DONE;
    bool found = false;
    while (!found && (status = sqlite3_step(row)) == SQLITE_ROW)
        found = read_detail(kw_column_text(row, 0), &said) && strcmp(said.campaign, plan->campaign) == 0;
    int code = found || status == SQLITE_DONE ? 0 : kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    if (code < 0 || (found ? said.n == plan->n && said.daily == plan->daily : plan->n == 0))
        return code;
    snprintf(detail, sizeof detail, "%lld %s %.300s", (long long)plan->n, looks[plan->daily], plan->campaign);
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
        if (read_detail(kw_column_text(row, 0), &plan))
            code = sink(data, &plan);
    }
    if (code >= 0 && status != SQLITE_DONE)
        code = kw_journal_fail(journal, "reading", error);
    kw_journal_reset(row);
    return code;
}
