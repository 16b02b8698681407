/* fonts.h - the block of resident fonts: a head, then for each strike its sorted codes and their dots. */
#ifndef KW_SIMULATOR_FONTS_FONTS_H
#define KW_SIMULATOR_FONTS_FONTS_H

#include <stdint.h>

enum { KW_FONT_MAGIC = 0x6B77666E };
enum { KW_STRIKE_12X24, KW_STRIKE_8X16, KW_STRIKE_UNIFONT_8X16, KW_STRIKE_UNIFONT_16X16, KW_STRIKES };

struct kw_font_strike {
    uint32_t count, width, height, stride;      /* glyphs; dots; bytes from row to row */
    uint32_t codes_at, bits_at;                 /* offsets into the block: uint16_t codes, then rows of each glyph */
};

struct kw_font_head {
    uint32_t magic;
    struct kw_font_strike strikes[KW_STRIKES];
};

#endif
