/*
 * raqm_join.c - Arabic, Persian and Hebrew letters without marks: order by FriBidi, joined forms by their code points.
 *
 * This is what libraqm gives for such text, glyph for glyph (a test holds the two together), without HarfBuzz reading
 * the font's tables first. Anything with marks, in another script or in a configured font is left to libraqm.
 */
#include "text/raqm_drawer.h"

#include <fribidi.h>
#include <string.h>

enum { HEH = 0x0647, HAMZA_ABOVE = 0x0654, HEH_WITH_YEH = 0x06C0, ZWNJ = 0x200C, RLM = 0x200F, JOIN_MOST = 1024 };

static bool is_joiner(uint32_t code)
{
    return (code >= ZWNJ && code <= RLM) || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

static bool is_simple(uint32_t code)
{
    return code < 0x0300 || (code >= 0x0370 && code <= 0x0482) || (code >= 0x05D0 && code <= 0x05EA) ||
           code == 0x060C || code == 0x061B || code == 0x061F || (code >= 0x0621 && code <= 0x064A) ||
           (code >= 0x0660 && code <= 0x066F) || (code >= 0x0671 && code <= 0x06D4) ||
           (code >= 0x06F0 && code <= 0x06F9) || (code >= 0x2010 && code <= 0x2027) || is_joiner(code);
}

/* Heh with hamza above is one letter by itself. */
static bool is_composed(const uint32_t *codes, size_t at)
{
    return codes[at] == HAMZA_ABOVE && at > 0 && codes[at - 1] == HEH;
}

bool kw_join_knows(const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!is_simple(codes[i]) && !is_composed(codes, i))
            return false;
    return true;
}

struct line {
    const struct kw_shaper_input *input;
    FriBidiStrIndex count;
    FriBidiChar codes[JOIN_MOST];
    FriBidiCharType types[JOIN_MOST];
    FriBidiBracketType brackets[JOIN_MOST];
    FriBidiLevel levels[JOIN_MOST];
    FriBidiArabicProp joins[JOIN_MOST];
    FriBidiStrIndex order[JOIN_MOST];
};

/* Copies the text if all of it is simple. */
static bool take(struct line *line)
{
    const struct kw_shaper_input *input = line->input;
    if (input->count > JOIN_MOST || !kw_join_knows(input->codes, input->count))
        return false;
    for (size_t i = 0; i < input->count; i++) {
        bool composed = is_composed(input->codes, i);
        if (input->fonts[i] % input->drawer->font_count < input->drawer->configured)
            return false;
        line->codes[i] = composed ? ZWNJ : input->codes[i];
        if (composed)
            line->codes[i - 1] = HEH_WITH_YEH;
    }
    line->count = (FriBidiStrIndex)input->count;
    return true;
}

static bool put_in_order(struct line *line)
{
    FriBidiParType base = line->input->rtl ? FRIBIDI_PAR_RTL : FRIBIDI_PAR_LTR;
    fribidi_get_bidi_types(line->codes, line->count, line->types);
    fribidi_get_bracket_types(line->codes, line->count, line->types, line->brackets);
    if (!fribidi_get_par_embedding_levels_ex(line->types, line->brackets, line->count, &base, line->levels))
        return false;
    fribidi_get_joining_types(line->codes, line->count, line->joins);
    fribidi_join_arabic(line->types, line->count, line->levels, line->joins);
    for (FriBidiStrIndex i = 0; i < line->count; i++)
        line->order[i] = i;
    return fribidi_reorder_line(FRIBIDI_FLAGS_DEFAULT, line->types, line->count, 0, base, line->levels, NULL,
                                line->order) != 0;
}

/* Letters that touch no other keep their own code point: fonts have it drawn once. */
static void join_letters(struct line *line)
{
    FriBidiChar forms[JOIN_MOST];
    memcpy(forms, line->codes, (size_t)line->count * sizeof *forms);
    fribidi_shape(FRIBIDI_FLAGS_ARABIC | FRIBIDI_FLAG_SHAPE_MIRRORING, line->levels, line->count, line->joins, forms);
    for (FriBidiStrIndex i = 0; i < line->count; i++) {
        bool joined = FRIBIDI_JOINS_RIGHT(line->joins[i]) || FRIBIDI_JOINS_LEFT(line->joins[i]);
        bool ligature = forms[i] >= 0xFEF5 && forms[i] <= 0xFEFC;
        bool arabic = FRIBIDI_IS_ARABIC(line->types[i]) || forms[i] == FRIBIDI_CHAR_FILL;
        if (!arabic || joined || ligature || forms[i] == FRIBIDI_CHAR_FILL)
            line->codes[i] = forms[i];
    }
}

static bool find_glyphs(struct line *line, struct ordered_glyph *glyphs, size_t *count)
{
    const struct kw_shaper_input *input = line->input;
    for (FriBidiStrIndex i = 0; i < line->count; i++) {
        FriBidiStrIndex at = line->order[i];
        struct font *font = &input->drawer->fonts[input->fonts[at]];
        struct ordered_glyph *glyph = &glyphs[(*count)++], *before = i > 0 ? glyph - 1 : NULL;
        *glyph = (struct ordered_glyph){ .font = font, .cluster = (size_t)at };
        glyph->size = before && before->font == font ? before->size : kw_shaper_size(input, font);
        if (is_joiner(line->codes[at]) || line->codes[at] == FRIBIDI_CHAR_FILL)
            continue;
        glyph->index = kw_font_index(input->drawer, font, line->codes[at]);
        const struct glyph *drawn = glyph->index ? kw_glyph(input->drawer, font, glyph->index, &glyph->size) : NULL;
        if (!drawn)
            return false;
        glyph->advance = drawn->advance_64;
    }
    return true;
}

bool kw_join(const struct kw_shaper_input *input, struct ordered_glyph **glyphs, size_t *count)
{
    struct line line;                   /* filled as far as the text goes: it is large */
    line.input = input;
    if (!take(&line) || !put_in_order(&line))
        return false;
    join_letters(&line);
    *glyphs = kw_arena_array(input->drawer->arena, input->count, sizeof **glyphs);
    *count = 0;
    return *glyphs && find_glyphs(&line, *glyphs, count);
}
