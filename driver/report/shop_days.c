/* shop_days.c - a moment's day: the zone's offset then, and when the shop's days begin. */
#include "report/shop_days.h"

#include "journal/touchpoint.h"
#include "survey/survey.h"

static int offset_minutes(const struct kw_shop_days *days, int64_t utc_ms)
{
    return (int)(kw_zone_offset(days->zone, utc_ms / 1000) / 60);
}

int64_t kw_shop_day(const struct kw_shop_days *days, int64_t utc_ms)
{
    return kw_business_day(utc_ms, offset_minutes(days, utc_ms), days->day_starts_minutes);
}

static int64_t day_at_till(const void *data, int64_t utc_ms, const struct kw_touchpoint *sale)
{
    const struct kw_shop_days *days = data;
    int apart = sale->offset_minutes - offset_minutes(days, sale->ts_ms);
    return kw_business_day(utc_ms, offset_minutes(days, utc_ms) + apart, days->day_starts_minutes);
}

struct kw_day_clock kw_day_clock_of(const struct kw_shop_days *days)
{
    return (struct kw_day_clock){ day_at_till, days };
}
