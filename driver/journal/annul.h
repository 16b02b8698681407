/* annul.h - a sale that is called off, or given back: what the document that says so refers to. */
#ifndef KW_JOURNAL_ANNUL_H
#define KW_JOURNAL_ANNUL_H

#include "journal/jobs.h"

/*
 * A `void`, else a refund, by its own row (sale); and the key of the sale that it means. known_ms: when it was
 * accepted, before which its own time may lie by hours; no sale that was accepted later is meant.
 */
struct kw_reference {
    int64_t sale, at_ms, known_ms;
    bool is_void;
    const char *store, *terminal, *name;
};

/*
 * Inside the transaction that adds the document, behind kw_seal_watch: a sale that is voided is called off from then
 * on, so that no later answer to it counts; one that is refunded is marked; an event says so. Of several sales with
 * this key it is the last. *found false: it is not here; the reference is kept, for the journal that it comes with.
 */
int kw_reference_refer(struct kw_journal *journal, const struct kw_reference *reference, bool *found,
                       struct kw_error *error);
/* The steps of it: the sale in a journal (0: not here), what follows (once), and what waits. */
int kw_reference_find(struct kw_journal *journal, const struct kw_reference *reference, int64_t *sale,
                      struct kw_error *error);
int kw_reference_apply(struct kw_journal *journal, const struct kw_reference *reference, int64_t sale,
                       struct kw_error *error);
int kw_reference_keep(struct kw_journal *journal, const struct kw_reference *reference, struct kw_error *error);

/* Inside a transaction: written into the touchpoint, where no earlier moment stands; answers are judged again. */
int kw_answers_annul(struct kw_journal *journal, int64_t sale, int64_t at_ms, struct kw_error *error);
int kw_sale_mark_refunded(struct kw_journal *journal, int64_t sale, int64_t at_ms, struct kw_error *error);

#endif
