/*
 * experiments.c - arms compared as they were dealt, in strata of store and weight epoch: once, when every arm has its
 * planned number of mature invitations; what comes later changes nothing. Before that no difference is computed.
 *
 * A weight epoch is the set of arm probabilities that was in force on a day.
 */
#include "report/gather.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BASIS_POINTS = 10000, SIGNATURE = KW_REPORT_ARMS };
static const double broken_below = 0.001;

struct item { const char *store; int arm, p_bp; int64_t n, delivered; bool mature; };

struct cellstore { const char *store; int epoch; double n[KW_REPORT_ARMS], k[KW_REPORT_ARMS]; };

struct signature { int p_bp[SIGNATURE]; };

struct trial {
    const char *campaign;
    struct kw_experiment result;
    struct item *items;                 /* of the day being read */
    size_t item_count, item_capacity;
    struct cellstore *strata;
    size_t stratum_count, stratum_capacity, last_stratum;
    struct signature *epochs;
    size_t epoch_count, epoch_capacity;
    int *epoch_of_day;                  /* -1: none */
    int last_p[KW_REPORT_ARMS];
    bool all_mature;
};

struct kw_trials {
    struct trial *list;
    size_t count, capacity;
    int64_t day;
};

int kw_trials_begin(struct kw_gathering *gathering)
{
    gathering->trials = kw_arena_alloc(gathering->report->arena, sizeof *gathering->trials);
    return gathering->trials ? 0 : KWIT_E_NO_MEMORY;
}

static struct trial *trial_of(struct kw_gathering *gathering, const char *campaign, bool make)
{
    struct kw_trials *trials = gathering->trials;
    struct kw_arena *arena = gathering->report->arena;
    for (size_t i = 0; i < trials->count; i++)
        if (strcmp(trials->list[i].campaign, campaign) == 0)
            return &trials->list[i];
    struct trial *list =
        make ? kw_arena_grow(arena, trials->list, trials->count, &trials->capacity, sizeof *list) : NULL;
    if (!list)
        return NULL;
    trials->list = list;
    struct trial *trial = &list[trials->count++];
    memset(trial, 0, sizeof *trial);
    trial->campaign = kw_arena_string(arena, campaign);
    trial->epoch_of_day = kw_arena_array(arena, gathering->report->cohort_count, sizeof *trial->epoch_of_day);
    if (!trial->campaign || !trial->epoch_of_day)
        return NULL;
    for (size_t i = 0; i < gathering->report->cohort_count; i++)
        trial->epoch_of_day[i] = -1;
    return trial;
}

static int find_epoch(struct kw_gathering *gathering, struct trial *trial)
{
    struct signature today = { { 0 } };
    memcpy(today.p_bp, trial->last_p, sizeof today.p_bp);
    for (size_t i = trial->epoch_count; i > 0; i--)
        if (memcmp(&trial->epochs[i - 1], &today, sizeof today) == 0)
            return (int)i - 1;
    struct signature *epochs = kw_arena_grow(gathering->report->arena, trial->epochs, trial->epoch_count,
                                             &trial->epoch_capacity, sizeof *epochs);
    if (!epochs)
        return -1;
    trial->epochs = epochs;
    epochs[trial->epoch_count] = today;
    return (int)trial->epoch_count++;
}

static struct cellstore *stratum_of(struct kw_gathering *gathering, struct trial *trial, const char *store, int epoch,
                                    bool make)
{
    for (size_t i = 0; i < trial->stratum_count; i++) {
        size_t at = (trial->last_stratum + i) % trial->stratum_count;
        if (trial->strata[at].epoch == epoch && strcmp(trial->strata[at].store, store) == 0) {
            trial->last_stratum = at;
            return &trial->strata[at];
        }
    }
    struct kw_arena *arena = gathering->report->arena;
    struct cellstore *strata = make ? kw_arena_grow(arena, trial->strata, trial->stratum_count,
                                                    &trial->stratum_capacity, sizeof *strata) : NULL;
    if (!strata)
        return NULL;
    trial->strata = strata;
    struct cellstore *made = &strata[trial->stratum_count];
    *made = (struct cellstore){ .store = kw_arena_string(arena, store), .epoch = epoch };
    trial->last_stratum = trial->stratum_count++;
    return made->store ? made : NULL;
}

/* Whether every arm has its planned number; then later days do not count. */
static void close_plan(struct kw_gathering *gathering, struct trial *trial, int64_t day)
{
    int64_t planned = gathering->report->options.planned_n;
    trial->result.planned = planned;
    bool reached = planned > 0 && trial->result.arms > 1;
    for (int arm = 0; arm < trial->result.arms; arm++)
        reached = reached && (trial->last_p[arm] == 0 || trial->result.arm[arm].offered >= planned);
    if (reached)
        trial->result.until_day = day;
}

static int flush_trial(struct kw_gathering *gathering, struct trial *trial, int64_t day)
{
    double total = 0, dealt = 0;
    bool mature = trial->result.until_day == 0;
    for (size_t i = 0; i < trial->item_count; i++) {
        const struct item *item = &trial->items[i];
        trial->last_p[item->arm] = item->p_bp;
        trial->result.arms = item->arm >= trial->result.arms ? item->arm + 1 : trial->result.arms;
        total += (double)item->n;
        mature = mature && item->mature;
    }
    if (trial->item_count == 0)
        return 0;
    int epoch = find_epoch(gathering, trial);
    if (epoch < 0)
        return KWIT_E_NO_MEMORY;
    trial->epoch_of_day[day - gathering->report->first_day] = epoch;
    for (int arm = 0; arm < KW_REPORT_ARMS; arm++)
        dealt += trial->last_p[arm];
    for (int arm = 0; arm < KW_REPORT_ARMS; arm++)
        trial->result.all[arm].expected += total * trial->last_p[arm] / dealt;
    for (size_t i = 0; i < trial->item_count; i++) {
        const struct item *item = &trial->items[i];
        struct cellstore *stratum = mature ? stratum_of(gathering, trial, item->store, epoch, true) : NULL;
        trial->result.all[item->arm].offered += item->n;
        trial->result.all[item->arm].delivered += item->delivered;
        if (!mature)
            continue;
        if (!stratum)
            return KWIT_E_NO_MEMORY;
        stratum->n[item->arm] += (double)item->n;
        trial->result.arm[item->arm].offered += item->n;
        trial->result.arm[item->arm].delivered += item->delivered;
    }
    trial->item_count = 0;
    if (mature)
        close_plan(gathering, trial, day);
    return 0;
}

static int flush_day(struct kw_gathering *gathering)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < gathering->trials->count; i++)
        code = flush_trial(gathering, &gathering->trials->list[i], gathering->trials->day);
    return code;
}

static bool takes_part(const struct kw_touchpoint *t)
{
    return t->reason == 0 && !t->forced && t->variant < KW_REPORT_ARMS && t->variant_p_bp > 0
           && t->variant_p_bp < BASIS_POINTS;
}

/* Cells of one store follow each other, so a copy of its name is usually at hand. */
static const char *keep_store(struct kw_arena *arena, const struct trial *trial, const char *store)
{
    if (trial->item_count > 0 && strcmp(trial->items[trial->item_count - 1].store, store) == 0)
        return trial->items[trial->item_count - 1].store;
    for (size_t i = 0; i < trial->stratum_count; i++) {
        const char *known = trial->strata[(trial->last_stratum + i) % trial->stratum_count].store;
        if (strcmp(known, store) == 0)
            return known;
    }
    return kw_arena_string(arena, store);
}

int kw_trials_cell(struct kw_gathering *gathering, const struct kw_cell *cell)
{
    struct kw_trials *trials = gathering->trials;
    const struct kw_touchpoint *t = &cell->facts;
    int code = 0;
    if (!takes_part(t))
        return 0;
    if (trials->day != t->day)
        code = flush_day(gathering);
    trials->day = t->day;
    struct trial *trial = code == 0 ? trial_of(gathering, t->campaign, true) : NULL;
    struct item *items = trial ? kw_arena_grow(gathering->report->arena, trial->items, trial->item_count,
                                               &trial->item_capacity, sizeof *items)
                               : NULL;
    if (!items)
        return code < 0 ? code : KWIT_E_NO_MEMORY;
    trial->items = items;
    const char *store = keep_store(gathering->report->arena, trial, t->store);
    items[trial->item_count++] = (struct item){ store,
                                                t->variant,
                                                t->variant_p_bp,
                                                cell->n,
                                                kw_class_counts(t->klass) ? cell->n : 0,
                                                kw_is_mature(gathering->report, t) };
    return store ? 0 : KWIT_E_NO_MEMORY;
}

int kw_trials_answer(struct kw_gathering *gathering, const struct kw_counted *answer)
{
    const struct kw_touchpoint *t = &answer->facts;
    /* The last day is still open when the first answer comes. */
    int code = flush_day(gathering);
    struct trial *trial = takes_part(t) && code == 0 ? trial_of(gathering, t->campaign, false) : NULL;
    if (!trial)
        return code;
    trial->result.all[t->variant].answers++;
    int epoch = trial->epoch_of_day[t->day - gathering->report->first_day];
    bool counts =
        kw_is_mature(gathering->report, t) && (trial->result.until_day == 0 || t->day <= trial->result.until_day);
    struct cellstore *stratum = counts && epoch >= 0 ? stratum_of(gathering, trial, t->store, epoch, false) : NULL;
    if (!stratum)
        return 0;
    stratum->k[t->variant]++;
    trial->result.arm[t->variant].answers++;
    return 0;
}

static void check_split(struct kw_experiment *e)
{
    int64_t offered[KW_REPORT_ARMS];
    double shares[KW_REPORT_ARMS], total = 0, printed = 0, sum = 0, chi_square;
    int used = 0;
    for (int arm = 0; arm < e->arms; arm++) {
        offered[arm] = e->all[arm].offered;
        total += (double)offered[arm];
        printed += (double)e->all[arm].delivered;
    }
    for (int arm = 0; arm < e->arms; arm++)
        shares[arm] = e->all[arm].expected / total;
    e->split_p = kw_split_test(offered, shares, (size_t)e->arms, &chi_square);
    double share = printed / total;
    for (int arm = 0; arm < e->arms && share > 0 && share < 1; arm++) {
        double n = (double)offered[arm], off = (double)e->all[arm].delivered - n * share;
        used += n > 0;
        sum += n > 0 ? off * off / (n * share * (1 - share)) : 0;
    }
    e->printed_p = used > 1 ? kw_chi_square_tail(sum, used - 1) : 1;
    e->broken = e->split_p < broken_below || e->printed_p < broken_below;
}

static int compare(struct kw_gathering *gathering, struct trial *trial)
{
    struct kw_experiment *e = &trial->result;
    struct kw_stratum *strata = kw_arena_array(gathering->report->arena, trial->stratum_count + 1, sizeof *strata);
    if (!strata)
        return KWIT_E_NO_MEMORY;
    for (int arm = 1; arm < e->arms; arm++) {
        for (size_t i = 0; i < trial->stratum_count; i++) {
            const struct cellstore *s = &trial->strata[i];
            strata[i] = (struct kw_stratum){ s->k[arm], s->n[arm], s->k[0], s->n[0] };
        }
        kw_cmh_test(strata, trial->stratum_count, &e->test[arm]);
        double n1 = (double)e->arm[arm].offered, n0 = (double)e->arm[0].offered;
        e->pooled[arm] = n1 > 0 && n0 > 0 ? (double)e->arm[arm].answers / n1 - (double)e->arm[0].answers / n0 : 0;
    }
    return 0;
}

int kw_trials_end(struct kw_gathering *gathering)
{
    struct kw_report *report = gathering->report;
    struct kw_trials *trials = gathering->trials;
    int code = flush_day(gathering);
    report->experiments = kw_arena_array(report->arena, trials->count + 1, sizeof *report->experiments);
    if (!report->experiments)
        return KWIT_E_NO_MEMORY;
    for (size_t i = 0; code == 0 && i < trials->count; i++) {
        struct trial *trial = &trials->list[i];
        if (trial->result.arms < 2)
            continue;
        trial->result.campaign = trial->campaign;
        trial->result.planned = report->options.planned_n;
        check_split(&trial->result);
        if (trial->result.until_day > 0 && !trial->result.broken)
            code = compare(gathering, trial);
        report->experiments[report->experiment_count++] = trial->result;
    }
    return code;
}
