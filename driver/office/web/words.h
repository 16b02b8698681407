/* words.h - the languages of the office, and what it says to who looks after alerts. */
#ifndef KW_OFFICE_WEB_WORDS_H
#define KW_OFFICE_WEB_WORDS_H

#include <stdbool.h>

enum kw_web_language {
#define WEB_LANGUAGE(id, ...) KW_WEB_LANGUAGE_##id,
#define TEXT(...)
#include "data/web_languages.def"
#undef TEXT
#undef WEB_LANGUAGE
    KW_WEB_LANGUAGES
};

enum kw_staff_word {
#define WORD(name, ...) KW_STAFF_##name,
#include "data/staff_words.def"
#undef WORD
    KW_STAFF_WORD_COUNT
};
const char *kw_staff_say(enum kw_staff_word word, int language);
/* The first language of the list that the staff's words are in, else the other one, else English. */
int kw_staff_language(const char *list, int otherwise);

/* Whether pages are in that language: always, or where drafts are taken. */
bool kw_web_speaks(int language, bool drafts);
/* Index of the language that a list wants most of those that pages are in ("pl-PL,pl;q=0.9,en", "zh_TW"), or -1. */
int kw_web_language(const char *list, bool drafts);
/* "en", "zh-Hant", … */
const char *kw_web_tag(int language);
const char *kw_web_language_name(int language);
/* "ltr", "rtl" */
const char *kw_web_direction(int language);
/* Its digit nought; the others follow it in the last byte. */
const char *kw_web_zero(int language);

#endif
