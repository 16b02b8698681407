/* backup.h - a whole copy of a journal while others use it, and the move of one that was begun elsewhere. */
#ifndef KW_JOURNAL_BACKUP_H
#define KW_JOURNAL_BACKUP_H

#include "journal/journal.h"

/*
 * Writes the journal as of now into a new file, 0660 and on disk when 0 is returned; USAGE when it exists already.
 * for_office: what a merge takes, without documents and what else stays in the shop.
 */
int kw_journal_backup(struct kw_journal *journal, const char *file, bool for_office, struct kw_error *error);

/*
 * Moves a journal to a path where there is none: what waits there is cancelled in the old one, which notes where it
 * went and is left behind. NOT_FOUND, leaving *error alone: there is none at `from`, or it was moved before. BUSY at
 * the moment until_ms of kw_clock_boot_ms (0: after a while of its own).
 */
int kw_journal_move(const char *from, const char *to, int64_t until_ms, struct kw_error *error);
/* Whether there is a journal at `from` that was never moved. */
bool kw_journal_is_left(const char *from, int64_t until_ms);

#endif
