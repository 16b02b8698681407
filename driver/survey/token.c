/*
 * token.c - the svt1 token: 5 bits key epoch, 20 bits handle, 30 bits encrypted body, 40 bits tag, then a check
 * symbol. The tag authenticates header and body and is the synthetic IV of the encryption (as in RFC 5297), so
 * that the same sale always has the same token.
 */
#include "survey/hash.h"

#include "base/utf8.h"

#include <sodium/utils.h>
#include <string.h>

/* 25 + 30 + 40 bits are whole numbers of five-bit symbols, so each part is written by itself. */
enum { HEADER_SYMBOLS = 5, BODY_SYMBOLS = 6, TAG_SYMBOLS = 8, CHECK_AT = KW_TOKEN_LENGTH - 1, TAG_BYTES = 5,
       ESCAPE_KID = 31 };

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static int symbol_value(uint32_t code)
{
    if (code >= 'a' && code <= 'z')
        code -= 'a' - 'A';
    if (code == 'O')
        return 0;
    if (code == 'I' || code == 'L')
        return 1;
    const char *at = code && code < 128 ? strchr(alphabet, (int)code) : NULL;
    return at ? (int)(at - alphabet) : -1;
}

/* GF(32) with x^5 + x^2 + 1: c = sum of 2^(i+1) * d_i. */
static unsigned check_symbol(const uint8_t values[CHECK_AT])
{
    unsigned sum = 0;
    for (int i = CHECK_AT - 1; i >= 0; i--) {
        sum ^= values[i];
        sum = (sum << 1) ^ (sum & 16 ? 0x25u : 0);
    }
    return sum;
}

static void put_symbols(uint64_t value, int count, uint8_t *out)
{
    for (int i = count - 1; i >= 0; i--, value >>= 5)
        out[i] = value & 31;
}

static uint64_t get_symbols(const char *token, int count)
{
    uint64_t value = 0;
    for (int i = 0; i < count; i++)
        value = value << 5 | (uint64_t)symbol_value((unsigned char)token[i]);
    return value;
}

static void make_tag(const uint8_t key[KW_KEY_BYTES], uint32_t header, uint32_t body, uint8_t tag[TAG_BYTES])
{
    uint8_t header_bytes[4], body_bytes[4], hash[KW_KEY_BYTES];
    kw_be32(header, header_bytes);
    kw_be32(body, body_bytes);
    const struct kw_part parts[] = { { "svt1/tag", 8 }, { header_bytes, 4 }, { body_bytes, 4 } };
    kw_hash(key, parts, 3, hash);
    memcpy(tag, hash, TAG_BYTES);
}

static uint32_t key_stream(const uint8_t key[KW_KEY_BYTES], uint32_t header, const uint8_t tag[TAG_BYTES])
{
    uint8_t header_bytes[4], hash[KW_KEY_BYTES];
    kw_be32(header, header_bytes);
    const struct kw_part parts[] = { { "svt1/enc", 8 }, { header_bytes, 4 }, { tag, TAG_BYTES } };
    kw_hash(key, parts, 3, hash);
    return kw_read_be32(hash) >> 2;
}

void kw_key_derive(const uint8_t epoch[KW_KEY_BYTES], uint32_t handle, uint8_t out[KW_KEY_BYTES])
{
    uint8_t handle_bytes[4];
    kw_be32(handle, handle_bytes);
    const struct kw_part parts[] = { { "svt1/term", 9 }, { handle_bytes, 4 } };
    kw_hash(epoch, parts, 2, out);
}

void kw_token_encode(const struct kw_terminal_key *key, const struct kw_token *token, char out[KW_TOKEN_LENGTH + 1])
{
    uint32_t header = (uint32_t)(token->kid & 31) << 20 | (token->handle & (KW_HANDLE_LIMIT - 1));
    uint32_t body = (uint32_t)(token->day & (KW_DAY_WRAP - 1)) << 19 | (uint32_t)(token->seq & (KW_SEQ_LIMIT - 1)) << 5
        | (uint32_t)(token->variant & 15) << 1 | (token->flag & 1);
    uint8_t tag[TAG_BYTES], symbols[KW_TOKEN_LENGTH];
    uint64_t tag_value = 0;
    make_tag(key->key, header, body, tag);
    for (int i = 0; i < TAG_BYTES; i++)
        tag_value = tag_value << 8 | tag[i];
    put_symbols(header, HEADER_SYMBOLS, symbols);
    put_symbols(body ^ key_stream(key->key, header, tag), BODY_SYMBOLS, symbols + HEADER_SYMBOLS);
    put_symbols(tag_value, TAG_SYMBOLS, symbols + HEADER_SYMBOLS + BODY_SYMBOLS);
    symbols[CHECK_AT] = (uint8_t)check_symbol(symbols);
    for (int i = 0; i < KW_TOKEN_LENGTH; i++)
        out[i] = alphabet[symbols[i]];
    out[KW_TOKEN_LENGTH] = 0;
}

void kw_token_hyphenate(const char token[KW_TOKEN_LENGTH + 1], char out[KW_TOKEN_HYPHENATED])
{
    size_t length = 0;
    for (int i = 0; i < KW_TOKEN_LENGTH; i++) {
        if (i > 0 && i % 4 == 0)
            out[length++] = '-';
        out[length++] = token[i];
    }
    out[length] = 0;
}

struct range { uint32_t first, last; };

/*
 * What people and programs put between the groups: blanks, dashes and what a keyboard has in their place (Japanese ones
 * write the mark of a long vowel), and marks of writing direction.
 */
static const struct range ignored[] = {
    { '\t', '\r' }, { ' ', ' ' }, { '-', '-' }, { '_', '_' }, { 0xA0, 0xA0 }, { 0xAD, 0xAD }, { 0x5BE, 0x5BE },
    { 0x2000, 0x200F }, { 0x2010, 0x2015 }, { 0x202A, 0x202F }, { 0x2060, 0x2069 }, { 0x2212, 0x2212 },
    { 0x3000, 0x3000 }, { 0x30FC, 0x30FC }, { 0xFE58, 0xFE58 }, { 0xFE63, 0xFE63 }, { 0xFEFF, 0xFEFF },
    { 0xFF70, 0xFF70 }
};

static bool is_ignored(uint32_t code)
{
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
        if (code >= ignored[i].first && code <= ignored[i].last)
            return true;
    return false;
}

/* Cyrillic capitals that look like Latin ones, as a keyboard that stands on Cyrillic types them; small ones follow. */
static const struct { uint16_t code; char symbol; } lookalikes[] = {
    { 0x410, 'A' }, { 0x412, 'B' }, { 0x415, 'E' }, { 0x41A, 'K' }, { 0x41C, 'M' }, { 0x41D, 'H' }, { 0x41E, 'O' },
    { 0x420, 'P' }, { 0x421, 'C' }, { 0x422, 'T' }, { 0x423, 'Y' }, { 0x425, 'X' }, { 0x405, 'S' }, { 0x406, 'I' },
    { 0x408, 'J' }, { 0x417, '3' },
    { 0x391, 'A' }, { 0x392, 'B' }, { 0x395, 'E' }, { 0x396, 'Z' }, { 0x397, 'H' }, { 0x399, 'I' }, { 0x39A, 'K' },
    { 0x39C, 'M' }, { 0x39D, 'N' }, { 0x39F, 'O' }, { 0x3A1, 'P' }, { 0x3A4, 'T' }, { 0x3A5, 'Y' }, { 0x3A7, 'X' },
};

static uint32_t capital(uint32_t code)
{
    if ((code >= 0x430 && code <= 0x44F) || (code >= 0x3B1 && code <= 0x3C9))
        return code - 0x20;
    return code >= 0x450 && code <= 0x45F ? code - 0x50 : code;
}

/* Digits nought of scripts whose ten stand in a row: Arabic, Persian, those of India, Thai, Lao, Burmese, Khmer. */
static const uint16_t noughts[] = { 0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xD66, 0xE50,
                                    0xED0, 0x1040, 0x17E0 };

/* What stands for an ASCII letter or digit: look-alikes, full width, digits of other scripts. */
static uint32_t ascii_of(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E)      /* full width */
        return code - 0xFEE0;
    for (size_t i = 0; code >= 0x391 && code <= 0x45F && i < sizeof lookalikes / sizeof lookalikes[0]; i++)
        if (lookalikes[i].code == capital(code))
            return (uint32_t)lookalikes[i].symbol;
    for (size_t i = 0; code >= noughts[0] && i < sizeof noughts / sizeof noughts[0]; i++)
        if (code - noughts[i] <= 9)
            return '0' + (code - noughts[i]);
    return code;
}

bool kw_token_normalise(const char *typed, char out[KW_TOKEN_LENGTH + 1])
{
    uint8_t values[KW_TOKEN_LENGTH];
    size_t length = strlen(typed), at = 0;
    int count = 0;
    out[0] = 0;
    while (at < length) {
        uint32_t code = ascii_of(kw_utf8_next(typed, length, &at));
        if (is_ignored(code))
            continue;
        int value = symbol_value(code);
        if (value < 0 || count == KW_TOKEN_LENGTH)
            return false;
        values[count++] = (uint8_t)value;
    }
    if (count != KW_TOKEN_LENGTH || check_symbol(values) != values[CHECK_AT])
        return false;
    for (int i = 0; i < KW_TOKEN_LENGTH; i++)
        out[i] = alphabet[values[i]];
    out[KW_TOKEN_LENGTH] = 0;
    return true;
}

bool kw_token_header(const char token[KW_TOKEN_LENGTH + 1], uint8_t *kid, uint32_t *handle)
{
    uint32_t header = (uint32_t)get_symbols(token, HEADER_SYMBOLS);
    *kid = (uint8_t)(header >> 20);
    *handle = header & (KW_HANDLE_LIMIT - 1);
    return *kid != ESCAPE_KID;
}

bool kw_token_open(const struct kw_terminal_key *key, const char token[KW_TOKEN_LENGTH + 1], struct kw_token *out)
{
    uint8_t kid, tag[TAG_BYTES], expected[TAG_BYTES];
    uint32_t handle;
    if (!kw_token_header(token, &kid, &handle) || kid != key->kid || handle != key->handle)
        return false;
    uint32_t header = (uint32_t)kid << 20 | handle;
    uint64_t tag_value = get_symbols(token + HEADER_SYMBOLS + BODY_SYMBOLS, TAG_SYMBOLS);
    for (int i = 0; i < TAG_BYTES; i++)
        tag[i] = (uint8_t)(tag_value >> (32 - 8 * i));
    uint32_t body = (uint32_t)get_symbols(token + HEADER_SYMBOLS, BODY_SYMBOLS) ^ key_stream(key->key, header, tag);
    make_tag(key->key, header, body, expected);
    if (sodium_memcmp(tag, expected, TAG_BYTES) != 0)
        return false;
    *out = (struct kw_token){ .kid = kid,
                              .handle = handle,
                              .day = (uint16_t)(body >> 19),
                              .seq = (uint16_t)(body >> 5 & (KW_SEQ_LIMIT - 1)),
                              .variant = body >> 1 & 15,
                              .flag = body & 1 };
    return true;
}
