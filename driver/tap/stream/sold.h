/* sold.h - what the lines of a receipt have that those of slips and sums have not. */
#ifndef KW_TAP_STREAM_SOLD_H
#define KW_TAP_STREAM_SOLD_H

#include "tap/stream/lines.h"
#include "tap/stream/words.h"

/*
 * Whether something was sold: above the first line with a total stands a price that no mere label goes with, or below
 * it how just that total was paid. Slips of card terminals, sums of a day and what is put into the till have neither.
 * Where the total is all that has a price, nothing speaks against it.
 */
bool kw_sold(const struct kw_tap_words *rows, const struct kw_lines *page, size_t total_line, const char *total,
             struct kw_arena *arena);
/* A price that is paid, not given back, for more than a label: goods. */
bool kw_is_bought(const struct kw_tap_words *rows, const char *line, bool decimals);
/* A price that is given back. */
bool kw_is_taken_back(const struct kw_tap_words *rows, const char *line, bool decimals);
/* Whether it is to be signed, or a tip written on it: the shop keeps that, unless it says that it is the customer's. */
bool kw_is_signed(const struct kw_tap_words *rows, const struct kw_lines *page);

#endif
