/*
 * machine.h - the inside of the simulated printer, shared by the files of this room only.
 *
 * Everything that a snapshot must keep stands in `struct kw_sim_state` (no pointers) and in the parts (runs of
 * bytes). What comes from the options, and scratch memory, stands beside them in `struct kw_sim`.
 */
#ifndef KW_SIMULATOR_MACHINE_H
#define KW_SIMULATOR_MACHINE_H

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
    uint32_t macro_runs;                        /* that still wait for the feed button each */
    uint8_t asb_sent[4];
    int64_t starting_until_ms, say_at_ms, drip_at_ms;       /* of the peer */
    uint8_t working;                            /* the head had work when we looked last */
    int64_t busy_until_us, last_ms, power_on_ms, drawer_pulse_at_ms;
    struct kw_sim_fault_state faults[KW_SIM_FAULTS_MAX];
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
    /* For whoever watches: how often something visible was put anywhere, and what was warned of. */
    const struct kw_sim_watch *watch;           /* NULL: nobody */
    uint64_t inked;
    uint32_t warnings;
};

/* ---- machine.c: the port, time ---- */
int64_t kw_sim_now(struct kw_sim *sim);
bool kw_sim_can_print(const struct kw_sim *sim);
void kw_sim_process(struct kw_sim *sim);
void kw_sim_reset_buffers(struct kw_sim *sim, bool receive_too);
void kw_sim_power_cycle(struct kw_sim *sim);
static inline uint8_t *kw_sim_receive_at(struct kw_sim *sim, size_t *length)
{
    struct kw_buffer *receive = &sim->parts[KW_PART_RECEIVE];
    *length = receive->length - sim->s.receive_at;
    return *length > 0 ? receive->data + sim->s.receive_at : NULL;
}

/* ---- realtime.c: the reader that looks at every byte on arrival ---- */
void kw_sim_realtime_byte(struct kw_sim *sim, uint8_t byte);

/* ---- parser.c ---- */
/* Takes one step over what waits in the receive buffer; false when more bytes are needed. */
bool kw_sim_step(struct kw_sim *sim);
/* Runs whole commands from memory (a macro). */
void kw_sim_run_bytes(struct kw_sim *sim, const uint8_t *bytes, size_t length);

/*
 * One whole command. Returns how many bytes it really took: fewer than length when it stopped at a bad byte, the
 * rest is then ordinary data.
 */
typedef size_t kw_sim_handler(struct kw_sim *sim, const uint8_t *bytes, size_t length);

/* ---- settings.c ---- */
void kw_sim_initialise(struct kw_sim *sim);             /* ESC @ */
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

void kw_sim_run_macro_once(struct kw_sim *sim);         /* print.c */

/* ---- text.c: the line buffer ---- */
/* Returns how many bytes it took: fewer when the paper stopped in between. */
size_t kw_sim_text(struct kw_sim *sim, const uint8_t *bytes, size_t length, uint64_t offset);
bool kw_sim_put_item(struct kw_sim *sim, const struct kw_sim_item *item);
void kw_sim_tab(struct kw_sim *sim);
/* Prints the line buffer and feeds by at least feed_dots. */
void kw_sim_flush_line(struct kw_sim *sim, int feed_dots);
void kw_sim_drop_line(struct kw_sim *sim);
bool kw_sim_at_line_start(const struct kw_sim *sim);
void kw_sim_line_events(struct kw_sim *sim, const struct kw_sim_item *items, size_t count, int shift);
void kw_sim_add_text_line(struct kw_sim *sim, const struct kw_sim_item *items, size_t count, int shift);
/* Where something of this width begins under the justification in force. */
int kw_sim_align_x(const struct kw_sim *sim, int width);

/* ---- decode.c: bytes to code points ---- */
enum { KW_SIM_NO_CHARACTER = 0xFFFD, KW_TWO_BYTE_JIS = 100 /* beside enum kw_two_byte: FS C 0 */ };
bool kw_sim_select_table(struct kw_sim *sim, uint8_t n);
uint32_t kw_sim_decode(struct kw_sim *sim, uint8_t byte);
bool kw_sim_two_byte_lead(const struct kw_sim *sim, uint8_t byte);
uint32_t kw_sim_decode_pair(struct kw_sim *sim, uint8_t lead, uint8_t trail);
void kw_sim_decode_end(struct kw_sim *sim);

/* ---- glyph.c: code points to dots ---- */
struct kw_sim_glyph { int width, height; uint32_t rows[48]; };      /* bit 31 is the left column */
bool kw_sim_glyph(uint32_t code, int width, int height, struct kw_sim_glyph *glyph);
bool kw_sim_glyph_is_wide(uint32_t code);
bool kw_sim_user_defined(struct kw_sim *sim, uint8_t lead, uint8_t code);
bool kw_sim_user_glyph(struct kw_sim *sim, const struct kw_sim_item *item, struct kw_sim_glyph *glyph);
void kw_sim_draw_item(struct kw_sim *sim, const struct kw_bitmap *target, const struct kw_sim_item *item, int x, int y);

/* ---- paper.c ---- */
/* A view of the paper with at least `rows` rows below the head, made as needed. */
bool kw_sim_paper(struct kw_sim *sim, int rows, struct kw_bitmap *view);
void kw_sim_advance(struct kw_sim *sim, int dots);
void kw_sim_reverse(struct kw_sim *sim, int dots);
void kw_sim_cut(struct kw_sim *sim, bool full, uint64_t offset);
bool kw_sim_piece_has_something(const struct kw_sim *sim);
void kw_sim_end_piece(struct kw_sim *sim, bool even_if_blank);
void kw_sim_text_line(struct kw_sim *sim, const char *text, size_t length);
void kw_sim_blank_text_lines(struct kw_sim *sim, int count);

/* ---- events.c ---- */
struct kw_json *kw_sim_event(struct kw_sim *sim, struct kw_json *json, const char *name, uint64_t offset);
void kw_sim_event_end(struct kw_sim *sim, struct kw_json *json);
void kw_sim_warn(struct kw_sim *sim, uint64_t offset, const char *reason, ...) __attribute__((format(printf, 3, 4)));

/* ---- raster.c, graphics.c, symbols.c: pictures ---- */
size_t kw_sim_begin_raster(struct kw_sim *sim, const uint8_t *head);
/* Takes raster bytes; returns how many. */
size_t kw_sim_raster_bytes(struct kw_sim *sim, const uint8_t *bytes, size_t length);
/* Prints a bitmap at the place the justification gives, enlarged; feeds its height. */
void kw_sim_print_bitmap(struct kw_sim *sim, const struct kw_bitmap *bitmap, int times_wide, int times_high);
void kw_sim_blend(const struct kw_bitmap *target, const struct kw_bitmap *source, int x, int y, int wide, int high);
void kw_sim_image_event(struct kw_sim *sim, const char *form, int width, int height, int x, uint64_t offset);
void kw_sim_memory(struct kw_sim *sim, const uint8_t *parameters, size_t length);       /* GS ( C */
void kw_sim_begin_nv_images(struct kw_sim *sim, int count);
void kw_sim_gathered_nv_image(struct kw_sim *sim);
void kw_sim_graphics(struct kw_sim *sim, const uint8_t *parameters, size_t length);     /* m fn … */
bool kw_sim_print_nv(struct kw_sim *sim, const uint8_t key[2], const char *form);
void kw_sim_forget_downloads(struct kw_sim *sim);
void kw_sim_symbol(struct kw_sim *sim, const uint8_t *parameters, size_t length);       /* cn fn … */
void kw_sim_zint_close(struct kw_sim *sim);

/* ---- pagemode.c ---- */
bool kw_sim_page_item(struct kw_sim *sim, const struct kw_sim_item *item);
void kw_sim_page_bitmap(struct kw_sim *sim, const struct kw_bitmap *bitmap, int times_wide, int times_high);
void kw_sim_page_leave(struct kw_sim *sim, bool print);
void kw_sim_page_clear(struct kw_sim *sim);             /* CAN */
void kw_sim_page_newline(struct kw_sim *sim, int feed_dots);
void kw_sim_page_raster_row(struct kw_sim *sim, const struct kw_bitmap *row);
void kw_sim_page_raster_end(struct kw_sim *sim);

void kw_sim_page_lines(struct kw_sim *sim, const uint8_t *parameters, size_t length);   /* GS ( Q */

/* ---- logos.c ---- */
void kw_sim_logo_settings(struct kw_sim *sim, const uint8_t *parameters, size_t length);     /* FS ( E */
void kw_sim_print_logo(struct kw_sim *sim, int which);

/* ---- counter.c ---- */
void kw_sim_reset_counter(struct kw_sim *sim);

/* ---- status.c ---- */
void kw_sim_reply(struct kw_sim *sim, const char *to, const void *bytes, size_t length, uint64_t offset);
/* What nobody asked for; `why` stands in the event. */
void kw_sim_say(struct kw_sim *sim, const char *why, const void *bytes, size_t length);
void kw_sim_say_status(struct kw_sim *sim);             /* the block of GS a */
void kw_sim_reply_block(struct kw_sim *sim, const char *to, uint8_t header, const char *text, uint64_t offset);
void kw_sim_answer_eot(struct kw_sim *sim, uint8_t n, uint8_t a);
void kw_sim_conditions(struct kw_sim *sim, uint32_t set, uint32_t clear);   /* changes them and pushes ASB */
bool kw_sim_paper_near_end(const struct kw_sim *sim);
void kw_sim_answer_dc4_7(struct kw_sim *sim, uint8_t m);
size_t kw_sim_confirmation(struct kw_sim *sim, const uint8_t *bytes, size_t length);
int64_t kw_sim_next_reply_ms(const struct kw_sim *sim);
void kw_sim_pulse(struct kw_sim *sim, int pin, int on_ms, int off_ms, uint64_t offset);

/* ---- faults.c ---- */
enum kw_sim_trigger { KW_AT_BYTE, KW_AT_MM, KW_AT_TIME, KW_AT_CUT, KW_AT_ANSWER, KW_AT_CONFIRM };
int kw_sim_parse_faults(struct kw_sim *sim, const char *spec, struct kw_error *error);
int kw_sim_parse_scenario(struct kw_sim *sim, const char *word, struct kw_error *error);
void kw_sim_arm_faults(struct kw_sim *sim);
/* Bytes that may still come before the next fault by byte; 0: any number. */
uint64_t kw_sim_bytes_before_fault(const struct kw_sim *sim);
/* Dots that may still be fed before the next fault by millimetre or a place on the roll; 0: any number. */
int64_t kw_sim_dots_before_fault(const struct kw_sim *sim);
void kw_sim_check_faults(struct kw_sim *sim, enum kw_sim_trigger trigger);
/* When the next fault by time begins or ends, -1: none. */
int64_t kw_sim_next_fault_ms(const struct kw_sim *sim);
/* Somebody saw to it: the conditions end, and with them the faults that hold them. */
void kw_sim_mend(struct kw_sim *sim, uint32_t conditions);
int64_t kw_sim_late_ms(const struct kw_sim *sim);
size_t kw_sim_short_write(const struct kw_sim *sim, size_t length);
uint64_t kw_sim_random(struct kw_sim *sim);

#endif
