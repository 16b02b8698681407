/*
 * attempts.h - how often one network may sign in with a name and a wrong passphrase in a minute, so that nobody keeps
 * a person out from elsewhere. In memory alone.
 */
#ifndef KW_OFFICE_ATTEMPTS_H
#define KW_OFFICE_ATTEMPTS_H

#include "base/net.h"

#include <stdbool.h>
#include <stdint.h>

enum { KW_ATTEMPTS = 5, KW_ATTEMPTS_SLOTS = 16384 };

/* They share slots that a keyed hash finds. Belongs to one thread at a time; begins as noughts. */
struct kw_attempts {
    uint8_t key[16];
    bool has_key;
    struct { uint32_t minute; uint8_t count; } slots[KW_ATTEMPTS_SLOTS];
};
/* Whether there were too many in this minute; counts nothing. client NULL: nobody knows from where. */
bool kw_attempts_are_full(struct kw_attempts *attempts, const char *name, const struct kw_net *client, int64_t now_ms);
void kw_attempts_count(struct kw_attempts *attempts, const char *name, const struct kw_net *client, int64_t now_ms);
/* Until they are forgotten. */
int kw_attempts_wait_s(int64_t now_ms);

#endif
