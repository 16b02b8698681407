/* replies.h - what the machine says: put here, and taken by kw_sim_read. */
#ifndef KW_SIMULATOR_REPLIES_H
#define KW_SIMULATOR_REPLIES_H

#include "simulator/state.h"

/* The answer to what is named; nothing where the peer does not answer that. */
void kw_sim_reply(struct kw_sim *sim, const char *to, const void *bytes, size_t length, uint64_t offset);
void kw_sim_reply_block(struct kw_sim *sim, const char *to, uint8_t header, const char *text, uint64_t offset);
/* What nobody asked for; `why` stands in the event. */
void kw_sim_say(struct kw_sim *sim, const char *why, const void *bytes, size_t length);
int64_t kw_sim_next_reply_ms(const struct kw_sim *sim);

#endif
