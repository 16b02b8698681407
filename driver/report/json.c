/* json.c - the report for programs. */
#include "report/json.h"

#include "base/plain.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PLACES = 12 };       /* as many as another program needs to check ours */

static void put_interval(struct kw_json *json, const char *name, struct kw_interval interval)
{
    kw_json_array(json, name);
    kw_json_number(json, NULL, interval.low, PLACES);
    kw_json_number(json, NULL, interval.high, PLACES);
    kw_json_end_array(json);
}

/* A median of nothing is null. */
static void put_seconds(struct kw_json *json, const char *name, double seconds)
{
    if (seconds < 0)
        kw_json_null(json, name);
    else
        kw_json_number(json, name, seconds, 1);
}

/* However small, it is not nought. */
static void put_p(struct kw_json *json, const char *name, double p)
{
    char text[40];
    kw_plain_text(text, sizeof text, "%.12g", fmax(p, DBL_TRUE_MIN));
    kw_json_raw(json, name, text);
}

static void put_share(struct kw_json *json, const char *name, const char *counted, int64_t k, int64_t n)
{
    kw_json_object(json, name);
    kw_json_integer(json, counted, k);
    kw_json_integer(json, "n", n);
    if (n > 0) {
        kw_json_number(json, "rate", (double)k / (double)n, PLACES);
        put_interval(json, "interval", kw_wilson((double)k, (double)n));
    }
    kw_json_end_object(json);
}

static void put_rate(struct kw_json *json, const char *name, int64_t k, int64_t n)
{
    put_share(json, name, "answers", k, n);
}

/* A score's value has the name of what it is. */
static const char *const value_names[KW_QUESTION_COUNT] = { "score", "top_two", "easy" };

static void put_estimate(struct kw_json *json, enum kw_question question, const struct kw_estimate *e)
{
    kw_json_number(json, value_names[question], e->value, PLACES);
    put_interval(json, "interval", e->interval);
}

static void put_counts(struct kw_json *json, enum kw_question question, const struct kw_score *score)
{
    if (question == KW_NPS) {
        kw_json_integer(json, "promoters", score->high);
        kw_json_integer(json, "passives", score->n - score->high - score->low);
        kw_json_integer(json, "detractors", score->low);
    } else
        kw_json_number(json, "mean", (double)score->sum / (double)score->n, PLACES);
    if (question == KW_CES)
        kw_json_string(json, "direction", "7 is easy");
}

static void put_score(struct kw_json *json, enum kw_question question, const struct kw_score *score, bool hidden)
{
    kw_json_object(json, kw_question_words[question]);
    kw_json_integer(json, "n", score->n);
    if (hidden)
        kw_json_bool(json, "hidden", true);
    else if (score->n > 0) {
        struct kw_estimate e = kw_score_estimate(question, score);
        put_counts(json, question, score);
        put_estimate(json, question, &e);
    }
    kw_json_end_object(json);
}

static void put_scores(struct kw_json *json, const struct kw_group *group)
{
    bool shown = false;
    for (int question = 0; question < KW_QUESTION_COUNT; question++)
        shown = shown || kw_group_shows(group, question);
    kw_json_bool(json, "scores_hidden", !shown);
    if (!shown)
        return;
    kw_json_object(json, "scores");
    for (int question = 0; question < KW_QUESTION_COUNT; question++)
        put_score(json, question, &group->scores.of[question], group->hidden[question]);
    kw_json_end_object(json);
}

static void put_uncontested(struct kw_json *json, const struct kw_report *report)
{
    struct kw_interval between;
    kw_json_object(json, "scores_without_contested");
    for (int question = 0; question < KW_QUESTION_COUNT; question++) {
        const struct kw_score *score = &report->uncontested.of[question];
        if (!kw_group_shows(&report->total, question))
            continue;
        if (kw_report_uncontested(report, question, &between)) {
            put_score(json, question, score, false);
            continue;
        }
        kw_json_object(json, kw_question_words[question]);
        kw_json_integer(json, "n", score->n);
        put_interval(json, "between", between);
        kw_json_end_object(json);
    }
    kw_json_end_object(json);
}

static void put_refunded(struct kw_json *json, const struct kw_group *refunded)
{
    kw_json_object(json, "refunded");
    kw_json_integer(json, "answers", refunded->answers);
    put_scores(json, refunded);
    kw_json_end_object(json);
}

static void put_weighted(struct kw_json *json, const struct kw_report *report)
{
    const struct kw_estimate *rate = &report->weighted_rate;
    kw_json_object(json, "weighted");
    kw_json_bool(json, "p_changes", report->p_changes);
    if (rate->n > 0) {
        kw_json_number(json, "rate", rate->value, PLACES);
        kw_json_number(json, "n_eff", rate->n, PLACES);
        put_interval(json, "interval", rate->interval);
    }
    kw_json_object(json, "scores");
    for (int question = 0; question < KW_QUESTION_COUNT; question++) {
        const struct kw_estimate *e = &report->weighted[question];
        if (e->n <= 0)
            continue;
        kw_json_object(json, kw_question_words[question]);
        kw_json_number(json, "n_eff", e->n, PLACES);
        if (report->weighted_hidden[question])
            kw_json_bool(json, "hidden", true);
        else
            put_estimate(json, question, e);
        kw_json_end_object(json);
    }
    kw_json_end_object(json);
    kw_json_end_object(json);
}

static void put_classes(struct kw_json *json, const char *name, const int64_t counts[KW_CLASS_COUNT])
{
    kw_json_object(json, name);
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++)
        kw_json_integer(json, kw_class_word(klass), counts[klass]);
    kw_json_end_object(json);
}

static void put_suppressed(struct kw_json *json, const struct kw_group *group)
{
    kw_json_object(json, "suppressed");
    for (enum kw_suppression reason = 1; reason < KW_SUPPRESSION_LIMIT; reason++)
        kw_json_integer(json, kw_suppression_word(reason), group->suppressed[reason]);
    kw_json_end_object(json);
}

static void put_group(struct kw_json *json, const char *name, const struct kw_group *group)
{
    int64_t k;
    kw_json_object(json, name);
    if (!name)
        kw_json_string(json, "label", group->label);
    kw_json_integer(json, "sales", group->sales);
    kw_json_integer(json, "uncovered", kw_group_uncovered(group));
    kw_json_integer(json, "offered", group->offered);
    kw_json_integer(json, "forced", group->forced);
    put_classes(json, "by_class", group->by_class);
    put_classes(json, "answers_by_class", group->answers_by_class);
    kw_json_integer(json, "answers", group->answers);
    kw_json_integer(json, "contested", group->contested);
    kw_json_object(json, "mature_rates");
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++)
        if (group->mature[klass] > 0)
            put_rate(json, klass == KW_CLASS_SENT ? "sent_assumed_printed" : kw_class_word(klass),
                     group->mature_answers[klass], group->mature[klass]);
    kw_json_end_object(json);
    struct kw_interval bounds = kw_group_bounds(group, &k);
    if (k > 0)
        put_interval(json, "mature_bounds", bounds);
    put_suppressed(json, group);
    put_scores(json, group);
    kw_json_end_object(json);
}

static void put_experiment(struct kw_json *json, const struct kw_report *report, const struct kw_experiment *e)
{
    bool verdict = kw_experiment_is_final(e);
    kw_json_object(json, NULL);
    kw_json_string(json, "campaign", e->campaign);
    kw_json_string(json, "unit", "sale");
    kw_json_integer(json, "planned_n", e->planned);
    kw_json_integer(json, "plan_changes", e->plan_changes);
    kw_json_string(json, "looks", e->daily ? "daily" : "once");
    put_p(json, "split_p", e->split_p);
    put_p(json, "printed_given_offered_p", e->printed_p);
    kw_json_string(json, "verdict", e->broken ? "experiment broken" : e->exploratory ? "exploratory"
                                                              : verdict ? "final" : "no verdict yet");
    if (e->daily && verdict) {
        kw_json_integer(json, "looks_taken", e->looks);
        kw_json_bool(json, "ended_early", e->early);
        kw_json_number(json, "boundary_z", e->bound, PLACES);
    }
    kw_json_array(json, "arms");
    for (int arm = 0; arm < e->arms; arm++) {
        kw_json_object(json, NULL);
        kw_json_integer(json, "arm", arm);
        kw_json_string(json, "name", kw_report_arm_name(report, e->campaign, arm));
        kw_json_integer(json, "offered", e->all[arm].offered);
        kw_json_number(json, "expected", e->all[arm].expected, PLACES);
        if (verdict)
            put_rate(json, "mature", e->arm[arm].answers, e->arm[arm].offered);
        else
            kw_json_integer(json, "mature_n", e->arm[arm].offered);
        if (verdict && arm > 0) {
            kw_json_number(json, "difference", e->test[arm].difference, PLACES);
            put_interval(json, "interval", e->test[arm].interval);
            kw_json_number(json, "chi_square", e->test[arm].chi_square, PLACES);
            put_p(json, "p", e->test[arm].p);
            kw_json_bool(json, "differs", e->differs[arm]);
            kw_json_integer(json, "strata", e->test[arm].used);
            kw_json_number(json, "pooled_difference", e->test[arm].pooled, PLACES);
            kw_json_bool(json, "sign_reversed_when_pooled", e->test[arm].difference * e->test[arm].pooled < 0);
        }
        kw_json_end_object(json);
    }
    kw_json_end_array(json);
    kw_json_end_object(json);
}

static void put_trend(struct kw_json *json, const struct kw_report *report)
{
    kw_json_array(json, "cohorts");
    for (size_t i = 0; i < report->cohort_count; i++) {
        const struct kw_cohort *c = &report->cohorts[i];
        kw_json_object(json, NULL);
        kw_json_day(json, "day", c->day);
        kw_json_integer(json, "offered", c->offered);
        kw_json_integer(json, "delivered", c->delivered);
        kw_json_integer(json, "answers", c->answers);
        kw_json_bool(json, "mature", c->mature);
        kw_json_end_object(json);
    }
    kw_json_end_array(json);
    kw_json_array(json, "weeks");
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *w = &report->weeks[i];
        kw_json_object(json, NULL);
        kw_json_day(json, "monday", w->day);
        put_rate(json, "mature", w->answers, w->delivered);
        kw_json_integer(json, "low", w->low);
        kw_json_integer(json, "high", w->high);
        kw_json_bool(json, "beyond", w->beyond);
        kw_json_end_object(json);
    }
    kw_json_end_array(json);
    kw_json_object(json, "trend");
    kw_json_number(json, "mean", report->trend.mean, PLACES);
    kw_json_bool(json, "run_of_eight", report->trend.run_of_eight);
    kw_json_number(json, "z", report->trend.z, PLACES);
    put_p(json, "falling_p", report->trend.p);
    kw_json_bool(json, "falling", report->trend.falling);
    kw_json_end_object(json);
}

/* The ends of the scale of odds are "or beyond", which a number cannot say. */
static void put_odds(struct kw_json *json, const char *name, double odds)
{
    if (odds > KW_ODDS_MOST * 0.99)
        kw_json_null(json, name);
    else
        kw_json_number(json, name, odds, PLACES);
}

static void put_suspicion(struct kw_json *json, const struct kw_suspicion *s)
{
    kw_json_object(json, NULL);
    put_odds(json, "odds_ratio", s->size.odds);
    kw_json_array(json, "interval");
    put_odds(json, NULL, s->size.interval.low);
    put_odds(json, NULL, s->size.interval.high);
    kw_json_end_array(json);
    kw_json_string(json, "store", s->store);
    kw_json_string(json, "who", s->who);
    kw_json_string(json, "sign", kw_word(kw_word_of_signal(s->signal), 0));
    kw_json_string(json, "look_at", s->signal == KW_SIGNAL_FEWER      ? "printer"
                                    : kw_signal_is_of_sales(s->signal) ? "sales"
                                                                       : "answers");
    kw_json_string(json, "against", s->own_past ? "its last three windows" : "the store's others");
    kw_json_integer(json, "k", s->k);
    kw_json_integer(json, "n", s->n);
    kw_json_integer(json, "others_k", s->others_k);
    kw_json_integer(json, "others_n", s->others_n);
    put_p(json, "p", s->p);
    kw_json_end_object(json);
}

static void put_watch(struct kw_json *json, const struct kw_watch *watch)
{
    kw_json_object(json, NULL);
    kw_json_string(json, "store", watch->store);
    kw_json_integer(json, "tills", watch->tills);
    kw_json_integer(json, "tills_tested", watch->tested);
    kw_json_string(json, "result", kw_watch_result(watch));
    if (watch->smallest > 0)
        kw_json_number(json, "smallest_cheat_found", watch->smallest, 1);
    else
        kw_json_null(json, "smallest_cheat_found");
    kw_json_end_object(json);
}

static void put_suspicions(struct kw_json *json, const struct kw_report *report)
{
    kw_json_object(json, "worth_a_look");
    kw_json_string(json, "rule", kw_word(KW_WORD_SIGNALS_RULE, 0));
    if (report->has_window) {
        kw_json_day(json, "window_from", report->window_from);
        kw_json_day(json, "window_to", report->window_to);
    } else
        kw_json_null(json, "window_from");
    kw_json_integer(json, "tests", (int64_t)report->signals_tried);
    kw_json_array(json, "signs");
    for (size_t i = 0; i < report->suspicion_count; i++)
        put_suspicion(json, &report->suspicions[i]);
    kw_json_end_array(json);
    kw_json_array(json, "stores");
    for (size_t i = 0; i < report->watch_count; i++)
        put_watch(json, &report->watches[i]);
    kw_json_end_array(json);
    kw_json_end_object(json);
}

/* What nobody measured is said in words: 0 would be a count. */
static void put_step(struct kw_json *json, const char *name, const struct kw_step *step)
{
    if (!step->measured) {
        kw_json_string(json, name, "not measured");
        return;
    }
    kw_json_object(json, name);
    kw_json_integer(json, "sales", step->count);
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++)
        kw_json_integer(json, kw_class_word(klass), step->by_class[klass]);
    kw_json_end_object(json);
}

/* Where there are none, nothing is said: most shops have no tills that push. */
static void put_behind(struct kw_json *json, const struct kw_report_options *options)
{
    if (options->behind_count == 0)
        return;
    kw_json_array(json, "behind");
    for (size_t i = 0; i < options->behind_count; i++) {
        kw_json_object(json, NULL);
        kw_json_string(json, "store", options->behind[i].store);
        kw_json_string(json, "till", options->behind[i].till);
        kw_json_time(json, "as_of", options->behind[i].as_of_ms);
        kw_json_end_object(json);
    }
    kw_json_end_array(json);
}

static void put_whole(struct kw_json *json, const struct kw_report *report)
{
    kw_json_day(json, "from", report->first_day);
    kw_json_day(json, "to", report->last_day);
    put_behind(json, &report->options);
    put_group(json, "total", &report->total);
    if (report->options.sales_total > 0)
        kw_json_number(json, "coverage", (double)report->total.sales / (double)report->options.sales_total, PLACES);
    kw_json_string(json, "coverage_of", report->options.sales_total > 0 ? "all sales" : "the sales kwit saw");
    kw_json_integer(json, "expired", report->expired);
    put_step(json, "opens", &report->opened);
    put_step(json, "starts", &report->started);
    if (report->opened.measured)
        put_seconds(json, "median_open_s", report->median_open_s);
    kw_json_integer(json, "tests", report->tests);
    if (report->foreign > 0) {
        kw_json_object(json, "other_programs");
        kw_json_integer(json, "sales", report->foreign);
        kw_json_integer(json, "certain", report->foreign_certain);
        kw_json_number(json, "share", (double)report->foreign_certain / (double)report->foreign, PLACES);
        kw_json_end_object(json);
    }
    if (report->any_import)
        kw_json_day(json, "answers_until", report->reach_day);
    put_weighted(json, report);
    if (report->total.contested > 0)
        put_uncontested(json, report);
    if (report->refunded.answers > 0)
        put_refunded(json, &report->refunded);
    kw_own_json(json, report);
    put_seconds(json, "median_delay_s", report->median_delay_s);
    kw_json_object(json, "verdicts");
    for (int verdict = 1; verdict < KW_VERDICT_COUNT; verdict++)
        kw_json_integer(json, kw_verdict_word(verdict), report->verdicts[verdict]);
    kw_json_end_object(json);
}

void kw_report_json(const struct kw_report *report, struct kw_buffer *out)
{
    struct kw_json json;
    kw_json_init(&json, out);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_focus(&json, report);
    put_whole(&json, report);
    kw_json_object(&json, "by");
    for (int dimension = 0; dimension < KW_DIMENSION_COUNT; dimension++) {
        kw_json_array(&json, kw_dimension_words[dimension]);
        for (size_t i = 0; i < report->group_count[dimension]; i++)
            put_group(&json, NULL, &report->groups[dimension][i]);
        kw_json_end_array(&json);
    }
    kw_json_end_object(&json);
    kw_json_array(&json, "experiments");
    for (size_t i = 0; i < report->experiment_count; i++)
        put_experiment(&json, report, &report->experiments[i]);
    kw_json_end_array(&json);
    put_trend(&json, report);
    if (kw_report_shows_signs(report))
        put_suspicions(&json, report);
    kw_json_object(&json, "alerts");
    kw_json_integer(&json, "all", report->alerts);
    kw_json_integer(&json, "open", report->alerts_open);
    put_seconds(&json, "median_acknowledge_s", report->median_acknowledge_s);
    put_seconds(&json, "median_close_s", report->median_close_s);
    put_share(&json, "acknowledged_within_1_h", "alerts", report->taken_in_time.in_time, report->taken_in_time.all);
    put_share(&json, "closed_within_48_h", "alerts", report->closed_in_time.in_time, report->closed_in_time.all);
    kw_json_integer(&json, "replies_seen", report->replies_seen);
    kw_json_integer(&json, "low_scores_last_24_h", report->low_now);
    kw_json_number(&json, "low_scores_a_day_before", report->low_mean, PLACES);
    put_p(&json, "cluster_p", report->low_p);
    kw_json_end_object(&json);
    kw_json_object(&json, "head");
    kw_json_integer(&json, "n", report->head_n);
    char hex[17];
    for (int i = 0; i < 8; i++)
        snprintf(hex + 2 * i, 3, "%02x", report->head[i]);
    kw_json_string(&json, "hash", hex);
    kw_json_end_object(&json);
    kw_json_end_object(&json);
}
