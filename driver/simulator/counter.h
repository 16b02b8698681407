/* counter.h - GS C: the number that the printer counts. */
#ifndef KW_SIMULATOR_COUNTER_H
#define KW_SIMULATOR_COUNTER_H

#include "simulator/state.h"

void kw_sim_reset_counter(struct kw_sim *sim);

#endif
