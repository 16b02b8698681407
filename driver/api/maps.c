/* maps.c - maps by their names, and what kwit map tells of them. */
#include "api/maps.h"

#include "api/result.h"
#include "base/file.h"
#include "base/near.h"
#include "base/utf8.h"
#include "inputs/maps/maps.h"
#include "sale/sale.h"

#include <kwit/tool.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CEILING = 512 * 1024 * 1024, DOCUMENT_CEILING = 16 * 1024 * 1024, NAME_MOST = 60 };

/* ---- by name ---------------------------------------------------------------------------------------------------- */

/* *text stays NULL where there is no such file. */
static int read_file(struct kw_arena *arena, const char *path, const char **text, struct kw_error *error)
{
    int handle = kw_file_open(path, O_RDONLY | O_CLOEXEC, 0);
    size_t length = 0;
    if (handle < 0)
        return errno == ENOENT || errno == ENOTDIR ? 0
            : kw_fail(error, KWIT_E_CONFIG, path, "the map cannot be read: %s", strerror(errno));
    char *bytes = kw_arena_alloc(arena, KW_MAP_TEXT + 1);
    int number = bytes ? kw_file_read(handle, bytes, KW_MAP_TEXT, &length) : ENOMEM;
    close(handle);
    if (number != 0)
        return kw_fail(error, KWIT_E_CONFIG, path, "the map cannot be read: %s", strerror(number));
    if (length == KW_MAP_TEXT || strlen(bytes) != length || !kw_utf8_valid(bytes, length))
        return kw_fail(error, KWIT_E_CONFIG, path, "this is no map: it is too long, or no text in UTF-8");
    *text = bytes;
    return 0;
}

/* The folder maps beside the configuration that is read. */
static const char *own_path(const kwit_context *context, struct kw_arena *arena, const char *name)
{
    struct stat facts;
    const char *file = context->config_file, *slash = file ? strrchr(file, '/') : NULL;
    if (!file)
        return kw_arena_format(arena, "/etc/kwit/maps/%s.map", name);
    if (stat(file, &facts) == 0 && S_ISDIR(facts.st_mode))
        return kw_arena_format(arena, "%s/maps/%s.map", file, name);
    return slash ? kw_arena_format(arena, "%.*s/maps/%s.map", (int)(slash - file), file, name)
        : kw_arena_format(arena, "maps/%s.map", name);
}

static int unknown(const char *from, struct kw_error *error)
{
    const char *meant = NULL, *name;
    size_t best = SIZE_MAX;
    for (size_t i = 0; (name = kw_map_name(i)) != NULL; i++)
        if (kw_near(from, name, &best))
            meant = name;
    return kw_fail(error, KWIT_E_USAGE, from, "there is no map of that name%s%s; kwit map list names them",
                   meant ? ": did you mean " : "", meant ? meant : "");
}

static int find_text(const kwit_context *context, const char *from, struct kw_arena *arena, const char **text,
                     struct kw_error *error)
{
    bool is_path = strchr(from, '/') != NULL;
    *text = NULL;
    if (!is_path && (!*from || *from == '.' || strlen(from) > NAME_MOST))
        return unknown(from, error);
    const char *path = is_path ? from : own_path(context, arena, from);
    int code = path ? read_file(arena, path, text, error) : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0 && !*text && is_path)
        return kw_fail(error, KWIT_E_NO_INPUT, from, "there is no such map");
    if (code == 0 && !*text)
        *text = kw_map_builtin(from);
    return code < 0 || *text ? code : unknown(from, error);
}

int kw_maps_apply(const kwit_context *context, const struct kw_config *config, const char *from, struct kw_arena *arena,
                  const void **document, size_t *length, struct kw_error *error)
{
    const struct kw_config_map *own = kw_config_find_map(config, from);
    struct kw_map_shop shop = { .currency = config->store.currency };
    struct kw_buffer made;
    struct kw_map *map;
    const char *text;
    if (own) {
        shop.currency = own->currency ? own->currency : shop.currency;
        shop.minor = own->minor;
        shop.time = own->time;
        shop.payments = own->payments;
    }
    int code = find_text(context, from, arena, &text, error);
    if (code == 0)
        code = kw_map_read(arena, from, text, &map, error);
    if (code < 0)
        return code;
    kw_buffer_init(&made, DOCUMENT_CEILING);
    code = kw_map_run(map, &shop, *document, *length, arena, &made, error);
    if (code == 0) {
        *document = kw_arena_copy(arena, kw_buffer_string(&made), made.length);
        *length = made.length;
        if (!*document)
            code = kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    }
    kw_buffer_free(&made);
    return code;
}

/* ---- kwit map --------------------------------------------------------------------------------------------------- */

int kwit_map_list(kwit_context *context, kwit_result **result)
{
    struct kw_arena *arena = kw_arena_new(CEILING);
    struct kw_error error = { .code = KWIT_E_NO_MEMORY, .text = "out of memory" };
    struct kw_json json;
    const char *name;
    int code = arena ? 0 : KWIT_E_NO_MEMORY;
    (void)context;
    *result = kw_result_new();
    kw_json_init(&json, &(*result)->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_array(&json, "maps");
    for (size_t i = 0; code == 0 && (name = kw_map_name(i)) != NULL; i++) {
        struct kw_map *map;
        code = kw_map_read(arena, name, kw_map_builtin(name), &map, &error);
        if (code < 0)
            break;
        kw_json_object(&json, NULL);
        kw_json_string(&json, "name", name);
        kw_json_string(&json, "title", kw_map_title(map));
        kw_json_end_object(&json);
        kw_buffer_format(&(*result)->text, "%-16s %s\n", name, kw_map_title(map));
    }
    kw_json_end_array(&json);
    kw_json_end_object(&json);
    kw_arena_free(arena);
    return code < 0 ? kw_result_fail(*result, &error) : 0;
}

int kwit_map_show(kwit_context *context, const char *name, kwit_result **result)
{
    struct kw_arena *arena = kw_arena_new(CEILING);
    struct kw_error error = { .code = KWIT_E_NO_MEMORY, .text = "out of memory" };
    struct kw_json json;
    const char *text = NULL;
    *result = kw_result_new();
    int code = arena ? find_text(context, name, arena, &text, &error) : KWIT_E_NO_MEMORY;
    if (code == 0) {
        kw_json_init(&json, &(*result)->json);
        kw_json_object(&json, NULL);
        kw_json_integer(&json, "kwit", 1);
        kw_json_string(&json, "name", name);
        kw_json_string(&json, "rows", text);
        kw_json_end_object(&json);
        kw_buffer_text(&(*result)->text, text);
    }
    kw_arena_free(arena);
    return code < 0 ? kw_result_fail(*result, &error) : 0;
}

static void tell(const char *name, const struct kw_sale *sale, const struct kw_notes *warnings, kwit_result *result)
{
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "map", name);
    kw_json_string(&json, "id", sale->id);
    kw_json_string(&json, "total", sale->total.text);
    kw_json_string(&json, "currency", sale->currency);
    kw_json_integer(&json, "lines", (int64_t)sale->line_count);
    kw_json_integer(&json, "payments", (int64_t)sale->payment_count);
    kw_result_warnings(&json, warnings);
    kw_json_end_object(&json);
    kw_buffer_format(&result->text, "%s: %zu lines, total %s %s, %zu payments\n", sale->id, sale->line_count,
                     sale->total.text ? sale->total.text : "not said", sale->currency ? sale->currency : "",
                     sale->payment_count);
    for (size_t i = 0; i < warnings->count; i++)
        kw_buffer_format(&result->text, "  %s: %s\n", warnings->items[i].pointer, warnings->items[i].text);
}

/* The map's own faults first, then those of the sale document that it made. */
static int check(const kwit_context *context, const char *name, const void *document, size_t length,
                 struct kw_arena *arena, kwit_result *result, struct kw_error *error)
{
    struct kw_config config;
    struct kw_notes warnings, errors;
    struct kw_sale *sale;
    kw_notes_init(&warnings, arena);
    kw_notes_init(&errors, arena);
    int code = kw_config_load(arena, context->config_file, false, &config, &warnings, error);
    if (code == 0)
        code = kw_maps_apply(context, &config, name, arena, &document, &length, error);
    if (code < 0)
        return code;
    if (!kw_buffer_add(&result->data, document, length))
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    code = kw_sale_parse(arena, document, length, false, config.store.timezone, &sale, &warnings, &errors, error);
    if (code == 0)
        tell(name, sale, &warnings, result);
    return code;
}

int kwit_map_check(kwit_context *context, const char *name, const void *document, size_t length, kwit_result **result)
{
    struct kw_arena *arena = kw_arena_new(CEILING);
    struct kw_error error = { .code = KWIT_E_NO_MEMORY, .text = "out of memory" };
    *result = kw_result_new();
    int code = arena ? check(context, name, document, length, arena, *result, &error) : KWIT_E_NO_MEMORY;
    kw_arena_free(arena);
    return code < 0 ? kw_result_fail(*result, &error) : 0;
}
