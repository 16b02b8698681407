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

struct kw_epos_reading {
    struct kw_arena *arena;
    struct kw_text *text;
    const struct kw_profile *profile;
    struct kw_epos *out;
    struct kw_error *error;
    struct kw_epos_line line;
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

#endif
