/*
 * book.h - the calls that a store of touchpoints offers to the report, and to whoever brings answers in.
 *
 * A store (the journal's file is one) fills one constant table. No call shows how the store keeps what it knows: each
 * is something that the domain asks, and each moment of reading is the store's own affair.
 *
 * Failures are negative error codes with *error filled. KWIT_E_TIMEOUT is soft: others held the store too long, nothing
 * was changed, and the same call may be made again. All others are hard: the work ends, and what its earlier calls
 * committed stays. A sink's negative return ends a reading and is returned.
 *
 * Strings that a sink gets live until it returns; strings that a call is given are the caller's and must live until it
 * returns. A book belongs to one thread at a time.
 */
#ifndef KW_RECORD_BOOK_H
#define KW_RECORD_BOOK_H

#include "base/error.h"
#include "base/shop_days.h"
#include "record/batch.h"
#include "record/loop.h"

enum { KW_BOOK_VERSION = 4 };

/* What became of an answer, or of an event before one. */
struct kw_taken {
    enum kw_verdict verdict;                    /* the answer's, but USED where its sale had another answer already */
    enum kw_answer_change change;
    bool is_first;                  /* of an event: its sale had no such event yet */
};

/* What a page needs to know of a code before it draws. */
struct kw_ticket {
    enum kw_verdict verdict;                    /* MATCHED, UNCOVERED, EXPIRED, …; never USED */
    bool used;                      /* its sale, or the code itself, has an answer */
    char language[36];              /* that the receipt was printed in, "" not known */
    bool own;                       /* there is an answer with the asker's key, and these are its scores */
    int nps, csat, ces;
    bool opened;                    /* its sale's page was laid out before */
    bool rewarded;                  /* that answer was given a thank-you of its own */
    bool contact;                   /* that answer has an address that is not forgotten yet */
    bool unsure;                    /* the store does not answer now: there may be an answer that is not seen here */
    char reply[KW_REPLY];           /* what the shop wrote to the answer that counts, "" nothing */
};

/* What a customer hands in on a page. X(NAME) */
#define KW_OUTCOMES(X) X(FAILED) X(SAVED) X(KNOWN) X(USED) X(EXPIRED) X(LATE) X(UNKNOWN)
enum kw_outcome {
#define KW_OUTCOME_ENUM(name) KW_OUTCOME_##name,
    KW_OUTCOMES(KW_OUTCOME_ENUM)
#undef KW_OUTCOME_ENUM
};
/*
 * FIRST: a whole answer with its key; a verdict of 0 is judged. EDIT: the same key again, with the scores, the comment,
 * the own questions or the wish that are new; a score of KW_SCORE_NONE, a comment or own of NULL stay as they were.
 * MESSAGE: words to the shop, with a key of their own, that are no answer. WITHDRAW: the address of the answer with
 * that key is forgotten now. ERASE: all that was said with that key is; that somebody answered still counts. OPENED:
 * the page of the code was laid out on a screen; its answer's event says whether to be answered or with the reply.
 */
enum kw_submission_kind {
    KW_SUBMIT_FIRST, KW_SUBMIT_EDIT, KW_SUBMIT_MESSAGE, KW_SUBMIT_WITHDRAW, KW_SUBMIT_ERASE, KW_SUBMIT_OPENED
};
struct kw_submission {
    struct kw_answer answer;
    enum kw_submission_kind kind;
    int64_t edit_ms;                /* how long after the first submission edits are taken */
    const void *sealed;             /* how to reach the customer, sealed; NULL: nothing new */
    size_t sealed_bytes;
    int64_t forget_ms;              /* when that is forgotten at the latest */
    int consent;                    /* version of the text that was agreed to */
    const char *reward;             /* the code of the thank-you for a first answer; NULL: there is none */
    uint8_t reward_mark[KW_THANKS_MARK];        /* by which a store that has no key of its own knows that code again */
    enum kw_outcome outcome;        /* filled: SAVED, KNOWN (said before), USED, EXPIRED, LATE or UNKNOWN (an edit) */
};

struct kw_intake_totals { int64_t rows, reach_ms, opened, started; };       /* the last two: rows of such events */

struct kw_book_calls {
    int version;                    /* KW_BOOK_VERSION: the calls below, with these meanings */

    /* ---- reading: by the report; may wait for a disk or a server, never for a writer ----------------------------- */

    /*
     * What is read until release is of one moment, whatever is written meanwhile, and the counts are those of then.
     * One hold at a time. A single reading that counts nothing needs none.
     */
    int (*hold)(void *store, struct kw_error *error);
    void (*release)(void *store);
    /* First and last business day with a touchpoint; NOT_FOUND when there is none. */
    int (*days)(void *store, int64_t *first, int64_t *last, struct kw_error *error);
    /*
     * The answers of complete imports by verdict, of these days of print or with a code that tells none; and how far
     * all imports reach (0: none).
     */
    int (*verdicts)(void *store, int64_t from_day, int64_t to_day, int64_t counts[KW_VERDICT_COUNT], int64_t *reach_ms,
                    struct kw_error *error);
    /* The counts of one view (enum kw_view), in order of day, store, till. */
    int (*cells)(void *store, enum kw_view view, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data,
                 struct kw_error *error);
    /* Matched answers of complete imports to sales of these days; of one sale together, the counting one first. */
    int (*answers)(void *store, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                   struct kw_error *error);
    /* Whether opened and started were ever told, and those of sales of these days; no forced ones, no tests. */
    int (*measured)(void *store, struct kw_opening_measured *measured, struct kw_error *error);
    int (*openings)(void *store, int64_t from_day, int64_t to_day, kw_opening_sink sink, void *data,
                    struct kw_error *error);
    /* Alerts by number, all or the open ones. */
    int (*alerts)(void *store, bool open_only, kw_alert_sink sink, void *data, struct kw_error *error);
    /* Comments of matched answers to sales of these days. */
    int (*comments)(void *store, int64_t from_day, int64_t to_day, kw_comment_sink sink, void *data,
                    struct kw_error *error);
    /* Plans of experiments, in order of time. */
    int (*plans)(void *store, kw_plan_sink sink, void *data, struct kw_error *error);
    /*
     * Invited sales of these days, each as a cell of one, that were voided, whose signs say something, or whose
     * customer's earlier invitations are known; no forced ones, no tests.
     */
    int (*signs)(void *store, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data, struct kw_error *error);
    /* Number and hash of the last event of the store's own chain; n 0 when there is none. */
    int (*head)(void *store, int64_t *n, uint8_t hash[16], struct kw_error *error);

    /* ---- answers in: one intake at a time; each call may wait for other writers, as long as the store was told */

    /*
     * Begins an intake of answers of a platform's form; they are invisible to readers until it ends. *intake is the
     * store's, given back by intake_end or intake_drop.
     */
    int (*intake_begin)(void *store, const char *platform, const char *form, void **intake, struct kw_error *error);
    /*
     * Takes at most KW_ANSWER_BATCH rows in one transaction, all or none; taken[i] says what became of answers[i]. A
     * verdict of 0 is judged against the sales that the store knows, and the answer's verdict is set; others stay.
     */
    int (*intake_take)(void *store, void *intake, const struct kw_shop_days *days, struct kw_answer *answers,
                       struct kw_taken *taken, size_t count, struct kw_error *error);
    /* Makes it visible and judges again what was uncovered: *rejudged so many. The intake is gone, failed or not. */
    int (*intake_end)(void *store, void *intake, const struct kw_shop_days *days,
                      const struct kw_intake_totals *totals, int64_t *rejudged, struct kw_error *error);
    /* Gives up: what was taken stays invisible, until the same answers come in again, or is gone. Never fails. */
    void (*intake_drop)(void *store, void *intake);

    /* ---- the page: reading never waits for a writer; what was submitted is on disk when the call returns -------- */

    /* What is known of a code (fields, verdict 0 or TEST), and of the answer with that key. */
    int (*ticket)(void *store, const struct kw_answer *answer, const struct kw_shop_days *days,
                  struct kw_ticket *ticket, struct kw_error *error);
    /* All in one durable transaction, or none; each outcome is filled. Alerts are raised in the same transaction. */
    int (*submit)(void *store, const struct kw_shop_days *days, struct kw_submission *submissions, size_t count,
                  struct kw_error *error);
    /* All that is kept of the answer with that key; NOT_FOUND. */
    int (*said)(void *store, const uint8_t key[KW_ANSWER_KEY], kw_said_sink sink, void *data, struct kw_error *error);

    /* ---- tills: what was taken is on disk when the call returns ------------------------------------------------- */

    /* One batch in one durable transaction, or why not, with how far the store knows that till's journal. */
    int (*take)(void *store, const struct kw_shop_days *days, const struct kw_batch *batch, struct kw_batch_head *head,
                struct kw_error *error);
};

/* A table and the store that it works on, which outlives the book. */
struct kw_book {
    const struct kw_book_calls *calls;
    void *store;
};

#endif
