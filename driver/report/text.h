/* text.h - what the files that write the text share. Private to them. */
#ifndef KW_REPORT_TEXT_H
#define KW_REPORT_TEXT_H

#include "report/words.h"

enum { KW_TEXT_COLUMNS = 80, KW_TEXT_INDENT = 4, KW_TEXT_LABEL = 16 };

void kw_text_heading(struct kw_writer *page, const char *text);
/* How far the line is written, and spaces up to a column. */
int kw_text_column(const struct kw_writer *page);
void kw_text_pad(struct kw_writer *page, int column);
/* A count that ends before a column. */
void kw_text_right(struct kw_writer *page, int64_t count, int column);
/* Words go on below where the line would grow too long; then the line ends. */
void kw_text_wrapped(struct kw_writer *page, int indent, const char *text);
/* Other people's words, wrapped. */
void kw_text_quote(struct kw_writer *page, int indent, const char *text);
/* Always with its interval and its n. */
void kw_text_rate(struct kw_writer *page, int64_t k, int64_t n);
void kw_text_estimate(struct kw_writer *page, enum kw_question question, const struct kw_estimate *e, const char *n);

void kw_text_breakdowns(struct kw_writer *page);
void kw_text_experiments(struct kw_writer *page);
void kw_text_focus(struct kw_writer *page);
void kw_text_scores(struct kw_writer *page);
void kw_text_signs(struct kw_writer *page);

#endif
