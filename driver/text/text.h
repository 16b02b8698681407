/*
 * text.h - text to lines of the page: classify, shape, reorder, measure, break, choose code pages, draw.
 *
 * The layout thinks in fields (a text, a place, a width); this room decides for each line whether the
 * printer's own font says it, in which tables, or whether the whole line is drawn. Drawing is done by the private
 * module kwit-text.so (libraqm, FreeType), which is loaded when the first line needs it.
 */
#ifndef KW_TEXT_TEXT_H
#define KW_TEXT_TEXT_H

#include "base/arena.h"
#include "base/error.h"
#include "base/notes.h"
#include "page/page.h"
#include "profile/profile.h"
#include "text/shelf.h"

enum kw_direction { KW_DIRECTION_AUTO, KW_DIRECTION_LTR, KW_DIRECTION_RTL };

struct kw_text_options {
    const struct kw_profile *profile;
    bool raster;                    /* draw every line, the same on any printer */
    const char *const *fonts;       /* configured fonts in order, NULL-terminated; NULL: the built-in list */
    enum kw_direction direction;    /* of the receipt: RTL mirrors the columns */
    const char *language;           /* BCP 47, for shaping and CJK glyph choice */
    int width_dots;                 /* 0: the profile's */
    int leading_percent;            /* white between lines, of the plain cell; 0: a quarter of it; as wide at any dpi */
    bool words;                     /* keep the words of each line beside what prints them */
    struct kw_notes *warnings;      /* named characters, substitutes, missing fonts */
    struct kw_text_fonts *fonts_kept;       /* between this text and the next; NULL: nothing is */
};

struct kw_text;

/*
 * What a caller keeps who sets one text after the other: the drawing module with its fonts, and the glyphs that were
 * drawn, also those of whoever came before that lie on the shelf (copied; a zeroed one is none). One text at a time
 * uses it. NULL: no memory.
 */
struct kw_text_fonts *kw_text_fonts_new(struct kw_glyph_shelf shelf);
void kw_text_fonts_free(struct kw_text_fonts *fonts);
/* Leaves on the shelf what the texts drew that are closed. */
void kw_text_fonts_keep(struct kw_text_fonts *fonts);

/* Lives in the arena, which must outlive it; kw_text_close gives back loaded fonts. */
int kw_text_open(struct kw_arena *arena, const struct kw_text_options *options, struct kw_text **text,
                 struct kw_error *error);
void kw_text_close(struct kw_text *text);
/* The same, but every line is drawn; it lives as long as the first. NULL: nothing can be drawn here. */
struct kw_text *kw_text_drawn(struct kw_text *text);
int kw_text_width_dots(const struct kw_text *text);         /* of the paper */
int kw_text_cell_dots(const struct kw_text *text, const struct kw_style *style);        /* one column */
int kw_text_columns(const struct kw_text *text, const struct kw_style *style);
int kw_text_line_dots(const struct kw_text *text, const struct kw_style *style);        /* line pitch */

enum {
    KW_FIELD_ISOLATE = 1,           /* an amount, code, phone number or URL: left to right, never reordered */
    KW_FIELD_NO_BREAK = 2,          /* one line; what does not fit is cut with a warning */
    KW_FIELD_NAME = 4,              /* a name of the document: in the order that Unicode's rules give it anywhere */
    KW_FIELD_PART_LTR = 8,          /* a line of a longer text, which runs from left to right whatever it holds */
    KW_FIELD_PART_RTL = 16          /* the same from right to left */
};

/* A stretch of text in one style. `origin` is the JSON pointer for warnings, "" for the layout's own words. */
struct kw_span {
    const char *utf8;
    size_t length;
    struct kw_style style;
    unsigned flags;
    const char *origin;
};

/*
 * The word that is printed in the place of a sign of one character ("TL" for the lira's), where the printer has no such
 * sign and its line would be drawn for that alone. NULL: the sign itself is printed.
 */
const char *kw_text_instead(struct kw_text *text, const char *sign, const struct kw_style *style);

/* Width in dots as it will be printed (device cells or shaped advance). Tabs and line ends count as spaces. */
int kw_text_measure(struct kw_text *text, const struct kw_span *span);

/*
 * Byte ranges of the span, one for each line; a range does not contain the white space it was broken at. The flags say
 * which way a drawn paragraph of several lines runs.
 */
struct kw_breaks {
    struct kw_break_line { size_t from, length; unsigned flags; } *lines;
    size_t count;
};
/* One line of the span that was broken. */
static inline struct kw_span kw_text_part(const struct kw_span *span, const struct kw_break_line *line)
{
    return (struct kw_span){ .utf8 = span->utf8 + line->from, .length = line->length, .style = span->style,
                             .flags = span->flags | line->flags, .origin = span->origin };
}
/*
 * Breaks at spaces, after hyphens, between ideographs, and inside a word only when the word alone is wider than
 * the line - never inside a grapheme. Line ends in the text break too. The first line has first_dots, the
 * others rest_dots. At least one line is given, also for "".
 */
int kw_text_wrap(struct kw_text *text, const struct kw_span *span, int first_dots, int rest_dots,
                 struct kw_breaks *breaks, struct kw_error *error);

/* A span in its box of the line; x counts from the left of a left-to-right receipt and is mirrored in an RTL one. */
struct kw_field {
    struct kw_span span;
    int x_dots, width_dots;
    enum kw_align align;
};

/*
 * Adds one line of fields to the last piece of the page. Fields must not overlap. The line is device text when
 * every grapheme of every field has a place in a table, else one bitmap of the whole line.
 */
int kw_text_line(struct kw_text *text, struct kw_page *page, const struct kw_field *fields, size_t count,
                 struct kw_error *error);
/* Adds a line of one sign, repeated over the width. */
int kw_text_rule(struct kw_text *text, struct kw_page *page, const char *sign, int width_dots, struct kw_error *error);

#endif
