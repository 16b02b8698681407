/* amount.c - numbers that are sums of money, as people write them. */
#include "tap/stream/amount.h"

#include "tap/stream/look.h"
#include "tap/stream/money.h"

#include <ctype.h>
#include <string.h>

static size_t number_at(const char *text)
{
    size_t length = 0;
    while (isdigit((unsigned char)text[length])
           || (length > 0 && text[length] && strchr(".,'", text[length]) && isdigit((unsigned char)text[length + 1]))
           || (length > 0 && text[length] == ' ' && strspn(text + length + 1, "0123456789") == 3))
        length++;
    return length;
}

/* What stands behind a number without decimals decides whether it is an amount: "3 items" is none. */
static bool counts_things(const struct kw_tap_words *rows, const char *behind)
{
    struct kw_tap_hit hit;
    behind += strspn(behind, " ");
    return *behind == '%' || (kw_tap_find(rows, KW_TAP_COUNT, behind, &hit) && hit.at == behind);
}

/* "-2.00", "2.00-", "(2.00)", "2.00 CR"; "-- 2.00 --" is a frame. */
static bool is_negative(const char *text, const char *before, const char *behind)
{
    char first = before > text ? before[-1] : ' ';
    if ((first == '-' && before - text > 1 && before[-2] == '-') || (behind[0] == '-' && behind[1] == '-'))
        return false;
    const char *next = behind + strspn(behind, " ");
    bool credit = strncmp(next, "cr", 2) == 0 && (next[2] == 0 || next[2] == ' ');
    return first == '-' || *behind == '-' || (first == '(' && *next == ')') || credit;
}

/* ".50": a point that stands where an amount begins, and two digits. */
static bool begins_with_point(const char *text, const char *at, size_t length)
{
    bool point = length == 2 && at > text && (at[-1] == '.' || at[-1] == ',');
    return point && (at - 1 == text || at[-2] == ' ' || at[-2] == '$' || (unsigned char)at[-2] >= 0x80);
}

/* "12.50 (VAT 2.08)": what stands in brackets is said beside it. */
static bool is_aside(const char *text, const char *at)
{
    while (at > text && *at != '(' && *at != ')')
        at--;
    return *at == '(';
}

bool kw_amount_find(const struct kw_tap_words *rows, const char *text, struct kw_amount *amount)
{
    bool found = false;
    const char *said = text, *own = kw_tap_currency(rows);
    for (const char *at = text; *at;) {
        size_t length = number_at(at), part = length;
        if (length == 0) {
            at++;
            continue;
        }
        while (part > 0 && isdigit((unsigned char)at[part - 1]))
            part--;
        size_t digits = length - part;
        bool cents = begins_with_point(text, at, length);
        bool decimals = cents
            || (part > 0 && (at[part - 1] == '.' || at[part - 1] == ',') && digits >= 1 && digits <= 3);
        bool letter_before = at > text && isalpha((unsigned char)at[-1]);
        at -= cents, length += cents;
        if ((!letter_before || decimals) && (decimals || !counts_things(rows, at + length))
            && !(found && amount->decimals && is_aside(text, at))) {
            const char *before = at;
            while (before > text && before[-1] == ' ')
                before--;
            bool foreign = own && kw_money_is_foreign(own, &said, at, length);
            if (!foreign || !found || amount->foreign || amount->decimals < decimals)
                *amount = (struct kw_amount){ at, length, decimals, is_negative(text, before, at + length), foreign,
                                              kw_tap_exponent(rows) == 3 };
            found = true;
        }
        at += length;
    }
    return found;
}

/*
 * Three digits behind the last mark are thousands, but where the currency has as many decimals: then only behind a mark
 * that groups others, too.
 */
static bool has_decimals(const struct kw_amount *amount, size_t last)
{
    bool groups = last > 0 && memchr(amount->from, amount->from[last - 1], last - 1) != NULL;
    return last > 0 && (amount->length - last != 3 || (amount->thousandths && !groups));
}

/* "1.234,50", "1 234.50" and "1'234.50" are 1234.50. */
const char *kw_amount_plain(struct kw_arena *arena, const struct kw_amount *amount)
{
    char text[64];
    size_t made = 0, last = amount->length;
    while (last > 0 && !strchr(".,", amount->from[last - 1]))
        last--;
    bool decimals = has_decimals(amount, last);
    for (size_t i = 0; i < amount->length && made + 2 < sizeof text; i++) {
        if (isdigit((unsigned char)amount->from[i]))
            text[made++] = amount->from[i];
        else if (decimals && i + 1 == last) {
            if (made == 0)
                text[made++] = '0';
            text[made++] = '.';
        }
    }
    return kw_arena_copy(arena, text, made);
}

const char *kw_words_amount(const struct kw_tap_words *rows, const char *text, struct kw_arena *arena, bool *negative)
{
    struct kw_amount amount;
    *negative = false;
    if (!kw_amount_find(rows, text, &amount))
        return NULL;
    *negative = amount.negative;
    return kw_amount_plain(arena, &amount);
}
