/*
 * push.h - events on their way from a till's journal to its office's: read out here, taken in there (record/batch.h).
 */
#ifndef KW_JOURNAL_PUSH_H
#define KW_JOURNAL_PUSH_H

#include "base/arena.h"
#include "base/shop_days.h"
#include "journal/journal.h"
#include "record/batch.h"

enum { KW_PUSH_SEED_BYTES = 32 };

/* ---- at the till -------------------------------------------------------------------------------------------- */

/* The seed of the key that signs for this journal, made where there is none. It never leaves the journal. */
int kw_outgoing_seed(struct kw_journal *journal, uint8_t seed[KW_PUSH_SEED_BYTES], struct kw_error *error);
/* Its own events behind `after`, at most `limit`, with their records; uuid, schema, begins, first, last, prev, hash. */
int kw_outgoing_read(struct kw_journal *journal, int64_t after, size_t limit, struct kw_arena *arena,
                     struct kw_batch *batch, struct kw_error *error);
/* Whether this journal's chain is where the office says it is. NOT_FOUND: it does not reach that far; CONFLICT. */
int kw_outgoing_compare(struct kw_journal *journal, const struct kw_batch_head *head, struct kw_error *error);
/* How far the office has said that it holds it, and that it has; a head that is older was restored. */
int kw_outgoing_acknowledged(struct kw_journal *journal, int64_t *n, struct kw_error *error);
int kw_outgoing_acknowledge(struct kw_journal *journal, int64_t n, struct kw_error *error);

/* Tries in a row that came to nothing, and when the next is due by the wall clock; 0, 0 after one that came through. */
struct kw_outgoing_wait { int64_t tries, until_ms; };
int kw_outgoing_waits(struct kw_journal *journal, struct kw_outgoing_wait *wait, struct kw_error *error);
int kw_outgoing_wait(struct kw_journal *journal, const struct kw_outgoing_wait *wait, struct kw_error *error);

/* From what the office is known to have on, this journal is pushed under another name and key: it is a copy. */
int kw_outgoing_renew(struct kw_journal *journal, int64_t *from, struct kw_error *error);

/* ---- at the office ------------------------------------------------------------------------------------------ */

/*
 * Takes a batch in one durable transaction, or says why not: head->outcome, and how far this journal knows the till. A
 * batch that was taken is on disk when this returns.
 */
int kw_incoming_take(struct kw_journal *journal, const struct kw_shop_days *days, const struct kw_batch *batch,
                     struct kw_batch_head *head, struct kw_error *error);
/* Every till, by handle. */
int kw_incoming_tills(struct kw_journal *journal, kw_till_sink sink, void *data, struct kw_error *error);
/* NOT_FOUND. Answers to sales that do not count any more are judged anew. */
int kw_incoming_revoke(struct kw_journal *journal, const struct kw_shop_days *days,
                       const struct kw_till_revocation *revocation, struct kw_error *error);
/*
 * A person says that this journal goes on: behind what it lost, on a handle that another one had, or after it was
 * revoked: all of its sales count. NOT_FOUND.
 */
int kw_incoming_accept(struct kw_journal *journal, const struct kw_shop_days *days, const char *uuid,
                       struct kw_error *error);

#endif
