/* glyph.h - code points to dots. */
#ifndef KW_SIMULATOR_GLYPH_H
#define KW_SIMULATOR_GLYPH_H

#include "simulator/state.h"

bool kw_sim_glyph(uint32_t code, int width, int height, struct kw_sim_dots *glyph);
bool kw_sim_glyph_is_wide(uint32_t code);
void kw_sim_draw_item(struct kw_sim *sim, const struct kw_bitmap *target, const struct kw_sim_item *item, int x, int y);

#endif
