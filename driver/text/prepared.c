/*
 * prepared.c - the spans that were made ready, kept by their words and style. What is plain costs neither units nor
 * code points until somebody asks for them.
 */
#include "text/internal.h"

#include "base/eight.h"

#include <string.h>

bool kw_text_is_plain(const struct kw_text *text, const struct kw_span *span)
{
    return !text->options.raster && kw_eight_all_plain(span->utf8, span->length);
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
        units[i] = kw_unit_of_ascii(code, i, i, KW_UNIT_DEVICE);
        units[i].width_dots = cell;
    }
    return 0;
}

bool kw_text_runs_rtl(const struct kw_text *text, const uint32_t *codes, size_t count)
{
    bool receipt = text->options.direction == KW_DIRECTION_RTL;
    for (size_t i = 0; i < count; i++) {
        uint32_t code = codes[i];
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

static bool is_rtl(const struct kw_text *text, const struct kw_prepared *prepared)
{
    const struct kw_stretch *stretch = &prepared->stretch;
    return prepared->flags & (KW_FIELD_PART_LTR | KW_FIELD_PART_RTL)
        ? (prepared->flags & KW_FIELD_PART_RTL) != 0 : kw_text_runs_rtl(text, stretch->codes, stretch->code_count);
}

static int set_widths(struct kw_text *text, struct kw_prepared *prepared, struct kw_error *error)
{
    int cell = kw_text_cell_dots(text, &prepared->style), code = 0;
    bool shaped = false;
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
    hash ^= span->length < KW_EIGHT ? kw_eight_short(text, span->length) : kw_eight(text + span->length - KW_EIGHT);
    hash *= factor;
    return (uint32_t)(hash >> 32);
}

static struct kw_prepared *find(const struct kw_text *text, const struct kw_span *span, uint32_t hash)
{
    struct kw_prepared *prepared = text->prepared[hash % KW_PREPARED_BUCKETS];
    for (; prepared; prepared = prepared->next)
        if (prepared->hash == hash && prepared->length == span->length && prepared->flags == span->flags &&
            kw_style_same(&prepared->style, &span->style) && memcmp(prepared->utf8, span->utf8, span->length) == 0)
            return prepared;
    return NULL;
}

static struct kw_prepared *no_memory(const struct kw_span *span, struct kw_error *error)
{
    kw_fail(error, KWIT_E_NO_MEMORY, span->origin, "out of memory while setting text");
    return NULL;
}

static struct kw_prepared *prepare_plain(struct kw_text *text, const struct kw_span *span, struct kw_error *error)
{
    struct kw_prepared *prepared = kw_arena_unset(text->arena, 1, sizeof *prepared);
    char *copy = kw_arena_copy(text->arena, span->utf8, span->length);
    if (!prepared || !copy)
        return no_memory(span, error);
    *prepared = (struct kw_prepared){ .utf8 = copy, .length = span->length, .style = span->style, .flags = span->flags,
        .stretch = { .count = span->length, .code_count = span->length, .style = span->style,
                     .isolate = (span->flags & KW_FIELD_ISOLATE) != 0, .natural = (span->flags & KW_FIELD_NAME) != 0 },
        .width_dots = kw_text_cell_dots(text, &span->style) * (int)span->length, .plain = true };
    return prepared;
}

static struct kw_prepared *prepare_built(struct kw_text *text, const struct kw_span *span, struct kw_error *error)
{
    struct kw_prepared *prepared = prepare_plain(text, span, error);
    if (!prepared)
        return NULL;
    prepared->plain = false;
    prepared->width_dots = 0;
    if (!kw_text_build(text, span, &prepared->stretch, &prepared->drawn))
        return no_memory(span, error);
    prepared->stretch.rtl = prepared->drawn && is_rtl(text, prepared);
    return set_widths(text, prepared, error) < 0 ? NULL : prepared;
}

struct kw_prepared *kw_text_prepare(struct kw_text *text, const struct kw_span *span, struct kw_error *error)
{
    uint32_t hash = hash_span(span);
    struct kw_prepared *prepared = find(text, span, hash);
    if (prepared)
        return prepared;
    bool plain = kw_text_is_plain(text, span) && !(span->flags & KW_FIELD_PART_RTL);
    prepared = plain ? prepare_plain(text, span, error) : prepare_built(text, span, error);
    if (!prepared)
        return NULL;
    prepared->hash = hash;
    prepared->next = text->prepared[hash % KW_PREPARED_BUCKETS];
    text->prepared[hash % KW_PREPARED_BUCKETS] = prepared;
    return prepared;
}
