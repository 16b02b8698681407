/* glyph.c - code points to dots: the resident strikes, user-defined characters, and drawing in every style. */
#include "simulator/glyph.h"

#include "base/eight.h"
#include "simulator/fonts/fonts.h"
#include "simulator/users.h"

#include <string.h>

enum { SLANT = 8 /* rows to a dot of italics */ };

extern const uint8_t kw_sim_font_block[];

static const struct kw_font_strike *strike_at(int which)
{
    return &((const struct kw_font_head *)(const void *)kw_sim_font_block)->strikes[which];
}

/* The rows of a glyph in a strike, NULL when it has none. */
static const uint8_t *find_in_strike(const struct kw_font_strike *strike, uint32_t code)
{
    const uint16_t *codes = (const uint16_t *)(const void *)(kw_sim_font_block + strike->codes_at);
    uint32_t low = 0, high = strike->count;
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (codes[middle] < code)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == strike->count || codes[low] != code)
        return NULL;
    return kw_sim_font_block + strike->bits_at + (size_t)low * strike->stride * strike->height;
}

bool kw_sim_glyph_is_wide(uint32_t code)
{
    return code >= 0x1100 && !find_in_strike(strike_at(KW_STRIKE_UNIFONT_8X16), code) &&
           find_in_strike(strike_at(KW_STRIKE_UNIFONT_16X16), code);
}

static uint32_t strike_row(const struct kw_font_strike *strike, const uint8_t *row)
{
    return (uint32_t)row[0] << 24 | (strike->stride > 1 ? (uint32_t)row[1] << 16 : 0);
}

/* Nearest dots: 16 rows become 24 by showing every second one twice. */
static void scale_into(const struct kw_font_strike *strike, const uint8_t *rows, int width, int height,
                       struct kw_sim_dots *glyph)
{
    for (int y = 0; y < height; y++) {
        const size_t nearest = (size_t)y * strike->height / (size_t)height;
        uint32_t from = strike_row(strike, rows + nearest * strike->stride), to = 0;
        for (int x = 0; x < width; x++)
            if (from >> (31 - (uint32_t)x * strike->width / (uint32_t)width) & 1)
                to |= 0x80000000u >> x;
        glyph->rows[y] = to;
    }
}

/* The strike stands in the middle of a larger cell; of a smaller one its edges are lost. */
static void place_into(const struct kw_font_strike *strike, const uint8_t *rows, int width, int height,
                       struct kw_sim_dots *glyph)
{
    int left = (width - (int)strike->width) / 2, top = (height - (int)strike->height) / 2;
    int most = (int)strike->height + top < height ? (int)strike->height + top : height;
    const uint32_t cell = ~(width < 32 ? 0xFFFFFFFFu >> width : 0);
    const uint8_t *row = rows + (top < 0 ? (size_t)-top * strike->stride : 0);
    for (int y = top > 0 ? top : 0; y < most; y++, row += strike->stride)
        glyph->rows[y] = (uint32_t)((uint64_t)strike_row(strike, row) << 32 >> (32 + left)) & cell;
}

/* A character that no strike has: a frame, so that nothing is silently missing. */
static void frame_into(int width, int height, struct kw_sim_dots *glyph)
{
    uint32_t line = (0xFFFFFFFFu << (33 - width)) & 0x7FFFFFFFu;
    for (int y = 3; y < height - 3; y++)
        glyph->rows[y] = y == 3 || y == height - 4 ? line : (0x40000000u | 0x80000000u >> (width - 2));
}

static bool is_space(uint32_t code)
{
    return code == ' ' || code == 0xA0;
}

bool kw_sim_glyph(uint32_t code, int width, int height, struct kw_sim_dots *glyph)
{
    memset(glyph, 0, sizeof *glyph);
    glyph->width = width;
    glyph->height = height;
    if (is_space(code))
        return true;
    const struct kw_font_strike *strike = strike_at(width >= 12 && height >= 22 ? KW_STRIKE_12X24 : KW_STRIKE_8X16);
    const uint8_t *rows = find_in_strike(strike, code);
    if (rows && width < 20) {
        place_into(strike, rows, width, height, glyph);
        return true;
    }
    static const int wide[] = { KW_STRIKE_UNIFONT_8X16, KW_STRIKE_UNIFONT_16X16 };
    for (int i = 0; i < 2; i++) {
        strike = strike_at(wide[i]);
        rows = find_in_strike(strike, code);
        if (rows) {
            scale_into(strike, rows, width, height, glyph);
            return true;
        }
    }
    frame_into(width, height, glyph);
    return false;
}

/* One dot of a glyph, grown, in the printer's turn: upside down within its box, or a quarter turn clockwise. */
static void draw_dot(const struct kw_bitmap *target, const struct kw_sim_item *item, int left, int top, int x, int y)
{
    int wide = item->times_wide, high = item->times_high, from_x = x * wide, from_y = y * high;
    int box_width = item->width, box_height = item->height;
    if (item->style & KW_STYLE_TURNED) {
        from_x = box_width - (y + 1) * high;
        from_y = x * wide;
        wide = item->times_high;
        high = item->times_wide;
    }
    if (item->style & KW_STYLE_UPSIDE_DOWN) {
        from_x = box_width - from_x - wide;
        from_y = box_height - from_y - high;
    }
    struct kw_bitmap view = *target;
    kw_bitmap_fill(&view, left + from_x, top + from_y, wide, high);
}

/* Whole rows at once where nothing is grown or turned: nearly all text. */
static void draw_rows(const struct kw_bitmap *target, const struct kw_sim_dots *glyph, int left, int top)
{
    int first = left >> 3, bytes = ((left & 7) + glyph->width + 7) / 8;
    int from = top < 0 ? -top : 0, end = target->height - top < glyph->height ? target->height - top : glyph->height;
    const uint8_t *behind = target->bits + (size_t)target->height * (size_t)target->stride;
    bytes = bytes < target->stride - first ? bytes : target->stride - first;
    for (int y = from; y < end; y++) {
        uint64_t row = (uint64_t)glyph->rows[y] << 32 >> (left & 7);
        uint8_t *to = target->bits + (size_t)(top + y) * (size_t)target->stride + first;
        if (behind - to >= KW_EIGHT)            /* what is no dot of this row stays as it is */
            kw_eight_set(to, row);
        else
            for (int i = 0; row && i < bytes; i++, row <<= 8)
                to[i] |= (uint8_t)(row >> 56);
    }
}

static void underline(const struct kw_bitmap *target, const struct kw_sim_item *item, int left, int top)
{
    struct kw_bitmap view = *target;
    int thick = item->style & KW_STYLE_UNDERLINE_THICK ? 2 : 1, width = item->advance;
    int row = item->style & KW_STYLE_UPSIDE_DOWN ? 0 : item->height - thick;
    kw_bitmap_fill(&view, left + (item->style & KW_STYLE_UPSIDE_DOWN ? item->width - width : 0), top + row, width,
                   thick);
}

static void invert(const struct kw_bitmap *target, int left, int top, int width, int height)
{
    for (int y = top > 0 ? top : 0; y < top + height && y < target->height; y++)
        for (int x = left > 0 ? left : 0; x < left + width && x < target->width; x++)
            target->bits[(size_t)y * (size_t)target->stride + (size_t)(x >> 3)] ^= (uint8_t)(0x80 >> (x & 7));
}

/* Fills the corners of steps, so that large characters get smooth slopes (GS b). */
static void draw_smooth(const struct kw_bitmap *target, const struct kw_sim_item *item,
                        const struct kw_sim_dots *glyph,
                        int left, int top)
{
    struct kw_bitmap view = *target;
    int wide = item->times_wide, high = item->times_high;
    for (int y = 0; y + 1 < glyph->height; y++) {
        for (int x = 0; x + 1 < glyph->width; x++) {
            bool a = glyph->rows[y] << x >> 31, b = glyph->rows[y] << (x + 1) >> 31;
            bool c = glyph->rows[y + 1] << x >> 31, d = glyph->rows[y + 1] << (x + 1) >> 31;
            int edge_x = left + (x + 1) * wide, edge_y = top + (y + 1) * high;
            for (int i = 0; i < high / 2; i++) {
                int reach = wide / 2 - i * wide / high;
                if (reach <= 0)
                    break;
                if (a && d && !b && !c) {
                    kw_bitmap_fill(&view, edge_x, edge_y - 1 - i, reach, 1);
                    kw_bitmap_fill(&view, edge_x - reach, edge_y + i, reach, 1);
                } else if (b && c && !a && !d) {
                    kw_bitmap_fill(&view, edge_x - reach, edge_y - 1 - i, reach, 1);
                    kw_bitmap_fill(&view, edge_x, edge_y + i, reach, 1);
                }
            }
        }
    }
}

static void draw_glyph(const struct kw_bitmap *target, const struct kw_sim_item *item, const struct kw_sim_dots *glyph,
                       int left, int top)
{
    bool plain = item->times_wide == 1 && item->times_high == 1 &&
        !(item->style & (KW_STYLE_TURNED | KW_STYLE_UPSIDE_DOWN));
    if (plain && left >= 0 && left + glyph->width <= target->width) {
        draw_rows(target, glyph, left, top);
        return;
    }
    for (int y = 0; y < glyph->height; y++)
        for (int x = 0; x < glyph->width && glyph->rows[y] << x; x++)
            if (glyph->rows[y] << x >> 31)
                draw_dot(target, item, left, top, x, y);
    bool straight = !(item->style & (KW_STYLE_TURNED | KW_STYLE_UPSIDE_DOWN));
    if (straight && (item->style & KW_STYLE_SMOOTH) && item->times_wide > 1 && item->times_high > 1)
        draw_smooth(target, item, glyph, left, top);
}

static void draw_image(struct kw_sim *sim, const struct kw_bitmap *target, const struct kw_sim_item *item, int x, int y)
{
    struct kw_bitmap source = { item->width, item->height, (item->width + 7) / 8,
                                sim->parts[KW_PART_ITEM_BITS].data + item->code };
    if (!(item->style & KW_STYLE_UPSIDE_DOWN)) {
        kw_bitmap_blend_grown(target, &source, x, y, 1, 1);
        return;
    }
    for (int row = 0; row < source.height; row++)
        for (int column = 0; column < source.width; column++) {
            int to_x = x + source.width - 1 - column, to_y = y + source.height - 1 - row;
            bool inside = to_x >= 0 && to_x < target->width && to_y >= 0 && to_y < target->height;
            if (inside && kw_bitmap_get(&source, column, row)) {
                struct kw_bitmap view = *target;
                kw_bitmap_set(&view, to_x, to_y);
            }
        }
}

static void draw_letter(struct kw_sim *sim, const struct kw_bitmap *target, const struct kw_sim_item *item, int x,
                        int y)
{
    struct kw_sim_dots glyph;
    if (item->kind != KW_ITEM_USER_GLYPH || !kw_sim_user_glyph(sim, item, &glyph))
        kw_sim_glyph(item->code, item->cell_width, item->cell_height, &glyph);
    if (item->style & KW_STYLE_BOLD)
        for (int row = 0; row < glyph.height; row++)
            glyph.rows[row] |= (glyph.rows[row] >> 1) & ~(0xFFFFFFFFu >> glyph.width);
    if (item->style & KW_STYLE_ITALIC)
        for (int row = 0; row < glyph.height; row++)
            glyph.rows[row] = glyph.rows[row] >> ((glyph.height - row) / SLANT) & ~(0xFFFFFFFFu >> glyph.width);
    draw_glyph(target, item, &glyph, x, y);
}

void kw_sim_draw_item(struct kw_sim *sim, const struct kw_bitmap *target, const struct kw_sim_item *item, int x, int y)
{
    if (item->kind == KW_ITEM_IMAGE) {
        draw_image(sim, target, item, x, y);
        return;
    }
    if (item->kind == KW_ITEM_USER_GLYPH || !is_space(item->code))
        draw_letter(sim, target, item, x, y);
    if ((item->style & (KW_STYLE_UNDERLINE | KW_STYLE_UNDERLINE_THICK)) &&
        !(item->style & (KW_STYLE_TURNED | KW_STYLE_REVERSE)))
        underline(target, item, x, y);
    if (item->style & KW_STYLE_REVERSE)
        invert(target, x, y, item->style & KW_STYLE_TURNED ? item->width : item->advance, item->height);
}
