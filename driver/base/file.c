/* file.c - reading and writing in a loop. */
#include "base/file.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

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
