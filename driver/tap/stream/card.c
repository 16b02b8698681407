/* card.c - found by their length and their check digit (ISO/IEC 7812, Luhn). */
#include "tap/stream/card.h"

enum { LEAST = 13, MOST = 19, SHOWN = 4 };

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool checks(const uint8_t digits[MOST], size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = digits[count - 1 - i] - '0';
        digit = i % 2 ? digit * 2 : digit;
        sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 == 0;
}

/* The places of up to MOST digits from here on, with at most one blank or hyphen between two. */
static size_t digits_at(const uint8_t *bytes, size_t length, size_t from, uint8_t digits[MOST], size_t places[MOST])
{
    size_t count = 0;
    for (size_t at = from; at < length && count < MOST; at++) {
        bool parts = count > 0 && (bytes[at] == ' ' || bytes[at] == '-') && at + 1 < length && is_digit(bytes[at + 1]);
        if (!is_digit(bytes[at]) && !parts)
            break;
        if (is_digit(bytes[at]))
            digits[count] = bytes[at], places[count++] = at;
    }
    return count;
}

/* How many digits the card's number that begins here has; 0: none does. Other numbers may stand beside it. */
static size_t card_at(const uint8_t *bytes, size_t length, size_t from, size_t places[MOST])
{
    uint8_t digits[MOST];
    bool within = !is_digit(bytes[from]) || (from > 0 && is_digit(bytes[from - 1]));
    size_t count = within ? 0 : digits_at(bytes, length, from, digits, places);
    for (; count >= LEAST; count--) {
        size_t behind = places[count - 1] + 1;
        if ((behind == length || !is_digit(bytes[behind])) && checks(digits, count))
            return count;
    }
    return 0;
}

bool kw_card_is_one(const char *text, size_t length)
{
    size_t places[MOST], count = length > 0 ? card_at((const uint8_t *)text, length, 0, places) : 0;
    return count > 0 && places[count - 1] + 1 == length;
}

bool kw_card_stands(const uint8_t *bytes, size_t length)
{
    size_t places[MOST];
    for (size_t at = 0; at < length; at++)
        if (card_at(bytes, length, at, places) > 0)
            return true;
    return false;
}

size_t kw_card_mask(uint8_t *bytes, size_t length)
{
    size_t found = 0, places[MOST];
    for (size_t at = 0; at < length; at++) {
        size_t count = card_at(bytes, length, at, places);
        for (size_t i = 0; i + SHOWN < count; i++)
            bytes[places[i]] = 'x';
        found += count > 0;
    }
    return found;
}
