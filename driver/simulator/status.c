/* status.c - questions in the stream: status, automatic status, identity, process ids, counters (grammar/escpos.md). */
#include "simulator/status.h"

#include "simulator/conditions.h"
#include "simulator/events.h"
#include "simulator/faults.h"
#include "simulator/handlers.h"
#include "simulator/replies.h"

#include <stdio.h>
#include <string.h>

HANDLER(automatic_status)
{
    sim->s.host.asb = sim->profile->status & KW_STATUS_ASB ? bytes[2] & 0x4F : 0;
    if (sim->s.host.asb)
        kw_sim_send_status(sim, "GS a");
    return length;
}

HANDLER(ink_status)
{
    if (bytes[2] & 3)
        kw_sim_reply(sim, "GS j", "\x35\x40\x40\x00", 4, sim->s.in.parsed);
    return length;
}

static uint8_t paper_bits(const struct kw_sim *sim)
{
    return (uint8_t)((kw_sim_paper_near_end(sim) ? 3 : 0) | (kw_sim_has(sim, KW_COND_PAPER_END) ? 12 : 0));
}

HANDLER(status)
{
    uint8_t n = bytes[2] >= 48 ? (uint8_t)(bytes[2] - 48) : bytes[2], answer = 0;
    char to[16];
    if (n != 1 && n != 2 && n != 4) {
        kw_sim_out_of_range(sim, "GS r", bytes[2]);
        return length;
    }
    if (!(sim->profile->status & KW_STATUS_GS_R))
        return length;
    if (n == 1)
        kw_sim_check_faults(sim, KW_AT_CONFIRM);
    if (n == 1)
        answer = paper_bits(sim);
    else if (n == 2)
        answer = kw_sim_pin_is_high(sim);
    snprintf(to, sizeof to, "GS r %d", n);
    kw_sim_reply(sim, to, &answer, 1, sim->s.in.parsed);
    return length;
}

HANDLER(old_paper_status)
{
    (void)bytes;
    uint8_t answer = paper_bits(sim);
    kw_sim_reply(sim, "ESC v", &answer, 1, sim->s.in.parsed);
    return length;
}

HANDLER(old_drawer_status)
{
    uint8_t answer = kw_sim_pin_is_high(sim);
    if (kw_sim_digit(bytes[2], 0) == 0)
        kw_sim_reply(sim, "ESC u", &answer, 1, sim->s.in.parsed);
    return length;
}

/* GS I 66: makers write themselves in capitals. */
static void reply_maker(struct kw_sim *sim, const char *to)
{
    char name[32];
    snprintf(name, sizeof name, "%s", sim->profile->vendor);
    for (char *at = name; *at; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    kw_sim_reply_block(sim, to, 0x5F, name, sim->s.in.parsed);
}

/* GS I 69: whose letters it has beside the code tables. */
static const char *letters(int two_byte)
{
    switch (two_byte) {
    case KW_TWO_BYTE_SHIFT_JIS: return "KANJI JAPANESE";
    case KW_TWO_BYTE_GB18030: return "CHINA GB2312";
    case KW_TWO_BYTE_BIG5: return "TAIWAN BIG-5";
    case KW_TWO_BYTE_KOREAN: return "KOREA C-5601C";
    default: return "";
    }
}

HANDLER(identify)
{
    static const uint8_t model = 0x20, rom = 0x02;
    const struct kw_profile *profile = sim->profile;
    uint8_t n = bytes[2], kind;
    char to[16];
    snprintf(to, sizeof to, "GS I %d", n);
    switch (n) {
    case 1: case 49:
        kw_sim_reply(sim, to, &model, 1, sim->s.in.parsed);
        break;
    case 2: case 50:
        kind = (uint8_t)((profile->two_byte != KW_TWO_BYTE_NONE ? 1 : 0) | (profile->cutter != KW_CUTTER_NONE ? 2 : 0));
        kw_sim_reply(sim, to, &kind, 1, sim->s.in.parsed);
        break;
    case 3: case 51:
        kw_sim_reply(sim, to, &rom, 1, sim->s.in.parsed);
        break;
    case 33:
        kw_sim_reply_block(sim, to, 0x3D, profile->cutter != KW_CUTTER_NONE ? "\x02\x40\x40" : "\x40\x40\x40",
                           sim->s.in.parsed);
        break;
    case 35: case 36: case 96: case 110:
        kw_sim_reply_block(sim, to, 0x3D, "", sim->s.in.parsed);
        break;
    case 65: kw_sim_reply_block(sim, to, 0x5F, "1.00 ESC/POS", sim->s.in.parsed); break;
    case 66: reply_maker(sim, to); break;
    case 67: kw_sim_reply_block(sim, to, 0x5F, profile->model, sim->s.in.parsed); break;
    case 68: kw_sim_reply_block(sim, to, 0x5F, "SIM0000001", sim->s.in.parsed); break;
    case 69: kw_sim_reply_block(sim, to, 0x5F, letters(profile->two_byte), sim->s.in.parsed); break;
    case 111: case 112: case 113: case 114:
        kw_sim_reply_block(sim, to, 0x5F, "", sim->s.in.parsed);
        break;
    default:
        kw_sim_out_of_range(sim, "GS I", n);
        break;
    }
    return length;
}

/* GS ( H: fn 48 answers once everything before it is on paper, fn 49 tells of going offline. */
size_t kw_sim_confirmation(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    uint8_t reply[7] = { 0x37, 0x22 };
    if (length < 8 || sim->profile->confirm == KW_CONFIRM_NONE || sim->profile->confirm == KW_CONFIRM_BARRIER)
        return length;
    if (bytes[5] == 0x30 && bytes[6] == 0x30 && length >= 11) {
        memcpy(reply + 2, bytes + 7, 4);
        for (int i = 2; i < 6; i++)
            if (reply[i] < 0x20 || reply[i] > 0x7E)
                return length;
        kw_sim_check_faults(sim, KW_AT_CONFIRM);
        if (kw_sim_has(sim, KW_COND_WRONG_ID))
            reply[5] = reply[5] == 0x7E ? 0x20 : (uint8_t)(reply[5] + 1);
        kw_sim_reply(sim, "GS ( H", reply, sizeof reply, sim->s.in.parsed);
    } else if (bytes[5] == 0x31 && bytes[6] == 0x30 && kw_sim_digit(bytes[7], 2) >= 0) {
        sim->s.host.offline_response = (uint8_t)kw_sim_digit(bytes[7], 2);
    }
    return length;
}

/* GS g: maintenance counters. 20 lines fed, 21 head on, 50 cuts, 70 hours; with 128 the whole life. */
HANDLER(counters)
{
    char digits[24], to[24];
    struct kw_sim_paper_state *paper = &sim->s.paper;
    int n = kw_sim_pair(bytes + 4);
    if (bytes[2] == 0x30) {
        for (int i = 0; i < 4 && n < 128; i++)
            if (n == (int)((const int[]){ 20, 70, 50, 21 })[i])
                paper->counters[i] = 0;
        return length;
    }
    uint64_t value = 0;
    switch (n & 127) {
    case 20: value = n & 128 ? (uint64_t)paper->travel_dots / (uint64_t)(sim->dpi / 6) : paper->counters[0]; break;
    case 21: value = (uint64_t)paper->travel_dots; break;
    case 50: value = n & 128 ? paper->cuts : paper->counters[2]; break;
    case 70: value = (uint64_t)(kw_sim_now(sim) - sim->s.times.power_on_ms) / 3600000; break;
    default: kw_sim_out_of_range(sim, "GS g 2", n); return length;
    }
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    snprintf(to, sizeof to, "GS g 2 %d", n);
    kw_sim_reply_block(sim, to, 0x5F, digits, sim->s.in.parsed);
    return length;
}
