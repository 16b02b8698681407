/* encoder.c - what lines, pictures and symbols share: motion units, pending feed, places, the printer's known state. */
#include "escpos/encoder.h"

enum { FEED_MAX_UNITS = 255 };

static int to_units(const struct kw_profile *profile, int dots, int told, int power)
{
    int per_inch = told ? told : power;
    return per_inch ? (dots * per_inch + profile->dpi / 2) / profile->dpi : dots;
}

int kw_units_x(const struct kw_encoder *encoder, int dots)
{
    return to_units(encoder->profile, dots, encoder->profile->motion_x, encoder->profile->power_x);
}

int kw_units_y(const struct kw_encoder *encoder, int dots)
{
    return to_units(encoder->profile, dots, encoder->profile->motion_y, encoder->profile->power_y);
}

void kw_put_feed(struct kw_encoder *encoder, int units)
{
    bool lines = encoder->profile->quirks & KW_QUIRK_NO_FEED;
    for (int part; units > 0; units -= part) {
        part = units < FEED_MAX_UNITS ? units : FEED_MAX_UNITS;
        if (lines && encoder->spacing != part)
            kw_put(&encoder->out, KW_COMMAND_LINE_SPACING, (uint8_t)part);
        encoder->spacing = lines ? part : encoder->spacing;
        kw_put(&encoder->out, lines ? KW_COMMAND_FEED_LINES : KW_COMMAND_FEED, lines ? 1 : (uint8_t)part);
    }
}

void kw_encoder_flush_feed(struct kw_encoder *encoder)
{
    kw_put_feed(encoder, kw_units_y(encoder, encoder->pending_feed));
    encoder->pending_feed = 0;
}

void kw_encoder_forget(struct kw_encoder *encoder)
{
    encoder->style_known = false;
    encoder->encoding = encoder->table = encoder->spacing = encoder->two_byte_mode = KW_NOT_SET;
}

static int justification(const struct kw_encoder *encoder, int x_dots, int width_dots, int tolerance)
{
    int free_dots = encoder->profile->width_dots - width_dots, off = x_dots - free_dots / 2;
    if (x_dots == 0)
        return KW_ALIGN_LEFT;
    if (off >= -tolerance && off <= tolerance)
        return KW_ALIGN_CENTER;
    return x_dots == free_dots ? KW_ALIGN_RIGHT : KW_NOT_SET;
}

/* Two bytes, low first; one unit less where the two would be a real-time sequence. */
static void put_distance(struct kw_buffer *out, enum kw_command command, int units)
{
    uint8_t bytes[2] = { (uint8_t)units, (uint8_t)(units >> 8) };
    if (kw_is_realtime(bytes))
        bytes[0]--;
    kw_command_put(out, command, bytes, 2);
}

void kw_encoder_place(struct kw_encoder *encoder, int x_dots, int width_dots, int tolerance)
{
    int align = justification(encoder, x_dots, width_dots, tolerance);
    if (align == KW_NOT_SET)
        put_distance(&encoder->out, KW_COMMAND_LEFT_MARGIN, kw_units_x(encoder, x_dots));
    else if (align != KW_ALIGN_LEFT)
        kw_put(&encoder->out, KW_COMMAND_ALIGN, (uint8_t)align);
}

void kw_encoder_unplace(struct kw_encoder *encoder, int x_dots, int width_dots, int tolerance)
{
    int align = justification(encoder, x_dots, width_dots, tolerance);
    if (align == KW_NOT_SET)
        kw_put(&encoder->out, KW_COMMAND_LEFT_MARGIN, 0, 0);
    else if (align != KW_ALIGN_LEFT)
        kw_put(&encoder->out, KW_COMMAND_ALIGN, KW_ALIGN_LEFT);
}

/* nL nH can be 10 04, 10 05 or 10 14: then one unit less, and a step of one unit. */
static void go(struct kw_encoder *encoder, enum kw_command to, enum kw_command by, int units)
{
    uint8_t bytes[2] = { (uint8_t)units, (uint8_t)(units >> 8) };
    bool harmless = !kw_is_realtime(bytes);
    bytes[0] -= !harmless;
    kw_command_put(&encoder->out, to, bytes, 2);
    if (!harmless)
        kw_put(&encoder->out, by, 1, 0);
}

void kw_put_along(struct kw_encoder *encoder, int x_dots)
{
    go(encoder, KW_COMMAND_POSITION, KW_COMMAND_MOVE, kw_units_x(encoder, x_dots));
}

void kw_put_position(struct kw_encoder *encoder, int x_dots, int y_dots)
{
    go(encoder, KW_COMMAND_PAGE_AT, KW_COMMAND_PAGE_DOWN, kw_units_y(encoder, y_dots));
    kw_put_along(encoder, x_dots);
}
