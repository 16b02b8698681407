/* snapshot.c - the whole state in bytes and back, so that a long log need not be read again. */
#include "simulator/doors/snapshot.h"
#include "simulator/decode.h"
#include "simulator/state.h"

#include <string.h>

enum { SNAPSHOT_MAGIC = 0x4B57534D, SNAPSHOT_VERSION = 6 };

struct head {
    uint32_t magic, version, state_bytes, parts;
    uint64_t tag;
};

bool kw_sim_save(struct kw_sim *sim, uint64_t tag, struct kw_buffer *out)
{
    struct head head = { SNAPSHOT_MAGIC, SNAPSHOT_VERSION, sizeof sim->s, KW_PARTS, tag };
    sim->s.times.last_ms = kw_sim_now(sim);
    kw_buffer_add(out, &head, sizeof head);
    kw_buffer_add(out, &sim->s, sizeof sim->s);
    for (int part = 0; part < KW_PARTS; part++) {
        uint64_t length = sim->parts[part].length;
        kw_buffer_add(out, &length, sizeof length);
        kw_buffer_add(out, sim->parts[part].data, sim->parts[part].length);
    }
    return !out->failed;
}

/* Moments of a clock that began anew (after a reboot) mean nothing. */
static void settle_clock(struct kw_sim *sim)
{
    int64_t now = kw_sim_now(sim);
    if (sim->s.times.last_ms <= now)
        return;
    sim->s.times.busy_until_us = sim->s.times.drawer_pulse_at_ms = 0;
    sim->s.times.power_on_ms = now;
    for (size_t i = 0; i < KW_SIM_FAULTS_MAX; i++)
        if (sim->s.health.faults[i].until_ms)
            sim->s.health.faults[i].until_ms = now;
}

bool kw_sim_load(struct kw_sim *sim, uint64_t tag, const void *bytes, size_t length)
{
    const uint8_t *at = bytes, *end = at + length;
    struct head head;
    if (length < sizeof head + sizeof sim->s)
        return false;
    memcpy(&head, at, sizeof head);
    if (head.magic != SNAPSHOT_MAGIC || head.version != SNAPSHOT_VERSION || head.state_bytes != sizeof sim->s ||
        head.parts != KW_PARTS || head.tag != tag)
        return false;
    const uint8_t *state = at + sizeof head;
    at = state + sizeof sim->s;
    for (int part = 0; part < KW_PARTS; part++) {
        uint64_t count;
        if ((size_t)(end - at) < sizeof count)
            return false;
        memcpy(&count, at, sizeof count);
        at += sizeof count;
        if (count > (size_t)(end - at))
            return false;
        kw_buffer_clear(&sim->parts[part]);
        if (!kw_buffer_add(&sim->parts[part], at, (size_t)count))
            return false;
        at += count;
    }
    memcpy(&sim->s, state, sizeof sim->s);
    settle_clock(sim);
    return kw_sim_select_table(sim, sim->s.look.table);
}
