/* shapes.c - whether a value of the configuration is written as whoever reads it wants it: the rows of shapes.def. */
#include "api/setup/shapes.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

enum { PATTERN = 256 };

/* A row holds its words itself: addresses would be relocated whenever the command starts. */
static const struct { char section[8], key[16], pattern[96], words[112]; } shapes[] = {
#define SHAPE(section, key, pattern, words) { section, key, pattern, words },
#include "api/setup/shapes.def"
#undef SHAPE
};

/* [tap till-2] is a [tap]. */
static bool is_section(const char *said, const char *section)
{
    size_t length = strlen(section);
    return strncmp(said, section, length) == 0 && (!said[length] || said[length] == ' ');
}

static bool is_like(const char *value, const char *pattern)
{
    char whole[PATTERN];
    regex_t compiled;
    snprintf(whole, sizeof whole, "^(%s)$", pattern);
    if (regcomp(&compiled, whole, REG_EXTENDED | REG_NOSUB) != 0)
        return true;
    bool like = regexec(&compiled, value, 0, NULL, 0) == 0;
    regfree(&compiled);
    return like;
}

/* Its limits have units, as 1 s..7 d, and it has none: ten what? */
static bool lacks_unit(const struct kw_config_entry *entry)
{
    size_t digits = strspn(entry->value, "0123456789");
    const char *unit = entry->limits + strspn(entry->limits, "0123456789");
    return digits && !entry->value[digits] && strspn(entry->value, "0") != digits && unit > entry->limits
        && *unit == ' ' && strstr(unit, "..");
}

const char *kw_shape_fault(struct kw_arena *arena, const struct kw_config_entry *entry)
{
    if (lacks_unit(entry))
        return kw_arena_format(arena, "`%s = %s` is taken for seconds; write its unit: %s s, or %s min", entry->key,
                               entry->value, entry->value, entry->value);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        if (is_section(entry->section, shapes[i].section) && strcmp(entry->key, shapes[i].key) == 0
            && !is_like(entry->value, shapes[i].pattern))
            return kw_arena_format(arena, "`%s = %s`: wanted is %s", entry->key, entry->value, shapes[i].words);
    return NULL;
}
