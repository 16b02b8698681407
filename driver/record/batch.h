/*
 * batch.h - a run of one till's events on its way to an office, and what the office says of it. It is taken only as the
 * gapless continuation of what it holds of that journal, so nothing is ever taken twice.
 */
#ifndef KW_RECORD_BATCH_H
#define KW_RECORD_BATCH_H

#include "record/record.h"

#include <stddef.h>

enum { KW_BATCH_EVENTS = 1000, KW_BATCH_HASH = 16, KW_BATCH_KEY = 32, KW_BATCH_UUID = 40, KW_TILL_STATE = 16 };

struct kw_batch_event {
    int64_t n, sale, ts_ms;
    enum kw_event ev;
    const char *detail;
    const struct kw_touchpoint *record;     /* of a sale's first event; NULL: it is none, or the record is gone */
    uint8_t hash[KW_BATCH_HASH];            /* at the till alone: it is not sent */
};

struct kw_batch {
    char uuid[KW_BATCH_UUID];               /* of the till's journal */
    uint8_t kid;                            /* the till's key for tokens, and its handle */
    uint32_t handle;
    int64_t schema;                         /* version of its journal */
    uint8_t key[KW_BATCH_KEY];              /* public half of the key that signs for this journal */
    int64_t begins;                         /* its chain begins behind that number: what is older was pruned */
    int64_t first, last;                    /* numbers of the events; last is first - 1 when there are none */
    uint8_t prev[KW_BATCH_HASH], hash[KW_BATCH_HASH];       /* of the event before the first, and of the last */
    int64_t sent_ms;                        /* by the till's clock */
    const struct kw_batch_event *events;
    size_t count;
};

/* What an office says. OUTCOME(NAME, number on the wire, HTTP status, word): the numbers are for ever. */
enum kw_batch_outcome {
#define OUTCOME(name, number, status, word) KW_BATCH_##name = number,
#include "record/batch_outcomes.def"
#undef OUTCOME
};
const char *kw_batch_word(enum kw_batch_outcome outcome);
int kw_batch_status(enum kw_batch_outcome outcome);

/*
 * An office's order to erase the sale that has this token. It comes with each reply until an OBEYED event says that
 * there is nothing left to erase; tills whose journal is older than KW_BATCH_OBEYS know of none.
 */
struct kw_batch_order { uint32_t handle, seq; int64_t day; };
enum { KW_BATCH_ORDERS = 16, KW_BATCH_ORDER_TEXT = 48, KW_BATCH_OBEYS = 19 };
/* As the detail of that event. */
void kw_batch_order_write(const struct kw_batch_order *order, char text[KW_BATCH_ORDER_TEXT]);
bool kw_batch_order_read(const char *text, struct kw_batch_order *order);

/* How far an office knows a journal: n 0 with a hash of zeros when it has nothing of it. */
struct kw_batch_head {
    enum kw_batch_outcome outcome;
    int64_t n;
    uint8_t hash[KW_BATCH_HASH];
    struct kw_batch_order orders[KW_BATCH_ORDERS];
    size_t order_count;
};

/*
 * What a store knows of a batch's journal and handle before it is taken. state: as below, "" where it never came;
 * claimed, revoked: another journal is live on the handle, another was revoked with it. n, hash: how far it was taken.
 */
struct kw_batch_standing {
    char state[KW_TILL_STATE];
    bool same_key, claimed, revoked, has_hash;
    int64_t version;                        /* of journals that the store can take from */
    int64_t n;
    uint8_t hash[KW_BATCH_HASH];
};
/* TAKEN, or why not; the state becomes what the till is from then on, "" where nothing is to be kept of it. */
enum kw_batch_outcome kw_batch_judge(const struct kw_batch *batch, struct kw_batch_standing *standing);
/* How many events were lost before those of a batch that may be taken. */
int64_t kw_batch_lost(const struct kw_batch *batch, const struct kw_batch_standing *standing);

/* A till as an office knows it. state: live, waits (to be accepted), closed (another follows it), revoked. */
struct kw_till {
    const char *uuid, *state, *fault;       /* fault: what was last refused, "" nothing */
    const char *store, *till;               /* as its latest sale names them, "" none yet */
    int64_t kid, handle, schema, offset_ms, seen_ms, last_n;
    int64_t lost, orders;           /* events cut before they came; what it has to erase and did not yet */
    int64_t taken_ms;               /* when events of it were taken last; 0: never */
    int64_t from_n, aside;          /* from which event on its sales do not count, 0 none; how many that are */
};
/* Nothing is taken from that handle any more; nor do its sales count from an event or a moment on (0, 0: all do). */
struct kw_till_revocation { uint32_t handle; int64_t from_n, from_ms; };
typedef int (*kw_till_sink)(void *data, const struct kw_till *till);

#endif
