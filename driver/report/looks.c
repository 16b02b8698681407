/*
 * looks.c - an experiment that may end on any day: each mature day is a look, whether or not somebody looked, and its
 * boundary is what Lan and DeMets let it spend. Several arms share the error evenly.
 */
#include "report/spending.h"
#include "report/trials.h"

#include <math.h>
#include <string.h>

static const double level = 0.05;

/* Everything up to a day. */
struct sight {
    struct kw_trial *trial;
    struct kw_trial_stratum *strata;    /* sums so far */
    struct kw_stratum *pairs;           /* of an arm and arm 0 */
    struct kw_arm arm[KW_REPORT_ARMS];
    size_t next;                        /* part that comes */
};

static void add_day(struct sight *sight, int64_t *day)
{
    const struct kw_trial *trial = sight->trial;
    *day = trial->parts[sight->next].day;
    for (; sight->next < trial->part_count && trial->parts[sight->next].day == *day; sight->next++) {
        const struct kw_trial_part *part = &trial->parts[sight->next];
        for (int arm = 0; arm < trial->result.arms; arm++) {
            sight->strata[part->stratum].n[arm] += part->n[arm];
            sight->strata[part->stratum].k[arm] += part->k[arm];
            sight->arm[arm].offered += (int64_t)part->n[arm];
            sight->arm[arm].answers += (int64_t)part->k[arm];
        }
    }
}

/* The share of the planned invitations that is mature, by the arm that has fewest. */
static double share_of(const struct sight *sight)
{
    double least = 1;
    const struct kw_experiment *e = &sight->trial->result;
    for (int arm = 0; arm < e->arms; arm++)
        if (e->all[arm].expected > 0)
            least = fmin(least, (double)sight->arm[arm].offered / (double)e->planned);
    return least;
}

static void compare(const struct sight *sight, int arm, struct kw_cmh *out)
{
    for (size_t i = 0; i < sight->trial->stratum_count; i++) {
        const struct kw_trial_stratum *s = &sight->strata[i];
        sight->pairs[i] = (struct kw_stratum){ s->k[arm], s->n[arm], s->k[0], s->n[0] };
    }
    kw_cmh_test(sight->pairs, sight->trial->stratum_count, out);
}

static bool begin(struct kw_report *report, struct kw_trial *trial, struct sight *sight)
{
    *sight = (struct sight){ .trial = trial };
    sight->strata = kw_arena_array(report->arena, trial->stratum_count, sizeof *sight->strata);
    sight->pairs = kw_arena_array(report->arena, trial->stratum_count, sizeof *sight->pairs);
    return sight->strata && sight->pairs;
}

/* Shares of the looks: a day that adds nothing to the arm with fewest is none. */
static bool list_looks(struct kw_report *report, struct kw_trial *trial, double *shares, size_t *count)
{
    struct sight sight;
    int64_t day;
    *count = 0;
    if (!begin(report, trial, &sight))
        return false;
    while (sight.next < trial->part_count) {
        add_day(&sight, &day);
        double share = share_of(&sight);
        if (share > (*count > 0 ? shares[*count - 1] : 0))
            shares[(*count)++] = share;
    }
    return true;
}

/* What stands at a look, where it ends the experiment. */
static bool end_here(const struct sight *sight, int64_t day, double share, double bound)
{
    struct kw_experiment *e = &sight->trial->result;
    bool found = false;
    for (int arm = 1; arm < e->arms; arm++) {
        compare(sight, arm, &e->test[arm]);
        e->differs[arm] = sqrt(e->test[arm].chi_square) >= bound;
        found = found || e->differs[arm];
    }
    if (!found && share < 1)
        return false;
    for (int arm = 0; arm < e->arms; arm++) {
        e->arm[arm].offered = sight->arm[arm].offered;
        e->arm[arm].answers = sight->arm[arm].answers;
    }
    e->until_day = day;
    e->early = share < 1;
    e->bound = bound;
    return true;
}

int kw_trial_look(struct kw_report *report, struct kw_trial *trial)
{
    struct kw_experiment *e = &trial->result;
    struct sight sight;
    size_t count;
    int64_t day;
    double *shares = kw_arena_array(report->arena, trial->part_count, sizeof *shares),
           *bounds = kw_arena_array(report->arena, trial->part_count, sizeof *bounds);
    e->until_day = 0;
    if (!shares || !bounds || !list_looks(report, trial, shares, &count) || !begin(report, trial, &sight)
        || !kw_spending_bounds(shares, count, level / (e->arms > 1 ? e->arms - 1 : 1), bounds))
        return KWIT_E_NO_MEMORY;
    for (size_t look = 0; look < count && sight.next < trial->part_count;) {
        add_day(&sight, &day);
        if (share_of(&sight) < shares[look])
            continue;
        e->looks = (int)look + 1;
        if (end_here(&sight, day, shares[look], bounds[look]))
            break;
        look++;
    }
    return 0;
}
