/*
 * late.h - what only answers, alerts and merged journals need is made when a statement first names it: a till that only
 * sells never reads its schema. A journal that may not be written gets empty tables of its own, beside the file.
 */
#ifndef KW_JOURNAL_LATE_H
#define KW_JOURNAL_LATE_H

#include <sqlite3.h>
#include <stdbool.h>

/* schema: "main", "temp"; NULL: either. */
bool kw_late_is_in(sqlite3 *db, const char *schema);
/* Part of the transaction, where there is one. Returns SQLite's status. */
int kw_late_make(sqlite3 *db, bool writable);

#endif
