/* parse.c - the way of a document: limits, JSON, digest, fields, needs, sums. */
#include "base/encoding.h"
#include "base/utf8.h"
#include "sale/read.h"

#include <string.h>

/* A fault of the text with its line, its column (in characters) and the pointer of what stands there. */
static int fault_of_text(const char *text, size_t length, int code, const struct kw_value_fault *fault,
                         struct kw_error *error)
{
    char pointer[KW_WHERE_SIZE];
    size_t line = 1, start = 0;
    kw_scan_pointer(text, fault->offset, pointer, sizeof pointer);
    if (code == KWIT_E_TOO_LARGE)
        return kw_fail(error, code, pointer, "nests deeper than the %d levels of the format", KW_SALE_MAX_DEPTH);
    for (size_t i = 0; i < fault->offset; i++) {
        if (text[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    size_t column = kw_utf8_count(text + start, fault->offset - start) + (code == KWIT_E_SYNTAX);
    size_t rest = length - fault->offset;
    if (code == KWIT_E_SYNTAX && rest > 0 && kw_encoding_find_fault(text + fault->offset, rest) == 0) {
        char what[KW_ENCODING_FAULT];
        kw_encoding_fault(text, fault->offset, what);
        return kw_fail(error, code, pointer, "line %zu, column %zu: %s; write the document as UTF-8", line, column,
                       what);
    }
    if (code == KWIT_E_INVALID)
        return kw_fail(error, code, pointer, "is there twice (line %zu, column %zu); %s", line, column, fault->text);
    return kw_fail(error, code, pointer, "line %zu, column %zu: %s", line, column, fault->text);
}

/* What a document is whose first bytes no JSON begins with, or NULL. */
static const char *known_kind(const char *text, size_t length)
{
    static const char bytes[] = "these are bytes for a printer, and no sale document; `kwit append` puts the invitation "
        "below a receipt of another program";
    static const char markup[] = "this is XML or HTML, and no sale document in JSON; `kwit map` lists the documents of other "
        "systems that are read";
    static const struct { const char *begins, *said; } kinds[] = {
        { "\x1B", bytes }, { "\x1C", bytes }, { "\x1D", bytes }, { "\x10", bytes }, { "<", markup },
        { "\x1F\x8B", "the document is compressed (gzip); hand over what was packed in it" },
        { "PK\x03\x04", "this is a ZIP archive, and no sale document in JSON" },
        { "%PDF", "this is a PDF, and no sale document in JSON" },
        { "\x89PNG", "this is a picture, and no sale document in JSON" },
    };
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (length >= strlen(kinds[i].begins) && memcmp(text, kinds[i].begins, strlen(kinds[i].begins)) == 0)
            return kinds[i].said;
    return NULL;
}

/* Lines of `key: value`, a table, a form: what begins with a letter is no object of JSON. */
static int other_text(const char *text, size_t length, struct kw_error *error)
{
    enum { SHOWN = 24 };
    int shown = 0;
    while (shown < SHOWN && (size_t)shown < length && text[shown] >= ' ' && text[shown] < 0x7F)
        shown++;
    return kw_fail(error, KWIT_E_SYNTAX, "", "line 1, column 1: the document begins with `%.*s`, which is no JSON; a sale is "
                   "one object: {\"kwit\": 1, …}", shown, text);
}

static bool is_blank(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length && memchr(" \t\r\n", text[at], 4))
        at++;
    return at == length;
}

static bool is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static int not_an_object(const struct kw_value *json, struct kw_error *error)
{
    const char *hint = json->kind == KW_ARRAY ? "; give one sale a call, without [ and ] around it"
        : json->kind == KW_STRING ? "; was the document encoded twice?" : "";
    return kw_fail(error, KWIT_E_INVALID, "", "the document is %s where an object { … } is wanted%s",
                   kw_read_shape(json), hint);
}

static int load(struct kw_arena *arena, const char *text, size_t length, struct kw_value **json,
                struct kw_error *error)
{
    struct kw_value_fault fault;
    if (length > KW_SALE_MAX_BYTES)
        return kw_fail(error, KWIT_E_TOO_LARGE, "", "the document has %zu bytes; at most %d are read", length,
                       KW_SALE_MAX_BYTES);
    if (is_blank(text, length))
        return kw_fail(error, KWIT_E_SYNTAX, "", "the document is empty; write the sale to the file, or to standard "
                       "input, before the call reads it");
    const char *kind = known_kind(text, length);
    if (kind)
        return kw_fail(error, KWIT_E_SYNTAX, "", "%s", kind);
    if (kw_encoding_is_utf16(text, length))
        return kw_fail(error, KWIT_E_SYNTAX, "", "the document is UTF-16; write it as UTF-8");
    int code = kw_value_read(arena, text, length, KW_SALE_MAX_DEPTH, json, &fault);
    if (code == KWIT_E_NO_MEMORY)
        return kw_fail(error, code, "", "out of memory while reading the document");
    if (code == KWIT_E_SYNTAX && fault.offset == 0 && is_letter(*text))
        return other_text(text, length, error);
    if (code < 0)
        return fault_of_text(text, length, code, &fault, error);
    return (*json)->kind == KW_OBJECT ? 0 : not_an_object(*json, error);
}

/* Amounts are checked against the currency, so it is known before the fields are walked. */
static void learn_currency(struct reader *reader, struct kw_value *json)
{
    enum { MOST_PLACES = 4 };
    const char *code = kw_value_text(kw_value_get(json, "currency"));
    int exponent = code ? kw_currency_exponent(code) : -1;
    reader->exponent = exponent < 0 ? MOST_PLACES : exponent;
}

static struct kw_sale *read_sale(struct reader *reader, struct kw_value *json)
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
    sale->decimals_given = reader->decimals_given;
    sale->document = json;
    return reader->no_memory ? NULL : sale;
}

static int first_error(const struct kw_notes *errors, struct kw_error *error)
{
    const struct kw_note *first = &errors->items[0];
    return kw_fail(error, first->error, first->pointer, "%s", first->text);
}

int kw_sale_parse(struct kw_arena *arena, const void *bytes, size_t length, bool strict, const char *timezone,
                  struct kw_sale **sale, struct kw_notes *warnings, struct kw_notes *errors, struct kw_error *error)
{
    struct kw_error local = { 0 };
    struct reader reader = { .arena = arena, .warnings = warnings, .errors = errors, .strict = strict,
                             .timezone = timezone };
    const char *text = bytes;
    struct kw_value *json = NULL;
    error = error ? error : &local;
    if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {      /* some tills write a byte order mark */
        text += 3;
        length -= 3;
    }
    int code = load(arena, text, length, &json, error);
    if (code < 0) {
        kw_notes_add_error(errors, code, error->where, "%s", error->text);
        return code;
    }
    *sale = read_sale(&reader, json);
    if (!*sale)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while reading the document");
    return errors->count > 0 ? first_error(errors, error) : 0;
}
