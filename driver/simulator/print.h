/* print.h - what moves paper and the drawer. */
#ifndef KW_SIMULATOR_PRINT_H
#define KW_SIMULATOR_PRINT_H

#include "simulator/state.h"

void kw_sim_pulse(struct kw_sim *sim, int pin, int on_ms, int off_ms, uint64_t offset);

#endif
