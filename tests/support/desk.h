/* desk.h - for tests of text: one page and what sets lines on it. */
#ifndef KW_TEST_DESK_H
#define KW_TEST_DESK_H

#include "text/text.h"

struct desk {
    struct kw_arena *arena;
    struct kw_notes notes;          /* the warnings */
    struct kw_page page;
    struct kw_text *text;
    struct kw_error error;
};

/* The profile stands in the options; the warnings go to the notes. */
void desk_open(struct desk *desk, struct kw_text_options options);
void desk_close(struct desk *desk);

struct kw_span span_of(const char *utf8);
struct kw_field field_of(const char *utf8, int x_dots, int width_dots, enum kw_align align);
/* Sets a line, which lives as long as the desk is open; the second on the whole width, from the left. */
const struct kw_line *desk_set(struct desk *desk, const struct kw_field *fields, size_t count);
const struct kw_line *desk_set_text(struct desk *desk, const char *utf8);

#endif
