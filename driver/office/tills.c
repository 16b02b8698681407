/* tills.c - POST /v1/push: a till's batch is checked here, taken by the writer, and answered once it is on disk. */
#include "office/internal.h"

#include "office/push/push.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A batch on its way, with what its reply needs when the request is gone. */
struct handed_batch {
    struct kw_write write;                  /* first: the writer gives this back */
    struct kw_office *office;
    struct kw_http_exchange *exchange;
    struct kw_arena *arena;                 /* of the batch's events */
    struct kw_batch batch;
    uint8_t key[KW_PUSH_MAC], digest[KW_PUSH_DIGEST];
};

/* Whoever has no key of a till is told a word that no till believes. */
static void say_word(struct kw_office *office, struct kw_http_exchange *exchange, enum kw_batch_outcome outcome)
{
    char word[40];
    int length = snprintf(word, sizeof word, "%s\n", kw_batch_word(outcome));
    kw_office_send(office, exchange, kw_batch_status(outcome), "text/plain", NULL, word, (size_t)length);
}

static void release(struct handed_batch *handed)
{
    kw_arena_free(handed->arena);
    kw_key_wipe(handed, sizeof *handed);
    free(handed);
}

static void answer(struct handed_batch *handed, const struct kw_batch_head *head)
{
    uint8_t reply[KW_PUSH_REPLY];
    const size_t length = kw_push_write_reply(head, handed->key, handed->digest, reply);
    kw_office_send(handed->office, handed->exchange, kw_batch_status(head->outcome), KW_PUSH_TYPE, NULL, reply, length);
    release(handed);
}

/* On the writer's thread. */
static void taken(void *data, struct kw_write *write)
{
    const struct kw_batch_head head = write->head;
    answer(data, &head);
}

static bool find_key(struct handed_batch *handed)
{
    struct kw_office *office = handed->office;
    const struct kw_key_lookup *keys = &office->options.keys;
    struct kw_terminal_key key;
    pthread_mutex_lock(&office->reading);
    bool found = keys->find(keys->data, handed->batch.kid, handed->batch.handle, &key);
    pthread_mutex_unlock(&office->reading);
    if (found)
        kw_push_key(&key, handed->key);
    kw_key_wipe(&key, sizeof key);
    return found;
}

static enum kw_batch_outcome check(struct handed_batch *handed, const struct kw_http_request *request)
{
    enum kw_batch_outcome outcome = kw_push_read(handed->arena, request->body, request->length, &handed->batch);
    if (outcome == KW_BATCH_TAKEN && !find_key(handed))
        outcome = KW_BATCH_UNKNOWN;
    if (outcome == KW_BATCH_TAKEN)
        outcome = kw_push_check(request->body, request->length, &handed->batch, handed->key, handed->digest);
    return outcome;
}

void kw_office_take(struct kw_office *office, struct kw_http_exchange *exchange, const struct kw_http_request *request)
{
    struct handed_batch *handed = calloc(1, sizeof *handed);
    const bool ready = handed && (handed->arena = kw_arena_new(KW_PUSH_ARENA));
    if (ready) {
        handed->office = office;
        handed->exchange = exchange;
    }
    const enum kw_batch_outcome outcome = ready ? check(handed, request) : KW_BATCH_BUSY;
    if (outcome == KW_BATCH_TAKEN) {
        handed->write.batch = &handed->batch;
        handed->write.done = taken;
        handed->write.data = handed;
        if (!kw_writer_put(office->taker, &handed->write))
            answer(handed, &(struct kw_batch_head){ .outcome = KW_BATCH_BUSY });
    } else if (outcome == KW_BATCH_SIGNATURE) {
        answer(handed, &(struct kw_batch_head){ .outcome = outcome });
    } else {
        say_word(office, exchange, outcome);
        if (handed)
            release(handed);
    }
}
