/* rank.c - shrinkage by the normal-normal model; Paule and Mandel 1982 for the variance between. */
#include "report/rank.h"

#include <math.h>

enum { STEPS = 60 };
static const double z95 = 1.959963984540054;

double kw_simultaneous_z(size_t comparisons)
{
    double low = 0, high = 40, side = 0.025 / (double)(comparisons > 0 ? comparisons : 1);
    for (int i = 0; i < STEPS; i++) {
        double middle = (low + high) / 2;
        *(0.5 * erfc(middle / sqrt(2)) > side ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

/* The weighted mean at a variance between, and how far the lines lie around it; *weights: their sum. */
static double spread(const struct kw_ranked *lines, size_t count, double tau2, double *mean, double *weights)
{
    double sum = 0, q = 0;
    *weights = 0;
    for (size_t i = 0; i < count; i++) {
        double w = 1 / (lines[i].variance + tau2);
        *weights += w;
        sum += w * lines[i].value;
    }
    *mean = sum / *weights;
    for (size_t i = 0; i < count; i++)
        q += (lines[i].value - *mean) * (lines[i].value - *mean) / (lines[i].variance + tau2);
    return q;
}

/* The variance between at which the lines lie as far around their mean as they should: count - 1. */
static double find_tau2(const struct kw_ranked *lines, size_t count)
{
    double low = 0, high = 1, mean, weights, wanted = (double)count - 1;
    if (spread(lines, count, 0, &mean, &weights) <= wanted)
        return 0;
    while (spread(lines, count, high, &mean, &weights) > wanted)
        high *= 2;
    for (int i = 0; i < STEPS; i++) {
        double middle = (low + high) / 2;
        *(spread(lines, count, middle, &mean, &weights) > wanted ? &low : &high) = middle;
    }
    return (low + high) / 2;
}

void kw_rank(struct kw_ranked *lines, size_t count, struct kw_ranking *ranking)
{
    double weights, z = kw_simultaneous_z(count);
    *ranking = (struct kw_ranking){ 0, 0 };
    if (count == 0)
        return;
    ranking->tau2 = count > 1 ? find_tau2(lines, count) : 0;
    spread(lines, count, ranking->tau2, &ranking->mean, &weights);
    for (size_t i = 0; i < count; i++) {
        struct kw_ranked *line = &lines[i];
        double own = ranking->tau2 / (ranking->tau2 + line->variance);
        double off = own * (line->value - ranking->mean);
        double error = sqrt(own * line->variance + (1 - own) * (1 - own) / weights);
        line->shrunk = ranking->mean + off;
        line->interval = (struct kw_interval){ line->shrunk - z95 * error, line->shrunk + z95 * error };
        /* Beyond what its own noise makes of a line at the mean. */
        double alone = sqrt(fmax(line->variance - 1 / weights, line->variance / 4));
        line->side = ranking->tau2 > 0 && fabs(line->value - ranking->mean) > z * alone
                             && fabs(off) > z * error
                         ? (off > 0) - (off < 0)
                         : 0;
    }
}
