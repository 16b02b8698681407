/* unicode.c - looks into the rows of the Unicode Character Database; cluster boundaries; normal form C. */
#include "text/unicode.h"

#include "base/utf8.h"
#include "text/ranges.h"

#include <string.h>

struct property_row {
    struct kw_range range;
    struct kw_unicode unicode;
};

static const struct property_row properties[] = {
#define KW_UNICODE(first, last, class, breaks, flags) \
    { { first, last }, { KW_GRAPHEME_##class, KW_BREAK_##breaks, flags } },
#include "data/unicode/properties.def"
#undef KW_UNICODE
};

static const struct class_row { struct kw_range range; uint8_t class; } combining[] = {
#define KW_CLASS(first, last, class) { { first, last }, class },
#include "data/unicode/combining.def"
#undef KW_CLASS
};

static const struct canonical { struct kw_range code; uint32_t first, second; bool composes; } canonical[] = {
#define KW_CANONICAL(code, first, second, composes) { { code, code }, first, second, composes },
#include "data/unicode/canonical.def"
#undef KW_CANONICAL
};

#define COUNT(rows) (sizeof(rows) / sizeof(rows)[0])

enum { S_BASE = 0xAC00, L_BASE = 0x1100, V_BASE = 0x1161, T_BASE = 0x11A7, L_COUNT = 19, V_COUNT = 21, T_COUNT = 28 };
enum { S_COUNT = L_COUNT * V_COUNT * T_COUNT };

const uint8_t kw_ascii_breaks[0x80] = {
    ['\t'] = KW_BREAK_SPACE, [' '] = KW_BREAK_SPACE,
    ['\n'] = KW_BREAK_LINE, ['\v'] = KW_BREAK_LINE, ['\f'] = KW_BREAK_LINE, ['\r'] = KW_BREAK_LINE,
    ['-'] = KW_BREAK_AFTER,
    ['('] = KW_BREAK_OPEN, ['['] = KW_BREAK_OPEN, ['{'] = KW_BREAK_OPEN,
    [')'] = KW_BREAK_CLOSE, [']'] = KW_BREAK_CLOSE, ['}'] = KW_BREAK_CLOSE, ['!'] = KW_BREAK_CLOSE,
    [','] = KW_BREAK_CLOSE, ['.'] = KW_BREAK_CLOSE, ['/'] = KW_BREAK_CLOSE, [':'] = KW_BREAK_CLOSE,
    [';'] = KW_BREAK_CLOSE, ['?'] = KW_BREAK_CLOSE,
};

static struct kw_unicode ascii(uint32_t code)
{
    bool control = code < 0x20 || code == 0x7F;
    return (struct kw_unicode){ .grapheme = control ? KW_GRAPHEME_CONTROL : KW_GRAPHEME_OTHER,
                                .breaks = kw_ascii_breaks[code] };
}

static uint8_t syllable_class(uint32_t code)
{
    return (code - S_BASE) % T_COUNT == 0 ? KW_GRAPHEME_LV : KW_GRAPHEME_LVT;
}

struct kw_unicode kw_unicode_of(uint32_t code)
{
    if (code < 0x80)
        return ascii(code);
    if (code >= 0x2500 && code <= 0x259F)           /* lines and blocks, of which rules are made, have no properties */
        return (struct kw_unicode){ 0 };
    const struct property_row *row = kw_range_find(code, properties, COUNT(properties), sizeof properties[0]);
    if (!row)
        return (struct kw_unicode){ 0 };
    struct kw_unicode unicode = row->unicode;
    if (unicode.grapheme == KW_GRAPHEME_SYLLABLE)
        unicode.grapheme = syllable_class(code);
    return unicode;
}

bool kw_unicode_is_bidi_control(uint32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x206F);
}

/* ---- graphemes --------------------------------------------------------------------------------------------- */

static bool hangul_joins(uint8_t before, uint8_t after)
{
    switch (before) {
    case KW_GRAPHEME_L:
        return after == KW_GRAPHEME_L || after == KW_GRAPHEME_V || after == KW_GRAPHEME_LV || after == KW_GRAPHEME_LVT;
    case KW_GRAPHEME_LV:
    case KW_GRAPHEME_V:
        return after == KW_GRAPHEME_V || after == KW_GRAPHEME_T;
    case KW_GRAPHEME_LVT:
    case KW_GRAPHEME_T:
        return after == KW_GRAPHEME_T;
    }
    return false;
}

/* What came before in the cluster, as far as the rules look back. */
struct cluster {
    uint8_t last;
    bool picture;                   /* a pictograph, then only EXTEND, then perhaps ZWJ */
    size_t regionals;
};

static void enter(struct cluster *cluster, struct kw_unicode unicode)
{
    bool extends = unicode.grapheme == KW_GRAPHEME_EXTEND || unicode.grapheme == KW_GRAPHEME_ZWJ;
    cluster->picture = (unicode.flags & KW_UNICODE_PICTOGRAPH) || (cluster->picture && extends);
    cluster->regionals += unicode.grapheme == KW_GRAPHEME_REGIONAL;
    cluster->last = unicode.grapheme;
}

static bool goes_on(const struct cluster *cluster, struct kw_unicode next)
{
    if (cluster->last == KW_GRAPHEME_CONTROL || next.grapheme == KW_GRAPHEME_CONTROL)
        return false;
    if (next.grapheme == KW_GRAPHEME_EXTEND || next.grapheme == KW_GRAPHEME_ZWJ || next.grapheme == KW_GRAPHEME_SPACING)
        return true;
    if (cluster->last == KW_GRAPHEME_PREPEND || hangul_joins(cluster->last, next.grapheme))
        return true;
    if (cluster->last == KW_GRAPHEME_ZWJ && cluster->picture && (next.flags & KW_UNICODE_PICTOGRAPH))
        return true;
    return next.grapheme == KW_GRAPHEME_REGIONAL && cluster->last == KW_GRAPHEME_REGIONAL &&
           cluster->regionals % 2 == 1;
}

bool kw_grapheme_next(const char *text, size_t length, size_t *at, struct kw_grapheme *grapheme)
{
    if (*at >= length)
        return false;
    struct cluster cluster = { 0 };
    grapheme->from = *at;
    grapheme->codes[0] = kw_utf8_next(text, length, at);
    grapheme->count = 1;
    bool crlf = grapheme->codes[0] == '\r' && *at < length && text[*at] == '\n';
    *at += crlf;
    /* ASCII before ASCII is the common case, and needs no rows. */
    if (!crlf && (grapheme->codes[0] >= 0x80 || (*at < length && (text[*at] & 0x80)))) {
        enter(&cluster, kw_unicode_of(grapheme->codes[0]));
        for (size_t next = *at; next < length && grapheme->count < KW_GRAPHEME_CODES; *at = next) {
            uint32_t code = kw_utf8_next(text, length, &next);
            struct kw_unicode unicode = kw_unicode_of(code);
            if (!goes_on(&cluster, unicode))
                break;
            enter(&cluster, unicode);
            grapheme->codes[grapheme->count++] = code;
        }
    }
    grapheme->length = *at - grapheme->from;
    return true;
}

/* ---- normal form C ----------------------------------------------------------------------------------------- */

static uint8_t class_of(uint32_t code)
{
    const struct class_row *row = kw_range_find(code, combining, COUNT(combining), sizeof combining[0]);
    return row ? row->class : 0;
}

static const struct canonical *canonical_of(uint32_t code)
{
    return kw_range_find(code, canonical, COUNT(canonical), sizeof canonical[0]);
}

/* No code point of Unicode 15 decomposes into more than four. */
enum { WORK = KW_GRAPHEME_CODES * 4 };

static size_t decompose(uint32_t code, uint32_t *out)
{
    if (code >= S_BASE && code < S_BASE + S_COUNT) {
        uint32_t index = code - S_BASE, tail = index % T_COUNT;
        out[0] = L_BASE + index / (V_COUNT * T_COUNT);
        out[1] = V_BASE + index % (V_COUNT * T_COUNT) / T_COUNT;
        out[2] = T_BASE + tail;
        return tail ? 3 : 2;
    }
    const struct canonical *row = canonical_of(code);
    if (!row) {
        out[0] = code;
        return 1;
    }
    size_t count = decompose(row->first, out);
    if (row->second)
        out[count++] = row->second;
    return count;
}

/* Marks into the order of their classes; equal ones keep theirs. */
static void order_marks(uint32_t *codes, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint8_t class = class_of(codes[i]);
        for (size_t k = i; class && k > 0 && class_of(codes[k - 1]) > class; k--) {
            uint32_t moved = codes[k];
            codes[k] = codes[k - 1];
            codes[k - 1] = moved;
        }
    }
}

static uint32_t compose_pair(uint32_t first, uint32_t second)
{
    if (first >= L_BASE && first < L_BASE + L_COUNT && second >= V_BASE && second < V_BASE + V_COUNT)
        return S_BASE + ((first - L_BASE) * V_COUNT + (second - V_BASE)) * T_COUNT;
    if (first >= S_BASE && first < S_BASE + S_COUNT && (first - S_BASE) % T_COUNT == 0 && second > T_BASE &&
        second < T_BASE + T_COUNT)
        return first + (second - T_BASE);
    for (size_t i = 0; i < COUNT(canonical); i++)
        if (canonical[i].first == first && canonical[i].second == second && canonical[i].composes)
            return canonical[i].code.first;
    return 0;
}

static size_t compose(uint32_t *codes, size_t count)
{
    size_t out = 0, starter = 0;
    bool has_starter = false;
    int last_class = -1;
    for (size_t i = 0; i < count; i++) {
        uint8_t class = class_of(codes[i]);
        uint32_t whole = has_starter && last_class < (int)class ? compose_pair(codes[starter], codes[i]) : 0;
        if (whole) {
            codes[starter] = whole;
            continue;
        }
        if (class == 0) {
            has_starter = true;
            starter = out;
            last_class = -1;
        } else {
            last_class = class;
        }
        codes[out++] = codes[i];
    }
    return out;
}

/* What stands alone is in normal form, unless it stands for something else. */
static bool is_composed(uint32_t code)
{
    const struct canonical *row = code < 0x0340 ? NULL : canonical_of(code);
    return !row || row->composes;
}

size_t kw_unicode_compose(uint32_t codes[KW_GRAPHEME_CODES], size_t count)
{
    if (count == 0 || count > KW_GRAPHEME_CODES || (count == 1 && is_composed(codes[0])))
        return count;
    uint32_t work[WORK];
    size_t length = 0;
    for (size_t i = 0; i < count; i++)
        length += decompose(codes[i], work + length);
    order_marks(work, length);
    length = compose(work, length);
    if (length > KW_GRAPHEME_CODES)
        return count;
    memcpy(codes, work, length * sizeof *codes);
    return length;
}
