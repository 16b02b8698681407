/* file.c - small files of the state directory, written durably; and the ballast for a full disk. */
#include "state/internal.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BALLAST_BYTES = 1024 * 1024 };

static const char ballast_name[] = "ballast";

/* A new file with exactly these bytes and rights, on disk when 0 is returned if it lasts; what failed is removed. */
static int make_file(const char *path, const void *bytes, size_t length, int mode, bool lasts)
{
    int handle = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, (mode_t)mode);
    if (handle < 0)
        return errno;
    int number = kw_file_hand_over(handle, path);
    if (number == 0)
        number = fchmod(handle, (mode_t)mode) == 0 ? kw_file_write(handle, bytes, length) : errno;
    if (number == 0 && lasts && fsync(handle) != 0)
        number = errno;
    if (close(handle) != 0 && number == 0)
        number = errno;
    if (number != 0)
        unlink(path);
    return number;
}

static int replace_file(struct kw_state *state, const char *name, const void *bytes, size_t length, int mode,
                        bool lasts, struct kw_error *error)
{
    char path[KW_STATE_PATH_MAX], temporary[KW_STATE_PATH_MAX + 32];
    int code = kw_state_path(state, name, path, sizeof path, error);
    if (code < 0)
        return code;
    snprintf(temporary, sizeof temporary, "%s.new-%ld", path, (long)getpid());
    unlink(temporary);
    int number = make_file(temporary, bytes, length, mode, lasts);
    if (number == 0 && rename(temporary, path) != 0) {
        number = errno;
        unlink(temporary);
    }
    return number ? kw_state_fail(error, number, path, "it cannot be written") : 0;
}

int kw_state_write(struct kw_state *state, const char *name, const void *bytes, size_t length, int mode,
                   struct kw_error *error)
{
    int code = replace_file(state, name, bytes, length, mode, true, error);
    return code < 0 ? code : kw_state_sync(state, error);
}

int kw_state_leave(struct kw_state *state, const char *name, const void *bytes, size_t length, int mode,
                   struct kw_error *error)
{
    return replace_file(state, name, bytes, length, mode, false, error);
}

int kw_state_read(struct kw_state *state, struct kw_arena *arena, const char *name, size_t limit, void **bytes,
                  size_t *length, struct kw_error *error)
{
    char path[KW_STATE_PATH_MAX];
    struct stat about;
    int code = kw_state_path(state, name, path, sizeof path, error);
    if (code < 0)
        return code;
    int handle = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (handle < 0 && errno == ENOENT)
        return kw_fail(error, KWIT_E_NOT_FOUND, path, "it does not exist");
    if (handle < 0)
        return kw_state_fail(error, errno, path, "it cannot be opened");
    if (fstat(handle, &about) != 0)
        code = kw_state_fail(error, errno, path, "it cannot be read");
    else if (about.st_size < 0 || (uint64_t)about.st_size > limit)
        code = kw_fail(error, KWIT_E_IO, path, "it is longer than %zu bytes", limit);
    else if (!(*bytes = kw_arena_alloc(arena, (size_t)about.st_size + 1)))
        code = kw_fail(error, KWIT_E_NO_MEMORY, path, "out of memory");
    else {
        int number = kw_file_read(handle, *bytes, (size_t)about.st_size, length);
        code = number ? kw_state_fail(error, number, path, "it cannot be read") : 0;
    }
    close(handle);
    return code;
}

int kw_state_ballast_keep(struct kw_state *state, struct kw_error *error)
{
    char path[KW_STATE_PATH_MAX];
    int code = kw_state_path(state, ballast_name, path, sizeof path, error);
    if (code < 0)
        return code;
    int handle = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (handle < 0)
        return errno == EEXIST ? 0 : kw_state_fail(error, errno, path, "the ballast cannot be made");
    int number = fchmod(handle, 0660) == 0 ? posix_fallocate(handle, 0, BALLAST_BYTES) : errno;
    close(handle);
    if (number == 0)
        return 0;
    unlink(path);
    return kw_state_fail(error, number, path, "the ballast cannot be made");
}

bool kw_state_ballast_free(struct kw_state *state)
{
    char path[KW_STATE_PATH_MAX];
    return kw_state_path(state, ballast_name, path, sizeof path, NULL) == 0 && unlink(path) == 0;
}
