/* asb.c - automatic status: what the printer says by itself, out of the answers to DLE EOT, which say the same. */
#include "escpos/escpos.h"

/* Where a bit of the answer n stands in the block (driver/grammar/escpos.md), and which bit of GS a watches over it. */
static const struct { uint8_t n, answer, byte, block, watched; } rows[] = {
    { 1, 0x04, 0, 0x04, 0x01 }, { 1, 0x08, 0, 0x08, 0x02 }, { 2, 0x04, 0, 0x20, 0x02 }, { 2, 0x08, 0, 0x40, 0x02 },
    { 1, 0x20, 1, 0x01, 0x02 }, { 1, 0x40, 1, 0x02, 0x40 }, { 3, 0x04, 1, 0x04, 0x04 }, { 3, 0x08, 1, 0x08, 0x04 },
    { 3, 0x20, 1, 0x20, 0x04 }, { 3, 0x40, 1, 0x40, 0x04 }, { 4, 0x0C, 2, 0x03, 0x08 }, { 4, 0x60, 2, 0x0C, 0x08 },
};
enum { ROWS = sizeof rows / sizeof rows[0], OFF_LINE = 0x08 };

void kw_escpos_update_asb(const uint8_t raw[5], uint8_t block[KW_ASB_BYTES])
{
    for (size_t i = 0; i < ROWS; i++) {
        bool holds = raw[rows[i].n] & rows[i].answer;
        block[rows[i].byte] = (uint8_t)((block[rows[i].byte] & ~rows[i].block) | (holds ? rows[i].block : 0));
    }
}

void kw_escpos_asb_gone(uint8_t block[KW_ASB_BYTES])
{
    block[0] |= OFF_LINE;
}

bool kw_escpos_asb_is_off_line(const uint8_t block[KW_ASB_BYTES])
{
    return block[0] & OFF_LINE;
}

bool kw_escpos_asb_differs(uint8_t n, const uint8_t a[KW_ASB_BYTES], const uint8_t b[KW_ASB_BYTES])
{
    for (size_t i = 0; i < ROWS; i++)
        if ((n & rows[i].watched) && ((a[rows[i].byte] ^ b[rows[i].byte]) & rows[i].block))
            return true;
    return false;
}
