/* words.c - the languages of the office by their tags, and what its pages say. */
#include "office/web/page.h"

#define KW_WORD_LIST "data/web_words.def"
#include "data/five_languages.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static const char *const tags[] = { "en", "pl", "fr", "ru", "fa" };
static const char *const names[] = { "English", "Polski", "Français", "Русский", "فارسی" };
_Static_assert(sizeof tags / sizeof tags[0] == KW_WEB_LANGUAGES, "each language has its tag");

const char *kw_web_tag(int language)
{
    return tags[language];
}

const char *kw_web_language_name(int language)
{
    return names[language];
}

/* In the order in which they are listed: browsers list the best first. */
int kw_web_language(const char *list)
{
    while (*list) {
        list += strspn(list, " ,");
        for (int i = 0; i < KW_WEB_LANGUAGES; i++)
            if (strncasecmp(list, tags[i], 2) == 0 && strchr("-_;, ", list[2]))
                return i;
        list += strcspn(list, ",");
    }
    return -1;
}

/* ---- pages -------------------------------------------------------------------------------------------------- */

const struct kw_web_scale kw_web_scales[] = {
#define QUESTION(name, number, field, from, to) \
    [number] = { field, from, to, KW_WEB_ASK_##name, KW_WEB_LOW_##name, KW_WEB_HIGH_##name },
#include "data/questions.def"
#undef QUESTION
};

const char *kw_web_word(enum kw_web_word word, int language)
{
    return word_in(word, language);
}
