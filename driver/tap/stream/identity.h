/*
 * identity.h - which sale a stream is. A number that the shop has told the pattern of names it for certain; else its
 * ink does, which is the same as long as the same is printed.
 */
#ifndef KW_TAP_STREAM_IDENTITY_H
#define KW_TAP_STREAM_IDENTITY_H

#include "tap/stream/look.h"

enum { KW_INK_BYTES = 32, KW_IDENTITY_LIMIT = 64 };

struct kw_identity {
    const char *id;                 /* "1042", or "ink-" and hexadecimal digits */
    bool numbered;                  /* the pattern of the number found it */
    bool strong;                    /* twice the same is the same sale, not two alike */
    uint8_t ink[KW_INK_BYTES];      /* digest of the dots of all pieces, feeds and settings aside */
};

/* pattern: an extended regular expression whose first group is the number; NULL: there is none. NO_MEMORY. */
int kw_identity_find(const struct kw_look *look, const char *pattern, struct kw_arena *arena,
                     struct kw_identity *identity);

/* Whether a line of the piece is what one of these expressions describes; NULL-terminated. */
bool kw_identity_says(const struct kw_look *look, const struct kw_look_piece *piece, const char *const *patterns,
                      struct kw_arena *arena);

/* The first group of the pattern in a line, trimmed and cut to a name; NULL: it is not there. */
const char *kw_identity_match(const char *pattern, const char *const *lines, size_t count, struct kw_arena *arena);

#endif
