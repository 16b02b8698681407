/*
 * talk.h - a conversation with one open printer: questions, their answers in order, and what came unasked.
 *
 * Answers carry no number, so each belongs to the oldest question of its kind that has none yet; a question stays open
 * until it is answered, and is not asked again before. An echoed process id proves that everything asked before it is
 * answered or lost. What nobody asked for and no printer says by itself is a stray: it proves nothing and causes
 * nothing, and where a barrier is all that a printer has, it spoils the proof.
 */
#ifndef KW_DELIVERY_TALK_H
#define KW_DELIVERY_TALK_H

#include "delivery/delivery.h"
#include "delivery/dialect.h"

enum { KW_COUNT_DIGITS = 16, KW_NAME_SIZE = 64, KW_OTHER_IDS = 16 };
/* The one question open whose answer is a TEXT. */
enum kw_text_asked { KW_TEXT_NONE, KW_TEXT_MAKER, KW_TEXT_MODEL, KW_TEXT_CUTS };

struct kw_talk {
    const struct kw_transport_ops *ops;
    struct kw_link *link;
    const struct kw_dialect *dialect;
    struct kw_reply_reader reader;
    struct kw_printer_state state;

    uint8_t asked[KW_STATUS_QUESTIONS_MAX]; /* the n of status questions without an answer, oldest first */
    size_t asked_count;
    unsigned answered;                      /* status answers taken on this link */
    bool stuck;                             /* the last that was sent is known not to be taken whole */
    unsigned came;                          /* bytes of any kind since the opening began */
    unsigned strays;                        /* replies among them that nobody asked for, in no form of a notice */

    uint32_t next_id, awaited_id;           /* process ids as numbers; awaited 0: none */
    size_t asked_before_id;                 /* how many of the open questions were asked before the awaited one */
    bool id_came;
    uint32_t sync_id;                       /* the first echo of this link, asked without waiting; 0: none */
    bool sync_came;
    uint32_t other_ids[KW_OTHER_IDS];       /* echoes of ids that were drawn by calls before this one */
    size_t other_count;

    int barriers_open;                      /* asked and not answered */
    bool barrier_came;                      /* the one asked last was answered */
    bool counting;                          /* a barrier was asked whose answer is a count: */
    int count_told, count_expected;

    enum kw_text_asked text_asked;
    char names[KW_NAMES][KW_NAME_SIZE];     /* "" as long as it says none */
    int64_t count;                          /* its own count of cuts, -1: not said */
    void (*between)(void *data, struct kw_talk *talk, bool at_break);   /* the delivery's; never within itself */
    void *between_data;
    bool is_between;
    bool cleared;                           /* the printer said that it discarded everything */
};

void kw_talk_begin(struct kw_talk *talk, struct kw_link *link, const struct kw_dialect *dialect);

/*
 * Sends bytes and takes what comes, until all is accepted or the moment. *done counts what was accepted, at least.
 * 0, or why the link is of no use any more.
 */
int kw_talk_send(struct kw_talk *talk, const uint8_t *bytes, size_t length, size_t *done, int64_t until_ms,
                 struct kw_error *error);
/* Of what was sent, and counted so, certainly no byte was accepted. */
bool kw_talk_took_none(const struct kw_talk *talk, size_t done);
/* Takes what comes until the condition holds or the moment; negative: the link is gone. */
int kw_talk_listen(struct kw_talk *talk, bool (*enough)(const struct kw_talk *talk), int64_t until_ms,
                   struct kw_error *error);
/* Takes what is there; negative: the link is gone. */
int kw_talk_hear(struct kw_talk *talk, struct kw_error *error);
/*
 * Takes what an earlier conversation left, until nothing came for quiet_ms (0: for what is there now) or the moment.
 * Strays are counted anew; questions stay open.
 */
int kw_talk_drain(struct kw_talk *talk, int quiet_ms, int64_t until_ms, struct kw_error *error);

/* For who sends: here is a break point, at which whoever has questions of its own may ask them. */
void kw_talk_break(struct kw_talk *talk);
/* Whether the status question n is asked and has no answer yet. */
bool kw_talk_is_asked(const struct kw_talk *talk, int n);
/* Asks first..last how the printer is and does not wait: the answers come with whatever is sent next. */
int kw_talk_put(struct kw_talk *talk, int first, int last, int64_t until_ms, struct kw_error *error);
/* Asks first..last how the printer is and waits for all answers until the moment; *all tells whether they came. */
int kw_talk_ask(struct kw_talk *talk, int first, int last, int64_t until_ms, bool *all, struct kw_error *error);

/* A new process id, to be awaited; the bytes of the command that makes the printer echo it. */
size_t kw_talk_process_id(struct kw_talk *talk, uint8_t out[KW_QUESTION_BYTES]);
/* The awaited id becomes the link's first echo, which may come at any later time. */
void kw_talk_leave_sync(struct kw_talk *talk);
/* The bytes of a barrier. */
size_t kw_talk_barrier(struct kw_talk *talk, uint8_t out[KW_QUESTION_BYTES]);
/* Asks for a text and waits for it until the moment; false: it did not come. */
bool kw_talk_ask_text(struct kw_talk *talk, enum kw_text_asked what, int64_t until_ms);

/* Every question of how it is has its answer. */
bool kw_talk_all_answered(const struct kw_talk *talk);
bool kw_talk_id_came(const struct kw_talk *talk);
bool kw_talk_barrier_came(const struct kw_talk *talk);
bool kw_talk_cleared(const struct kw_talk *talk);
/* Whether an earlier call's id was echoed on this link. */
bool kw_talk_other_id(const struct kw_talk *talk, uint32_t id);
/* Nothing came that nobody asked for, nor the beginning of such. */
bool kw_talk_is_clean(const struct kw_talk *talk);

#endif
