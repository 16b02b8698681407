/* shop_days.h - which business day of the shop a moment belongs to, by its own clocks at that moment. */
#ifndef KW_REPORT_SHOP_DAYS_H
#define KW_REPORT_SHOP_DAYS_H

#include "journal/answers.h"
#include "base/zone.h"

struct kw_shop_days { const struct kw_zone *zone; int day_starts_minutes; };
int64_t kw_shop_day(const struct kw_shop_days *days, int64_t utc_ms);
/*
 * For judging answers. A till whose clock stood apart from the shop's when it made a sale (another zone of a chain) is
 * taken to stand as far apart at any other moment. days must outlive the clock.
 */
struct kw_day_clock kw_day_clock_of(const struct kw_shop_days *days);

#endif
