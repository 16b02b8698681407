/* html.h - what the files that write the page share. Private to them. */
#ifndef KW_REPORT_HTML_H
#define KW_REPORT_HTML_H

#include "report/words.h"

/* Always with its interval and its n. */
void kw_html_rate(struct kw_writer *page, int64_t k, int64_t n);
void kw_html_estimate(struct kw_writer *page, enum kw_question question, const struct kw_estimate *e, const char *n);
/* Other people's words. */
void kw_html_quote(struct kw_writer *page, const char *text);
void kw_html_heading(struct kw_writer *page, enum kw_word word);
void kw_html_soft(struct kw_writer *page, enum kw_word word);
/* A table with its name for those who cannot see the heading, and the names of its columns; then its rows. */
void kw_html_table(struct kw_writer *page, const char *class, enum kw_word title, const enum kw_word *columns,
                   size_t count);
void kw_html_rows(struct kw_writer *page);
void kw_html_end_table(struct kw_writer *page);

void kw_html_breakdowns(struct kw_writer *page);
void kw_html_own(struct kw_writer *page);
void kw_html_experiments(struct kw_writer *page);
void kw_html_focus(struct kw_writer *page);
void kw_html_scores(struct kw_writer *page);
void kw_html_signs(struct kw_writer *page);

#endif
