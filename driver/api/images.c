/* images.c - reads PNG files named by a document or the configuration; never outside the image directory. */
#include "api/images.h"

#include "image/png.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void warn(struct kw_images *images, const char *name, const char *why)
{
    kw_notes_add(&images->rendering->warnings, KWIT_WARNING_IMAGE_OMITTED, "", "the picture %s is left out: %s", name, why);
}

static bool name_stays_inside(const char *name)
{
    return name[0] && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

static void *read_all(struct kw_arena *arena, int file, size_t *length)
{
    struct stat facts;
    if (fstat(file, &facts) != 0 || !S_ISREG(facts.st_mode) || facts.st_size > KW_PNG_MAX_BYTES)
        return NULL;
    size_t size = (size_t)facts.st_size;
    unsigned char *bytes = kw_arena_alloc(arena, size);
    for (*length = 0; bytes && *length < size;) {
        ssize_t got = read(file, bytes + *length, size - *length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return NULL;
        *length += (size_t)got;
    }
    return bytes;
}

static enum kw_dither find_dither(const char *word)
{
    static const char *const words[] = { "floyd", "atkinson", "bayer", "threshold" };
    for (size_t i = 0; word && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(words[i], word) == 0)
            return (enum kw_dither)i;
    return KW_DITHER_FLOYD;
}

static const struct kw_bitmap *load(struct kw_images *images, const char *path, int width_dots, const char *dither)
{
    struct kw_arena *arena = images->rendering->arena;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) {
        warn(images, path, strerror(errno));
        return NULL;
    }
    size_t length;
    void *bytes = read_all(arena, file, &length);
    close(file);
    if (!bytes) {
        warn(images, path, "it cannot be read as a file of at most 8 MiB");
        return NULL;
    }
    struct kw_grey grey;
    struct kw_error error = { 0 };
    if (kw_png_read(arena, bytes, length, path, &grey, &error) < 0) {
        warn(images, path, error.text);
        return NULL;
    }
    int most = images->rendering->profile->width_dots;
    int width = width_dots > 0 ? width_dots : grey.width;
    return kw_grey_dither(arena, &grey, width < most ? width : most, find_dither(dither));
}

const struct kw_bitmap *kw_images_read(void *data, const char *name, int width_dots, const char *dither)
{
    struct kw_images *images = data;
    const char *directory = images->rendering->config.store.image_dir;
    if (!directory) {
        warn(images, name, "no image_dir is configured in [store]");
        return NULL;
    }
    if (!name_stays_inside(name)) {
        warn(images, name, "a picture is named by its file name alone");
        return NULL;
    }
    const char *path = kw_arena_format(images->rendering->arena, "%s/%s", directory, name);
    return path ? load(images, path, width_dots, dither) : NULL;
}

const struct kw_bitmap *kw_images_logo(struct kw_images *images)
{
    const char *logo = images->rendering->config.store.logo;
    if (!logo)
        return NULL;
    return logo[0] == '/' ? load(images, logo, 0, NULL) : kw_images_read(images, logo, 0, NULL);
}
