/* base64.c - six bits a sign. */
#include "base/base64.h"

#include <string.h>

enum { NOTHING = -1, NO_DIGIT = -2 };

static int digit_of(char sign)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = sign ? strchr(digits, sign) : NULL;
    return at ? (int)(at - digits) : sign && strchr("= \t\r\n", sign) ? NOTHING : NO_DIGIT;
}

long kw_base64_decode(const char *text, size_t length, uint8_t *out)
{
    uint32_t bits = 0;
    int held = 0;
    long count = 0;
    for (size_t i = 0; i < length; i++) {
        int digit = digit_of(text[i]);
        if (digit == NO_DIGIT)
            return -1;
        if (digit == NOTHING)
            continue;
        bits = bits << 6 | (uint32_t)digit;
        held += 6;
        if (held >= 8) {
            held -= 8;
            out[count++] = (uint8_t)(bits >> held);
        }
    }
    return count;
}
