/* utf8.c - strict UTF-8. */
#include "base/utf8.h"

#include "base/eight.h"

struct lead {
    unsigned length, first_low, first_high, bits;
};

static struct lead read_lead(unsigned char byte)
{
    if (byte >= 0xC2 && byte <= 0xDF)
        return (struct lead){ 2, 0x80, 0xBF, byte & 0x1FU };
    if (byte >= 0xE0 && byte <= 0xEF)
        return (struct lead){ 3, byte == 0xE0 ? 0xA0 : 0x80, byte == 0xED ? 0x9F : 0xBF, byte & 0x0FU };
    if (byte >= 0xF0 && byte <= 0xF4)
        return (struct lead){ 4, byte == 0xF0 ? 0x90 : 0x80, byte == 0xF4 ? 0x8F : 0xBF, byte & 0x07U };
    return (struct lead){ 0, 0, 0, 0 };
}

uint32_t kw_utf8_next(const char *text, size_t length, size_t *at)
{
    if (*at >= length)
        return 0;
    unsigned char byte = (unsigned char)text[(*at)++];
    if (byte < 0x80)
        return byte;
    struct lead lead = read_lead(byte);
    if (lead.length == 0)
        return KW_REPLACEMENT;
    uint32_t code = lead.bits;
    for (unsigned i = 1; i < lead.length; i++) {
        unsigned low = i == 1 ? lead.first_low : 0x80, high = i == 1 ? lead.first_high : 0xBF;
        unsigned char next = *at < length ? (unsigned char)text[*at] : 0;
        if (next < low || next > high)
            return KW_REPLACEMENT;
        code = code << 6 | (next & 0x3F);
        (*at)++;
    }
    return code;
}

size_t kw_utf8_put(char out[4], uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    if (code < 0x10000) {
        out[0] = (char)(0xE0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

static bool is_replacement(const char *text, size_t from, size_t to)
{
    return to - from == 3 && (unsigned char)text[from] == 0xEF && (unsigned char)text[from + 1] == 0xBF
        && (unsigned char)text[from + 2] == 0xBD;
}

/* Most text is ASCII by the eight. */
static bool is_ascii(const char *text, size_t length)
{
    return length >= KW_EIGHT && (kw_eight(text) & KW_EIGHT_TIMES(0x80)) == 0;
}

bool kw_utf8_valid(const char *text, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t from = at;
        if (is_ascii(text + at, length - at)) {
            at += KW_EIGHT;
            continue;
        }
        if (kw_utf8_next(text, length, &at) == KW_REPLACEMENT && !is_replacement(text, from, at))
            return false;
    }
    return true;
}

size_t kw_utf8_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t at = 0; at < length; count++)
        kw_utf8_next(text, length, &at);
    return count;
}
