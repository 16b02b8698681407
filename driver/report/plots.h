/* plots.h - the pictures of the page, as inline SVG. Private to html.c. */
#ifndef KW_REPORT_PLOTS_H
#define KW_REPORT_PLOTS_H

#include "report/words.h"

/* A bar of a share of the width, beside the number that says the same. */
void kw_plot_bar(struct kw_writer *page, double share, const char *style);
/* An interval on a scale from 0 to top, under the numbers that say the same. */
void kw_plot_whisker(struct kw_writer *page, double value, struct kw_interval interval, double top);
/* The end of a scale that has room for the rates of a class in all lines. */
double kw_plot_top(const struct kw_group *groups, size_t count, int klass);
/* Weekly rates between their limits; the table below it has the same numbers. */
void kw_plot_trend(struct kw_writer *page);
/* Invitations and answers by day; days that are not mature yet are pale. */
void kw_plot_cohorts(struct kw_writer *page);

#endif
