/* odds.c - Fisher's noncentral hypergeometric distributions, summed over weeks. */
#include "report/odds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A term that is smaller than the largest by this is none: far below every number that is told. */
static const double nothing = 1e-40;
enum { STEPS = 60 };

/* Probabilities of from, from + 1, …; they sum to one. */
struct chances { int64_t from; size_t count; double *p; };

static bool make_chances(struct chances *chances, int64_t from, size_t count)
{
    *chances = (struct chances){ from, count, calloc(count, sizeof *chances->p) };
    return chances->p != NULL;
}

/* P(x + 1) / P(x). */
static double ratio(const struct kw_week_odds *w, double odds, int64_t x)
{
    int64_t k = w->k1 + w->k2;
    return (double)(w->n1 - x) * (double)(k - x) / ((double)(x + 1) * (double)(w->n2 - k + x + 1)) * odds;
}

static int64_t least_of(const struct kw_week_odds *w)
{
    int64_t forced = w->k1 + w->k2 - w->n2;
    return forced > 0 ? forced : 0;
}

static int64_t most_of(const struct kw_week_odds *w)
{
    int64_t k = w->k1 + w->k2;
    return w->n1 < k ? w->n1 : k;
}

/* The ratio falls, so the likeliest x is the first at which it is below one. */
static int64_t mode_of(const struct kw_week_odds *w, double odds)
{
    int64_t low = least_of(w), high = most_of(w);
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if (ratio(w, odds, middle) >= 1)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* How far from the mode the terms matter: the first that does not, or the end. */
static int64_t reach(const struct kw_week_odds *w, double odds, int64_t mode, int step)
{
    int64_t x = mode, end = step > 0 ? most_of(w) : least_of(w);
    for (double term = 1; x != end && term > nothing; x += step)
        term *= step > 0 ? ratio(w, odds, x) : 1 / ratio(w, odds, x - 1);
    return x;
}

static bool spread_week(const struct kw_week_odds *w, double odds, struct chances *out)
{
    int64_t mode = mode_of(w, odds), from = reach(w, odds, mode, -1), to = reach(w, odds, mode, 1);
    double sum = 0;
    if (!make_chances(out, from, (size_t)(to - from + 1)))
        return false;
    size_t at = (size_t)(mode - from);
    out->p[at] = 1;
    for (size_t i = at; i + 1 < out->count; i++)
        out->p[i + 1] = out->p[i] * ratio(w, odds, from + (int64_t)i);
    for (size_t i = at; i > 0; i--)
        out->p[i - 1] = out->p[i] / ratio(w, odds, from + (int64_t)i - 1);
    for (size_t i = 0; i < out->count; i++)
        sum += out->p[i];
    for (size_t i = 0; i < out->count; i++)
        out->p[i] /= sum;
    return true;
}

/* *into becomes the distribution of the sum of both. */
static bool convolve(struct chances *into, const struct chances *week)
{
    struct chances sum;
    if (!make_chances(&sum, into->from + week->from, into->count + week->count - 1))
        return false;
    for (size_t i = 0; i < into->count; i++)
        for (size_t j = 0; j < week->count; j++)
            sum.p[i + j] += into->p[i] * week->p[j];
    free(into->p);
    *into = sum;
    return true;
}

/* out->p is the caller's to free, also where it fails. */
static bool spread(const struct kw_odds_sum *sum, double odds, struct chances *out)
{
    bool fine = make_chances(out, 0, 1);
    if (fine)
        out->p[0] = 1;
    for (int i = 0; fine && i < KW_ODDS_WEEKS; i++) {
        struct chances week;
        fine = spread_week(&sum->week[i], odds, &week);
        fine = fine && convolve(out, &week);
        free(week.p);
    }
    return fine;
}

static double sum_from(const struct chances *c, int64_t from)
{
    double sum = 0;
    for (size_t i = c->count; i > 0 && c->from + (int64_t)i - 1 >= from; i--)
        sum += c->p[i - 1];
    return fmin(1, sum);
}

static double sum_to(const struct chances *c, int64_t to)
{
    double sum = 0;
    for (size_t i = 0; i < c->count && c->from + (int64_t)i <= to; i++)
        sum += c->p[i];
    return fmin(1, sum);
}

bool kw_odds_at_least(const struct kw_odds_sum *sum, double odds, int64_t from, double *p)
{
    struct chances chances;
    bool fine = spread(sum, odds, &chances);
    if (fine)
        *p = sum_from(&chances, from);
    free(chances.p);
    return fine;
}

bool kw_odds_at_most(const struct kw_odds_sum *sum, double odds, int64_t to, double *p)
{
    struct chances chances;
    bool fine = spread(sum, odds, &chances);
    if (fine)
        *p = sum_to(&chances, to);
    free(chances.p);
    return fine;
}

int64_t kw_odds_seen(const struct kw_odds_sum *sum)
{
    int64_t seen = 0;
    for (int i = 0; i < KW_ODDS_WEEKS; i++)
        seen += sum->week[i].k1;
    return seen;
}

bool kw_odds_critical(const struct kw_odds_sum *sum, double odds, double alpha, int64_t *critical)
{
    struct chances chances;
    bool fine = spread(sum, odds, &chances);
    double above = 0;
    *critical = fine ? chances.from + (int64_t)chances.count : 0;
    for (size_t i = fine ? chances.count : 0; i > 0 && above + chances.p[i - 1] <= alpha; i--) {
        above += chances.p[i - 1];
        *critical = chances.from + (int64_t)i - 1;
    }
    free(chances.p);
    return fine;
}

/* The mean of a week, or of all, less what was seen. */
static bool excess(const struct kw_odds_sum *sum, double odds, double *out)
{
    *out = -(double)kw_odds_seen(sum);
    for (int i = 0; i < KW_ODDS_WEEKS; i++) {
        struct chances week;
        if (!spread_week(&sum->week[i], odds, &week))
            return false;
        for (size_t x = 0; x < week.count; x++)
            *out += week.p[x] * (double)(week.from + (int64_t)x);
        free(week.p);
    }
    return true;
}

enum limit { ESTIMATE, LOWER, UPPER };

/* Below nought while the odds are too small for what was seen. */
static bool judge(const struct kw_odds_sum *sum, enum limit limit, double odds, double *out)
{
    static const double side = 0.025;
    double p = 0;
    bool fine = true;
    if (limit == ESTIMATE)
        return excess(sum, odds, out);
    if (limit == LOWER)
        fine = kw_odds_at_least(sum, odds, kw_odds_seen(sum), &p);
    else
        fine = kw_odds_at_most(sum, odds, kw_odds_seen(sum), &p);
    *out = limit == LOWER ? p - side : side - p;
    return fine;
}

/* Bisection on the logarithm; each of the three grows with the odds. */
static bool solve(const struct kw_odds_sum *sum, enum limit limit, double *odds)
{
    double low = log(KW_ODDS_LEAST), high = log(KW_ODDS_MOST), off;
    for (int i = 0; i < STEPS; i++) {
        double middle = low + (high - low) / 2;
        if (!judge(sum, limit, exp(middle), &off))
            return false;
        if (off < 0)
            low = middle;
        else
            high = middle;
    }
    *odds = exp(low + (high - low) / 2);
    return true;
}

bool kw_odds_size(const struct kw_odds_sum *sum, struct kw_odds_size *size)
{
    return solve(sum, ESTIMATE, &size->odds) && solve(sum, LOWER, &size->interval.low)
           && solve(sum, UPPER, &size->interval.high);
}
