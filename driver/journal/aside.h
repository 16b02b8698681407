/* aside.h - sales of a stolen or cloned till that do not count, till a person takes it back. Private to this room. */
#ifndef KW_JOURNAL_ASIDE_H
#define KW_JOURNAL_ASIDE_H

#include "journal/journal.h"

/* Inside a transaction: those of that origin whose first event is this one or a later one; all of them back. */
int kw_aside_put(struct kw_journal *journal, int64_t origin, int64_t from_n, struct kw_error *error);
int kw_aside_take_back(struct kw_journal *journal, int64_t origin, struct kw_error *error);

#endif
