/*
 * pg_aside.c - sales of a stolen or cloned till that do not count, kept in a table of their own until a person takes
 * that back (as the journal's own aside.c). All of it in the caller's transaction.
 */
#include "office/pg/internal.h"

#include <stdlib.h>

enum { LINES = 64 * 1024 * 1024 };

struct moving {
    struct kw_pg *pg;
    struct kw_pg_aside *aside;
    struct kw_pg_values values;             /* its journal, and from which event on */
    struct kw_pg_lines lines;
    struct kw_error *error;
};

static int run(struct moving *moving, enum kw_pg_statement statement)
{
    return kw_pg_run(moving->pg, statement, &moving->values, NULL, moving->error);
}

/* "{1,2}" of the sales in these rows. */
static int unjudge(struct moving *moving, const PGresult *rows)
{
    struct kw_pg_values values = { .count = 0 };
    struct kw_buffer *list = &moving->lines.bytes;
    const int column = PQfnumber(rows, "sale");
    kw_buffer_clear(list);
    for (int row = 0; row < PQntuples(rows); row++)
        kw_buffer_format(list, "%s%s", row ? "," : "{", PQgetvalue(rows, row, column));
    kw_buffer_text(list, "}");
    if (list->failed)
        return kw_fail(moving->error, KWIT_E_NO_MEMORY, "", "out of memory");
    kw_pg_number(&values, moving->aside->journal);
    kw_pg_text(&values, kw_buffer_string(list));
    return kw_pg_run(moving->pg, KW_PG_UNJUDGE, &values, NULL, moving->error);
}

static void note_day(struct kw_pg_aside *aside, int64_t day)
{
    aside->days[0] = day < aside->days[0] ? day : aside->days[0];
    aside->days[1] = day > aside->days[1] ? day : aside->days[1];
}

/* Their cells, added or taken away. */
static int count(struct moving *moving, const PGresult *rows, bool away)
{
    struct kw_pg_fold fold = { .journal = moving->aside->journal, .count = (size_t)PQntuples(rows) };
    fold.sales = calloc(fold.count, sizeof *fold.sales);
    if (!fold.sales)
        return kw_fail(moving->error, KWIT_E_NO_MEMORY, "", "out of memory");
    for (size_t i = 0; i < fold.count; i++) {
        struct kw_pg_sale *sale = &fold.sales[i];
        kw_pg_touchpoint(rows, (int)i, &sale->touchpoint);
        note_day(moving->aside, sale->touchpoint.day);
        sale->counted = away ? sale->touchpoint.klass : KW_CLASS_UNTOLD;
        sale->touchpoint.klass = away ? KW_CLASS_UNTOLD : sale->touchpoint.klass;
    }
    kw_buffer_clear(&moving->lines.bytes);
    kw_pg_fold_cells(&fold, &moving->lines);
    int code = kw_pg_copy(moving->pg, kw_pg_cells, &moving->lines, moving->error);
    free(fold.sales);
    return code;
}

static int take_back(struct moving *moving)
{
    PGresult *rows;
    int code = kw_pg_run(moving->pg, KW_PG_ASIDE_SALES, &moving->values, &rows, moving->error);
    const bool any = code == 0 && PQntuples(rows) > 0;
    if (any)
        code = count(moving, rows, false);
    PQclear(rows);
    if (any && code == 0)
        code = run(moving, KW_PG_PUT_BACK);
    if (any && code == 0)
        code = run(moving, KW_PG_DROP_ASIDE);
    return code < 0 || !any ? code : run(moving, KW_PG_UNJUDGE_UNISSUED);
}

static int put_aside(struct moving *moving, int64_t from_n)
{
    PGresult *rows;
    kw_pg_number(&moving->values, from_n);
    int code = kw_pg_run(moving->pg, KW_PG_SALES_FROM, &moving->values, &rows, moving->error);
    const bool any = code == 0 && PQntuples(rows) > 0;
    if (any)
        code = count(moving, rows, true);
    if (any && code == 0)
        code = unjudge(moving, rows);
    PQclear(rows);
    if (any && code == 0)
        code = run(moving, KW_PG_PUT_ASIDE);
    return code < 0 || !any ? code : run(moving, KW_PG_DROP_SALES);
}

static void set_journal(struct moving *moving)
{
    moving->values.count = 0;
    kw_pg_number(&moving->values, moving->aside->journal);
}

int kw_pg_set_aside(struct kw_pg *pg, struct kw_pg_aside *aside, int64_t from_n, struct kw_error *error)
{
    struct moving moving = { .pg = pg, .aside = aside, .error = error };
    kw_buffer_init(&moving.lines.bytes, LINES);
    set_journal(&moving);
    int code = take_back(&moving);
    if (code == 0 && from_n > 0)
        code = put_aside(&moving, from_n);
    set_journal(&moving);
    if (code == 0)
        code = run(&moving, KW_PG_PUT_CELLS);
    if (code == 0)
        code = run(&moving, KW_PG_PUT_DIRTY);
    kw_pg_number(&moving.values, from_n);
    if (code == 0)
        code = run(&moving, KW_PG_SET_FROM);
    kw_buffer_free(&moving.lines.bytes);
    return code;
}
