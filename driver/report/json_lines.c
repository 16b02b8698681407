/* json_lines.c - one JSON object a line; a header name with dots walks into nested objects. */
#include "report/table.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LIMIT = 4 * 1024 * 1024, SCRATCH = 64, PROGRESS_LINES = 5000 };

static json_t *walk(json_t *value, const char *name, size_t length)
{
    while (value && length > 0) {
        const char *dot = memchr(name, '.', length);
        size_t part = dot ? (size_t)(dot - name) : length;
        char key[256];
        if (part >= sizeof key)
            return NULL;
        memcpy(key, name, part);
        key[part] = 0;
        value = json_object_get(value, key);
        name += part + 1;
        length -= part == length ? part : part + 1;
    }
    return value;
}

/* The first of the names (parted by `|`) that the object has. */
static json_t *find(json_t *object, const char *own, const char *names)
{
    if (own) {
        json_t *exact = json_object_get(object, own);
        return exact ? exact : walk(object, own, strlen(own));
    }
    while (*names) {
        size_t length = strcspn(names, "|");
        json_t *value = walk(object, names, length);
        if (value && !json_is_null(value))
            return value;
        names += length + (names[length] == '|');
    }
    return NULL;
}

static const char *as_text(const json_t *value, char scratch[SCRATCH])
{
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_boolean(value))
        return json_is_true(value) ? "yes" : "no";
    if (json_is_integer(value)) {
        snprintf(scratch, SCRATCH, "%lld", (long long)json_integer_value(value));
        return scratch;
    }
    if (json_is_real(value)) {
        snprintf(scratch, SCRATCH, "%.15g", json_real_value(value));
        return scratch;
    }
    return "";
}

static int read_object(struct kw_table *table, json_t *object, int64_t line, struct kw_error *error)
{
    char scratch[KW_ROLE_COUNT][SCRATCH];
    struct kw_row row = { .line = line };
    for (int role = 0; role < KW_ROLE_COUNT; role++) {
        json_t *value = find(object, table->own[role], table->platform->names[role]);
        if (value)
            row.cells[role] = as_text(value, scratch[role]);
    }
    if (!row.cells[KW_ROLE_TIME])
        return kw_fail(error, KWIT_E_INVALID, table->path, "line %lld has no %s; name the key with --column time=NAME",
                       (long long)line,
                       table->own[KW_ROLE_TIME] ? table->own[KW_ROLE_TIME] : table->platform->names[KW_ROLE_TIME]);
    return table->row(table->data, &row, error);
}

static int read_line(struct kw_table *table, const char *text, size_t length, int64_t line, struct kw_error *error)
{
    json_error_t fault;
    if (length == 0 || text[strspn(text, " \t\r\n")] == 0)
        return 0;
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES, &fault);
    if (!object)
        return kw_fail(error, KWIT_E_SYNTAX, table->path, "line %lld, column %d: %s", (long long)line, fault.column,
                       fault.text);
    int code = json_is_object(object)
                   ? read_object(table, object, line, error)
                   : kw_fail(error, KWIT_E_INVALID, table->path, "line %lld is not a JSON object", (long long)line);
    json_decref(object);
    return code;
}

int kw_table_json_lines(struct kw_table *table, struct kw_error *error)
{
    char *text = NULL;
    size_t capacity = 0;
    int64_t line = 0, bytes = 0;
    int code = 0;
    ssize_t length;
    while (code == 0 && (length = getline(&text, &capacity, table->file)) >= 0) {
        line++;
        bytes += length;
        const char *begin = line == 1 && length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? text + 3 : text;
        if (length > LINE_LIMIT)
            code = kw_fail(error, KWIT_E_TOO_LARGE, table->path, "line %lld is longer than %d bytes", (long long)line,
                           LINE_LIMIT);
        else
            code = read_line(table, begin, (size_t)(length - (begin - text)), line, error);
        if (table->progress && line % PROGRESS_LINES == 0)
            table->progress(table->data, bytes);
    }
    if (code == 0 && ferror(table->file))
        code = kw_fail(error, KWIT_E_NO_INPUT, table->path, "it cannot be read");
    free(text);
    return code;
}
