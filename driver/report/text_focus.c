/* text_focus.c - the beginning of the text: what to do, and what changed. */
#include "report/text.h"

#include <stdlib.h>
#include <string.h>

enum { INDENT = KW_TEXT_INDENT, MOST_STORES = 30, COLUMN = 47 };

static void put_alert(struct kw_writer *page, const struct kw_alert *alert)
{
    kw_buffer_format(page->out, "  %lld  ", (long long)alert->id);
    kw_put_count(page, kw_alert_days(page->report, alert));
    kw_buffer_format(page->out, " %s%s", kw_say(page, KW_WORD_WAITS), kw_say(page, KW_WORD_COMMA));
    kw_put_place(page, alert->store, alert->till);
    kw_buffer_text(page->out, kw_say(page, KW_WORD_COMMA));
    kw_put_grades(page, alert->nps, alert->csat);
    kw_put_receipt(page, alert);
    kw_buffer_byte(page->out, '\n');
    if (alert->comment[0])
        kw_text_quote(page, INDENT, alert->comment);
}

static void put_alerts(struct kw_writer *page)
{
    const struct kw_focus *focus = &page->report->focus;
    int64_t more = page->report->alerts_open - (int64_t)focus->alert_count;
    if (page->report->options.shared)
        return;
    kw_buffer_format(page->out, "  %s%s", kw_say(page, KW_WORD_ALERTS), kw_say(page, KW_WORD_COLON));
    if (page->report->alerts_open == 0)
        kw_buffer_text(page->out, kw_say(page, KW_WORD_NOTHING_OPEN));
    else {
        kw_buffer_format(page->out, "%s ", kw_say(page, KW_WORD_OPEN_ALERTS));
        kw_put_count(page, page->report->alerts_open);
    }
    kw_buffer_byte(page->out, '\n');
    for (size_t i = 0; i < focus->alert_count; i++)
        put_alert(page, &focus->alerts[i]);
    if (more > 0)
        kw_buffer_format(page->out, "  +%lld: kwit report alerts\n", (long long)more);
}

static void put_period(struct kw_writer *page, enum kw_word word, int64_t last_day, const struct kw_score *score)
{
    enum kw_question question = (enum kw_question)page->report->focus.question;
    struct kw_estimate e = kw_score_estimate(question, score);
    kw_buffer_format(page->out, "  %s%s", kw_say(page, word), kw_say(page, KW_WORD_COMMA));
    kw_put_days(page, last_day - KW_FOCUS_DAYS + 1, last_day);
    kw_buffer_byte(page->out, ' ');
    kw_text_pad(page, COLUMN);
    if (score->n == 0)
        kw_buffer_text(page->out, "\u2013");
    else if (page->report->options.shared && score->n < KW_REPORT_HIDE_BELOW)
        kw_buffer_text(page->out, kw_say(page, KW_WORD_HIDDEN));
    else
        kw_text_estimate(page, question, &e, "n");
    kw_buffer_byte(page->out, '\n');
}

static void put_change(struct kw_writer *page, const struct kw_score_change *change)
{
    struct kw_buffer line;
    struct kw_writer inner = *page;
    kw_buffer_init(&line, 4096);
    inner.out = &line;
    kw_buffer_format(&line, "%s%s", kw_say(page, KW_WORD_CHANGE), kw_say(page, KW_WORD_COLON));
    if (change->line) {
        kw_put_label(&inner, change->line->rank >= 0 ? KW_BY_STAGE : KW_BY_STORE, change->line);
        kw_buffer_byte(&line, ' ');
    }
    kw_put_change(&inner, change);
    kw_text_wrapped(page, 2, kw_buffer_string(&line));
    kw_buffer_free(&line);
}

static void put_comments(struct kw_writer *page, enum kw_word title, const struct kw_comment *list, size_t count)
{
    if (count == 0)
        return;
    kw_buffer_format(page->out, "  %s\n", kw_say(page, title));
    for (size_t i = 0; i < count; i++) {
        kw_buffer_format(page->out, "%*s", INDENT, "");
        kw_put_day(page, list[i].day);
        kw_buffer_byte(page->out, ' ');
        kw_put_place(page, list[i].store, list[i].till);
        kw_buffer_text(page->out, kw_say(page, KW_WORD_COMMA));
        kw_put_grades(page, list[i].nps, list[i].csat);
        if (list[i].refunded) {
            kw_buffer_text(page->out, kw_say(page, KW_WORD_COMMA));
            kw_buffer_text(page->out, kw_say(page, KW_WORD_REFUNDED_MARK));
        }
        if (kw_topics_of(list[i].comment)) {
            kw_buffer_text(page->out, kw_say(page, KW_WORD_COMMA));
            kw_put_topics(page, list[i].comment);
        }
        kw_buffer_byte(page->out, '\n');
        kw_text_quote(page, INDENT + 2, list[i].comment);
    }
}

void kw_text_focus(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    const struct kw_focus *focus = &report->focus;
    kw_text_heading(page, kw_say(page, KW_WORD_FOCUS));
    put_alerts(page);
    if (report->total.scores.of[focus->question].n == 0)
        return;
    put_period(page, KW_WORD_NOW, focus->now_to, &report->total.now.of[focus->question]);
    put_period(page, KW_WORD_BEFORE, focus->now_from - 1, &report->total.before.of[focus->question]);
    if (report->options.has_goal) {
        kw_buffer_format(page->out, "  %s ", kw_say(page, KW_WORD_GOAL));
        kw_text_pad(page, COLUMN);
        kw_put_value(page, (enum kw_question)focus->question,
                     focus->question == KW_NPS ? report->options.goal : report->options.goal / 100.0);
        kw_buffer_byte(page->out, '\n');
    }
    put_change(page, &focus->whole);
    for (size_t i = 0; i < focus->change_count; i++)
        if (focus->changes[i].shown)
            put_change(page, &focus->changes[i]);
    if (focus->compared > 1)
        kw_text_wrapped(page, 2, kw_say(page, KW_WORD_SIMULTANEOUS));
    if (focus->low_count + focus->high_count > 0)
        kw_text_heading(page, kw_say(page, KW_WORD_COMMENTS));
    put_comments(page, KW_WORD_COMPLAINTS, focus->low, focus->low_count);
    put_comments(page, KW_WORD_PRAISE, focus->high, focus->high_count);
}

static void put_ranking(struct kw_writer *page)
{
    const struct kw_focus *focus = &page->report->focus;
    bool any = false;
    if (focus->rank_count == 0)
        return;
    kw_text_heading(page, kw_say(page, KW_WORD_RANKING));
    kw_text_wrapped(page, 2, kw_say(page, KW_WORD_SHRUNK));
    for (size_t i = 0; i < focus->rank_count; i++) {
        const struct kw_ranked_store *line = &focus->ranks[i];
        any = any || line->score.side != 0;
        if (i >= MOST_STORES / 2 && i + MOST_STORES / 2 < focus->rank_count && line->score.side == 0)
            continue;
        kw_buffer_text(page->out, "  ");
        kw_put_text(page, line->store->label);
        kw_text_pad(page, 18);
        kw_put_ltr(page, true);
        kw_put_value(page, (enum kw_question)focus->question, line->score.shrunk);
        kw_buffer_text(page->out, " (");
        kw_put_range(page, (enum kw_question)focus->question, line->score.interval);
        kw_buffer_format(page->out, "; n %lld)", (long long)line->store->scores.of[focus->question].n);
        kw_put_ltr(page, false);
        if (line->score.side != 0)
            kw_buffer_format(page->out, "  %s", kw_say(page, line->score.side > 0 ? KW_WORD_STANDS_OUT_ABOVE
                                                                                  : KW_WORD_STANDS_OUT_BELOW));
        kw_buffer_byte(page->out, '\n');
    }
    if (!any)
        kw_text_wrapped(page, 2, kw_say(page, KW_WORD_NONE_STANDS_OUT));
}

static void put_score(struct kw_writer *page, const struct kw_score *score, bool hidden)
{
    enum kw_question question = (enum kw_question)page->report->focus.question;
    struct kw_estimate e = kw_score_estimate(question, score);
    if (score->n == 0)
        kw_buffer_text(page->out, "\u2013");
    else if (hidden)
        kw_buffer_text(page->out, kw_say(page, KW_WORD_HIDDEN));
    else
        kw_text_estimate(page, question, &e, "n");
}

/* What happened in a week, as the shop's configuration says. */
static void put_events(struct kw_writer *page, int64_t monday)
{
    const char *const *events = page->report->options.events;
    int64_t day;
    for (size_t i = 0; events && events[i]; i++)
        if (kw_day_read(events[i], &day) && day >= monday && day < monday + KW_WEEK_DAYS) {
            kw_buffer_text(page->out, "  * ");
            kw_put_text(page, events[i]);
        }
}

static void put_weeks(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    kw_text_heading(page, kw_say(page, KW_WORD_SCORE_BY_WEEK));
    for (size_t i = 0; i < report->group_count[KW_BY_WEEK]; i++) {
        const struct kw_group *week = &report->groups[KW_BY_WEEK][i];
        int64_t monday = (int64_t)week->rank * KW_WEEK_DAYS;
        if (week->offered == 0)
            continue;
        kw_buffer_text(page->out, "  ");
        kw_put_day(page, monday);
        kw_buffer_text(page->out, "  ");
        put_score(page, &week->scores.of[report->focus.question], week->hidden[report->focus.question]);
        if (kw_week_is_part(report, monday))
            kw_buffer_format(page->out, "  (%s)", kw_say(page, KW_WORD_PART_WEEK));
        put_events(page, monday);
        kw_buffer_byte(page->out, '\n');
    }
}

static void put_grades(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    const struct kw_score *score = &report->total.scores.of[report->focus.question];
    const int64_t *grades = report->focus.grades[report->focus.question];
    if (report->total.hidden[report->focus.question] || score->n == 0)
        return;
    kw_buffer_format(page->out, "\n%s (%s)\n", kw_say(page, KW_WORD_GRADES),
                     kw_question_names[report->focus.question]);
    for (int grade = KW_GRADES - 1; grade >= 0; grade--) {
        if (grades[grade] == 0)
            continue;
        kw_text_right(page, grade, 6);
        kw_text_right(page, grades[grade], 14);
        kw_buffer_text(page->out, "  ");
        for (int64_t bar = 0; bar < 50 * grades[grade] / score->n; bar++)
            kw_buffer_text(page->out, "\u2588");
        kw_buffer_byte(page->out, '\n');
    }
}

static const struct kw_group *moment(const struct kw_report *report, int rank)
{
    for (size_t i = 0; i < report->group_count[KW_BY_MOMENT]; i++)
        if (report->groups[KW_BY_MOMENT][i].rank == rank)
            return &report->groups[KW_BY_MOMENT][i];
    return NULL;
}

static void put_moments(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    int question = report->focus.question;
    kw_text_heading(page, kw_say(page, KW_WORD_HEAT));
    for (int day = 0; day < KW_WEEK_DAYS; day++) {
        kw_buffer_format(page->out, "  %s", kw_say(page, kw_word_of_weekday(day)));
        for (int part = 0; part < KW_PART_COUNT; part++) {
            const struct kw_group *g = moment(report, day * KW_PART_COUNT + part);
            kw_text_pad(page, 16 + 13 * part);
            if (!g || g->scores.of[question].n == 0)
                kw_buffer_text(page->out, "\u2013");
            else if (g->scores.of[question].n < KW_REPORT_HIDE_BELOW)
                kw_buffer_format(page->out, "(%s)", kw_say(page, KW_WORD_FEW));
            else {
                kw_put_value(page, (enum kw_question)question,
                             kw_score_estimate((enum kw_question)question, &g->scores.of[question]).value);
                kw_buffer_format(page->out, " n%lld", (long long)g->scores.of[question].n);
            }
        }
        kw_buffer_byte(page->out, '\n');
    }
    kw_buffer_text(page->out, "  ");
    for (int part = 0; part < KW_PART_COUNT; part++) {
        kw_text_pad(page, 16 + 13 * part);
        kw_buffer_text(page->out, kw_say(page, (enum kw_word)(KW_WORD_PART_0 + part)));
    }
    kw_buffer_byte(page->out, '\n');
}

static void put_journey(struct kw_writer *page)
{
    const struct kw_focus *focus = &page->report->focus;
    if (focus->stage_count < 2)
        return;
    kw_text_heading(page, kw_say(page, KW_WORD_JOURNEY));
    for (size_t i = 0; i < focus->stage_count; i++) {
        const struct kw_stage_line *line = &focus->stages[i];
        const struct kw_score score = { line->n, line->high, line->low, 0 };
        kw_buffer_format(page->out, "  %s ", kw_say(page, kw_word_of_stage(line->stage)));
        kw_text_pad(page, 18);
        put_score(page, &score, page->report->options.shared && line->n < KW_REPORT_HIDE_BELOW);
        kw_buffer_byte(page->out, '\n');
    }
}

void kw_text_scores(struct kw_writer *page)
{
    if (page->report->total.scores.of[page->report->focus.question].n == 0)
        return;
    put_grades(page);
    put_weeks(page);
    put_ranking(page);
    put_moments(page);
    put_journey(page);
}
