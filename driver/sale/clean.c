/* clean.c - no control character of a document goes further than this file. */
#include "base/buffer.h"
#include "base/eight.h"
#include "base/utf8.h"
#include "sale/read.h"

#include <stdio.h>
#include <string.h>

/* C0, DEL, C1, and the two separators of Unicode that end lines. */
static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

static bool is_white_control(uint32_t code)
{
    return (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 || code == 0x2029;
}

/* Most text has nothing to clean, and no byte of a control character but these can occur in it. */
static bool may_hold_control(const char *text, size_t length)
{
    if (kw_eight_all_plain(text, length))
        return false;
    for (size_t at = 0; at < length; at++) {
        unsigned char byte = (unsigned char)text[at];
        if (byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xE2)
            return true;
    }
    return false;
}

const char *kw_clean_text(struct kw_arena *arena, const char *text, size_t length, bool keep_line_ends, bool *changed)
{
    if (!may_hold_control(text, length))
        return text;
    enum { NAME_BYTES = 8 };        /* "[U+001B]" from one byte at worst */
    char *clean = kw_arena_alloc(arena, length * NAME_BYTES + 1);
    if (!clean)
        return NULL;
    size_t at = 0, end = 0;
    while (at < length) {
        size_t from = at;
        uint32_t code = kw_utf8_next(text, length, &at);
        if (!is_control(code)) {
            memcpy(clean + end, text + from, at - from);
            end += at - from;
        } else if (keep_line_ends && (code == '\n' || code == '\r')) {
            at += code == '\r' && at < length && text[at] == '\n';
            clean[end++] = '\n';
        } else {
            *changed = true;
            end += is_white_control(code) ? (clean[end] = ' ', 1U)
                                          : (size_t)snprintf(clean + end, NAME_BYTES + 1, "[U+%04X]", (unsigned)code);
        }
    }
    clean[end] = 0;
    return clean;
}

const char *kw_clean_excerpt(struct kw_arena *arena, const char *text, size_t length)
{
    enum { MOST = 60 };
    bool changed = false, cut = length > MOST;
    if (cut)
        for (length = MOST; length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80;)
            length--;
    const char *clean = kw_clean_text(arena, text, length, false, &changed);
    return clean && cut ? kw_arena_format(arena, "%.*s…", (int)(changed ? strlen(clean) : length), clean) : clean;
}
