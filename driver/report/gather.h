/* gather.h - what the files that make a report share. Private to them. */
#ifndef KW_REPORT_GATHER_H
#define KW_REPORT_GATHER_H

#include "report/report.h"

enum { KW_SLOTS = 1 << 13 };

struct kw_group_set {
    struct kw_group **slots;            /* by hash of the label */
    size_t slot_count, count;
    struct kw_group *last;
};

struct kw_epoch;                        /* experiments.c */
struct kw_trials;

struct kw_gathering {
    struct kw_report *report;
    struct kw_group_set sets[KW_DIMENSION_COUNT];
    double weight_sum, weight_answers, weight_squares;
    int first_p;
    bool p_changes;
    struct kw_trials *trials;
    int64_t reach_ms, low_before;
    double *delays;
    size_t delay_count, delay_capacity;
    struct kw_scores sale_scores;
    /* the answer that waits for others to the same sale */
    struct kw_counted pending;
    bool has_pending, differs;
    struct kw_error *error;
    bool no_memory;
};

/* Whether answers to invitations of this kind are all in. */
bool kw_is_mature(const struct kw_report *report, const struct kw_touchpoint *facts);
bool kw_class_counts(int klass);        /* may be on paper */

int kw_trials_begin(struct kw_gathering *gathering);
int kw_trials_cell(struct kw_gathering *gathering, const struct kw_cell *cell);
int kw_trials_answer(struct kw_gathering *gathering, const struct kw_counted *answer);
int kw_trials_end(struct kw_gathering *gathering);

int kw_signals_find(struct kw_gathering *gathering);

/* Opened and started (openings.c); reads the journal itself. */
int kw_openings_gather(struct kw_journal *journal, struct kw_report *report, struct kw_error *error);
/* The middle of the values, which it sorts; -1 of none. */
double kw_median(double *values, size_t count);

#endif
