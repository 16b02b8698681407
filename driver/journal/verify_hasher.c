/* verify_hasher.c - what links hash to: each by itself, for each follows the hash that stands before it. */
#include "journal/verify_link.h"

#include "base/thread.h"

#include <sodium/crypto_shorthash.h>

static uint64_t hash_expiry(const struct kw_hasher *hasher, int64_t sale, int64_t at_ms)
{
    const int64_t said[] = { sale, at_ms };
    uint64_t digest;
    crypto_shorthash((uint8_t *)&digest, (const uint8_t *)said, sizeof said, hasher->cell_secret);
    return digest;
}

static void hash_record(const struct kw_hasher *hasher, struct kw_chain_link *link)
{
    kw_digest_record(hasher->secret, &link->record, link->event.content);
    if (link->record.expired_ms)
        link->expiry = hash_expiry(hasher, link->record.sale, link->record.expired_ms);
    if (link->is_sale_exact)
        kw_digest_sale_key(hasher->secret, &link->sale, link->seal);
    for (enum kw_view view = 0; view < KW_VIEW_COUNT; view++) {
        struct kw_cell_key key;
        kw_cell_make_key(&link->record, view, link->record.klass, &key);
        link->cells[view] = kw_cell_digest(hasher->cell_secret, &key);
    }
}

static void hash(const struct kw_hasher *hasher, struct kw_chain_stretch *stretch)
{
    for (size_t i = 0; i < stretch->count; i++) {
        struct kw_chain_link *link = &stretch->links[i];
        if (link->has_record)
            hash_record(hasher, link);
        else if (link->event.ev == KW_EVENT_EXPIRED)
            link->expiry = hash_expiry(hasher, link->event.sale, link->event.ts_ms);
        kw_chain_hash(hasher->secret, link->previous, &link->event, link->hash);
    }
}

static void *work(void *data)
{
    struct kw_hasher *hasher = data;
    pthread_mutex_lock(&hasher->lock);
    while (!hasher->is_ending)
        if (hasher->given) {
            pthread_mutex_unlock(&hasher->lock);
            hash(hasher, hasher->given);
            pthread_mutex_lock(&hasher->lock);
            hasher->given = NULL;
            pthread_cond_signal(&hasher->changed);
        } else
            pthread_cond_wait(&hasher->changed, &hasher->lock);
    pthread_mutex_unlock(&hasher->lock);
    return NULL;
}

void kw_hasher_begin(struct kw_hasher *hasher, const uint8_t *secret, const uint8_t *cell_secret)
{
    *hasher = (struct kw_hasher){ .secret = secret, .cell_secret = cell_secret };
    pthread_mutex_init(&hasher->lock, NULL);
    pthread_cond_init(&hasher->changed, NULL);
}

void kw_hasher_give(struct kw_hasher *hasher, struct kw_chain_stretch *stretch)
{
    if (!hasher->is_running && stretch->count == KW_STRETCH_LINKS)
        hasher->is_running = kw_thread_begin(&hasher->thread, work, hasher);
    if (!hasher->is_running) {
        hash(hasher, stretch);
        return;
    }
    pthread_mutex_lock(&hasher->lock);
    hasher->given = stretch;
    pthread_cond_signal(&hasher->changed);
    pthread_mutex_unlock(&hasher->lock);
}

void kw_hasher_wait(struct kw_hasher *hasher)
{
    pthread_mutex_lock(&hasher->lock);
    while (hasher->given)
        pthread_cond_wait(&hasher->changed, &hasher->lock);
    pthread_mutex_unlock(&hasher->lock);
}

void kw_hasher_end(struct kw_hasher *hasher)
{
    kw_hasher_wait(hasher);
    pthread_mutex_lock(&hasher->lock);
    hasher->is_ending = true;
    pthread_cond_signal(&hasher->changed);
    pthread_mutex_unlock(&hasher->lock);
    if (hasher->is_running)
        pthread_join(hasher->thread, NULL);
    pthread_cond_destroy(&hasher->changed);
    pthread_mutex_destroy(&hasher->lock);
}
