/* json.c - the report for programs, and as CSV for spreadsheets. */
#include "base/json.h"
#include "report/words.h"

#include <stdio.h>
#include <string.h>

static void put_interval(struct kw_json *json, const char *name, struct kw_interval interval, int places)
{
    kw_json_array(json, name);
    kw_json_number(json, NULL, interval.low, places);
    kw_json_number(json, NULL, interval.high, places);
    kw_json_end_array(json);
}

static void put_day(struct kw_json *json, const char *name, int64_t day)
{
    struct kw_buffer text;
    kw_buffer_init(&text, 40);
    kw_put_day(&text, day);
    kw_json_string(json, name, kw_buffer_string(&text));
    kw_buffer_free(&text);
}

static void put_rate(struct kw_json *json, const char *name, int64_t k, int64_t n)
{
    kw_json_object(json, name);
    kw_json_integer(json, "answers", k);
    kw_json_integer(json, "n", n);
    if (n > 0) {
        kw_json_number(json, "rate", (double)k / (double)n, 6);
        put_interval(json, "interval", kw_wilson((double)k, (double)n), 6);
    }
    kw_json_end_object(json);
}

static void put_scores(struct kw_json *json, const char *name, const struct kw_scores *s)
{
    int64_t nps = s->promoters + s->passives + s->detractors;
    kw_json_object(json, name);
    kw_json_object(json, "nps");
    kw_json_integer(json, "n", nps);
    if (nps > 0) {
        kw_json_integer(json, "promoters", s->promoters);
        kw_json_integer(json, "passives", s->passives);
        kw_json_integer(json, "detractors", s->detractors);
        kw_json_number(json, "score", kw_nps(s->promoters, s->passives, s->detractors), 3);
        put_interval(json, "interval",
                     kw_nps_interval((double)s->promoters, (double)s->passives, (double)s->detractors), 3);
    }
    kw_json_end_object(json);
    kw_json_object(json, "csat");
    kw_json_integer(json, "n", s->csat);
    if (s->csat > 0) {
        kw_json_number(json, "top_two", (double)s->csat_good / (double)s->csat, 6);
        put_interval(json, "interval", kw_wilson((double)s->csat_good, (double)s->csat), 6);
    }
    kw_json_end_object(json);
    kw_json_object(json, "ces");
    kw_json_integer(json, "n", s->ces);
    if (s->ces > 0) {
        kw_json_number(json, "easy", (double)s->ces_good / (double)s->ces, 6);
        put_interval(json, "interval", kw_wilson((double)s->ces_good, (double)s->ces), 6);
        kw_json_number(json, "mean", (double)s->ces_sum / (double)s->ces, 4);
        kw_json_string(json, "direction", "7 is easy");
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
    for (int reason = 1; reason < KW_SUPPRESSION_LIMIT; reason++)
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
    put_interval(json, "mature_bounds", kw_group_bounds(group, &k), 6);
    put_suppressed(json, group);
    kw_json_bool(json, "scores_hidden", group->hidden);
    if (!group->hidden) {
        put_scores(json, "scores", &group->scores);
        put_scores(json, "scores_without_contested", &group->uncontested);
    }
    kw_json_end_object(json);
}

static void put_experiment(struct kw_json *json, const struct kw_experiment *e)
{
    bool verdict = !e->broken && e->until_day > 0;
    kw_json_object(json, NULL);
    kw_json_string(json, "campaign", e->campaign);
    kw_json_string(json, "unit", "sale");
    kw_json_integer(json, "planned_n", e->planned);
    kw_json_number(json, "split_p", e->split_p, 8);
    kw_json_number(json, "printed_given_offered_p", e->printed_p, 8);
    kw_json_string(json, "verdict", e->broken ? "experiment broken" : verdict ? "final" : "no verdict yet");
    kw_json_array(json, "arms");
    for (int arm = 0; arm < e->arms; arm++) {
        kw_json_object(json, NULL);
        kw_json_integer(json, "offered", e->all[arm].offered);
        kw_json_number(json, "expected", e->all[arm].expected, 2);
        put_rate(json, "mature", e->arm[arm].answers, e->arm[arm].offered);
        if (verdict && arm > 0) {
            kw_json_number(json, "difference", e->test[arm].difference, 8);
            put_interval(json, "interval", e->test[arm].interval, 8);
            kw_json_number(json, "chi_square", e->test[arm].chi_square, 6);
            kw_json_number(json, "p", e->test[arm].p, 8);
            kw_json_integer(json, "strata", e->test[arm].used);
            kw_json_number(json, "pooled_difference", e->pooled[arm], 8);
            kw_json_bool(json, "sign_reversed_when_pooled", e->test[arm].difference * e->pooled[arm] < 0);
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
        put_day(json, "day", c->day);
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
        put_day(json, "monday", w->day);
        put_rate(json, "mature", w->answers, w->delivered);
        kw_json_integer(json, "low", w->low);
        kw_json_integer(json, "high", w->high);
        kw_json_bool(json, "beyond", w->beyond);
        kw_json_end_object(json);
    }
    kw_json_end_array(json);
    kw_json_bool(json, "run_of_eight", report->run_of_eight);
}

static void put_suspicions(struct kw_json *json, const struct kw_report *report)
{
    kw_json_object(json, "worth_a_look");
    kw_json_integer(json, "tests", (int64_t)report->signals_tried);
    kw_json_array(json, "signs");
    for (size_t i = 0; i < report->suspicion_count; i++) {
        const struct kw_suspicion *s = &report->suspicions[i];
        kw_json_object(json, NULL);
        kw_json_string(json, "who", s->who);
        kw_json_string(json, "sign", kw_signal_words[s->signal]);
        kw_json_integer(json, "k", s->k);
        kw_json_integer(json, "n", s->n);
        kw_json_integer(json, "others_k", s->others_k);
        kw_json_integer(json, "others_n", s->others_n);
        kw_json_number(json, "p", s->p, 12);
        kw_json_end_object(json);
    }
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

static void put_whole(struct kw_json *json, const struct kw_report *report)
{
    put_day(json, "from", report->first_day);
    put_day(json, "to", report->last_day);
    put_group(json, "total", &report->total);
    if (report->options.sales_total > 0)
        kw_json_number(json, "coverage", (double)report->total.sales / (double)report->options.sales_total, 6);
    kw_json_string(json, "coverage_of", report->options.sales_total > 0 ? "all sales" : "the sales kwit saw");
    put_step(json, "opens", &report->opened);
    put_step(json, "starts", &report->started);
    if (report->opened.measured)
        kw_json_number(json, "median_open_s", report->median_open_s, 1);
    kw_json_integer(json, "tests", report->tests);
    if (report->effective_n > 0) {
        kw_json_object(json, "weighted");
        kw_json_number(json, "rate", report->weighted_rate, 6);
        kw_json_number(json, "n_eff", report->effective_n, 1);
        put_interval(json, "interval", kw_wilson(report->weighted_rate * report->effective_n, report->effective_n), 6);
        kw_json_end_object(json);
    }
    kw_json_number(json, "median_delay_s", report->median_delay_s, 1);
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
        put_experiment(&json, &report->experiments[i]);
    kw_json_end_array(&json);
    put_trend(&json, report);
    put_suspicions(&json, report);
    kw_json_object(&json, "alerts");
    kw_json_integer(&json, "all", report->alerts);
    kw_json_integer(&json, "open", report->alerts_open);
    kw_json_number(&json, "median_acknowledge_s", report->median_acknowledge_s, 1);
    kw_json_integer(&json, "low_scores_last_24_h", report->low_now);
    kw_json_number(&json, "low_scores_a_day_before", report->low_mean, 3);
    kw_json_number(&json, "cluster_p", report->low_p, 8);
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

void kw_put_csv(struct kw_buffer *out, const char *cell)
{
    bool formula = cell[0] && strchr("=+-@\t\r", cell[0]), quote = formula || strpbrk(cell, ",\"\n\r;") != NULL;
    if (quote)
        kw_buffer_byte(out, '"');
    if (formula)
        kw_buffer_byte(out, '\'');
    for (; *cell; cell++) {
        if (*cell == '"')
            kw_buffer_byte(out, '"');
        kw_buffer_byte(out, (uint8_t)*cell);
    }
    if (quote)
        kw_buffer_byte(out, '"');
}

static void csv_group(struct kw_buffer *out, const char *dimension, const struct kw_group *g)
{
    int64_t n = g->mature[KW_CLASS_PROVEN], k = g->mature_answers[KW_CLASS_PROVEN];
    struct kw_interval i = kw_wilson((double)k, (double)n);
    const struct kw_scores *s = &g->scores;
    int64_t nps = s->promoters + s->passives + s->detractors;
    kw_buffer_format(out, "%s,", dimension);
    kw_put_csv(out, g->label);
    kw_buffer_format(out, ",%lld,%lld,%lld,%lld,%lld,%lld,%lld,%lld,%lld,", (long long)g->sales, (long long)g->offered,
                     (long long)g->by_class[KW_CLASS_PROVEN], (long long)g->by_class[KW_CLASS_SENT],
                     (long long)g->by_class[KW_CLASS_UNCONFIRMED],
                     (long long)g->by_class[KW_CLASS_NOT_PRINTED], (long long)g->answers, (long long)n, (long long)k);
    if (n > 0)
        kw_buffer_format(out, "%.6f,%.6f,%.6f,", (double)k / (double)n, i.low, i.high);
    else
        kw_buffer_text(out, ",,,");
    if (!g->hidden && nps > 0) {
        struct kw_interval score = kw_nps_interval((double)s->promoters, (double)s->passives, (double)s->detractors);
        kw_buffer_format(out, "%lld,%.2f,%.2f,%.2f", (long long)nps,
                         kw_nps(s->promoters, s->passives, s->detractors), score.low, score.high);
    } else
        kw_buffer_text(out, g->hidden ? "hidden,,," : ",,,");
}

/* Opens and starts are counted for the whole only. */
static void csv_step(struct kw_buffer *out, const struct kw_step *step)
{
    if (step->measured)
        kw_buffer_format(out, ",%lld", (long long)step->count);
    else
        kw_buffer_text(out, ",not measured");
}

void kw_report_csv(const struct kw_report *report, struct kw_buffer *out)
{
    kw_buffer_text(out, "by,label,sales,offered,proven,sent_assumed_printed,unconfirmed,not_printed,answers,mature_"
                        "proven,mature_proven_answers,"
                        "rate,rate_low,rate_high,nps_n,nps,nps_low,nps_high,opened,started\r\n");
    csv_group(out, "total", &report->total);
    csv_step(out, &report->opened);
    csv_step(out, &report->started);
    kw_buffer_text(out, "\r\n");
    for (int dimension = 0; dimension < KW_DIMENSION_COUNT; dimension++)
        for (size_t i = 0; i < report->group_count[dimension]; i++) {
            csv_group(out, kw_dimension_words[dimension], &report->groups[dimension][i]);
            kw_buffer_text(out, ",,\r\n");
        }
}
