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
/* A sale's row as it is sealed in its touchpoint: eight bytes for its key and digest, eight for its document. */
struct kw_sale_facts {
    const char *store, *terminal, *scope, *name;
    const uint8_t *digest;          /* 32 bytes */
    int64_t accepted_ms;
    const void *body;
    size_t length;
};
int kw_sale_seal(struct kw_journal *journal, const struct kw_sale_facts *sale, uint8_t out[KW_SEAL_BYTES],
                 struct kw_error *error);
/* Appends an event inside the caller's transaction; its number goes to event->n. */
int kw_chain_append(struct kw_journal *journal, struct kw_chain_event *event, struct kw_error *error);

/* What a cell counts, in the order of its columns; texts live as long as the touchpoint's. */
enum { KW_CELL_NUMBERS = 13, KW_CELL_TEXTS = 6, KW_CELL_SECRET_BYTES = 16 };
struct kw_cell_key { int64_t numbers[KW_CELL_NUMBERS]; const char *texts[KW_CELL_TEXTS]; };
#define KW_CELL_COLUMNS                                                                                                \
    "view, day, hour, kind, variant, variant_p_bp, p_bp, reason, forced, drawn, flag, expires_day, class,"             \
    " store, till, cashier, language, channel, campaign"
void kw_cell_make_key(const struct kw_touchpoint *touchpoint, int view, int klass, struct kw_cell_key *key);
/* A short keyed digest, for sums over many cells. */
uint64_t kw_cell_digest(const uint8_t secret[KW_CELL_SECRET_BYTES], const struct kw_cell_key *key);

/*
 * Where the chain begins, with the hash that the next event follows: behind what was pruned, or (n 0) at a digest of
 * the journal's own name. The first versions began at zeros.
 */
int kw_chain_start(struct kw_journal *journal, int64_t *n, uint8_t hash[KW_CHAIN_HASH], struct kw_error *error);

/* Adds `change` to the cells of these facts and class, one in each view. */
int kw_cell_add(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, int klass, int64_t change,
                struct kw_error *error);

/* Moves a sale to another class: its row and its cells. A sale without a touchpoint is left alone. */
int kw_touchpoint_classify(struct kw_journal *journal, int64_t sale, int klass, int64_t ts_ms, struct kw_error *error);
/* The class that an event stands for, -1 when it says nothing about paper. */
int kw_class_of_event(int event);
/* Fills a touchpoint from a row of `SELECT KW_TOUCHPOINT_COLUMNS FROM touchpoint`; strings live as long as the row. */
#define KW_TOUCHPOINT_COLUMNS_OF(t)                                                                                    \
    t "sale, " t "ts_ms, " t "offset_minutes, " t "kid, " t "handle, " t "day, " t "seq, " t "variant, " t "flag, "    \
    t "variant_p_bp, " t "p_bp, " t "u, " t "forced, " t "drawn, " t "reason, " t "store, " t "till, " t "cashier, "   \
    t "campaign, " t "language, " t "channel, " t "kind, " t "expires_day, " t "config_digest, " t "n, " t "class, "   \
    t "class_ms, " t "expired_ms, " t "seal"
#define KW_TOUCHPOINT_COLUMNS KW_TOUCHPOINT_COLUMNS_OF("")
enum { KW_TOUCHPOINT_COLUMN_COUNT = 29 };
void kw_touchpoint_row(sqlite3_stmt *row, struct kw_touchpoint *touchpoint);
/* Whether the row holds these values as they are written: nothing of another type, out of range, or behind a NUL. */
bool kw_touchpoint_is_exact(sqlite3_stmt *row, const struct kw_touchpoint *touchpoint);
/* Inserts the row alone, with touchpoint->sale, n and class. */
int kw_touchpoint_insert(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, struct kw_error *error);

/* A name under the journal's own key, so that it can be known again but not read; each use has its label. */
int kw_journal_hash_name(struct kw_journal *journal, const char *label, const char *name, uint8_t *hash, size_t size,
                         struct kw_error *error);

#endif
