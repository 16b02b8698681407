/*
 * body.c - "kwit-stream 1 DOCUMENT-LENGTH MARKS TILL" and a line's end, the document, the bytes; where their words are
 * known, "kwit-stream 2 DOCUMENT-LENGTH MARKS WORDS-LENGTH TILL", and the words stand between the two.
 */
#include "tap/stream/body.h"

#include <stdio.h>
#include <string.h>

enum { HEAD_LIMIT = 160 };

static const char beginning[] = "kwit-stream ";

static bool read_head(const char *head, struct kw_stream_body *out)
{
    switch (head[0]) {
    case '1':
        return sscanf(head + 1, "%zu %u %63[^\n]", &out->document_length, &out->marks, out->till_text) >= 2;
    case '2':
        return sscanf(head + 1, "%zu %u %zu %63[^\n]", &out->document_length, &out->marks, &out->given.length,
                      out->till_text) >= 3;
    default:
        return false;
    }
}

bool kw_stream_split(const void *body, size_t length, struct kw_stream_body *out)
{
    char head[HEAD_LIMIT];
    const char *bytes = body;
    if (length < sizeof beginning || memcmp(bytes, beginning, sizeof beginning - 1) != 0)
        return false;
    const char *end = memchr(bytes, '\n', length < sizeof head ? length : sizeof head - 1);
    if (!end)
        return false;
    size_t head_length = (size_t)(end - bytes), rest = length - head_length - 1;
    memcpy(head, bytes, head_length);
    head[head_length] = 0;
    *out = (struct kw_stream_body){ .document = end + 1 };
    if (!read_head(head + sizeof beginning - 1, out) || out->document_length > rest
        || out->given.length > rest - out->document_length)
        return false;
    out->till = out->till_text;
    out->given.text = out->given.length > 0 ? out->document + out->document_length : NULL;
    out->bytes = (const uint8_t *)out->document + out->document_length + out->given.length;
    out->length = rest - out->document_length - out->given.length;
    return true;
}

bool kw_stream_join(const struct kw_stream_body *body, struct kw_buffer *out)
{
    if (body->given.length > 0)
        kw_buffer_format(out, "%s2 %zu %u %zu %s\n", beginning, body->document_length, body->marks,
                         body->given.length, body->till);
    else
        kw_buffer_format(out, "%s1 %zu %u %s\n", beginning, body->document_length, body->marks, body->till);
    kw_buffer_add(out, body->document, body->document_length);
    kw_buffer_add(out, body->given.text, body->given.length);
    return kw_buffer_add(out, body->bytes, body->length);
}
