/* watch.h - how the machine tells what it does to somebody in this room, beside the events: see stream.c. */
#ifndef KW_SIMULATOR_WATCH_H
#define KW_SIMULATOR_WATCH_H

#include "simulator/stream.h"

/* Rows of what is told count from the top of the piece of paper that is in the machine. */
struct kw_sim_watch {
    void *data;
    /* Before it runs. Where the machine comes by again (a cut that has to wait), it is told again. */
    void (*token)(void *data, const struct kw_grammar_token *token, uint64_t offset);
    void (*text)(void *data, const struct kw_sim_text *text);
    void (*code)(void *data, const struct kw_sim_code *code);
    void (*cut)(void *data, uint64_t offset);
    void (*pulse)(void *data, uint64_t offset);
};

#endif
