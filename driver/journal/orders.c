/* orders.c - what an office has its tills erase, until they have said that it is done. */
#include "journal/orders.h"

#include "base/clock.h"
#include "journal/rows.h"

int kw_orders_add(struct kw_journal *journal, const struct kw_batch_order *order, bool *ordered,
                  struct kw_error *error)
{
    const int64_t bound[] = { order->handle, order->day, order->seq, kw_clock_wall_ms() };
    int64_t there = 0;
    int code = kw_journal_number(journal, "WITH it AS (SELECT sale >> 40 AS origin FROM touchpoint WHERE handle = ?1"
                                 " AND day = ?2 AND seq = ?3) SELECT NOT EXISTS (SELECT 1 FROM it) OR EXISTS (SELECT 1"
                                 " FROM it JOIN origin ON origin.id = it.origin JOIN till ON till.uuid = origin.uuid)",
                                 bound, 3, &there, error);
    *ordered = there != 0;
    return code < 0 || !there
               ? code
               : kw_journal_run_with(journal, "INSERT OR IGNORE INTO erasing(handle, day, seq, ordered_ms)"
                                     " VALUES(?1, ?2, ?3, ?4)", bound, 4, error);
}

int kw_orders_list(struct kw_journal *journal, int64_t origin, uint32_t handle, struct kw_batch_head *head,
                   struct kw_error *error)
{
    int status = SQLITE_DONE;
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT handle, day, seq FROM erasing LEFT JOIN touchpoint"
                                           " USING(handle, day, seq) WHERE CASE WHEN sale IS NULL THEN handle = ?2 ELSE"
                                           " sale >> 40 = ?1 END ORDER BY ordered_ms, day, seq LIMIT ?3", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, origin);
    sqlite3_bind_int64(row, 2, handle);
    sqlite3_bind_int(row, 3, KW_BATCH_ORDERS);
    head->order_count = 0;
    while (head->order_count < KW_BATCH_ORDERS && (status = sqlite3_step(row)) == SQLITE_ROW)
        head->orders[head->order_count++] = (struct kw_batch_order){ .handle = (uint32_t)sqlite3_column_int64(row, 0),
                                                                     .day = sqlite3_column_int64(row, 1),
                                                                     .seq = (uint32_t)sqlite3_column_int64(row, 2) };
    return kw_journal_stepped(journal, row, status, error);
}

int kw_orders_settle(struct kw_journal *journal, int64_t origin, const char *detail, struct kw_error *error)
{
    struct kw_batch_order order;
    if (!kw_batch_order_read(detail, &order))
        return 0;
    const int64_t bound[] = { order.handle, order.day, order.seq, origin };
    return kw_journal_run_with(journal, "DELETE FROM erasing WHERE handle = ?1 AND day = ?2 AND seq = ?3 AND NOT EXISTS"
                               " (SELECT 1 FROM touchpoint WHERE handle = ?1 AND day = ?2 AND seq = ?3 AND sale >> 40"
                               " <> ?4)", bound, 4, error);
}
