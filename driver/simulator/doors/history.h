/*
 * history.h - what happened to the machine that does not follow from its bytes: under which settings it was opened,
 * orders, what its clock brought, and how far it had read when something came in between. With wire.bin it is the
 * machine's whole past. One line each: bytes accepted, bytes read, a word, the rest.
 */
#ifndef KW_SIMULATOR_DOORS_HISTORY_H
#define KW_SIMULATOR_DOORS_HISTORY_H

#include "simulator/simulator.h"

enum { KW_SIM_SETTINGS_MOST = 2400 };

struct kw_sim_history {
    int file;                                   /* history.log, to be appended to */
    uint64_t bytes;                             /* in it */
    bool failed;                                /* a line could not be kept */
    char settings[KW_SIM_SETTINGS_MOST];        /* of the last opening; "": never opened */
};

/* Keeps a line before what it says happens. */
void kw_sim_history_note(struct kw_sim_history *history, struct kw_sim *sim, const char *what);
/*
 * Takes up the machine's past behind the first `from` bytes of the history, in which only settings are looked for, and
 * the bytes of the wire behind those the machine has read.
 */
int kw_sim_history_replay(struct kw_sim_history *history, struct kw_sim *sim, int wire, uint64_t wire_bytes,
                          uint64_t from, struct kw_error *error);
/*
 * The machine is opened under these settings, now. Other faults than before: somebody saw to the printer, and they
 * count from here. A printer that lost its power or its cable is back.
 */
void kw_sim_history_open(struct kw_sim_history *history, struct kw_sim *sim, const struct kw_sim_options *options);

#endif
