/* walk.c - where a path leads in the other system's document, and whether a condition holds there. */
#include "inputs/maps/rows.h"

#include <math.h>
#include <string.h>
#include <strings.h>

static const struct kw_value *element(const struct kw_value *list, long index)
{
    const struct kw_value *found = list->kind == KW_ARRAY ? list->first : NULL;
    while (found && index-- > 0)
        found = found->next;
    return found;
}

/* What is one thing may be written as a list of it; its first is meant. */
static const struct kw_value *step_to(const struct kw_value *here, const struct step *step)
{
    if (!step->key)
        return here->kind != KW_ARRAY && step->index == 0 ? here : element(here, step->index);
    return kw_value_get(here->kind == KW_ARRAY ? element(here, 0) : here, step->key);
}

static void walk(const struct kw_value *here, const struct step *steps, each_node *each, void *data)
{
    for (; steps && here; steps = steps->next) {
        bool all = !steps->key && steps->index < 0;
        if (all && (here->kind == KW_ARRAY || (steps->index == ALL_MEMBERS && here->kind == KW_OBJECT))) {
            for (const struct kw_value *at = here->first; at; at = at->next)
                walk(at, steps->next, each, data);
            return;
        }
        here = all ? here : step_to(here, steps);
    }
    if (here)
        each(data, here);
}

void kw_map_walk_all(const struct run *run, const struct kw_value *here, const struct path *path, each_node *each,
                     void *data)
{
    if (!path->literal)
        walk(path->from_root ? run->root : here, path->steps, each, data);
}

static void take_first(void *data, const struct kw_value *node)
{
    const struct kw_value **first = data;
    if (!*first)
        *first = node;
}

const struct kw_value *kw_map_walk(const struct run *run, const struct kw_value *here, const struct path *path)
{
    const struct kw_value *found = NULL;
    kw_map_walk_all(run, here, path, take_first, &found);
    return found && found->kind != KW_NULL ? found : NULL;
}

/* ---- scalars ---------------------------------------------------------------------------------------------------- */

bool kw_map_real(double real, struct kw_decimal *number)
{
    enum { MILLION = 1000000 };
    if (real > 9e12 || real < -9e12)
        return false;
    long long micro = llround(real * MILLION);
    *number = (struct kw_decimal){ micro / MILLION, (int32_t)(micro % MILLION), KW_DECIMAL_PLACES };
    return true;
}

size_t kw_map_shorten(char *text, int least)
{
    size_t length = strlen(text), point = strcspn(text, ".");
    while (point < length && length > point + 1 + (size_t)least && text[length - 1] == '0')
        length--;
    length -= length == point + 1;
    text[length] = 0;
    return length;
}

static const char *real_text(struct kw_arena *arena, double real)
{
    struct kw_decimal number;
    char text[32];
    if (!kw_map_real(real, &number))
        return kw_arena_format(arena, "%.0f", real);
    kw_decimal_text(number, KW_DECIMAL_PLACES, text);
    return kw_arena_copy(arena, text, kw_map_shorten(text, 0));
}

const char *kw_map_text(struct kw_arena *arena, const struct kw_value *node)
{
    if (node && node->kind == KW_OBJECT)        /* of XML: an element with attributes */
        node = kw_value_get(node, "#");
    if (!node)
        return NULL;
    switch (node->kind) {
        case KW_STRING: return node->text[0] ? node->text : NULL;
        case KW_INTEGER: return kw_arena_format(arena, "%lld", (long long)node->integer);
        case KW_TRUE: return "true";
        case KW_FALSE: return "false";
        case KW_REAL: return real_text(arena, node->real);
        default: return NULL;
    }
}

/* ---- conditions ------------------------------------------------------------------------------------------------- */

static bool is_there(struct kw_arena *arena, const struct kw_value *node)
{
    const char *text = kw_map_text(arena, node);
    if (!node || node->kind == KW_NULL || node->kind == KW_FALSE)
        return false;
    if (node->kind == KW_INTEGER || node->kind == KW_REAL)
        return node->kind == KW_INTEGER ? node->integer != 0 : node->real < 0 || node->real > 0;
    if (node->kind == KW_ARRAY)
        return node->count > 0;
    return node->kind == KW_OBJECT || (text && strcmp(text, "0") != 0 && strcasecmp(text, "false") != 0);
}

static bool is_one_of(struct kw_arena *arena, const struct kw_value *node, const struct pair *words)
{
    const char *text = kw_map_text(arena, node);
    for (; text && words; words = words->next)
        if (strcasecmp(words->from, text) == 0)
            return true;
    return false;
}

/* -1, 0, 1; what is no number is on neither side. */
static int side(struct kw_arena *arena, const struct kw_value *node, struct kw_decimal bound)
{
    struct kw_decimal number;
    const char *text = kw_map_text(arena, node);
    if (!text || !kw_decimal_parse(text, strlen(text), KW_DECIMAL_PLACES, &number))
        return 0;
    return kw_decimal_compare(number, bound);
}

static bool holds(const struct run *run, const struct kw_value *here, const struct condition *condition)
{
    const struct kw_value *node = kw_map_walk(run, here, &condition->path);
    bool good = condition->test == IS_ONE_OF ? is_one_of(run->arena, node, condition->words)
        : condition->test == IS_BELOW ? side(run->arena, node, condition->bound) < 0
        : condition->test == IS_ABOVE ? side(run->arena, node, condition->bound) > 0
        : is_there(run->arena, node);
    return good != condition->turned;
}

bool kw_map_holds(const struct run *run, const struct kw_value *here, const struct condition *conditions)
{
    for (; conditions; conditions = conditions->next)
        if (!holds(run, here, conditions))
            return false;
    return true;
}
