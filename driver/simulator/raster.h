/* raster.h - pictures as they come. */
#ifndef KW_SIMULATOR_RASTER_H
#define KW_SIMULATOR_RASTER_H

#include "simulator/state.h"

size_t kw_sim_begin_raster(struct kw_sim *sim, const uint8_t *head);
/* Takes raster bytes; returns how many. */
size_t kw_sim_raster_bytes(struct kw_sim *sim, const uint8_t *bytes, size_t length);
/* Prints a bitmap at the place the justification gives, enlarged; feeds its height. */
void kw_sim_print_bitmap(struct kw_sim *sim, const struct kw_bitmap *bitmap, int times_wide, int times_high);
void kw_sim_begin_nv_images(struct kw_sim *sim, int count);
void kw_sim_gathered_nv_image(struct kw_sim *sim);

#endif
