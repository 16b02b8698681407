/* sections.c - what must be true of [import NAME] and [question NAME] beyond each of their keys. */
#include "config/private.h"

#include <stdio.h>
#include <string.h>

static bool is_label(const char *value)
{
    const char *equals = strrchr(value, '=');
    const char *number = equals ? equals + 1 + strspn(equals + 1, " ") : "";
    bool counts = *number && strspn(number, "0123456789") == strlen(number) && strlen(number) < 3;
    return equals > value && (counts || strcmp(number, "none") == 0);
}

/* A label that stands for nothing is told with its line. */
void kw_config_check_labels(struct loading *loading, const struct group *group)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct said *said = &group->lines[i];
        if (strcmp(said->key, "value") == 0 && said->value && *said->value && !is_label(said->value))
            kw_config_fault_add(loading, kw_config_where(loading, said->file, said->line), false,
                                "`value = %s`: wanted is LABEL = NUMBER, or LABEL = none", said->value);
    }
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
