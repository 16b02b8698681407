/*
 * odds.h - one group's successes against another's over several weeks, given each week's totals: exact, by the
 * convolution of the weeks' noncentral hypergeometric distributions (Fisher's).
 */
#ifndef KW_REPORT_ODDS_H
#define KW_REPORT_ODDS_H

#include "report/stats.h"

enum { KW_ODDS_WEEKS = 4 };

/* A week: k1 of n1 here, k2 of n2 elsewhere. */
struct kw_week_odds { int64_t k1, n1, k2, n2; };
struct kw_odds_sum { struct kw_week_odds week[KW_ODDS_WEEKS]; };

/* What comes out at odds so many times those elsewhere: P(sum >= from) and P(sum <= from). False: out of memory. */
bool kw_odds_at_least(const struct kw_odds_sum *sum, double odds, int64_t from, double *p);
bool kw_odds_at_most(const struct kw_odds_sum *sum, double odds, int64_t to, double *p);

/* Ends of the scale: an estimate or a limit there is that, or beyond. */
#define KW_ODDS_LEAST 0.001
#define KW_ODDS_MOST 1000.0

/* How many times the odds elsewhere (conditional maximum likelihood), with the exact 95 % interval. */
struct kw_odds_size { double odds; struct kw_interval interval; };
bool kw_odds_size(const struct kw_odds_sum *sum, struct kw_odds_size *size);

/* The sum that is seen, and the least sum whose P(sum >= it) at these odds is at most alpha. */
int64_t kw_odds_seen(const struct kw_odds_sum *sum);
bool kw_odds_critical(const struct kw_odds_sum *sum, double odds, double alpha, int64_t *critical);

#endif
