/*
 * times.c - a time as a spreadsheet, a platform or a person's own page writes it. A cell is read word by word: numbers
 * of the date, the clock, words of time_words.def, an offset from UTC; what is none of these makes it no time.
 */
#include "answers/times.h"

#include "base/fold.h"
#include "answers/values.h"
#include "base/clock.h"
#include "base/plain.h"
#include "locale/locale.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNKNOWN_YEAR = 1980, FIRST_YEAR = 1990, LAST_YEAR = 2199, SOLAR_FIRST = 1300, SOLAR_LAST = 1499,
       MARCH = 3, NO_MONTH = 13, LONGEST = 100, DAYS_1904 = 1462, MOST_OFFSET = 18 * 60 };

enum kind { MONTH, HALF, ZONE, FILLER };

static const struct { int kind, value; const char *words; } time_words[] = {
#define TIME_WORD(kind, value, words) { kind, value, words },
#include "data/time_words.def"
#undef TIME_WORD
};

static const char no_time[] = "this is not a time", no_date[] = "there is no such date";
const char kw_time_two_ways[] = "this date can be read two ways; say --dates dmy or --dates mdy";

struct number { int value, digits; };

struct scan {
    const char *at;
    struct number numbers[3];
    int count;                      /* of numbers */
    char separators[2];             /* behind the first and the second number */
    int month, month_at;            /* by its name, 0: not named; behind how many numbers it stood */
    int hour, minute, second, half; /* half: -1 a clock of 24 hours */
    int offset;
    bool has_clock, has_offset;
};

static int read_digits(const char **at, int *digits)
{
    int value = 0;
    for (*digits = 0; isdigit((unsigned char)**at); (*at)++, (*digits)++)
        value = *digits < 6 ? value * 10 + (**at - '0') : value;
    return value;
}

/* `:04` behind an hour or a minute. */
static bool read_sixtieths(const char **at, int most, int *value)
{
    int digits;
    (*at)++;
    *value = read_digits(at, &digits);
    return digits >= 1 && digits <= 2 && *value <= most;
}

static bool read_clock(struct scan *scan, struct number hour)
{
    const char part = *scan->at;
    if (scan->has_clock || hour.digits > 2 || hour.value > 23)
        return false;
    scan->has_clock = true;
    scan->hour = hour.value;
    if (!read_sixtieths(&scan->at, 59, &scan->minute))
        return false;
    if (*scan->at == part && !read_sixtieths(&scan->at, 60, &scan->second))
        return false;
    if ((*scan->at == '.' || *scan->at == ',') && isdigit((unsigned char)scan->at[1]))
        scan->at += 1 + strspn(scan->at + 1, "0123456789");
    return true;
}

/* `h` and its parts, at `at`: 14h, 14 h 05, 14h05m30s, 14 h 05 min 30 s */
static bool read_french_clock(struct scan *scan, struct number hour, const char *at)
{
    static const char *const units[] = { "min", "mn", "m", "sec", "s" };
    int *const parts[] = { &scan->minute, &scan->second }, digits;
    if (scan->has_clock || hour.digits > 2 || hour.value > 23)
        return false;
    scan->has_clock = true;
    scan->hour = hour.value;
    at++;
    for (int i = 0; i < 2 && isdigit((unsigned char)at[strspn(at, " ")]); i++) {
        at += strspn(at, " ");
        *parts[i] = read_digits(&at, &digits);
        if (digits > 2 || *parts[i] > 59 + i)
            return false;
        const char *unit = at + strspn(at, " ");
        for (size_t j = 0; j < sizeof units / sizeof units[0]; j++)
            if (strncmp(unit, units[j], strlen(units[j])) == 0 && !isalpha((unsigned char)unit[strlen(units[j])])) {
                at = unit + strlen(units[j]);
                break;
            }
    }
    scan->at = at;
    return true;
}

/* 1er, 2nd: a day as it is spoken. */
static void skip_ordinal(struct scan *scan)
{
    static const char *const endings[] = { "er", "st", "nd", "rd", "th" };
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
        if (strncmp(scan->at, endings[i], 2) == 0 && !isalpha((unsigned char)scan->at[2])) {
            scan->at += 2;
            return;
        }
}

/* +1, +01:00, +0100, +03:30 */
static bool read_offset(struct scan *scan)
{
    int sign = *scan->at++ == '-' ? -1 : 1, digits, minutes = 0;
    int hours = read_digits(&scan->at, &digits);
    if (digits == 4) {
        minutes = hours % 100;
        hours /= 100;
    } else if (digits < 1 || digits > 2 || (*scan->at == ':' && !read_sixtieths(&scan->at, 59, &minutes)))
        return false;
    scan->has_offset = true;
    scan->offset += sign * (hours * 60 + minutes);
    return minutes < 60 && abs(scan->offset) <= MOST_OFFSET;
}

static bool read_number(struct scan *scan)
{
    struct number number;
    number.value = read_digits(&scan->at, &number.digits);
    const char *next = scan->at + strspn(scan->at, " ");
    bool dotted = scan->month && scan->count == 2 && *scan->at == '.' && isdigit((unsigned char)scan->at[1]);
    if (*scan->at == ':' || dotted)
        return read_clock(scan, number);
    if (*next == 'h' && !isalpha((unsigned char)next[1]))
        return read_french_clock(scan, number, next);
    if (scan->count == 3 || number.digits > 4)
        return false;
    skip_ordinal(scan);
    scan->numbers[scan->count++] = number;
    if (scan->count < 3 && *scan->at && strchr("-/.,", *scan->at))
        scan->separators[scan->count - 1] = *scan->at++;
    return true;
}

static bool is_tuesday(const struct scan *scan)
{
    return scan->month == MARCH && scan->month_at == 0 && scan->count == 1;
}

/* The longest of the words that stands here as a whole. */
static bool read_word(struct scan *scan)
{
    size_t best = 0, row = 0;
    for (size_t i = 0; i < sizeof time_words / sizeof time_words[0]; i++) {
        for (const char *word = time_words[i].words; *word; word += *word == '|') {
            size_t length = strcspn(word, "|");
            unsigned char next = strncmp(scan->at, word, length) == 0 ? (unsigned char)scan->at[length] : 'x';
            if (length > best && !isalpha(next) && next < 0x80) {
                best = length;
                row = i;
            }
            word += length;
        }
    }
    if (best == 0)
        return false;
    scan->at += best;
    int value = time_words[row].value;
    switch ((enum kind)time_words[row].kind) {
    case MONTH:                         /* mar. 4 févr. is a Tuesday of February */
        scan->month = !scan->month || is_tuesday(scan) ? value : NO_MONTH;
        scan->month_at = scan->count;
        break;
    case HALF:
        scan->half = value;
        break;
    case ZONE:
        scan->has_offset = true;
        scan->offset = value;
        break;
    case FILLER:
        break;
    }
    return true;
}

static bool read_all(struct scan *scan)
{
    while (*scan->at) {
        unsigned char byte = (unsigned char)*scan->at;
        if (isdigit(byte)) {
            if (!read_number(scan))
                return false;
        } else if (scan->has_clock && (byte == '+' || byte == '-')) {
            if (!read_offset(scan))
                return false;
        } else if (scan->has_offset && byte == '(')
            break;                      /* the zone once more, by its long name */
        else if (strchr(" ,.-", byte))
            scan->at++;
        else if (!read_word(scan))
            return false;
    }
    return scan->count == (scan->month ? 2 : 3) && (scan->half < 0 || (scan->has_clock && scan->hour <= 12));
}

static int year_of(struct number number)
{
    return number.digits <= 2 ? 2000 + number.value : number.value;
}

/* Year, month and day of three numbers in the order that can be told or was said. */
static const char *order_date(const struct scan *scan, const char *dates, int date[3])
{
    const struct number *n = scan->numbers;
    if (!scan->separators[0] || scan->separators[0] != scan->separators[1] || scan->separators[0] == ',')
        return no_time;
    if (n[0].digits > 2 || strcmp(dates, "ymd") == 0) {
        memcpy(date, (int[3]){ year_of(n[0]), n[1].value, n[2].value }, 3 * sizeof *date);
        return NULL;
    }
    /* No locale writes the month first and parts it by full stops. */
    bool dotted = scan->separators[0] == '.';
    bool day_first = *dates ? strcmp(dates, "dmy") == 0 : dotted || n[0].value > 12 || n[0].value == n[1].value;
    if (!day_first && !*dates && n[1].value <= 12)
        return kw_time_two_ways;
    memcpy(date, (int[3]){ year_of(n[2]), n[day_first].value, n[!day_first].value }, 3 * sizeof *date);
    return NULL;
}

static const char *named_date(const struct scan *scan, int date[3])
{
    bool year_first = scan->numbers[0].digits > 2;
    date[0] = year_of(scan->numbers[!year_first]);
    date[1] = scan->month;
    date[2] = scan->numbers[year_first].value;
    return NULL;
}

/* Days since 1970; a year of the Solar Hijri calendar is six centuries behind. */
static const char *count_days(int date[3], int64_t *days)
{
    int year, month, day;
    if (date[1] < 1 || date[1] > 12 || date[2] < 1 || date[2] > 31)
        return no_date;
    if (date[0] >= SOLAR_FIRST && date[0] <= SOLAR_LAST) {
        *days = kw_locale_solar_hijri_days(date[0], date[1], date[2]);
        return NULL;
    }
    *days = kw_civil_to_days(date[0], date[1], date[2]);
    kw_days_to_civil(*days, &year, &month, &day);
    bool unknown = date[0] == UNKNOWN_YEAR && month == 1 && day == 1;
    return month == date[1] && (unknown || (date[0] >= FIRST_YEAR && date[0] <= LAST_YEAR)) ? NULL : no_date;
}

/* A number with a point or a comma, and nothing else. */
static bool read_decimal(const char *text, double *number)
{
    char copy[LONGEST + 1], *end;
    snprintf(copy, sizeof copy, "%s", text);
    char *comma = strchr(copy, ',');
    if (comma)
        *comma = '.';
    *number = isdigit((unsigned char)copy[0]) ? kw_plain_real(copy, &end) : 0;
    return isdigit((unsigned char)copy[0]) && *end == 0 && strspn(copy, "0123456789.") == strlen(copy);
}

/* A spreadsheet's own count: days since 1899-12-30, or 1904-01-01. */
static bool read_serial(const char *text, bool since_1904, int64_t *local_s)
{
    double number;
    if (!read_decimal(text, &number))
        return false;
    const double days = number + (since_1904 ? DAYS_1904 : 0);
    *local_s = (int64_t)floor((days - 25569) * 86400 + 0.5);
    return days > 32874 && days < 109575;
}

/* Seconds since 1970, or milliseconds: the numbers of today have ten or thirteen digits. */
static bool read_epoch(const char *text, int64_t *utc_ms)
{
    double number;
    const size_t digits = strspn(text, "0123456789");
    if ((digits != 10 && digits != 13) || !read_decimal(text, &number))
        return false;
    *utc_ms = (int64_t)floor(digits == 10 ? number * 1000 + 0.5 : number);
    return true;
}

static const char *resolve(int64_t local_s, const struct kw_time_rules *rules, int64_t *utc_ms)
{
    int64_t moments[2];
    int count = kw_zone_to_utc(rules->zone, local_s, moments);
    if (count == 0)
        return "clocks went forward over this time; is the zone right? (--zone)";
    if (count == 2 && rules->clock_change == KW_CLOCK_ASK)
        return "clocks went back over this time, so it was twice; say --clock-change first or second";
    *utc_ms = moments[count == 2 && rules->clock_change == KW_CLOCK_SECOND] * 1000;
    return NULL;
}

const char *kw_value_time(const char *cell, const struct kw_time_rules *rules, int64_t *utc_ms)
{
    char text[KW_FOLD];
    struct scan scan = { .at = text, .half = -1 };
    int date[3];
    int64_t days, local_s;
    *utc_ms = 0;
    if (kw_fold(cell, text) > LONGEST)
        return no_time;
    if (kw_value_none(cell))
        return NULL;
    if (read_epoch(text, utc_ms))
        return NULL;
    if (read_serial(text, rules->since_1904, &local_s))
        return resolve(local_s, rules, utc_ms);
    if (!read_all(&scan))
        return no_time;
    const char *fault = scan.month ? named_date(&scan, date) : order_date(&scan, rules->dates, date);
    if (!fault)
        fault = count_days(date, &days);
    if (fault || date[0] == UNKNOWN_YEAR)
        return fault;
    local_s = days * 86400 + (scan.half < 0 ? scan.hour : scan.hour % 12 + scan.half) * 3600 + scan.minute * 60
              + scan.second;
    if (!scan.has_offset)
        return resolve(local_s, rules, utc_ms);
    *utc_ms = (local_s - scan.offset * 60) * 1000;
    return NULL;
}
