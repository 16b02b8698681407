/* tap.c - what must be true of a [tap] section as a whole, and which one is meant. */
#include "config/private.h"

#include "base/net.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

/* The line that says the key, for who has to mend it. */
static const char *place_of(struct loading *loading, const struct group *group, const char *key)
{
    const struct said *place = group->count ? group->lines : NULL;
    for (size_t i = 0; i < group->count; i++)
        if (strcmp(group->lines[i].key, key) == 0)
            place = &group->lines[i];
    return place ? kw_config_where(loading, place->file, place->line) : "default";
}

static void refuse(struct loading *loading, const struct group *group, const char *key, struct kw_config_tap *tap,
                   const char *text)
{
    const char *where = place_of(loading, group, key);
    kw_config_fault_add(loading, where, true, "%s", text);
    if (!tap->fault) {
        tap->fault = kw_arena_string(loading->arena, text);
        tap->fault_where = where;
    }
}

/* Back references can make a match take for ever, and need none here. */
static bool refers_back(const char *pattern)
{
    for (const char *at = pattern; (at = strchr(at, '\\')) != NULL && at[1]; at += 2)
        if (at[1] >= '1' && at[1] <= '9')
            return true;
    return false;
}

static void check_pattern(struct loading *loading, const struct group *group, const char *key, const char *pattern,
                          bool with_group)
{
    regex_t compiled;
    char text[160];
    int code = refers_back(pattern) ? REG_ESUBREG : regcomp(&compiled, pattern, REG_EXTENDED);
    if (code == 0 && with_group && compiled.re_nsub == 0)
        kw_config_fault_add(loading, place_of(loading, group, key), false,
                            "`%s`: put the part that counts between ( and )", key);
    if (code == 0) {
        regfree(&compiled);
        return;
    }
    regerror(code, NULL, text, sizeof text);
    kw_config_fault_add(loading, place_of(loading, group, key), false,
                        "`%s`: this is no extended regular expression: %s", key, text);
}

static void check_patterns(struct loading *loading, const struct group *group, const struct kw_config_tap *tap)
{
    const struct { const char *key, *pattern; } single[] = { { "number", tap->number }, { "till", tap->till },
                                                             { "number_code", tap->number_code },
                                                             { "total", tap->total } };
    const struct { const char *key; const char *const *patterns; } lists[] = { { "sale", tap->sale },
        { "never", tap->never }, { "merchant", tap->merchant }, { "customer", tap->customer } };
    for (size_t i = 0; i < sizeof single / sizeof single[0]; i++)
        if (single[i].pattern)
            check_pattern(loading, group, single[i].key, single[i].pattern, true);
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (const char *const *pattern = lists[i].patterns; pattern && *pattern; pattern++)
            check_pattern(loading, group, lists[i].key, *pattern, false);
}

static bool listens_to_others(const char *listen)
{
    char host[64];
    struct kw_net net;
    const char *colon = strrchr(listen, ':');
    size_t brackets = listen[0] == '[';
    if (strncmp(listen, "unix:", 5) == 0 || !colon || (size_t)(colon - listen) >= sizeof host)
        return false;
    snprintf(host, sizeof host, "%.*s", (int)((size_t)(colon - listen) - 2 * brackets), listen + brackets);
    return kw_net_parse(host, &net) && !kw_net_is_loopback(&net);
}

void kw_config_check_tap(struct loading *loading, const struct group *group, struct kw_config_tap *tap)
{
    struct kw_net net;
    check_patterns(loading, group, tap);
    if (tap->piece == KW_TAP_PIECE_MATCH && !tap->customer)
        kw_config_fault_add(loading, place_of(loading, group, "piece"), false,
                            "`piece` = match: say in `customer` what a line of the customer's copy looks like");
    for (const char *const *allow = tap->allow; allow && *allow; allow++)
        if (!kw_net_parse(*allow, &net))
            refuse(loading, group, "allow", tap, "`allow`: wanted are addresses and networks such as 192.0.2.0/24");
    if (tap->listen && !tap->allow && listens_to_others(tap->listen))
        refuse(loading, group, "listen", tap, "`listen` is an address that other machines reach: say in `allow` which "
                                              "of them may print, for whoever can may open the drawer too");
}

const struct kw_config_tap *kw_config_find_tap(const struct kw_config *config, const char *name)
{
    if (!name)
        return config->tap_count == 2 && !config->taps[0].listen ? &config->taps[1] : &config->taps[0];
    for (size_t i = 0; i < config->tap_count; i++)
        if (strcmp(config->taps[i].name, name) == 0)
            return &config->taps[i];
    return NULL;
}

int kw_config_tap_check(const struct kw_config_tap *tap, struct kw_error *error)
{
    return tap->fault ? kw_fail(error, KWIT_E_CONFIG, tap->fault_where, "%s", tap->fault) : 0;
}
