/* png.h - PNG in (to grey) and out (1 bit). The only user of libpng. ISO/IEC 15948. */
#ifndef KW_IMAGE_PNG_H
#define KW_IMAGE_PNG_H

#include "data/choices.h"
#include "image/bitmap.h"

/* Eight-bit grey, 0 black; transparent pixels are white. */
struct kw_grey {
    int width, height;
    uint8_t *pixels;
};

enum { KW_PNG_MAX_SIDE = 8192, KW_PNG_MAX_PIXELS = 16 * 1024 * 1024, KW_PNG_MAX_BYTES = 8 * 1024 * 1024 };

/* Decodes bytes; INVALID with the reason when they are no PNG or too large. `name` is for the error. */
int kw_png_read(struct kw_arena *arena, const void *bytes, size_t length, const char *name, struct kw_grey *grey,
                struct kw_error *error);
/* Encodes with the given resolution (pHYs). */
int kw_png_write(const struct kw_bitmap *bitmap, int dpi, struct kw_buffer *out, struct kw_error *error);

/* Scales by area average to the given width (height keeps the shape) and makes it one bit. NULL: no memory. */
struct kw_bitmap *kw_grey_dither(struct kw_arena *arena, const struct kw_grey *grey, int width_dots,
                                 enum kw_dither dither);

#endif
