/* visible.c - what steers a terminal, a line or the direction of text is named where people read it. */
#include "base/visible.h"

#include "base/eight.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <string.h>

enum { FIRST_ISOLATE = 0x2066, LAST_OPENING = 0x2068, POP_ISOLATE = 0x2069 };

bool kw_steers(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x2028 && code <= 0x202E)
        || (code >= FIRST_ISOLATE && code <= POP_ISOLATE);
}

static void put_code(struct kw_buffer *buffer, uint32_t code)
{
    char bytes[4];
    kw_buffer_add(buffer, bytes, kw_utf8_put(bytes, code));
}

static void put_named(struct kw_buffer *buffer, uint32_t code)
{
    kw_buffer_format(buffer, "[U+%04" PRIX32 "]", code);
}

/* Printable ASCII, which most of any text is, goes as it stands. Returns how many bytes that were. */
static size_t put_plain(struct kw_buffer *buffer, const char *text, size_t length, const char *special)
{
    size_t plain = 0;
    while (!*special && length - plain >= KW_EIGHT && kw_eight_is_plain(kw_eight(text + plain)))
        plain += KW_EIGHT;
    while (plain < length && text[plain] >= ' ' && text[plain] < 0x7F && !strchr(special, text[plain]))
        plain++;
    kw_buffer_add(buffer, text, plain);
    return plain;
}

void kw_buffer_escaped(struct kw_buffer *buffer, const char *text, const char *special, char escape)
{
    const size_t length = strlen(text);
    for (size_t at = put_plain(buffer, text, length, special); at < length;
         at += put_plain(buffer, text + at, length - at, special)) {
        uint32_t code = kw_utf8_next(text, length, &at);
        if (code < 0x80 && strchr(special, (int)code))
            kw_buffer_byte(buffer, (uint8_t)escape);
        if (kw_steers(code))
            put_named(buffer, code);
        else
            put_code(buffer, code);
    }
}

void kw_buffer_visible(struct kw_buffer *buffer, const char *text)
{
    kw_buffer_escaped(buffer, text, "", 0);
}

static void close_isolates(struct kw_buffer *buffer, unsigned *open)
{
    for (; *open; --*open)
        put_code(buffer, POP_ISOLATE);
}

void kw_buffer_visible_lines(struct kw_buffer *buffer, const char *text, size_t length)
{
    unsigned open = 0;
    for (size_t at = put_plain(buffer, text, length, ""); at < length;
         at += put_plain(buffer, text + at, length - at, "")) {
        uint32_t code = kw_utf8_next(text, length, &at);
        if (code >= FIRST_ISOLATE && code <= LAST_OPENING)
            open++;
        if (code == POP_ISOLATE && open == 0)
            continue;
        if (code == POP_ISOLATE)
            open--;
        if (code == '\n')
            close_isolates(buffer, &open);
        bool line_end = code == '\n' || (code == '\r' && at < length && text[at] == '\n');
        bool keeps = line_end || code == '\t' || (code >= FIRST_ISOLATE && code <= POP_ISOLATE);
        if (kw_steers(code) && !keeps)
            put_named(buffer, code);
        else
            put_code(buffer, code);
    }
    close_isolates(buffer, &open);
}

void kw_buffer_log_value(struct kw_buffer *buffer, const char *value)
{
    bool word = *value && !strpbrk(value, " =\"\\");
    kw_buffer_text(buffer, word ? "" : "\"");
    kw_buffer_escaped(buffer, value, "\"\\", '\\');
    kw_buffer_text(buffer, word ? "" : "\"");
}
