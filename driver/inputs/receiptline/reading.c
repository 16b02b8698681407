/* reading.c - what every part asks of the text that is read: the piece of paper, a refusal. */
#include "inputs/receiptline/internal.h"

void kw_rl_open_piece(struct kw_rl_reading *reading)
{
    if (!reading->piece_open)
        kw_page_add_piece(reading->page, KW_PIECE_PAPER, "receipt");
    reading->piece_open = true;
}

int kw_rl_refuse(struct kw_rl_reading *reading, const char *what, const char *why)
{
    if (reading->code == 0)
        reading->code = kw_fail(reading->error, KWIT_E_INVALID, "", "line %ld: %s: %s", reading->line, what, why);
    return reading->code;
}

int kw_rl_no_memory(struct kw_rl_reading *reading)
{
    return reading->code = kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
}
