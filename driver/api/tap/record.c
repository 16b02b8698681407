/*
 * record.c - receipts as they came, kept for `kwit tap learn` and for whoever asks why one was left as it was. They are
 * other people's: for this user alone, without card numbers, not for long, and not without end.
 */
#include "api/tap/tap.h"

#include "base/file.h"
#include "tap/stream/card.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECORDS_MOST = 500, DAYS_KEPT = 14, DAY_S = 24 * 60 * 60 };

static const char ending[] = ".receipt.bin";

static bool is_record(const char *name)
{
    size_t length = strlen(name);
    return length > sizeof ending - 1 && strcmp(name + length - (sizeof ending - 1), ending) == 0;
}

int kw_tap_tidy_records(int folder, int64_t now_s)
{
    int kept = 0, copy = dup(folder);
    DIR *listing = copy >= 0 ? fdopendir(copy) : NULL;
    const struct dirent *entry;
    struct stat facts;
    if (!listing) {
        if (copy >= 0)
            close(copy);
        return -1;
    }
    rewinddir(listing);
    while ((entry = readdir(listing)) != NULL) {
        if (!is_record(entry->d_name) || fstatat(folder, entry->d_name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        if (now_s - facts.st_mtime > (int64_t)DAYS_KEPT * DAY_S && unlinkat(folder, entry->d_name, 0) == 0)
            continue;
        kept++;
    }
    closedir(listing);
    return kept;
}

/*
 * Whole or not at all, for whom the folder is; a name that there is already is somebody else's. Its time is that of the
 * clock by which its age is told, not the file system's, whose clock may be another machine's.
 */
static bool write_new(int folder, const char *name, int64_t now_ms, const uint8_t *bytes, size_t length)
{
    const struct timespec now[2] = { { now_ms / 1000, 0 }, { now_ms / 1000, 0 } };
    struct stat about;
    const mode_t mode = fstat(folder, &about) == 0 && (about.st_mode & S_IWGRP) ? 0660 : 0600;
    int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    bool whole = file >= 0 && fchmod(file, mode) == 0 && kw_file_write(file, bytes, length) == 0 &&
                 futimens(file, now) == 0;
    if (file >= 0)
        whole = close(file) == 0 && whole;
    if (file >= 0 && !whole)
        unlinkat(folder, name, 0);
    return whole;
}

void kw_tap_tidy(const char *directory, int64_t now_ms)
{
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return;
    kw_tap_tidy_records(folder, now_ms / 1000);
    close(folder);
}

bool kw_tap_doubts(const struct kw_state *state, char path[PATH_MAX])
{
    struct kw_error ignored;
    return kw_state_path(state, "doubts", path, PATH_MAX, &ignored) == 0;
}

bool kw_tap_record(const char *directory, int64_t now_ms, const uint8_t *bytes, size_t length)
{
    char name[64];
    int folder = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int kept = folder < 0 ? -1 : kw_tap_tidy_records(folder, now_ms / 1000);
    uint8_t *masked = kept >= 0 && kept < RECORDS_MOST ? malloc(length + 1) : NULL;
    bool written = false;
    if (masked) {
        memcpy(masked, bytes, length);
        kw_card_mask(masked, length);
        snprintf(name, sizeof name, "%015lld%s", (long long)now_ms, ending);
        written = write_new(folder, name, now_ms, masked, length);
    }
    free(masked);
    if (folder >= 0)
        close(folder);
    return written;
}
