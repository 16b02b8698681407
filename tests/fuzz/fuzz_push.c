/*
 * fuzz_push.c - any bytes as a batch of a till: refused, or a run of events that is written and read again the same.
 * And any bytes as what an office says, with a code that is right: refused, or said again in the same words.
 */
#include "office/push/push.h"

#include <sodium/crypto_generichash.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct kw_batch *batch)
{
    static const uint8_t nonce[KW_PUSH_NONCE], seed[KW_PUSH_SEED], key[KW_PUSH_MAC];
    uint8_t public_key[KW_BATCH_KEY], secret[KW_PUSH_SECRET], digest[KW_PUSH_DIGEST];
    struct kw_arena *arena = kw_arena_new(2 * KW_PUSH_ARENA);
    struct kw_buffer out;
    struct kw_batch again;
    kw_push_pair(seed, public_key, secret);
    kw_buffer_init(&out, KW_PUSH_BODY);
    if (arena && kw_push_write(&out, batch, nonce, secret, key, digest)) {
        if (kw_push_read(arena, out.data, out.length, &again) != KW_BATCH_TAKEN || again.count != batch->count
            || again.first != batch->first || again.last != batch->last || strcmp(again.uuid, batch->uuid) != 0)
            abort();
        for (size_t i = 0; i < again.count; i++)
            if (again.events[i].n != batch->events[i].n || again.events[i].sale != batch->events[i].sale
                || again.events[i].ev != batch->events[i].ev || strcmp(again.events[i].detail, batch->events[i].detail)
                || !again.events[i].record != !batch->events[i].record)
                abort();
    }
    kw_buffer_free(&out);
    kw_arena_free(arena);
}

static void check_reply(const uint8_t *data, size_t size)
{
    static const uint8_t key[KW_PUSH_MAC], digest[KW_PUSH_DIGEST];
    uint8_t reply[KW_PUSH_REPLY] = "KWR1", again[KW_PUSH_REPLY];
    struct kw_batch_head head, same;
    crypto_generichash_state state;
    size = size < sizeof reply - 4 - KW_PUSH_MAC ? size : sizeof reply - 4 - KW_PUSH_MAC;
    memcpy(reply + 4, data, size);
    crypto_generichash_init(&state, key, sizeof key, KW_PUSH_MAC);
    crypto_generichash_update(&state, digest, sizeof digest);
    crypto_generichash_update(&state, reply, 4 + size);
    crypto_generichash_final(&state, reply + 4 + size, KW_PUSH_MAC);
    if (!kw_push_read_reply(reply, 4 + size + KW_PUSH_MAC, key, digest, &head))
        return;
    if (head.order_count > KW_BATCH_ORDERS
        || !kw_push_read_reply(again, kw_push_write_reply(&head, key, digest, again), key, digest, &same)
        || same.n != head.n || same.order_count != head.order_count
        || memcmp(same.orders, head.orders, head.order_count * sizeof *head.orders))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_reply(data, size);
    struct kw_arena *arena = kw_arena_new(KW_PUSH_ARENA);
    struct kw_batch batch;
    if (arena && kw_push_read(arena, data, size, &batch) == KW_BATCH_TAKEN)
        check(&batch);
    kw_arena_free(arena);
    return 0;
}
