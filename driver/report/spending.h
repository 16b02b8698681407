/*
 * spending.h - an experiment that is looked at before its end: how much of its error each look may spend.
 *
 * Lan and DeMets 1983, of O'Brien and Fleming's type: up to the share t of the planned information each side has spent
 * 2 - 2 Phi(z(alpha/4) / sqrt(t)), alpha being that of both sides. Boundaries follow by Armitage, McPherson and Rowe's
 * recursion over the independent increments of the score.
 */
#ifndef KW_REPORT_SPENDING_H
#define KW_REPORT_SPENDING_H

#include <stdbool.h>
#include <stddef.h>

/* Beyond which |z| a look ends it; INFINITY where nothing may be spent yet. t grows up to 1. False: no memory. */
bool kw_spending_bounds(const double *t, size_t count, double alpha, double *bounds);
/* With which probability one of the looks finds a drift (the mean of z at t = 1). */
bool kw_spending_power(const double *t, size_t count, double alpha, double drift, double *power);
/* So many times the invitations of one look at the end, for the same power of 80 %, where `looks` are taken evenly. */
bool kw_spending_price(size_t looks, double alpha, double *times);

#endif
