/* listen.c - the socket that a server listens on: loopback or a path, and nothing else by chance. */
#include "office/http/http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { BACKLOG = 512, PORT_LIMIT = 65536 };

static int fail(const char *place, struct kw_error *error)
{
    int number = errno;
    return kw_fail(error, number == EADDRINUSE ? KWIT_E_BUSY : kw_error_from_errno(number), place,
                   "it cannot be listened on: %s%s", strerror(number),
                   number == EADDRINUSE ? "; another program does already" : "");
}

static int listen_at(const char *place, const struct sockaddr *address, socklen_t length, int *out,
                     struct kw_error *error)
{
    const int yes = 1;
    int handle = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (handle >= 0 && address->sa_family != AF_UNIX)
        setsockopt(handle, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (handle >= 0 && bind(handle, address, length) == 0 && listen(handle, BACKLOG) == 0) {
        *out = handle;
        return 0;
    }
    int code = fail(place, error);
    if (handle >= 0)
        close(handle);
    return code;
}

static int listen_on_path(const char *place, int *out, char where[KW_HTTP_WHERE], struct kw_error *error)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    const char *path = place + strlen("unix:");
    if (strlen(path) == 0 || strlen(path) >= sizeof address.sun_path || strlen(place) >= KW_HTTP_WHERE)
        return kw_fail(error, KWIT_E_CONFIG, place, "a socket's path has 1 to %zu bytes", sizeof address.sun_path - 1);
    memcpy(address.sun_path, path, strlen(path));
    snprintf(where, KW_HTTP_WHERE, "%s", place);
    unlink(path);                               /* of a server that died */
    return listen_at(place, (const struct sockaddr *)&address, sizeof address, out, error);
}

/* "HOST:PORT" with an address in digits, v4 or in brackets v6. */
static bool read_address(const char *place, struct sockaddr_storage *address, socklen_t *length, bool *loopback)
{
    char host[64], *end;
    const char *colon = strrchr(place, ':');
    const bool six = place[0] == '[';
    const int brackets = six ? 1 : 0;
    if (!colon || colon - place < 1 + 2 * brackets || (size_t)(colon - place) >= sizeof host
        || (six && colon[-1] != ']'))
        return false;
    snprintf(host, sizeof host, "%.*s", (int)(colon - place) - 2 * brackets, place + brackets);
    long port = strtol(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end || port < 0 || port >= PORT_LIMIT)
        return false;
    memset(address, 0, sizeof *address);
    if (six) {
        struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)address;
        *v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
        *length = sizeof *v6;
        bool good = inet_pton(AF_INET6, host, &v6->sin6_addr) == 1;
        *loopback = good && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
        return good;
    }
    struct sockaddr_in *v4 = (struct sockaddr_in *)address;
    *v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    *length = sizeof *v4;
    bool good = inet_pton(AF_INET, host, &v4->sin_addr) == 1;
    *loopback = good && ntohl(v4->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return good;
}

/* With the port that the system chose where it was left to it. */
static void tell_where(int handle, char where[KW_HTTP_WHERE])
{
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    char host[INET6_ADDRSTRLEN] = "";
    getsockname(handle, (struct sockaddr *)&address, &length);
    const bool six = address.ss_family == AF_INET6;
    const struct sockaddr_in *v4 = (const struct sockaddr_in *)&address;
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)&address;
    inet_ntop(address.ss_family, six ? (const void *)&v6->sin6_addr : (const void *)&v4->sin_addr, host, sizeof host);
    snprintf(where, KW_HTTP_WHERE, six ? "[%s]:%u" : "%s:%u", host, ntohs(six ? v6->sin6_port : v4->sin_port));
}

bool kw_http_is_open(const char *place)
{
    struct sockaddr_storage address;
    socklen_t length;
    bool loopback;
    return strncmp(place, "unix:", strlen("unix:")) != 0 && read_address(place, &address, &length, &loopback) &&
           !loopback;
}

int kw_http_listen(const char *place, bool any_address, int *socket, char where[KW_HTTP_WHERE], struct kw_error *error)
{
    struct sockaddr_storage address;
    socklen_t length;
    bool loopback;
    if (strncmp(place, "unix:", strlen("unix:")) == 0)
        return listen_on_path(place, socket, where, error);
    if (!read_address(place, &address, &length, &loopback))
        return kw_fail(error, KWIT_E_CONFIG, place, "write 127.0.0.1:PORT, [::1]:PORT or unix:PATH");
    if (!loopback && !any_address)
        return kw_fail(error, KWIT_E_PERMISSION, place,
                       "others could reach it without a proxy that encrypts; listen on 127.0.0.1 or a unix: path");
    int code = listen_at(place, (const struct sockaddr *)&address, length, socket, error);
    if (code == 0)
        tell_where(*socket, where);
    return code;
}
