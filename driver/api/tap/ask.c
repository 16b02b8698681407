/* ask.c - questions of another program to the printer, and whether it could print. */
#include "api/tap/tap.h"

#include "delivery/talk.h"

#include <string.h>

enum { LOCK_MS = 2000, ANSWER_MS = 500, LOOK_MS = 1000, SEND_MS = 2000, FRESH_MS = 200 };

/* ---- between two receipts ---- */

/* Counts the answers in what came, as the printer's language parts them. */
static unsigned count_replies(struct kw_reply_reader *reader, const uint8_t *bytes, size_t length)
{
    struct kw_reply reply;
    unsigned count = 0;
    for (size_t i = 0; i < length; i++)
        count += kw_reply_feed(reader, bytes[i], &reply);
    return count;
}

/* *sent: how far it came. */
static size_t exchange(struct kw_link *link, const uint8_t *bytes, size_t length, size_t *sent, unsigned answers,
                       uint8_t out[KW_TAP_ANSWER], int64_t until_ms)
{
    struct kw_reply_reader reader = { .length = 0 };
    struct kw_error ignored;
    size_t done = 0, got = 0;
    unsigned came = 0;
    int code = 0;
    while (done < length || (came < answers && got < KW_TAP_ANSWER)) {
        size_t accepted = 0, received = 0;
        if (kw_clock_left_ms(until_ms) == 0)
            break;
        code = link->ops->transfer(link, bytes + done, length - done, &accepted, out + got, KW_TAP_ANSWER - got,
                                   &received, until_ms, &ignored);
        came += count_replies(&reader, out + got, received);
        got += received;
        if (done < length && done + accepted == length)
            until_ms = kw_clock_boot_ms() + ANSWER_MS;
        done += accepted;
        if (code < 0 && code != KWIT_E_TIMEOUT)
            break;
    }
    *sent = done;
    return got;
}

/* A printer that cannot be reached is off line, whatever was asked; it is never said to be ready. */
static size_t answer_for_nobody(const uint8_t *bytes, size_t length, uint8_t out[KW_TAP_ANSWER])
{
    enum { OFF_LINE = 0x1A, ERROR = 0x52 };
    size_t count = 0;
    for (size_t at = 0; at + 2 < length && count < KW_TAP_ANSWER; at++)
        if (bytes[at] == 0x10 && bytes[at + 1] == 0x04)
            out[count++] = bytes[at + 2] == 1 ? OFF_LINE : ERROR;
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

size_t kw_tap_ask(const struct kw_tap_printer *where, const uint8_t *bytes, size_t length, unsigned answers,
                  uint8_t out[KW_TAP_ANSWER])
{
    struct kw_call call;
    struct kw_lock *lock = NULL;
    struct kw_link *link = NULL;
    size_t got = 0, sent;
    int code = find_printer(where, &call);
    if (code == 0)
        code = hold_printer(&call, kw_clock_boot_ms() + LOCK_MS, &lock, &link);
    if (code == 0) {
        got = exchange(link, bytes, length, &sent, answers, out, kw_clock_boot_ms() + SEND_MS);
        link->ops->close(link);
    } else if (code != KWIT_E_BUSY || lock) {
        got = answer_for_nobody(bytes, length, out);
    }
    kw_state_unlock(lock);
    kw_call_close(&call);
    return got;
}

bool kw_tap_pass(const struct kw_tap_printer *where, const uint8_t *bytes, size_t length, int64_t until_ms)
{
    struct kw_call call;
    struct kw_lock *lock = NULL;
    struct kw_link *link = NULL;
    struct kw_error ignored;
    uint8_t unused[KW_TAP_ANSWER];
    size_t sent = 0;
    int code = find_printer(where, &call);
    if (code == 0)
        code = hold_printer(&call, until_ms, &lock, &link);
    if (code == 0) {
        exchange(link, bytes, length, &sent, 0, unused, until_ms);
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

void kw_tap_answer_meanwhile(struct kw_tap_meanwhile *meanwhile, struct kw_talk *talk, bool at_break)
{
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
