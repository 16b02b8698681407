/* realtime.h - the reader that looks at every byte on arrival. */
#ifndef KW_SIMULATOR_REALTIME_H
#define KW_SIMULATOR_REALTIME_H

#include "simulator/state.h"

void kw_sim_realtime_byte(struct kw_sim *sim, uint8_t byte);

#endif
