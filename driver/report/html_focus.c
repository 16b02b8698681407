/* html_focus.c - the beginning of the page: what to do, and what changed. */
#include "report/html.h"
#include "report/plots.h"

#include <math.h>

static void put_alert(struct kw_writer *page, const struct kw_alert *alert)
{
    kw_buffer_text(page->out, "<li><b>");
    kw_put_count(page, kw_alert_days(page->report, alert));
    kw_buffer_format(page->out, " %s</b> <small>", kw_say(page, KW_WORD_WAITS));
    kw_put_place(page, alert->store, alert->till);
    kw_buffer_text(page->out, kw_say(page, KW_WORD_COMMA));
    kw_put_grades(page, alert->nps, alert->csat);
    kw_put_receipt(page, alert);
    kw_buffer_text(page->out, "</small>");
    if (alert->comment[0])
        kw_html_quote(page, alert->comment);
}

static void put_alerts(struct kw_writer *page)
{
    const struct kw_focus *focus = &page->report->focus;
    if (page->report->options.shared)
        return;
    kw_buffer_format(page->out, "<h3>%s%s", kw_say(page, KW_WORD_ALERTS), kw_say(page, KW_WORD_COLON));
    if (page->report->alerts_open == 0) {
        kw_buffer_format(page->out, "%s</h3>", kw_say(page, KW_WORD_NOTHING_OPEN));
        return;
    }
    kw_buffer_format(page->out, "%s ", kw_say(page, KW_WORD_OPEN_ALERTS));
    kw_put_count(page, page->report->alerts_open);
    kw_buffer_text(page->out, "</h3><ul class=todo>");
    for (size_t i = 0; i < focus->alert_count; i++)
        put_alert(page, &focus->alerts[i]);
    kw_buffer_text(page->out, "</ul>");
    if (page->report->alerts_open > (int64_t)focus->alert_count) {
        kw_buffer_text(page->out, "<p class=soft>+ ");
        kw_put_count(page, page->report->alerts_open - (int64_t)focus->alert_count);
        kw_buffer_text(page->out, "</p>");
    }
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
        kw_html_estimate(page, question, &e, "n");
}

static void put_card(struct kw_writer *page, enum kw_word word, int64_t last_day, const struct kw_score *score)
{
    kw_buffer_format(page->out, "<div><dt>%s, %s<br>", kw_question_names[page->report->focus.question],
                     kw_say(page, word));
    kw_put_days(page, last_day - KW_FOCUS_DAYS + 1, last_day);
    kw_buffer_text(page->out, "</dt><dd>");
    put_score(page, score, page->report->options.shared && score->n < KW_REPORT_HIDE_BELOW);
    kw_buffer_text(page->out, "</dd></div>");
}

static void put_goal(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    const bool is_nps = report->focus.question == KW_NPS;
    if (!report->options.has_goal)
        return;
    kw_buffer_format(page->out, "<div><dt>%s</dt><dd><bdi dir=ltr>", kw_say(page, KW_WORD_GOAL));
    kw_put_value(page, (enum kw_question)report->focus.question,
                 is_nps ? report->options.goal : report->options.goal / 100.0);
    kw_buffer_text(page->out, "</bdi></dd></div>");
}

static void put_changes(struct kw_writer *page)
{
    const struct kw_focus *focus = &page->report->focus;
    kw_buffer_format(page->out, "<h3>%s</h3><p>", kw_say(page, KW_WORD_CHANGED));
    kw_put_change(page, &focus->whole);
    kw_buffer_text(page->out, "</p><ul>");
    for (size_t i = 0; i < focus->change_count; i++) {
        const struct kw_score_change *change = &focus->changes[i];
        if (!change->shown)
            continue;
        kw_buffer_text(page->out, "<li><b><bdi>");
        kw_put_label(page, change->line->rank >= 0 ? KW_BY_STAGE : KW_BY_STORE, change->line);
        kw_buffer_text(page->out, "</bdi></b> ");
        kw_put_change(page, change);
    }
    kw_buffer_text(page->out, "</ul>");
    if (focus->compared > 1)
        kw_html_soft(page, KW_WORD_SIMULTANEOUS);
}

static void put_comments(struct kw_writer *page, enum kw_word title, const struct kw_comment *list, size_t count)
{
    if (count == 0)
        return;
    kw_buffer_format(page->out, "<h3>%s</h3><ul class=todo>", kw_say(page, title));
    for (size_t i = 0; i < count; i++) {
        kw_buffer_text(page->out, "<li><small>");
        kw_put_day(page, list[i].day);
        kw_buffer_text(page->out, " \u00b7 ");
        kw_put_place(page, list[i].store, list[i].till);
        kw_buffer_text(page->out, " \u00b7 ");
        kw_put_grades(page, list[i].nps, list[i].csat);
        if (list[i].refunded) {
            kw_buffer_text(page->out, " \u00b7 ");
            kw_buffer_text(page->out, kw_say(page, KW_WORD_REFUNDED_MARK));
        }
        if (kw_topics_of(list[i].comment)) {
            kw_buffer_text(page->out, " \u00b7 ");
            kw_put_topics(page, list[i].comment);
        }
        kw_buffer_text(page->out, "</small>");
        kw_html_quote(page, list[i].comment);
    }
    kw_buffer_text(page->out, "</ul>");
}

void kw_html_focus(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    const struct kw_focus *focus = &report->focus;
    kw_html_heading(page, KW_WORD_FOCUS);
    put_alerts(page);
    if (report->total.scores.of[focus->question].n == 0)
        return;
    kw_buffer_text(page->out, "<dl>");
    put_card(page, KW_WORD_NOW, focus->now_to, &report->total.now.of[focus->question]);
    put_card(page, KW_WORD_BEFORE, focus->now_from - 1, &report->total.before.of[focus->question]);
    put_goal(page);
    kw_buffer_text(page->out, "</dl>");
    put_changes(page);
    if (focus->low_count + focus->high_count > 0)
        kw_html_heading(page, KW_WORD_COMMENTS);
    put_comments(page, KW_WORD_COMPLAINTS, focus->low, focus->low_count);
    put_comments(page, KW_WORD_PRAISE, focus->high, focus->high_count);
}

static void put_grades(struct kw_writer *page)
{
    static const enum kw_word columns[] = { KW_WORD_GRADE, KW_WORD_ANSWERS };
    const struct kw_report *report = page->report;
    const int64_t *grades = report->focus.grades[report->focus.question];
    double n = (double)report->total.scores.of[report->focus.question].n;
    if (report->total.hidden[report->focus.question])
        return;
    kw_html_heading(page, KW_WORD_GRADES);
    kw_html_table(page, "funnel short", KW_WORD_GRADES, columns, 2);
    kw_buffer_format(page->out, "<th scope=col>%s", kw_question_names[report->focus.question]);
    kw_html_rows(page);
    for (int grade = KW_GRADES - 1; grade >= 0; grade--) {
        if (grades[grade] == 0)
            continue;
        kw_buffer_text(page->out, "<tr><th scope=row>");
        kw_put_count(page, grade);
        kw_buffer_text(page->out, "<td>");
        kw_put_count(page, grades[grade]);
        kw_buffer_text(page->out, "<td>");
        kw_plot_bar(page, (double)grades[grade] / n, "bar");
    }
    kw_html_end_table(page);
}

static void put_week_notes(struct kw_writer *page, int64_t monday)
{
    const char *const *events = page->report->options.events;
    int64_t day;
    if (kw_week_is_part(page->report, monday))
        kw_buffer_format(page->out, "<small>%s</small> ", kw_say(page, KW_WORD_PART_WEEK));
    for (size_t i = 0; events && events[i]; i++)
        if (kw_day_read(events[i], &day) && day >= monday && day < monday + KW_WEEK_DAYS) {
            kw_buffer_text(page->out, "<mark><bdi>");
            kw_put_text(page, events[i]);
            kw_buffer_text(page->out, "</bdi></mark>");
        }
}

static void put_weeks(struct kw_writer *page)
{
    static const enum kw_word columns[] = { KW_WORD_WEEK, KW_WORD_SCORE };
    const struct kw_report *report = page->report;
    const int question = report->focus.question;
    kw_html_heading(page, KW_WORD_SCORE_BY_WEEK);
    kw_html_table(page, "short", KW_WORD_SCORE_BY_WEEK, columns, 2);
    kw_buffer_text(page->out, "<td>");
    kw_html_rows(page);
    for (size_t i = 0; i < report->group_count[KW_BY_WEEK]; i++) {
        const struct kw_group *week = &report->groups[KW_BY_WEEK][i];
        int64_t monday = (int64_t)week->rank * KW_WEEK_DAYS;
        if (week->offered == 0)
            continue;
        kw_buffer_format(page->out, "<tr%s><th scope=row>",
                         kw_week_is_part(report, monday) ? " class=part" : "");
        kw_put_day(page, monday);
        kw_buffer_text(page->out, "<td>");
        put_score(page, &week->scores.of[question], week->hidden[question]);
        kw_buffer_text(page->out, "<td>");
        put_week_notes(page, monday);
    }
    kw_html_end_table(page);
}

static void put_ranking(struct kw_writer *page)
{
    static const enum kw_word columns[] = { KW_WORD_CODE, KW_WORD_SCORE };
    const struct kw_focus *focus = &page->report->focus;
    bool any = false;
    if (focus->rank_count == 0)
        return;
    kw_html_heading(page, KW_WORD_RANKING);
    kw_html_soft(page, KW_WORD_SHRUNK);
    kw_html_table(page, "short", KW_WORD_RANKING, columns, 2);
    kw_buffer_text(page->out, "<td>");
    kw_html_rows(page);
    for (size_t i = 0; i < focus->rank_count; i++) {
        const struct kw_ranked_store *line = &focus->ranks[i];
        const struct kw_estimate e = { line->score.shrunk,
                                       (double)line->store->scores.of[focus->question].n, line->score.interval };
        any = any || line->score.side != 0;
        kw_buffer_text(page->out, "<tr><th scope=row><bdi>");
        kw_put_label(page, KW_BY_STORE, line->store);
        kw_buffer_text(page->out, "</bdi><td>");
        kw_html_estimate(page, (enum kw_question)focus->question, &e, "n");
        kw_buffer_format(page->out, "<td class=warn>%s",
                         line->score.side > 0   ? kw_say(page, KW_WORD_STANDS_OUT_ABOVE)
                         : line->score.side < 0 ? kw_say(page, KW_WORD_STANDS_OUT_BELOW)
                                                : "");
    }
    kw_html_end_table(page);
    if (!any)
        kw_html_soft(page, KW_WORD_NONE_STANDS_OUT);
}

static const struct kw_group *moment(const struct kw_report *report, int rank)
{
    for (size_t i = 0; i < report->group_count[KW_BY_MOMENT]; i++)
        if (report->groups[KW_BY_MOMENT][i].rank == rank)
            return &report->groups[KW_BY_MOMENT][i];
    return NULL;
}

/* The warmer, the better the score; the number says the same. */
static void put_moment(struct kw_writer *page, const struct kw_group *g)
{
    enum kw_question question = (enum kw_question)page->report->focus.question;
    if (!g || g->scores.of[question].n == 0) {
        kw_buffer_text(page->out, "<td>\u2013");
        return;
    }
    struct kw_estimate e = kw_score_estimate(question, &g->scores.of[question]);
    if (g->scores.of[question].n < KW_REPORT_HIDE_BELOW) {
        kw_buffer_format(page->out, "<td><small>%s</small>", kw_say(page, KW_WORD_FEW));
        return;
    }
    double share = question == KW_NPS ? (e.value + 100) / 200 : e.value;
    kw_buffer_format(page->out, "<td class=heat style=\"--h:%.0f%%\"><bdi dir=ltr>", 100 * fmin(1, fmax(0, share)));
    kw_put_value(page, question, e.value);
    kw_buffer_text(page->out, "</bdi> <small><bdi dir=ltr>n ");
    kw_put_count(page, g->scores.of[question].n);
    kw_buffer_text(page->out, "</bdi></small>");
}

static void put_moments(struct kw_writer *page)
{
    static const enum kw_word columns[] = { KW_WORD_DAY, KW_WORD_PART_0, KW_WORD_PART_1, KW_WORD_PART_2,
                                            KW_WORD_PART_3, KW_WORD_PART_4 };
    kw_html_heading(page, KW_WORD_HEAT);
    kw_html_table(page, "short", KW_WORD_HEAT, columns, 1 + KW_PART_COUNT);
    kw_html_rows(page);
    for (int day = 0; day < KW_WEEK_DAYS; day++) {
        kw_buffer_format(page->out, "<tr><th scope=row>%s", kw_say(page, kw_word_of_weekday(day)));
        for (int part = 0; part < KW_PART_COUNT; part++)
            put_moment(page, moment(page->report, day * KW_PART_COUNT + part));
    }
    kw_html_end_table(page);
}

static void put_journey(struct kw_writer *page)
{
    static const enum kw_word columns[] = { KW_WORD_CODE, KW_WORD_INVITED, KW_WORD_ANSWERS, KW_WORD_SCORE };
    const struct kw_focus *focus = &page->report->focus;
    if (focus->stage_count < 2)
        return;
    kw_html_heading(page, KW_WORD_JOURNEY);
    kw_html_table(page, "short", KW_WORD_JOURNEY, columns, 4);
    kw_html_rows(page);
    for (size_t i = 0; i < focus->stage_count; i++) {
        const struct kw_stage_line *line = &focus->stages[i];
        const struct kw_score score = { line->n, line->high, line->low, 0 };
        kw_buffer_format(page->out, "<tr><th scope=row>%s<td>", kw_say(page, kw_word_of_stage(line->stage)));
        kw_put_count(page, line->offered);
        kw_buffer_text(page->out, "<td>");
        kw_put_count(page, line->answers);
        kw_buffer_text(page->out, "<td>");
        put_score(page, &score, page->report->options.shared && line->n < KW_REPORT_HIDE_BELOW);
    }
    kw_html_end_table(page);
}

void kw_html_scores(struct kw_writer *page)
{
    if (page->report->total.scores.of[page->report->focus.question].n == 0)
        return;
    put_grades(page);
    put_weeks(page);
    put_ranking(page);
    put_moments(page);
    put_journey(page);
}
