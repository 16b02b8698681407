/*
 * connection.c - reads, asks, prints, and ends the connection when what was sent is settled: whoever waits for its end
 * waits for paper.
 */
#include "tap/connection.h"

#include "base/clock.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { READ_BYTES = 16384, ANSWER_MS = 3000, GO_ON_MS = 200 };

static void say(struct kw_connection *connection, const uint8_t *bytes, size_t length)
{
    size_t done = 0;
    while (done < length && !connection->gone) {
        ssize_t sent = send(connection->socket, bytes + done, length - done, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR)
            connection->gone = true;
        done += sent > 0 ? (size_t)sent : 0;
    }
}

static void drain_wake(const struct kw_connection *connection)
{
    uint64_t count;
    ssize_t ignored = read(connection->wake, &count, sizeof count);
    (void)ignored;
}

/* ---- questions ---- */

/* The block of automatic status among the answers, which later ones are held against. */
static void note_block(struct kw_connection *connection, const uint8_t *answer, size_t length)
{
    struct kw_reply_reader reader = { .length = 0 };
    struct kw_reply reply;
    connection->told_ms = kw_clock_boot_ms();
    for (size_t i = 0; i < length; i++)
        if (kw_reply_feed(&reader, answer[i], &reply) && reply.kind == KW_REPLY_ASB) {
            memcpy(connection->block, reply.bytes, KW_ASB_BYTES);
            connection->told = true;
        }
    connection->owed = !connection->told;
}

/* Asks and relays what the printer says; one that says nothing is as silent to the program. */
static void ask(struct kw_connection *connection, const void *question, size_t length, struct kw_tap_wanted wanted)
{
    struct kw_tap_queue_work *work = kw_tap_queue_work_new(question, length, false, connection->wake);
    int64_t until_ms = kw_clock_boot_ms() + ANSWER_MS;
    if (!work)
        return;
    work->wanted = wanted;
    kw_tap_queue_put(connection->line, work);
    while (!kw_tap_queue_is_done(connection->line, work) && kw_clock_left_ms(until_ms) > 0) {
        struct pollfd wake = { .fd = connection->wake, .events = POLLIN };
        if (poll(&wake, 1, (int)kw_clock_left_ms(until_ms)) > 0)
            drain_wake(connection);
    }
    if (!kw_tap_queue_is_done(connection->line, work)) {
        kw_tap_queue_leave(connection->line, work);
        return;
    }
    if (wanted.blocks > 0)
        note_block(connection, work->answer, work->answer_length);
    say(connection, work->answer, work->answer_length);
    kw_tap_queue_work_free(work);
}

static void ask_live(struct kw_connection *connection)
{
    struct kw_gather *gather = &connection->gather;
    if (gather->live.length == 0)
        return;
    ask(connection, gather->live.data, gather->live.length, gather->live_wanted);
    kw_buffer_clear(&gather->live);
    gather->live_wanted = (struct kw_tap_wanted){ 0 };
}

/* ---- automatic status ---- */

static void watch(struct kw_connection *connection, bool watches)
{
    if (connection->watches != watches)
        kw_tap_queue_watch(connection->line, watches ? 1 : -1);
    connection->watches = watches;
    connection->told &= watches;
}

/*
 * A printer that is off line leaves GS a unread in its buffer: on line again it obeys, and says its first block. Later
 * ones come when what the program asked for has changed.
 */
static void tell_status(struct kw_connection *connection)
{
    const uint8_t mask = connection->gather.asb, again[] = { 0x1D, 0x61, mask };
    const struct kw_tap_status status = kw_tap_queue_status(connection->line);
    uint8_t now[KW_ASB_BYTES];
    if (status.asked_ms <= connection->told_ms)
        return;
    memcpy(now, connection->block, sizeof now);
    if (status.known)
        kw_escpos_update_asb(status.raw, now);
    if (status.away)
        kw_escpos_asb_gone(now);
    bool on_line = status.known && !kw_escpos_asb_is_off_line(now);
    if (connection->owed && on_line) {
        ask(connection, again, sizeof again, (struct kw_tap_wanted){ .blocks = 1 });
        connection->owed = false;
        return;
    }
    connection->owed = !connection->told && !on_line;
    if (!connection->told || !kw_escpos_asb_differs(mask, connection->block, now))
        return;
    memcpy(connection->block, now, sizeof now);
    say(connection, now, sizeof now);
}

/*
 * Where the program waits for an answer and goes on then, or did not come to its end, what there is may stop in the
 * middle of a receipt.
 */
static enum kw_tap_end end_of(const struct kw_connection *connection)
{
    const struct kw_gather *gather = &connection->gather;
    bool asks = gather->after.length > 0 && !connection->finished;
    if (!gather->cut && (asks || connection->gone))
        return KW_TAP_END_OPEN;
    return connection->finished ? KW_TAP_END_CLOSED : KW_TAP_END_SILENCE;
}

static bool is_whole(const struct kw_connection *connection)
{
    const struct kw_tap_options *options = connection->options;
    return kw_gather_is_whole(&connection->gather, kw_clock_boot_ms() - connection->heard_ms, options->settle_ms,
                              options->idle_ms, connection->finished);
}

/* What comes now is of the next receipt. */
static void begin_next(struct kw_connection *connection)
{
    struct kw_gather *gather = &connection->gather;
    connection->put_ms = kw_clock_boot_ms();
    kw_buffer_add(&connection->after, gather->after.data, gather->after.length);
    connection->after_wanted = gather->after_wanted;
    connection->slow_ms = 0;
    connection->passed = 0;
    connection->begun = false;
    kw_gather_next(gather);
    ask_live(connection);
}

static bool is_dropped(const struct kw_connection *connection)
{
    return connection->gone && !connection->gather.cut && connection->options->drop_rest;
}

/* A receipt goes on its way; what has no ink only changes the printer, behind the receipts that were there before. */
static void put_receipt(struct kw_connection *connection)
{
    struct kw_gather *gather = &connection->gather;
    bool inked = gather->inked || gather->partial.length > 0, dropped = is_dropped(connection);
    kw_gather_close(gather);
    if (dropped) {
        kw_gather_next(gather);
        return;
    }
    connection->receipt = kw_tap_queue_work_new(gather->job.data, gather->job.length, inked, connection->wake);
    if (connection->receipt) {
        connection->receipt->end = end_of(connection);
        connection->receipt->begun = connection->begun;
        connection->receipt->in_turn = !inked;
        kw_tap_queue_put(connection->line, connection->receipt);
    } else {
        connection->gone = true;
    }
    begin_next(connection);
}

/* ---- one that comes slowly ---- */

/* Waits for the end of its receipt while nothing of the program's is on its way. */
static bool is_held(const struct kw_connection *connection)
{
    return connection->gather.inked && !connection->receipt && !connection->begun;
}

/* Long enough; and there is ink that is not the last, more than when it was declined. */
static bool is_slow(const struct kw_connection *connection)
{
    const struct kw_gather *gather = &connection->gather;
    return is_held(connection) && gather->free > gather->first_ink && gather->free > connection->passed
        && kw_clock_left_ms(connection->slow_ms + connection->options->gather_ms) == 0;
}

static void put_open(struct kw_connection *connection)
{
    struct kw_gather *gather = &connection->gather;
    connection->receipt = kw_tap_queue_work_new(gather->job.data, gather->free, true, connection->wake);
    connection->slow_ms = kw_clock_boot_ms();
    if (!connection->receipt)
        return;
    connection->passed = gather->free;
    connection->receipt->open = gather->goes_on = true;
    connection->receipt->inside = gather->inside;
    kw_tap_queue_put(connection->line, connection->receipt);
}

static bool is_open(const struct kw_connection *connection)
{
    return connection->receipt && connection->gather.goes_on;
}

static bool pass_on_to(struct kw_connection *connection, size_t end, bool ends)
{
    const struct kw_gather *gather = &connection->gather;
    size_t from = connection->passed;
    connection->passed = end;
    return kw_tap_queue_add(connection->line, connection->receipt, gather->job.data + from, end - from, gather->inside,
                            ends);
}

/* Who prints looks at how it ended when it has. */
static void pass_on_end(struct kw_connection *connection)
{
    struct kw_gather *gather = &connection->gather;
    connection->receipt->end = end_of(connection);
    connection->receipt->dropped = is_dropped(connection);
    kw_gather_close(gather);
    if (pass_on_to(connection, gather->job.length, true))
        begin_next(connection);
}

/* One that is declined meanwhile is put again when it is whole. */
static void pass_on(struct kw_connection *connection)
{
    if (is_whole(connection))
        pass_on_end(connection);
    else if (connection->gather.free > connection->passed)
        pass_on_to(connection, connection->gather.free, false);
}

static void settle(struct kw_connection *connection)
{
    bool declined = connection->receipt->declined;
    connection->begun |= declined && connection->receipt->begun;
    connection->gather.goes_on &= !declined;
    kw_tap_queue_work_free(connection->receipt);
    connection->receipt = NULL;
    if (connection->after.length > 0)
        ask(connection, connection->after.data, connection->after.length, connection->after_wanted);
    kw_buffer_clear(&connection->after);
}

static void hear(struct kw_connection *connection)
{
    uint8_t bytes[READ_BYTES];
    ssize_t got = recv(connection->socket, bytes, sizeof bytes, 0);
    if (got > 0) {
        connection->heard_ms = kw_clock_boot_ms();
        kw_gather_feed(&connection->gather, bytes, (size_t)got);
        ask_live(connection);
    } else if (got == 0 || errno != EINTR) {
        connection->finished = true;
        connection->gone = got < 0;
    }
}

static int next_wait_ms(const struct kw_connection *connection)
{
    const struct kw_tap_options *options = connection->options;
    int64_t patience_ms = kw_gather_patience_ms(&connection->gather, options->settle_ms, options->idle_ms);
    if ((connection->receipt && !is_open(connection)) || patience_ms < 0)
        return GO_ON_MS;
    int left_ms = kw_clock_left_ms(connection->heard_ms + patience_ms);
    int held_ms = is_held(connection) ? kw_clock_left_ms(connection->slow_ms + options->gather_ms) : 0;
    left_ms = held_ms > 0 && held_ms < left_ms ? held_ms : left_ms;
    return left_ms > GO_ON_MS ? GO_ON_MS : left_ms;
}

static void wait_and_hear(struct kw_connection *connection)
{
    bool listens = !connection->finished && !(connection->receipt && is_whole(connection));
    struct pollfd ends[] = { { .fd = listens ? connection->socket : -1, .events = POLLIN },
                             { .fd = connection->wake, .events = POLLIN } };
    if (poll(ends, 2, next_wait_ms(connection)) <= 0)
        return;
    if (ends[1].revents)
        drain_wake(connection);
    if (ends[0].revents)
        hear(connection);
}

static bool has_left(const struct kw_connection *connection)
{
    return connection->gather.job.length + connection->gather.partial.length > 0;
}

/*
 * Nothing is on its way and nothing more will come; or the program has waited long enough: for a receipt that is not
 * begun, behind those of others, it is not told that it is kept, for it is nowhere yet. One that is begun is on disk
 * before long, or done: until then it is told nothing. What has no ink is done in its turn, for its receipt may be out:
 * a program that is told of a failure prints that again.
 */
static bool is_over(struct kw_connection *connection)
{
    const struct kw_tap_options *options = connection->options;
    if (is_open(connection))
        return false;
    if (connection->receipt) {
        if (kw_clock_boot_ms() - connection->put_ms < options->patience_ms)
            return false;
        bool receipt = !connection->receipt->in_turn;
        connection->refused = receipt && kw_tap_queue_take_back(connection->line, connection->receipt);
        if (receipt && !connection->refused && !kw_tap_queue_is_kept(connection->line, connection->receipt))
            return false;
        if (connection->refused)
            kw_tap_queue_work_free(connection->receipt);
        else
            kw_tap_queue_leave(connection->line, connection->receipt);
        connection->receipt = NULL;
        return true;
    }
    bool left = has_left(connection);
    bool ending = !left && options->go_on && !options->go_on(options->go_on_data);
    return (connection->finished && !left) || ending;
}

static void converse(struct kw_connection *connection)
{
    do {
        wait_and_hear(connection);
        if (connection->receipt && kw_tap_queue_is_done(connection->line, connection->receipt))
            settle(connection);
        if (connection->gather.inked && connection->slow_ms == 0)
            connection->slow_ms = kw_clock_boot_ms();
        if (is_open(connection))
            pass_on(connection);
        else if (!connection->receipt && is_whole(connection))
            put_receipt(connection);
        else if (is_slow(connection))
            put_open(connection);
        watch(connection, connection->gather.asb != 0);
        if (connection->watches)
            tell_status(connection);
        if (connection->finished && !has_left(connection) && connection->heard)
            connection->heard(connection->heard_data);
    } while (!is_over(connection));
}

void kw_connection_end_by_reset(int socket, bool resets)
{
    const struct linger at_once = { .l_onoff = resets };
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void kw_connection_serve(const struct kw_tap_options *options, struct kw_tap_queue *line, int socket,
                         void (*heard)(void *data), void *data)
{
    struct kw_connection connection = { .options = options, .line = line, .socket = socket,
                                        .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
                                        .heard_ms = kw_clock_boot_ms(), .heard = heard, .heard_data = data };
    kw_gather_begin(&connection.gather);
    kw_buffer_init(&connection.after, KW_GATHER_DIALOGUE);
    if (connection.wake >= 0)
        converse(&connection);
    watch(&connection, false);
    kw_gather_end(&connection.gather);
    kw_buffer_free(&connection.after);
    if (connection.wake >= 0)
        close(connection.wake);
    kw_connection_end_by_reset(socket, connection.refused);
    if (heard)
        heard(data);
    close(socket);
}
