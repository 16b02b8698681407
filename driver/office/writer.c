/* writer.c - a bounded queue and its thread. What comes while a commit waits for the disk shares the next one. */
#include "office/writer.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 3 };

struct kw_page_writer {
    struct kw_page_writer_options options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct kw_write *queue[KW_WRITER_QUEUE];
    size_t first, count;
    struct kw_writer_counts counts;
    bool ending;
    /* of the thread alone */
    struct kw_write *batch[KW_WRITER_QUEUE];
    struct kw_submission submissions[KW_WRITER_QUEUE];
};

/* All that waits; 0: the end. */
static size_t take(struct kw_page_writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    while (writer->count == 0 && !writer->ending)
        pthread_cond_wait(&writer->changed, &writer->lock);
    size_t count = writer->count;
    for (size_t i = 0; i < count; i++)
        writer->batch[i] = writer->queue[(writer->first + i) % KW_WRITER_QUEUE];
    writer->first = (writer->first + count) % KW_WRITER_QUEUE;
    writer->count = 0;
    pthread_mutex_unlock(&writer->lock);
    return count;
}

/*
 * A soft failure is tried again: another program may hold the store for a while. Each try gets them as they were handed
 * in, and not as one that failed left them.
 */
static int submit(struct kw_page_writer *writer, size_t first, size_t count)
{
    const struct kw_book *book = &writer->options.book;
    struct kw_submission *submissions = &writer->submissions[first];
    struct kw_error error;
    int code = KWIT_E_TIMEOUT;
    for (int i = 0; i < TRIES && code == KWIT_E_TIMEOUT; i++) {
        for (size_t at = 0; at < count; at++)
            submissions[at] = writer->batch[first + at]->submission;
        code = book->calls->submit(book->store, writer->options.days, submissions, count, &error);
    }
    return code;
}

/* A batch of a till is a transaction of its own. */
static void take_from_till(struct kw_page_writer *writer, struct kw_write *write)
{
    const struct kw_book *book = &writer->options.book;
    struct kw_error error;
    int code = book->calls->take(book->store, writer->options.days, write->batch, &write->head, &error);
    if (code < 0)
        write->head.outcome = KW_BATCH_BUSY;
    pthread_mutex_lock(&writer->lock);
    writer->counts.batches[write->head.outcome % KW_WRITER_OUTCOMES]++;
    pthread_mutex_unlock(&writer->lock);
    write->done(write->data, write);
    if (code == 0 && writer->options.settle)
        writer->options.settle(writer->options.data);
}

/* Those of tills are done with; how many are left, of customers. */
static size_t take_from_tills(struct kw_page_writer *writer, size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++)
        if (writer->batch[i]->batch)
            take_from_till(writer, writer->batch[i]);
        else
            writer->batch[left++] = writer->batch[i];
    return left;
}

static void write_batch(struct kw_page_writer *writer, size_t count)
{
    int code = submit(writer, 0, count);
    /* One that the store cannot take must not keep the others from it. */
    for (size_t i = 0; code < 0 && code != KWIT_E_TIMEOUT && count > 1 && i < count; i++)
        submit(writer, i, 1);
    size_t failed = 0;
    for (size_t i = 0; i < count; i++)
        failed += writer->submissions[i].outcome == KW_OUTCOME_FAILED;
    pthread_mutex_lock(&writer->lock);
    writer->counts.writes += (int64_t)(count - failed);
    writer->counts.failed += (int64_t)failed;
    writer->counts.commits += failed < count;
    pthread_mutex_unlock(&writer->lock);
    for (size_t i = 0; i < count; i++) {
        writer->batch[i]->submission.outcome = writer->submissions[i].outcome;
        writer->batch[i]->submission.answer.verdict = writer->submissions[i].answer.verdict;
        writer->batch[i]->done(writer->batch[i]->data, writer->batch[i]);
    }
    if (code == 0 && writer->options.settle)
        writer->options.settle(writer->options.data);
}

static void *work(void *data)
{
    struct kw_page_writer *writer = data;
    size_t count;
    while ((count = take(writer)) > 0)
        if ((count = take_from_tills(writer, count)) > 0)
            write_batch(writer, count);
    return NULL;
}

int kw_writer_start(const struct kw_page_writer_options *options, struct kw_page_writer **started,
                    struct kw_error *error)
{
    struct kw_page_writer *writer = calloc(1, sizeof *writer);
    *started = NULL;
    if (!writer)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    writer->options = *options;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->changed, NULL);
    if (pthread_create(&writer->thread, NULL, work, writer) == 0) {
        *started = writer;
        return 0;
    }
    pthread_cond_destroy(&writer->changed);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
    return kw_fail(error, KWIT_E_INTERNAL, "", "no thread can be started for the writer");
}

bool kw_writer_put(struct kw_page_writer *writer, struct kw_write *write)
{
    pthread_mutex_lock(&writer->lock);
    bool taken = writer->count < KW_WRITER_QUEUE && !writer->ending;
    if (taken) {
        writer->queue[(writer->first + writer->count++) % KW_WRITER_QUEUE] = write;
        pthread_cond_signal(&writer->changed);
    }
    pthread_mutex_unlock(&writer->lock);
    return taken;
}

void kw_writer_stop(struct kw_page_writer *writer)
{
    if (!writer)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->ending = true;
    pthread_cond_signal(&writer->changed);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
}

void kw_writer_free(struct kw_page_writer *writer)
{
    if (!writer)
        return;
    pthread_cond_destroy(&writer->changed);
    pthread_mutex_destroy(&writer->lock);
    free(writer);
}

void kw_writer_counts(struct kw_page_writer *writer, struct kw_writer_counts *counts)
{
    pthread_mutex_lock(&writer->lock);
    *counts = writer->counts;
    counts->waiting = (int64_t)writer->count;
    pthread_mutex_unlock(&writer->lock);
}
