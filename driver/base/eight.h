/* eight.h - eight bytes of text looked at as one number: the first byte is the lowest. */
#ifndef KW_BASE_EIGHT_H
#define KW_BASE_EIGHT_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { KW_EIGHT = 8 };
#define KW_EIGHT_TIMES(byte) ((uint64_t)(byte) * 0x0101010101010101u)

static inline uint64_t kw_eight(const char *bytes)
{
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    return le64toh(eight);
}

/* A text of less than eight bytes, blanks where it has too few; of four and more the middle ones may be in it twice. */
static inline uint64_t kw_eight_short(const char *text, size_t length)
{
    uint64_t eight = KW_EIGHT_TIMES(' ');
    uint32_t first, last;
    if (length >= sizeof first) {
        memcpy(&first, text, sizeof first);
        memcpy(&last, text + length - sizeof last, sizeof last);
        return (uint64_t)le32toh(last) << 32 | le32toh(first);
    }
    for (size_t at = 0; at < length; at++)
        eight = eight << 8 | (uint8_t)text[at];
    return eight;
}

/* Sets bits of eight bytes, the first of which is the number's highest: dots from left to right. */
static inline void kw_eight_set(uint8_t *bytes, uint64_t bits)
{
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    eight |= htobe64(bits);
    memcpy(bytes, &eight, sizeof eight);
}

/* The highest bit of the first byte that is no printable ASCII is set, and of none before it. */
static inline uint64_t kw_eight_odd(uint64_t eight)
{
    return (eight | (eight - KW_EIGHT_TIMES(' ')) | (eight + KW_EIGHT_TIMES(1))) & KW_EIGHT_TIMES(0x80);
}

/* The same for the first byte that is this one. */
static inline uint64_t kw_eight_is(uint64_t eight, uint8_t byte)
{
    uint64_t other = eight ^ KW_EIGHT_TIMES(byte);
    return (other - KW_EIGHT_TIMES(1)) & ~other & KW_EIGHT_TIMES(0x80);
}

static inline bool kw_eight_is_plain(uint64_t eight)
{
    return kw_eight_odd(eight) == 0;
}

/* Printable ASCII throughout; the last eight may overlap those before. */
static inline bool kw_eight_all_plain(const char *text, size_t length)
{
    if (length < KW_EIGHT)
        return kw_eight_is_plain(kw_eight_short(text, length));
    for (size_t at = 0; at + KW_EIGHT < length; at += KW_EIGHT)
        if (!kw_eight_is_plain(kw_eight(text + at)))
            return false;
    return kw_eight_is_plain(kw_eight(text + length - KW_EIGHT));
}

/* How many bytes stand before the first whose highest bit is set in the mask. */
static inline size_t kw_eight_before(uint64_t mask)
{
    return mask ? (size_t)__builtin_ctzll(mask) / 8 : KW_EIGHT;
}

/*
 * How many bytes JSON says as they are: printable ASCII but quotes and backslashes. Less than eight at the end are not
 * looked at.
 */
static inline size_t kw_eight_quotable(const char *text, size_t length)
{
    size_t at = 0, plain = KW_EIGHT;
    while (plain == KW_EIGHT && length - at >= KW_EIGHT) {
        uint64_t eight = kw_eight(text + at);
        plain = kw_eight_before(kw_eight_odd(eight) | kw_eight_is(eight, '"') | kw_eight_is(eight, '\\'));
        at += plain;
    }
    return at;
}

#endif
