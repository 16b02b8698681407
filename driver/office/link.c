/* link.c - links of mails, made and checked. */
#include "office/link.h"

#include <sodium/crypto_generichash.h>
#include <sodium/utils.h>
#include <inttypes.h>
#include <stdio.h>
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

void kw_link_make(const uint8_t key[KW_OFFICE_KEY], const struct kw_linked *link, int64_t now_ms,
                  char out[KW_LINK_TEXT])
{
    const unsigned day = (unsigned)(now_ms / DAY_MS);
    snprintf(out, PLAIN + 1, "%08" PRIx32 "%08" PRIx32 "%08x", link->raised_s, link->alert, day);
    sign(key, out, out + PLAIN);
}

bool kw_link_check(const uint8_t key[KW_OFFICE_KEY], const char *text, int64_t now_ms, struct kw_linked *link)
{
    char mac[2 * MAC + 1];
    unsigned day;
    if (strlen(text) != KW_LINK_TEXT - 1)
        return false;
    sign(key, text, mac);
    return sodium_memcmp(mac, text + PLAIN, 2 * MAC) == 0
        && sscanf(text, "%8" SCNx32 "%8" SCNx32 "%8x", &link->raised_s, &link->alert, &day) == 3
        && now_ms / DAY_MS - (int64_t)day <= KW_LINK_DAYS;
}
