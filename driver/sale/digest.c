/* digest.c - what makes two documents the same: every value but x_ keys, whatever the order of the keys. */
#include "sale/read.h"

#include "base/digits.h"
#include "base/plain.h"

#include <endian.h>
#include <sodium/crypto_generichash.h>
#include <string.h>

/* Bytes are gathered, for most values are shorter than what a call of the hash costs. */
struct digest {
    crypto_generichash_state state;
    size_t held;
    uint8_t bytes[2048];
};

static void flush(struct digest *digest)
{
    crypto_generichash_update(&digest->state, digest->bytes, digest->held);
    digest->held = 0;
}

static void add_bytes(struct digest *digest, const void *bytes, size_t length)
{
    if (length > sizeof digest->bytes - digest->held)
        flush(digest);
    if (length > sizeof digest->bytes) {
        crypto_generichash_update(&digest->state, bytes, length);
    } else if (length) {
        memcpy(digest->bytes + digest->held, bytes, length);
        digest->held += length;
    }
}

/* A letter for the type and a length before the bytes, so that no two documents run into the same bytes. */
static void add(struct digest *digest, char type, const void *bytes, size_t length)
{
    const uint64_t length_bytes = htole64(length);
    const size_t head_bytes = 1 + sizeof length_bytes;
    if (head_bytes > sizeof digest->bytes - digest->held)
        flush(digest);
    uint8_t *head = digest->bytes + digest->held;
    head[0] = (uint8_t)type;
    memcpy(head + 1, &length_bytes, sizeof length_bytes);
    digest->held += head_bytes;
    if (bytes)
        add_bytes(digest, bytes, length);
}

static void add_text(struct digest *digest, char type, const char *text)
{
    add(digest, type, text, strlen(text));
}

static void add_value(struct digest *digest, const struct kw_value *json);

static bool counts(const struct kw_value *member)
{
    return strncmp(member->key, "x_", 2) != 0;
}

static void add_object(struct digest *digest, const struct kw_value *json)
{
    size_t count = 0;
    for (size_t i = 0; i < json->count; i++)
        count += counts(json->sorted[i]);
    add(digest, 'o', NULL, count);
    for (size_t i = 0; i < json->count; i++) {
        if (!counts(json->sorted[i]))
            continue;
        add_text(digest, 'k', json->sorted[i]->key);
        add_value(digest, json->sorted[i]);
    }
}

static void add_value(struct digest *digest, const struct kw_value *json)
{
    char number[40], room[KW_DIGITS];
    switch (json->kind) {
    case KW_OBJECT:
        add_object(digest, json);
        break;
    case KW_ARRAY:
        add(digest, 'a', NULL, json->count);
        for (const struct kw_value *element = json->first; element; element = element->next)
            add_value(digest, element);
        break;
    case KW_STRING:
        add(digest, 's', json->text, json->count);
        break;
    case KW_INTEGER:
        add_text(digest, 'i', kw_digits(json->integer, room));
        break;
    case KW_REAL:
        add(digest, 'r', number, (size_t)kw_plain_text(number, sizeof number, "%.17g", json->real));
        break;
    case KW_TRUE: case KW_FALSE: case KW_NULL:
        add(digest, json->kind == KW_TRUE ? 't' : json->kind == KW_FALSE ? 'f' : 'n', NULL, 0);
        break;
    }
}

void kw_sale_digest(const struct kw_sale *sale, uint8_t out[KW_SALE_DIGEST])
{
    struct digest digest;
    if (sale->identity) {
        memcpy(out, sale->identity, KW_SALE_DIGEST);
        return;
    }
    digest.held = 0;
    crypto_generichash_init(&digest.state, NULL, 0, KW_SALE_DIGEST);
    add_value(&digest, sale->document);
    flush(&digest);
    crypto_generichash_final(&digest.state, out, KW_SALE_DIGEST);
}
