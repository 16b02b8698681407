/*
 * report.h - the journal's counts to a report: funnel, rates, scores, experiments, trend, signs of gaming; and its
 * pages.
 *
 * Rates are answers per invitation that was delivered, in mature cohorts, of one delivery class; whatever is shown has
 * its n and its interval. Scores of fewer than ten answers are hidden, and of the next smallest sibling too.
 */
#ifndef KW_REPORT_REPORT_H
#define KW_REPORT_REPORT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "journal/summary.h"
#include "report/stats.h"
#include "survey/survey.h"

enum { KW_REPORT_HIDE_BELOW = 10, KW_REPORT_RANK_FROM = 30, KW_REPORT_ARMS = 16, KW_REPORT_NEVER_DAYS = 60,
       KW_SUPPRESSION_LIMIT = 16 };

#define KW_REPORT_CLUSTER_P 0.001       /* so many low scores at once are told */

/* X(NAME, word) the ways in which a report breaks things down */
#define KW_DIMENSIONS(X) \
    X(STORE, "store") X(TILL, "till") X(CASHIER, "cashier") X(HOUR, "hour") X(WEEKDAY, "weekday") X(KIND, "kind") \
    X(VARIANT, "variant") X(LANGUAGE, "language") X(CHANNEL, "channel")
enum kw_dimension {
#define KW_DIMENSION_ENUM(name, word) KW_BY_##name,
    KW_DIMENSIONS(KW_DIMENSION_ENUM)
#undef KW_DIMENSION_ENUM
    KW_DIMENSION_COUNT
};
extern const char *const kw_dimension_words[KW_DIMENSION_COUNT];

struct kw_scores {
    int64_t promoters, passives, detractors;
    int64_t csat, csat_good;                /* answers, and those of 4 or 5 */
    int64_t ces, ces_good, ces_sum;         /* answers, and those of 5 to 7 */
};

/* One line of a breakdown, and the whole. */
struct kw_group {
    const char *label;
    int64_t sales, offered, forced;         /* offered: invited, without forced ones */
    int64_t by_class[KW_CLASS_COUNT];       /* of offered */
    int64_t answers_by_class[KW_CLASS_COUNT];
    int64_t mature[KW_CLASS_COUNT], mature_answers[KW_CLASS_COUNT];
    int64_t answers, contested, quick;      /* quick: within two minutes of the print */
    int64_t suppressed[KW_SUPPRESSION_LIMIT];
    struct kw_scores scores, uncontested;
    bool hidden;
};

/* What the shop's own page saw before the answers: sales, not visits. */
struct kw_step { bool measured; int64_t count, by_class[KW_CLASS_COUNT]; };

struct kw_cohort { int64_t day, offered, delivered, answers; bool mature; };        /* one day of print */
struct kw_week { int64_t day, delivered, answers, low, high; bool beyond; };       /* mature days of a week */

struct kw_arm { int64_t offered, delivered, answers; double expected; };
struct kw_experiment {
    const char *campaign;
    int arms;
    struct kw_arm all[KW_REPORT_ARMS];      /* every offered one, for the checks of the split */
    struct kw_arm arm[KW_REPORT_ARMS];      /* mature, up to the planned number: what the verdict is about */
    double split_p, printed_p;
    bool broken;
    int64_t planned, until_day;             /* until_day: the last one that counts, 0: the plan is not reached */
    struct kw_cmh test[KW_REPORT_ARMS];     /* each arm against arm 0, once the plan is reached */
    double pooled[KW_REPORT_ARMS];          /* difference without strata, to warn of a reversal */
};

enum kw_signal { KW_SIGNAL_QUICK, KW_SIGNAL_RATE, KW_SIGNAL_TOP, KW_SIGNAL_DECLINED, KW_SIGNAL_COUNT };
extern const char *const kw_signal_words[KW_SIGNAL_COUNT];
struct kw_suspicion { const char *who; int signal; int64_t k, n, others_k, others_n; double p; };

struct kw_report_options {
    int64_t from_day, to_day, today;
    int64_t sales_total;                    /* 0: not said */
    int64_t planned_n;                      /* of each arm of an experiment; 0: none, so no verdict */
    const char *shop;
    const char *const *variant_names;       /* NULL, or as many as variant_count */
    size_t variant_count;
};

struct kw_report {
    struct kw_arena *arena;
    struct kw_report_options options;
    int64_t first_day, last_day;            /* of the journal, within the options */
    struct kw_group total;
    struct kw_group *groups[KW_DIMENSION_COUNT];
    size_t group_count[KW_DIMENSION_COUNT];
    struct kw_cohort *cohorts;
    size_t cohort_count;
    struct kw_week *weeks;
    size_t week_count;
    double trend_mean;
    bool run_of_eight;
    struct kw_experiment *experiments;
    size_t experiment_count;
    struct kw_suspicion *suspicions;
    size_t suspicion_count, signals_tried;
    int64_t verdicts[KW_VERDICT_COUNT], reach_day;
    bool any_import;
    int64_t tests;                          /* flag 1: never count */
    double weighted_rate, effective_n;      /* by 1/p, of proven and mature; 0 where p never changed */
    double median_delay_s;                  /* from print to answer; -1: not known */
    struct kw_step opened, started;
    double median_open_s;                   /* from print to opening; -1: not known */
    int64_t alerts, alerts_open;
    int64_t low_now;                        /* low scores in the last 24 hours that answers reach */
    double low_mean, low_p;                 /* a day's mean of the 28 days before, and the Poisson tail */
    double median_acknowledge_s;            /* -1: none acknowledged */
    int64_t head_n;
    uint8_t head[16];
};

int kw_report_make(struct kw_journal *journal, struct kw_arena *arena, const struct kw_report_options *options,
                   struct kw_report *report, struct kw_error *error);

/* Proven, sent, unconfirmed and seen: those that may be on paper. */
int64_t kw_group_delivered(const struct kw_group *group);
/* k/(proven+sent+unconfirmed) to k/(proven+sent+answered unconfirmed), mature. */
struct kw_interval kw_group_bounds(const struct kw_group *group, int64_t *k);

void kw_report_text(const struct kw_report *report, struct kw_buffer *out);
void kw_report_json(const struct kw_report *report, struct kw_buffer *out);
void kw_report_csv(const struct kw_report *report, struct kw_buffer *out);
/* One self-contained page in a language of the wording ("en", "pl", "fr", "ru", "fa"). */
void kw_report_html(const struct kw_report *report, const char *language, struct kw_buffer *out);

#endif
