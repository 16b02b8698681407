/* shelf.h - where glyphs outlive the process that drew them; whoever opens fonts may have one. */
#ifndef KW_TEXT_SHELF_H
#define KW_TEXT_SHELF_H

#include "base/arena.h"

#include <stdbool.h>

struct kw_glyph_shelf {
    /* What was kept under this name, in the arena; it may be anything by now. False: nothing. */
    bool (*recall)(void *data, const char *name, struct kw_arena *arena, void **bytes, size_t *length);
    /* In the place of what was kept there before. That it fails is no matter: glyphs are drawn again. */
    void (*keep)(void *data, const char *name, const void *bytes, size_t length);
    void *data;
};

#endif
