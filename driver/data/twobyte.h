/*
 * twobyte.h - the characters of the two-byte modes, as constant rows (driver/data/twobyte).
 *
 * kw_twobyte_modes is indexed by enum kw_two_byte of profile.h; index 0 is empty. The character of a pair is
 * codes[(lead - lead_first) * trails + (trail - trail_first)]; 0 and U+FFFD mean that there is none.
 */
#ifndef KW_DATA_TWOBYTE_H
#define KW_DATA_TWOBYTE_H

#include <stdint.h>

enum { KW_TWOBYTE_MODES = 5 };

struct kw_twobyte_rows {
    const uint16_t *codes;
    uint16_t leads, trails;
    uint8_t lead_first, trail_first;
};

extern const struct kw_twobyte_rows kw_twobyte_modes[KW_TWOBYTE_MODES];

#endif
