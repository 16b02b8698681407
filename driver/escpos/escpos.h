/*
 * escpos.h - the sole owner of command bytes: pages to pieces of bytes, printer bytes to state.
 *
 * Each command is a row of escpos/commands.def with its reference. No function here does I/O.
 */
#ifndef KW_ESCPOS_ESCPOS_H
#define KW_ESCPOS_ESCPOS_H

#include "base/arena.h"
#include "base/buffer.h"
#include "page/page.h"
#include "profile/profile.h"

enum { KW_COMMAND_MAX_BYTES = 4096, KW_PROCESS_ID_BYTES = 4 };

/* One piece in bytes. A break point is an offset between two commands at which status may be asked. */
struct kw_encoded_piece {
    uint8_t kind;                   /* enum kw_piece_kind */
    const char *name;
    const uint8_t *bytes;
    size_t length;
    size_t tail_offset;             /* the tail begins here; its last byte is the end of the cut */
    const size_t *breaks;
    size_t break_count;
    int height_dots;
    uint32_t paper_um;              /* paper it takes, cut feed included, in micrometres */
};

struct kw_encoded {
    struct kw_encoded_piece *pieces;
    size_t count;
};

/*
 * Encodes the page. Every paper piece begins with ESC @ and everything it relies on (law: the state of a
 * printer is never assumed) and ends with feed and cut. No command exceeds KW_COMMAND_MAX_BYTES, and no real-time
 * sequence stands in any payload. UNPRINTABLE when a symbol's data would need one.
 */
int kw_escpos_encode(struct kw_arena *arena, const struct kw_page *page, const struct kw_profile *profile,
                     struct kw_encoded *encoded, struct kw_error *error);

/* Offset of the first `10 04`, `10 05` or `10 14`, or SIZE_MAX. */
size_t kw_escpos_find_realtime(const uint8_t *bytes, size_t length);

/*
 * Puts a picture into the printer's memory under two characters (20 to 7E), to be printed by KW_OP_STORED_LOGO
 * (GS ( L 67). The one command that may be longer than KW_COMMAND_MAX_BYTES: it is part of no receipt. UNSUPPORTED when
 * the profile has no such memory, TOO_LARGE beyond 64 KiB of dots.
 */
int kw_escpos_store_logo(const struct kw_profile *profile, const struct kw_bitmap *bitmap, const uint8_t key[2],
                         struct kw_buffer *out, struct kw_error *error);

/*
 * A picture for the middle of another program's bytes: GS v 0 alone, over the whole width of the bitmap (a multiple of
 * eight), white rows included, so that it neither relies on settings nor changes any. At the beginning of a line only.
 * What has to be put aside first, and back behind it, stands in `aside`. UNSUPPORTED: the printer knows no GS v 0.
 */
struct kw_aside {
    bool end_line;                  /* a line is still open: LF first */
    bool upside_down;
    bool margins;                   /* left margin and width of the area, in the units in force: */
    int left_units, width_units, full_units;
    const uint8_t *again;           /* bytes that are said again behind it */
    size_t again_length;
};
int kw_escpos_insertion(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_bitmap *bitmap,
                        const struct kw_aside *aside, int feed_dots, struct kw_buffer *out, struct kw_error *error);

/*
 * A page's lines and codes for the middle of another program's bytes, as the printer draws them itself. What they
 * touch is known, said anew before them and put back behind them. UNSUPPORTED: the page has something else, or letters
 * of a table where no table is known.
 */
struct kw_known {
    uint8_t mode, size, align;      /* as ESC !, GS ! and ESC a say it */
    bool reverse;
    int table;                      /* as ESC t says it; -1: nobody has */
    int unit_x, unit_y;             /* motion units per inch; 0: dots */
    bool end_line;                  /* a line is still open: LF first */
    const uint8_t *again[5];        /* commands that are said again: line spacing, and how codes are drawn */
    size_t again_length[5];
};
int kw_escpos_inset(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_page *page,
                    const struct kw_known *known, int feed_dots, struct kw_buffer *out, struct kw_error *error);

/*
 * The sheet that an unknown printer is asked to print: rulers of these widths (a block of ink ends each), numbers that
 * fill a line, a jump of KW_SHEET_JUMP units below letters, a feed between two bars of the same height, the tables 0 to
 * KW_SHEET_TABLE_LAST with these cells, codes that it draws and the same drawn by GS v 0 and by ESC *, lines of
 * KW_SHEET_BLADE_DOTS with a cut at once, a cut; the drawer's pulse only where that is asked for. One with needles gets
 * the numbers, the tables and the cuts alone.
 */
enum { KW_SHEET_WIDTHS = 6, KW_SHEET_CELLS = 10, KW_SHEET_TABLE_LAST = 53, KW_SHEET_JUMP = 192,
       KW_SHEET_BLADE_DOTS = 24, KW_SHEET_BLADE_LINES = 12, KW_SHEET_DIGITS = 3, KW_SHEET_LEAST_COLUMNS = 20 };
extern const int kw_sheet_widths[KW_SHEET_WIDTHS];
extern const uint8_t kw_sheet_cells[KW_SHEET_CELLS];
int kw_escpos_sheet(struct kw_arena *arena, bool needles, bool pulse, struct kw_buffer *out, struct kw_error *error);
/* How many characters a line has whose numbers end in these three digits; 0: none can. */
int kw_sheet_columns(const char *digits);

/* Commands that delivery sends beside the pieces; each writes into out and returns its length. */
size_t kw_escpos_ask_status(int n, uint8_t out[8]);                             /* DLE EOT n */
size_t kw_escpos_ask_process_id(const uint8_t id[KW_PROCESS_ID_BYTES], uint8_t out[16]);   /* GS ( H fn 48 */
size_t kw_escpos_ask_barrier(uint8_t out[8]);                                   /* GS r 1 */
size_t kw_escpos_ask_name(int n, uint8_t out[8]);                               /* GS I n */
size_t kw_escpos_ask_cut_count(uint8_t out[8]);                                 /* GS g 2, autocutter counter */
size_t kw_escpos_clear(uint8_t out[16]);                                        /* DLE DC4 8 */
size_t kw_escpos_recover(int how, uint8_t out[8]);                              /* DLE ENQ how */
size_t kw_escpos_pulse_now(int pin, int on_ms, uint8_t out[8]);                 /* DLE DC4 1 */
/* The same for the bytes of an encoded drawer piece, which a printer that is off line would keep for later; 0: none. */
size_t kw_escpos_pulse_instead(const uint8_t *bytes, size_t length, uint8_t out[8]);
/* Frees a printer stuck inside a command: NULs, LF, ESC @. At most KW_COMMAND_MAX_BYTES + 16 bytes. */
bool kw_escpos_unstick(struct kw_buffer *out);

/* What the printer says of itself, all questions together. */
struct kw_printer_state {
    bool known;                     /* at least one answer */
    bool offline, paper_out, paper_near_end, cover_open, feeding, waiting;
    bool error, cutter, unrecoverable, auto_recoverable, recoverable;
    bool drawer_pin_high;
    uint8_t raw[5];                 /* answers to DLE EOT 1..4 by index */
};

/* Folds the answer to DLE EOT n (1..4) into the state; false when the byte is no such answer. */
bool kw_escpos_take_status(struct kw_printer_state *state, int n, uint8_t answer);
/*
 * The same in the block that GS a makes a printer say by itself: its bits as the answers to DLE EOT 1..4 by index say,
 * the reserved ones left alone. Or of a printer that cannot be reached: off line, whatever else it was.
 */
enum { KW_ASB_BYTES = 4 };
void kw_escpos_update_asb(const uint8_t raw[5], uint8_t block[KW_ASB_BYTES]);
void kw_escpos_asb_gone(uint8_t block[KW_ASB_BYTES]);
bool kw_escpos_asb_is_off_line(const uint8_t block[KW_ASB_BYTES]);
/* Whether a printer in the mode GS a n would tell one after the other. */
bool kw_escpos_asb_differs(uint8_t n, const uint8_t a[KW_ASB_BYTES], const uint8_t b[KW_ASB_BYTES]);
/* 0 when it can print; else the worst cause: PRINTER_DEAD, CUTTER_JAM, COVER_OPEN, PAPER_OUT, HEAD_HOT, … */
int kw_escpos_cause(const struct kw_printer_state *state);

/*
 * Tells reply bytes apart. Feed bytes; take replies until none is whole. What is in no form a printer answers in is
 * GARBAGE, byte by byte or as the block it stood in; `broken` counts replies that were begun and never ended.
 */
enum kw_reply_kind { KW_REPLY_NONE, KW_REPLY_STATUS /* DLE EOT */, KW_REPLY_BYTE /* GS r, ESC u/v, GS I 1-3 */,
                     KW_REPLY_ASB, KW_REPLY_ECHO /* GS ( H */, KW_REPLY_TEXT /* GS I, GS g 2 */,
                     KW_REPLY_CLEARED /* DLE DC4 8 */, KW_REPLY_NOTICE, KW_REPLY_FLOW /* XON, XOFF */,
                     KW_REPLY_GARBAGE, KW_REPLY_FRAME /* a whole status in one, of other languages */ };
enum { KW_REPLY_MAX = 128 };
struct kw_reply { enum kw_reply_kind kind; uint8_t bytes[KW_REPLY_MAX]; size_t length; };
struct kw_reply_reader { uint8_t bytes[KW_REPLY_MAX]; size_t length; unsigned broken; };
/* Returns true when this byte completed a reply, which is then in *reply. */
bool kw_reply_feed(struct kw_reply_reader *reader, uint8_t byte, struct kw_reply *reply);
/* The four characters of an ECHO. */
const uint8_t *kw_reply_process_id(const struct kw_reply *reply);

#endif
