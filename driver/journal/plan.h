/* plan.h - how many invitations an experiment was planned for: said by a chained event at its first sale. */
#ifndef KW_JOURNAL_PLAN_H
#define KW_JOURNAL_PLAN_H

#include "base/error.h"
#include "record/counts.h"

struct kw_journal;

/*
 * Inside the transaction that adds a sale with an arm: where the last word on its campaign is another one, and at its
 * first sale with a number, an event of the sale says so.
 */
int kw_plan_keep(struct kw_journal *journal, const struct kw_touchpoint *sale, const struct kw_plan *plan,
                 struct kw_error *error);
/* What was said, here and in merged journals, in order of time. */
int kw_plans_each(struct kw_journal *journal, kw_plan_sink sink, void *data, struct kw_error *error);
/* Inside a transaction, when events up to that one are about to be cut off: plans are said again, of their own time. */
int kw_plans_restate(struct kw_journal *journal, int64_t up_to, struct kw_error *error);

#endif
