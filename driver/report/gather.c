/* gather.c - walks the cells and the answers once and sums them into groups, cohorts and weeks. */
#include "report/gather.h"

#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { QUICK_MS = 120000, WEEK = 7, BASIS_POINTS = 10000, DAY_MS = 86400000, CLUSTER_DAYS = 28 };
static const double three_sigma = 0.00135;

const char *const kw_dimension_words[KW_DIMENSION_COUNT] = {
#define DIMENSION_WORD(name, word) word,
    KW_DIMENSIONS(DIMENSION_WORD)
#undef DIMENSION_WORD
};

bool kw_class_counts(int klass)
{
    return klass == KW_CLASS_PROVEN || klass == KW_CLASS_SENT || klass == KW_CLASS_UNCONFIRMED
           || klass == KW_CLASS_SEEN;
}

bool kw_is_mature(const struct kw_report *report, const struct kw_touchpoint *facts)
{
    int64_t ends = facts->expires_day > 0 ? facts->expires_day : facts->day + KW_REPORT_NEVER_DAYS;
    return report->any_import && ends < report->options.today && ends <= report->reach_day;
}

int64_t kw_group_delivered(const struct kw_group *group)
{
    int64_t sum = 0;
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++)
        sum += kw_class_counts(klass) ? group->by_class[klass] : 0;
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

static size_t hash_label(const char *label)
{
    size_t hash = 1469598103934665603u;
    for (; *label; label++)
        hash = (hash ^ (unsigned char)*label) * 1099511628211u;
    return hash;
}

/* Doubles the table when it is half full. */
static bool make_room(struct kw_gathering *gathering, struct kw_group_set *set)
{
    if (set->slots && set->count * 2 < set->slot_count)
        return true;
    size_t wanted = set->slots ? set->slot_count * 2 : 64;
    struct kw_group **slots = kw_arena_array(gathering->report->arena, wanted, sizeof *slots);
    if (!slots)
        return false;
    for (size_t i = 0; i < set->slot_count; i++) {
        if (!set->slots[i])
            continue;
        size_t at = hash_label(set->slots[i]->label) % wanted;
        while (slots[at])
            at = (at + 1) % wanted;
        slots[at] = set->slots[i];
    }
    set->slots = slots;
    set->slot_count = wanted;
    return true;
}

static struct kw_group *group_of(struct kw_gathering *gathering, int dimension, const char *label)
{
    struct kw_group_set *set = &gathering->sets[dimension];
    if (set->last && strcmp(set->last->label, label) == 0)
        return set->last;
    if (!make_room(gathering, set)) {
        gathering->no_memory = true;
        return NULL;
    }
    size_t at = hash_label(label) % set->slot_count;
    while (set->slots[at] && strcmp(set->slots[at]->label, label) != 0)
        at = (at + 1) % set->slot_count;
    if (!set->slots[at]) {
        struct kw_group *made = kw_arena_alloc(gathering->report->arena, sizeof *made);
        if (!made || !(made->label = kw_arena_string(gathering->report->arena, label))) {
            gathering->no_memory = true;
            return NULL;
        }
        set->slots[at] = made;
        set->count++;
    }
    return set->last = set->slots[at];
}

/* The label of a sale in a dimension; false where the sale has none. */
static bool label_of(const struct kw_report *report, int dimension, const struct kw_touchpoint *t, int hour,
                     char out[160])
{
    static const char *const days[] = { "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday" };
    static const char *const kinds[] = { "sale",    "refund", "exchange", "void",     "order",    "proforma",
                                         "deposit", "payout", "gift",     "training", "document", "survey" };
    switch (dimension) {
    case KW_BY_STORE: snprintf(out, 160, "%.150s", t->store); return true;
    case KW_BY_TILL: snprintf(out, 160, "%.70s/%.70s", t->store, t->till); return true;
    case KW_BY_CASHIER: snprintf(out, 160, "%.150s", t->cashier); return t->cashier[0] != 0;
    case KW_BY_HOUR: snprintf(out, 160, "%02d", hour); return hour >= 0;
    case KW_BY_WEEKDAY: snprintf(out, 160, "%s", days[((t->day % WEEK) + WEEK) % WEEK]); return true;
    case KW_BY_KIND: snprintf(out, 160, "%s", t->kind >= 0 && t->kind < 12 ? kinds[t->kind] : "other"); return true;
    case KW_BY_LANGUAGE: snprintf(out, 160, "%.150s", t->language); return true;
    case KW_BY_CHANNEL: snprintf(out, 160, "%.150s", t->channel); return true;
    default: break;
    }
    if (t->variant_p_bp == 0 || t->variant_p_bp == BASIS_POINTS)
        return false;
    if (t->variant < report->options.variant_count)
        snprintf(out, 160, "%.150s", report->options.variant_names[t->variant]);
    else
        snprintf(out, 160, "arm %u", t->variant);
    return true;
}

static void count_cell(struct kw_group *group, const struct kw_cell *cell, bool mature)
{
    const struct kw_touchpoint *t = &cell->facts;
    group->sales += cell->n;
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

static bool count_in(struct kw_gathering *gathering, const struct kw_cell *cell, const int *dimensions, size_t count,
                     bool mature)
{
    char label[160];
    for (size_t i = 0; i < count; i++) {
        if (!label_of(gathering->report, dimensions[i], &cell->facts, cell->hour, label))
            continue;
        struct kw_group *group = group_of(gathering, dimensions[i], label);
        if (!group)
            return false;
        count_cell(group, cell, mature);
    }
    return true;
}

static void count_cohort(struct kw_report *report, const struct kw_cell *cell, bool mature)
{
    struct kw_cohort *cohort = &report->cohorts[cell->facts.day - report->first_day];
    if (cell->facts.reason != 0 || cell->facts.forced)
        return;
    cohort->offered += cell->n;
    cohort->delivered += kw_class_counts(cell->facts.klass) ? cell->n : 0;
    cohort->mature = mature;
}

/* Weights of one over p correct the sampling, not the silence. */
static void count_weight(struct kw_gathering *gathering, const struct kw_touchpoint *t, int64_t n, bool answer)
{
    if (t->reason != 0 || t->forced || t->klass != KW_CLASS_PROVEN || t->p_bp <= 0)
        return;
    double weight = (double)BASIS_POINTS / t->p_bp;
    if (gathering->first_p == 0)
        gathering->first_p = t->p_bp;
    gathering->p_changes = gathering->p_changes || t->p_bp != gathering->first_p;
    if (answer)
        gathering->weight_answers += weight;
    else {
        gathering->weight_sum += weight * (double)n;
        gathering->weight_squares += weight * weight * (double)n;
    }
}

static int take_place(void *data, const struct kw_cell *cell)
{
    static const int dimensions[] = { KW_BY_STORE, KW_BY_TILL, KW_BY_CASHIER, KW_BY_WEEKDAY, KW_BY_VARIANT };
    struct kw_gathering *gathering = data;
    if (cell->facts.flag) {
        gathering->report->tests += cell->n;
        return 0;
    }
    bool mature = kw_is_mature(gathering->report, &cell->facts);
    count_cell(&gathering->report->total, cell, mature);
    count_cohort(gathering->report, cell, mature);
    if (mature)
        count_weight(gathering, &cell->facts, cell->n, false);
    if (!count_in(gathering, cell, dimensions, 5, mature))
        return KWIT_E_NO_MEMORY;
    return kw_trials_cell(gathering, cell);
}

static int take_hour(void *data, const struct kw_cell *cell)
{
    static const int dimensions[] = { KW_BY_HOUR };
    struct kw_gathering *gathering = data;
    bool mature = kw_is_mature(gathering->report, &cell->facts);
    return cell->facts.flag || count_in(gathering, cell, dimensions, 1, mature) ? 0 : KWIT_E_NO_MEMORY;
}

static int take_kind(void *data, const struct kw_cell *cell)
{
    static const int dimensions[] = { KW_BY_KIND, KW_BY_LANGUAGE, KW_BY_CHANNEL };
    struct kw_gathering *gathering = data;
    bool mature = kw_is_mature(gathering->report, &cell->facts);
    return cell->facts.flag || count_in(gathering, cell, dimensions, 3, mature) ? 0 : KWIT_E_NO_MEMORY;
}

static void add_scores(struct kw_scores *scores, const struct kw_counted *a)
{
    if (a->nps != KW_SCORE_NONE)
        *(a->nps >= 9 ? &scores->promoters : a->nps >= 7 ? &scores->passives : &scores->detractors) += 1;
    scores->csat += a->csat != KW_SCORE_NONE;
    scores->csat_good += a->csat >= 4;
    scores->ces += a->ces != KW_SCORE_NONE;
    scores->ces_good += a->ces >= 5;
    scores->ces_sum += a->ces != KW_SCORE_NONE ? a->ces : 0;
}

static void count_answer(struct kw_group *group, const struct kw_counted *a, bool mature, bool contested)
{
    group->answers++;
    group->contested += contested;
    group->quick += a->submitted_ms > 0 && a->printed_ms > 0 && a->submitted_ms - a->printed_ms < QUICK_MS;
    group->answers_by_class[a->facts.klass]++;
    if (mature)
        group->mature_answers[a->facts.klass]++;
    add_scores(&group->scores, a);
    if (!contested)
        add_scores(&group->uncontested, a);
}

static bool keep_delay(struct kw_gathering *gathering, const struct kw_counted *a)
{
    if (a->submitted_ms <= 0 || a->submitted_ms < a->printed_ms)
        return true;
    double *delays = kw_arena_grow(gathering->report->arena, gathering->delays, gathering->delay_count,
                                   &gathering->delay_capacity, sizeof *delays);
    if (!delays)
        return false;
    gathering->delays = delays;
    delays[gathering->delay_count++] = (double)(a->submitted_ms - a->printed_ms) / 1000;
    return true;
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
    char label[160];
    struct kw_report *report = gathering->report;
    const struct kw_counted *a = &gathering->pending;
    if (!gathering->has_pending)
        return 0;
    gathering->has_pending = false;
    bool mature = kw_is_mature(report, &a->facts);
    count_answer(&report->total, a, mature, gathering->differs);
    report->cohorts[a->facts.day - report->first_day].answers += kw_class_counts(a->facts.klass);
    if (mature)
        count_weight(gathering, &a->facts, 1, true);
    for (int dimension = 0; dimension < KW_DIMENSION_COUNT; dimension++) {
        if (!label_of(report, dimension, &a->facts, a->hour, label))
            continue;
        struct kw_group *group = group_of(gathering, dimension, label);
        if (!group)
            return KWIT_E_NO_MEMORY;
        count_answer(group, a, mature, gathering->differs);
    }
    count_low(gathering, a);
    if (!keep_delay(gathering, a))
        return KWIT_E_NO_MEMORY;
    return kw_trials_answer(gathering, a);
}

/* Strings of a row end with it, so the one that waits keeps copies. */
static bool keep_pending(struct kw_gathering *gathering, const struct kw_counted *answer)
{
    struct kw_arena *arena = gathering->report->arena;
    gathering->pending = *answer;
    struct kw_touchpoint *t = &gathering->pending.facts;
    const char **const texts[] = { &t->store, &t->till, &t->cashier, &t->campaign, &t->language, &t->channel };
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
    if (answer->facts.forced || answer->facts.flag || answer->facts.reason != 0)
        return 0;
    if (!answer->first && gathering->has_pending && first->sale == answer->sale) {
        gathering->report->verdicts[KW_VERDICT_USED]++;
        gathering->report->verdicts[KW_VERDICT_MATCHED]--;
        gathering->differs =
            gathering->differs || first->nps != answer->nps || first->csat != answer->csat || first->ces != answer->ces;
        return 0;
    }
    int code = finish_answer(gathering);
    if (code == 0 && !keep_pending(gathering, answer))
        code = KWIT_E_NO_MEMORY;
    return code;
}

static int by_value(const void *one, const void *two)
{
    double a = *(const double *)one, b = *(const double *)two;
    return (a > b) - (a < b);
}

double kw_median(double *values, size_t count)
{
    if (count == 0)
        return -1;
    qsort(values, count, sizeof *values, by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static int by_label(const void *one, const void *two)
{
    return strverscmp(((const struct kw_group *)one)->label, ((const struct kw_group *)two)->label);
}

static int by_weekday(const void *one, const void *two)
{
    static const char order[] = "MondayTuesdayWednesdayThursdayFridaySaturdaySunday";
    const char *a = strstr(order, ((const struct kw_group *)one)->label),
               *b = strstr(order, ((const struct kw_group *)two)->label);
    return (a > b) - (a < b);
}

/* A hidden score could be had by subtraction from the total, so the next smallest sibling hides too. */
static void hide_small(struct kw_group *groups, size_t count)
{
    size_t hidden = 0;
    struct kw_group *next = NULL;
    for (size_t i = 0; i < count; i++) {
        groups[i].hidden = groups[i].answers < KW_REPORT_HIDE_BELOW;
        hidden += groups[i].hidden && groups[i].answers > 0;
        if (!groups[i].hidden && (!next || groups[i].answers < next->answers))
            next = &groups[i];
    }
    if (hidden > 0 && next)
        next->hidden = true;
}

static int list_groups(struct kw_gathering *gathering, int dimension)
{
    struct kw_report *report = gathering->report;
    struct kw_group_set *set = &gathering->sets[dimension];
    struct kw_group *groups = kw_arena_array(report->arena, set->count + 1, sizeof *groups);
    size_t count = 0;
    if (!groups)
        return KWIT_E_NO_MEMORY;
    for (size_t i = 0; i < set->slot_count; i++)
        if (set->slots[i])
            groups[count++] = *set->slots[i];
    qsort(groups, count, sizeof *groups, dimension == KW_BY_WEEKDAY ? by_weekday : by_label);
    hide_small(groups, count);
    report->groups[dimension] = groups;
    report->group_count[dimension] = count;
    return 0;
}

/* Weeks begin on Mondays; 2024-01-01, day 0, was one. */
static int make_weeks(struct kw_report *report)
{
    struct kw_week *week = NULL;
    int64_t delivered = 0, answers = 0;
    report->weeks = kw_arena_array(report->arena, report->cohort_count / WEEK + 3, sizeof *report->weeks);
    if (!report->weeks)
        return KWIT_E_NO_MEMORY;
    for (size_t i = 0; i < report->cohort_count; i++) {
        const struct kw_cohort *cohort = &report->cohorts[i];
        int64_t monday = cohort->day - ((cohort->day % WEEK) + WEEK) % WEEK;
        if (!cohort->mature || cohort->delivered == 0)
            continue;
        if (!week || week->day != monday) {
            week = &report->weeks[report->week_count++];
            week->day = monday;
        }
        week->delivered += cohort->delivered;
        week->answers += cohort->answers;
        delivered += cohort->delivered;
        answers += cohort->answers;
    }
    report->trend_mean = delivered ? (double)answers / (double)delivered : 0;
    return 0;
}

static void judge_weeks(struct kw_report *report)
{
    int run = 0, side = 0;
    for (size_t i = 0; i < report->week_count; i++) {
        struct kw_week *week = &report->weeks[i];
        kw_binomial_limits(week->delivered, report->trend_mean, three_sigma, &week->low, &week->high);
        week->beyond = week->answers < week->low || week->answers > week->high;
        double excess = (double)week->answers - report->trend_mean * (double)week->delivered;
        int now = (excess > 0) - (excess < 0);
        run = now != 0 && now == side ? run + 1 : 1;
        side = now;
        report->run_of_eight = report->run_of_eight || run >= 8;
    }
}

struct alert_times { struct kw_gathering *gathering; double *times; size_t count, capacity; };

static int take_alert(void *data, const struct kw_alert *alert)
{
    struct alert_times *times = data;
    struct kw_report *report = times->gathering->report;
    report->alerts++;
    report->alerts_open += alert->closed_ms == 0;
    if (alert->acknowledged_ms == 0)
        return 0;
    double *grown = kw_arena_grow(report->arena, times->times, times->count, &times->capacity, sizeof *grown);
    if (!grown)
        return KWIT_E_NO_MEMORY;
    times->times = grown;
    grown[times->count++] = (double)(alert->acknowledged_ms - alert->raised_ms) / 1000;
    return 0;
}

static int make_cohorts(struct kw_report *report)
{
    report->cohort_count = (size_t)(report->last_day - report->first_day + 1);
    report->cohorts = kw_arena_array(report->arena, report->cohort_count, sizeof *report->cohorts);
    for (size_t i = 0; report->cohorts && i < report->cohort_count; i++)
        report->cohorts[i].day = report->first_day + (int64_t)i;
    return report->cohorts ? 0 : KWIT_E_NO_MEMORY;
}

static int choose_days(struct kw_journal *journal, struct kw_report *report, int64_t *reach_ms, struct kw_error *error)
{
    int64_t first, last;
    int code = kw_summary_days(journal, &first, &last, error);
    if (code == 0)
        code = kw_summary_verdicts(journal, report->verdicts, reach_ms, error);
    if (code < 0)
        return code;
    report->any_import = *reach_ms > 0;
    report->reach_day = kw_business_day(*reach_ms, 0, 0);
    report->first_day = report->options.from_day > first ? report->options.from_day : first;
    report->last_day = report->options.to_day < last ? report->options.to_day : last;
    if (report->last_day < report->first_day)
        return kw_fail(error, KWIT_E_NOT_FOUND, "report", "there is no sale in these days");
    return 0;
}

static int walk(struct kw_journal *journal, struct kw_gathering *gathering, struct kw_error *error)
{
    static const kw_cell_sink sinks[] = { take_place, take_hour, take_kind };
    struct kw_report *report = gathering->report;
    int code = kw_trials_begin(gathering);
    for (int view = 0; code == 0 && view < KW_VIEW_COUNT; view++)
        code = kw_summary_cells(journal, view, report->first_day, report->last_day, sinks[view], gathering, error);
    if (code == 0)
        code = kw_summary_answers(journal, report->first_day, report->last_day, take_answer, gathering, error);
    return code < 0 ? code : finish_answer(gathering);
}

static int conclude(struct kw_journal *journal, struct kw_gathering *gathering, struct kw_error *error)
{
    struct kw_report *report = gathering->report;
    struct alert_times times = { .gathering = gathering };
    int code = kw_trials_end(gathering);
    for (int dimension = 0; code == 0 && dimension < KW_DIMENSION_COUNT; dimension++)
        code = list_groups(gathering, dimension);
    if (code == 0)
        code = make_weeks(report);
    if (code == 0)
        code = kw_signals_find(gathering);
    if (code == 0)
        code = kw_alerts_each(journal, false, take_alert, &times, error);
    if (code == 0)
        code = kw_openings_gather(journal, report, error);
    if (code < 0)
        return code;
    judge_weeks(report);
    report->low_mean = (double)gathering->low_before / CLUSTER_DAYS;
    report->low_p = report->low_mean > 0 ? kw_poisson_at_least(report->low_now, report->low_mean) : 1;
    report->total.hidden = report->total.answers < KW_REPORT_HIDE_BELOW;
    report->median_delay_s = kw_median(gathering->delays, gathering->delay_count);
    report->median_acknowledge_s = kw_median(times.times, times.count);
    if (gathering->p_changes && gathering->weight_sum > 0) {
        report->weighted_rate = gathering->weight_answers / gathering->weight_sum;
        report->effective_n = gathering->weight_sum * gathering->weight_sum / gathering->weight_squares;
    }
    return kw_summary_head(journal, &report->head_n, report->head, error);
}

int kw_report_make(struct kw_journal *journal, struct kw_arena *arena, const struct kw_report_options *options,
                   struct kw_report *report, struct kw_error *error)
{
    struct kw_gathering gathering = { .report = report, .error = error };
    *report = (struct kw_report){ .arena = arena, .options = *options, .total = { .label = "" } };
    int code = choose_days(journal, report, &gathering.reach_ms, error);
    if (code == 0)
        code = make_cohorts(report);
    if (code == 0)
        code = walk(journal, &gathering, error);
    if (code == 0)
        code = conclude(journal, &gathering, error);
    if (code == KWIT_E_NO_MEMORY)
        return kw_fail(error, KWIT_E_NO_MEMORY, "report", "out of memory");
    return code;
}
