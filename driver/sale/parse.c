/* parse.c - the way of a document: limits, JSON, digest, fields, needs, sums. */
#include "sale/read.h"

#include <errno.h>
#include <string.h>

static int syntax_error(const char *text, size_t length, const json_error_t *json_error, struct kw_error *error)
{
    char pointer[KW_WHERE_SIZE];
    size_t offset = json_error->position > 0 ? (size_t)json_error->position : 0;
    kw_scan_pointer(text, offset < length ? offset : length, pointer, sizeof pointer);
    enum json_error_code code = json_error_code(json_error);
    if (code == json_error_out_of_memory)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while reading the document");
    if (code == json_error_duplicate_key)
        return kw_fail(error, KWIT_E_INVALID, pointer, "is there twice (line %d, column %d); a key may be given once",
                       json_error->line, json_error->column);
    return kw_fail(error, KWIT_E_SYNTAX, pointer, "line %d, column %d: %s", json_error->line, json_error->column,
                   json_error->text);
}

/*
 * jansson calls much of its lack of memory a fault of the text. What is wrong with a text is wrong at the same place
 * each time.
 */
static bool is_out_of_memory(const char *text, size_t length, const json_error_t *first)
{
    json_error_t second;
    if (json_error_code(first) == json_error_out_of_memory)
        return true;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &second);
    bool same = !json && first->position == second.position && strcmp(first->text, second.text) == 0;
    json_decref(json);
    return !same;
}

/* jansson drops a character without a word where its buffer cannot grow; only errno tells. */
static json_t *load_whole(const char *text, size_t length, json_error_t *error)
{
    errno = 0;
    json_t *json = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, error);
    if (!json || errno != ENOMEM)
        return json;
    json_decref(json);
    snprintf(error->text, sizeof error->text, "out of memory");
    error->text[sizeof error->text - 1] = json_error_out_of_memory;
    return NULL;
}

static int load(const char *text, size_t length, json_t **json, struct kw_error *error)
{
    json_error_t json_error;
    if (length > KW_SALE_MAX_BYTES)
        return kw_fail(error, KWIT_E_TOO_LARGE, "", "the document has %zu bytes; at most %d are read", length,
                       KW_SALE_MAX_BYTES);
    if (length == 0)
        return kw_fail(error, KWIT_E_SYNTAX, "", "the document is empty");
    int code = kw_scan_depth(text, length, error);
    if (code < 0)
        return code;
    *json = load_whole(text, length, &json_error);
    if (!*json && is_out_of_memory(text, length, &json_error))
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (!*json)
        return syntax_error(text, length, &json_error, error);
    if (json_is_object(*json))
        return 0;
    json_decref(*json);
    return kw_fail(error, KWIT_E_INVALID, "", "the document is not a JSON object");
}

/* Amounts are checked against the currency, so it is known before the fields are walked. */
static void learn_currency(struct reader *reader, json_t *json)
{
    enum { MOST_PLACES = 4 };
    const char *code = json_string_value(json_object_get(json, "currency"));
    int exponent = code ? kw_currency_exponent(code) : -1;
    reader->exponent = exponent < 0 ? MOST_PLACES : exponent;
}

static struct kw_sale *read_sale(struct reader *reader, json_t *json)
{
    struct kw_sale *sale = kw_arena_alloc(reader->arena, sizeof *sale);
    if (!sale)
        return NULL;
    learn_currency(reader, json);
    sale->exponent = reader->exponent;
    sale->drawer.pin = 2;
    kw_read_object(reader, OBJECT_sale, json, &(struct place){ 0 }, sale);
    kw_check_needs(reader, json, sale);
    if (reader->errors->count == 0)
        kw_check_sums(reader, sale);
    return kw_sale_digest(reader->arena, json, sale->digest) && !reader->no_memory ? sale : NULL;
}

static int first_error(const struct kw_notes *errors, struct kw_error *error)
{
    const struct kw_note *first = &errors->items[0];
    return kw_fail(error, (enum kwit_error)first->code, first->pointer, "%s", first->text);
}

int kw_sale_parse(struct kw_arena *arena, const void *bytes, size_t length, bool strict, struct kw_sale **sale,
                  struct kw_notes *warnings, struct kw_notes *errors, struct kw_error *error)
{
    struct kw_error local = { 0 };
    struct reader reader = { .arena = arena, .warnings = warnings, .errors = errors, .strict = strict };
    const char *text = bytes;
    json_t *json = NULL;
    error = error ? error : &local;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {      /* some tills write a byte order mark */
        text += 3;
        length -= 3;
    }
    int code = load(text, length, &json, error);
    if (code < 0) {
        kw_notes_add(errors, code, error->where, "%s", error->text);
        return code;
    }
    *sale = read_sale(&reader, json);
    json_decref(json);
    if (!*sale)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while reading the document");
    return errors->count > 0 ? first_error(errors, error) : 0;
}
