/* shop_days.c - a moment's day: the zone's offset then, and when the shop's days begin. */
#include "base/shop_days.h"

#include "base/clock.h"

#include <string.h>

int64_t kw_business_day(int64_t utc_ms, int offset_minutes, int day_starts_minutes)
{
    enum { MS_PER_DAY = 86400000 };
    int64_t local = utc_ms + ((int64_t)offset_minutes - day_starts_minutes) * 60000;
    int64_t days = local / MS_PER_DAY - (local % MS_PER_DAY < 0);
    return days - KW_FIRST_DAY;
}

static int offset_minutes(const struct kw_shop_days *days, int64_t utc_ms)
{
    return (int)(kw_zone_offset(days->zone, utc_ms / 1000) / 60);
}

int64_t kw_shop_day(const struct kw_shop_days *days, int64_t utc_ms)
{
    return kw_business_day(utc_ms, offset_minutes(days, utc_ms), days->day_starts_minutes);
}

int64_t kw_till_day(const struct kw_shop_days *days, int64_t utc_ms, int64_t sale_ms, int sale_offset_minutes)
{
    int apart = sale_offset_minutes - offset_minutes(days, sale_ms);
    return kw_business_day(utc_ms, offset_minutes(days, utc_ms) + apart, days->day_starts_minutes);
}

static int digits(const char *text, int count)
{
    int value = 0;
    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + text[i] - '0';
    }
    return value;
}

bool kw_dated_line(const char *line, int64_t *day, const char **text)
{
    enum { DATE_BYTES = 10 };
    if (strnlen(line, DATE_BYTES + 2) < DATE_BYTES + 2 || line[4] != '-' || line[7] != '-' || line[DATE_BYTES] != ' ')
        return false;
    int year = digits(line, 4), month = digits(line + 5, 2), date = digits(line + 8, 2), found[3];
    if (year < 0 || month < 1 || date < 1)
        return false;
    int64_t days = kw_civil_to_days(year, month, date);
    kw_days_to_civil(days, &found[0], &found[1], &found[2]);
    *day = days - KW_FIRST_DAY;
    *text = line + DATE_BYTES + strspn(line + DATE_BYTES, " ");
    return found[0] == year && found[1] == month && found[2] == date && **text;
}
