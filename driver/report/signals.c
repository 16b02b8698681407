/*
 * signals.c - signs that answers of a till are not its customers': exact tests against all other tills, and among many
 * tests only those that Benjamini and Hochberg let stand at 10 %. A sign is worth a look, no more.
 */
#include "report/gather.h"

#include <stdio.h>

static const double false_share = 0.10;

const char *const kw_signal_words[KW_SIGNAL_COUNT] = { "answers within two minutes of the print",
                                                       "answers to invitations", "top scores",
                                                       "invitations refused by the cashier" };

struct counts { int64_t k, n; };

static struct counts count_signal(const struct kw_group *group, int signal)
{
    const struct kw_scores *s = &group->scores;
    int64_t delivered = 0, answers = 0;
    for (int klass = 0; klass < KW_CLASS_COUNT; klass++) {
        delivered += kw_class_counts(klass) ? group->mature[klass] : 0;
        answers += kw_class_counts(klass) ? group->mature_answers[klass] : 0;
    }
    switch (signal) {
    case KW_SIGNAL_QUICK: return (struct counts){ group->quick, group->answers };
    case KW_SIGNAL_RATE: return (struct counts){ answers, delivered };
    case KW_SIGNAL_TOP: return (struct counts){ s->promoters, s->promoters + s->passives + s->detractors };
    default: return (struct counts){ group->suppressed[KW_SUPPRESSED_CASHIER_DECLINED],
                                     group->offered + group->suppressed[KW_SUPPRESSED_CASHIER_DECLINED] };
    }
}

static bool is_enough(const struct kw_group *group, int signal)
{
    return signal == KW_SIGNAL_DECLINED ? group->sales >= KW_REPORT_RANK_FROM : group->answers >= KW_REPORT_RANK_FROM;
}

/* All tests of one dimension go into the list, those that fall through the sieve are taken out later. */
static void try_dimension(struct kw_report *report, int dimension, struct kw_suspicion *list, size_t *count)
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

int kw_signals_find(struct kw_gathering *gathering)
{
    struct kw_report *report = gathering->report;
    size_t most = (report->group_count[KW_BY_TILL] + report->group_count[KW_BY_CASHIER]) * KW_SIGNAL_COUNT + 1,
           count = 0;
    struct kw_suspicion *list = kw_arena_array(report->arena, most, sizeof *list);
    double *p = kw_arena_array(report->arena, most, sizeof *p);
    bool *found = kw_arena_array(report->arena, most, sizeof *found);
    if (!list || !p || !found)
        return KWIT_E_NO_MEMORY;
    try_dimension(report, KW_BY_TILL, list, &count);
    try_dimension(report, KW_BY_CASHIER, list, &count);
    for (size_t i = 0; i < count; i++)
        p[i] = list[i].p;
    kw_benjamini_hochberg(p, count, false_share, found);
    for (size_t i = 0; i < count; i++)
        if (found[i])
            list[report->suspicion_count++] = list[i];
    report->suspicions = list;
    report->signals_tried = count;
    return 0;
}
