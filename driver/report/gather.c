/* gather.c - walks the cells and the answers once and sums them into groups, cohorts and weeks. */
#include "report/gathering.h"

#include "base/clock.h"

#include <math.h>
#include <string.h>

enum { HOUR_MS = 3600000, DAY_MS = 24 * HOUR_MS, CLUSTER_DAYS = 28 };

int64_t kw_group_delivered(const struct kw_group *group)
{
    int64_t sum = 0;
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++)
        sum += kw_class_is_paper(klass) ? group->by_class[klass] : 0;
    return sum;
}

struct kw_interval kw_group_bounds(const struct kw_group *group, int64_t *k)
{
    const int64_t *n = group->mature, *a = group->mature_answers;
    *k = a[KW_CLASS_PROVEN] + a[KW_CLASS_SENT] + a[KW_CLASS_UNCONFIRMED] + a[KW_CLASS_SEEN];
    int64_t sure = n[KW_CLASS_PROVEN] + n[KW_CLASS_SENT] + n[KW_CLASS_SEEN];
    int64_t most = sure + n[KW_CLASS_UNCONFIRMED], least = sure + a[KW_CLASS_UNCONFIRMED];
    return (struct kw_interval){ most ? (double)*k / (double)most : 0, least ? (double)*k / (double)least : 1 };
}

int kw_report_main_class(const struct kw_report *report)
{
    const int64_t *offered = report->total.by_class;
    return offered[KW_CLASS_PROVEN] == 0 && offered[KW_CLASS_SENT] > 0 ? KW_CLASS_SENT : KW_CLASS_PROVEN;
}

int64_t kw_group_uncovered(const struct kw_group *group)
{
    const int64_t *n = group->suppressed;
    return n[KW_SUPPRESSED_COOLDOWN] + n[KW_SUPPRESSED_DAILY_CAP] + n[KW_SUPPRESSED_CUSTOMER_OPTED_OUT]
           + n[KW_SUPPRESSED_CASHIER_DECLINED];
}

/* Training, and documents that sell nothing, stand among the not invited only: a shop's books have none of them. */
static bool is_sale(const struct kw_touchpoint *facts)
{
    return facts->reason != KW_SUPPRESSED_TRAINING && facts->reason != KW_SUPPRESSED_DOCUMENT_TYPE;
}

static void count_cell(struct kw_group *group, const struct kw_cell *cell, bool mature)
{
    const struct kw_touchpoint *t = &cell->facts;
    group->sales += is_sale(t) ? cell->n : 0;
    if (t->reason > 0 && t->reason < KW_SUPPRESSION_LIMIT)
        group->suppressed[t->reason] += cell->n;
    if (t->reason != 0)
        return;
    if (t->forced) {
        group->forced += cell->n;
        return;
    }
    group->offered += cell->n;
    group->by_class[t->klass] += cell->n;
    if (mature)
        group->mature[t->klass] += cell->n;
}

static int count_in(struct kw_gathering *gathering, const struct kw_cell *cell, const int *dimensions, size_t count)
{
    struct kw_group *group;
    bool mature = kw_is_mature(gathering->report, &cell->facts);
    for (size_t i = 0; i < count; i++) {
        if (!kw_group_find(gathering, dimensions[i], &cell->facts, cell->hour, &group))
            return KWIT_E_NO_MEMORY;
        if (group)
            count_cell(group, cell, mature);
    }
    return 0;
}

static void count_cohort(struct kw_report *report, const struct kw_cell *cell, bool mature)
{
    struct kw_cohort *cohort = &report->cohorts[cell->facts.day - report->first_day];
    if (cell->facts.reason != 0 || cell->facts.forced)
        return;
    cohort->offered += cell->n;
    cohort->delivered += kw_class_is_paper(cell->facts.klass) ? cell->n : 0;
    cohort->mature = cohort->mature && mature;
}

/* Whether nobody can answer it any more and nothing says that somebody did: what the journal calls expired. */
static bool may_expire(const struct kw_report *report, const struct kw_touchpoint *facts)
{
    return facts->reason == 0 && !facts->forced && facts->expires_day > 0 && kw_class_is_paper(facts->klass)
           && kw_is_mature(report, facts);
}

static int take_place(void *data, const struct kw_cell *cell)
{
    static const int dimensions[] = { KW_BY_STORE, KW_BY_TILL, KW_BY_CASHIER, KW_BY_WEEKDAY, KW_BY_VARIANT,
                                      KW_BY_WEEK };
    struct kw_gathering *gathering = data;
    if (cell->facts.flag) {
        gathering->report->tests += cell->n;
        return 0;
    }
    bool mature = kw_is_mature(gathering->report, &cell->facts);
    count_cell(&gathering->report->total, cell, mature);
    gathering->report->expired += may_expire(gathering->report, &cell->facts) ? cell->n : 0;
    kw_weights_cell(gathering, cell);
    int code = count_in(gathering, cell, dimensions, 6);
    if (code == 0)
        code = kw_signals_cell(gathering, cell);
    return code < 0 ? code : kw_trials_cell(gathering, cell);
}

static int take_hour(void *data, const struct kw_cell *cell)
{
    static const int dimensions[] = { KW_BY_HOUR, KW_BY_MOMENT };
    struct kw_gathering *gathering = data;
    if (cell->facts.flag)
        return 0;
    count_cohort(gathering->report, cell, kw_is_mature(gathering->report, &cell->facts));
    return count_in(gathering, cell, dimensions, 2);
}

/* Where another program printed, two weak receipts may be one sale: then rates are lower than they would be. */
static void count_foreign(struct kw_report *report, const struct kw_cell *cell)
{
    bool certain = strcmp(cell->facts.channel, KW_CHANNEL_CERTAIN) == 0;
    if (!is_sale(&cell->facts) || (!certain && strcmp(cell->facts.channel, KW_CHANNEL_WEAK) != 0))
        return;
    report->foreign += cell->n;
    report->foreign_certain += certain ? cell->n : 0;
}

static int take_kind(void *data, const struct kw_cell *cell)
{
    static const int dimensions[] = { KW_BY_KIND, KW_BY_LANGUAGE, KW_BY_CHANNEL, KW_BY_STAGE };
    struct kw_gathering *gathering = data;
    if (cell->facts.flag)
        return 0;
    count_foreign(gathering->report, cell);
    return count_in(gathering, cell, dimensions, 4);
}

/* Those of customers who are known, by how often they were invited before; and what may be a sign. */
static int take_marked(void *data, const struct kw_cell *sale)
{
    static const int dimensions[] = { KW_BY_EARLIER };
    struct kw_gathering *gathering = data;
    int code = count_in(gathering, sale, dimensions, 1);
    return code < 0 || !gathering->report->has_window ? code : kw_signals_sale(gathering, sale);
}

static void count_answer(const struct kw_report *report, struct kw_group *group, const struct kw_counted *a,
                         bool mature, bool contested)
{
    kw_focus_count(report, group, a);
    group->answers++;
    group->contested += contested;
    group->answers_by_class[a->facts.klass]++;
    kw_scores_add(&group->scores, a);
    group->mature_answers[a->facts.klass] += mature;
}

/* Low scores of the last 24 hours against the 28 days before. */
static void count_low(struct kw_gathering *gathering, const struct kw_counted *a)
{
    bool low = (a->csat != KW_SCORE_NONE && a->csat <= 2) || (a->nps != KW_SCORE_NONE && a->nps <= 6);
    int64_t age = gathering->reach_ms - a->submitted_ms;
    if (!low || a->submitted_ms <= 0)
        return;
    gathering->report->low_now += age < DAY_MS;
    gathering->low_before += age >= DAY_MS && age < (int64_t)DAY_MS * (CLUSTER_DAYS + 1);
}

/* The answer that counts for a sale, once it is known whether others to the same token differ. */
static int finish_answer(struct kw_gathering *gathering)
{
    struct kw_report *report = gathering->report;
    const struct kw_counted *a = &gathering->pending;
    struct kw_group *group;
    if (!gathering->has_pending)
        return 0;
    gathering->has_pending = false;
    bool mature = kw_is_mature(report, &a->facts);
    count_answer(report, &report->total, a, mature, gathering->differs);
    if (a->facts.refunded_ms > 0)
        count_answer(report, &report->refunded, a, mature, gathering->differs);
    kw_focus_grades(&report->focus, a);
    if (!gathering->differs)
        kw_scores_add(&report->uncontested, a);
    report->cohorts[a->facts.day - report->first_day].answers += kw_class_is_paper(a->facts.klass);
    kw_weights_answer(gathering, a, mature);
    for (int dimension = 0; dimension < KW_DIMENSION_COUNT; dimension++) {
        if (!kw_group_find(gathering, dimension, &a->facts, a->hour, &group))
            return KWIT_E_NO_MEMORY;
        if (group)
            count_answer(report, group, a, mature, gathering->differs);
    }
    count_low(gathering, a);
    kw_own_answer(gathering, a);
    if (a->submitted_ms > 0 && a->submitted_ms >= a->printed_ms
        && !kw_duration_add(report->arena, &gathering->delays, a->printed_ms, a->submitted_ms))
        return KWIT_E_NO_MEMORY;
    int code = kw_signals_answer(gathering, a);
    return code < 0 ? code : kw_trials_answer(gathering, a);
}

/* Strings of a row end with it, so the one that waits keeps copies. */
static bool keep_pending(struct kw_gathering *gathering, const struct kw_counted *answer)
{
    struct kw_arena *arena = gathering->report->arena;
    gathering->pending = *answer;
    struct kw_touchpoint *t = &gathering->pending.facts;
    const char **const texts[] = { &t->store, &t->till, &t->cashier, &t->campaign, &t->language, &t->channel,
                                  &gathering->pending.own };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!(*texts[i] = kw_arena_string(arena, *texts[i])))
            return false;
    gathering->has_pending = true;
    gathering->differs = false;
    return true;
}

static int take_answer(void *data, const struct kw_counted *answer)
{
    struct kw_gathering *gathering = data;
    const struct kw_counted *first = &gathering->pending;
    if (!answer->first) {
        gathering->report->verdicts[KW_VERDICT_USED]++;
        gathering->report->verdicts[KW_VERDICT_MATCHED]--;
    }
    if (answer->facts.forced || answer->facts.flag || answer->facts.reason != 0)
        return 0;
    if (!answer->first && gathering->has_pending && first->sale == answer->sale) {
        gathering->differs =
            gathering->differs || first->nps != answer->nps || first->csat != answer->csat || first->ces != answer->ces;
        return 0;
    }
    gathering->report->expired -= may_expire(gathering->report, &answer->facts);
    int code = finish_answer(gathering);
    if (code == 0 && !keep_pending(gathering, answer))
        code = KWIT_E_NO_MEMORY;
    return code;
}

/* done_ms: 0, not yet. Who still has time left is not counted, whether it is used or not. */
static void count_in_time(struct kw_in_time *count, const struct kw_report *report, int64_t raised_ms, int64_t done_ms,
                          int hours)
{
    const int64_t until_ms = raised_ms + (int64_t)hours * HOUR_MS;
    count->all += until_ms <= report->options.now_ms;
    count->in_time += until_ms <= report->options.now_ms && done_ms > 0 && done_ms <= until_ms;
}

struct alert_times { struct kw_report *report; struct kw_durations acknowledged, closed; };

static int take_alert(void *data, const struct kw_alert *alert)
{
    struct alert_times *times = data;
    struct kw_arena *arena = times->report->arena;
    if (kw_focus_alert(times->report, alert) < 0)
        return KWIT_E_NO_MEMORY;
    times->report->alerts++;
    times->report->alerts_open += alert->closed_ms == 0;
    count_in_time(&times->report->taken_in_time, times->report, alert->raised_ms,
                  alert->acknowledged_ms ? alert->acknowledged_ms : alert->closed_ms, KW_TAKEN_WITHIN_H);
    count_in_time(&times->report->closed_in_time, times->report, alert->raised_ms, alert->closed_ms,
                  KW_CLOSED_WITHIN_H);
    if (alert->acknowledged_ms
        && !kw_duration_add(arena, &times->acknowledged, alert->raised_ms, alert->acknowledged_ms))
        return KWIT_E_NO_MEMORY;
    if (alert->closed_ms && !kw_duration_add(arena, &times->closed, alert->raised_ms, alert->closed_ms))
        return KWIT_E_NO_MEMORY;
    return 0;
}

/* A journal younger than 28 days has fewer to compare with; none at all in them counts as one. */
static void judge_low(struct kw_gathering *gathering)
{
    struct kw_report *report = gathering->report;
    int64_t days = kw_shop_day(report->options.days, gathering->reach_ms) - report->first_day;
    days = days < 1 ? 1 : days > CLUSTER_DAYS ? CLUSTER_DAYS : days;
    report->low_mean = (double)gathering->low_before / (double)days;
    report->low_p = kw_poisson_at_least(report->low_now, fmax(report->low_mean, 1.0 / (double)days));
}

static int choose_days(const struct kw_book *book, struct kw_report *report, int64_t *reach_ms, struct kw_error *error)
{
    int64_t first, last;
    const struct kw_report_options *options = &report->options;
    int code = book->calls->days(book->store, &first, &last, error);
    if (code == 0)
        code = book->calls->verdicts(book->store, options->from_day, options->to_day, report->verdicts, reach_ms,
                                     error);
    if (code < 0)
        return code;
    report->any_import = *reach_ms > 0 || options->answers_until > 0;
    report->reach_day = kw_shop_day(options->days, *reach_ms) - 1;
    if (options->answers_until > report->reach_day)
        report->reach_day = options->answers_until;
    report->first_day = report->options.from_day > first ? report->options.from_day : first;
    report->last_day = report->options.to_day < last ? report->options.to_day : last;
    if (report->last_day < report->first_day)
        return kw_fail(error, KWIT_E_NOT_FOUND, "report", "there is no sale in these days");
    return 0;
}

static int walk(const struct kw_book *book, struct kw_gathering *gathering, struct kw_error *error)
{
    /* Hours come first: they tell how mature the days are, of some stores too. */
    static const struct { int view; kw_cell_sink sink; } readings[] = {
        { KW_VIEW_HOUR, take_hour }, { KW_VIEW_PLACE, take_place }, { KW_VIEW_KIND, take_kind }
    };
    struct kw_report *report = gathering->report;
    int code = kw_trials_begin(gathering);
    if (code == 0)
        code = kw_own_begin(gathering);
    if (code == 0)
        code = book->calls->plans(book->store, kw_trials_plan, gathering, error);
    for (int i = 0; code == 0 && i < KW_VIEW_COUNT; i++) {
        if (readings[i].view == KW_VIEW_PLACE)
            code = kw_signals_begin(gathering);
        if (code == 0)
            code = book->calls->cells(book->store, readings[i].view, report->first_day, report->last_day,
                                      readings[i].sink, gathering, error);
    }
    if (code == 0)
        code = book->calls->answers(book->store, report->first_day, report->last_day, take_answer, gathering, error);
    if (code == 0)
        code = book->calls->signs(book->store, report->first_day, report->last_day, take_marked, gathering, error);
    return code < 0 ? code : finish_answer(gathering);
}

static int conclude(const struct kw_book *book, struct kw_gathering *gathering, struct kw_error *error)
{
    struct kw_report *report = gathering->report;
    struct alert_times times = { .report = report };
    int code = kw_trials_end(gathering);
    if (code == 0)
        code = kw_groups_list(gathering);
    if (code == 0)
        code = kw_weeks_make(report);
    if (code == 0 && kw_report_shows_signs(report))
        code = kw_signals_find(gathering);
    if (code == 0)
        code = book->calls->alerts(book->store, false, take_alert, &times, error);
    if (code == 0)
        code = kw_openings_gather(book, report, error);
    if (code == 0 && !report->options.shared)
        code = book->calls->comments(book->store, report->first_day, report->last_day, kw_focus_comment, report, error);
    if (code == 0)
        code = kw_focus_end(report);
    if (code < 0)
        return code;
    judge_low(gathering);
    kw_own_end(gathering);
    kw_weights_end(gathering);
    report->median_delay_s = kw_median(&gathering->delays);
    report->median_acknowledge_s = kw_median(&times.acknowledged);
    report->median_close_s = kw_median(&times.closed);
    return book->calls->head(book->store, &report->head_n, report->head, error);
}

bool kw_report_shows_signs(const struct kw_report *report)
{
    return !report->options.shared && !report->options.faceless;
}

static int gather(const struct kw_book *book, struct kw_gathering *gathering, struct kw_error *error)
{
    int code = choose_days(book, gathering->report, &gathering->reach_ms, error);
    if (code == 0)
        code = kw_cohorts_begin(gathering->report);
    kw_focus_begin(gathering->report);
    if (code == 0)
        code = walk(book, gathering, error);
    return code < 0 ? code : conclude(book, gathering, error);
}

int kw_report_make(const struct kw_book *book, struct kw_arena *arena, const struct kw_report_options *options,
                   struct kw_report *report, struct kw_error *error)
{
    struct kw_gathering *gathering = kw_arena_alloc(arena, sizeof *gathering);
    *report = (struct kw_report){ .arena = arena, .options = *options, .total = { .label = "", .rank = -1 },
                                   .refunded = { .label = "", .rank = -1 } };
    int code = gathering ? book->calls->hold(book->store, error) : KWIT_E_NO_MEMORY;
    if (code == 0) {
        gathering->report = report;
        code = gather(book, gathering, error);
        book->calls->release(book->store);
    }
    if (code == KWIT_E_NO_MEMORY)
        return kw_fail(error, KWIT_E_NO_MEMORY, "report", "out of memory");
    return code;
}
