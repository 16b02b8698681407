/* star.h - the machine of a printer that speaks a language of Star: its reader, its status, its count. */
#ifndef KW_SIMULATOR_STAR_H
#define KW_SIMULATOR_STAR_H

#include "simulator/state.h"

bool kw_sim_is_star(const struct kw_sim *sim);
/* Its row says that it has a language of its own, which nothing here speaks. */
bool kw_sim_is_foreign(const struct kw_sim *sim);
/* Takes what waits in order; the number of bytes, 0 when the head has to work first. */
size_t kw_sim_star_bytes(struct kw_sim *sim, const uint8_t *bytes, size_t length);
/* One whole command of letters, codes or pictures that the printer sets; the graphic models make nothing of it. */
void kw_sim_star_set(struct kw_sim *sim, const uint8_t *bytes, size_t length);
int kw_sim_star_pitch(const struct kw_sim *sim);        /* dots from line to line */
enum { KW_SIM_STAR_BAND = 24 /* rows of a picture that is set */ };
/* Sees every byte as it comes: ESC ACK SOH is answered at once. */
void kw_sim_star_realtime(struct kw_sim *sim, uint8_t byte);
/* The status block, to whom it is told; unasked ones where ASB is on. */
void kw_sim_star_status(struct kw_sim *sim, const char *to);
void kw_sim_star_initialise(struct kw_sim *sim);
/* Whether an ESC/POS printer was just sent a command that only Star knows. */
bool kw_sim_looks_like_star(const uint8_t *bytes, size_t length);

#endif
