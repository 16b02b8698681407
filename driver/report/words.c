/* words.c - words and numbers of the report. */
#include "report/words.h"

#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LANGUAGES = 5 };

static const char *const words[KW_WORD_COUNT][LANGUAGES] = {
#define WORD(name, en, pl, fr, ru, fa) { en, pl, fr, ru, fa },
#include "data/report_words.def"
#undef WORD
};

const char *kw_word(enum kw_word word, int language)
{
    return words[word][language];
}

int kw_word_language(const char *tag)
{
    static const char *const tags[LANGUAGES] = { "en", "pl", "fr", "ru", "fa" };
    for (int i = 0; tag && i < LANGUAGES; i++)
        if (strncmp(tags[i], tag, 2) == 0)
            return i;
    return 0;
}

enum kw_word kw_word_of_class(int klass)
{
    static const enum kw_word of[KW_CLASS_COUNT] = { [KW_CLASS_PENDING] = KW_WORD_PENDING,
                                                     [KW_CLASS_PROVEN] = KW_WORD_PROVEN,
                                                     [KW_CLASS_SENT] = KW_WORD_SENT,
                                                     [KW_CLASS_UNCONFIRMED] = KW_WORD_UNCONFIRMED,
                                                     [KW_CLASS_NOT_PRINTED] = KW_WORD_NOT_PRINTED,
                                                     [KW_CLASS_SEEN] = KW_WORD_SEEN,
                                                     [KW_CLASS_MISSING] = KW_WORD_MISSING };
    return of[klass];
}

static int places(double share)
{
    double percent = fabs(share) * 100;
    return percent >= 10 ? 1 : 2;
}

void kw_put_share(struct kw_buffer *out, double share)
{
    kw_buffer_format(out, "%.*f\u00a0%%", places(share), 100 * share);
}

void kw_put_interval(struct kw_buffer *out, struct kw_interval interval)
{
    int digits = places(interval.high);
    kw_buffer_format(out, "%.*f\u2013%.*f\u00a0%%", digits, 100 * interval.low, digits, 100 * interval.high);
}

void kw_put_count(struct kw_buffer *out, int64_t count)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%lld", (long long)count);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0 && digits[i - 1] != '-')
            kw_buffer_byte(out, ',');
        kw_buffer_byte(out, (uint8_t)digits[i]);
    }
}

void kw_put_duration(struct kw_buffer *out, double seconds)
{
    if (seconds < 0)
        kw_buffer_text(out, "\u2013");
    else if (seconds < 120)
        kw_buffer_format(out, "%.0f s", seconds);
    else if (seconds < 7200)
        kw_buffer_format(out, "%.0f min", seconds / 60);
    else
        kw_buffer_format(out, "%.1f h", seconds / 3600);
}

void kw_put_day(struct kw_buffer *out, int64_t day)
{
    static const int64_t epoch_days = 19723;
    int year, month, date;
    kw_days_to_civil(day + epoch_days, &year, &month, &date);
    kw_buffer_format(out, "%04d-%02d-%02d", year, month, date);
}
