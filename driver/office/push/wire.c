/* wire.c - numbers and texts as bytes. */
#include "office/push/wire.h"

#include "base/utf8.h"

#include <string.h>

static void put_number(struct kw_wire *wire, uint64_t folded)
{
    do {
        const uint8_t more = folded > 0x7f ? 0x80 : 0;
        kw_buffer_byte(wire->out, (uint8_t)(folded & 0x7f) | more);
        folded >>= 7;
    } while (folded);
}

static uint64_t get_number(struct kw_wire *wire)
{
    uint64_t folded = 0;
    for (int shift = 0; shift < 64 && wire->at < wire->end; shift += 7) {
        const uint8_t byte = *wire->at++;
        if (shift == 63 && byte > 1)
            break;
        folded |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return folded;
    }
    wire->failed = true;
    return 0;
}

void kw_wire_number(struct kw_wire *wire, int64_t *value)
{
    if (wire->out) {
        put_number(wire, (uint64_t)*value << 1 ^ (uint64_t)(*value < 0 ? -1 : 0));
    } else {
        const uint64_t folded = get_number(wire);
        *value = (int64_t)(folded >> 1 ^ (folded & 1 ? ~(uint64_t)0 : 0));
    }
}

void kw_wire_step(struct kw_wire *wire, int64_t base, int64_t *value)
{
    int64_t step = wire->out ? (int64_t)((uint64_t)*value - (uint64_t)base) : 0;
    kw_wire_number(wire, &step);
    *value = (int64_t)((uint64_t)base + (uint64_t)step);
}

void kw_wire_bytes(struct kw_wire *wire, void *bytes, size_t length)
{
    if (wire->out) {
        kw_buffer_add(wire->out, bytes, length);
    } else if ((size_t)(wire->end - wire->at) < length) {
        wire->failed = true;
        memset(bytes, 0, length);
    } else {
        memcpy(bytes, wire->at, length);
        wire->at += length;
    }
}

static const char *get_text(struct kw_wire *wire, uint64_t length)
{
    const char *from = (const char *)wire->at;
    if (length > KW_WIRE_TEXT || length > (size_t)(wire->end - wire->at) || memchr(from, 0, length)
        || !kw_utf8_valid(from, length)) {
        wire->failed = true;
        return "";
    }
    const char *text = kw_arena_copy(wire->arena, from, length);
    wire->at += length;
    wire->starved = wire->starved || !text;
    wire->failed = wire->failed || !text;
    return text ? text : "";
}

void kw_wire_text(struct kw_wire *wire, int kind, const char **text)
{
    const char *last = wire->last[kind] ? wire->last[kind] : "";
    if (wire->out && strcmp(*text, last) == 0) {
        put_number(wire, 0);
    } else if (wire->out) {
        const size_t length = strlen(*text);
        put_number(wire, length + 1);
        kw_buffer_add(wire->out, *text, length);
    } else {
        const uint64_t length = get_number(wire);
        *text = length == 0 ? last : get_text(wire, length - 1);
    }
    wire->last[kind] = *text;
}
