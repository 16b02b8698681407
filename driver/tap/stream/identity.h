/*
 * identity.h - which sale a stream is. A number that the shop has told the pattern of names it for certain; else its
 * ink does, which is the same as long as the same is printed.
 */
#ifndef KW_TAP_STREAM_IDENTITY_H
#define KW_TAP_STREAM_IDENTITY_H

#include "tap/stream/look.h"

enum { KW_INK_BYTES = 32 };

struct kw_identity {
    const char *id;                 /* "1042", or "ink-" and hexadecimal digits */
    bool numbered;                  /* the pattern of the number found it */
    bool strong;                    /* twice the same is the same sale, not two alike */
    uint8_t ink[KW_INK_BYTES];      /* digest of the dots of all pieces, feeds and settings aside */
};

/* Extended regular expressions whose first group counts; NULL: there is none. */
struct kw_identity_patterns {
    const char *number, *till;      /* in the text; both together name a sale where several tills count alike */
    const char *code;               /* in what a symbol says */
};
int kw_identity_find(const struct kw_look *look, const struct kw_identity_patterns *patterns, struct kw_arena *arena,
                     struct kw_identity *identity);
/* What kw_identity_find says of bytes that were not looked at: no more than these tell. */
int kw_identity_unread(const void *bytes, size_t length, struct kw_arena *arena, struct kw_identity *identity);

#endif
