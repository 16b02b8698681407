/*
 * serve.c - the tcp and pty doors. One caller at a time; what the machine cannot take stays in the caller's socket, so
 * that back pressure reaches the sender as from a real printer.
 */
#include "simulator/doors/serve.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <termios.h>
#include <unistd.h>

enum { LOOK_MS = 100, CHUNK = 4096, REPLY_CHUNK = 4096 };

/* Bytes on their way between a caller and the machine. */
struct exchange {
    const struct kw_sim_door *door;
    int fd;                             /* -1: nobody is there */
    bool is_socket;
    uint8_t in[CHUNK], out[REPLY_CHUNK];
    size_t in_from, in_to, out_from, out_to;
    bool no_more;                       /* the caller will send nothing more */
};

static void say(const struct kw_sim_door *door, const char *format, const char *detail)
{
    char line[300];
    snprintf(line, sizeof line, format, detail);
    if (door->say)
        door->say(door->data, line);
}

static bool goes_on(const struct kw_sim_door *door)
{
    return !door->go_on || door->go_on(door->data);
}

/* False when the caller is gone. */
static bool send_replies(struct exchange *exchange)
{
    if (exchange->out_from == exchange->out_to) {
        exchange->out_from = 0;
        exchange->out_to = kw_sim_read(exchange->door->sim, exchange->out, sizeof exchange->out);
    }
    while (exchange->out_from < exchange->out_to) {
        const uint8_t *bytes = exchange->out + exchange->out_from;
        size_t length = exchange->out_to - exchange->out_from;
        ssize_t part = exchange->is_socket ? send(exchange->fd, bytes, length, MSG_NOSIGNAL)
            : write(exchange->fd, bytes, length);
        if (part < 0)
            return errno == EAGAIN || errno == EINTR;
        exchange->out_from += (size_t)part;
    }
    return true;
}

static bool receive(struct exchange *exchange)
{
    if (exchange->in_from < exchange->in_to || exchange->no_more)
        return true;
    ssize_t count = read(exchange->fd, exchange->in, sizeof exchange->in);
    if (count == 0)
        exchange->no_more = true;
    if (count < 0)
        return errno == EAGAIN || errno == EINTR;
    exchange->in_from = 0;
    exchange->in_to = (size_t)count;
    return true;
}

/* Hands on what has come; false when the machine lost its power or its cable. */
static bool feed(struct exchange *exchange)
{
    if (exchange->in_from == exchange->in_to)
        return true;
    ptrdiff_t part = kw_sim_write(exchange->door->sim, exchange->in + exchange->in_from,
                                  exchange->in_to - exchange->in_from);
    if (part < 0)
        return false;
    exchange->in_from += (size_t)part;
    return true;
}

static bool is_there(const struct kw_sim_door *door)
{
    return kw_sim_port_status(door->sim) >= 0;
}

/* Waits for bytes, orders or the machine's own time; listener -1: not waited for. */
static void wait(const struct exchange *exchange, int listener, int64_t machine_ms)
{
    struct pollfd fds[KW_CONTROL_CLIENTS + 4];
    size_t count = exchange->door->control ? kw_sim_control_fds(exchange->door->control, fds) : 0;
    bool hungry = exchange->in_from == exchange->in_to && !exchange->no_more,
        full = exchange->out_from < exchange->out_to;
    if (exchange->fd >= 0 && (hungry || full))
        fds[count++] = (struct pollfd){ .fd = exchange->fd,
                                        .events = (short)((hungry ? POLLIN : 0) | (full ? POLLOUT : 0)) };
    if (listener >= 0)
        fds[count++] = (struct pollfd){ .fd = listener, .events = POLLIN };
    int most = LOOK_MS;
    if (machine_ms >= 0 && machine_ms < most)
        most = (int)machine_ms + 1;
    poll(fds, count, most);
}

/* The machine's own time, its orders and its files. 0, or the disk's error. */
static int run_machine(const struct kw_sim_door *door, int64_t *next_ms, struct kw_error *error)
{
    if (door->control)
        kw_sim_control_run(door->control);
    *next_ms = kw_sim_run(door->sim);
    return door->folder ? kw_sim_folder_flush(door->folder, error) : 0;
}

/* One caller's bytes both ways; false when it left or was thrown out. */
static bool serve_caller(struct exchange *exchange)
{
    if (!is_there(exchange->door) || !receive(exchange) || !feed(exchange) || !send_replies(exchange))
        return false;
    return !(exchange->no_more && exchange->in_from == exchange->in_to && exchange->out_from == exchange->out_to);
}

/* ---- tcp ---- */

static int open_listener(const char *place, char name[100], struct kw_error *error)
{
    char host[256], port[16] = "9100";
    const char *colon = strrchr(place, ':');
    size_t length = colon ? (size_t)(colon - place) : strlen(place);
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found;
    if (length >= sizeof host || (colon && strlen(colon + 1) >= sizeof port))
        return kw_fail(error, KWIT_E_USAGE, place, "write tcp:HOST:PORT, for example tcp:127.0.0.1:9100");
    bool bracketed = length > 2 && place[0] == '[' && place[length - 1] == ']';
    snprintf(host, sizeof host, "%.*s", (int)(bracketed ? length - 2 : length), place + bracketed);
    if (colon)
        snprintf(port, sizeof port, "%s", colon + 1);
    int code = getaddrinfo(host[0] ? host : NULL, port, &hints, &found);
    if (code != 0)
        return kw_fail(error, KWIT_E_USAGE, place, "cannot listen there: %s", gai_strerror(code));
    int listener = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), yes = 1;
    bool good = listener >= 0 && setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
                bind(listener, found->ai_addr, found->ai_addrlen) == 0 && listen(listener, 1) == 0;
    int number = errno;
    freeaddrinfo(found);
    if (!good) {
        if (listener >= 0)
            close(listener);
        return kw_fail(error, number == EADDRINUSE ? KWIT_E_BUSY : kw_error_from_errno(number), place,
                       "cannot listen there: %s",
                       strerror(number));
    }
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    char shown_host[64], shown_port[16];
    getsockname(listener, (struct sockaddr *)&bound, &size);
    getnameinfo((struct sockaddr *)&bound, size, shown_host, sizeof shown_host, shown_port, sizeof shown_port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(name, 100, "tcp://%s:%s", shown_host, shown_port);
    return listener;
}

static void reset(int fd)
{
    struct linger hard = { .l_onoff = 1, .l_linger = 0 };
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    close(fd);
}

/* Takes the next caller, or turns it away while the door is locked. */
static void take_caller(struct exchange *exchange, int listener, int64_t locked_until_ms)
{
    bool turns_away = exchange->door->lockout_ms >= 0 && (exchange->fd >= 0 || kw_clock_boot_ms() < locked_until_ms);
    if (exchange->fd >= 0 && !turns_away)
        return;
    int caller = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK), yes = 1;
    if (caller < 0)
        return;
    if (turns_away) {
        reset(caller);
        return;
    }
    setsockopt(caller, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const struct kw_sim_door *door = exchange->door;
    *exchange = (struct exchange){ .door = door, .fd = caller, .is_socket = true };
}

static void dismiss(struct exchange *exchange)
{
    if (is_there(exchange->door))
        close(exchange->fd);
    else
        reset(exchange->fd);
    exchange->fd = -1;
    exchange->in_from = exchange->in_to = exchange->out_from = exchange->out_to = 0;
}

/* Keeps the listener as the machine is: nobody listens where there is no power. */
static int follow_power(const struct kw_sim_door *door, int listener, const char *name, struct kw_error *error)
{
    char ignored[100];
    if (is_there(door) == (listener >= 0))
        return listener;
    if (listener < 0)
        return open_listener(name + 6, ignored, error);
    close(listener);
    return -1;
}

int kw_sim_serve_tcp(const struct kw_sim_door *door, const char *place, struct kw_error *error)
{
    char name[100];
    struct exchange exchange = { .door = door, .fd = -1 };
    int64_t next_ms = 0, locked_until_ms = 0;
    int code = 0, listener = open_listener(place, name, error);
    if (listener < 0)
        return listener;
    say(door, "listening on %s", name);
    while (code == 0 && goes_on(door)) {
        code = run_machine(door, &next_ms, error);
        int followed = follow_power(door, listener, name, error);
        if (followed < -1)
            code = followed;
        listener = followed < 0 ? -1 : followed;
        if (listener >= 0)
            take_caller(&exchange, listener, locked_until_ms);
        if (exchange.fd >= 0 && !serve_caller(&exchange)) {
            dismiss(&exchange);
            locked_until_ms = kw_clock_boot_ms() + door->lockout_ms;
            continue;
        }
        if (code == 0)
            wait(&exchange, exchange.fd < 0 || door->lockout_ms >= 0 ? listener : -1, next_ms);
    }
    if (exchange.fd >= 0)
        close(exchange.fd);
    if (listener >= 0)
        close(listener);
    return code;
}

/* ---- pty ---- */

int kw_sim_serve_pty(const struct kw_sim_door *door, struct kw_error *error)
{
    struct exchange exchange = { .door = door, .fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC) };
    struct termios modes;
    char name[128];
    bool good = exchange.fd >= 0 && grantpt(exchange.fd) == 0 && unlockpt(exchange.fd) == 0 &&
                ptsname_r(exchange.fd, name, sizeof name) == 0;
    /* Held open, so that a program that closes the port is not the end of it. */
    int held = good ? open(name, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
    if (held < 0 || tcgetattr(held, &modes) != 0 || fcntl(exchange.fd, F_SETFL, O_NONBLOCK) != 0) {
        int number = errno;
        if (exchange.fd >= 0)
            close(exchange.fd);
        if (held >= 0)
            close(held);
        return kw_fail(error, kw_error_from_errno(number), "pty", "cannot make a pseudo-terminal: %s",
                       strerror(number));
    }
    cfmakeraw(&modes);
    tcsetattr(held, TCSANOW, &modes);
    say(door, "serial:%s", name);
    int64_t next_ms = 0;
    int code = 0;
    while (code == 0 && goes_on(door)) {
        code = run_machine(door, &next_ms, error);
        if (is_there(door) && receive(&exchange) && feed(&exchange))
            send_replies(&exchange);
        if (code == 0)
            wait(&exchange, -1, next_ms);
    }
    close(held);
    close(exchange.fd);
    return code;
}
