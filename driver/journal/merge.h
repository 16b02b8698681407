/* merge.h - what the parts of a merge share. Private to this room. */
#ifndef KW_JOURNAL_MERGE_H
#define KW_JOURNAL_MERGE_H

#include "journal/take.h"

enum { KW_MERGE_BATCH = 200 };

struct kw_merging {
    struct kw_journal *journal, *other;
    const struct kw_shop_days *days;
    struct kw_ledger_merged *merged;
    struct kw_error *error;
    bool erased;                    /* something that was erased there was wiped here */
};

/* The name of the n-th journal that the other file merged; 0: its own. */
int kw_merge_uuid(struct kw_merging *merging, int64_t theirs, char out[KW_JOURNAL_UUID_SIZE]);
/* The number under which a sale of the other journal is kept here; 0: it is one of this journal's own. */
int kw_merge_sale(struct kw_merging *merging, int64_t theirs, int64_t *ours);
/* Ends a transaction that began then, and makes way. */
int kw_merge_end(struct kw_merging *merging, int code, int64_t began_ms);
/* Answers of complete imports, with the opens before them and the alerts behind them. */
int kw_merge_answers(struct kw_merging *merging);
/* Voids and refunds of the other journal whose sale is not in it, and those that waited here for this file's sales. */
int kw_merge_references(struct kw_merging *merging);

#endif
