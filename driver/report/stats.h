/*
 * stats.h - the statistics of the report. Intervals are two-sided 95 % unless said otherwise; p-values two-sided.
 * Sources: Wilson 1927; Cochran 1954, Mantel and Haenszel 1959; Sato 1989; Benjamini and
 * Hochberg 1995.
 */
#ifndef KW_REPORT_STATS_H
#define KW_REPORT_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kw_interval { double low, high; };

/* A share k/n; n may be an effective size. {0, 1} when n is 0. */
struct kw_interval kw_wilson(double k, double n);
/* Of the net promoter score, -100..100: 3/4 promoter, 1 1/2 passives and 3/4 detractor are added first. */
struct kw_interval kw_nps_interval(double promoters, double passives, double detractors);

/* P(X <= k) and P(X >= k) for X binomial (n, p). */
double kw_binomial_at_most(int64_t k, int64_t n, double p);
double kw_binomial_at_least(int64_t k, int64_t n, double p);
/* Counts outside [low, high] have probability at most alpha on their side. */
void kw_binomial_limits(int64_t n, double p, double alpha, int64_t *low, int64_t *high);
double kw_poisson_at_least(int64_t k, double mean);

double kw_chi_square_tail(double x, int freedom);
/* Counts against expected shares (which sum to 1). */
double kw_split_test(const int64_t *counts, const double *shares, size_t count, double *chi_square);

/* One stratum: k1 of n1 in the arm, k0 of n0 in the control. */
struct kw_stratum { double k1, n1, k0, n0; };
struct kw_cmh {
    double chi_square, p;               /* Cochran-Mantel-Haenszel without continuity correction */
    double difference;                  /* Mantel-Haenszel risk difference, arm minus control */
    struct kw_interval interval;        /* by Sato's variance */
    double pooled;                      /* difference of the sums over the strata used, to warn of a reversal */
    int used;                           /* strata with both arms */
};
void kw_cmh_test(const struct kw_stratum *strata, size_t count, struct kw_cmh *out);

/* How many of the p-values, the smallest first, are discoveries at rate q. */
size_t kw_benjamini_hochberg(const double *sorted, size_t count, double q);

/* Each arm's size to find p1 against p2 with two-sided 5 % and power 80 %. */
int64_t kw_sample_size(double p1, double p2);

#endif
