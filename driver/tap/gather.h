/*
 * gather.h - the bytes of one connection become receipts, and questions that are answered meanwhile. No I/O: it is told
 * what came and how long nothing did, and says what is to be done.
 */
#ifndef KW_TAP_GATHER_H
#define KW_TAP_GATHER_H

#include "base/buffer.h"
#include "tap/wanted.h"

#include <stdbool.h>
#include <stdint.h>

enum { KW_GATHER_BYTES = 16 * 1024 * 1024, KW_GATHER_DIALOGUE = 4096 };

struct kw_gather {
    struct kw_buffer job;           /* what is printed: everything but what is said live, in its order */
    struct kw_buffer partial;       /* the begin of a command whose end has not come yet */
    struct kw_buffer live;          /* to the printer at once: questions and pulses that stand before any ink */
    struct kw_buffer after;         /* questions that stand behind ink: asked when it is printed */
    struct kw_tap_wanted live_wanted, after_wanted;
    uint8_t asb;                    /* n of the last GS a: what the printer is to say by itself */
    uint64_t skip;                  /* bytes of a long command that are still to come */
    bool inked, cut;                /* cut: behind the last ink */
    bool overflowed;                /* longer than anything that is a receipt */
    size_t first_ink;               /* where in `job` its ink begins, */
    size_t free;                    /* and up to where it may go out: more ink has followed, or must */
    bool inside;                    /* `free` stands inside a command: nothing may be put between there */
    bool goes_on;                   /* it goes out as it comes: then ink behind a cut is the next receipt's */
    bool parted;                    /* and that has come: it waits in `partial` */
};

void kw_gather_begin(struct kw_gather *gather);
void kw_gather_end(struct kw_gather *gather);
/* Takes what came. */
void kw_gather_feed(struct kw_gather *gather, const uint8_t *bytes, size_t length);
/* Whether silence for so long ends a receipt. finished: the other program has said that nothing more comes. */
bool kw_gather_is_whole(const struct kw_gather *gather, int64_t silent_ms, int64_t settle_ms, int64_t idle_ms,
                        bool finished);
/* Milliseconds of silence after which that may change; -1: none. */
int64_t kw_gather_patience_ms(const struct kw_gather *gather, int64_t settle_ms, int64_t idle_ms);
/* What is left of an unfinished command belongs to the receipt; then the receipt is taken, and the next begins. */
void kw_gather_close(struct kw_gather *gather);
void kw_gather_next(struct kw_gather *gather);

#endif
