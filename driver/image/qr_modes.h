/* qr_modes.h - in which modes a QR symbol holds its characters (ISO/IEC 18004, 7.3 and 7.4). Private to this room. */
#ifndef KW_IMAGE_QR_MODES_H
#define KW_IMAGE_QR_MODES_H

#include <stddef.h>
#include <stdint.h>

enum kw_qr_mode { KW_QR_NUMERIC, KW_QR_ALPHANUMERIC, KW_QR_BYTES, KW_QR_MODES };

/* The narrowest mode that takes the character. */
enum kw_qr_mode kw_qr_mode_of(uint8_t character);

enum { KW_QR_MIX_LIMIT = 3000 };

/*
 * The fewest bits that the data takes when its modes change where that pays, each change with its own header. modes[i]
 * becomes that of the i-th character; at most KW_QR_MIX_LIMIT of them.
 */
size_t kw_qr_mix(const uint8_t *data, size_t length, const uint8_t header_bits[KW_QR_MODES], uint8_t *modes);

#endif
