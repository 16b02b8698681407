/* status.c - what delivery asks of a Star printer, and its status blocks: two heads that tell the length, then bits. */
#include "star/star.h"

#include <string.h>

enum { ESC = 0x1B, ETB = 0x17, XON = 0x11, XOFF = 0x13, HEADS = 2, COUNT_MASK = 31,
       FAR = 8 /* ETBs that an earlier session can hardly have left */, EXTENSION_HEAD = 2 };

size_t kw_star_ask_status(int n, uint8_t out[KW_STAR_QUESTION_BYTES])
{
    (void)n;
    memcpy(out, "\x1B\x06\x01", 3);
    return 3;
}

size_t kw_star_ask_barrier(bool first, int told, int *expected, uint8_t out[KW_STAR_QUESTION_BYTES])
{
    size_t length = 0;
    int count = 1;
    if (first) {
        memcpy(out, "\x1B\x1E\x45\x00", 4);
        length = 4;
        while (((count - told) & COUNT_MASK) < FAR)
            count++;
        *expected = 0;
    }
    memset(out + length, ETB, (size_t)count);
    *expected = (*expected + count) & COUNT_MASK;
    return length + (size_t)count;
}

size_t kw_star_pulse_instead(const uint8_t *bytes, size_t length, uint8_t out[KW_STAR_QUESTION_BYTES])
{
    if (length == 0)
        return 0;
    out[0] = bytes[length - 1] == 0x07 ? 0x1C : 0x19;
    return 1;
}

bool kw_star_unstick(struct kw_buffer *out)
{
    kw_buffer_fill(out, 0, KW_COMMAND_MAX_BYTES);
    kw_buffer_add(out, "\x1B*rC\x1B*rB\x1B@", 10);
    return !out->failed;
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static bool is_head(uint8_t byte)
{
    return (byte & 0x91) == 0x01;
}

static size_t frame_length(uint8_t head)
{
    return (size_t)((head >> 1 & 7) + (head & 0x20 ? 8 : 0) + (head & 0x40 ? 16 : 0));
}

/* Bits 0, 4 and 7 are clear in all that follows the heads. */
static bool belongs(const struct kw_reply_reader *reader)
{
    size_t at = reader->length - 1;
    size_t length = frame_length(reader->bytes[0]);
    if (at == 0)
        return is_head(reader->bytes[0]) && length >= 7;
    return at == 1 ? (reader->bytes[1] & 0x11) == 0 : at >= length || (reader->bytes[at] & 0x91) == 0;
}

/* On a network a block of entries follows, whose length stands before it, the greater byte first. */
static size_t whole_length(const struct kw_reply_reader *reader)
{
    size_t length = frame_length(reader->bytes[0]);
    if (reader->length < HEADS || !(reader->bytes[1] & 0x80))
        return length;
    if (reader->length < length + EXTENSION_HEAD)
        return length + EXTENSION_HEAD;
    return length + EXTENSION_HEAD + (size_t)(reader->bytes[length] << 8 | reader->bytes[length + 1]);
}

static bool finish(struct kw_reply_reader *reader, enum kw_reply_kind kind, struct kw_reply *reply)
{
    reply->kind = kind;
    reply->length = reader->length;
    memcpy(reply->bytes, reader->bytes, reader->length);
    reader->length = 0;
    return true;
}

bool kw_star_reply_feed(struct kw_reply_reader *reader, uint8_t byte, struct kw_reply *reply)
{
    if (reader->length == 0 && (byte == XON || byte == XOFF)) {
        *reply = (struct kw_reply){ .kind = KW_REPLY_FLOW, .bytes = { byte }, .length = 1 };
        return true;
    }
    reader->bytes[reader->length++] = byte;
    if (!belongs(reader))
        return finish(reader, KW_REPLY_GARBAGE, reply);
    size_t whole = whole_length(reader);
    if (whole > KW_REPLY_MAX)
        return finish(reader, KW_REPLY_GARBAGE, reply);
    return reader->length >= HEADS && reader->length == whole && finish(reader, KW_REPLY_FRAME, reply);
}

int kw_star_take_frame(struct kw_printer_state *state, const struct kw_reply *reply)
{
    const uint8_t *frame = reply->bytes;
    size_t length = frame_length(frame[0]);
    *state = (struct kw_printer_state){
        .known = true,
        .offline = frame[2] & 0x08, .cover_open = frame[2] & 0x20, .drawer_pin_high = frame[2] & 0x04,
        .auto_recoverable = frame[3] & 0x40, .unrecoverable = frame[3] & 0x20, .cutter = frame[3] & 0x08,
        .recoverable = frame[3] & 0x06, .error = frame[4] & 0x4A,
        .paper_out = frame[5] & 0x08, .paper_near_end = frame[5] & 0x06,
        .raw = { 0, frame[2], frame[3], frame[4], frame[5] },
    };
    return length > 7 ? (frame[7] >> 1 & 7) | (frame[7] >> 2 & 0x18) : 0;
}
