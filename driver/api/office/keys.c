/* keys.c - the office's own key, and the staff's pair. */
#include "api/office/serving.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium/crypto_box.h>
#include <sodium/utils.h>
#include <string.h>
#include <unistd.h>

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
