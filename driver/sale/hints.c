/* hints.c - what was probably meant by a field, an amount or a time that is wrong; asked only when one is. */
#include "sale/read.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

const char *kw_hint_field(enum object_id object, const char *written)
{
    static const struct { enum object_id object; const char *written, *meant; } slips[] = {
#define SLIP(object, written, meant) { OBJECT_##object, written, meant },
#include "sale/slips.def"
#undef SLIP
    };
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
        if (slips[i].object == object && strcmp(slips[i].written, written) == 0)
            return slips[i].meant;
    return NULL;
}

/* Where the decimals begin: at the last point or comma, unless more digits follow than there may be decimals. */
static const char *decimals_of(const char *text, int max_places)
{
    const char *last = NULL;
    for (const char *at = text; *at; at++)
        if (*at == '.' || *at == ',')
            last = at;
    size_t digits = last ? strspn(last + 1, "0123456789") : 0;
    return digits > 0 && digits <= (size_t)max_places ? last : NULL;
}

bool kw_hint_number(const char *text, int max_places, char out[KW_HINT_NUMBER])
{
    const char *decimals = decimals_of(text, max_places);
    struct kw_decimal value;
    size_t length = 0;
    for (const char *at = text; *at && length + 1 < KW_HINT_NUMBER; at++) {
        if ((*at >= '0' && *at <= '9') || (*at == '-' && length == 0))
            out[length++] = *at;
        else if (at == decimals)
            out[length++] = '.';
    }
    out[length] = 0;
    return kw_decimal_parse(out, length, max_places, &value);
}

static int days_of(int year, int month)
{
    int64_t next = month == 12 ? kw_civil_to_days(year + 1, 1, 1) : kw_civil_to_days(year, month + 1, 1);
    return (int)(next - kw_civil_to_days(year, month, 1));
}

bool kw_hint_time(const char *text, char out[KW_HINT_TIME])
{
    int year, month, day, hour, minute, second;
    if (sscanf(text, "%4d-%2d-%2d%*[Tt ]%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second) != 6)
        return false;
    int days = month >= 1 && month <= 12 ? days_of(year, month) : 31;
    const struct { const char *name; int value, least, most; } parts[] = {
        { "month", month, 1, 12 }, { "day", day, 1, days }, { "hour", hour, 0, 23 }, { "minute", minute, 0, 59 },
        { "second", second, 0, 60 },
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].value < parts[i].least || parts[i].value > parts[i].most) {
            snprintf(out, KW_HINT_TIME, "the %s is %02d, and may be %02d to %02d", parts[i].name, parts[i].value,
                     parts[i].least, parts[i].most);
            return true;
        }
    }
    return false;
}
