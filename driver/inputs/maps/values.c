/* values.c - one row: a path, and what is done to the value that stands there. */
#include "inputs/maps/rows.h"

#include <string.h>

/* ---- texts ------------------------------------------------------------------------------------------------------ */

static const char *trimmed(struct kw_arena *arena, const char *text)
{
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        length--;
    return kw_arena_copy(arena, text, length);
}

static const char *mapped(const struct op *op, const char *text)
{
    const struct pair *pair = op->pairs;
    while (pair && strcmp(pair->from, text) != 0 && strcmp(pair->from, "*") != 0)
        pair = pair->next;
    return pair ? pair->to : NULL;
}

static const char *with(struct run *run, const struct kw_value *here, const struct op *op, const char *text)
{
    const char *other = op->path.literal ? op->path.literal
        : kw_map_text(run->arena, kw_map_walk(run, here, &op->path));
    return other ? kw_arena_format(run->arena, "%s%s%s", text, op->text, other) : text;
}

static const char *last(const char *text, const char *count)
{
    size_t length = strlen(text), wanted = (size_t)(count[0] >= '0' && count[0] <= '9' ? count[0] - '0' : 0);
    return length > wanted ? text + (length - wanted) : text;
}

static struct item on_text(struct run *run, const struct kw_value *here, const struct op *op, const char *text)
{
    struct item item = { .kind = TEXT };
    switch (op->id) {
        case OP_TRIM: item.text = trimmed(run->arena, text); break;
        case OP_HTML: item.text = kw_map_html(run->arena, text); break;
        case OP_PREFIX: item.text = kw_arena_format(run->arena, "%s%s", op->text, text); break;
        case OP_SUFFIX: item.text = kw_arena_format(run->arena, "%s%s", text, op->text); break;
        case OP_WITH: item.text = with(run, here, op, text); break;
        case OP_LAST: item.text = last(text, op->text); break;
        case OP_MAP: item.text = mapped(op, text); break;
        case OP_PAYMENT: item.text = kw_map_payment(run->shop, text); break;
        default: item.text = kw_map_language(run->arena, text); break;
    }
    item.kind = item.text && item.text[0] ? TEXT : NOTHING;
    return item;
}

/* ---- nodes ------------------------------------------------------------------------------------------------------ */

static struct item joined(struct run *run, const struct op *op, const struct kw_value *list)
{
    const char *text = NULL;
    for (const struct kw_value *at = list->kind == KW_ARRAY ? list->first : NULL; at; at = at->next) {
        const char *part = kw_map_text(run->arena, at);
        if (part)
            text = text ? kw_arena_format(run->arena, "%s%s%s", text, op->text, part) : part;
    }
    return (struct item){ .kind = text ? TEXT : NOTHING, .text = text };
}

/* Whose `key` is this value, in the list at the path. */
static struct item found(struct run *run, const struct kw_value *here, const struct op *op, const struct item *item)
{
    const struct kw_value *list = kw_map_walk(run, here, &op->path);
    const char *wanted = kw_map_item_text(run, item);
    for (const struct kw_value *at = list && list->kind == KW_ARRAY ? list->first : NULL; at && wanted; at = at->next) {
        const char *key = kw_map_text(run->arena, kw_value_get(at, op->text));
        if (key && strcmp(key, wanted) == 0)
            return (struct item){ .kind = NODE, .node = at };
    }
    return (struct item){ .kind = NOTHING };
}

static struct item got(struct run *run, const struct op *op, const struct item *item)
{
    const struct kw_value *node = item->kind == NODE ? kw_map_walk(run, item->node, &op->path) : NULL;
    return (struct item){ .kind = node ? NODE : NOTHING, .node = node };
}

static struct item operate(struct run *run, const struct kw_value *here, const struct row *row, const struct op *op,
                           struct item item)
{
    const char *text;
    switch (op->id) {
        case OP_FIND: return found(run, here, op, &item);
        case OP_GET: return got(run, op, &item);
        case OP_TIME: return kw_map_time(run, row, op, &item);
        case OP_JOIN:
            if (item.kind == NODE && item.node->kind == KW_ARRAY)
                return joined(run, op, item.node);
            return item;
        case OP_TRIM: case OP_HTML: case OP_PREFIX: case OP_SUFFIX: case OP_WITH: case OP_LAST: case OP_MAP:
        case OP_PAYMENT: case OP_LANGUAGE:
            text = kw_map_item_text(run, &item);
            return text ? on_text(run, here, op, text) : (struct item){ .kind = NOTHING };
        default: return kw_map_number(run, here, row, op, item);
    }
}

static struct item begin(struct run *run, const struct kw_value *here, const struct path *path)
{
    if (path->yes)
        return (struct item){ .kind = YES };
    if (path->literal)
        return (struct item){ .kind = TEXT, .text = path->literal };
    const struct kw_value *node = kw_map_walk(run, here, path);
    bool empty = !node || node->kind == KW_FALSE ||
                 (node->kind != KW_ARRAY && node->kind != KW_OBJECT && !kw_map_text(run->arena, node));
    return (struct item){ .kind = empty ? NOTHING : NODE, .node = node };
}

struct item kw_map_value(struct run *run, const struct kw_value *here, const struct row *row)
{
    struct item item = { .kind = NOTHING };
    if (run->code < 0 || !kw_map_holds(run, here, row->when))
        return item;
    item = begin(run, here, &row->path);
    for (const struct op *op = row->ops; op && item.kind != NOTHING && run->code == 0; op = op->next)
        item = operate(run, here, row, op, item);
    return item;
}
