/* twobyte.c - the rows of the two-byte modes, once for whoever writes and whoever reads them. */
#include "data/twobyte.h"

static const uint16_t shift_jis[0xEA - 0x81 + 1][0xFC - 0x40 + 1] = {
#define KW_TWO_BYTE(lead, text) [lead - 0x81] = text,
#include "data/twobyte/shift_jis.def"
#undef KW_TWO_BYTE
};

static const uint16_t gb18030[0xFE - 0x81 + 1][0xFE - 0x40 + 1] = {
#define KW_TWO_BYTE(lead, text) [lead - 0x81] = text,
#include "data/twobyte/gb18030.def"
#undef KW_TWO_BYTE
};

static const uint16_t big5[0xF9 - 0xA1 + 1][0xFE - 0x40 + 1] = {
#define KW_TWO_BYTE(lead, text) [lead - 0xA1] = text,
#include "data/twobyte/big5.def"
#undef KW_TWO_BYTE
};

static const uint16_t korean[0xFD - 0xA1 + 1][0xFE - 0xA1 + 1] = {
#define KW_TWO_BYTE(lead, text) [lead - 0xA1] = text,
#include "data/twobyte/korean.def"
#undef KW_TWO_BYTE
};

#define MODE(rows, lead, trail) { rows[0], sizeof rows / sizeof rows[0], sizeof rows[0] / sizeof rows[0][0], lead, trail }

const struct kw_twobyte_rows kw_twobyte_modes[KW_TWOBYTE_MODES] = {
    { 0 },
    MODE(shift_jis, 0x81, 0x40),
    MODE(gb18030, 0x81, 0x40),
    MODE(big5, 0xA1, 0x40),
    MODE(korean, 0xA1, 0xA1),
};
