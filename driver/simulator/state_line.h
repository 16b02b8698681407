/* state_line.h - part of the state: the line that is being filled, and how text looks. */
#ifndef KW_SIMULATOR_STATE_LINE_H
#define KW_SIMULATOR_STATE_LINE_H

#include <stdint.h>

enum { KW_SIM_NO_CHARACTER = 0xFFFD, KW_TWO_BYTE_JIS = 100 /* beside enum kw_two_byte: FS C 0 */ };

/* A sixth of an inch on 180 dpi heads, 3.75 mm on those with eight dots to the millimetre: both are 30 dots. */
enum { KW_SIM_LINE_DOTS = 30 };

enum { KW_SIM_TABS = 32 };

enum kw_sim_style {
    KW_STYLE_BOLD = 1, KW_STYLE_UNDERLINE = 2, KW_STYLE_UNDERLINE_THICK = 4, KW_STYLE_REVERSE = 8, KW_STYLE_TURNED = 16,
    KW_STYLE_UPSIDE_DOWN = 32, KW_STYLE_SMOOTH = 64, KW_STYLE_RED = 128, KW_STYLE_ITALIC = 256
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
    uint8_t bold, double_strike, reverse, turned, smooth, red, italic, user_characters, international, table;
    uint8_t kanji, kanji_unasked /* Shift JIS by FS C: pairs are read without FS & too */;
    uint8_t kanji_style, kanji_underline, kanji_font, kanji_system, kanji_quad, utf8;
    uint8_t space_right[2], kanji_left[2], kanji_right[2];     /* standard and page mode */
};

/* A character in dots; bit 31 is the left column. */
struct kw_sim_dots { int width, height; uint32_t rows[48]; };

struct kw_sim_line {
    uint8_t align, upside_down;
    int32_t unit_x, unit_y;                     /* motion units per inch */
    int32_t line_spacing[2], area_left, area_width;    /* dots; area_width 0: all of it */
    uint8_t tab_count;
    uint16_t tabs[KW_SIM_TABS];
    int32_t x;                                  /* position in the line */
    uint8_t moved, pending_lead, pending_utf8[4], pending_utf8_length;
    uint64_t pending_offset;
};

#endif
