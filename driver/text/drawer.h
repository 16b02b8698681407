/*
 * drawer.h - the table by which kwit-text.so draws: fonts, shaping, order, dots.
 *
 * The room's own code decides what a text is made of (units); the module decides which font draws each unit, shapes
 * what needs shaping, and sets dots. Units of cells stand on the same grid as the printer's own font.
 */
#ifndef KW_TEXT_DRAWER_H
#define KW_TEXT_DRAWER_H

#include "base/arena.h"
#include "base/error.h"
#include "image/bitmap.h"
#include "page/page.h"
#include "text/shelf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kw_unit_kind {
    KW_UNIT_DEVICE,                 /* a table of the printer has it; on the grid when it is drawn after all */
    KW_UNIT_CELL,                   /* drawn, on the grid */
    KW_UNIT_SHAPED,                 /* drawn, as wide as the font makes it */
    KW_UNIT_HIDDEN                  /* a direction mark: no width, heeded only when drawn */
};

/* One grapheme of the source, as it will be printed. */
struct kw_unit {
    uint32_t from, length;          /* bytes of the span */
    uint32_t code;                  /* its first code point in kw_stretch.codes */
    uint16_t codes;
    uint16_t cells;                 /* narrow cells, for the kinds on the grid */
    uint8_t kind, breaks;           /* enum kw_unit_kind, enum kw_break */
    bool spaced;                    /* white space */
    int width_dots;
};

struct kw_stretch {
    const uint32_t *codes;
    size_t code_count;
    struct kw_unit *units;
    size_t count;
    struct kw_style style;
    bool rtl;                       /* base direction */
    bool isolate;                   /* numbers keep their place and signs */
    bool natural;                   /* nothing is isolated: the order of any text, which keeps pairs of brackets */
};

struct kw_drawer_options {
    const char *const *fonts;       /* configured files, NULL-terminated; NULL: none before the built-in list */
    const char *language;           /* BCP 47 or NULL */
    int cell_width[2], cell_height[2];      /* by KW_FONT_A, KW_FONT_B */
    const struct kw_glyph_shelf *shelf;     /* outlives the drawer; NULL: none */
};

struct kw_drawer;

enum { KW_DRAWER_VERSION = 6 };

struct kw_drawer_ops {
    uint32_t version;
    /* Lives until it is closed, with every font and glyph that it was asked for; copies its options. */
    int (*open)(const struct kw_drawer_options *options, struct kw_drawer **drawer, struct kw_error *error);
    void (*close)(struct kw_drawer *drawer);
    /* A job begins, the first one too: what was shaped before is forgotten, what it shapes lives in the arena. */
    void (*begin)(struct kw_drawer *drawer, struct kw_arena *arena);
    /* Whether it was opened with such options, and has not grown so large that it is better opened anew. */
    bool (*suits)(const struct kw_drawer *drawer, const struct kw_drawer_options *options);
    /* Whether a configured font, by its place in the list, can be drawn with. */
    bool (*usable)(struct kw_drawer *drawer, size_t font);
    /* Whether every one of these code points has a font. */
    bool (*covers)(struct kw_drawer *drawer, const uint32_t *codes, size_t count, bool shaped);
    /* Whether what sets a grapheme can be loaded, where that is more than one glyph on the grid. */
    bool (*shapes)(struct kw_drawer *drawer, const uint32_t *codes, size_t count);
    /* Sets width_dots of the units that are not on the grid. */
    int (*measure)(struct kw_drawer *drawer, struct kw_stretch *stretch, struct kw_error *error);
    /* Dots that marks need above and below the cell. */
    int (*overshoot)(struct kw_drawer *drawer, struct kw_stretch *stretch, int *above, int *below,
                     struct kw_error *error);
    /* Draws with the cell's top left at (x, y). */
    int (*draw)(struct kw_drawer *drawer, struct kw_stretch *stretch, struct kw_bitmap *bitmap, int x, int y,
                struct kw_error *error);
    /*
     * The code points with what makes any other program set them in the same order: a mark that says which way they
     * run, and isolates. Lives as long as the job. False: no memory.
     */
    bool (*order)(struct kw_drawer *drawer, const struct kw_stretch *stretch, const uint32_t **codes, size_t *count);
    /* Leaves on the shelf what was drawn since it was opened, or since this was called. */
    void (*keep)(struct kw_drawer *drawer);
};

#define KW_DRAWER_MODULE "kwit-text.so"
#define KW_DRAWER_SYMBOL "kw_drawer_ops"

#endif
