/* logos.h - logos that the printer prints of itself. */
#ifndef KW_SIMULATOR_LOGOS_H
#define KW_SIMULATOR_LOGOS_H

#include "simulator/state.h"

void kw_sim_logo_settings(struct kw_sim *sim, const uint8_t *parameters, size_t length);     /* FS ( E */
void kw_sim_print_logo(struct kw_sim *sim, int which);

#endif
