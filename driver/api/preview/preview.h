/* preview.h - the paper that the simulated printer made of a rendering, and its forms. */
#ifndef KW_API_PREVIEW_H
#define KW_API_PREVIEW_H

#include "api/render.h"

#include <kwit/tool.h>

struct kw_sheet {
    struct kw_bitmap dots;          /* one piece of paper */
    const char *text;
};

struct kw_paper {
    struct kw_arena *arena;
    struct kw_sheet *sheets;
    size_t sheet_count, sheet_capacity;
    struct kw_buffer events;        /* JSON objects, commas between them */
    int dpi;
    bool failed;                    /* no memory */
};

/* Runs the encoded bytes through the machine. End with kw_paper_free, also after an error. */
int kw_paper_make(struct kw_rendering *rendering, struct kw_paper *paper, struct kw_error *error);
void kw_paper_free(struct kw_paper *paper);

/* The paper in the form that was asked for. */
int kw_preview_form(const struct kw_rendering *rendering, const struct kw_paper *paper, enum kwit_preview_format format,
                    struct kw_buffer *out, struct kw_error *error);

/* One op of the page where it stands on the paper. */
struct kw_shown {
    const struct kw_op *op;
    size_t sheet;
    int y;                          /* dots from the top of the sheet */
    bool begins;                    /* the first of its piece */
};
struct kw_reading {
    const struct kw_shown *ops;
    size_t count;
};
/* The page from top to bottom. It has words where kw_render_choice.words asked for them. False: no memory. */
bool kw_reading_make(const struct kw_rendering *rendering, const struct kw_paper *paper, struct kw_reading *reading);

/*
 * The next row of the op's words, whose lower edge is below *bottom (dots of the op; begin with 0): their characters in
 * columns, as they are read, a right-to-left receipt from its right. False: there is none left. With a style it is set
 * to what all of them have, and the columns are as wide.
 */
bool kw_reading_row(const struct kw_rendering *rendering, const struct kw_op *op, int *bottom, struct kw_style *style,
                    struct kw_buffer *out);
/* All of one sheet, a line each, with empty ones where white or a picture stands between. */
void kw_reading_text(const struct kw_rendering *rendering, const struct kw_reading *reading, size_t sheet,
                     struct kw_buffer *out);

/* All sheets below each other with a cut line between them; NULL without memory. */
struct kw_bitmap *kw_paper_stack(const struct kw_paper *paper);
/* Where a sheet begins in the stack. */
int kw_paper_top(const struct kw_paper *paper, size_t sheet);
/* The dots as one path, and above them the words as text that nobody sees and everybody finds. */
void kw_paper_svg(const struct kw_rendering *rendering, const struct kw_paper *paper, const struct kw_reading *reading,
                  const struct kw_bitmap *dots, struct kw_buffer *out);
/* The page's words in their columns; what has none is drawn in Braille cells of 12 by 24 dots. */
void kw_paper_terminal(const struct kw_rendering *rendering, const struct kw_paper *paper,
                       const struct kw_reading *reading, struct kw_buffer *out);

#endif
