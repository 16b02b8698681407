/* reply.c - tells the printer's reply bytes apart: the first byte says what it is and how long. */
#include "escpos/escpos.h"

#include <string.h>

enum { XON = 0x11, XOFF = 0x13, ASB_BYTES = 4, ECHO_BYTES = 7, ECHO_AT = 2 };

static bool is_status(uint8_t byte) { return (byte & 0x93) == 0x12; }
static bool is_asb(uint8_t byte) { return (byte & 0x93) == 0x10; }
static bool is_single(uint8_t byte) { return (byte & 0x90) == 0x00; }

/* Headers of blocks: all have bit 4 and an odd low end, so that they are none of the above. */
static bool opens_block(uint8_t byte)
{
    return byte != 0 && memchr("\x5F\x37\x39\x3B\x3D\x35", byte, 6) != NULL;
}

/* NOTICE stands for every block until it is whole. */
static enum kw_reply_kind kind_of(uint8_t first)
{
    if (is_asb(first))
        return KW_REPLY_ASB;
    if (is_status(first))
        return KW_REPLY_STATUS;
    if (is_single(first))
        return KW_REPLY_BYTE;
    return opens_block(first) ? KW_REPLY_NOTICE : KW_REPLY_GARBAGE;
}

/* Whether all bytes between its head and the NUL are characters. */
static bool is_text(const struct kw_reply_reader *reader)
{
    for (size_t i = 1; i + 1 < reader->length; i++)
        if (reader->bytes[i] < 0x20 || reader->bytes[i] > 0x7E)
            return false;
    return true;
}

/* A whole block: what it is. Only names and counts are free text; the others have a letter of their own. */
static enum kw_reply_kind block_kind(const struct kw_reply_reader *reader)
{
    const uint8_t *bytes = reader->bytes;
    if (bytes[0] == 0x5F)
        return is_text(reader) ? KW_REPLY_TEXT : KW_REPLY_GARBAGE;
    if (bytes[0] == 0x37 && bytes[1] == 0x22)
        return reader->length == ECHO_BYTES && is_text(reader) ? KW_REPLY_ECHO : KW_REPLY_GARBAGE;
    if (bytes[0] == 0x37 && bytes[1] == 0x25)
        return reader->length == 3 ? KW_REPLY_CLEARED : KW_REPLY_GARBAGE;
    return KW_REPLY_NOTICE;
}

static bool finish(struct kw_reply_reader *reader, enum kw_reply_kind kind, struct kw_reply *reply)
{
    reply->kind = kind == KW_REPLY_NOTICE ? block_kind(reader) : kind;
    reply->length = reader->length;
    memcpy(reply->bytes, reader->bytes, reader->length);
    reader->length = 0;
    return true;
}

/* Whether the bytes so far are all of it. Blocks end with NUL; the ink ASB has four bytes and no end. */
static bool is_whole(const struct kw_reply_reader *reader, enum kw_reply_kind kind)
{
    if (kind == KW_REPLY_ASB || (kind == KW_REPLY_NOTICE && reader->bytes[0] == 0x35))
        return reader->length == ASB_BYTES;
    if (kind == KW_REPLY_NOTICE)
        return reader->length > 1 && reader->bytes[reader->length - 1] == 0;
    return true;
}

/*
 * Whether this byte cannot belong to what was begun, whose rest was lost: an ASB goes on with bytes that have bits
 * 4 and 7 clear, and the answers 12, 16, 1A and 1E of DLE EOT stand in no block.
 */
static bool begins_anew(const struct kw_reply_reader *reader, uint8_t byte)
{
    enum kw_reply_kind kind = reader->length ? kind_of(reader->bytes[0]) : KW_REPLY_NONE;
    return (kind == KW_REPLY_ASB && !is_single(byte)) || (kind == KW_REPLY_NOTICE && byte < 0x20 && is_status(byte));
}

bool kw_reply_feed(struct kw_reply_reader *reader, uint8_t byte, struct kw_reply *reply)
{
    /* Flow control of serial lines may stand anywhere, also inside other replies. */
    if (byte == XON || byte == XOFF) {
        *reply = (struct kw_reply){ .kind = KW_REPLY_FLOW, .bytes = { byte }, .length = 1 };
        return true;
    }
    if (begins_anew(reader, byte)) {
        reader->broken++;
        reader->length = 0;
    }
    reader->bytes[reader->length++] = byte;
    enum kw_reply_kind kind = kind_of(reader->bytes[0]);
    if (is_whole(reader, kind))
        return finish(reader, kind, reply);
    return reader->length == KW_REPLY_MAX ? finish(reader, KW_REPLY_GARBAGE, reply) : false;
}

const uint8_t *kw_reply_process_id(const struct kw_reply *reply)
{
    return reply->bytes + ECHO_AT;
}
