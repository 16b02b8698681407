/* text.h - characters and pictures into the line or onto the page. */
#ifndef KW_SIMULATOR_TEXT_H
#define KW_SIMULATOR_TEXT_H

#include "simulator/state.h"

/* Returns how many bytes it took: fewer when the paper stopped in between. */
size_t kw_sim_put_text(struct kw_sim *sim, const uint8_t *bytes, size_t length, uint64_t offset);
bool kw_sim_put_item(struct kw_sim *sim, const struct kw_sim_item *item);
void kw_sim_tab(struct kw_sim *sim);

#endif
