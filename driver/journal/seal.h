/*
 * seal.h - rows without an event of their own (answers, alerts, what was merged) are chained by the run of 4,096: at
 * the end of each transaction that changed some, a SEALED event says how many a run holds and the sum of their keyed
 * digests. Every column counts, also one that a later version adds; a value that is the column's default counts
 * nothing.
 */
#ifndef KW_JOURNAL_SEAL_H
#define KW_JOURNAL_SEAL_H

#include "journal/internal.h"

/* X(name, table, key, which): key and which take the row's prefix for each %s. */
#define KW_SEALED_TABLES(X) \
    X(ANSWER, "answer", "%sid", "1") X(ALERT, "alert", "%sid", "1") X(IMPORT, "import", "%sid", "1") \
    X(ORIGIN, "origin", "%sid", "1") X(CHECKPOINT, "checkpoint", "%sn", "1") X(EXPIRY, "expiry", "%sorigin", "1") \
    X(OPENING, "opening", "%ssale", "1") X(REWARD, "reward", "%sanswer", "1") \
    X(PAST_CELL, "past_cell", "%sid", "1") X(PAST_ANSWER, "past_answer", "%sid", "1") \
    X(PAST_OPENING, "past_opening", "%sid", "1") \
    X(FOREIGN_EVENT, "foreign_event", "(%sorigin << 40 | %sn)", "1") \
    X(MERGED_TOUCHPOINT, "touchpoint", "%ssale", "%ssale >= 1 << 40")

enum kw_sealed {
#define KW_SEALED_ENUM(name, table, key, which) KW_SEALED_##name,
    KW_SEALED_TABLES(KW_SEALED_ENUM)
#undef KW_SEALED_ENUM
    KW_SEALED_COUNT,
    KW_SEALED_SEQUENCE = KW_SEALED_COUNT,   /* token counters as they were when their sales were pruned */
    KW_SEALED_UNKNOWN = -1                  /* a table that this version does not seal */
};
enum { KW_SEAL_SHIFT = 12, KW_SEAL_TEXT = 80 };

struct kw_seal {
    enum kw_sealed table;
    int64_t run, rows;              /* rows: for a sequence, the next unused number */
    uint64_t sum;
};

/* Before rows of these tables are changed: from now on each commit of this journal seals what it changed. */
int kw_seal_watch(struct kw_journal *journal, struct kw_error *error);
/* Inside a transaction, when the events that stated the seals are about to be cut off: states all, and sequences. */
int kw_seal_restate(struct kw_journal *journal, struct kw_error *error);

/* Inside the migration to version 4: seals rows that an older kwit wrote. */
int kw_seal_adopt(struct kw_journal *journal, struct kw_error *error);

/* Each row of a sealed table with its digest, in order of its run. */
typedef int (*kw_seal_sink)(void *data, int64_t run, uint64_t digest);
int kw_seal_each(struct kw_journal *journal, enum kw_sealed table, kw_seal_sink sink, void *data,
                 struct kw_error *error);
/* What a SEALED event's detail says; false: it is none. */
bool kw_seal_read(const char *detail, struct kw_seal *seal);
const char *kw_seal_table(enum kw_sealed table);
enum kw_sealed kw_seal_table_of(const char *name);

#endif
