/*
 * sections.c - what must be true of [import NAME], [question NAME] and [survey] beyond each of their keys; a map by its
 * name.
 */
#include "config/private.h"

#include "base/shop_days.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_label(const char *value)
{
    const char *equals = strrchr(value, '=');
    const char *number = equals ? equals + 1 + strspn(equals + 1, " ") : "";
    bool counts = *number && strspn(number, "0123456789") == strlen(number) && strlen(number) < 3;
    return equals > value && (counts || strcmp(number, "none") == 0);
}

static bool is_news(const char *value)
{
    int64_t day;
    const char *text;
    return kw_dated_line(value, &day, &text);
}

/* A line of a list that stands for nothing is told with its place. */
static void check_lines(struct loading *loading, const struct group *group, const char *key,
                        bool (*is_good)(const char *value), const char *wanted)
{
    for (size_t i = 0; group && i < group->count; i++) {
        const struct said *said = &group->lines[i];
        if (strcmp(said->key, key) == 0 && said->value && *said->value && !is_good(said->value))
            kw_config_fault_add(loading, kw_config_where(loading, said->file, said->line), false,
                                "`%s = %s`: wanted is %s", key, said->value, wanted);
    }
}

void kw_config_check_labels(struct loading *loading, const struct group *group)
{
    check_lines(loading, group, "value", is_label, "LABEL = NUMBER, or LABEL = none");
}

void kw_config_check_news(struct loading *loading, const struct group *group)
{
    check_lines(loading, group, "news", is_news, "a date and what the shop answers: 2026-11-20 Now two tills.");
}

/* "1..5" to a scale of at least two grades. */
static bool read_scale(struct kw_config_question *question)
{
    char end;
    return sscanf(question->scale ? question->scale : "", "%2d..%2d%c", &question->low, &question->high, &end) == 2
           && question->low >= 0 && question->high <= KW_CONFIG_GRADE && question->low < question->high;
}

static bool is_question_name(const char *name)
{
    const size_t length = strlen(name);
    return length <= KW_CONFIG_QUESTION_NAME
           && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-") == length;
}

/* The text of "zh-Hant = TEXT", whose tag has so many bytes; NULL: the line is none. */
static const char *translation(const char *line, size_t *tag)
{
    *tag = strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-");
    const char *text = line + *tag + strspn(line + *tag, " ");
    if (*tag == 0 || *text != '=')
        return NULL;
    text += 1 + strspn(text + 1, " ");
    return *text ? text : NULL;
}

static void check_translations(struct loading *loading, const struct group *group,
                               const struct kw_config_question *question)
{
    size_t tag;
    for (const char *const *line = question->translations; line && *line; line++)
        if (!translation(*line, &tag))
            kw_config_fault_add(loading, kw_config_where(loading, group->lines[0].file, group->lines[0].line), false,
                                "[question %s]: `translation` is wanted as TAG = TEXT: es = …; `%s` is left out",
                                question->name, *line);
}

/* A question that cannot be asked has no scale. */
void kw_config_check_question(struct loading *loading, const struct group *group, struct kw_config_question *question)
{
    const char *fault = !is_question_name(question->name)
        ? "a question's name has small letters, digits, `_` and `-`, at most 32"
        : !read_scale(question) ? "`scale` is wanted as LOW..HIGH within 0..10: 1..5" : NULL;
    check_translations(loading, group, question);
    if (!fault)
        return;
    question->low = question->high = 0;
    kw_config_fault_add(loading, kw_config_where(loading, group->lines[0].file, group->lines[0].line), false,
                        "[question %s]: %s; it is not asked", question->name, fault);
}

/* Of the longest tag that the language begins with; NULL: none. */
static const char *translated(const struct kw_config_question *question, const char *language)
{
    const char *found = NULL;
    size_t longest = 0;
    for (const char *const *line = question->translations; line && *line; line++) {
        size_t length;
        const char *text = translation(*line, &length);
        if (text && length > longest && strncasecmp(*line, language, length) == 0 && strchr("-", language[length])) {
            found = text;
            longest = length;
        }
    }
    return found;
}

const char *kw_config_question_text(const struct kw_config_question *question, const char *language)
{
    const char *text = translated(question, language);
    if (text)
        return text;
    const struct { const char *tag, *text; } texts[] = {
#define LANGUAGE(tag) { #tag, question->text_##tag },
#include "config/languages.def"
#undef LANGUAGE
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].text && strncmp(language, texts[i].tag, 2) == 0)
            return texts[i].text;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && !question->text; i++)
        if (texts[i].text)
            return texts[i].text;
    return question->text ? question->text : question->name;
}

const struct kw_config_map *kw_config_find_map(const struct kw_config *config, const char *name)
{
    for (size_t i = 0; i < config->map_count; i++)
        if (strcmp(config->maps[i].name, name) == 0)
            return &config->maps[i];
    return NULL;
}
