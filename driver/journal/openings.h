/* openings.h - what a shop's own page saw beside an answer: the survey opened or started, the shop's reply seen. */
#ifndef KW_JOURNAL_OPENINGS_H
#define KW_JOURNAL_OPENINGS_H

#include "journal/touchpoint.h"
#include "record/counts.h"

/*
 * Inside a transaction: KW_EVENT_OPENED, KW_EVENT_STARTED or KW_EVENT_REPLY_SEEN of a sale, chained once; the earliest
 * time counts. *added: false when that was known already.
 */
int kw_opening_add(struct kw_journal *journal, int64_t import, int64_t sale, enum kw_event event, int64_t ts_ms,
                   bool *added, struct kw_error *error);

int kw_summary_measured(struct kw_journal *journal, struct kw_opening_measured *measured, struct kw_error *error);

/* Of sales of these days; forced ones and tests are left out. */
int kw_summary_openings(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_opening_sink sink, void *data,
                        struct kw_error *error);

#endif
