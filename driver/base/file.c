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

static bool is_of_group(const char *path)
{
    const char *slash = strrchr(path, '/');
    char above[PATH_MAX];
    struct stat about;
    int length = slash ? (int)(slash - path) + 1 : 1;
    return (size_t)snprintf(above, sizeof above, "%.*s", length, slash ? path : ".") < sizeof above &&
           stat(above, &about) == 0 && (about.st_mode & S_IWGRP);
}

int kw_file_make_folder(const char *path)
{
    struct stat about;
    const mode_t mode = is_of_group(path) ? 0770 : 0700;
    if (mkdir(path, mode) != 0)
        return errno == EEXIST ? 0 : errno;
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
