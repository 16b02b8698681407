/* words.c - the languages of the office by their tags, and what its pages say. */
#include "office/web/page.h"

#define KW_WORD_LIST "data/web_words.def"
#include "data/five_languages.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

enum { LTR, RTL };
enum { UNREAD, FLUENT };

static const struct language {
    char tag[8], name[24], zero[4];
    uint8_t direction, read;
} languages[] = {
#define WEB_LANGUAGE(id, tag, name, direction, zero, read) { tag, name, zero, direction, read },
#define TEXT(...)
#include "data/web_languages.def"
#undef WEB_LANGUAGE
};

/* What browsers ask by. */
static const struct asked { char tag[8]; uint8_t language; } asked[] = {
#define WEB_LANGUAGE(id, tag, ...) { tag, KW_WEB_LANGUAGE_##id },
#include "data/web_languages.def"
#undef TEXT
#undef WEB_LANGUAGE
#define ALSO(tag, id) { tag, KW_WEB_LANGUAGE_##id },
#include "data/web_tags.def"
#undef ALSO
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

/* Bytes of the tag where an entry is that language or a narrower one, as "sr-Latn" of "sr-Latn-RS"; else 0. */
static size_t covers(const char *tag, const char *entry)
{
    size_t length = 0;
    for (; tag[length]; length++)
        if (tolower((unsigned char)tag[length]) != (entry[length] == '_' ? '-' : tolower((unsigned char)entry[length])))
            return 0;
    return strchr("-_;, ", entry[length]) ? length : 0;
}

static int language_of(const char *entry, bool drafts)
{
    size_t longest = 0;
    int language = -1;
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        const size_t length = covers(asked[i].tag, entry);
        if (length > longest && kw_web_speaks(asked[i].language, drafts)) {
            longest = length;
            language = asked[i].language;
        }
    }
    return language;
}

/* In thousandths; what says nothing is wanted most. */
static int quality_of(const char *entry)
{
    const size_t length = strcspn(entry, ",");
    const char *mark = memchr(entry, ';', length);
    int quality = 0, place = 1000;
    if (!mark || !(mark = memchr(mark, '=', length - (size_t)(mark - entry))))
        return place;
    for (mark++; place > 0 && (isdigit((unsigned char)*mark) || *mark == '.'); mark++)
        if (*mark != '.') {
            quality += (*mark - '0') * place;
            place /= 10;
        }
    return quality;
}

/* The best by what is said of each, of equals the first; 0: not at all. */
int kw_web_language(const char *list, bool drafts)
{
    int best = -1, most = 0;
    for (; *list; list += strcspn(list, ",")) {
        list += strspn(list, " ,");
        const int language = language_of(list, drafts), quality = quality_of(list);
        if (language >= 0 && quality > most) {
            best = language;
            most = quality;
        }
    }
    return best;
}

/* ---- pages -------------------------------------------------------------------------------------------------- */

/* Of those after the first five; `none` stands for a word that a language lacks. */
static const struct others {
    char none[1];
#define WEB_LANGUAGE(...)
#define TEXT(id, name, text) char id##_##name[sizeof text];
#include "data/web_languages.def"
#undef TEXT
} others = {
    "",
#define TEXT(id, name, text) text,
#include "data/web_languages.def"
#undef TEXT
};

static const uint32_t other_at[KW_WEB_LANGUAGES - KW_FIVE_LANGUAGES][KW_WEB_WORD_COUNT] = {
#define TEXT(id, name, text) \
    [KW_WEB_LANGUAGE_##id - KW_FIVE_LANGUAGES][KW_WEB_##name] = offsetof(struct others, id##_##name),
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
