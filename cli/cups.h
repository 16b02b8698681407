/* cups.h - what the backend says to CUPS and hears from it beside the job itself. */
#ifndef KW_CLI_CUPS_H
#define KW_CLI_CUPS_H

#include "cli.h"

/* Which printer, till and job: kwit://NAME[?tap=TAP], and the job's options. */
struct cups_queue {
    char name[256], till[256];
    const char *printer, *tap;      /* the same, or NULL: the default one */
    char uuid[80];                  /* "" when CUPS does not say it */
    int copies;
};
bool cups_read_queue(const char *uri, const char *options, struct cups_queue *queue);

/* Reasons that CUPS shows for a queue. One that is set stands until it is taken back, whoever's job comes next. */
enum cups_state {
    CUPS_PAPER, CUPS_COVER, CUPS_CONNECTING, CUPS_OFFLINE, CUPS_JAM, CUPS_CONFIG_ERROR, CUPS_STATE_COUNT
};
struct cups_states { bool set[CUPS_STATE_COUNT]; };
/* Takes back what an earlier process that was killed has left. */
void cups_states_clear(void);
void cups_state_set(struct cups_states *states, enum cups_state state);
/* The state that this enum kwit_error means is set, the others are not. */
void cups_state_follow(struct cups_states *states, int reason);
/* Nothing waits any more; what a person has to mend stays. */
void cups_states_end(struct cups_states *states);

/* Where the printer's answers to a driver go, where somebody hears them; else -1. */
int cups_back_channel(void);
/* Answers what filters and drivers ask on the side channel, where there is one, from now on. */
void cups_side_begin(void);

#endif
