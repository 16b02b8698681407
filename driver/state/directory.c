/* directory.c - which directory holds the state, and whether this user may write there. */
#include "state/internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char system_dir[] = "/var/lib/kwit";

static bool is_link(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISLNK(about.st_mode);
}

int kw_state_fail(struct kw_error *error, int number, const char *path, const char *what)
{
    enum kwit_error code = kw_error_from_errno(number);
    const char *mend = "look at the disk";
    char command[KW_TEXT_SIZE];
    if (code == KWIT_E_PERMISSION && number != EROFS && kw_state_mend(path, command, sizeof command))
        return kw_fail(error, code, path, "%s: %s; choose another directory with --state, or run: %s", what,
                       strerror(number), command);
    if (code == KWIT_E_PERMISSION)
        mend = "mount it writable, or choose another directory with --state";
    else if (number == ENOTDIR)
        mend = "a file has its name: take that away, or choose another directory with --state";
    else if (code == KWIT_E_DISK_FULL)
        mend = "make room on this disk";
    else if (number == ENOENT && is_link(path))
        mend = "what this link leads to is not there: mount its disk, or make that directory";
    return kw_fail(error, code, path, "%s: %s; %s", what, strerror(number), mend);
}

/* The user's own directory, in force where there is no system's: as snprintf; 0: there is no home. */
static int own_directory(char *out, size_t size)
{
    const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (base && base[0] == '/')
        return snprintf(out, size, "%s/kwit", base);
    return home && home[0] == '/' ? snprintf(out, size, "%s/.local/state/kwit", home) : 0;
}

/* Also where it is a link to a disk that is not mounted: a journal elsewhere would print again what is known there. */
static bool has_system(void)
{
    struct stat about;
    return lstat(system_dir, &about) == 0 || errno != ENOENT;
}

/* The directory in force as text into out; `own` tells that it may be made. */
static int choose(const char *dir, char *out, size_t size, bool *own, struct kw_error *error)
{
    const char *environment = getenv("KWIT_STATE_DIR");
    int length;
    *own = true;
    if (dir && dir[0]) {
        length = snprintf(out, size, "%s", dir);
    } else if (environment && environment[0]) {
        length = snprintf(out, size, "%s", environment);
    } else if (has_system()) {
        *own = false;
        length = snprintf(out, size, "%s", system_dir);
    } else if ((length = own_directory(out, size)) == 0) {
        return kw_fail(error, KWIT_E_PERMISSION, system_dir,
                       "there is no state directory and no home; name one with --state DIR");
    }
    if (length < 0 || (size_t)length >= size)
        return kw_fail(error, KWIT_E_IO, out, "the state directory's path is too long");
    return 0;
}

static int sync_path(const char *path, struct kw_error *error)
{
    int handle = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return kw_state_fail(error, errno, path, "the directory cannot be opened");
    int code = fsync(handle) == 0 ? 0 : kw_state_fail(error, errno, path, "the directory cannot be synced");
    close(handle);
    return code;
}

static int make_one(const char *path)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST ? 0 : errno;
}

/* mkdir -p; each new name is synced into its parent. */
static int make_all(char *path, struct kw_error *error)
{
    char *slash = strrchr(path, '/');
    bool has_parent = slash && slash != path;
    int code = 0, number = make_one(path);
    if (number == ENOENT && has_parent) {
        *slash = 0;
        code = make_all(path, error);
        *slash = '/';
        number = code == 0 ? make_one(path) : 0;
    }
    if (number != 0)
        code = kw_state_fail(error, number, path, "the state directory cannot be made");
    if (code < 0 || !has_parent)
        return code;
    *slash = 0;
    code = sync_path(path, error);
    *slash = '/';
    return code;
}

static int check_rights(const char *path, int rights, bool *shared, struct kw_error *error)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return kw_state_fail(error, errno, path, "the state directory cannot be read");
    if (!S_ISDIR(about.st_mode))
        return kw_state_fail(error, ENOTDIR, path, "the state directory cannot be used");
    *shared = (about.st_mode & S_IWGRP) != 0;
    if (access(path, rights) != 0)
        return kw_state_fail(error, errno, path, rights & W_OK ? "the state directory cannot be written"
                                                               : "the state directory cannot be read");
    return 0;
}

static int make_state(const char *path, bool shared, struct kw_state **state, struct kw_error *error)
{
    struct kw_state *made = calloc(1, sizeof *made);
    char *copy = strdup(path);
    if (!made || !copy) {
        free(made);
        free(copy);
        return kw_fail(error, KWIT_E_NO_MEMORY, path, "out of memory");
    }
    made->dir = copy;
    made->of_group = shared;
    *state = made;
    return 0;
}

int kw_state_open(const char *dir, struct kw_state **state, struct kw_error *error)
{
    char path[KW_STATE_PATH_MAX];
    bool own, shared = false;
    *state = NULL;
    int code = choose(dir, path, sizeof path, &own, error);
    if (code < 0)
        return code;
    if (own && access(path, F_OK) != 0 && errno == ENOENT)
        code = make_all(path, error);
    if (code == 0)
        code = check_rights(path, W_OK | X_OK, &shared, error);
    return code < 0 ? code : make_state(path, shared, state, error);
}

int kw_state_open_to_read(const char *dir, struct kw_state **state, struct kw_error *error)
{
    char path[KW_STATE_PATH_MAX];
    bool own, shared = false;
    *state = NULL;
    int code = choose(dir, path, sizeof path, &own, error);
    if (code == 0 && (access(path, F_OK) == 0 || errno != ENOENT))
        code = check_rights(path, R_OK | X_OK, &shared, error);
    return code < 0 ? code : make_state(path, shared, state, error);
}

int kw_state_open_passing(struct kw_state **state, struct kw_error *error)
{
    static const char *const bases[] = { "/run/lock", "/tmp" };
    int code = 0;
    *state = NULL;
    for (size_t i = 0; i < sizeof bases / sizeof bases[0] && !*state; i++) {
        char path[64];
        struct stat about;
        snprintf(path, sizeof path, "%s/kwit-%ld", bases[i], (long)geteuid());
        if ((mkdir(path, 0700) != 0 && errno != EEXIST) || lstat(path, &about) != 0)
            code = kw_state_fail(error, errno, path, "no directory for a passing state can be made");
        else if (!S_ISDIR(about.st_mode) || about.st_uid != geteuid() || (about.st_mode & (S_IWGRP | S_IWOTH)))
            code = kw_fail(error, KWIT_E_PERMISSION, path, "it belongs to somebody else; remove it");
        else
            code = make_state(path, false, state, error);
    }
    return code;
}

void kw_state_close(struct kw_state *state)
{
    if (!state)
        return;
    free(state->dir);
    free(state);
}

const char *kw_state_dir(const struct kw_state *state)
{
    return state->dir;
}

bool kw_state_former(const struct kw_state *state, const char *name, char *out, size_t size)
{
    char path[KW_STATE_PATH_MAX];
    int length = kw_state_is_of_system(state) ? own_directory(path, sizeof path) : 0;
    if (length <= 0 || (size_t)length >= sizeof path || strcmp(path, state->dir) == 0)
        return false;
    length = snprintf(out, size, "%s/%s", path, name);
    return length > 0 && (size_t)length < size && access(out, F_OK) == 0;
}

bool kw_state_is_of_system(const struct kw_state *state)
{
    return strcmp(state->dir, system_dir) == 0;
}

bool kw_state_is_of_group(const struct kw_state *state)
{
    return state->of_group;
}

bool kw_state_holds(const struct kw_state *state, const char *prefix)
{
    DIR *dir = opendir(state->dir);
    bool found = false;
    for (struct dirent *entry; dir && !found && (entry = readdir(dir));)
        found = strncmp(entry->d_name, prefix, strlen(prefix)) == 0;
    if (dir)
        closedir(dir);
    return found;
}

int kw_state_path(const struct kw_state *state, const char *name, char *out, size_t size, struct kw_error *error)
{
    const size_t folder = strlen(state->dir), length = strlen(name);
    if (folder + 1 + length >= size)
        return kw_fail(error, KWIT_E_IO, state->dir, "the path of %s is too long", name);
    memcpy(out, state->dir, folder);
    out[folder] = '/';
    memcpy(out + folder + 1, name, length + 1);
    return 0;
}

int kw_state_sync(struct kw_state *state, struct kw_error *error)
{
    return sync_path(state->dir, error);
}
