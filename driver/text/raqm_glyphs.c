/* raqm_glyphs.c - how wide glyphs are, and their dots: each once in a job. */
#include "text/raqm_drawer.h"

#include "base/eight.h"

#include FT_ADVANCES_H

#include <string.h>

/* How dark a dot must be to be printed: below half, so that the thin strokes of unhinted outlines stay whole. */
enum { DARK = 105 };

/* Eight pixels to their bits, the first one highest: a byte's highest bit is set where it is dark, then they gather. */
static uint8_t dark_bits(uint64_t pixels)
{
    uint64_t low = KW_EIGHT_TIMES(0x7F), dark = (((pixels & low) + KW_EIGHT_TIMES(0x80 - DARK)) | pixels) & ~low;
    return (uint8_t)((dark >> 7) * 0x8040201008040201u >> 56);
}

/* A row of the rendered glyph as bits; a bold one is struck again to the right of itself, as a printer does. */
static void copy_row(const FT_Bitmap *from, int y, struct kw_bitmap *to, int smear)
{
    const unsigned char *source = from->buffer + y * from->pitch;
    uint8_t *bits = to->bits + (size_t)y * (size_t)to->stride;
    int width = (int)from->width, x = 0;
    if (from->pixel_mode == FT_PIXEL_MODE_MONO)
        memcpy(bits, source, (size_t)(width + 7) / 8);
    else {
        for (; x + KW_EIGHT <= width; x += KW_EIGHT)
            bits[x >> 3] = dark_bits(kw_eight((const char *)source + x));
        for (; x < width; x++)
            bits[x >> 3] |= (uint8_t)((source[x] >= DARK) << (~x & 7));
    }
    for (int again = 0; again < smear; again++)
        for (int i = to->stride - 1; i >= 0; i--)
            bits[i] |= (uint8_t)(bits[i] >> 1 | (i > 0 ? bits[i - 1] << 7 : 0));
}

static bool copy_ink(struct kw_drawer *drawer, struct glyph *glyph, const FT_Bitmap *from)
{
    int width = (int)from->width, rows = (int)from->rows;
    if (width == 0 || rows == 0)
        return true;
    glyph->bitmap = kw_bitmap_new(drawer->own, width + glyph->size.smear, rows);
    for (int y = 0; glyph->bitmap && y < rows; y++)
        copy_row(from, y, glyph->bitmap, glyph->size.smear);
    return glyph->bitmap;
}

bool kw_glyph_draw(struct kw_drawer *drawer, struct glyph *glyph)
{
    if (glyph->is_drawn)                /* or made, and then of no font */
        return true;
    FT_GlyphSlot slot = glyph->font->face->glyph;
    if (!kw_font_activate(glyph->font, &glyph->size) ||
        FT_Load_Glyph(glyph->font->face, glyph->index, kw_size_flags(&glyph->size) | FT_LOAD_RENDER))
        return false;
    glyph->is_drawn = true;
    glyph->font->drawn++;
    glyph->left = slot->bitmap_left;
    glyph->top = slot->bitmap_top;
    if (slot->bitmap.pixel_mode != FT_PIXEL_MODE_MONO && slot->bitmap.pixel_mode != FT_PIXEL_MODE_GRAY)
        return true;
    return copy_ink(drawer, glyph, &slot->bitmap);
}

/*
 * Hinting moves the pen, so a hinted glyph is drawn at once; of any other the font's table of widths says it, and of
 * the space, which has no dots: the font's program for a size costs as much as fifty glyphs.
 */
static bool measure(struct kw_drawer *drawer, struct glyph *glyph)
{
    FT_Face face = glyph->font->face;
    FT_Fixed units;
    bool hinted = !glyph->size.outlined, blank = glyph->index == FT_Get_Char_Index(face, ' ');
    if (hinted && !blank) {
        if (!kw_glyph_draw(drawer, glyph))
            return false;
        glyph->advance_64 = face->glyph->advance.x;
        glyph->advance = (int)((glyph->advance_64 + 32) >> 6);
        return true;
    }
    if (!kw_font_activate(glyph->font, &glyph->size) || FT_Get_Advance(face, glyph->index, FT_LOAD_NO_SCALE, &units))
        return false;
    FT_Fixed scale = face->size->metrics.x_scale;
    glyph->advance = (int)((FT_MulFix(units, scale) + 32) >> 6);
    glyph->advance_64 = hinted ? glyph->advance * 64L : (FT_MulDiv(units, scale, 64) + 512) >> 10;
    glyph->is_drawn = blank;
    return true;
}

struct glyph *kw_glyph(struct kw_drawer *drawer, struct font *font, FT_UInt index, const struct size *size)
{
    for (struct glyph *glyph = *kw_glyph_bucket(drawer, font, index, size); glyph; glyph = glyph->next)
        if (glyph->font == font && glyph->index == index && glyph->size.x == size->x && glyph->size.y == size->y &&
            glyph->size.smear == size->smear && glyph->size.outlined == size->outlined)
            return glyph;
    struct glyph *glyph = kw_arena_alloc(drawer->own, sizeof *glyph);
    if (!glyph)
        return NULL;
    *glyph = (struct glyph){ .font = font, .index = index, .size = *size };
    if (!measure(drawer, glyph))
        return NULL;
    kw_glyph_enter(drawer, glyph);
    return glyph;
}
