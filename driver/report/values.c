/* values.c - what the cells of an export mean. */
#include "report/values.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { UNKNOWN_YEAR = 1980, CELL = 80, PHONE_DIGITS = 7 };

struct parts { int year, month, day, hour, minute, second, offset; bool has_offset; };

/* Digits of other scripts to ASCII, narrow spaces to plain ones; what is longer than a time is no time. */
static bool to_ascii(const char *text, char out[CELL])
{
    size_t at = 0, length = strlen(text), made = 0;
    while (at < length) {
        uint32_t code = kw_utf8_next(text, length, &at);
        if (code >= 0x6F0 && code <= 0x6F9)
            code = '0' + (code - 0x6F0);
        else if (code >= 0x660 && code <= 0x669)
            code = '0' + (code - 0x660);
        else if (code == 0xA0 || code == 0x202F)
            code = ' ';
        if (code >= 128 || made + 1 >= CELL)
            return false;
        out[made++] = (char)code;
    }
    while (made > 0 && isspace((unsigned char)out[made - 1]))
        made--;
    out[made] = 0;
    return true;
}

static bool read_clock(const char **text, struct parts *parts)
{
    int used = 0;
    if (sscanf(*text, " %2d:%2d%n", &parts->hour, &parts->minute, &used) != 2)
        return false;
    *text += used;
    if (sscanf(*text, ":%2d%n", &parts->second, &used) == 1)
        *text += used;
    if (**text == '.' || **text == ',')
        *text += 1 + strspn(*text + 1, "0123456789");
    const char *rest = *text + strspn(*text, " ");
    bool am = strncasecmp(rest, "AM", 2) == 0, pm = strncasecmp(rest, "PM", 2) == 0;
    if (am || pm) {
        if (parts->hour < 1 || parts->hour > 12)
            return false;
        parts->hour = parts->hour % 12 + (pm ? 12 : 0);
        *text = rest + 2;
    }
    return parts->hour >= 0 && parts->hour < 24 && parts->minute >= 0 && parts->minute < 60 && parts->second >= 0
           && parts->second <= 60;
}

/* Z, UTC, GMT+1, +01:00, +0100; nothing behind it. */
static bool read_offset(const char *text, struct parts *parts)
{
    text += strspn(text, " ");
    if (strncmp(text, "UTC", 3) == 0 || strncmp(text, "GMT", 3) == 0) {
        text += 3;
        parts->has_offset = true;
    } else if (*text == 'Z' || *text == 'z') {
        parts->has_offset = true;
        return text[1] == 0;
    }
    if (*text == '+' || *text == '-') {
        int sign = *text == '-' ? -1 : 1, hours = 0, minutes = 0, used = 0;
        if (sscanf(text + 1, "%2d%n", &hours, &used) != 1)
            return false;
        text += 1 + used;
        text += *text == ':';
        if (*text && (sscanf(text, "%2d%n", &minutes, &used) != 1 || text[used]))
            return false;
        parts->offset = sign * (hours * 60 + minutes);
        parts->has_offset = true;
        return true;
    }
    return *text == 0;
}

/* Three numbers of a date with any of - / . between them, in the order that can be told or was said. */
static const char *order_date(int a, int b, int c, int digits, const char *dates, struct parts *parts)
{
    if (digits == 4) {
        *parts = (struct parts){ .year = a, .month = b, .day = c };
        return NULL;
    }
    parts->year = c < 100 ? 2000 + c : c;
    bool dmy = strcmp(dates, "dmy") == 0 || (!*dates && a > 12), mdy = strcmp(dates, "mdy") == 0 || (!*dates && b > 12);
    if (!dmy && !mdy && a != b)
        return "this date can be read two ways; say --dates dmy or --dates mdy";
    parts->day = mdy ? b : a;
    parts->month = mdy ? a : b;
    return NULL;
}

static const char *read_date(const char **text, const char *dates, struct parts *parts)
{
    int a, b, c, used = 0, digits = (int)strspn(*text, "0123456789");
    char first, second;
    if (sscanf(*text, "%4d%c%2d%c%4d%n", &a, &first, &b, &second, &c, &used) != 5 || first != second
        || !strchr("-/.", first))
        return "this is not a time";
    const char *fault = order_date(a, b, c, digits, dates, parts);
    if (fault)
        return fault;
    *text += used;
    *text += **text == ',' || **text == 'T' || **text == 't';
    int year, month, day;
    if (parts->month < 1 || parts->month > 12 || parts->day < 1)
        return "there is no such date";
    kw_days_to_civil(kw_civil_to_days(parts->year, parts->month, parts->day), &year, &month, &day);
    return month == parts->month && day == parts->day ? NULL : "there is no such date";
}

/* A spreadsheet's own count: days since 1899-12-30. */
static bool read_serial(const char *text, int64_t *local_s)
{
    char *end;
    double days = strtod(text, &end);
    if (end == text || *end || !(days > 20000 && days < 90000))
        return false;
    *local_s = (int64_t)floor((days - 25569) * 86400 + 0.5);
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
    char text[CELL];
    const char *at = text;
    struct parts parts = { 0 };
    int64_t local_s;
    *utc_ms = 0;
    if (!to_ascii(cell, text))
        return "this is not a time";
    at += strspn(at, " ");
    if (*at == 0)
        return NULL;
    if (read_serial(at, &local_s))
        return resolve(local_s, rules, utc_ms);
    const char *fault = read_date(&at, rules->dates, &parts);
    if (fault)
        return fault;
    if (*at && (!read_clock(&at, &parts) || !read_offset(at, &parts)))
        return "this is not a time";
    if (parts.year == UNKNOWN_YEAR && parts.month == 1 && parts.day == 1)
        return NULL;
    local_s = kw_civil_to_days(parts.year, parts.month, parts.day) * 86400 + parts.hour * 3600 + parts.minute * 60
              + parts.second;
    if (!parts.has_offset)
        return resolve(local_s, rules, utc_ms);
    *utc_ms = (local_s - parts.offset * 60) * 1000;
    return NULL;
}

static bool same_label(const char *text, const char *label)
{
    size_t length = strlen(text);
    while (length > 0 && isspace((unsigned char)text[length - 1]))
        length--;
    return strlen(label) == length && strncasecmp(text, label, length) == 0;
}

const char *kw_value_score(const char *text, int low, int high, const struct kw_label *labels, size_t count, int *score)
{
    char ascii[CELL];
    *score = -1;
    text += strspn(text, " \t\r\n");
    if (*text == 0)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (same_label(text, labels[i].text)) {
            *score = labels[i].value;
            return *score >= low && *score <= high ? NULL : "this label stands for a value outside the scale";
        }
    }
    if (!to_ascii(text, ascii))
        snprintf(ascii, sizeof ascii, "%.*s", (int)strspn(text, "0123456789"), text);
    char *end;
    long value = strtol(ascii, &end, 10);
    if (end == ascii || (*end == '.' && strspn(end + 1, "0") != strlen(end + 1)) || isalpha((unsigned char)*end))
        return "this is neither a number nor a known label; say what it stands for with --value \"LABEL=NUMBER\"";
    if (value < low || value > high)
        return "this number is outside the scale";
    *score = (int)value;
    return NULL;
}

bool kw_value_yes(const char *text)
{
    static const char *const words[] = { "1",   "true",   "yes", "y",    "checked", "completed", "complete", "finished",
                                         "tak", "prawda", "oui", "vrai", "да",      "истина",    "بله",      "بلی" };
    text += strspn(text, " \t");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (same_label(text, words[i]))
            return true;
    return false;
}

void kw_value_copy(char *out, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(out, text, length);
    out[length] = 0;
}

static bool is_mail(char byte)
{
    return isalnum((unsigned char)byte) || (byte && strchr("._%+-", byte)) || (byte & 0x80);
}

/* Where the address around this @ begins and ends; false: no address. */
static bool find_mail(const char *text, const char *at, const char **begin, const char **end)
{
    *begin = at;
    while (*begin > text && is_mail((*begin)[-1]))
        (*begin)--;
    *end = at + 1;
    while (is_mail(**end))
        (*end)++;
    return *begin < at && memchr(at, '.', (size_t)(*end - at)) != NULL;
}

static size_t phone_length(const char *text)
{
    size_t digits = 0, length = 0, last = 0;
    while (isdigit((unsigned char)text[length]) || (text[length] && strchr(" -()+./", text[length]))) {
        digits += isdigit((unsigned char)text[length]) != 0;
        last = isdigit((unsigned char)text[length]) ? length + 1 : last;
        length++;
    }
    return digits >= PHONE_DIGITS ? last : 0;
}

static void replace(char *begin, size_t length, const char *with)
{
    size_t size = strlen(with);
    memcpy(begin, with, size);
    memmove(begin + size, begin + length, strlen(begin + length) + 1);
}

void kw_value_scrub(char *text)
{
    const char *begin, *end;
    for (char *at = strchr(text, '@'); at; at = strchr(at + 1, '@')) {
        if (find_mail(text, at, &begin, &end) && end - begin >= 3) {
            at = text + (begin - text);
            replace(at, (size_t)(end - begin), "[@]");
            at += 2;
        }
    }
    for (char *at = text; *at; at++) {
        bool starts = isdigit((unsigned char)*at) || *at == '+' || *at == '(';
        size_t length = starts ? phone_length(at) : 0;
        if (length > 0) {
            replace(at, length, "[tel]");
            at += 4;
        } else if (isdigit((unsigned char)*at))
            at += strspn(at, "0123456789") - 1;
    }
}
