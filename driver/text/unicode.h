/* unicode.h - properties, graphemes and normal form C of Unicode 15.0 (rows in driver/data/unicode). */
#ifndef KW_TEXT_UNICODE_H
#define KW_TEXT_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kw_grapheme_class {
    KW_GRAPHEME_OTHER, KW_GRAPHEME_CONTROL, KW_GRAPHEME_EXTEND, KW_GRAPHEME_ZWJ, KW_GRAPHEME_REGIONAL,
    KW_GRAPHEME_PREPEND, KW_GRAPHEME_SPACING, KW_GRAPHEME_L, KW_GRAPHEME_V, KW_GRAPHEME_T,
    KW_GRAPHEME_SYLLABLE, KW_GRAPHEME_LV, KW_GRAPHEME_LVT
};

/* Where a line may break: AFTER hyphens, around an IDEOGRAPH, never before CLOSE nor behind OPEN nor beside GLUE. */
enum kw_break {
    KW_BREAK_NONE, KW_BREAK_LINE, KW_BREAK_SPACE, KW_BREAK_GLUE, KW_BREAK_AFTER, KW_BREAK_IDEOGRAPH, KW_BREAK_CLOSE,
    KW_BREAK_OPEN, KW_BREAK_COMPLEX, KW_BREAK_ZWSP
};

enum {
    KW_UNICODE_MARK = 1, KW_UNICODE_WIDE = 2, KW_UNICODE_SHAPED = 4, KW_UNICODE_RTL = 8, KW_UNICODE_INVISIBLE = 16,
    KW_UNICODE_PICTOGRAPH = 32
};

struct kw_unicode {
    uint8_t grapheme, breaks, flags;
};

struct kw_unicode kw_unicode_of(uint32_t code);
/* enum kw_break of each ASCII character. */
extern const uint8_t kw_ascii_breaks[0x80];
/* Embeddings, overrides and isolates: what data could use to move text about. */
bool kw_unicode_is_bidi_control(uint32_t code);

enum { KW_GRAPHEME_CODES = 32 };

struct kw_grapheme {
    size_t from, length;            /* bytes */
    uint32_t codes[KW_GRAPHEME_CODES];
    size_t count;
};

/*
 * Reads the grapheme cluster (UAX #29, extended) at *at and moves behind it; false at the end. A cluster of more
 * than KW_GRAPHEME_CODES is given in parts.
 */
bool kw_grapheme_next(const char *text, size_t length, size_t *at, struct kw_grapheme *grapheme);

/* Normal form C in place. Returns the new count; what would not fit stays as it was. */
size_t kw_unicode_compose(uint32_t codes[KW_GRAPHEME_CODES], size_t count);

#endif
