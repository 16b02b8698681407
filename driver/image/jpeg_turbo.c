/*
 * jpeg_turbo.c - the module kwit-jpeg.so: JPEG files to grey pixels. The only user of libjpeg.
 *
 * libjpeg reports through longjmp, so whoever calls it keeps what must be freed in one struct.
 */
#include "image/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

struct reading {
    struct jpeg_decompress_struct jpeg;
    struct jpeg_error_mgr errors;
    jmp_buf out;
    char text[JMSG_LENGTH_MAX];         /* libjpeg's own reason */
};

static void leave(j_common_ptr jpeg)
{
    struct reading *reading = jpeg->client_data;
    jpeg->err->format_message(jpeg, reading->text);
    longjmp(reading->out, 1);
}

/* What is damaged but can be shown is shown by libjpeg as grey: a logo like that is refused. */
static void take_warning(j_common_ptr jpeg, int level)
{
    if (level < 0)
        leave(jpeg);
}

static void fail(struct reading *reading, const char *why)
{
    snprintf(reading->text, sizeof reading->text, "%s", why);
    longjmp(reading->out, 1);
}

/* Four inks as programs for print write them, with white as 255. */
static void grey_of_inks(const uint8_t *inks, uint8_t *grey, int width)
{
    for (int x = 0; x < width; x++, inks += 4)
        grey[x] = (uint8_t)((299 * inks[0] + 587 * inks[1] + 114 * inks[2]) / 1000 * inks[3] / 255);
}

static void read_rows(struct reading *reading, struct kw_arena *arena, struct kw_grey *grey)
{
    struct jpeg_decompress_struct *jpeg = &reading->jpeg;
    bool inks = jpeg->num_components == 4;
    size_t width = jpeg->output_width;
    uint8_t *row = inks ? kw_arena_array(arena, width, 4) : NULL;
    grey->pixels = kw_arena_array(arena, width, jpeg->output_height);
    if (!grey->pixels || (inks && !row))
        fail(reading, "there is no memory for it");
    while (jpeg->output_scanline < jpeg->output_height) {
        uint8_t *target = grey->pixels + (size_t)jpeg->output_scanline * width;
        JSAMPROW into = inks ? row : target;
        jpeg_read_scanlines(jpeg, &into, 1);
        if (inks)
            grey_of_inks(row, target, grey->width);
    }
}

static void read_whole(struct reading *reading, const void *bytes, size_t length, struct kw_arena *arena,
                       struct kw_grey *grey)
{
    struct jpeg_decompress_struct *jpeg = &reading->jpeg;
    jpeg_create_decompress(jpeg);
    jpeg_mem_src(jpeg, bytes, length);
    jpeg_read_header(jpeg, TRUE);
    if (jpeg->image_width > KW_PNG_MAX_SIDE || jpeg->image_height > KW_PNG_MAX_SIDE ||
        (int64_t)jpeg->image_width * jpeg->image_height > KW_PNG_MAX_PIXELS)
        fail(reading, "it has more than 16 million pixels, or a side of more than 8192");
    jpeg->out_color_space = jpeg->num_components == 4 ? JCS_CMYK : JCS_GRAYSCALE;
    jpeg_start_decompress(jpeg);
    grey->width = (int)jpeg->output_width;
    grey->height = (int)jpeg->output_height;
    read_rows(reading, arena, grey);
    jpeg_finish_decompress(jpeg);
}

static int read_jpeg(struct kw_arena *arena, const void *bytes, size_t length, const char *name, struct kw_grey *grey,
                     struct kw_error *error)
{
    struct reading reading;
    memset(&reading, 0, sizeof reading);
    reading.jpeg.err = jpeg_std_error(&reading.errors);
    reading.jpeg.client_data = &reading;
    reading.errors.error_exit = leave;
    reading.errors.emit_message = take_warning;
    if (setjmp(reading.out)) {
        jpeg_destroy_decompress(&reading.jpeg);
        return kw_fail(error, KWIT_E_INVALID, name, "the picture cannot be read: %s; save it again as a plain PNG",
                       reading.text);
    }
    read_whole(&reading, bytes, length, arena, grey);
    jpeg_destroy_decompress(&reading.jpeg);
    return 0;
}

extern const struct kw_jpeg_module kw_jpeg_module;
__attribute__((visibility("default"))) const struct kw_jpeg_module kw_jpeg_module = { KW_JPEG_VERSION, read_jpeg };
