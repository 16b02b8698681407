/* text_tables.c - breakdowns and experiments for a terminal. */
#include "report/text.h"

#include <stdio.h>

enum { COLUMNS = KW_TEXT_COLUMNS, INDENT = KW_TEXT_INDENT, LABEL = KW_TEXT_LABEL, MOST_LINES = 60 };

/* The line goes on with a cell, or below where it does not fit. */
static void put_cell(struct kw_writer *page, struct kw_buffer *cell)
{
    int width = kw_terminal_columns(kw_buffer_string(cell), cell->length);
    if (kw_text_column(page) + 3 + width > COLUMNS)
        kw_buffer_format(page->out, "\n%*s", INDENT, "");
    else
        kw_buffer_text(page->out, kw_text_column(page) > INDENT ? "   " : "");
    kw_buffer_text(page->out, kw_buffer_string(cell));
    kw_buffer_clear(cell);
}

static void put_score_cells(struct kw_writer *page, const struct kw_group *g, struct kw_writer *inner)
{
    for (int question = 0; question < KW_QUESTION_COUNT; question++) {
        struct kw_estimate e = kw_score_estimate((enum kw_question)question, &g->scores.of[question]);
        if (e.n <= 0)
            continue;
        kw_buffer_format(inner->out, "%s ", kw_question_names[question]);
        if (g->hidden[question])
            kw_buffer_text(inner->out, kw_say(page, KW_WORD_HIDDEN));
        else
            kw_text_estimate(inner, (enum kw_question)question, &e, "n");
        put_cell(page, inner->out);
    }
}

static void put_group(struct kw_writer *page, int dimension, const struct kw_group *g, int klass)
{
    struct kw_buffer cell;
    struct kw_writer inner = *page;
    kw_buffer_init(&cell, 4096);
    inner.out = &cell;
    kw_buffer_text(page->out, "  ");
    kw_put_label(page, dimension, g);
    if (kw_text_column(page) > LABEL)
        kw_buffer_byte(page->out, '\n');
    kw_text_right(page, g->sales, LABEL + 8);
    kw_text_right(page, g->offered, LABEL + 17);
    kw_text_right(page, g->answers, LABEL + 25);
    kw_buffer_text(page->out, "  ");
    kw_text_rate(page, g->mature_answers[klass], g->mature[klass]);
    kw_buffer_format(page->out, "\n%*s", INDENT, "");
    put_score_cells(page, g, &inner);
    if (klass == KW_CLASS_PROVEN && g->mature[KW_CLASS_SENT] > 0) {
        kw_buffer_format(&cell, "%s ", kw_say(page, KW_WORD_CLASS_SENT));
        kw_text_rate(&inner, g->mature_answers[KW_CLASS_SENT], g->mature[KW_CLASS_SENT]);
        put_cell(page, &cell);
    }
    if (dimension == KW_BY_HOUR && kw_group_uncovered(g) > 0) {
        kw_buffer_format(&cell, "%s ", kw_say(page, KW_WORD_UNCOVERED));
        kw_put_count(&inner, kw_group_uncovered(g));
        put_cell(page, &cell);
    }
    while (page->out->length > 0 && page->out->data[page->out->length - 1] == ' ')
        page->out->length--;
    kw_buffer_text(page->out, page->out->data[page->out->length - 1] == '\n' ? "" : "\n");
    kw_buffer_free(&cell);
}

/* What the numbers of a line are, in their order. */
static void put_columns(struct kw_writer *page, int klass)
{
    char text[400];
    const char *comma = kw_say(page, KW_WORD_COMMA);
    snprintf(text, sizeof text, "%s%s%s%s%s%s%s (%s)", kw_say(page, KW_WORD_SALES), comma,
             kw_say(page, KW_WORD_INVITED), comma, kw_say(page, KW_WORD_ANSWERS), comma, kw_say(page, KW_WORD_RATE),
             kw_say(page, kw_word_of_class(klass)));
    kw_text_wrapped(page, 2, text);
}

void kw_text_breakdowns(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    int klass = kw_report_main_class(report);
    for (int dimension = 0; dimension < KW_BREAKDOWN_COUNT; dimension++) {
        size_t count = report->group_count[dimension];
        if (count == 0 || (count < 2 && report->groups[dimension]->sales == report->total.sales))
            continue;
        kw_text_heading(page, kw_say(page, kw_word_of_dimension(dimension)));
        put_columns(page, klass);
        for (size_t i = 0; i < count && i < MOST_LINES; i++)
            put_group(page, dimension, &report->groups[dimension][i], klass);
        if (count > MOST_LINES)
            kw_buffer_format(page->out, "  +%zu %s\n", count - MOST_LINES, kw_say(page, KW_WORD_MORE));
    }
}

static void put_difference(struct kw_writer *page, double points, const struct kw_interval *interval)
{
    kw_put_signed(page, 100 * points, 2);
    kw_buffer_format(page->out, " %s", kw_say(page, KW_WORD_POINTS));
    if (!interval)
        return;
    kw_buffer_text(page->out, " (");
    kw_put_signed(page, 100 * interval->low, 2);
    kw_buffer_text(page->out, " \u2026 ");
    kw_put_signed(page, 100 * interval->high, 2);
    kw_buffer_byte(page->out, ')');
}

static void put_verdict(struct kw_writer *page, const struct kw_experiment *e, int arm)
{
    const struct kw_cmh *c = &e->test[arm];
    struct kw_buffer line;
    struct kw_writer inner = *page;
    kw_buffer_init(&line, 4096);
    inner.out = &line;
    kw_put_arm(&inner, e->campaign, arm);
    kw_buffer_text(&line, " \u2013 ");
    kw_put_arm(&inner, e->campaign, 0);
    kw_buffer_text(&line, kw_say(page, KW_WORD_COLON));
    put_difference(&inner, c->difference, &c->interval);
    kw_buffer_text(&line, kw_say(page, KW_WORD_COMMA));
    kw_put_p(&inner, c->p);
    kw_buffer_format(&line, "%s%s", kw_say(page, KW_WORD_COLON),
                     kw_say(page, e->differs[arm] ? KW_WORD_DIFFERENCE : KW_WORD_NO_DIFFERENCE));
    kw_text_wrapped(page, INDENT, kw_buffer_string(&line));
    kw_buffer_free(&line);
    if (c->difference * c->pooled >= 0)
        return;
    kw_buffer_format(page->out, "%*s%s%s", INDENT, "", kw_say(page, KW_WORD_POOLED), kw_say(page, KW_WORD_COLON));
    put_difference(page, c->pooled, NULL);
    kw_buffer_byte(page->out, '\n');
    kw_text_wrapped(page, INDENT, kw_say(page, KW_WORD_REVERSAL));
}

static void put_arm_line(struct kw_writer *page, const struct kw_experiment *e, int arm)
{
    kw_buffer_format(page->out, "%*s", INDENT, "");
    kw_put_arm(page, e->campaign, arm);
    kw_text_pad(page, LABEL);
    kw_text_right(page, e->all[arm].offered, LABEL + 10);
    kw_buffer_format(page->out, " (%s ", kw_say(page, KW_WORD_EXPECTED));
    kw_put_number(page, e->all[arm].expected, 0);
    kw_buffer_text(page->out, ")   ");
    if (kw_experiment_is_final(e))
        kw_text_rate(page, e->arm[arm].answers, e->arm[arm].offered);
    else
        kw_put_count(page, e->arm[arm].offered);
    kw_buffer_byte(page->out, '\n');
}

/* What a verdict waits for. */
static void put_waiting(struct kw_writer *page, const struct kw_experiment *e)
{
    kw_buffer_format(page->out, "%*s%s", INDENT, "", kw_say(page, KW_WORD_NO_VERDICT));
    if (e->planned > 0) {
        kw_buffer_format(page->out, " (%s%s", kw_say(page, KW_WORD_PLANNED), kw_say(page, KW_WORD_COLON));
        kw_put_count(page, e->planned);
        kw_buffer_byte(page->out, ')');
    }
    kw_buffer_byte(page->out, '\n');
    if (e->planned == 0)
        kw_text_wrapped(page, INDENT, kw_say(page, KW_WORD_NO_PLAN));
}

static void put_experiment(struct kw_writer *page, const struct kw_experiment *e)
{
    kw_buffer_text(page->out, "  ");
    kw_put_text(page, e->campaign);
    kw_buffer_byte(page->out, '\n');
    for (int arm = 0; arm < e->arms; arm++)
        put_arm_line(page, e, arm);
    kw_buffer_format(page->out, "%*s%s%s", INDENT, "", kw_say(page, KW_WORD_SPLIT), kw_say(page, KW_WORD_COLON));
    kw_put_p(page, e->split_p);
    kw_buffer_format(page->out, "%s%s%s", kw_say(page, KW_WORD_SEMICOLON), kw_say(page, KW_WORD_PRINTED_ALIKE),
                     kw_say(page, KW_WORD_COLON));
    kw_put_p(page, e->printed_p);
    kw_buffer_byte(page->out, '\n');
    if (e->plan_changes > 0 && !e->exploratory)
        kw_text_wrapped(page, INDENT, kw_say(page, KW_WORD_PLAN_CHANGED));
    if (e->daily)
        kw_text_wrapped(page, INDENT, kw_say(page, KW_WORD_DAILY_LOOKS));
    if (e->broken || e->exploratory)
        kw_text_wrapped(page, INDENT, kw_say(page, e->broken ? KW_WORD_BROKEN : KW_WORD_EXPLORATORY));
    else if (e->until_day == 0)
        put_waiting(page, e);
    if (!kw_experiment_is_final(e))
        return;
    for (int arm = 1; arm < e->arms; arm++)
        put_verdict(page, e, arm);
    if (e->early)
        kw_text_wrapped(page, INDENT, kw_say(page, KW_WORD_ENDED_EARLY));
    if (e->arms > 2)
        kw_text_wrapped(page, INDENT, kw_say(page, KW_WORD_COMPARISONS));
}

void kw_text_experiments(struct kw_writer *page)
{
    if (page->report->experiment_count == 0)
        return;
    kw_text_heading(page, kw_say(page, KW_WORD_EXPERIMENTS));
    kw_text_wrapped(page, 2, kw_say(page, KW_WORD_UNIT));
    for (size_t i = 0; i < page->report->experiment_count; i++)
        put_experiment(page, &page->report->experiments[i]);
}
