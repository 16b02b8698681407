/* machine.h - what the doors and the orders need of the machine beside simulator.h. */
#ifndef KW_SIMULATOR_MACHINE_H
#define KW_SIMULATOR_MACHINE_H

#include "simulator/state.h"

/* Works off what waits, as far as the printer prints. */
void kw_sim_process(struct kw_sim *sim);

#endif
