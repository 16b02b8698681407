/*
 * touchpoint.h - one record for each sale (offered or suppressed) and the chained events that follow it.
 *
 * Rows are only ever added. Each event has a number n that only grows and is never reused in its journal, and a
 * keyed hash over its content and its predecessor's hash (K_jrnl, made with the journal).
 */
#ifndef KW_JOURNAL_TOUCHPOINT_H
#define KW_JOURNAL_TOUCHPOINT_H

#include "base/error.h"
#include "record/record.h"

struct kw_journal;

/*
 * Inside the caller's transaction: the record, its first event, and (with a token) the sequence counter. CONFLICT when
 * the sequence was taken meanwhile: decide again with the next one. One that is awaited must get the open job that says
 * so in the same transaction (awaited.h).
 */
int kw_touchpoint_add(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, struct kw_error *error);
/* Adds a later event of a sale, chained; inside the caller's transaction. detail is a short word or "". */
int kw_touchpoint_event(struct kw_journal *journal, int64_t sale, enum kw_event event, const char *detail,
                        int64_t ts_ms, struct kw_error *error);
/* The next unused sequence for (handle, day mod 2048), read without a lock; at least 1. */
int kw_touchpoint_next_sequence(struct kw_journal *journal, uint32_t handle, int64_t day, uint32_t *seq,
                                struct kw_error *error);
/* The stored decision of a sale; NOT_FOUND. Strings live until the next call on this journal. */
int kw_touchpoint_get(struct kw_journal *journal, int64_t sale, struct kw_touchpoint *touchpoint,
                      struct kw_error *error);
/* The same as far as its paper tells, for a third of the price: each column that a question names is compiled. */
int kw_touchpoint_decided(struct kw_journal *journal, int64_t sale, struct kw_decided *decided,
                          struct kw_error *error);
/* The sale that has this token; NOT_FOUND. covered (may be NULL): whether the journal knows all of that handle's day.
 */
int kw_touchpoint_find_token(struct kw_journal *journal, uint32_t handle, int64_t day, uint32_t seq, int64_t *sale,
                             bool *covered, struct kw_error *error);
/* Invitations printed or pending on this till and business day (for the cap). */
int kw_touchpoint_count_day(struct kw_journal *journal, uint32_t handle, int64_t day, int64_t *count,
                            struct kw_error *error);

/*
 * The probability (basis points) at which the store, as far as this journal knows it, would have made `wanted`
 * invitations in the 28 days before this one; 10000 where it has not sold that much, or is new.
 */
int kw_touchpoint_least_rate(struct kw_journal *journal, const char *store, int64_t day, int wanted, int *rate_bp,
                             struct kw_error *error);
/*
 * Whether this customer was invited so lately that the cooldown still runs, and one more than how often; no name is
 * kept (erase_key.h).
 */
int kw_touchpoint_in_cooldown(struct kw_journal *journal, const char *loyalty_id, int64_t day, bool *in_cooldown,
                              int *earlier, struct kw_error *error);
/*
 * Inside the caller's transaction, after an invitation: the cooldown runs before that day. Where the key for it was
 * lost nothing is kept. Pruning forgets those that are over.
 */
int kw_touchpoint_start_cooldown(struct kw_journal *journal, const char *loyalty_id, int64_t sale, int64_t until_day,
                                 struct kw_error *error);

#endif
