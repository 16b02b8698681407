/* serve.c - accepts who may print, and counts them. */
#include "tap/serve.h"

#include "base/clock.h"
#include "tap/connection.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { GO_ON_MS = 100, FULL_MS = 5000 };

struct kw_tap {
    struct kw_tap_options options;
    struct kw_tap_queue *line;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int open;
    int64_t full_ms;                /* since when somebody waits for another to leave; 0: nobody does */
    struct guest *first;            /* those whose end was not heard yet, in the order in which they came */
};

struct guest {
    struct kw_tap *tap;
    int socket;
    struct kw_net machine;          /* where it comes from */
    bool listed;
    struct guest *next;
};

static void count(struct kw_tap *tap, int change)
{
    pthread_mutex_lock(&tap->lock);
    tap->open += change;
    pthread_cond_broadcast(&tap->changed);
    pthread_mutex_unlock(&tap->lock);
}

/* ---- one connection behind the other ---- */

static void list(struct guest *guest)
{
    struct kw_tap *tap = guest->tap;
    pthread_mutex_lock(&tap->lock);
    struct guest **end = &tap->first;
    while (*end)
        end = &(*end)->next;
    *end = guest;
    guest->listed = true;
    pthread_mutex_unlock(&tap->lock);
}

static void unlist(void *data)
{
    struct guest *guest = data;
    struct kw_tap *tap = guest->tap;
    if (!guest->listed)
        return;
    pthread_mutex_lock(&tap->lock);
    struct guest **at = &tap->first;
    while (*at != guest)
        at = &(*at)->next;
    *at = guest->next;
    guest->listed = false;
    pthread_cond_broadcast(&tap->changed);
    pthread_mutex_unlock(&tap->lock);
}

static bool has_ended(const struct guest *guest)
{
    struct pollfd end = { .fd = guest->socket, .events = POLLRDHUP };
    return poll(&end, 1, 0) > 0;
}

/*
 * A program that makes a connection for each part of its paper has ended one before it begins the next: what came by
 * the first is in the queue before the second is heard.
 */
static void await_turn(struct guest *guest)
{
    struct kw_tap *tap = guest->tap;
    pthread_mutex_lock(&tap->lock);
    for (struct guest *before = tap->first; before != guest;) {
        bool ended = kw_net_holds(&before->machine, &guest->machine) && has_ended(before);
        if (ended)
            pthread_cond_wait(&tap->changed, &tap->lock);
        before = ended ? tap->first : before->next;
    }
    pthread_mutex_unlock(&tap->lock);
}

static void *serve(void *data)
{
    struct guest *guest = data;
    struct kw_tap *tap = guest->tap;
    await_turn(guest);
    kw_connection_serve(&tap->options, tap->line, guest->socket, unlist, guest);
    free(guest);
    count(tap, -1);
    return NULL;
}

static bool may_print(const struct kw_tap *tap, const struct kw_net *machine)
{
    if (tap->options.allow_count == 0)
        return kw_net_is_loopback(machine);
    for (size_t i = 0; i < tap->options.allow_count; i++)
        if (kw_net_holds(&tap->options.allow[i], machine))
            return true;
    return false;
}

static bool begin_thread(struct kw_tap *tap, int socket, const struct kw_net *machine)
{
    struct guest *guest = malloc(sizeof *guest);
    pthread_t thread;
    if (!guest)
        return false;
    *guest = (struct guest){ .tap = tap, .socket = socket, .machine = *machine };
    count(tap, 1);
    list(guest);
    if (pthread_create(&thread, NULL, serve, guest) != 0) {
        unlist(guest);
        count(tap, -1);
        free(guest);
        return false;
    }
    pthread_detach(thread);
    return true;
}

static void take_guest(struct kw_tap *tap)
{
    struct sockaddr_storage peer = { 0 };
    struct kw_net machine = { .bits = 0 };
    socklen_t length = sizeof peer;
    int socket = accept4(tap->options.socket, (struct sockaddr *)&peer, &length, SOCK_CLOEXEC);
    if (socket < 0)
        return;
    kw_connection_end_by_reset(socket, true);       /* who came before that was said of the door did not inherit it */
    pthread_mutex_lock(&tap->lock);
    bool full = tap->open >= KW_TAP_CONNECTIONS;
    pthread_mutex_unlock(&tap->lock);
    bool away = tap->options.refuse && kw_tap_queue_is_away(tap->line);
    bool has_address = kw_net_of_peer((const struct sockaddr *)&peer, &machine);
    if (full || away || (has_address && !may_print(tap, &machine)) || !begin_thread(tap, socket, &machine))
        close(socket);              /* as a printer that is switched off looks to whoever calls it */
}

/*
 * Where all places are taken whoever comes waits for one a while, with what it has sent: a program that makes a
 * connection for each line, and closes it, does not hear that one was reset. True: there is one, or none will be.
 */
static bool await_place(struct kw_tap *tap)
{
    enum { LOOK_MS = 10 };
    pthread_mutex_lock(&tap->lock);
    bool full = tap->open >= KW_TAP_CONNECTIONS;
    pthread_mutex_unlock(&tap->lock);
    tap->full_ms = !full ? 0 : tap->full_ms ? tap->full_ms : kw_clock_boot_ms();
    bool waits = full && kw_clock_left_ms(tap->full_ms + FULL_MS) > 0;
    if (waits)
        poll(NULL, 0, LOOK_MS);
    return !waits;
}

int kw_tap_start(const struct kw_tap_options *options, struct kw_tap **started, struct kw_error *error)
{
    struct kw_tap *tap = calloc(1, sizeof *tap);
    *started = NULL;
    if (!tap)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    tap->options = *options;
    kw_connection_end_by_reset(options->socket, true);
    pthread_mutex_init(&tap->lock, NULL);
    pthread_cond_init(&tap->changed, NULL);
    int code = kw_tap_queue_start(&tap->options.calls, &tap->line, error);
    if (code == 0) {
        *started = tap;
        return 0;
    }
    pthread_cond_destroy(&tap->changed);
    pthread_mutex_destroy(&tap->lock);
    free(tap);
    return code;
}

int kw_tap_run(struct kw_tap *tap, struct kw_error *error)
{
    while (tap->options.go_on(tap->options.go_on_data)) {
        struct pollfd door = { .fd = tap->options.socket, .events = POLLIN };
        int ready = poll(&door, 1, GO_ON_MS);
        if (ready < 0 && errno != EINTR)
            return kw_fail(error, KWIT_E_IO, "", "waiting for connections: %s", strerror(errno));
        if (ready > 0 && await_place(tap))
            take_guest(tap);
    }
    return 0;
}

void kw_tap_stop(struct kw_tap *tap)
{
    if (!tap)
        return;
    pthread_mutex_lock(&tap->lock);
    while (tap->open > 0)
        pthread_cond_wait(&tap->changed, &tap->lock);
    pthread_mutex_unlock(&tap->lock);
    kw_tap_queue_stop(tap->line);
    pthread_cond_destroy(&tap->changed);
    pthread_mutex_destroy(&tap->lock);
    free(tap);
}

struct kw_tap_queue *kw_tap_queue_of(struct kw_tap *tap)
{
    return tap->line;
}
