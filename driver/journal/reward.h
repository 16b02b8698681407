/* reward.h - thank-yous: each has a code of its own, kept as a digest, and is redeemed once. */
#ifndef KW_JOURNAL_REWARD_H
#define KW_JOURNAL_REWARD_H

#include "journal/journal.h"

/* Inside a transaction, behind kw_seal_watch: gives one for an answer to a sale (0: not known yet), once. */
int kw_reward_give(struct kw_journal *journal, int64_t answer, int64_t sale, const char *code, struct kw_error *error);
int kw_reward_was_given(struct kw_journal *journal, int64_t answer, bool *given, struct kw_error *error);
/*
 * Takes the code of one that was given, typed as it may be. NOT_FOUND: none was given with it; CONFLICT: it was
 * redeemed before, and the error says when. *any: whether thank-yous are given in this journal at all.
 */
int kw_reward_redeem(struct kw_journal *journal, const char *typed, bool *any, struct kw_error *error);

#endif
