/* preview.h - the paper that the simulated printer made of a rendering, and its forms. */
#ifndef KW_API_PREVIEW_H
#define KW_API_PREVIEW_H

#include "api/render.h"

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

/* All sheets below each other with a cut line between them; NULL without memory. */
struct kw_bitmap *kw_paper_stack(const struct kw_paper *paper);
void kw_paper_svg(const struct kw_bitmap *dots, int dpi, struct kw_buffer *out);
/* The page's lines as the simulator read them; what has no text is drawn in Braille cells of 12 by 24 dots. */
void kw_paper_terminal(const struct kw_rendering *rendering, const struct kw_paper *paper, struct kw_buffer *out);

#endif
