/* ranges.h - rows that stand for ranges of code points, in their order: the one that holds a code point. */
#ifndef KW_TEXT_RANGES_H
#define KW_TEXT_RANGES_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* What such a row begins with. */
struct kw_range { uint32_t first, last; };

static inline int kw_range_compare(const void *code, const void *row)
{
    const struct kw_range *range = row;
    uint32_t wanted = *(const uint32_t *)code;
    return wanted < range->first ? -1 : wanted > range->last;
}

/* The row of an array of so many rows, NULL where none holds the code point. */
static inline const void *kw_range_find(uint32_t code, const void *rows, size_t count, size_t size)
{
    return bsearch(&code, rows, count, size, kw_range_compare);
}

#endif
