/*
 * weave.h - the invitation as one run of bytes inside another program's stream, and the proof that nothing else
 * changed.
 */
#ifndef KW_TAP_STREAM_WEAVE_H
#define KW_TAP_STREAM_WEAVE_H

#include "tap/stream/look.h"

struct kw_woven {
    const uint8_t *bytes;           /* the bytes to send: when it goes through, those that came */
    size_t length;
    uint64_t offset;                /* of the run that was added */
    size_t added;                   /* its bytes; 0: nothing was added */
    const char *doubt;              /* what the proof found, for engineers; "" */
};

/*
 * Puts the picture (place.width wide) into the chosen piece and proves it: the bytes that came are all there, in
 * their order, once; the strip of paper is what it was but for the picture's band; cuts, pulses, symbols, texts and
 * what is in force at the end are what they were. Anything else is a reason in look->through, and the bytes that came
 * go out.
 */
void kw_weave(struct kw_look *look, const struct kw_bitmap *picture, int64_t until_ms, struct kw_arena *arena,
              struct kw_woven *woven);

/*
 * The same with a run of bytes that is there already. False: the proof fails, and nothing is changed, so that something
 * else may be tried.
 */
bool kw_weave_run(const struct kw_look *look, const struct kw_buffer *run, int64_t until_ms, struct kw_arena *arena,
                  struct kw_woven *woven);

/* NULL when the woven bytes print what the others did, with the run's ink in a band of its own; else what differs. */
const char *kw_weave_fault(const struct kw_look *look, const struct kw_woven *woven, int64_t until_ms,
                           struct kw_arena *arena);

#endif
