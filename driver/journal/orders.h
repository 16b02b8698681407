/* orders.h - what an office has its tills erase, until they have said that it is done. Private to this room. */
#ifndef KW_JOURNAL_ORDERS_H
#define KW_JOURNAL_ORDERS_H

#include "journal/journal.h"
#include "record/batch.h"

/*
 * Inside a transaction, all of them. *ordered: a till that pushes here will be told, false where its sale came in
 * another way. A sale that is not here yet may come from any till with that handle.
 */
int kw_orders_add(struct kw_journal *journal, const struct kw_batch_order *order, bool *ordered,
                  struct kw_error *error);
/* The oldest ones that are for a till's journal (its origin, 0 nothing came of it yet), which has that handle now. */
int kw_orders_list(struct kw_journal *journal, int64_t origin, uint32_t handle, struct kw_batch_head *head,
                   struct kw_error *error);
/* What that journal's event says it did. */
int kw_orders_settle(struct kw_journal *journal, int64_t origin, const char *detail, struct kw_error *error);

#endif
