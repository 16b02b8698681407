/* peer.c - the peers of peers.def: what they change of the model, and what they say unasked or to any packet. */
#include "simulator/peer.h"

#include "simulator/conditions.h"
#include "simulator/replies.h"

#include <stdio.h>
#include <string.h>

enum { HELLO_EVERY_MS = 500, NOISE_MOST = 12, UNHEARD_MOST = 512 };

/* Not what it says, but how. */
#define LOOP "(loop)"
#define NOISE "(noise)"

static const struct kw_sim_peer peers[] = {
#define PEER(word, prints, answers, confirm, start_ms, push_ms, drip_ms, copies, faults, hello, packet, text) \
    { word, prints, answers, confirm, start_ms, push_ms, drip_ms, copies, faults, hello, sizeof hello - 1, packet, \
      sizeof packet - 1, text },
#include "simulator/peers.def"
#undef PEER
};
enum { PEERS = sizeof peers / sizeof peers[0] };

static const struct kw_sim_peer as_its_model = {
    .word = "", .prints = true, .answers = KW_PEER_NAMES, .copies = 1, .faults = "", .hello = "", .packet = "",
    .text = ""
};

static int no_such_peer(const char *word, struct kw_error *error)
{
    kw_fail(error, KWIT_E_USAGE, "peer", "\"%.40s\" is no peer; there are:", word);
    size_t used = error ? strlen(error->text) : 0;
    for (size_t i = 0; error && i < PEERS && used < sizeof error->text; i++)
        used += (size_t)snprintf(error->text + used, sizeof error->text - used, "%s %s", i ? "," : "", peers[i].word);
    return KWIT_E_USAGE;
}

int kw_sim_choose_peer(struct kw_sim *sim, const char *word, struct kw_error *error)
{
    sim->peer = &as_its_model;
    for (size_t i = 0; word && i < PEERS; i++)
        if (strcmp(peers[i].word, word) == 0)
            sim->peer = &peers[i];
    if (!word)
        return 0;
    if (sim->peer == &as_its_model)
        return no_such_peer(word, error);
    sim->own_profile.status = sim->peer->answers & ~(unsigned)KW_PEER_NAMES;
    sim->own_profile.confirm = sim->peer->confirm;
    return 0;
}

void kw_sim_peer_power_on(struct kw_sim *sim)
{
    if (sim->peer->start_ms == 0 || sim->replaying)
        return;
    sim->s.times.starting_until_ms = kw_sim_now(sim) + sim->peer->start_ms;
    sim->s.times.say_at_ms = 0;
    kw_sim_conditions(sim, KW_COND_STARTING, 0);
}

static void make_noise(struct kw_sim *sim)
{
    uint8_t bytes[NOISE_MOST];
    size_t length = 1 + kw_sim_random(sim) % NOISE_MOST;
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)kw_sim_random(sim);
    kw_sim_say(sim, "noise", bytes, length);
}

static void say_unasked(struct kw_sim *sim)
{
    const struct kw_sim_peer *peer = sim->peer;
    if (sim->parts[KW_PART_REPLIES].length > UNHEARD_MOST)
        return;                                 /* nobody listens */
    if (peer->hello_length > 0)
        kw_sim_say(sim, "hello", peer->hello, peer->hello_length);
    else if (peer->prints)
        kw_sim_say_status(sim);
    else
        make_noise(sim);
}

int64_t kw_sim_peer_run(struct kw_sim *sim)
{
    struct kw_sim_times *times = &sim->s.times;
    int64_t now = kw_sim_now(sim);
    bool starting = sim->s.health.conditions & KW_COND_STARTING;
    int every = starting ? HELLO_EVERY_MS : sim->peer->push_ms;
    if (starting && (now >= times->starting_until_ms || sim->replaying)) {
        kw_sim_conditions(sim, 0, KW_COND_STARTING);
        return kw_sim_peer_run(sim);
    }
    if (every == 0 || sim->replaying)
        return -1;
    if (times->say_at_ms <= now || times->say_at_ms > now + every) {
        say_unasked(sim);
        times->say_at_ms = now + every;
    }
    return starting && times->starting_until_ms < times->say_at_ms ? times->starting_until_ms : times->say_at_ms;
}

void kw_sim_peer_heard(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    const struct kw_sim_peer *peer = sim->peer;
    if (strcmp(peer->packet, LOOP) == 0)
        kw_sim_say(sim, "packet", bytes, length);
    else if (strcmp(peer->packet, NOISE) == 0)
        make_noise(sim);
    else if (peer->packet_length > 0)
        kw_sim_say(sim, "packet", peer->packet, peer->packet_length);
}
