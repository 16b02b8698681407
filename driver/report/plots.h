/* plots.h - the pictures of the page, as inline SVG. Private to html.c. */
#ifndef KW_REPORT_PLOTS_H
#define KW_REPORT_PLOTS_H

#include "report/words.h"

struct kw_page_out {
    struct kw_buffer *out;
    const struct kw_report *report;
    int language;
};

/* Text with < > & " made harmless. */
void kw_html_text(struct kw_buffer *out, const char *text);

void kw_plot_funnel(struct kw_page_out *page);
/* Rates of a breakdown with their intervals, one line each. */
void kw_plot_rates(struct kw_page_out *page, const struct kw_group *groups, size_t count);
/* Weekly rates between their limits. */
void kw_plot_trend(struct kw_page_out *page);
/* Invitations and answers by day; days that are not mature yet are pale. */
void kw_plot_cohorts(struct kw_page_out *page);

#endif
