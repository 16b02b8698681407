/*
 * withhold.h - card numbers are not kept with a receipt for as long as it is: their digits stand apart from it until
 * its paper is out, for until then it may have to be printed as it came.
 */
#ifndef KW_TAP_STREAM_WITHHOLD_H
#define KW_TAP_STREAM_WITHHOLD_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KW_WITHHELD = 'x' };          /* stands in a digit's place */

struct kw_withheld {
    const uint8_t *kept;            /* a body of the same length without them; NULL: there is none in it */
    const char *runs;               /* "OFFSET:DIGITS" and a line's end for each run of digits that is gone */
};

/* Of the words and the text of a stream's body (body.h); its pictures and symbols stay as they are. NO_MEMORY. */
int kw_withhold(const uint8_t *body, size_t length, struct kw_arena *arena, struct kw_withheld *out);
/* Puts them back. False, with nothing changed: they are not this body's. */
bool kw_withhold_return(uint8_t *body, size_t length, const char *runs);

#endif
