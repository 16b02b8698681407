/* line.c - one line of text: places, tables, styles with the fewest switches, and the feed of exactly its pitch. */
#include "escpos/encoder.h"

enum { SPACING_MAX_UNITS = 255, MODE_FONT_B = 0x01, MODE_BOLD = 0x08, MODE_TALL = 0x10, MODE_WIDE = 0x20,
       MODE_UNDERLINE = 0x80, TWO_BYTE_WIDE = 0x04, TWO_BYTE_TALL = 0x08 };

/* Japanese models read Shift JIS from FS C 1 to FS C 0, whatever FS & and FS . say in between. */
static void two_byte_on(struct kw_encoder *encoder)
{
    if (encoder->profile->two_byte == KW_TWO_BYTE_SHIFT_JIS)
        kw_put(&encoder->out, KW_COMMAND_TWO_BYTE_SYSTEM, 1);
    kw_put_plain(&encoder->out, KW_COMMAND_TWO_BYTE_ON);
}

static void two_byte_off(struct kw_encoder *encoder)
{
    if (encoder->profile->two_byte == KW_TWO_BYTE_SHIFT_JIS)
        kw_put(&encoder->out, KW_COMMAND_TWO_BYTE_SYSTEM, 0);
    kw_put_plain(&encoder->out, KW_COMMAND_TWO_BYTE_OFF);
}

static void leave_encoding(struct kw_encoder *encoder)
{
    if (encoder->encoding == KW_ENCODING_UTF8)
        kw_put_plain(&encoder->out, KW_COMMAND_UTF8_OFF);
    else if (encoder->encoding != KW_ENCODING_TABLE)
        two_byte_off(encoder);
    encoder->encoding = KW_ENCODING_TABLE;
}

static void set_encoding(struct kw_encoder *encoder, const struct kw_run *run)
{
    if (encoder->encoding != run->encoding)
        leave_encoding(encoder);
    if (run->encoding == KW_ENCODING_TABLE) {
        if (encoder->table != run->table && !encoder->no_table)
            kw_put(&encoder->out, KW_COMMAND_CODE_TABLE, run->table);
        encoder->table = run->table;
    } else if (encoder->encoding != run->encoding) {
        if (run->encoding == KW_ENCODING_UTF8)
            kw_put_plain(&encoder->out, KW_COMMAND_UTF8_ON);
        else
            two_byte_on(encoder);
        encoder->encoding = run->encoding;
    }
}

static int print_mode(const struct kw_style *style, bool b_alone, bool doubled)
{
    return (style->font == KW_FONT_B || b_alone ? MODE_FONT_B : 0) | (style->bold ? MODE_BOLD : 0) |
           (style->underline ? MODE_UNDERLINE : 0) | (doubled && style->height == 2 ? MODE_TALL : 0) |
           (doubled && style->width == 2 ? MODE_WIDE : 0);
}

static uint8_t times(const struct kw_encoder *encoder, int factor)
{
    return (uint8_t)((factor > 1 ? factor : 1) * (encoder->profile->times > 1 ? encoder->profile->times : 1));
}

static void set_colour(struct kw_encoder *encoder, bool red)
{
    if (encoder->profile->two_colours == KW_YES && (!encoder->style_known || encoder->style.red != red))
        kw_put(&encoder->out, KW_COMMAND_COLOUR, red);
}

/* ESC ! says font, bold, underline and double size in one command; only larger sizes need GS ! too. */
static void set_style(struct kw_encoder *encoder, struct kw_style want)
{
    struct kw_style *now = &encoder->style;
    bool plain = encoder->profile->quirks & KW_QUIRK_PLAIN;
    if (encoder->style_known && encoder->profile->times <= 1 && kw_style_same(now, &want))     /* most runs */
        return;
    want.width = times(encoder, want.width);
    want.height = times(encoder, want.height);
    want.bold = want.bold || (plain && want.invert);
    want.invert = want.invert && !plain;
    bool doubled = want.width <= 2 && want.height <= 2, known = encoder->style_known;
    if (known && kw_style_same(now, &want))
        return;
    bool resized = now->width != want.width || now->height != want.height;
    if (!known || now->font != want.font || now->bold != want.bold || now->underline != want.underline ||
        (resized && doubled)) {
        kw_put(&encoder->out, KW_COMMAND_PRINT_MODE,
               (uint8_t)print_mode(&want, encoder->profile->font_b_alone, doubled));
        resized = !doubled;
    }
    if (resized)
        kw_put(&encoder->out, KW_COMMAND_SIZE, (uint8_t)((want.width - 1) << 4 | (want.height - 1)));
    if ((!known && !plain) || (known && now->invert != want.invert))
        kw_put(&encoder->out, KW_COMMAND_INVERT, want.invert);
    set_colour(encoder, want.red);
    *now = want;
    encoder->style_known = true;
}

/* ESC ! does not reach two-byte characters: they have their own command for double size and underline. */
static void set_two_byte_style(struct kw_encoder *encoder, const struct kw_style *style)
{
    int width = times(encoder, style->width), height = times(encoder, style->height);
    bool doubled = width <= 2 && height <= 2;
    int mode = (style->underline ? MODE_UNDERLINE : 0) | (doubled && width == 2 ? TWO_BYTE_WIDE : 0) |
               (doubled && height == 2 ? TWO_BYTE_TALL : 0);
    if (encoder->two_byte_mode != mode)
        kw_put(&encoder->out, KW_COMMAND_TWO_BYTE_MODE, (uint8_t)mode);
    encoder->two_byte_mode = mode;
}

/* Blanks of the plain font; returns how many dots they are. */
static int put_blanks(struct kw_encoder *encoder, int dots)
{
    const struct kw_style plain = { .width = 1, .height = 1 };
    int cell = encoder->profile->font_a_width, count = (dots + cell / 2) / cell;
    if (count > 0)
        set_style(encoder, plain);
    kw_buffer_fill(&encoder->out, ' ', (size_t)(count > 0 ? count : 0));
    return count > 0 ? count * cell : 0;
}

/* A blank before the jump: whoever reads the text alone keeps the columns apart. */
static void jump(struct kw_encoder *encoder, const struct kw_run *run, int pen, int left_dots)
{
    int cell = encoder->profile->font_a_width * (run->style.width > 1 ? run->style.width : 1);
    bool seen = run->style.underline || run->style.invert;
    if (pen > left_dots && run->x_dots - pen >= cell && !seen)
        kw_buffer_byte(&encoder->out, ' ');
    kw_put_along(encoder, run->x_dots - left_dots);
}

void kw_put_runs(struct kw_encoder *encoder, const struct kw_line *line, int left_dots)
{
    bool jumps = !(encoder->profile->quirks & KW_QUIRK_NO_JUMP);
    int pen = left_dots;
    for (size_t i = 0; i < line->run_count; i++) {
        const struct kw_run *run = &line->runs[i];
        if (!jumps)
            pen += put_blanks(encoder, run->x_dots - pen);
        set_style(encoder, run->style);
        set_encoding(encoder, run);
        if (run->encoding == KW_ENCODING_TWO_BYTE)
            set_two_byte_style(encoder, &run->style);
        if (jumps && run->x_dots != pen)
            jump(encoder, run, pen, left_dots);
        kw_buffer_add(&encoder->out, run->bytes, run->length);
        pen = (jumps ? run->x_dots : pen) + run->width_dots;
    }
}

/*
 * A turned line begins at the right edge on some printers and at the text's own end on others: one that fills the paper
 * stands in the same place on all.
 */
static void fill_line(struct kw_encoder *encoder, const struct kw_line *line)
{
    const struct kw_run *last = &line->runs[line->run_count - 1];
    int cell = encoder->profile->font_a_width;
    int free_dots = encoder->profile->width_dots - last->x_dots - last->width_dots;
    leave_encoding(encoder);
    put_blanks(encoder, free_dots / cell * cell);
}

int kw_encode_line(struct kw_encoder *encoder, const struct kw_line *line)
{
    if (line->bitmap) {
        int code = kw_encode_bitmap(encoder, line->bitmap, line->bitmap_x_dots, KW_OP_LINE);
        if (line->height_dots > line->bitmap->height)
            encoder->pending_feed += line->height_dots - line->bitmap->height;
        return code;
    }
    if (line->run_count == 0) {
        encoder->pending_feed += line->height_dots;
        return 0;
    }
    kw_encoder_flush_feed(encoder);
    if (encoder->encoding == KW_NOT_SET)
        leave_encoding(encoder);
    int units = kw_units_y(encoder, line->height_dots);
    int spacing = units < SPACING_MAX_UNITS ? units : SPACING_MAX_UNITS;
    if (encoder->spacing != spacing)
        kw_put(&encoder->out, KW_COMMAND_LINE_SPACING, (uint8_t)spacing);
    encoder->spacing = spacing;
    kw_put_runs(encoder, line, 0);
    if (encoder->turned)
        fill_line(encoder, line);
    kw_put_plain(&encoder->out, KW_COMMAND_LINE_FEED);
    kw_put_feed(encoder, units - spacing);
    return 0;
}
