/*
 * beside.c - a QR code with text beside it, in page mode: two areas of one page, which the printer prints as a whole.
 *
 * Makers differ in whether a code stands on the position or hangs from it; in an area of its own, without a position,
 * it begins in the area's corner for all of them. Text begins with a line of the plain font in the corner.
 */
#include "escpos/encoder.h"

static void put_pair(uint8_t *at, int units)
{
    at[0] = (uint8_t)units;
    at[1] = (uint8_t)(units >> 8);
}

static int text_height(const struct kw_encoder *encoder, const struct kw_line *line)
{
    int height = 0;
    for (size_t i = 0; i < line->run_count; i++) {
        const struct kw_style *style = &line->runs[i].style;
        int cell = style->font == KW_FONT_B ? encoder->profile->font_b_height : encoder->profile->font_a_height;
        cell *= style->height ? style->height : 1;
        height = cell > height ? cell : height;
    }
    return height;
}

/* From the lower edge of one line to that of the next: the first stands in the corner, the others behind a LF. */
static void go_down(struct kw_encoder *encoder, int dots, bool first)
{
    uint8_t units[2];
    put_pair(units, kw_units_y(encoder, dots));
    if (!first) {
        if (encoder->spacing != units[0])
            kw_put(&encoder->out, KW_COMMAND_LINE_SPACING, units[0]);
        encoder->spacing = units[0];
        kw_put_plain(&encoder->out, KW_COMMAND_LINE_FEED);
    } else if (dots > 0) {
        kw_command_put(&encoder->out, KW_COMMAND_PAGE_DOWN, units, sizeof units);
    }
}

static void put_lines(struct kw_encoder *encoder, const struct kw_beside *beside)
{
    int top = 0, edge = encoder->profile->font_a_height;
    bool first = true;
    for (size_t i = 0; i < beside->line_count; top += beside->lines[i++].height_dots) {
        const struct kw_line *line = &beside->lines[i];
        int lower = top + text_height(encoder, line);
        if (line->run_count == 0)
            continue;
        go_down(encoder, lower - edge, first);
        kw_put_runs(encoder, line, beside->lines_x_dots);
        edge = lower > edge ? lower : edge;
        first = false;
    }
}

int kw_encode_beside(struct kw_encoder *encoder, const struct kw_beside *beside, const char *origin)
{
    const struct kw_symbol *symbol = &beside->symbol;
    if (beside->bitmap)
        return kw_encode_bitmap(encoder, beside->bitmap, 0, KW_OP_BITMAP);
    kw_encoder_flush_feed(encoder);
    kw_put_plain(&encoder->out, KW_COMMAND_PAGE_MODE);
    kw_put_area(encoder, symbol->x_dots, beside->symbol_y_dots, symbol->width_dots + symbol->module_dots,
             beside->height_dots - beside->symbol_y_dots);
    int code = kw_put_qr(encoder, symbol, origin);
    if (code < 0)
        return code;
    kw_encoder_forget(encoder);
    kw_put_area(encoder, beside->lines_x_dots, beside->lines_y_dots, beside->lines_width_dots,
             beside->height_dots - beside->lines_y_dots);
    put_lines(encoder, beside);
    kw_put_plain(&encoder->out, KW_COMMAND_PAGE_PRINT);
    kw_encoder_forget(encoder);
    return 0;
}
