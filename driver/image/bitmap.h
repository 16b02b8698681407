/* bitmap.h - one-bit pictures: rows of bytes, most significant bit left, 1 is black. */
#ifndef KW_IMAGE_BITMAP_H
#define KW_IMAGE_BITMAP_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>
#include <stdint.h>

struct kw_bitmap {
    int width, height;             /* dots */
    int stride;                    /* bytes from row to row, (width + 7) / 8 */
    uint8_t *bits;                 /* bits behind width are 0 */
};

enum { KW_BITMAP_MAX_WIDTH = 4096, KW_BITMAP_MAX_HEIGHT = 65535 };

/* White, in the arena; NULL without memory or beyond the limits. */
struct kw_bitmap *kw_bitmap_new(struct kw_arena *arena, int width, int height);

static inline bool kw_bitmap_get(const struct kw_bitmap *bitmap, int x, int y)
{
    return bitmap->bits[(size_t)y * (size_t)bitmap->stride + (size_t)(x >> 3)] >> (7 - (x & 7)) & 1;
}

static inline void kw_bitmap_set(struct kw_bitmap *bitmap, int x, int y)
{
    bitmap->bits[(size_t)y * (size_t)bitmap->stride + (size_t)(x >> 3)] |= (uint8_t)(0x80 >> (x & 7));
}

/* Black rectangle, clipped. */
void kw_bitmap_fill(struct kw_bitmap *bitmap, int x, int y, int width, int height);
/* Ors source onto target with its top left at (x, y), clipped. */
void kw_bitmap_blend(struct kw_bitmap *target, const struct kw_bitmap *source, int x, int y);
/* The same with each dot so many times as wide and as high. */
void kw_bitmap_blend_grown(const struct kw_bitmap *target, const struct kw_bitmap *source, int x, int y, int wide,
                           int high);
bool kw_bitmap_row_blank(const struct kw_bitmap *bitmap, int y);

#endif
