/* zone.h - local times of a named zone to UTC and back, by the system's zone files; nothing global is changed. */
#ifndef KW_BASE_ZONE_H
#define KW_BASE_ZONE_H

#include "base/clock.h"
#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

struct kw_zone;

/* "Europe/Warsaw", "UTC", "+02:00", NULL for this machine's own. INVALID when there is no such zone. */
int kw_zone_open(const char *name, struct kw_zone **zone, struct kw_error *error);
/* From the bytes of a zone file; NULL when they are none. */
struct kw_zone *kw_zone_parse(const uint8_t *bytes, size_t length);
void kw_zone_close(struct kw_zone *zone);

/*
 * Seconds since 1970 of a local time (also counted as if it were UTC). Returns how many moments bear that time: 1; 2
 * where clocks go back (both are filled, the earlier first); 0 where they go forward.
 */
int kw_zone_to_utc(const struct kw_zone *zone, int64_t local_s, int64_t utc_s[2]);
/* What local clocks add to UTC at that moment, in seconds. */
int64_t kw_zone_offset(const struct kw_zone *zone, int64_t utc_s);
/*
 * Fills in what a time does not tell itself: local clocks of a moment, or the moment of a local time. Returns how many
 * moments it can be, as above; of two it is the earlier, and at 0 the time stays as it was.
 */
int kw_zone_settle(const struct kw_zone *zone, struct kw_time *time);

#endif
