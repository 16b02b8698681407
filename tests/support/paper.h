/*
 * paper.h - for tests of the layout: a document laid out, and its page read back as text in columns.
 *
 * Run bytes are decoded with iconv, not with the rows of the driver, so that a wrong table is seen.
 */
#ifndef KW_TEST_PAPER_H
#define KW_TEST_PAPER_H

#include "layout/layout.h"

struct paper {
    struct kw_arena *arena;
    struct kw_notes warnings, errors;
    struct kw_error error;
    struct kw_sale *sale;
    struct kw_layout_options options;       /* to be changed before paper_lay */
    struct kw_text_options text_options;
    const char *customer_tag;               /* second language of the labels, as the document says it */
    struct kw_page page;
    char *text;                             /* every line of the page; empty lines for feeds; symbols in brackets */
    int code;
};

#define PAPER_FIXTURES "tests/fixtures/sales"

/* With everything that an invitation may have. */
extern const struct kw_invitation paper_invitation;

/* Reads a document; profile by name. */
struct paper paper_of(const char *document, size_t length, const char *profile);
struct paper paper_of_file(const char *path, const char *profile);
/* The same of a document that is good, or of a fixture by its name; fails the test when it is not. */
struct paper paper_of_good(const char *document, const char *profile);
struct paper paper_of_fixture(const char *name, const char *profile);
/* Lays out; code is also the result of kw_page_check. */
void paper_lay(struct paper *paper);
/* The same where it must succeed. */
void paper_lay_good(struct paper *paper, const char *name);
void paper_free(struct paper *paper);
bool paper_has(const struct paper *paper, const char *part);
/* The text of all lines without line ends and runs of spaces, to find what was wrapped. */
char *paper_flat(const struct paper *paper);

/* Columns from the left at which a text ends on its line; -1 when it is not there. */
int paper_end_column(const char *text, const char *part);
/* Position of the first op whose line holds the text; -1 when none does. */
int paper_op_with(const struct kw_piece *piece, const char *text);
/* How often a part stands in the text. */
size_t paper_count(const char *text, const char *part);

#endif
