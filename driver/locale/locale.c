/* locale.c - the languages and regions from their rows, and how each writes numbers, money, dates and times. */
#include "locale/locale.h"

#include "base/utf8.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum calendar { GREGORIAN, SOLAR_HIJRI, BUDDHIST };
enum direction { LTR, RTL };

enum reading { UNREAD, FLUENT };

enum language_id {
#define LANGUAGE(name, base, code, reading) LANGUAGE_##name,
#include "data/locales.def"
    LANGUAGE_COUNT
};

/*
 * The rows hold their texts themselves, since thousands of pointers would be relocated at every start: the words of a
 * language lie one behind the other, and a table says where each begins, 0 for none.
 */
static const struct texts {
#define LANGUAGE(name, base, code, reading) struct text_##name { char nothing;
#define WORD(language, label, text) char word_##label[sizeof text];
#define END(name) } name;
#include "data/locales.def"
} texts = {
#define LANGUAGE(name, base, code, reading) .name = { 0,
#define WORD(language, label, text) .word_##label = text,
#define END(name) },
#include "data/locales.def"
};

static const uint16_t word_places[LANGUAGE_COUNT][KW_LABEL_COUNT] = {
#define LANGUAGE(name, base, code, reading) [LANGUAGE_##name] = {
#define WORD(language, label, text) [KW_LABEL_##label] = offsetof(struct text_##language, word_##label),
#define END(name) },
#include "data/locales.def"
};

enum { TAG_BYTES = 12, PATTERN_BYTES = 16, SIGN_BYTES = 24, NAME_BYTES = 40 };

static const struct language {
    uint32_t texts;                 /* where its words begin */
    enum language_id base;
    enum reading reading;
    char code[TAG_BYTES];
} languages[] = {
#define LANGUAGE(name, base, code, reading) \
    [LANGUAGE_##name] = { offsetof(struct texts, name), LANGUAGE_##base, reading, code },
#include "data/locales.def"
};

struct kw_locale {
    char tag[TAG_BYTES];
    enum language_id language;
    char currency[4], decimal[4], group[4];
    unsigned first_grouped;
    char money[5], date[PATTERN_BYTES], time[PATTERN_BYTES];
    uint32_t zero;
    enum calendar calendar;
    enum direction direction;
    const char *const *own;         /* the shop's words, one for each label, NULL members where it has none; or NULL */
};

static const struct kw_locale locales[] = {
#define LOCALE(tag, language, ...) { tag, LANGUAGE_##language, __VA_ARGS__, NULL },
#include "data/locales.def"
};
enum { LOCALES = sizeof locales / sizeof locales[0] };

static const struct currency {
    char code[4];
    signed char shown;
    char sign[SIGN_BYTES], home[SIGN_BYTES];
} currencies[] = {
#define CURRENCY(code, exponent, shown, sign, home) { code, shown, sign, home },
#include "data/currencies.def"
#undef CURRENCY
};

static const struct { enum language_id language; char code[4], sign[SIGN_BYTES]; } own_signs[] = {
#define SIGN(language, code, sign) { LANGUAGE_##language, code, sign },
#include "data/locales.def"
};

static const struct { enum language_id language; char money[4]; } spelt[] = {
#define SPELT(language, money) { LANGUAGE_##language, money },
#include "data/locales.def"
};

static const struct { char tag[TAG_BYTES], meant[TAG_BYTES]; } aliases[] = {
#define ALIAS(tag, meant) { tag, meant },
#include "data/locales.def"
};

static const struct { char country[4], language[TAG_BYTES], tax[NAME_BYTES], number[NAME_BYTES]; } tax_names[] = {
#define TAX(country, language, tax, number) { country, language, tax, number },
#include "data/tax_names.def"
};

/* ---- finding ------------------------------------------------------------------------------------------------- */

static size_t language_length(const char *tag)
{
    return strcspn(tag, "-_");
}

/* "pl_PL.UTF-8" is what environments say for "pl-PL". */
static bool same_tag(const char *row, const char *tag)
{
    for (; *row; row++, tag++)
        if (*row == '-' ? *tag != '-' && *tag != '_' : strncasecmp(row, tag, 1) != 0)
            return false;
    return *tag == 0 || *tag == '.' || *tag == '@';
}

static const struct kw_locale *find_exactly(const char *tag)
{
    for (size_t i = 0; i < LOCALES; i++)
        if (same_tag(locales[i].tag, tag))
            return &locales[i];
    return NULL;
}

/* Old codes, and tags that name a script where a region alone says it. */
static const char *meant_by(const char *tag)
{
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (same_tag(aliases[i].tag, tag))
            return aliases[i].meant;
    return tag;
}

static const struct kw_locale *first_of_language(const char *tag)
{
    size_t length = language_length(tag);
    for (size_t i = 0; i < LOCALES && length; i++)
        if (language_length(locales[i].tag) == length && strncasecmp(locales[i].tag, tag, length) == 0)
            return &locales[i];
    return NULL;
}

const struct kw_locale *kw_locale_find(const char *tag, bool *exact)
{
    bool ignored;
    exact = exact ? exact : &ignored;
    *exact = true;
    tag = tag ? meant_by(tag) : "";
    const struct kw_locale *found = find_exactly(tag);
    if (found)
        return found;
    found = first_of_language(tag);
    *exact = found && tag[language_length(tag)] == 0;
    return found ? found : &locales[0];
}

const struct kw_locale *kw_locale_at(size_t index)
{
    return index < LOCALES ? &locales[index] : NULL;
}

const char *kw_locale_tag(const struct kw_locale *locale)
{
    return locale->tag;
}

bool kw_locale_is_rtl(const struct kw_locale *locale)
{
    return locale->direction == RTL;
}

const char *kw_locale_language(const struct kw_locale *locale)
{
    return languages[locale->language].code;
}

bool kw_locale_is_read(const struct kw_locale *locale)
{
    return languages[locale->language].reading == FLUENT;
}

const char *kw_locale_currency(const struct kw_locale *locale)
{
    return locale->currency;
}

const char *kw_locale_country(const struct kw_locale *locale)
{
    const char *last = strrchr(locale->tag, '-');
    return last ? last + 1 : "";
}

/* The word itself, or that of the language from which this one differs, or English. */
static const char *word_of(enum language_id id, enum kw_label label)
{
    while (!word_places[id][label] && id != languages[id].base)
        id = languages[id].base;
    return (const char *)&texts + languages[id].texts + word_places[id][label];
}

const char *kw_locale_label(const struct kw_locale *locale, enum kw_label label)
{
    return kw_locale_label_in(locale, label, kw_locale_country(locale));
}

const char *kw_locale_label_in(const struct kw_locale *locale, enum kw_label label, const char *country)
{
    if (locale->own && locale->own[label])
        return locale->own[label];
    if (label == KW_LABEL_vat || label == KW_LABEL_tax_id)
        for (size_t i = 0; i < sizeof tax_names / sizeof tax_names[0]; i++)
            if (strcmp(tax_names[i].country, country) == 0
                && strcmp(tax_names[i].language, languages[locale->language].code) == 0)
                return label == KW_LABEL_vat ? tax_names[i].tax : tax_names[i].number;
    return word_of(locale->language, label);
}

const struct kw_locale *kw_locale_reword(struct kw_arena *arena, const struct kw_locale *locale,
                                         const char *const *words)
{
    struct kw_locale *own = kw_arena_alloc(arena, sizeof *own);
    if (!own)
        return NULL;
    *own = *locale;
    own->own = words;
    return own;
}

/* ---- writing ------------------------------------------------------------------------------------------------- */

/* Text that is being written; nothing is added once it does not fit. */
struct output {
    char *text;
    size_t size, length;
    bool full;
};

static struct output output_to(char *text, size_t size)
{
    if (size)
        text[0] = 0;
    return (struct output){ .text = text, .size = size, .full = size == 0 };
}

static void put(struct output *output, const char *text, size_t length)
{
    if (output->full || length >= output->size - output->length) {
        output->full = true;
        return;
    }
    memcpy(output->text + output->length, text, length);
    output->length += length;
    output->text[output->length] = 0;
}

static void put_text(struct output *output, const char *text)
{
    put(output, text, strlen(text));
}

/* A digit in the locale's own numerals; all of them take two or three bytes where they are not ASCII. */
static void put_digit(struct output *output, const struct kw_locale *locale, char digit)
{
    uint32_t code = locale->zero + (uint32_t)(digit - '0');
    char bytes[4];
    size_t length = 1;
    if (code < 0x80) {
        bytes[0] = (char)code;
    } else if (code < 0x800) {
        bytes[0] = (char)(0xC0 | code >> 6);
        bytes[1] = (char)(0x80 | (code & 0x3F));
        length = 2;
    } else {
        bytes[0] = (char)(0xE0 | code >> 12);
        bytes[1] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (code & 0x3F));
        length = 3;
    }
    put(output, bytes, length);
}

static void put_digits(struct output *output, const struct kw_locale *locale, const char *digits, size_t count)
{
    if (locale->zero == '0')
        put(output, digits, count);
    else
        for (size_t i = 0; i < count; i++)
            put_digit(output, locale, digits[i]);
}

static int end_of(const struct output *output)
{
    return output->full ? -1 : (int)output->length;
}

static void put_padded(struct output *output, const struct kw_locale *locale, int value, int digits)
{
    char number[16];
    size_t at = sizeof number;
    do
        number[--at] = (char)('0' + value % 10);
    while ((value /= 10) > 0 || (int)(sizeof number - at) < digits);
    put_digits(output, locale, number + at, sizeof number - at);
}

/* Whether a group ends before the digit that has `left` digits from it to the end of the whole part. */
static bool ends_group(const struct kw_locale *locale, size_t left)
{
    bool by_hundreds = locale->group[0] == '2';
    return by_hundreds ? left == 3 || (left > 3 && left % 2 == 1) : left % 3 == 0;
}

static size_t count_digits(const char *text)
{
    size_t count = 0;
    while (text[count] >= '0' && text[count] <= '9')
        count++;
    return count;
}

/* The whole part, with a sign between its groups where it is long enough. */
static void put_grouped(struct output *output, const struct kw_locale *locale, const char *digits, size_t count)
{
    const bool grouped = count >= locale->first_grouped;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from + 1; to < count && !(grouped && ends_group(locale, count - to));)
            to++;
        if (from > 0)
            put_text(output, locale->group + (locale->group[0] == '2'));
        put_digits(output, locale, digits + from, to - from);
    }
}

/* What is given, and noughts up to least_places. Anything that is no decimal number stays as it is. */
static void put_number(struct output *output, const struct kw_locale *locale, const char *decimal, int least_places)
{
    size_t whole = count_digits(decimal);
    const char *rest = decimal + whole;
    size_t places = *rest == '.' ? count_digits(rest + 1) : 0;
    if (!whole || (*rest && (!places || rest[1 + places]))) {
        put_text(output, decimal);
        return;
    }
    put_grouped(output, locale, decimal, whole);
    if (places > 0 || least_places > 0)
        put_text(output, locale->decimal);
    put_digits(output, locale, rest + 1, places);
    for (; (int)places < least_places; places++)
        put_digit(output, locale, '0');
}

int kw_locale_number(const struct kw_locale *locale, const char *decimal, char *out, size_t size)
{
    return kw_locale_amount(locale, decimal, 0, out, size);
}

int kw_locale_amount(const struct kw_locale *locale, const char *decimal, int least_decimals, char *out, size_t size)
{
    struct output output = output_to(out, size);
    if (*decimal == '-')
        put_text(&output, "-");
    put_number(&output, locale, decimal + (*decimal == '-'), least_decimals);
    return end_of(&output);
}

/* As the language writes it, or that from which it differs. */
static const char *own_sign(enum language_id language, const char *currency)
{
    for (;; language = languages[language].base) {
        for (size_t i = 0; i < sizeof own_signs / sizeof own_signs[0]; i++)
            if (own_signs[i].language == language && strcmp(own_signs[i].code, currency) == 0)
                return own_signs[i].sign;
        if (languages[language].base == language)
            return NULL;
    }
}

static int compare_code(const void *code, const void *row)
{
    return strcmp(code, ((const struct currency *)row)->code);
}

/* The rows stand in the order of their codes. */
static const struct currency *find_currency(const char *code)
{
    return bsearch(code, currencies, sizeof currencies / sizeof currencies[0], sizeof currencies[0], compare_code);
}

/* Abroad by its sign, unless people there would take that for their own: "$" in Mexico is no dollar. */
static const char *sign_abroad(const struct kw_locale *locale, const struct currency *row)
{
    const struct currency *home = find_currency(locale->currency);
    return home && strcmp(home->home, row->sign) == 0 ? row->code : row->sign;
}

const char *kw_locale_sign(const struct kw_locale *locale, const char *currency)
{
    const char *own = own_sign(locale->language, currency);
    const struct currency *row = own ? NULL : find_currency(currency);
    return own ? own : !row ? currency : strcmp(locale->currency, currency) == 0 ? row->home : sign_abroad(locale, row);
}

int kw_locale_decimals(const char *currency)
{
    const struct currency *row = find_currency(currency);
    return row ? row->shown : 0;
}

/* A sign that ends in a letter would run together with the number behind it ("CHF12"). */
static bool ends_in_letter(const char *sign)
{
    size_t length = strlen(sign);
    char last = length ? (char)(sign[length - 1] | 0x20) : 0;
    return last >= 'a' && last <= 'z';
}

/* Where a word of letters stands: as the language has it, else apart from the number on the sign's own side. */
static const char *place_of_word(const struct kw_locale *locale)
{
    for (size_t i = 0; i < sizeof spelt / sizeof spelt[0]; i++)
        if (spelt[i].language == locale->language)
            return spelt[i].money;
    return locale->money[0] == 'S' && locale->money[1] != '_' && locale->money[1] != '~' ? "S_N" : locale->money;
}

/* Whether it has letters that run from right to left, which amounts are then set among. */
static bool is_rtl_word(const char *sign)
{
    size_t length = strlen(sign), at = 0;
    bool rtl = false;
    while (at < length) {
        uint32_t code = kw_utf8_next(sign, length, &at);
        rtl |= code >= 0x0590 && code < 0x0900;
    }
    return rtl;
}

/* An amount runs from left to right also where lines do not: a sign that is no word stands on its left there. */
static const char *place_of(const struct kw_locale *locale, const char *sign, const char *word)
{
    const char *place = word ? place_of_word(locale) : locale->money;
    return locale->direction == RTL && strcmp(place, "N_S") == 0 && !is_rtl_word(sign) ? "S_-N" : place;
}

int kw_locale_money(const struct kw_locale *locale, const char *decimal, const char *currency, const char *word,
                    int least_decimals, char *out, size_t size)
{
    struct output output = output_to(out, size);
    const char *sign = word ? word : kw_locale_sign(locale, currency);
    const char *place = place_of(locale, sign, word);
    bool minus = *decimal == '-';
    if (minus && !strpbrk(place, "-~"))
        put_text(&output, "-");
    for (const char *part = place; *part; part++) {
        if (*part == 'N')
            put_number(&output, locale, decimal + minus, least_decimals);
        else if (*part == 'S')
            put_text(&output, sign);
        else if (minus && *part != '_')
            put_text(&output, "-");
        else if (*part != '-')
            put_text(&output, "\u00A0");
        if (part[0] == 'S' && part[1 + (part[1] == '-' && !minus)] == 'N' && ends_in_letter(sign))
            put_text(&output, "\u00A0");
    }
    return end_of(&output);
}

/* ---- dates --------------------------------------------------------------------------------------------------- */

/*
 * Solar Hijri by the cycle of 33 years, which agrees with the calendar of Iran for all receipts to come (1178 to
 * 1633). Day 0 is 20 March 1600, the first day of the year 979.
 */
enum { CYCLE_DAYS = 12053, CYCLE_YEARS = 33, FIRST_YEAR = 979 };

static void to_solar_hijri(int *year, int *month, int *day)
{
    int64_t days = kw_civil_to_days(*year, *month, *day) - kw_civil_to_days(1600, 3, 20);
    int64_t cycles = days >= 0 ? days / CYCLE_DAYS : -((CYCLE_DAYS - 1 - days) / CYCLE_DAYS);
    int64_t rest = days - cycles * CYCLE_DAYS;
    int64_t solar_year = FIRST_YEAR + CYCLE_YEARS * cycles + 4 * (rest / 1461);
    rest %= 1461;
    if (rest >= 366) {
        solar_year += (rest - 1) / 365;
        rest = (rest - 1) % 365;
    }
    *year = (int)solar_year;
    *month = (int)(rest < 186 ? 1 + rest / 31 : 7 + (rest - 186) / 30);
    *day = (int)(rest < 186 ? 1 + rest % 31 : 1 + (rest - 186) % 30);
}

int64_t kw_locale_solar_hijri_days(int year, int month, int day)
{
    int years = year - FIRST_YEAR, in_cycle = years % CYCLE_YEARS, in_leap = in_cycle % 4;
    int64_t days = (int64_t)(years / CYCLE_YEARS) * CYCLE_DAYS + in_cycle / 4 * 1461;
    days += in_leap ? 366 + (in_leap - 1) * 365 : 0;
    days += month <= 6 ? (month - 1) * 31 : 186 + (month - 7) * 30;
    return kw_civil_to_days(1600, 3, 20) + days + day - 1;
}

/* How many times the first letter stands there. */
static int run_of(const char *pattern)
{
    int count = 1;
    while (pattern[count] == *pattern)
        count++;
    return count;
}

int kw_locale_date(const struct kw_locale *locale, int year, int month, int day, char *out, size_t size)
{
    struct output output = output_to(out, size);
    if (locale->calendar == SOLAR_HIJRI)
        to_solar_hijri(&year, &month, &day);
    year += locale->calendar == BUDDHIST ? 543 : 0;
    for (const char *part = locale->date; *part;) {
        int count = run_of(part);
        if (*part == 'Y' || *part == 'M' || *part == 'D')
            put_padded(&output, locale, *part == 'Y' ? year : *part == 'M' ? month : day, count);
        else
            put(&output, part, (size_t)count);
        part += count;
    }
    return end_of(&output);
}

static const char *half_of_day(char letter, int hour)
{
    bool morning = hour < 12;
    switch (letter) {
    case 'P':
        return morning ? "AM" : "PM";
    case 'p':
        return morning ? "am" : "pm";
    case 'd':
        return morning ? "a.m." : "p.m.";
    default:
        return morning ? "a.\u00A0m." : "p.\u00A0m.";
    }
}

int kw_locale_time(const struct kw_locale *locale, int hour, int minute, char *out, size_t size)
{
    struct output output = output_to(out, size);
    for (const char *part = locale->time; *part;) {
        int count = run_of(part);
        if (*part == 'H')
            put_padded(&output, locale, hour, count);
        else if (*part == 'h')
            put_padded(&output, locale, (hour + 11) % 12 + 1, count);
        else if (*part == 'm')
            put_padded(&output, locale, minute, count);
        else if (strchr("Ppdw", *part))
            put_text(&output, half_of_day(*part, hour));
        else
            put(&output, *part == ' ' ? "\u00A0" : part, *part == ' ' ? 2 : 1);
        part += count;
    }
    return end_of(&output);
}
