/* looks.c - which files and directories the configuration was sought in, and whether any of them has changed since. */
#include "config/private.h"

#include "base/clock.h"

#include <sys/stat.h>

/* A file may change twice within one tick of the clock that dates it: what is younger than this may have. */
enum { SETTLED_MS = 2000 };

struct look {
    const char *path;
    bool there, settled;
    dev_t device;
    ino_t inode;
    off_t size;
    struct timespec written, changed;
};

struct looks {
    struct look *items;
    size_t count, capacity;
};

static bool same_time(struct timespec one, struct timespec other)
{
    return one.tv_sec == other.tv_sec && one.tv_nsec == other.tv_nsec;
}

static struct look look_at(const char *path)
{
    struct stat status;
    struct look look = { .path = path, .there = stat(path, &status) == 0 };
    if (!look.there)
        return look;
    int64_t age_ms = kw_clock_wall_ms() - (int64_t)status.st_ctim.tv_sec * 1000;
    look.settled = age_ms > SETTLED_MS && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
    look.device = status.st_dev;
    look.inode = status.st_ino;
    look.size = status.st_size;
    look.written = status.st_mtim;
    look.changed = status.st_ctim;
    return look;
}

struct looks *kw_config_looks_new(struct kw_arena *arena)
{
    return kw_arena_alloc(arena, sizeof(struct looks));
}

void kw_config_look(struct loading *loading, const char *path)
{
    struct looks *looks = loading->looks;
    struct look *items = looks && path ? kw_arena_grow(loading->arena, looks->items, looks->count, &looks->capacity,
                                                       sizeof *items) : NULL;
    loading->no_memory = loading->no_memory || !items;
    if (!items)
        return;
    looks->items = items;
    items[looks->count++] = look_at(path);
}

static bool is_same(const struct look *before)
{
    struct look now = look_at(before->path);
    if (!before->there || !now.there)
        return before->there == now.there;
    return before->settled && now.device == before->device && now.inode == before->inode && now.size == before->size
        && same_time(now.written, before->written) && same_time(now.changed, before->changed);
}

bool kw_config_unchanged(const struct kw_config *config)
{
    const struct looks *looks = config->looks;
    bool same = looks && looks->count > 0;
    for (size_t i = 0; same && i < looks->count; i++)
        same = is_same(&looks->items[i]);
    return same;
}
