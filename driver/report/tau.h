/*
 * tau.h - whether two grades go together: Kendall's tau-b, which counts ties, from a table of counts. Sources: Kendall
 * 1945; its variance Brown and Benedetti 1977.
 */
#ifndef KW_REPORT_TAU_H
#define KW_REPORT_TAU_H

#include "report/stats.h"

enum { KW_TAU_GRADES = 11 };

/* counts[a][b]: how many gave a to the one question and b to the other. */
struct kw_tau_table { int64_t counts[KW_TAU_GRADES][KW_TAU_GRADES]; };

struct kw_tau { double value, deviation; };     /* the standard deviation is that of large samples */

/* False where it is not defined: one of the two questions got one and the same grade always. */
bool kw_tau_b(const struct kw_tau_table *table, struct kw_tau *tau);
/*
 * The interval of one of `family` questions that hold all together with 95 %, by Bonferroni; on Fisher's scale, which
 * keeps it within -1..1.
 */
struct kw_interval kw_tau_interval(const struct kw_tau *tau, int family);

#endif
