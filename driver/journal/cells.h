/* cells.h - touchpoints that are alike, counted. Private to this room. */
#ifndef KW_JOURNAL_CELLS_H
#define KW_JOURNAL_CELLS_H

#include "journal/internal.h"
#include "record/cell.h"

enum { KW_CELL_SECRET_BYTES = 16 };
/* A short keyed digest, for sums over many cells. */
uint64_t kw_cell_digest(const uint8_t secret[KW_CELL_SECRET_BYTES], const struct kw_cell_key *key);

/* Adds `change` to the cells of these facts and class, one in each view. */
int kw_cell_add(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, enum kw_class klass, int64_t change,
                struct kw_error *error);

#endif
