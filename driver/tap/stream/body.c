/* body.c - "kwit-stream 1 DOCUMENT-LENGTH MARKS TILL" and a line's end, the document, the bytes. */
#include "tap/stream/body.h"

#include <stdio.h>
#include <string.h>

enum { HEAD_LIMIT = 160 };

static const char beginning[] = "kwit-stream 1 ";

bool kw_stream_split(const void *body, size_t length, struct kw_stream_body *out)
{
    char head[HEAD_LIMIT];
    const char *bytes = body;
    if (length < sizeof beginning || memcmp(bytes, beginning, sizeof beginning - 1) != 0)
        return false;
    const char *end = memchr(bytes, '\n', length < sizeof head ? length : sizeof head - 1);
    if (!end)
        return false;
    size_t head_length = (size_t)(end - bytes);
    memcpy(head, bytes, head_length);
    head[head_length] = 0;
    *out = (struct kw_stream_body){ .document = end + 1 };
    int got = sscanf(head + sizeof beginning - 1, "%zu %u %63[^\n]", &out->document_length, &out->marks,
                     out->till_text);
    size_t rest = length - head_length - 1;
    if (got < 2 || out->document_length > rest)
        return false;
    out->till = out->till_text;
    out->bytes = (const uint8_t *)end + 1 + out->document_length;
    out->length = rest - out->document_length;
    return true;
}

bool kw_stream_join(const struct kw_stream_body *body, struct kw_buffer *out)
{
    kw_buffer_format(out, "%s%zu %u %s\n", beginning, body->document_length, body->marks, body->till);
    kw_buffer_add(out, body->document, body->document_length);
    return kw_buffer_add(out, body->bytes, body->length);
}
