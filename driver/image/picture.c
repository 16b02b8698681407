/* picture.c - picture files and the cache of their dots. */
#include "image/picture.h"

#include "base/file.h"
#include "image/jpeg.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CACHE_PATH_MAX = 4096, CACHE_VERSION = 1 };

/* What a cache entry begins with; two files are the same only when all of it is. Its checksum covers key and dots. */
struct entry {
    char magic[4];
    uint32_t version;
    int64_t size, modified_s, modified_ns, inode;
    int32_t width, most, dither;            /* as wished */
    int32_t bitmap_width, bitmap_height;
    uint32_t path_length;
    uint64_t path_hash, checksum;
};

/* FNV-1a: tells damage from data, nothing more. */
static uint64_t hash(uint64_t seed, const void *bytes, size_t length)
{
    const uint8_t *at = bytes;
    for (size_t i = 0; i < length; i++)
        seed = (seed ^ at[i]) * 0x100000001B3ull;
    return seed;
}

static const uint64_t hash_seed = 0xCBF29CE484222325ull;

static uint64_t checksum(const struct entry *entry, const uint8_t *bits, size_t size)
{
    struct entry plain = *entry;
    plain.checksum = 0;
    return hash(hash(hash_seed, &plain, sizeof plain), bits, size);
}

static bool read_exactly(int file, void *bytes, size_t length)
{
    size_t got;
    return kw_file_read(file, bytes, length, &got) == 0 && got == length;
}

/* ---- the cache --------------------------------------------------------------------------------------------------- */

static struct entry entry_of(const struct kw_picture_wish *wish, const struct stat *facts)
{
    struct entry entry;
    memset(&entry, 0, sizeof entry);            /* padding too: the checksum is over bytes */
    memcpy(entry.magic, "KWP1", 4);
    entry.version = CACHE_VERSION;
    entry.size = facts->st_size;
    entry.modified_s = facts->st_mtim.tv_sec;
    entry.modified_ns = facts->st_mtim.tv_nsec;
    entry.inode = (int64_t)facts->st_ino;
    entry.width = wish->width_dots;
    entry.most = wish->most_dots;
    entry.dither = wish->dither;
    entry.path_length = (uint32_t)strlen(wish->path);
    entry.path_hash = hash(hash_seed, wish->path, strlen(wish->path));
    return entry;
}

/* A changed file takes the place of its own old entry, so that the cache does not grow. */
static bool cache_path(const struct kw_picture_wish *wish, const struct entry *entry, char out[CACHE_PATH_MAX])
{
    if (!wish->cache_dir)
        return false;
    int length = snprintf(out, CACHE_PATH_MAX, "%s/picture-%016llx-%d-%d-%d", wish->cache_dir,
                          (unsigned long long)entry->path_hash, entry->width, entry->most, entry->dither);
    return length > 0 && length < CACHE_PATH_MAX - 8;
}

static bool same_source(const struct entry *kept, const struct entry *wanted)
{
    struct entry plain = *kept;
    plain.bitmap_width = plain.bitmap_height = 0;
    plain.checksum = 0;
    return memcmp(&plain, wanted, sizeof plain) == 0;
}

static struct kw_bitmap *read_kept(struct kw_arena *arena, int file, const struct entry *wanted)
{
    struct entry kept;
    if (!read_exactly(file, &kept, sizeof kept) || !same_source(&kept, wanted) || kept.bitmap_width < 1 ||
        kept.bitmap_height < 1)
        return NULL;
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, kept.bitmap_width, kept.bitmap_height);
    size_t size = bitmap ? (size_t)bitmap->stride * (size_t)bitmap->height : 0;
    if (!bitmap || !read_exactly(file, bitmap->bits, size) || checksum(&kept, bitmap->bits, size) != kept.checksum)
        return NULL;
    return bitmap;
}

static struct kw_bitmap *take_from_cache(struct kw_arena *arena, const char *path, const struct entry *wanted)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0)
        return NULL;
    struct kw_bitmap *bitmap = read_kept(arena, file, wanted);
    close(file);
    return bitmap;
}

/* Under a name of its own first, so that a reader never sees half of it. Failing is no fault: it is made again. */
static void put_into_cache(const char *path, struct entry entry, const struct kw_bitmap *bitmap)
{
    char own[CACHE_PATH_MAX + 24];
    size_t size = (size_t)bitmap->stride * (size_t)bitmap->height;
    entry.bitmap_width = bitmap->width;
    entry.bitmap_height = bitmap->height;
    entry.checksum = checksum(&entry, bitmap->bits, size);
    snprintf(own, sizeof own, "%s.%ld", path, (long)getpid());
    int file = open(own, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0660);
    if (file < 0)
        return;
    bool written = kw_file_write(file, &entry, sizeof entry) == 0 && kw_file_write(file, bitmap->bits, size) == 0;
    if (close(file) != 0 || !written || rename(own, path) != 0)
        unlink(own);
}

/* ---- the file itself --------------------------------------------------------------------------------------------- */

static int open_picture(const char *path, int *file, struct stat *facts, struct kw_error *error)
{
    *file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*file < 0)
        return kw_fail(error, errno == EACCES ? KWIT_E_PERMISSION : KWIT_E_NO_INPUT, path,
                       "the picture cannot be opened: %s%s", strerror(errno),
                       errno == EACCES ? "; let the user of kwit read it" : "");
    if (fstat(*file, facts) != 0 || !S_ISREG(facts->st_mode) || facts->st_size > KW_PNG_MAX_BYTES) {
        close(*file);
        return kw_fail(error, KWIT_E_INVALID, path, "a picture is a PNG or JPEG file of at most %d MiB",
                       KW_PNG_MAX_BYTES >> 20);
    }
    return 0;
}

static int make(struct kw_arena *arena, const struct kw_picture_wish *wish, int file, size_t size,
                struct kw_bitmap **bitmap, struct kw_error *error)
{
    struct kw_grey grey;
    void *bytes = kw_arena_alloc(arena, size);
    if (!bytes)
        return kw_fail(error, KWIT_E_NO_MEMORY, wish->path, "no memory for the picture");
    if (!read_exactly(file, bytes, size))
        return kw_fail(error, KWIT_E_IO, wish->path, "the picture cannot be read to its end");
    int code = kw_jpeg_is(bytes, size) ? kw_jpeg_read(arena, bytes, size, wish->path, &grey, error)
        : kw_png_read(arena, bytes, size, wish->path, &grey, error);
    if (code < 0)
        return code;
    int width = wish->width_dots > 0 ? wish->width_dots : grey.width;
    width = wish->most_dots > 0 && width > wish->most_dots ? wish->most_dots : width;
    *bitmap = kw_grey_dither(arena, &grey, width, wish->dither);
    return *bitmap ? 0 : kw_fail(error, KWIT_E_INVALID, wish->path, "the picture is too tall for its width; crop it");
}

int kw_picture_load(struct kw_arena *arena, const struct kw_picture_wish *wish, const struct kw_bitmap **bitmap,
                    struct kw_error *error)
{
    struct stat facts;
    struct kw_bitmap *made = NULL;
    char path[CACHE_PATH_MAX];
    int file, code = open_picture(wish->path, &file, &facts, error);
    *bitmap = NULL;
    if (code < 0)
        return code;
    struct entry entry = entry_of(wish, &facts);
    bool cached = cache_path(wish, &entry, path);
    if (cached)
        made = take_from_cache(arena, path, &entry);
    if (!made) {
        code = make(arena, wish, file, (size_t)facts.st_size, &made, error);
        if (code == 0 && cached)
            put_into_cache(path, entry, made);
    }
    close(file);
    *bitmap = made;
    return code;
}
