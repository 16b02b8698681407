/* replies.c - what the machine says, waiting until it is taken; lost, late, garbled or in drips where that is asked. */
#include "simulator/replies.h"

#include "simulator/events.h"

#include <string.h>

/* A reply that waits to be taken; its bytes follow it in KW_PART_REPLIES. */
struct reply {
    int64_t due_ms;
    uint16_t length;
    uint8_t process_id;
};

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
        sim->s.times.drip_at_ms = (sim->s.times.drip_at_ms > now ? sim->s.times.drip_at_ms : now) + sim->peer->drip_ms;
        struct reply head = { sim->s.times.drip_at_ms, 1, 0 };
        kw_buffer_add(replies, &head, sizeof head);
        kw_buffer_byte(replies, bytes[i]);
    }
}

static void queue(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    uint8_t garbled[64];
    struct reply head = { kw_sim_now(sim) + sim->s.health.late_ms, (uint16_t)length,
                          length == 7 && bytes[0] == 0x37 && bytes[1] == 0x22 };
    if (head.process_id && sim->s.health.conditions & KW_COND_COALESCE)
        coalesce(sim);
    if (sim->s.health.conditions & KW_COND_GARBAGE) {
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
    bool mute = sim->s.health.conditions & (KW_COND_MUTE | KW_COND_GONE);
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
    bool is_status = strncmp(to, "DLE EOT", 7) == 0 || strncmp(to, "GS r", 4) == 0 || strncmp(to, "GS a", 4) == 0
        || strncmp(to, "ESC ACK", 7) == 0 || strcmp(to, "ETB") == 0 || strcmp(to, "ASB") == 0;
    if (!is_status && !(sim->peer->answers & KW_PEER_NAMES))
        return;
    for (int copy = 0; copy < sim->peer->copies; copy++)
        put_out(sim, to, bytes, length, offset);
    sim->s.health.answers++;
}

void kw_sim_say(struct kw_sim *sim, const char *why, const void *bytes, size_t length)
{
    put_out(sim, why, bytes, length, sim->s.in.parsed);
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
    while (at < replies->length && !(sim->s.health.conditions & KW_COND_GONE)) {
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
