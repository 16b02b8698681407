/* stats.c - intervals and tests. Sums of exact probabilities run in logarithms, so that no count is too large. */
#include "report/stats.h"

#include <math.h>

static const double z95 = 1.959963984540054;
static const double z80 = 0.8416212335729143;

struct kw_interval kw_wilson(double k, double n)
{
    if (n <= 0)
        return (struct kw_interval){ 0, 1 };
    double p = k / n, z2 = z95 * z95;
    double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
    double half = z95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
    return (struct kw_interval){ fmax(0, centre - half), fmin(1, centre + half) };
}

struct kw_interval kw_nps_interval(double promoters, double passives, double detractors)
{
    double n = promoters + passives + detractors + 3, p = (promoters + 0.75) / n, d = (detractors + 0.75) / n;
    double half = 100 * z95 * sqrt((p + d - (p - d) * (p - d)) / n);
    return (struct kw_interval){ fmax(-100, 100 * (p - d) - half), fmin(100, 100 * (p - d) + half) };
}

/* lgamma itself writes a global sign. */
static double log_gamma(double x)
{
    int sign;
    return lgamma_r(x, &sign);
}

static double log_choose(double n, double k)
{
    return log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1);
}

static double log_binomial(int64_t k, int64_t n, double p)
{
    return log_choose((double)n, (double)k) + (double)k * log(p) + (double)(n - k) * log1p(-p);
}

/* Sums terms from k in one direction; each next term follows from the last by the ratio of neighbours. */
static double binomial_sum(int64_t k, int64_t n, double p, int step)
{
    double term = exp(log_binomial(k, n, p)), sum = 0;
    for (int64_t i = k; i >= 0 && i <= n; i += step) {
        sum += term;
        if (term < sum * 1e-17)
            break;
        term *=
            step < 0 ? (double)i / (double)(n - i + 1) * (1 - p) / p : (double)(n - i) / (double)(i + 1) * p / (1 - p);
    }
    return fmin(1, sum);
}

double kw_binomial_at_most(int64_t k, int64_t n, double p)
{
    if (k < 0)
        return 0;
    if (k >= n || p <= 0)
        return 1;
    if (p >= 1)
        return 0;
    return (double)k > (double)n * p ? 1 - binomial_sum(k + 1, n, p, 1) : binomial_sum(k, n, p, -1);
}

double kw_binomial_at_least(int64_t k, int64_t n, double p)
{
    if (k <= 0)
        return 1;
    if (k > n || p <= 0)
        return 0;
    if (p >= 1)
        return 1;
    return (double)k < (double)n * p ? 1 - binomial_sum(k - 1, n, p, -1) : binomial_sum(k, n, p, 1);
}

void kw_binomial_limits(int64_t n, double p, double alpha, int64_t *low, int64_t *high)
{
    int64_t mean = (int64_t)((double)n * p), below = -1, above = n + 1;
    for (*low = mean; *low - below > 1;) {
        int64_t middle = below + (*low - below) / 2;
        *(kw_binomial_at_most(middle, n, p) <= alpha ? &below : low) = middle;
    }
    for (*high = mean; above - *high > 1;) {
        int64_t middle = *high + (above - *high) / 2;
        *(kw_binomial_at_least(middle, n, p) <= alpha ? &above : high) = middle;
    }
}

double kw_poisson_at_least(int64_t k, double mean)
{
    if (k <= 0)
        return 1;
    if (mean <= 0)
        return 0;
    bool complement = (double)k <= mean;        /* then the terms below k are the small ones */
    int64_t i = complement ? k - 1 : k;
    double term = exp((double)i * log(mean) - mean - log_gamma((double)i + 1)), sum = 0;
    while (i >= 0 && term > sum * 1e-17) {
        sum += term;
        term *= complement ? (double)i / mean : mean / (double)(i + 1);
        i += complement ? -1 : 1;
    }
    return fmax(0, fmin(1, complement ? 1 - sum : sum));
}

/* The regularised upper incomplete gamma function Q(a, x): series below a + 1, continued fraction (Lentz) above. */
static double upper_gamma(double a, double x)
{
    double scale = exp(-x + a * log(x) - log_gamma(a));
    if (x < a + 1) {
        double term = 1 / a, sum = term;
        for (double n = a + 1; term > sum * 1e-16; n++) {
            term *= x / n;
            sum += term;
        }
        return 1 - sum * scale;
    }
    double b = x + 1 - a, c = 1e300, d = 1 / b, h = d, change = 0;
    for (int i = 1; i < 1000 && fabs(change - 1) > 1e-15; i++) {
        double an = -i * (i - a);
        b += 2;
        d = 1 / (an * d + b);
        c = b + an / c;
        change = c * d;
        h *= change;
    }
    return scale * h;
}

double kw_chi_square_tail(double x, int freedom)
{
    return x <= 0 || freedom <= 0 ? 1 : upper_gamma(freedom / 2.0, x / 2);
}

double kw_split_test(const int64_t *counts, const double *shares, size_t count, double *chi_square)
{
    double total = 0, sum = 0;
    int cells = 0;
    for (size_t i = 0; i < count; i++)
        total += (double)counts[i];
    for (size_t i = 0; i < count; i++) {
        double expected = total * shares[i];
        if (expected <= 0)
            continue;
        sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
        cells++;
    }
    *chi_square = sum;
    return kw_chi_square_tail(sum, cells - 1);
}

/*
 * Sato's variance of the Mantel-Haenszel difference holds both for few large and for many sparse strata:
 * (D * sum P + sum Q) / (sum R)^2, with P = (n1^2 k0 - n0^2 k1 + n1 n0 (n0 - n1) / 2) / N^2,
 * Q = (k1 (n0 - k0) + k0 (n1 - k1)) / 2N and R = n1 n0 / N.
 */
void kw_cmh_test(const struct kw_stratum *strata, size_t count, struct kw_cmh *out)
{
    double excess = 0, variance = 0, above = 0, p_sum = 0, q_sum = 0, r_sum = 0;
    struct kw_stratum sum = { 0 };
    *out = (struct kw_cmh){ .p = 1, .interval = { -1, 1 } };
    for (size_t i = 0; i < count; i++) {
        const struct kw_stratum *s = &strata[i];
        double n = s->n1 + s->n0, k = s->k1 + s->k0;
        if (s->n1 <= 0 || s->n0 <= 0)
            continue;
        out->used++;
        sum = (struct kw_stratum){ sum.k1 + s->k1, sum.n1 + s->n1, sum.k0 + s->k0, sum.n0 + s->n0 };
        excess += s->k1 - s->n1 * k / n;
        if (n > 1)
            variance += s->n1 * s->n0 * k * (n - k) / (n * n * (n - 1));
        above += (s->k1 * s->n0 - s->k0 * s->n1) / n;
        p_sum += (s->n1 * s->n1 * s->k0 - s->n0 * s->n0 * s->k1 + s->n1 * s->n0 * (s->n0 - s->n1) / 2) / (n * n);
        q_sum += (s->k1 * (s->n0 - s->k0) + s->k0 * (s->n1 - s->k1)) / (2 * n);
        r_sum += s->n1 * s->n0 / n;
    }
    if (variance > 0) {
        out->chi_square = excess * excess / variance;
        out->p = kw_chi_square_tail(out->chi_square, 1);
    }
    if (r_sum <= 0)
        return;
    out->difference = above / r_sum;
    out->pooled = sum.k1 / sum.n1 - sum.k0 / sum.n0;
    double half = z95 * sqrt(fmax(0, out->difference * p_sum + q_sum)) / r_sum;
    out->interval = (struct kw_interval){ out->difference - half, out->difference + half };
}

size_t kw_benjamini_hochberg(const double *sorted, size_t count, double q)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (sorted[i] <= q * (double)(i + 1) / (double)count)
            found = i + 1;
    return found;
}

int64_t kw_sample_size(double p1, double p2)
{
    double mean = (p1 + p2) / 2, d = p1 - p2;
    double root = z95 * sqrt(2 * mean * (1 - mean)) + z80 * sqrt(p1 * (1 - p1) + p2 * (1 - p2));
    return d == 0 ? INT64_MAX : (int64_t)ceil(root * root / (d * d));
}
