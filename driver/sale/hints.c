/* hints.c - what was probably meant by a field, an amount or a time that is wrong; asked only when one is. */
#include "sale/read.h"

#include "base/clock.h"
#include "base/plain.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* In the row: pointers would be relocated at every start. */
enum { WORD_BYTES = 16 };

const char *kw_hint_field(enum object_id object, const char *written)
{
    static const struct { enum object_id object; char written[WORD_BYTES], meant[WORD_BYTES]; } slips[] = {
#define SLIP(object, written, meant) { OBJECT_##object, written, meant },
#include "sale/slips.def"
#undef SLIP
    };
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
        if (slips[i].object == object && strcmp(slips[i].written, written) == 0)
            return slips[i].meant;
    return NULL;
}

const char *kw_hint_word(const char *written)
{
    static const struct { char written[WORD_BYTES], meant[WORD_BYTES]; } slips[] = {
#define WORD_SLIP(written, meant) { written, meant },
#include "sale/slips.def"
#undef WORD_SLIP
    };
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
        if (strcmp(slips[i].written, written) == 0)
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

/* The ten digits of another script, the minus of typographers and of accountants as ASCII has them. */
static void plain_number(const char *text, char out[KW_HINT_NUMBER])
{
    static const uint32_t zeros[] = { 0x0660, 0x06F0, 0x0966, 0x09E6, 0xFF10 };
    size_t length = strlen(text), at = 0, to = 0;
    bool negative = length > 1 && (text[length - 1] == '-' || (text[0] == '(' && text[length - 1] == ')'));
    if (negative)
        out[to++] = '-';
    while (at < length && to + 1 < KW_HINT_NUMBER) {
        uint32_t code = kw_utf8_next(text, length, &at);
        for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
            if (code >= zeros[i] && code < zeros[i] + 10)
                code = '0' + code - zeros[i];
        code = code == 0x066B ? '.' : code == 0x2212 ? '-' : code;      /* the decimal point of Arabic */
        if (code < 0x80)
            out[to++] = (char)code;
    }
    out[to] = 0;
}

/* The digits of a number without its sign; *point is how many stand before the decimal sign. -1: it is none. */
static int digits_of(const char *text, size_t length, char out[KW_HINT_NUMBER], int *point)
{
    int count = 0;
    *point = -1;
    for (size_t i = 0; i < length; i++) {
        if (text[i] >= '0' && text[i] <= '9' && count < KW_HINT_NUMBER)
            out[count++] = text[i];
        else if ((text[i] == '.' || text[i] == ',') && *point < 0)
            *point = count;
        else
            return -1;
    }
    *point = *point < 0 ? count : *point;
    return count;
}

/* 1e3 and 2.5E-1, written out; false when it is none. */
static bool write_out(const char *text, char out[KW_HINT_NUMBER])
{
    enum { MOST = 15 };
    char digits[KW_HINT_NUMBER], *end;
    int to = 0, point, sign = *text == '-' || *text == '+';
    size_t mantissa = strcspn(text + sign, "eE") + (size_t)sign;
    long exponent = text[mantissa] ? strtol(text + mantissa + 1, &end, 10) : 0;
    int count = digits_of(text + sign, mantissa - (size_t)sign, digits, &point);
    if (count < 1 || !text[mantissa] || *end || exponent > MOST || exponent < -MOST || count > MOST)
        return false;
    point += (int)exponent;
    if (*text == '-')
        out[to++] = '-';
    for (int i = point < 1 ? point - 1 : 0; i < point || i < count; i++) {     /* one digit before the point is shown */
        if (i == point)
            out[to++] = '.';
        out[to++] = i >= 0 && i < count ? digits[i] : '0';
    }
    out[to] = 0;
    return true;
}

/* Whether the digits are one number: between them stand only signs that part groups of two or three digits. Of "1/2",
   and of more decimals than there may be, nothing is guessed. */
static bool is_one_number(const char *text, const char *decimals)
{
    const char *at = text + strcspn(text, "0123456789");
    for (;;) {
        at += strspn(at, "0123456789");
        const char *next = at + strcspn(at, "0123456789");
        size_t digits = strspn(next, "0123456789");
        if (!digits)
            return true;
        if (strspn(at, " .,'_") != (size_t)(next - at) || (next - 1 != decimals && (digits < 2 || digits > 3)))
            return false;
        at = next;
    }
}

/* An amount in ASCII with other signs taken out; its last point or comma begins the decimals. */
static bool take_signs_out(const char *text, int max_places, char out[KW_HINT_NUMBER])
{
    const char *decimals = decimals_of(text, max_places);
    struct kw_decimal value;
    size_t length = 0;
    for (const char *at = text; *at && length + 2 < KW_HINT_NUMBER; at++) {
        if (at == decimals) {
            if (length == 0 || out[length - 1] == '-')
                out[length++] = '0';
            out[length++] = '.';
        } else if ((*at >= '0' && *at <= '9') || (*at == '-' && length == 0)) {
            out[length++] = *at;
        }
    }
    out[length] = 0;
    return is_one_number(text, decimals) && kw_decimal_parse(out, length, max_places, &value);
}

/* A number of a program: what stands behind its point are decimals, however many. */
static bool take_exactly(const char *text, int max_places, char out[KW_HINT_NUMBER])
{
    return (decimals_of(text, max_places) || !strpbrk(text, ".,")) && take_signs_out(text, max_places, out);
}

bool kw_hint_number(const char *text, int max_places, char out[KW_HINT_NUMBER])
{
    char plain[KW_HINT_NUMBER], written[KW_HINT_NUMBER];
    plain_number(text, plain);
    return write_out(plain, written) ? take_exactly(written, max_places, out) : take_signs_out(plain, max_places, out);
}

bool kw_hint_real(double number, int max_places, char out[KW_HINT_NUMBER])
{
    char text[KW_HINT_NUMBER], written[KW_HINT_NUMBER];
    kw_plain_text(text, sizeof text, "%.15g", number);
    return take_exactly(write_out(text, written) ? written : text, max_places, out);
}

static int days_of(int year, int month)
{
    int64_t next = month == 12 ? kw_civil_to_days(year + 1, 1, 1) : kw_civil_to_days(year, month + 1, 1);
    return (int)(next - kw_civil_to_days(year, month, 1));
}

/* Of a time that is right as far as `text`, where its offset should stand. */
static bool hint_offset(const char *text, char out[KW_HINT_TIME])
{
    int hours, minutes, end = 0;
    char sign[2];
    text += *text == '.' ? 1 + strspn(text + 1, "0123456789") : 0;
    if (sscanf(text, "%1[+-]%2d%2d%n", sign, &hours, &minutes, &end) == 3 && !text[end])
        snprintf(out, KW_HINT_TIME, "the offset is written %s%02d:%02d", sign, hours, minutes);
    else if (*text)
        snprintf(out, KW_HINT_TIME, "behind the seconds stands an offset such as +01:00, or Z");
    return *text != 0;
}

bool kw_hint_time(const char *text, char out[KW_HINT_TIME])
{
    int year, month, day, hour, minute, second, end = 0;
    int found = sscanf(text, "%4d-%2d-%2d%*[Tt ]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &end);
    if (found == 5)
        snprintf(out, KW_HINT_TIME, "the seconds are missing");
    if (found != 6)
        return found == 5;
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
    return hint_offset(text + end, out);
}
