/* queue.c - a queue and its thread. */
#include "tap/queue.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LOOK_MS = 2000, WATCH_MS = 500 };

struct kw_tap_queue {
    struct kw_tap_queue_calls calls;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct kw_tap_queue_work *first;
    struct kw_tap_status status;
    int64_t looked_ms, watched_ms;
    int watchers;
    bool ending, away;
};

struct kw_tap_queue_work *kw_tap_queue_work_new(const uint8_t *bytes, size_t length, bool receipt, int wake)
{
    struct kw_tap_queue_work *work = calloc(1, sizeof *work);
    uint8_t *copy = malloc(length + 1);
    if (!work || !copy) {
        free(work);
        free(copy);
        return NULL;
    }
    memcpy(copy, bytes, length);
    *work = (struct kw_tap_queue_work){ .bytes = copy, .length = length, .receipt = receipt, .wake = wake };
    return work;
}

void kw_tap_queue_work_free(struct kw_tap_queue_work *work)
{
    if (!work)
        return;
    free(work->bytes);
    free(work->line);
    free(work);
}

static struct timespec in(int for_ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += for_ms % 1000 * 1000000L;
    until.tv_sec += for_ms / 1000 + until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return until;
}

/* ---- the queue ---- */

void kw_tap_queue_put(struct kw_tap_queue *line, struct kw_tap_queue_work *work)
{
    pthread_mutex_lock(&line->lock);
    struct kw_tap_queue_work **end = &line->first;
    while (*end)
        end = &(*end)->next;
    *end = work;
    pthread_cond_signal(&line->changed);
    pthread_mutex_unlock(&line->lock);
}

/* DLE with nothing else in it: three bytes of DLE EOT and DLE ENQ, five of a pulse. */
static bool is_real_time(const struct kw_tap_queue_work *work)
{
    size_t at = 0;
    while (at + 2 < work->length && work->bytes[at] == 0x10)
        at += work->bytes[at + 1] == 0x14 ? 5 : 3;
    return !work->receipt && work->length > 0 && at == work->length;
}

static bool is_question(const struct kw_tap_queue_work *work)
{
    return !work->receipt && !work->in_turn;
}

static bool is_whole(const struct kw_tap_queue_work *work)
{
    return !work->open;
}

static struct kw_tap_queue_work **find(struct kw_tap_queue *line, bool (*is)(const struct kw_tap_queue_work *work))
{
    struct kw_tap_queue_work **at = &line->first;
    while (*at && !is(*at))
        at = &(*at)->next;
    return *at ? at : NULL;
}

/*
 * Takes the oldest question out of the queue, else (unless only questions are wanted) the oldest of the others: a
 * receipt whose end is still to come holds nobody up whose receipt is there.
 */
static struct kw_tap_queue_work *take(struct kw_tap_queue *line, bool meanwhile)
{
    struct kw_tap_queue_work **found = find(line, meanwhile ? is_real_time : is_question);
    if (!found && !meanwhile)
        found = find(line, is_whole);
    if (!found && !meanwhile && line->first)
        found = &line->first;
    struct kw_tap_queue_work *work = found ? *found : NULL;
    if (work)
        *found = work->next, work->next = NULL;
    return work;
}

static void finish(struct kw_tap_queue *line, struct kw_tap_queue_work *work)
{
    const uint64_t one = 1;
    pthread_mutex_lock(&line->lock);
    work->done = true;
    bool left = work->left;
    ssize_t told = left || work->wake < 0 ? 0 : write(work->wake, &one, sizeof one);
    (void)told;                     /* a full counter wakes its reader too */
    pthread_mutex_unlock(&line->lock);
    if (left)
        kw_tap_queue_work_free(work);
}

bool kw_tap_queue_is_done(struct kw_tap_queue *line, struct kw_tap_queue_work *work)
{
    pthread_mutex_lock(&line->lock);
    bool done = work->done;
    pthread_mutex_unlock(&line->lock);
    return done;
}

void kw_tap_queue_keep(struct kw_tap_queue *line, struct kw_tap_queue_work *work)
{
    pthread_mutex_lock(&line->lock);
    work->kept = true;
    pthread_mutex_unlock(&line->lock);
}

bool kw_tap_queue_is_kept(struct kw_tap_queue *line, const struct kw_tap_queue_work *work)
{
    pthread_mutex_lock(&line->lock);
    bool kept = work->kept;
    pthread_mutex_unlock(&line->lock);
    return kept;
}

void kw_tap_queue_leave(struct kw_tap_queue *line, struct kw_tap_queue_work *work)
{
    pthread_mutex_lock(&line->lock);
    bool done = work->done;
    work->left = true;
    pthread_mutex_unlock(&line->lock);
    if (done)
        kw_tap_queue_work_free(work);
}

bool kw_tap_queue_take_back(struct kw_tap_queue *line, struct kw_tap_queue_work *work)
{
    pthread_mutex_lock(&line->lock);
    struct kw_tap_queue_work **at = &line->first;
    while (*at && *at != work)
        at = &(*at)->next;
    bool waits = *at != NULL;
    if (waits)
        *at = work->next;
    pthread_mutex_unlock(&line->lock);
    return waits;
}

struct kw_tap_queue_work *kw_tap_queue_question(struct kw_tap_queue *line)
{
    pthread_mutex_lock(&line->lock);
    struct kw_tap_queue_work *work = take(line, true);
    pthread_mutex_unlock(&line->lock);
    return work;
}

/* ---- one whose end is still to come ---- */

static bool add(struct kw_tap_queue_work *work, const uint8_t *bytes, size_t length)
{
    uint8_t *more = realloc(work->bytes, work->length + length + 1);
    if (!more)
        return false;
    memcpy(more + work->length, bytes, length);
    work->bytes = more;
    work->length += length;
    return true;
}

bool kw_tap_queue_add(struct kw_tap_queue *line, struct kw_tap_queue_work *work, const uint8_t *bytes, size_t length,
                      bool inside, bool ends)
{
    pthread_mutex_lock(&line->lock);
    bool added = !work->declined && add(work, bytes, length);
    if (added) {
        work->inside = inside;
        work->open = !ends;
        pthread_cond_signal(&line->changed);
    }
    pthread_mutex_unlock(&line->lock);
    return added;
}

bool kw_tap_queue_decline(struct kw_tap_queue *line, struct kw_tap_queue_work *work, bool begun)
{
    pthread_mutex_lock(&line->lock);
    work->begun = begun;
    work->declined = work->open;
    pthread_mutex_unlock(&line->lock);
    return work->declined;
}

void kw_tap_queue_read(struct kw_tap_queue *line, struct kw_tap_queue_work *work, size_t from, bool listens, int for_ms,
                       struct kw_tap_queue_chunk *chunk)
{
    const struct timespec until = in(for_ms);
    pthread_mutex_lock(&line->lock);
    for (int late = 0; work->open && work->length == from && late == 0 && !(listens && find(line, is_real_time));)
        late = pthread_cond_timedwait(&line->changed, &line->lock, &until);
    size_t left = work->length - from;
    chunk->length = left < sizeof chunk->bytes ? left : sizeof chunk->bytes;
    memcpy(chunk->bytes, work->bytes + from, chunk->length);
    chunk->inside = work->inside || chunk->length < left;
    chunk->open = work->open;
    pthread_mutex_unlock(&line->lock);
}

void kw_tap_queue_answer(struct kw_tap_queue *line, struct kw_tap_queue_work *work)
{
    finish(line, work);
}

void kw_tap_queue_return(struct kw_tap_queue *line, struct kw_tap_queue_work *work)
{
    pthread_mutex_lock(&line->lock);
    work->next = line->first;
    line->first = work;
    pthread_mutex_unlock(&line->lock);
}

bool kw_tap_queue_is_away(struct kw_tap_queue *line)
{
    pthread_mutex_lock(&line->lock);
    bool away = line->away;
    pthread_mutex_unlock(&line->lock);
    return away;
}

/* ---- how it is ---- */

void kw_tap_queue_watch(struct kw_tap_queue *line, int change)
{
    pthread_mutex_lock(&line->lock);
    line->watchers += change;
    pthread_cond_signal(&line->changed);
    pthread_mutex_unlock(&line->lock);
}

bool kw_tap_queue_is_watched(struct kw_tap_queue *line)
{
    pthread_mutex_lock(&line->lock);
    bool watched = line->watchers > 0 && line->calls.watch;
    pthread_mutex_unlock(&line->lock);
    return watched;
}

struct kw_tap_status kw_tap_queue_status(struct kw_tap_queue *line)
{
    pthread_mutex_lock(&line->lock);
    struct kw_tap_status status = line->status;
    pthread_mutex_unlock(&line->lock);
    return status;
}

void kw_tap_queue_tell(struct kw_tap_queue *line, const struct kw_tap_status *status)
{
    pthread_mutex_lock(&line->lock);
    line->status = *status;
    pthread_mutex_unlock(&line->lock);
}

static void watch(struct kw_tap_queue *line)
{
    struct kw_tap_status status = kw_tap_queue_status(line);
    line->calls.watch(line->calls.data, &status);
    kw_tap_queue_tell(line, &status);
    line->watched_ms = kw_clock_boot_ms();
}

static void look(struct kw_tap_queue *line)
{
    bool away = !line->calls.ready(line->calls.data);
    pthread_mutex_lock(&line->lock);
    line->away = away;
    pthread_mutex_unlock(&line->lock);
    line->looked_ms = kw_clock_boot_ms();
}

/*
 * What nobody asks for now and many want to know: when nothing waits to be done, and for who watches at the latest so
 * much later. The result: milliseconds until it is due again.
 */
static int look_around(struct kw_tap_queue *line)
{
    pthread_mutex_lock(&line->lock);
    bool waits = line->first;
    pthread_mutex_unlock(&line->lock);
    bool watched = kw_tap_queue_is_watched(line);
    if (watched && kw_clock_left_ms(line->watched_ms + WATCH_MS + (waits ? LOOK_MS : 0)) == 0)
        watch(line);
    if (!waits && line->calls.ready && kw_clock_left_ms(line->looked_ms + LOOK_MS) == 0)
        look(line);
    int left_ms = watched ? kw_clock_left_ms(line->watched_ms + WATCH_MS) : LOOK_MS;
    return left_ms > 0 ? left_ms : WATCH_MS;
}

/* ---- the thread ---- */

/* The next wish; NULL: nothing came for a while, or *ended. */
static struct kw_tap_queue_work *wait_for(struct kw_tap_queue *line, int for_ms, bool *ended)
{
    const struct timespec until = in(for_ms);
    pthread_mutex_lock(&line->lock);
    int late = 0, watchers = line->watchers;
    while (!line->first && !line->ending && line->watchers <= watchers && late == 0)
        late = pthread_cond_timedwait(&line->changed, &line->lock, &until);
    struct kw_tap_queue_work *work = take(line, false);
    *ended = !work && line->ending;
    pthread_mutex_unlock(&line->lock);
    return work;
}

static void do_wish(struct kw_tap_queue *line, struct kw_tap_queue_work *work)
{
    if (work->receipt)
        line->calls.print(line->calls.data, work);
    else
        work->answer_length = line->calls.ask(line->calls.data, work->bytes, work->length, work->wanted,
                                              work->answer);
    line->looked_ms = kw_clock_boot_ms();
    if (work->receipt)
        line->watched_ms = line->looked_ms - WATCH_MS;
    finish(line, work);
}

static void *work_on(void *data)
{
    struct kw_tap_queue *line = data;
    for (bool ended = false; !ended;) {
        struct kw_tap_queue_work *work = wait_for(line, look_around(line), &ended);
        if (work)
            do_wish(line, work);
    }
    return NULL;
}

int kw_tap_queue_start(const struct kw_tap_queue_calls *calls, struct kw_tap_queue **started, struct kw_error *error)
{
    struct kw_tap_queue *line = calloc(1, sizeof *line);
    pthread_condattr_t monotonic;
    *started = NULL;
    if (!line)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    line->calls = *calls;
    if (calls->ready)
        look(line);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&line->lock, NULL);
    pthread_cond_init(&line->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    if (pthread_create(&line->thread, NULL, work_on, line) == 0) {
        *started = line;
        return 0;
    }
    pthread_cond_destroy(&line->changed);
    pthread_mutex_destroy(&line->lock);
    free(line);
    return kw_fail(error, KWIT_E_INTERNAL, "", "no thread can be started for the printer");
}

void kw_tap_queue_stop(struct kw_tap_queue *line)
{
    if (!line)
        return;
    pthread_mutex_lock(&line->lock);
    line->ending = true;
    pthread_cond_signal(&line->changed);
    pthread_mutex_unlock(&line->lock);
    pthread_join(line->thread, NULL);
    pthread_cond_destroy(&line->changed);
    pthread_mutex_destroy(&line->lock);
    free(line);
}
