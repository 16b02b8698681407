/* loop.h - what follows an answer: who is told of it, what the shop replied, and all that one customer said. */
#ifndef KW_RECORD_LOOP_H
#define KW_RECORD_LOOP_H

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

#endif
