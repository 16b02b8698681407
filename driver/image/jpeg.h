/*
 * jpeg.h - JPEG in, to grey. libjpeg lies in the private module kwit-jpeg.so, loaded for the first such picture; what
 * was made of it is kept like any other, so that the next receipt loads nothing.
 */
#ifndef KW_IMAGE_JPEG_H
#define KW_IMAGE_JPEG_H

#include "image/png.h"

enum { KW_JPEG_VERSION = 1 };
struct kw_jpeg_module {
    uint32_t version;
    int (*read)(struct kw_arena *arena, const void *bytes, size_t length, const char *name, struct kw_grey *grey,
                struct kw_error *error);
};
#define KW_JPEG_MODULE "kwit-jpeg.so"
#define KW_JPEG_SYMBOL "kw_jpeg_module"

/* Whether bytes begin as a JPEG does. */
bool kw_jpeg_is(const void *bytes, size_t length);
/* As kw_png_read; UNSUPPORTED where the module or libjpeg is not installed. */
int kw_jpeg_read(struct kw_arena *arena, const void *bytes, size_t length, const char *name, struct kw_grey *grey,
                 struct kw_error *error);

#endif
