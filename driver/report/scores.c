/* scores.c - what answers score: counts, estimates with their intervals, and the same weighted by one over p. */
#include "report/gathering.h"

#include <math.h>

static const struct { int high, low; } grades[KW_QUESTION_COUNT] = {
#define GRADES(name, word, high, low) { high, low },
    KW_QUESTIONS(GRADES)
#undef GRADES
};

const char *const kw_question_words[KW_QUESTION_COUNT] = {
#define QUESTION_WORD(name, word, high, low) word,
    KW_QUESTIONS(QUESTION_WORD)
#undef QUESTION_WORD
};

static int grade_of(const struct kw_counted *answer, int question)
{
    return question == KW_NPS ? answer->nps : question == KW_CSAT ? answer->csat : answer->ces;
}

void kw_scores_add(struct kw_scores *scores, const struct kw_counted *answer)
{
    for (int question = 0; question < KW_QUESTION_COUNT; question++) {
        struct kw_score *score = &scores->of[question];
        int grade = grade_of(answer, question);
        if (grade == KW_SCORE_NONE)
            continue;
        score->n++;
        score->sum += grade;
        score->high += grade >= grades[question].high;
        score->low += grade <= grades[question].low;
    }
}

/* n may be an effective size, then high and low are shares of it. */
static struct kw_estimate estimate(enum kw_question question, double n, double high, double low)
{
    struct kw_estimate e = { 0, n, { 0, 1 } };
    if (n > 0 && question == KW_NPS) {
        e.value = 100 * (high - low) / n;
        e.interval = kw_nps_interval(high, n - high - low, low);
    } else if (n > 0) {
        e.value = high / n;
        e.interval = kw_wilson(high, n);
    }
    return e;
}

struct kw_estimate kw_score_estimate(enum kw_question question, const struct kw_score *score)
{
    return estimate(question, (double)score->n, (double)score->high, (double)score->low);
}

bool kw_group_shows(const struct kw_group *group, enum kw_question question)
{
    return group->scores.of[question].n > 0 && !group->hidden[question];
}

bool kw_report_uncontested(const struct kw_report *report, enum kw_question question, struct kw_interval *between)
{
    const struct kw_score *all = &report->total.scores.of[question], *rest = &report->uncontested.of[question];
    double contested = (double)(all->n - rest->n), n = fmax(1, (double)rest->n);
    double most = question == KW_NPS ? (double)(all->high - all->low) + contested : (double)all->high;
    double least = question == KW_NPS ? (double)(all->high - all->low) - contested : (double)all->high - contested;
    double unit = question == KW_NPS ? 100 : 1;
    between->low = unit * fmax(question == KW_NPS ? -1 : 0, least / n);
    between->high = unit * fmin(1, most / n);
    return contested >= KW_REPORT_HIDE_BELOW && rest->n >= KW_REPORT_HIDE_BELOW;
}

static void add_weight(struct kw_weights *weights, double weight, double n)
{
    weights->sum += weight * n;
    weights->squares += weight * weight * n;
}

void kw_weights_cell(struct kw_gathering *gathering, const struct kw_cell *cell)
{
    const struct kw_touchpoint *t = &cell->facts;
    if (t->reason != 0 || t->forced || t->p_bp <= 0)
        return;
    if (gathering->first_p == 0)
        gathering->first_p = t->p_bp;
    gathering->report->p_changes = gathering->report->p_changes || t->p_bp != gathering->first_p;
    if (t->klass == KW_CLASS_PROVEN && kw_is_mature(gathering->report, t))
        add_weight(&gathering->weights, (double)KW_BASIS_POINTS / t->p_bp, (double)cell->n);
}

void kw_weights_answer(struct kw_gathering *gathering, const struct kw_counted *answer, bool mature)
{
    int p = answer->facts.p_bp;
    if (p <= 0 || p > KW_BASIS_POINTS)
        return;
    double weight = (double)KW_BASIS_POINTS / p;
    if (mature && answer->facts.klass == KW_CLASS_PROVEN)
        gathering->weights.high += weight;
    for (int question = 0; question < KW_QUESTION_COUNT; question++) {
        struct kw_weights *weights = &gathering->score_weights[question];
        int grade = grade_of(answer, question);
        if (grade == KW_SCORE_NONE)
            continue;
        add_weight(weights, weight, 1);
        weights->high += grade >= grades[question].high ? weight : 0;
        weights->low += grade <= grades[question].low ? weight : 0;
        gathering->asked_at[question][p]++;
    }
}

/* With two values of p the plain and the weighted score together tell the score at each: of few, it stays hidden. */
static bool tells_of_few(const int64_t *asked_at)
{
    int values = 0;
    bool few = false;
    for (int p = 0; p <= KW_BASIS_POINTS; p++) {
        values += asked_at[p] > 0;
        few = few || (asked_at[p] > 0 && asked_at[p] < KW_REPORT_HIDE_BELOW);
    }
    return few && values == 2;
}

static struct kw_estimate weighted(enum kw_question question, const struct kw_weights *w)
{
    double n = w->squares > 0 ? w->sum * w->sum / w->squares : 0;
    return n > 0 ? estimate(question, n, n * w->high / w->sum, n * w->low / w->sum) : estimate(question, 0, 0, 0);
}

void kw_weights_end(struct kw_gathering *gathering)
{
    struct kw_report *report = gathering->report;
    report->weighted_rate = weighted(KW_CSAT, &gathering->weights);
    for (int question = 0; question < KW_QUESTION_COUNT; question++) {
        report->weighted[question] = weighted(question, &gathering->score_weights[question]);
        report->weighted_hidden[question] =
            report->total.hidden[question] || tells_of_few(gathering->asked_at[question]);
    }
}
