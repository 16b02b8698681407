/* durations.h - times that passed between two moments. */
#ifndef KW_REPORT_DURATIONS_H
#define KW_REPORT_DURATIONS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Seconds, in the report's arena. */
struct kw_durations { double *seconds; size_t count, capacity; };

/* False: out of memory. */
bool kw_duration_add(struct kw_arena *arena, struct kw_durations *list, int64_t from_ms, int64_t until_ms);
/* Sorts them; -1: there are none. */
double kw_median(const struct kw_durations *list);

#endif
