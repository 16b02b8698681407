/* parser.h - the main reader. */
#ifndef KW_SIMULATOR_PARSER_H
#define KW_SIMULATOR_PARSER_H

#include "simulator/state.h"

/* Takes one step over what waits in the receive buffer; false when more bytes are needed. */
bool kw_sim_step(struct kw_sim *sim);
/* One run of a macro that GS ^ asked for; false: there is none. */
bool kw_sim_step_macro(struct kw_sim *sim);

#endif
