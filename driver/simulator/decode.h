/* decode.h - bytes to code points. */
#ifndef KW_SIMULATOR_DECODE_H
#define KW_SIMULATOR_DECODE_H

#include "simulator/state.h"

bool kw_sim_select_table(struct kw_sim *sim, uint8_t n);
uint32_t kw_sim_decode(struct kw_sim *sim, uint8_t byte);
bool kw_sim_two_byte_lead(const struct kw_sim *sim, uint8_t byte);
uint32_t kw_sim_decode_pair(struct kw_sim *sim, uint8_t lead, uint8_t trail);
void kw_sim_decode_end(struct kw_sim *sim);

#endif
