/* words.h - the languages of the office, and what it says to who looks after alerts. */
#ifndef KW_OFFICE_WEB_WORDS_H
#define KW_OFFICE_WEB_WORDS_H

enum { KW_WEB_LANGUAGES = 5, KW_WEB_PERSIAN = 4 };

enum kw_staff_word {
#define WORD(name, ...) KW_STAFF_##name,
#include "data/staff_words.def"
#undef WORD
    KW_STAFF_WORD_COUNT
};
const char *kw_staff_say(enum kw_staff_word word, int language);

/* Index of the first language of the list that there is ("pl", "pl-PL,pl;q=0.9,en"), or -1. */
int kw_web_language(const char *list);
/* "en", "pl", … */
const char *kw_web_tag(int language);
const char *kw_web_language_name(int language);

#endif
