/* attempts.c - wrong passphrases, by name and minute. */
#include "office/attempts.h"

#include <sodium/crypto_shorthash.h>
#include <sodium/randombytes.h>
#include <string.h>

enum { MINUTE_MS = 60000 };

static size_t slot_of(struct kw_attempts *attempts, const char *name, int64_t now_ms)
{
    uint8_t hash[crypto_shorthash_BYTES];
    const uint32_t minute = (uint32_t)(now_ms / MINUTE_MS);
    if (!attempts->has_key)
        randombytes_buf(attempts->key, sizeof attempts->key);
    attempts->has_key = true;
    crypto_shorthash(hash, (const uint8_t *)name, strlen(name), attempts->key);
    const size_t slot = (hash[0] | hash[1] << 8) % KW_ATTEMPTS_SLOTS;
    if (attempts->slots[slot].minute != minute)
        attempts->slots[slot].count = 0;
    attempts->slots[slot].minute = minute;
    return slot;
}

bool kw_attempts_are_full(struct kw_attempts *attempts, const char *name, int64_t now_ms)
{
    return attempts->slots[slot_of(attempts, name, now_ms)].count >= KW_ATTEMPTS;
}

void kw_attempts_count(struct kw_attempts *attempts, const char *name, int64_t now_ms)
{
    attempts->slots[slot_of(attempts, name, now_ms)].count++;
}
