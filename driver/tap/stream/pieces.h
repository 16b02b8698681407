/* pieces.h - a stream cut into what delivery sends and proves one by one. */
#ifndef KW_TAP_STREAM_PIECES_H
#define KW_TAP_STREAM_PIECES_H

#include "tap/stream/weave.h"

enum kw_pulses {
    KW_PULSES_IN_PLACE,
    KW_PULSES_FIRST,                /* what follows the run of its piece goes before it: the drawer does not wait */
    KW_PULSES_NONE                  /* the drawer stays shut */
};

/*
 * The stream's pieces of paper as pieces of bytes, each to its cut, with break points where the printer may be asked.
 * height_dots: rows that were added.
 */
int kw_stream_pieces(const struct kw_look *look, const struct kw_woven *woven, int height_dots, enum kw_pulses pulses,
                     struct kw_arena *arena, struct kw_encoded *encoded, struct kw_error *error);
/* Whether any command of it moves the drawer. */
bool kw_stream_pulses(const struct kw_look *look);

#endif
