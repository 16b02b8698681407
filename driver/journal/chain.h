/* chain.h - the keyed hash chain over events, and the counts kept beside it. Private to this room. */
#ifndef KW_JOURNAL_CHAIN_H
#define KW_JOURNAL_CHAIN_H

#include "journal/internal.h"
#include "journal/touchpoint.h"

enum { KW_CHAIN_HASH = 16 };

struct kw_chain_event {
    int64_t n, sale, ts_ms;
    int ev;
    const char *detail;
    uint8_t content[KW_CHAIN_HASH];         /* digest of the touchpoint for its first event; zeros for the others */
};

/* The hash of an event from its predecessor's. */
void kw_chain_hash(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const uint8_t previous[KW_CHAIN_HASH],
                   const struct kw_chain_event *event, uint8_t out[KW_CHAIN_HASH]);
/* A keyed digest of everything in a touchpoint but what later events change. */
void kw_chain_content(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const struct kw_touchpoint *touchpoint,
                      uint8_t out[KW_CHAIN_HASH]);
/* Appends an event inside the caller's transaction; its number goes to event->n. */
int kw_chain_append(struct kw_journal *journal, struct kw_chain_event *event, struct kw_error *error);

/* Adds `change` to the cells of these facts and class, one in each view. */
int kw_cell_add(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, int klass, int64_t change,
                struct kw_error *error);

/* Moves a sale to another class: its row and its cells. A sale without a touchpoint is left alone. */
int kw_touchpoint_classify(struct kw_journal *journal, int64_t sale, int klass, int64_t ts_ms, struct kw_error *error);
/* The class that an event stands for, -1 when it says nothing about paper. */
int kw_class_of_event(int event);
/* Fills a touchpoint from a row of `SELECT KW_TOUCHPOINT_COLUMNS FROM touchpoint`; strings live as long as the row. */
#define KW_TOUCHPOINT_COLUMNS                                                                                          \
    "sale, ts_ms, offset_minutes, kid, handle, day, seq, variant, flag, variant_p_bp, p_bp, u, forced,"                \
    " drawn, reason, store, till, cashier, campaign, language, channel, kind, expires_day, config_digest, n, class, "  \
    "class_ms"
enum { KW_TOUCHPOINT_COLUMN_COUNT = 27 };
void kw_touchpoint_row(sqlite3_stmt *row, struct kw_touchpoint *touchpoint);
/* Inserts the row alone, with touchpoint->sale, n and class. */
int kw_touchpoint_insert(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, struct kw_error *error);

/* A name under the journal's own key, so that it can be known again but not read; each use has its label. */
int kw_journal_hash_name(struct kw_journal *journal, const char *label, const char *name, uint8_t *hash, size_t size,
                         struct kw_error *error);

#endif
