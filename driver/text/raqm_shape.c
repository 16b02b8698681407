/* raqm_shape.c - a stretch to placed glyphs: straight onto the grid, or in the order and forms of its script. */
#include "text/raqm_drawer.h"

#include <string.h>

enum { PDF = 0x202C, LRO = 0x202D, LRI = 0x2066, PDI = 0x2069, NO_UNIT = -1 };

struct shaping {
    struct kw_drawer *drawer;
    struct kw_stretch *stretch;
    struct shaped *shaped;
    uint16_t *fonts;                /* of each code point */
    size_t capacity;
    long least_space;               /* in 64ths: at this size the space of book fonts is too narrow */
};

static int no_memory(struct kw_error *error)
{
    return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while drawing text");
}

static int broken(const struct font *font, struct kw_error *error)
{
    return kw_fail(error, KWIT_E_IO, font->path, "the font %s cannot be drawn with; install it again", font->path);
}

static int place(struct shaping *shaping, struct glyph *glyph, int x, int y, struct kw_error *error)
{
    struct shaped *shaped = shaping->shaped;
    struct placed_glyph *glyphs = kw_arena_grow(shaping->drawer->arena, shaped->glyphs, shaped->count,
                                                &shaping->capacity, sizeof *glyphs);
    if (!glyphs)
        return no_memory(error);
    shaped->glyphs = glyphs;
    glyphs[shaped->count++] = (struct placed_glyph){ glyph, x, y };
    return 0;
}

static int add_glyph(struct shaping *shaping, struct font *font, FT_UInt index, const struct size *size, int x, int y,
                     struct kw_error *error)
{
    struct glyph *glyph = kw_glyph(shaping->drawer, font, index, size);
    return glyph ? place(shaping, glyph, x, y, error) : broken(font, error);
}

/* ---- on the grid ------------------------------------------------------------------------------------------- */

static bool is_plain(const struct kw_stretch *stretch)
{
    if (stretch->rtl)
        return false;
    for (size_t i = 0; i < stretch->count; i++) {
        const struct kw_unit *unit = &stretch->units[i];
        if (unit->kind == KW_UNIT_SHAPED || (unit->codes > 1 && unit->codes != unit->cells))
            return false;
    }
    return true;
}

/* The size at which a glyph fits its cells: fonts that know no grid are narrowed. */
static struct size fitting(struct kw_drawer *drawer, struct font *font, FT_UInt index, const struct kw_style *style,
                           int room)
{
    struct size size = kw_font_size(drawer, font, style);
    const struct glyph *glyph = kw_glyph(drawer, font, index, &size);
    if (glyph && glyph->advance > room && font != &drawer->fonts[drawer->configured])
        size.x = size.x * room / glyph->advance;
    return size;
}

static int set_in_cells(struct shaping *shaping, size_t code, int x, int room, struct kw_error *error)
{
    struct kw_drawer *drawer = shaping->drawer;
    struct font *font = &drawer->fonts[shaping->fonts[code]];
    FT_UInt index = kw_font_index(drawer, font, shaping->stretch->codes[code]);
    struct size size = fitting(drawer, font, index, &shaping->stretch->style, room);
    const struct glyph *glyph = kw_glyph(drawer, font, index, &size);
    int centre = glyph ? (room - glyph->advance) / 2 : 0;
    return add_glyph(shaping, font, index, &size, x + (centre > 0 ? centre : 0), 0, error);
}

static int shape_plain(struct shaping *shaping, struct kw_error *error)
{
    struct kw_stretch *stretch = shaping->stretch;
    int x = 0;
    for (size_t i = 0; i < stretch->count; i++) {
        const struct kw_unit *unit = &stretch->units[i];
        for (size_t k = 0; unit->kind != KW_UNIT_HIDDEN && k < unit->codes; k++) {
            int room = unit->width_dots / unit->codes;
            bool blank = stretch->codes[unit->code + k] == ' ';
            int code = blank ? 0 : set_in_cells(shaping, unit->code + k, x, room, error);
            if (code < 0)
                return code;
            x += room;
        }
    }
    shaping->shaped->width = x;
    return 0;
}

/* ---- in order ---------------------------------------------------------------------------------------------- */

static bool is_digit(uint32_t code)
{
    return (code >= '0' && code <= '9') || (code >= 0x0660 && code <= 0x0669) || (code >= 0x06F0 && code <= 0x06F9);
}

static bool is_rtl_letter(uint32_t code)
{
    return ((code >= 0x0590 && code <= 0x08FF) || (code >= 0xFB1D && code <= 0xFEFC) ||
            (code >= 0x10800 && code <= 0x10FFF) || (code >= 0x1E800 && code <= 0x1EFFF)) &&
           !is_digit(code) && code != 0x066A && code != 0x066B && code != 0x066C;
}

/* Letters of scripts that run from left to right, near enough: signs and marks between the blocks do not matter. */
static bool is_ltr_letter(uint32_t code)
{
    if (code < 0x80)
        return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
    return ((code >= 0x00C0 && code < 0x2000 && code != 0xD7 && code != 0xF7) || (code >= 0x3040 && code < 0xD800)) &&
           !is_rtl_letter(code) && !is_digit(code);
}

static uint32_t unit_code(const struct kw_stretch *stretch, size_t unit)
{
    return stretch->units[unit].codes ? stretch->codes[stretch->units[unit].code] : 0;
}

static bool is_one_of(uint32_t code, const char *signs)
{
    return code && code < 0x80 && strchr(signs, (int)code);
}

/* Punctuation that belongs to the sentence and not to the number at its side. */
static bool is_sentence(uint32_t code)
{
    return code == 0x060C || code == 0x061B || code == 0x061F || code == 0xAB || code == 0xBB || code == 0xB7 ||
           code == 0x2026 || is_one_of(code, "()[]{}.,:;!?\"'");
}

/* What stands between two spaces. */
struct token {
    size_t end;
    bool digits, ltr, rtl;
};

/* Before a space that does not break and a unit in letters that run the other way: a minus stays with its amount. */
static bool ends_amount(const struct kw_stretch *stretch, const struct token *token)
{
    return unit_code(stretch, token->end) == ' ' && token->digits && !token->rtl && token->end + 1 < stretch->count
        && is_rtl_letter(unit_code(stretch, token->end + 1));
}

static struct token token_at(const struct kw_stretch *stretch, size_t from)
{
    struct token token = { .end = from };
    for (; token.end < stretch->count && !stretch->units[token.end].spaced; token.end++) {
        uint32_t code = unit_code(stretch, token.end);
        if (ends_amount(stretch, &token))
            break;
        token.digits |= is_digit(code);
        token.ltr |= is_ltr_letter(code);
        token.rtl |= is_rtl_letter(code);
    }
    return token;
}

static bool is_number(const struct token *token)
{
    return token->digits && !token->rtl;
}

static size_t without_sentence(const struct kw_stretch *stretch, size_t from, size_t end)
{
    while (end > from && (is_sentence(unit_code(stretch, end - 1)) || unit_code(stretch, end - 1) == ' '))
        end--;                      /* a space that does not break holds a dot to the number in front of it */
    return end;
}

/* Digits and what stands among those that are dialled; 0 where anything else does. */
static size_t digits_of_group(const struct kw_stretch *stretch, size_t from, size_t end)
{
    size_t digits = 0;
    for (; from < end; from++) {
        uint32_t code = unit_code(stretch, from);
        if (!is_digit(code) && !is_one_of(code, "()-"))
            return 0;
        digits += is_digit(code);
    }
    return digits;
}

/* "021 8877 6655": groups with as many digits as are dialled are one number; "size 4, 36 pieces" are two. */
static size_t dialled_end(const struct kw_stretch *stretch, size_t from)
{
    enum { LEAST_DIGITS = 7 };
    size_t digits = 0, end = from, to;
    for (size_t at = from; at < stretch->count; at = end == to ? to + 1 : stretch->count) {
        to = token_at(stretch, at).end;
        size_t last = to, more = digits_of_group(stretch, at, to);
        if (!more) {
            last = without_sentence(stretch, at, to);
            more = digits_of_group(stretch, at, last);
        }
        if (!more)
            break;
        digits += more;
        end = last;
    }
    return digits >= LEAST_DIGITS ? end : from;
}

/* A number with what follows it: a phone number or an amount may be several tokens. */
static size_t number_end(const struct kw_stretch *stretch, size_t from, size_t end)
{
    bool joined = stretch->isolate || unit_code(stretch, from) == '+';
    while (joined && end + 1 < stretch->count && stretch->units[end].spaced) {
        struct token next = token_at(stretch, end + 1);
        if (!is_number(&next))
            break;
        end = next.end;
    }
    size_t dialled = joined ? end : dialled_end(stretch, from);
    return without_sentence(stretch, from, dialled > end ? dialled : end);
}

/* An isolate never parts a pair of brackets: it ends before one whose other half lies outside. */
static size_t whole_pairs(const struct kw_stretch *stretch, size_t from, size_t end)
{
    size_t opened = end;
    int depth = 0;
    for (size_t i = from; i < end; i++) {
        uint32_t code = unit_code(stretch, i);
        bool opens = is_one_of(code, "([{"), closes = is_one_of(code, ")]}");
        if (closes && depth == 0)
            return i;
        if (opens && depth == 0)
            opened = i;
        depth += opens - closes;
    }
    return depth ? opened : end;
}

/* Behind the signs of the sentence; what opens in front of a number and closes in it, "(021) 8877 6655", is its own. */
static size_t behind_signs(const struct kw_stretch *stretch, size_t at, size_t end)
{
    size_t start = at;
    while (start < end && is_sentence(unit_code(stretch, start)))
        start++;
    if (start == at || start == end || !is_one_of(unit_code(stretch, start - 1), "("))
        return start;
    struct token token = token_at(stretch, start);
    size_t last = is_number(&token) ? number_end(stretch, start, token.end) : start;
    size_t pairs = whole_pairs(stretch, start, last);
    return start - (pairs < last && is_one_of(unit_code(stretch, pairs), ")"));
}

/* Without what belongs to the sentence around it; brackets come in pairs here. */
static size_t without_ends(const struct kw_stretch *stretch, size_t from, size_t end)
{
    while (end > from) {
        uint32_t last = unit_code(stretch, end - 1);
        bool part = stretch->units[end - 1].spaced || (is_sentence(last) && !is_one_of(last, ")]}"));
        if (!part)
            break;
        end--;
    }
    return end;
}

/*
 * The end of foreign words with numbers among them, "Cola Zero 1.5 l": isolated one by one, the numbers would change
 * places with the words. So would the last sign of an address that goes on below. `from` where there is no such thing.
 */
static size_t phrase_end(const struct kw_stretch *stretch, size_t from)
{
    struct token token = token_at(stretch, from);
    size_t end = token.end, last = token.end;
    bool broken = end == stretch->count && end > from && is_one_of(unit_code(stretch, end - 1), "/-@_");
    bool numbers = token.digits || broken;
    if (!stretch->rtl || !token.ltr || token.rtl)
        return from;
    while (last + 1 < stretch->count && stretch->units[last].spaced) {
        token = token_at(stretch, last + 1);
        if (token.rtl || token.end == last + 1)
            break;
        last = token.end;
        numbers |= token.digits;
        if (token.digits || token.ltr)
            end = last;
    }
    return numbers ? without_ends(stretch, from, whole_pairs(stretch, from, end)) : from;
}

static void put(struct kw_shaper_input *input, uint32_t code, int unit, uint16_t font)
{
    input->codes[input->count] = code;
    input->units[input->count] = unit;
    input->fonts[input->count++] = font;
}

static void put_units(struct shaping *shaping, struct kw_shaper_input *input, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        const struct kw_unit *unit = &shaping->stretch->units[i];
        for (size_t k = 0; k < unit->codes; k++)
            put(input, shaping->stretch->codes[unit->code + k], (int)i, shaping->fonts[unit->code + k]);
    }
}

/* Whatever its digits and signs are to the algorithm: from left to right, and nothing to what surrounds it. */
static void put_number(struct shaping *shaping, struct kw_shaper_input *input, size_t from, size_t to)
{
    uint16_t font = shaping->fonts[shaping->stretch->units[from].code];
    put(input, LRI, NO_UNIT, font);
    put(input, LRO, NO_UNIT, font);
    put_units(shaping, input, from, to);
    put(input, PDF, NO_UNIT, font);
    put(input, PDI, NO_UNIT, font);
}

/* One token, or a space, before `to`; returns its end. */
static size_t put_token(struct shaping *shaping, struct kw_shaper_input *input, size_t at, size_t to)
{
    const struct kw_stretch *stretch = shaping->stretch;
    struct token token = token_at(stretch, at);
    size_t start = behind_signs(stretch, at, token.end < to ? token.end : to);
    if (!is_number(&token) || start == to) {
        size_t end = token.end == at ? at + 1 : token.end;
        end = end < to ? end : to;
        put_units(shaping, input, at, end);
        return end;
    }
    size_t end = number_end(stretch, start, token.end);
    end = end < to ? end : to;
    put_units(shaping, input, at, start);
    put_number(shaping, input, start, end);
    return end;
}

static void put_phrase(struct shaping *shaping, struct kw_shaper_input *input, size_t from, size_t to)
{
    if (from == to)
        return;
    uint16_t font = shaping->fonts[shaping->stretch->units[from].code];
    put(input, LRI, NO_UNIT, font);
    for (size_t at = from; at < to;)
        at = put_token(shaping, input, at, to);
    put(input, PDI, NO_UNIT, font);
}

static bool fill_input(struct shaping *shaping, struct kw_shaper_input *input)
{
    const struct kw_stretch *stretch = shaping->stretch;
    struct kw_arena *arena = shaping->drawer->arena;
    size_t most = stretch->code_count + 4 * stretch->count + 4;
    input->codes = kw_arena_array(arena, most, sizeof *input->codes);
    input->units = kw_arena_array(arena, most, sizeof *input->units);
    input->fonts = kw_arena_array(arena, most, sizeof *input->fonts);
    if (!input->codes || !input->units || !input->fonts)
        return false;
    if (stretch->natural) {
        put_units(shaping, input, 0, stretch->count);
        return true;
    }
    for (size_t at = 0; at < stretch->count;) {
        size_t start = behind_signs(stretch, at, stretch->count);
        size_t end = phrase_end(stretch, start);
        put_units(shaping, input, at, start);
        put_phrase(shaping, input, start, end);
        at = end > start ? end : put_token(shaping, input, start, stretch->count);
    }
    return true;
}

bool kw_shape_order(struct kw_drawer *drawer, const struct kw_stretch *stretch, const uint32_t **codes, size_t *count)
{
    enum { LRM = 0x200E, RLM = 0x200F };
    struct kw_stretch copy = *stretch;
    struct shaping shaping = { .drawer = drawer, .stretch = &copy,
                               .fonts = kw_arena_array(drawer->arena, stretch->code_count, sizeof *shaping.fonts) };
    struct kw_shaper_input input = { .drawer = drawer };
    uint32_t *all = kw_arena_array(drawer->arena, stretch->code_count + 4 * stretch->count + 5, sizeof *all);
    if (!shaping.fonts || !all || !fill_input(&shaping, &input))
        return false;
    all[0] = stretch->rtl ? RLM : LRM;
    memcpy(all + 1, input.codes, input.count * sizeof *all);
    *codes = all;
    *count = input.count + 1;
    return true;
}

enum { REGIONAL_A = 0x1F1E6, REGIONAL_Z = 0x1F1FF };

static bool is_flag(const struct kw_stretch *stretch, const struct kw_unit *unit)
{
    const uint32_t *codes = stretch->codes + unit->code;
    return unit->codes == 2 && codes[0] >= REGIONAL_A && codes[0] <= REGIONAL_Z && codes[1] >= REGIONAL_A
        && codes[1] <= REGIONAL_Z;
}

/* As wide as the unit but for a dot at each side, around the height of a capital. */
static struct glyph *make_frame(const struct shaping *shaping, int width)
{
    int height = shaping->shaped->cell_height * 3 / 4;
    struct glyph *frame = kw_arena_alloc(shaping->drawer->arena, sizeof *frame);
    struct kw_bitmap *bitmap = frame ? kw_bitmap_new(shaping->drawer->arena, width - 2, height) : NULL;
    if (!bitmap)
        return NULL;
    for (int x = 0; x < bitmap->width; x++)
        for (int y = 0; y < height; y++)
            if (x == 0 || y == 0 || x == bitmap->width - 1 || y == height - 1)
                kw_bitmap_set(bitmap, x, y);
    *frame = (struct glyph){ .is_drawn = true, .left = 1, .top = shaping->shaped->baseline - height / 6,
                             .bitmap = bitmap };
    return frame;
}

/* A country's flag in black and white: its two letters in one frame. */
static int set_flag(struct shaping *shaping, const struct kw_unit *unit, int x, struct kw_error *error)
{
    struct kw_drawer *drawer = shaping->drawer;
    struct font *letters = &drawer->fonts[drawer->configured];
    struct kw_style small = shaping->stretch->style;
    small.font = KW_FONT_B;
    struct size size = kw_font_size(drawer, letters, &small);
    struct glyph *frame = make_frame(shaping, unit->width_dots);
    if (!frame)
        return no_memory(error);
    int code = place(shaping, frame, x, 0, error), middle = frame->top - frame->bitmap->height / 2;
    for (size_t i = 0; code == 0 && i < 2; i++) {
        uint32_t capital = 'A' + shaping->stretch->codes[unit->code + i] - REGIONAL_A;
        FT_UInt index = kw_font_index(drawer, letters, capital);
        struct glyph *letter = kw_glyph(drawer, letters, index, &size);
        bool inked = letter && kw_glyph_draw(drawer, letter) && letter->bitmap;
        int half = inked ? letter->top - letter->bitmap->height / 2 : middle;
        int left = x + unit->width_dots / 2 + (i ? 0 : letter ? -letter->advance : 0);
        code = add_glyph(shaping, letters, index, &size, left, half - middle, error);
    }
    return code;
}

/* Glyphs of one unit stand together; on the grid they are centred in its cells, else the pen goes on. */
static int place_unit(struct shaping *shaping, const struct kw_shaper_input *input, const struct ordered_glyph *glyphs,
                      size_t count, long *pen, struct kw_error *error)
{
    int number = input->units[glyphs[0].cluster];
    struct kw_unit *unit = number == NO_UNIT ? NULL : &shaping->stretch->units[number];
    bool on_grid = unit && unit->kind != KW_UNIT_SHAPED && unit->kind != KW_UNIT_HIDDEN;
    long advance = 0, start = *pen, before = *pen;
    for (size_t i = 0; i < count; i++)
        advance += glyphs[i].advance;
    if (unit && unit->kind == KW_UNIT_SHAPED && unit->spaced && advance < shaping->least_space)
        advance = shaping->least_space;
    long room = unit ? (long)unit->width_dots * 64 : 0, narrowed = on_grid && advance > room ? advance : 0;
    if (on_grid && room > advance)
        start += (room - advance) / 2;
    bool flag = on_grid && is_flag(shaping->stretch, unit);
    int failed = flag ? set_flag(shaping, unit, (int)((before + 32) >> 6), error) : 0;
    if (failed < 0)
        return failed;
    for (size_t i = 0; unit && unit->kind != KW_UNIT_HIDDEN && !flag && i < count; i++) {
        struct size size = glyphs[i].size;
        if (narrowed)
            size.x = (int)(size.x * room / narrowed);
        int x = (int)((start + glyphs[i].x_offset + 32) >> 6), y = -(int)((glyphs[i].y_offset + 32) >> 6);
        int code = glyphs[i].index ? add_glyph(shaping, glyphs[i].font, glyphs[i].index, &size, x, y, error) : 0;
        if (code < 0)
            return code;
        start += narrowed ? glyphs[i].advance * room / narrowed : glyphs[i].advance;
    }
    if (on_grid)
        *pen = ((before + 32) >> 6) * 64 + (long)unit->width_dots * 64;
    else if (unit && unit->kind == KW_UNIT_SHAPED) {
        *pen += advance;
        unit->width_dots += (int)(((*pen + 32) >> 6) - ((before + 32) >> 6));
    }
    return 0;
}

static int place_glyphs(struct shaping *shaping, const struct kw_shaper_input *input,
                        const struct ordered_glyph *glyphs, size_t count, struct kw_error *error)
{
    long pen = 0;
    for (size_t i = 0; i < shaping->stretch->count; i++)
        if (shaping->stretch->units[i].kind == KW_UNIT_SHAPED)
            shaping->stretch->units[i].width_dots = 0;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && input->units[glyphs[to].cluster] == input->units[glyphs[from].cluster];)
            to++;
        int code = place_unit(shaping, input, glyphs + from, to - from, &pen, error);
        if (code < 0)
            return code;
    }
    shaping->shaped->width = (int)((pen + 32) >> 6);
    return 0;
}

/* Letters that only join and turn are set without the shaper's tables, which cost more than all the rest. */
static int shape_complex(struct shaping *shaping, struct kw_error *error)
{
    struct kw_shaper_input input = { .drawer = shaping->drawer, .rtl = shaping->stretch->rtl,
                                     .style = &shaping->stretch->style };
    struct ordered_glyph *glyphs = NULL;
    size_t count = 0;
    if (!fill_input(shaping, &input))
        return no_memory(error);
    for (size_t i = 0; i < input.count; i++)
        input.outlined |= input.drawer->fonts[input.fonts[i]].rendering == RENDERING_PLAIN;
    int code = kw_join(&input, &glyphs, &count) ? 0 : kw_raqm(&input, &glyphs, &count, error);
    return code < 0 ? code : place_glyphs(shaping, &input, glyphs, count, error);
}

/* A font for every code point. Spaces and punctuation among shaped letters follow those. */
static bool choose_fonts(struct shaping *shaping)
{
    struct kw_drawer *drawer = shaping->drawer;
    const struct kw_stretch *stretch = shaping->stretch;
    int letters = -1;
    shaping->fonts = kw_arena_array(drawer->arena, stretch->code_count, sizeof *shaping->fonts);
    if (!shaping->fonts)
        return false;
    for (size_t i = 0; i < stretch->count; i++) {
        const struct kw_unit *unit = &stretch->units[i];
        const uint32_t *codes = stretch->codes + unit->code;
        bool shaped = unit->kind == KW_UNIT_SHAPED, common = shaped && unit->codes == 1 && codes[0] < 0x0300;
        if (shaped && !common && unit->codes)
            letters = kw_fonts_choose(drawer, codes[0], true);
        uint16_t *fonts = shaping->fonts + unit->code;
        if (common && letters >= 0 && kw_font_index(drawer, &drawer->fonts[letters], codes[0]))
            fonts[0] = (uint16_t)letters;
        else if (unit->codes)
            kw_fonts_choose_all(drawer, codes, unit->codes, shaped, fonts);
        for (size_t k = 0; stretch->style.bold && k < unit->codes; k++)
            fonts[k] = kw_font_bold(drawer, fonts[k], codes[k]);
    }
    return true;
}

struct shaped *kw_shape(struct kw_drawer *drawer, struct kw_stretch *stretch, struct kw_error *error)
{
    size_t bucket = ((uintptr_t)stretch->units >> 4) % SHAPED_BUCKETS;
    for (struct shaped *shaped = drawer->shaped[bucket]; shaped; shaped = shaped->next)
        if (shaped->units == stretch->units)
            return shaped;
    struct shaped *shaped = kw_arena_alloc(drawer->arena, sizeof *shaped);
    struct shaping shaping = { .drawer = drawer, .stretch = stretch, .shaped = shaped };
    if (!shaped || !choose_fonts(&shaping)) {
        no_memory(error);
        return NULL;
    }
    int b = stretch->style.font == KW_FONT_B, wide = stretch->style.width > 1 ? stretch->style.width : 1;
    shaping.least_space = (long)drawer->options.cell_width[b] * wide * 64 * 2 / 3;
    *shaped = (struct shaped){ .next = drawer->shaped[bucket], .units = stretch->units };
    shaped->cell_height = drawer->options.cell_height[b] * (stretch->style.height > 1 ? stretch->style.height : 1);
    shaped->baseline = (shaped->cell_height * 79 + 50) / 100;
    int code = is_plain(stretch) ? shape_plain(&shaping, error) : shape_complex(&shaping, error);
    if (code < 0)
        return NULL;
    drawer->shaped[bucket] = shaped;
    return shaped;
}

const struct shaped *kw_shape_drawn(struct kw_drawer *drawer, struct kw_stretch *stretch, struct kw_error *error)
{
    struct shaped *shaped = kw_shape(drawer, stretch, error);
    for (size_t i = 0; shaped && !shaped->is_drawn && i < shaped->count; i++) {
        struct glyph *glyph = shaped->glyphs[i].glyph;
        if (!kw_glyph_draw(drawer, glyph)) {
            broken(glyph->font, error);
            return NULL;
        }
        if (!glyph->bitmap)
            continue;
        int top = glyph->top - shaped->glyphs[i].y, above = top - shaped->baseline,
            below = glyph->bitmap->height - top + shaped->baseline - shaped->cell_height;
        shaped->above = above > shaped->above ? above : shaped->above;
        shaped->below = below > shaped->below ? below : shaped->below;
    }
    if (shaped)
        shaped->is_drawn = true;
    return shaped;
}
