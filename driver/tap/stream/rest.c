/* rest.c - tried with one byte more until the grammar knows a whole command. */
#include "tap/stream/rest.h"

#include "grammar/grammar.h"

#include <string.h>

enum { PULSE_HEAD = 3, ON = 25, OFF = 250 /* 2 ms each: what drawers are opened with */ };

/* ESC p m and its two times. */
static void end_pulse(const uint8_t *command, size_t there, size_t length, uint8_t out[KW_REST_BYTES])
{
    const uint8_t times[] = { ON, OFF };
    for (size_t at = there; command[0] == 0x1B && at < length; at++)
        out[at - there] = at >= PULSE_HEAD && at - PULSE_HEAD < sizeof times ? times[at - PULSE_HEAD] : 0;
}

size_t kw_rest_missing(const uint8_t *rest, size_t length, uint8_t out[KW_REST_BYTES])
{
    uint8_t command[2 * KW_REST_BYTES] = { 0 };
    struct kw_grammar_token token = { .kind = KW_TOKEN_PARTIAL };
    size_t there = length;
    if (length == 0 || length > KW_REST_BYTES)
        return 0;
    memcpy(command, rest, length);
    memset(out, 0, KW_REST_BYTES);
    while (there < length + KW_REST_BYTES && (token.kind == KW_TOKEN_PARTIAL || token.length > there))
        kw_grammar_next(command, ++there, 0, &token);
    bool harmless = token.kind == KW_TOKEN_UNDEFINED || token.class == KW_CLASS_SETTING
        || token.class == KW_CLASS_PULSE || token.class == KW_CLASS_FEED;
    if (token.kind == KW_TOKEN_PARTIAL || token.length != there || !harmless)
        return 0;
    if (token.class == KW_CLASS_PULSE)
        end_pulse(command, length, there, out);
    return there - length;
}
