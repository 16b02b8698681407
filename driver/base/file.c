/* file.c - opening what is a file; making a folder; reading and writing in a loop. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int kw_file_open(const char *path, int flags, mode_t mode)
{
    struct stat about;
    int handle = open(path, flags | O_CLOEXEC | O_NONBLOCK, mode);
    if (handle < 0 || (fstat(handle, &about) == 0 && S_ISREG(about.st_mode)))
        return handle;
    close(handle);
    errno = ENOTSUP;
    return -1;
}

/* The folder that a path lies in. */
static bool look_above(const char *path, struct stat *about)
{
    const char *slash = strrchr(path, '/');
    char above[PATH_MAX];
    int length = slash ? (int)(slash - path) + 1 : 1;
    return (size_t)snprintf(above, sizeof above, "%.*s", length, slash ? path : ".") < sizeof above &&
           stat(above, about) == 0;
}

int kw_file_hand_over(int handle, const char *path)
{
    struct stat above;
    if (geteuid() != 0 || !look_above(path, &above) || above.st_uid == 0)
        return 0;
    return fchown(handle, above.st_uid, above.st_gid) == 0 ? 0 : errno;
}

/* By a handle: its name could lead elsewhere by now. */
static int hand_over_folder(const char *path)
{
    int handle = geteuid() == 0 ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    int number = handle >= 0 ? kw_file_hand_over(handle, path) : 0;
    if (handle >= 0)
        close(handle);
    return number;
}

int kw_file_make_folder(const char *path)
{
    struct stat about;
    const mode_t mode = look_above(path, &about) && (about.st_mode & S_IWGRP) ? 0770 : 0700;
    if (mkdir(path, mode) != 0)
        return errno == EEXIST ? 0 : errno;
    int number = hand_over_folder(path);
    if (number != 0)
        return number;
    /* Only where the umask took something: who is here by an ACL alone would end the inheriting by setting it. */
    if (stat(path, &about) != 0 || (about.st_mode & mode) == mode)
        return 0;
    return chmod(path, mode | (about.st_mode & S_ISGID)) == 0 ? 0 : errno;
}

int kw_file_read(int handle, void *bytes, size_t size, size_t *length)
{
    *length = 0;
    while (*length < size) {
        ssize_t got = read(handle, (uint8_t *)bytes + *length, size - *length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return errno;
        if (got == 0)
            break;
        *length += (size_t)got;
    }
    return 0;
}

int kw_file_write(int handle, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    while (length > 0) {
        ssize_t put = write(handle, at, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return put < 0 ? errno : EIO;
        at += put;
        length -= (size_t)put;
    }
    return 0;
}
