/* images.h - pictures of a receipt, read from the configured directory only. */
#ifndef KW_API_IMAGES_H
#define KW_API_IMAGES_H

#include "api/render.h"

struct kw_images {
    struct kw_rendering *rendering;
};

/* The callback of kw_layout_options.image: NULL and a warning when the picture cannot be had. */
const struct kw_bitmap *kw_images_read(void *images, const char *name, int width_dots, enum kw_dither dither,
                                       const char *pointer);
/* The configured logo at most as wide as the paper; NULL when there is none (a missing one is a warning). */
const struct kw_bitmap *kw_images_logo(struct kw_images *images);
/* The same dots for a printer's memory; `file` instead of the configured one, in any directory, unless NULL. */
int kw_images_logo_of(struct kw_arena *arena, const struct kw_config *config, const struct kw_profile *profile,
                      const char *file, const struct kw_bitmap **bitmap, struct kw_error *error);

#endif
