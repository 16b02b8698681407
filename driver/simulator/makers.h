/* makers.h - what only some makers' printers do, and what is told of heat, speed and sound. */
#ifndef KW_SIMULATOR_MAKERS_H
#define KW_SIMULATOR_MAKERS_H

#include "simulator/state.h"

/* Whether this model has no such command where nearly all have: it drops the two bytes, and what follows is data. */
bool kw_sim_lacks(const struct kw_sim *sim, const uint8_t pair[2]);
/* BEL and DC2 of cheap boards: a whole command. */
void kw_sim_board_command(struct kw_sim *sim, const uint8_t *bytes, size_t length);
void kw_sim_print_control(struct kw_sim *sim, const uint8_t *parameters, size_t count);     /* GS ( K */
/* The darkness that a command asks for, in percent of the usual. */
void kw_sim_density(struct kw_sim *sim, const char *form, int percent);
/* Where nobody says how much a step is. */
void kw_sim_density_step(struct kw_sim *sim, const char *form, int step);
void kw_sim_speed(struct kw_sim *sim, const char *form, int step);
/* pattern -1 and ms 0: not said. */
void kw_sim_buzz(struct kw_sim *sim, const char *form, int pattern, int times, int ms);

#endif
