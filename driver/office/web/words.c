/* words.c - the languages of the office by their tags, and what its pages say. */
#include "office/web/page.h"

#define KW_WORD_LIST "data/web_words.def"
#include "data/five_languages.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { LTR, RTL };
enum { UNREAD, FLUENT };

static const struct language {
    char tag[4], name[24], zero[4];
    uint8_t direction, read;
} languages[] = {
#define WEB_LANGUAGE(tag, name, direction, zero, read) { #tag, name, zero, direction, read },
#define TEXT(...)
#include "data/web_languages.def"
#undef TEXT
#undef WEB_LANGUAGE
};

const char *kw_web_tag(int language)
{
    return languages[language].tag;
}

const char *kw_web_language_name(int language)
{
    return languages[language].name;
}

const char *kw_web_direction(int language)
{
    return languages[language].direction == RTL ? "rtl" : "ltr";
}

const char *kw_web_zero(int language)
{
    return languages[language].zero;
}

bool kw_web_speaks(int language, bool drafts)
{
    return drafts || languages[language].read == FLUENT;
}

/* In the order in which they are listed: browsers list the best first. */
int kw_web_language(const char *list, bool drafts)
{
    while (*list) {
        list += strspn(list, " ,");
        for (int i = 0; i < KW_WEB_LANGUAGES; i++)
            if (kw_web_speaks(i, drafts) && strncasecmp(list, languages[i].tag, 2) == 0 && strchr("-_;, ", list[2]))
                return i;
        list += strcspn(list, ",");
    }
    return -1;
}

/* ---- pages -------------------------------------------------------------------------------------------------- */

/* Of those after the first five; `none` stands for a word that a language lacks. */
static const struct others {
    char none[1];
#define WEB_LANGUAGE(...)
#define TEXT(tag, name, text) char tag##_##name[sizeof text];
#include "data/web_languages.def"
#undef TEXT
} others = {
    "",
#define TEXT(tag, name, text) text,
#include "data/web_languages.def"
#undef TEXT
};

static const uint32_t other_at[KW_WEB_LANGUAGES - KW_FIVE_LANGUAGES][KW_WEB_WORD_COUNT] = {
#define TEXT(tag, name, text) \
    [KW_WEB_LANGUAGE_##tag - KW_FIVE_LANGUAGES][KW_WEB_##name] = offsetof(struct others, tag##_##name),
#include "data/web_languages.def"
#undef TEXT
#undef WEB_LANGUAGE
};

const struct kw_web_scale kw_web_scales[] = {
#define QUESTION(name, number, field, from, to) \
    [number] = { field, from, to, KW_WEB_ASK_##name, KW_WEB_LOW_##name, KW_WEB_HIGH_##name },
#include "data/questions.def"
#undef QUESTION
};

const char *kw_web_word(enum kw_web_word word, int language)
{
    return language < KW_FIVE_LANGUAGES ? word_in(word, language)
                                        : (const char *)&others + other_at[language - KW_FIVE_LANGUAGES][word];
}
