/* reset.h - how everything is at the beginning. */
#ifndef KW_SIMULATOR_RESET_H
#define KW_SIMULATOR_RESET_H

#include "simulator/state.h"

void kw_sim_initial_bars(struct kw_sim_symbols *s);
void kw_sim_initialise(struct kw_sim *sim);             /* ESC @ */
/* What stands in the buffers is lost; what was received and not read yet too, where that is said. */
void kw_sim_reset_buffers(struct kw_sim *sim, bool receive_too);
void kw_sim_power_cycle(struct kw_sim *sim);

#endif
