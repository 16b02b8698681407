/*
 * sheet.c - what an unknown printer is sent so that a person can say what it is: rulers, columns, places, a feed,
 * tables, codes that it draws and codes that are drawn for it, cuts.
 */
#include "escpos/encoder.h"

#include "image/qr.h"

#include <stdio.h>
#include <string.h>

enum { RULER_ROWS = 4, BLOCK_ROWS = 16, BLOCK_BYTES = 3, MODULE = 6, DRAWN_MODULE = 4, BAR_ROWS = 96, COUNTED = 56,
       USUAL_PITCH = 30 };

const int kw_sheet_widths[KW_SHEET_WIDTHS] = { 384, 416, 512, 576, 640, 832 };
const uint8_t kw_sheet_cells[KW_SHEET_CELLS] = { 0x82, 0x8A, 0x96, 0x9C, 0xA5, 0xAB, 0xC5, 0xD5, 0xF1, 0xFD };

static void put_text(struct kw_buffer *out, const char *text)
{
    kw_buffer_text(out, text);
    kw_put_plain(out, KW_COMMAND_LINE_FEED);
}

static void put_block(struct kw_buffer *out, int rows)
{
    kw_put(out, KW_COMMAND_RASTER, 0, BLOCK_BYTES, 0, (uint8_t)rows, 0);
    kw_buffer_fill(out, 0xFF, (size_t)(BLOCK_BYTES * rows));
}

/* A line as long as that head is wide, with a block at its end: of a narrower head the block is missing. */
static void put_ruler(struct kw_buffer *out, int width)
{
    int bytes = width / 8;
    kw_put(out, KW_COMMAND_RASTER, 0, (uint8_t)bytes, 0, BLOCK_ROWS, 0);
    for (int y = 0; y < BLOCK_ROWS; y++) {
        kw_buffer_fill(out, y < RULER_ROWS ? 0xFF : 0, (size_t)(bytes - BLOCK_BYTES));
        kw_buffer_fill(out, 0xFF, BLOCK_BYTES);
    }
}

static void put_rulers(struct kw_buffer *out)
{
    for (int i = 0; i < KW_SHEET_WIDTHS; i++) {
        kw_buffer_format(out, "%c  %d", 'A' + i, kw_sheet_widths[i]);
        kw_put_plain(out, KW_COMMAND_LINE_FEED);
        put_ruler(out, kw_sheet_widths[i]);
        kw_put_plain(out, KW_COMMAND_LINE_FEED);
    }
}

/* Each table by its number, with cells in which code pages differ; FS . first, for printers that read pairs. */
static void put_tables(struct kw_buffer *out)
{
    kw_put_plain(out, KW_COMMAND_TWO_BYTE_OFF);
    for (int n = 0; n <= KW_SHEET_TABLE_LAST; n++) {
        kw_put(out, KW_COMMAND_CODE_TABLE, 0);
        kw_buffer_format(out, "%d: ", n);
        kw_put(out, KW_COMMAND_CODE_TABLE, (uint8_t)n);
        for (int i = 0; i < KW_SHEET_CELLS; i++) {
            kw_buffer_byte(out, kw_sheet_cells[i]);
            kw_buffer_byte(out, ' ');
        }
        kw_put_plain(out, KW_COMMAND_LINE_FEED);
    }
    kw_put(out, KW_COMMAND_CODE_TABLE, 0);
}

/* As many numbers of two digits as no paper has room for in a line: where the first line ends tells its columns. */
static void put_columns(struct kw_buffer *out)
{
    for (int n = 1; n <= COUNTED; n++)
        kw_buffer_format(out, "%02d", n);
    kw_put_plain(out, KW_COMMAND_LINE_FEED);
}

/* A jump to the place of one letter in the line above, and a feed as high as the bars around it. */
static void put_distances(struct kw_buffer *out)
{
    put_text(out, "PLACES");
    put_text(out, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    kw_buffer_text(out, "-");
    kw_put(out, KW_COMMAND_POSITION, KW_SHEET_JUMP, 0);
    put_text(out, "^");
    put_text(out, "FEED");
    put_block(out, BAR_ROWS);
    kw_put(out, KW_COMMAND_FEED, BAR_ROWS);
    put_block(out, BAR_ROWS);
    kw_put_plain(out, KW_COMMAND_LINE_FEED);
}

/* By one of the commands for pictures, whatever the printer knows. */
static int put_drawn(struct kw_arena *arena, const char *data, unsigned graphics, struct kw_buffer *out,
                     struct kw_error *error)
{
    struct kw_profile profile = *kw_profile_find("generic");
    struct kw_encoder encoder = { .arena = arena, .profile = &profile, .error = error };
    struct kw_qr_size size;
    struct kw_bitmap *bitmap;
    profile.graphics = graphics;
    int code = kw_qr_plan(data, strlen(data), 'M', &size, error);
    if (code == 0)
        code = kw_qr_draw(arena, data, strlen(data), &size, DRAWN_MODULE, &bitmap, error);
    if (code < 0)
        return code;
    kw_buffer_init(&encoder.out, KW_COMMAND_MAX_BYTES);
    kw_buffer_init(&encoder.scratch, KW_COMMAND_MAX_BYTES);
    code = kw_encode_bitmap(&encoder, bitmap, 0, KW_OP_BITMAP);
    kw_buffer_add(out, encoder.out.data, encoder.out.length);
    kw_put_plain(out, KW_COMMAND_LINE_FEED);
    kw_buffer_free(&encoder.out);
    kw_buffer_free(&encoder.scratch);
    return code;
}

/* Numbered lines of one height and a cut at once: what comes out behind it was between head and blade. */
static void put_blade(struct kw_buffer *out)
{
    kw_put(out, KW_COMMAND_LINE_SPACING, KW_SHEET_BLADE_DOTS);
    for (int n = KW_SHEET_BLADE_LINES; n > 0; n--) {
        kw_buffer_format(out, "%d  %d  %d", n, n, n);
        kw_put_plain(out, KW_COMMAND_LINE_FEED);
    }
    kw_put(out, KW_COMMAND_CUT, 1);
    kw_put(out, KW_COMMAND_LINE_SPACING, USUAL_PITCH);
}

static void put_qr(struct kw_buffer *out)
{
    static const char data[] = "kwit learn";
    kw_put(out, KW_COMMAND_SYMBOL, 4, 0, 49, 65, 50, 0);
    kw_put(out, KW_COMMAND_SYMBOL, 3, 0, 49, 67, MODULE);
    kw_put(out, KW_COMMAND_SYMBOL, sizeof data - 1 + 3, 0, 49, 80, 48);
    kw_buffer_text(out, data);
    kw_put(out, KW_COMMAND_SYMBOL, 3, 0, 49, 81, 48);
    kw_put_plain(out, KW_COMMAND_LINE_FEED);
}

/* Bars that the printer draws: CODE128, as receipts have them. One that knows none prints its letters, or nothing. */
static void put_bars(struct kw_buffer *out)
{
    static const char data[] = "{BKWIT 39";
    kw_put(out, KW_COMMAND_BAR_HEIGHT, 60);
    kw_put(out, KW_COMMAND_BAR_WIDTH, 2);
    kw_put(out, KW_COMMAND_BAR_TEXT, 0);
    kw_put(out, KW_COMMAND_BARCODE, 73, sizeof data - 1);
    kw_buffer_text(out, data);
    kw_put_plain(out, KW_COMMAND_LINE_FEED);
}

/* What only a printer of dots is asked: others print the bytes of these as letters, metres of them. */
static int put_symbols(struct kw_arena *arena, struct kw_buffer *out, struct kw_error *error)
{
    put_text(out, "QR");
    put_qr(out);
    put_text(out, "BARS");
    put_bars(out);
    put_text(out, "DRAWN 1");
    int code = put_drawn(arena, "kwit drawn 1", KW_GRAPHICS_RASTER, out, error);
    put_text(out, "DRAWN 2");
    return code < 0 ? code : put_drawn(arena, "kwit drawn 2", KW_GRAPHICS_COLUMN, out, error);
}

int kw_escpos_sheet(struct kw_arena *arena, bool needles, bool pulse, struct kw_buffer *out, struct kw_error *error)
{
    kw_put_plain(out, KW_COMMAND_INITIALISE);
    if (!needles) {
        put_text(out, "RULERS");
        put_rulers(out);
    }
    put_text(out, "COUNT");
    put_columns(out);
    if (!needles)
        put_distances(out);
    put_text(out, "TABLES");
    put_tables(out);
    int code = needles ? 0 : put_symbols(arena, out, error);
    put_text(out, "BLADE");
    put_blade(out);
    put_text(out, "END");
    if (pulse)
        kw_put(out, KW_COMMAND_PULSE, 0, 50, 250);
    kw_put(out, KW_COMMAND_CUT, 66, 0);
    return code == 0 && out->failed ? kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory") : code;
}

int kw_sheet_columns(const char *digits)
{
    char line[2 * COUNTED];
    size_t length = strlen(digits);
    for (int n = 1; n <= COUNTED; n++) {
        line[2 * (n - 1)] = (char)('0' + n / 10);
        line[2 * n - 1] = (char)('0' + n % 10);
    }
    for (size_t end = KW_SHEET_DIGITS; length == KW_SHEET_DIGITS && end <= sizeof line; end++)
        if (end >= KW_SHEET_LEAST_COLUMNS && memcmp(line + end - length, digits, length) == 0)
            return (int)end;
    return 0;
}
