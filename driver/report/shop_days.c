/* shop_days.c - a moment's day: the zone's offset then, and when the shop's days begin. */
#include "report/shop_days.h"

#include "survey/survey.h"

int64_t kw_shop_day(const void *data, int64_t utc_ms)
{
    const struct kw_shop_days *days = data;
    int64_t offset_s = kw_zone_offset(days->zone, utc_ms / 1000);
    return kw_business_day(utc_ms, (int)(offset_s / 60), days->day_starts_minutes);
}
