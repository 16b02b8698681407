/* currency.c - the decimals of a currency and which one a sign means, from the rows of data/currencies.def. */
#include "sale/sale.h"

#include <string.h>

enum { SIGN_BYTES = 12 };

/* The words lie in the row: a pointer would be one more thing to relocate at every start. */
static const struct { char code[4]; signed char exponent; char sign[SIGN_BYTES], home[SIGN_BYTES]; } currencies[] = {
#define CURRENCY(code, exponent, shown, sign, home) { code, exponent, sign, home },
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

const char *kw_currency_of_sign(const char *sign)
{
    const char *at_home = NULL;
    for (size_t i = 0; i < sizeof currencies / sizeof currencies[0]; i++) {
        if (strcmp(currencies[i].sign, sign) == 0)
            return currencies[i].code;
        if (!at_home && strcmp(currencies[i].home, sign) == 0)
            at_home = currencies[i].code;
    }
    return at_home;
}
