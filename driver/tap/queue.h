/*
 * queue.h - the one printer behind all connections, in a thread of its own: receipts in the order of their ends,
 * questions before them and between them.
 */
#ifndef KW_TAP_QUEUE_H
#define KW_TAP_QUEUE_H

#include "base/error.h"
#include "tap/wanted.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KW_TAP_ANSWER = 512 };

/* How the printer is, for programs that want to be told when that changes. */
struct kw_tap_status {
    bool known, away;               /* it answered; since then it could not be reached */
    uint8_t raw[5];                 /* its answers to DLE EOT 1..4 by index */
    int64_t asked_ms;               /* when that was asked, as kw_clock_boot_ms; 0: never */
};

struct kw_tap_queue_work;
/* What is done with the printer. Only the line's thread calls these. */
struct kw_tap_queue_calls {
    void *data;
    /* Prints a receipt; returns when it is known what became of it, and says so in it. */
    void (*print)(void *data, struct kw_tap_queue_work *work);
    /* Sends bytes that are no receipt and gives back what of the printer's answers is wanted, as it said them. */
    size_t (*ask)(void *data, const uint8_t *bytes, size_t length, struct kw_tap_wanted wanted,
                  uint8_t out[KW_TAP_ANSWER]);
    /* Looks how it is, for those who watch. */
    void (*watch)(void *data, struct kw_tap_status *status);
    /* Whether it could print a receipt now. NULL: nobody wants to know. */
    bool (*ready)(void *data);
};

enum kw_tap_form {
    KW_TAP_STREAM,                  /* finished bytes */
    KW_TAP_DOCUMENT,                /* a sale, as JSON or as another system tells it */
    KW_TAP_EPOS                     /* ePOS-Print, as XML */
};
/* What says that a receipt's bytes are all there. */
enum kw_tap_end {
    KW_TAP_END_CLOSED,              /* its program: nothing more comes */
    KW_TAP_END_SILENCE,             /* nothing came for a while */
    KW_TAP_END_OPEN                 /* nothing, nor a cut: its program waits for an answer, or broke off */
};
enum { KW_TAP_AGAIN = 80, KW_TAP_FROM = 64 };

/*
 * One wish. Its maker owns it until it is put, and again when it is done; the bytes of one that is open become more
 * meanwhile.
 */
struct kw_tap_queue_work {
    uint8_t *bytes;
    size_t length;
    bool receipt;                   /* else a question, or */
    bool in_turn;                   /* feeds, settings, a cut: done where they stand among the receipts */
    bool open;                      /* a receipt whose end has not come: its bytes may go out as they come */
    bool inside;                    /* they end inside a command: nothing may be put between there */
    bool begun;                     /* a part of it went out, and came to nothing */
    bool declined;                  /* it does not go out before its end, which its maker keeps for another wish */
    bool dropped;                   /* what has not gone out is not to */
    enum kw_tap_form form;          /* of a receipt's bytes */
    enum kw_tap_end end;
    char again[KW_TAP_AGAIN];       /* names this try and later ones; "" nothing does */
    char from[KW_TAP_FROM];         /* of a document: the map that reads it; "" it is kwit's own */
    enum kwit_outcome outcome;      /* in the end, */
    int reason;                     /* an error's code; 0 none */
    char *line;                     /* what is said of it, freed with it; NULL: nothing */
    struct kw_tap_wanted wanted;    /* of the answers to a question */
    int wake;                       /* an eventfd that tells that it is done; -1: nobody waits */
    uint8_t answer[KW_TAP_ANSWER];
    size_t answer_length;
    bool kept;                      /* it is on disk, and gets done whatever becomes of this process */
    bool done, left;                /* left: its maker is gone */
    struct kw_tap_queue_work *next;
};

/* Bytes of a receipt that is open, taken out. */
struct kw_tap_queue_chunk {
    uint8_t bytes[4096];
    size_t length;
    bool inside;                    /* they end inside a command */
    bool open;                      /* more will come; else they were the last, all of which the wish has */
};

struct kw_tap_queue;
int kw_tap_queue_start(const struct kw_tap_queue_calls *calls, struct kw_tap_queue **line, struct kw_error *error);
/* What was put is done first. */
void kw_tap_queue_stop(struct kw_tap_queue *line);

/* A wish with a copy of the bytes; NULL without memory. */
struct kw_tap_queue_work *kw_tap_queue_work_new(const uint8_t *bytes, size_t length, bool receipt, int wake);
void kw_tap_queue_work_free(struct kw_tap_queue_work *work);
void kw_tap_queue_put(struct kw_tap_queue *line, struct kw_tap_queue_work *work);
bool kw_tap_queue_is_done(struct kw_tap_queue *line, struct kw_tap_queue_work *work);
/*
 * Of one that is open: more bytes, of which the last end inside a command or not; or (ends) the rest of them, and it is
 * open no more. False: it was declined, or there is no memory.
 */
bool kw_tap_queue_add(struct kw_tap_queue *line, struct kw_tap_queue_work *work, const uint8_t *bytes, size_t length,
                      bool inside, bool ends);
/* Takes it back, where its end has not come yet: true. */
bool kw_tap_queue_decline(struct kw_tap_queue *line, struct kw_tap_queue_work *work, bool begun);
/* Waits a while for bytes behind so many, for the end, or (listens) for a question that is answered meanwhile. */
void kw_tap_queue_read(struct kw_tap_queue *line, struct kw_tap_queue_work *work, size_t from, bool listens, int for_ms,
                       struct kw_tap_queue_chunk *chunk);
/* It is on disk: said by who does it, and asked by its maker. */
void kw_tap_queue_keep(struct kw_tap_queue *line, struct kw_tap_queue_work *work);
bool kw_tap_queue_is_kept(struct kw_tap_queue *line, const struct kw_tap_queue_work *work);
/* Its maker does not wait any more: it is freed when it is done. */
void kw_tap_queue_leave(struct kw_tap_queue *line, struct kw_tap_queue_work *work);
/* False: it is begun, or done. True: it never was, and is its maker's again. */
bool kw_tap_queue_take_back(struct kw_tap_queue *line, struct kw_tap_queue_work *work);
/* Whether the printer could not print when it was looked at last. */
bool kw_tap_queue_is_away(struct kw_tap_queue *line);

/*
 * Somebody more, or less (-1), wants to be told how the printer is: while anybody does it is looked at often, between
 * all other wishes. The result: what was seen last.
 */
void kw_tap_queue_watch(struct kw_tap_queue *line, int change);
struct kw_tap_status kw_tap_queue_status(struct kw_tap_queue *line);
/* For who prints, in the line's thread: whether anybody watches; and how the printer is meanwhile. */
bool kw_tap_queue_is_watched(struct kw_tap_queue *line);
void kw_tap_queue_tell(struct kw_tap_queue *line, const struct kw_tap_status *status);

/*
 * For who prints, in the line's thread: the oldest question that waits meanwhile and consists of real-time commands
 * alone, which a printer answers while it prints; NULL: none. One of the next two gives it back.
 */
struct kw_tap_queue_work *kw_tap_queue_question(struct kw_tap_queue *line);
void kw_tap_queue_answer(struct kw_tap_queue *line, struct kw_tap_queue_work *work);
/* It could not be answered meanwhile: it waits again, before all others. */
void kw_tap_queue_return(struct kw_tap_queue *line, struct kw_tap_queue_work *work);

#endif
