/* topics.c - what comments speak of, and which of them are worth reading. */
#include "report/focus.h"

#include "base/fold.h"
#include "base/utf8.h"

#include <string.h>

enum { TELLING = 12, STEM = 64 };

static const char *const names[KW_TOPIC_COUNT] = {
#define TOPIC(name, en, pl, fr, ru, fa, words) en,
#include "data/topics.def"
#undef TOPIC
};
static const char *const stems[KW_TOPIC_COUNT] = {
#define TOPIC(name, en, pl, fr, ru, fa, words) words,
#include "data/topics.def"
#undef TOPIC
};

const char *kw_topic_word(int topic)
{
    return names[topic];
}

static bool speaks_of(const char *folded, const char *list)
{
    while (*list) {
        char stem[STEM], other[KW_FOLD];
        size_t length = strcspn(list, "|");
        if (length < sizeof stem) {
            memcpy(stem, list, length);
            stem[length] = 0;
            if (kw_fold(stem, other) > 0 && strstr(folded, other))
                return true;
        }
        list += length + (list[length] == '|');
    }
    return false;
}

unsigned kw_topics_of(const char *comment)
{
    char folded[KW_FOLD];
    unsigned found = 0;
    kw_fold(comment, folded);
    for (int topic = 0; topic < KW_TOPIC_COUNT; topic++)
        found |= speaks_of(folded, stems[topic]) ? 1u << topic : 0;
    return found;
}

bool kw_comment_is_low(const struct kw_comment *c)
{
    return (c->nps != KW_SCORE_NONE && c->nps <= 6) || (c->csat != KW_SCORE_NONE && c->csat <= 2);
}

bool kw_comment_is_high(const struct kw_comment *c)
{
    return !kw_comment_is_low(c)
           && ((c->nps != KW_SCORE_NONE && c->nps >= 9) || (c->csat != KW_SCORE_NONE && c->csat >= 4));
}

bool kw_comment_is_telling(const struct kw_comment *c)
{
    return strlen(c->comment) >= TELLING;
}
