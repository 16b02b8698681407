/* shop_days.h - which business day of the shop a moment belongs to, by its own clocks at that moment. */
#ifndef KW_BASE_SHOP_DAYS_H
#define KW_BASE_SHOP_DAYS_H

#include "base/zone.h"

/* Business days are counted from 2024-01-01; so many days lie between 1970-01-01 and that one. */
enum { KW_FIRST_DAY = 19723 };

/* "2026-11-20 text": the business day of that date, and the text behind it. False for anything else. */
bool kw_dated_line(const char *line, int64_t *day, const char **text);

/* Of a moment at an offset from UTC, by the minute at which days begin. */
int64_t kw_business_day(int64_t utc_ms, int offset_minutes, int day_starts_minutes);

struct kw_shop_days { const struct kw_zone *zone; int day_starts_minutes; };
int64_t kw_shop_day(const struct kw_shop_days *days, int64_t utc_ms);
/*
 * The day of a moment at the till that made a sale then, with that offset. One that stood apart from the shop's clock
 * (another zone of a chain) is taken to stand as far apart at any other moment.
 */
int64_t kw_till_day(const struct kw_shop_days *days, int64_t utc_ms, int64_t sale_ms, int sale_offset_minutes);

#endif
