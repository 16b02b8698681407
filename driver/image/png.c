/*
 * png.c - PNG files to grey pixels and pictures of paper to PNG files. The only user of libpng.
 *
 * libpng reports through longjmp, so each entry point keeps everything it must free in one struct.
 */
#include "image/png.h"

#include <limits.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

struct source {
    const uint8_t *bytes;
    size_t length, at;
    char text[120];             /* libpng's own reason */
};

static void take_bytes(png_structp png, png_bytep out, size_t length)
{
    struct source *source = png_get_io_ptr(png);
    if (length > source->length - source->at)
        png_error(png, "the file ends too early");
    memcpy(out, source->bytes + source->at, length);
    source->at += length;
}

static void keep_reason(png_structp png, png_const_charp text)
{
    struct source *source = png_get_error_ptr(png);
    if (source)
        snprintf(source->text, sizeof source->text, "%s", text);
    png_longjmp(png, 1);
}

static void keep_quiet(png_structp png, png_const_charp text)
{
    (void)png;
    (void)text;
}

/* Any PNG becomes eight-bit grey, and alpha where something is transparent, so that it can be laid on white. */
static void ask_for_grey(png_structp png, png_infop info)
{
    int colour = png_get_color_type(png, info);
    png_set_expand(png);
    png_set_strip_16(png);
    if (colour & PNG_COLOR_MASK_COLOR)
        png_set_rgb_to_gray_fixed(png, PNG_ERROR_ACTION_NONE, -1, -1);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
}

static void lay_on_white(const uint8_t *pairs, uint8_t *grey, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        unsigned value = pairs[2 * i], alpha = pairs[2 * i + 1];
        grey[i] = (uint8_t)((value * alpha + 255 * (255 - alpha) + 127) / 255);
    }
}

static void read_rows(png_structp png, struct kw_arena *arena, struct kw_grey *grey, size_t channels)
{
    size_t pixels = (size_t)grey->width * (size_t)grey->height, row_bytes = (size_t)grey->width * channels;
    grey->pixels = kw_arena_unset(arena, pixels, 1);
    uint8_t *read = channels == 1 ? grey->pixels : kw_arena_unset(arena, pixels, channels);
    png_bytep *rows = kw_arena_array(arena, (size_t)grey->height, sizeof *rows);
    if (!read || !rows || !grey->pixels)
        png_error(png, "there is no memory for it");
    for (int y = 0; y < grey->height; y++)
        rows[y] = read + (size_t)y * row_bytes;
    png_read_image(png, rows);
    png_read_end(png, NULL);
    if (channels > 1)
        lay_on_white(read, grey->pixels, pixels);
}

static void read_whole(png_structp png, png_infop info, struct source *source, struct kw_arena *arena,
                       struct kw_grey *grey)
{
    png_set_read_fn(png, source, take_bytes);
    png_set_user_limits(png, KW_PNG_MAX_SIDE, KW_PNG_MAX_SIDE);
    png_set_chunk_malloc_max(png, KW_PNG_MAX_BYTES);
    png_read_info(png, info);
    grey->width = (int)png_get_image_width(png, info);
    grey->height = (int)png_get_image_height(png, info);
    if ((int64_t)grey->width * grey->height > KW_PNG_MAX_PIXELS)
        png_error(png, "it has more than 16 million pixels");
    ask_for_grey(png, info);
    const size_t channels = png_get_channels(png, info);
    if (channels > 2 || png_get_rowbytes(png, info) != (size_t)grey->width * channels)
        png_error(png, "its pixels are of an unknown kind");
    read_rows(png, arena, grey, channels);
}

int kw_png_read(struct kw_arena *arena, const void *bytes, size_t length, const char *name, struct kw_grey *grey,
                struct kw_error *error)
{
    struct source source = { .bytes = bytes, .length = length };
    if (length > KW_PNG_MAX_BYTES)
        return kw_fail(error, KWIT_E_INVALID, name, "the picture file is larger than %d MiB; make it smaller",
                       KW_PNG_MAX_BYTES >> 20);
    if (length < 8 || png_sig_cmp(bytes, 0, 8) != 0)
        return kw_fail(error, KWIT_E_INVALID, name, "this is neither a PNG nor a JPEG picture; convert it to PNG");
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &source, keep_reason, keep_quiet);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_read_struct(&png, NULL, NULL);
        return kw_fail(error, KWIT_E_NO_MEMORY, name, "no memory to read the picture");
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return kw_fail(error, KWIT_E_INVALID, name, "the picture cannot be read: %s; save it again as a plain PNG",
                       source.text);
    }
    read_whole(png, info, &source, arena, grey);
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
}

/* ---- out ------------------------------------------------------------------------------------------------------ */

static void give_bytes(png_structp png, png_bytep bytes, size_t length)
{
    if (!kw_buffer_add(png_get_io_ptr(png), bytes, length))
        png_error(png, "no room");
}

static void flush_nothing(png_structp png)
{
    (void)png;
}

static void write_whole(png_structp png, png_infop info, const struct kw_bitmap *bitmap, int dpi, struct kw_buffer *out)
{
    unsigned per_metre = dpi == 203 ? 8000 : (unsigned)((dpi * 10000 + 127) / 254);
    png_set_write_fn(png, out, give_bytes, flush_nothing);
    png_set_IHDR(png, info, (png_uint_32)bitmap->width, (png_uint_32)bitmap->height, 1, PNG_COLOR_TYPE_GRAY,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_set_pHYs(png, info, per_metre, per_metre, PNG_RESOLUTION_METER);
    png_set_filter(png, 0, PNG_FILTER_NONE);
    png_set_compression_level(png, 2);          /* dots pack well anyway; a printer that draws pictures may not wait */
    png_write_info(png, info);
    png_set_invert_mono(png);
    for (int y = 0; y < bitmap->height; y++)
        png_write_row(png, bitmap->bits + (size_t)y * (size_t)bitmap->stride);
    png_write_end(png, NULL);
}

int kw_png_write(const struct kw_bitmap *bitmap, int dpi, struct kw_buffer *out, struct kw_error *error)
{
    struct source reason = { .text = "" };
    if (bitmap->width < 1 || bitmap->height < 1)
        return kw_fail(error, KWIT_E_INVALID, "", "an empty picture has no PNG");
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &reason, keep_reason, keep_quiet);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory to write a picture");
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "the picture could not be written: %s", reason.text);
    }
    write_whole(png, info, bitmap, dpi, out);
    png_destroy_write_struct(&png, &info);
    return 0;
}
