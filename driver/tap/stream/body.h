/*
 * body.h - a stream of another program as it is kept with its sale: a line of its own before it, the sale as far as the
 * stream tells it, the bytes as they came, and their words where kwit has laid them out. It goes wherever a document
 * goes.
 */
#ifndef KW_TAP_STREAM_BODY_H
#define KW_TAP_STREAM_BODY_H

#include "tap/stream/given.h"

#include <stddef.h>
#include <stdint.h>

enum kw_stream_mark {
    KW_STREAM_CUTLESS = 1,          /* the end of the bytes ends the receipt, where no cut does */
    KW_STREAM_WEAK = 2,             /* what names the sale may name two alike */
    /* It is not looked at: when that was tried, it took too long, or crashed. */
    KW_STREAM_SLOW = 4, KW_STREAM_CRASHES = 8,
    KW_STREAM_OPEN = 16             /* more of the receipt may have followed: the end of the bytes is not its end */
};

struct kw_stream_body {
    const char *document;
    size_t document_length;
    const uint8_t *bytes;
    size_t length;
    struct kw_given given;          /* what its paper says */
    unsigned marks;
    const char *till;               /* of [tap NAME]; "" */
    char till_text[64];
};

/* False: it is a document like any other. */
bool kw_stream_split(const void *body, size_t length, struct kw_stream_body *out);
bool kw_stream_join(const struct kw_stream_body *body, struct kw_buffer *out);

#endif
