/*
 * given.h - the words of a stream as whoever laid it out knows them: where letters are drawn, paper tells dots only.
 * They are kept as text, "*TOTAL 7.50" for a line that stands out and " Tea 4.00" for any other, a form feed behind
 * each piece of paper with ink.
 */
#ifndef KW_TAP_STREAM_GIVEN_H
#define KW_TAP_STREAM_GIVEN_H

#include "base/buffer.h"
#include "tap/stream/lines.h"

struct kw_given {
    const char *text;               /* NULL: nobody knows them, and they are read off the paper */
    size_t length;
};

/* Signs that are none, as a line's end, become blanks. */
bool kw_given_add_line(struct kw_buffer *out, const char *utf8, bool big);
bool kw_given_end_piece(struct kw_buffer *out);

size_t kw_given_pieces(const struct kw_given *given);
/* Adds the lines of so many pieces. NO_MEMORY. */
int kw_given_read(const struct kw_given *given, size_t first, size_t count, struct kw_arena *arena,
                  struct kw_lines *lines);

#endif
