/*
 * run.c - a document of another system through a map: the sale document grows as a tree, and is written at the end.
 *
 * Of several rows for one field the first counts that gives a value. The currency comes first of all, for every amount
 * hangs on its decimals.
 */
#include "inputs/maps/rows.h"

#include "base/json.h"
#include "sale/sale.h"

#include <string.h>

enum { ELEMENTS_MOST = 20000 };

/* ---- the tree --------------------------------------------------------------------------------------------------- */

static struct kw_value *make(struct run *run, const char *key, enum kw_value_kind kind)
{
    struct kw_value *node = kw_arena_alloc(run->arena, sizeof *node);
    if (!node) {
        run->code = kw_fail(run->error, KWIT_E_NO_MEMORY, "", "out of memory");
        return NULL;
    }
    node->kind = kind;
    node->key = key;
    return node;
}

static struct kw_value **end_of(struct kw_value *parent)
{
    struct kw_value **end = &parent->first;
    while (*end)
        end = &(*end)->next;
    return end;
}

static struct kw_value *add(struct run *run, struct kw_value *parent, const char *key, enum kw_value_kind kind)
{
    struct kw_value *node = make(run, key, kind);
    if (node) {
        *end_of(parent) = node;
        parent->count++;
    }
    return node;
}

static struct kw_value *member(struct run *run, struct kw_value *object, const char *key, enum kw_value_kind kind)
{
    struct kw_value *found = kw_value_get(object, key);
    return found ? found : add(run, object, key, kind);
}

/* The object that the last word of the target is a member of; *name is that word without []. */
static struct kw_value *descend(struct run *run, struct kw_value *object, const char *target, const char **name,
                                bool *is_list)
{
    const char *slash;
    for (; object && (slash = strchr(target, '/')) != NULL; target = slash + 1) {
        const char *key = kw_arena_copy(run->arena, target, (size_t)(slash - target));
        object = key ? member(run, object, key, KW_OBJECT) : NULL;
    }
    size_t length = strlen(target);
    *is_list = length > 2 && strcmp(target + length - 2, "[]") == 0;
    *name = kw_arena_copy(run->arena, target, *is_list ? length - 2 : length);
    return *name ? object : NULL;
}

static bool is_set(const struct kw_value *object, const char *target)
{
    const char *slash;
    for (; object && (slash = strchr(target, '/')) != NULL; target = slash + 1) {
        char key[64];
        size_t length = (size_t)(slash - target);
        if (length >= sizeof key)
            return false;
        memcpy(key, target, length);
        key[length] = 0;
        object = kw_value_get(object, key);
    }
    return kw_value_get(object, target) != NULL;
}

static void put(struct run *run, struct kw_value *object, const struct row *row, const struct item *item)
{
    const char *name, *text = item->kind == NUMBER ? kw_map_number_text(run, row, item) : kw_map_item_text(run, item);
    bool is_list;
    if (item->kind == NOTHING || (item->kind != YES && !text) || run->code < 0)
        return;
    object = descend(run, object, row->target, &name, &is_list);
    if (object && is_list)
        object = member(run, object, name, KW_ARRAY);
    struct kw_value *node = object ? add(run, object, is_list ? NULL : name, item->kind == YES ? KW_TRUE : KW_STRING)
        : NULL;
    if (node && node->kind == KW_STRING) {
        node->text = text;
        node->count = strlen(text);
    }
}

/* ---- rows and sections ------------------------------------------------------------------------------------------ */

static void fill_row(struct run *run, const struct kw_value *here, const struct row *row, struct kw_value *object)
{
    if (run->code < 0 || is_set(object, row->target) || strcmp(row->target, "refuse") == 0)
        return;
    struct item item = kw_map_value(run, here, row);
    put(run, object, row, &item);
}

static void fill(struct run *run, const struct kw_value *here, const struct map_section *section,
                 struct kw_value *object);

struct listing {
    struct run *run;
    const struct map_section *section;
    struct kw_value *object;        /* whose list it is */
    struct kw_value *list, **end;   /* once there is an element */
};

static bool append(struct listing *listing, struct kw_value *element)
{
    struct run *run = listing->run;
    if (!listing->list) {
        listing->list = member(run, listing->object, listing->section->name, KW_ARRAY);
        if (!listing->list)
            return false;
        listing->end = end_of(listing->list);
    }
    *listing->end = element;
    listing->end = &element->next;
    return ++listing->list->count <= ELEMENTS_MOST;
}

static void add_element(struct listing *listing, const struct kw_value *here)
{
    struct run *run = listing->run;
    if (run->code < 0 || here->kind == KW_NULL || !kw_map_holds(run, here, listing->section->where))
        return;
    struct kw_value *made = make(run, NULL, KW_OBJECT);
    if (!made)
        return;
    fill(run, here, listing->section, made);
    if (made->count > 0 && run->code == 0 && !append(listing, made) && run->code == 0)
        run->code = kw_fail(run->error, KWIT_E_TOO_LARGE, listing->section->name, "more than %d of them",
                            ELEMENTS_MOST);
}

static void each_element(void *data, const struct kw_value *node)
{
    if (node->kind != KW_ARRAY)
        add_element(data, node);
    for (const struct kw_value *at = node->kind == KW_ARRAY ? node->first : NULL; at; at = at->next)
        add_element(data, at);
}

static void fill(struct run *run, const struct kw_value *here, const struct map_section *section,
                 struct kw_value *object)
{
    for (const struct row *row = section->rows; row; row = row->next)
        fill_row(run, here, row, object);
    for (const struct map_section *child = section->children; child; child = child->next) {
        struct listing listing = { .run = run, .section = child, .object = object };
        kw_map_walk_all(run, here, &child->each, each_element, &listing);
    }
}

/* ---- the document ----------------------------------------------------------------------------------------------- */

static int read(struct run *run, const void *bytes, size_t length, struct kw_value **value)
{
    struct kw_value_fault fault = { .offset = 0 };
    if (length > KW_MAP_BYTES)
        return kw_fail(run->error, KWIT_E_TOO_LARGE, "", "the document is longer than %d bytes", KW_MAP_BYTES);
    if (run->map->xml)
        return kw_map_read_xml(run->arena, bytes, length, value, run->error);
    int code = kw_value_read(run->arena, bytes, length, KW_MAP_DEPTH, value, &fault);
    return code == 0 ? 0 : kw_fail(run->error, (enum kwit_error)code, "", "byte %zu: %s", fault.offset,
                                   fault.text ? fault.text : "out of memory");
}

/* Where the document begins in what was sent: the first that is there. */
static void find_root(struct run *run, const struct kw_value *value)
{
    run->root = value;
    for (const struct row *row = run->map->roots; row; row = row->next) {
        const struct kw_value *found = kw_map_walk(run, value, &row->path);
        if (found && (found->kind == KW_OBJECT || found->kind == KW_ARRAY)) {
            run->root = found;
            break;
        }
    }
    if (run->root->kind == KW_ARRAY && run->root->count > 1)
        run->code = kw_fail(run->error, KWIT_E_INVALID, "", "these are %zu documents; one call for each",
                            run->root->count);
    if (run->root->kind == KW_ARRAY && run->root->first)
        run->root = run->root->first;
}

static void refuse(struct run *run)
{
    for (const struct row *row = run->map->sale.rows; row && run->code == 0; row = row->next) {
        const char *place = row->when && row->when->path.written ? row->when->path.written : "";
        if (strcmp(row->target, "refuse") == 0 && kw_map_holds(run, run->root, row->when))
            run->code = kw_fail(run->error, KWIT_E_INVALID, place, "%s (map %s, line %d)", row->path.literal,
                                run->map->name, row->line);
    }
}

static void choose_currency(struct run *run, struct kw_value *sale)
{
    static const struct row own = { .target = "currency" };
    for (const struct row *row = run->map->sale.rows; row && !run->currency; row = row->next) {
        struct item item = { .kind = NOTHING };
        if (strcmp(row->target, "currency") == 0)
            item = kw_map_value(run, run->root, row);
        run->currency = kw_map_item_text(run, &item);
    }
    if (!run->currency)
        run->currency = run->shop->currency;
    if (!run->currency) {
        run->code = kw_fail(run->error, KWIT_E_INVALID, "", "the document names no currency; say currency = in [store] "
                            "or in [map %s]", run->map->name);
        return;
    }
    char *code = kw_arena_string(run->arena, run->currency);
    for (char *at = code; at && *at; at++)
        *at = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;
    run->currency = code;
    run->exponent = code ? kw_currency_exponent(code) : -1;
    if (run->exponent < 0)
        run->code = kw_fail(run->error, KWIT_E_INVALID, "", "\"%.20s\" is no currency of ISO 4217", code ? code : "");
    struct item item = { .kind = TEXT, .text = code };
    put(run, sale, &own, &item);
}

/* What a sale document cannot be without, told in words of the other one. */
static void need(struct run *run, const struct kw_value *sale, const char *target)
{
    const char *paths = "";
    if (run->code < 0 || kw_value_get(sale, target))
        return;
    for (const struct row *row = run->map->sale.rows; row && paths; row = row->next)
        if (strcmp(row->target, target) == 0 && row->path.written)
            paths = kw_arena_format(run->arena, "%s%s%s", paths, *paths ? ", " : "", row->path.written);
    run->code = kw_fail(run->error, KWIT_E_INVALID, paths, "this is no %s: there is no %s", run->map->title, target);
}

static void write(struct kw_json *json, const struct kw_value *node)
{
    switch (node->kind) {
        case KW_STRING: kw_json_string_n(json, node->key, node->text, node->count); return;
        case KW_TRUE: kw_json_bool(json, node->key, true); return;
        case KW_INTEGER: kw_json_integer(json, node->key, node->integer); return;
        case KW_ARRAY: kw_json_array(json, node->key); break;
        default: kw_json_object(json, node->key); break;
    }
    for (const struct kw_value *at = node->first; at; at = at->next)
        write(json, at);
    if (node->kind == KW_ARRAY)
        kw_json_end_array(json);
    else
        kw_json_end_object(json);
}

int kw_map_run(const struct kw_map *map, const struct kw_map_shop *shop, const void *bytes, size_t length,
               struct kw_arena *arena, struct kw_buffer *document, struct kw_error *error)
{
    struct run run = { .arena = arena, .map = map, .shop = shop, .error = error };
    struct kw_value *value, sale = { .kind = KW_OBJECT };
    struct kw_json json;
    run.code = read(&run, bytes, length, &value);
    if (run.code < 0)
        return run.code;
    find_root(&run, value);
    struct kw_value *version = add(&run, &sale, "kwit", KW_INTEGER);
    if (version)
        version->integer = 1;
    if (run.code == 0)
        refuse(&run);
    if (run.code == 0)
        choose_currency(&run, &sale);
    fill(&run, run.root, &map->sale, &sale);
    need(&run, &sale, "id");
    need(&run, &sale, "time");
    if (run.code < 0)
        return run.code;
    kw_json_init(&json, document);
    write(&json, &sale);
    return document->failed ? kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory") : 0;
}
