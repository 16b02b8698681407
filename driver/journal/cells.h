/* cells.h - touchpoints that are alike, counted. Private to this room. */
#ifndef KW_JOURNAL_CELLS_H
#define KW_JOURNAL_CELLS_H

#include "journal/internal.h"
#include "record/record.h"

/* What a cell counts, in the order of its columns; texts live as long as the touchpoint's. */
enum { KW_CELL_NUMBERS = 13, KW_CELL_TEXTS = 6, KW_CELL_SECRET_BYTES = 16 };
struct kw_cell_key { int64_t numbers[KW_CELL_NUMBERS]; const char *texts[KW_CELL_TEXTS]; };
#define KW_CELL_COLUMNS                                                                                                \
    "view, day, hour, kind, variant, variant_p_bp, p_bp, reason, forced, drawn, flag, expires_day, class,"             \
    " store, till, cashier, language, channel, campaign"
void kw_cell_make_key(const struct kw_touchpoint *touchpoint, enum kw_view view, enum kw_class klass,
                      struct kw_cell_key *key);
/* A short keyed digest, for sums over many cells. */
uint64_t kw_cell_digest(const uint8_t secret[KW_CELL_SECRET_BYTES], const struct kw_cell_key *key);

/* Adds `change` to the cells of these facts and class, one in each view. */
int kw_cell_add(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, enum kw_class klass, int64_t change,
                struct kw_error *error);

#endif
