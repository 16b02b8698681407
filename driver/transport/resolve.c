/*
 * resolve.c - getaddrinfo with a deadline.
 *
 * The resolver of libc may take half a minute when no name server answers and cannot be interrupted, so a name is
 * looked up in a thread of its own, which is left behind when it is late. Numbers need no thread.
 */
#include "transport/resolve.h"

#include "base/clock.h"
#include "base/thread.h"

#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

struct lookup {
    char host[256], port[8];
    pthread_mutex_t mutex;
    pthread_cond_t ready;
    struct kw_addresses addresses;
    int status;
    bool done;
    int owners;                     /* the caller and the thread: the last one frees */
};

static int look_up(const char *host, const char *port, int flags, struct kw_addresses *addresses)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = flags | AI_NUMERICSERV };
    struct addrinfo *list = NULL;
    addresses->count = 0;
    int status = getaddrinfo(host, port, &hints, &list);
    for (struct addrinfo *at = list; status == 0 && at && addresses->count < KW_ADDRESSES_MAX; at = at->ai_next) {
        if (at->ai_addrlen > sizeof addresses->items[0].address)
            continue;
        memcpy(&addresses->items[addresses->count].address, at->ai_addr, at->ai_addrlen);
        addresses->items[addresses->count++].length = at->ai_addrlen;
    }
    if (list)
        freeaddrinfo(list);
    return status;
}

static void release(struct lookup *lookup)
{
    pthread_mutex_lock(&lookup->mutex);
    bool last = --lookup->owners == 0;
    pthread_mutex_unlock(&lookup->mutex);
    if (!last)
        return;
    pthread_cond_destroy(&lookup->ready);
    pthread_mutex_destroy(&lookup->mutex);
    free(lookup);
}

static void *run_lookup(void *data)
{
    struct lookup *lookup = data;
    struct kw_addresses addresses;
    int status = look_up(lookup->host, lookup->port, 0, &addresses);
    pthread_mutex_lock(&lookup->mutex);
    lookup->addresses = addresses;
    lookup->status = status;
    lookup->done = true;
    pthread_cond_signal(&lookup->ready);
    pthread_mutex_unlock(&lookup->mutex);
    release(lookup);
    return NULL;
}

static struct lookup *new_lookup(const char *host, const char *port)
{
    struct lookup *lookup = calloc(1, sizeof *lookup);
    if (!lookup)
        return NULL;
    snprintf(lookup->host, sizeof lookup->host, "%s", host);
    snprintf(lookup->port, sizeof lookup->port, "%s", port);
    lookup->owners = 2;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_mutex_init(&lookup->mutex, NULL);
    pthread_cond_init(&lookup->ready, &attributes);
    pthread_condattr_destroy(&attributes);
    return lookup;
}

static bool await(struct lookup *lookup, int64_t until_ms)
{
    struct timespec moment;
    int left = kw_clock_left_ms(until_ms);
    clock_gettime(CLOCK_MONOTONIC, &moment);
    moment.tv_sec += left / 1000;
    moment.tv_nsec += left % 1000 * 1000000L;
    if (moment.tv_nsec >= 1000000000L) {
        moment.tv_sec++;
        moment.tv_nsec -= 1000000000L;
    }
    int status = 0;
    pthread_mutex_lock(&lookup->mutex);
    while (!lookup->done && status == 0)
        status = pthread_cond_timedwait(&lookup->ready, &lookup->mutex, &moment);
    bool done = lookup->done;
    pthread_mutex_unlock(&lookup->mutex);
    return done;
}

static int resolve_name(const char *host, const char *port, int64_t until_ms, struct kw_addresses *addresses,
                        int *status)
{
    struct lookup *lookup = new_lookup(host, port);
    pthread_t thread;
    if (!lookup)
        return KWIT_E_NO_MEMORY;
    if (!kw_thread_begin(&thread, run_lookup, lookup)) {
        lookup->owners = 1;
        release(lookup);
        return KWIT_E_NO_MEMORY;
    }
    pthread_detach(thread);
    int outcome = await(lookup, until_ms) ? 0 : KWIT_E_TIMEOUT;
    if (outcome == 0) {
        *addresses = lookup->addresses;
        *status = lookup->status;
    }
    release(lookup);
    return outcome;
}

int kw_resolve(const char *host, const char *port, int64_t until_ms, struct kw_addresses *addresses,
               struct kw_error *error)
{
    int status = look_up(host, port, AI_NUMERICHOST, addresses), outcome = 0;
    if (status == EAI_NONAME)
        outcome = resolve_name(host, port, until_ms, addresses, &status);
    if (outcome == KWIT_E_NO_MEMORY)
        return kw_fail(error, KWIT_E_NO_MEMORY, host, "out of memory");
    if (outcome == KWIT_E_TIMEOUT)
        return kw_fail(error, KWIT_E_UNAVAILABLE, host, "no name server said in time what address this name has; check "
                       "the network, or write the printer's address in numbers");
    const char *dot = strrchr(host, '.');
    bool local = dot && strcasecmp(dot, ".local") == 0;
    if (status == EAI_NONAME)
        return kw_fail(error, KWIT_E_NO_PRINTER, host, "no machine of this name is known; %s, or write its address in "
                       "numbers", local ? "names in .local need libnss-mdns and a printer that is on"
                       : "check its spelling");
    if (status != 0 || addresses->count == 0)
        return kw_fail(error, KWIT_E_UNAVAILABLE, host, "cannot find the address of this name: %s; check the network",
                       status ? gai_strerror(status) : "it has none");
    return 0;
}
