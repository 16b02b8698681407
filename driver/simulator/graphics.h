/* graphics.h - GS ( L, GS 8 L: graphics that are kept and printed by key. */
#ifndef KW_SIMULATOR_GRAPHICS_H
#define KW_SIMULATOR_GRAPHICS_H

#include "simulator/state.h"

void kw_sim_graphics(struct kw_sim *sim, const uint8_t *parameters, size_t length);     /* m fn … */
bool kw_sim_print_nv(struct kw_sim *sim, const uint8_t key[2], const char *form);
void kw_sim_forget_downloads(struct kw_sim *sim);

#endif
