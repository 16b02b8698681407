/*
 * through.h - a receipt that comes slowly goes to the printer as it comes. Whether it may is decided here: not while
 * the printer is busy or away, and not as long as it could be a receipt that its program only sends again. What makes
 * it whole waits for its end, when it is looked at, stored and proved like any other.
 */
#ifndef KW_API_TAP_THROUGH_H
#define KW_API_TAP_THROUGH_H

#include "api/tap/tap.h"
#include "delivery/ahead.h"

struct kw_tap_through {
    struct kw_call call;
    struct kw_ahead ahead;
    bool begun;                     /* its first bytes are out, and a job may go on with them; else nothing counts */
};

/*
 * Sends what comes of a receipt that is open, to its end; of one that is whole, nothing. False: there is nothing to
 * print (now), for it was declined or dropped.
 */
bool kw_tap_go_through(struct kw_tap_through *through, const struct kw_tap_printer *where,
                       const struct kw_config_tap *tap, const struct kw_tap_between *between,
                       struct kw_tap_queue *queue, struct kw_tap_queue_work *work);
/* What no job has taken goes out as it came. */
void kw_tap_end_through(struct kw_tap_through *through);

#endif
