/* ranges.h - rows that stand for ranges of code points, in their order: the one that holds a code point. */
#ifndef KW_TEXT_RANGES_H
#define KW_TEXT_RANGES_H

#include <stddef.h>
#include <stdint.h>

/* What such a row begins with. */
struct kw_range { uint32_t first, last; };

/* The row that holds the code point, the last to begin before it; NULL where none does. */
static inline const void *kw_range_find(uint32_t code, const void *rows, size_t count, size_t size)
{
    const char *row = rows;
    for (size_t half = count / 2; half > 0; count -= half, half = count / 2) {
        const struct kw_range *middle = (const void *)(row + half * size);
        row = middle->first <= code ? (const char *)middle : row;
    }
    const struct kw_range *last = (const void *)row;
    return count > 0 && last->first <= code && code <= last->last ? row : NULL;
}

#endif
