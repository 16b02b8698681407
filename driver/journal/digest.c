/* digest.c - keyed digests (BLAKE2b). */
#include "journal/digest.h"

#include <endian.h>
#include <sodium/utils.h>
#include <string.h>

void kw_digest_begin(struct kw_digest *digest, const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const char *label)
{
    crypto_generichash_init(&digest->state, secret, KW_JOURNAL_SECRET_BYTES, KW_DIGEST);
    digest->waiting = 0;
    kw_digest_bytes(digest, label, strlen(label));
}

void kw_digest_number(struct kw_digest *digest, int64_t value)
{
    kw_digest_numbers(digest, &value, 1);
}

void kw_digest_numbers(struct kw_digest *digest, const int64_t *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t bytes = htobe64((uint64_t)values[i]);
        kw_digest_bytes(digest, &bytes, sizeof bytes);
    }
}

void kw_digest_text(struct kw_digest *digest, const char *text)
{
    size_t length = text ? strlen(text) : 0;
    kw_digest_number(digest, (int64_t)length);
    kw_digest_bytes(digest, text, length);
}

static void hash_waiting(struct kw_digest *digest)
{
    crypto_generichash_update(&digest->state, digest->part, digest->waiting);
    digest->waiting = 0;
}

/* Many parts at a time: a call of the hash costs more than a number does. */
void kw_digest_bytes(struct kw_digest *digest, const void *bytes, size_t length)
{
    if (digest->waiting + length > sizeof digest->part)
        hash_waiting(digest);
    if (length > sizeof digest->part)
        crypto_generichash_update(&digest->state, bytes, length);
    else if (length > 0) {
        memcpy(digest->part + digest->waiting, bytes, length);
        digest->waiting += length;
    }
}

void kw_digest_end(struct kw_digest *digest, uint8_t out[KW_DIGEST])
{
    hash_waiting(digest);
    crypto_generichash_final(&digest->state, out, KW_DIGEST);
}

int kw_digest_name(struct kw_journal *journal, const char *label, const char *name, uint8_t *hash, size_t size,
                   struct kw_error *error)
{
    const uint8_t *secret;
    crypto_generichash_state state;
    int code = kw_journal_secret(journal, &secret, error);
    if (code < 0)
        return code;
    crypto_generichash_init(&state, secret, KW_JOURNAL_SECRET_BYTES, size);
    crypto_generichash_update(&state, (const uint8_t *)label, strlen(label));
    crypto_generichash_update(&state, (const uint8_t *)name, strlen(name));
    crypto_generichash_final(&state, hash, size);
    return 0;
}

int kw_digest_erased(struct kw_journal *journal, const char *name, char out[KW_ERASED_NAME], struct kw_error *error)
{
    enum { PREFIX = 7, BYTES = 16 };
    static const char prefix[] = "erased:";
    uint8_t hash[BYTES];
    int code = kw_digest_name(journal, "kwit/erased", name, hash, sizeof hash, error);
    if (code < 0)
        return code;
    memcpy(out, prefix, sizeof prefix);
    if (strncmp(name, prefix, PREFIX) == 0 && strlen(name) == PREFIX + 2 * BYTES
        && strspn(name + PREFIX, "0123456789abcdef") == 2 * BYTES)
        memcpy(out, name, PREFIX + 2 * BYTES + 1);
    else
        sodium_bin2hex(out + PREFIX, KW_ERASED_NAME - PREFIX, hash, sizeof hash);
    return 0;
}

void kw_digest_record(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const struct kw_touchpoint *t,
                      uint8_t out[KW_DIGEST])
{
    const bool token = t->has_token;            /* without one these columns are empty */
    const int64_t numbers[] = { t->sale,
                                t->ts_ms,
                                t->offset_minutes,
                                token,
                                token ? t->kid : 0,
                                token ? t->handle : 0,
                                t->day,
                                token ? t->seq : 0,
                                t->variant,
                                t->flag,
                                t->variant_p_bp,
                                t->p_bp,
                                t->u,
                                t->forced,
                                t->drawn,
                                t->reason,
                                t->kind,
                                t->expires_day };
    const char *const texts[] = { t->store, t->till, t->cashier, t->campaign, t->language, t->channel };
    struct kw_digest digest;
    kw_digest_begin(&digest, secret, "kwit/touchpoint");
    kw_digest_numbers(&digest, numbers, sizeof numbers / sizeof numbers[0]);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        kw_digest_text(&digest, texts[i]);
    kw_digest_bytes(&digest, t->config_digest, sizeof t->config_digest);
    if (t->is_sealed)
        kw_digest_bytes(&digest, t->seal, sizeof t->seal);
    if (t->sold_ms)                             /* records of older versions have none */
        kw_digest_number(&digest, t->sold_ms);
    if (t->signs || t->earlier) {
        kw_digest_number(&digest, t->signs);
        kw_digest_number(&digest, t->earlier);
    }
    kw_digest_end(&digest, out);
}

void kw_digest_sale_key(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const struct kw_sale_facts *sale,
                        uint8_t out[KW_SEAL_HALF])
{
    uint8_t hash[KW_DIGEST];
    struct kw_digest digest;
    kw_digest_begin(&digest, secret, "kwit/sale");
    kw_digest_text(&digest, sale->store);
    kw_digest_text(&digest, sale->terminal);
    kw_digest_text(&digest, sale->scope);
    kw_digest_text(&digest, sale->name);
    kw_digest_bytes(&digest, sale->digest, 32);
    kw_digest_number(&digest, sale->accepted_ms);
    kw_digest_end(&digest, hash);
    memcpy(out, hash, KW_SEAL_HALF);
}

void kw_digest_document(const uint8_t secret[KW_JOURNAL_SECRET_BYTES], const void *body, size_t length,
                        uint8_t out[KW_SEAL_HALF])
{
    uint8_t hash[KW_DIGEST];
    struct kw_digest digest;
    kw_digest_begin(&digest, secret, "kwit/document");
    kw_digest_bytes(&digest, body, length);
    kw_digest_end(&digest, hash);
    memcpy(out, hash, KW_SEAL_HALF);
}

int kw_digest_sale(struct kw_journal *journal, const struct kw_sale_facts *sale, uint8_t out[KW_SEAL_BYTES],
                   struct kw_error *error)
{
    const uint8_t *secret;
    int code = kw_journal_secret(journal, &secret, error);
    if (code < 0)
        return code;
    kw_digest_sale_key(secret, sale, out);
    kw_digest_document(secret, sale->body, sale->length, out + KW_SEAL_HALF);
    return 0;
}
