/*
 * dialogue.c - a stream whose program asks the printer before it goes on: what stands before any ink is said to the
 * printer at once, and what that answers goes back; what stands behind is asked when the paper is out.
 */
#include "api/tap/tap.h"
#include "tap/gather.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BYTES_CEILING = 64 * 1024 * 1024, READ_BYTES = 16384, HEARD_MS = 1000 };

struct kwit_dialogue {
    struct kw_call call;            /* for its settings alone */
    struct kw_tap_printer where;
    struct kw_gather gather;
    struct kw_buffer all;           /* as it came */
    int out;
    bool asked;                     /* something was taken out of it */
};

/* Who does not read its answers has gone, or did not want them. */
static void say(const struct kwit_dialogue *dialogue, const uint8_t *bytes, size_t length)
{
    struct pollfd end = { .fd = dialogue->out, .events = POLLOUT };
    if (length > 0 && poll(&end, 1, HEARD_MS) > 0 && end.revents & POLLOUT) {
        ssize_t ignored = write(dialogue->out, bytes, length);
        (void)ignored;
    }
}

static void ask(struct kwit_dialogue *dialogue, struct kw_buffer *questions, struct kw_tap_wanted *wanted)
{
    uint8_t answer[KW_TAP_ANSWER];
    if (questions->length == 0)
        return;
    size_t length = kw_tap_ask(&dialogue->where, questions->data, questions->length, *wanted, answer);
    say(dialogue, answer, length);
    kw_buffer_clear(questions);
    *wanted = (struct kw_tap_wanted){ 0 };
    dialogue->asked = true;
}

static int take_all(struct kwit_dialogue *dialogue, int in)
{
    struct kw_gather *gather = &dialogue->gather;
    uint8_t bytes[READ_BYTES];
    ssize_t got;
    while ((got = read(in, bytes, sizeof bytes)) != 0) {
        if (got < 0 && errno != EINTR)
            return kw_fail(&dialogue->call.error, KWIT_E_IO, "", "reading what is to be printed: %s", strerror(errno));
        if (got < 0)
            continue;
        if (!kw_buffer_add(&dialogue->all, bytes, (size_t)got))
            return kw_fail(&dialogue->call.error, KWIT_E_TOO_LARGE, "", "the stream is larger than %d MiB",
                           BYTES_CEILING >> 20);
        kw_gather_feed(gather, bytes, (size_t)got);
        ask(dialogue, &gather->live, &gather->live_wanted);
    }
    kw_gather_close(gather);
    dialogue->asked = dialogue->asked || gather->after.length > 0;
    return 0;
}

int kwit_dialogue_hear(kwit_context *context, const char *printer, int in, int out, kwit_dialogue **made,
                       kwit_result **result)
{
    kwit_dialogue *dialogue = calloc(1, sizeof *dialogue);
    *made = dialogue;
    *result = kw_result_new();
    if (!dialogue)
        return KWIT_E_NO_MEMORY;
    dialogue->out = out;
    dialogue->call.context = context;
    kw_gather_begin(&dialogue->gather);
    kw_buffer_init(&dialogue->all, BYTES_CEILING);
    int code = kw_call_begin(&dialogue->call);
    if (code == 0)
        code = kw_call_configure(&dialogue->call, false);
    dialogue->where = (struct kw_tap_printer){ context, &dialogue->call.config, printer };
    if (code == 0)
        code = take_all(dialogue, in);
    if (code < 0)
        kw_result_fail(*result, &dialogue->call.error);
    return code;
}

const void *kwit_dialogue_bytes(const kwit_dialogue *dialogue, size_t *length)
{
    bool apart = dialogue->asked && !dialogue->gather.overflowed;
    const struct kw_buffer *bytes = apart ? &dialogue->gather.job : &dialogue->all;
    *length = bytes->length;
    return bytes->data;
}

void kwit_dialogue_end(kwit_dialogue *dialogue, int printed)
{
    if (!dialogue)
        return;
    if (printed)
        ask(dialogue, &dialogue->gather.after, &dialogue->gather.after_wanted);
    kw_gather_end(&dialogue->gather);
    kw_buffer_free(&dialogue->all);
    kw_call_close(&dialogue->call);
    free(dialogue);
}
