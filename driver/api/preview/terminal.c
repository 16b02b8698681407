/* terminal.c - the paper in a terminal: its words as they are, everything else in Braille cells. */
#include "api/preview/preview.h"

#include "base/utf8.h"

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

static void draw_op(const struct kw_rendering *rendering, const struct kw_shown *shown, const struct kw_sheet *sheet,
                    struct kw_buffer *out)
{
    const struct kw_op *op = shown->op;
    bool blank = op->kind == KW_OP_FEED || (op->kind == KW_OP_LINE && !op->line.bitmap);
    if (op->kind == KW_OP_LINE && op->word_count > 0) {
        for (int bottom = 0; kw_reading_row(rendering, op, &bottom, NULL, out);)
            kw_buffer_byte(out, '\n');
    } else if (blank) {
        if (kw_op_height_dots(op) >= CELL_HEIGHT_DOTS / 2)
            kw_buffer_byte(out, '\n');
    } else {
        draw_rows(&sheet->dots, shown->y, kw_op_height_dots(op), out);
        for (int bottom = 0; kw_reading_row(rendering, op, &bottom, NULL, out);)
            kw_buffer_byte(out, '\n');
    }
}

static void end_piece(struct kw_buffer *out)
{
    kw_buffer_text(out, "- - - - - - - - - - - - - - - -\n");
}

void kw_paper_terminal(const struct kw_rendering *rendering, const struct kw_paper *paper,
                       const struct kw_reading *reading, struct kw_buffer *out)
{
    for (size_t i = 0; i < reading->count && reading->ops[i].sheet < paper->sheet_count; i++) {
        const struct kw_shown *shown = &reading->ops[i];
        if (shown->begins && i > 0)
            end_piece(out);
        draw_op(rendering, shown, &paper->sheets[shown->sheet], out);
    }
    if (reading->count > 0)
        end_piece(out);
}
