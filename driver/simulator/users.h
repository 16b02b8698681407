/* users.h - characters and data that the host keeps in the printer. */
#ifndef KW_SIMULATOR_USERS_H
#define KW_SIMULATOR_USERS_H

#include "simulator/state.h"

bool kw_sim_user_defined(struct kw_sim *sim, uint8_t lead, uint8_t code);
bool kw_sim_user_glyph(struct kw_sim *sim, const struct kw_sim_item *item, struct kw_sim_dots *glyph);
void kw_sim_memory(struct kw_sim *sim, const uint8_t *parameters, size_t length);       /* GS ( C */

#endif
