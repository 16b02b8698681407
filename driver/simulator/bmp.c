/* bmp.c - reads bitmap files to dots: what is darker than the middle is black. */
#include "simulator/bmp.h"

enum { HEADER = 54, FILE_HEADER = 14, SIDE_MOST = 65535, COLOUR = 4 };

static uint32_t number(const uint8_t *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static bool read_sides(const uint8_t *bytes, struct kw_sim_bmp *bmp)
{
    uint32_t width = number(bytes + 18), height = number(bytes + 22);
    bmp->top_down = height >> 31;
    height = bmp->top_down ? 0 - height : height;
    bmp->width = (int)(width & SIDE_MOST);
    bmp->height = (int)(height & SIDE_MOST);
    bmp->depth = bytes[28] | bytes[29] << 8;
    return width >= 1 && width <= SIDE_MOST && height >= 1 && height <= SIDE_MOST &&
           (bmp->depth == 1 || bmp->depth == 4 || bmp->depth == 8 || bmp->depth == 24);
}

bool kw_sim_read_bmp(const uint8_t *bytes, size_t length, struct kw_sim_bmp *bmp)
{
    if (length < HEADER || bytes[0] != 'B' || bytes[1] != 'M' || number(bytes + 30) != 0 || !read_sides(bytes, bmp))
        return false;
    uint64_t dots = number(bytes + 10), palette = FILE_HEADER + (uint64_t)number(bytes + FILE_HEADER);
    bmp->stride = ((size_t)bmp->width * (size_t)bmp->depth + 31) / 32 * 4;
    if (palette > dots || dots > length || length - dots < bmp->stride * (uint64_t)bmp->height)
        return false;
    bmp->palette = bytes + palette;
    bmp->colours = (size_t)(dots - palette) / COLOUR;
    bmp->dots = bytes + dots;
    return true;
}

static bool is_dark(const struct kw_sim_bmp *bmp, const uint8_t *row, int x)
{
    const uint8_t *colour = row + (size_t)x * 3;
    if (bmp->depth < 24) {
        int in_a_byte = 8 / bmp->depth, shift = 8 - bmp->depth * (x % in_a_byte + 1);
        size_t index = (size_t)(row[x / in_a_byte] >> shift) & ((1u << bmp->depth) - 1);
        if (index >= bmp->colours)
            return false;
        colour = bmp->palette + index * COLOUR;
    }
    return colour[0] * 29 + colour[1] * 150 + colour[2] * 77 < 128 * 256;
}

void kw_sim_bmp_rows(const struct kw_sim_bmp *bmp, uint8_t *rows, size_t stride)
{
    for (int y = 0; y < bmp->height; y++) {
        const uint8_t *row = bmp->dots + (size_t)(bmp->top_down ? y : bmp->height - 1 - y) * bmp->stride;
        for (int x = 0; x < bmp->width; x++)
            if (is_dark(bmp, row, x))
                rows[(size_t)y * stride + (size_t)x / 8] |= (uint8_t)(0x80 >> (x & 7));
    }
}
