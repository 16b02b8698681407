/*
 * state.h - the inside of the simulated printer, shared by the files of this room only, and what can be read off it.
 *
 * Everything that a snapshot must keep stands in `struct kw_sim_state` (no pointers) and in the parts (runs of
 * bytes). What comes from the options, and scratch memory, stands beside them in `struct kw_sim`.
 */
#ifndef KW_SIMULATOR_STATE_H
#define KW_SIMULATOR_STATE_H

#include "base/json.h"
#include "base/module.h"
#include "simulator/peer.h"
#include "simulator/simulator.h"

enum {
    KW_SIM_COMMAND_CEILING = 1024 * 1024,   /* longer commands are read over unseen */
    KW_SIM_ITEMS_MAX = 2048,                /* characters and pictures in one line */
    KW_SIM_PIECE_MM = 3000,                 /* a longer piece of paper is handed out in parts */
    KW_SIM_ROW_MAX = 512,                   /* bytes across the widest paper */
    KW_SIM_FAULTS_MAX = 24,
    KW_SIM_NEAR_END_MM = 1500,              /* paper left when the near-end sensor sees it */
    KW_SIM_TABS = 32
};

/* Runs of bytes that belong to the state. */
enum kw_sim_part {
    KW_PART_RECEIVE,            /* receive buffer */
    KW_PART_COMMAND,            /* a command that is not whole yet */
    KW_PART_ROW,                /* the raster row that is not whole yet */
    KW_PART_ITEMS,              /* struct kw_sim_item: the line buffer */
    KW_PART_ITEM_BITS,          /* dots of pictures in the line buffer */
    KW_PART_PAPER,              /* rows of dots since the last cut */
    KW_PART_TEXT,               /* lines of text since the last cut */
    KW_PART_REPLIES,            /* struct kw_sim_reply and bytes, in order */
    KW_PART_MACRO,
    KW_PART_PAGE,               /* dots of the page in page mode */
    KW_PART_PAGE_ITEMS,         /* struct kw_sim_item on the page */
    KW_PART_DOWNLOAD,           /* GS *: columns */
    KW_PART_STORED,             /* GS ( L fn 112/113: graphics waiting for fn 50 */
    KW_PART_GRAPHICS,           /* NV and download graphics by key: records */
    KW_PART_NV_IMAGES,          /* FS q: records */
    KW_PART_USER_CHARACTERS,    /* ESC &, FS 2: struct kw_sim_user_character */
    KW_PART_MEMORY,             /* NV user memory: FS g, GS ( C */
    KW_PART_SYMBOLS,            /* data of two-dimensional symbols: records */
    KW_PARTS
};

/* Why the printer does not print, or is not there. Bits. */
enum {
    KW_COND_PAPER_END = 1, KW_COND_COVER = 2, KW_COND_CUTTER = 4, KW_COND_RECOVERABLE = 8, KW_COND_DEAD = 16,
    KW_COND_HOT = 32, KW_COND_FEEDING = 64, KW_COND_WAITING = 128, KW_COND_OPENED_PRINTING = 256,
    KW_COND_NEAR_END = 512, KW_COND_POWER = 1024, KW_COND_UNPLUGGED = 2048, KW_COND_STUCK = 4096, KW_COND_NAK = 8192,
    KW_COND_MUTE = 16384, KW_COND_GARBAGE = 32768, KW_COND_LATE = 65536, KW_COND_DRAWER_OPEN = 131072,
    KW_COND_COALESCE = 262144, KW_COND_SHORT_WRITE = 524288, KW_COND_STRAY = 1048576, KW_COND_WRONG_ID = 2097152,
    KW_COND_STARTING = 4194304,
    KW_COND_OFFLINE = KW_COND_PAPER_END | KW_COND_COVER | KW_COND_CUTTER | KW_COND_RECOVERABLE | KW_COND_DEAD |
                      KW_COND_HOT | KW_COND_FEEDING | KW_COND_WAITING,
    KW_COND_GONE = KW_COND_POWER | KW_COND_UNPLUGGED
};

/* Where a fault waits. */
enum kw_sim_trigger { KW_AT_BYTE, KW_AT_MM, KW_AT_TIME, KW_AT_CUT, KW_AT_ANSWER, KW_AT_CONFIRM };

enum { KW_SIM_NO_CHARACTER = 0xFFFD, KW_TWO_BYTE_JIS = 100 /* beside enum kw_two_byte: FS C 0 */ };

/* A sixth of an inch on 180 dpi heads, 3.75 mm on those with eight dots to the millimetre: both are 30 dots. */
enum { KW_SIM_LINE_DOTS = 30 };

enum { KW_SIM_COMPOSITE_LINEAR = 200 };          /* key of the bars of a composite in KW_PART_SYMBOLS */

enum kw_sim_style {
    KW_STYLE_BOLD = 1, KW_STYLE_UNDERLINE = 2, KW_STYLE_UNDERLINE_THICK = 4, KW_STYLE_REVERSE = 8, KW_STYLE_TURNED = 16,
    KW_STYLE_UPSIDE_DOWN = 32, KW_STYLE_SMOOTH = 64, KW_STYLE_RED = 128
};

enum kw_sim_item_kind { KW_ITEM_GLYPH, KW_ITEM_USER_GLYPH, KW_ITEM_IMAGE };

/* One thing in the line buffer. */
struct kw_sim_item {
    int32_t x, y;               /* dots from the left of the print area; y only on a page */
    int32_t width, height;      /* dots on paper, spacing not counted */
    int32_t advance;
    uint32_t code;              /* code point; of an image: offset of its dots in KW_PART_ITEM_BITS */
    uint64_t offset;            /* the byte that caused it */
    uint16_t style;             /* enum kw_sim_style */
    uint8_t kind, font, cell_width, cell_height, times_wide, times_high;
    uint8_t user_lead, user_code;   /* the bytes of a user-defined character */
};

/* How text looks; kept for each character as it is put into the line. */
struct kw_sim_look {
    uint8_t font;               /* 0 A, 1 B, 2 C … */
    uint8_t times_wide, times_high, underline;
    uint8_t bold, double_strike, reverse, turned, smooth, red, user_characters, international, table;
    uint8_t kanji, kanji_unasked /* Shift JIS by FS C: pairs are read without FS & too */;
    uint8_t kanji_style, kanji_underline, kanji_font, kanji_system, kanji_quad, utf8;
    uint8_t space_right[2], kanji_left[2], kanji_right[2];     /* standard and page mode */
};

/* A character in dots; bit 31 is the left column. */
struct kw_sim_dots { int width, height; uint32_t rows[48]; };

/* A raster that is arriving row by row. */
struct kw_sim_raster {
    uint8_t active, times_wide, times_high;
    uint32_t row_bytes, column;
    uint32_t rows_left, rows_total;
    int32_t x;
    uint64_t offset;
};

struct kw_sim_page_mode {
    uint8_t active, direction;
    int32_t area_x, area_y, area_width, area_height;
    int32_t x, y;               /* position in the area, turned with the direction */
    int32_t max_height;
};

/* GS C: the number that GS c prints. */
struct kw_sim_counter {
    uint16_t value, from, to;   /* counts up from the lesser or down from the greater */
    uint8_t step, repeat, printed, digits, layout;
};

/* FS ( E: what is printed of itself at a cut. */
struct kw_sim_logo {
    uint8_t key[2], align, set, off;
};
enum { KW_SIM_TOP_LOGO, KW_SIM_BOTTOM_LOGO, KW_SIM_LOGOS };

/* What a printer of Star's languages keeps. */
struct kw_sim_star {
    uint8_t raster, rows_waiting, end_mode, page_mode;      /* `ESC * r`: in it, rows since the last end, E, F */
    uint8_t count, executed, documents;                     /* ETBs, one since the last status, `ESC GS ETX` */
    uint8_t pulse_on;                                       /* ten milliseconds each; 0: as at the factory */
    uint8_t dropped, told;                                  /* what it can make nothing of came; a warning said so */
};

struct kw_sim_fault_state {
    uint64_t next;              /* the place or moment at which it comes, in the unit of its trigger */
    int64_t until_ms;           /* holding: when it ends by itself, 0: when somebody mends it */
    uint32_t fired;
    uint8_t holding;
};

struct kw_sim_state {
    uint64_t accepted;          /* bytes ever accepted */
    uint64_t parsed;            /* bytes taken by the parser: the offset of what runs now */
    uint64_t skip;              /* bytes of a command that are read over */
    uint64_t receive_at;        /* how much of KW_PART_RECEIVE is consumed */
    uint64_t command_need, command_offset;
    uint32_t nv_images_left;

    uint8_t rt_bytes[12], rt_length;            /* the real-time reader */

    struct kw_sim_look look;
    uint8_t align, upside_down, deselected;
    uint8_t bars_text, bars_font, bars_module, bars_height;
    uint8_t asb, offline_response, pulse_disabled, power_off_enabled;
    uint8_t macro_defining, paper_stops, feed_button_off;
    int32_t unit_x, unit_y;                     /* motion units per inch */
    int32_t line_spacing[2], area_left, area_width;    /* dots; area_width 0: all of it */
    uint8_t tab_count;
    uint16_t tabs[KW_SIM_TABS];
    int32_t x;                                  /* position in the line */
    uint8_t moved, pending_lead, pending_utf8[4], pending_utf8_length;
    uint64_t pending_offset;

    struct kw_sim_raster raster;
    struct kw_sim_star star;
    struct kw_sim_page_mode page;
    uint8_t download_x, download_y;
    struct kw_sim_counter counter;
    struct kw_sim_logo logos[KW_SIM_LOGOS];
    uint8_t bottom_logo_printed;                /* a cut that is tried again does not print it again */
    uint8_t qr_model, qr_module, qr_level;
    uint8_t pdf_columns, pdf_rows, pdf_module, pdf_row_height, pdf_level_kind, pdf_level, pdf_truncated;
    uint8_t maxi_mode, databar_module, aztec_mode, aztec_layers, aztec_module, aztec_level;
    uint8_t matrix_kind, matrix_module, composite_module;

    int32_t y;                                  /* paper rows since the last cut, at the head */
    int64_t travel_dots;                        /* paper ever moved forward */
    int64_t roll_start_dots, roll_dots;         /* travel when it was loaded; length, 0: endless */
    uint32_t pieces, cuts, blank_lines;
    uint64_t piece_shown;                       /* bytes of paper when the unfinished piece was last shown */
    uint64_t counters[4];                       /* lines fed, pulses, cuts; those of GS g that a host may clear */

    uint32_t conditions;
    uint32_t cut_tries, confirms, answers;
    uint64_t macro_symbols;                     /* encoded for macros */
    uint32_t macro_runs;                        /* of GS ^, still to come */
    uint8_t macro_waits;                        /* each for the feed button */
    int64_t macro_start_dots;
    uint8_t asb_sent[4];
    int64_t starting_until_ms, say_at_ms, drip_at_ms;       /* of the peer */
    uint8_t working;                            /* the head had work when we looked last */
    int64_t busy_until_us, last_ms, power_on_ms, drawer_pulse_at_ms;
    struct kw_sim_fault_state faults[KW_SIM_FAULTS_MAX];
    int64_t late_ms, write_most;                /* what a fault that holds makes of answers and writes; 0: nothing */
    uint8_t power_returned;                     /* the machine has not begun anew yet */
    uint64_t random;
};

/* One fault of the options. Places count from when it was armed. */
struct kw_sim_fault {
    uint32_t condition;
    uint8_t trigger;            /* enum kw_sim_trigger */
    double from, to;            /* byte, mm, ms, cut, answer: a place, or any place between two */
    double every;               /* 0: once */
    uint32_t times;             /* with every: 0 for ever */
    int64_t for_ms;             /* 0: until somebody mends it */
    int64_t value;              /* late: ms; short-write: bytes */
};

struct kw_zint;
struct kw_sim_watch;

struct kw_sim {
    struct kw_sim_options options;
    const struct kw_profile *profile;
    struct kw_profile own_profile;              /* where the peer changes the model's */
    const struct kw_sim_peer *peer;
    struct kw_sim_state s;
    struct kw_buffer parts[KW_PARTS];
    struct kw_buffer line;                      /* scratch: one event */
    struct kw_buffer scratch;
    const uint16_t *high_half;                  /* code points of 80..FF of the table in use */
    struct kw_sim_fault faults[KW_SIM_FAULTS_MAX];
    size_t fault_count;
    struct kw_zint *zint;
    void *two_byte;                             /* iconv_t of the two-byte system in use */
    int two_byte_system;
    int width_dots, dpi;
    size_t stride;
    bool replaying, out_of_memory, in_macro;
    uint64_t read_most;                         /* replaying: it had read so far and no further */
    /* For whoever watches: how often something visible was put anywhere, and what was warned of. */
    const struct kw_sim_watch *watch;           /* NULL: nobody */
    uint64_t inked;
    uint32_t warnings;
};

/* ---- what can be read off it ---- */

int64_t kw_sim_now(struct kw_sim *sim);
uint64_t kw_sim_random(struct kw_sim *sim);
/* Something comes in between while bytes wait (beside the last `own`): how far it had read is noted. */
void kw_sim_note_place(struct kw_sim *sim, size_t own);
bool kw_sim_can_print(const struct kw_sim *sim);
bool kw_sim_paper_near_end(const struct kw_sim *sim);
bool kw_sim_pin_is_high(const struct kw_sim *sim);      /* of the drawer socket */
/* Chinese and Korean models: they power up reading pairs, and have no FS C. */
bool kw_sim_has_one_system(const struct kw_sim *sim);

static inline bool kw_sim_has(const struct kw_sim *sim, uint32_t condition)
{
    return sim->s.conditions & condition;
}

/* 1 in page mode: what is kept for both modes. */
static inline int kw_sim_mode(const struct kw_sim *sim)
{
    return sim->s.page.active ? 1 : 0;
}

int kw_sim_x_dots(const struct kw_sim *sim, int units);
int kw_sim_y_dots(const struct kw_sim *sim, int units);
int kw_sim_area_left(const struct kw_sim *sim);
int kw_sim_area_width(const struct kw_sim *sim);
int kw_sim_cell_width(const struct kw_sim *sim, int font);
int kw_sim_cell_height(const struct kw_sim *sim, int font);
bool kw_sim_at_line_start(const struct kw_sim *sim);
/* Where something of this width begins under the justification in force. */
int kw_sim_align_x(const struct kw_sim *sim, int width);

#endif
