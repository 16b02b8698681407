/* campaign.c - the link and the rules of a campaign, asked of the rooms that will heed them. */
#include "survey/campaign.h"

#include "survey/eligible.h"
#include "survey/survey.h"

#include <string.h>

static const char *link_fault(struct kw_arena *arena, const char *key, const char *value)
{
    static const struct kw_survey_link any = { .token = "00000000000000000000", .language = "en", .kind = "sale" };
    struct kw_error error = { .code = 0 };
    const char *url;
    return kw_survey_url(arena, value, &any, &url, &error) == 0
        ? NULL : kw_arena_format(arena, "`%s = %s`: %s", key, value, error.text);
}

/* The list as written: rules parted by commas and lines. */
static const char *rules_fault(struct kw_arena *arena, const char *key, const char *value)
{
    static const char blanks[] = " \t", parting[] = ",\n";
    for (size_t length; *value; value += length + strspn(value + length, parting)) {
        value += strspn(value, blanks);
        length = strcspn(value, parting);
        size_t end = length;
        while (end > 0 && strchr(blanks, value[end - 1]))
            end--;
        const char *rule = kw_arena_copy(arena, value, end), *fault = rule && *rule ? kw_rule_fault(rule) : NULL;
        if (fault)
            return kw_arena_format(arena, "`%s = %s`: %s", key, rule, fault);
    }
    return NULL;
}

static const char *tiny_fault(struct kw_arena *arena, const char *key, const char *value)
{
    const char *fault = kw_rule_fault(kw_arena_format(arena, "amount<%s", value));
    return fault ? kw_arena_format(arena, "`%s = %s`: %s", key, value, fault) : NULL;
}

const char *kw_campaign_fault(struct kw_arena *arena, const struct kw_config_entry *entry)
{
    static const char kind_link[] = "url.";
    static const struct {
        const char *key;
        const char *(*fault)(struct kw_arena *arena, const char *key, const char *value);
    } rows[] = { { "url", link_fault }, { "exclude", rules_fault }, { "tiny", tiny_fault } };
    if (!*entry->value || strcmp(entry->section, "survey") != 0)
        return NULL;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(entry->key, rows[i].key) == 0)
            return rows[i].fault(arena, entry->key, entry->value);
    if (strncmp(entry->key, kind_link, sizeof kind_link - 1) == 0)
        return link_fault(arena, entry->key, entry->value);
    return NULL;
}
