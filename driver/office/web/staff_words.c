/* staff_words.c - what the office says to its own people. */
#include "office/web/words.h"

#define KW_WORD_LIST "data/staff_words.def"
#include "data/five_languages.h"

const char *kw_staff_say(enum kw_staff_word word, int language)
{
    return word_in(word, language);
}

int kw_staff_language(const char *list, int otherwise)
{
    const int language = kw_web_language(list, false);
    return language >= 0 && language < KW_FIVE_LANGUAGES ? language
        : otherwise < KW_FIVE_LANGUAGES ? otherwise : KW_WEB_LANGUAGE_en;
}
