/*
 * talk.h - a conversation with one open printer: questions, their answers in order, and what came unasked.
 *
 * Answers to DLE EOT carry no number, so each belongs to the oldest question that has none yet; an echoed process id
 * proves that everything asked before it is answered or lost, and that the printer reads commands and not the
 * inside of somebody's picture.
 */
#ifndef KW_DELIVERY_TALK_H
#define KW_DELIVERY_TALK_H

#include "delivery/delivery.h"

enum { KW_TALK_QUESTIONS = 16, KW_COUNT_TEXT = 16 };

struct kw_talk {
    const struct kw_transport_ops *ops;
    struct kw_link *link;
    struct kw_reply_reader reader;
    struct kw_printer_state state;
    uint8_t asked[KW_TALK_QUESTIONS];       /* the n of questions without an answer, oldest first */
    size_t asked_count;
    uint8_t answered[5];                    /* how often each n was answered on this link */
    bool heard, garbage;                    /* anything valid; anything that is not */
    uint32_t next_id, awaited_id;           /* process ids as numbers; awaited 0: none */
    bool id_came;
    uint32_t sync_id;                       /* the first echo of this link, asked without waiting; 0: none */
    bool sync_came;
    int bytes_came, bytes_before;           /* one-byte answers: the barrier; those of an earlier barrier */
    bool cleared;                           /* the printer said that it discarded everything */
    int64_t count;                          /* its own count of cuts, -1: not said */
};

void kw_talk_begin(struct kw_talk *talk, struct kw_link *link);

/*
 * Sends bytes and takes what comes, until all is accepted or the moment. *done counts what was accepted. 0, or why the
 * link is of no use any more.
 */
int kw_talk_send(struct kw_talk *talk, const uint8_t *bytes, size_t length, size_t *done, int64_t until_ms,
                 struct kw_error *error);
/* Takes what comes until the condition holds or the moment; negative: the link is gone. */
int kw_talk_listen(struct kw_talk *talk, bool (*enough)(const struct kw_talk *talk), int64_t until_ms,
                   struct kw_error *error);
/* Throws away what an earlier conversation left. */
int kw_talk_drain(struct kw_talk *talk, struct kw_error *error);

/* Asks DLE EOT first..last and waits for all answers, at most wait_ms; *all tells whether they came. */
int kw_talk_ask(struct kw_talk *talk, int first, int last, int64_t wait_ms, bool *all, struct kw_error *error);

/* A new process id, to be awaited; the bytes of the command that makes the printer echo it. */
size_t kw_talk_process_id(struct kw_talk *talk, uint8_t out[16]);
/* The awaited id becomes the link's first echo, which may come at any later time. */
void kw_talk_leave_sync(struct kw_talk *talk);
bool kw_talk_id_came(const struct kw_talk *talk);
bool kw_talk_barrier_came(const struct kw_talk *talk);
bool kw_talk_cleared(const struct kw_talk *talk);

#endif
