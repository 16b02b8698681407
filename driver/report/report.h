/*
 * report.h - a book's counts to a report: funnel, rates, scores, experiments, trend, signs of gaming; and its
 * pages.
 *
 * Rates are answers per invitation that was delivered, in mature cohorts, of one delivery class; whatever is shown has
 * its n and its interval. Scores of fewer than ten answers are hidden, and of the next smallest sibling too.
 */
#ifndef KW_REPORT_REPORT_H
#define KW_REPORT_REPORT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/shop_days.h"
#include "record/book.h"
#include "report/focus.h"
#include "report/odds.h"
#include "report/own.h"
#include "survey/survey.h"

enum { KW_REPORT_HIDE_BELOW = 10, KW_REPORT_RANK_FROM = 30, KW_REPORT_ARMS = 16, KW_REPORT_NEVER_DAYS = 60 };

enum { KW_WEEK_DAYS = 7, KW_PART_COUNT = 5 };

#define KW_REPORT_CLUSTER_P 0.001       /* so many low scores at once are told */

/* The ways in which a report breaks things down. */
enum kw_dimension {
#define DIMENSION(name, number, ...) KW_BY_##name = number,
#include "data/dimensions.def"
#undef DIMENSION
    KW_DIMENSION_COUNT
};
extern const char *const kw_dimension_words[KW_DIMENSION_COUNT];
/* From this one on they have places of their own in text and page. */
enum { KW_BREAKDOWN_COUNT = KW_BY_WEEK };

/*
 * What an answer may score, with the grades that count as high and as low.
 * X(NAME, word, high, low)
 */
#define KW_QUESTIONS(X) X(NPS, "nps", 9, 6) X(CSAT, "csat", 4, 2) X(CES, "ces", 5, 3)
enum kw_question {
#define KW_QUESTION_ENUM(name, word, high, low) KW_##name,
    KW_QUESTIONS(KW_QUESTION_ENUM)
#undef KW_QUESTION_ENUM
    KW_QUESTION_COUNT
};
extern const char *const kw_question_words[KW_QUESTION_COUNT];

struct kw_score { int64_t n, high, low, sum; };
struct kw_scores { struct kw_score of[KW_QUESTION_COUNT]; };
/* NPS: -100..100; CSAT and CES: the share of high ones. */
struct kw_estimate { double value, n; struct kw_interval interval; };

struct kw_tallies;

/* One line of a breakdown, and the whole. */
struct kw_group {
    const char *label;
    int rank;                               /* of hours, weekdays, kinds and variants: which one; else -1 */
    int64_t sales, offered, forced;         /* offered: invited, without forced ones */
    int64_t by_class[KW_CLASS_COUNT];       /* of offered */
    int64_t answers_by_class[KW_CLASS_COUNT];
    int64_t mature[KW_CLASS_COUNT], mature_answers[KW_CLASS_COUNT];
    int64_t answers, contested;
    int64_t suppressed[KW_SUPPRESSION_LIMIT];
    struct kw_scores scores, now, before;   /* now, before: of the focus's days */
    bool hidden[KW_QUESTION_COUNT];         /* the score is of few answers, or would tell that of few */
    const char *campaign;                   /* of a variant; else NULL */
    struct kw_tallies *tallies;             /* of a till or a cashier, for signs of gaming; else NULL */
};

/* What the shop's own page saw before the answers: sales, not visits. */
struct kw_step { bool measured; int64_t count, by_class[KW_CLASS_COUNT]; };

struct kw_cohort { int64_t day, offered, delivered, answers; bool mature; };        /* one day of print */
/* Mature days of a week; is_part: there are others, or were none yet. */
struct kw_week { int64_t day, delivered, answers, low, high; bool beyond, is_part; };
struct kw_trend { double mean, z, p; bool run_of_eight, falling; };                /* p: that it does not fall */

/* Alerts that were looked after within so many hours, of all that are older than that. */
enum { KW_TAKEN_WITHIN_H = 1, KW_CLOSED_WITHIN_H = 48 };
struct kw_in_time { int64_t in_time, all; };

struct kw_arm { int64_t offered, delivered, answers; double expected; };
struct kw_experiment {
    const char *campaign;
    int arms;
    struct kw_arm all[KW_REPORT_ARMS];      /* every offered one, for the checks of the split */
    struct kw_arm arm[KW_REPORT_ARMS];      /* mature, up to the planned number: what the verdict is about */
    double split_p, printed_p;
    bool broken;
    int64_t planned, until_day;             /* until_day: the last one that counts, 0: the plan is not reached */
    int plan_changes;                       /* before an answer was known; after it: */
    bool exploratory;                       /* the plan follows the answers, or the reader's is another: no verdict */
    bool daily, early;                      /* it may end at any day's look; it did, before the plan was reached */
    int looks;
    double bound;                           /* beyond which |z| the last look ended it */
    struct kw_cmh test[KW_REPORT_ARMS];     /* each arm against arm 0, once the plan is reached */
    bool differs[KW_REPORT_ARMS];           /* p below 5 %, and by Benjamini and Hochberg as well; |z| beyond bound */
};

/*
 * What a till or a cashier may do much more often than the store's other ones; FEWER is the opposite of RATE, and the
 * printer's. X(NAME)
 */
#define KW_SIGNALS(X) X(QUICK) X(RATE) X(TOP) X(DECLINED) X(VOIDED) X(HASTY) X(TINY) X(FEWER)
enum kw_signal {
#define KW_SIGNAL_ENUM(name) KW_SIGNAL_##name,
    KW_SIGNALS(KW_SIGNAL_ENUM)
#undef KW_SIGNAL_ENUM
    KW_SIGNAL_COUNT
};

/* Whether a sign tells of sales, for which nobody waits for an answer. */
bool kw_signal_is_of_sales(int signal);

/* who: "store/till", or a cashier. own_past: the others are the store's only till in its last three windows. */
struct kw_suspicion {
    const char *store, *who;
    int signal;
    bool own_past, of_two;                  /* of_two: of the store's only two tills */
    int64_t k, n, others_k, others_n;
    struct kw_odds_size size;
    double p;
};
/*
 * What the window could tell of a store. tested: tills with answers enough. smallest: the least multiple of its answers
 * with which the till with the fewest invitations would have been found four times of five; 0: none up to ten.
 */
struct kw_watch { const char *store; int64_t tills, tested, named; double smallest; };
/* "a reason to look", "nothing found", "not testable" */
const char *kw_watch_result(const struct kw_watch *watch);

/* A till whose sales are here up to that time and perhaps no further; 0: none are. */
struct kw_behind { const char *store, *till; int64_t as_of_ms; };

struct kw_report_options {
    int64_t from_day, to_day, today, now_ms;
    int64_t sales_total;                    /* 0: not said */
    int64_t planned_n;                      /* what the reader takes for planned; 0: not said */
    int64_t answers_until;                  /* answers are known to be in up to this day; 0: as imports tell */
    const struct kw_shop_days *days;        /* of the shop's clock */
    const char *shop;
    const char *campaign;                   /* that of the configuration, or NULL: its arms have names */
    const char *const *variant_names;       /* NULL, or as many as variant_count */
    size_t variant_count;
    const struct kw_own_asked *own;         /* the shop's own questions, in a language of the report */
    size_t own_count;
    bool shared;                            /* for others: without scores of few, signs, comments */
    bool faceless;                          /* without what tells of one cashier, or of what somebody at a till did */
    bool has_goal;
    int goal;                               /* of the main score, -100..100 */
    const struct kw_behind *behind;
    size_t behind_count;
    const char *const *events;              /* "2026-11-01 what happened", NULL-terminated, or NULL */
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
    struct kw_trend trend;
    struct kw_focus focus;
    struct kw_experiment *experiments;
    size_t experiment_count;
    bool has_window;                        /* a window of 28 days is closed: these days, all mature */
    int64_t window_from, window_to;
    struct kw_suspicion *suspicions;        /* by store, the least likely first */
    size_t suspicion_count, signals_tried;
    struct kw_watch *watches;               /* by store */
    size_t watch_count;
    int64_t verdicts[KW_VERDICT_COUNT];
    int64_t reach_day;                      /* the last day of which all answers are in: that before the latest one */
    struct kw_scores uncontested;           /* of the whole */
    struct kw_group refunded;               /* answers to sales that were given back since; the whole holds them too */
    bool any_import;
    int64_t tests;                          /* flag 1: never count */
    int64_t foreign, foreign_certain;       /* sales whose paper another program laid out; of which one is known */
    int64_t expired;                        /* mature invitations on paper whose time passed unanswered */
    bool p_changes;                         /* else weighted values are the plain ones */
    struct kw_estimate weighted_rate;       /* by 1/p, of proven and mature; n is the effective size, 0: no data */
    struct kw_estimate weighted[KW_QUESTION_COUNT];
    bool weighted_hidden[KW_QUESTION_COUNT];
    struct kw_own_result *own;
    size_t own_count;
    enum kw_question own_with;              /* the score that they are held against: that of most answers */
    double median_delay_s;                  /* from print to answer; -1: not known */
    struct kw_step opened, started;
    double median_open_s;                   /* from print to opening; -1: not known */
    int64_t alerts, alerts_open;
    int64_t low_now;                        /* low scores in the last 24 hours that answers reach */
    double low_mean, low_p;                 /* a day's mean of the 28 days before, and the Poisson tail */
    double median_acknowledge_s, median_close_s;        /* since it was raised; -1: none yet */
    struct kw_in_time taken_in_time, closed_in_time;
    int64_t replies_seen;           /* customers who came back with the receipt and saw what the shop wrote */
    int64_t head_n;
    uint8_t head[16];
};

int kw_report_make(const struct kw_book *book, struct kw_arena *arena, const struct kw_report_options *options,
                   struct kw_report *report, struct kw_error *error);

/* Proven, sent, unconfirmed and seen: those that may be on paper. */
int64_t kw_group_delivered(const struct kw_group *group);
/* An arm as the configuration names it; NULL where it does not, and for what an earlier campaign dealt. */
const char *kw_report_arm_name(const struct kw_report *report, const char *campaign, int arm);
/* Whether signs of gaming are shown to who reads it. */
bool kw_report_shows_signs(const struct kw_report *report);
/* How many days an open alert's customer has waited. */
int64_t kw_alert_days(const struct kw_report *report, const struct kw_alert *alert);
/* Whether days of the week from this Monday on lie before the first one, or have answers yet to come. */
bool kw_week_is_part(const struct kw_report *report, int64_t monday);
/* Whether the arms may stand side by side. */
bool kw_experiment_is_final(const struct kw_experiment *experiment);
/* Capped, cooled and refused: sales about which no answer could tell anything. */
int64_t kw_group_uncovered(const struct kw_group *group);
struct kw_estimate kw_score_estimate(enum kw_question question, const struct kw_score *score);
/* Whether a score stands at all: somebody was asked, and it is not hidden. */
bool kw_group_shows(const struct kw_group *group, enum kw_question question);
/*
 * Scores without contested answers are shown beside those with them only when the difference tells of at least ten
 * answers; else between which values they lie whatever the contested ones said.
 */
bool kw_report_uncontested(const struct kw_report *report, enum kw_question question, struct kw_interval *between);
/* The class whose rates stand first: proven, but sent where no printer of the shop ever proves anything. */
int kw_report_main_class(const struct kw_report *report);
/* k/(proven+sent+unconfirmed) to k/(proven+sent+answered unconfirmed), mature. */
struct kw_interval kw_group_bounds(const struct kw_group *group, int64_t *k);

/* For a terminal of 80 columns; language as below. */
void kw_report_text(const struct kw_report *report, const char *language, struct kw_buffer *out);
void kw_report_json(const struct kw_report *report, struct kw_buffer *out);
void kw_report_csv(const struct kw_report *report, struct kw_buffer *out);
/* One self-contained page in a language of the wording ("en", "pl", "fr", "ru", "fa"). */
void kw_report_html(const struct kw_report *report, const char *language, struct kw_buffer *out);

#endif
