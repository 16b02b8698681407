/* internal.h - what the parts of this room share: one document while it is read. */
#ifndef KW_INPUTS_EPOS_INTERNAL_H
#define KW_INPUTS_EPOS_INTERNAL_H

#include "base/buffer.h"
#include "inputs/epos/epos.h"

enum { KW_EPOS_SPANS = 64, KW_EPOS_CONTENT = 1536 * 1024 };

struct kw_epos_span { size_t from, length; struct kw_style style; int x; /* -1: behind the last */ };

/* What is set of a line so far, and how the next text is set. */
struct kw_epos_line {
    struct kw_buffer bytes;
    const char *shown;              /* what of it is printed: the page may point there */
    struct kw_epos_span spans[KW_EPOS_SPANS];
    size_t count;
    struct kw_style style;
    enum kw_align align;
    int x;
};

/* <page>: what its elements set goes on lines as elsewhere, and from there to its place. */
struct kw_epos_canvas {
    struct kw_canvas *canvas;       /* NULL: no page is open */
    struct kw_page lines;           /* as wide as the area's text; one piece */
    size_t taken;                   /* of its ops: they have their places */
    int x, y;                       /* where the next thing stands; y is a baseline */
    bool placed;                    /* the document has said so */
    bool own_area;                  /* the document has said what is printed on */
    enum kw_align align;            /* of the texts around it */
};

struct kw_epos_reading {
    struct kw_arena *arena;
    struct kw_text *text;
    const struct kw_profile *profile;
    struct kw_epos *out;
    struct kw_error *error;
    struct kw_page *page;           /* what is printed on: that of `out`, or lines of a canvas */
    struct kw_epos_line line;
    struct kw_epos_canvas canvas;
    struct kw_buffer content;       /* of the element that is open */
    const char **attributes;        /* of it, copied */
    bool piece_open;
    int code;
};

/* ---- reading.c ---- */

/* The value of an attribute; NULL: it is not there. */
const char *kw_epos_attribute(const struct kw_epos_reading *reading, const char *name);
/* The same as a number within its bounds; `otherwise` where it is not there. INVALID sticks in the reading. */
int kw_epos_number(struct kw_epos_reading *reading, const char *name, int least, int most, int otherwise);
int kw_epos_refuse(struct kw_epos_reading *reading, const char *what, const char *why);
/* The piece of paper that is printed on; begins one where none is open. */
void kw_epos_open_piece(struct kw_epos_reading *reading);
void kw_epos_close_piece(struct kw_epos_reading *reading, enum kw_cut cut);

/* ---- lines.c ---- */
void kw_epos_line_add(struct kw_epos_reading *reading, const char *utf8, size_t length);
/* Prints what is set; false: there was nothing. */
bool kw_epos_line_end(struct kw_epos_reading *reading);

/* ---- picture.c ---- */
int kw_epos_picture(struct kw_epos_reading *reading, enum kw_align align);

/* ---- canvas.c ---- */
void kw_epos_page_begin(struct kw_epos_reading *reading);
void kw_epos_page_end(struct kw_epos_reading *reading);
/* Elements of a page: <area>, <direction>, <position>. */
void kw_epos_area(struct kw_epos_reading *reading);
void kw_epos_direction(struct kw_epos_reading *reading);
void kw_epos_position(struct kw_epos_reading *reading);
/* Gives what was set since the last call its place. */
void kw_epos_page_take(struct kw_epos_reading *reading);
/* A code, drawn here: bars stand on their place, others hang from it. The characters below it, if any, come next. */
void kw_epos_page_symbol(struct kw_epos_reading *reading, const struct kw_bitmap *bitmap, bool hangs);

#endif
