/* mailed.h - private to kwit_receipt: the page of a sale as sheets of a document that is mailed. */
#ifndef KW_API_PREVIEW_MAILED_H
#define KW_API_PREVIEW_MAILED_H

#include "api/render.h"

/* Words, as many spaces and lines as on paper, pictures within it; the link as one that can be followed. */
int kw_mailed_html(const struct kw_rendering *rendering, struct kw_buffer *out, struct kw_error *error);
/* The paper's own places. */
int kw_mailed_pdf(const struct kw_rendering *rendering, struct kw_buffer *out, struct kw_error *error);

/* "Corner Café · 4711": what a window or a file manager calls it; NULL: no memory. */
const char *kw_mailed_title(const struct kw_rendering *rendering);

#endif
