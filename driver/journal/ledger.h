/* ledger.h - the chain as a whole: checking it, cutting its old end, erasing one sale's link, merging other journals.
 */
#ifndef KW_JOURNAL_LEDGER_H
#define KW_JOURNAL_LEDGER_H

#include "journal/journal.h"
#include "journal/touchpoint.h"

struct kw_ledger_check {
    int64_t events, touchpoints;            /* that were looked at */
    int64_t from_n;                         /* the chain begins behind this number (pruned up to it) */
    int64_t head_n;
    uint8_t head[16];
    int64_t bad_n;                          /* first event that does not fit, 0: all do */
    char what[200];                         /* what is wrong there */
};
/* expect_n 0: no head was kept elsewhere. Returns 0 also when something is wrong: see bad_n and what. */
int kw_ledger_verify(struct kw_journal *journal, int64_t expect_n, const char *expect_hex,
                     struct kw_ledger_check *check, struct kw_error *error);

/* Cuts off what was printed before a business day, with its answers; a checkpoint keeps the chain whole. */
int kw_ledger_prune(struct kw_journal *journal, int64_t before_day, int64_t *touchpoints, struct kw_error *error);

/* Removes a sale's id, document, printed bytes and comment; the id is still known by its keyed digest. */
int kw_ledger_erase(struct kw_journal *journal, int64_t sale, struct kw_error *error);
/* Under which name an erased sale is kept. */
enum { KW_ERASED_NAME = 48 };
int kw_ledger_erased_name(struct kw_journal *journal, const char *name, char out[KW_ERASED_NAME],
                          struct kw_error *error);

/* Takes over the other journal's own sales since the last merge. CONFLICT: it is this one, forked, or shares a handle.
 */
int kw_ledger_merge(struct kw_journal *journal, struct kw_journal *other, int64_t *events, struct kw_error *error);

/* Each touchpoint in order of its event, own and merged ones. origin "" for this journal's own. */
typedef int (*kw_touchpoint_sink)(void *data, const struct kw_touchpoint *touchpoint, const char *origin);
int kw_ledger_each(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_touchpoint_sink sink, void *data,
                   struct kw_error *error);
struct kw_ledger_event { int64_t n, sale, ts_ms; int ev; const char *detail; const uint8_t *hash; };
typedef int (*kw_event_sink)(void *data, const struct kw_ledger_event *event);
/* This journal's own events in their order. */
int kw_ledger_events(struct kw_journal *journal, kw_event_sink sink, void *data, struct kw_error *error);
int kw_ledger_version(struct kw_journal *journal, int *version, struct kw_error *error);

#endif
