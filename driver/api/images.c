/* images.c - finds the pictures named by a document or the configuration; never outside the image directory. */
#include "api/images.h"

#include "image/picture.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void warn(struct kw_images *images, const char *pointer, const char *name, const char *why)
{
    kw_notes_add(images->rendering->warnings, KWIT_WARNING_IMAGE_OMITTED, pointer, "the picture \"%s\" is left out: %s",
                 name, why);
}

static bool name_stays_inside(const char *name)
{
    return name[0] && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* Where the dots of pictures are kept between receipts; NULL: nowhere. A failing mkdir shows when a file is opened. */
static const char *cache_dir(struct kw_arena *arena)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (!cache || cache[0] != '/') {
        if (!home || home[0] != '/')
            return NULL;
        cache = kw_arena_format(arena, "%s/.cache", home);
        if (!cache || (mkdir(cache, 0700) != 0 && access(cache, W_OK) != 0))
            return NULL;
    }
    const char *own = kw_arena_format(arena, "%s/kwit", cache);
    if (own)
        mkdir(own, 0700);
    return own;
}

static int load(struct kw_arena *arena, const struct kw_profile *profile, const char *path, int width_dots,
                enum kw_dither dither, const struct kw_bitmap **bitmap, struct kw_error *error)
{
    const struct kw_picture_wish wish = {
        .path = path, .width_dots = width_dots, .most_dots = profile->width_dots, .dither = dither,
        .cache_dir = cache_dir(arena)
    };
    return kw_picture_load(arena, &wish, bitmap, error);
}

const struct kw_bitmap *kw_images_read(void *data, const char *name, int width_dots, enum kw_dither dither,
                                       const char *pointer)
{
    struct kw_images *images = data;
    const char *directory = images->rendering->config->store.image_dir;
    struct kw_arena *arena = images->rendering->arena;
    struct kw_error error = { 0 };
    const struct kw_bitmap *bitmap = NULL;
    if (!directory) {
        warn(images, pointer, name, "no image_dir is configured in [store]");
        return NULL;
    }
    if (!name_stays_inside(name)) {
        warn(images, pointer, name, "a picture is named by its file name alone");
        return NULL;
    }
    const char *path = kw_arena_format(arena, "%s/%s", directory, name);
    if (path && load(arena, images->rendering->profile, path, width_dots, dither, &bitmap, &error) < 0)
        warn(images, pointer, path, error.text);
    return bitmap;
}

/* The configured logo's path: absolute, or in the image directory. NULL: none, or it would lie elsewhere. */
static const char *logo_path(struct kw_arena *arena, const struct kw_config_store *store)
{
    if (!store->logo || store->logo[0] == '/')
        return store->logo;
    bool inside = store->image_dir && name_stays_inside(store->logo);
    return inside ? kw_arena_format(arena, "%s/%s", store->image_dir, store->logo) : NULL;
}

int kw_images_logo_of(struct kw_arena *arena, const struct kw_config *config, const struct kw_profile *profile,
                      const char *file, const struct kw_bitmap **bitmap, struct kw_error *error)
{
    const struct kw_config_store *store = &config->store;
    const char *path = file ? file : logo_path(arena, store);
    if (!path)
        return kw_fail(error, KWIT_E_NO_INPUT, store->logo ? store->logo : "", "%s", store->logo
                       ? "a logo is an absolute path, or a file name in the image_dir of [store]"
                       : "no logo is configured; name a PNG or JPEG file, or set `logo =` below [store]");
    return load(arena, profile, path, kw_profile_mm_to_dots(profile, store->logo_width_mm * 10),
                store->logo_dither, bitmap, error);
}

const struct kw_bitmap *kw_images_logo(struct kw_images *images)
{
    struct kw_rendering *rendering = images->rendering;
    struct kw_error error = { 0 };
    const struct kw_bitmap *bitmap = NULL;
    if (!rendering->config->store.logo)
        return NULL;
    if (kw_images_logo_of(rendering->arena, rendering->config, rendering->profile, NULL, &bitmap, &error) < 0)
        warn(images, "", rendering->config->store.logo, error.text);
    return bitmap;
}
