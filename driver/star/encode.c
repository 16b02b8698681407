/*
 * encode.c - pages to pieces of bytes in raster mode or in bands of StarPRNT.
 *
 * A piece opens with ESC @ and ends with feed and cut, as the end-of-job mode of raster mode says it or ESC d. Rows
 * without ink are fed. Numbers of raster mode are decimal digits ended by NUL.
 */
#include "star/star.h"

#include <stdio.h>
#include <string.h>

enum { PIECE_CEILING = 64 * 1024 * 1024, BAND_ROWS = 255, EIGHTHS_MOST = 255, ESC = 0x1B, ACK = 0x06, FF = 0x0C };
/* What happens at the end of a job: `ESC * r E`. */
enum { END_PRINTS = 1, END_FEEDS_TO_BAR = 3, END_CUTS_FULL = 9, END_CUTS_PARTIAL = 13 };

struct encoder {
    struct kw_arena *arena;
    const struct kw_page *page;
    const struct kw_profile *profile;
    struct kw_error *error;
    struct kw_buffer out;
    size_t *breaks;
    size_t break_count, break_capacity;
    int pending;                        /* white rows not sent yet */
};

static bool is_raster(const struct encoder *encoder)
{
    return encoder->profile->language != KW_LANGUAGE_STAR_PRNT;
}

static void put(struct encoder *encoder, const char *bytes, size_t length)
{
    kw_buffer_add(&encoder->out, bytes, length);
}

/* `ESC * r` and a letter with its number. */
static void put_number(struct encoder *encoder, char letter, int number)
{
    char text[24];
    int length = snprintf(text, sizeof text, "\x1B*r%c%d", letter, number);
    put(encoder, text, (size_t)length + 1);
}

/* ---- white and ink ---------------------------------------------------------------------------------------------- */

/* A row is an eighth of a millimetre; StarPRNT feeds by quarters too, in numbers of one byte. */
static void flush_feed(struct encoder *encoder)
{
    int rows = encoder->pending;
    encoder->pending = 0;
    if (rows > 0 && is_raster(encoder)) {
        put_number(encoder, 'Y', rows);
        return;
    }
    for (int part; rows > 0; rows -= part) {
        part = rows < EIGHTHS_MOST ? rows : EIGHTHS_MOST;
        const uint8_t feed[] = { ESC, 'I', (uint8_t)part };
        kw_buffer_add(&encoder->out, feed, sizeof feed);
    }
}

static int row_bytes(const struct encoder *encoder)
{
    return (encoder->profile->width_dots + 7) / 8;
}

/* One row of the paper with the picture at x; its length up to the last ink. A dot more breaks what would be obeyed. */
static int compose_row(const struct encoder *encoder, const struct kw_bitmap *bitmap, int y, int x, uint8_t *row)
{
    int width = row_bytes(encoder), length = 0;
    memset(row, 0, (size_t)width);
    for (int i = 0; i < bitmap->width; i++)
        if (x + i >= 0 && x + i < encoder->profile->width_dots && kw_bitmap_get(bitmap, i, y))
            row[(x + i) >> 3] |= (uint8_t)(0x80 >> ((x + i) & 7));
    for (int i = 0; i < width; i++) {
        if (i > 0 && row[i - 1] == ESC && row[i] == ACK)
            row[i] |= 0x01;
        length = row[i] ? i + 1 : length;
    }
    return length;
}

static void put_raster_row(struct encoder *encoder, const uint8_t *row, int length)
{
    const uint8_t head[] = { 'b', (uint8_t)length, (uint8_t)(length >> 8) };
    kw_buffer_add(&encoder->out, head, sizeof head);
    kw_buffer_add(&encoder->out, row, (size_t)length);
}

static int encode_raster(struct encoder *encoder, const struct kw_bitmap *bitmap, int x)
{
    uint8_t *row = kw_arena_alloc(encoder->arena, (size_t)row_bytes(encoder));
    if (!row)
        return kw_fail(encoder->error, KWIT_E_NO_MEMORY, "", "no memory for a picture");
    for (int y = 0; y < bitmap->height; y++) {
        int length = compose_row(encoder, bitmap, y, x, row);
        if (length == 0) {
            encoder->pending++;
            continue;
        }
        flush_feed(encoder);
        put_raster_row(encoder, row, length);
    }
    return 0;
}

static void put_band(struct encoder *encoder, const uint8_t *rows, int count)
{
    int width = row_bytes(encoder);
    const uint8_t head[] = { ESC, 0x1D, 'S', 1, (uint8_t)width, (uint8_t)(width >> 8), (uint8_t)count,
                             (uint8_t)(count >> 8), 0 };
    flush_feed(encoder);
    kw_buffer_add(&encoder->out, head, sizeof head);
    kw_buffer_add(&encoder->out, rows, (size_t)width * (size_t)count);
}

/* Bands of inked rows; none is longer than a printer stuck inside it can be freed from. */
static int encode_bands(struct encoder *encoder, const struct kw_bitmap *bitmap, int x)
{
    int width = row_bytes(encoder), most = (KW_COMMAND_MAX_BYTES - 9) / width, count = 0;
    most = most < BAND_ROWS ? most : BAND_ROWS;
    uint8_t *rows = kw_arena_array(encoder->arena, (size_t)most, (size_t)width);
    if (!rows)
        return kw_fail(encoder->error, KWIT_E_NO_MEMORY, "", "no memory for a picture");
    for (int y = 0; y < bitmap->height; y++) {
        int length = compose_row(encoder, bitmap, y, x, rows + (size_t)count * (size_t)width);
        count += length > 0;
        if (count > 0 && (length == 0 || count == most)) {
            put_band(encoder, rows, count);
            count = 0;
        }
        encoder->pending += length == 0;
    }
    if (count > 0)
        put_band(encoder, rows, count);
    return 0;
}

static int encode_picture(struct encoder *encoder, const struct kw_bitmap *bitmap, int x)
{
    return is_raster(encoder) ? encode_raster(encoder, bitmap, x) : encode_bands(encoder, bitmap, x);
}

/* ---- pieces ----------------------------------------------------------------------------------------------------- */

static int encode_line(struct encoder *encoder, const struct kw_line *line)
{
    if (line->run_count > 0)
        return kw_fail(encoder->error, KWIT_E_INTERNAL, "", "a line in a font of the printer, which has none");
    int code = line->bitmap ? encode_picture(encoder, line->bitmap, line->bitmap_x_dots) : 0;
    encoder->pending += line->height_dots - (line->bitmap ? line->bitmap->height : 0);
    return code;
}

static int encode_op(struct encoder *encoder, const struct kw_op *op)
{
    switch ((enum kw_op_kind)op->kind) {
    case KW_OP_LINE:
        return encode_line(encoder, &op->line);
    case KW_OP_BITMAP:
        return encode_picture(encoder, op->image.bitmap, op->image.x_dots);
    case KW_OP_FEED:
        encoder->pending += op->feed_dots;
        return 0;
    default:
        return kw_fail(encoder->error, KWIT_E_INTERNAL, op->origin, "a symbol or logo that this model does not draw");
    }
}

static int add_break(struct encoder *encoder)
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

static int end_mode(const struct encoder *encoder, int cut)
{
    int cutter = encoder->profile->cutter;
    if (cut == KW_CUT_NONE || cutter == KW_CUTTER_NONE)
        return END_FEEDS_TO_BAR;
    return cutter == KW_CUTTER_FULL || (cut == KW_CUT_FULL && cutter != KW_CUTTER_PARTIAL) ? END_CUTS_FULL
        : END_CUTS_PARTIAL;
}

/* Digits count from the darkest down; the fastest is 0. */
static void put_heat(struct encoder *encoder)
{
    static const uint8_t paces[] = { 0, 2, 1, 0 };
    const uint8_t density[] = { ESC, 0x1E, 'd', (uint8_t)('3' - encoder->page->density) };
    const uint8_t pace[] = { ESC, 0x1E, 'r', paces[encoder->page->pace] };
    if (encoder->page->density)
        kw_buffer_add(&encoder->out, density, sizeof density);
    if (encoder->page->pace)
        kw_buffer_add(&encoder->out, pace, sizeof pace);
}

/* Two rings of 200 ms; the buzzer is at the socket of the drawer, so only who has one there asks for it. */
static void put_sound(struct encoder *encoder)
{
    static const uint8_t ring[] = { ESC, 0x1D, 0x07, 1, 10, 10 };
    for (int i = 0; i < 2; i++)
        kw_buffer_add(&encoder->out, ring, sizeof ring);
}

/* Modes are taken before the first row alone. */
static void open_piece(struct encoder *encoder, const struct kw_piece *piece)
{
    encoder->breaks = NULL;
    encoder->break_count = encoder->break_capacity = 0;
    encoder->pending = 0;
    put(encoder, "\x1B@", 2);
    put_heat(encoder);
    if (piece->sounds)
        put_sound(encoder);
    if (!is_raster(encoder))
        return;
    put(encoder, "\x1B*rR\x1B*rA", 8);
    put_number(encoder, 'P', 0);
    put_number(encoder, 'F', END_PRINTS);
    put_number(encoder, 'E', end_mode(encoder, piece->cut));
}

static void close_piece(struct encoder *encoder, int cut)
{
    int mode = end_mode(encoder, cut);
    flush_feed(encoder);
    if (is_raster(encoder)) {
        const uint8_t end[] = { ESC, FF, 0x04, ESC, '*', 'r', 'B' };
        kw_buffer_add(&encoder->out, end, sizeof end);
    } else if (mode == END_FEEDS_TO_BAR) {
        encoder->pending = kw_profile_cut_feed_dots(encoder->profile);
        flush_feed(encoder);
    } else {
        const uint8_t feed_and_cut[] = { ESC, 'd', mode == END_CUTS_FULL ? 2 : 3 };
        kw_buffer_add(&encoder->out, feed_and_cut, sizeof feed_and_cut);
    }
}

static int finish_piece(struct encoder *encoder, struct kw_encoded_piece *encoded)
{
    const struct kw_buffer *out = &encoder->out;
    encoded->bytes = out->failed ? NULL
        : (const uint8_t *)kw_arena_copy(encoder->arena, (const char *)out->data, out->length);
    encoded->length = out->length;
    encoded->breaks = encoder->breaks;
    encoded->break_count = encoder->break_count;
    return encoded->bytes ? 0 : kw_fail(encoder->error, KWIT_E_NO_MEMORY, encoded->name, "no memory for the receipt");
}

static int encode_paper(struct encoder *encoder, const struct kw_piece *piece, struct kw_encoded_piece *encoded)
{
    int code = 0;
    open_piece(encoder, piece);
    for (size_t i = 0; code == 0 && i <= piece->op_count; i++) {
        if (i == piece->tail_op && i > 0) {
            flush_feed(encoder);
            encoded->tail_offset = encoder->out.length;
        }
        if (i < piece->op_count)
            code = encode_op(encoder, &piece->ops[i]);
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

/* Steps of 10 ms for the first drawer; the second has a time of its own. */
static int encode_drawer(struct encoder *encoder, const struct kw_piece *piece, struct kw_encoded_piece *encoded)
{
    int on = piece->on_ms / 10, off = piece->off_ms / 10;
    on = on < 1 ? 1 : on > 127 ? 127 : on;
    off = off < on ? on : off > 127 ? 127 : off;
    const uint8_t first[] = { ESC, 0x07, (uint8_t)on, (uint8_t)off, 0x07 }, second[] = { 0x1A };
    encoder->breaks = NULL;
    encoder->break_count = 0;
    if (piece->drawer_pin == 5)
        kw_buffer_add(&encoder->out, second, sizeof second);
    else
        kw_buffer_add(&encoder->out, first, sizeof first);
    return finish_piece(encoder, encoded);
}

int kw_star_encode(struct kw_arena *arena, const struct kw_page *page, const struct kw_profile *profile,
                   struct kw_encoded *encoded, struct kw_error *error)
{
    struct encoder encoder = { .arena = arena, .page = page, .profile = profile, .error = error };
    int code = kw_page_check(page, error);
    *encoded = (struct kw_encoded){ 0 };
    if (code < 0)
        return code;
    encoded->pieces = kw_arena_array(arena, page->piece_count, sizeof *encoded->pieces);
    if (!encoded->pieces)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory to encode the receipt");
    kw_buffer_init(&encoder.out, PIECE_CEILING);
    for (size_t i = 0; code == 0 && i < page->piece_count; i++) {
        const struct kw_piece *piece = &page->pieces[i];
        struct kw_encoded_piece *out = &encoded->pieces[i];
        out->kind = piece->kind;
        out->name = piece->name;
        kw_buffer_clear(&encoder.out);
        code = piece->kind == KW_PIECE_DRAWER ? encode_drawer(&encoder, piece, out)
                                              : encode_paper(&encoder, piece, out);
        encoded->count = i + 1;
    }
    kw_buffer_free(&encoder.out);
    return code;
}
