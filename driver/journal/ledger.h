/* ledger.h - the chain as a whole: checking it, cutting its old end, erasing one sale's link, merging other journals.
 */
#ifndef KW_JOURNAL_LEDGER_H
#define KW_JOURNAL_LEDGER_H

#include "journal/answers.h"
#include "journal/journal.h"
#include "journal/touchpoint.h"

enum { KW_FINDINGS = 20 };

/* What is wrong, and at which event, sale or row. */
struct kw_finding { int64_t n; char what[160]; };

struct kw_ledger_check {
    int64_t events, touchpoints, merged;    /* that were looked at; merged: touchpoints of other journals */
    int64_t from_n;                         /* the chain begins behind this number (pruned up to it) */
    int64_t head_n;
    uint8_t head[16];
    bool compared;                          /* the noted head's event is there */
    int64_t finding_count;                  /* 0: the journal is whole */
    struct kw_finding findings[KW_FINDINGS];        /* the first of them */
};

struct kw_ledger_look {
    int64_t expect_n;                       /* a head that was noted elsewhere; 0: none */
    const char *expect_hex;
    void (*progress)(void *data, const char *stage, int64_t done);      /* may be NULL */
    void *progress_data;
};

/*
 * Everything that a report and the once-only law read, against the keyed chain: events, touchpoints with their classes,
 * sales' keys, counts, answers, alerts, merged rows, token counters, checkpoints. Memory is bounded by the number of
 * days, of runs of 4,096 rows, and of sales between their record and the event that says what became of them. Returns 0
 * also when something is wrong: see findings.
 */
int kw_ledger_verify(struct kw_journal *journal, const struct kw_ledger_look *look, struct kw_ledger_check *check,
                     struct kw_error *error);

/*
 * The first business day with an invitation that can still be answered today, or with a sale that the office it is
 * pushed to has not; today when there is none before it.
 */
int kw_ledger_first_open_day(struct kw_journal *journal, int64_t today, int64_t *day, struct kw_error *error);
/*
 * Cuts off what was printed before a business day, with its answers; a checkpoint keeps the chain whole, and how many
 * there were stays known.
 */
int kw_ledger_prune(struct kw_journal *journal, int64_t before_day, int64_t *touchpoints, struct kw_error *error);

/*
 * Adds an `expired` event for each invitation on paper whose last day is through_day or earlier and that nobody
 * answered, once for each sale, own and merged, at most 200 a transaction.
 */
int kw_ledger_expire(struct kw_journal *journal, int64_t through_day, int64_t *count, struct kw_error *error);
/* The same as far as answers are in and days are over. */
int kw_ledger_expire_due(struct kw_journal *journal, const struct kw_shop_days *days, int64_t *count,
                         struct kw_error *error);
/* How far complete imports reach; 0: there is none. */
int kw_ledger_reach(struct kw_journal *journal, int64_t *reach_ms, struct kw_error *error);

/*
 * The sale with this id, at this till and of this business day ("2026-11-22") where ids count a day; NULL: any.
 * NOT_FOUND; CONFLICT names the tills and days when there are several.
 */
struct kw_sale_name { const char *id, *till, *day; };
int kw_ledger_find(struct kw_journal *journal, const struct kw_sale_name *name, int64_t *sale, struct kw_error *error);

/* The key under which erased ids are known again. */
enum kw_erase_key {
    KW_ERASE_KEY_NONE,              /* nothing was ever erased under one, and there is none */
    KW_ERASE_KEY_HERE,
    KW_ERASE_KEY_LOST               /* what was erased under it cannot be known again */
};
/* Whether the key of this journal is there; says nothing of a journal that was opened without a directory of keys. */
int kw_erase_key_look(struct kw_journal *journal, enum kw_erase_key *found, struct kw_error *error);

/*
 * Removes a sale's id, document, printed bytes and comment, documents that refer to it and its customer's rest, and
 * blurs its times to the hour; the id is still known by a digest under the key that lies beside the till's. *lost: that
 * key was gone, and a new one was made: what was erased before would print again.
 */
int kw_ledger_erase(struct kw_journal *journal, int64_t sale, bool *lost, struct kw_error *error);
/* The same for the sale with a token, where the journal has it, and that it was ordered is said in an event: once. */
int kw_ledger_obey(struct kw_journal *journal, const struct kw_batch_order *order, struct kw_error *error);
/* What an older kwit erased, or let rest, under the journal's own key comes under that one. */
int kw_ledger_renew_erased(struct kw_journal *journal, struct kw_error *error);
/* Inside a transaction: what its customer wrote, and the wish to be called. That there was something stays known. */
int kw_ledger_wipe_answers(struct kw_journal *journal, int64_t sale, struct kw_error *error);

struct kw_ledger_merged { int64_t events, sales, answers; };      /* new ones */
/*
 * Takes over what the other journal has learned since the last merge: its own sales, those of journals that it merged
 * itself, and its answers, which are judged anew. It is verified first, and nothing of it is taken when it was changed.
 * CONFLICT: it is this one, a fork of one merged before, or shares a handle with another.
 */
int kw_ledger_merge(struct kw_journal *journal, struct kw_journal *other, const struct kw_shop_days *days,
                    struct kw_ledger_merged *merged, struct kw_error *error);
/* Voids and refunds that still wait for their sale, against a journal that was merged before they came. */
int kw_ledger_settle(struct kw_journal *journal, struct kw_journal *other, struct kw_error *error);

/* A sale and what became of it: one row of an export. Times are 0 where it did not happen. */
struct kw_story {
    struct kw_touchpoint facts;
    const char *origin;             /* the journal it was merged from; "" for this one's own */
    int64_t reprints, opened_ms, started_ms;
    int answers;                    /* to its token, of complete imports */
    /* Of the answer that counts, else of the first that does not. */
    enum kw_verdict verdict;        /* 0: none */
    int nps, csat, ces;             /* KW_SCORE_NONE: none */
    int64_t submitted_ms;
    bool contested;
};
/* Own sales in the order of their events, then the merged ones. Strings live until the sink returns. */
typedef int (*kw_story_sink)(void *data, const struct kw_story *story);
int kw_ledger_each(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_story_sink sink, void *data,
                   struct kw_error *error);
struct kw_ledger_event { int64_t n, sale, ts_ms; enum kw_event ev; const char *detail; const uint8_t *hash; };
typedef int (*kw_event_sink)(void *data, const struct kw_ledger_event *event);
/* This journal's own events in their order. */
int kw_ledger_events(struct kw_journal *journal, kw_event_sink sink, void *data, struct kw_error *error);
int kw_ledger_version(struct kw_journal *journal, int *version, struct kw_error *error);

#endif
