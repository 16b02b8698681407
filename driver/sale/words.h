/* words.h - the closed lists of a sale document as words: kw_words_line_kinds[KW_LINE_FEE] is "fee"; NULL is last. */
#ifndef KW_SALE_WORDS_H
#define KW_SALE_WORDS_H

#include "sale/sale.h"

/* And their enum by the list's name: kw_choice_line_kinds is enum kw_line_kind. */
#define NUMBERS(list, tag) extern const char *const kw_words_##list[]; typedef enum tag kw_choice_##list;
#define WORDS(list, ...) extern const char *const kw_words_##list[];
#include "sale/words.def"

/* The number of a word in its list; -1: it is not there. */
int kw_words_find(const char *const *list, const char *word);

#endif
