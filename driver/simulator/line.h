/* line.h - the line buffer and its printing. */
#ifndef KW_SIMULATOR_LINE_H
#define KW_SIMULATOR_LINE_H

#include "simulator/state.h"

/* Prints the line buffer and feeds by at least feed_dots. */
void kw_sim_flush_line(struct kw_sim *sim, int feed_dots);
void kw_sim_drop_line(struct kw_sim *sim);
void kw_sim_line_events(struct kw_sim *sim, const struct kw_sim_item *items, size_t count, int shift);
void kw_sim_add_text_line(struct kw_sim *sim, const struct kw_sim_item *items, size_t count, int shift);

#endif
