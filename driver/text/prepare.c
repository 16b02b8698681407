/*
 * prepare.c - a span to units: graphemes cleaned, composed, and sorted into what the printer says, what is drawn on
 * the grid, what is shaped, and what can only be named.
 */
#include "text/internal.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

enum { NO_BREAK_SPACE = 0xA0 };

/* A span under construction; it grows in the arena. */
struct building {
    struct kw_text *text;
    const struct kw_span *span;
    struct kw_unit *units;
    size_t count, capacity;
    uint32_t *codes;
    size_t code_count, code_capacity;
    bool drawn, failed;
    bool substituted;               /* a sign was written out */
    bool keeps_signs;               /* none is, for the text is drawn anyway */
};

static void add_code(struct building *building, uint32_t code)
{
    uint32_t *codes = kw_arena_grow(building->text->arena, building->codes, building->code_count,
                                    &building->code_capacity, sizeof *codes);
    building->failed |= !codes;
    if (codes) {
        building->codes = codes;
        building->codes[building->code_count++] = code;
    }
}

/* A character is looked at from five sides, and found among the rows once. */
static struct kw_unicode unicode_of(struct kw_text *text, uint32_t code)
{
    if (code < 0x80)
        return kw_unicode_of(code);
    if (text->known.code != code) {
        text->known.code = code;
        text->known.unicode = kw_unicode_of(code);
    }
    return text->known.unicode;
}

static uint16_t cells_of(struct kw_text *text, uint32_t code)
{
    struct kw_unicode unicode = unicode_of(text, code);
    if ((unicode.flags & (KW_UNICODE_MARK | KW_UNICODE_INVISIBLE)) || unicode.grapheme == KW_GRAPHEME_V ||
        unicode.grapheme == KW_GRAPHEME_T)
        return 0;
    return unicode.flags & KW_UNICODE_WIDE ? 2 : 1;
}

static void add_unit(struct building *building, const struct kw_grapheme *source, const uint32_t *codes, size_t count,
                     enum kw_unit_kind kind, enum kw_break breaks)
{
    struct kw_unit *units = kw_arena_grow(building->text->arena, building->units, building->count,
                                          &building->capacity, sizeof *units);
    building->failed |= !units;
    if (!units)
        return;
    building->units = units;
    struct kw_unit *unit = &units[building->count++];
    *unit = (struct kw_unit){ .from = (uint32_t)source->from, .length = (uint32_t)source->length,
                              .code = (uint32_t)building->code_count, .codes = (uint16_t)count,
                              .kind = (uint8_t)kind, .breaks = (uint8_t)breaks };
    unit->spaced = count > 0 && codes[0] == ' ' && breaks != KW_BREAK_GLUE;
    for (size_t i = 0; i < count; i++) {
        add_code(building, codes[i]);
        unit->cells = (uint16_t)(unit->cells + (kind == KW_UNIT_HIDDEN ? 0 : cells_of(building->text, codes[i])));
        bool widened = kind == KW_UNIT_DEVICE && kw_tables_widen(&building->text->tables, codes[i]);
        unit->cells = (uint16_t)(unit->cells + widened);
    }
    /* A mark that stands alone still wants a place. */
    if (count > 0 && unit->cells == 0 && kind != KW_UNIT_HIDDEN)
        unit->cells = 1;
    building->drawn |= kind == KW_UNIT_CELL || kind == KW_UNIT_SHAPED;
}

static void note(struct building *building, enum kwit_warning warning, const char *format, uint32_t code,
                 const char *detail)
{
    if (building->text->options.warnings)
        kw_notes_add(building->text->options.warnings, warning, building->span->origin ? building->span->origin : "",
                     format, (unsigned)code, detail);
}

/* ASCII text in place of a grapheme; the first unit answers for its bytes. */
static void add_plain(struct building *building, const struct kw_grapheme *source, const char *plain,
                      enum kw_break breaks)
{
    uint32_t codes[64];
    size_t count = 0, length = strlen(plain);
    for (size_t at = 0; at < length && count < sizeof codes / sizeof codes[0];)
        codes[count++] = kw_utf8_next(plain, length, &at);
    add_unit(building, source, codes, count, building->text->options.raster ? KW_UNIT_CELL : KW_UNIT_DEVICE, breaks);
}

/* "[U+1F600]": the last resort before refusing. */
static void add_named(struct building *building, const struct kw_grapheme *source, const uint32_t *codes, size_t count,
                      enum kwit_warning warning, const char *why)
{
    char name[64] = "";
    size_t used = 0;
    for (size_t i = 0; i < count && used + 12 < sizeof name; i++)
        used += (size_t)snprintf(name + used, sizeof name - used, "[U+%04X]", (unsigned)codes[i]);
    note(building, warning, why, codes[0], name);
    bool raster = building->text->options.raster && kw_text_drawer(building->text);
    struct kw_grapheme whole = *source;
    uint32_t ascii[64];
    for (size_t i = 0; i < used; i++)
        ascii[i] = (uint32_t)(unsigned char)name[i];
    add_unit(building, &whole, ascii, used, raster ? KW_UNIT_CELL : KW_UNIT_DEVICE, KW_BREAK_NONE);
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0);
}

static void add_control(struct building *building, const struct kw_grapheme *source)
{
    add_named(building, source, source->codes, 1, KWIT_WARNING_CONTROL_CHARACTER,
              "the control character U+%04X is named on the paper as %s");
}

/* Drops what is invisible on paper or could move text about, and gives spaces their one form. */
static size_t clean(struct building *building, struct kw_grapheme *grapheme)
{
    size_t kept = 0;
    for (size_t i = 0; i < grapheme->count; i++) {
        uint32_t code = grapheme->codes[i];
        struct kw_unicode unicode = unicode_of(building->text, code);
        if (kw_unicode_is_bidi_control(code)) {
            note(building, KWIT_WARNING_CONTROL_CHARACTER, "U+%04X could reorder text; it is left out%s", code, "");
            continue;
        }
        bool joiner = code == 0x200C || code == 0x200D;
        bool direction = code == 0x200E || code == 0x200F || code == 0x061C;
        if ((unicode.flags & KW_UNICODE_INVISIBLE) && !joiner && !direction)
            continue;
        if (code >= 0x80 && (unicode.breaks == KW_BREAK_SPACE || unicode.breaks == KW_BREAK_LINE) && code != 0x3000)
            code = ' ';
        if (code == NO_BREAK_SPACE || code == 0x202F || code == 0x2007)
            code = ' ';
        grapheme->codes[kept++] = code;
    }
    return kept;
}

/* Joiners matter to letters that join; beside others they are invisible. */
static size_t drop_joiners(uint32_t *codes, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (codes[i] != 0x200C && codes[i] != 0x200D)
            codes[kept++] = codes[i];
    return kept;
}

/*
 * What is one picture on a telephone is one on paper: people joined to each other are a family, whoever is joined to a
 * thing stands alone, and a black and white face has no tone.
 */
static size_t one_picture(uint32_t *codes, size_t count)
{
    enum { BOY = 0x1F466, WOMAN = 0x1F469, FAMILY = 0x1F46A, LIGHT = 0x1F3FB, DARK = 0x1F3FF, JOINER = 0x200D };
    bool joined = false, family = count > 0 && codes[0] >= BOY && codes[0] <= WOMAN;
    if (count < 2 || !(kw_unicode_of(codes[0]).flags & KW_UNICODE_PICTOGRAPH))
        return count;
    size_t kept = 1;
    for (size_t i = 1; i < count; i++) {
        bool person = codes[i] >= BOY && codes[i] <= WOMAN, tone = codes[i] >= LIGHT && codes[i] <= DARK;
        joined |= codes[i] == JOINER;
        family &= person || tone || codes[i] == JOINER;
        if (!tone)
            codes[kept++] = codes[i];
    }
    if (joined && family)
        codes[0] = FAMILY;
    return joined ? 1 : kept;
}

static bool device_has(struct kw_text *text, const struct kw_style *style, const uint32_t *codes, size_t count)
{
    kw_table_set together = count ? ~(kw_table_set)0 : 0;
    for (size_t i = 0; i < count && together; i++) {
        uint8_t flags = unicode_of(text, codes[i]).flags;
        if (flags & (KW_UNICODE_MARK | KW_UNICODE_SHAPED | KW_UNICODE_RTL))
            return false;
        if (!kw_tables_hold(&text->tables, codes[i]))
            return false;
        if (((flags & KW_UNICODE_WIDE) || kw_tables_widen(&text->tables, codes[i])) && style->font != KW_FONT_A)
            return false;
    }
    return together != 0;
}

/* What the printer has for a sign that it lacks, with its code points; NULL: nothing. */
static const char *instead_of(struct kw_text *text, const struct kw_style *style, uint32_t code, uint32_t codes[16],
                              size_t *count)
{
    const char *instead;
    for (size_t choice = 0; (instead = kw_text_substitute(code, choice)); choice++) {
        size_t length = strlen(instead);
        *count = 0;
        for (size_t at = 0; at < length;)
            codes[(*count)++] = kw_utf8_next(instead, length, &at);
        if (device_has(text, style, codes, *count))
            return instead;
    }
    return NULL;
}

static bool substitute(struct building *building, const struct kw_grapheme *source, uint32_t code, enum kw_break breaks)
{
    uint32_t codes[16];
    size_t count;
    if (!instead_of(building->text, &building->span->style, code, codes, &count))
        return false;
    add_unit(building, source, codes, count, KW_UNIT_DEVICE, breaks);
    building->substituted = true;
    return true;
}

const char *kw_text_instead(struct kw_text *text, const char *sign, const struct kw_style *style)
{
    size_t length = strlen(sign), at = 0, count;
    uint32_t codes[16], code = length ? kw_utf8_next(sign, length, &at) : 0;
    if (at != length || !text->substitutes || text->options.raster || device_has(text, style, &code, 1))
        return NULL;
    return instead_of(text, style, code, codes, &count);
}

static bool is_hidden(const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (codes[i] != 0x200E && codes[i] != 0x200F && codes[i] != 0x061C && codes[i] != 0x200C && codes[i] != 0x200D)
            return false;
    return true;
}

/* As dots if they can be had, else by its name. */
static void add_drawn(struct building *building, const struct kw_grapheme *source, const uint32_t *codes, size_t count,
                      bool shaped, enum kw_break breaks)
{
    struct kw_text *text = building->text;
    bool covered = kw_text_drawer(text) && text->drawer_ops->covers(text->drawer, codes, count, shaped);
    bool simple = !shaped && count == 1;
    if (covered && (simple || text->drawer_ops->shapes(text->drawer, codes, count)))
        add_unit(building, source, codes, count, shaped ? KW_UNIT_SHAPED : KW_UNIT_CELL, breaks);
    else
        add_named(building, source, codes, count, KWIT_WARNING_NAMED_CHARACTER, covered
                  ? "U+%04X cannot be drawn without libraqm.so.0; it is named on the paper as %s; install libraqm"
                  : "U+%04X cannot be printed or drawn; it is named on the paper as %s; configure a font that has it");
}

static void classify(struct building *building, struct kw_grapheme *source)
{
    struct kw_text *text = building->text;
    enum kw_break breaks = (enum kw_break)unicode_of(text, source->codes[0]).breaks;
    uint32_t codes[KW_GRAPHEME_CODES];
    if (is_control(source->codes[0]) && breaks != KW_BREAK_LINE) {
        add_control(building, source);
        return;
    }
    size_t count = clean(building, source);
    memcpy(codes, source->codes, count * sizeof *codes);
    if (is_hidden(codes, count)) {
        add_unit(building, source, codes, count, KW_UNIT_HIDDEN, breaks == KW_BREAK_ZWSP ? breaks : KW_BREAK_NONE);
        return;
    }
    count = kw_unicode_compose(codes, count);
    bool shaped = false;
    for (size_t i = 0; i < count; i++)
        shaped |= (unicode_of(text, codes[i]).flags & KW_UNICODE_SHAPED) != 0;
    if (!shaped)
        count = drop_joiners(codes, one_picture(codes, count));
    if (!text->options.raster || text->drawer_failed) {
        if (device_has(text, &building->span->style, codes, count)) {
            add_unit(building, source, codes, count, KW_UNIT_DEVICE, breaks);
            return;
        }
        bool may = (text->substitutes && !building->keeps_signs) || text->drawer_failed;
        if (count == 1 && may && substitute(building, source, codes[0], breaks))
            return;
    }
    add_drawn(building, source, codes, count, shaped, breaks);
}

/* A word for which something else stands ("zł"), where the tables lack it. */
static bool classify_word(struct building *building, size_t *at)
{
    const struct kw_span *span = building->span;
    const char *instead;
    if (building->text->options.raster || (*at > 0 && (span->utf8[*at - 1] & 0x80 ? false : span->utf8[*at - 1] > ' ')))
        return false;
    size_t size = kw_text_substitute_word(span->utf8 + *at, span->length - *at, &instead);
    if (!size || building->keeps_signs)
        return false;
    for (size_t i = *at; i < *at + size;)
        if (!kw_tables_hold(&building->text->tables, kw_utf8_next(span->utf8, *at + size, &i))) {
            struct kw_grapheme source = { .from = *at, .length = size };
            add_plain(building, &source, instead, KW_BREAK_NONE);
            building->substituted = true;
            *at += size;
            return true;
        }
    return false;
}

static void add_odd_ascii(struct building *building, const struct kw_grapheme *grapheme)
{
    uint32_t code = grapheme->codes[0];
    struct kw_unicode unicode = kw_unicode_of(code);
    bool white = unicode.breaks == KW_BREAK_SPACE || unicode.breaks == KW_BREAK_LINE;
    if (is_control(code) && !white) {
        add_control(building, grapheme);
        return;
    }
    code = white ? ' ' : code;
    bool raster = building->text->options.raster && kw_text_drawer(building->text);
    enum kw_unit_kind kind = raster ? KW_UNIT_CELL : KW_UNIT_DEVICE;
    add_unit(building, grapheme, &code, 1, kind, (enum kw_break)unicode.breaks);
}

static bool is_common(const struct building *building, const struct kw_unit *unit)
{
    if (unit->kind == KW_UNIT_SHAPED || unit->codes != 1)
        return unit->kind == KW_UNIT_HIDDEN;
    uint32_t code = building->codes[unit->code];
    return code < 0x80 ? !((code >= '0' && code <= '9') || (code | 32) - 'a' < 26)
                       : (code >= 0xA0 && code <= 0xBF) || (code >= 0x2010 && code <= 0x205E);
}

/*
 * Spaces and punctuation beside shaped letters are set in the same font and width as those; but a sign that touches
 * letters or digits of the grid stays with them.
 */
static void join_run(struct building *building, size_t from, size_t to, bool behind, bool before)
{
    struct kw_unit *units = building->units;
    if (behind && !before && to < building->count)
        while (to > from && !units[to - 1].spaced)
            to--;
    if (before && !behind && from > 0)
        while (from < to && !units[from].spaced)
            from++;
    for (; from < to; from++)
        if (units[from].kind != KW_UNIT_HIDDEN)
            units[from].kind = KW_UNIT_SHAPED;
}

static void join_common(struct building *building)
{
    const struct kw_unit *units = building->units;
    for (size_t i = 0; i < building->count;) {
        size_t end = i;
        while (end < building->count && is_common(building, &units[end]))
            end++;
        bool behind = i > 0 && units[i - 1].kind == KW_UNIT_SHAPED;
        bool before = end < building->count && units[end].kind == KW_UNIT_SHAPED;
        if (behind || before)
            join_run(building, i, end, behind, before);
        i = end > i ? end : i + 1;
    }
}

/* A rule is one sign many times over: what was found for the grapheme before holds for the same bytes. */
static bool repeat(struct building *building, const struct kw_grapheme *source)
{
    const struct kw_unit *last = building->count ? &building->units[building->count - 1] : NULL;
    const char *text = building->span->utf8;
    if (!last || last->kind != KW_UNIT_DEVICE || last->codes != 1 || last->length != source->length ||
        memcmp(text + last->from, text + source->from, source->length) != 0)
        return false;
    uint32_t code = building->codes[last->code];
    add_unit(building, source, &code, 1, KW_UNIT_DEVICE, (enum kw_break)last->breaks);
    return true;
}

enum { TWO_BYTES = 0xC2, MARKS = 0xCC };        /* a first byte below MARKS joins nothing to what stands before it */

/*
 * Reads the two bytes of a character at `at` when it and what follows it lie below U+0300, the first mark that joins
 * what stands before it: then it is a grapheme by itself. Returns 0 when it is another or none.
 */
static size_t read_alone(const struct kw_span *span, size_t at, uint32_t *code)
{
    const uint8_t *bytes = (const uint8_t *)span->utf8 + at;
    size_t left = span->length - at;
    if (left < 2 || bytes[0] < TWO_BYTES || bytes[0] >= MARKS || bytes[1] >> 6 != 2 || (left > 2 && bytes[2] >= MARKS))
        return 0;
    *code = (uint32_t)(bytes[0] & 0x1F) << 6 | (bytes[1] & 0x3F);
    return 2;
}

/* Whether the printer's font says it as it stands, but for a space that does not break; *breaks is set. */
static bool is_simple(struct kw_text *text, uint32_t code, uint8_t *breaks)
{
    const struct kw_unicode unicode = unicode_of(text, code);
    *breaks = unicode.breaks;
    return code >= 0xA0 && unicode.grapheme == KW_GRAPHEME_OTHER && unicode.flags == 0
        && (code == NO_BREAK_SPACE || kw_tables_hold(&text->tables, code));
}

/* A letter by itself beyond ASCII, where there is room. Returns the bytes; 0: not simple. */
static size_t add_simple(struct building *building, size_t at)
{
    uint32_t code;
    uint8_t breaks;
    size_t size = read_alone(building->span, at, &code);
    bool room = building->count < building->capacity && building->code_count < building->code_capacity;
    if (size == 0 || !room || !is_simple(building->text, code, &breaks))
        return 0;
    code = code == NO_BREAK_SPACE ? ' ' : code;
    building->units[building->count++] = (struct kw_unit){
        .from = (uint32_t)at, .length = (uint32_t)size, .code = (uint32_t)building->code_count, .codes = 1, .cells = 1,
        .kind = KW_UNIT_DEVICE, .breaks = breaks, .spaced = code == ' ' && breaks != KW_BREAK_GLUE };
    building->codes[building->code_count++] = code;
    return size;
}

/* How many letters of ASCII stand there by themselves; none begins a word for which something else stands ("zł"). */
static size_t count_ascii(const struct kw_span *span, size_t at)
{
    const uint8_t *bytes = (const uint8_t *)span->utf8;
    size_t end = at;
    while (end < span->length && bytes[end] >= ' ' && bytes[end] <= '~' && bytes[end] != 'z')
        end++;
    return end - at - (end > at && end < span->length && bytes[end] >= MARKS);
}

static size_t add_ascii(struct building *building, size_t at, uint8_t kind)
{
    size_t count = count_ascii(building->span, at);
    if (count > building->capacity - building->count || count > building->code_capacity - building->code_count)
        return 0;
    struct kw_unit *units = building->units + building->count;
    uint32_t *codes = building->codes + building->code_count;
    for (size_t i = 0; i < count; i++) {
        codes[i] = (uint8_t)building->span->utf8[at + i];
        units[i] = kw_unit_of_ascii(codes[i], at + i, building->code_count + i, kind);
    }
    building->count += count;
    building->code_count += count;
    building->drawn |= kind == KW_UNIT_CELL && count > 0;
    return count;
}

/* As many as there are bytes: more are only needed where something longer is written in place of a sign. */
static void make_room(struct building *building)
{
    const size_t length = building->span->length;
    building->units = kw_arena_unset(building->text->arena, length, sizeof *building->units);
    building->codes = kw_arena_unset(building->text->arena, length, sizeof *building->codes);
    building->capacity = building->units ? length : 0;
    building->code_capacity = building->codes ? length : 0;
}

static void build(struct building *building)
{
    const struct kw_span *span = building->span;
    struct kw_grapheme grapheme;
    bool raster = building->text->options.raster && kw_text_drawer(building->text);
    const uint8_t kind = raster ? KW_UNIT_CELL : KW_UNIT_DEVICE;
    make_room(building);
    for (size_t at = 0; at < span->length && !building->failed;) {
        size_t simple = add_ascii(building, at, kind);
        if (simple == 0 && kind == KW_UNIT_DEVICE)
            simple = add_simple(building, at);
        at += simple;
        if (simple > 0)
            continue;
        if (span->utf8[at] == 'z' && classify_word(building, &at))
            continue;
        kw_grapheme_next(span->utf8, span->length, &at, &grapheme);
        if (grapheme.codes[0] < 0x80 && grapheme.count == 1)
            add_odd_ascii(building, &grapheme);
        else if (!repeat(building, &grapheme))
            classify(building, &grapheme);
    }
    /* The printer sets no line from right to left. */
    if ((span->flags & KW_FIELD_PART_RTL) && building->count > 0)
        building->drawn |= kw_text_drawer(building->text);
    if (building->drawn)
        join_common(building);
}

bool kw_text_build(struct kw_text *text, const struct kw_span *span, struct kw_stretch *stretch, bool *drawn)
{
    struct building building = { .text = text, .span = span };
    build(&building);
    /* What is drawn has every sign that its fonts have: none is written out beside drawn letters. */
    if (building.drawn && building.substituted && !text->drawer_failed) {
        building = (struct building){ .text = text, .span = span, .keeps_signs = true };
        build(&building);
    }
    stretch->units = building.units, stretch->count = building.count;
    stretch->codes = building.codes, stretch->code_count = building.code_count;
    *drawn = building.drawn;
    return !building.failed;
}
