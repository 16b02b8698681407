/* encoder.h - one piece on its way to bytes, and what the printer is known to be set to. Private to escpos. */
#ifndef KW_ESCPOS_ENCODER_H
#define KW_ESCPOS_ENCODER_H

#include "escpos/commands.h"
#include "escpos/escpos.h"

enum { KW_NOT_SET = -1 };

struct kw_encoder {
    struct kw_arena *arena;
    const struct kw_page *page;         /* NULL: none, a picture alone */
    const struct kw_profile *profile;
    struct kw_error *error;
    struct kw_buffer out;               /* the piece */
    struct kw_buffer scratch;           /* rows of one picture */
    size_t *breaks;
    size_t break_count, break_capacity;
    int pending_feed;                   /* white dots not sent yet: neighbours become one command */

    /* The printer's state as far as it follows from what was sent since ESC @ or the last picture. */
    struct kw_style style;
    bool style_known;
    int encoding, table, spacing;       /* KW_NOT_SET: unknown; spacing in motion units */
    int two_byte_mode;                  /* parameter of the last FS ! */
    bool turned;                        /* ESC { */
    bool no_table;                      /* no table is named: all text is in seven bits */
};

/* Motion units of a distance in dots. */
int kw_units_x(const struct kw_encoder *encoder, int dots);
int kw_units_y(const struct kw_encoder *encoder, int dots);
/* Feeds, and prints what stands in the line. */
void kw_put_feed(struct kw_encoder *encoder, int units);
void kw_encoder_flush_feed(struct kw_encoder *encoder);
/* After a picture or symbol nothing is taken for granted. */
void kw_encoder_forget(struct kw_encoder *encoder);
/*
 * Makes what follows begin at x: centred and right where that says it, else by the left margin. What the printer sizes
 * itself may stand a few dots beside the middle.
 */
enum { KW_PLACE_EXACT = 0, KW_PLACE_BY_PRINTER = 4 };
void kw_encoder_place(struct kw_encoder *encoder, int x_dots, int width_dots, int tolerance);
void kw_encoder_unplace(struct kw_encoder *encoder, int x_dots, int width_dots, int tolerance);

/* A picture as rows up to the last ink; they lie in the encoder's scratch buffer. */
struct kw_rows {
    uint8_t *bytes;
    int width;                          /* bytes in a row */
    int count;
};
/* White rows from y. Rows from y that are sent together: up to the end or a stretch of white that is worth a feed. */
int kw_rows_white(const struct kw_rows *rows, int y);
int kw_rows_inked(const struct kw_rows *rows, int y);
/* Rightmost inked column, -1 when the picture is white. */
int kw_bitmap_last_ink(const struct kw_bitmap *bitmap);
/*
 * At x of `room` dots, moved by up to seven dots or with single dots more, so that no real-time sequence stands in the
 * rows.
 */
bool kw_compose_harmless(struct kw_encoder *encoder, const struct kw_bitmap *bitmap, int ink, int x, int room,
                         struct kw_rows *rows);

/* Text at its places, of which the first is left_dots from the paper's left; the line stays open. */
void kw_put_runs(struct kw_encoder *encoder, const struct kw_line *line, int left_dots);
/* To x of the line; in page mode, to x along the text and y down from line to line. */
void kw_put_along(struct kw_encoder *encoder, int x_dots);
void kw_put_position(struct kw_encoder *encoder, int x_dots, int y_dots);
/* Any operation of a page, in standard mode. */
int kw_encode_op(struct kw_encoder *encoder, const struct kw_op *op);
int kw_encode_line(struct kw_encoder *encoder, const struct kw_line *line);
/* A picture (KW_OP_BITMAP) begins where it stands; the words of a drawn line, which span the paper, at the left. */
int kw_encode_bitmap(struct kw_encoder *encoder, const struct kw_bitmap *bitmap, int x_dots, enum kw_op_kind kind);
/* In page mode, where a picture stands on its place: y is that of its lower edge. */
int kw_encode_standing(struct kw_encoder *encoder, const struct kw_bitmap *bitmap, int x_dots, int y_dots);
/* The same by the wires of an impact head, at their own pitch (impact.c). */
int kw_encode_wires(struct kw_encoder *encoder, const struct kw_bitmap *bitmap, int x_dots);
int kw_encode_symbol(struct kw_encoder *encoder, const struct kw_symbol *symbol, const char *origin);
/* A QR code alone, wherever the printer stands. */
int kw_put_qr(struct kw_encoder *encoder, const struct kw_symbol *symbol, const char *origin);
/* In page mode: what comes next has this part of the paper. */
void kw_put_area(struct kw_encoder *encoder, int x_dots, int y_dots, int width_dots, int height_dots);
int kw_encode_canvas(struct kw_encoder *encoder, const struct kw_canvas *canvas);
int kw_encode_beside(struct kw_encoder *encoder, const struct kw_beside *beside, const char *origin);

#endif
