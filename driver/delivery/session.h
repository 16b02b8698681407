/* session.h - one printer, held and open: made ready before the first byte, and what it can promise. */
#ifndef KW_DELIVERY_SESSION_H
#define KW_DELIVERY_SESSION_H

#include "delivery/talk.h"

struct kw_session {
    struct kw_delivery *delivery;
    struct kw_lock *lock;
    struct kw_link *link;           /* NULL: not open */
    struct kw_talk talk;
    bool silent;                    /* it says nothing on this link: ask no more */
    bool synced;                    /* it echoed: what we send now is read as commands */
    bool dirty;                     /* it may hold bytes of an interrupted receipt */
    int confirm;                    /* enum kw_confirm: what will prove the paper; never KW_CONFIRM_PROBE */
    int64_t cuts;                   /* the printer's own count, kept up to date; -1: it tells none */
    struct kw_printer_row remembered;       /* what the journal knew of the printer when it was opened */
    int64_t open_ms;
    int64_t until_ms;               /* the moment at which a printer that is not ready yet is given up */
};

/* Takes the printer's lock; BUSY at the moment. */
int kw_session_lock(struct kw_session *session, struct kw_delivery *delivery, int64_t until_ms, struct kw_error *error);
/* Opens the printer and learns who it is; cause in the delivery when it cannot be reached. */
int kw_session_open(struct kw_session *session, int64_t until_ms, struct kw_error *error);
/* Writes what was learned of the printer, closes, and unlocks. */
void kw_session_end(struct kw_session *session);

/*
 * Makes an open printer ready for the first byte: asks how it is, frees it from an unfinished command, discards what
 * an interrupted receipt left, finds out what it can prove. Waits for what mends itself. A cause: it cannot print.
 */
int kw_session_ready(struct kw_session *session, int64_t until_ms, struct kw_error *error);
/* Asks all four and gives the cause, twice when there is one; 0: it can print, or says nothing. */
int kw_session_look(struct kw_session *session, int64_t wait_ms, int *cause, struct kw_error *error);
/* Discards what the printer holds, where it can and may; true only when the printer said that it did. */
bool kw_session_discard(struct kw_session *session);
/* Whether an echo at the end proves the paper: the printer echoed at the beginning too. */
bool kw_session_may_prove(const struct kw_session *session);

/* Notes why nothing can be printed now; error may be NULL. Returns 0. */
int kw_session_cause(struct kw_session *session, int code, const struct kw_error *error);

#endif
