/* pg_tend.c - what nobody asks for: answers whose sales came late, addresses that are due, tables of weeks to come. */
#include "office/pg/internal.h"

#include "base/clock.h"

#include <stdio.h>

enum { EVERY_MS = 3600000, WEEKS_AHEAD = 3 };

/* So that no batch of a Monday morning waits for its tables. */
static int make_weeks_ahead(struct kw_pg *pg, int64_t today, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    char list[80] = "{";
    const int64_t week = today / KW_PG_WEEK;
    int length = 1;
    for (int i = 0; i < WEEKS_AHEAD; i++)
        length += snprintf(list + length, sizeof list - (size_t)length, "%s%lld", i ? "," : "", (long long)week + i);
    snprintf(list + length, sizeof list - (size_t)length, "}");
    kw_pg_text(&values, list);
    return kw_pg_run(pg, KW_PG_MAKE_WEEKS, &values, NULL, error);
}

int kw_pg_tend(struct kw_pg *pg, const struct kw_shop_days *days, struct kw_error *error)
{
    const int64_t now_ms = kw_clock_wall_ms(), today = kw_shop_day(days, now_ms);
    int code = kw_pg_reach(pg, error);
    if (code == 0)                                  /* a server that is gone shows itself when it is asked */
        code = kw_pg_run(pg, KW_PG_VERSION_ROW, NULL, NULL, error);
    if (code < 0 || (pg->tended_ms > 0 && kw_clock_boot_ms() < pg->tended_ms + EVERY_MS))
        return code;
    code = make_weeks_ahead(pg, today, error);
    if (code == 0)
        code = kw_pg_rejudge(pg, days, 0, 0, today, error);
    if (code == 0)
        code = kw_pg_loop.forget(pg, now_ms, error);
    if (code == 0)
        pg->tended_ms = kw_clock_boot_ms();
    return code;
}
