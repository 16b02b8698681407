/*
 * encode.c - pages to pieces of bytes: what opens and closes a piece, and its break points.
 *
 * Lines are in line.c, pictures in raster.c, symbols in symbol.c, text beside a symbol in beside.c, what has places of
 * its own in canvas.c; what they share is in encoder.c. Every command begins with ESC, FS, GS, LF or FF, and text is
 * 20 to FF, so a real-time sequence can only stand inside one command; each place that could make one avoids it, and
 * finish_piece looks at the whole once more.
 */
#include "escpos/encoder.h"

#include <string.h>

enum { PIECE_CEILING = 64 * 1024 * 1024 };

/* ESC @ took back what the piece before had set. */
static void put_heat(struct kw_encoder *encoder, int density, int pace)
{
    static const uint8_t paces[] = { 0, 1, 5, 9 };
    enum { USUAL_STEP = 4 };
    if (encoder->profile->heat == KW_HEAT_STEPS && density)
        kw_put(&encoder->out, KW_COMMAND_DENSITY, (uint8_t)(USUAL_STEP + density));
    if (encoder->profile->heat != KW_HEAT_CONTROL)
        return;
    if (density)
        kw_put(&encoder->out, KW_COMMAND_CONTROL, 2, 0, 49, (uint8_t)(density * 2));
    if (pace)
        kw_put(&encoder->out, KW_COMMAND_CONTROL, 2, 0, 50, paces[pace]);
}

static void put_sound(struct kw_encoder *encoder)
{
    if (encoder->profile->quirks & KW_QUIRK_BUZZER)
        kw_put(&encoder->out, KW_COMMAND_BUZZER, 2, 2);
    else if (encoder->profile->quirks & KW_QUIRK_BEEPER)
        kw_put(&encoder->out, KW_COMMAND_BEEPER, 3, 0, 97, 1, 2);
}

static void open_piece(struct kw_encoder *encoder, const struct kw_piece *piece)
{
    const struct kw_profile *profile = encoder->profile;
    kw_put_plain(&encoder->out, KW_COMMAND_INITIALISE);
    if (profile->motion_x && profile->motion_y)
        kw_put(&encoder->out, KW_COMMAND_MOTION_UNITS, (uint8_t)profile->motion_x, (uint8_t)profile->motion_y);
    kw_put_plain(&encoder->out, KW_COMMAND_TWO_BYTE_OFF);
    kw_put(&encoder->out, KW_COMMAND_NATIONAL, 0);
    put_heat(encoder, encoder->page->density, encoder->page->pace);
    if (piece->sounds)
        put_sound(encoder);
    encoder->turned = false;
    /* ESC @ resets styles; which code table and line spacing it restores is up to the printer's switches. */
    kw_encoder_forget(encoder);
    encoder->style = (struct kw_style){ .width = 1, .height = 1 };
    encoder->style_known = !encoder->profile->font_b_alone;         /* ESC @ chose font A */
    encoder->encoding = KW_ENCODING_TABLE;
    encoder->pending_feed = 0;
    encoder->break_count = 0;
    encoder->breaks = NULL;
    encoder->break_capacity = 0;
}

static int add_break(struct kw_encoder *encoder)
{
    size_t *breaks = encoder->breaks;
    if (encoder->break_count && breaks[encoder->break_count - 1] == encoder->out.length)
        return 0;
    breaks = kw_arena_grow(encoder->arena, breaks, encoder->break_count, &encoder->break_capacity, sizeof *breaks);
    if (!breaks)
        return kw_fail(encoder->error, KWIT_E_NO_MEMORY, "", "no memory to encode the receipt");
    encoder->breaks = breaks;
    breaks[encoder->break_count++] = encoder->out.length;
    return 0;
}

static void put_logo(struct kw_encoder *encoder, const struct kw_op *op)
{
    kw_encoder_flush_feed(encoder);
    kw_encoder_place(encoder, op->logo.x_dots, op->logo.width_dots, KW_PLACE_BY_PRINTER);
    kw_put(&encoder->out, KW_COMMAND_GRAPHICS, 6, 0, 0x30, 69, op->logo.key[0], op->logo.key[1], 1, 1);
    kw_encoder_unplace(encoder, op->logo.x_dots, op->logo.width_dots, KW_PLACE_BY_PRINTER);
    kw_encoder_forget(encoder);
}

/* Letters of the printer it turns itself; whether it would turn pictures and codes too, makers differ about. */
static void turn(struct kw_encoder *encoder, const struct kw_op *op)
{
    bool letters = op->kind == KW_OP_LINE && op->line.run_count > 0, white = op->kind == KW_OP_FEED;
    bool wanted = encoder->page->turned && letters;
    if (white || wanted == encoder->turned)
        return;
    kw_put(&encoder->out, KW_COMMAND_UPSIDE_DOWN, wanted);
    encoder->turned = wanted;
}

int kw_encode_op(struct kw_encoder *encoder, const struct kw_op *op)
{
    turn(encoder, op);
    switch ((enum kw_op_kind)op->kind) {
    case KW_OP_LINE:
        return kw_encode_line(encoder, &op->line);
    case KW_OP_BITMAP:
        return kw_encode_bitmap(encoder, op->image.bitmap, op->image.x_dots, KW_OP_BITMAP);
    case KW_OP_SYMBOL:
        return kw_encode_symbol(encoder, &op->symbol, op->origin);
    case KW_OP_STORED_LOGO:
        put_logo(encoder, op);
        return 0;
    case KW_OP_FEED:
        encoder->pending_feed += op->feed_dots;
        return 0;
    case KW_OP_BESIDE:
        return kw_encode_beside(encoder, op->beside, op->origin);
    case KW_OP_CANVAS:
        return kw_encode_canvas(encoder, op->canvas);
    }
    return 0;
}

/*
 * Models with a known blade feed to it by themselves (GS V 65, 66). Elsewhere the feed is sent and then the old
 * form, whose parameter is a control code: a printer that does not know GS V prints no stray letter for it.
 */
static void close_piece(struct kw_encoder *encoder, int cut)
{
    int cutter = encoder->profile->cutter;
    bool feeds_itself = cut != KW_CUT_NONE && cutter != KW_CUTTER_NONE && cutter != KW_CUTTER_UNKNOWN;
    bool full = cutter == KW_CUTTER_FULL || (cut == KW_CUT_FULL && cutter != KW_CUTTER_PARTIAL);
    if (!feeds_itself)
        encoder->pending_feed += kw_profile_cut_feed_dots(encoder->profile);
    kw_encoder_flush_feed(encoder);
    if (feeds_itself)
        kw_put(&encoder->out, KW_COMMAND_CUT, full ? 65 : 66, 0);
    else if (cut != KW_CUT_NONE && cutter == KW_CUTTER_UNKNOWN)
        kw_put(&encoder->out, KW_COMMAND_CUT, full ? 0 : 1);
}

static int finish_piece(struct kw_encoder *encoder, struct kw_encoded_piece *encoded)
{
    const struct kw_buffer *out = &encoder->out;
    if (out->failed || encoder->scratch.failed)
        return kw_fail(encoder->error, KWIT_E_NO_MEMORY, encoded->name, "no memory to encode the receipt");
    if (kw_escpos_find_realtime(out->data, out->length) != SIZE_MAX)
        return kw_fail(encoder->error, KWIT_E_INTERNAL, encoded->name, "a real-time sequence stands in the data");
    encoded->bytes = (const uint8_t *)kw_arena_copy(encoder->arena, (const char *)out->data, out->length);
    encoded->length = out->length;
    encoded->breaks = encoder->breaks;
    encoded->break_count = encoder->break_count;
    return encoded->bytes ? 0 : kw_fail(encoder->error, KWIT_E_NO_MEMORY, encoded->name, "no memory for the receipt");
}

static int begin_tail(struct kw_encoder *encoder, struct kw_encoded_piece *encoded)
{
    kw_encoder_flush_feed(encoder);
    encoded->tail_offset = encoder->out.length;
    return add_break(encoder);
}

static int encode_paper(struct kw_encoder *encoder, const struct kw_piece *piece, struct kw_encoded_piece *encoded)
{
    int code = 0;
    open_piece(encoder, piece);
    for (size_t i = 0; code == 0 && i <= piece->op_count; i++) {
        if (i == piece->tail_op && i > 0)
            code = begin_tail(encoder, encoded);
        if (code == 0 && i < piece->op_count)
            code = kw_encode_op(encoder, &piece->ops[i]);
        if (code == 0)
            code = add_break(encoder);
    }
    if (code < 0)
        return code;
    close_piece(encoder, piece->cut);
    encoded->height_dots = kw_piece_height_dots(piece);
    encoded->paper_um = (uint32_t)kw_profile_dots_to_um(encoder->profile, encoded->height_dots +
                                                        kw_profile_cut_feed_dots(encoder->profile));
    return finish_piece(encoder, encoded);
}

/* Times in steps of 2 ms. Coils want four times as much rest as work; the off time is never the shorter one. */
static int encode_drawer(struct kw_encoder *encoder, const struct kw_piece *piece, struct kw_encoded_piece *encoded)
{
    int on = piece->on_ms / 2, off = piece->off_ms / 2;
    on = on < 1 ? 1 : on > 255 ? 255 : on;
    off = off < on ? on : off > 255 ? 255 : off;
    on += on == 0x10;                   /* with an off time of 04, 05 or 14 it would be a real-time command */
    kw_put(&encoder->out, KW_COMMAND_PULSE, piece->drawer_pin == 5, (uint8_t)on, (uint8_t)(off < on ? on : off));
    encoder->breaks = NULL;
    encoder->break_count = 0;
    return finish_piece(encoder, encoded);
}

static int encode_pieces(struct kw_encoder *encoder, const struct kw_page *page, struct kw_encoded *encoded)
{
    for (size_t i = 0; i < page->piece_count; i++) {
        const struct kw_piece *piece = &page->pieces[i];
        struct kw_encoded_piece *out = &encoded->pieces[i];
        out->kind = piece->kind;
        out->name = piece->name;
        kw_buffer_clear(&encoder->out);
        int code = piece->kind == KW_PIECE_DRAWER ? encode_drawer(encoder, piece, out)
                                                  : encode_paper(encoder, piece, out);
        if (code < 0)
            return code;
        encoded->count = i + 1;
    }
    return 0;
}

int kw_escpos_encode(struct kw_arena *arena, const struct kw_page *page, const struct kw_profile *profile,
                     struct kw_encoded *encoded, struct kw_error *error)
{
    struct kw_encoder encoder = { .arena = arena, .page = page, .profile = profile, .error = error };
    int code = kw_page_check(page, error);
    *encoded = (struct kw_encoded){ 0 };
    if (code < 0)
        return code;
    encoded->pieces = kw_arena_array(arena, page->piece_count, sizeof *encoded->pieces);
    if (!encoded->pieces)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory to encode the receipt");
    kw_buffer_init(&encoder.out, PIECE_CEILING);
    kw_buffer_init(&encoder.scratch, PIECE_CEILING);
    code = encode_pieces(&encoder, page, encoded);
    kw_buffer_free(&encoder.out);
    kw_buffer_free(&encoder.scratch);
    return code;
}
