/*
 * wire.h - numbers and texts as bytes, one description for both directions. Private to this room.
 *
 * A wire writes what it is pointed at, or reads it; the first fault sticks.
 */
#ifndef KW_OFFICE_PUSH_WIRE_H
#define KW_OFFICE_PUSH_WIRE_H

#include "base/arena.h"
#include "base/buffer.h"

enum { KW_WIRE_TEXTS = 8, KW_WIRE_TEXT = 4096 };

struct kw_wire {
    struct kw_buffer *out;                  /* NULL: it reads */
    const uint8_t *at, *end;
    struct kw_arena *arena;                 /* for texts that are read */
    bool failed, starved;                   /* starved: for want of memory */
    const char *last[KW_WIRE_TEXTS];        /* what each kind of text was before */
};

/* A whole number: its sign folded in, seven bits a byte, the low ones first. */
void kw_wire_number(struct kw_wire *wire, int64_t *value);
/* The same, as what it differs from `base`. */
void kw_wire_step(struct kw_wire *wire, int64_t base, int64_t *value);
void kw_wire_bytes(struct kw_wire *wire, void *bytes, size_t length);
/* UTF-8 without NUL, up to 4 KiB: 0 stands for the same text of this kind as before, else its length and one more. */
void kw_wire_text(struct kw_wire *wire, int kind, const char **text);

#endif
