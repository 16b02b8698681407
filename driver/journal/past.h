/* past.h - what is left of sales, openings and answers whose rows were pruned: counts of those that are alike. */
#ifndef KW_JOURNAL_PAST_H
#define KW_JOURNAL_PAST_H

#include "base/error.h"
#include "record/counts.h"

struct kw_journal;

/*
 * Counts the answers and openings of sales of earlier days, and deletes their rows with all other answers to these
 * sales, in small transactions that each do both.
 */
int kw_past_fold(struct kw_journal *journal, int64_t before_day, struct kw_error *error);
/* Inside a transaction: the counts of sales of earlier days, of which cashiers are told apart no more. */
int kw_past_cells_fold(struct kw_journal *journal, int64_t before_day, struct kw_error *error);

/* The answers that count, one by one, of these days: without number, moment and text. */
int kw_past_answers(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                    struct kw_error *error);
int kw_past_openings(struct kw_journal *journal, int64_t from_day, int64_t to_day, kw_opening_sink sink, void *data,
                     struct kw_error *error);

#endif
