/* staff_words.c - what the office says to its own people. */
#include "office/web/words.h"

#include "data/five_languages.h"

#include <stddef.h>
#include <stdint.h>

static const struct texts {
#define WORD KW_WORD_MEMBERS
#include "data/staff_words.def"
#undef WORD
} texts = {
#define WORD KW_WORD_TEXTS
#include "data/staff_words.def"
#undef WORD
};

static const uint16_t word_at[KW_STAFF_WORD_COUNT][KW_FIVE_LANGUAGES] = {
#define WORD KW_WORD_PLACES
#include "data/staff_words.def"
#undef WORD
};

const char *kw_staff_say(enum kw_staff_word word, int language)
{
    return (const char *)&texts + word_at[word][language];
}
