/* zone_rule.c - POSIX TZ strings with the wider hours of RFC 8536 (-167 to 167). */
#include "base/zone_rule.h"

#include "base/clock.h"

#include <ctype.h>
#include <string.h>

enum { DAY = 86400, HOUR = 3600, TWO_O_CLOCK = 2 * HOUR };

static bool skip_name(const char **at)
{
    const char *begin = *at;
    if (**at == '<') {
        *at += strcspn(*at, ">");
        return *(*at)++ == '>';
    }
    while (isalpha((unsigned char)**at))
        (*at)++;
    return *at - begin >= 3;
}

static bool read_count(const char **at, int most, int *value)
{
    const char *begin = *at;
    for (*value = 0; isdigit((unsigned char)**at) && *at - begin < 4; (*at)++)
        *value = *value * 10 + (**at - '0');
    return *at > begin && *value <= most;
}

/* [+-]hh[:mm[:ss]] */
static bool read_span(const char **at, int64_t *seconds)
{
    static const int units[] = { HOUR, 60, 1 };
    int sign = **at == '-' ? -1 : 1, value;
    *at += **at == '-' || **at == '+';
    *seconds = 0;
    for (int i = 0; i < 3; i++) {
        if (i > 0 && *(*at)++ != ':')
            return false;
        if (!read_count(at, i == 0 ? 167 : 59, &value))
            return false;
        *seconds += sign * value * units[i];
        if (**at != ':')
            return true;
    }
    return true;
}

/* M3.5.0/2, J60, 59 */
static bool read_change(const char **at, struct kw_change *change)
{
    *change = (struct kw_change){ .second = TWO_O_CLOCK };
    if (*(*at)++ != ',')
        return false;
    if (**at == 'M') {
        (*at)++;
        if (!read_count(at, 12, &change->month) || change->month < 1 || *(*at)++ != '.'
            || !read_count(at, 5, &change->week) || change->week < 1 || *(*at)++ != '.'
            || !read_count(at, 6, &change->weekday))
            return false;
    } else {
        change->leap_days = **at != 'J';
        *at += **at == 'J';
        if (!read_count(at, 365, &change->day))
            return false;
    }
    if (**at != '/')
        return true;
    (*at)++;
    return read_span(at, &change->second);
}

struct kw_zone_rule kw_zone_rule_parse(const char *text)
{
    static const struct kw_zone_rule unknown;
    struct kw_zone_rule rule = { .known = true };
    if (!skip_name(&text) || !read_span(&text, &rule.standard))
        return unknown;
    rule.standard = -rule.standard;             /* the line says what is added to local time */
    if (*text == 0)
        return rule;
    rule.changes = true;
    rule.summer = rule.standard + HOUR;
    if (!skip_name(&text))
        return unknown;
    if (*text != ',') {
        if (!read_span(&text, &rule.summer))
            return unknown;
        rule.summer = -rule.summer;
    }
    return read_change(&text, &rule.begins) && read_change(&text, &rule.ends) && *text == 0 ? rule : unknown;
}

/* Seconds since 1970 on local clocks. */
static int64_t moment_of(const struct kw_change *change, int year)
{
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (change->month == 0) {
        int day = change->leap_days ? change->day : change->day - 1 + (leap && change->day >= 60);
        return (kw_civil_to_days(year, 1, 1) + day) * DAY + change->second;
    }
    int64_t first = kw_civil_to_days(year, change->month, 1);
    int64_t next = kw_civil_to_days(year + change->month / 12, change->month % 12 + 1, 1);
    int weekday = (int)((first + 4) % 7);       /* 1970-01-01 was a Thursday */
    int64_t day = first + (change->weekday - weekday + 7) % 7 + (change->week - 1) * 7;
    while (day >= next)
        day -= 7;
    return day * DAY + change->second;
}

int64_t kw_zone_rule_offset(const struct kw_zone_rule *rule, int64_t utc_s)
{
    int year, month, day;
    if (!rule->changes)
        return rule->standard;
    kw_days_to_civil((utc_s + rule->standard) / DAY, &year, &month, &day);
    int64_t begins = moment_of(&rule->begins, year) - rule->standard;
    int64_t ends = moment_of(&rule->ends, year) - rule->summer;
    bool summer = begins < ends ? utc_s >= begins && utc_s < ends : utc_s >= begins || utc_s < ends;
    return summer ? rule->summer : rule->standard;
}
