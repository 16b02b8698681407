/*
 * fuzz_gather.c - what a connection brings, parted as the first byte says: receipts and questions are the same however
 * the bytes came, and no byte of them is lost or there twice; nor where it goes out as it comes, when what may go out
 * only grows and is never all.
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

/* Where ink behind a cut is the next receipt's, all receipts together. */
static size_t kept_of_all(const uint8_t *data, size_t size, size_t part)
{
    struct kw_gather gather;
    size_t jobs = 0, free = 0;
    kw_gather_begin(&gather);
    for (size_t at = 0; at < size; at += part) {
        gather.goes_on = true;
        kw_gather_feed(&gather, data + at, part < size - at ? part : size - at);
        if (gather.free < free || gather.free > gather.job.length)
            abort();
        for (free = gather.free; gather.parted; free = gather.free) {
            kw_gather_close(&gather);
            jobs += gather.job.length + gather.after.length;
            kw_gather_next(&gather);
            gather.goes_on = true;
        }
    }
    gather.parted = false;
    kw_gather_close(&gather);
    jobs += kept(&gather);
    kw_gather_end(&gather);
    return jobs;
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
    if (kept(&whole) != size - 1 || kept_of_all(data + 1, size - 1, part) != size - 1)
        abort();
    kw_gather_end(&whole);
    kw_gather_end(&parted);
    return 0;
}
