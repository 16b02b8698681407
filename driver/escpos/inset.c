/*
 * inset.c - lines and codes that the printer draws itself, between the commands of another program: what they touch is
 * said anew before them and put back behind them.
 */
#include "escpos/encoder.h"

static bool is_seven_bit(const struct kw_line *line)
{
    for (size_t i = 0; i < line->run_count; i++)
        for (size_t at = 0; at < line->runs[i].length; at++)
            if (line->runs[i].bytes[at] > 0x7E)
                return false;
    return true;
}

static bool is_of_tables(const struct kw_line *line)
{
    for (size_t i = 0; i < line->run_count; i++)
        if (line->runs[i].encoding != KW_ENCODING_TABLE)
            return false;
    return !line->bitmap;
}

/* Letters, QR codes and white: what else there is would take page mode, or pictures. */
static bool can_draw(const struct kw_op *op, const struct kw_known *known)
{
    if (op->kind == KW_OP_SYMBOL)
        return op->symbol.symbology == KW_QR;
    if (op->kind == KW_OP_LINE)
        return is_of_tables(&op->line) && (known->table >= 0 || is_seven_bit(&op->line));
    return op->kind == KW_OP_FEED;
}

static const struct kw_piece *only_piece(const struct kw_page *page)
{
    const struct kw_piece *piece = page->piece_count == 1 ? &page->pieces[0] : NULL;
    return piece && piece->kind != KW_PIECE_DRAWER ? piece : NULL;
}

static void put_back(struct kw_encoder *encoder, const struct kw_known *known)
{
    struct kw_buffer *out = &encoder->out;
    kw_put(out, KW_COMMAND_PRINT_MODE, known->mode);
    kw_put(out, KW_COMMAND_SIZE, known->size);
    kw_put(out, KW_COMMAND_INVERT, known->reverse);
    if (known->table >= 0)
        kw_put(out, KW_COMMAND_CODE_TABLE, (uint8_t)known->table);
    if (known->align != KW_ALIGN_LEFT)
        kw_put(out, KW_COMMAND_ALIGN, known->align);
    for (size_t i = 0; i < sizeof known->again / sizeof known->again[0]; i++)
        kw_buffer_add(out, known->again[i], known->again_length[i]);
}

static int put_ops(struct kw_encoder *encoder, const struct kw_piece *piece, const struct kw_known *known)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < piece->op_count; i++)
        code = can_draw(&piece->ops[i], known) ? kw_encode_op(encoder, &piece->ops[i])
            : kw_fail(encoder->error, KWIT_E_UNSUPPORTED, "", "there is more than letters and codes on the page");
    return code;
}

int kw_escpos_inset(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_page *page,
                    const struct kw_known *known, int feed_dots, struct kw_buffer *out, struct kw_error *error)
{
    struct kw_profile fitted = *profile;
    struct kw_encoder encoder = { .arena = arena, .page = page, .profile = &fitted, .error = error,
                                  .no_table = known->table < 0 };
    const struct kw_piece *piece = only_piece(page);
    bool asian = profile->two_byte == KW_TWO_BYTE_SHIFT_JIS || profile->two_colours == KW_YES;
    if (!piece || page->turned || asian || profile->quirks & KW_QUIRK_PLAIN)
        return kw_fail(error, KWIT_E_UNSUPPORTED, "", "this printer's letters are not set and put back");
    fitted.motion_x = known->unit_x, fitted.motion_y = known->unit_y;
    fitted.power_x = fitted.power_y = 0;
    kw_buffer_init(&encoder.out, KW_COMMAND_MAX_BYTES * 4);
    kw_buffer_init(&encoder.scratch, KW_COMMAND_MAX_BYTES);
    if (known->end_line)
        kw_put_plain(&encoder.out, KW_COMMAND_LINE_FEED);
    if (known->align != KW_ALIGN_LEFT)
        kw_put(&encoder.out, KW_COMMAND_ALIGN, KW_ALIGN_LEFT);
    kw_encoder_forget(&encoder);
    encoder.encoding = KW_ENCODING_TABLE;
    int code = put_ops(&encoder, piece, known);
    encoder.pending_feed += feed_dots;
    kw_encoder_flush_feed(&encoder);
    put_back(&encoder, known);
    kw_buffer_add(out, encoder.out.data, encoder.out.length);
    bool starved = out->failed || encoder.out.failed;
    kw_buffer_free(&encoder.out);
    kw_buffer_free(&encoder.scratch);
    return code == 0 && starved ? kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory for the invitation") : code;
}
