/* star_status.c - how a printer of Star's languages is, as it says it, and how its reader begins. */
#include "simulator/star.h"

#include "simulator/replies.h"

#include <string.h>

enum { ESC = 0x1B, FRAME_BYTES = 9 };

bool kw_sim_is_star(const struct kw_sim *sim)
{
    return sim->profile->language != KW_LANGUAGE_ESCPOS;
}

bool kw_sim_is_foreign(const struct kw_sim *sim)
{
    return sim->profile->quirks & KW_QUIRK_NOT_ESCPOS;
}

bool kw_sim_looks_like_star(const uint8_t *bytes, size_t length)
{
    static const char *const heads[] = { "\x1B*r", "\x1B\x1D", "\x1B\x1E" };        /* nothing to ESC/POS */
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        if (length >= strlen(heads[i]) && memcmp(bytes, heads[i], strlen(heads[i])) == 0)
            return true;
    return false;
}

void kw_sim_star_initialise(struct kw_sim *sim)
{
    sim->s.star.raster = 0;
    sim->s.star.end_mode = sim->s.star.page_mode = 0;
    sim->s.star.rows_waiting = 0;
    sim->s.star.pitch = 0;
}

/* ---- status ----------------------------------------------------------------------------------------------------- */

static uint8_t bit(const struct kw_sim *sim, uint32_t condition, uint8_t value)
{
    return kw_sim_has(sim, condition) ? value : 0;
}

void kw_sim_star_status(struct kw_sim *sim, const char *to)
{
    uint8_t count = sim->s.star.count;
    const uint8_t frame[FRAME_BYTES] = {
        0x23, 0x06,
        (uint8_t)(bit(sim, KW_COND_OFFLINE, 0x08) | bit(sim, KW_COND_COVER, 0x20) |
                  (kw_sim_pin_is_high(sim) ? 0x04 : 0) | (sim->s.star.executed ? 0x02 : 0)),
        (uint8_t)(bit(sim, KW_COND_HOT, 0x40) | bit(sim, KW_COND_DEAD, 0x20) | bit(sim, KW_COND_CUTTER, 0x08)),
        0,
        (uint8_t)(bit(sim, KW_COND_PAPER_END, 0x08) | (kw_sim_paper_near_end(sim) ? 0x04 : 0)),
        0, (uint8_t)((count & 7) << 1 | (count & 0x18) << 2), 0
    };
    sim->s.star.executed = 0;
    kw_sim_reply(sim, to, frame, sizeof frame, sim->s.in.parsed);
}

void kw_sim_star_realtime(struct kw_sim *sim, uint8_t byte)
{
    static const uint8_t question[] = { ESC, 0x06, 0x01 };
    struct kw_sim_state *s = &sim->s;
    s->in.rt_length = byte == question[s->in.rt_length] ? (uint8_t)(s->in.rt_length + 1) : byte == ESC;
    if (s->in.rt_length < sizeof question)
        return;
    s->in.rt_length = 0;
    if (!(s->health.conditions & (KW_COND_STUCK | KW_COND_GONE | KW_COND_STARTING)))
        kw_sim_star_status(sim, "ESC ACK SOH");
}
