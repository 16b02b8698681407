/* through.c - from the first bytes of a receipt that is still open to its last. */
#include "api/tap/through.h"

#include "api/tap/retry.h"

enum { READY_MS = 2000, ATTEND_MS = 20, IDLE_MS = 200, SO_FAR_CEILING = 16 * 1024 * 1024 };

/* Copies what there is. */
static bool copy_so_far(struct kw_tap_queue *queue, struct kw_tap_queue_work *work, struct kw_buffer *so_far)
{
    struct kw_tap_queue_chunk chunk;
    do {
        kw_tap_queue_read(queue, work, so_far->length, false, 0, &chunk);
        kw_buffer_add(so_far, chunk.bytes, chunk.length);
    } while (chunk.open && chunk.length > 0 && !so_far->failed);
    return chunk.open && !so_far->failed;
}

static bool may_come_again(struct kw_tap_through *through, const struct kw_config_tap *tap,
                           const struct kw_buffer *so_far)
{
    const struct kw_stream_body body = { .bytes = so_far->data, .length = so_far->length, .till = tap->name };
    const struct kw_retry retry = { .call = &through->call, .tap = tap, .body = &body };
    bool may = true;
    return kw_retry_may_be(&retry, &may) < 0 || may;
}

static bool begin(struct kw_tap_through *through, const struct kw_tap_printer *where, const struct kw_config_tap *tap,
                  const struct kw_tap_between *between, const struct kw_buffer *so_far)
{
    struct kw_call *call = &through->call;
    if (kw_call_open(where->context, true, call) < 0 || call->unjournalled
        || kw_call_aim(call, where->printer) < 0 || call->unreachable || may_come_again(through, tap, so_far))
        return false;
    call->delivery.between = between->call;
    call->delivery.between_data = between->data;
    return kw_ahead_begin(&through->ahead, &call->delivery, kw_clock_boot_ms() + READY_MS, &call->error) == 0
        && through->ahead.session.link;
}

/* To its end; false: the printer came to its own before. */
static bool flow(struct kw_ahead *ahead, struct kw_tap_queue *queue, struct kw_tap_queue_work *work)
{
    struct kw_tap_queue_chunk chunk = { .inside = false };
    bool flows = true, asks = false, inside = false;
    do {
        kw_tap_queue_read(queue, work, ahead->sent, !inside, asks ? ATTEND_MS : IDLE_MS, &chunk);
        if (chunk.open && chunk.length > 0)
            flows = kw_ahead_send(ahead, chunk.bytes, chunk.length, inside = chunk.inside);
        if (flows && chunk.open && !inside)
            flows = kw_ahead_attend(ahead, &asks);
    } while (flows && chunk.open);
    return flows;
}

static bool decline(struct kw_tap_through *through, struct kw_tap_queue *queue, struct kw_tap_queue_work *work)
{
    bool out = through->ahead.sent > 0;
    kw_ahead_end(&through->ahead);
    kw_call_close(&through->call);
    return kw_tap_queue_decline(queue, work, out);
}

bool kw_tap_go_through(struct kw_tap_through *through, const struct kw_tap_printer *where,
                       const struct kw_config_tap *tap, const struct kw_tap_between *between,
                       struct kw_tap_queue *queue, struct kw_tap_queue_work *work)
{
    struct kw_buffer so_far;
    *through = (struct kw_tap_through){ .begun = false };
    kw_buffer_init(&so_far, SO_FAR_CEILING);
    bool open = copy_so_far(queue, work, &so_far), begun = open && begin(through, where, tap, between, &so_far);
    kw_buffer_free(&so_far);
    if (!open)
        return true;
    if (!begun || !flow(&through->ahead, queue, work))
        return !decline(through, queue, work);
    through->ahead.bytes = work->bytes;
    through->ahead.length = work->length;
    through->begun = true;
    if (work->dropped) {
        kw_ahead_end(&through->ahead);
        kw_tap_end_through(through);
    }
    return !work->dropped;
}

void kw_tap_end_through(struct kw_tap_through *through)
{
    if (!through->begun)
        return;
    kw_ahead_finish(&through->ahead);
    kw_call_close(&through->call);
    through->begun = false;
}
