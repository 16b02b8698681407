/* focus.c - changes of scores, the rank of stores, and which alerts and comments are shown. */
#include "report/gathering.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST = KW_REPORT_HIDE_BELOW };

static bool lies_in(int64_t day, int64_t to)
{
    return day <= to && day > to - KW_FOCUS_DAYS;
}

void kw_focus_begin(struct kw_report *report)
{
    struct kw_focus *focus = &report->focus;
    focus->now_to = report->last_day < report->reach_day ? report->last_day : report->reach_day;
    focus->now_from = focus->now_to - KW_FOCUS_DAYS + 1;
    focus->before_from = focus->now_from - KW_FOCUS_DAYS;
}

void kw_focus_count(const struct kw_report *report, struct kw_group *group, const struct kw_counted *answer)
{
    if (lies_in(answer->facts.day, report->focus.now_to))
        kw_scores_add(&group->now, answer);
    else if (lies_in(answer->facts.day, report->focus.now_from - 1))
        kw_scores_add(&group->before, answer);
}

void kw_focus_grades(struct kw_focus *focus, const struct kw_counted *answer)
{
    const int grades[KW_QUESTION_COUNT] = { answer->nps, answer->csat, answer->ces };
    for (int question = 0; question < KW_QUESTION_COUNT; question++)
        if (grades[question] >= 0 && grades[question] < KW_GRADES)
            focus->grades[question][grades[question]]++;
}

static double scale_of(int question)
{
    return question == KW_NPS ? 100 : 1;
}

/* As far as chance goes; small counts get the pseudo-answers that their intervals get. */
static double variance_of(int question, const struct kw_score *score)
{
    double n = (double)score->n, high = (double)score->high, low = (double)score->low;
    if (question == KW_NPS) {
        double p = (high + 0.75) / (n + 3), d = (low + 0.75) / (n + 3);
        return 1e4 * (p + d - (p - d) * (p - d)) / (n + 3);
    }
    double p = (high + 1) / (n + 2);
    return p * (1 - p) / (n + 2);
}

static double value_of(int question, const struct kw_score *score)
{
    return kw_score_estimate((enum kw_question)question, score).value;
}

static bool can_compare(const struct kw_group *group, int question)
{
    return group->now.of[question].n >= LEAST && group->before.of[question].n >= LEAST && !group->hidden[question];
}

static struct kw_score_change change_of(const struct kw_group *group, int question, double z)
{
    const struct kw_score *now = &group->now.of[question], *before = &group->before.of[question];
    double half = z * sqrt(variance_of(question, now) + variance_of(question, before)), most = 2 * scale_of(question);
    struct kw_score_change change = { group, now->n, before->n, 0, fmin(half, most), { -most, most }, false };
    if (now->n < LEAST || before->n < LEAST)
        return change;
    change.change = value_of(question, now) - value_of(question, before);
    change.interval = (struct kw_interval){ fmax(-most, change.change - half), fmin(most, change.change + half) };
    change.shown = change.interval.low > 0 || change.interval.high < 0;
    return change;
}

static int find_changes(struct kw_report *report)
{
    static const int dimensions[] = { KW_BY_STORE, KW_BY_STAGE };
    struct kw_focus *focus = &report->focus;
    const int question = focus->question;
    size_t most = report->group_count[KW_BY_STORE] + report->group_count[KW_BY_STAGE];
    focus->changes = kw_arena_array(report->arena, most, sizeof *focus->changes);
    if (!focus->changes)
        return KWIT_E_NO_MEMORY;
    focus->compared = can_compare(&report->total, question);
    for (int pass = 0; pass < 2; pass++) {
        double z = kw_simultaneous_z(focus->compared);
        for (int d = 0; d < 2; d++)
            for (size_t i = 0; i < report->group_count[dimensions[d]]; i++) {
                const struct kw_group *group = &report->groups[dimensions[d]][i];
                if (!can_compare(group, question) || report->group_count[dimensions[d]] < 2)
                    continue;
                if (pass == 0)
                    focus->compared++;
                else
                    focus->changes[focus->change_count++] = change_of(group, question, z);
            }
        focus->whole = change_of(&report->total, question, z);
        focus->whole.line = NULL;
    }
    return 0;
}

static int by_rank(const void *one, const void *two)
{
    const struct kw_ranked_store *a = one, *b = two;
    double one_score = a->score.shrunk, other = b->score.shrunk;
    return one_score != other ? (one_score < other) - (one_score > other)
                              : strverscmp(a->store->label, b->store->label);
}

static int rank_stores(struct kw_report *report)
{
    struct kw_focus *focus = &report->focus;
    size_t stores = report->group_count[KW_BY_STORE], count = 0;
    struct kw_ranked *lines = kw_arena_array(report->arena, stores, sizeof *lines);
    focus->ranks = kw_arena_array(report->arena, stores, sizeof *focus->ranks);
    if (!lines || !focus->ranks)
        return KWIT_E_NO_MEMORY;
    for (size_t i = 0; i < stores; i++) {
        const struct kw_group *store = &report->groups[KW_BY_STORE][i];
        const struct kw_score *score = &store->scores.of[focus->question];
        if (score->n < LEAST || store->hidden[focus->question])
            continue;
        focus->ranks[count].store = store;
        lines[count++] = (struct kw_ranked){ .value = value_of(focus->question, score),
                                             .variance = variance_of(focus->question, score) };
    }
    kw_rank(lines, count, &focus->ranking);
    for (size_t i = 0; i < count; i++)
        focus->ranks[i].score = lines[i];
    focus->rank_count = count < 2 ? 0 : count;
    qsort(focus->ranks, focus->rank_count, sizeof *focus->ranks, by_rank);
    return 0;
}

/* Small stages are pooled, so that none has to be hidden and none is lost. */
static void list_stages(struct kw_report *report)
{
    struct kw_focus *focus = &report->focus;
    struct kw_stage_line rest = { .stage = KW_STAGE_COUNT - 1 };
    for (size_t i = 0; i < report->group_count[KW_BY_STAGE]; i++) {
        const struct kw_group *group = &report->groups[KW_BY_STAGE][i];
        const struct kw_score *score = &group->scores.of[focus->question];
        struct kw_stage_line *line =
            group->rank == rest.stage || score->n < LEAST ? &rest : &focus->stages[focus->stage_count++];
        line->stage = group->rank;
        line->offered += group->offered;
        line->answers += group->answers;
        line->n += score->n;
        line->high += score->high;
        line->low += score->low;
    }
    rest.stage = KW_STAGE_COUNT - 1;
    if (rest.offered > 0 && focus->stage_count > 0)
        focus->stages[focus->stage_count++] = rest;
}

int kw_focus_end(struct kw_report *report)
{
    const struct kw_score *scores = report->total.scores.of;
    for (int question = 1; question < KW_QUESTION_COUNT; question++)
        if (scores[question].n > scores[report->focus.question].n)
            report->focus.question = question;
    list_stages(report);
    int code = find_changes(report);
    return code < 0 ? code : rank_stores(report);
}

int64_t kw_alert_days(const struct kw_report *report, const struct kw_alert *alert)
{
    int64_t since_ms = alert->submitted_ms > 0 ? alert->submitted_ms : alert->raised_ms;
    int64_t days = report->options.today - kw_shop_day(report->options.days, since_ms);
    return days > 0 ? days : 0;
}

bool kw_week_is_part(const struct kw_report *report, int64_t monday)
{
    return monday < report->first_day || monday + KW_WEEK_DAYS - 1 > report->focus.now_to;
}

static bool keep_texts(struct kw_arena *arena, const char **const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!(*texts[i] = kw_arena_string(arena, *texts[i])))
            return false;
    return true;
}

int kw_focus_alert(struct kw_report *report, const struct kw_alert *alert)
{
    struct kw_focus *focus = &report->focus;
    if (alert->closed_ms > 0 || focus->alert_count >= KW_FOCUS_ALERTS || report->options.shared)
        return 0;
    if (!focus->alerts)
        focus->alerts = kw_arena_array(report->arena, KW_FOCUS_ALERTS, sizeof *focus->alerts);
    if (!focus->alerts)
        return KWIT_E_NO_MEMORY;
    struct kw_alert *kept = &focus->alerts[focus->alert_count];
    *kept = *alert;
    const char **const texts[] = { &kept->kind, &kept->who, &kept->store, &kept->till, &kept->comment,
                                   &kept->receipt };
    focus->alert_count++;
    return keep_texts(report->arena, texts, sizeof texts / sizeof texts[0]) ? 0 : KWIT_E_NO_MEMORY;
}

/* Comments come the newest first. */
int kw_focus_comment(void *data, const struct kw_comment *comment)
{
    struct kw_report *report = data;
    struct kw_focus *focus = &report->focus;
    const bool low = kw_comment_is_low(comment), high = kw_comment_is_high(comment);
    struct kw_comment **list = low ? &focus->low : &focus->high;
    size_t *count = low ? &focus->low_count : &focus->high_count;
    if ((!low && !high) || *count >= KW_FOCUS_COMMENTS || !kw_comment_is_telling(comment))
        return 0;
    if (!*list)
        *list = kw_arena_array(report->arena, KW_FOCUS_COMMENTS, sizeof **list);
    if (!*list)
        return KWIT_E_NO_MEMORY;
    struct kw_comment *kept = &(*list)[(*count)++];
    *kept = *comment;
    const char **const texts[] = { &kept->store, &kept->till, &kept->comment };
    return keep_texts(report->arena, texts, sizeof texts / sizeof texts[0]) ? 0 : KWIT_E_NO_MEMORY;
}
