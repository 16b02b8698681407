/* regions.c - "north = 1, 2, 17": stores by region. */
#include "api/touch/regions.h"

#include <string.h>

int kw_scope_add_store(struct kw_touch *call, struct kw_scope *scope, const char *store)
{
    const char **more = kw_arena_grow(call->arena, scope->stores, scope->count, &scope->room, sizeof *more);
    const char *kept = kw_arena_string(call->arena, store);
    if (!more || !kept)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    more[scope->count++] = kept;
    scope->stores = more;
    return 0;
}

/* Behind "NAME =" in the line; NULL: it is another region's, or no line of a region. */
static const char *stores_of(const char *line, const char *region)
{
    static const char blank[] = " \t";
    size_t length = strlen(region);
    if (strncmp(line, region, length) != 0)
        return NULL;
    line += length + strspn(line + length, blank);
    return *line == '=' ? line + 1 : NULL;
}

/* The next store of a list, which goes on behind it; NULL: there is none. */
static const char *next_store(const char **list, size_t *length)
{
    const char *store = *list + strspn(*list, " \t,");
    *length = strcspn(store, ",");
    *list = store + *length;
    while (*length > 0 && strchr(" \t", store[*length - 1]))
        --*length;
    return *length > 0 ? store : NULL;
}

static int add_stores(struct kw_touch *call, struct kw_scope *scope, const char *list)
{
    size_t length;
    int code = 0;
    for (const char *store; code == 0 && (store = next_store(&list, &length));) {
        const char *copy = kw_arena_copy(call->arena, store, length);
        code = copy ? kw_scope_add_store(call, scope, copy)
                    : kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    }
    return code;
}

bool kw_region_holds(const struct kw_config *config, const char *region, const char *store)
{
    bool found = false;
    for (const char *const *line = config->office.regions; !found && line && *line; line++) {
        const char *list = stores_of(*line, region), *one;
        size_t length;
        while (list && !found && (one = next_store(&list, &length)))
            found = strlen(store) == length && memcmp(one, store, length) == 0;
    }
    return found;
}

int kw_scope_add_region(struct kw_touch *call, struct kw_scope *scope, const char *region)
{
    const size_t before = scope->count;
    int code = 0;
    for (const char *const *line = call->config.office.regions; code == 0 && line && *line; line++) {
        const char *stores = stores_of(*line, region);
        if (stores)
            code = add_stores(call, scope, stores);
    }
    if (code == 0 && scope->count == before)
        code = kw_fail(&call->error, KWIT_E_CONFIG, "[office] region", "there is no region `%.40s` with stores; say"
                       " which it has: region = %.40s = 1, 2, 17", region, region);
    return code;
}
