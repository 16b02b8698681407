/* digest.c - what makes two documents the same: every value but x_ keys, whatever the order of the keys. */
#include "sale/read.h"

#include <sodium/crypto_generichash.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Bytes are gathered, for most values are shorter than what a call of the hash costs. */
struct digest {
    struct kw_arena *arena;
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
    uint8_t head[9] = { (uint8_t)type };
    for (int i = 0; i < 8; i++)
        head[1 + i] = (uint8_t)(length >> 8 * i);
    add_bytes(digest, head, sizeof head);
    if (bytes)
        add_bytes(digest, bytes, length);
}

struct member { const char *key; json_t *value; };

static int compare_members(const void *a, const void *b)
{
    return strcmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static bool add_value(struct digest *digest, json_t *json);

static bool add_object(struct digest *digest, json_t *json)
{
    struct member *members = kw_arena_array(digest->arena, json_object_size(json), sizeof *members);
    const char *key;
    size_t count = 0;
    json_t *value;
    if (!members)
        return false;
    json_object_foreach(json, key, value)
        if (strncmp(key, "x_", 2) != 0)
            members[count++] = (struct member){ key, value };
    qsort(members, count, sizeof *members, compare_members);
    add(digest, 'o', NULL, count);
    bool ok = true;
    for (size_t i = 0; i < count && ok; i++) {
        add(digest, 'k', members[i].key, strlen(members[i].key));
        ok = add_value(digest, members[i].value);
    }
    return ok;
}

static bool add_value(struct digest *digest, json_t *json)
{
    char number[40];
    bool ok = true;
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return add_object(digest, json);
    case JSON_ARRAY:
        add(digest, 'a', NULL, json_array_size(json));
        for (size_t i = 0; i < json_array_size(json) && ok; i++)
            ok = add_value(digest, json_array_get(json, i));
        return ok;
    case JSON_STRING:
        add(digest, 's', json_string_value(json), json_string_length(json));
        break;
    case JSON_INTEGER:
        add(digest, 'i', number, (size_t)snprintf(number, sizeof number, "%lld", (long long)json_integer_value(json)));
        break;
    case JSON_REAL:
        add(digest, 'r', number, (size_t)snprintf(number, sizeof number, "%.17g", json_real_value(json)));
        break;
    case JSON_TRUE: case JSON_FALSE: case JSON_NULL:
        add(digest, json_is_true(json) ? 't' : json_is_false(json) ? 'f' : 'n', NULL, 0);
        break;
    }
    return ok;
}

bool kw_sale_digest(struct kw_arena *arena, json_t *json, uint8_t out[32])
{
    struct digest digest = { .arena = arena };
    crypto_generichash_init(&digest.state, NULL, 0, 32);
    bool ok = add_value(&digest, json);
    flush(&digest);
    crypto_generichash_final(&digest.state, out, 32);
    return ok;
}
