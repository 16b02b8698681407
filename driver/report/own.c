/* own.c - the shop's own questions: their grades, and which of them goes with the main score. */
#include "report/own.h"

#include "report/gathering.h"

#include <math.h>

struct kw_own_tables { struct kw_tau_table of[KW_OWN_QUESTIONS][KW_QUESTION_COUNT]; };

int kw_own_begin(struct kw_gathering *gathering)
{
    struct kw_report *report = gathering->report;
    const size_t count = report->options.own_count;
    if (count == 0)
        return 0;
    gathering->own = kw_arena_alloc(report->arena, sizeof *gathering->own);
    report->own = kw_arena_array(report->arena, count, sizeof *report->own);
    if (!gathering->own || !report->own)
        return KWIT_E_NO_MEMORY;
    report->own_count = count;
    for (size_t i = 0; i < count; i++)
        report->own[i].asked = &report->options.own[i];
    return 0;
}

void kw_own_answer(struct kw_gathering *gathering, const struct kw_counted *answer)
{
    const int scores[KW_QUESTION_COUNT] = { [KW_NPS] = answer->nps, [KW_CSAT] = answer->csat, [KW_CES] = answer->ces };
    struct kw_report *report = gathering->report;
    int grade;
    for (size_t i = 0; i < report->own_count; i++) {
        struct kw_own_result *own = &report->own[i];
        if (!kw_own_get(answer->own, own->asked->name, &grade) || grade < own->asked->low || grade > own->asked->high)
            continue;
        own->n++;
        own->sum += grade;
        own->by_grade[grade]++;
        for (int question = 0; question < KW_QUESTION_COUNT; question++)
            if (scores[question] != KW_SCORE_NONE)
                gathering->own->of[i][question].counts[grade][scores[question]]++;
    }
}

/* The score that most of the answers have. */
static enum kw_question main_score(const struct kw_report *report)
{
    const struct kw_score *scores = report->total.scores.of;
    enum kw_question most = KW_NPS;
    for (enum kw_question question = 0; question < KW_QUESTION_COUNT; question++)
        if (scores[question].n > scores[most].n)
            most = question;
    return most;
}

static int64_t count_pairs(const struct kw_tau_table *table)
{
    int64_t sum = 0;
    for (int a = 0; a < KW_TAU_GRADES; a++)
        for (int b = 0; b < KW_TAU_GRADES; b++)
            sum += table->counts[a][b];
    return sum;
}

void kw_own_end(struct kw_gathering *gathering)
{
    struct kw_report *report = gathering->report;
    struct kw_tau taus[KW_OWN_QUESTIONS];
    int family = 0;
    report->own_with = main_score(report);
    for (size_t i = 0; i < report->own_count; i++) {
        const struct kw_tau_table *table = &gathering->own->of[i][report->own_with];
        struct kw_own_result *own = &report->own[i];
        own->pairs = count_pairs(table);
        own->tested = own->pairs >= KW_OWN_LEAST && kw_tau_b(table, &taus[i]);
        family += own->tested;
    }
    for (size_t i = 0; i < report->own_count; i++)
        if (report->own[i].tested) {
            report->own[i].tau = taus[i].value;
            report->own[i].interval = kw_tau_interval(&taus[i], family);
        }
}

enum kw_own_word kw_own_goes(const struct kw_own_result *own)
{
    return !own->tested ? KW_OWN_TOO_FEW : own->interval.low > 0 ? KW_OWN_WITH : own->interval.high < 0
        ? KW_OWN_AGAINST : KW_OWN_NEITHER;
}
