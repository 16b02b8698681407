/*
 * glyphs.h - drawn glyphs of one font as bytes, for a process to come.
 *
 * They are of this machine, and of no use to another. What was drawn of another file, by another FreeType or another
 * kwit, or is not whole is not taken: the glyph is drawn.
 */
#ifndef KW_TEXT_GLYPHS_H
#define KW_TEXT_GLYPHS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

enum { KW_GLYPHS_NAME_SIZE = 32, KW_GLYPHS_CEILING = 256 * 1024 };

/* The font's file as it was, and who draws. */
struct kw_glyphs_font {
    uint64_t path;                  /* hash of it */
    int64_t bytes, changed_s, changed_ns;
    int32_t face, drawn_by;
};

struct kw_glyph_row {
    uint32_t index, bits;           /* bits: where those of its bitmap begin */
    int32_t x, y, advance, advance_64, left, top;
    uint16_t width, height;         /* 0: no ink */
    uint8_t smear, outlined, unused[2];
};

struct kw_glyphs {
    const struct kw_glyph_row *glyphs;
    size_t count;
    const uint8_t *bits;
};

void kw_glyphs_name(const struct kw_glyphs_font *font, char name[KW_GLYPHS_NAME_SIZE]);
uint64_t kw_glyphs_hash(const char *path);
size_t kw_glyphs_bits(const struct kw_glyph_row *glyph);     /* bytes of its bitmap */

/* False: they are not of this font, or damaged. The glyphs stay where the bytes are. */
bool kw_glyphs_read(const void *bytes, size_t length, const struct kw_glyphs_font *font, struct kw_glyphs *kept);

/* Bytes for so many glyphs with so many bytes of bits, both to be filled in; NULL: no memory, or more than is kept. */
void *kw_glyphs_make(struct kw_arena *arena, const struct kw_glyphs_font *font, size_t count, size_t bits,
                   struct kw_glyph_row **glyphs, uint8_t **places, size_t *length);
/* When they are filled. */
void kw_glyphs_seal(void *bytes, size_t length);

#endif
