/*
 * page.h - the list between layout and encoder: what stands where on the paper, in dots.
 *
 * A page is a list of pieces; each paper piece ends at a cut. Everything a page points to lives in the
 * job's arena. The page holds no command bytes: run bytes are printable characters of a code table only.
 */
#ifndef KW_PAGE_PAGE_H
#define KW_PAGE_PAGE_H

#include "base/arena.h"
#include "base/error.h"
#include "image/barcode.h"
#include "image/bitmap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum kw_align { KW_ALIGN_LEFT, KW_ALIGN_CENTER, KW_ALIGN_RIGHT };
enum kw_cut { KW_CUT_NONE, KW_CUT_PARTIAL, KW_CUT_FULL };
enum kw_font { KW_FONT_A, KW_FONT_B };

struct kw_style {
    uint8_t font;                  /* enum kw_font */
    uint8_t width, height;         /* 1..8 times the cell; 0 means 1 */
    bool bold, underline, invert;
    bool red;                      /* where the printer has two colours */
};

/* A style is bytes without a gap. */
static inline bool kw_style_same(const struct kw_style *a, const struct kw_style *b)
{
    _Static_assert(sizeof *a == 3 + 4 * sizeof(bool), "a style has no gaps");
    return memcmp(a, b, sizeof *a) == 0;
}

enum kw_encoding { KW_ENCODING_TABLE, KW_ENCODING_TWO_BYTE, KW_ENCODING_UTF8 };

/* A stretch of text in the device's own font, at a place, in one encoding and style. */
struct kw_run {
    int x_dots, width_dots;
    struct kw_style style;
    uint8_t encoding;              /* enum kw_encoding */
    uint8_t table;                 /* n of ESC t for KW_ENCODING_TABLE */
    const uint8_t *bytes;
    size_t length;
};

/*
 * One line of text: device runs from left to right, or - when any grapheme needs dots - one bitmap of the
 * whole line. height_dots is the feed that the line takes; a drawn line is at least that high.
 */
struct kw_line {
    int height_dots;
    const struct kw_run *runs;
    size_t run_count;
    const struct kw_bitmap *bitmap;   /* NULL for device text */
    int bitmap_x_dots;
    const char *text;              /* UTF-8, logical order, cells apart by spaces; NULL where no words are kept */
};

/* A symbol that the printer draws itself. Symbols drawn on the host are bitmaps. */
struct kw_symbol {
    uint8_t symbology;             /* enum kw_symbology */
    const uint8_t *data;           /* as the command wants it (CODE128 with its {A {B {C escapes) */
    size_t length;
    int module_dots;
    int height_dots;               /* of bars, or of the whole two-dimensional symbol */
    char error_level;              /* QR: L M Q H */
    int x_dots, width_dots;        /* where it stands, quiet zone not counted */
    int above_dots, below_dots;    /* white that belongs to it */
    const char *plain;             /* the data as a reader gives it, for tests and previews */
};

/*
 * Words that can be read on an op, for whoever shows a page otherwise than in dots. Kept only where that was asked for.
 * x counts from the left of the paper, y from the top of the op; align is that of reading.
 */
struct kw_lettering {
    const char *utf8;              /* as printed, in logical order */
    const char *ordered;           /* with what makes another program set it so; NULL: that needs nothing */
    int x_dots, y_dots, width_dots, height_dots;
    struct kw_style style;
    uint8_t align;                 /* enum kw_align */
};

/*
 * A QR code with lines of text beside it. The printer sets it in page mode, where every line is device text and the
 * printer draws the code; else it is one bitmap. Lines and code are told in both cases. Places count from the paper's
 * left and the top of the whole.
 */
struct kw_beside {
    struct kw_symbol symbol;
    int symbol_y_dots;
    const struct kw_line *lines;      /* from lines_y_dots down, each by its own height */
    size_t line_count;
    int lines_x_dots, lines_y_dots, lines_width_dots;
    int height_dots;
    const struct kw_bitmap *bitmap;   /* from the paper's left; NULL: page mode */
};

enum { KW_PAGE_MAX_LINES = 20000 };
struct kw_canvas;
enum kw_op_kind { KW_OP_LINE, KW_OP_BITMAP, KW_OP_SYMBOL, KW_OP_STORED_LOGO, KW_OP_FEED, KW_OP_BESIDE, KW_OP_CANVAS };

struct kw_op {
    uint8_t kind;                  /* enum kw_op_kind */
    union {
        struct kw_line line;
        struct { const struct kw_bitmap *bitmap; int x_dots; } image;
        struct kw_symbol symbol;
        struct { uint8_t key[2]; int x_dots, width_dots, height_dots; } logo;   /* NV graphics key codes */
        int feed_dots;
        const struct kw_beside *beside;
        const struct kw_canvas *canvas;
    };
    const struct kw_lettering *words;  /* word_count of them, from left to right; NULL: not kept, or there are none */
    size_t word_count;
    const char *origin;            /* JSON pointer of what it prints, "" when it is the layout's own */
};

/*
 * Things at places that another program has chosen, on a stretch of paper that the printer prints as a whole, in page
 * mode. A place counts along the text and down from line to line, from the corner where the area's text begins: it is
 * the left end of a line's baseline, or the lower left corner of a picture.
 */
struct kw_placed {
    int x_dots, y_dots;
    const struct kw_op *words;        /* KW_OP_LINE, whose runs count from x 0; NULL: a picture without words */
    const struct kw_bitmap *bitmap;   /* NULL: those runs */
};
/* As ESC T counts them: where the text of an area begins and where it goes. */
enum kw_heading { KW_HEADING_RIGHT, KW_HEADING_UP, KW_HEADING_LEFT, KW_HEADING_DOWN };
struct kw_area {
    int x_dots, y_dots, width_dots, height_dots;      /* on the canvas, as the paper leaves the printer */
    uint8_t heading;                  /* enum kw_heading */
    struct kw_placed *placed;
    size_t placed_count, placed_capacity;
};
struct kw_canvas {
    int height_dots;
    struct kw_area *areas;
    size_t area_count, area_capacity;
};

enum kw_piece_kind { KW_PIECE_DRAWER, KW_PIECE_PAPER };

struct kw_piece {
    uint8_t kind;                  /* enum kw_piece_kind */
    const char *name;              /* "drawer", "receipt", "voucher 1", … */
    struct kw_op *ops;
    size_t op_count, op_capacity;
    size_t tail_op;                /* ops from here on are the tail: what proves that the piece is whole */
    uint8_t cut;                   /* enum kw_cut at its end */
    bool sounds;                   /* the printer's buzzer goes with it */
    uint8_t drawer_pin;            /* 2 or 5 */
    int on_ms, off_ms;
};

struct kw_page {
    struct kw_arena *arena;
    int width_dots;
    bool mirrored;                 /* a right-to-left receipt: its lines are read from the right */
    bool turned;                   /* upside down: see kw_page_turn */
    int density;                   /* -3 to 3 darker than the printer is set; 0: as it is set */
    int pace;                      /* 1 slow, 2 middle, 3 fast; 0: as it is set */
    struct kw_piece *pieces;
    size_t piece_count, piece_capacity;
    size_t expected_ops;           /* of the next piece of paper */
    int error;                     /* sticks: NO_MEMORY */
};

void kw_page_init(struct kw_page *page, struct kw_arena *arena, int width_dots);
/* Room for that many lines beside the usual ones is made at once on the first paper; fewer or more may come. */
void kw_page_expect(struct kw_page *page, size_t lines);
/* All return NULL without memory, and then page->error sticks, so that it may be asked once at the end. */
struct kw_piece *kw_page_add_piece(struct kw_page *page, enum kw_piece_kind kind, const char *name);
/* Adds to the last piece. The op is zeroed but for its kind. */
struct kw_op *kw_page_add(struct kw_page *page, enum kw_op_kind kind, const char *origin);
void kw_page_feed(struct kw_page *page, int dots);
/* Marks that what comes next is the tail of the last piece. */
void kw_page_begin_tail(struct kw_page *page);
/*
 * Turns each paper piece by 180 degrees: the last op comes first, what is drawn is turned, and lines in the printer's
 * font keep their places, for the printer turns each by itself. A code beside its words stands in the way of that.
 */
int kw_page_turn(struct kw_page *page, struct kw_error *error);
/* Room of an area along its text, and down from line to line. */
int kw_area_along(const struct kw_area *area);
int kw_area_down(const struct kw_area *area);
/* Height of one op or of a whole piece, cut feed not counted. */
int kw_op_height_dots(const struct kw_op *op);
int kw_piece_height_dots(const struct kw_piece *piece);
/* Checks places, widths, heights and run bytes (no byte below 0x20 outside two-byte trails); INTERNAL when broken. */
int kw_page_check(const struct kw_page *page, struct kw_error *error);

#endif
