/* key.c - key files and new keys. A file is one line: "svt1-term KID HANDLE HEX" or "svt1-epoch KID HEX". */
#include "survey/hash.h"

#include <ctype.h>
#include <sodium/core.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <string.h>

/* One blank-separated word of the line; moves *text behind it. */
static size_t next_word(const char **text, const char **word)
{
    *text += strspn(*text, " \t");
    *word = *text;
    size_t length = strcspn(*text, " \t\r\n");
    *text += length;
    return length;
}

static bool read_number(const char **text, unsigned long limit, unsigned long *value)
{
    const char *word;
    size_t length = next_word(text, &word);
    *value = 0;
    for (size_t i = 0; i < length; i++) {
        if (!isdigit((unsigned char)word[i]) || *value > limit)
            return false;
        *value = *value * 10 + (unsigned long)(word[i] - '0');
    }
    return length > 0 && *value <= limit;
}

bool kw_key_parse_hex(const char *hex, size_t length, uint8_t out[KW_KEY_BYTES])
{
    size_t made = 0;
    return length == 2 * KW_KEY_BYTES && sodium_hex2bin(out, KW_KEY_BYTES, hex, length, NULL, &made, NULL) == 0
        && made == KW_KEY_BYTES;
}

/* Reads "LABEL KID [HANDLE] HEX" and nothing behind it but white space. */
static bool read_line(const char *text, const char *label, struct kw_terminal_key *key, bool with_handle)
{
    const char *word;
    unsigned long kid, handle = 0;
    size_t length = next_word(&text, &word);
    if (length != strlen(label) || memcmp(word, label, length) != 0)
        return false;
    if (!read_number(&text, 30, &kid) || (with_handle && !read_number(&text, KW_HANDLE_LIMIT - 1, &handle)))
        return false;
    length = next_word(&text, &word);
    if (!kw_key_parse_hex(word, length, key->key))
        return false;
    key->kid = (uint8_t)kid;
    key->handle = (uint32_t)handle;
    return text[strspn(text, " \t\r\n")] == 0;
}

int kw_key_parse_terminal(const char *text, struct kw_terminal_key *key, struct kw_error *error)
{
    if (!read_line(text, "svt1-term", key, true))
        return kw_fail(error, KWIT_E_INVALID, "", "not a terminal key: it reads \"svt1-term KID HANDLE HEX\"; make one "
                       "with kwit survey key new, or derive it at the office with kwit survey key derive");
    return 0;
}

int kw_key_parse_epoch(const char *text, uint8_t *kid, uint8_t out[KW_KEY_BYTES], struct kw_error *error)
{
    struct kw_terminal_key key;
    if (!read_line(text, "svt1-epoch", &key, false))
        return kw_fail(error, KWIT_E_INVALID, "", "not an epoch key: it reads \"svt1-epoch KID HEX\"");
    *kid = key.kid;
    memcpy(out, key.key, KW_KEY_BYTES);
    sodium_memzero(&key, sizeof key);
    return 0;
}

int kw_key_random(uint8_t out[KW_KEY_BYTES])
{
    if (sodium_init() < 0)
        return KWIT_E_INTERNAL;
    randombytes_buf(out, KW_KEY_BYTES);
    return 0;
}

void kw_key_wipe(void *bytes, size_t length)
{
    sodium_memzero(bytes, length);
}

void kw_key_text_terminal(const struct kw_terminal_key *key, char out[KW_KEY_TEXT])
{
    char hex[2 * KW_KEY_BYTES + 1];
    sodium_bin2hex(hex, sizeof hex, key->key, KW_KEY_BYTES);
    snprintf(out, KW_KEY_TEXT, "svt1-term %u %lu %s\n", key->kid, (unsigned long)key->handle, hex);
    sodium_memzero(hex, sizeof hex);
}

void kw_key_text_epoch(uint8_t kid, const uint8_t key[KW_KEY_BYTES], char out[KW_KEY_TEXT])
{
    char hex[2 * KW_KEY_BYTES + 1];
    sodium_bin2hex(hex, sizeof hex, key, KW_KEY_BYTES);
    snprintf(out, KW_KEY_TEXT, "svt1-epoch %u %s\n", kid, hex);
    sodium_memzero(hex, sizeof hex);
}

void kw_key_sample(struct kw_terminal_key *key)
{
    memset(key, 0, sizeof *key);
}

void kw_key_print(const uint8_t key[KW_KEY_BYTES], char out[17])
{
    static const uint8_t label[] = "kwit/fingerprint";
    uint8_t hash[KW_KEY_BYTES];
    const struct kw_part parts[] = { { label, sizeof label - 1 } };
    kw_hash(key, parts, 1, hash);
    sodium_bin2hex(out, 17, hash, 8);
}
