/*
 * json_table.c - JSON as platforms send it: an object a line, or one document with a list of answers. A header name is
 * a path with dots, or stands as a label beside a value, wherever in the answer that is.
 */
#include "answers/table.h"

#include "base/plain.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LIMIT = 4 * 1024 * 1024, DOCUMENT_LIMIT = 256 * 1024 * 1024, SCRATCH = 64, PROGRESS_LINES = 5000, DEPTH = 8,
       NAME = 256 };

static json_t *walk(json_t *value, const char *path)
{
    char key[NAME];
    while (value && *path) {
        size_t part = strcspn(path, ".");
        if (part >= sizeof key)
            return NULL;
        memcpy(key, path, part);
        key[part] = 0;
        value = json_object_get(value, key);
        path += part + (path[part] == '.');
    }
    return value;
}

static bool is_text(const json_t *value, const char *text)
{
    return json_is_string(value) && strcmp(json_string_value(value), text) == 0;
}

/* The value of {"label":"t","value":…}, {"name":"t","answer":…}, {"field":{"ref":"t"},"number":…} */
static json_t *labelled_value(json_t *object, const char *name)
{
    static const char *const labels[] = { "name", "label", "key", "ref", "text", "title", "field.ref", "field.id",
                                          "field.title" };
    static const char *const values[] = { "value", "answer", "number", "boolean", "choice", "text" };
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (!is_text(walk(object, labels[i]), name))
            continue;
        for (size_t j = 0; j < sizeof values / sizeof values[0]; j++)
            if (strcmp(values[j], labels[i]) != 0 && json_object_get(object, values[j]))
                return json_object_get(object, values[j]);
    }
    return NULL;
}

static json_t *find_labelled(json_t *value, const char *name, int depth)
{
    const char *key;
    json_t *member, *found = json_is_object(value) ? labelled_value(value, name) : NULL;
    size_t index;
    if (found || depth == 0)
        return found;
    json_array_foreach(value, index, member)
        if ((found = find_labelled(member, name, depth - 1)) != NULL)
            return found;
    json_object_foreach(value, key, member)
        if ((found = find_labelled(member, name, depth - 1)) != NULL)
            return found;
    return NULL;
}

static json_t *find_name(json_t *object, const char *name)
{
    json_t *exact = json_object_get(object, name);
    exact = exact ? exact : walk(object, name);
    return exact ? exact : find_labelled(object, name, DEPTH);
}

/* The first of the names (parted by `|`) that the answer has; one that has a value goes before one that is null. */
static json_t *find(json_t *object, const char *own, const char *names)
{
    char name[NAME];
    json_t *found = NULL;
    if (own)
        return find_name(object, own);
    while (*names && (!found || json_is_null(found))) {
        size_t length = strcspn(names, "|");
        snprintf(name, sizeof name, "%.*s", (int)length, names);
        json_t *value = find_name(object, name);
        found = value ? value : found;
        names += length + (names[length] == '|');
    }
    return found;
}

static const char *as_text(const json_t *value, char scratch[SCRATCH])
{
    if (json_array_size(value) == 1)
        value = json_array_get(value, 0);
    if (json_is_object(value))
        value = json_object_get(value, "label");
    if (json_is_string(value))
        return json_string_value(value);
    if (json_is_boolean(value))
        return json_is_true(value) ? "yes" : "no";
    if (json_is_integer(value)) {
        snprintf(scratch, SCRATCH, "%lld", (long long)json_integer_value(value));
        return scratch;
    }
    if (json_is_real(value)) {
        kw_plain_text(scratch, SCRATCH, "%.15g", json_real_value(value));
        return scratch;
    }
    return "";
}

static int read_answer(struct kw_table *table, json_t *object, struct kw_row row, struct kw_error *error)
{
    char scratch[KW_ROLE_COUNT][SCRATCH], own[KW_OWN_QUESTIONS][SCRATCH];
    json_t *values[KW_ROLE_COUNT];
    if (!json_is_object(object))
        return kw_fail(error, KWIT_E_INVALID, table->path, "%s %lld is not a JSON object", row.unit,
                       (long long)row.line);
    for (int role = 0; role < KW_ROLE_COUNT; role++)
        values[role] = find(object, table->own[role], kw_platform_names(table->platform, role));
    if (values[KW_ROLE_TOKEN] == values[KW_ROLE_ID])        /* what Typeform calls its token is its own id */
        values[KW_ROLE_TOKEN] = NULL;
    for (int role = 0; role < KW_ROLE_COUNT; role++)
        if (values[role]) {
            row.cells[role] = as_text(values[role], scratch[role]);
            if (table->found)
                table->found(table->data, role, kw_table_names(table, role));
        }
    for (size_t i = 0; i < table->question_count; i++) {
        const json_t *value = find_name(object, table->questions[i]);
        row.own[i] = value ? as_text(value, own[i]) : NULL;
    }
    if (!values[KW_ROLE_TIME])
        return kw_fail(error, KWIT_E_INVALID, table->path, "%s %lld has no %s; name the key with --column time=NAME",
                       row.unit, (long long)row.line,
                       kw_table_names(table, KW_ROLE_TIME));
    table->rows++;
    return table->row(table->data, &row, error);
}

/* The list of answers in what a platform's interface returns; NULL: it is one answer itself. */
static json_t *list_of_answers(json_t *value)
{
    static const char *const names[] = { "items", "responses", "data", "content", "submissions" };
    if (json_is_array(value))
        return value;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (json_is_array(json_object_get(value, names[i])))
            return json_object_get(value, names[i]);
    return NULL;
}

static int read_value(struct kw_table *table, json_t *value, int64_t line, struct kw_error *error)
{
    json_t *list = list_of_answers(value), *member;
    size_t index;
    int code = 0;
    if (!list)
        return read_answer(table, value, (struct kw_row){ .line = line, .unit = "line" }, error);
    json_array_foreach(list, index, member)
        if (code == 0)
            code = read_answer(table, member, (struct kw_row){ .line = (int64_t)index + 1, .unit = "answer" }, error);
    return code;
}

static int wrong_json(const struct kw_table *table, int64_t line, const json_error_t *fault, struct kw_error *error)
{
    return kw_fail(error, KWIT_E_SYNTAX, table->path, "line %lld, column %d: %s", (long long)line, fault->column,
                   fault->text);
}

static int read_line(struct kw_table *table, const char *text, size_t length, int64_t line, struct kw_error *error)
{
    json_error_t fault;
    if (length == 0 || text[strspn(text, " \t\r\n")] == 0)
        return 0;
    json_t *value = json_loadb(text, length, JSON_REJECT_DUPLICATES, &fault);
    if (!value)
        return wrong_json(table, line, &fault, error);
    int code = read_value(table, value, line, error);
    json_decref(value);
    return code;
}

static int read_lines(struct kw_table *table, struct kw_error *error)
{
    char *text = NULL;
    size_t capacity = 0;
    int64_t line = 0, bytes = 0;
    int code = 0;
    ssize_t length;
    while (code == 0 && (length = getline(&text, &capacity, table->file)) >= 0) {
        bytes += length;
        line++;
        code = length > LINE_LIMIT ? kw_fail(error, KWIT_E_TOO_LARGE, table->path, "line %lld is longer than %d bytes",
                                             (long long)line, LINE_LIMIT)
                                   : read_line(table, text, (size_t)length, line, error);
        if (table->progress && line % PROGRESS_LINES == 0)
            table->progress(table->data, bytes);
    }
    free(text);
    return code;
}

struct limited { FILE *file; size_t left; };

static size_t read_some(void *buffer, size_t length, void *data)
{
    struct limited *limited = data;
    size_t got = limited->left ? fread(buffer, 1, length < limited->left ? length : limited->left, limited->file) : 0;
    limited->left -= got;
    return got;
}

static int read_document(struct kw_table *table, struct kw_error *error)
{
    json_error_t fault;
    struct limited limited = { table->file, DOCUMENT_LIMIT };
    json_t *value = json_load_callback(read_some, &limited, JSON_REJECT_DUPLICATES, &fault);
    if (!value && limited.left == 0)
        return kw_fail(error, KWIT_E_TOO_LARGE, table->path,
                       "it is longer than %d bytes; export one answer a line, or CSV", DOCUMENT_LIMIT);
    if (!value)
        return wrong_json(table, fault.line, &fault, error);
    int code = read_value(table, value, 1, error);
    json_decref(value);
    return code;
}

/* Whether the first line is JSON by itself: then there is one value a line. */
static bool has_lines(FILE *file, long begin)
{
    json_error_t fault;
    char *text = NULL;
    size_t capacity = 0;
    ssize_t length = getline(&text, &capacity, file);
    json_t *value = length > 0 ? json_loadb(text, (size_t)length, 0, &fault) : NULL;
    bool whole = value != NULL;
    json_decref(value);
    free(text);
    return fseeko(file, begin, SEEK_SET) == 0 && whole;
}

int kw_table_json(struct kw_table *table, struct kw_error *error)
{
    char mark[3];
    long begin = fread(mark, 1, 3, table->file) == 3 && memcmp(mark, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    if (fseeko(table->file, begin, SEEK_SET) != 0)
        return kw_fail(error, KWIT_E_NO_INPUT, table->path, "it cannot be read");
    int code = has_lines(table->file, begin) ? read_lines(table, error) : read_document(table, error);
    if (code == 0 && ferror(table->file))
        code = kw_fail(error, KWIT_E_NO_INPUT, table->path, "it cannot be read");
    return code;
}
