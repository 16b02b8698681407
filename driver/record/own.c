/* own.c - answers to a shop's own questions, in one text. */
#include "record/own.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where "NAME=" stands; NULL: nowhere. */
static const char *find(const char *own, const char *name)
{
    const size_t length = strlen(name);
    while (own && *own) {
        if (strncmp(own, name, length) == 0 && own[length] == '=')
            return own;
        own = strchr(own, ' ');
        own = own ? own + 1 : NULL;
    }
    return NULL;
}

bool kw_own_get(const char *own, const char *name, int *value)
{
    const char *at = find(own, name);
    if (!at)
        return false;
    at += strlen(name) + 1;
    *value = (int)strtol(at, NULL, 10);
    return isdigit((unsigned char)*at);
}

bool kw_own_put(char own[KW_OWN_TEXT], const char *name, int value)
{
    char made[KW_OWN_TEXT];
    const char *at = find(own, name), *rest = at ? strchr(at, ' ') : NULL;
    const size_t before = at ? (size_t)(at - own) : strlen(own);
    int length = snprintf(made, sizeof made, "%.*s%s%s=%d%s", (int)before, own, !at && before > 0 ? " " : "", name,
                          value, rest ? rest : "");
    if (length < 0 || (size_t)length >= sizeof made)
        return false;
    memcpy(own, made, (size_t)length + 1);
    return true;
}

bool kw_own_merge(char own[KW_OWN_TEXT], const char *more)
{
    char name[KW_OWN_NAME];
    bool whole = true;
    while (*more) {
        const size_t length = strcspn(more, "=");
        if (length < sizeof name && more[length] == '=') {
            snprintf(name, sizeof name, "%.*s", (int)length, more);
            whole = kw_own_put(own, name, (int)strtol(more + length + 1, NULL, 10)) && whole;
        }
        more += strcspn(more, " ");
        more += *more == ' ';
    }
    return whole;
}
