/* loop.h - what follows an answer: who is told of it, what the shop replied, and all that one customer said. */
#ifndef KW_RECORD_LOOP_H
#define KW_RECORD_LOOP_H

#include "base/error.h"
#include "record/counts.h"

enum { KW_REPLY = 4 * 1000 + 1 };       /* a thousand characters and the NUL */

/* What became of a notice; 0: it waits. */
enum kw_fate { KW_FATE_SENT = 1, KW_FATE_DEAD, KW_FATE_FOLDED };

/* One message to people about an alert, by one way. */
struct kw_notice {
    int64_t id, alert, made_ms, due_ms, ended_ms;
    int tries, fate;
    const char *kind, *channel, *store;
    const char *said;                   /* why the last try failed, "" */
};
typedef int (*kw_notice_sink)(void *data, const struct kw_notice *notice);

/* All that is kept of one answer, for who gave it. Strings live until the sink returns. */
struct kw_said {
    int64_t submitted_ms, edited_ms, replied_ms, forget_ms;
    int nps, csat, ces, consent;        /* consent: version of the text, 0 none */
    const char *language, *own, *comment, *reply;
    bool contact;                       /* there is a sealed address */
};
typedef int (*kw_said_sink)(void *data, const struct kw_said *said);

/*
 * What a store of answers offers to those who look after them. Each call is a transaction of its own; what it changed
 * is on disk when it returns. Failures are as those of a book (record/book.h).
 */
struct kw_loop_calls {
    /* Whether it falls to this process to tell of alerts now, and not to another one of the same store. */
    int (*turn)(void *store, bool *mine, struct kw_error *error);

    /* One alert by its number; NOT_FOUND. */
    int (*alert)(void *store, int64_t id, kw_alert_sink sink, void *data, struct kw_error *error);
    /* Takes it, or closes it; CONFLICT: somebody was first, and the error says who. */
    int (*mark)(void *store, int64_t id, const char *who, bool close, struct kw_error *error);
    /* The sealed address that came with its answer; NOT_FOUND: none was left, or it is forgotten. */
    int (*contact)(void *store, int64_t id, void *sealed, size_t size, size_t *length, struct kw_error *error);
    /* Writes back to its customer, "" takes an earlier reply away; and reads that, "" none. */
    int (*reply)(void *store, int64_t id, const char *text, const char *who, int64_t now_ms,
                 struct kw_error *error);
    int (*replied)(void *store, int64_t id, char reply[KW_REPLY], struct kw_error *error);

    /* Of notice: alert, kind, channel, store, made_ms, due_ms; with a fate it waits for nobody. A known one stays. */
    int (*add)(void *store, const struct kw_notice *notice, struct kw_error *error);
    int (*known)(void *store, int64_t alert, const char *kind, const char *channel, bool *known,
                 struct kw_error *error);
    /* First notices about alerts of that shop, by that channel, made since then; kind NULL: any. */
    int (*since)(void *store, const char *shop, const char *channel, const char *kind, int64_t since_ms,
                 int64_t *count, struct kw_error *error);
    /* By number: those that wait and are due (now_ms > 0), or all that wait or were given up. */
    int (*notices)(void *store, int64_t now_ms, kw_notice_sink sink, void *data, struct kw_error *error);
    /* Sent: its alert was told of. */
    int (*sent)(void *store, int64_t id, int64_t alert, int64_t now_ms, struct kw_error *error);
    /* Not sent: tried again at due_ms, or given up (due_ms 0). */
    int (*failed)(void *store, int64_t id, int64_t due_ms, const char *said, int64_t now_ms,
                  struct kw_error *error);
    /* Back among those that wait, or given up. NOT_FOUND: no such notice, or one that was sent. */
    int (*retry)(void *store, int64_t id, int64_t now_ms, struct kw_error *error);
    int (*drop)(void *store, int64_t id, int64_t now_ms, struct kw_error *error);

    /* Forgets addresses whose time is over. */
    int (*forget)(void *store, int64_t now_ms, struct kw_error *error);
    /*
     * All that was said with this code, as its customer can erase it: *count answers. *ordered: the till that printed
     * it is told to erase its sale; false: it does not push here.
     */
    int (*erase)(void *store, const struct kw_answer *answer, int64_t *count, bool *ordered, struct kw_error *error);
};

/* A table and the store that it works on, which outlives the loop. */
struct kw_loop {
    const struct kw_loop_calls *calls;
    void *store;
};

#endif
