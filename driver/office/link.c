/* link.c - links of mails, made and checked. */
#include "office/link.h"

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PLAIN = 16 + 8, MAC = 12 };
static const int64_t DAY_MS = 86400000;

static void sign(const uint8_t key[KW_OFFICE_KEY], const char plain[PLAIN], char out[2 * MAC + 1])
{
    static const char label[] = "kwit/link";
    crypto_generichash_state state;
    uint8_t hash[crypto_generichash_BYTES_MIN];
    crypto_generichash_init(&state, key, KW_OFFICE_KEY, sizeof hash);
    crypto_generichash_update(&state, (const uint8_t *)label, sizeof label);
    crypto_generichash_update(&state, (const uint8_t *)plain, PLAIN);
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, 2 * MAC + 1, hash, MAC);
}

void kw_link_make(const uint8_t key[KW_OFFICE_KEY], int64_t alert, int64_t now_ms, char out[KW_LINK_TEXT])
{
    snprintf(out, PLAIN + 1, "%016llx%08llx", (unsigned long long)alert, (unsigned long long)(now_ms / DAY_MS));
    sign(key, out, out + PLAIN);
}

bool kw_link_check(const uint8_t key[KW_OFFICE_KEY], const char *link, int64_t now_ms, int64_t *alert)
{
    char mac[2 * MAC + 1], digits[17] = "";
    if (strlen(link) != KW_LINK_TEXT - 1)
        return false;
    sign(key, link, mac);
    if (sodium_memcmp(mac, link + PLAIN, 2 * MAC) != 0)
        return false;
    memcpy(digits, link, 16);
    *alert = strtoll(digits, NULL, 16);
    memcpy(digits, link + 16, 8);
    digits[8] = 0;
    return now_ms / DAY_MS - strtoll(digits, NULL, 16) <= KW_LINK_DAYS;
}
