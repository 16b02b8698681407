/*
 * retry.h - the same paper again: whether its program only tries once more, for nobody has told it that the first came
 * out. What tells that must not depend on a receipt's having been read in time, either time.
 */
#ifndef KW_API_TAP_RETRY_H
#define KW_API_TAP_RETRY_H

#include "api/call.h"
#include "api/stream.h"

struct kw_retry {
    struct kw_call *call;
    const struct kw_config_tap *tap;
    const struct kw_stream_body *body;  /* as it came */
    bool strong;                        /* two alike are the same sale */
    bool read;                          /* looking at it was not given up */
    const char *again;                  /* what names the try; NULL: nothing */
    int64_t killed_ms;                  /* see kw_tap_way */
    bool out;                           /* a part of it is on paper: it is no other try of anything */
};

/* Whether this is another try of that sale's last job. */
int kw_retry_is(const struct kw_retry *retry, const struct kw_sale_row *sale, bool *is);
/*
 * The sale of the same bytes that goes by another name than these would be given, for one of both was not read;
 * *is: this is another try of it. Without *is there is no sale.
 */
int kw_retry_of_bytes(const struct kw_retry *retry, struct kw_sale_row *sale, bool *is);

/* Whether its body, of which only the begin has come, may still become that of another try. */
int kw_retry_may_be(const struct kw_retry *retry, bool *may);

#endif
