/* decimal.h - exact decimal amounts and quantities; never a float. */
#ifndef KW_BASE_DECIMAL_H
#define KW_BASE_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KW_DECIMAL_DIGITS = 15, KW_DECIMAL_PLACES = 6 };

/* Both parts carry the sign; |micro| < 1,000,000. `places` is how many decimals were written. */
struct kw_decimal {
    int64_t whole;
    int32_t micro;
    uint8_t places;
};

/* Strict: -?[0-9]{1,15}(\.[0-9]{1,max_places})? and nothing else. False leaves *value alone. */
bool kw_decimal_parse(const char *text, size_t length, int max_places, struct kw_decimal *value);
/* Stays at a when the sum is beyond what 64 bits hold, which takes thousands of the largest amounts. */
struct kw_decimal kw_decimal_add(struct kw_decimal a, struct kw_decimal b);
struct kw_decimal kw_decimal_negate(struct kw_decimal a);
/*
 * The product of two that are below 10^9, cut to millionths; *below (NULL: nobody asks) is what is left of it, in
 * millionths of a millionth.
 */
struct kw_decimal kw_decimal_times(struct kw_decimal a, struct kw_decimal b, int64_t *below);
/* To so many decimals (0..6), half a unit away from zero. */
struct kw_decimal kw_decimal_round(struct kw_decimal a, int places);
int kw_decimal_compare(struct kw_decimal a, struct kw_decimal b);          /* <0, 0, >0 */
/* "-1234.50" with exactly `places` decimals (0..6), cut, not rounded. out holds at least 32 bytes. */
void kw_decimal_text(struct kw_decimal a, int places, char out[32]);

#endif
