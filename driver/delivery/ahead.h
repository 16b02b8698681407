/*
 * ahead.h - the first bytes of a receipt whose end nobody has seen: they go out before there is a job. The printer is
 * held and open meanwhile, and is remembered to hold what has no end, so that whoever finds it after a process that
 * died frees it. The job that is stored when all is there takes the conversation over: these bytes are its body's
 * first. What makes a receipt whole is never among them, so that one without a job is known not to be whole.
 */
#ifndef KW_DELIVERY_AHEAD_H
#define KW_DELIVERY_AHEAD_H

#include "delivery/work.h"

struct kw_ahead {
    struct kw_session session;      /* its link is NULL when it is over, or a job has taken it */
    const uint8_t *bytes;           /* all of the receipt, from when all is there; set by who calls */
    size_t length;
    size_t sent;                    /* of its bytes; 0: the printer is only ready for a job */
    int64_t ready_ms;               /* when it was */
    size_t looked_at;               /* `sent` when the printer was asked last, */
    int64_t looked_ms;              /* and when */
    unsigned strays;
    enum kwit_error cause;          /* why no more can be sent */
};

/*
 * Holds, opens and readies the printer, for a job that will be stored in a moment, of which nothing goes out before
 * that. Without a link: it cannot be had at once.
 */
void kw_ahead_open(struct kw_ahead *ahead, struct kw_delivery *delivery, int64_t until_ms);
/*
 * The same for bytes that go out before, if nothing waits for it. 0 and no link: now is not the time. Negative:
 * the journal failed.
 */
int kw_ahead_begin(struct kw_ahead *ahead, struct kw_delivery *delivery, int64_t until_ms, struct kw_error *error);
/* Sends the next bytes; false: it is over, and `cause` says why. inside: they end inside a command. */
bool kw_ahead_send(struct kw_ahead *ahead, const uint8_t *bytes, size_t length, bool inside);
/* While none come, outside of commands: who has questions may ask. False as above; *asks: one has no answer yet. */
bool kw_ahead_attend(struct kw_ahead *ahead, bool *asks);
/* Without a job: the rest goes out as it came, with no proof but (true) that it was taken. The printer is let go. */
bool kw_ahead_finish(struct kw_ahead *ahead);
/* Lets go of the printer, unless a job has taken it. */
void kw_ahead_end(struct kw_ahead *ahead);

/* ---- for the job ---- */

/* Its session from now on. Its link is NULL where nothing is out and the printer is not well any more. */
void kw_ahead_take(struct kw_ahead *ahead, struct kw_delivery *delivery, int64_t until_ms, struct kw_session *session);

#endif
