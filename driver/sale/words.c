/* words.c - the closed lists of the sale document as words. */
#include "sale/words.h"

#include <string.h>

/* A word with another's number, or behind a gap, does not compile: NULL ends a list, behind its last number. */
#define NUMBERS(list, tag) const char *const kw_words_##list[] = {
#define NUMBER(name, number, word) [number] = word,
#define END_NUMBERS(list) NULL };
#define WORDS(list, ...) const char *const kw_words_##list[] = { __VA_ARGS__, NULL };
#include "sale/words.def"

#define NUMBERS(list, tag) enum { NUMBERS_OF_##list = 1
#define NUMBER(name, number, word) + 1
#define END_NUMBERS(list) }; \
    _Static_assert(sizeof kw_words_##list == NUMBERS_OF_##list * sizeof(char *), "a gap among the numbers of " #list);
#include "sale/words.def"

int kw_words_find(const char *const *list, const char *word)
{
    for (int i = 0; list[i]; i++)
        if (strcmp(list[i], word) == 0)
            return i;
    return -1;
}
