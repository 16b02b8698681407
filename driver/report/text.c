/* text.c - the report for a terminal. */
#include "report/words.h"

#include <math.h>
#include <string.h>

static void heading(struct kw_buffer *out, const char *text)
{
    kw_buffer_format(out, "\n%s\n", text);
}

static void put_rate(struct kw_buffer *out, int64_t k, int64_t n)
{
    if (n == 0) {
        kw_buffer_text(out, "\u2013");
        return;
    }
    kw_put_share(out, (double)k / (double)n);
    kw_buffer_text(out, " (");
    kw_put_interval(out, kw_wilson((double)k, (double)n));
    kw_buffer_format(out, ", %lld of %lld)", (long long)k, (long long)n);
}

static void put_step(struct kw_buffer *out, enum kw_word word, const struct kw_step *step)
{
    kw_buffer_format(out, "  %-28s ", kw_word(word, 0));
    if (!step->measured) {
        kw_buffer_format(out, "%s\n", kw_word(KW_WORD_NOT_MEASURED, 0));
        return;
    }
    kw_put_count(out, step->count);
    kw_buffer_byte(out, '\n');
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++) {
        if (step->by_class[klass] == 0)
            continue;
        kw_buffer_format(out, "    %-36s ", kw_word(kw_word_of_class(klass), 0));
        kw_put_count(out, step->by_class[klass]);
        kw_buffer_byte(out, '\n');
    }
}

static void put_funnel(const struct kw_report *report, struct kw_buffer *out)
{
    const struct kw_group *t = &report->total;
    heading(out, kw_word(KW_WORD_FUNNEL, 0));
    kw_buffer_format(out, "  %-28s ", kw_word(KW_WORD_SALES, 0));
    kw_put_count(out, t->sales);
    if (report->options.sales_total > 0) {
        kw_buffer_text(out, "  (");
        kw_put_share(out, (double)t->sales / (double)report->options.sales_total);
        kw_buffer_format(out, " %s)", kw_word(KW_WORD_COVERAGE, 0));
    }
    kw_buffer_format(out, "\n  %-28s ", kw_word(KW_WORD_INVITED, 0));
    kw_put_count(out, t->offered);
    kw_buffer_byte(out, '\n');
    for (int klass = 1; klass <= KW_CLASS_COUNT; klass++) {
        int at = klass % KW_CLASS_COUNT;
        if (t->by_class[at] == 0 && at != KW_CLASS_PROVEN)
            continue;
        kw_buffer_format(out, "    %-36s ", kw_word(kw_word_of_class(at), 0));
        kw_put_count(out, t->by_class[at]);
        kw_buffer_byte(out, '\n');
    }
    if (t->forced)
        kw_buffer_format(out, "  %lld %s\n", (long long)t->forced, kw_word(KW_WORD_FORCED, 0));
    put_step(out, KW_WORD_OPENS, &report->opened);
    if (report->started.measured)
        put_step(out, KW_WORD_STARTS, &report->started);
    kw_buffer_format(out, "  %-28s ", kw_word(KW_WORD_ANSWERS, 0));
    kw_put_count(out, t->answers);
    if (t->contested)
        kw_buffer_format(out, "  (%lld %s)", (long long)t->contested, kw_word(KW_WORD_CONTESTED, 0));
    kw_buffer_format(out, "\n  %s: ", kw_word(KW_WORD_DELAY, 0));
    kw_put_duration(out, report->median_delay_s);
    if (report->opened.measured) {
        kw_buffer_format(out, "\n  %s: ", kw_word(KW_WORD_OPEN_DELAY, 0));
        kw_put_duration(out, report->median_open_s);
    }
    kw_buffer_byte(out, '\n');
}

static void put_rates(const struct kw_report *report, struct kw_buffer *out)
{
    const struct kw_group *t = &report->total;
    static const int classes[] = { KW_CLASS_PROVEN, KW_CLASS_SENT, KW_CLASS_UNCONFIRMED, KW_CLASS_SEEN };
    int64_t k;
    heading(out, kw_word(KW_WORD_RATE, 0));
    kw_buffer_format(out, "  %s\n", kw_word(KW_WORD_MATURE_ONLY, 0));
    for (size_t i = 0; i < 4; i++) {
        if (t->mature[classes[i]] == 0 && i > 0)
            continue;
        kw_buffer_format(out, "  %-28s ", kw_word(kw_word_of_class(classes[i]), 0));
        put_rate(out, t->mature_answers[classes[i]], t->mature[classes[i]]);
        kw_buffer_byte(out, '\n');
    }
    struct kw_interval bounds = kw_group_bounds(t, &k);
    if (kw_group_delivered(t) > 0 && k > 0) {
        kw_buffer_format(out, "  %s: ", kw_word(KW_WORD_BOUNDS, 0));
        kw_put_interval(out, bounds);
        kw_buffer_byte(out, '\n');
    }
    if (report->effective_n > 0) {
        kw_buffer_format(out, "  %s: ", kw_word(KW_WORD_WEIGHTED, 0));
        kw_put_share(out, report->weighted_rate);
        kw_buffer_text(out, " (");
        kw_put_interval(out, kw_wilson(report->weighted_rate * report->effective_n, report->effective_n));
        kw_buffer_format(out, ", n_eff %.0f)\n", report->effective_n);
    }
}

static void put_scores(const struct kw_scores *s, const char *note, struct kw_buffer *out)
{
    int64_t nps = s->promoters + s->passives + s->detractors;
    if (nps > 0) {
        struct kw_interval i = kw_nps_interval((double)s->promoters, (double)s->passives, (double)s->detractors);
        kw_buffer_format(out, "  NPS  %+.1f (%+.1f to %+.1f, n %lld) %s\n",
                         kw_nps(s->promoters, s->passives, s->detractors), i.low, i.high, (long long)nps, note);
    }
    if (s->csat > 0) {
        kw_buffer_text(out, "  CSAT 4-5 of 5: ");
        put_rate(out, s->csat_good, s->csat);
        kw_buffer_format(out, " %s\n", note);
    }
    if (s->ces > 0) {
        kw_buffer_text(out, "  CES  5-7 of 7: ");
        put_rate(out, s->ces_good, s->ces);
        kw_buffer_format(out, ", mean %.2f (%s) %s\n", (double)s->ces_sum / (double)s->ces,
                         kw_word(KW_WORD_CES_DIRECTION, 0), note);
    }
}

static void put_group(const struct kw_group *g, struct kw_buffer *out)
{
    const struct kw_scores *s = &g->scores;
    int64_t nps = s->promoters + s->passives + s->detractors;
    kw_buffer_format(out, "  %-18s %9lld %9lld %8lld  ", g->label[0] ? g->label : "-", (long long)g->sales,
                     (long long)g->offered, (long long)g->answers);
    put_rate(out, g->mature_answers[KW_CLASS_PROVEN], g->mature[KW_CLASS_PROVEN]);
    if (g->hidden && g->answers > 0)
        kw_buffer_format(out, "  NPS %s", kw_word(KW_WORD_HIDDEN, 0));
    else if (nps > 0) {
        struct kw_interval i = kw_nps_interval((double)s->promoters, (double)s->passives, (double)s->detractors);
        kw_buffer_format(out, "  NPS %+.0f (%+.0f to %+.0f)", kw_nps(s->promoters, s->passives, s->detractors), i.low,
                         i.high);
    }
    kw_buffer_byte(out, '\n');
}

static void put_breakdowns(const struct kw_report *report, struct kw_buffer *out)
{
    enum { MOST_LINES = 60 };
    for (int dimension = 0; dimension < KW_DIMENSION_COUNT; dimension++) {
        size_t count = report->group_count[dimension];
        if (count < 2)
            continue;
        kw_buffer_format(out, "\n%s %s: %s, %s, %s, %s (%s)\n", kw_word(KW_WORD_BREAKDOWN, 0),
                         kw_dimension_words[dimension], kw_word(KW_WORD_SALES, 0), kw_word(KW_WORD_INVITED, 0),
                         kw_word(KW_WORD_ANSWERS, 0), kw_word(KW_WORD_RATE, 0), kw_word(KW_WORD_PROVEN, 0));
        for (size_t i = 0; i < count && i < MOST_LINES; i++)
            put_group(&report->groups[dimension][i], out);
        if (count > MOST_LINES)
            kw_buffer_format(out, "  and %zu more; --json and --csv have all\n", count - MOST_LINES);
    }
}

static void put_suppressed(const struct kw_report *report, struct kw_buffer *out)
{
    heading(out, kw_word(KW_WORD_SUPPRESSED, 0));
    for (int reason = 1; reason < KW_SUPPRESSION_LIMIT; reason++)
        if (report->total.suppressed[reason])
            kw_buffer_format(out, "  %2d %-24s %lld\n", reason, kw_suppression_word(reason),
                             (long long)report->total.suppressed[reason]);
    heading(out, kw_word(KW_WORD_VERDICTS, 0));
    for (int verdict = 1; verdict < KW_VERDICT_COUNT; verdict++)
        if (report->verdicts[verdict])
            kw_buffer_format(out, "  %-12s %lld\n", kw_verdict_word(verdict), (long long)report->verdicts[verdict]);
}

static const char *arm_name(const struct kw_report *report, int arm)
{
    return (size_t)arm < report->options.variant_count ? report->options.variant_names[arm]
           : arm == 0                                  ? "arm 0"
                                                       : "arm";
}

static void put_experiment(const struct kw_report *report, const struct kw_experiment *e, struct kw_buffer *out)
{
    kw_buffer_format(out, "  %s\n", e->campaign);
    for (int arm = 0; arm < e->arms; arm++) {
        kw_buffer_format(out, "    %-14s %s %lld (%.0f expected), ", arm_name(report, arm), kw_word(KW_WORD_INVITED, 0),
                         (long long)e->all[arm].offered, e->all[arm].expected);
        put_rate(out, e->arm[arm].answers, e->arm[arm].offered);
        kw_buffer_byte(out, '\n');
    }
    kw_buffer_format(out, "    split p = %.4f, printed given offered p = %.4f\n", e->split_p, e->printed_p);
    if (e->broken)
        kw_buffer_format(out, "    %s\n", kw_word(KW_WORD_BROKEN, 0));
    else if (e->until_day == 0)
        kw_buffer_format(out, "    %s (planned: %lld mature invitations of each arm)\n", kw_word(KW_WORD_NO_VERDICT, 0),
                         (long long)e->planned);
    for (int arm = 1; arm < e->arms && !e->broken && e->until_day > 0; arm++) {
        const struct kw_cmh *c = &e->test[arm];
        kw_buffer_format(out, "    %s against %s: %+.2f points (%+.2f to %+.2f), p = %.4f, %d strata: %s\n",
                         arm_name(report, arm), arm_name(report, 0), 100 * c->difference, 100 * c->interval.low,
                         100 * c->interval.high, c->p, c->used, c->p < 0.05 ? "a difference" : "no difference shown");
        if (c->difference * e->pooled[arm] < 0)
            kw_buffer_format(out, "    %+.2f points pooled: %s\n", 100 * e->pooled[arm], kw_word(KW_WORD_REVERSAL, 0));
    }
}

static void put_trend(const struct kw_report *report, struct kw_buffer *out)
{
    heading(out, kw_word(KW_WORD_TREND, 0));
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *week = &report->weeks[i];
        kw_buffer_text(out, "  ");
        kw_put_day(out, week->day);
        kw_buffer_format(out, "  %lld of %lld, ", (long long)week->answers, (long long)week->delivered);
        kw_put_share(out, (double)week->answers / (double)week->delivered);
        kw_buffer_format(out, "  [%lld-%lld]%s%s\n", (long long)week->low, (long long)week->high,
                         week->beyond ? "  " : "", week->beyond ? kw_word(KW_WORD_BEYOND, 0) : "");
    }
    if (report->run_of_eight)
        kw_buffer_format(out, "  %s\n", kw_word(KW_WORD_RUN, 0));
    if (report->week_count == 0)
        kw_buffer_format(out, "  %s\n", kw_word(KW_WORD_IMMATURE, 0));
}

static void put_suspicions(const struct kw_report *report, struct kw_buffer *out)
{
    kw_buffer_format(out, "\n%s (%zu exact tests, Benjamini-Hochberg 10 %%)\n", kw_word(KW_WORD_SIGNALS, 0),
                     report->signals_tried);
    for (size_t i = 0; i < report->suspicion_count; i++) {
        const struct kw_suspicion *s = &report->suspicions[i];
        kw_buffer_format(out, "  %s: %s, %lld of %lld; elsewhere %lld of %lld (p = %.2g)\n", s->who,
                         kw_signal_words[s->signal], (long long)s->k, (long long)s->n, (long long)s->others_k,
                         (long long)s->others_n, s->p);
    }
    if (report->suspicion_count == 0)
        kw_buffer_format(out, "  %s\n", kw_word(KW_WORD_SIGNALS_NONE, 0));
}

void kw_report_text(const struct kw_report *report, struct kw_buffer *out)
{
    kw_buffer_format(out, "%s%s%s, ", kw_word(KW_WORD_TITLE, 0), report->options.shop ? ": " : "",
                     report->options.shop ? report->options.shop : "");
    kw_put_day(out, report->first_day);
    kw_buffer_text(out, " to ");
    kw_put_day(out, report->last_day);
    kw_buffer_byte(out, '\n');
    put_funnel(report, out);
    put_rates(report, out);
    heading(out, kw_word(KW_WORD_SCORES, 0));
    if (report->total.hidden)
        kw_buffer_format(out, "  %s\n", kw_word(KW_WORD_HIDDEN, 0));
    else
        put_scores(&report->total.scores, "", out);
    if (!report->total.hidden && report->total.contested)
        put_scores(&report->total.uncontested, kw_word(KW_WORD_UNCONTESTED, 0), out);
    put_suppressed(report, out);
    put_breakdowns(report, out);
    if (report->experiment_count)
        kw_buffer_format(out, "\n%s: %s\n", kw_word(KW_WORD_EXPERIMENTS, 0), kw_word(KW_WORD_UNIT, 0));
    for (size_t i = 0; i < report->experiment_count; i++)
        put_experiment(report, &report->experiments[i], out);
    put_trend(report, out);
    put_suspicions(report, out);
    kw_buffer_format(out, "\n%s: %lld, %s %lld, median to acknowledge ", kw_word(KW_WORD_ALERTS, 0),
                     (long long)report->alerts, kw_word(KW_WORD_OPEN_ALERTS, 0), (long long)report->alerts_open);
    kw_put_duration(out, report->median_acknowledge_s);
    if (report->low_p < KW_REPORT_CLUSTER_P)
        kw_buffer_format(out, "\n%s: %lld, %s %.1f (p = %.2g)", kw_word(KW_WORD_CLUSTER, 0), (long long)report->low_now,
                         kw_word(KW_WORD_USUAL, 0), report->low_mean, report->low_p);
    kw_buffer_format(out, "\n\n%s\n%s: %lld-", kw_word(KW_WORD_CAVEAT, 0), kw_word(KW_WORD_HEAD, 0),
                     (long long)report->head_n);
    for (int i = 0; i < 8; i++)
        kw_buffer_format(out, "%02x", report->head[i]);
    kw_buffer_byte(out, '\n');
}
