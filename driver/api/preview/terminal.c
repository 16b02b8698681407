/* terminal.c - the paper in a terminal: text as the simulator read it, everything else in Braille cells. */
#include "api/preview/preview.h"

#include "base/utf8.h"

#include <string.h>

/* One Braille dot stands for 6 by 6 dots of paper, so a cell covers one character of font A at 203 dpi. */
enum { STEP_DOTS = 6, HALF_BLACK = STEP_DOTS * STEP_DOTS / 3 };
enum { CELL_WIDTH_DOTS = 2 * STEP_DOTS, CELL_HEIGHT_DOTS = 4 * STEP_DOTS };

static bool is_black(const struct kw_bitmap *dots, int left, int top)
{
    int black = 0;
    for (int y = top; y < top + STEP_DOTS && y < dots->height; y++)
        for (int x = left; x < left + STEP_DOTS && x < dots->width; x++)
            black += kw_bitmap_get(dots, x, y);
    return black >= HALF_BLACK;
}

static uint32_t braille(const struct kw_bitmap *dots, int left, int top)
{
    static const uint8_t bits[4][2] = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };
    uint32_t code = 0x2800;
    for (int row = 0; row < 4; row++)
        for (int column = 0; column < 2; column++)
            if (is_black(dots, left + column * STEP_DOTS, top + row * STEP_DOTS))
                code |= bits[row][column];
    return code;
}

static void draw_rows(const struct kw_bitmap *dots, int top, int height, struct kw_buffer *out)
{
    int bottom = top + height < dots->height ? top + height : dots->height;
    for (int y = top; y < bottom; y += CELL_HEIGHT_DOTS) {
        for (int x = 0; x < dots->width; x += CELL_WIDTH_DOTS) {
            char bytes[4];
            uint32_t code = braille(dots, x, y);
            kw_buffer_add(out, bytes, kw_utf8_put(bytes, code == 0x2800 ? ' ' : code));
        }
        kw_buffer_byte(out, '\n');
    }
}

/* The next line of the text that is not blank, behind *at; length 0: none is left. */
static size_t next_line(const char *text, size_t *at)
{
    for (;;) {
        *at += strspn(text + *at, "\n");
        size_t length = strcspn(text + *at, "\n");
        if (length == 0 || strspn(text + *at, " ") < length)
            return length;
        *at += length;
    }
}

static void draw_op(const struct kw_op *op, const struct kw_sheet *sheet, int y, size_t *at, struct kw_buffer *out)
{
    bool device_text = op->kind == KW_OP_LINE && !op->line.bitmap;
    if (device_text && op->line.run_count > 0) {
        size_t length = next_line(sheet->text, at);
        kw_buffer_add(out, sheet->text + *at, length);
        kw_buffer_byte(out, '\n');
        *at += length;
    } else if (device_text || op->kind == KW_OP_FEED) {
        if (kw_op_height_dots(op) >= CELL_HEIGHT_DOTS / 2)
            kw_buffer_byte(out, '\n');
    } else {
        draw_rows(&sheet->dots, y, kw_op_height_dots(op), out);
    }
}

void kw_paper_terminal(const struct kw_rendering *rendering, const struct kw_paper *paper, struct kw_buffer *out)
{
    size_t sheet = 0;
    for (size_t i = 0; i < rendering->page.piece_count && sheet < paper->sheet_count; i++) {
        const struct kw_piece *piece = &rendering->page.pieces[i];
        if (piece->kind != KW_PIECE_PAPER)
            continue;
        size_t at = 0;
        int y = 0;
        for (size_t k = 0; k < piece->op_count; k++) {
            draw_op(&piece->ops[k], &paper->sheets[sheet], y, &at, out);
            y += kw_op_height_dots(&piece->ops[k]);
        }
        kw_buffer_text(out, "- - - - - - - - - - - - - - - -\n");
        sheet++;
    }
}
