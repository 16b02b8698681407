/*
 * pg_late.c - the sales of earlier batches that a batch speaks of: found, and put beside its own. Mostly their codes
 * have expired.
 */
#include "office/pg/internal.h"

#include <stdlib.h>

enum { RUN = 3, LIST = 1024 * 1024 };

static int compare(const void *left, const void *right)
{
    const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a < b ? -1 : a > b;
}

/* In their order and each once; their own numbers. */
static size_t list_late(const struct kw_pg_fold *fold, const struct kw_batch *batch, int64_t *sales)
{
    size_t count = 0, kept = 0;
    for (size_t i = 0; i < batch->count; i++) {
        const int64_t sale = batch->events[i].sale;
        if (kw_pg_is_own(sale) && (count == 0 || sales[count - 1] != sale) && !kw_pg_fold_find(fold, sale))
            sales[count++] = sale;
    }
    qsort(sales, count, sizeof *sales, compare);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || sales[kept - 1] != sales[i])
            sales[kept++] = sales[i];
    return kept;
}

static int ask_for_list(struct kw_pg *pg, const struct kw_pg_fold *fold, const int64_t *sales, size_t count,
                        PGresult **rows, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    struct kw_buffer list;
    kw_buffer_init(&list, LIST);
    for (size_t i = 0; i < count; i++)
        kw_buffer_format(&list, "%s%lld", i ? "," : "{", (long long)(fold->journal << KW_PG_SALE_BITS | sales[i]));
    kw_buffer_text(&list, "}");
    kw_pg_number(&values, fold->journal);
    kw_pg_text(&values, kw_buffer_string(&list));
    const int code = list.failed ? kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory")
                                 : kw_pg_run(pg, KW_PG_LATE, &values, rows, error);
    kw_buffer_free(&list);
    return code;
}

static int ask_for_run(struct kw_pg *pg, const struct kw_pg_fold *fold, int64_t first, int64_t last, PGresult **rows,
                       struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, fold->journal);
    kw_pg_number(&values, fold->journal << KW_PG_SALE_BITS | first);
    kw_pg_number(&values, fold->journal << KW_PG_SALE_BITS | last);
    return kw_pg_run(pg, KW_PG_LATE_RUN, &values, rows, error);
}

/* Of those in a run between them nothing is said. One that came twice, which no till says, has no room. */
static void fold_rows(struct kw_pg_fold *fold, size_t room, const PGresult *rows, const int64_t *sales, size_t count)
{
    for (int row = 0; row < PQntuples(rows) && fold->count < room; row++) {
        struct kw_pg_sale sale = { .own = 0 };
        kw_pg_touchpoint(rows, row, &sale.touchpoint);
        sale.own = sale.touchpoint.sale & (((int64_t)1 << KW_PG_SALE_BITS) - 1);
        sale.counted = sale.touchpoint.klass;
        if (bsearch(&sale.own, sales, count, sizeof *sales, compare))
            fold->sales[fold->count++] = sale;
    }
}

int kw_pg_fold_late(struct kw_pg *pg, struct kw_pg_fold *fold, const struct kw_batch *batch, struct kw_arena *arena,
                    PGresult **rows, struct kw_error *error)
{
    int64_t *sales = kw_arena_array(arena, batch->count, sizeof *sales);
    *rows = NULL;
    if (!sales)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    const size_t count = list_late(fold, batch, sales);
    if (count == 0)
        return 0;
    const int64_t first = sales[0], last = sales[count - 1];
    const int code = last - first < RUN * (int64_t)count ? ask_for_run(pg, fold, first, last, rows, error)
                                                         : ask_for_list(pg, fold, sales, count, rows, error);
    if (code == 0)
        fold_rows(fold, batch->count, *rows, sales, count);
    return code;
}
