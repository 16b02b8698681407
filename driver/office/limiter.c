/* limiter.c - counters in slots that a keyed hash finds. Two clients in one slot share its hour; that is rare. */
#include "office/limiter.h"

#include <pthread.h>
#include <sodium/crypto_shorthash.h>
#include <sodium/randombytes.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 65536, HOUR_MS = 3600000 };

struct slot { uint8_t counts[2]; };
struct kw_limiter {
    pthread_mutex_t lock;
    uint8_t key[crypto_shorthash_KEYBYTES];
    int64_t hour;
    struct slot slots[SLOTS];
};

static const uint8_t ceilings[] = { [KW_LIMITED_FAILURE] = KW_LIMIT_FAILURES, [KW_LIMITED_POST] = KW_LIMIT_POSTS };

struct kw_limiter *kw_limiter_new(void)
{
    struct kw_limiter *limiter = calloc(1, sizeof *limiter);
    if (!limiter)
        return NULL;
    pthread_mutex_init(&limiter->lock, NULL);
    limiter->hour = -1;
    return limiter;
}

void kw_limiter_free(struct kw_limiter *limiter)
{
    if (!limiter)
        return;
    pthread_mutex_destroy(&limiter->lock);
    free(limiter);
}

size_t kw_limiter_network(const struct kw_net *client)
{
    static const uint8_t four[12] = { [10] = 0xff, [11] = 0xff };
    return memcmp(client->bytes, four, sizeof four) == 0 ? 15 : 7;
}

int kw_limiter_wait_s(int64_t now_ms)
{
    return (int)((HOUR_MS - now_ms % HOUR_MS + 999) / 1000);
}

/* Under the lock. A new hour forgets all that was. */
static struct slot *find(struct kw_limiter *limiter, const struct kw_net *client, int64_t now_ms)
{
    uint8_t hash[crypto_shorthash_BYTES];
    if (limiter->hour != now_ms / HOUR_MS) {
        limiter->hour = now_ms / HOUR_MS;
        randombytes_buf(limiter->key, sizeof limiter->key);
        memset(limiter->slots, 0, sizeof limiter->slots);
    }
    crypto_shorthash(hash, client->bytes, kw_limiter_network(client), limiter->key);
    return &limiter->slots[hash[0] | hash[1] << 8];
}

bool kw_limiter_take(struct kw_limiter *limiter, const struct kw_net *client, enum kw_limited what, int64_t now_ms)
{
    pthread_mutex_lock(&limiter->lock);
    uint8_t *count = &find(limiter, client, now_ms)->counts[what];
    bool within = *count < ceilings[what];
    *count += within;
    pthread_mutex_unlock(&limiter->lock);
    return within;
}

bool kw_limiter_is_full(struct kw_limiter *limiter, const struct kw_net *client, int64_t now_ms)
{
    pthread_mutex_lock(&limiter->lock);
    bool full = find(limiter, client, now_ms)->counts[KW_LIMITED_FAILURE] >= KW_LIMIT_FAILURES;
    pthread_mutex_unlock(&limiter->lock);
    return full;
}
