/*
 * raster.c - pictures in bands of the command that the printer knows.
 *
 * No command exceeds KW_COMMAND_MAX_BYTES, so that a printer stuck inside one can be freed; the bands follow each
 * other without anything between, so that the head never waits. Rows without ink are fed, and a picture begins at
 * the byte of the paper where it stands. The bytes 10 04, 10 05 and 10 14 act on a printer even inside a picture: it
 * is moved by up to seven dots, else gets single dots more.
 */
#include "escpos/encoder.h"

#include <string.h>

enum { RASTER_HEADER = 8, GRAPHICS_HEADER = 15, COLUMN_HEADER = 5, COLUMN_ROWS = 24, FED_ROWS = 8,
       ROWS_WITHOUT_DLE = 1023 /* a high byte below 4: header lengths make no sequence */, SHIFTS = 7 };

int kw_bitmap_last_ink(const struct kw_bitmap *bitmap)
{
    for (int byte = bitmap->stride - 1; byte >= 0; byte--) {
        uint8_t ink = 0;
        for (int y = 0; y < bitmap->height; y++)
            ink |= bitmap->bits[(size_t)y * (size_t)bitmap->stride + (size_t)byte];
        for (int bit = 7; ink && bit >= 0; bit--)
            if (ink >> (7 - bit) & 1)
                return byte * 8 + bit;
    }
    return -1;
}

/* `to` is blank. */
static void copy_row(uint8_t *to, int width, const uint8_t *from, int stride, int shift)
{
    const int count = stride < width ? stride : width;
    if (shift == 0)
        memcpy(to, from, (size_t)count);
    unsigned moving = 0;                            /* this byte and the one before it */
    for (int i = 0; shift && i < count; i++) {
        moving = moving << 8 | from[i];
        to[i] = (uint8_t)(moving >> shift);
    }
    if (shift && count < width)
        to[count] = (uint8_t)(moving << (8 - shift));
}

/* The whole picture, its left edge x dots behind where the rows begin. */
static bool compose(struct kw_encoder *encoder, const struct kw_bitmap *bitmap, int ink, int x, struct kw_rows *rows)
{
    int width = (x + ink) / 8 + 1, skip = x / 8;
    /* The width in dots is sent by GS ( L: 1040 and 1296 would be the bytes 10 04 and 10 05. */
    width += width == 0x410 / 8 || width == 0x510 / 8;
    kw_buffer_clear(&encoder->scratch);
    rows->width = width;
    rows->count = bitmap->height;
    rows->bytes = kw_buffer_extend(&encoder->scratch, (size_t)width * (size_t)bitmap->height);
    if (!rows->bytes)
        return false;
    memset(rows->bytes, 0, (size_t)width * (size_t)bitmap->height);
    for (int y = 0; y < bitmap->height; y++)
        copy_row(rows->bytes + (size_t)y * (size_t)width + skip, width - skip,
                 bitmap->bits + (size_t)y * (size_t)bitmap->stride, bitmap->stride, x & 7);
    return true;
}

/* One more dot beside one that is there: 10 becomes 18, which begins no sequence and ends none. */
static void break_sequences(uint8_t *bytes, size_t length)
{
    for (size_t at = 0, found; (found = kw_escpos_find_realtime(bytes + at, length - at)) != SIZE_MAX; at += found)
        bytes[at + found] |= 0x08;
}

bool kw_compose_harmless(struct kw_encoder *encoder, const struct kw_bitmap *bitmap, int ink, int x, int room,
                         struct kw_rows *rows)
{
    for (int step = 0; step <= 2 * SHIFTS; step++) {
        int moved = x + (step % 2 ? (step + 1) / 2 : -step / 2);
        if (moved < 0 || moved + ink >= room)
            continue;
        if (!compose(encoder, bitmap, ink, moved, rows))
            return false;
        if (kw_escpos_find_realtime(rows->bytes, (size_t)rows->width * (size_t)rows->count) == SIZE_MAX)
            return true;
    }
    if (!compose(encoder, bitmap, ink, x, rows))
        return false;
    break_sequences(rows->bytes, (size_t)rows->width * (size_t)rows->count);
    return true;
}

/* ---- the three commands ---------------------------------------------------------------------------------------- */

static void put_raster(struct kw_encoder *encoder, const struct kw_rows *rows, int from, int count)
{
    kw_put(&encoder->out, KW_COMMAND_RASTER, 0, (uint8_t)rows->width, (uint8_t)(rows->width >> 8), (uint8_t)count,
           (uint8_t)(count >> 8));
    kw_buffer_add(&encoder->out, rows->bytes + (size_t)from * (size_t)rows->width, (size_t)count * (size_t)rows->width);
}

static void put_graphics(struct kw_encoder *encoder, const struct kw_rows *rows, int from, int count)
{
    int size = 10 + count * rows->width, dots = rows->width * 8;
    kw_put(&encoder->out, KW_COMMAND_GRAPHICS, (uint8_t)size, (uint8_t)(size >> 8), 0x30, 112, 0x30, 1, 1, 0x31,
           (uint8_t)dots, (uint8_t)(dots >> 8), (uint8_t)count, (uint8_t)(count >> 8));
    kw_buffer_add(&encoder->out, rows->bytes + (size_t)from * (size_t)rows->width, (size_t)count * (size_t)rows->width);
    kw_put(&encoder->out, KW_COMMAND_GRAPHICS, 2, 0, 0x30, 50);
}

static uint8_t column_byte(const struct kw_rows *rows, int x, int y, int end)
{
    uint8_t byte = 0;
    for (int bit = 0; bit < 8 && y + bit < end; bit++)
        byte |= (uint8_t)((rows->bytes[(size_t)(y + bit) * (size_t)rows->width + (size_t)(x >> 3)] >> (7 - (x & 7)) & 1)
                          << (7 - bit));
    return byte;
}

/*
 * Columns stand in the line buffer, so a feed of their height prints them. Paper never moves by less than that; what a
 * short band moves too far is taken from the white that follows.
 */
static void put_columns(struct kw_encoder *encoder, const struct kw_rows *rows, int from, int count)
{
    int columns = rows->width * 8;
    kw_put(&encoder->out, KW_COMMAND_COLUMNS, (uint8_t)columns, (uint8_t)(columns >> 8));
    uint8_t *at = kw_buffer_extend(&encoder->out, (size_t)columns * 3);
    for (int x = 0; at && x < columns; x++)
        for (int part = 0; part < 3; part++)
            at[x * 3 + part] = column_byte(rows, x, from + part * 8, from + count);
    if (at)
        break_sequences(at, (size_t)columns * 3);
    encoder->pending_feed += COLUMN_ROWS;
    kw_encoder_flush_feed(encoder);
    encoder->pending_feed = count - COLUMN_ROWS;
}

/* ---- bands ------------------------------------------------------------------------------------------------------ */

typedef void put_band(struct kw_encoder *encoder, const struct kw_rows *rows, int from, int count);

static put_band *choose_way(const struct kw_profile *profile)
{
    return profile->graphics & KW_GRAPHICS_RASTER   ? put_raster
           : profile->graphics & KW_GRAPHICS_STORED ? put_graphics
           : profile->graphics & KW_GRAPHICS_COLUMN ? put_columns : NULL;
}

static int most_rows(const struct kw_encoder *encoder, put_band *put, const struct kw_rows *rows)
{
    int header = put == put_raster ? RASTER_HEADER : GRAPHICS_HEADER;
    int most = (KW_COMMAND_MAX_BYTES - header) / rows->width;
    if (put == put_columns)
        return COLUMN_HEADER + rows->width * 24 <= KW_COMMAND_MAX_BYTES ? COLUMN_ROWS : 0;
    if (put == put_raster && most > encoder->profile->max_raster_rows)
        most = encoder->profile->max_raster_rows;
    return most < ROWS_WITHOUT_DLE ? most : ROWS_WITHOUT_DLE;
}

static bool blank(const struct kw_rows *rows, int y)
{
    const uint8_t *row = rows->bytes + (size_t)y * (size_t)rows->width;
    return row[0] == 0 && memcmp(row, row + 1, (size_t)rows->width - 1) == 0;
}

int kw_rows_white(const struct kw_rows *rows, int y)
{
    int end = y;
    while (end < rows->count && blank(rows, end))
        end++;
    return end - y;
}

int kw_rows_inked(const struct kw_rows *rows, int y)
{
    int end = y;
    while (end < rows->count) {
        int white = kw_rows_white(rows, end);
        if (white >= FED_ROWS || end + white == rows->count)
            break;
        end += white ? white : 1;
    }
    return end - y;
}

/* The length that GS ( L sends would be 10 04 or 10 05: one row goes into the next band. */
static int harmless_size(put_band *put, const struct kw_rows *rows, int size)
{
    int bytes = 10 + size * rows->width;
    return size - (put == put_graphics && (bytes == 0x410 || bytes == 0x510) && size > 1);
}

/* Bands of one height, so that the last is no sliver. */
static void put_bands(struct kw_encoder *encoder, const struct kw_rows *rows, put_band *put, int most, int from,
                      int count)
{
    int bands = (count + most - 1) / most, height = put == put_columns ? COLUMN_ROWS : (count + bands - 1) / bands;
    for (int done = 0; done < count;) {
        int size = harmless_size(put, rows, count - done < height ? count - done : height);
        put(encoder, rows, from + done, size);
        done += size;
    }
}

static int put_picture(struct kw_encoder *encoder, const struct kw_rows *rows, put_band *put)
{
    int most = most_rows(encoder, put, rows);
    if (most < 1)
        return kw_fail(encoder->error, KWIT_E_UNPRINTABLE, "", "a picture is too wide for the printer %s",
                       kw_profile_name(encoder->profile));
    for (int y = 0; y < rows->count;) {
        int white = kw_rows_white(rows, y), inked = kw_rows_inked(rows, y + white);
        encoder->pending_feed += white;
        y += white;
        if (inked == 0)
            continue;
        kw_encoder_flush_feed(encoder);
        put_bands(encoder, rows, put, most, y, inked);
        y += inked;
    }
    kw_encoder_forget(encoder);
    return 0;
}

/* Columns are placed dot by dot: white ones cost three bytes for all rows, and no command is needed. */
static int left_of(put_band *put, enum kw_op_kind kind, int x_dots)
{
    return kind == KW_OP_BITMAP && put != put_columns ? x_dots / 8 * 8 : 0;
}

int kw_encode_bitmap(struct kw_encoder *encoder, const struct kw_bitmap *bitmap, int x_dots, enum kw_op_kind kind)
{
    struct kw_rows rows;
    put_band *put = choose_way(encoder->profile);
    int ink = kw_bitmap_last_ink(bitmap);
    if (ink < 0) {
        encoder->pending_feed += bitmap->height;
        return 0;
    }
    if (encoder->profile->firmware == KW_FIRMWARE_IMPACT)
        return kw_encode_wires(encoder, bitmap, x_dots);
    if (!put)
        return kw_fail(encoder->error, KWIT_E_UNPRINTABLE, "", "the printer %s prints no pictures; use text only "
                       "or another profile", kw_profile_name(encoder->profile));
    /* Bytes of columns do not change when a picture moves sideways: put_columns adds its dots itself. */
    int left = left_of(put, kind, x_dots), room = encoder->profile->width_dots - left;
    bool composed = put == put_columns ? compose(encoder, bitmap, ink, x_dots, &rows)
                                       : kw_compose_harmless(encoder, bitmap, ink, x_dots - left, room, &rows);
    if (!composed)
        return kw_fail(encoder->error, KWIT_E_NO_MEMORY, "", "no memory for a picture");
    if (left > 0)
        kw_encoder_flush_feed(encoder);             /* places are set at the beginning of a line */
    kw_encoder_place(encoder, left, rows.width * 8, KW_PLACE_EXACT);
    int code = put_picture(encoder, &rows, put);
    kw_encoder_unplace(encoder, left, rows.width * 8, KW_PLACE_EXACT);
    return code;
}

int kw_encode_standing(struct kw_encoder *encoder, const struct kw_bitmap *bitmap, int x_dots, int y_dots)
{
    struct kw_rows rows;
    put_band *put = choose_way(encoder->profile);
    int ink = kw_bitmap_last_ink(bitmap), most = 0, top = y_dots - bitmap->height;
    if (ink < 0)
        return 0;
    if (!kw_compose_harmless(encoder, bitmap, ink, 0, ink + SHIFTS + 1, &rows))
        return kw_fail(encoder->error, KWIT_E_NO_MEMORY, "", "no memory for a picture");
    if (put && put != put_columns)
        most = most_rows(encoder, put, &rows);
    if (most < 1)
        return kw_fail(encoder->error, KWIT_E_UNPRINTABLE, "", "the printer %s sets no picture of this width at a "
                       "place; use another profile", kw_profile_name(encoder->profile));
    for (int y = 0, size; y < rows.count; y += size) {
        y += kw_rows_white(&rows, y);
        size = kw_rows_inked(&rows, y);
        size = harmless_size(put, &rows, size < most ? size : most);
        if (size == 0)
            break;
        kw_put_position(encoder, x_dots, top + y + size);
        put(encoder, &rows, y, size);
    }
    kw_encoder_forget(encoder);
    return 0;
}
