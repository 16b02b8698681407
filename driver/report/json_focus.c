/* json_focus.c - what to do, for programs. */
#include "report/json.h"

enum { PLACES = 12 };

static const char *const values[KW_QUESTION_COUNT] = { "score", "top_two", "easy" };

static void put_interval(struct kw_json *json, struct kw_interval interval)
{
    kw_json_array(json, "interval");
    kw_json_number(json, NULL, interval.low, PLACES);
    kw_json_number(json, NULL, interval.high, PLACES);
    kw_json_end_array(json);
}

void kw_json_day(struct kw_json *json, const char *name, int64_t day)
{
    struct kw_buffer text;
    kw_buffer_init(&text, 100);
    struct kw_writer page = kw_writer_begin(NULL, "en", false, &text);
    kw_put_day(&page, day);
    kw_json_string(json, name, kw_buffer_string(&text));
    kw_buffer_free(&text);
}

static void put_grade(struct kw_json *json, const char *name, int grade)
{
    if (grade == KW_SCORE_NONE)
        kw_json_null(json, name);
    else
        kw_json_integer(json, name, grade);
}

static void put_score(struct kw_json *json, const struct kw_report *report, const struct kw_score *score)
{
    enum kw_question question = (enum kw_question)report->focus.question;
    struct kw_estimate e = kw_score_estimate(question, score);
    kw_json_integer(json, "n", score->n);
    if (report->options.shared && score->n < KW_REPORT_HIDE_BELOW)
        kw_json_bool(json, "hidden", true);
    else if (score->n > 0) {
        kw_json_number(json, values[question], e.value, PLACES);
        put_interval(json, e.interval);
    }
}

static void put_period(struct kw_json *json, const char *name, const struct kw_report *report,
                       const struct kw_score *score)
{
    kw_json_object(json, name);
    put_score(json, report, score);
    kw_json_end_object(json);
}

static void put_change(struct kw_json *json, const char *name, const struct kw_score_change *change)
{
    kw_json_object(json, name);
    if (change->line) {
        kw_json_string(json, "by", change->line->rank >= 0 ? "stage" : "store");
        kw_json_string(json, "label", change->line->label);
    }
    kw_json_integer(json, "n", change->n);
    kw_json_integer(json, "n_before", change->n_before);
    kw_json_bool(json, "shown", change->shown);
    if (change->shown) {
        kw_json_number(json, "change", change->change, PLACES);
        put_interval(json, change->interval);
    }
    kw_json_number(json, "visible_from", change->visible, PLACES);
    kw_json_end_object(json);
}

static void put_alerts(struct kw_json *json, const struct kw_report *report)
{
    kw_json_array(json, "open_alerts");
    for (size_t i = 0; i < report->focus.alert_count; i++) {
        const struct kw_alert *alert = &report->focus.alerts[i];
        kw_json_object(json, NULL);
        kw_json_integer(json, "id", alert->id);
        kw_json_string(json, "kind", alert->kind);
        kw_json_integer(json, "days", kw_alert_days(report, alert));
        kw_json_string(json, "store", alert->store);
        kw_json_string(json, "till", alert->till);
        put_grade(json, "nps", alert->nps);
        put_grade(json, "csat", alert->csat);
        kw_json_string(json, "receipt", alert->receipt);
        kw_json_bool(json, "refunded", alert->refunded);
        kw_json_string(json, "comment", alert->comment);
        kw_json_end_object(json);
    }
    kw_json_end_array(json);
}

void kw_json_comment(struct kw_json *json, const struct kw_comment *comment)
{
    unsigned topics = kw_topics_of(comment->comment);
    kw_json_object(json, NULL);
    kw_json_integer(json, "answer", comment->id);
    kw_json_day(json, "day", comment->day);
    kw_json_string(json, "store", comment->store);
    kw_json_string(json, "till", comment->till);
    put_grade(json, "nps", comment->nps);
    put_grade(json, "csat", comment->csat);
    put_grade(json, "ces", comment->ces);
    kw_json_bool(json, "refunded", comment->refunded);
    kw_json_array(json, "topics");
    for (int topic = 0; topic < KW_TOPIC_COUNT; topic++)
        if (topics & 1u << topic)
            kw_json_string(json, NULL, kw_topic_word(topic));
    kw_json_end_array(json);
    kw_json_string(json, "comment", comment->comment);
    kw_json_end_object(json);
}

static void put_comments(struct kw_json *json, const char *name, const struct kw_comment *list, size_t count)
{
    kw_json_array(json, name);
    for (size_t i = 0; i < count; i++)
        kw_json_comment(json, &list[i]);
    kw_json_end_array(json);
}

static void put_grades(struct kw_json *json, const struct kw_report *report)
{
    kw_json_object(json, "grades");
    for (int question = 0; question < KW_QUESTION_COUNT; question++) {
        if (report->total.scores.of[question].n == 0 || report->total.hidden[question])
            continue;
        kw_json_array(json, kw_question_words[question]);
        for (int grade = 0; grade < KW_GRADES; grade++)
            kw_json_integer(json, NULL, report->focus.grades[question][grade]);
        kw_json_end_array(json);
    }
    kw_json_end_object(json);
}

static void put_ranking(struct kw_json *json, const struct kw_report *report)
{
    const struct kw_focus *focus = &report->focus;
    kw_json_array(json, "stores_ranked");
    for (size_t i = 0; i < focus->rank_count; i++) {
        const struct kw_ranked_store *line = &focus->ranks[i];
        kw_json_object(json, NULL);
        kw_json_string(json, "store", line->store->label);
        kw_json_number(json, "shrunk", line->score.shrunk, PLACES);
        put_interval(json, line->score.interval);
        kw_json_string(json, "stands_out", line->score.side > 0 ? "above" : line->score.side < 0 ? "below" : NULL);
        kw_json_end_object(json);
    }
    kw_json_end_array(json);
    kw_json_number(json, "between_stores_variance", focus->ranking.tau2, PLACES);
}

static void put_stages(struct kw_json *json, const struct kw_report *report)
{
    kw_json_array(json, "journey");
    for (size_t i = 0; i < report->focus.stage_count; i++) {
        const struct kw_stage_line *line = &report->focus.stages[i];
        const struct kw_score score = { line->n, line->high, line->low, 0 };
        kw_json_object(json, NULL);
        kw_json_string(json, "stage", kw_word(kw_word_of_stage(line->stage), 0));
        kw_json_integer(json, "offered", line->offered);
        kw_json_integer(json, "answers", line->answers);
        put_score(json, report, &score);
        kw_json_end_object(json);
    }
    kw_json_end_array(json);
}

void kw_json_focus(struct kw_json *json, const struct kw_report *report)
{
    const struct kw_focus *focus = &report->focus;
    kw_json_object(json, "to_do");
    put_alerts(json, report);
    kw_json_string(json, "question", kw_question_words[focus->question]);
    kw_json_day(json, "now_from", focus->now_from);
    kw_json_day(json, "now_to", focus->now_to);
    put_period(json, "now", report, &report->total.now.of[focus->question]);
    put_period(json, "before", report, &report->total.before.of[focus->question]);
    if (report->options.has_goal)
        kw_json_integer(json, "goal", report->options.goal);
    put_change(json, "change", &focus->whole);
    kw_json_array(json, "changes");
    for (size_t i = 0; i < focus->change_count; i++)
        put_change(json, NULL, &focus->changes[i]);
    kw_json_end_array(json);
    kw_json_array(json, "events");
    for (size_t i = 0; report->options.events && report->options.events[i]; i++)
        kw_json_string(json, NULL, report->options.events[i]);
    kw_json_end_array(json);
    put_comments(json, "complaints", focus->low, focus->low_count);
    put_comments(json, "praise", focus->high, focus->high_count);
    put_grades(json, report);
    put_ranking(json, report);
    put_stages(json, report);
    kw_json_end_object(json);
}
