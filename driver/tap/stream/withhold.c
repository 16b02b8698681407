/* withhold.c - what the masked copy lacks is written down, run by run. */
#include "tap/stream/withhold.h"

#include "base/buffer.h"
#include "base/error.h"
#include "grammar/grammar.h"
#include "tap/stream/body.h"
#include "tap/stream/card.h"

#include <stdlib.h>
#include <string.h>

enum { CEILING = 1 << 20 };

/* Masks in `kept`; where that is NULL, only tells whether there is one. */
static bool take(const uint8_t *bytes, size_t length, uint8_t *kept)
{
    return kept ? kw_card_mask(kept, length) > 0 : kw_card_stands(bytes, length);
}

/* Text only: a picture's dots and a symbol's data may look like digits too. */
static bool take_text(const uint8_t *bytes, size_t length, uint8_t *kept)
{
    bool found = false;
    struct kw_grammar_token token;
    for (size_t at = 0; at < length && (kept || !found); at += token.length) {
        kw_grammar_next(bytes + at, length - at, 0, &token);
        if (token.kind == KW_TOKEN_PARTIAL || token.length > length - at)
            break;
        if (token.kind == KW_TOKEN_TEXT)
            found = take(bytes + at, token.length, kept ? kept + at : NULL) || found;
    }
    return found;
}

static bool take_body(const uint8_t *body, size_t length, uint8_t *kept)
{
    struct kw_stream_body parts;
    if (!kw_stream_split(body, length, &parts))
        return false;
    size_t bytes = length - parts.length, words = bytes - parts.given.length;
    bool given = take(body + words, parts.given.length, kept ? kept + words : NULL);
    return take_text(body + bytes, parts.length, kept ? kept + bytes : NULL) || given;
}

static bool write_down(const uint8_t *whole, const uint8_t *masked, size_t length, struct kw_buffer *out)
{
    bool good = true;
    for (size_t at = 0, end; at < length; at = end + 1) {
        for (end = at; end < length && whole[end] != masked[end]; end++)
            continue;
        if (end > at)
            good = kw_buffer_format(out, "%zu:%.*s\n", at, (int)(end - at), (const char *)whole + at) && good;
    }
    return good;
}

int kw_withhold(const uint8_t *body, size_t length, struct kw_arena *arena, struct kw_withheld *out)
{
    struct kw_buffer runs;
    *out = (struct kw_withheld){ NULL, NULL };
    if (!take_body(body, length, NULL))
        return 0;
    uint8_t *kept = (uint8_t *)kw_arena_copy(arena, (const char *)body, length);
    if (!kept)
        return KWIT_E_NO_MEMORY;
    take_body(body, length, kept);
    kw_buffer_init(&runs, CEILING);
    if (write_down(body, kept, length, &runs))
        *out = (struct kw_withheld){ kept, kw_arena_string(arena, kw_buffer_string(&runs)) };
    kw_buffer_free(&runs);
    return out->runs ? 0 : KWIT_E_NO_MEMORY;
}

/* One pass over the runs: held against the body, or written into it. */
static bool walk(uint8_t *body, size_t length, const char *runs, bool writes)
{
    while (*runs) {
        char *digits;
        size_t at = strtoul(runs, &digits, 10), count = *digits == ':' ? strcspn(++digits, "\n") : 0;
        if (count == 0 || at > length || count > length - at)
            return false;
        for (size_t i = 0; i < count; i++) {
            if (!writes && body[at + i] != KW_WITHHELD)
                return false;
            if (writes)
                body[at + i] = (uint8_t)digits[i];
        }
        runs = digits + count + (digits[count] == '\n');
    }
    return true;
}

bool kw_withhold_return(uint8_t *body, size_t length, const char *runs)
{
    return walk(body, length, runs, false) && walk(body, length, runs, true);
}
