/* erasure.h - what the chain knows of a sale that was erased. Private to this room. */
#ifndef KW_JOURNAL_ERASURE_H
#define KW_JOURNAL_ERASURE_H

#include "journal/chain.h"

enum { KW_ERASURE_DETAIL = 17 };

/*
 * A keyed digest of an event as it stands (content: its record's digest, where it opens a sale) with its stored hash.
 * The sum over a sale's events stands as sixteen hex digits in the ERASED event that blurred their times.
 */
uint64_t kw_erasure_digest(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const struct kw_chain_event *event,
                           const uint8_t hash[KW_CHAIN_HASH]);
void kw_erasure_say(uint64_t sum, char detail[KW_ERASURE_DETAIL]);
/* Whether this is an ERASED event that says this sum. */
bool kw_erasure_is_said(const struct kw_chain_event *event, uint64_t sum);
/* Of an ERASED event no more of its time is told. */
int64_t kw_erasure_hour(int64_t ms);
/* Inside a transaction: the times of a sale, its events, prints and answers become whole hours. */
int kw_erasure_blur(struct kw_journal *journal, int64_t sale, struct kw_error *error);

#endif
