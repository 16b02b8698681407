/* sheet.c - the report as CSV for spreadsheets: one line for the whole and for each line of each breakdown. */
#include "report/own.h"
#include "report/words.h"

#include "base/arena.h"
#include "base/visible.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void kw_put_csv(struct kw_buffer *out, const char *cell)
{
    bool formula = cell[0] && strchr("=+-@\t\r", cell[0]), quote = formula || strpbrk(cell, ",\"\n\r;") != NULL;
    if (quote)
        kw_buffer_byte(out, '"');
    if (formula)
        kw_buffer_byte(out, '\'');
    kw_buffer_escaped(out, cell, "\"", '"');
    if (quote)
        kw_buffer_byte(out, '"');
}

/* Delivery classes with a rate of their own, and the words of their columns. */
static const struct { int klass; const char *name; } rated[] = {
    { KW_CLASS_PROVEN, "proven" }, { KW_CLASS_SENT, "sent_assumed_printed" }, { KW_CLASS_UNCONFIRMED, "unconfirmed" },
    { KW_CLASS_SEEN, "seen" }
};
enum { RATED = sizeof rated / sizeof rated[0] };

static void put_header(struct kw_buffer *out)
{
    kw_buffer_text(out, "by,label,sales,uncovered,forced,offered,answers,contested");
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++)
        kw_buffer_format(out, ",%s", kw_class_word(klass));
    for (int i = 0; i < RATED; i++)
        kw_buffer_format(out, ",mature_%s,mature_%s_answers,rate_%s,rate_%s_low,rate_%s_high", rated[i].name,
                         rated[i].name, rated[i].name, rated[i].name, rated[i].name);
    for (int question = 0; question < KW_QUESTION_COUNT; question++) {
        const char *word = kw_question_words[question];
        kw_buffer_format(out, ",%s_n,%s,%s_low,%s_high", word, word, word, word);
    }
    for (enum kw_suppression reason = 1; reason < KW_SUPPRESSION_LIMIT; reason++)
        kw_buffer_format(out, ",%s", kw_suppression_word(reason));
    kw_buffer_text(out, ",opened,started,size,size_low,size_high,p\r\n");
}

/* How large what was tested is (of a sign its odds, of an arm its difference, of a week its answers), and its p. */
struct finding { double size; struct kw_interval interval; double p; };

static void put_number(struct kw_buffer *out, double value)
{
    kw_buffer_byte(out, ',');
    if (isfinite(value))
        kw_buffer_format(out, "%.6g", value);
}

static void end_line(struct kw_buffer *out, const struct finding *finding)
{
    if (!finding) {
        kw_buffer_text(out, ",,,,\r\n");
        return;
    }
    put_number(out, finding->size);
    put_number(out, finding->interval.low);
    put_number(out, finding->interval.high);
    put_number(out, finding->p);
    kw_buffer_text(out, "\r\n");
}

static void put_rate(struct kw_buffer *out, int64_t k, int64_t n)
{
    struct kw_interval i = kw_wilson((double)k, (double)n);
    kw_buffer_format(out, ",%lld,%lld", (long long)n, (long long)k);
    if (n > 0)
        kw_buffer_format(out, ",%.6f,%.6f,%.6f", (double)k / (double)n, i.low, i.high);
    else
        kw_buffer_text(out, ",,,");
}

static void put_score(struct kw_buffer *out, const struct kw_group *group, enum kw_question question)
{
    struct kw_estimate e = kw_score_estimate(question, &group->scores.of[question]);
    kw_buffer_format(out, ",%.0f", e.n);
    if (kw_group_shows(group, question))
        kw_buffer_format(out, ",%.6f,%.6f,%.6f", e.value, e.interval.low, e.interval.high);
    else
        kw_buffer_text(out, e.n > 0 ? ",hidden,hidden,hidden" : ",,,");
}

static void put_line(struct kw_buffer *out, const char *dimension, const struct kw_group *g)
{
    const int64_t counts[] = { g->sales, kw_group_uncovered(g), g->forced, g->offered, g->answers, g->contested };
    kw_buffer_format(out, "%s,", dimension);
    kw_put_csv(out, g->label);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        kw_buffer_format(out, ",%lld", (long long)counts[i]);
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++)
        kw_buffer_format(out, ",%lld", (long long)g->by_class[klass]);
    for (int i = 0; i < RATED; i++)
        put_rate(out, g->mature_answers[rated[i].klass], g->mature[rated[i].klass]);
    for (int question = 0; question < KW_QUESTION_COUNT; question++)
        put_score(out, g, (enum kw_question)question);
    for (enum kw_suppression reason = 1; reason < KW_SUPPRESSION_LIMIT; reason++)
        kw_buffer_format(out, ",%lld", (long long)g->suppressed[reason]);
}

/* A line that has a score alone: the rank of a store, a change. */
static void put_score_line(struct kw_buffer *out, const struct kw_report *report, const char *by, const char *label,
                           int64_t n, double value, struct kw_interval interval)
{
    enum { BEFORE = 6 + KW_CLASS_COUNT + 5 * RATED };
    kw_buffer_format(out, "%s,", by);
    kw_put_csv(out, label);
    for (int i = 0; i < BEFORE; i++)
        kw_buffer_byte(out, ',');
    for (int question = 0; question < KW_QUESTION_COUNT; question++)
        if (question == report->focus.question)
            kw_buffer_format(out, ",%lld,%.6f,%.6f,%.6f", (long long)n, value, interval.low, interval.high);
        else
            kw_buffer_text(out, ",,,,");
    for (enum kw_suppression reason = 1; reason < KW_SUPPRESSION_LIMIT; reason++)
        kw_buffer_byte(out, ',');
    kw_buffer_text(out, ",,");
    end_line(out, NULL);
}

static void put_period(struct kw_buffer *out, const struct kw_report *report, const char *by,
                       const struct kw_score *score)
{
    const struct kw_estimate e = kw_score_estimate(report->focus.question, score);
    if (score->n > 0 && !(report->options.shared && score->n < KW_REPORT_HIDE_BELOW))
        put_score_line(out, report, by, "", score->n, e.value, e.interval);
}

static void put_focus(struct kw_buffer *out, const struct kw_report *report)
{
    const struct kw_focus *focus = &report->focus;
    put_period(out, report, "now", &report->total.now.of[focus->question]);
    put_period(out, report, "before", &report->total.before.of[focus->question]);
    if (focus->whole.shown)
        put_score_line(out, report, "change", "", focus->whole.n, focus->whole.change, focus->whole.interval);
    for (size_t i = 0; i < focus->change_count; i++)
        if (focus->changes[i].shown)
            put_score_line(out, report, "change", focus->changes[i].line->label, focus->changes[i].n,
                           focus->changes[i].change, focus->changes[i].interval);
    for (size_t i = 0; i < focus->rank_count; i++)
        put_score_line(out, report, "rank", focus->ranks[i].store->label,
                       focus->ranks[i].store->scores.of[focus->question].n, focus->ranks[i].score.shrunk,
                       focus->ranks[i].score.interval);
}

/* A line that has a count, under `answers`, and of how many, under `offered`; -1: of none. */
static void put_found_line(struct kw_buffer *out, const char *by, const char *label, int64_t count, int64_t of,
                           const struct finding *finding)
{
    enum { BEHIND = 1 + KW_CLASS_COUNT + 5 * RATED + 4 * KW_QUESTION_COUNT + KW_SUPPRESSION_LIMIT - 1 + 2 };
    kw_buffer_format(out, "%s,", by);
    kw_put_csv(out, label);
    kw_buffer_text(out, ",,,,");
    if (of >= 0)
        kw_buffer_format(out, "%lld", (long long)of);
    kw_buffer_format(out, ",%lld", (long long)count);
    for (int i = 0; i < BEHIND; i++)
        kw_buffer_byte(out, ',');
    end_line(out, finding);
}

/* A label of several, whole; lives as long as the report. */
static const char *name_line(const struct kw_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static const char *name_line(const struct kw_report *report, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    const char *name = kw_arena_format_list(report->arena, format, list);
    va_end(list);
    return name ? name : "";
}

static void put_count_line(struct kw_buffer *out, const char *by, const char *label, int64_t count, int64_t of)
{
    put_found_line(out, by, label, count, of, NULL);
}

static void put_grades(struct kw_buffer *out, const struct kw_report *report)
{
    for (int question = 0; question < KW_QUESTION_COUNT; question++) {
        const bool shown = report->total.scores.of[question].n > 0 && !report->total.hidden[question];
        const int64_t *grades = report->focus.grades[question];
        for (int grade = 0; shown && grade < KW_GRADES; grade++) {
            if (grades[grade] == 0)
                continue;
            const char *label = name_line(report, "%s %d", kw_question_words[question], grade);
            put_count_line(out, "grade", label, grades[grade], report->total.scores.of[question].n);
        }
    }
}

/* How often each grade was given, then whether they go with the score: Kendall's tau-b, where the score stands. */
static void put_own(struct kw_buffer *out, const struct kw_report *report)
{
    for (size_t i = 0; i < report->own_count; i++) {
        const struct kw_own_result *own = &report->own[i];
        for (int grade = own->asked->low; own->n >= KW_REPORT_HIDE_BELOW && grade <= own->asked->high; grade++) {
            const char *label = name_line(report, "%s %d", own->asked->name, grade);
            put_count_line(out, "question", label, own->by_grade[grade], own->n);
        }
        if (own->tested)
            put_score_line(out, report, "goes_with", own->asked->name, own->pairs, own->tau, own->interval);
    }
}

static void put_signs(struct kw_buffer *out, const struct kw_report *report)
{
    for (size_t i = 0; i < report->suspicion_count; i++) {
        const struct kw_suspicion *s = &report->suspicions[i];
        const char *label = name_line(report, "%s: %s", s->who, kw_word(kw_word_of_signal(s->signal), 0));
        put_found_line(out, "worth_a_look", label, s->k, s->n, &(struct finding){ s->size.odds, s->size.interval, s->p });
    }
}

/* Of how many tills a store could be told anything. */
static void put_watches(struct kw_buffer *out, const struct kw_report *report)
{
    for (size_t i = 0; i < report->watch_count; i++) {
        const struct kw_watch *watch = &report->watches[i];
        const char *label = name_line(report, "%s: %s", watch->store, kw_watch_result(watch));
        put_count_line(out, "watched", label, watch->tested, watch->tills);
    }
}

/* The limits of chance around each week's answers, and whether they fall. */
static void put_trend(struct kw_buffer *out, const struct kw_report *report)
{
    enum { DATE = 64 };
    struct kw_buffer label;
    struct kw_writer page = kw_writer_begin(NULL, "en", false, &label);
    kw_buffer_init(&label, DATE);
    for (size_t i = 0; i < report->week_count; i++) {
        const struct kw_week *week = &report->weeks[i];
        const struct finding limits = { (double)week->answers, { (double)week->low, (double)week->high }, NAN };
        kw_buffer_clear(&label);
        kw_put_day(&page, week->day);
        put_found_line(out, "week_limits", kw_buffer_string(&label), week->answers, week->delivered, &limits);
    }
    kw_buffer_free(&label);
    if (report->week_count > 0)
        put_found_line(out, "trend", "", report->week_count, -1,
                       &(struct finding){ report->trend.mean, { NAN, NAN }, report->trend.p });
}

/* What became of codes, of alerts, and of arms that have their verdict. */
static void put_ends(struct kw_buffer *out, const struct kw_report *report)
{
    for (int verdict = 1; verdict < KW_VERDICT_COUNT; verdict++)
        if (report->verdicts[verdict] > 0)
            put_count_line(out, "verdict", kw_verdict_word(verdict), report->verdicts[verdict], -1);
    put_count_line(out, "alerts", "", report->alerts, -1);
    put_count_line(out, "alerts", "open", report->alerts_open, report->alerts);
    put_count_line(out, "alerts", "acknowledged within 1 h", report->taken_in_time.in_time, report->taken_in_time.all);
    put_count_line(out, "alerts", "closed within 48 h", report->closed_in_time.in_time, report->closed_in_time.all);
    put_count_line(out, "alerts", "replies seen", report->replies_seen, -1);
    for (size_t i = 0; i < report->experiment_count; i++) {
        const struct kw_experiment *e = &report->experiments[i];
        for (int arm = 0; kw_experiment_is_final(e) && arm < e->arms; arm++) {
            const char *name = kw_report_arm_name(report, e->campaign, arm);
            const char *label = name ? name_line(report, "%s: %s", e->campaign, name)
                : name_line(report, "%s: arm %d", e->campaign, arm);
            const struct finding found = { e->test[arm].difference, e->test[arm].interval, e->test[arm].p };
            put_found_line(out, "experiment", label, e->arm[arm].answers, e->arm[arm].offered, arm ? &found : NULL);
        }
    }
}

/* Opens and starts are counted for the whole only. */
static void put_step(struct kw_buffer *out, const struct kw_step *step)
{
    if (step->measured)
        kw_buffer_format(out, ",%lld", (long long)step->count);
    else
        kw_buffer_text(out, ",not measured");
}

void kw_report_csv(const struct kw_report *report, struct kw_buffer *out)
{
    put_header(out);
    put_line(out, "total", &report->total);
    put_step(out, &report->opened);
    put_step(out, &report->started);
    end_line(out, NULL);
    if (report->refunded.answers > 0) {
        put_line(out, "refunded", &report->refunded);
        kw_buffer_text(out, ",,");
        end_line(out, NULL);
    }
    for (int dimension = 0; dimension < KW_DIMENSION_COUNT; dimension++)
        for (size_t i = 0; i < report->group_count[dimension]; i++) {
            put_line(out, kw_dimension_words[dimension], &report->groups[dimension][i]);
            kw_buffer_text(out, ",,");
            end_line(out, NULL);
        }
    put_focus(out, report);
    put_grades(out, report);
    put_own(out, report);
    if (kw_report_shows_signs(report)) {
        put_signs(out, report);
        put_watches(out, report);
    }
    put_trend(out, report);
    put_ends(out, report);
}
