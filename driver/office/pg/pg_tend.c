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

/* A file that holds all answers is imported again and again: what went does not come back with it. */
static int put_mark(struct kw_pg *pg, const char *name, int64_t value, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    kw_pg_text(&values, name);
    kw_pg_number(&values, value);
    return kw_pg_run(pg, KW_PG_PUT_MARK, &values, NULL, error);
}

static int wipe_comments(struct kw_pg *pg, int64_t before_ms, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, before_ms);
    int code = put_mark(pg, "comments_from_ms", before_ms, error);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_WIPE_REPLIES, &values, NULL, error);
    return code < 0 ? code : kw_pg_run(pg, KW_PG_WIPE_COMMENTS, &values, NULL, error);
}

/* The first day whose rows stay: none goes that can still be answered. */
static int find_first_kept(struct kw_pg *pg, int64_t today, int rows_days, int64_t *day, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *rows;
    kw_pg_number(&values, today);
    kw_pg_number(&values, today - rows_days);
    int code = kw_pg_run(pg, KW_PG_FIRST_OPEN, &values, &rows, error);
    *day = code == 0 ? kw_pg_get(rows, 0, 0) : 0;
    PQclear(rows);
    return code;
}

/* What has no week: sales set aside, answers whose codes told no day, and thank-yous for answers that are gone. */
static int drop_others(struct kw_pg *pg, int64_t first_week, struct kw_error *error)
{
    const int64_t day_ms = 86400000, before_day = first_week * KW_PG_WEEK;
    struct kw_pg_values values = { .count = 0 }, days = { .count = 0 };
    kw_pg_number(&days, before_day);
    kw_pg_number(&values, (KW_FIRST_DAY + before_day) * day_ms);
    int code = put_mark(pg, "before_day", before_day, error);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_DROP_OLD_ASIDE, &days, NULL, error);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_DROP_UNTOLD, &values, NULL, error);
    return code < 0 ? code : kw_pg_run(pg, KW_PG_DROP_REWARDS, NULL, NULL, error);
}

/* Each week in a transaction of its own; a connection that knew its tables makes them again when they are needed. */
static int drop_weeks(struct kw_pg *pg, int64_t before_day, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *weeks;
    int64_t last = -1;
    kw_pg_number(&values, before_day);
    int code = kw_pg_run(pg, KW_PG_OLD_WEEKS, &values, &weeks, error);
    for (int row = 0; code == 0 && row < PQntuples(weeks); row++) {
        struct kw_pg_values week = { .count = 0 };
        last = kw_pg_get(weeks, row, 0);
        kw_pg_number(&week, last);
        code = kw_pg_run(pg, KW_PG_DROP_WEEK, &week, NULL, error);
    }
    PQclear(weeks);
    return code < 0 || last < 0 ? code : drop_others(pg, last + 1, error);
}

static int let_go(struct kw_pg *pg, const struct kw_pg_keep *keep, int64_t today, int64_t now_ms,
                  struct kw_error *error)
{
    const int64_t day_ms = 86400000;
    int64_t first_kept = 0;
    int code = 0;
    if (keep->comments_days > 0)
        code = wipe_comments(pg, now_ms - keep->comments_days * day_ms, error);
    if (code < 0 || keep->rows_days == 0)
        return code;
    code = find_first_kept(pg, today, keep->rows_days, &first_kept, error);
    return code < 0 ? code : drop_weeks(pg, first_kept, error);
}

int kw_pg_tend(struct kw_pg *pg, const struct kw_shop_days *days, const struct kw_pg_keep *keep,
               struct kw_error *error)
{
    const int64_t now_ms = kw_clock_wall_ms(), today = kw_shop_day(days, now_ms), till_today[] = { 0, today };
    int64_t settled = 0;
    int code = kw_pg_reach(pg, error);
    if (code == 0)                                  /* a server that is gone shows itself when it is asked */
        code = kw_pg_run(pg, KW_PG_VERSION_ROW, NULL, NULL, error);
    if (code < 0 || (pg->tended_ms > 0 && kw_clock_boot_ms() < pg->tended_ms + EVERY_MS))
        return code;
    code = make_weeks_ahead(pg, today, error);
    if (code == 0)
        code = kw_pg_rejudge(pg, days, 0, till_today, &settled, error);
    if (code == 0)
        code = kw_pg_loop.forget(pg, now_ms, error);
    if (code == 0)
        code = let_go(pg, keep, today, now_ms, error);
    if (code == 0)
        pg->tended_ms = kw_clock_boot_ms();
    return code;
}
