/* raqm.c - kwit-text.so: the table that the text room takes from it, and the drawing of a stretch. */
#include "text/raqm_drawer.h"

static int drawer_open(struct kw_arena *arena, const struct kw_drawer_options *options, struct kw_drawer **out,
                       struct kw_error *error)
{
    struct kw_drawer *drawer = kw_arena_alloc(arena, sizeof *drawer);
    if (!drawer)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while opening fonts");
    drawer->arena = arena;
    drawer->options = *options;
    int code = kw_fonts_open(drawer, error);
    if (code < 0)
        kw_fonts_close(drawer);
    else
        *out = drawer;
    return code;
}

static void drawer_close(struct kw_drawer *drawer)
{
    kw_raqm_close(drawer);
    kw_fonts_close(drawer);
}

static bool drawer_covers(struct kw_drawer *drawer, const uint32_t *codes, size_t count, bool shaped)
{
    return kw_fonts_choose_all(drawer, codes, count, shaped, NULL);
}

static int drawer_measure(struct kw_drawer *drawer, struct kw_stretch *stretch, struct kw_error *error)
{
    const struct shaped *shaped = kw_shape(drawer, stretch, error);
    return shaped ? 0 : KWIT_E_INTERNAL;
}

static int drawer_overshoot(struct kw_drawer *drawer, struct kw_stretch *stretch, int *above, int *below,
                            struct kw_error *error)
{
    const struct shaped *shaped = kw_shape_drawn(drawer, stretch, error);
    if (!shaped)
        return KWIT_E_INTERNAL;
    *above = shaped->above;
    *below = shaped->below;
    return 0;
}

/* White on black, as the device does it: the whole cell. */
static void invert(struct kw_bitmap *bitmap, int x, int y, int width, int height)
{
    for (int row = y < 0 ? 0 : y; row < y + height && row < bitmap->height; row++) {
        uint8_t *bits = bitmap->bits + (size_t)row * (size_t)bitmap->stride;
        for (int column = x < 0 ? 0 : x; column < x + width && column < bitmap->width; column++)
            bits[column >> 3] ^= (uint8_t)(0x80 >> (column & 7));
    }
}

static int drawer_draw(struct kw_drawer *drawer, struct kw_stretch *stretch, struct kw_bitmap *bitmap, int x, int y,
                       struct kw_error *error)
{
    const struct shaped *shaped = kw_shape_drawn(drawer, stretch, error);
    if (!shaped)
        return KWIT_E_INTERNAL;
    for (size_t i = 0; i < shaped->count; i++) {
        const struct placed_glyph *placed = &shaped->glyphs[i];
        if (!placed->glyph->bitmap)
            continue;
        kw_bitmap_blend(bitmap, placed->glyph->bitmap, x + placed->x + placed->glyph->left,
                        y + shaped->baseline + placed->y - placed->glyph->top);
    }
    if (stretch->style.underline)
        kw_bitmap_fill(bitmap, x, y + shaped->cell_height - 2, shaped->width, 2);
    if (stretch->style.invert)
        invert(bitmap, x, y, shaped->width, shaped->cell_height);
    return 0;
}

KWIT_API extern const struct kw_drawer_ops kw_drawer_ops;
const struct kw_drawer_ops kw_drawer_ops = {
    .version = KW_DRAWER_VERSION, .open = drawer_open, .close = drawer_close, .usable = kw_font_usable,
    .covers = drawer_covers, .measure = drawer_measure, .overshoot = drawer_overshoot, .draw = drawer_draw,
};
