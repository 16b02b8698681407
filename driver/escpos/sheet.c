/* sheet.c - what an unknown printer is sent so that a person can say what it is: rulers, tables, codes, a cut. */
#include "escpos/commands.h"
#include "escpos/escpos.h"

#include <string.h>

enum { RULER_ROWS = 4, BLOCK_ROWS = 16, BLOCK_BYTES = 3, MODULE = 6 };

const int kw_sheet_widths[KW_SHEET_WIDTHS] = { 384, 416, 512, 576, 640, 832 };
const uint8_t kw_sheet_cells[KW_SHEET_CELLS] = { 0x82, 0x8A, 0x96, 0x9C, 0xA5, 0xAB, 0xC5, 0xD5, 0xF1, 0xFD };

static void put_text(struct kw_buffer *out, const char *text)
{
    kw_buffer_text(out, text);
    kw_put_plain(out, KW_COMMAND_LINE_FEED);
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

bool kw_escpos_sheet(bool pulse, struct kw_buffer *out)
{
    kw_put_plain(out, KW_COMMAND_INITIALISE);
    put_text(out, "RULERS");
    put_rulers(out);
    put_text(out, "TABLES");
    put_tables(out);
    put_text(out, "QR");
    put_qr(out);
    put_text(out, "BARS");
    put_bars(out);
    put_text(out, "END");
    if (pulse)
        kw_put(out, KW_COMMAND_PULSE, 0, 50, 250);
    kw_put(out, KW_COMMAND_CUT, 66, 0);
    return !out->failed;
}
