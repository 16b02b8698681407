/*
 * rehearse.h - a receipt is read in a copy of this process and woven there for a trial, so that one that crashes or
 * hangs takes nothing along. What was read lies in memory that both share: it is done once.
 */
#ifndef KW_API_TAP_REHEARSE_H
#define KW_API_TAP_REHEARSE_H

#include "api/stream.h"
#include "api/tap/guard.h"

/* What a stream says of itself. */
struct kw_rehearsed {
    int code;
    struct kw_error error;          /* where code is not 0 */
    struct kw_look look;            /* as the printer that is aimed at would print it */
    struct kw_identity identity;
};

struct kw_rehearsal {
    const struct kw_config *config;
    const struct kw_config_tap *tap;
    const struct kw_profile *profile;
    const struct kw_stream_body *body;
    struct kw_arena *shared;        /* NULL: nothing was rehearsed */
    struct kw_rehearsed *reading;     /* in there */
    struct kw_guard guard;
};

/* Reads it here and now, into the arena. The code that is in the reading too. */
int kw_rehearsal_take(const struct kw_rehearsal *of, struct kw_arena *arena, struct kw_rehearsed *reading);
/* Begins with all but `shared`, `reading` and `guard`. False: no copy of the process is to be had. */
bool kw_rehearsal_begin(struct kw_rehearsal *rehearsal, int64_t hold_ms);
/* Waits until it is read; where it survived that *reading is filled, and lives until the end. */
void kw_rehearsal_read(struct kw_rehearsal *rehearsal, struct kw_rehearsed *reading);
/* Whether the rest went well, too. What it did not survive so far is in the guard. */
bool kw_rehearsal_is_through(struct kw_rehearsal *rehearsal);
void kw_rehearsal_end(struct kw_rehearsal *rehearsal);

#endif
