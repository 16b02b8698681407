/* file.c - opening what is a file; reading and writing in a loop. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
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
