/*
 * pdf.h - sheets of words and pictures to a PDF that is as wide as the paper: what is read stays text.
 *
 * Pango and cairo shape and embed whatever script the words are in. They lie in the private module kwit-pdf.so, which
 * is loaded when a PDF is asked for and by nothing else.
 */
#ifndef KW_PDF_PDF_H
#define KW_PDF_PDF_H

#include "base/buffer.h"
#include "base/error.h"
#include "page/page.h"

/* Words or, where they are NULL, a picture; y counts from the top of the sheet in dots. */
struct kw_pdf_mark {
    int x, y;
    const struct kw_lettering *words;
    const struct kw_bitmap *picture;
};
struct kw_pdf_sheet {
    const struct kw_pdf_mark *marks;
    size_t count;
    int height_dots;
};
struct kw_pdf_document {
    const struct kw_pdf_sheet *sheets;      /* a page each */
    size_t count;
    int width_dots, dpi;
    const char *title, *author, *language;  /* language: BCP 47 */
    const char *created;                    /* ISO 8601, so that the same sale gives the same file */
};

enum { KW_PDF_VERSION = 1 };
struct kw_pdf_module {
    uint32_t version;
    int (*write)(const struct kw_pdf_document *document, struct kw_buffer *out, struct kw_error *error);
};
#define KW_PDF_MODULE "kwit-pdf.so"
#define KW_PDF_SYMBOL "kw_pdf_module"

/* NO_MEMORY; UNSUPPORTED where the module or a library of it is not installed. */
int kw_pdf_write(const struct kw_pdf_document *document, struct kw_buffer *out, struct kw_error *error);

#endif
