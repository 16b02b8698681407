/*
 * prepare.c - a span to units: graphemes cleaned, composed, and sorted into what the printer says, what is drawn on
 * the grid, what is shaped, and what can only be named.
 */
#include "text/internal.h"

#include "base/eight.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

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
        if (code == 0xA0 || code == 0x202F || code == 0x2007)
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

static void add_ascii(struct building *building, const struct kw_grapheme *grapheme)
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

bool kw_text_is_plain(const struct kw_text *text, const struct kw_span *span)
{
    size_t at = 0;
    while (at + KW_EIGHT <= span->length && kw_eight_is_plain(kw_eight(span->utf8 + at)))
        at += KW_EIGHT;
    while (at < span->length && span->utf8[at] >= ' ' && span->utf8[at] < 0x7F)
        at++;
    return at == span->length && !text->options.raster;
}

int kw_prepared_part(struct kw_text *text, struct kw_prepared *prepared, struct kw_error *error)
{
    struct kw_stretch *stretch = &prepared->stretch;
    if (!prepared->plain || stretch->units)
        return 0;
    struct kw_unit *units = kw_arena_unset(text->arena, prepared->length, sizeof *units);
    uint32_t *codes = kw_arena_unset(text->arena, prepared->length, sizeof *codes);
    const int cell = kw_text_cell_dots(text, &prepared->style);
    if (!units || !codes)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while setting text");
    stretch->units = units;
    stretch->codes = codes;
    for (uint32_t i = 0; i < prepared->length; i++) {
        uint32_t code = (uint8_t)prepared->utf8[i];
        codes[i] = code;
        units[i] = (struct kw_unit){ .from = i, .length = 1, .code = i, .codes = 1, .cells = 1, .kind = KW_UNIT_DEVICE,
                                     .breaks = kw_ascii_breaks[code], .spaced = code == ' ', .width_dots = cell };
    }
    return 0;
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

/* A printable ASCII character that nothing behind it can join, where there is room: most of any text. */
static bool add_simple(struct building *building, size_t at, uint8_t kind)
{
    const struct kw_span *span = building->span;
    uint8_t code = (uint8_t)span->utf8[at], next = at + 1 < span->length ? (uint8_t)span->utf8[at + 1] : ' ';
    if (code < ' ' || code > '~' || next >= 0x7F || building->count == building->capacity ||
        building->code_count == building->code_capacity)
        return false;
    building->units[building->count++] = (struct kw_unit){
        .from = (uint32_t)at, .length = 1, .code = (uint32_t)building->code_count, .codes = 1, .cells = 1, .kind = kind,
        .breaks = kw_ascii_breaks[code], .spaced = code == ' ' };
    building->codes[building->code_count++] = code;
    building->drawn |= kind == KW_UNIT_CELL;
    return true;
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
    make_room(building);
    for (size_t at = 0; at < span->length && !building->failed;) {
        if (span->utf8[at] != 'z' && add_simple(building, at, raster ? KW_UNIT_CELL : KW_UNIT_DEVICE)) {
            at++;
            continue;
        }
        if (span->utf8[at] == 'z' && classify_word(building, &at))
            continue;
        kw_grapheme_next(span->utf8, span->length, &at, &grapheme);
        if (grapheme.codes[0] < 0x80 && grapheme.count == 1)
            add_ascii(building, &grapheme);
        else if (!repeat(building, &grapheme))
            classify(building, &grapheme);
    }
    if (building->drawn)
        join_common(building);
}

/* What is drawn has every sign that its fonts have: none is written out beside drawn letters. */
static void build_again(struct building *building)
{
    *building = (struct building){ .text = building->text, .span = building->span, .keeps_signs = true };
    build(building);
}

/* By content in a left-to-right receipt: the first strong letter; a right-to-left one needs any such letter. */
static bool base_is_rtl(const struct kw_text *text, const struct kw_prepared *prepared)
{
    bool receipt = text->options.direction == KW_DIRECTION_RTL;
    for (size_t i = 0; i < prepared->stretch.code_count; i++) {
        uint32_t code = prepared->stretch.codes[i];
        struct kw_unicode unicode = kw_unicode_of(code);
        if (unicode.flags & KW_UNICODE_RTL)
            return true;
        bool letter = code < 0x80 ? (code | 32) - 'a' < 26 : unicode.breaks == KW_BREAK_NONE && code < 0x2000 &&
                      code >= 0xC0 && !(unicode.flags & KW_UNICODE_SHAPED);
        if (letter && !receipt)
            return false;
    }
    return false;
}

static int set_widths(struct kw_text *text, struct kw_prepared *prepared, struct kw_error *error)
{
    int cell = kw_text_cell_dots(text, &prepared->style), code = 0;
    bool shaped = false;
    if (prepared->plain) {
        prepared->width_dots = cell * (int)prepared->stretch.count;
        return 0;
    }
    for (size_t i = 0; i < prepared->stretch.count; i++) {
        struct kw_unit *unit = &prepared->stretch.units[i];
        unit->width_dots = unit->cells * cell;
        shaped |= unit->kind == KW_UNIT_SHAPED;
    }
    if (shaped)
        code = text->drawer_ops->measure(text->drawer, &prepared->stretch, error);
    for (size_t i = 0; code == 0 && i < prepared->stretch.count; i++)
        prepared->width_dots += prepared->stretch.units[i].width_dots;
    return code;
}

/* Of eight bytes at once; the last eight may overlap those before. */
static uint32_t hash_span(const struct kw_span *span)
{
    enum { SPREAD = 29 };
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    const struct kw_style *style = &span->style;
    uint64_t hash = span->length << 16 ^ (uint64_t)(style->font << 8 | style->width << 4 | style->height);
    const char *text = span->utf8;
    for (size_t at = 0; at + KW_EIGHT < span->length; at += KW_EIGHT) {
        hash = (hash ^ kw_eight(text + at)) * factor;
        hash ^= hash >> SPREAD;
    }
    for (size_t at = 0; span->length < KW_EIGHT && at < span->length; at++)
        hash = hash << 8 ^ (uint8_t)text[at];
    if (span->length >= KW_EIGHT)
        hash ^= kw_eight(text + span->length - KW_EIGHT);
    hash *= factor;
    return (uint32_t)(hash >> 32);
}

/* Bytes without a gap. */
static bool same_style(const struct kw_style *a, const struct kw_style *b)
{
    _Static_assert(sizeof *a == 3 + 4 * sizeof(bool), "a style has no gaps");
    return memcmp(a, b, sizeof *a) == 0;
}

static struct kw_prepared *find(const struct kw_text *text, const struct kw_span *span, uint32_t hash)
{
    struct kw_prepared *prepared = text->prepared[hash % KW_PREPARED_BUCKETS];
    for (; prepared; prepared = prepared->next)
        if (prepared->hash == hash && prepared->length == span->length && prepared->flags == span->flags &&
            same_style(&prepared->style, &span->style) && memcmp(prepared->utf8, span->utf8, span->length) == 0)
            return prepared;
    return NULL;
}

struct kw_prepared *kw_text_prepare(struct kw_text *text, const struct kw_span *span, struct kw_error *error)
{
    uint32_t hash = hash_span(span);
    struct kw_prepared *prepared = find(text, span, hash);
    if (prepared)
        return prepared;
    struct building building = { .text = text, .span = span };
    bool plain = kw_text_is_plain(text, span);
    if (plain)
        building.count = building.code_count = span->length;
    else
        build(&building);
    if (building.drawn && building.substituted && !text->drawer_failed)
        build_again(&building);
    prepared = kw_arena_alloc(text->arena, sizeof *prepared);
    char *copy = kw_arena_copy(text->arena, span->utf8, span->length);
    if (!prepared || !copy || building.failed) {
        kw_fail(error, KWIT_E_NO_MEMORY, span->origin, "out of memory while setting text");
        return NULL;
    }
    *prepared = (struct kw_prepared){ .next = text->prepared[hash % KW_PREPARED_BUCKETS], .hash = hash, .utf8 = copy,
        .length = span->length, .style = span->style, .flags = span->flags, .drawn = building.drawn,
        .plain = plain };
    prepared->stretch = (struct kw_stretch){ .codes = building.codes, .code_count = building.code_count,
        .units = building.units, .count = building.count, .style = span->style,
        .isolate = (span->flags & KW_FIELD_ISOLATE) != 0, .natural = (span->flags & KW_FIELD_NAME) != 0 };
    prepared->stretch.rtl = prepared->drawn && base_is_rtl(text, prepared);
    if (set_widths(text, prepared, error) < 0)
        return NULL;
    text->prepared[hash % KW_PREPARED_BUCKETS] = prepared;
    return prepared;
}
