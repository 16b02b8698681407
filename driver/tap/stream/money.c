/* money.c - "EUR 12.50", "12.50 €": codes of ISO 4217, and signs, on either side of a number. */
#include "tap/stream/money.h"

#include "base/fold.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define CURRENCY(code, decimals, shown, sign, home) { code, sign, home },
static const struct { char code[4], sign[8], home[12]; } currencies[] = {
#include "data/currencies.def"
};
#undef CURRENCY
enum { CURRENCIES = sizeof currencies / sizeof currencies[0] };

static bool is_of_mark(char letter)
{
    return isalpha((unsigned char)letter) || letter == '$' || (unsigned char)letter >= 0x80;
}

static bool is_sign(const char *sign, const char *mark, size_t length)
{
    return strcspn(sign, ".") == length && memcmp(sign, mark, length) == 0;
}

static bool is_own_sign(const char *sign, const char *mark, size_t length)
{
    char folded[KW_FOLD];
    kw_fold(sign, folded);
    kw_fold_plain(folded);
    return is_sign(folded, mark, length);
}

static bool is_own(const char *own, const char *mark, size_t length)
{
    if (length == 3 && strncasecmp(own, mark, length) == 0)
        return true;
    for (size_t i = 0; i < CURRENCIES; i++)
        if (strcmp(currencies[i].code, own) == 0)
            return is_own_sign(currencies[i].sign, mark, length) || is_own_sign(currencies[i].home, mark, length);
    return false;
}

/* Other currencies by their code, or a sign that is no letters: those may be a rate of tax, or a word. */
static bool is_another(const char *mark, size_t length)
{
    size_t letters = 0;
    while (letters < length && isalpha((unsigned char)mark[letters]))
        letters++;
    if (letters == length && length != 3)
        return false;
    for (size_t i = 0; i < CURRENCIES; i++)
        if (letters == length ? strncasecmp(currencies[i].code, mark, length) == 0
            : is_sign(currencies[i].sign, mark, length) || is_sign(currencies[i].home, mark, length))
            return true;
    return false;
}

enum whose { NOBODYS, OWN, FOREIGN };

static enum whose whose_is(const char *own, const char *mark, size_t length)
{
    if (length == 0 || length >= sizeof currencies[0].home)
        return NOBODYS;
    return is_own(own, mark, length) ? OWN : is_another(mark, length) ? FOREIGN : NOBODYS;
}

bool kw_money_is_foreign(const char *own, const char **from, const char *number, size_t length)
{
    const char *end = number, *behind = number + length;
    while (end > *from && strchr(" :=(+-", end[-1]))
        end--;
    const char *before = end;
    while (before > *from && is_of_mark(before[-1]))
        before--;
    enum whose whose = whose_is(own, before, (size_t)(end - before));
    *from = behind;
    if (whose != NOBODYS)
        return whose == FOREIGN;
    behind += strspn(behind, " ");
    for (length = 0; is_of_mark(behind[length]);)
        length++;
    whose = whose_is(own, behind, length);
    *from = whose == NOBODYS ? *from : behind + length;
    return whose == FOREIGN;
}
