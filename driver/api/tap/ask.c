/* ask.c - questions of another program to the printer, how it is, and whether it could print. */
#include "api/tap/tap.h"

#include "delivery/talk.h"

#include <string.h>

enum { LOCK_MS = 2000, ANSWER_MS = 500, LOOK_MS = 1000, SEND_MS = 2000, FRESH_MS = 200, WATCH_MS = 500 };

/* ---- between two receipts ---- */

/* The answers that are wanted, in their order. Status that it says by itself is told by who watches. */
struct hearing {
    struct kw_reply_reader reader;
    struct kw_tap_wanted wanted;            /* still */
    uint8_t *out;                           /* of KW_TAP_ANSWER bytes */
    size_t length;
};

static void hear(struct hearing *hearing, const uint8_t *bytes, size_t length)
{
    struct kw_reply reply;
    for (size_t i = 0; i < length; i++) {
        if (!kw_reply_feed(&hearing->reader, bytes[i], &reply) || reply.kind == KW_REPLY_FLOW)
            continue;
        unsigned *left = reply.kind == KW_REPLY_ASB ? &hearing->wanted.blocks : &hearing->wanted.answers;
        if ((reply.kind == KW_REPLY_ASB && *left == 0) || hearing->length + reply.length > KW_TAP_ANSWER)
            continue;
        memcpy(hearing->out + hearing->length, reply.bytes, reply.length);
        hearing->length += reply.length;
        *left -= *left > 0;
    }
}

static bool hears_more(const struct hearing *hearing)
{
    return hearing->wanted.answers + hearing->wanted.blocks > 0;
}

/* Sends and hears. The result: how much was sent. */
static size_t exchange(struct kw_link *link, const uint8_t *bytes, size_t length, struct hearing *hearing,
                       int64_t until_ms)
{
    struct kw_error ignored;
    size_t done = 0;
    while ((done < length || hears_more(hearing)) && kw_clock_left_ms(until_ms) > 0) {
        uint8_t came[KW_TAP_ANSWER];
        size_t accepted = 0, received = 0;
        int code = link->ops->transfer(link, bytes + done, length - done, &accepted, came, sizeof came, &received,
                                       until_ms, &ignored);
        hear(hearing, came, received);
        if (done < length && done + accepted == length)
            until_ms = kw_clock_boot_ms() + ANSWER_MS;
        done += accepted;
        if (code < 0 && code != KWIT_E_TIMEOUT)
            break;
    }
    return done;
}

/* A printer that cannot be reached is off line, whatever was asked; it is never said to be ready. */
static size_t answer_for_nobody(const uint8_t *bytes, size_t length, uint8_t out[KW_TAP_ANSWER])
{
    enum { OFF_LINE = 0x1A, ERROR = 0x52 };
    static const uint8_t block[KW_ASB_BYTES] = { 0x18, 0x00, 0x00, 0x0F };
    size_t count = 0;
    for (size_t at = 0; at + 2 < length && count + KW_ASB_BYTES <= KW_TAP_ANSWER; at++) {
        if (bytes[at] == 0x10 && bytes[at + 1] == 0x04)
            out[count++] = bytes[at + 2] == 1 ? OFF_LINE : ERROR;
        if (bytes[at] == 0x1D && bytes[at + 1] == 0x61 && bytes[at + 2] != 0) {
            memcpy(out + count, block, sizeof block);
            count += sizeof block;
        }
    }
    return count;
}

static int aim(const struct kw_tap_printer *where, struct kw_call *call)
{
    int code = kw_call_aim(call, where->printer);
    return code == 0 && call->unreachable ? call->unreachable : code;
}

/* As the configuration was when the tap began, and without a journal: what is only said needs neither. */
static int find_printer(const struct kw_tap_printer *where, struct kw_call *call)
{
    *call = (struct kw_call){ .context = where->context };
    int code = kw_call_begin(call);
    call->config = *where->config;
    if (code == 0 && kw_state_open(where->context->state_dir, &call->state, &call->error) < 0)
        code = kw_state_open_passing(&call->state, &call->error);
    return code == 0 ? aim(where, call) : code;
}

/* Opens it for this process alone. */
static int hold_printer(struct kw_call *call, int64_t until_ms, struct kw_lock **lock, struct kw_link **link)
{
    const struct kw_delivery *delivery = &call->delivery;
    int code = kw_state_lock(call->state, delivery->identity, until_ms, lock, &call->error);
    return code < 0 ? code : delivery->ops->open(delivery->uri, &delivery->link_options, until_ms, link, &call->error);
}

/* Opens it, sends, hears and closes it. BUSY without *held: another process prints on it. */
static int converse(const struct kw_tap_printer *where, const uint8_t *bytes, size_t length, struct hearing *hearing,
                    bool *held)
{
    struct kw_call call;
    struct kw_lock *lock = NULL;
    struct kw_link *link = NULL;
    int code = find_printer(where, &call);
    if (code == 0)
        code = hold_printer(&call, kw_clock_boot_ms() + LOCK_MS, &lock, &link);
    if (code == 0) {
        exchange(link, bytes, length, hearing, kw_clock_boot_ms() + SEND_MS);
        link->ops->close(link);
    }
    *held = lock != NULL;
    kw_state_unlock(lock);
    kw_call_close(&call);
    return code;
}

size_t kw_tap_ask(const struct kw_tap_printer *where, const uint8_t *bytes, size_t length, struct kw_tap_wanted wanted,
                  uint8_t out[KW_TAP_ANSWER])
{
    struct hearing hearing = { .wanted = wanted, .out = out };
    bool held;
    int code = converse(where, bytes, length, &hearing, &held);
    if (code < 0 && (code != KWIT_E_BUSY || held))
        return answer_for_nobody(bytes, length, out);
    return hearing.length;
}

void kw_tap_watch(const struct kw_tap_printer *where, struct kw_tap_status *status)
{
    uint8_t questions[(KW_TAP_STATUSES - 1) * 8], out[KW_TAP_ANSWER];
    struct hearing hearing = { .wanted = { .answers = KW_TAP_STATUSES - 1 }, .out = out };
    struct kw_printer_state state = { .known = false };
    size_t length = 0, taken = 0;
    bool held;
    for (int n = 1; n < KW_TAP_STATUSES; n++)
        length += kw_escpos_ask_status(n, questions + length);
    status->asked_ms = kw_clock_boot_ms();
    int code = converse(where, questions, length, &hearing, &held);
    status->away = code < 0 && (code != KWIT_E_BUSY || held);
    if (code == 0 && hearing.length == KW_TAP_STATUSES - 1)
        for (int n = 1; n < KW_TAP_STATUSES; n++)
            taken += kw_escpos_take_status(&state, n, out[n - 1]);
    if (taken < KW_TAP_STATUSES - 1)
        return;
    memcpy(status->raw, state.raw, sizeof status->raw);
    status->known = true;
}

bool kw_tap_pass(const struct kw_tap_printer *where, const uint8_t *bytes, size_t length, int64_t until_ms)
{
    struct kw_call call;
    struct kw_lock *lock = NULL;
    struct kw_link *link = NULL;
    struct kw_error ignored;
    uint8_t unused[KW_TAP_ANSWER];
    struct hearing hearing = { .out = unused };
    size_t sent = 0;
    int code = find_printer(where, &call);
    if (code == 0)
        code = hold_printer(&call, until_ms, &lock, &link);
    if (code == 0) {
        sent = exchange(link, bytes, length, &hearing, until_ms);
        if (sent == length && link->ops->drain)
            link->ops->drain(link, until_ms, &ignored);
        link->ops->close(link);
    }
    kw_state_unlock(lock);
    kw_call_close(&call);
    return sent == length;
}

/* One that never says how it is may print; one that another program holds does. */
bool kw_tap_is_ready(const struct kw_tap_printer *where)
{
    struct kw_call call;
    int code = kw_call_open(where->context, true, &call);
    if (code == 0)
        code = aim(where, &call);
    if (code == 0)
        code = kw_delivery_look(&call.delivery, kw_clock_boot_ms() + LOOK_MS, &call.error);
    enum kwit_error cause = code < 0 ? code : call.delivery.cause;
    kw_call_close(&call);
    return cause == 0 || cause == KWIT_E_NO_ANSWER || cause == KWIT_E_BUSY;
}

/* ---- while a receipt is printed ---- */

/* The next command of a question and its length; real-time commands are all that is asked meanwhile. */
static const uint8_t *command_at(const struct kw_tap_queue_work *work, size_t at, size_t *length)
{
    const uint8_t *command = work->bytes + at;
    if (at + 2 >= work->length)
        return NULL;
    *length = command[1] == 0x14 ? 5 : 3;
    return at + *length <= work->length ? command : NULL;
}

static bool is_status(const uint8_t *command)
{
    return command[1] == 0x04 && command[2] >= 1 && command[2] < KW_TAP_STATUSES;
}

static bool is_fresh(const struct kw_tap_meanwhile *meanwhile, int n)
{
    return meanwhile->seen_ms[n] > 0 && kw_clock_boot_ms() - meanwhile->seen_ms[n] <= FRESH_MS;
}

/* What many tills ask within moments is asked once. */
static void put(struct kw_tap_meanwhile *meanwhile, struct kw_talk *talk)
{
    struct kw_error ignored;
    const uint8_t *command;
    size_t length, done;
    for (size_t at = 0; (command = command_at(meanwhile->work, at, &length)) != NULL; at += length) {
        int64_t until_ms = kw_clock_boot_ms() + SEND_MS;
        if (!is_status(command))
            kw_talk_send(talk, command, length, &done, until_ms, &ignored);
        else if (!is_fresh(meanwhile, command[2]))
            kw_talk_put(talk, command[2], command[2], until_ms, &ignored);
    }
}

static bool is_answered(const struct kw_tap_meanwhile *meanwhile, const struct kw_talk *talk)
{
    const uint8_t *command;
    size_t length;
    for (size_t at = 0; (command = command_at(meanwhile->work, at, &length)) != NULL; at += length)
        if (is_status(command) && kw_talk_is_asked(talk, command[2]))
            return false;
    return true;
}

static void answer(struct kw_tap_meanwhile *meanwhile, const struct kw_talk *talk)
{
    struct kw_tap_queue_work *work = meanwhile->work;
    const uint8_t *command;
    size_t length;
    for (size_t at = 0; (command = command_at(work, at, &length)) != NULL; at += length) {
        int n = command[2];
        if (!is_status(command) || talk->state.raw[n] == 0 || work->answer_length == KW_TAP_ANSWER)
            continue;
        work->answer[work->answer_length++] = talk->state.raw[n];
        meanwhile->seen_ms[n] = is_fresh(meanwhile, n) ? meanwhile->seen_ms[n] : kw_clock_boot_ms();
    }
    kw_tap_queue_answer(meanwhile->queue, work);
    meanwhile->work = NULL;
}

/* For those who watch: asked as often as between two receipts, told when all is answered. */
static void watch_meanwhile(struct kw_tap_meanwhile *meanwhile, struct kw_talk *talk, bool at_break)
{
    struct kw_tap_status status = { .known = true, .asked_ms = meanwhile->asked_ms };
    struct kw_error ignored;
    if (meanwhile->asked_ms > 0 && kw_talk_all_answered(talk)) {
        memcpy(status.raw, talk->state.raw, sizeof status.raw);
        if (!memchr(status.raw + 1, 0, sizeof status.raw - 1))
            kw_tap_queue_tell(meanwhile->queue, &status);
        meanwhile->asked_ms = 0;
    }
    bool due = kw_clock_left_ms(meanwhile->watched_ms + WATCH_MS) == 0;
    if (!at_break || !due || meanwhile->asked_ms > 0 || !kw_tap_queue_is_watched(meanwhile->queue))
        return;
    meanwhile->watched_ms = meanwhile->asked_ms = kw_clock_boot_ms();
    kw_talk_put(talk, 1, KW_TAP_STATUSES - 1, meanwhile->asked_ms + SEND_MS, &ignored);
}

void kw_tap_answer_meanwhile(struct kw_tap_meanwhile *meanwhile, struct kw_talk *talk, bool at_break)
{
    watch_meanwhile(meanwhile, talk, at_break);
    for (;;) {
        if (meanwhile->work && is_answered(meanwhile, talk))
            answer(meanwhile, talk);
        if (meanwhile->work || !at_break)
            return;
        meanwhile->work = kw_tap_queue_question(meanwhile->queue);
        if (!meanwhile->work)
            return;
        put(meanwhile, talk);
    }
}

void kw_tap_end_meanwhile(struct kw_tap_meanwhile *meanwhile)
{
    if (meanwhile->work)
        kw_tap_queue_return(meanwhile->queue, meanwhile->work);
    *meanwhile = (struct kw_tap_meanwhile){ .queue = meanwhile->queue };
}
