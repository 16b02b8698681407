/* attempts.c - wrong passphrases, by name, network and minute. */
#include "office/attempts.h"

#include "office/limiter.h"

#include <sodium/crypto_generichash.h>
#include <sodium/randombytes.h>
#include <string.h>

enum { MINUTE_MS = 60000, HASH = 16 };

static size_t slot_of(struct kw_attempts *attempts, const char *name, const struct kw_net *client, int64_t now_ms)
{
    uint8_t hash[HASH];
    crypto_generichash_state state;
    const uint32_t minute = (uint32_t)(now_ms / MINUTE_MS);
    if (!attempts->has_key)
        randombytes_buf(attempts->key, sizeof attempts->key);
    attempts->has_key = true;
    crypto_generichash_init(&state, attempts->key, sizeof attempts->key, sizeof hash);
    crypto_generichash_update(&state, (const uint8_t *)name, strlen(name) + 1);
    if (client)
        crypto_generichash_update(&state, client->bytes, kw_limiter_network(client));
    crypto_generichash_final(&state, hash, sizeof hash);
    const size_t slot = (hash[0] | hash[1] << 8) % KW_ATTEMPTS_SLOTS;
    if (attempts->slots[slot].minute != minute)
        attempts->slots[slot].count = 0;
    attempts->slots[slot].minute = minute;
    return slot;
}

bool kw_attempts_are_full(struct kw_attempts *attempts, const char *name, const struct kw_net *client, int64_t now_ms)
{
    return attempts->slots[slot_of(attempts, name, client, now_ms)].count >= KW_ATTEMPTS;
}

void kw_attempts_count(struct kw_attempts *attempts, const char *name, const struct kw_net *client, int64_t now_ms)
{
    attempts->slots[slot_of(attempts, name, client, now_ms)].count++;
}

int kw_attempts_wait_s(int64_t now_ms)
{
    return (int)((MINUTE_MS - now_ms % MINUTE_MS + 999) / 1000);
}
