/* shop_days.c - a moment's day: the zone's offset then, and when the shop's days begin. */
#include "base/shop_days.h"

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
