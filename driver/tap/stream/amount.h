/* amount.h - sums of money in a folded line. */
#ifndef KW_TAP_STREAM_AMOUNT_H
#define KW_TAP_STREAM_AMOUNT_H

#include "tap/stream/words.h"

struct kw_amount {
    const char *from;
    size_t length;
    bool decimals, negative;
    bool foreign;                   /* of another currency than the shop's */
    bool thousandths;               /* of a currency that has them */
};

/* The last amount of the text; of the shop's money, where there is such. */
bool kw_amount_find(const struct kw_tap_words *rows, const char *text, struct kw_amount *amount);
/* "1234.50", whatever marks stand in it; NULL without memory. */
const char *kw_amount_plain(struct kw_arena *arena, const struct kw_amount *amount);

#endif
