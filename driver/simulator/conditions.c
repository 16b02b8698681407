/* conditions.c - why the printer does not print, as bits of a status byte, and automatic status when they change. */
#include "simulator/conditions.h"

#include "simulator/replies.h"
#include "simulator/star.h"

#include <stdio.h>
#include <string.h>

static int bit(const struct kw_sim *sim, uint32_t condition, int value)
{
    return kw_sim_has(sim, condition) ? value : 0;
}

static bool is_offline(const struct kw_sim *sim)
{
    return kw_sim_has(sim, KW_COND_OFFLINE) || (sim->s.host.paper_stops && kw_sim_paper_near_end(sim));
}

static bool has_error(const struct kw_sim *sim)
{
    return kw_sim_has(sim, KW_COND_CUTTER | KW_COND_RECOVERABLE | KW_COND_DEAD | KW_COND_HOT | KW_COND_OPENED_PRINTING);
}

/* An error that ends by itself. */
static bool recovers(const struct kw_sim *sim)
{
    return kw_sim_has(sim, KW_COND_HOT | KW_COND_OPENED_PRINTING);
}

/* DLE EOT n: bits 1 and 4 are always set. */
static uint8_t status_byte(const struct kw_sim *sim, uint8_t n)
{
    uint8_t byte = 0x12;
    switch (n) {
    case 1:
        byte |= (uint8_t)((kw_sim_pin_is_high(sim) ? 0x04 : 0) | (is_offline(sim) ? 0x08 : 0) |
                          bit(sim, KW_COND_WAITING, 0x20) | bit(sim, KW_COND_FEEDING, 0x40));
        break;
    case 2:
        byte |= (uint8_t)(bit(sim, KW_COND_COVER, 0x04) | bit(sim, KW_COND_FEEDING, 0x08) |
                          bit(sim, KW_COND_PAPER_END, 0x20) | (has_error(sim) ? 0x40 : 0));
        break;
    case 3:
        byte |= (uint8_t)(bit(sim, KW_COND_RECOVERABLE, 0x04) | bit(sim, KW_COND_CUTTER, 0x08) |
                          bit(sim, KW_COND_DEAD, 0x20) | (recovers(sim) ? 0x40 : 0));
        break;
    case 4:
        byte |= (uint8_t)((kw_sim_paper_near_end(sim) ? 0x0C : 0) | bit(sim, KW_COND_PAPER_END, 0x60));
        break;
    default:
        break;
    }
    return byte;
}

/* Of Custom's whole status the bytes that n chooses: paper, user, errors that end by themselves, and that do not. */
static size_t whole_status(const struct kw_sim *sim, uint8_t n, uint8_t out[6])
{
    const uint8_t whole[] = {
        (uint8_t)(bit(sim, KW_COND_PAPER_END, 0x01) | (kw_sim_paper_near_end(sim) ? 0x04 : 0)),
        (uint8_t)bit(sim, KW_COND_COVER, 0x02), (uint8_t)bit(sim, KW_COND_HOT, 0x01),
        (uint8_t)(bit(sim, KW_COND_CUTTER, 0x01) | bit(sim, KW_COND_DEAD, 0x40))
    };
    size_t length = 2;
    out[0] = 0x10;
    out[1] = n;
    for (int i = 0; i < 4; i++)
        if (n & 1 << i)
            out[length++] = whole[i];
    return length;
}

/* It in one answer, and the mechanics: motor, paper. */
static void answer_custom(struct kw_sim *sim, uint8_t n)
{
    uint8_t whole[6];
    size_t length = whole_status(sim, 0x0F, whole);
    const uint8_t mechanics = (uint8_t)(0x12 | bit(sim, KW_COND_PAPER_END, 0x20));
    if (n == KW_SIM_EOT_WHOLE)
        kw_sim_reply(sim, "DLE EOT 20", whole, length, sim->s.in.accepted - 3);
    else
        kw_sim_reply(sim, "DLE EOT 17", &mechanics, 1, sim->s.in.accepted - 3);
}

void kw_sim_answer_eot(struct kw_sim *sim, uint8_t n, uint8_t a)
{
    if (n == KW_SIM_EOT_MECHANICS || n == KW_SIM_EOT_WHOLE) {
        answer_custom(sim, n);
        return;
    }
    char to[24];
    bool two = n == 0 || n == 7 || n == 8 || n == 18;
    uint8_t byte = status_byte(sim, n);
    if (!(sim->profile->status & KW_STATUS_DLE_EOT))
        return;
    if (two)
        snprintf(to, sizeof to, "DLE EOT %d %d", n, a);
    else
        snprintf(to, sizeof to, "DLE EOT %d", n);
    kw_sim_reply(sim, to, &byte, 1, sim->s.in.accepted - (two ? 4 : 3));
}

static void asb_bytes(const struct kw_sim *sim, uint8_t block[4])
{
    block[0] = (uint8_t)(0x10 | (kw_sim_pin_is_high(sim) ? 0x04 : 0) | (is_offline(sim) ? 0x08 : 0) |
                         bit(sim, KW_COND_COVER, 0x20) | bit(sim, KW_COND_FEEDING, 0x40));
    block[1] = (uint8_t)(bit(sim, KW_COND_WAITING, 0x01) | bit(sim, KW_COND_FEEDING, 0x02) |
                         bit(sim, KW_COND_RECOVERABLE, 0x04) | bit(sim, KW_COND_CUTTER, 0x08) |
                         bit(sim, KW_COND_DEAD, 0x20) | (recovers(sim) ? 0x40 : 0));
    block[2] = (uint8_t)((kw_sim_paper_near_end(sim) ? 0x03 : 0) | bit(sim, KW_COND_PAPER_END, 0x0C));
    block[3] = 0x0F;
}

/* What of the block the bits of GS a watch over. */
static void watched(const struct kw_sim *sim, const uint8_t block[4], uint8_t out[4])
{
    uint8_t n = sim->s.host.asb;
    out[0] = block[0] & (uint8_t)((n & 1 ? 0x04 : 0) | (n & 2 ? 0x68 : 0));
    out[1] = block[1] & (uint8_t)((n & 2 ? 0x01 : 0) | (n & 4 ? 0x6C : 0) | (n & 0x40 ? 0x02 : 0));
    out[2] = block[2] & (uint8_t)(n & 8 ? 0x0F : 0);
    out[3] = 0;
}

void kw_sim_send_status(struct kw_sim *sim, const char *to)
{
    uint8_t block[4];
    asb_bytes(sim, block);
    memcpy(sim->s.host.asb_sent, block, sizeof block);
    kw_sim_reply(sim, to, block, sizeof block, sim->s.in.parsed);
}

void kw_sim_say_status(struct kw_sim *sim)
{
    uint8_t block[4];
    asb_bytes(sim, block);
    kw_sim_say(sim, "status", block, sizeof block);
}

static void push_changes(struct kw_sim *sim, uint32_t before)
{
    uint8_t block[4], now[4], then[4];
    bool went_offline = !(before & KW_COND_OFFLINE) && kw_sim_has(sim, KW_COND_OFFLINE);
    if (went_offline && sim->s.host.offline_response)
        kw_sim_reply(sim, "GS ( H 49", "\x37\x23\x00", 3, sim->s.in.parsed);
    if (!sim->s.host.asb)
        return;
    asb_bytes(sim, block);
    watched(sim, block, now);
    watched(sim, sim->s.host.asb_sent, then);
    if (memcmp(now, then, sizeof now) != 0)
        kw_sim_send_status(sim, "GS a");
}

void kw_sim_watch_whole(struct kw_sim *sim, uint8_t n)
{
    sim->s.host.whole = n & 0x0F;
    memset(sim->s.host.whole_sent, 0, sizeof sim->s.host.whole_sent);
    whole_status(sim, sim->s.host.whole, sim->s.host.whole_sent);
}

/* What GS E0 chose, when any of it is another than it was. */
static void push_whole(struct kw_sim *sim)
{
    uint8_t now[6] = { 0 };
    size_t length = whole_status(sim, sim->s.host.whole, now);
    if (!sim->s.host.whole || memcmp(now, sim->s.host.whole_sent, sizeof now) == 0)
        return;
    memcpy(sim->s.host.whole_sent, now, sizeof now);
    kw_sim_reply(sim, "GS E0", now, length, sim->s.in.parsed);
}

void kw_sim_conditions(struct kw_sim *sim, uint32_t set, uint32_t clear)
{
    uint32_t before = sim->s.health.conditions;
    sim->s.health.conditions = (before & ~clear) | set;
    if (kw_sim_is_star(sim) && ((before ^ sim->s.health.conditions) & (KW_COND_OFFLINE | KW_COND_NEAR_END)))
        kw_sim_star_status(sim, "ASB");
    push_changes(sim, before);
    push_whole(sim);
}

void kw_sim_answer_dc4_7(struct kw_sim *sim, uint8_t m)
{
    uint8_t extended[4] = { 0x39, (uint8_t)(0x41 | (is_offline(sim) ? 0x04 : 0)), 0x40, 0x00 };
    switch (m) {
    case 1: kw_sim_send_status(sim, "DLE DC4 7 1"); break;
    case 2: kw_sim_reply(sim, "DLE DC4 7 2", extended, sizeof extended, sim->s.in.parsed); break;
    case 4: kw_sim_reply(sim, "DLE DC4 7 4", "\x37\x23\x00", 3, sim->s.in.parsed); break;
    default: break;
    }
}
