/* logical.h - text of scripts that run from the right, which printers print as they get it: from the left. */
#ifndef KW_TAP_STREAM_LOGICAL_H
#define KW_TAP_STREAM_LOGICAL_H

#include "tap/stream/lines.h"
#include "tap/stream/words.h"

/*
 * Where more words of the rows are known so, lines with letters of such scripts are turned: first what is read first,
 * numbers and Latin as they stood, joined letters as they are written alone. NO_MEMORY.
 */
int kw_lines_logical(const struct kw_tap_words *rows, struct kw_arena *arena, struct kw_lines *lines);

#endif
