/* raqm_glyphs.c - glyphs to dots, each once in a job. */
#include "text/raqm_drawer.h"

#include <string.h>

/* How dark a dot must be to be printed: below half, so that the thin strokes of unhinted outlines stay whole. */
enum { DARK = 105 };

static bool ink(const FT_Bitmap *bitmap, int x, int y)
{
    const unsigned char *row = bitmap->buffer + y * bitmap->pitch;
    return bitmap->pixel_mode == FT_PIXEL_MODE_MONO ? row[x >> 3] >> (7 - (x & 7)) & 1 : row[x] >= DARK;
}

/* Copies the ink; a bold glyph is struck again to the right of itself, as a printer does. */
static bool copy_ink(struct kw_drawer *drawer, struct glyph *glyph, const FT_Bitmap *from)
{
    int width = (int)from->width, rows = (int)from->rows;
    if (width == 0 || rows == 0)
        return true;
    glyph->bitmap = kw_bitmap_new(drawer->arena, width + glyph->size.smear, rows);
    if (!glyph->bitmap)
        return false;
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < width; x++)
            for (int again = 0; ink(from, x, y) && again <= glyph->size.smear; again++)
                kw_bitmap_set(glyph->bitmap, x + again, y);
    return true;
}

static bool render(struct kw_drawer *drawer, struct font *font, struct glyph *glyph)
{
    if (!kw_font_activate(font, &glyph->size) ||
        FT_Load_Glyph(font->face, glyph->index, kw_font_flags(font) | FT_LOAD_RENDER))
        return false;
    FT_GlyphSlot slot = font->face->glyph;
    glyph->left = slot->bitmap_left;
    glyph->top = slot->bitmap_top;
    glyph->advance = (int)((slot->advance.x + 32) >> 6);
    glyph->advance_64 = font->rendering == RENDERING_HINTED ? slot->advance.x : (slot->linearHoriAdvance + 512) >> 10;
    if (slot->bitmap.pixel_mode != FT_PIXEL_MODE_MONO && slot->bitmap.pixel_mode != FT_PIXEL_MODE_GRAY)
        return true;
    return copy_ink(drawer, glyph, &slot->bitmap);
}

const struct glyph *kw_glyph(struct kw_drawer *drawer, struct font *font, FT_UInt index, const struct size *size)
{
    size_t bucket = ((size_t)(font - drawer->fonts) * 31 + index * 7 + (size_t)size->x * 3 + (size_t)size->smear) %
                    GLYPH_BUCKETS;
    for (struct glyph *glyph = drawer->glyphs[bucket]; glyph; glyph = glyph->next)
        if (glyph->font == font && glyph->index == index && glyph->size.x == size->x && glyph->size.y == size->y &&
            glyph->size.smear == size->smear)
            return glyph;
    struct glyph *glyph = kw_arena_alloc(drawer->arena, sizeof *glyph);
    if (!glyph)
        return NULL;
    *glyph = (struct glyph){ .next = drawer->glyphs[bucket], .font = font, .index = index, .size = *size };
    if (!render(drawer, font, glyph))
        return NULL;
    drawer->glyphs[bucket] = glyph;
    return glyph;
}
