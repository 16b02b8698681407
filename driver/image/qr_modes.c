/* qr_modes.c - the cheapest way through the modes: the least cost of each state, one character at a time. */
#include "image/qr_modes.h"

#include <stdbool.h>
#include <string.h>

/* A character's bits are 10/3, 11/2 and 8: counted in sixths, rounded up where a mode ends. */
enum { SIXTHS = 6 };
static const uint8_t character_sixths[KW_QR_MODES] = {
    [KW_QR_NUMERIC] = 20, [KW_QR_ALPHANUMERIC] = 33, [KW_QR_BYTES] = 48
};
static const size_t impossible = SIZE_MAX / 2;

enum kw_qr_mode kw_qr_mode_of(uint8_t character)
{
    if (character >= '0' && character <= '9')
        return KW_QR_NUMERIC;
    return character && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", character) ? KW_QR_ALPHANUMERIC : KW_QR_BYTES;
}

static size_t whole_bits(size_t sixths)
{
    return (sixths + SIXTHS - 1) / SIXTHS;
}

/* One character: staying in a mode, or changing to it behind the character. came[m]: the mode that held it. */
static void step(uint8_t character, const uint8_t header_bits[KW_QR_MODES], size_t cost[KW_QR_MODES],
                 uint8_t came[KW_QR_MODES])
{
    size_t stayed[KW_QR_MODES];
    for (int mode = 0; mode < KW_QR_MODES; mode++) {
        bool takes = mode >= (int)kw_qr_mode_of(character) && cost[mode] < impossible;
        stayed[mode] = takes ? cost[mode] + character_sixths[mode] : impossible;
    }
    for (int mode = 0; mode < KW_QR_MODES; mode++) {
        cost[mode] = stayed[mode];
        came[mode] = (uint8_t)mode;
        for (int other = 0; other < KW_QR_MODES; other++) {
            size_t changed = (whole_bits(stayed[other]) + header_bits[mode]) * SIXTHS;
            if (stayed[other] < impossible && changed < cost[mode]) {
                cost[mode] = changed;
                came[mode] = (uint8_t)other;
            }
        }
    }
}

size_t kw_qr_mix(const uint8_t *data, size_t length, const uint8_t header_bits[KW_QR_MODES], uint8_t *modes)
{
    uint8_t came[KW_QR_MIX_LIMIT][KW_QR_MODES];
    size_t cost[KW_QR_MODES], best = 0;
    for (int mode = 0; mode < KW_QR_MODES; mode++)
        cost[mode] = (size_t)header_bits[mode] * SIXTHS;
    for (size_t i = 0; i < length; i++)
        step(data[i], header_bits, cost, came[i]);
    for (size_t mode = 1; mode < KW_QR_MODES; mode++)
        best = cost[mode] < cost[best] ? mode : best;
    size_t bits = whole_bits(cost[best]);
    for (size_t i = length; i-- > 0;) {
        best = came[i][best];
        modes[i] = (uint8_t)best;
    }
    return bits;
}
