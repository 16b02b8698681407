/* tally.h - two sides of an account by key: what the chain says, and what the tables hold. */
#ifndef KW_JOURNAL_TALLY_H
#define KW_JOURNAL_TALLY_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kw_tally_side { KW_SAID, KW_HELD };

struct kw_tally_entry {
    int kind;
    bool kept;                      /* its seal is there too */
    int64_t key;
    int64_t rows[2], event;         /* event: number of the one that said it last */
    uint64_t sum[2];
};

struct kw_tally {
    struct kw_tally_entry *entries; /* in the order in which their keys came up, where none was dropped */
    size_t count, capacity;
    size_t *slots, slot_count;      /* 1 + index; 0: free */
};

/* The entry of that key, made when it is new; NULL when there is no memory for it. Valid until the next call. */
struct kw_tally_entry *kw_tally_at(struct kw_tally *tally, int kind, int64_t key);
/* NULL: there is none. */
struct kw_tally_entry *kw_tally_find(const struct kw_tally *tally, int kind, int64_t key);
/* Forgets an entry of this tally; the last one takes its place. */
void kw_tally_drop(struct kw_tally *tally, struct kw_tally_entry *entry);
void kw_tally_clear(struct kw_tally *tally);        /* no entries, memory kept */
void kw_tally_free(struct kw_tally *tally);

#endif
