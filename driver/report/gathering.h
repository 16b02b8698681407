/* gathering.h - what the files that make a report share. Private to them. */
#ifndef KW_REPORT_GATHERING_H
#define KW_REPORT_GATHERING_H

#include "report/durations.h"
#include "report/report.h"

enum { KW_BASIS_POINTS = 10000 };

struct kw_group_set {
    struct kw_group **slots;            /* by hash of the label */
    size_t slot_count, count;
    struct kw_group *last;
};

/* Sums of weights of one over p. */
struct kw_weights { double sum, squares, high, low; };

struct kw_own_tables;                   /* own.c */
struct kw_trials;                       /* experiments.c */
struct kw_desks;                        /* signals.c */

struct kw_gathering {
    struct kw_report *report;
    struct kw_group_set sets[KW_DIMENSION_COUNT];
    struct kw_weights weights;          /* of proven and mature invitations; high: answered */
    struct kw_weights score_weights[KW_QUESTION_COUNT];
    int64_t asked_at[KW_QUESTION_COUNT][KW_BASIS_POINTS + 1];       /* answers by p */
    int first_p;
    struct kw_trials *trials;
    struct kw_desks *desks;
    struct kw_own_tables *own;
    int64_t reach_ms, low_before;
    struct kw_durations delays;
    /* the answer that waits for others to the same sale */
    struct kw_counted pending;
    bool has_pending, differs;
    char *joined;                       /* of kw_group_join */
    size_t joined_room;
};

/*
 * The line of a dimension that a sale belongs to. *group is NULL where it belongs to none; false: out of memory.
 */
bool kw_group_find(struct kw_gathering *gathering, int dimension, const struct kw_touchpoint *facts, int hour,
                   struct kw_group **group);
/* A label of two names, whole, for names that begin alike are two; until the next call. NULL: out of memory. */
const char *kw_group_join(struct kw_gathering *gathering, const char *one, const char *between, const char *two);
/* The member with that label, made where there is none; NULL: out of memory. */
struct kw_group *kw_group_labelled(struct kw_arena *arena, struct kw_group_set *set, const char *label, int rank);
/* Sorts the lines and hides what few answers say. */
int kw_groups_list(struct kw_gathering *gathering);

void kw_scores_add(struct kw_scores *scores, const struct kw_counted *answer);
void kw_weights_answer(struct kw_gathering *gathering, const struct kw_counted *answer, bool mature);
void kw_weights_cell(struct kw_gathering *gathering, const struct kw_cell *cell);
void kw_weights_end(struct kw_gathering *gathering);

int kw_cohorts_begin(struct kw_report *report);
/* Whether answers to invitations of this kind are all in. */
bool kw_is_mature(const struct kw_report *report, const struct kw_touchpoint *facts);
int kw_weeks_make(struct kw_report *report);

/* Then the plans, in order of time; then cells and answers. */
int kw_trials_begin(struct kw_gathering *gathering);
int kw_trials_plan(void *gathering, const struct kw_plan *plan);
int kw_trials_cell(struct kw_gathering *gathering, const struct kw_cell *cell);
int kw_trials_answer(struct kw_gathering *gathering, const struct kw_counted *answer);
int kw_trials_end(struct kw_gathering *gathering);

/* Chooses the window, once the maturity of all days is known; then cells and answers; then what they say. */
int kw_signals_begin(struct kw_gathering *gathering);
int kw_signals_cell(struct kw_gathering *gathering, const struct kw_cell *cell);
int kw_signals_answer(struct kw_gathering *gathering, const struct kw_counted *answer);
/* Each sale that was voided, or whose own signs say something (a cell of one). */
int kw_signals_sale(void *gathering, const struct kw_cell *sale);
int kw_signals_find(struct kw_gathering *gathering);

/* What is in focus: its days, once the reach is known; each answer; alerts and comments; and the end. */
void kw_focus_begin(struct kw_report *report);
void kw_focus_count(const struct kw_report *report, struct kw_group *group, const struct kw_counted *answer);
void kw_focus_grades(struct kw_focus *focus, const struct kw_counted *answer);
int kw_focus_alert(struct kw_report *report, const struct kw_alert *alert);
int kw_focus_comment(void *report, const struct kw_comment *comment);
int kw_focus_end(struct kw_report *report);

/* Opened and started (openings.c); reads the book itself. */
int kw_openings_gather(const struct kw_book *book, struct kw_report *report, struct kw_error *error);

#endif
