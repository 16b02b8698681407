/* annul.h - a sale that is called off: from then on nobody's answer to it counts. */
#ifndef KW_JOURNAL_ANNUL_H
#define KW_JOURNAL_ANNUL_H

#include "journal/jobs.h"

/*
 * Inside the transaction that adds a `void`: the sale that it refers to is called off from at_ms on, and an event of it
 * says so. key->scope is not looked at; of several sales with this key it is the last before the void. *found: whether
 * there is one; a sale without a touchpoint counts as one. Behind kw_seal_watch.
 */
int kw_sale_annul(struct kw_journal *journal, const struct kw_sale_key *key, int64_t void_sale, int64_t at_ms,
                  bool *found, struct kw_error *error);
/* Inside a transaction: writes it into the touchpoint, where no earlier moment stands, and judges its answers again. */
int kw_answers_annul(struct kw_journal *journal, int64_t sale, int64_t at_ms, struct kw_error *error);

#endif
