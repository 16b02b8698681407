/* decimal.c - exact decimals as a whole part and millionths. */
#include "base/decimal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MILLION = 1000000 };

static size_t digits_at(const char *text, size_t length, size_t from)
{
    size_t at = from;
    while (at < length && text[at] >= '0' && text[at] <= '9')
        at++;
    return at - from;
}

bool kw_decimal_parse(const char *text, size_t length, int max_places, struct kw_decimal *value)
{
    size_t at = 0;
    bool negative = length > 0 && text[0] == '-';
    at += negative;
    size_t whole_digits = digits_at(text, length, at);
    if (whole_digits < 1 || whole_digits > KW_DECIMAL_DIGITS)
        return false;
    int64_t whole = 0;
    for (size_t end = at + whole_digits; at < end; at++)
        whole = whole * 10 + (text[at] - '0');
    int32_t micro = 0;
    size_t places = 0;
    if (at < length) {
        if (text[at] != '.')
            return false;
        places = digits_at(text, length, ++at);
        if (places < 1 || places > (size_t)max_places || places > KW_DECIMAL_PLACES || at + places != length)
            return false;
        for (size_t i = 0; i < KW_DECIMAL_PLACES; i++)
            micro = micro * 10 + (i < places ? text[at + i] - '0' : 0);
    }
    *value = (struct kw_decimal){ negative ? -whole : whole, negative ? -micro : micro, (uint8_t)places };
    return true;
}

struct kw_decimal kw_decimal_add(struct kw_decimal a, struct kw_decimal b)
{
    int64_t micro = (int64_t)a.micro + b.micro;
    int64_t whole;
    if (__builtin_add_overflow(a.whole, b.whole, &whole) || __builtin_add_overflow(whole, micro / MILLION, &whole))
        return a;
    micro %= MILLION;
    if (whole > 0 && micro < 0) {
        whole--;
        micro += MILLION;
    } else if (whole < 0 && micro > 0) {
        whole++;
        micro -= MILLION;
    }
    return (struct kw_decimal){ whole, (int32_t)micro, a.places > b.places ? a.places : b.places };
}

struct kw_decimal kw_decimal_negate(struct kw_decimal a)
{
    return (struct kw_decimal){ -a.whole, -a.micro, a.places };
}

struct kw_decimal kw_decimal_times(struct kw_decimal a, struct kw_decimal b, int64_t *below)
{
    int64_t crossed = a.whole * b.micro + b.whole * a.micro, small = (int64_t)a.micro * b.micro;
    struct kw_decimal product = { .whole = a.whole * b.whole };
    product = kw_decimal_add(product, (struct kw_decimal){ crossed / MILLION, (int32_t)(crossed % MILLION), 0 });
    if (below)
        *below = small % MILLION;
    return kw_decimal_add(product, (struct kw_decimal){ 0, (int32_t)(small / MILLION), 0 });
}

struct kw_decimal kw_decimal_round(struct kw_decimal a, int places)
{
    int32_t unit = MILLION;
    for (int i = 0; i < places && i < KW_DECIMAL_PLACES; i++)
        unit /= 10;
    int32_t rest = a.micro % unit, half = unit / 2;
    a.micro -= rest;
    if (unit > 1 && abs((int)rest) >= half)
        return kw_decimal_add(a, (struct kw_decimal){ rest < 0 ? -(unit / MILLION) : unit / MILLION,
                                                      rest < 0 ? -(unit % MILLION) : unit % MILLION, 0 });
    return a;
}

int kw_decimal_compare(struct kw_decimal a, struct kw_decimal b)
{
    if (a.whole != b.whole)
        return a.whole < b.whole ? -1 : 1;
    return (a.micro > b.micro) - (a.micro < b.micro);
}

static bool is_negative(struct kw_decimal a)
{
    return a.whole < 0 || a.micro < 0;
}

void kw_decimal_text(struct kw_decimal a, int places, char out[32])
{
    if (places < 0)
        places = 0;
    if (places > KW_DECIMAL_PLACES)
        places = KW_DECIMAL_PLACES;
    char fraction[8];
    snprintf(fraction, sizeof fraction, "%06d", abs((int)a.micro) % MILLION);
    fraction[places] = 0;
    snprintf(out, 32, "%s%" PRId64 "%s%s", is_negative(a) ? "-" : "", a.whole < 0 ? -a.whole : a.whole,
             places ? "." : "", fraction);
}
