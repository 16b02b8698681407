/*
 * signals.c - signs that answers of a till are not its customers': exact tests against all other tills, and among many
 * tests only those that Benjamini and Hochberg let stand at 10 %. A sign is worth a look, no more.
 */
#include "report/gathering.h"

#include <stdlib.h>

static const double false_share = 0.10;

struct counts { int64_t k, n; };

static struct counts count_signal(const struct kw_group *group, int signal)
{
    const struct kw_signs *s = &group->signs;
    struct counts rate = { 0, 0 };
    switch (signal) {
    case KW_SIGNAL_QUICK: return (struct counts){ s->quick, s->answers };
    case KW_SIGNAL_TOP: return (struct counts){ s->top, s->rated };
    case KW_SIGNAL_DECLINED: return (struct counts){ s->declined, s->drawn };
    default: break;
    }
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++) {
        rate.n += kw_class_is_paper(klass) ? group->mature[klass] : 0;
        rate.k += kw_class_is_paper(klass) ? group->mature_answers[klass] : 0;
    }
    return rate;
}

/* Of a refusal nobody waits for an answer, so drawn sales are enough there. A hidden score is not told by its test. */
static bool is_enough(const struct kw_group *group, int signal)
{
    if (signal == KW_SIGNAL_TOP && group->hidden[KW_NPS])
        return false;
    return (signal == KW_SIGNAL_DECLINED ? group->signs.drawn : group->signs.answers) >= KW_REPORT_RANK_FROM;
}

static void try_dimension(const struct kw_report *report, int dimension, struct kw_suspicion *list, size_t *count)
{
    for (int signal = 0; signal < KW_SIGNAL_COUNT; signal++) {
        struct counts all = { 0, 0 };
        for (size_t i = 0; i < report->group_count[dimension]; i++) {
            struct counts one = count_signal(&report->groups[dimension][i], signal);
            all.k += one.k;
            all.n += one.n;
        }
        for (size_t i = 0; i < report->group_count[dimension]; i++) {
            const struct kw_group *group = &report->groups[dimension][i];
            struct counts one = count_signal(group, signal);
            if (!is_enough(group, signal) || one.n == 0 || all.n == one.n)
                continue;
            list[(*count)++] = (struct kw_suspicion){ group->label, signal, one.k, one.n, all.k - one.k, all.n - one.n,
                                                      kw_fisher_more(one.k, one.n, all.k - one.k, all.n - one.n) };
        }
    }
}

static int by_p(const void *one, const void *two)
{
    const struct kw_suspicion *a = one, *b = two;
    return a->p != b->p ? (a->p > b->p) - (a->p < b->p) : a->signal - b->signal;
}

/* The tests of one dimension stand behind the suspicions of the one before; those that fall through are taken out. */
static int sift(struct kw_report *report, int dimension)
{
    struct kw_suspicion *list = report->suspicions + report->suspicion_count;
    size_t count = 0;
    try_dimension(report, dimension, list, &count);
    double *p = kw_arena_array(report->arena, count, sizeof *p);
    if (!p)
        return KWIT_E_NO_MEMORY;
    qsort(list, count, sizeof *list, by_p);
    for (size_t i = 0; i < count; i++)
        p[i] = list[i].p;
    report->suspicion_count += kw_benjamini_hochberg(p, count, false_share);
    report->signals_tried += count;
    return 0;
}

int kw_signals_find(struct kw_report *report)
{
    size_t most = (report->group_count[KW_BY_TILL] + report->group_count[KW_BY_CASHIER]) * KW_SIGNAL_COUNT;
    report->suspicions = kw_arena_array(report->arena, most, sizeof *report->suspicions);
    if (!report->suspicions)
        return KWIT_E_NO_MEMORY;
    int code = sift(report, KW_BY_TILL);
    return code < 0 ? code : sift(report, KW_BY_CASHIER);
}
