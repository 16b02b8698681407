/*
 * fuzz_gather.c - what a connection brings, parted as the first byte says: receipts and questions are the same however
 * the bytes came, and no byte of them is lost or there twice.
 */
#include "tap/gather.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void gather_in_parts(struct kw_gather *gather, const uint8_t *data, size_t size, size_t part)
{
    kw_gather_begin(gather);
    for (size_t at = 0; at < size; at += part)
        kw_gather_feed(gather, data + at, part < size - at ? part : size - at);
}

static bool same(const struct kw_buffer *a, const struct kw_buffer *b)
{
    return a->length == b->length && (a->length == 0 || memcmp(a->data, b->data, a->length) == 0);
}

static size_t kept(const struct kw_gather *gather)
{
    return gather->job.length + gather->live.length + gather->after.length;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kw_gather whole, parted;
    if (size < 1 || size > KW_GATHER_DIALOGUE)
        return 0;
    size_t part = 1 + data[0] % 37u;
    gather_in_parts(&whole, data + 1, size - 1, size);
    gather_in_parts(&parted, data + 1, size - 1, part);
    kw_gather_close(&whole);
    kw_gather_close(&parted);
    if (!same(&whole.job, &parted.job) || !same(&whole.live, &parted.live) || !same(&whole.after, &parted.after))
        abort();
    if (memcmp(&whole.live_wanted, &parted.live_wanted, sizeof whole.live_wanted) != 0
        || memcmp(&whole.after_wanted, &parted.after_wanted, sizeof whole.after_wanted) != 0 || whole.asb != parted.asb)
        abort();
    if (kept(&whole) != size - 1)
        abort();
    kw_gather_end(&whole);
    kw_gather_end(&parted);
    return 0;
}
