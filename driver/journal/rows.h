/* rows.h - touchpoints as this room reads and writes their rows (touchpoint.c). */
#ifndef KW_JOURNAL_ROWS_H
#define KW_JOURNAL_ROWS_H

#include "journal/internal.h"
#include "record/record.h"

/* Of journals of the first version: counts, and what became of each paper. Both follow from the events. */
int kw_touchpoint_adopt(struct kw_journal *journal, struct kw_error *error);
/* Moves a sale to another class: its row and its cells. A sale without a touchpoint is left alone. */
int kw_touchpoint_classify(struct kw_journal *journal, int64_t sale, enum kw_class klass, int64_t ts_ms,
                           struct kw_error *error);
/*
 * Fills a touchpoint from a row of `SELECT KW_TOUCHPOINT_COLUMNS FROM touchpoint`, which are all columns in the order
 * of the table; strings live as long as the row.
 */
#define KW_TOUCHPOINT_COLUMNS_OF(t)                                                                                    \
    t "sale, " t "ts_ms, " t "offset_minutes, " t "kid, " t "handle, " t "day, " t "seq, " t "variant, " t "flag, "    \
    t "variant_p_bp, " t "p_bp, " t "u, " t "forced, " t "drawn, " t "reason, " t "store, " t "till, " t "cashier, "   \
    t "campaign, " t "language, " t "channel, " t "kind, " t "expires_day, " t "config_digest, " t "n, " t "class, "   \
    t "class_ms, " t "expired_ms, " t "seal, " t "sold_ms, " t "annulled_ms, " t "signs, " t "earlier, "              \
    t "refunded_ms, " t "content"
#define KW_TOUCHPOINT_COLUMNS KW_TOUCHPOINT_COLUMNS_OF("")
enum { KW_TOUCHPOINT_COLUMN_COUNT = 35 };
void kw_touchpoint_row(sqlite3_stmt *row, struct kw_touchpoint *touchpoint);
/* The same, from values. Whether they are as they are written: none of another type, out of range, or cut by a NUL. */
bool kw_touchpoint_exact_values(sqlite3_value *const values[KW_TOUCHPOINT_COLUMN_COUNT],
                                struct kw_touchpoint *touchpoint);
/* Its strings live in the arena from now on; false: no memory. */
bool kw_touchpoint_copy_texts(struct kw_touchpoint *touchpoint, struct kw_arena *arena);
/* Inserts the row alone, with touchpoint->sale, n and class. */
int kw_touchpoint_insert(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, struct kw_error *error);

#endif
