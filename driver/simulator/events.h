/* events.h - what happened, as lines of JSON: each with the byte that caused it and the place on the paper. */
#ifndef KW_SIMULATOR_EVENTS_H
#define KW_SIMULATOR_EVENTS_H

#include "simulator/state.h"

struct kw_json *kw_sim_event(struct kw_sim *sim, struct kw_json *json, const char *name, uint64_t offset);
void kw_sim_event_end(struct kw_sim *sim, struct kw_json *json);
void kw_sim_warn(struct kw_sim *sim, uint64_t offset, const char *reason, ...) __attribute__((format(printf, 3, 4)));
/* Warns that a value is not one of the command's. */
void kw_sim_out_of_range(struct kw_sim *sim, const char *name, int value);
void kw_sim_image_event(struct kw_sim *sim, const char *form, int width, int height, int x, uint64_t offset);

#endif
