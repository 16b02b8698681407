/* keys.c - the office's own key, and the staff's pair. */
#include "api/office/serving.h"

#include <sodium/crypto_box.h>
#include <sodium/crypto_scalarmult.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <string.h>

enum { HEX = 2 * KW_OFFICE_KEY + 1 };

/* 64 digits and a line's end in a file of the state; NOT_FOUND. */
static int read_key(struct kw_touch *call, const char *name, uint8_t out[KW_OFFICE_KEY])
{
    void *bytes;
    size_t length;
    int code = kw_state_read(call->state, call->arena, name, HEX, &bytes, &length, &call->error);
    if (code < 0)
        return code;
    if (length < HEX - 1 || !kw_key_parse_hex(bytes, HEX - 1, out))
        code = kw_fail(&call->error, KWIT_E_STATE_DAMAGED, name, "it holds no key of 64 digits; take it from a backup");
    kw_key_wipe(bytes, length);
    return code;
}

static int write_key(struct kw_touch *call, const char *name, const uint8_t key[KW_OFFICE_KEY], int mode)
{
    char text[HEX + 1];
    sodium_bin2hex(text, HEX, key, KW_OFFICE_KEY);
    text[HEX - 1] = '\n';
    int code = kw_state_write(call->state, name, text, HEX, mode, &call->error);
    kw_key_wipe(text, sizeof text);
    return code;
}

int kw_serving_office_key(struct kw_touch *call, uint8_t out[KW_OFFICE_KEY])
{
    return read_key(call, "office.key", out);
}

int kw_serving_keys(struct kw_touch *call, struct kw_office_options *options)
{
    int code = read_key(call, "office.key", options->key);
    if (code == KWIT_E_NOT_FOUND) {
        if (kw_key_random(options->key) < 0)
            return kw_fail(&call->error, KWIT_E_IO, "office.key", "the kernel gives no random numbers");
        code = write_key(call, "office.key", options->key, 0600);
    }
    if (code < 0)
        return code;
    code = read_key(call, "staff.pub", options->staff_key);
    options->has_staff_key = code == 0;
    return code == KWIT_E_NOT_FOUND ? 0 : code;
}

/* Of the staff's own machine or user, where the office cannot read it. */
static int read_key_file(struct kw_touch *call, const char *path, uint8_t out[KW_OFFICE_KEY])
{
    char text[HEX] = "";
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(text, 1, sizeof text - 1, file) : 0;
    if (file)
        fclose(file);
    int code = length == HEX - 1 && kw_key_parse_hex(text, HEX - 1, out)
                   ? 0 : kw_fail(&call->error, KWIT_E_NO_INPUT, path, "it is no key of 64 digits, or cannot be read");
    kw_key_wipe(text, sizeof text);
    return code;
}

int kw_serving_staff_secret(struct kw_touch *call, const char *file, uint8_t out[KW_STAFF_KEY])
{
    return file ? read_key_file(call, file, out) : read_key(call, "staff.key", out);
}

bool kw_serving_open_sealed(const uint8_t secret[KW_STAFF_KEY], const uint8_t *sealed, size_t length, char *out,
                            size_t size)
{
    uint8_t public_key[KW_STAFF_KEY];
    bool opened = length > crypto_box_SEALBYTES && length - crypto_box_SEALBYTES < size
        && crypto_scalarmult_base(public_key, secret) == 0
        && crypto_box_seal_open((uint8_t *)out, sealed, length, public_key, secret) == 0;
    out[opened ? length - crypto_box_SEALBYTES : 0] = 0;
    return opened;
}

int kw_serving_open_contact(struct kw_touch *call, const char *file, const uint8_t *sealed, size_t length, char *out,
                            size_t size)
{
    uint8_t secret[KW_STAFF_KEY];
    int code = kw_serving_staff_secret(call, file, secret);
    if (code < 0)
        return code;
    bool opened = kw_serving_open_sealed(secret, sealed, length, out, size);
    kw_key_wipe(secret, sizeof secret);
    return opened ? 0 : kw_fail(&call->error, KWIT_E_INVALID, file ? file : "staff.key",
                                "this key does not open the address");
}

int kw_serving_make_staff_key(struct kw_touch *call)
{
    uint8_t public_key[crypto_box_PUBLICKEYBYTES], secret_key[crypto_box_SECRETKEYBYTES];
    uint8_t known[KW_STAFF_KEY], random[KW_KEY_BYTES];
    if (read_key(call, "staff.pub", known) == 0)
        return kw_fail(&call->error, KWIT_E_CONFLICT, "staff.pub",
                       "there is a staff key already; what it sealed needs it");
    if (kw_key_random(random) < 0)                  /* and the library is set up */
        return kw_fail(&call->error, KWIT_E_IO, "staff.key", "the kernel gives no random numbers");
    crypto_box_keypair(public_key, secret_key);
    int code = write_key(call, "staff.key", secret_key, 0600);
    kw_key_wipe(secret_key, sizeof secret_key);
    return code < 0 ? code : write_key(call, "staff.pub", public_key, 0644);
}
