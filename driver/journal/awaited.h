/*
 * awaited.h - sales whose receipt is still to come out. While the job of a sale's first receipt is open no cell counts
 * it, and its row has the class -1: as a rule it is on paper a second later, and counting it as pending and no more so
 * would be two thirds of what its counts cost. Who counts sales adds those that are found by their open jobs.
 */
#ifndef KW_JOURNAL_AWAITED_H
#define KW_JOURNAL_AWAITED_H

#include "base/arena.h"
#include "journal/internal.h"
#include "record/record.h"

enum { KW_AWAITED_CEILING = 256 * 1024 * 1024 };

/* Behind SELECT … FROM: all of them. */
#define KW_AWAITED                                                                                                     \
    "job CROSS JOIN touchpoint ON touchpoint.sale = job.sale WHERE " KW_JOB_IS_OPEN " AND part = 'receipt'"            \
    " AND copy = 1 AND class < 0"

/* Those of these days, in order of day, store, till. */
int kw_awaited_list(struct kw_journal *journal, int64_t from_day, int64_t to_day, struct kw_arena *arena,
                    struct kw_touchpoint **rows, size_t *count, struct kw_error *error);
/* Inside the caller's transaction: those claimed before then are counted as pending, for their jobs may go. */
int kw_awaited_count(struct kw_journal *journal, int64_t before_ms, struct kw_error *error);

#endif
