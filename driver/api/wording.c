/* wording.c - the shop's own words over kwit's, by language. */
#include "api/wording.h"

#include <string.h>
#include <strings.h>

static const char names[][24] = {         /* pointers would be relocated at every start */
#define KW_LABEL(name) #name,
#include "data/labels.def"
#undef KW_LABEL
};

enum fit { NOT_SPOKEN, LANGUAGE_SPOKEN, REGION_SPOKEN };

/* Whether words of that heading are for this locale: "pt" for Portugal and Brazil, "pt-BR" for Brazil alone. */
static enum fit fit_of(const char *heading, const struct kw_locale *locale)
{
    bool exact;
    if (strchr(heading, '-') || strchr(heading, '_')) {
        const char *tag = kw_locale_tag(kw_locale_find(heading, &exact));
        return exact && strcmp(tag, kw_locale_tag(locale)) == 0 ? REGION_SPOKEN : NOT_SPOKEN;
    }
    const char *tag = kw_locale_tag(locale);
    size_t length = strlen(heading);
    return strncasecmp(heading, tag, length) == 0 && tag[length] == '-' ? LANGUAGE_SPOKEN : NOT_SPOKEN;
}

/* The braces that a word has to hold, as English has them; true where all of them stand in the text. */
static bool holds_what_it_must(enum kw_label label, const char *text)
{
    const char *english = kw_locale_label(kw_locale_find("en-GB", NULL), label), *open = strchr(english, '{');
    size_t length = open ? strcspn(open, "}") + 1 : 0;
    return !open || memmem(text, strlen(text), open, length) != NULL;
}

/* Files of this kind keep no blanks at the ends; these two need them. */
static const char *spaced(struct kw_arena *arena, enum kw_label label, const char *text)
{
    if (label == KW_LABEL_times)
        return kw_arena_format(arena, " %s ", text);
    return label == KW_LABEL_colon ? kw_arena_format(arena, "%s ", text) : text;
}

static void take(struct kw_arena *arena, const struct kw_config_words *words, const char **texts)
{
    for (int label = 0; label < KW_LABEL_COUNT; label++)
        if (words->labels[label] && holds_what_it_must((enum kw_label)label, words->labels[label]))
            texts[label] = spaced(arena, (enum kw_label)label, words->labels[label]);
}

const struct kw_locale *kw_wording_choose(struct kw_arena *arena, const struct kw_config *config,
                                          const struct kw_locale *locale)
{
    const char **texts = NULL;
    for (int fit = LANGUAGE_SPOKEN; fit <= REGION_SPOKEN; fit++)
        for (size_t i = 0; i < config->words_count; i++) {
            if ((int)fit_of(config->words[i].name, locale) != fit)
                continue;
            texts = texts ? texts : kw_arena_array(arena, KW_LABEL_COUNT, sizeof *texts);
            if (!texts)
                return locale;
            take(arena, &config->words[i], texts);
        }
    const struct kw_locale *own = texts ? kw_locale_reword(arena, locale, texts) : locale;
    return own ? own : locale;
}

const char *kw_wording_reward(const struct kw_config *config, const struct kw_locale *locale)
{
    const char *reward = NULL;
    for (int fit = LANGUAGE_SPOKEN; fit <= REGION_SPOKEN; fit++)
        for (size_t i = 0; i < config->words_count; i++)
            if ((int)fit_of(config->words[i].name, locale) == fit && config->words[i].reward)
                reward = config->words[i].reward;
    return reward;
}

const char *kw_wording_fault(struct kw_arena *arena, const struct kw_config_entry *entry)
{
    bool exact;
    if (strncmp(entry->section, "words ", 6) != 0)
        return NULL;
    kw_locale_find(entry->section + 6, &exact);
    if (!exact)
        return kw_arena_format(arena, "there is no locale `%s` whose words could be changed; write [words pl] or "
                                      "[words pt-BR]", entry->section + 6);
    for (int label = 0; label < KW_LABEL_COUNT; label++) {
        const char *english = kw_locale_label(kw_locale_find("en-GB", NULL), (enum kw_label)label);
        if (strcmp(names[label], entry->key) == 0 && !holds_what_it_must((enum kw_label)label, entry->value))
            return kw_arena_format(arena, "`%s = %s` lacks %.*s; kwit's own word is printed", entry->key, entry->value,
                                   (int)(strcspn(strchr(english, '{'), "}") + 1), strchr(english, '{'));
    }
    return NULL;
}
