/*
 * pg_read.c - what a report reads of sales. The tills of a store are summed up first where something changed since; a
 * report then reads what is alike in a store, and not each till's share of it.
 */
#include "office/pg/internal.h"

int kw_pg_each(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values,
               kw_pg_row_reader reader, void *data, struct kw_error *error)
{
    int code = kw_pg_send(pg, statement, values, error), failed = 0;
    PGresult *row;
    while (code == 0 && pg->link && (row = PQgetResult(pg->link))) {
        const ExecStatusType status = PQresultStatus(row);
        if (status == PGRES_SINGLE_TUPLE && failed == 0)
            failed = reader(row, data);
        else if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && failed == 0)
            failed = kw_pg_fail(pg, row, error);
        PQclear(row);
    }
    return code < 0 ? code : failed;
}

/* ---- the second sums ---------------------------------------------------------------------------------------- */

/* A batch that comes meanwhile waits for the day's mark, and marks it again. */
static int sum_day(struct kw_pg *pg, int64_t day, struct kw_error *error)
{
    static const enum kw_pg_statement steps[] = { KW_PG_CLEAN_DAY, KW_PG_DROP_DAY, KW_PG_SUM_DAY };
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, day);
    int code = kw_pg_say(pg, "BEGIN", error);
    if (code < 0)
        return code;
    code = kw_pg_run(pg, KW_PG_LOCK_DAY, &values, NULL, error);
    for (size_t i = 0; code == 0 && i < sizeof steps / sizeof steps[0]; i++)
        code = kw_pg_run(pg, steps[i], &values, NULL, error);
    return kw_pg_end(pg, code, error);
}

static int sum_up(struct kw_pg *pg, struct kw_error *error)
{
    PGresult *days;
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_DIRTY_DAYS, NULL, &days, error);
    if (code < 0)
        return code;
    for (int row = 0; code == 0 && row < PQntuples(days); row++)
        code = sum_day(pg, kw_pg_get(days, row, 0), error);
    PQclear(days);
    return code;
}

/* ---- the readings ------------------------------------------------------------------------------------------- */

int kw_pg_hold(void *store, struct kw_error *error)
{
    struct kw_pg *pg = store;
    int code = sum_up(pg, error);
    if (code == 0)
        code = kw_pg_say(pg, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", error);
    pg->is_held = code == 0;
    return code;
}

void kw_pg_release(void *store)
{
    struct kw_pg *pg = store;
    struct kw_error ignored;
    pg->is_held = false;
    if (pg->link)
        kw_pg_say(pg, "ROLLBACK", &ignored);
}

int kw_pg_days(void *store, int64_t *first, int64_t *last, struct kw_error *error)
{
    struct kw_pg *pg = store;
    PGresult *rows;
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_DAYS, NULL, &rows, error);
    if (code < 0)
        return code;
    const bool is_empty = PQgetisnull(rows, 0, 0);
    *first = kw_pg_get(rows, 0, 0);
    *last = kw_pg_get(rows, 0, 1);
    PQclear(rows);
    return is_empty ? kw_fail(error, KWIT_E_NOT_FOUND, "[office] store", "there is no sale in this store yet") : 0;
}

struct cell_reading { kw_cell_sink sink; void *data; };

static int read_cell(const PGresult *row, void *data)
{
    const struct cell_reading *reading = data;
    const struct kw_cell cell = { .facts = { .day = kw_pg_get(row, 0, 0),
                                             .store = PQgetvalue(row, 0, 1),
                                             .till = PQgetvalue(row, 0, 2),
                                             .kind = (enum kw_sale_kind)kw_pg_get(row, 0, 4),
                                             .klass = (enum kw_class)kw_pg_get(row, 0, 5),
                                             .reason = (enum kw_suppression)kw_pg_get(row, 0, 6),
                                             .variant = (uint8_t)kw_pg_get(row, 0, 7),
                                             .language = PQgetvalue(row, 0, 8),
                                             .cashier = PQgetvalue(row, 0, 9),
                                             .variant_p_bp = (int)kw_pg_get(row, 0, 10),
                                             .p_bp = (int)kw_pg_get(row, 0, 11),
                                             .channel = PQgetvalue(row, 0, 12),
                                             .campaign = PQgetvalue(row, 0, 13),
                                             .forced = kw_pg_get(row, 0, 14) != 0,
                                             .drawn = kw_pg_get(row, 0, 15) != 0,
                                             .flag = (uint8_t)kw_pg_get(row, 0, 16),
                                             .expires_day = kw_pg_get(row, 0, 17) },
                                  .hour = (int)kw_pg_get(row, 0, 3),
                                  .n = kw_pg_get(row, 0, 18) };
    return reading->sink(reading->data, &cell);
}

int kw_pg_cells_each(void *store, enum kw_view view, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data,
                     struct kw_error *error)
{
    struct cell_reading reading = { sink, data };
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, view);
    kw_pg_number(&values, from_day);
    kw_pg_number(&values, to_day);
    int code = kw_pg_reach(store, error);
    return code < 0 ? code : kw_pg_each(store, KW_PG_STORE_DAYS, &values, read_cell, &reading, error);
}

static int read_sign(const PGresult *row, void *data)
{
    const struct cell_reading *reading = data;
    struct kw_cell sale = { .n = 1 };
    kw_pg_touchpoint(row, 0, &sale.facts);
    sale.hour = kw_touchpoint_hour(&sale.facts);
    return reading->sink(reading->data, &sale);
}

int kw_pg_signs(void *store, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data, struct kw_error *error)
{
    struct cell_reading reading = { sink, data };
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, from_day);
    kw_pg_number(&values, to_day);
    int code = kw_pg_reach(store, error);
    return code < 0 ? code : kw_pg_each(store, KW_PG_SIGNS, &values, read_sign, &reading, error);
}

struct plan_reading { kw_plan_sink sink; void *data; };

static int read_plan(const PGresult *row, void *data)
{
    const struct plan_reading *reading = data;
    struct kw_plan plan = { .ts_ms = kw_pg_get(row, 0, 1) };
    return kw_plan_read(PQgetvalue(row, 0, 0), &plan) ? reading->sink(reading->data, &plan) : 0;
}

int kw_pg_plans(void *store, kw_plan_sink sink, void *data, struct kw_error *error)
{
    struct plan_reading reading = { sink, data };
    int code = kw_pg_reach(store, error);
    return code < 0 ? code : kw_pg_each(store, KW_PG_PLANS, NULL, read_plan, &reading, error);
}
