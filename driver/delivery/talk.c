/* talk.c - sending, listening and sorting replies. */
#include "delivery/talk.h"

#include "base/clock.h"

#include <string.h>
#include <sys/random.h>

enum { INPUT_BYTES = 512, DRAIN_LIMIT = 64 * 1024 };

/* Process ids are four characters from 20 to 7E: a number to the base 95. */
enum { ID_BASE = 95, ID_LIMIT = ID_BASE * ID_BASE * ID_BASE * ID_BASE };

static void spell_id(uint32_t id, uint8_t out[KW_PROCESS_ID_BYTES])
{
    for (int i = KW_PROCESS_ID_BYTES - 1; i >= 0; i--, id /= ID_BASE)
        out[i] = (uint8_t)(0x20 + id % ID_BASE);
}

void kw_talk_begin(struct kw_talk *talk, struct kw_link *link)
{
    uint32_t random = 0;
    *talk = (struct kw_talk){ .ops = link->ops, .link = link, .count = -1 };
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        random = (uint32_t)kw_clock_wall_ms();
    talk->next_id = random % ID_LIMIT;
}

static void take_status(struct kw_talk *talk, uint8_t answer)
{
    if (talk->asked_count == 0)
        return;
    int n = talk->asked[0];
    talk->asked_count--;
    memmove(talk->asked, talk->asked + 1, talk->asked_count);
    if (!kw_escpos_take_status(&talk->state, n, answer))
        return;
    talk->answered[n] = (uint8_t)(talk->answered[n] < 255 ? talk->answered[n] + 1 : 255);
    talk->heard = true;
}

static void take_count(struct kw_talk *talk, const struct kw_reply *reply)
{
    int64_t count = 0;
    for (size_t i = 1; i + 1 < reply->length; i++) {
        if (reply->bytes[i] < '0' || reply->bytes[i] > '9' || i > KW_COUNT_TEXT)
            return;
        count = count * 10 + (reply->bytes[i] - '0');
    }
    if (reply->length > 2)
        talk->count = count;
}

static bool is_id(const struct kw_reply *reply, uint32_t awaited)
{
    uint8_t id[KW_PROCESS_ID_BYTES];
    spell_id(awaited - 1, id);
    return awaited && kw_reply_is_process_id(reply, id);
}

static void take_block(struct kw_talk *talk, const struct kw_reply *reply)
{
    if (is_id(reply, talk->awaited_id)) {
        talk->id_came = true;
        talk->asked_count = 0;
    } else if (is_id(reply, talk->sync_id)) {
        talk->sync_came = true;
    } else if (reply->bytes[0] == 0x5F) {
        take_count(talk, reply);
    } else if (reply->length == 3 && reply->bytes[0] == 0x37 && reply->bytes[1] == 0x25) {
        talk->cleared = true;
    }
    talk->heard = true;
}

static void take_reply(struct kw_talk *talk, const struct kw_reply *reply)
{
    switch (reply->kind) {
    case KW_REPLY_STATUS:
        take_status(talk, reply->bytes[0]);
        break;
    case KW_REPLY_BYTE:
        talk->bytes_came++;
        talk->heard = true;
        break;
    case KW_REPLY_BLOCK:
        take_block(talk, reply);
        break;
    case KW_REPLY_GARBAGE:
        talk->garbage = true;
        break;
    default:
        break;
    }
}

/* One step of the transport: what was accepted and what came. */
static int step(struct kw_talk *talk, const uint8_t *bytes, size_t length, size_t *accepted, size_t *received,
                int64_t until_ms, struct kw_error *error)
{
    uint8_t input[INPUT_BYTES];
    struct kw_reply reply;
    *accepted = *received = 0;
    int code = talk->ops->transfer(talk->link, bytes, length, accepted, input, sizeof input, received, until_ms, error);
    for (size_t i = 0; i < *received; i++)
        if (kw_reply_feed(&talk->reader, input[i], &reply))
            take_reply(talk, &reply);
    return code;
}

int kw_talk_send(struct kw_talk *talk, const uint8_t *bytes, size_t length, size_t *done, int64_t until_ms,
                 struct kw_error *error)
{
    *done = 0;
    while (*done < length) {
        size_t accepted, received;
        int code = step(talk, bytes + *done, length - *done, &accepted, &received, until_ms, error);
        *done += accepted;
        if (code < 0 && code != KWIT_E_TIMEOUT)
            return code;
        if (*done < length && kw_clock_left_ms(until_ms) == 0)
            break;
    }
    return 0;
}

int kw_talk_listen(struct kw_talk *talk, bool (*enough)(const struct kw_talk *talk), int64_t until_ms,
                   struct kw_error *error)
{
    while (talk->link->facts.can_read && !enough(talk) && kw_clock_left_ms(until_ms) > 0) {
        size_t accepted, received;
        int code = step(talk, NULL, 0, &accepted, &received, until_ms, error);
        if (code < 0 && code != KWIT_E_TIMEOUT)
            return code;
    }
    return 0;
}

int kw_talk_drain(struct kw_talk *talk, struct kw_error *error)
{
    if (!talk->link->facts.can_read)
        return 0;
    size_t accepted, received = 1, total = 0;
    int code = 0;
    for (; received > 0 && total < DRAIN_LIMIT && code == 0; total += received)
        code = step(talk, NULL, 0, &accepted, &received, kw_clock_boot_ms(), error);
    talk->reader.length = 0;
    talk->heard = talk->garbage = talk->cleared = false;
    talk->bytes_came = 0;
    return code == KWIT_E_TIMEOUT ? 0 : code;
}

static bool all_answered(const struct kw_talk *talk)
{
    return talk->asked_count == 0;
}

int kw_talk_ask(struct kw_talk *talk, int first, int last, int64_t wait_ms, bool *all, struct kw_error *error)
{
    uint8_t question[8], bytes[32];
    size_t length = 0, done;
    *all = false;
    if (!talk->link->facts.can_read || talk->asked_count + 4 > KW_TALK_QUESTIONS)
        return 0;
    for (int n = first; n <= last; n++) {
        size_t size = kw_escpos_ask_status(n, question);
        memcpy(bytes + length, question, size);
        length += size;
        talk->asked[talk->asked_count++] = (uint8_t)n;
    }
    int64_t until_ms = kw_clock_boot_ms() + wait_ms;
    int code = kw_talk_send(talk, bytes, length, &done, until_ms, error);
    if (code == 0 && done == length)
        code = kw_talk_listen(talk, all_answered, until_ms, error);
    *all = code == 0 && talk->asked_count == 0;
    return code;
}

size_t kw_talk_process_id(struct kw_talk *talk, uint8_t out[16])
{
    uint8_t id[KW_PROCESS_ID_BYTES];
    talk->next_id = (talk->next_id + 1) % ID_LIMIT;
    talk->awaited_id = talk->next_id + 1;
    talk->id_came = false;
    spell_id(talk->next_id, id);
    return kw_escpos_ask_process_id(id, out);
}

void kw_talk_leave_sync(struct kw_talk *talk)
{
    talk->sync_id = talk->awaited_id;
    talk->sync_came = talk->id_came;
    talk->awaited_id = 0;
}

bool kw_talk_id_came(const struct kw_talk *talk)
{
    return talk->id_came;
}

bool kw_talk_barrier_came(const struct kw_talk *talk)
{
    return talk->bytes_came > talk->bytes_before;
}

bool kw_talk_cleared(const struct kw_talk *talk)
{
    return talk->cleared;
}
