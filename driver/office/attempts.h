/* attempts.h - how often a name may be signed in with a wrong passphrase in a minute. In memory alone. */
#ifndef KW_OFFICE_ATTEMPTS_H
#define KW_OFFICE_ATTEMPTS_H

#include <stdbool.h>
#include <stdint.h>

enum { KW_ATTEMPTS = 5, KW_ATTEMPTS_SLOTS = 1024 };

/* Names share slots that a keyed hash finds. Belongs to one thread at a time; begins as noughts. */
struct kw_attempts {
    uint8_t key[16];
    bool has_key;
    struct { uint32_t minute; uint8_t count; } slots[KW_ATTEMPTS_SLOTS];
};
/* Whether there were too many in this minute; counts nothing. */
bool kw_attempts_are_full(struct kw_attempts *attempts, const char *name, int64_t now_ms);
void kw_attempts_count(struct kw_attempts *attempts, const char *name, int64_t now_ms);

#endif
