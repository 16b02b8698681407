/* faults.h - failures as settings: read, waiting for their place or moment, holding, mended. */
#ifndef KW_SIMULATOR_FAULTS_H
#define KW_SIMULATOR_FAULTS_H

#include "simulator/state.h"

int kw_sim_parse_faults(struct kw_sim *sim, const char *spec, struct kw_error *error);
int kw_sim_parse_scenario(struct kw_sim *sim, const char *word, struct kw_error *error);
void kw_sim_arm_faults(struct kw_sim *sim);
/* Bytes that may still come before the next fault by byte; 0: any number. */
uint64_t kw_sim_bytes_before_fault(const struct kw_sim *sim);
/* Dots that may still be fed before the next fault by millimetre or a place on the roll; 0: any number. */
int64_t kw_sim_dots_before_fault(const struct kw_sim *sim);
void kw_sim_check_faults(struct kw_sim *sim, enum kw_sim_trigger trigger);
/* When the next fault by time begins or ends, -1: none. */
int64_t kw_sim_next_fault_ms(const struct kw_sim *sim);
/* What the clock brought, by its place in the list: when a past is lived through again. */
void kw_sim_begin_fault(struct kw_sim *sim, size_t index);
void kw_sim_end_fault(struct kw_sim *sim, size_t index);
/* Somebody saw to it: the conditions end, and with them the faults that hold them. */
void kw_sim_mend(struct kw_sim *sim, uint32_t conditions);

#endif
