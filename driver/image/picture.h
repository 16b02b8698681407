/* picture.h - a picture file as dots of the paper: read, scaled, made black and white, kept for the next receipt. */
#ifndef KW_IMAGE_PICTURE_H
#define KW_IMAGE_PICTURE_H

#include "image/png.h"

struct kw_picture_wish {
    const char *path;
    int width_dots;                 /* 0: the picture's own width */
    int most_dots;                  /* never wider than this; the shape is kept */
    enum kw_dither dither;
    /*
     * Where the dots are kept, so that the next receipt neither decodes nor dithers; NULL: nowhere. An entry belongs
     * to path, size, modification time, width and dither; one that is damaged or of another file is made again.
     * That nothing can be written there is no fault.
     */
    const char *cache_dir;
};

/* NO_INPUT or PERMISSION when the file cannot be opened, INVALID when it is no picture, NO_MEMORY. */
int kw_picture_load(struct kw_arena *arena, const struct kw_picture_wish *wish, const struct kw_bitmap **bitmap,
                    struct kw_error *error);

#endif
