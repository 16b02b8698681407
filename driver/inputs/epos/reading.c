/* reading.c - what every element asks of the document that is read: its attributes, the piece of paper, a refusal. */
#include "inputs/epos/internal.h"

#include <stdlib.h>
#include <string.h>

const char *kw_epos_attribute(const struct kw_epos_reading *reading, const char *name)
{
    for (const char **at = reading->attributes; at && at[0]; at += 2)
        if (strcmp(at[0], name) == 0)
            return at[1];
    return NULL;
}

int kw_epos_refuse(struct kw_epos_reading *reading, const char *what, const char *why)
{
    if (reading->code == 0)
        reading->code = kw_fail(reading->error, KWIT_E_INVALID, what, "<%s>: %s", what, why);
    return reading->code;
}

int kw_epos_number(struct kw_epos_reading *reading, const char *name, int least, int most, int otherwise)
{
    const char *value = kw_epos_attribute(reading, name);
    char *end;
    if (!value)
        return otherwise;
    long number = strtol(value, &end, 10);
    if (!*value || *end || number < least || number > most)
        kw_epos_refuse(reading, name, "its number is not one that this attribute takes");
    return (int)number;
}

void kw_epos_open_piece(struct kw_epos_reading *reading)
{
    if (!reading->piece_open)
        kw_page_add_piece(&reading->out->page, KW_PIECE_PAPER, "receipt");
    reading->piece_open = true;
}

void kw_epos_close_piece(struct kw_epos_reading *reading, enum kw_cut cut)
{
    struct kw_page *page = &reading->out->page;
    if (reading->piece_open && page->error == 0)
        page->pieces[page->piece_count - 1].cut = (uint8_t)cut;
    reading->piece_open = false;
}
