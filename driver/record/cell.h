/* cell.h - touchpoints that are alike are counted together: what tells two cells of a view apart. */
#ifndef KW_RECORD_CELL_H
#define KW_RECORD_CELL_H

#include "record/counts.h"

/* What a cell counts, in the order of its columns; texts live as long as the touchpoint's. */
enum { KW_CELL_NUMBERS = 13, KW_CELL_TEXTS = 6 };
struct kw_cell_key { int64_t numbers[KW_CELL_NUMBERS]; const char *texts[KW_CELL_TEXTS]; };
#define KW_CELL_COLUMNS                                                                                                \
    "view, day, hour, kind, variant, variant_p_bp, p_bp, reason, forced, drawn, flag, expires_day, class,"             \
    " store, till, cashier, language, channel, campaign"
void kw_cell_make_key(const struct kw_touchpoint *touchpoint, enum kw_view view, enum kw_class klass,
                      struct kw_cell_key *key);
/* One touchpoint as a cell of that view would tell it. */
struct kw_cell kw_cell_of(const struct kw_touchpoint *touchpoint, enum kw_view view);

#endif
