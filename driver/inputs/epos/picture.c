/* picture.c - <image>: rows of dots, or of sixteen greys, in base64. */
#include "base/base64.h"
#include "inputs/epos/internal.h"

#include <string.h>

static void take_dots(struct kw_bitmap *bitmap, const uint8_t *data, int width)
{
    size_t stride = (size_t)(width + 7) / 8;
    for (int y = 0; y < bitmap->height; y++)
        for (int x = 0; x < bitmap->width; x++)
            if (data[(size_t)y * stride + (size_t)x / 8] >> (7 - x % 8) & 1)
                kw_bitmap_set(bitmap, x, y);
}

/* An ordered pattern of four by four: every grey has as many dots of sixteen. 0 is white, 15 black. */
static void take_greys(struct kw_bitmap *bitmap, const uint8_t *data, int width)
{
    static const uint8_t order[4][4] = { { 0, 8, 2, 10 }, { 12, 4, 14, 6 }, { 3, 11, 1, 9 }, { 15, 7, 13, 5 } };
    size_t stride = (size_t)(width + 1) / 2;
    for (int y = 0; y < bitmap->height; y++)
        for (int x = 0; x < bitmap->width; x++) {
            uint8_t pair = data[(size_t)y * stride + (size_t)x / 2];
            int grey = x % 2 ? pair & 0xF : pair >> 4;
            if (grey > order[y % 4][x % 4])
                kw_bitmap_set(bitmap, x, y);
        }
}

int kw_epos_picture(struct kw_epos_reading *reading, enum kw_align align)
{
    const char *mode = kw_epos_attribute(reading, "mode");
    bool grey = mode && strcmp(mode, "gray16") == 0;
    int width = kw_epos_number(reading, "width", 1, 4096, 0);
    int height = kw_epos_number(reading, "height", 1, 65535, 0), room = reading->page->width_dots;
    if (reading->code < 0)
        return reading->code;
    size_t needed = (grey ? (size_t)(width + 1) / 2 : (size_t)(width + 7) / 8) * (size_t)height;
    uint8_t *data = kw_arena_alloc(reading->arena, reading->content.length + 1);
    if (reading->canvas.canvas && width > room)
        return kw_epos_refuse(reading, "image", "it is wider than the area of the page that it stands on");
    if (width == 0 || height == 0)
        return kw_epos_refuse(reading, "image", "it has no width or no height");
    if (data && kw_base64_decode(kw_buffer_string(&reading->content), reading->content.length, data) < (long)needed)
        return kw_epos_refuse(reading, "image", "its data are not as many dots as width and height say");
    struct kw_bitmap *bitmap = data ? kw_bitmap_new(reading->arena, width < room ? width : room, height) : NULL;
    struct kw_op *op = bitmap ? kw_page_add(reading->page, KW_OP_BITMAP, "") : NULL;
    if (!op)
        return reading->code = kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
    (grey ? take_greys : take_dots)(bitmap, data, width);
    op->image.bitmap = bitmap;
    op->image.x_dots = align == KW_ALIGN_LEFT ? 0 : (room - bitmap->width) / (align == KW_ALIGN_RIGHT ? 1 : 2);
    return 0;
}
