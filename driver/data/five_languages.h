/*
 * five_languages.h - a list of rows WORD(NAME, English, Polish, French, Russian, Persian) as one block of text and the
 * place of each word in it, for a table of pointers would be relocated at every start. Who includes it names the list:
 *
 *   #define KW_WORD_LIST "data/staff_words.def"
 *   #include "data/five_languages.h"
 *
 * and has word_in(word, language), the word's number by its row, the language's by its column.
 */
#include <stddef.h>
#include <stdint.h>

enum { KW_FIVE_LANGUAGES = 5 };

static const struct texts {
#define WORD(name, en, pl, fr, ru, fa) \
    char name##_en[sizeof en], name##_pl[sizeof pl], name##_fr[sizeof fr], name##_ru[sizeof ru], name##_fa[sizeof fa];
#include KW_WORD_LIST
#undef WORD
} texts = {
#define WORD(name, en, pl, fr, ru, fa) en, pl, fr, ru, fa,
#include KW_WORD_LIST
#undef WORD
};

static const uint16_t word_at[][KW_FIVE_LANGUAGES] = {
#define WORD(name, ...) \
    { offsetof(struct texts, name##_en), offsetof(struct texts, name##_pl), offsetof(struct texts, name##_fr), \
      offsetof(struct texts, name##_ru), offsetof(struct texts, name##_fa) },
#include KW_WORD_LIST
#undef WORD
};

static const char *word_in(int word, int language)
{
    return (const char *)&texts + word_at[word][language];
}
