/* holder.c - looks through /proc for whoever has a device open; processes of other users are visible to root only. */
#include "transport/holder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_open(const char *pid, const struct stat *wanted)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%.16s/fd", pid);
    DIR *files = opendir(path);
    bool found = false;
    if (!files)
        return false;
    for (struct dirent *entry; !found && (entry = readdir(files)) != NULL;) {
        struct stat status;
        if (entry->d_name[0] != '.' && fstatat(dirfd(files), entry->d_name, &status, 0) == 0)
            found = (S_ISCHR(wanted->st_mode) && S_ISCHR(status.st_mode) && status.st_rdev == wanted->st_rdev) ||
                    (status.st_dev == wanted->st_dev && status.st_ino == wanted->st_ino);
    }
    closedir(files);
    return found;
}

static void describe(const char *pid, char *holder, size_t size)
{
    char path[64], name[64] = "";
    snprintf(path, sizeof path, "/proc/%.16s/comm", pid);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0) {
        ssize_t length = read(file, name, sizeof name - 1);
        name[length > 0 ? length : 0] = 0;
        name[strcspn(name, "\n")] = 0;
        close(file);
    }
    snprintf(holder, size, "%s (pid %.16s)", name[0] ? name : "a process", pid);
}

bool kw_holder_of(const char *path, char *holder, size_t size)
{
    struct stat wanted;
    DIR *processes = stat(path, &wanted) == 0 ? opendir("/proc") : NULL;
    bool found = false;
    if (!processes)
        return false;
    for (struct dirent *entry; !found && (entry = readdir(processes)) != NULL;) {
        if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || atol(entry->d_name) == (long)getpid())
            continue;
        found = has_open(entry->d_name, &wanted);
        if (found)
            describe(entry->d_name, holder, size);
    }
    closedir(processes);
    return found;
}
