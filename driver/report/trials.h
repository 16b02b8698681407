/* trials.h - experiments while they are counted. Private to experiments.c and looks.c. */
#ifndef KW_REPORT_TRIALS_H
#define KW_REPORT_TRIALS_H

#include "report/gathering.h"

/* Offers of a day, the stores one behind the other. */
struct kw_trial_item { size_t shop; int arm, p_bp; int64_t n, delivered; bool mature; };

struct kw_trial_stratum { size_t shop; int epoch; double n[KW_REPORT_ARMS], k[KW_REPORT_ARMS]; };

/* What a store's mature day adds to a stratum; kept where each day is a look. */
struct kw_trial_part { int64_t day; size_t stratum; double n[KW_REPORT_ARMS], k[KW_REPORT_ARMS]; };

struct kw_arm_shares { int p_bp[KW_REPORT_ARMS]; };

/* A store: the arms' probabilities as last seen there; of each day the epoch (0: none) and one more than its part. */
struct kw_trial_shop { const char *name; struct kw_arm_shares last; int *epoch_of_day; size_t *part_of_day; };

struct kw_trial {
    const char *campaign;
    struct kw_experiment result;
    double unseen;                      /* offers expected in arms that the store had never dealt so far */
    struct kw_trial_item *items;        /* of the day being read */
    size_t item_count, item_capacity;
    struct kw_trial_shop *shops;
    size_t shop_count, shop_capacity, last_shop;
    struct kw_trial_stratum *strata;
    size_t stratum_count, stratum_capacity, last_stratum;
    struct kw_trial_part *parts;        /* in order of days */
    size_t part_count, part_capacity;
    struct kw_arm_shares *epochs;
    size_t epoch_count, epoch_capacity;
    bool closed;                        /* the plan is reached, or a day is not mature: later days do not count */
    int64_t counted_until;              /* the last day that does */
    int64_t planned_day;                /* of the last word on the plan */
    int64_t first_known_day;            /* when the first answer was to be known as all there is of its day */
};

struct kw_trials {
    struct kw_trial *list;
    size_t count, capacity;
    struct kw_plan *plans;
    size_t plan_count, plan_capacity;
    int64_t day;
};

/* Takes each mature day as a look: fills what the verdict is about, and the day that ended it. */
int kw_trial_look(struct kw_report *report, struct kw_trial *trial);

#endif
