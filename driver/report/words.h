/* words.h - the report's words in the five languages, and its numbers as text. */
#ifndef KW_REPORT_WORDS_H
#define KW_REPORT_WORDS_H

#include "base/buffer.h"
#include "report/report.h"

enum kw_word {
#define WORD(name, en, pl, fr, ru, fa) KW_WORD_##name,
#include "data/report_words.def"
#undef WORD
    KW_WORD_COUNT
};
/* language: its index, 0 English. */
const char *kw_word(enum kw_word word, int language);
int kw_word_language(const char *tag);          /* 0 for what is not there */
enum kw_word kw_word_of_class(int klass);

/* "1.23 %", with more places for small shares. */
void kw_put_share(struct kw_buffer *out, double share);
/* "1.2-3.4 %" */
void kw_put_interval(struct kw_buffer *out, struct kw_interval interval);
/* 1,234,567 */
void kw_put_count(struct kw_buffer *out, int64_t count);
/* "1 h 20 min" */
void kw_put_duration(struct kw_buffer *out, double seconds);
/* "2026-11-22" */
void kw_put_day(struct kw_buffer *out, int64_t day);
/* A cell; what a spreadsheet would take for a formula gets an apostrophe. */
void kw_put_csv(struct kw_buffer *out, const char *cell);

#endif
