/*
 * sections.c - what must be true of [import NAME], [question NAME] and [survey] beyond each of their keys; a map by its
 * name.
 */
#include "config/private.h"

#include "base/shop_days.h"

#include <stdio.h>
#include <string.h>

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

/* A question that cannot be asked has no scale. */
void kw_config_check_question(struct loading *loading, const struct group *group, struct kw_config_question *question)
{
    const char *fault = !is_question_name(question->name)
        ? "a question's name has small letters, digits, `_` and `-`, at most 32"
        : !read_scale(question) ? "`scale` is wanted as LOW..HIGH within 0..10: 1..5" : NULL;
    if (!fault)
        return;
    question->low = question->high = 0;
    kw_config_fault_add(loading, kw_config_where(loading, group->lines[0].file, group->lines[0].line), false,
                        "[question %s]: %s; it is not asked", question->name, fault);
}

const struct kw_config_map *kw_config_find_map(const struct kw_config *config, const char *name)
{
    for (size_t i = 0; i < config->map_count; i++)
        if (strcmp(config->maps[i].name, name) == 0)
            return &config->maps[i];
    return NULL;
}
