/* raqm.c - kwit-text.so: the table that the text room takes from it, and the drawing of a stretch. */
#include "text/raqm_drawer.h"

#include <string.h>

enum { OWN_CEILING = 256 * 1024 * 1024, OWN_MOST = 4 * 1024 * 1024 };

static void drawer_close(struct kw_drawer *drawer)
{
    struct kw_arena *own = drawer->own;
    kw_raqm_close(drawer);
    kw_fonts_close(drawer);
    kw_arena_free(own);
}

static size_t count_fonts(const char *const *fonts)
{
    size_t count = 0;
    while (fonts && fonts[count])
        count++;
    return count;
}

static bool copy_options(struct kw_drawer *drawer, const struct kw_drawer_options *options)
{
    size_t count = count_fonts(options->fonts);
    const char **fonts = kw_arena_array(drawer->own, count + 1, sizeof *fonts);
    bool whole = fonts;
    drawer->options = *options;
    drawer->options.fonts = fonts;
    drawer->options.language = options->language ? kw_arena_string(drawer->own, options->language) : NULL;
    for (size_t i = 0; whole && i < count; i++)
        whole = (fonts[i] = kw_arena_string(drawer->own, options->fonts[i])) != NULL;
    return whole && (!options->language || drawer->options.language);
}

static int no_memory(struct kw_error *error)
{
    return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while opening fonts");
}

static int drawer_open(const struct kw_drawer_options *options, struct kw_drawer **out, struct kw_error *error)
{
    struct kw_arena *own = kw_arena_new(OWN_CEILING);
    struct kw_drawer *drawer = own ? kw_arena_alloc(own, sizeof *drawer) : NULL;
    if (!drawer) {
        kw_arena_free(own);
        return no_memory(error);
    }
    drawer->own = own;
    int code = copy_options(drawer, options) ? kw_fonts_open(drawer, error) : no_memory(error);
    if (code < 0)
        drawer_close(drawer);
    else
        *out = drawer;
    return code;
}

static void drawer_begin(struct kw_drawer *drawer, struct kw_arena *arena)
{
    drawer->arena = arena;
    memset(drawer->shaped, 0, sizeof drawer->shaped);
    kw_fonts_retry(drawer);
}

static bool is_same(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

static bool drawer_suits(const struct kw_drawer *drawer, const struct kw_drawer_options *options)
{
    const struct kw_drawer_options *own = &drawer->options;
    bool same = is_same(own->language, options->language) && kw_arena_held(drawer->own) <= OWN_MOST
             && count_fonts(own->fonts) == count_fonts(options->fonts)
             && memcmp(own->cell_width, options->cell_width, sizeof own->cell_width) == 0
             && memcmp(own->cell_height, options->cell_height, sizeof own->cell_height) == 0;
    for (size_t i = 0; same && own->fonts[i]; i++)
        same = strcmp(own->fonts[i], options->fonts[i]) == 0;
    return same;
}

static bool drawer_covers(struct kw_drawer *drawer, const uint32_t *codes, size_t count, bool shaped)
{
    return kw_fonts_choose_all(drawer, codes, count, shaped, NULL);
}

/* A configured font is always shaped by libraqm. */
static bool drawer_shapes(struct kw_drawer *drawer, const uint32_t *codes, size_t count)
{
    bool ours = kw_fonts_choose(drawer, codes[0], true) >= (int)drawer->configured;
    return (ours && kw_join_knows(codes, count)) || kw_raqm_open(drawer);
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
    .version = KW_DRAWER_VERSION, .open = drawer_open, .close = drawer_close, .begin = drawer_begin,
    .suits = drawer_suits, .usable = kw_font_usable, .covers = drawer_covers, .shapes = drawer_shapes,
    .measure = drawer_measure, .overshoot = drawer_overshoot, .draw = drawer_draw, .order = kw_shape_order,
    .keep = kw_glyphs_keep,
};
