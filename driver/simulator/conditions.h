/* conditions.h - why the printer does not print, and what status says of it. */
#ifndef KW_SIMULATOR_CONDITIONS_H
#define KW_SIMULATOR_CONDITIONS_H

#include "simulator/state.h"

enum { KW_SIM_EOT_MECHANICS = 17, KW_SIM_EOT_WHOLE = 20 };      /* n of DLE EOT on Custom's alone */

void kw_sim_conditions(struct kw_sim *sim, uint32_t set, uint32_t clear);   /* changes them and pushes ASB */
void kw_sim_answer_eot(struct kw_sim *sim, uint8_t n, uint8_t a);
void kw_sim_answer_dc4_7(struct kw_sim *sim, uint8_t m);
/* GS E0 of Custom: which bytes of the whole status come unasked from now on, when they change. */
void kw_sim_watch_whole(struct kw_sim *sim, uint8_t n);
/* The block of GS a, as an answer and unasked. */
void kw_sim_send_status(struct kw_sim *sim, const char *to);
void kw_sim_say_status(struct kw_sim *sim);

#endif
