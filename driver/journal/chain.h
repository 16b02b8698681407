/* chain.h - the keyed hash chain over events. Private to this room. */
#ifndef KW_JOURNAL_CHAIN_H
#define KW_JOURNAL_CHAIN_H

#include "journal/digest.h"

enum { KW_CHAIN_HASH = KW_DIGEST };

struct kw_chain_event {
    int64_t n, sale, ts_ms;
    enum kw_event ev;
    const char *detail;
    uint8_t content[KW_CHAIN_HASH];         /* digest of the touchpoint for its first event; zeros for the others */
};

/* The hash of an event from its predecessor's. */
void kw_chain_hash(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const uint8_t previous[KW_CHAIN_HASH],
                   const struct kw_chain_event *event, uint8_t out[KW_CHAIN_HASH]);
/* Appends an event inside the caller's transaction; its number goes to event->n. */
int kw_chain_append(struct kw_journal *journal, struct kw_chain_event *event, struct kw_error *error);

/*
 * Where the chain begins, with the hash that the next event follows: behind what was pruned, or (n 0) at a digest of
 * the journal's own name. The first versions began at zeros.
 */
int kw_chain_start(struct kw_journal *journal, int64_t *n, uint8_t hash[KW_CHAIN_HASH], struct kw_error *error);

#endif
