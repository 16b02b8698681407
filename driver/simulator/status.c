/*
 * status.c - what the printer says: status bytes, automatic status, identity, process ids (grammar/escpos.md).
 */
#include "simulator/handlers.h"

#include <stdio.h>
#include <string.h>

/* A reply that waits to be taken; its bytes follow it in KW_PART_REPLIES. */
struct reply {
    int64_t due_ms;
    uint16_t length;
    uint8_t process_id;
};

/* Where the paper has ended the roll is thin too: both sensors see it. */
bool kw_sim_paper_near_end(const struct kw_sim *sim)
{
    int64_t left = sim->s.roll_start_dots + sim->s.roll_dots - sim->s.travel_dots;
    bool thin = sim->s.roll_dots > 0 && left * 254 < (int64_t)KW_SIM_NEAR_END_MM * 10 * sim->dpi;
    return thin || (sim->s.conditions & (KW_COND_NEAR_END | KW_COND_PAPER_END));
}

static bool is_pin_high(const struct kw_sim *sim)
{
    return !(sim->s.conditions & KW_COND_DRAWER_OPEN);
}

/* ---- replies ---- */

static void coalesce(struct kw_sim *sim)
{
    struct kw_buffer *replies = &sim->parts[KW_PART_REPLIES];
    for (size_t at = 0; at < replies->length;) {
        struct reply head;
        memcpy(&head, replies->data + at, sizeof head);
        size_t whole = sizeof head + head.length;
        if (!head.process_id) {
            at += whole;
            continue;
        }
        memmove(replies->data + at, replies->data + at + whole, replies->length - at - whole);
        replies->length -= whole;
    }
}

/* Each byte of a peer that drips is a reply of its own. */
static void drip(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    struct kw_buffer *replies = &sim->parts[KW_PART_REPLIES];
    for (size_t i = 0; i < length && sizeof(struct reply) + 1 <= replies->ceiling - replies->length; i++) {
        int64_t now = kw_sim_now(sim);
        sim->s.drip_at_ms = (sim->s.drip_at_ms > now ? sim->s.drip_at_ms : now) + sim->peer->drip_ms;
        struct reply head = { sim->s.drip_at_ms, 1, 0 };
        kw_buffer_add(replies, &head, sizeof head);
        kw_buffer_byte(replies, bytes[i]);
    }
}

static void queue(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    uint8_t garbled[64];
    struct reply head = { kw_sim_now(sim) + kw_sim_late_ms(sim), (uint16_t)length,
                          length == 7 && bytes[0] == 0x37 && bytes[1] == 0x22 };
    if (head.process_id && sim->s.conditions & KW_COND_COALESCE)
        coalesce(sim);
    if (sim->s.conditions & KW_COND_GARBAGE) {
        length = length < sizeof garbled ? length : sizeof garbled;
        for (size_t i = 0; i < length; i++)
            garbled[i] = (uint8_t)kw_sim_random(sim);
        head.length = (uint16_t)length;
        bytes = garbled;
    }
    struct kw_buffer *replies = &sim->parts[KW_PART_REPLIES];
    if (sim->peer->drip_ms > 0) {
        drip(sim, bytes, length);
        return;
    }
    if (sizeof head + length > replies->ceiling - replies->length)
        return;                                 /* nobody reads: the printer goes on */
    kw_buffer_add(replies, &head, sizeof head);
    kw_buffer_add(replies, bytes, length);
}

static void put_out(struct kw_sim *sim, const char *to, const void *bytes, size_t length, uint64_t offset)
{
    struct kw_json json;
    bool mute = sim->s.conditions & (KW_COND_MUTE | KW_COND_GONE);
    kw_sim_event(sim, &json, "reply", offset);
    kw_json_string(&json, "to", to);
    kw_json_hex(&json, "hex", bytes, length);
    if (mute)
        kw_json_bool(&json, "lost", true);
    kw_sim_event_end(sim, &json);
    if (!mute)
        queue(sim, bytes, length);
}

/* Of a peer that answers nothing but its status nothing else is told either. */
void kw_sim_reply(struct kw_sim *sim, const char *to, const void *bytes, size_t length, uint64_t offset)
{
    bool is_status = strncmp(to, "DLE EOT", 7) == 0 || strncmp(to, "GS r", 4) == 0 || strncmp(to, "GS a", 4) == 0;
    if (!is_status && !(sim->peer->answers & KW_PEER_NAMES))
        return;
    for (int copy = 0; copy < sim->peer->copies; copy++)
        put_out(sim, to, bytes, length, offset);
    kw_sim_check_faults(sim, KW_AT_ANSWER);
}

void kw_sim_say(struct kw_sim *sim, const char *why, const void *bytes, size_t length)
{
    put_out(sim, why, bytes, length, sim->s.parsed);
}

void kw_sim_reply_block(struct kw_sim *sim, const char *to, uint8_t header, const char *text, uint64_t offset)
{
    uint8_t block[128];
    size_t length = strlen(text);
    length = length < sizeof block - 2 ? length : sizeof block - 2;
    block[0] = header;
    memcpy(block + 1, text, length);
    block[length + 1] = 0;
    kw_sim_reply(sim, to, block, length + 2, offset);
}

size_t kw_sim_read(struct kw_sim *sim, uint8_t *bytes, size_t size)
{
    struct kw_buffer *replies = &sim->parts[KW_PART_REPLIES];
    int64_t now = kw_sim_now(sim);
    size_t done = 0, at = 0;
    while (at < replies->length && !(sim->s.conditions & KW_COND_GONE)) {
        struct reply head;
        memcpy(&head, replies->data + at, sizeof head);
        if (head.due_ms > now || done == size)
            break;
        size_t part = head.length < size - done ? head.length : size - done;
        memcpy(bytes + done, replies->data + at + sizeof head, part);
        done += part;
        if (part < head.length) {
            memmove(replies->data + at + sizeof head, replies->data + at + sizeof head + part,
                    replies->length - at - sizeof head - part);
            replies->length -= part;
            head.length = (uint16_t)(head.length - part);
            memcpy(replies->data + at, &head, sizeof head);
            break;
        }
        at += sizeof head + head.length;
    }
    if (at > 0) {
        memmove(replies->data, replies->data + at, replies->length - at);
        replies->length -= at;
    }
    return done;
}

int64_t kw_sim_next_reply_ms(const struct kw_sim *sim)
{
    struct reply head;
    if (sim->parts[KW_PART_REPLIES].length < sizeof head)
        return -1;
    memcpy(&head, sim->parts[KW_PART_REPLIES].data, sizeof head);
    return head.due_ms;
}

/* ---- the bits ---- */

static bool has(const struct kw_sim *sim, uint32_t condition)
{
    return sim->s.conditions & condition;
}

static bool is_offline(const struct kw_sim *sim)
{
    return has(sim, KW_COND_OFFLINE) || (sim->s.paper_stops && kw_sim_paper_near_end(sim));
}

static bool has_error(const struct kw_sim *sim)
{
    return has(sim, KW_COND_CUTTER | KW_COND_RECOVERABLE | KW_COND_DEAD | KW_COND_HOT | KW_COND_OPENED_PRINTING);
}

/* An error that ends by itself. */
static bool recovers(const struct kw_sim *sim)
{
    return has(sim, KW_COND_HOT | KW_COND_OPENED_PRINTING);
}

/* DLE EOT n: bits 1 and 4 are always set. */
static uint8_t status_byte(const struct kw_sim *sim, uint8_t n)
{
    uint8_t byte = 0x12;
    switch (n) {
    case 1:
        byte |= (uint8_t)((is_pin_high(sim) ? 0x04 : 0) | (is_offline(sim) ? 0x08 : 0) |
                          (has(sim, KW_COND_WAITING) ? 0x20 : 0) | (has(sim, KW_COND_FEEDING) ? 0x40 : 0));
        break;
    case 2:
        byte |= (uint8_t)((has(sim, KW_COND_COVER) ? 0x04 : 0) | (has(sim, KW_COND_FEEDING) ? 0x08 : 0) |
                          (has(sim, KW_COND_PAPER_END) ? 0x20 : 0) | (has_error(sim) ? 0x40 : 0));
        break;
    case 3:
        byte |= (uint8_t)((has(sim, KW_COND_RECOVERABLE) ? 0x04 : 0) | (has(sim, KW_COND_CUTTER) ? 0x08 : 0) |
                          (has(sim, KW_COND_DEAD) ? 0x20 : 0) | (recovers(sim) ? 0x40 : 0));
        break;
    case 4:
        byte |= (uint8_t)((kw_sim_paper_near_end(sim) ? 0x0C : 0) | (has(sim, KW_COND_PAPER_END) ? 0x60 : 0));
        break;
    default:
        break;
    }
    return byte;
}

void kw_sim_answer_eot(struct kw_sim *sim, uint8_t n, uint8_t a)
{
    char to[24];
    bool two = n == 0 || n == 7 || n == 8 || n == 18;
    uint8_t byte = status_byte(sim, n);
    if (!(sim->profile->status & KW_STATUS_DLE_EOT))
        return;
    if (two)
        snprintf(to, sizeof to, "DLE EOT %d %d", n, a);
    else
        snprintf(to, sizeof to, "DLE EOT %d", n);
    kw_sim_reply(sim, to, &byte, 1, sim->s.accepted - (two ? 4 : 3));
}

static void asb_bytes(const struct kw_sim *sim, uint8_t block[4])
{
    block[0] = (uint8_t)(0x10 | (is_pin_high(sim) ? 0x04 : 0) | (is_offline(sim) ? 0x08 : 0) |
                         (has(sim, KW_COND_COVER) ? 0x20 : 0) | (has(sim, KW_COND_FEEDING) ? 0x40 : 0));
    block[1] = (uint8_t)((has(sim, KW_COND_WAITING) ? 0x01 : 0) | (has(sim, KW_COND_FEEDING) ? 0x02 : 0) |
                         (has(sim, KW_COND_RECOVERABLE) ? 0x04 : 0) | (has(sim, KW_COND_CUTTER) ? 0x08 : 0) |
                         (has(sim, KW_COND_DEAD) ? 0x20 : 0) | (recovers(sim) ? 0x40 : 0));
    block[2] = (uint8_t)((kw_sim_paper_near_end(sim) ? 0x03 : 0) | (has(sim, KW_COND_PAPER_END) ? 0x0C : 0));
    block[3] = 0x0F;
}

/* What of the block the bits of GS a watch over. */
static void watched(const struct kw_sim *sim, const uint8_t block[4], uint8_t out[4])
{
    uint8_t n = sim->s.asb;
    out[0] = block[0] & (uint8_t)((n & 1 ? 0x04 : 0) | (n & 2 ? 0x68 : 0));
    out[1] = block[1] & (uint8_t)((n & 2 ? 0x01 : 0) | (n & 4 ? 0x6C : 0) | (n & 0x40 ? 0x02 : 0));
    out[2] = block[2] & (uint8_t)(n & 8 ? 0x0F : 0);
    out[3] = 0;
}

static void send_asb(struct kw_sim *sim, const char *to)
{
    uint8_t block[4];
    asb_bytes(sim, block);
    memcpy(sim->s.asb_sent, block, sizeof block);
    kw_sim_reply(sim, to, block, sizeof block, sim->s.parsed);
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
    bool went_offline = !(before & KW_COND_OFFLINE) && has(sim, KW_COND_OFFLINE);
    if (went_offline && sim->s.offline_response)
        kw_sim_reply(sim, "GS ( H 49", "\x37\x23\x00", 3, sim->s.parsed);
    if (!sim->s.asb)
        return;
    asb_bytes(sim, block);
    watched(sim, block, now);
    watched(sim, sim->s.asb_sent, then);
    if (memcmp(now, then, sizeof now) != 0)
        send_asb(sim, "GS a");
}

void kw_sim_conditions(struct kw_sim *sim, uint32_t set, uint32_t clear)
{
    uint32_t before = sim->s.conditions;
    sim->s.conditions = (before & ~clear) | set;
    push_changes(sim, before);
}

void kw_sim_answer_dc4_7(struct kw_sim *sim, uint8_t m)
{
    uint8_t extended[4] = { 0x39, (uint8_t)(0x41 | (is_offline(sim) ? 0x04 : 0)), 0x40, 0x00 };
    switch (m) {
    case 1: send_asb(sim, "DLE DC4 7 1"); break;
    case 2: kw_sim_reply(sim, "DLE DC4 7 2", extended, sizeof extended, sim->s.parsed); break;
    case 4: kw_sim_reply(sim, "DLE DC4 7 4", "\x37\x23\x00", 3, sim->s.parsed); break;
    default: break;
    }
}

/* ---- questions in the stream ---- */

HANDLER(automatic_status)
{
    sim->s.asb = sim->profile->status & KW_STATUS_ASB ? bytes[2] & 0x4F : 0;
    if (sim->s.asb)
        send_asb(sim, "GS a");
    return length;
}

HANDLER(ink_status)
{
    if (bytes[2] & 3)
        kw_sim_reply(sim, "GS j", "\x35\x40\x40\x00", 4, sim->s.parsed);
    return length;
}

static uint8_t paper_bits(const struct kw_sim *sim)
{
    return (uint8_t)((kw_sim_paper_near_end(sim) ? 3 : 0) | (has(sim, KW_COND_PAPER_END) ? 12 : 0));
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
        answer = is_pin_high(sim);
    snprintf(to, sizeof to, "GS r %d", n);
    kw_sim_reply(sim, to, &answer, 1, sim->s.parsed);
    return length;
}

HANDLER(old_paper_status)
{
    (void)bytes;
    uint8_t answer = paper_bits(sim);
    kw_sim_reply(sim, "ESC v", &answer, 1, sim->s.parsed);
    return length;
}

HANDLER(old_drawer_status)
{
    uint8_t answer = is_pin_high(sim);
    if (kw_sim_digit(bytes[2], 0) == 0)
        kw_sim_reply(sim, "ESC u", &answer, 1, sim->s.parsed);
    return length;
}

/* GS I 66: makers write themselves in capitals. */
static void reply_maker(struct kw_sim *sim, const char *to)
{
    char name[32];
    snprintf(name, sizeof name, "%s", sim->profile->vendor);
    for (char *at = name; *at; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    kw_sim_reply_block(sim, to, 0x5F, name, sim->s.parsed);
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
        kw_sim_reply(sim, to, &model, 1, sim->s.parsed);
        break;
    case 2: case 50:
        kind = (uint8_t)((profile->two_byte != KW_TWO_BYTE_NONE ? 1 : 0) | (profile->cutter != KW_CUTTER_NONE ? 2 : 0));
        kw_sim_reply(sim, to, &kind, 1, sim->s.parsed);
        break;
    case 3: case 51:
        kw_sim_reply(sim, to, &rom, 1, sim->s.parsed);
        break;
    case 33:
        kw_sim_reply_block(sim, to, 0x3D, profile->cutter != KW_CUTTER_NONE ? "\x02\x40\x40" : "\x40\x40\x40",
                           sim->s.parsed);
        break;
    case 35: case 36: case 96: case 110:
        kw_sim_reply_block(sim, to, 0x3D, "", sim->s.parsed);
        break;
    case 65: kw_sim_reply_block(sim, to, 0x5F, "1.00 ESC/POS", sim->s.parsed); break;
    case 66: reply_maker(sim, to); break;
    case 67: kw_sim_reply_block(sim, to, 0x5F, profile->model, sim->s.parsed); break;
    case 68: kw_sim_reply_block(sim, to, 0x5F, "SIM0000001", sim->s.parsed); break;
    case 69: kw_sim_reply_block(sim, to, 0x5F, letters(profile->two_byte), sim->s.parsed); break;
    case 111: case 112: case 113: case 114:
        kw_sim_reply_block(sim, to, 0x5F, "", sim->s.parsed);
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
        if (has(sim, KW_COND_WRONG_ID))
            reply[5] = reply[5] == 0x7E ? 0x20 : (uint8_t)(reply[5] + 1);
        kw_sim_reply(sim, "GS ( H", reply, sizeof reply, sim->s.parsed);
    } else if (bytes[5] == 0x31 && bytes[6] == 0x30 && kw_sim_digit(bytes[7], 2) >= 0) {
        sim->s.offline_response = (uint8_t)kw_sim_digit(bytes[7], 2);
    }
    return length;
}

/* GS g: maintenance counters. 20 lines fed, 21 head on, 50 cuts, 70 hours; with 128 the whole life. */
HANDLER(counters)
{
    char digits[24], to[24];
    int n = kw_sim_pair(bytes + 4);
    if (bytes[2] == 0x30) {
        for (int i = 0; i < 4 && n < 128; i++)
            if (n == (int)((const int[]){ 20, 70, 50, 21 })[i])
                sim->s.counters[i] = 0;
        return length;
    }
    uint64_t value = 0;
    switch (n & 127) {
    case 20: value = n & 128 ? (uint64_t)sim->s.travel_dots / (uint64_t)(sim->dpi / 6) : sim->s.counters[0]; break;
    case 21: value = (uint64_t)sim->s.travel_dots; break;
    case 50: value = n & 128 ? sim->s.cuts : sim->s.counters[2]; break;
    case 70: value = (uint64_t)(kw_sim_now(sim) - sim->s.power_on_ms) / 3600000; break;
    default: kw_sim_out_of_range(sim, "GS g 2", n); return length;
    }
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)value);
    snprintf(to, sizeof to, "GS g 2 %d", n);
    kw_sim_reply_block(sim, to, 0x5F, digits, sim->s.parsed);
    return length;
}
