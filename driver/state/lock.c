/*
 * lock.c - one holder for each name, over all processes and users that share the lock directory.
 *
 * flock belongs to the open file: it ends with the process, however that dies, and lock files are never removed
 * (removing one that another process has just opened would give two holders).
 */
#include "state/internal.h"

#include "base/clock.h"
#include "base/digits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char common_dir[] = "/run/lock/kwit";

struct kw_lock {
    int handle;
};

/* FNV-1a in hex digits: a file name for any text; two names that meet would only wait for each other. */
static const char *hash_name(const char *name, char room[KW_DIGITS])
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *name; name++)
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    return kw_hex_digits(hash, 2 * sizeof hash, room);
}

static int open_file(const char *path)
{
    int handle = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (handle >= 0 || errno != ENOENT)
        return handle;
    handle = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (handle >= 0)
        (void)fchmod(handle, 0660);
    else if (errno == EEXIST)
        handle = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    return handle;
}

static int open_lock(struct kw_state *state, const char *name, struct kw_error *error)
{
    char path[KW_STATE_PATH_MAX], file[32], room[KW_DIGITS];
    const char *hash = hash_name(name, room);
    stpcpy(stpcpy(stpcpy(path, common_dir), "/"), hash);
    int handle = open_file(path);
    if (handle >= 0)
        return handle;
    /* Who shares the state of the machine locks where the others do, or not at all. */
    if (errno == EACCES && kw_state_is_of_system(state))
        return kw_state_fail(error, errno, common_dir, "locks cannot be taken there");
    stpcpy(stpcpy(file, "lock-"), hash);
    int code = kw_state_path(state, file, path, sizeof path, error);
    if (code < 0)
        return code;
    handle = open_file(path);
    return handle >= 0 ? handle : kw_state_fail(error, errno, path, "the lock cannot be opened");
}

/* 0; EWOULDBLOCK when the moment came first; another errno. The wait is short at first, for neighbours in a queue. */
static int wait_for(int handle, int64_t until_ms)
{
    for (int64_t pause_ms = 1;; pause_ms = pause_ms < 8 ? pause_ms * 2 : 8) {
        if (flock(handle, LOCK_EX | LOCK_NB) == 0)
            return 0;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return errno;
        if (until_ms == 0 || kw_clock_left_ms(until_ms) == 0)
            return EWOULDBLOCK;
        kw_clock_sleep_ms(pause_ms);
    }
}

int kw_state_lock(struct kw_state *state, const char *name, int64_t until_ms, struct kw_lock **lock,
                  struct kw_error *error)
{
    *lock = NULL;
    struct kw_lock *made = malloc(sizeof *made);
    if (!made)
        return kw_fail(error, KWIT_E_NO_MEMORY, name, "out of memory");
    made->handle = open_lock(state, name, error);
    int code = made->handle < 0 ? made->handle : 0;
    if (code == 0) {
        int number = wait_for(made->handle, until_ms);
        if (number == EWOULDBLOCK)
            code = kw_fail(error, KWIT_E_BUSY, name, "another kwit holds it; call again");
        else if (number != 0)
            code = kw_state_fail(error, number, name, "the lock cannot be taken");
    }
    if (code < 0) {
        kw_state_unlock(made);
        return code;
    }
    *lock = made;
    return 0;
}

void kw_state_unlock(struct kw_lock *lock)
{
    if (!lock)
        return;
    if (lock->handle >= 0)
        close(lock->handle);
    free(lock);
}
