/* times.h - the times that exports write, to moments. */
#ifndef KW_ANSWERS_TIMES_H
#define KW_ANSWERS_TIMES_H

#include "base/zone.h"

#include <stdbool.h>
#include <stdint.h>

enum kw_clock_change { KW_CLOCK_ASK, KW_CLOCK_FIRST, KW_CLOCK_SECOND };

struct kw_time_rules {
    const struct kw_zone *zone;     /* of times without an offset */
    const char *dates;              /* "dmy", "mdy", "ymd", "" not known: what can be read two ways is an error */
    int clock_change;               /* which of two moments where clocks go back */
    bool since_1904;                /* bare numbers count days from 1904 on, as some workbooks do */
};

/*
 * Milliseconds UTC; 0 for an empty cell and for 1980-01-01, which stands for unknown. NULL, or what is wrong:
 * kw_time_two_ways itself where nobody said in which order the file writes its dates.
 */
extern const char kw_time_two_ways[];
const char *kw_value_time(const char *text, const struct kw_time_rules *rules, int64_t *utc_ms);

#endif
