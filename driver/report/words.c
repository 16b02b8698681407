/* words.c - words and numbers of the report. */
#include "report/words.h"

#include "base/plain.h"
#include "base/shop_days.h"
#include "base/utf8.h"
#define KW_WORD_LIST "data/report_words.def"
#include "data/five_languages.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ENGLISH = 0, NUMBER_SIZE = 80 };

const char *const kw_question_names[KW_QUESTION_COUNT] = {
    [KW_NPS] = "NPS", [KW_CSAT] = "CSAT 4\u20135", [KW_CES] = "CES 5\u20137"
};

const char *kw_word(enum kw_word word, int language)
{
    return word_in(word, language);
}

enum kw_word kw_word_of_class(int klass)
{
    static const enum kw_word of[] = {
#define CLASS(name, number, ...) [number] = KW_WORD_CLASS_##name,
#include "data/classes.def"
#undef CLASS
    };
    return of[klass];
}

enum kw_word kw_word_of_dimension(int dimension)
{
    static const enum kw_word of[] = {
#define DIMENSION(name, number, ...) [number] = KW_WORD_BY_##name,
#include "data/dimensions.def"
#undef DIMENSION
    };
    return of[dimension];
}

enum kw_word kw_word_of_weekday(int weekday)
{
    static const enum kw_word of[] = {
#define WEEKDAY(name, number, ...) [number] = KW_WORD_WEEKDAY_##name,
#include "data/weekdays.def"
#undef WEEKDAY
    };
    return of[weekday];
}

enum kw_word kw_word_of_reason(int reason)
{
    static const enum kw_word of[] = {
#define REASON(name, number, ...) [number] = KW_WORD_REASON_##name,
#include "data/reasons.def"
#undef REASON
    };
    return of[reason];
}

enum kw_word kw_word_of_verdict(int verdict)
{
    static const enum kw_word of[] = {
#define VERDICT(name, number, ...) [number] = KW_WORD_VERDICT_##name,
#include "data/verdicts.def"
#undef VERDICT
    };
    return of[verdict];
}

enum kw_word kw_word_of_kind(int kind)
{
    static const enum kw_word of[] = {
#define KIND(name, number, ...) [number] = KW_WORD_KIND_##name,
#include "data/kinds.def"
#undef KIND
    };
    return kind >= 0 && (size_t)kind < sizeof of / sizeof of[0] ? of[kind] : KW_WORD_KIND_OTHER;
}

enum kw_word kw_word_of_signal(int signal)
{
    static const enum kw_word of[KW_SIGNAL_COUNT] = {
#define SIGNAL_WORD(name) [KW_SIGNAL_##name] = KW_WORD_SIGNAL_##name,
        KW_SIGNALS(SIGNAL_WORD)
#undef SIGNAL_WORD
    };
    return of[signal];
}

struct kw_writer kw_writer_begin(const struct kw_report *report, const char *tag, bool html, struct kw_buffer *out)
{
    static const char *const tags[KW_FIVE_LANGUAGES] = { "en-GB", "pl-PL", "fr-FR", "ru-RU", "fa-IR" };
    bool exact;
    int language = ENGLISH;
    for (int i = 0; tag && i < KW_FIVE_LANGUAGES; i++)
        if (strncmp(tags[i], tag, 2) == 0)
            language = i;
    const struct kw_locale *locale = kw_locale_find(tags[language], &exact);
    return (struct kw_writer){ out, report, locale, language, html, kw_locale_is_rtl(locale) };
}

const char *kw_say(const struct kw_writer *page, enum kw_word word)
{
    return kw_word(word, page->language);
}

/* A control character in a name would move the cursor of a terminal. */
void kw_put_text(struct kw_writer *page, const char *text)
{
    if (page->html) {
        kw_buffer_markup(page->out, text);
        return;
    }
    for (; *text; text++)
        kw_buffer_byte(page->out, (uint8_t)*text < ' ' || *text == 0x7F ? ' ' : (uint8_t)*text);
}

void kw_put_ltr(struct kw_writer *page, bool begin)
{
    if (page->html)
        kw_buffer_text(page->out, begin ? "<bdi dir=ltr>" : "</bdi>");
    else if (page->rtl)
        kw_buffer_text(page->out, begin ? "\u2066" : "\u2069");
}

void kw_put_arm(struct kw_writer *page, const char *campaign, int arm)
{
    const char *name = kw_report_arm_name(page->report, campaign, arm);
    if (name) {
        kw_put_text(page, name);
        return;
    }
    kw_buffer_format(page->out, "%s ", kw_say(page, KW_WORD_VARIANT));
    kw_put_count(page, arm);
}

void kw_put_label(struct kw_writer *page, int dimension, const struct kw_group *group)
{
    if (dimension == KW_BY_WEEKDAY)
        kw_buffer_text(page->out, kw_say(page, kw_word_of_weekday(group->rank)));
    else if (dimension == KW_BY_STAGE)
        kw_buffer_text(page->out, kw_say(page, kw_word_of_stage(group->rank)));
    else if (dimension == KW_BY_KIND)
        kw_buffer_text(page->out, kw_say(page, kw_word_of_kind(group->rank)));
    else
        kw_put_text(page, group->label[0] ? group->label : "\u2013");
}

static void put_decimal(struct kw_writer *page, const char *decimal)
{
    char local[NUMBER_SIZE];
    bool fits = kw_locale_number(page->locale, decimal, local, sizeof local) >= 0;
    kw_buffer_text(page->out, fits ? local : decimal);
}

void kw_put_number(struct kw_writer *page, double value, int decimals)
{
    char text[NUMBER_SIZE];
    kw_plain_text(text, sizeof text, "%.*f", decimals, value);
    put_decimal(page, text);
}

void kw_put_signed(struct kw_writer *page, double value, int decimals)
{
    char text[NUMBER_SIZE];
    kw_plain_text(text, sizeof text, "%.*f", decimals, fabs(value));
    bool zero = strspn(text, "0.") == strlen(text);
    kw_buffer_text(page->out, zero ? "" : value < 0 ? "\u2212" : "+");
    put_decimal(page, text);
}

void kw_put_count(struct kw_writer *page, int64_t count)
{
    char text[NUMBER_SIZE];
    snprintf(text, sizeof text, "%lld", (long long)count);
    put_decimal(page, text);
}

static int places(double share)
{
    return fabs(share) * 100 >= 10 ? 1 : 2;
}

static void put_percent(struct kw_writer *page)
{
    kw_buffer_text(page->out, page->rtl ? "\u066A" : "\u00a0%");
}

void kw_put_share(struct kw_writer *page, double share)
{
    kw_put_number(page, 100 * share, places(share));
    put_percent(page);
}

void kw_put_interval(struct kw_writer *page, struct kw_interval interval)
{
    int digits = places(interval.high);
    kw_put_number(page, 100 * interval.low, digits);
    kw_buffer_text(page->out, "\u2013");
    kw_put_number(page, 100 * interval.high, digits);
    put_percent(page);
}

void kw_put_value(struct kw_writer *page, enum kw_question question, double value)
{
    if (question == KW_NPS)
        kw_put_signed(page, value, 0);
    else
        kw_put_share(page, value);
}

void kw_put_range(struct kw_writer *page, enum kw_question question, struct kw_interval interval)
{
    if (question != KW_NPS) {
        kw_put_interval(page, interval);
        return;
    }
    kw_put_signed(page, interval.low, 0);
    kw_buffer_text(page->out, " \u2026 ");
    kw_put_signed(page, interval.high, 0);
}

void kw_put_duration(struct kw_writer *page, double seconds)
{
    static const struct { double below, unit; int decimals; enum kw_word word; } rows[] = {
        { 120, 1, 0, KW_WORD_SECONDS }, { 7200, 60, 0, KW_WORD_MINUTES }, { INFINITY, 3600, 1, KW_WORD_HOURS }
    };
    size_t row = 0;
    if (seconds < 0) {
        kw_buffer_text(page->out, "\u2013");
        return;
    }
    while (seconds >= rows[row].below)
        row++;
    kw_put_number(page, seconds / rows[row].unit, rows[row].decimals);
    kw_buffer_format(page->out, "\u00a0%s", kw_say(page, rows[row].word));
}

void kw_put_day(struct kw_writer *page, int64_t day)
{
    char text[NUMBER_SIZE];
    int year, month, date;
    kw_days_to_civil(day + KW_FIRST_DAY, &year, &month, &date);
    if (page->language == ENGLISH || kw_locale_date(page->locale, year, month, date, text, sizeof text) < 0)
        snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, date);
    kw_buffer_text(page->out, text);
}

bool kw_day_read(const char *text, int64_t *day)
{
    int year, month, date, length = 0;
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &date, &length) != 3 || length != 10 || month < 1 || month > 12
        || date < 1 || date > 31)
        return false;
    *day = kw_civil_to_days(year, month, date) - KW_FIRST_DAY;
    return true;
}

void kw_put_days(struct kw_writer *page, int64_t from, int64_t to)
{
    kw_put_ltr(page, !page->rtl || !page->html);
    kw_put_day(page, from);
    kw_buffer_text(page->out, " \u2013 ");
    kw_put_day(page, to);
    kw_put_ltr(page, false);
}

static void put_relation(struct kw_writer *page, const char *sign, double p)
{
    kw_buffer_text(page->out, "p\u00a0");
    kw_put_text(page, sign);
    kw_buffer_text(page->out, "\u00a0");
    kw_put_number(page, p, 4);
}

void kw_put_p(struct kw_writer *page, double p)
{
    if (p < 0.0001)
        put_relation(page, "<", 0.0001);
    else
        put_relation(page, "=", p);
}

static void put_times(struct kw_writer *page, double odds)
{
    kw_buffer_text(page->out, odds > KW_ODDS_MOST * 0.99 ? ">" : "");
    kw_put_number(page, odds, odds < 9.95 ? 1 : 0);
}

void kw_put_odds(struct kw_writer *page, const struct kw_odds_size *size)
{
    kw_buffer_text(page->out, "\u00d7");
    put_times(page, size->odds);
    kw_buffer_text(page->out, " (");
    put_times(page, size->interval.low);
    kw_buffer_text(page->out, "\u2013");
    put_times(page, size->interval.high);
    kw_buffer_byte(page->out, ')');
}

enum kw_word kw_word_of_stage(int stage)
{
    return (enum kw_word)(KW_WORD_STAGE_0 + stage);
}

static void put_points(struct kw_writer *page, double value)
{
    const bool is_nps = page->report->focus.question == KW_NPS;
    kw_put_signed(page, is_nps ? value : 100 * value, is_nps ? 0 : 1);
}

void kw_put_change(struct kw_writer *page, const struct kw_score_change *change)
{
    if (change->n < KW_REPORT_HIDE_BELOW || change->n_before < KW_REPORT_HIDE_BELOW) {
        kw_buffer_text(page->out, kw_say(page, KW_WORD_TOO_FEW));
        return;
    }
    if (!change->shown)
        kw_buffer_format(page->out, "%s ", kw_say(page, KW_WORD_NO_CHANGE));
    kw_put_ltr(page, true);
    if (change->shown) {
        put_points(page, change->change);
        kw_buffer_text(page->out, " (");
        put_points(page, change->interval.low);
        kw_buffer_text(page->out, " \u2026 ");
        put_points(page, change->interval.high);
        kw_buffer_byte(page->out, ')');
    } else {
        kw_buffer_text(page->out, "\u00b1");
        kw_put_number(page, change->visible * (page->report->focus.question == KW_NPS ? 1 : 100), 0);
    }
    kw_put_ltr(page, false);
}

void kw_put_place(struct kw_writer *page, const char *store, const char *till)
{
    kw_buffer_text(page->out, page->html ? "<bdi>" : "");
    kw_put_text(page, store);
    kw_buffer_byte(page->out, '/');
    kw_put_text(page, till);
    kw_buffer_text(page->out, page->html ? "</bdi>" : "");
}

void kw_put_grades(struct kw_writer *page, int nps, int csat)
{
    kw_put_ltr(page, true);
    if (nps != KW_SCORE_NONE) {
        kw_buffer_text(page->out, "NPS ");
        kw_put_count(page, nps);
    }
    if (csat != KW_SCORE_NONE) {
        kw_buffer_format(page->out, "%sCSAT ", nps != KW_SCORE_NONE ? ", " : "");
        kw_put_count(page, csat);
    }
    kw_put_ltr(page, false);
}

void kw_put_receipt(struct kw_writer *page, const struct kw_alert *alert)
{
    if (alert->receipt[0]) {
        kw_buffer_format(page->out, "%s%s ", kw_say(page, KW_WORD_COMMA), kw_say(page, KW_WORD_RECEIPT));
        kw_put_ltr(page, true);
        kw_put_text(page, alert->receipt);
        kw_put_ltr(page, false);
    }
    if (alert->refunded)
        kw_buffer_format(page->out, "%s%s", kw_say(page, KW_WORD_COMMA), kw_say(page, KW_WORD_REFUNDED_MARK));
}

void kw_put_topics(struct kw_writer *page, const char *comment)
{
    unsigned topics = kw_topics_of(comment);
    bool first = true;
    for (int topic = 0; topic < KW_TOPIC_COUNT; topic++) {
        if (!(topics & 1u << topic))
            continue;
        kw_buffer_format(page->out, "%s%s", first ? "" : kw_say(page, KW_WORD_COMMA),
                         kw_say(page, (enum kw_word)(KW_WORD_TOPIC_QUEUE + topic)));
        first = false;
    }
}

void kw_put_watch(struct kw_writer *page, const struct kw_watch *watch)
{
    kw_put_text(page, watch->store[0] ? watch->store : "\u2013");
    kw_buffer_text(page->out, kw_say(page, KW_WORD_COLON));
    if (watch->named > 0) {
        kw_put_count(page, watch->named);
        kw_buffer_format(page->out, " (%s)", kw_say(page, KW_WORD_SIGNALS));
    } else
        kw_buffer_text(page->out, kw_say(page, watch->tested > 0 ? KW_WORD_SIGNALS_NONE : KW_WORD_NOT_TESTABLE));
    kw_buffer_text(page->out, kw_say(page, KW_WORD_SEMICOLON));
    kw_put_count(page, watch->tested);
    kw_buffer_byte(page->out, '/');
    kw_put_count(page, watch->tills);
    kw_buffer_format(page->out, " %s%s", kw_say(page, KW_WORD_TILLS_TESTED), kw_say(page, KW_WORD_SEMICOLON));
    kw_buffer_format(page->out, "%s ", kw_say(page, KW_WORD_SMALLEST));
    kw_put_ltr(page, true);
    kw_buffer_text(page->out, watch->smallest > 0 ? "\u00d7" : ">\u00d7");
    kw_put_number(page, watch->smallest > 0 ? watch->smallest : 10, 1);
    kw_put_ltr(page, false);
}

/* Marks that stand on a letter, joiners and directional marks take no column. */
static bool takes_no_column(uint32_t code)
{
    static const struct { uint32_t first, last; } ranges[] = { { 0x0300, 0x036F }, { 0x0610, 0x061A },
                                                               { 0x064B, 0x065F }, { 0x0670, 0x0670 },
                                                               { 0x200B, 0x200F }, { 0x202A, 0x202E },
                                                               { 0x2066, 0x2069 } };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

int kw_terminal_columns(const char *text, size_t length)
{
    int columns = 0;
    for (size_t at = 0; at < length;)
        columns += !takes_no_column(kw_utf8_next(text, length, &at));
    return columns;
}
