/* wrap.c - widths, and where a text breaks into lines. */
#include "text/internal.h"

#include "text/unicode.h"

int kw_text_measure(struct kw_text *text, const struct kw_span *span)
{
    if (kw_text_is_plain(text, span))
        return kw_text_cell_dots(text, &span->style) * (int)span->length;
    const struct kw_prepared *prepared = kw_text_prepare(text, span, NULL);
    return prepared ? prepared->width_dots : 0;
}

static uint32_t first_code(const struct kw_stretch *stretch, size_t unit)
{
    return stretch->units[unit].codes ? stretch->codes[stretch->units[unit].code] : 0;
}

/* Vowels that are written before their consonant begin a syllable of Thai or Lao. */
static bool begins_syllable(uint32_t code)
{
    return (code >= 0x0E40 && code <= 0x0E44) || (code >= 0x0EC0 && code <= 0x0EC4);
}

/* Vowels and signs that end a syllable of Thai or Lao: no line begins with them. */
static bool ends_syllable(uint32_t code)
{
    return code == 0x0E2F || code == 0x0E30 || (code >= 0x0E32 && code <= 0x0E33) ||
           (code >= 0x0E45 && code <= 0x0E46) || code == 0x0EAF || code == 0x0EB0 ||
           (code >= 0x0EB2 && code <= 0x0EB3) || code == 0x0EC6;
}

static bool is_white(const struct kw_unit *unit)
{
    return unit->breaks == KW_BREAK_SPACE || unit->breaks == KW_BREAK_LINE;
}

static bool parts_word(const struct kw_unit *unit)
{
    return unit->breaks != KW_BREAK_NONE && unit->breaks != KW_BREAK_COMPLEX;
}

/* "E-Mail", "T-Shirt" and what is shortened by a hyphen stay whole. */
static bool is_short_word(const struct kw_stretch *stretch, size_t hyphen)
{
    enum { LEAST_PART = 2, LEAST_WORD = 6 };
    size_t from = hyphen, to = hyphen + 1;
    while (from > 0 && hyphen - from < LEAST_WORD && !parts_word(&stretch->units[from - 1]))
        from--;
    while (to < stretch->count && to - hyphen <= LEAST_WORD && !parts_word(&stretch->units[to]))
        to++;
    size_t before = hyphen - from, behind = to - hyphen - 1;
    return before < LEAST_PART || behind < LEAST_PART || before + behind < LEAST_WORD;
}

static bool is_letter(uint32_t code)
{
    return (code | 32) >= 'a' && (code | 32) <= 'z';
}

/* "shop-name.example": who types it from two lines cannot know whether the hyphen at an end belongs to it. */
static bool is_in_address(const struct kw_stretch *stretch, size_t hyphen)
{
    enum { LONGEST = 64 };
    size_t from = hyphen, to = hyphen + 1;
    while (from > 0 && hyphen - from < LONGEST && !is_white(&stretch->units[from - 1]))
        from--;
    while (to < stretch->count && to - hyphen < LONGEST && !is_white(&stretch->units[to]))
        to++;
    for (size_t i = from + 1; i + 1 < to; i++) {
        uint32_t code = first_code(stretch, i);
        bool parts = code == '.' || code == '/' || code == '@';
        if (parts && is_letter(first_code(stretch, i - 1)) && is_letter(first_code(stretch, i + 1)))
            return true;
    }
    return false;
}

/* A hyphen inside a word; not a minus sign, and not what joins digits. */
static bool hyphen_parts(const struct kw_stretch *stretch, size_t unit)
{
    uint32_t code = first_code(stretch, unit), next = first_code(stretch, unit + 1);
    bool hyphen = code == '-' || code == 0x2010;
    bool digit = (next >= '0' && next <= '9') || (next >= 0x0660 && next <= 0x0669) ||
                 (next >= 0x06F0 && next <= 0x06F9);
    return unit > 0 && !stretch->units[unit - 1].spaced && !digit
        && !(hyphen && (is_short_word(stretch, unit) || is_in_address(stretch, unit)));
}

static bool stands_alone(const struct kw_stretch *stretch, size_t unit)
{
    return (unit == 0 || is_white(&stretch->units[unit - 1]))
        && (unit + 1 == stretch->count || is_white(&stretch->units[unit + 1]));
}

/* Signs that are set apart, as in French, stay with their words: no line begins with "!" or ends with an open quote. */
static bool sets_sign_apart(const struct kw_stretch *stretch, size_t space)
{
    enum { OPENING = 0xAB, CLOSING = 0xBB };
    uint32_t next = first_code(stretch, space + 1);
    bool behind = stretch->units[space + 1].breaks == KW_BREAK_CLOSE || next == CLOSING || next == '%';
    bool before = space > 0 && first_code(stretch, space - 1) == OPENING;
    return (behind && stands_alone(stretch, space + 1)) || (before && stands_alone(stretch, space - 1));
}

/* Whether a line may end behind this unit and the next begin with the one after it. */
static bool may_break(const struct kw_stretch *stretch, size_t unit)
{
    uint8_t here = stretch->units[unit].breaks, next = stretch->units[unit + 1].breaks;
    bool in_word = here == KW_BREAK_NONE && next == KW_BREAK_NONE;
    if (in_word || next == KW_BREAK_SPACE || next == KW_BREAK_LINE)
        return false;
    if (here == KW_BREAK_SPACE)
        return !sets_sign_apart(stretch, unit);
    if (here == KW_BREAK_ZWSP)
        return true;
    if (next == KW_BREAK_CLOSE || next == KW_BREAK_GLUE || here == KW_BREAK_OPEN || here == KW_BREAK_GLUE)
        return false;
    if (here == KW_BREAK_IDEOGRAPH || next == KW_BREAK_IDEOGRAPH)
        return true;
    if (here == KW_BREAK_AFTER)
        return hyphen_parts(stretch, unit);
    return here == KW_BREAK_COMPLEX && begins_syllable(first_code(stretch, unit + 1));
}

struct wrapping {
    struct kw_text *text;
    const struct kw_stretch *stretch;
    struct kw_breaks *breaks;
    size_t capacity;
};

/* Which way the paragraph runs that begins at `from`: what is not drawn runs from left to right. */
static unsigned paragraph_flags(const struct kw_text *text, const struct kw_prepared *prepared, size_t from)
{
    const struct kw_stretch *stretch = &prepared->stretch;
    size_t count = 0;
    if (!prepared->drawn || from >= stretch->count)
        return 0;
    for (size_t i = from; i < stretch->count && stretch->units[i].breaks != KW_BREAK_LINE; i++)
        count += stretch->units[i].codes;
    return kw_text_runs_rtl(text, stretch->codes + stretch->units[from].code, count) ? KW_FIELD_PART_RTL
                                                                                     : KW_FIELD_PART_LTR;
}

static bool add_bytes(struct wrapping *wrapping, size_t start, size_t end, unsigned flags)
{
    struct kw_breaks *breaks = wrapping->breaks;
    void *lines = kw_arena_grow(wrapping->text->arena, breaks->lines, breaks->count, &wrapping->capacity,
                                sizeof *breaks->lines);
    if (!lines)
        return false;
    breaks->lines = lines;
    breaks->lines[breaks->count++] = (struct kw_break_line){ start, end - start, flags };
    return true;
}

/* Adds the units [from, to) without the white space at their end. */
static bool add_line(struct wrapping *wrapping, size_t from, size_t to, unsigned flags)
{
    const struct kw_unit *units = wrapping->stretch->units;
    while (to > from && is_white(&units[to - 1]))
        to--;
    size_t start = from < wrapping->stretch->count ? units[from].from : 0;
    return add_bytes(wrapping, start, to > from ? units[to - 1].from + units[to - 1].length : start, flags);
}

/* A plain span that fits is one line, and needs no units. */
static bool add_plain(struct kw_text *text, const struct kw_span *span, struct kw_breaks *breaks)
{
    size_t length = span->length;
    while (length > 0 && span->utf8[length - 1] == ' ')
        length--;
    breaks->lines = kw_arena_unset(text->arena, 1, sizeof *breaks->lines);
    if (!breaks->lines)
        return false;
    breaks->lines[breaks->count++] = (struct kw_break_line){ .length = length };
    return true;
}

static bool fits_plain(const struct kw_text *text, const struct kw_span *span, int dots)
{
    return kw_text_is_plain(text, span) && kw_text_cell_dots(text, &span->style) * (int)span->length <= dots;
}

/* Inside a word, where nothing better is: behind as many units as fit, but not between a syllable and its end. */
static size_t inside_word(const struct kw_stretch *stretch, size_t from, size_t at)
{
    size_t back = at;
    while (back > from + 1 &&
           (ends_syllable(first_code(stretch, back)) || begins_syllable(first_code(stretch, back - 1))))
        back--;
    return back > from + 1 ? back : at > from ? at : at + 1;
}

/* Between syllables, where it takes a dictionary to know whether a word ends. */
static bool breaks_unsurely(const struct kw_stretch *stretch, size_t unit)
{
    return stretch->units[unit].breaks == KW_BREAK_COMPLEX && stretch->units[unit + 1].breaks == KW_BREAK_COMPLEX;
}

/* For a break that is unsure, the last blank in the line's second half. */
static size_t surer(const struct kw_stretch *stretch, size_t from, size_t good)
{
    int width = 0, behind = 0;
    if (!breaks_unsurely(stretch, good - 1))
        return good;
    for (size_t i = from; i < good; i++)
        width += stretch->units[i].width_dots;
    for (size_t at = good - 1; at > from && behind <= width / 2; at--) {
        behind += stretch->units[at].width_dots;
        if (is_white(&stretch->units[at - 1]))
            return at;
    }
    return good;
}

/* The end of the line that begins at `from`; *forced when a line end of the text made it. */
static size_t line_end(const struct kw_stretch *stretch, size_t from, int dots, bool *forced)
{
    size_t good = from;
    int width = 0;
    *forced = false;
    for (size_t i = from; i < stretch->count; i++) {
        const struct kw_unit *unit = &stretch->units[i];
        if (unit->breaks == KW_BREAK_LINE) {
            *forced = true;
            return i;
        }
        width += unit->width_dots;
        if (width > dots && !is_white(unit))
            return good > from ? surer(stretch, from, good) : inside_word(stretch, from, i);
        if (i + 1 < stretch->count && may_break(stretch, i))
            good = i + 1;
    }
    return stretch->count;
}

static int no_memory(const struct kw_span *span, struct kw_error *error)
{
    return kw_fail(error, KWIT_E_NO_MEMORY, span->origin, "out of memory while breaking lines");
}

int kw_text_wrap(struct kw_text *text, const struct kw_span *span, int first_dots, int rest_dots,
                 struct kw_breaks *breaks, struct kw_error *error)
{
    *breaks = (struct kw_breaks){ 0 };
    if (fits_plain(text, span, first_dots))
        return add_plain(text, span, breaks) ? 0 : no_memory(span, error);
    struct kw_prepared *prepared = kw_text_prepare(text, span, error);
    if (!prepared || kw_prepared_part(text, prepared, error) < 0)
        return KWIT_E_NO_MEMORY;
    struct wrapping wrapping = { .text = text, .stretch = &prepared->stretch, .breaks = breaks };
    size_t count = prepared->stretch.count, from = 0;
    unsigned flags = 0;
    bool forced = true;
    do {
        bool begins = forced;
        flags = begins ? paragraph_flags(text, prepared, from) : flags;
        size_t end = line_end(&prepared->stretch, from, breaks->count ? rest_dots : first_dots, &forced);
        if (!add_line(&wrapping, from, end, begins && (forced || end == count) ? 0 : flags))
            return no_memory(span, error);
        from = end + forced;
        while (!forced && from < count && prepared->stretch.units[from].breaks == KW_BREAK_SPACE)
            from++;
    } while (from < count);
    return 0;
}
