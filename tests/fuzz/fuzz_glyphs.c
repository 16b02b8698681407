/*
 * fuzz_glyphs.c - anything as kept glyphs of a font: what is taken lies within the bytes. The first byte is how many
 * rows the rest is, sealed as the keeper does it; the same without a seal is refused.
 */
#include "text/glyphs.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_one(const struct kw_glyph_row *glyph, const uint8_t *bits)
{
    const size_t stride = (size_t)(glyph->width + 7) / 8;
    for (size_t at = 0; at < kw_glyphs_bits(glyph); at++) {
        bool last = at % stride == stride - 1 && glyph->width % 8;
        if (last && (bits[at] & 0xFF >> glyph->width % 8))
            abort();
    }
}

/* In memory of exactly their size, so that what lies behind it is not read unseen. */
static void look_at(const void *bytes, size_t length, const struct kw_glyphs_font *font)
{
    void *copy = malloc(length);
    struct kw_glyphs glyphs = { 0 };
    if (copy && kw_glyphs_read(memcpy(copy, bytes, length), length, font, &glyphs))
        for (size_t i = 0; i < glyphs.count; i++)
            look_at_one(&glyphs.glyphs[i], glyphs.bits + glyphs.glyphs[i].bits);
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct kw_glyphs_font font = { .path = 1, .bytes = 2, .face = 3 };
    struct kw_arena *arena = kw_arena_new((size_t)4 << 20);
    struct kw_glyphs glyphs;
    struct kw_glyph_row *rows;
    uint8_t *places;
    size_t length, rest = size ? size - 1 : 0;
    size_t most = rest / sizeof *rows, count = size && data[0] <= most ? data[0] : most;
    size_t bits = rest - count * sizeof *rows;
    void *bytes = arena ? kw_glyphs_make(arena, &font, count, bits, &rows, &places, &length) : NULL;
    if (bytes) {
        if (rest)
            memcpy(rows, data + 1, rest);
        if (kw_glyphs_read(bytes, length, &font, &glyphs))
            abort();
        kw_glyphs_seal(bytes, length);
        look_at(bytes, length, &font);
        if (kw_glyphs_read(data, size, &font, &glyphs))
            abort();
    }
    kw_arena_free(arena);
    return 0;
}
