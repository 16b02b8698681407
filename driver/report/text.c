/* text.c - the report for a terminal of 80 columns. */
#include "report/own.h"
#include "report/text.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = KW_TEXT_INDENT, LABEL = KW_TEXT_LABEL, NAME = 38 };

static void put_name(struct kw_writer *page, int indent, enum kw_word word)
{
    kw_buffer_format(page->out, "%*s%s ", indent, "", kw_say(page, word));
    kw_text_pad(page, NAME);
}

static void put_count_line(struct kw_writer *page, int indent, enum kw_word word, int64_t count)
{
    put_name(page, indent, word);
    kw_put_count(page, count);
    kw_buffer_byte(page->out, '\n');
}

static void put_step(struct kw_writer *page, enum kw_word word, const struct kw_step *step)
{
    if (!step->measured) {
        put_name(page, 2, word);
        kw_buffer_format(page->out, "%s\n", kw_say(page, KW_WORD_NOT_MEASURED));
        return;
    }
    put_count_line(page, 2, word, step->count);
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++)
        if (step->by_class[klass] > 0)
            put_count_line(page, INDENT, kw_word_of_class(klass), step->by_class[klass]);
}

static void put_delay(struct kw_writer *page, enum kw_word word, double seconds)
{
    put_name(page, 2, word);
    kw_put_duration(page, seconds);
    kw_buffer_byte(page->out, '\n');
}

static void put_foreign(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    if (report->foreign == 0)
        return;
    put_name(page, INDENT, KW_WORD_FOREIGN);
    kw_put_count(page, report->foreign);
    kw_buffer_text(page->out, " (");
    kw_put_share(page, (double)report->foreign_certain / (double)report->foreign);
    kw_buffer_format(page->out, " %s)\n", kw_say(page, KW_WORD_CERTAIN));
}

static void put_funnel(struct kw_writer *page)
{
    const struct kw_group *t = &page->report->total;
    kw_text_heading(page, kw_say(page, KW_WORD_FUNNEL));
    put_name(page, 2, KW_WORD_SALES);
    kw_put_count(page, t->sales);
    if (page->report->options.sales_total > 0) {
        kw_buffer_text(page->out, " (");
        kw_put_share(page, (double)t->sales / (double)page->report->options.sales_total);
        kw_buffer_format(page->out, " %s)", kw_say(page, KW_WORD_COVERAGE));
    }
    kw_buffer_byte(page->out, '\n');
    put_foreign(page);
    put_count_line(page, 2, KW_WORD_INVITED, t->offered);
    for (int klass = 1; klass <= KW_CLASS_COUNT; klass++) {
        int at = klass % KW_CLASS_COUNT;
        if (t->by_class[at] > 0 || at == KW_CLASS_PROVEN)
            put_count_line(page, INDENT, kw_word_of_class(at), t->by_class[at]);
    }
    if (t->forced)
        kw_buffer_format(page->out, "  %lld %s\n", (long long)t->forced, kw_say(page, KW_WORD_FORCED));
    put_step(page, KW_WORD_OPENS, &page->report->opened);
    if (page->report->started.measured)
        put_step(page, KW_WORD_STARTS, &page->report->started);
    put_count_line(page, 2, KW_WORD_ANSWERS, t->answers);
    if (t->contested)
        put_count_line(page, INDENT, KW_WORD_CONTESTED, t->contested);
    if (page->report->any_import)
        put_count_line(page, 2, KW_WORD_EXPIRED, page->report->expired);
    put_delay(page, KW_WORD_DELAY, page->report->median_delay_s);
    if (page->report->opened.measured)
        put_delay(page, KW_WORD_OPEN_DELAY, page->report->median_open_s);
}

static void put_reach(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    kw_buffer_format(page->out, "  %s ", kw_say(page, report->any_import ? KW_WORD_REACH : KW_WORD_NO_REACH));
    if (report->any_import)
        kw_put_day(page, report->reach_day);
    kw_buffer_byte(page->out, '\n');
}

static void put_rates(struct kw_writer *page)
{
    static const int classes[] = { KW_CLASS_PROVEN, KW_CLASS_SENT, KW_CLASS_UNCONFIRMED, KW_CLASS_SEEN };
    const struct kw_report *report = page->report;
    const struct kw_group *t = &report->total;
    int64_t k;
    kw_text_heading(page, kw_say(page, KW_WORD_RATE));
    kw_text_wrapped(page, 2, kw_say(page, KW_WORD_MATURE_ONLY));
    put_reach(page);
    for (size_t i = 0; i < 4; i++) {
        if (t->mature[classes[i]] == 0 && i > 0)
            continue;
        put_name(page, INDENT, kw_word_of_class(classes[i]));
        kw_text_rate(page, t->mature_answers[classes[i]], t->mature[classes[i]]);
        kw_buffer_byte(page->out, '\n');
    }
    struct kw_interval bounds = kw_group_bounds(t, &k);
    if (kw_group_delivered(t) > 0 && k > 0) {
        put_name(page, INDENT, KW_WORD_BOUNDS);
        kw_put_interval(page, bounds);
        kw_buffer_byte(page->out, '\n');
    }
    if (!report->p_changes || report->weighted_rate.n <= 0)
        return;
    kw_text_wrapped(page, 2, kw_say(page, KW_WORD_WEIGHTED));
    put_name(page, INDENT, KW_WORD_CLASS_PROVEN);
    kw_text_estimate(page, KW_CSAT, &report->weighted_rate, "n_eff");
    kw_buffer_byte(page->out, '\n');
}

static void put_score_line(struct kw_writer *page, enum kw_question question)
{
    const struct kw_score *score = &page->report->total.scores.of[question];
    struct kw_estimate e = kw_score_estimate(question, score);
    kw_buffer_format(page->out, "%*s%s ", INDENT, "", kw_question_names[question]);
    kw_text_pad(page, LABEL);
    if (page->report->total.hidden[question])
        kw_buffer_text(page->out, kw_say(page, KW_WORD_HIDDEN));
    else
        kw_text_estimate(page, question, &e, "n");
    if (question == KW_CES && !page->report->total.hidden[question]) {
        kw_buffer_format(page->out, "%s%s ", kw_say(page, KW_WORD_COMMA), kw_say(page, KW_WORD_MEAN));
        kw_put_number(page, (double)score->sum / (double)score->n, 2);
        kw_buffer_format(page->out, " (%s)", kw_say(page, KW_WORD_CES_DIRECTION));
    }
    kw_buffer_byte(page->out, '\n');
}

static void put_weighted_line(struct kw_writer *page, enum kw_question question)
{
    const struct kw_report *report = page->report;
    kw_buffer_format(page->out, "%*s%s ", INDENT, "", kw_question_names[question]);
    kw_text_pad(page, LABEL);
    if (report->weighted_hidden[question])
        kw_buffer_text(page->out, kw_say(page, KW_WORD_HIDDEN));
    else
        kw_text_estimate(page, question, &report->weighted[question], "n_eff");
    kw_buffer_byte(page->out, '\n');
}

static void put_uncontested_line(struct kw_writer *page, enum kw_question question)
{
    struct kw_interval between;
    const struct kw_score *score = &page->report->uncontested.of[question];
    struct kw_estimate e = kw_score_estimate(question, score);
    if (page->report->total.hidden[question])
        return;
    kw_buffer_format(page->out, "%*s%s ", INDENT, "", kw_question_names[question]);
    kw_text_pad(page, LABEL);
    if (kw_report_uncontested(page->report, question, &between))
        kw_text_estimate(page, question, &e, "n");
    else {
        kw_buffer_format(page->out, "%s ", kw_say(page, KW_WORD_BETWEEN));
        kw_put_ltr(page, true);
        kw_put_range(page, question, between);
        kw_buffer_format(page->out, "; n %lld", (long long)score->n);
        kw_put_ltr(page, false);
    }
    kw_buffer_byte(page->out, '\n');
}

static void put_refunded_line(struct kw_writer *page, enum kw_question question)
{
    const struct kw_group *refunded = &page->report->refunded;
    struct kw_estimate e = kw_score_estimate(question, &refunded->scores.of[question]);
    if (refunded->scores.of[question].n == 0)
        return;
    kw_buffer_format(page->out, "%*s%s ", INDENT, "", kw_question_names[question]);
    kw_text_pad(page, LABEL);
    if (refunded->hidden[question])
        kw_buffer_text(page->out, kw_say(page, KW_WORD_HIDDEN));
    else
        kw_text_estimate(page, question, &e, "n");
    kw_buffer_byte(page->out, '\n');
}

static void put_scores(struct kw_writer *page)
{
    static const struct { enum kw_word word; void (*line)(struct kw_writer *, enum kw_question); } parts[] = {
        { KW_WORD_SCORES, put_score_line }, { KW_WORD_UNCONTESTED, put_uncontested_line },
        { KW_WORD_REFUNDED, put_refunded_line }, { KW_WORD_WEIGHTED, put_weighted_line }
    };
    const struct kw_report *report = page->report;
    const bool wanted[] = { true, report->total.contested > 0, report->refunded.answers > 0, report->p_changes };
    for (size_t part = 0; part < sizeof parts / sizeof parts[0]; part++) {
        if (!wanted[part])
            continue;
        if (part == 0)
            kw_text_heading(page, kw_say(page, parts[part].word));
        else
            kw_text_wrapped(page, 2, kw_say(page, parts[part].word));
        for (int question = 0; question < KW_QUESTION_COUNT; question++)
            if (report->total.scores.of[question].n > 0)
                parts[part].line(page, (enum kw_question)question);
    }
}

static void put_counted(struct kw_writer *page, const char *name, int64_t count)
{
    if (count == 0)
        return;
    kw_buffer_format(page->out, "  %s ", name);
    kw_text_pad(page, NAME);
    kw_put_count(page, count);
    kw_buffer_byte(page->out, '\n');
}

static void put_counts(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    kw_text_heading(page, kw_say(page, KW_WORD_SUPPRESSED));
    for (enum kw_suppression reason = 1; reason < KW_SUPPRESSION_LIMIT; reason++)
        put_counted(page, kw_say(page, kw_word_of_reason(reason)), report->total.suppressed[reason]);
    kw_text_heading(page, kw_say(page, KW_WORD_VERDICTS));
    for (int verdict = 1; verdict < KW_VERDICT_COUNT; verdict++)
        put_counted(page, kw_say(page, kw_word_of_verdict(verdict)), report->verdicts[verdict]);
}

static void put_trend(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    kw_text_heading(page, kw_say(page, KW_WORD_TREND));
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *week = &report->weeks[i];
        kw_buffer_text(page->out, "  ");
        kw_put_day(page, week->day);
        kw_buffer_text(page->out, "  ");
        kw_text_rate(page, week->answers, week->delivered);
        kw_buffer_text(page->out, "  [");
        kw_put_count(page, week->low);
        kw_buffer_text(page->out, "\u2013");
        kw_put_count(page, week->high);
        kw_buffer_format(page->out, "]%s%s", week->beyond ? "  " : "",
                         week->beyond ? kw_say(page, KW_WORD_BEYOND) : "");
        if (week->is_part)
            kw_buffer_format(page->out, "  (%s)", kw_say(page, KW_WORD_PART_WEEK));
        kw_buffer_byte(page->out, '\n');
    }
    if (report->week_count == 0)
        kw_buffer_format(page->out, "  %s\n", kw_say(page, KW_WORD_IMMATURE));
    else
        kw_buffer_format(page->out, "  [] %s\n", kw_say(page, KW_WORD_LIMITS));
    if (report->trend.run_of_eight)
        kw_text_wrapped(page, 2, kw_say(page, KW_WORD_RUN));
    if (report->trend.falling) {
        kw_buffer_format(page->out, "  %s%s", kw_say(page, KW_WORD_FALLING), kw_say(page, KW_WORD_COLON));
        kw_put_p(page, report->trend.p);
        kw_buffer_byte(page->out, '\n');
    }
}

static void put_in_time(struct kw_writer *page, enum kw_word word, const struct kw_in_time *count)
{
    kw_buffer_format(page->out, "\n  %s ", kw_say(page, word));
    kw_text_rate(page, count->in_time, count->all);
}

static void put_alerts(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    kw_text_heading(page, kw_say(page, KW_WORD_ALERTS));
    kw_buffer_format(page->out, "  %lld%s%s %lld\n  %s ", (long long)report->alerts, kw_say(page, KW_WORD_COMMA),
                     kw_say(page, KW_WORD_OPEN_ALERTS),
                     (long long)report->alerts_open, kw_say(page, KW_WORD_ACKNOWLEDGED));
    kw_put_duration(page, report->median_acknowledge_s);
    kw_buffer_format(page->out, "\n  %s ", kw_say(page, KW_WORD_CLOSED));
    kw_put_duration(page, report->median_close_s);
    put_in_time(page, KW_WORD_TAKEN_IN_TIME, &report->taken_in_time);
    put_in_time(page, KW_WORD_CLOSED_IN_TIME, &report->closed_in_time);
    kw_buffer_format(page->out, "\n  %s %lld", kw_say(page, KW_WORD_REPLIES_SEEN), (long long)report->replies_seen);
    kw_buffer_byte(page->out, '\n');
    if (report->low_p >= KW_REPORT_CLUSTER_P)
        return;
    kw_buffer_format(page->out, "  %s%s%lld%s%s ", kw_say(page, KW_WORD_CLUSTER), kw_say(page, KW_WORD_COLON),
                     (long long)report->low_now, kw_say(page, KW_WORD_COMMA),
                     kw_say(page, KW_WORD_USUAL));
    kw_put_number(page, report->low_mean, 1);
    kw_buffer_text(page->out, " (");
    kw_put_p(page, report->low_p);
    kw_buffer_text(page->out, ")\n");
}

static void put_head(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    kw_buffer_text(page->out, kw_say(page, KW_WORD_TITLE));
    if (report->options.shop) {
        kw_buffer_text(page->out, kw_say(page, KW_WORD_COLON));
        kw_put_text(page, report->options.shop);
    }
    kw_buffer_text(page->out, "\n");
    kw_put_ltr(page, true);
    kw_put_day(page, report->first_day);
    kw_buffer_text(page->out, " \u2013 ");
    kw_put_day(page, report->last_day);
    kw_put_ltr(page, false);
    kw_buffer_byte(page->out, '\n');
}

/* What these tills sold since then may be missing below. */
static void put_behind(struct kw_writer *page)
{
    const struct kw_report_options *options = &page->report->options;
    char when[32];
    if (options->behind_count == 0)
        return;
    kw_text_heading(page, kw_say(page, KW_WORD_BEHIND));
    for (size_t i = 0; i < options->behind_count; i++) {
        kw_time_text_utc(options->behind[i].as_of_ms, when);
        kw_buffer_format(page->out, "  %s %s  %s %s\n", options->behind[i].store, options->behind[i].till,
                         kw_say(page, KW_WORD_AS_OF), options->behind[i].as_of_ms > 0 ? when : "-");
    }
}

void kw_report_text(const struct kw_report *report, const char *language, struct kw_buffer *out)
{
    struct kw_writer page = kw_writer_begin(report, language, false, out);
    put_head(&page);
    put_behind(&page);
    kw_text_focus(&page);
    kw_text_scores(&page);
    put_funnel(&page);
    put_rates(&page);
    put_scores(&page);
    kw_own_text(&page);
    put_counts(&page);
    kw_text_breakdowns(&page);
    kw_text_experiments(&page);
    put_trend(&page);
    if (kw_report_shows_signs(report))
        kw_text_signs(&page);
    put_alerts(&page);
    kw_buffer_byte(out, '\n');
    kw_text_wrapped(&page, 0, kw_say(&page, KW_WORD_CAVEAT));
    kw_buffer_format(out, "%s%s%lld-", kw_say(&page, KW_WORD_HEAD), kw_say(&page, KW_WORD_COLON),
                     (long long)report->head_n);
    for (int i = 0; i < 8; i++)
        kw_buffer_format(out, "%02x", report->head[i]);
    kw_buffer_byte(out, '\n');
}
