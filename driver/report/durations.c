/* durations.c - seconds that passed, and their median. */
#include "report/durations.h"

#include <stdlib.h>

bool kw_duration_add(struct kw_arena *arena, struct kw_durations *list, int64_t from_ms, int64_t until_ms)
{
    double *grown = kw_arena_grow(arena, list->seconds, list->count, &list->capacity, sizeof *grown);
    if (!grown)
        return false;
    list->seconds = grown;
    grown[list->count++] = (double)(until_ms - from_ms) / 1000;
    return true;
}

static int by_value(const void *one, const void *two)
{
    double a = *(const double *)one, b = *(const double *)two;
    return (a > b) - (a < b);
}

double kw_median(const struct kw_durations *list)
{
    double *seconds = list->seconds;
    size_t middle = list->count / 2;
    if (list->count == 0)
        return -1;
    qsort(seconds, list->count, sizeof *seconds, by_value);
    return list->count % 2 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
}
