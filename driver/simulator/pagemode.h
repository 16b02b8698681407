/* pagemode.h - the page in memory. */
#ifndef KW_SIMULATOR_PAGEMODE_H
#define KW_SIMULATOR_PAGEMODE_H

#include "simulator/state.h"

bool kw_sim_page_item(struct kw_sim *sim, const struct kw_sim_item *item);
void kw_sim_page_bitmap(struct kw_sim *sim, const struct kw_bitmap *bitmap, int times_wide, int times_high);
void kw_sim_page_leave(struct kw_sim *sim, bool print);
void kw_sim_page_clear(struct kw_sim *sim);             /* CAN */
void kw_sim_page_newline(struct kw_sim *sim, int feed_dots);
void kw_sim_page_raster_row(struct kw_sim *sim, const struct kw_bitmap *row);
void kw_sim_page_raster_end(struct kw_sim *sim);

void kw_sim_page_lines(struct kw_sim *sim, const uint8_t *parameters, size_t length);   /* GS ( Q */

#endif
