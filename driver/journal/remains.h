/* remains.h - events of erased sales that outlive their records. Private to this room. */
#ifndef KW_JOURNAL_REMAINS_H
#define KW_JOURNAL_REMAINS_H

#include "journal/chain.h"
#include "journal/tally.h"

/*
 * By sale, whose record is gone once the events up to n are, and what follows `hash` is left: sums of its events whose
 * times were blurred (kw_erasure_digest). A long walk, in no transaction.
 */
int kw_remains_find(struct kw_journal *journal, int64_t n, const uint8_t hash[KW_CHAIN_HASH], struct kw_tally *remains,
                    struct kw_error *error);
/* Inside the caller's transaction: an ERASED event states each sum that none stated before. */
int kw_remains_state(struct kw_journal *journal, const struct kw_tally *remains, struct kw_error *error);

#endif
