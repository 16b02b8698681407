/* focus.h - what a reader does something about: how scores changed, stores in rank, alerts and comments. */
#ifndef KW_REPORT_FOCUS_H
#define KW_REPORT_FOCUS_H

#include "record/counts.h"
#include "report/rank.h"

enum { KW_GRADES = 11, KW_FOCUS_DAYS = 28, KW_FOCUS_ALERTS = 10, KW_FOCUS_COMMENTS = 8, KW_STAGE_COUNT = 5 };

struct kw_group;

/*
 * A line's score in the last 28 days of print whose answers are in, less that of the 28 days before, with an interval
 * that holds for all lines at once. line NULL: the whole. visible: how large a change these answers would have shown.
 */
struct kw_score_change {
    const struct kw_group *line;
    int64_t n, n_before;
    double change, visible;
    struct kw_interval interval;
    bool shown;                         /* the interval excludes no change */
};

struct kw_ranked_store { const struct kw_group *store; struct kw_ranked score; };

/* Topics of comments, by the words in data/topics.def. X is the row's name. */
enum kw_topic {
#define TOPIC(name, en, pl, fr, ru, fa, words) KW_TOPIC_##name,
#include "data/topics.def"
#undef TOPIC
    KW_TOPIC_COUNT
};
const char *kw_topic_word(int topic);
/* A bit for each topic that a comment speaks of. */
unsigned kw_topics_of(const char *comment);

/* Whether a comment complains: by its score, else by nothing. */
bool kw_comment_is_low(const struct kw_comment *comment);
bool kw_comment_is_high(const struct kw_comment *comment);
/* Long enough to tell something. */
bool kw_comment_is_telling(const struct kw_comment *comment);

/* A stage of the customer's journey; those of few answers stand together as the last. stage: enum of groups.c. */
struct kw_stage_line { int stage; int64_t offered, answers, n, high, low; };

struct kw_focus {
    int question;                       /* the one that most answered */
    int64_t now_from, now_to, before_from;
    struct kw_score_change whole, *changes;   /* of stores and stages */
    size_t change_count, compared;      /* compared: the whole and all lines that had answers enough */
    int64_t grades[3][KW_GRADES];       /* of each question */
    struct kw_stage_line stages[KW_STAGE_COUNT];
    size_t stage_count;
    struct kw_ranked_store *ranks;      /* the best first */
    size_t rank_count;
    struct kw_ranking ranking;
    struct kw_alert *alerts;            /* open ones, the oldest first */
    size_t alert_count;
    struct kw_comment *low, *high;      /* the newest first */
    size_t low_count, high_count;
};

#endif
