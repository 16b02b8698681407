/*
 * locale.h - words, money, numbers and dates by language and region (rows in driver/data/wording, locales.def).
 *
 * Output is UTF-8 in logical order with the locale's own digits and signs; no directional controls: text/
 * isolates what must not be reordered.
 */
#ifndef KW_LOCALE_LOCALE_H
#define KW_LOCALE_LOCALE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/decimal.h"

#include <stdbool.h>

struct kw_locale;

/* The words that kwit itself prints: one row for each in driver/data/labels.def. */
enum kw_label {
#define KW_LABEL(name) KW_LABEL_##name,
#include "data/labels.def"
#undef KW_LABEL
    KW_LABEL_COUNT
};

/*
 * The locale for a BCP 47 tag ("pl-PL", "pl"): the tag, else its language's first row, else English.
 * *exact is false when it had to fall back. Never NULL. Rows are static.
 */
const struct kw_locale *kw_locale_find(const char *tag, bool *exact);
const struct kw_locale *kw_locale_at(size_t index);         /* NULL behind the last */
const char *kw_locale_tag(const struct kw_locale *locale);
bool kw_locale_is_rtl(const struct kw_locale *locale);
const char *kw_locale_language(const struct kw_locale *locale);     /* of its words: "pl", "zh-Hant" */
const char *kw_locale_currency(const struct kw_locale *locale);     /* "PLN", of its country */
const char *kw_locale_country(const struct kw_locale *locale);      /* "PL", two capitals */
/* Whether someone fluent has read the words of this language. */
bool kw_locale_is_read(const struct kw_locale *locale);
/* Never NULL. Names of taxes are those of the locale's own country, or of that in which the receipt is printed. */
const char *kw_locale_label(const struct kw_locale *locale, enum kw_label label);
const char *kw_locale_label_in(const struct kw_locale *locale, enum kw_label label, const char *country);
/*
 * The same locale with words of the shop's own: KW_LABEL_COUNT texts which outlive it, NULL where the locale's own word
 * stays. NULL when out of memory.
 */
const struct kw_locale *kw_locale_reword(struct kw_arena *arena, const struct kw_locale *locale,
                                         const char *const *words);

/* All write at most size bytes with the NUL and return the length, or -1 when it does not fit. */
int kw_locale_number(const struct kw_locale *locale, const char *decimal, char *out, size_t size);
/* How many decimals amounts of this currency are written with where none was given: 0 where small coins are gone. */
int kw_locale_decimals(const char *currency);
/* Without a currency sign: "1 234,50" as given, with at least so many decimals. */
int kw_locale_amount(const struct kw_locale *locale, const char *decimal, int least_decimals, char *out, size_t size);
/*
 * With the currency as this locale writes it, "1 234,50 zł", and at least so many decimals. `word` stands for a sign
 * that cannot be printed, NULL: none does; it goes where a word goes: "1.234,50 TL" though the sign stands in front.
 */
int kw_locale_money(const struct kw_locale *locale, const char *decimal, const char *currency, const char *word,
                    int least_decimals, char *out, size_t size);
/* What stands for the currency there. */
const char *kw_locale_sign(const struct kw_locale *locale, const char *currency);
int kw_locale_date(const struct kw_locale *locale, int year, int month, int day, char *out, size_t size);
int kw_locale_time(const struct kw_locale *locale, int hour, int minute, char *out, size_t size);
/* Days since 1970-01-01 of a date of the Solar Hijri calendar, years 1178 to 1633. */
int64_t kw_locale_solar_hijri_days(int year, int month, int day);

#endif
