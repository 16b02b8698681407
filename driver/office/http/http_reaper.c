/* http_reaper.c - once a second, connections whose request is late are shut down; the server notices and ends them. */
#include "office/http/http_reaper.h"

#include "base/clock.h"
#include "office/http/http.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

struct watched { const void *connection; int handle; int64_t until_ms; };       /* until_ms 0: its request is whole */

struct kw_http_reaper {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    int64_t deadline_ms;
    bool ending;
    struct watched watched[KW_HTTP_CONNECTIONS];
};

static struct watched *find(struct kw_http_reaper *reaper, const void *connection)
{
    for (size_t i = 0; i < KW_HTTP_CONNECTIONS; i++)
        if (reaper->watched[i].connection == connection)
            return &reaper->watched[i];
    return NULL;
}

static void set(struct kw_http_reaper *reaper, const void *connection, int64_t until_ms)
{
    pthread_mutex_lock(&reaper->lock);
    struct watched *watched = find(reaper, connection);
    if (watched)
        watched->until_ms = until_ms;
    pthread_mutex_unlock(&reaper->lock);
}

void kw_http_reaper_add(struct kw_http_reaper *reaper, const void *connection, int handle)
{
    pthread_mutex_lock(&reaper->lock);
    struct watched *free_slot = find(reaper, NULL);
    if (free_slot)
        *free_slot = (struct watched){ connection, handle, kw_clock_boot_ms() + reaper->deadline_ms };
    pthread_mutex_unlock(&reaper->lock);
}

void kw_http_reaper_remove(struct kw_http_reaper *reaper, const void *connection)
{
    pthread_mutex_lock(&reaper->lock);
    struct watched *watched = find(reaper, connection);
    if (watched)
        *watched = (struct watched){ 0 };
    pthread_mutex_unlock(&reaper->lock);
}

void kw_http_reaper_begin(struct kw_http_reaper *reaper, const void *connection)
{
    set(reaper, connection, kw_clock_boot_ms() + reaper->deadline_ms);
}

void kw_http_reaper_whole(struct kw_http_reaper *reaper, const void *connection)
{
    set(reaper, connection, 0);
}

static void *reap(void *data)
{
    struct kw_http_reaper *reaper = data;
    pthread_mutex_lock(&reaper->lock);
    while (!reaper->ending) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_sec++;
        pthread_cond_timedwait(&reaper->ended, &reaper->lock, &until);
        int64_t now_ms = kw_clock_boot_ms();
        for (size_t i = 0; i < KW_HTTP_CONNECTIONS; i++)
            if (reaper->watched[i].connection && reaper->watched[i].until_ms && reaper->watched[i].until_ms <= now_ms)
                shutdown(reaper->watched[i].handle, SHUT_RDWR);
    }
    pthread_mutex_unlock(&reaper->lock);
    return NULL;
}

struct kw_http_reaper *kw_http_reaper_new(unsigned deadline_s)
{
    struct kw_http_reaper *reaper = calloc(1, sizeof *reaper);
    if (!reaper)
        return NULL;
    reaper->deadline_ms = (int64_t)deadline_s * 1000;
    pthread_condattr_t steady;              /* whoever sets the clock makes nobody wait, nor spin */
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
    pthread_mutex_init(&reaper->lock, NULL);
    pthread_cond_init(&reaper->ended, &steady);
    pthread_condattr_destroy(&steady);
    if (pthread_create(&reaper->thread, NULL, reap, reaper) == 0)
        return reaper;
    pthread_cond_destroy(&reaper->ended);
    pthread_mutex_destroy(&reaper->lock);
    free(reaper);
    return NULL;
}

void kw_http_reaper_free(struct kw_http_reaper *reaper)
{
    if (!reaper)
        return;
    pthread_mutex_lock(&reaper->lock);
    reaper->ending = true;
    pthread_cond_signal(&reaper->ended);
    pthread_mutex_unlock(&reaper->lock);
    pthread_join(reaper->thread, NULL);
    pthread_cond_destroy(&reaper->ended);
    pthread_mutex_destroy(&reaper->lock);
    free(reaper);
}
