/* counts.h - what a store tells of many sales at once: cells, answers that count, openings, alerts. */
#ifndef KW_RECORD_COUNTS_H
#define KW_RECORD_COUNTS_H

#include "record/answer.h"

/*
 * In all of these strings live until the sink returns, and a negative return of the sink ends the reading and is
 * returned.
 */

/* One row of counts; what the view leaves out is "" or -1. */
struct kw_cell {
    struct kw_touchpoint facts;     /* day, store, till, cashier, kind, variant, …; klass */
    int hour;
    int64_t n;
};
typedef int (*kw_cell_sink)(void *data, const struct kw_cell *cell);

/* An answer to a sale; several to one sale follow each other, the one that counts first. */
struct kw_counted {
    struct kw_touchpoint facts;
    int hour;
    int64_t id, sale, submitted_ms, printed_ms;
    int nps, csat, ces;             /* as the customer left them */
    int first_nps;                  /* as it was given first, where it was changed later */
    bool first, contact;
    const char *own;                /* answers to the shop's own questions (record/own.h) */
};
typedef int (*kw_answer_sink)(void *data, const struct kw_counted *answer);

/* One event of one sale before its answer. printed_ms 0: nobody said. */
struct kw_opening { int64_t printed_ms, first_ms; enum kw_event event; enum kw_class klass; };
typedef int (*kw_opening_sink)(void *data, const struct kw_opening *opening);

/* Whether complete imports held rows of opened and of started at all. */
struct kw_opening_measured { bool opened, started; };

/* Something that a person should look at. Moments are 0 until they come. */
struct kw_alert {
    int64_t id, raised_ms, acknowledged_ms, closed_ms, submitted_ms, told_ms, sale;
    const char *kind, *who, *store, *till, *comment, *token;
    const char *receipt;            /* the sale's id, while it is known here; "" */
    int nps, csat, ces;
    bool refunded;                  /* what was sold was given back since */
    bool contact;                   /* an address was left, sealed, and is not forgotten yet */
};
typedef int (*kw_alert_sink)(void *data, const struct kw_alert *alert);

/* What somebody wrote with an answer that counts; the newest first. */
struct kw_comment {
    int64_t id, submitted_ms, day;
    const char *store, *till, *comment;
    int kind, nps, csat, ces;
    bool refunded;                  /* what was sold was given back since */
};
typedef int (*kw_comment_sink)(void *data, const struct kw_comment *comment);

/* How many invitations of each arm a campaign was planned for from then on, and whether each day is a look. */
struct kw_plan { const char *campaign; int64_t n, ts_ms; bool daily; };
/* What an event of such a plan says; false where it is none. And whether once or daily, as it says it. */
bool kw_plan_read(const char *detail, struct kw_plan *plan);
const char *kw_plan_look(const struct kw_plan *plan);
typedef int (*kw_plan_sink)(void *data, const struct kw_plan *plan);

#endif
