/* machine.h - for tests of the simulated printer: bytes in, and everything that came of them. */
#ifndef KW_TEST_MACHINE_H
#define KW_TEST_MACHINE_H

#include "simulator/simulator.h"

struct machine {
    struct kw_sim *sim;
    struct kw_arena *arena;
    struct kw_bitmap *papers[64];
    char *texts[64];
    size_t paper_count;
    struct kw_buffer events, replies;
    int64_t now_ms;                 /* the machine's clock: the test moves it */
    size_t accepted;
    int code;                       /* of making it */
    struct kw_error error;
};

/* A machine by profile name; faults, scenario and speed may be set before machine_start. */
struct kw_sim_options machine_options(struct machine *machine, const char *profile);
void machine_start(struct machine *machine, const struct kw_sim_options *options);
/* A machine of the default profile that is ready. */
void machine_begin(struct machine *machine);
/* Writes all of it, or as much as is taken; replies are collected. */
void machine_feed(struct machine *machine, const void *bytes, size_t length);
void machine_say(struct machine *machine, const char *text);
void machine_order(struct machine *machine, const char *order);
/* Lets time pass. */
void machine_wait(struct machine *machine, int64_t ms);
/* Prints out and frees the machine, but keeps what came of it until machine_free. */
void machine_finish(struct machine *machine);
void machine_free(struct machine *machine);
/* Begin, feed, finish. */
void machine_print(struct machine *machine, const void *bytes, size_t length);
/* The replies since the last call in hex, "16 12". */
const char *machine_replies(struct machine *machine);
/* How many events contain this text. */
int machine_events(const struct machine *machine, const char *part);
bool machine_same_paper(const struct machine *one, const struct machine *two);

#endif
