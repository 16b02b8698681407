/*
 * insertion.c - a picture between the commands of another program. What that program has set is not known, so nothing
 * is said that would have to be taken back, but for what it is known to have set otherwise.
 */
#include "escpos/encoder.h"

#include <string.h>

enum { RASTER_HEADER = 8 };

/* Rows of this many bytes, white where the picture has no more. */
static void put_band(struct kw_encoder *encoder, const struct kw_rows *rows, int width, int from, int count)
{
    int given = rows->width < width ? rows->width : width;
    kw_put(&encoder->out, KW_COMMAND_RASTER, 0, (uint8_t)width, (uint8_t)(width >> 8), (uint8_t)count,
           (uint8_t)(count >> 8));
    for (int y = from; y < from + count; y++) {
        kw_buffer_add(&encoder->out, rows->bytes + (size_t)y * (size_t)rows->width, (size_t)given);
        kw_buffer_fill(&encoder->out, 0, (size_t)(width - given));
    }
}

static void put_bands(struct kw_encoder *encoder, const struct kw_rows *rows, int width, int from, int count)
{
    int most = (KW_COMMAND_MAX_BYTES - RASTER_HEADER) / width;
    if (most > encoder->profile->max_raster_rows)
        most = encoder->profile->max_raster_rows;
    for (int end = from + count; from < end; from += most)
        put_band(encoder, rows, width, from, end - from < most ? end - from : most);
}

/*
 * Inked rows have the picture's whole width, whatever their ink is: a printer that centres them does not move them.
 * White ones are a byte wide, wherever that stands, but for those at the end: the last band is one with ink.
 */
static int put_picture(struct kw_encoder *encoder, const struct kw_bitmap *bitmap)
{
    struct kw_rows rows;
    int ink = kw_bitmap_last_ink(bitmap);
    if (!kw_compose_harmless(encoder, bitmap, ink < 0 ? 0 : ink, 0, encoder->profile->width_dots, &rows))
        return kw_fail(encoder->error, KWIT_E_NO_MEMORY, "", "no memory for a picture");
    for (int y = 0; y < rows.count;) {
        int white = kw_rows_white(&rows, y), inked = kw_rows_inked(&rows, y + white);
        int last = kw_rows_white(&rows, y + white + inked);
        inked += y + white + inked + last == rows.count ? last : 0;
        put_bands(encoder, &rows, 1, y, white);
        put_bands(encoder, &rows, bitmap->stride, y + white, inked);
        y += white + inked;
    }
    return 0;
}

static void put_aside(struct kw_buffer *out, const struct kw_aside *aside)
{
    if (aside->end_line)
        kw_put_plain(out, KW_COMMAND_LINE_FEED);
    if (aside->upside_down)
        kw_put(out, KW_COMMAND_UPSIDE_DOWN, 0);
    if (!aside->margins)
        return;
    kw_put(out, KW_COMMAND_LEFT_MARGIN, 0, 0);
    kw_put(out, KW_COMMAND_AREA_WIDTH, (uint8_t)aside->full_units, (uint8_t)(aside->full_units >> 8));
}

static void put_back(struct kw_buffer *out, const struct kw_aside *aside)
{
    if (aside->margins) {
        kw_put(out, KW_COMMAND_LEFT_MARGIN, (uint8_t)aside->left_units, (uint8_t)(aside->left_units >> 8));
        kw_put(out, KW_COMMAND_AREA_WIDTH, (uint8_t)aside->width_units, (uint8_t)(aside->width_units >> 8));
    }
    if (aside->upside_down)
        kw_put(out, KW_COMMAND_UPSIDE_DOWN, 1);
    kw_buffer_add(out, aside->again, aside->again_length);
}

int kw_escpos_insertion(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_bitmap *bitmap,
                        const struct kw_aside *aside, int feed_dots, struct kw_buffer *out, struct kw_error *error)
{
    struct kw_profile fitted = *profile;            /* a picture that moves aside stays inside itself */
    struct kw_encoder encoder = { .arena = arena, .profile = &fitted, .error = error };
    fitted.width_dots = bitmap->width;
    if (!(profile->graphics & KW_GRAPHICS_RASTER) || bitmap->stride > KW_COMMAND_MAX_BYTES / 4)
        return kw_fail(error, KWIT_E_UNSUPPORTED, "", "the printer %s knows no picture that stands alone",
                       kw_profile_name(profile));
    struct kw_bitmap *whole = kw_bitmap_new(arena, bitmap->width, bitmap->height + feed_dots);
    if (!whole)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory for a picture");
    kw_bitmap_blend(whole, bitmap, 0, 0);
    kw_buffer_init(&encoder.out, (size_t)whole->stride * (size_t)whole->height * 2 + KW_COMMAND_MAX_BYTES);
    kw_buffer_init(&encoder.scratch, (size_t)whole->stride * (size_t)whole->height * 2 + KW_COMMAND_MAX_BYTES);
    put_aside(out, aside);
    int code = put_picture(&encoder, whole);
    kw_buffer_add(out, encoder.out.data, encoder.out.length);
    put_back(out, aside);
    bool starved = out->failed || encoder.out.failed;
    kw_buffer_free(&encoder.out);
    kw_buffer_free(&encoder.scratch);
    return code == 0 && starved ? kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory for a picture") : code;
}
