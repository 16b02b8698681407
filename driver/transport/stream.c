/* stream.c - moves bytes both ways over a non-blocking descriptor before a moment, counting exactly. */
#include "transport/stream.h"

#include "base/clock.h"
#include "transport/holder.h"

#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SETTLING_MS = 2000, LOCK_LOOK_MS = 50, DRAIN_LOOK_MS = 5, EMPTY_READ_MS = 20 };

void *kw_stream_new(size_t size, const struct kw_transport_ops *ops, const char *uri,
                    const struct kw_link_options *options, struct kw_error *error)
{
    struct kw_stream *stream = calloc(1, size);
    if (!stream) {
        kw_fail(error, KWIT_E_NO_MEMORY, uri, "out of memory");
        return NULL;
    }
    stream->fd = -1;
    snprintf(stream->uri, sizeof stream->uri, "%s", uri);
    stream->link.ops = ops;
    stream->link.facts = (struct kw_link_facts){ .identity = stream->identity, .model = "", .serial = "",
                                                 .device_id = "", .can_read = true };
    if (options) {
        stream->chunk_bytes = options->write_chunk_bytes;
        stream->pause_ms = options->write_pause_ms;
    }
    return stream;
}

void kw_stream_close(struct kw_link *link)
{
    struct kw_stream *stream = (struct kw_stream *)link;
    if (stream->fd >= 0)
        close(stream->fd);
    free(stream);
}

int kw_stream_lost(const struct kw_stream *stream, int number, struct kw_error *error)
{
    bool gone = number == 0 || number == EPIPE || number == ECONNRESET || number == ENODEV || number == ENXIO ||
                number == ETIMEDOUT || number == EHOSTUNREACH || number == ENETUNREACH || number == EIO ||
                number == ENETDOWN || number == ENOTCONN || number == ESHUTDOWN;
    if (gone)
        return kw_fail(error, KWIT_E_DISCONNECTED, stream->uri, "the connection to the printer is gone (%s); check its "
                       "power and cable", number ? strerror(number) : "it was closed at the other end");
    return kw_fail(error, kw_error_from_errno(number), stream->uri, "moving bytes to the printer failed: %s",
                   strerror(number));
}

/* Sends what goes without waiting. Returns an errno value, 0 for progress or "not now". */
static int send_some(struct kw_stream *stream, const uint8_t *out, size_t length, size_t *done)
{
    size_t part = length - *done;
    if (stream->chunk_bytes > 0 && part > (size_t)stream->chunk_bytes)
        part = (size_t)stream->chunk_bytes;
    ssize_t sent = send(stream->fd, out + *done, part, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && errno == ENOTSOCK)
        sent = write(stream->fd, out + *done, part);
    if (sent < 0)
        return errno == EAGAIN || errno == EINTR ? 0 : errno;
    *done += (size_t)sent;
    if (stream->pause_ms > 0)
        stream->resume_ms = kw_clock_boot_ms() + stream->pause_ms;
    return 0;
}

/* Receives what is there. Returns an errno value, -1 when the other side closed, 0 else. */
static int receive_some(struct kw_stream *stream, uint8_t *in, size_t size, size_t *done, bool hung_up)
{
    ssize_t got = read(stream->fd, in + *done, size - *done);
    if (got > 0)
        *done += (size_t)got;
    if (got == 0 && (stream->empty_is_end || hung_up))
        return -1;
    if (got == 0)
        kw_clock_sleep_ms(EMPTY_READ_MS);      /* a ready device that has nothing would be asked without pause */
    return got < 0 && errno != EAGAIN && errno != EINTR ? errno : 0;
}

static short wanted(const struct kw_stream *stream, bool sending, bool receiving, int64_t until_ms, int *wait_ms)
{
    short events = receiving ? POLLIN : 0;
    *wait_ms = kw_clock_left_ms(until_ms);
    if (!sending)
        return events;
    int pause = kw_clock_left_ms(stream->resume_ms);
    if (pause == 0)
        return events | POLLOUT;
    if (pause < *wait_ms)
        *wait_ms = pause;
    return events;
}

int kw_stream_transfer(struct kw_link *link, const uint8_t *out, size_t out_length, size_t *out_done, uint8_t *in,
                       size_t in_size, size_t *in_done, int64_t until_ms, struct kw_error *error)
{
    struct kw_stream *stream = (struct kw_stream *)link;
    bool receiving = link->facts.can_read && in_size > 0;
    *out_done = *in_done = 0;
    for (;;) {
        int wait_ms, fault = 0;
        bool sending = *out_done < out_length;
        struct pollfd entry = { .fd = stream->fd };
        entry.events = wanted(stream, sending, receiving, until_ms, &wait_ms);
        bool last = kw_clock_left_ms(until_ms) == 0;
        if (poll(&entry, 1, wait_ms) < 0 && errno != EINTR)
            return kw_stream_lost(stream, errno, error);
        if (receiving && (entry.revents & (POLLIN | POLLHUP | POLLERR)))
            fault = receive_some(stream, in, in_size, in_done, (entry.revents & POLLHUP) != 0);
        if (fault == 0 && sending && (entry.revents & (POLLOUT | POLLERR | POLLHUP)))
            fault = send_some(stream, out, out_length, out_done);
        else if (fault == 0 && !receiving && (entry.revents & (POLLERR | POLLHUP | POLLNVAL)))
            fault = -1;
        if (*in_done > 0 || (out_length > 0 && *out_done == out_length))
            return 0;
        if (fault != 0)
            return kw_stream_lost(stream, fault < 0 ? 0 : fault, error);
        if (last)
            return 0;
    }
}

int kw_stream_drain(struct kw_link *link, unsigned long request, int64_t until_ms, struct kw_error *error)
{
    struct kw_stream *stream = (struct kw_stream *)link;
    for (;;) {
        int left = 0;
        struct pollfd entry = { .fd = stream->fd };
        if (ioctl(stream->fd, request, &left) != 0)
            return errno == ENOTTY || errno == EINVAL ? 0 : kw_stream_lost(stream, errno, error);
        if (left == 0)
            return 0;
        if (poll(&entry, 1, 0) > 0 && (entry.revents & (POLLERR | POLLHUP)))
            return kw_stream_lost(stream, 0, error);
        if (kw_clock_left_ms(until_ms) == 0)
            return kw_fail(error, KWIT_E_TIMEOUT, stream->uri, "%d bytes have not left this machine in time", left);
        kw_clock_sleep_ms(DRAIN_LOOK_MS);
    }
}

int kw_stream_lock(int fd, const char *where, int64_t until_ms, struct kw_error *error)
{
    while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return 0;               /* some devices cannot be locked; the caller holds a lock by identity as well */
        if (kw_clock_left_ms(until_ms) == 0) {
            char holder[128];
            bool known = kw_holder_of(where, holder, sizeof holder);
            return kw_fail(error, KWIT_E_BUSY, where, "%s holds the printer; wait for it, or stop it",
                           known ? holder : "another process");
        }
        kw_clock_sleep_ms(LOCK_LOOK_MS);
    }
    return 0;
}

bool kw_stream_settling(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return false;
    int64_t changed_ms = (int64_t)status.st_ctim.tv_sec * 1000 + status.st_ctim.tv_nsec / 1000000;
    int64_t age_ms = kw_clock_wall_ms() - changed_ms;
    return age_ms >= 0 && age_ms < SETTLING_MS;
}

int kw_stream_open_failed(int number, const char *path, struct kw_error *error)
{
    struct stat status;
    switch (number) {
    case ENOENT:
        return kw_fail(error, KWIT_E_NO_PRINTER, path, "there is no device %s; plug the printer in, and in a "
                       "container hand the device in", path);
    case ENXIO:
    case ENODEV:
        return kw_fail(error, KWIT_E_NO_PRINTER, path, "no printer is behind this device; switch it on and check its "
                       "cable");
    case EISDIR:
        return kw_fail(error, KWIT_E_INVALID, path, "this is a directory; file: takes a device or a file, and sim:%s "
                       "is the simulated printer that lays its paper there", path);
    case EBUSY:
        return kw_fail(error, KWIT_E_BUSY, path, "another program holds the printer; wait for it, or stop it");
    case EACCES:
    case EPERM:
        if (stat(path, &status) == 0) {
            const struct group *group = getgrgid(status.st_gid);
            if (group && status.st_gid != 0 && (status.st_mode & 0060) == 0060)
                return kw_fail(error, KWIT_E_PERMISSION, path, "this user may not use it; run: sudo usermod -aG %s "
                               "$USER, then log in again", group->gr_name);
        }
        return kw_fail(error, KWIT_E_PERMISSION, path, "this user may not use it; run kwit doctor");
    default:
        return kw_fail(error, kw_error_from_errno(number), path, "cannot open it: %s", strerror(number));
    }
}
