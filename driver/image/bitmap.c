/* bitmap.c - drawing into one-bit pictures. */
#include "image/bitmap.h"

#include <string.h>

struct kw_bitmap *kw_bitmap_new(struct kw_arena *arena, int width, int height)
{
    if (width < 0 || height < 0 || width > KW_BITMAP_MAX_WIDTH || height > KW_BITMAP_MAX_HEIGHT)
        return NULL;
    struct kw_bitmap *bitmap = kw_arena_alloc(arena, sizeof *bitmap);
    if (!bitmap)
        return NULL;
    bitmap->width = width;
    bitmap->height = height;
    bitmap->stride = (width + 7) / 8;
    bitmap->bits = kw_arena_array(arena, (size_t)height, (size_t)bitmap->stride);
    return bitmap->bits ? bitmap : NULL;
}

/* Sets the bits [from, to) of a row. */
static void fill_row(uint8_t *row, int from, int to)
{
    int first = from >> 3, last = (to - 1) >> 3;
    uint8_t left = (uint8_t)(0xFF >> (from & 7)), right = (uint8_t)(0xFF << (7 - ((to - 1) & 7)));
    if (first == last) {
        row[first] |= left & right;
        return;
    }
    row[first] |= left;
    memset(row + first + 1, 0xFF, (size_t)(last - first - 1));
    row[last] |= right;
}

void kw_bitmap_fill(struct kw_bitmap *bitmap, int x, int y, int width, int height)
{
    int right = x + width < bitmap->width ? x + width : bitmap->width;
    int bottom = y + height < bitmap->height ? y + height : bitmap->height;
    int left = x > 0 ? x : 0;
    if (left >= right)
        return;
    for (int row = y > 0 ? y : 0; row < bottom; row++)
        fill_row(bitmap->bits + (size_t)row * (size_t)bitmap->stride, left, right);
}

static void blend_bits(struct kw_bitmap *target, const struct kw_bitmap *source, int x, int y, int row)
{
    for (int column = 0; column < source->width; column++)
        if (kw_bitmap_get(source, column, row) && x + column >= 0 && x + column < target->width)
            kw_bitmap_set(target, x + column, y + row);
}

/* A row that lies inside the target: whole bytes are shifted in. */
static void blend_bytes(uint8_t *to, const uint8_t *from, int stride, int shift)
{
    unsigned moving = 0;            /* this byte and the one before it */
    for (int i = 0; i < stride; i++) {
        moving = moving << 8 | from[i];
        to[i] |= (uint8_t)(moving >> shift);
    }
    uint8_t carried = (uint8_t)(moving << (8 - shift));
    if (carried)                    /* else the row may end here */
        to[stride] |= carried;
}

void kw_bitmap_blend(struct kw_bitmap *target, const struct kw_bitmap *source, int x, int y)
{
    const bool inside = x >= 0 && x + source->width <= target->width;
    const int below = target->height - y, end = below < source->height ? below : source->height;
    for (int row = y < 0 ? -y : 0; row < end; row++)
        if (inside)
            blend_bytes(target->bits + (size_t)(y + row) * (size_t)target->stride + (x >> 3),
                        source->bits + (size_t)row * (size_t)source->stride, source->stride, x & 7);
        else
            blend_bits(target, source, x, y, row);
}

bool kw_bitmap_row_blank(const struct kw_bitmap *bitmap, int y)
{
    const uint8_t *row = bitmap->bits + (size_t)y * (size_t)bitmap->stride;
    return bitmap->stride == 0 || (row[0] == 0 && memcmp(row, row + 1, (size_t)bitmap->stride - 1) == 0);
}

void kw_bitmap_blend_grown(const struct kw_bitmap *target, const struct kw_bitmap *source, int x, int y, int wide,
                           int high)
{
    struct kw_bitmap view = *target;
    if (wide == 1 && high == 1) {
        kw_bitmap_blend(&view, source, x, y);
        return;
    }
    for (int row = 0; row < source->height; row++)
        for (int column = 0; column < source->width; column++)
            if (kw_bitmap_get(source, column, row))
                kw_bitmap_fill(&view, x + column * wide, y + row * high, wide, high);
}
