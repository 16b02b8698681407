/* tend.h - a long work that writes much keeps the journal short itself, so that no sale pays for what it wrote. */
#ifndef KW_JOURNAL_TEND_H
#define KW_JOURNAL_TEND_H

#include "journal/journal.h"

/* From now on to the end of this process or kw_journal_untend; -1 where another work does it already. */
int kw_journal_tend(const struct kw_journal *journal);
void kw_journal_untend(int tending);
/* Whether some process does. */
bool kw_journal_is_tended(const struct kw_journal *journal);
/* Copies the WAL back as far as it goes, while others go on writing. */
int kw_journal_copy_back(struct kw_journal *journal, struct kw_error *error);

#endif
