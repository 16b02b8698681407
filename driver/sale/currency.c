/* currency.c - the decimals of a currency, from the rows of data/currencies.def. */
#include "sale/sale.h"

#include <string.h>

static const struct { char code[4]; signed char exponent; } currencies[] = {
#define CURRENCY(code, exponent, shown, sign, home) { code, exponent },
#include "data/currencies.def"
#undef CURRENCY
};

int kw_currency_exponent(const char *code)
{
    for (size_t i = 0; i < sizeof currencies / sizeof currencies[0]; i++)
        if (strcmp(currencies[i].code, code) == 0)
            return currencies[i].exponent;
    return -1;
}
