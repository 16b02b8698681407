/*
 * file.c - file:/PATH: a regular file that keeps the bytes, or a device node (usblp, a parallel port, a terminal).
 *
 * A regular file is made when it is missing (0644, appended to) and takes everything at once: no real paper.
 */
#include "transport/address.h"
#include "transport/identity.h"
#include "transport/stream.h"

#include "base/clock.h"
#include "base/digits.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <linux/lp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

enum { MEMORY_MAJOR = 1, OPEN_LOOK_MS = 100 };

static int read_path(const char *uri, char path[PATH_MAX], struct kw_error *error)
{
    if (!kw_address_path(uri, false, path, PATH_MAX) || !path[0] || strchr(uri[0] == '/' ? "" : uri, '?'))
        return kw_fail(error, KWIT_E_INVALID, uri, "this is not the address of a file; write file:/PATH (a ? in the "
                       "path as %%3F, a %% as %%25)");
    if (strncmp(path, "/dev/bus/usb/", strlen("/dev/bus/usb/")) == 0)
        return kw_fail(error, KWIT_E_INVALID, uri, "a node of the USB bus takes no bytes; write usb:, or usb:VVVV:PPPP as "
                       "kwit devices lists them");
    return 0;
}

static bool has_folder(const char *path)
{
    char name[PATH_MAX];
    struct stat status;
    snprintf(name, sizeof name, "%s", path);
    return stat(dirname(name), &status) == 0;
}

/* The directory that exists and the name in it say what a file is before it is made, and afterwards the same. */
static int identify_regular(const char *path, char identity[KW_IDENTITY_MAX], struct kw_error *error)
{
    char real[PATH_MAX], escaped[KW_IDENTITY_MAX - 60];
    struct stat status;
    if (!realpath(path, real) && (errno != ENOENT || !has_folder(path)))
        return kw_fail(error, KWIT_E_UNAVAILABLE, path, "cannot be reached: %s; make its folder, or mend the path",
                       strerror(errno));
    char *slash = strrchr(real, '/');
    if (!kw_address_escape(slash + 1, escaped, sizeof escaped))
        return kw_fail(error, KWIT_E_INVALID, path, "the name of the file is too long");
    slash[slash == real] = 0;
    if (stat(real, &status) != 0)
        return kw_fail(error, KWIT_E_UNAVAILABLE, path, "its directory cannot be reached: %s", strerror(errno));
    char device[KW_DIGITS], inode[KW_DIGITS];
    char *end = stpcpy(identity, "file-");
    end = stpcpy(stpcpy(end, kw_hex_digits(status.st_dev, 1, device)), "-");
    end = stpcpy(stpcpy(end, kw_hex_digits(status.st_ino, 1, inode)), "-");
    stpcpy(end, escaped);
    return 0;
}

static void identify_device(const struct stat *status, const struct kw_link_options *options,
                            char identity[KW_IDENTITY_MAX])
{
    unsigned major = major(status->st_rdev), minor = minor(status->st_rdev);
    if (S_ISCHR(status->st_mode) && kw_identity_of_node(major, minor, options, identity))
        return;
    if (S_ISCHR(status->st_mode) || S_ISBLK(status->st_mode))
        snprintf(identity, KW_IDENTITY_MAX, "dev-%u-%u", major, minor);
    else
        snprintf(identity, KW_IDENTITY_MAX, "node-%jx-%jx", (uintmax_t)status->st_dev, (uintmax_t)status->st_ino);
}

static int identify_path(const char *path, const struct kw_link_options *options, char identity[KW_IDENTITY_MAX],
                         struct kw_error *error)
{
    struct stat status;
    const bool exists = stat(path, &status) == 0;
    if (exists && S_ISDIR(status.st_mode))
        return kw_stream_open_failed(EISDIR, path, error);      /* nothing is kept for what never is a printer */
    if (exists && !S_ISREG(status.st_mode)) {
        identify_device(&status, options, identity);
        return 0;
    }
    if (!exists && strncmp(path, "/dev/", 5) == 0)
        return kw_stream_open_failed(ENOENT, path, error);
    return identify_regular(path, identity, error);
}

static int file_identify(const char *uri, const struct kw_link_options *options, char identity[KW_IDENTITY_MAX],
                         struct kw_error *error)
{
    char path[PATH_MAX];
    int status = read_path(uri, path, error);
    return status != 0 ? status : identify_path(path, options, identity, error);
}

/* What is meant to be a device is never made as a file: /dev without the printer would swallow receipts. */
static int open_node(const char *path, bool *writable_only)
{
    int flags = O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int made = strncmp(path, "/dev/", 5) == 0 ? 0 : O_CREAT;
    struct stat status;
    *writable_only = true;
    if (stat(path, &status) == 0 && S_ISCHR(status.st_mode)) {
        int file = open(path, O_RDWR | flags);
        if (file >= 0) {
            *writable_only = false;
            return file;
        }
        if (errno != EACCES && errno != EINVAL)
            return -1;
    }
    return open(path, O_WRONLY | O_APPEND | flags | made, 0644);
}

static int open_until(const char *path, bool *writable_only, int64_t until_ms, struct kw_error *error)
{
    for (;;) {
        int file = open_node(path, writable_only);
        if (file >= 0)
            return file;
        int number = errno;
        bool passing = number == EBUSY || (number == EACCES && kw_stream_settling(path));
        if (!passing || kw_clock_left_ms(until_ms) == 0)
            return kw_stream_open_failed(number, path, error);
        kw_clock_sleep_ms(OPEN_LOOK_MS);
    }
}

/* A terminal would turn line feeds into two bytes and echo answers. Its speed stays as it is. */
static void make_raw(int file)
{
    struct termios settings;
    if (tcgetattr(file, &settings) != 0)
        return;
    cfmakeraw(&settings);
    tcsetattr(file, TCSANOW, &settings);
}

static void learn_facts(struct kw_stream *stream, const struct stat *status, bool writable_only)
{
    struct kw_link_facts *facts = &stream->link.facts;
    bool regular = S_ISREG(status->st_mode);
    bool memory = S_ISCHR(status->st_mode) && major(status->st_rdev) == MEMORY_MAJOR;
    facts->test = regular || memory;
    facts->instant = regular || memory;
    facts->can_read = !writable_only && !regular && !memory;
}

static int file_open(const char *uri, const struct kw_link_options *options, int64_t until_ms, struct kw_link **link,
                     struct kw_error *error)
{
    char path[PATH_MAX];
    struct stat status;
    bool writable_only;
    int outcome = read_path(uri, path, error);
    if (outcome != 0)
        return outcome;
    struct kw_stream *stream = kw_stream_new(sizeof *stream, &kw_transport_file, uri, options, error);
    if (!stream)
        return KWIT_E_NO_MEMORY;
    stream->fd = open_until(path, &writable_only, until_ms, error);
    outcome = stream->fd < 0 ? stream->fd : kw_stream_lock(stream->fd, path, until_ms, error);
    if (outcome == 0)
        outcome = identify_path(path, options, stream->identity, error);
    if (outcome == 0 && (fstat(stream->fd, &status) != 0 || S_ISDIR(status.st_mode)))
        outcome = kw_fail(error, KWIT_E_IO, path, "this is not a file to print to");
    if (outcome != 0) {
        kw_stream_close(&stream->link);
        return outcome;
    }
    if (isatty(stream->fd))
        make_raw(stream->fd);
    learn_facts(stream, &status, writable_only);
    *link = &stream->link;
    return 0;
}

static bool is_pipe(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 && S_ISFIFO(status.st_mode);
}

static int file_drain(struct kw_link *link, int64_t until_ms, struct kw_error *error)
{
    struct kw_stream *stream = (struct kw_stream *)link;
    if (is_pipe(stream->fd))
        return kw_stream_drain(link, FIONREAD, until_ms, error);
    if (isatty(stream->fd))
        return kw_stream_drain(link, TIOCOUTQ, until_ms, error);
    if (link->facts.instant && fsync(stream->fd) != 0 && errno != EINVAL && errno != EROFS)
        return kw_fail(error, kw_error_from_errno(errno), stream->uri, "cannot write it to the disk: %s",
                       strerror(errno));
    return 0;
}

/* usblp and lp tell the same byte that GET_PORT_STATUS gives. */
static int file_port_status(struct kw_link *link)
{
    int status = 0;
    if (link->facts.test || ioctl(((struct kw_stream *)link)->fd, LPGETSTATUS, &status) != 0)
        return -1;
    return status & 0xff;
}

const struct kw_transport_ops kw_transport_file = {
    .scheme = "file", .identify = file_identify, .open = file_open, .close = kw_stream_close,
    .transfer = kw_stream_transfer, .drain = file_drain, .port_status = file_port_status
};
