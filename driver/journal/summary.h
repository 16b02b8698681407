/* summary.h - what a report reads: cells, answers that count, verdicts, alerts, and the head of the chain. */
#ifndef KW_JOURNAL_SUMMARY_H
#define KW_JOURNAL_SUMMARY_H

#include "journal/answers.h"
#include "journal/touchpoint.h"
#include "record/counts.h"

/* In order of day, store, till. */
int kw_summary_cells(struct kw_journal *journal, enum kw_view view, int64_t from_day, int64_t to_day, kw_cell_sink sink,
                     void *data, struct kw_error *error);

/* Answers to sales of these days. */
int kw_summary_answers(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                       struct kw_error *error);

/* Invited sales that were voided, or whose signs say something; each as a cell of one. */
int kw_summary_signs(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data,
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
/* Of matched answers of complete imports, the newest first. */
int kw_summary_comments(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_comment_sink sink, void *data,
                        struct kw_error *error);
int kw_summary_head(struct kw_journal *journal, int64_t *n, uint8_t hash[16], struct kw_error *error);

/* Who waits longest comes first. */
int kw_alerts_each(struct kw_journal *journal, bool open_only, kw_alert_sink sink, void *data, struct kw_error *error);
/* Notes who looked, or that it is settled; with its event. NOT_FOUND; CONFLICT when that was noted before. */
int kw_alert_mark(struct kw_journal *journal, int64_t id, const char *who, bool close, struct kw_error *error);

#endif
