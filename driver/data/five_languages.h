/*
 * five_languages.h - the rows WORD(NAME, English, Polish, French, Russian, Persian) of a list as one block of text and
 * the place of each word in it, for a table of pointers would be relocated at every start. A list is read three times:
 *
 *   #define WORD KW_WORD_MEMBERS     inside `struct texts { … }`
 *   #define WORD KW_WORD_TEXTS       inside its one value
 *   #define WORD KW_WORD_PLACES      inside `uint16_t word_at[][KW_FIVE_LANGUAGES] = { … }`
 */
#ifndef KW_DATA_FIVE_LANGUAGES_H
#define KW_DATA_FIVE_LANGUAGES_H

enum { KW_FIVE_LANGUAGES = 5 };

#define KW_WORD_MEMBERS(name, en, pl, fr, ru, fa) \
    char name##_en[sizeof en], name##_pl[sizeof pl], name##_fr[sizeof fr], name##_ru[sizeof ru], name##_fa[sizeof fa];
#define KW_WORD_TEXTS(name, en, pl, fr, ru, fa) en, pl, fr, ru, fa,
#define KW_WORD_PLACES(name, ...) \
    { offsetof(struct texts, name##_en), offsetof(struct texts, name##_pl), offsetof(struct texts, name##_fr), \
      offsetof(struct texts, name##_ru), offsetof(struct texts, name##_fa) },

#endif
