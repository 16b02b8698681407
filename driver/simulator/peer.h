/* peer.h - who is at the other end of the line: a printer as its model is, one of another kind, or no printer. */
#ifndef KW_SIMULATOR_PEER_H
#define KW_SIMULATOR_PEER_H

#include "base/error.h"
#include "data/confirm.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kw_sim;

/* Beside the KW_STATUS_* bits: it answers GS I and whatever else can be asked. */
enum { KW_PEER_NAMES = 256 };

/* The columns are told in peers.def. */
struct kw_sim_peer {
    char word[12];
    bool prints;
    unsigned answers;
    enum kw_confirm confirm;
    int start_ms, push_ms, drip_ms, copies;
    char faults[24], hello[8];
    size_t hello_length;
    char packet[72];
    size_t packet_length;
    char text[80];
};

/* By word; NULL: a printer as its model is. Sets sim->peer and what of the model it changes. */
int kw_sim_choose_peer(struct kw_sim *sim, const char *word, struct kw_error *error);
/* Power is there: a printer that needs time to start begins to. */
void kw_sim_peer_power_on(struct kw_sim *sim);
/* What it says unasked at this moment. Returns when it will say something next, -1: never. */
int64_t kw_sim_peer_run(struct kw_sim *sim);
/* What is no printer heard a packet. */
void kw_sim_peer_heard(struct kw_sim *sim, const uint8_t *bytes, size_t length);

#endif
