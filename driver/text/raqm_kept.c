/* raqm_kept.c - a font that is opened brings along what was drawn of it before, and leaves what was drawn now. */
#include "text/raqm_drawer.h"

#include "text/glyphs.h"

#include <string.h>

static struct kw_glyphs_font about(const struct kw_drawer *drawer, const struct font *font)
{
    FT_Int major, minor, patch;
    FT_Library_Version(drawer->library, &major, &minor, &patch);
    return (struct kw_glyphs_font){ .path = kw_glyphs_hash(font->path), .bytes = font->file.bytes,
                                  .changed_s = font->file.changed_s, .changed_ns = font->file.changed_ns,
                                  .face = font->face_index, .drawn_by = (major << 8 | minor) << 8 | patch };
}

static void take(struct kw_drawer *drawer, struct font *font, const struct kw_glyphs *kept)
{
    struct glyph *glyphs = kw_arena_array(drawer->own, kept->count, sizeof *glyphs);
    struct kw_bitmap *bitmaps = kw_arena_array(drawer->own, kept->count, sizeof *bitmaps);
    for (size_t i = 0; glyphs && bitmaps && i < kept->count; i++) {
        const struct kw_glyph_row *row = &kept->glyphs[i];
        bitmaps[i] = (struct kw_bitmap){ row->width, row->height, (row->width + 7) / 8,
                                         (uint8_t *)kept->bits + row->bits };
        glyphs[i] = (struct glyph){ .font = font, .index = row->index, .advance = row->advance,
                                    .advance_64 = row->advance_64, .is_drawn = true, .left = row->left,
                                    .top = row->top, .bitmap = kw_glyphs_bits(row) ? &bitmaps[i] : NULL };
        glyphs[i].size = (struct size){ row->x, row->y, row->smear, row->outlined };
        kw_glyph_enter(drawer, &glyphs[i]);
    }
}

void kw_glyphs_recall(struct kw_drawer *drawer, struct font *font)
{
    const struct kw_glyph_shelf *shelf = drawer->options.shelf;
    const struct kw_glyphs_font key = about(drawer, font);
    char name[KW_GLYPHS_NAME_SIZE];
    struct kw_glyphs kept;
    void *bytes;
    size_t length;
    kw_glyphs_name(&key, name);
    if (shelf && shelf->recall(shelf->data, name, drawer->own, &bytes, &length)
        && kw_glyphs_read(bytes, length, &key, &kept))
        take(drawer, font, &kept);
}

/* The drawn glyphs of a font as rows and bits, and how much there is of both; rows NULL: only that. */
static size_t list(const struct kw_drawer *drawer, const struct font *font, struct kw_glyph_row *rows, uint8_t *places,
                   size_t *bits)
{
    size_t count = 0;
    *bits = 0;
    for (size_t i = 0; i < GLYPH_BUCKETS; i++)
        for (const struct glyph *glyph = drawer->glyphs[i]; glyph; glyph = glyph->next) {
            if (glyph->font != font || !glyph->is_drawn)
                continue;
            struct kw_glyph_row row = { glyph->index, (uint32_t)*bits, glyph->size.x, glyph->size.y, glyph->advance,
                                         (int32_t)glyph->advance_64, glyph->left, glyph->top, 0, 0,
                                         (uint8_t)glyph->size.smear, glyph->size.outlined, { 0 } };
            if (glyph->bitmap)
                row.width = (uint16_t)glyph->bitmap->width, row.height = (uint16_t)glyph->bitmap->height;
            if (rows && glyph->bitmap)
                memcpy(places + *bits, glyph->bitmap->bits, kw_glyphs_bits(&row));
            if (rows)
                rows[count] = row;
            *bits += kw_glyphs_bits(&row);
            count++;
        }
    return count;
}

static void keep(struct kw_drawer *drawer, const struct font *font)
{
    const struct kw_glyph_shelf *shelf = drawer->options.shelf;
    const struct kw_glyphs_font key = about(drawer, font);
    char name[KW_GLYPHS_NAME_SIZE];
    struct kw_glyph_row *rows;
    uint8_t *places;
    size_t bits, length, count = list(drawer, font, NULL, NULL, &bits);
    struct kw_arena *arena = kw_arena_new(KW_GLYPHS_CEILING * 2);
    void *bytes = arena ? kw_glyphs_make(arena, &key, count, bits, &rows, &places, &length) : NULL;
    if (bytes) {
        list(drawer, font, rows, places, &bits);
        kw_glyphs_seal(bytes, length);
        kw_glyphs_name(&key, name);
        shelf->keep(shelf->data, name, bytes, length);
    }
    kw_arena_free(arena);
}

void kw_glyphs_keep(struct kw_drawer *drawer)
{
    for (size_t i = 0; drawer->options.shelf && i < drawer->font_count * 2; i++) {
        struct font *font = &drawer->fonts[i];
        if (font->drawn > 0)
            keep(drawer, font);
        font->drawn = 0;
    }
}
