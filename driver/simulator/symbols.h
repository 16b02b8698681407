/* symbols.h - GS ( k: two-dimensional symbols. */
#ifndef KW_SIMULATOR_SYMBOLS_H
#define KW_SIMULATOR_SYMBOLS_H

#include "simulator/state.h"

void kw_sim_symbol(struct kw_sim *sim, const uint8_t *parameters, size_t length);       /* cn fn … */

#endif
