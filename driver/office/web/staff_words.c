/* staff_words.c - what the office says to its own people. */
#include "office/web/words.h"

#define KW_WORD_LIST "data/staff_words.def"
#include "data/five_languages.h"

const char *kw_staff_say(enum kw_staff_word word, int language)
{
    return word_in(word, language);
}
