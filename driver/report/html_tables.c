/* html_tables.c - the tables of the page: lines of breakdowns with their plots, and experiments with their verdicts. */
#include "report/html.h"
#include "report/plots.h"

enum { MOST_ROWS = 200, SHORT_TABLE = 6 };

/* Delivery classes that have a column where the whole has any; the main one with its plot. */
static const int columns_of[] = { KW_CLASS_PROVEN, KW_CLASS_SENT };
enum { COLUMNS = sizeof columns_of / sizeof columns_of[0] };

static void put_n(struct kw_writer *page, int64_t k, int64_t n)
{
    kw_put_ltr(page, true);
    kw_put_count(page, k);
    kw_buffer_byte(page->out, '/');
    kw_put_count(page, n);
    kw_put_ltr(page, false);
}

void kw_html_rate(struct kw_writer *page, int64_t k, int64_t n)
{
    if (n == 0) {
        kw_buffer_text(page->out, "\u2013");
        return;
    }
    kw_put_ltr(page, true);
    kw_put_share(page, (double)k / (double)n);
    kw_put_ltr(page, false);
    kw_buffer_text(page->out, " <small><bdi dir=ltr>(");
    kw_put_interval(page, kw_wilson((double)k, (double)n));
    kw_buffer_text(page->out, ")</bdi> ");
    put_n(page, k, n);
    kw_buffer_text(page->out, "</small>");
}

void kw_html_estimate(struct kw_writer *page, enum kw_question question, const struct kw_estimate *e, const char *n)
{
    kw_put_ltr(page, true);
    kw_put_value(page, question, e->value);
    kw_buffer_text(page->out, "</bdi> <small><bdi dir=ltr>(");
    kw_put_range(page, question, e->interval);
    kw_buffer_format(page->out, ")</bdi> <bdi dir=ltr>%s ", n);
    kw_put_number(page, e->n, 0);
    kw_put_ltr(page, false);
    kw_buffer_text(page->out, "</small>");
}

void kw_html_quote(struct kw_writer *page, const char *text)
{
    kw_buffer_text(page->out, "<blockquote dir=auto>");
    kw_put_text(page, text);
    kw_buffer_text(page->out, "</blockquote>");
}

void kw_html_heading(struct kw_writer *page, enum kw_word word)
{
    kw_buffer_format(page->out, "<h2>%s</h2>", kw_say(page, word));
}

void kw_html_soft(struct kw_writer *page, enum kw_word word)
{
    kw_buffer_format(page->out, "<p class=soft>%s</p>", kw_say(page, word));
}

/* A table with its name for those who cannot see the heading, and the names of its columns. */
void kw_html_table(struct kw_writer *page, const char *class, enum kw_word title, const enum kw_word *columns,
                        size_t count)
{
    kw_buffer_format(page->out, "<div class=scroll tabindex=0 role=region aria-label=\"%s\"><table class=\"%s\" aria-label=\"%s\"><thead><tr>",
                     kw_say(page, title), class, kw_say(page, title));
    for (size_t i = 0; i < count; i++)
        kw_buffer_format(page->out, "<th scope=col>%s", kw_say(page, columns[i]));
}

void kw_html_rows(struct kw_writer *page)
{
    kw_buffer_text(page->out, "</thead><tbody>");
}

void kw_html_end_table(struct kw_writer *page)
{
    kw_buffer_text(page->out, "</tbody></table></div>");
}

/* The classes and questions that have columns: those of which the whole has any. */
static void put_group_columns(struct kw_writer *page, int dimension, double top)
{
    const struct kw_group *t = &page->report->total;
    if (dimension == KW_BY_HOUR)
        kw_buffer_format(page->out, "<th scope=col>%s", kw_say(page, KW_WORD_UNCOVERED));
    for (size_t i = 0; i < COLUMNS; i++) {
        if (t->mature[columns_of[i]] == 0)
            continue;
        kw_buffer_format(page->out, "<th scope=col class=rate>%s<br><small>%s", kw_say(page, KW_WORD_RATE),
                         kw_say(page, kw_word_of_class(columns_of[i])));
        if (columns_of[i] == kw_report_main_class(page->report)) {
            kw_buffer_text(page->out, " <bdi dir=ltr>");
            kw_put_count(page, 0);
            kw_buffer_text(page->out, "\u2013");
            kw_put_share(page, top);
            kw_buffer_text(page->out, "</bdi>");
        }
        kw_buffer_text(page->out, "</small>");
    }
    for (int question = 0; question < KW_QUESTION_COUNT; question++)
        if (t->scores.of[question].n > 0)
            kw_buffer_format(page->out, "<th scope=col>%s", kw_question_names[question]);
}

static void put_group_cells(struct kw_writer *page, const struct kw_group *g, double top)
{
    const struct kw_group *t = &page->report->total;
    for (size_t i = 0; i < COLUMNS; i++) {
        int64_t k = g->mature_answers[columns_of[i]], n = g->mature[columns_of[i]];
        if (t->mature[columns_of[i]] == 0)
            continue;
        kw_buffer_text(page->out, "<td class=rate>");
        kw_html_rate(page, k, n);
        if (n > 0 && columns_of[i] == kw_report_main_class(page->report))
            kw_plot_whisker(page, (double)k / (double)n, kw_wilson((double)k, (double)n), top);
    }
    for (int i = 0; i < KW_QUESTION_COUNT; i++) {
        enum kw_question question = (enum kw_question)i;
        struct kw_estimate e = kw_score_estimate(question, &g->scores.of[question]);
        if (t->scores.of[question].n == 0)
            continue;
        kw_buffer_text(page->out, "<td>");
        if (e.n > 0 && g->hidden[question])
            kw_buffer_format(page->out, "<small>%s</small>", kw_say(page, KW_WORD_HIDDEN));
        else if (e.n > 0)
            kw_html_estimate(page, question, &e, "n");
        else
            kw_buffer_text(page->out, "\u2013");
    }
}

static void put_group_row(struct kw_writer *page, int dimension, const struct kw_group *g, double top)
{
    const int64_t counts[] = { g->sales, g->offered, g->answers };
    kw_buffer_text(page->out, "<tr><th scope=row><bdi>");
    kw_put_label(page, dimension, g);
    kw_buffer_text(page->out, "</bdi>");
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        kw_buffer_text(page->out, "<td>");
        kw_put_count(page, counts[i]);
    }
    if (dimension == KW_BY_HOUR) {
        kw_buffer_text(page->out, "<td>");
        kw_put_count(page, kw_group_uncovered(g));
    }
    put_group_cells(page, g, top);
}

static void put_breakdown(struct kw_writer *page, int dimension)
{
    static const enum kw_word columns[] = { KW_WORD_CODE, KW_WORD_SALES, KW_WORD_INVITED, KW_WORD_ANSWERS };
    enum kw_word title = kw_word_of_dimension(dimension);
    const struct kw_group *groups = page->report->groups[dimension];
    size_t count = page->report->group_count[dimension];
    double top = kw_plot_top(groups, count, kw_report_main_class(page->report));
    kw_html_heading(page, title);
    kw_html_table(page, count <= SHORT_TABLE ? "wide short" : "wide", title, columns, 4);
    put_group_columns(page, dimension, top);
    kw_html_rows(page);
    for (size_t i = 0; i < count && i < MOST_ROWS; i++)
        put_group_row(page, dimension, &groups[i], top);
    kw_html_end_table(page);
    if (count > MOST_ROWS)
        kw_buffer_format(page->out, "<p class=soft>+ %zu %s</p>", count - MOST_ROWS, kw_say(page, KW_WORD_MORE));
}

void kw_html_breakdowns(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    for (int dimension = 0; dimension < KW_BREAKDOWN_COUNT; dimension++) {
        size_t count = report->group_count[dimension];
        if (count > 1 || (count == 1 && report->groups[dimension]->sales < report->total.sales))
            put_breakdown(page, dimension);
    }
}

static void put_points(struct kw_writer *page, double points)
{
    kw_put_signed(page, 100 * points, 2);
}

static void put_difference(struct kw_writer *page, const struct kw_experiment *e, int arm)
{
    const struct kw_cmh *c = &e->test[arm];
    kw_buffer_text(page->out, "<p><b><bdi>");
    kw_put_arm(page, e->campaign, arm);
    kw_buffer_text(page->out, "</bdi></b> \u2013 <bdi>");
    kw_put_arm(page, e->campaign, 0);
    kw_buffer_text(page->out, "</bdi>");
    kw_buffer_format(page->out, "%s<bdi dir=ltr>", kw_say(page, KW_WORD_COLON));
    put_points(page, c->difference);
    kw_buffer_text(page->out, " (");
    put_points(page, c->interval.low);
    kw_buffer_text(page->out, " \u2026 ");
    put_points(page, c->interval.high);
    kw_buffer_format(page->out, ")</bdi> %s%s<bdi dir=ltr>", kw_say(page, KW_WORD_POINTS), kw_say(page, KW_WORD_COMMA));
    kw_put_p(page, c->p);
    kw_buffer_format(page->out, "</bdi>%s%s</p>", kw_say(page, KW_WORD_COLON),
                     kw_say(page, e->differs[arm] ? KW_WORD_DIFFERENCE : KW_WORD_NO_DIFFERENCE));
    if (c->difference * c->pooled >= 0)
        return;
    kw_buffer_format(page->out, "<p class=warn>%s%s<bdi dir=ltr>", kw_say(page, KW_WORD_POOLED),
                     kw_say(page, KW_WORD_COLON));
    put_points(page, c->pooled);
    kw_buffer_format(page->out, "</bdi> %s%s%s</p>", kw_say(page, KW_WORD_POINTS), kw_say(page, KW_WORD_SEMICOLON),
                     kw_say(page, KW_WORD_REVERSAL));
}

static void put_waiting(struct kw_writer *page, const struct kw_experiment *e)
{
    kw_buffer_format(page->out, "<p>%s", kw_say(page, KW_WORD_NO_VERDICT));
    if (e->planned > 0) {
        kw_buffer_format(page->out, " (%s%s", kw_say(page, KW_WORD_PLANNED), kw_say(page, KW_WORD_COLON));
        kw_put_count(page, e->planned);
        kw_buffer_text(page->out, ")</p>");
    } else
        kw_buffer_format(page->out, "%s%s</p>", kw_say(page, KW_WORD_SEMICOLON), kw_say(page, KW_WORD_NO_PLAN));
}

static void put_verdict(struct kw_writer *page, const struct kw_experiment *e)
{
    kw_buffer_format(page->out, "<p class=soft>%s%s<bdi dir=ltr>", kw_say(page, KW_WORD_SPLIT),
                     kw_say(page, KW_WORD_COLON));
    kw_put_p(page, e->split_p);
    kw_buffer_format(page->out, "</bdi>%s%s%s<bdi dir=ltr>", kw_say(page, KW_WORD_SEMICOLON),
                     kw_say(page, KW_WORD_PRINTED_ALIKE), kw_say(page, KW_WORD_COLON));
    kw_put_p(page, e->printed_p);
    kw_buffer_text(page->out, "</bdi></p>");
    if (e->plan_changes > 0 && !e->exploratory)
        kw_html_soft(page, KW_WORD_PLAN_CHANGED);
    if (e->daily)
        kw_html_soft(page, KW_WORD_DAILY_LOOKS);
    if (e->broken || e->exploratory)
        kw_buffer_format(page->out, "<p class=warn>%s</p>",
                         kw_say(page, e->broken ? KW_WORD_BROKEN : KW_WORD_EXPLORATORY));
    else if (e->until_day == 0)
        put_waiting(page, e);
    if (!kw_experiment_is_final(e))
        return;
    for (int arm = 1; arm < e->arms; arm++)
        put_difference(page, e, arm);
    if (e->early)
        kw_html_soft(page, KW_WORD_ENDED_EARLY);
    if (e->arms > 2)
        kw_html_soft(page, KW_WORD_COMPARISONS);
}

static void put_experiment(struct kw_writer *page, const struct kw_experiment *e)
{
    static const enum kw_word columns[] = { KW_WORD_VARIANT, KW_WORD_INVITED, KW_WORD_EXPECTED, KW_WORD_RATE };
    kw_buffer_text(page->out, "<section class=whole><h3><bdi>");
    kw_put_text(page, e->campaign);
    kw_buffer_text(page->out, "</bdi></h3>");
    kw_html_table(page, "short", KW_WORD_EXPERIMENTS, columns, 4);
    kw_html_rows(page);
    for (int arm = 0; arm < e->arms; arm++) {
        kw_buffer_text(page->out, "<tr><th scope=row><bdi>");
        kw_put_arm(page, e->campaign, arm);
        kw_buffer_text(page->out, "</bdi><td>");
        kw_put_count(page, e->all[arm].offered);
        kw_buffer_text(page->out, "<td>");
        kw_put_number(page, e->all[arm].expected, 0);
        kw_buffer_text(page->out, "<td>");
        if (kw_experiment_is_final(e))
            kw_html_rate(page, e->arm[arm].answers, e->arm[arm].offered);
        else
            kw_put_count(page, e->arm[arm].offered);
    }
    kw_html_end_table(page);
    put_verdict(page, e);
    kw_buffer_text(page->out, "</section>");
}

void kw_html_experiments(struct kw_writer *page)
{
    if (page->report->experiment_count == 0)
        return;
    kw_html_heading(page, KW_WORD_EXPERIMENTS);
    kw_html_soft(page, KW_WORD_UNIT);
    for (size_t i = 0; i < page->report->experiment_count; i++)
        put_experiment(page, &page->report->experiments[i]);
}

