/*
 * impact.c - pictures by the wires of an impact head: 8 rows of 1/72 inch at 80 to the inch, whatever the page's dots
 * are. ESC * puts them into the line, and feeding their height prints them.
 */
#include "escpos/encoder.h"

enum { WIRES_DPI = 72, WIRES = 8, BAND_UNITS = 16 /* of 1/144 inch */, UNITS_DPI = 144, COLUMN_DOTS = 2,
       INK_SHARE = 3 };

struct wires {
    const struct kw_bitmap *bitmap;
    int x, width, dpi;
};

static int row_top(const struct wires *wires, int row)
{
    return (row * wires->dpi + WIRES_DPI / 2) / WIRES_DPI;
}

/* A wire strikes where a third of its field is inked: thin lines stay, and squares stay apart. */
static bool strikes(const struct wires *wires, int column, int row)
{
    int ink = 0, from = row_top(wires, row), to = row_top(wires, row + 1);
    for (int y = from; y < to && y < wires->bitmap->height; y++)
        for (int i = 0; i < COLUMN_DOTS; i++) {
            int x = column * COLUMN_DOTS + i - wires->x;
            ink += x >= 0 && x < wires->bitmap->width && kw_bitmap_get(wires->bitmap, x, y);
        }
    return ink * INK_SHARE >= (to - from) * COLUMN_DOTS && ink > 0;
}

static void put_band(struct kw_encoder *encoder, const struct wires *wires, int row, int columns)
{
    kw_put(&encoder->out, KW_COMMAND_WIRES, (uint8_t)columns, (uint8_t)(columns >> 8));
    uint8_t before = 0;
    for (int column = 0; column < columns; column++) {
        uint8_t byte = 0;
        for (int wire = 0; wire < WIRES; wire++)
            byte |= (uint8_t)(strikes(wires, column, row + wire) << (WIRES - 1 - wire));
        if (before == 0x10 && (byte == 0x04 || byte == 0x05 || byte == 0x14))
            byte |= 0x08;                   /* one dot more, and it is no real-time command */
        kw_buffer_byte(&encoder->out, byte);
        before = byte;
    }
}

int kw_encode_wires(struct kw_encoder *encoder, const struct kw_bitmap *bitmap, int x_dots)
{
    const struct wires wires = { bitmap, x_dots, x_dots + bitmap->width, encoder->profile->dpi };
    int rows = (bitmap->height * WIRES_DPI + wires.dpi - 1) / wires.dpi, units = kw_units_y(encoder, bitmap->height);
    int columns = (wires.width + COLUMN_DOTS - 1) / COLUMN_DOTS;
    kw_encoder_flush_feed(encoder);
    for (int row = 0; row < rows; row += WIRES) {
        put_band(encoder, &wires, row, columns);
        kw_put_feed(encoder, BAND_UNITS);
        units -= BAND_UNITS;
    }
    encoder->pending_feed = units * wires.dpi / UNITS_DPI;
    kw_encoder_forget(encoder);
    return 0;
}
