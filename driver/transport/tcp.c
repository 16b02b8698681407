/* tcp.c - tcp://HOST[:PORT]: a printer on the network that takes raw bytes, usually on port 9100. */
#include "transport/address.h"
#include "transport/resolve.h"
#include "transport/stream.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RETRY_MS = 200, ATTEMPT_MS = 3000, IDENTIFY_MS = 5000, FAREWELL_MS = 50 };

struct place { char host[256], port[8]; };

static bool read_port(const char *text, char port[8])
{
    size_t digits = strspn(text, "0123456789");
    long number = digits > 0 && digits <= 5 && text[digits] == 0 ? strtol(text, NULL, 10) : 0;
    if (number < 1 || number > 65535)
        return false;
    snprintf(port, 8, "%ld", number);
    return true;
}

/* HOST, HOST:PORT, [IPV6], [IPV6]:PORT; a bare IPv6 address has no port. */
static int read_place(const char *uri, struct place *place, struct kw_error *error)
{
    char body[320];
    bool fine = kw_address_path(uri, true, body, sizeof body) && !strchr(uri, '?');
    char *host = body, *colon = NULL, *end = body + strlen(fine ? body : "");
    if (fine && end > body && end[-1] == '/')
        *--end = 0;
    if (fine && body[0] == '[') {
        end = strchr(body, ']');
        fine = end && (end[1] == 0 || end[1] == ':');
        if (fine) {
            host++;
            colon = end[1] == ':' ? end + 1 : NULL;
            *end = 0;
        }
    } else if (fine && strchr(body, ':') == strrchr(body, ':')) {
        colon = strchr(body, ':');
    }
    snprintf(place->port, sizeof place->port, "9100");
    if (fine && colon) {
        fine = read_port(colon + 1, place->port);
        *colon = 0;
    }
    if (!fine || !*host || strlen(host) >= sizeof place->host || strpbrk(host, "/@ ${}"))
        return kw_fail(error, KWIT_E_INVALID, uri, "this is not a network address; write tcp://HOST or tcp://HOST:PORT "
                       "(1 to 65535)");
    snprintf(place->host, sizeof place->host, "%.255s", host);
    return 0;
}

static void describe(const struct kw_addresses *addresses, char identity[KW_IDENTITY_MAX])
{
    char host[100] = "", port[16] = "";
    getnameinfo((const struct sockaddr *)&addresses->items[0].address, addresses->items[0].length, host, sizeof host,
                port, sizeof port, NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(identity, KW_IDENTITY_MAX, "tcp-%s-%s", host, port);
}

static int tcp_identify(const char *uri, const struct kw_link_options *options, char identity[KW_IDENTITY_MAX],
                        struct kw_error *error)
{
    struct place place;
    struct kw_addresses addresses;
    (void)options;
    int status = read_place(uri, &place, error);
    if (status == 0)
        status = kw_resolve(place.host, place.port, kw_clock_boot_ms() + IDENTIFY_MS, &addresses, error);
    if (status == 0)
        describe(&addresses, identity);
    return status;
}

/* One attempt at one address: a connected descriptor, or -errno. */
static int attempt(const struct sockaddr *address, socklen_t length, int64_t until_ms)
{
    int one = 1, fault = 0;
    socklen_t size = sizeof fault;
    int file = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (file < 0)
        return -errno;
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    setsockopt(file, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
    if (connect(file, address, length) != 0) {
        struct pollfd entry = { .fd = file, .events = POLLOUT };
        fault = errno;
        int ready = fault == EINPROGRESS ? poll(&entry, 1, kw_clock_left_ms(until_ms)) : 1;
        if (fault == EINPROGRESS && ready > 0)
            getsockopt(file, SOL_SOCKET, SO_ERROR, &fault, &size);
        else if (ready <= 0)
            fault = ETIMEDOUT;
    }
    if (fault == 0)
        return file;
    close(file);
    return -fault;
}

static int attempt_all(const struct kw_addresses *addresses, int64_t until_ms)
{
    int file = -ETIMEDOUT;
    for (int i = 0; i < addresses->count; i++) {
        int64_t moment = kw_clock_boot_ms() + ATTEMPT_MS;
        file = attempt((const struct sockaddr *)&addresses->items[i].address, addresses->items[i].length,
                       moment < until_ms ? moment : until_ms);
        if (file >= 0)
            break;
    }
    return file;
}

static int refused(const char *uri, const char *port, int number, struct kw_error *error)
{
    if (number == ECONNREFUSED || number == ECONNRESET)
        return kw_fail(error, KWIT_E_UNAVAILABLE, uri, "the printer refuses connections on port %s: another till may "
                       "be printing on it, or the port is wrong", port);
    return kw_fail(error, KWIT_E_UNAVAILABLE, uri, "the printer does not answer on the network (%s); check its "
                   "power, its cable and its address", strerror(number));
}

/* A printer that serves one at a time refuses the others: that is waited for. */
static int connect_until(struct kw_stream *stream, const struct place *place, int64_t until_ms, struct kw_error *error)
{
    struct kw_addresses addresses;
    for (;;) {
        int status = kw_resolve(place->host, place->port, until_ms, &addresses, error);
        if (status != 0)
            return status;
        stream->fd = attempt_all(&addresses, until_ms);
        if (stream->fd >= 0) {
            describe(&addresses, stream->identity);
            return 0;
        }
        int left = kw_clock_left_ms(until_ms);
        if (left == 0)
            return refused(stream->uri, place->port, -stream->fd, error);
        kw_clock_sleep_ms(left < RETRY_MS ? left : RETRY_MS);
    }
}

static int tcp_open(const char *uri, const struct kw_link_options *options, int64_t until_ms, struct kw_link **link,
                    struct kw_error *error)
{
    struct place place;
    int status = read_place(uri, &place, error);
    if (status != 0)
        return status;
    struct kw_stream *stream = kw_stream_new(sizeof *stream, &kw_transport_tcp, uri, options, error);
    if (!stream)
        return KWIT_E_NO_MEMORY;
    stream->empty_is_end = true;
    stream->link.facts.drain_ends = true;
    status = connect_until(stream, &place, until_ms, error);
    if (status != 0) {
        free(stream);
        return status;
    }
    *link = &stream->link;
    return 0;
}

/* The other side's end of the stream: 0; DISCONNECTED when it was reset. What it still says is of no use any more. */
static int read_end(struct kw_stream *stream, int64_t until_ms, struct kw_error *error)
{
    uint8_t rest[512];
    for (;;) {
        struct pollfd entry = { .fd = stream->fd, .events = POLLIN };
        int left = kw_clock_left_ms(until_ms);
        if (poll(&entry, 1, left) < 0 && errno != EINTR)
            return kw_stream_lost(stream, errno, error);
        ssize_t got = read(stream->fd, rest, sizeof rest);
        if (got == 0)
            return 0;
        if (got < 0 && errno != EAGAIN && errno != EINTR)
            return kw_stream_lost(stream, errno, error);
        if (left == 0)
            return KWIT_E_TIMEOUT;
    }
}

/* What the kernel has sent says nothing: a listener that nobody serves takes it too. The reader's own end does. */
static int tcp_drain(struct kw_link *link, int64_t until_ms, struct kw_error *error)
{
    struct kw_stream *stream = (struct kw_stream *)link;
    int early = stream->ended ? KWIT_E_TIMEOUT : read_end(stream, 0, error);
    if (early != KWIT_E_TIMEOUT)
        return early < 0 ? early : kw_stream_lost(stream, 0, error);
    if (!stream->ended && shutdown(stream->fd, SHUT_WR) != 0)
        return kw_stream_lost(stream, errno, error);
    stream->ended = true;
    return read_end(stream, until_ms, error);
}

/* Unread answers at close would make the kernel send a reset, upon which printers drop what they hold. */
static void tcp_close(struct kw_link *link)
{
    struct kw_stream *stream = (struct kw_stream *)link;
    int64_t until_ms = kw_clock_boot_ms() + FAREWELL_MS;
    uint8_t rest[512];
    shutdown(stream->fd, SHUT_WR);
    for (ssize_t got = 1; got != 0 && kw_clock_left_ms(until_ms) > 0;) {
        struct pollfd entry = { .fd = stream->fd, .events = POLLIN };
        if (poll(&entry, 1, kw_clock_left_ms(until_ms)) <= 0)
            break;
        got = read(stream->fd, rest, sizeof rest);
        if (got < 0 && errno != EINTR && errno != EAGAIN)
            break;
    }
    kw_stream_close(link);
}

const struct kw_transport_ops kw_transport_tcp = {
    .scheme = "tcp", .identify = tcp_identify, .open = tcp_open, .close = tcp_close, .transfer = kw_stream_transfer,
    .drain = tcp_drain, .lets_go = true
};
