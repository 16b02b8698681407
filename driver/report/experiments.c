/*
 * experiments.c - arms compared as they were dealt, in strata of store and weight epoch: once, when every arm has its
 * planned number of mature invitations; what comes later changes nothing. Before that no difference is computed, but
 * where the plan allows daily looks each mature day is one (looks.c).
 *
 * A weight epoch is the set of arm probabilities that was in force in a store on a day.
 */
#include "report/trials.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { UNSEEN = KW_REPORT_ARMS, SLACK_BP = 10 };
static const double broken_below = 0.001, level = 0.05, false_share = 0.10;

int kw_trials_begin(struct kw_gathering *gathering)
{
    gathering->trials = kw_arena_alloc(gathering->report->arena, sizeof *gathering->trials);
    return gathering->trials ? 0 : KWIT_E_NO_MEMORY;
}

int kw_trials_plan(void *data, const struct kw_plan *plan)
{
    struct kw_gathering *gathering = data;
    struct kw_trials *trials = gathering->trials;
    struct kw_arena *arena = gathering->report->arena;
    struct kw_plan *plans =
        kw_arena_grow(arena, trials->plans, trials->plan_count, &trials->plan_capacity, sizeof *plans);
    if (!plans || !(plans[trials->plan_count].campaign = kw_arena_string(arena, plan->campaign)))
        return KWIT_E_NO_MEMORY;
    trials->plans = plans;
    plans[trials->plan_count].n = plan->n;
    plans[trials->plan_count].daily = plan->daily;
    plans[trials->plan_count++].ts_ms = plan->ts_ms;
    return 0;
}

/* The last word counts; whether it came in time is known with the answers. */
static void find_plan(const struct kw_report *report, const struct kw_trials *trials, struct kw_trial *trial)
{
    struct kw_experiment *e = &trial->result;
    bool found = false;
    trial->planned_day = INT64_MIN;
    for (size_t i = 0; i < trials->plan_count; i++) {
        const struct kw_plan *plan = &trials->plans[i];
        if (strcmp(plan->campaign, trial->campaign) != 0 || (found && plan->n == e->planned && plan->daily == e->daily))
            continue;
        e->plan_changes += found;
        e->planned = plan->n;
        e->daily = plan->daily;
        trial->planned_day = kw_shop_day(report->options.days, plan->ts_ms);
        found = true;
    }
}

static struct kw_trial *trial_of(struct kw_gathering *gathering, const char *campaign, bool make)
{
    struct kw_trials *trials = gathering->trials;
    struct kw_arena *arena = gathering->report->arena;
    for (size_t i = 0; i < trials->count; i++)
        if (strcmp(trials->list[i].campaign, campaign) == 0)
            return &trials->list[i];
    struct kw_trial *list =
        make ? kw_arena_grow(arena, trials->list, trials->count, &trials->capacity, sizeof *list) : NULL;
    if (!list)
        return NULL;
    trials->list = list;
    struct kw_trial *trial = &list[trials->count++];
    memset(trial, 0, sizeof *trial);
    trial->campaign = kw_arena_string(arena, campaign);
    trial->counted_until = INT64_MIN;
    trial->first_known_day = INT64_MAX;
    if (trial->campaign)
        find_plan(gathering->report, trials, trial);
    return trial->campaign ? trial : NULL;
}

static struct kw_trial_shop *shop_of(struct kw_gathering *gathering, struct kw_trial *trial, const char *store,
                                     bool make)
{
    struct kw_arena *arena = gathering->report->arena;
    for (size_t i = 0; i < trial->shop_count; i++) {
        size_t at = (trial->last_shop + i) % trial->shop_count;
        if (strcmp(trial->shops[at].name, store) != 0)
            continue;
        trial->last_shop = at;
        return &trial->shops[at];
    }
    struct kw_trial_shop *shops =
        make ? kw_arena_grow(arena, trial->shops, trial->shop_count, &trial->shop_capacity, sizeof *shops) : NULL;
    if (!shops)
        return NULL;
    trial->shops = shops;
    struct kw_trial_shop *made = &shops[trial->shop_count];
    *made = (struct kw_trial_shop){ .name = kw_arena_string(arena, store) };
    made->epoch_of_day = kw_arena_array(arena, gathering->report->cohort_count, sizeof *made->epoch_of_day);
    made->part_of_day = kw_arena_array(arena, gathering->report->cohort_count, sizeof *made->part_of_day);
    if (!made->name || !made->epoch_of_day || !made->part_of_day)
        return NULL;
    trial->last_shop = trial->shop_count++;
    return made;
}

/* From 1; 0: out of memory. */
static int find_epoch(struct kw_gathering *gathering, struct kw_trial *trial, const struct kw_arm_shares *signature)
{
    for (size_t i = trial->epoch_count; i > 0; i--)
        if (memcmp(&trial->epochs[i - 1], signature, sizeof *signature) == 0)
            return (int)i;
    struct kw_arm_shares *epochs = kw_arena_grow(gathering->report->arena, trial->epochs, trial->epoch_count,
                                             &trial->epoch_capacity, sizeof *epochs);
    if (!epochs)
        return 0;
    trial->epochs = epochs;
    epochs[trial->epoch_count] = *signature;
    return (int)++trial->epoch_count;
}

static struct kw_trial_stratum *stratum_of(struct kw_gathering *gathering, struct kw_trial *trial, size_t shop,
                                           int epoch, bool make)
{
    for (size_t i = 0; i < trial->stratum_count; i++) {
        size_t at = (trial->last_stratum + i) % trial->stratum_count;
        if (trial->strata[at].epoch == epoch && trial->strata[at].shop == shop) {
            trial->last_stratum = at;
            return &trial->strata[at];
        }
    }
    struct kw_trial_stratum *strata =
        make ? kw_arena_grow(gathering->report->arena, trial->strata, trial->stratum_count,
                             &trial->stratum_capacity, sizeof *strata)
             : NULL;
    if (!strata)
        return NULL;
    trial->strata = strata;
    strata[trial->stratum_count] = (struct kw_trial_stratum){ .shop = shop, .epoch = epoch };
    trial->last_stratum = trial->stratum_count++;
    return &strata[trial->last_stratum];
}

/* Whether every arm has its planned number. */
static void close_plan(struct kw_trial *trial, int64_t day)
{
    int64_t planned = trial->result.planned;
    bool reached = planned > 0 && trial->result.arms > 1;
    for (int arm = 0; arm < trial->result.arms; arm++)
        reached = reached && (trial->result.all[arm].expected <= 0 || trial->result.arm[arm].offered >= planned);
    if (reached)
        trial->result.until_day = day;
    trial->closed = trial->closed || reached;
}

/* A store's probabilities on this day: an arm not dealt today keeps its last, unless the sum says it was dropped. */
static void read_signature(struct kw_trial_shop *shop, const struct kw_trial_item *items, size_t count)
{
    struct kw_arm_shares today = { { 0 } };
    int sum = 0;
    for (size_t i = 0; i < count; i++)
        today.p_bp[items[i].arm] = shop->last.p_bp[items[i].arm] = items[i].p_bp;
    for (int arm = 0; arm < KW_REPORT_ARMS; arm++)
        sum += shop->last.p_bp[arm];
    if (sum > KW_BASIS_POINTS + SLACK_BP)
        shop->last = today;
}

static void expect(struct kw_trial *trial, const struct kw_arm_shares *signature, double total)
{
    int sum = 0;
    for (int arm = 0; arm < KW_REPORT_ARMS; arm++)
        sum += signature->p_bp[arm];
    bool whole = sum >= KW_BASIS_POINTS - SLACK_BP;
    for (int arm = 0; arm < KW_REPORT_ARMS; arm++)
        trial->result.all[arm].expected += total * signature->p_bp[arm] / (whole ? sum : KW_BASIS_POINTS);
    trial->unseen += whole ? 0 : total * (KW_BASIS_POINTS - sum) / KW_BASIS_POINTS;
}

/* A store's day, for daily looks. */
static struct kw_trial_part *make_part(struct kw_gathering *gathering, struct kw_trial *trial)
{
    struct kw_trial_part *parts = kw_arena_grow(gathering->report->arena, trial->parts, trial->part_count,
                                                &trial->part_capacity, sizeof *parts);
    if (!parts)
        return NULL;
    trial->parts = parts;
    parts[trial->part_count] = (struct kw_trial_part){ .day = gathering->trials->day };
    return &parts[trial->part_count++];
}

/* The offers of one store and day. */
static int flush_store(struct kw_gathering *gathering, struct kw_trial *trial, const struct kw_trial_item *items,
                       size_t count, bool mature)
{
    double total = 0;
    struct kw_trial_shop *shop = &trial->shops[items[0].shop];
    read_signature(shop, items, count);
    int epoch = find_epoch(gathering, trial, &shop->last);
    struct kw_trial_stratum *stratum =
        mature && epoch ? stratum_of(gathering, trial, items[0].shop, epoch, true) : NULL;
    if (epoch == 0 || (mature && !stratum))
        return KWIT_E_NO_MEMORY;
    size_t day = (size_t)(gathering->trials->day - gathering->report->first_day);
    shop->epoch_of_day[day] = epoch;
    struct kw_trial_part *part = mature && trial->result.daily ? make_part(gathering, trial) : NULL;
    if (mature && trial->result.daily && !part)
        return KWIT_E_NO_MEMORY;
    if (part) {
        part->stratum = (size_t)(stratum - trial->strata);
        shop->part_of_day[day] = trial->part_count;
    }
    for (size_t i = 0; i < count; i++) {
        const struct kw_trial_item *item = &items[i];
        total += (double)item->n;
        trial->result.arms = item->arm >= trial->result.arms ? item->arm + 1 : trial->result.arms;
        trial->result.all[item->arm].offered += item->n;
        trial->result.all[item->arm].delivered += item->delivered;
        if (!mature)
            continue;
        stratum->n[item->arm] += (double)item->n;
        if (part)
            part->n[item->arm] += (double)item->n;
        trial->result.arm[item->arm].offered += item->n;
        trial->result.arm[item->arm].delivered += item->delivered;
    }
    expect(trial, &shop->last, total);
    return 0;
}

/* A day that is not mature ends what is compared: what matures later must not change a verdict that was given. */
static int flush_trial(struct kw_gathering *gathering, struct kw_trial *trial)
{
    int code = 0;
    for (size_t i = 0; i < trial->item_count; i++)
        trial->closed = trial->closed || !trial->items[i].mature;
    bool counts = !trial->closed;
    for (size_t i = 0, next; code == 0 && i < trial->item_count; i = next) {
        for (next = i + 1; next < trial->item_count && trial->items[next].shop == trial->items[i].shop;)
            next++;
        code = flush_store(gathering, trial, &trial->items[i], next - i, counts);
    }
    if (trial->item_count > 0 && counts) {
        trial->counted_until = gathering->trials->day;
        close_plan(trial, gathering->trials->day);
    }
    trial->item_count = 0;
    return code;
}

static int flush_day(struct kw_gathering *gathering)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < gathering->trials->count; i++)
        code = flush_trial(gathering, &gathering->trials->list[i]);
    return code;
}

static bool takes_part(const struct kw_touchpoint *t)
{
    return t->reason == 0 && !t->forced && t->variant < KW_REPORT_ARMS && t->variant_p_bp > 0
           && t->variant_p_bp < KW_BASIS_POINTS;
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
    struct kw_trial *trial = code == 0 ? trial_of(gathering, t->campaign, true) : NULL;
    struct kw_trial_shop *shop = trial ? shop_of(gathering, trial, t->store, true) : NULL;
    struct kw_trial_item *items = shop ? kw_arena_grow(gathering->report->arena, trial->items, trial->item_count,
                                              &trial->item_capacity, sizeof *items)
                              : NULL;
    if (!items)
        return code < 0 ? code : KWIT_E_NO_MEMORY;
    trial->items = items;
    items[trial->item_count++] = (struct kw_trial_item){ .shop = (size_t)(shop - trial->shops),
                                                .arm = t->variant,
                                                .p_bp = t->variant_p_bp,
                                                .n = cell->n,
                                                .delivered = kw_class_is_paper(t->klass) ? cell->n : 0,
                                                .mature = kw_is_mature(gathering->report, t) };
    return 0;
}

int kw_trials_answer(struct kw_gathering *gathering, const struct kw_counted *answer)
{
    const struct kw_touchpoint *t = &answer->facts;
    /* The last day is still open when the first answer comes. */
    int code = flush_day(gathering);
    struct kw_trial *trial = takes_part(t) && code == 0 ? trial_of(gathering, t->campaign, false) : NULL;
    if (!trial)
        return code;
    trial->result.all[t->variant].answers++;
    int64_t known_day = 1 + (t->expires_day > 0 ? t->expires_day : t->day + KW_REPORT_NEVER_DAYS);
    trial->first_known_day = known_day < trial->first_known_day ? known_day : trial->first_known_day;
    const struct kw_trial_shop *shop = shop_of(gathering, trial, t->store, false);
    int epoch = shop ? shop->epoch_of_day[t->day - gathering->report->first_day] : 0;
    struct kw_trial_stratum *stratum =
        epoch > 0 && t->day <= trial->counted_until
            ? stratum_of(gathering, trial, (size_t)(shop - trial->shops), epoch, false)
            : NULL;
    if (!stratum)
        return 0;
    stratum->k[t->variant]++;
    size_t part = shop->part_of_day[t->day - gathering->report->first_day];
    if (part > 0)
        trial->parts[part - 1].k[t->variant]++;
    trial->result.arm[t->variant].answers++;
    return 0;
}

static double printed_test(const struct kw_experiment *e)
{
    double offered = 0, printed = 0, sum = 0;
    int used = 0;
    for (int arm = 0; arm < e->arms; arm++) {
        offered += (double)e->all[arm].offered;
        printed += (double)e->all[arm].delivered;
    }
    double share = printed / offered;
    for (int arm = 0; arm < e->arms && share > 0 && share < 1; arm++) {
        double n = (double)e->all[arm].offered, off = (double)e->all[arm].delivered - n * share;
        used += n > 0;
        sum += n > 0 ? off * off / (n * share * (1 - share)) : 0;
    }
    return used > 1 ? kw_chi_square_tail(sum, used - 1) : 1;
}

static void check_split(struct kw_trial *trial)
{
    struct kw_experiment *e = &trial->result;
    int64_t offered[KW_REPORT_ARMS + 1] = { 0 };
    double shares[KW_REPORT_ARMS + 1], total = trial->unseen, chi_square;
    for (int arm = 0; arm < KW_REPORT_ARMS; arm++)
        total += e->all[arm].expected;
    for (int arm = 0; arm < KW_REPORT_ARMS; arm++) {
        offered[arm] = e->all[arm].offered;
        shares[arm] = e->all[arm].expected / total;
    }
    shares[UNSEEN] = trial->unseen / total;
    e->split_p = kw_split_test(offered, shares, KW_REPORT_ARMS + 1, &chi_square);
    e->printed_p = printed_test(e);
    e->broken = e->split_p < broken_below || e->printed_p < broken_below;
}

static int by_value(const void *one, const void *two)
{
    double a = *(const double *)one, b = *(const double *)two;
    return (a > b) - (a < b);
}

/* Of many comparisons with nothing in them some are always below 5 %. */
static void judge(struct kw_experiment *e)
{
    double p[KW_REPORT_ARMS];
    size_t count = 0;
    for (int arm = 1; arm < e->arms; arm++)
        p[count++] = e->test[arm].p;
    qsort(p, count, sizeof *p, by_value);
    size_t found = kw_benjamini_hochberg(p, count, false_share);
    for (int arm = 1; arm < e->arms; arm++)
        e->differs[arm] = found > 0 && e->test[arm].p < level && e->test[arm].p <= p[found - 1];
}

static int compare(struct kw_gathering *gathering, struct kw_trial *trial)
{
    struct kw_experiment *e = &trial->result;
    struct kw_stratum *strata = kw_arena_array(gathering->report->arena, trial->stratum_count + 1, sizeof *strata);
    if (!strata)
        return KWIT_E_NO_MEMORY;
    for (int arm = 1; arm < e->arms; arm++) {
        for (size_t i = 0; i < trial->stratum_count; i++) {
            const struct kw_trial_stratum *s = &trial->strata[i];
            strata[i] = (struct kw_stratum){ s->k[arm], s->n[arm], s->k[0], s->n[0] };
        }
        kw_cmh_test(strata, trial->stratum_count, &e->test[arm]);
    }
    judge(e);
    return 0;
}

bool kw_experiment_is_final(const struct kw_experiment *e)
{
    return !e->broken && !e->exploratory && e->until_day > 0;
}

static int conclude(struct kw_gathering *gathering, struct kw_trial *trial)
{
    struct kw_experiment *e = &trial->result;
    const struct kw_report_options *options = &gathering->report->options;
    e->campaign = trial->campaign;
    check_split(trial);
    e->exploratory = (e->planned > 0 && trial->planned_day >= trial->first_known_day)
                     || (options->planned_n > 0 && options->planned_n != e->planned);
    if (e->broken || e->exploratory)
        return 0;
    if (e->daily && e->planned > 0)
        return kw_trial_look(gathering->report, trial);
    return e->until_day > 0 ? compare(gathering, trial) : 0;
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
        struct kw_trial *trial = &trials->list[i];
        if (trial->result.arms < 2 && trial->unseen <= 0)
            continue;
        code = conclude(gathering, trial);
        report->experiments[report->experiment_count++] = trial->result;
    }
    return code;
}
