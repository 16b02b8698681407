/*
 * surely.c - kwit_print_stream, and a receipt of a program that does not ask about it again: what cannot be understood
 * goes as it came, and what cannot be remembered is printed all the same.
 */
#include "api/tap/guard.h"
#include "api/tap/tap.h"
#include "tap/stream/body.h"

enum { HOLD_MS = 10000 /* nobody waits behind it */ };

struct rehearsal {
    const kwit_context *context;
    const void *bytes;
    size_t length;
    struct kwit_stream_options options;
    struct kw_given given;
    enum kw_tap_end end;
};

/* All that is done with the bytes, but for paper and journal. */
static void rehearse(void *data)
{
    const struct rehearsal *rehearsal = data;
    struct kw_tap_way way = { .given = rehearsal->given, .end = rehearsal->end };
    kwit_result *result;
    kw_tap_print(rehearsal->context, rehearsal->bytes, rehearsal->length, &rehearsal->options, &way, &result);
    kwit_result_free(result);
}

static unsigned marks_of(enum kw_survival survival)
{
    switch (survival) {
    case KW_SURVIVED_TOO_LONG:
        return KW_STREAM_SLOW;
    case KW_SURVIVED_NOT:
        return KW_STREAM_CRASHES;
    default:
        return 0;
    }
}

/* Nothing was accepted, and what stands in the way is no fault of the bytes or of the printer. */
static bool is_forgotten(const struct kw_tap_way *way, const kwit_result *result)
{
    switch (kwit_result_reason(result)) {
    case KWIT_E_IO: case KWIT_E_DISK_FULL: case KWIT_E_STATE_DAMAGED: case KWIT_E_PERMISSION: case KWIT_E_BUSY:
    case KWIT_E_NO_MEMORY: case KWIT_E_INTERNAL:
        return kwit_result_outcome(result) == KWIT_OUTCOME_ERROR && !way->accepted;
    default:
        return false;
    }
}

int kw_tap_print_surely(const kwit_context *context, const void *bytes, size_t length,
                        const struct kwit_stream_options *options, struct kw_tap_way *way, kwit_result **result)
{
    struct rehearsal rehearsal = { context, bytes, length, *options, way->given, way->end };
    rehearsal.options.print.dry_run = 1;
    way->marks |= marks_of(kw_guard_try(way->hold_ms, rehearse, &rehearsal));
    int code = kw_tap_print(context, bytes, length, options, way, result);
    if (!is_forgotten(way, *result))
        return code;
    kwit_result_free(*result);
    way->forgets = true;
    return kw_tap_print(context, bytes, length, options, way, result);
}

int kwit_print_stream(kwit_context *context, const void *bytes, size_t length,
                      const struct kwit_stream_options *options, kwit_result **result)
{
    static const struct kwit_stream_options defaults;
    struct kw_tap_way way = { .hold_ms = HOLD_MS };
    options = options ? options : &defaults;
    return options->own && !options->print.dry_run
        ? kw_tap_print_surely(context, bytes, length, options, &way, result)
        : kw_tap_print(context, bytes, length, options, &way, result);
}
