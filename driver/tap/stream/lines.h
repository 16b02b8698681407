/* lines.h - what stands on a piece of paper, line by line. */
#ifndef KW_TAP_STREAM_LINES_H
#define KW_TAP_STREAM_LINES_H

#include "simulator/stream.h"

struct kw_stream_line {
    const char *text, *folded;      /* as printed; as base/fold.h folds it, without marks. Never empty */
    bool big;                       /* all of it large, bold or reversed */
};

struct kw_lines {
    struct kw_stream_line *lines;
    size_t count;
};

/* Adds this line where it has text; those beyond the two thousandth are left out. Begin with none. NO_MEMORY. */
int kw_lines_add(struct kw_arena *arena, const char *text, bool big, struct kw_lines *lines);
/* Those that the machine reads off the paper. NO_MEMORY. */
int kw_lines_read(const struct kw_sim_stream *stream, const struct kw_sim_piece *piece, struct kw_arena *arena,
                  struct kw_lines *lines);

#endif
