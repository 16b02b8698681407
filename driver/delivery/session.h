/* session.h - one printer, held and open: made ready before the first byte, and what it can promise. */
#ifndef KW_DELIVERY_SESSION_H
#define KW_DELIVERY_SESSION_H

#include "delivery/talk.h"

enum {
    KW_SESSION_LAST_MS = 250,       /* of a call's time, kept for the last look at what stopped it */
    KW_SESSION_VOUCHED = 3          /* so many receipts in a row that a person saw and no answer proved */
};

struct kw_session {
    struct kw_delivery *delivery;
    struct kw_lock *lock;
    struct kw_link *link;           /* NULL: not open */
    struct kw_talk talk;
    bool silent;                    /* it says nothing on this link: ask no more */
    bool chattered;                 /* the first opening heard strays */
    bool answers;                   /* it told how it is, in form and with no stray between */
    bool synced;                    /* it confirmed at the beginning: what we send now is read as commands */
    bool behind;                    /* another's data stand before ours, and it does not come to their end */
    bool dirty;                     /* it may hold bytes of an interrupted receipt */
    enum kw_confirm confirm;        /* what will prove the paper; never KW_CONFIRM_PROBE */
    int64_t cuts;                   /* the printer's own count, kept up to date; -1: it tells none */
    struct kw_printer_row remembered;       /* what the journal knew of the printer when it was opened */
    int64_t open_ms;
    int64_t until_ms;               /* the call's moment: no wait goes beyond it */
};

/* Takes the printer's lock; BUSY at the moment. */
int kw_session_lock(struct kw_session *session, struct kw_delivery *delivery, int64_t until_ms, struct kw_error *error);
/* Opens the printer and learns who it is; cause in the delivery when it cannot be reached. */
int kw_session_open(struct kw_session *session, int64_t until_ms, struct kw_error *error);
/* Writes what was learned of the printer and closes it; the lock stays. */
void kw_session_close(struct kw_session *session);
/* The same, and unlocks. */
void kw_session_end(struct kw_session *session);

/* ---- opening.c ---- */

/*
 * Makes an open printer ready for the first byte: asks how and what it is, frees it from an unfinished command,
 * waits for what others sent, finds out what it can prove. Waits for what mends itself. A cause: it
 * cannot print.
 */
void kw_session_ready(struct kw_session *session, int64_t until_ms);
/* Asks how it is, for who prints nothing: a cause, NO_ANSWER of one that says nothing, GARBAGE. */
void kw_session_look_only(struct kw_session *session);
/*
 * Asks how it is and gives the cause, twice when there is one; 0: it can print, or said nothing that counts. *whole
 * (may be NULL): every question was answered, with no stray between.
 */
int kw_session_look(struct kw_session *session, int64_t wait_ms, int *cause, bool *whole, struct kw_error *error);
/* The question that stands behind everything sent so far; its length, 0 when nothing can be asked. */
size_t kw_session_ask_proof(struct kw_session *session, uint8_t out[KW_QUESTION_BYTES]);
/* Discards what the printer holds, where it can and may; true only when the printer said that it did. */
bool kw_session_discard(struct kw_session *session);
/* How long an answer is waited for from now: never beyond the call's moment. */
int64_t kw_session_moment(const struct kw_session *session, int64_t wait_ms);

/* Notes why nothing can be printed now; error may be NULL. Returns 0. */
int kw_session_cause(struct kw_session *session, int code, const struct kw_error *error);

#endif
