/* withheld.h - what a document lacks while it is kept, until its paper is out; written by whoever took it out. */
#ifndef KW_JOURNAL_WITHHELD_H
#define KW_JOURNAL_WITHHELD_H

#include "journal/journal.h"

/* Inside a transaction. What was kept for that sale before stays: it is of the document that was stored. */
int kw_withheld_put(struct kw_journal *journal, int64_t sale, const char *text, struct kw_error *error);
/* *text is NULL where nothing is kept. */
int kw_withheld_get(struct kw_journal *journal, int64_t sale, struct kw_arena *arena, const char **text,
                    struct kw_error *error);
/*
 * Wipes it, and the printed bytes, of all sales of which no paper is to come. What expired or was cancelled may be
 * asked for again, for a day. A transaction of its own; costs nothing where none was ever kept.
 */
int kw_withheld_forget(struct kw_journal *journal, int64_t now_ms, struct kw_error *error);

#endif
