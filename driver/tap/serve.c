/* serve.c - accepts who may print, and counts them. */
#include "tap/serve.h"

#include "tap/connection.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { GO_ON_MS = 100 };

struct kw_tap {
    struct kw_tap_options options;
    struct kw_tap_queue *line;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int open;
};

struct guest { struct kw_tap *tap; int socket; };

static void count(struct kw_tap *tap, int change)
{
    pthread_mutex_lock(&tap->lock);
    tap->open += change;
    pthread_cond_signal(&tap->changed);
    pthread_mutex_unlock(&tap->lock);
}

static void *serve(void *data)
{
    struct guest guest = *(struct guest *)data;
    free(data);
    kw_connection_serve(&guest.tap->options, guest.tap->line, guest.socket);
    count(guest.tap, -1);
    return NULL;
}

static bool may_print(const struct kw_tap *tap, const struct sockaddr *peer)
{
    struct kw_net machine;
    if (!kw_net_of_peer(peer, &machine))
        return true;
    if (tap->options.allow_count == 0)
        return kw_net_is_loopback(&machine);
    for (size_t i = 0; i < tap->options.allow_count; i++)
        if (kw_net_holds(&tap->options.allow[i], &machine))
            return true;
    return false;
}

static bool begin_thread(struct kw_tap *tap, int socket)
{
    struct guest *guest = malloc(sizeof *guest);
    pthread_t thread;
    if (!guest)
        return false;
    *guest = (struct guest){ tap, socket };
    count(tap, 1);
    if (pthread_create(&thread, NULL, serve, guest) != 0) {
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
    socklen_t length = sizeof peer;
    int socket = accept4(tap->options.socket, (struct sockaddr *)&peer, &length, SOCK_CLOEXEC);
    if (socket < 0)
        return;
    kw_connection_end_by_reset(socket, true);       /* who came before that was said of the door did not inherit it */
    pthread_mutex_lock(&tap->lock);
    bool full = tap->open >= KW_TAP_CONNECTIONS;
    pthread_mutex_unlock(&tap->lock);
    bool away = tap->options.refuse && kw_tap_queue_is_away(tap->line);
    if (full || away || !may_print(tap, (const struct sockaddr *)&peer) || !begin_thread(tap, socket))
        close(socket);              /* as a printer that is switched off looks to whoever calls it */
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
        if (ready > 0)
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
