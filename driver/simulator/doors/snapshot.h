/* snapshot.h - the machine's whole state in bytes, so that a long log need not be read again. */
#ifndef KW_SIMULATOR_DOORS_SNAPSHOT_H
#define KW_SIMULATOR_DOORS_SNAPSHOT_H

#include "base/buffer.h"

struct kw_sim;

/* Loading fails when the bytes are of another build or another kind of machine (tag). */
bool kw_sim_save(struct kw_sim *sim, uint64_t tag, struct kw_buffer *out);
bool kw_sim_load(struct kw_sim *sim, uint64_t tag, const void *bytes, size_t length);

#endif
