/* remains.h - what is left of erased sales in the chain, also when their records are gone. Private to this room. */
#ifndef KW_JOURNAL_REMAINS_H
#define KW_JOURNAL_REMAINS_H

#include "journal/chain.h"
#include "journal/tally.h"

enum { KW_REMAINS_DETAIL = 17 };

/*
 * A keyed digest of an event as it stands (content: its record's digest, where it opens a sale) with its stored hash.
 * The sum over a sale's events stands as sixteen hex digits in the ERASED event that blurred their times.
 */
uint64_t kw_remains_digest(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const struct kw_chain_event *event,
                           const uint8_t hash[KW_CHAIN_HASH]);
void kw_remains_say(uint64_t sum, char detail[KW_REMAINS_DETAIL]);
/* Whether this is an ERASED event that says this sum. */
bool kw_remains_are_said(const struct kw_chain_event *event, uint64_t sum);
/* Of an ERASED event no more of its time is told. */
int64_t kw_remains_hour(int64_t ms);

/*
 * By sale, whose record is gone once the events up to n are, and what follows `hash` is left: sums of its events whose
 * times were blurred (kw_remains_digest). A long walk, in no transaction.
 */
int kw_remains_find(struct kw_journal *journal, int64_t n, const uint8_t hash[KW_CHAIN_HASH], struct kw_tally *remains,
                    struct kw_error *error);
/* The sum for a sale whose times were just blurred: its events with its record, or those that a prune leaves of it. */
int kw_remains_sum(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, uint64_t *sum,
                   struct kw_error *error);
/* Inside the caller's transaction: an ERASED event states each sum that none stated before. */
int kw_remains_state(struct kw_journal *journal, const struct kw_tally *remains, struct kw_error *error);

#endif
