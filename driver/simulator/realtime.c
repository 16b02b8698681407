/*
 * realtime.c - the reader that sees every byte before the receive buffer: DLE EOT, DLE ENQ, DLE DC4.
 *
 * It acts on the last byte of a sequence, also offline and also inside the data of other commands; the bytes stay in
 * the receive buffer all the same (grammar/escpos.md, keeping in step).
 */
#include "simulator/realtime.h"

#include "simulator/conditions.h"
#include "simulator/faults.h"
#include "simulator/print.h"
#include "simulator/replies.h"
#include "simulator/reset.h"

#include <string.h>

/* DLE DC4 8: these seven bytes and no others clear the buffers. */
static const uint8_t clear_sequence[10] = { 0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08 };
static const uint8_t power_off_sequence[5] = { 0x10, 0x14, 0x02, 0x01, 0x08 };

static bool begins_with(const uint8_t *bytes, size_t length, const uint8_t *whole)
{
    return memcmp(bytes, whole, length) == 0;
}

/* Length of the sequence that begins so, 0 when it cannot be one. */
static size_t sequence_length(const struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    if (length < 2)
        return 2;
    if (bytes[1] == 0x04) {
        if (length < 3)
            return 3;
        uint8_t n = bytes[2];
        if (n == KW_SIM_EOT_MECHANICS || n == KW_SIM_EOT_WHOLE)
            return sim->profile->firmware == KW_FIRMWARE_CUSTOM ? 3 : 0;
        return n >= 1 && n <= 6 ? 3 : n == 0 || n == 7 || n == 8 || n == 18 ? 4 : 0;
    }
    if (bytes[1] == 0x05)
        return length < 3 || bytes[2] <= 3 ? 3 : 0;
    if (bytes[1] != 0x14)
        return 0;
    if (length < 3)
        return 3;
    switch (bytes[2]) {
    case 1: return length < 4 || bytes[3] <= 1 ? 5 : 0;
    case 2: return begins_with(bytes, length, power_off_sequence) ? 5 : 0;
    case 3: return 8;
    case 7: return 4;
    case 8: return begins_with(bytes, length, clear_sequence) ? 10 : 0;
    default: return 0;
    }
}

static void recover(struct kw_sim *sim, uint8_t n)
{
    uint32_t errors = sim->s.health.conditions & (KW_COND_CUTTER | KW_COND_RECOVERABLE);
    if (n == 0)
        kw_sim_conditions(sim, 0, KW_COND_WAITING);
    if ((n != 1 && n != 2) || !errors)
        return;
    if (n == 2)
        kw_sim_reset_buffers(sim, true);
    kw_sim_mend(sim, errors);
}

static void pulse(struct kw_sim *sim, uint8_t pin, uint8_t time)
{
    bool running = kw_sim_now(sim) < sim->s.times.drawer_pulse_at_ms;
    if (!sim->s.host.pulse_disabled && !running && time >= 1 && time <= 8)
        kw_sim_pulse(sim, pin ? 5 : 2, time * 100, time * 100, sim->s.in.accepted - 5);
}

static void clear_buffers(struct kw_sim *sim)
{
    if (!(sim->profile->quirks & KW_QUIRK_CLEARS_BUFFER))
        return;
    kw_sim_reset_buffers(sim, true);
    kw_sim_reply(sim, "DLE DC4 8", "\x37\x25\x00", 3, sim->s.in.accepted - 10);
}

static void power_off(struct kw_sim *sim)
{
    if (!sim->s.host.power_off_enabled)
        return;
    kw_sim_reply(sim, "DLE DC4 2", "\x3B\x30\x00", 3, sim->s.in.accepted - 5);
    kw_sim_conditions(sim, KW_COND_POWER, 0);
}

static void run(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    if (bytes[1] != 0x04)
        kw_sim_note_place(sim, length);
    if (bytes[1] == 0x04) {
        kw_sim_answer_eot(sim, bytes[2], bytes[3]);
    } else if (bytes[1] == 0x05) {
        recover(sim, bytes[2]);
    } else {
        switch (bytes[2]) {
        case 1: pulse(sim, bytes[3], bytes[4]); break;
        case 2: power_off(sim); break;
        case 7: kw_sim_answer_dc4_7(sim, bytes[3]); break;
        case 8: clear_buffers(sim); break;
        default: break;
        }
    }
}

void kw_sim_realtime_byte(struct kw_sim *sim, uint8_t byte)
{
    struct kw_sim_state *s = &sim->s;
    if (s->in.rt_length == 0 && byte != 0x10)
        return;
    s->in.rt_bytes[s->in.rt_length++] = byte;
    size_t whole = sequence_length(sim, s->in.rt_bytes, s->in.rt_length);
    if (whole == 0) {
        s->in.rt_length = 0;
        if (byte == 0x10)                       /* it may begin the next one */
            s->in.rt_bytes[s->in.rt_length++] = byte;
        return;
    }
    if (s->in.rt_length < whole)
        return;
    s->in.rt_length = 0;
    if (!(s->health.conditions & (KW_COND_STUCK | KW_COND_GONE | KW_COND_STARTING)))
        run(sim, s->in.rt_bytes, whole);
}
