/* ticket.c - tickets of forms, made and checked with the office's own key. */
#include "office/ticket.h"

#include <sodium/crypto_generichash.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>
#include <string.h>

_Static_assert(crypto_generichash_BYTES_MIN == KW_ANSWER_KEY, "an answer's key is one short digest");

enum { RANDOM = 10, HOUR = 4, MAC = 8, BYTES = RANDOM + HOUR + MAC, HOUR_MS = 3600000 };

/* The first bytes of a ticket, under a label: what it authenticates. */
static void digest(const uint8_t key[KW_OFFICE_KEY], const char *label, const char *token, const uint8_t *bytes,
                   size_t length, uint8_t *out, size_t size)
{
    crypto_generichash_state state;
    uint8_t whole[crypto_generichash_BYTES_MIN];
    crypto_generichash_init(&state, key, KW_OFFICE_KEY, sizeof whole);
    crypto_generichash_update(&state, (const uint8_t *)label, strlen(label) + 1);
    crypto_generichash_update(&state, (const uint8_t *)token, strlen(token) + 1);
    crypto_generichash_update(&state, bytes, length);
    crypto_generichash_final(&state, whole, sizeof whole);
    memcpy(out, whole, size);
}

static bool read_bytes(const char *ticket, uint8_t bytes[BYTES])
{
    size_t length = 0;
    return strlen(ticket) == KW_TICKET_TEXT - 1
        && sodium_hex2bin(bytes, BYTES, ticket, KW_TICKET_TEXT - 1, NULL, &length, NULL) == 0 && length == BYTES;
}

void kw_ticket_make(const uint8_t key[KW_OFFICE_KEY], const char *token, int64_t now_ms, char out[KW_TICKET_TEXT])
{
    uint8_t bytes[BYTES];
    const uint32_t hour = (uint32_t)(now_ms / HOUR_MS);
    randombytes_buf(bytes, RANDOM);
    for (int i = 0; i < HOUR; i++)
        bytes[RANDOM + i] = (uint8_t)(hour >> (8 * i));
    digest(key, "kwit/ticket", token, bytes, RANDOM + HOUR, bytes + RANDOM + HOUR, MAC);
    sodium_bin2hex(out, KW_TICKET_TEXT, bytes, BYTES);
}

bool kw_ticket_check(const uint8_t key[KW_OFFICE_KEY], const char *token, const char *ticket, int64_t now_ms,
                     bool *fresh)
{
    uint8_t bytes[BYTES], mac[MAC];
    uint32_t hour = 0;
    *fresh = false;
    if (!read_bytes(ticket, bytes))
        return false;
    digest(key, "kwit/ticket", token, bytes, RANDOM + HOUR, mac, MAC);
    if (sodium_memcmp(mac, bytes + RANDOM + HOUR, MAC) != 0)
        return false;
    for (int i = 0; i < HOUR; i++)
        hour |= (uint32_t)bytes[RANDOM + i] << (8 * i);
    *fresh = now_ms / HOUR_MS - (int64_t)hour <= KW_TICKET_HOURS;
    return true;
}

static void make_key(const uint8_t key[KW_OFFICE_KEY], const char *label, const char *token, const char *ticket,
                     uint8_t out[KW_ANSWER_KEY])
{
    uint8_t bytes[BYTES] = { 0 };
    read_bytes(ticket, bytes);
    digest(key, label, token, bytes, RANDOM, out, KW_ANSWER_KEY);
}

void kw_ticket_answer_key(const uint8_t key[KW_OFFICE_KEY], const char *token, const char *ticket,
                          uint8_t out[KW_ANSWER_KEY])
{
    make_key(key, "kwit/answer", token, ticket, out);
}

void kw_ticket_message_key(const uint8_t key[KW_OFFICE_KEY], const char *token, const char *ticket,
                           uint8_t out[KW_ANSWER_KEY])
{
    make_key(key, "kwit/message", token, ticket, out);
}

void kw_ticket_reward(const uint8_t key[KW_OFFICE_KEY], const char *token, const uint8_t answer_key[KW_ANSWER_KEY],
                      char out[KW_REWARD_TEXT])
{
    static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    enum { HALF = 5 };
    uint8_t bytes[2 * HALF];
    size_t at = 0;
    digest(key, "kwit/reward", token, answer_key, KW_ANSWER_KEY, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        if (i == HALF)
            out[at++] = '-';
        out[at++] = symbols[bytes[i] % 32];
    }
    out[at] = 0;
}

void kw_ticket_reward_mark(const uint8_t key[KW_OFFICE_KEY], const char *typed, uint8_t out[KW_THANKS_MARK])
{
    char code[KW_THANKS_TEXT];
    kw_thanks_spell(typed, code);
    digest(key, "kwit/reward mark", code, NULL, 0, out, KW_THANKS_MARK);
}
