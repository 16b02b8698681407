/* summary.h - what a report reads: cells, answers that count, verdicts, alerts, and the head of the chain. */
#ifndef KW_JOURNAL_SUMMARY_H
#define KW_JOURNAL_SUMMARY_H

#include "journal/answers.h"
#include "journal/touchpoint.h"

/* One row of counts; what the view leaves out is "" or -1. Strings live until the callback returns. */
struct kw_cell {
    struct kw_touchpoint facts;     /* day, store, till, cashier, kind, variant, …; klass */
    int hour;
    int64_t n;
};
typedef int (*kw_cell_sink)(void *data, const struct kw_cell *cell);
/* In order of day, store, till. A negative return of the sink ends it. */
int kw_summary_cells(struct kw_journal *journal, int view, int64_t from_day, int64_t to_day, kw_cell_sink sink,
                     void *data, struct kw_error *error);

/* An answer to a sale of these days; several to one sale follow each other, the one that counts first. */
struct kw_counted {
    struct kw_touchpoint facts;
    int hour;
    int64_t id, sale, submitted_ms, printed_ms;
    int nps, csat, ces;
    bool first, contact;
};
typedef int (*kw_answer_sink)(void *data, const struct kw_counted *answer);
int kw_summary_answers(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                       struct kw_error *error);

/*
 * The answers of complete imports by verdict, of these days of print or with a code that tells none; and how far all
 * imports reach (0: none).
 */
int kw_summary_verdicts(struct kw_journal *journal, int64_t from_day, int64_t to_day,
                        int64_t counts[KW_VERDICT_COUNT], int64_t *reach_ms, struct kw_error *error);
/* First and last business day with a touchpoint; NOT_FOUND when there is none. */
int kw_summary_days(struct kw_journal *journal, int64_t *first, int64_t *last, struct kw_error *error);
/* Number and hash of the last event; n 0 when there is none. */
int kw_summary_head(struct kw_journal *journal, int64_t *n, uint8_t hash[16], struct kw_error *error);

struct kw_alert {
    int64_t id, raised_ms, acknowledged_ms, closed_ms, submitted_ms, sale;
    const char *kind, *who, *store, *till, *comment;
    int nps, csat;
};
typedef int (*kw_alert_sink)(void *data, const struct kw_alert *alert);
int kw_alerts_each(struct kw_journal *journal, bool open_only, kw_alert_sink sink, void *data, struct kw_error *error);
/* Notes who looked, or that it is settled; with its event. NOT_FOUND; CONFLICT when that was noted before. */
int kw_alert_mark(struct kw_journal *journal, int64_t id, const char *who, bool close, struct kw_error *error);

#endif
