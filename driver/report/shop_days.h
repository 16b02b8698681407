/* shop_days.h - which business day of the shop a moment belongs to, by its own clocks at that moment. */
#ifndef KW_REPORT_SHOP_DAYS_H
#define KW_REPORT_SHOP_DAYS_H

#include "report/zone.h"

struct kw_shop_days { const struct kw_zone *zone; int day_starts_minutes; };
/* data: a struct kw_shop_days, so that a kw_day_clock can hold it. */
int64_t kw_shop_day(const void *data, int64_t utc_ms);

#endif
