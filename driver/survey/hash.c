/* hash.c - keyed BLAKE2b by libsodium; crypto_generichash needs no sodium_init. */
#include "survey/hash.h"

#include <sodium/crypto_generichash.h>

void kw_hash(const uint8_t key[KW_KEY_BYTES], const struct kw_part *parts, size_t count, uint8_t out[KW_KEY_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, KW_KEY_BYTES, KW_KEY_BYTES);
    for (size_t i = 0; i < count; i++)
        crypto_generichash_update(&state, parts[i].bytes, parts[i].length);
    crypto_generichash_final(&state, out, KW_KEY_BYTES);
}

void kw_be32(uint32_t value, uint8_t out[4])
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(value >> (24 - 8 * i));
}

uint32_t kw_read_be32(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}
