/* verify.h - what the parts of a verification share. Private to this room. */
#ifndef KW_JOURNAL_VERIFY_H
#define KW_JOURNAL_VERIFY_H

#include "journal/ledger.h"
#include "journal/seal.h"
#include "journal/tally.h"
#include "journal/verify_link.h"

/* Kinds of a tally's keys: the sealed tables by their number, and behind them (EXPIRED: a run whose sums differ). */
enum { KW_TALLY_SEQUENCE = KW_SEALED_SEQUENCE, KW_TALLY_CELL, KW_TALLY_EXPIRED };
enum { KW_TALLY_DAYS = 2048 };          /* token counters are kept by the day modulo this */

struct kw_verifying {
    struct kw_journal *journal;
    const struct kw_ledger_look *look;
    struct kw_ledger_check *check;
    struct kw_error *error;
    const uint8_t *secret;
    uint8_t cell_secret[KW_CELL_SECRET_BYTES];
    uint8_t previous[KW_CHAIN_HASH];
    struct kw_tally tally;
    struct kw_tally unsaid;             /* what records say and no event said yet */
    struct kw_tally expired;            /* runs of sales: how many expired, and a sum of when */
    struct kw_tally erased;             /* sales whose times were blurred: sums of what is left of their events */
    int64_t pruned_n, pruned_day;       /* what the last PRUNED event says; 0: nothing */
    bool knows_pruned_day;
    int64_t kept_sale;                  /* the oldest sale whose row is still there */
    int64_t first_sale, met_sales;      /* the oldest that has a record; rows of sales that their records led to */
    int64_t awaited;                    /* records of sales that wait for their paper */
};

/* Notes what is wrong; the first ones are told, all are counted. n: the event or row it is about. */
void kw_finding_add(struct kw_verifying *verifying, int64_t n, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void kw_verify_progress(struct kw_verifying *verifying, const char *stage, int64_t done);

/* Counts a record in its cells' side of the account. */
int kw_verify_add_cells(struct kw_verifying *verifying, const struct kw_chain_link *link);
/* Whether what became of sales is what their events say: at each record, at each event, and when all are heard. */
int kw_verify_hold_fate(struct kw_verifying *verifying, const struct kw_chain_link *link);
int kw_verify_hear_fate(struct kw_verifying *verifying, const struct kw_chain_link *link);
int kw_verify_fates(struct kw_verifying *verifying);
/* Merged touchpoints, cells, token counters and sealed rows against what the chain says of them. */
int kw_verify_counts(struct kw_verifying *verifying);

#endif
