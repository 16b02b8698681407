/* status.h - what is asked in the stream. */
#ifndef KW_SIMULATOR_STATUS_H
#define KW_SIMULATOR_STATUS_H

#include "simulator/state.h"

size_t kw_sim_confirmation(struct kw_sim *sim, const uint8_t *bytes, size_t length);         /* GS ( H */

#endif
