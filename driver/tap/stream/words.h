/* words.h - the rows of data/tapwords.def: words of receipts in the languages that kwit prints. */
#ifndef KW_TAP_STREAM_WORDS_H
#define KW_TAP_STREAM_WORDS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum kw_tap_role {
    KW_TAP_NONE, KW_TAP_TOTAL, KW_TAP_NOT_TOTAL, KW_TAP_COUNT, KW_TAP_NEGATION, KW_TAP_COPY, KW_TAP_PAPER,
    KW_TAP_TERMS, KW_TAP_LABEL, KW_TAP_TENDER, KW_TAP_CHANGE, KW_TAP_BY_HAND, KW_TAP_CUSTOMERS,
    KW_TAP_REFUND_SUM, KW_TAP_REPORT_ROW, KW_TAP_OWNER,
    /* from here on: kinds that are not invited */
    KW_TAP_REFUND, KW_TAP_VOID, KW_TAP_TRAINING, KW_TAP_REPORT, KW_TAP_KITCHEN, KW_TAP_MERCHANT, KW_TAP_PROFORMA,
    KW_TAP_GIFT, KW_TAP_PAYOUT,
    KW_TAP_NEVER                    /* a line of the shop's own patterns */
};

struct kw_tap_row { const char *language; enum kw_tap_role role; const char *words; };
bool kw_tap_row_at(size_t index, struct kw_tap_row *row);   /* false behind the last */
const char *kw_tap_role_word(enum kw_tap_role role);        /* "refund"; "" for none */

/* A word that stands in a line, and where. Line and rows are folded. */
struct kw_tap_hit {
    const char *language, *at;
    const char *word;               /* in its row, up to '|' or the end */
    size_t length;
    enum kw_tap_role role;
};
struct kw_tap_words;
/*
 * The rows made ready for many lines, with the decimals and the code of the shop's money; -1 and NULL: not known. NULL
 * without memory.
 */
const struct kw_tap_words *kw_tap_words_new(struct kw_arena *arena, int exponent, const char *currency);
int kw_tap_exponent(const struct kw_tap_words *words);
const char *kw_tap_currency(const struct kw_tap_words *words);
/*
 * The longest word of a role that stands in the line between letters of nobody else; false: none. One that several
 * languages have is English.
 */
bool kw_tap_find(const struct kw_tap_words *words, enum kw_tap_role role, const char *line, struct kw_tap_hit *hit);

/* Whether a word of the role stands at that place of the line, and how long the longest is. */
bool kw_tap_begins(const struct kw_tap_words *words, enum kw_tap_role role, const char *line, const char *at,
                   size_t *length);

#endif
