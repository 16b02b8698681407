/* card.h - numbers of payment cards, which nobody keeps: 13 to 19 digits whose last one checks the others. */
#ifndef KW_TAP_STREAM_CARD_H
#define KW_TAP_STREAM_CARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether these digits, blanks and hyphens aside, are one. */
bool kw_card_is_one(const char *text, size_t length);
/* Whether one stands anywhere in the bytes. */
bool kw_card_stands(const uint8_t *bytes, size_t length);
/* Writes x over all but the last four digits of every one that stands in the bytes. Returns how many there were. */
size_t kw_card_mask(uint8_t *bytes, size_t length);

#endif
