/* digits.h - a whole number as text, by hand: what is mostly numbers would cost printf more than all the rest of it. */
#ifndef KW_BASE_DIGITS_H
#define KW_BASE_DIGITS_H

#include <stdint.h>

enum { KW_DIGITS = 24 };

/* The text stands at the end of the room, and lives as long as that. */
static inline const char *kw_digits(int64_t number, char room[KW_DIGITS])
{
    char *at = room + KW_DIGITS - 1;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    *at = 0;
    do
        *--at = (char)('0' + rest % 10);
    while (rest /= 10);
    if (number < 0)
        *--at = '-';
    return at;
}

/* In sixteens, with noughts before it where it is shorter than that. */
static inline const char *kw_hex_digits(uint64_t number, int shortest, char room[KW_DIGITS])
{
    char *const end = room + KW_DIGITS - 1, *at = end;
    *at = 0;
    for (; number || end - at < shortest; number >>= 4)
        *--at = "0123456789abcdef"[number & 15];
    return at;
}

#endif
