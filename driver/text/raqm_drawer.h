/* raqm_drawer.h - what the files of kwit-text.so share: fonts and their sizes, glyphs in dots, shaped stretches. */
#ifndef KW_TEXT_RAQM_DRAWER_H
#define KW_TEXT_RAQM_DRAWER_H

#include "text/drawer.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_SIZES_H

enum { SIZES_MAX = 6, CHOICES = 512, GLYPH_BUCKETS = 512, SHAPED_BUCKETS = 64 };

enum rendering { RENDERING_HINTED, RENDERING_PLAIN };

/* How a font is drawn: pixels to the em, dots of boldness, and whether by its outline or by its own program. */
struct size {
    int x, y, smear;
    bool outlined;
};

struct font {
    const char *path;
    int face_index, percent;
    enum rendering rendering;
    bool bold;                      /* needs no second strike */
    bool failed;                    /* missing or broken: asked once */
    FT_Face face;                   /* NULL: not opened yet */
    struct { int64_t bytes, changed_s, changed_ns; } file;      /* as it was then */
    size_t drawn;                   /* glyphs, since they were kept */
    struct { int x, y; FT_Size size; } sizes[SIZES_MAX];
    size_t size_count;
};

struct glyph {
    struct glyph *next;
    struct font *font;
    FT_UInt index;
    struct size size;
    int advance;                    /* whole dots */
    long advance_64;                /* as the outline has it, in 64ths */
    /* Once it is drawn. */
    bool is_drawn;
    int left, top;                  /* of the ink, from the pen on the baseline; top upwards */
    struct kw_bitmap *bitmap;       /* NULL: no ink */
};

struct placed_glyph {
    struct glyph *glyph;
    int x, y;                       /* of the pen, from the left of the stretch and the baseline; y downwards */
};

/* A stretch once shaped; kept by its units, which live as long as the job. */
struct shaped {
    struct shaped *next;
    const struct kw_unit *units;
    struct placed_glyph *glyphs;
    size_t count;
    int width, baseline, cell_height;
    bool is_drawn;                  /* its glyphs are, and what stands out of the cell is known */
    int above, below;
};

struct kw_drawer {
    struct kw_arena *own, *arena;   /* own: of fonts and glyphs; the other is the job's */
    struct kw_drawer_options options;
    FT_Library library;
    struct font *fonts;             /* the configured ones, the built-in ones, and behind them the bold face of each */
    size_t font_count, configured;  /* bold ones not counted */
    struct { uint32_t code; bool shaped, known; int font; } choices[CHOICES];
    struct glyph *glyphs[GLYPH_BUCKETS];
    struct shaped *shaped[SHAPED_BUCKETS];
    struct raqm_calls *raqm;        /* NULL: not loaded yet */
    bool raqm_missing;              /* and it cannot be */
};

static inline struct glyph **kw_glyph_bucket(struct kw_drawer *drawer, const struct font *font, FT_UInt index,
                                             const struct size *size)
{
    return &drawer->glyphs[((size_t)(font - drawer->fonts) * 31 + index * 7 + (size_t)size->x * 3
                            + (size_t)size->smear) % GLYPH_BUCKETS];
}

/* Who asks for such a glyph finds this one. */
static inline void kw_glyph_enter(struct kw_drawer *drawer, struct glyph *glyph)
{
    struct glyph **bucket = kw_glyph_bucket(drawer, glyph->font, glyph->index, &glyph->size);
    glyph->next = *bucket;
    *bucket = glyph;
}

/* raqm_fonts.c */
int kw_fonts_open(struct kw_drawer *drawer, struct kw_error *error);
void kw_fonts_close(struct kw_drawer *drawer);
/* Fonts that were missing are looked for once more. */
void kw_fonts_retry(struct kw_drawer *drawer);
bool kw_font_usable(struct kw_drawer *drawer, size_t font);
/* The first font in order that has the character, -1 when none has. */
int kw_fonts_choose(struct kw_drawer *drawer, uint32_t code, bool shaped);
/* One font that has all of them if there is one; else each its own. False when one has none. */
bool kw_fonts_choose_all(struct kw_drawer *drawer, const uint32_t *codes, size_t count, bool shaped, uint16_t *fonts);
/* The bold face of a font, by number, if there is one that has the character; else the font itself. */
uint16_t kw_font_bold(struct kw_drawer *drawer, uint16_t font, uint32_t code);
FT_UInt kw_font_index(struct kw_drawer *drawer, struct font *font, uint32_t code);
/* Makes the size the face's current one. False when the font cannot be set so. */
bool kw_font_activate(struct font *font, const struct size *size);
/* Pixels to the em for this style in this font. */
struct size kw_font_size(const struct kw_drawer *drawer, const struct font *font, const struct kw_style *style);
FT_Int32 kw_size_flags(const struct size *size);

/* raqm_glyphs.c: a measured glyph; NULL without memory or when the font is broken there. */
struct glyph *kw_glyph(struct kw_drawer *drawer, struct font *font, FT_UInt index, const struct size *size);
/* Its dots, the first time they are wanted: most of what is measured is never drawn. False as above. */
bool kw_glyph_draw(struct kw_drawer *drawer, struct glyph *glyph);

/* raqm_kept.c: what was drawn of a font before, when it is opened; and what was drawn of all of them now. */
void kw_glyphs_recall(struct kw_drawer *drawer, struct font *font);
void kw_glyphs_keep(struct kw_drawer *drawer);

/* The code points as a shaper gets them: numbers are isolated, each code point knows its unit. */
struct kw_shaper_input {
    struct kw_drawer *drawer;
    uint32_t *codes;
    int *units;
    uint16_t *fonts;
    size_t count;
    bool rtl;
    bool outlined;                  /* a font of it is drawn by its outline */
    const struct kw_style *style;
};

/* Signs beside letters that are drawn by their outline are drawn so too; what stands on the grid is not beside them. */
struct size kw_shaper_size(const struct kw_shaper_input *input, const struct font *font);

/* A glyph in the order of the paper, from left to right; lengths in 64ths of a dot. */
struct ordered_glyph {
    struct font *font;
    struct size size;
    FT_UInt index;                  /* 0: nothing to draw */
    size_t cluster;                 /* its code point */
    long advance, x_offset, y_offset;
};

/* raqm_join.c: whether these code points need no more than order and joined forms. */
bool kw_join_knows(const uint32_t *codes, size_t count);
/* False when the text needs more. */
bool kw_join(const struct kw_shaper_input *input, struct ordered_glyph **glyphs, size_t *count);
/* raqm_layout.c: any script, by libraqm, which is loaded then. */
int kw_raqm(const struct kw_shaper_input *input, struct ordered_glyph **glyphs, size_t *count, struct kw_error *error);
/* False when it cannot be loaded, which is tried once. */
bool kw_raqm_open(struct kw_drawer *drawer);
void kw_raqm_close(struct kw_drawer *drawer);

/* raqm_shape.c: sets the units' widths; NULL with *error. */
struct shaped *kw_shape(struct kw_drawer *drawer, struct kw_stretch *stretch, struct kw_error *error);
/* The same with all its glyphs drawn. */
/* As the drawer's `order`. */
bool kw_shape_order(struct kw_drawer *drawer, const struct kw_stretch *stretch, const uint32_t **codes, size_t *count);
const struct shaped *kw_shape_drawn(struct kw_drawer *drawer, struct kw_stretch *stretch, struct kw_error *error);

#endif
