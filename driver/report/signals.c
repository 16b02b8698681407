/*
 * signals.c - signs that answers of a till are not its customers': in the last closed window of 28 days each till and
 * each cashier is held against the store's other ones, and named where the odds of nothing but chance and innocent
 * differences (up to half as much again) are below Holm's limit at 1 % a store. A sign is worth a look, no more.
 */
#include "report/gathering.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW_DAYS = KW_ODDS_WEEKS * KW_WEEK_DAYS, PAST_WINDOWS = 3, QUICK_MS = 120000 };
static const double level = 0.01, innocent = 1.5, enough_power = 0.8, largest_cheat = 10, cheat_step = 0.1;

struct counts { int64_t k, n; };

/* What a till or a cashier did, by week of the window; and in the three windows before it. */
struct kw_tallies {
    const char *store, *who;
    bool cashier;
    struct counts week[KW_SIGNAL_COUNT][KW_ODDS_WEEKS], past[KW_SIGNAL_COUNT];
    int64_t past_invited[PAST_WINDOWS];
};

struct kw_desks { struct kw_group_set tills, cashiers; };

/* One test, until it is known what stands. */
struct trial { const struct kw_tallies *desk; struct kw_odds_sum sum; struct kw_suspicion found; };

/* A store's desks and its trials. */
struct family {
    struct kw_report *report;
    const struct kw_tallies *const *desks;
    size_t count, tills, limit_tests;
    struct trial *trials;
    size_t trial_count;
    bool no_memory;
};

/* Windows lie where the calendar puts them, whenever somebody looks, so that each sale is in one. */
static bool is_closed(const struct kw_report *report, int64_t from)
{
    for (int64_t day = from; day < from + WINDOW_DAYS; day++)
        if (day >= report->first_day && day <= report->last_day && !report->cohorts[day - report->first_day].mature)
            return false;
    return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int kw_signals_begin(struct kw_gathering *gathering)
{
    struct kw_report *report = gathering->report;
    const struct kw_report_options *options = &report->options;
    int64_t last = earlier(options->to_day, earlier(options->today - 1, report->reach_day));
    int64_t from = report->any_import ? (last + 1) / WINDOW_DAYS * WINDOW_DAYS - WINDOW_DAYS : INT64_MIN;
    gathering->desks = kw_arena_alloc(report->arena, sizeof *gathering->desks);
    while (from + WINDOW_DAYS > report->first_day && !is_closed(report, from))
        from -= WINDOW_DAYS;
    report->has_window = from + WINDOW_DAYS > report->first_day && from >= options->from_day;
    report->window_from = from;
    report->window_to = from + WINDOW_DAYS - 1;
    return gathering->desks ? 0 : KWIT_E_NO_MEMORY;
}

/* *tallies is NULL where the day does not matter or there is no such desk; false: out of memory. */
static bool find_desk(struct kw_gathering *gathering, const struct kw_touchpoint *t, bool cashier,
                      struct kw_tallies **tallies)
{
    struct kw_report *report = gathering->report;
    struct kw_arena *arena = report->arena;
    *tallies = NULL;
    if (!report->has_window || t->day > report->window_to || t->day < report->window_from - PAST_WINDOWS * WINDOW_DAYS
        || t->forced || (cashier && !t->cashier[0]))
        return true;
    const char *label = kw_group_join(gathering, t->store, "/", cashier ? t->cashier : t->till);
    struct kw_group *group = !label ? NULL
        : kw_group_labelled(arena, cashier ? &gathering->desks->cashiers : &gathering->desks->tills, label, -1);
    if (group && !group->tallies) {
        group->tallies = kw_arena_alloc(arena, sizeof *group->tallies);
        if (!group->tallies || !(group->tallies->store = kw_arena_string(arena, t->store)))
            return false;
        group->tallies->who = cashier ? kw_arena_string(arena, t->cashier) : group->label;
        group->tallies->cashier = cashier;
    }
    *tallies = group ? group->tallies : NULL;
    return *tallies && (*tallies)->who;
}

static void count(const struct kw_report *report, struct kw_tallies *tallies, int64_t day, int signal, int64_t k,
                  int64_t n)
{
    int64_t into = day - report->window_from;
    struct counts *counts =
        into >= 0 ? &tallies->week[signal][into / KW_WEEK_DAYS] : &tallies->past[signal];
    counts->k += k;
    counts->n += n;
    if (into < 0 && signal == KW_SIGNAL_RATE)
        tallies->past_invited[(-into - 1) / WINDOW_DAYS] += n;
}

/* What is counted by the invitation on paper. */
static const int by_invitation[] = { KW_SIGNAL_RATE, KW_SIGNAL_VOIDED, KW_SIGNAL_HASTY, KW_SIGNAL_TINY };

int kw_signals_sale(void *data, const struct kw_cell *sale)
{
    struct kw_gathering *gathering = data;
    const struct kw_touchpoint *t = &sale->facts;
    const struct kw_report *report = gathering->report;
    const struct { int signal; bool met; } signs[] = { { KW_SIGNAL_VOIDED, t->annulled_ms > 0 },
                                                       { KW_SIGNAL_HASTY, t->signs & KW_SALE_HASTY },
                                                       { KW_SIGNAL_TINY, t->signs & KW_SALE_TINY } };
    struct kw_tallies *tallies;
    if (t->day < report->first_day || t->day > report->last_day || !kw_is_mature(report, t)
        || !kw_class_is_paper(t->klass))
        return 0;
    for (int cashier = 0; cashier < 2; cashier++) {
        if (!find_desk(gathering, t, cashier != 0, &tallies))
            return KWIT_E_NO_MEMORY;
        for (size_t i = 0; tallies && i < sizeof signs / sizeof signs[0]; i++)
            count(report, tallies, t->day, signs[i].signal, signs[i].met ? sale->n : 0, 0);
    }
    return 0;
}

int kw_signals_cell(struct kw_gathering *gathering, const struct kw_cell *cell)
{
    const struct kw_touchpoint *t = &cell->facts;
    const struct kw_report *report = gathering->report;
    struct kw_tallies *tallies;
    if (!kw_is_mature(report, t))
        return 0;
    for (int cashier = 0; cashier < 2; cashier++) {
        if (!find_desk(gathering, t, cashier != 0, &tallies))
            return KWIT_E_NO_MEMORY;
        if (tallies && t->drawn)
            count(report, tallies, t->day, KW_SIGNAL_DECLINED,
                  t->reason == KW_SUPPRESSED_CASHIER_DECLINED ? cell->n : 0, cell->n);
        for (size_t i = 0; i < sizeof by_invitation / sizeof by_invitation[0]; i++)
            if (tallies && t->reason == 0 && kw_class_is_paper(t->klass))
                count(report, tallies, t->day, by_invitation[i], 0, cell->n);
    }
    return 0;
}

int kw_signals_answer(struct kw_gathering *gathering, const struct kw_counted *answer)
{
    const struct kw_touchpoint *t = &answer->facts;
    const struct kw_report *report = gathering->report;
    struct kw_tallies *tallies;
    bool timed = answer->submitted_ms > 0 && answer->printed_ms > 0;
    if (!kw_is_mature(report, t))
        return 0;
    for (int cashier = 0; cashier < 2; cashier++) {
        if (!find_desk(gathering, t, cashier != 0, &tallies))
            return KWIT_E_NO_MEMORY;
        if (!tallies)
            continue;
        count(report, tallies, t->day, KW_SIGNAL_RATE, kw_class_is_paper(t->klass), 0);
        count(report, tallies, t->day, KW_SIGNAL_QUICK,
              timed && answer->submitted_ms - answer->printed_ms < QUICK_MS, 1);
        if (answer->first_nps != KW_SCORE_NONE)
            count(report, tallies, t->day, KW_SIGNAL_TOP, answer->first_nps >= 9, 1);
    }
    return 0;
}

static int64_t sum_n(const struct kw_tallies *desk, int signal)
{
    int64_t n = 0;
    for (int week = 0; week < KW_ODDS_WEEKS; week++)
        n += desk->week[signal][week].n;
    return n;
}

const char *kw_watch_result(const struct kw_watch *watch)
{
    return watch->named > 0 ? "a reason to look" : watch->tested > 0 ? "nothing found" : "not testable";
}

bool kw_signal_is_of_sales(int signal)
{
    return signal == KW_SIGNAL_DECLINED || signal == KW_SIGNAL_VOIDED || signal == KW_SIGNAL_HASTY
           || signal == KW_SIGNAL_TINY;
}

static bool is_enough(const struct kw_tallies *desk, int signal)
{
    return sum_n(desk, kw_signal_is_of_sales(signal) ? signal : KW_SIGNAL_QUICK) >= KW_REPORT_RANK_FROM;
}

static void against_others(const struct family *family, const struct kw_tallies *desk, int signal,
                           const bool *left_out, struct kw_odds_sum *sum)
{
    for (size_t i = 0; i < family->count; i++) {
        const struct kw_tallies *other = family->desks[i];
        if (other->cashier != desk->cashier || (left_out && left_out[i]))
            continue;
        for (int week = 0; week < KW_ODDS_WEEKS; week++) {
            const struct counts *c = &other->week[signal][week];
            struct kw_week_odds *w = &sum->week[week];
            *(other == desk ? &w->k1 : &w->k2) += c->k;
            *(other == desk ? &w->n1 : &w->n2) += c->n;
        }
    }
}

/* The store's only till against itself; n2 stays nought where one of the three windows has no invitation. */
static void against_past(const struct kw_tallies *desk, int signal, struct kw_odds_sum *sum)
{
    struct kw_week_odds *all = &sum->week[0];
    for (int week = 0; week < KW_ODDS_WEEKS; week++) {
        all->k1 += desk->week[signal][week].k;
        all->n1 += desk->week[signal][week].n;
    }
    for (int window = 0; window < PAST_WINDOWS; window++)
        if (desk->past_invited[window] == 0)
            return;
    all->k2 = desk->past[signal].k;
    all->n2 = desk->past[signal].n;
}

static struct trial make_trial(const struct family *family, const struct kw_tallies *desk, int signal,
                               const bool *left_out)
{
    bool alone = !desk->cashier && family->tills == 1;
    struct trial trial = { .desk = desk,
                           .found = { .store = desk->store, .who = desk->who, .signal = signal, .own_past = alone,
                                      .of_two = !desk->cashier && family->tills == 2 } };
    int of = signal == KW_SIGNAL_FEWER ? KW_SIGNAL_RATE : signal;
    if (alone)
        against_past(desk, of, &trial.sum);
    else
        against_others(family, desk, of, left_out, &trial.sum);
    for (int week = 0; week < KW_ODDS_WEEKS; week++) {
        const struct kw_week_odds *w = &trial.sum.week[week];
        trial.found.k += w->k1;
        trial.found.n += w->n1;
        trial.found.others_k += w->k2;
        trial.found.others_n += w->n2;
    }
    return trial;
}

static void try_more(struct family *family)
{
    for (size_t i = 0; i < family->count; i++) {
        for (int signal = 0; signal < KW_SIGNAL_COUNT; signal++) {
            struct trial trial = make_trial(family, family->desks[i], signal, NULL);
            if (signal == KW_SIGNAL_FEWER || !is_enough(family->desks[i], signal) || trial.found.others_n == 0)
                continue;
            family->no_memory = family->no_memory
                                || !kw_odds_at_least(&trial.sum, innocent, trial.found.k, &trial.found.p);
            family->trials[family->trial_count++] = trial;
        }
    }
}

static int by_p(const void *one, const void *two)
{
    const struct trial *a = one, *b = two;
    return a->found.p != b->found.p             ? (a->found.p > b->found.p) - (a->found.p < b->found.p)
           : a->found.signal != b->found.signal ? a->found.signal - b->found.signal
                                                : strverscmp(a->found.who, b->found.who);
}

static void name(struct family *family, const struct trial *trial)
{
    struct kw_report *report = family->report;
    struct kw_suspicion *made = &report->suspicions[report->suspicion_count++];
    *made = trial->found;
    family->no_memory = family->no_memory || !kw_odds_size(&trial->sum, &made->size);
}

/* Holm's steps. All desks and signs count, also those without answers enough: that they are few is chance as well. */
static size_t name_more(struct family *family)
{
    size_t named = 0;
    qsort(family->trials, family->trial_count, sizeof *family->trials, by_p);
    while (named < family->trial_count
           && family->trials[named].found.p <= level / (double)(family->limit_tests - named))
        name(family, &family->trials[named++]);
    return named;
}

/* Those that were named left out: what they answered too much is not what the others lack. */
static void name_fewer(struct family *family, size_t named, bool *left_out)
{
    size_t remaining = family->tills;
    for (size_t i = 0; i < family->tills; i++) {
        left_out[i] = false;
        for (size_t j = 0; j < named; j++)
            left_out[i] = left_out[i] || family->trials[j].desk == family->desks[i];
        remaining -= left_out[i];
    }
    for (size_t i = 0; i < family->tills && remaining >= 2; i++) {
        struct trial trial = make_trial(family, family->desks[i], KW_SIGNAL_FEWER, left_out);
        if (left_out[i] || trial.found.others_k < KW_REPORT_RANK_FROM || trial.found.n == 0)
            continue;
        family->no_memory = family->no_memory
                            || !kw_odds_at_most(&trial.sum, 1 / innocent, trial.found.k, &trial.found.p);
        family->report->signals_tried++;
        if (trial.found.p <= level / (double)family->limit_tests)
            name(family, &trial);
    }
}

/* How often a till is found whose answers are so many times what they would be. */
static double power_of(struct family *family, const struct kw_odds_sum *sum, double share, double times)
{
    double owed = 0, p = 0, cheated = fmin(times * share, 0.95);
    int64_t critical = 0, given = 0;
    struct kw_odds_sum then = *sum;
    for (int week = 0; week < KW_ODDS_WEEKS; week++) {
        struct kw_week_odds *w = &then.week[week];
        owed += cheated * (double)w->n1;
        w->k1 = (int64_t)(owed + 0.5) - given;
        w->k1 = w->k1 > w->n1 ? w->n1 : w->k1;
        given += w->k1;
    }
    double odds = cheated / (1 - cheated) / (share / (1 - share));
    bool fine = kw_odds_critical(&then, innocent, level / (double)family->limit_tests, &critical)
                && kw_odds_at_least(&then, odds, critical > KW_REPORT_RANK_FROM ? critical : KW_REPORT_RANK_FROM, &p);
    family->no_memory = family->no_memory || !fine;
    return p;
}

/* Of the till with the fewest invitations; more is found sooner. */
static double smallest_cheat(struct family *family)
{
    struct trial least = { .desk = NULL };
    for (size_t i = 0; i < family->tills; i++) {
        struct trial trial = make_trial(family, family->desks[i], KW_SIGNAL_RATE, NULL);
        if (!least.desk || trial.found.n < least.found.n)
            least = trial;
    }
    if (!least.desk || least.found.others_k == 0)
        return 0;
    double share = fmin(0.9, (double)least.found.others_k / (double)least.found.others_n);
    int low = (int)(innocent / cheat_step), high = (int)(largest_cheat / cheat_step + 1.5);
    for (int most = high; high - low > 1;) {
        int middle = low + (high - low) / 2;
        *(power_of(family, &least.sum, share, middle * cheat_step) < enough_power ? &low : &high) = middle;
        if (high - low <= 1 && high == most)
            return 0;
    }
    return high * cheat_step;
}

static int judge_store(struct kw_report *report, const struct kw_tallies *const *desks, size_t count)
{
    struct family family = { .report = report, .desks = desks, .count = count };
    struct kw_watch *watch = &report->watches[report->watch_count++];
    bool *left_out = kw_arena_array(report->arena, count, sizeof *left_out);
    family.trials = kw_arena_array(report->arena, count * KW_SIGNAL_COUNT, sizeof *family.trials);
    if (!family.trials || !left_out)
        return KWIT_E_NO_MEMORY;
    while (family.tills < count && !desks[family.tills]->cashier)
        family.tills++;
    family.limit_tests = count * KW_SIGNAL_COUNT;
    *watch = (struct kw_watch){ .store = desks[0]->store, .tills = (int64_t)family.tills };
    size_t before = report->suspicion_count;
    try_more(&family);
    for (size_t i = 0; i < family.trial_count; i++)
        watch->tested += family.trials[i].found.signal == KW_SIGNAL_RATE && !family.trials[i].desk->cashier;
    report->signals_tried += family.trial_count;
    name_fewer(&family, name_more(&family), left_out);
    watch->named = (int64_t)(report->suspicion_count - before);
    watch->smallest = smallest_cheat(&family);
    return family.no_memory ? KWIT_E_NO_MEMORY : 0;
}

static int by_place(const void *one, const void *two)
{
    const struct kw_tallies *a = *(const struct kw_tallies *const *)one, *b = *(const struct kw_tallies *const *)two;
    int order = strverscmp(a->store, b->store);
    return order                        ? order
           : a->cashier != b->cashier ? a->cashier - b->cashier
                                      : strverscmp(a->who, b->who);
}

/* Those that had anything to do in the window. */
static size_t list_desks(const struct kw_group_set *set, const struct kw_tallies **list)
{
    size_t count = 0;
    for (size_t i = 0; i < set->slot_count; i++) {
        const struct kw_tallies *desk = set->slots[i] ? set->slots[i]->tallies : NULL;
        if (desk && sum_n(desk, KW_SIGNAL_RATE) + sum_n(desk, KW_SIGNAL_DECLINED) > 0)
            list[count++] = desk;
    }
    return count;
}

int kw_signals_find(struct kw_gathering *gathering)
{
    struct kw_report *report = gathering->report;
    const struct kw_desks *sets = gathering->desks;
    size_t most = sets->tills.count + sets->cashiers.count;
    const struct kw_tallies **desks = kw_arena_array(report->arena, most, sizeof *desks);
    report->suspicions = kw_arena_array(report->arena, most * KW_SIGNAL_COUNT, sizeof *report->suspicions);
    report->watches = kw_arena_array(report->arena, most, sizeof *report->watches);
    if (!desks || !report->suspicions || !report->watches)
        return KWIT_E_NO_MEMORY;
    size_t count = list_desks(&sets->tills, desks);
    count += list_desks(&sets->cashiers, desks + count);
    qsort(desks, count, sizeof *desks, by_place);
    int code = 0;
    for (size_t i = 0, next; code == 0 && i < count; i = next) {
        for (next = i + 1; next < count && strcmp(desks[next]->store, desks[i]->store) == 0;)
            next++;
        code = judge_store(report, desks + i, next - i);
    }
    return code;
}
