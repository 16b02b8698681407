/*
 * surely.c - kwit_print_stream, and a receipt of a program that does not ask about it again: what cannot be understood
 * goes as it came, and what cannot be remembered is printed all the same.
 */
#include "api/tap/tap.h"
#include "tap/stream/body.h"

enum { HOLD_MS = 10000 /* nobody waits behind it */ };

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
    const unsigned marks = way->marks;
    int code = kw_tap_print(context, bytes, length, options, way, result);
    if (way->marks != marks) {      /* it did not survive the trial */
        kwit_result_free(*result);
        code = kw_tap_print(context, bytes, length, options, way, result);
    }
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
    options = options ? options : &defaults;
    bool surely = options->own && !options->print.dry_run;
    struct kw_tap_way way = { .hold_ms = surely ? HOLD_MS : 0 };
    return surely ? kw_tap_print_surely(context, bytes, length, options, &way, result)
        : kw_tap_print(context, bytes, length, options, &way, result);
}
