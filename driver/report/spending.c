/* spending.c - boundaries of Lan and DeMets, by recursive integration over the score B(t) = z sqrt(t). */
#include "report/spending.h"

#include <math.h>
#include <stdlib.h>

enum { STEPS = 60, LEAST_POINTS = 41, MOST_POINTS = 1601 };
static const double far = 8, fineness = 8, least_spent = 1e-11, power_wanted = 0.8;

/* What has not ended yet: the density of B over a grid of its points, and its time. */
struct score { double t, from, step, *density; size_t count; };

static double upper(double z)
{
    return 0.5 * erfc(z / sqrt(2));
}

/* The z beyond which this much lies. */
static double quantile(double p)
{
    double low = -far, high = 2 * far;
    for (int i = 0; i < STEPS; i++) {
        double middle = (low + high) / 2;
        *(upper(middle) > p ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

static double spent(double t, double alpha)
{
    return 2 * upper(quantile(alpha / 4) / sqrt(t));
}

/* Simpson's weights; the number of points is odd. */
static double weight(const struct score *score, size_t i)
{
    return score->step / 3 * (i == 0 || i + 1 == score->count ? 1 : i % 2 ? 4 : 2);
}

/* P(B > x at the next look, and nothing ended before). Before the first look all of B is at nought. */
static double beyond(const struct score *score, double t, double drift, double x)
{
    double spread = sqrt(t - score->t), sum = 0, shift = drift * (t - score->t);
    if (!score->density)
        return upper((x - drift * t) / sqrt(t));
    for (size_t i = 0; i < score->count; i++)
        sum += weight(score, i) * score->density[i]
               * upper((x - shift - score->from - score->step * (double)i) / spread);
    return sum;
}

static double find_bound(const struct score *score, double t, double side)
{
    double low = 0, high = far * 2 * sqrt(t);
    for (int i = 0; i < STEPS; i++) {
        double middle = (low + high) / 2;
        *(beyond(score, t, 0, middle) > side ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

static double density_at(const struct score *score, double t, double drift, double x)
{
    static const double root = 2.506628274631000502;
    double spread = sqrt(t - score->t), sum = 0, shift = drift * (t - score->t);
    if (!score->density) {
        double z = (x - drift * t) / sqrt(t);
        return exp(-z * z / 2) / (root * sqrt(t));
    }
    for (size_t i = 0; i < score->count; i++) {
        double z = (x - shift - score->from - score->step * (double)i) / spread;
        if (fabs(z) < far)
            sum += weight(score, i) * score->density[i] * exp(-z * z / 2);
    }
    return sum / (root * spread);
}

/* What goes on behind a look with this bound of B, on a grid fine enough for the step that follows. */
static bool go_on(struct score *score, double t, double next, double drift, double bound)
{
    double reach = fmin(bound, far * sqrt(t) + fabs(drift) * t), step = sqrt(next - t) / fineness;
    size_t count = (size_t)(2 * reach / step) / 2 * 2 + 3;
    count = count < LEAST_POINTS ? LEAST_POINTS : count > MOST_POINTS ? MOST_POINTS : count;
    struct score after = { t, -reach, 2 * reach / (double)(count - 1), calloc(count, sizeof(double)), count };
    for (size_t i = 0; after.density && i < count; i++)
        after.density[i] = density_at(score, t, drift, after.from + after.step * (double)i);
    free(score->density);
    *score = after;
    return after.density != NULL;
}

bool kw_spending_bounds(const double *t, size_t count, double alpha, double *bounds)
{
    struct score score = { 0 };
    double before = 0;
    bool fine = true;
    for (size_t i = 0; i < count && fine; i++) {
        double now = spent(t[i], alpha), side = now - before;
        bounds[i] = INFINITY;
        if (side < least_spent)
            continue;
        before = now;
        double bound = find_bound(&score, t[i], side);
        bounds[i] = bound / sqrt(t[i]);
        fine = i + 1 == count || go_on(&score, t[i], t[i + 1], 0, bound);
    }
    free(score.density);
    return fine;
}

bool kw_spending_power(const double *t, size_t count, double alpha, double drift, double *power)
{
    struct score score = { 0 };
    double *bounds = calloc(count, sizeof *bounds);
    bool fine = bounds && kw_spending_bounds(t, count, alpha, bounds);
    *power = 0;
    for (size_t i = 0; i < count && fine; i++) {
        if (isinf(bounds[i]))
            continue;
        double bound = bounds[i] * sqrt(t[i]);
        *power += beyond(&score, t[i], drift, bound);
        fine = i + 1 == count || go_on(&score, t[i], t[i + 1], drift, bound);
    }
    free(score.density);
    free(bounds);
    return fine;
}

bool kw_spending_price(size_t looks, double alpha, double *times)
{
    double *t = calloc(looks, sizeof *t), once = quantile(alpha / 2) - quantile(power_wanted);
    double low = once, high = once * 1.5, power = 0;
    bool fine = t != NULL;
    for (size_t i = 0; fine && i < looks; i++)
        t[i] = (double)(i + 1) / (double)looks;
    for (int i = 0; fine && i < STEPS / 5; i++) {
        double middle = (low + high) / 2;
        fine = kw_spending_power(t, looks, alpha, middle, &power);
        *(power < power_wanted ? &low : &high) = middle;
    }
    free(t);
    *times = low * low / (once * once);
    return fine;
}
