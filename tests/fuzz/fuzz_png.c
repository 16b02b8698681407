/* fuzz_png.c - any bytes as a picture: read, scaled and dithered, or refused with a reason. */
#include "image/png.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kw_arena *arena = kw_arena_new(8 << 20);
    struct kw_grey grey;
    struct kw_error error = { 0 };
    int code = kw_png_read(arena, data, size, "fuzz.png", &grey, &error);
    if (code < 0 && !error.text[0])
        abort();
    if (code == 0) {
        const struct kw_bitmap *bitmap = kw_grey_dither(arena, &grey, 1 + (int)(size % 600),
                                                        (enum kw_dither)(size % 4));
        if (bitmap && (bitmap->width < 1 || bitmap->height < 1))
            abort();
    }
    kw_arena_free(arena);
    return 0;
}
