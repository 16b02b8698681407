/* words.h - the report's words in five languages, and its numbers as those languages write them. */
#ifndef KW_REPORT_WORDS_H
#define KW_REPORT_WORDS_H

#include "base/buffer.h"
#include "locale/locale.h"
#include "report/report.h"

enum kw_word {
#define WORD(name, en, pl, fr, ru, fa) KW_WORD_##name,
#include "data/report_words.def"
#undef WORD
    KW_WORD_COUNT
};
/* language: its index, 0 English. */
const char *kw_word(enum kw_word word, int language);
/* What a number of the lists in data/ is called; a kind that is not there is an "other". */
enum kw_word kw_word_of_class(int klass);
enum kw_word kw_word_of_dimension(int dimension);
enum kw_word kw_word_of_reason(int reason);
enum kw_word kw_word_of_verdict(int verdict);
enum kw_word kw_word_of_kind(int kind);
enum kw_word kw_word_of_signal(int signal);
/* "NPS", "CSAT 4–5", "CES 5–7": the same in every language. */
extern const char *const kw_question_names[KW_QUESTION_COUNT];

/* A report being written in a language: text for a terminal, or a page where < & are escaped. */
struct kw_writer {
    struct kw_buffer *out;
    const struct kw_report *report;
    const struct kw_locale *locale;
    int language;                       /* index of the words */
    bool html, rtl;
};
/* tag: "pl", "pl-PL"; English for what is not there. */
struct kw_writer kw_writer_begin(const struct kw_report *report, const char *tag, bool html, struct kw_buffer *out);

const char *kw_say(const struct kw_writer *page, enum kw_word word);
/* Text of the shop's own, made harmless in a page. */
void kw_put_text(struct kw_writer *page, const char *text);
/* Between these stands what reads from left to right in every language. */
void kw_put_ltr(struct kw_writer *page, bool begin);
/* The name of a line: weekdays and kinds in the language. */
void kw_put_label(struct kw_writer *page, int dimension, const struct kw_group *group);
void kw_put_arm(struct kw_writer *page, const char *campaign, int arm);

void kw_put_number(struct kw_writer *page, double value, int decimals);
void kw_put_signed(struct kw_writer *page, double value, int decimals);
void kw_put_count(struct kw_writer *page, int64_t count);
/* "1.23 %", with more places for small shares. */
void kw_put_share(struct kw_writer *page, double share);
/* "1.2–3.4 %" */
void kw_put_interval(struct kw_writer *page, struct kw_interval interval);
/* The same of whatever scale the question has. */
void kw_put_value(struct kw_writer *page, enum kw_question question, double value);
void kw_put_range(struct kw_writer *page, enum kw_question question, struct kw_interval interval);
/* "1.4 h" */
void kw_put_duration(struct kw_writer *page, double seconds);
/* "2026-11-22" in English, else as the language writes dates. */
void kw_put_day(struct kw_writer *page, int64_t day);
/* From one to another. */
void kw_put_days(struct kw_writer *page, int64_t from, int64_t to);
/* "p = 0.0123", "p < 0.0001" */
void kw_put_p(struct kw_writer *page, double p);
/* "×3.9 (2.9–5.3)" */
void kw_put_odds(struct kw_writer *page, const struct kw_odds_size *size);
/* The name of a stage, and of a part of the day. */
enum kw_word kw_word_of_stage(int stage);
enum kw_word kw_word_of_weekday(int weekday);
/* A change of the main score with its interval, or how large one would have been seen. */
void kw_put_change(struct kw_writer *page, const struct kw_score_change *change);
/* "S1/T4" */
void kw_put_place(struct kw_writer *page, const char *store, const char *till);
/* "NPS 3, CSAT 2", and which topics a comment has. */
void kw_put_grades(struct kw_writer *page, int nps, int csat);
/* ", receipt 1234, refunded since": as far as it is so. */
void kw_put_receipt(struct kw_writer *page, const struct kw_alert *alert);
void kw_put_topics(struct kw_writer *page, const char *comment);
/* What the window could tell of a store, in a line. */
void kw_put_watch(struct kw_writer *page, const struct kw_watch *watch);

/* The day with which a text begins, "2026-11-22"; false: with none. */
bool kw_day_read(const char *text, int64_t *day);

/* Columns that a terminal needs for it. */
int kw_terminal_columns(const char *text, size_t length);
/* A cell; what a spreadsheet would take for a formula gets an apostrophe. */
void kw_put_csv(struct kw_buffer *out, const char *cell);
/* A line of a list; NULL: its header. */
void kw_csv_alert(struct kw_buffer *out, const struct kw_alert *alert);
void kw_csv_comment(struct kw_buffer *out, const struct kw_comment *comment);

#endif
