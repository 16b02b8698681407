/* erasure.h - what erasing does to a sale of any journal. Private to this room. */
#ifndef KW_JOURNAL_ERASURE_H
#define KW_JOURNAL_ERASURE_H

#include "journal/journal.h"

/* Inside a transaction: the times of a sale, its events, prints and answers become whole hours. */
int kw_erasure_blur(struct kw_journal *journal, int64_t sale, struct kw_error *error);

#endif
