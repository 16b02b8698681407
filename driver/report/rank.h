/* rank.h - lines ranked by scores that are drawn together as far as their own noise explains their differences. */
#ifndef KW_REPORT_RANK_H
#define KW_REPORT_RANK_H

#include "report/stats.h"

/* value and variance are given; the rest is filled. */
struct kw_ranked {
    double value, variance;
    double shrunk;                      /* normal-normal: between its own value and the mean of all */
    struct kw_interval interval;        /* 95 % of that */
    int side;                           /* -1, 1: below or above the mean beyond Bonferroni over all lines; else 0 */
};
/* tau2: the variance between the lines by Paule and Mandel. */
struct kw_ranking { double mean, tau2; };
void kw_rank(struct kw_ranked *lines, size_t count, struct kw_ranking *ranking);

/* z of a two-sided 5 % shared by so many comparisons. */
double kw_simultaneous_z(size_t comparisons);

#endif
