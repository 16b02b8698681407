/* read.c - the reader that walks the rows of fields.def: one function for each type of field. */
#include "base/digits.h"
#include "base/near.h"
#include "base/utf8.h"
#include "sale/read.h"
#include "sale/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* As small as it can be: what holds addresses is put right at every start, page by page. */
struct field {
    const char *key;
    union {
        const char *const *words;   /* of a choice or a word */
        special_reader *special;    /* of a shape of its own */
    };
    uint16_t offset, count_offset;
    uint8_t type;                   /* enum field_type */
    uint8_t child;                  /* enum object_id */
    uint8_t flags;
};

#define BEGIN(name, type, pointer) typedef type name##_record; static const struct field name##_fields[] = {
#define END(name) { .key = NULL } }; \
    _Static_assert(sizeof name##_fields <= (64 + 1) * sizeof(struct field), "each has a bit where they are read");
#define FIELD(object, key_, type_, member, flags_) \
    { .key = key_, .type = TYPE_##type_, .offset = offsetof(object##_record, member), .flags = flags_ },
#define INSIDE(object, key_, child_) { .key = key_, .type = TYPE_INSIDE, .child = OBJECT_##child_ },
#define LIST(object, key_, child_, items, count, flags_) \
    { .key = key_, .type = TYPE_LIST, .offset = offsetof(object##_record, items), \
      .count_offset = offsetof(object##_record, count), .child = OBJECT_##child_, .flags = flags_ },
#define TEXTS(object, key_, type_, items, count) \
    { .key = key_, .type = TYPE_TEXTS, .offset = offsetof(object##_record, items), \
      .count_offset = offsetof(object##_record, count), .flags = TYPE_##type_ },
#define CHOICE(object, key_, words_, member, flags_) \
    { .key = key_, .type = TYPE_CHOICE, .offset = offsetof(object##_record, member), \
      .words = kw_words_##words_, .flags = flags_ },
#define WORD(object, key_, words_, member, flags_) \
    { .key = key_, .type = TYPE_WORD, .offset = offsetof(object##_record, member), \
      .words = kw_words_##words_, .flags = flags_ },
#define SPECIAL(object, key_, function, member) \
    { .key = key_, .type = TYPE_SPECIAL, .offset = offsetof(object##_record, member), .special = kw_##function },
#include "sale/fields.def"

/* A choice is stored as an int: its member must be the enum of its own list, and as wide. */
#define CHOICE(object, key, list, member, flags) \
    _Static_assert(_Generic(((object##_record *)NULL)->member, kw_choice_##list: sizeof(kw_choice_##list)) \
                   == sizeof(int), "member and list of " #object " " key);
#include "sale/fields.def"

struct object {
    const struct field *fields;
    size_t size, pointer;           /* of the record; where its pointer member stands, or NOWHERE */
};
#define NOWHERE SIZE_MAX
#define HAS_POINTER(type) offsetof(type, pointer)
#define NO_POINTER(type) NOWHERE

static const struct object objects[] = {
#define BEGIN(name, type, pointer_) [OBJECT_##name] = { name##_fields, sizeof(type), pointer_(type) },
#include "sale/fields.def"
};

/* ---- telling ------------------------------------------------------------------------------------------------- */

static size_t put_place(const struct place *place, char *out, size_t size)
{
    if (!place->up)
        return 0;
    if (place->pointer) {
        size_t length = strlen(place->pointer);
        memcpy(out, place->pointer, length);
        return length;
    }
    size_t at = put_place(place->up, out, size);
    char number[KW_DIGITS];
    const char *key = place->key ? place->key : kw_digits((int64_t)place->index, number);
    if (at + 1 < size)
        out[at++] = '/';
    for (; *key && at + 3 < size; key++) {
        bool escape = *key == '~' || *key == '/';
        out[at++] = escape ? '~' : (unsigned char)*key < 0x20 || *key == 0x7F ? ' ' : *key;
        if (escape)
            out[at++] = *key == '~' ? '0' : '1';
    }
    return at;
}

static const char *pointer_of(struct reader *reader, const struct place *place)
{
    char text[KW_WHERE_SIZE];
    size_t length = put_place(place, text, sizeof text);
    const char *pointer = kw_arena_copy(reader->arena, text, length);
    reader->no_memory |= !pointer;
    return pointer ? pointer : "";
}

void kw_read_error(struct reader *reader, enum kwit_error code, const struct place *place, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    kw_notes_add_error(reader->errors, code, pointer_of(reader, place), "%s", text);
}

void kw_read_warning(struct reader *reader, enum kwit_warning code, const char *pointer, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (reader->strict)
        kw_notes_add_error(reader->errors, KWIT_E_INVALID, pointer, "%s", text);
    else
        kw_notes_add(reader->warnings, code, pointer, "%s", text);
}

static const char *excerpt(struct reader *reader, struct kw_value *json)
{
    const char *text = kw_clean_excerpt(reader->arena, kw_value_text(json), json->count);
    reader->no_memory |= !text;
    return text ? text : "";
}

const char *kw_read_shape(const struct kw_value *json)
{
    switch (json->kind) {
    case KW_OBJECT: return "an object";
    case KW_ARRAY: return "an array";
    case KW_STRING: return "a string";
    case KW_INTEGER:
    case KW_REAL: return "a number";
    case KW_TRUE:
    case KW_FALSE: return "true or false";
    case KW_NULL: return "null";
    }
    return "something else";
}

/* How a value gets the shape that is wanted; member: one of the object's, where it is one. */
static const char *shape_hint(struct reader *reader, const struct kw_value *json, enum kw_value_kind shape,
                              const char *member)
{
    bool quoted = json->kind == KW_STRING;
    const char *hint = json->kind == KW_NULL ? "; say it, or leave the field out"
        : shape == KW_ARRAY ? "; put it in brackets: [ … ]"
        : shape == KW_STRING && json->kind < KW_ARRAY ? "; put it in quotes"
        : shape == KW_INTEGER && quoted ? "; write it without quotes" : "";
    if (member && json->kind != KW_NULL && json->kind != KW_ARRAY)
        hint = kw_arena_format(reader->arena, "; write it as {\"%s\": …}", member);
    reader->no_memory |= !hint;
    return hint ? hint : "";
}

static void tell_shape(struct reader *reader, struct kw_value *json, enum kw_value_kind shape, const char *wanted,
                       const struct place *place, const char *member)
{
    kw_read_error(reader, KWIT_E_INVALID, place, "is %s where %s is wanted%s", kw_read_shape(json), wanted,
                  shape_hint(reader, json, shape, member));
}

static bool is_shape(struct reader *reader, struct kw_value *json, enum kw_value_kind shape, const char *wanted,
                     const struct place *place)
{
    if (json->kind != shape)
        tell_shape(reader, json, shape, wanted, place, NULL);
    return json->kind == shape;
}

bool kw_read_is_object(struct reader *reader, struct kw_value *json, const struct place *place, const char *member)
{
    if (json->kind != KW_OBJECT)
        tell_shape(reader, json, KW_OBJECT, "an object", place, member);
    return json->kind == KW_OBJECT;
}

bool kw_read_is_array(struct reader *reader, struct kw_value *json, const struct place *place)
{
    return is_shape(reader, json, KW_ARRAY, "an array", place);
}

/* ---- single values ------------------------------------------------------------------------------------------- */

const char *kw_read_text(struct reader *reader, struct kw_value *json, const struct place *place, bool keep_line_ends)
{
    if (!is_shape(reader, json, KW_STRING, "a string", place))
        return NULL;
    bool changed = false;
    size_t length = json->count;
    const char *text = kw_clean_text(reader->arena, kw_value_text(json), length, keep_line_ends, &changed);
    reader->no_memory |= !text;
    if (changed)
        kw_read_warning(reader, KWIT_WARNING_CONTROL_CHARACTER, pointer_of(reader, place),
                        "holds control characters%s; they are printed by name or as spaces",
                        keep_line_ends ? "" : " or line ends");
    return length ? text : NULL;
}

static const char *read_data(struct reader *reader, struct kw_value *json, const struct place *place)
{
    const char *text = kw_read_text(reader, json, place, true);
    if (!text && json->kind == KW_STRING)
        kw_read_error(reader, KWIT_E_INVALID, place, "is empty; leave the whole object out");
    return text;
}

static const char *read_id(struct reader *reader, struct kw_value *json, const struct place *place)
{
    if (!is_shape(reader, json, KW_STRING, "a string", place))
        return NULL;
    bool changed = false;
    const char *value = kw_value_text(json), *text = kw_clean_text(reader->arena, value,
                                                                       json->count, false, &changed);
    reader->no_memory |= !text;
    size_t count = kw_utf8_count(value, json->count);
    if (count < 1 || count > KW_ID_MAX || changed)
        kw_read_error(reader, KWIT_E_INVALID, place, "has %zu characters%s; an id has 1 to %d printable ones", count,
                      changed ? " and control characters among them" : "", KW_ID_MAX);
    return text;
}

/* A decimal string with at most max_places decimals; `what` is for people. */
static struct kw_number read_decimal(struct reader *reader, struct kw_value *json, const struct place *place,
                                     int max_places, const char *what)
{
    struct kw_number number = { 0 };
    char meant[KW_HINT_NUMBER];
    if (json->kind == KW_INTEGER || json->kind == KW_REAL) {
        bool known = kw_hint_real(json->kind == KW_REAL ? json->real : (double)json->integer, max_places, meant);
        kw_read_error(reader, KWIT_E_INVALID, place, "is a JSON number; write the %s as a string%s \"%s\"", what,
                      known ? ":" : " such as", known ? meant : "12.50");
        return number;
    }
    if (!is_shape(reader, json, KW_STRING, "a decimal string", place))
        return number;
    const char *text = kw_value_text(json);
    size_t length = json->count;
    if (kw_decimal_parse(text, length, max_places, &number.value)) {
        number.text = text;
    } else if (kw_decimal_parse(text, length, KW_DECIMAL_PLACES, &number.value)) {
        kw_read_error(reader, KWIT_E_INVALID, place, "\"%s\" has %d decimals where at most %d are allowed",
                      excerpt(reader, json), number.value.places, max_places);
    } else {
        bool guessed = kw_hint_number(text, max_places, meant);
        kw_read_error(reader, KWIT_E_INVALID, place, "\"%s\" is not a decimal %s; write it like \"%s\"",
                      excerpt(reader, json), what, guessed ? meant : max_places ? "12.50" : "1250");
    }
    return number;
}

static const char *read_currency(struct reader *reader, struct kw_value *json, const struct place *place)
{
    const char *text = is_shape(reader, json, KW_STRING, "a string", place) ? kw_value_text(json) : NULL;
    if (!text)
        return NULL;
    if (strlen(text) == json->count && kw_currency_exponent(text) >= 0)
        return text;
    char code[4] = "EUR";
    const char *signs = kw_currency_of_sign(text);
    for (int i = 0; (signs || json->count == 3) && i < 3; i++)
        code[i] = signs ? signs[i] : (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 'a' + 'A' : text[i]);
    kw_read_error(reader, KWIT_E_INVALID, place, "\"%s\" is not a currency of ISO 4217 such as \"%s\"",
                  excerpt(reader, json), kw_currency_exponent(code) >= 0 ? code : "EUR");
    return NULL;
}

static const char *read_date(struct reader *reader, struct kw_value *json, const struct place *place)
{
    struct kw_time time;
    char probe[40];
    const char *text = is_shape(reader, json, KW_STRING, "a string", place) ? kw_value_text(json) : NULL;
    if (!text)
        return NULL;
    snprintf(probe, sizeof probe, "%.10sT00:00:00Z", text);
    if (json->count == 10 && kw_time_parse(probe, &time))
        return text;
    kw_read_error(reader, KWIT_E_INVALID, place, "\"%s\" is not a date such as \"2026-12-31\"", excerpt(reader, json));
    return NULL;
}

static char read_level(struct reader *reader, struct kw_value *json, const struct place *place)
{
    if (!is_shape(reader, json, KW_STRING, "a string", place))
        return 0;
    const char *text = kw_value_text(json);
    if (json->count == 1 && strchr("LMQH", text[0]))
        return text[0];
    kw_read_error(reader, KWIT_E_INVALID, place, "\"%s\" is not an error level: L, M, Q or H", excerpt(reader, json));
    return 0;
}

static bool read_bool(struct reader *reader, struct kw_value *json, const struct place *place)
{
    if (json->kind != KW_TRUE && json->kind != KW_FALSE)
        is_shape(reader, json, KW_TRUE, "true or false", place);
    return json->kind == KW_TRUE;
}

static int read_integer(struct reader *reader, struct kw_value *json, const struct place *place, enum field_type type)
{
    static const struct { int least, most; } ranges[] = {
        [TYPE_MILLIMETRES] = { 1, 200 }, [TYPE_TIMES] = { 1, 8 }, [TYPE_COLUMNS] = { 1, 128 }, [TYPE_FEED] = { 1, 50 },
    };
    int least = ranges[type].least, most = ranges[type].most;
    if (!is_shape(reader, json, KW_INTEGER, "a whole number", place))
        return 0;
    int64_t value = json->integer;
    if (value >= least && value <= most)
        return (int)value;
    kw_read_error(reader, KWIT_E_INVALID, place, "%lld is not between %d and %d", (long long)value, least, most);
    return 0;
}

/* The number of the word in its list, or -1 when it was refused. */
static int read_word(struct reader *reader, struct kw_value *json, const struct place *place, const char *const *words)
{
    if (!is_shape(reader, json, KW_STRING, "a string", place))
        return -1;
    const char *text = kw_value_text(json);
    for (int i = 0; words[i]; i++)
        if (*words[i] && strcmp(words[i], text) == 0 && strlen(text) == json->count)
            return i;
    char list[240];
    const char *meant = NULL;
    size_t at = 0, best = SIZE_MAX;
    for (int i = 0; words[i] && at < sizeof list; i++) {
        at += *words[i] ? (size_t)snprintf(list + at, sizeof list - at, "%s%s", at ? ", " : "", words[i]) : 0;
        meant = *words[i] && kw_near(text, words[i], &best) ? words[i] : meant;
    }
    const char *slip = kw_hint_word(text);
    for (int i = 0; slip && words[i]; i++)
        meant = strcmp(words[i], slip) == 0 ? slip : meant;
    kw_read_error(reader, KWIT_E_INVALID, place, "\"%s\" is none of: %s%s%s%s", excerpt(reader, json), list,
                  meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
    return -1;
}

/* ---- arrays -------------------------------------------------------------------------------------------------- */

void *kw_read_room(struct reader *reader, struct kw_value *array, size_t size)
{
    size_t count = array->count;
    void *items = count ? kw_arena_array(reader->arena, count, size) : NULL;
    reader->no_memory |= count && !items;
    return items;
}

/* What a field means that is not there. */
static void set_defaults(enum object_id object, void *record)
{
    if (object == OBJECT_code)
        ((struct kw_code *)record)->text = true;
    else if (object == OBJECT_payment)
        ((struct kw_payment *)record)->type = KW_PAY_OTHER;
    else if (object == OBJECT_fiscal)
        ((struct kw_fiscal *)record)->place = KW_PLACE_BOTTOM;
}

/* Lines are counted with their children; false when there are too many or they nest too deep. */
static bool count_lines(struct reader *reader, const struct place *place, size_t count)
{
    enum { CHILD_DEPTH = 8 };
    reader->line_count += count;
    if (reader->line_count > KW_SALE_MAX_LINES)
        kw_read_error(reader, KWIT_E_TOO_LARGE, place, "makes more than %d lines; split the document",
                      KW_SALE_MAX_LINES);
    else if (reader->child_depth > CHILD_DEPTH)
        kw_read_error(reader, KWIT_E_TOO_LARGE, place, "is nested more than %d deep", CHILD_DEPTH);
    else
        return true;
    return false;
}

static void read_list(struct reader *reader, const struct field *field, struct kw_value *json,
                      const struct place *place, unsigned char *record)
{
    const struct object *object = &objects[field->child];
    if (!kw_read_is_array(reader, json, place))
        return;
    if (field->child == OBJECT_line && !count_lines(reader, place, json->count))
        return;
    unsigned char *items = json->count ? kw_arena_unset(reader->arena, json->count, object->size) : NULL;
    size_t count = items ? json->count : 0;
    reader->no_memory |= json->count && !items;
    reader->child_depth += field->child == OBJECT_line;
    const struct place list = { place->up, place->key, place->index, pointer_of(reader, place) };
    struct kw_value *element = json->first;
    for (size_t i = 0; i < count; i++, element = element->next) {
        struct place here = { .up = &list, .index = i };
        unsigned char *item = memset(items + i * object->size, 0, object->size);      /* one by one, as it is filled */
        kw_read_object(reader, field->child, element, &here, item);
    }
    reader->child_depth -= field->child == OBJECT_line;
    memcpy(record + field->offset, &items, sizeof items);
    memcpy(record + field->count_offset, &count, sizeof count);
}

static void read_texts(struct reader *reader, const struct field *field, struct kw_value *json,
                       const struct place *place, unsigned char *record)
{
    if (!kw_read_is_array(reader, json, place))
        return;
    const char **items = kw_read_room(reader, json, sizeof *items);
    size_t count = 0;
    for (struct kw_value *element = items ? json->first : NULL; element; element = element->next) {
        struct place here = { .up = place, .index = count };
        const char *text = kw_read_text(reader, element, &here, field->flags == TYPE_LINES);
        items[count++] = text ? text : "";
    }
    memcpy(record + field->offset, &items, sizeof items);
    memcpy(record + field->count_offset, &count, sizeof count);
}

/* ---- objects ------------------------------------------------------------------------------------------------- */

static void store(unsigned char *target, const void *value, size_t size)
{
    memcpy(target, value, size);
}

#define STORE(value) store(target, &(value), sizeof(value))

/* What is needed and empty stays there: a line without a name still has its amount. */
static void read_text_field(struct reader *reader, const struct field *field, struct kw_value *json,
                            const struct place *place, unsigned char *target)
{
    enum field_type type = field->type;
    const char *text = type == TYPE_ID ? read_id(reader, json, place)
        : type == TYPE_DATA ? read_data(reader, json, place)
        : type == TYPE_CURRENCY ? read_currency(reader, json, place)
        : type == TYPE_DATE ? read_date(reader, json, place)
        : kw_read_text(reader, json, place, type == TYPE_LINES);
    if (!text && field->flags == REQUIRED && (type == TYPE_TEXT || type == TYPE_LINES))
        text = "";
    STORE(text);
}

static void read_number_field(struct reader *reader, enum field_type type, struct kw_value *json,
                              const struct place *place, unsigned char *target)
{
    enum { PRICE_PLACES = 4 };
    struct kw_number number = type == TYPE_QUANTITY
        ? read_decimal(reader, json, place, KW_DECIMAL_PLACES, "quantity")
        : read_decimal(reader, json, place, type == TYPE_AMOUNT ? reader->exponent : PRICE_PLACES, "amount");
    if ((type == TYPE_AMOUNT || type == TYPE_PRICE) && number.text && number.value.places > reader->decimals_given)
        reader->decimals_given = number.value.places;
    STORE(number);
}

static void read_word_field(struct reader *reader, const struct field *field, struct kw_value *json,
                            const struct place *place, unsigned char *target)
{
    int number = read_word(reader, json, place, field->words);
    if (number < 0)
        return;
    if (field->type == TYPE_WORD)
        STORE(field->words[number]);
    else
        STORE(number);
}

static void read_field(struct reader *reader, const struct field *field, struct kw_value *json,
                       const struct place *place, unsigned char *record)
{
    unsigned char *target = record + field->offset;
    switch ((enum field_type)field->type) {
    case TYPE_TEXT: case TYPE_LINES: case TYPE_DATA: case TYPE_ID: case TYPE_CURRENCY: case TYPE_DATE:
        read_text_field(reader, field, json, place, target);
        break;
    case TYPE_AMOUNT: case TYPE_PRICE: case TYPE_QUANTITY: case TYPE_FOREIGN:
        read_number_field(reader, field->type, json, place, target);
        break;
    case TYPE_BOOL:
        *(bool *)target = read_bool(reader, json, place);
        break;
    case TYPE_LEVEL:
        *(char *)target = read_level(reader, json, place);
        break;
    case TYPE_MILLIMETRES: case TYPE_TIMES: case TYPE_COLUMNS: case TYPE_FEED: {
        int number = read_integer(reader, json, place, field->type);
        STORE(number);
        break;
    }
    case TYPE_CHOICE: case TYPE_WORD:
        read_word_field(reader, field, json, place, target);
        break;
    case TYPE_INSIDE:
        kw_read_object(reader, field->child, json, place, record);
        break;
    case TYPE_LIST:
        read_list(reader, field, json, place, record);
        break;
    case TYPE_TEXTS:
        read_texts(reader, field, json, place, record);
        break;
    case TYPE_SPECIAL:
        field->special(reader, json, place, record, target);
        break;
    }
}

static const struct field *find_field(const struct field *fields, const char *key)
{
    for (; fields->key; fields++)
        if (fields->key[0] == key[0] && strcmp(fields->key, key) == 0)
            return fields;
    return NULL;
}

/* The field that an unknown one was probably meant to be; NULL: none. */
static const char *meant_field(enum object_id object, const char *written)
{
    const char *meant = kw_hint_field(object, written);
    size_t best = meant ? 0 : SIZE_MAX;
    for (const struct field *field = objects[object].fields; field->key; field++)
        if (kw_near(written, field->key, &best))
            meant = field->key;
    return meant;
}

void kw_read_missing(struct reader *reader, enum object_id object, struct kw_value *json, const struct place *place,
                     const char *key, const char *why)
{
    const char *written = NULL;
    bool inside = false;
    for (struct kw_value *member = json->first; member && !written; member = member->next) {
        bool known = find_field(objects[object].fields, member->key) != NULL;
        const char *meant = known ? NULL : meant_field(object, member->key);
        inside = !known && member->kind == KW_OBJECT && kw_value_get(member, key);
        written = inside || (meant && strcmp(meant, key) == 0)
            ? kw_clean_excerpt(reader->arena, member->key, strlen(member->key)) : NULL;
    }
    kw_read_error(reader, KWIT_E_INVALID, &(struct place){ .up = place, .key = key }, "is missing and %s%s%s%s", why,
                  !written ? "" : inside ? "; it stands inside `" : "; it is called so, and not `",
                  written ? written : "", !written ? "" : inside ? "`: hand over what is in that" : "`");
}

/* What an object says of itself when it says one thing: its name, where it has one. */
static const char *first_member(enum object_id object)
{
    const struct field *fields = objects[object].fields, *name = find_field(fields, "name");
    return name ? name->key : fields->key;
}

static void tell_unknown(struct reader *reader, enum object_id object, const struct place *place)
{
    const char *meant = meant_field(object, place->key);
    kw_read_warning(reader, KWIT_WARNING_UNKNOWN_FIELD, pointer_of(reader, place),
                    meant ? "is not a field of the format; did you mean `%s`?"
                    : "is not a field of the format; free keys begin with x_", meant);
}

static void tell_missing(struct reader *reader, enum object_id object, struct kw_value *json,
                         const struct place *place, uint64_t seen)
{
    for (const struct field *field = objects[object].fields; field->key; field++, seen >>= 1)
        if (field->flags == REQUIRED && field->type != TYPE_TEXTS && !(seen & 1))
            kw_read_missing(reader, object, json, place, field->key, "needed");
}

void kw_read_object(struct reader *reader, enum object_id object, struct kw_value *json, const struct place *place,
                    void *target)
{
    const struct object *shape = &objects[object];
    if (!kw_read_is_object(reader, json, place, first_member(object)))
        return;
    set_defaults(object, target);
    if (shape->pointer != NOWHERE) {
        const char *pointer = pointer_of(reader, place);
        memcpy((unsigned char *)target + shape->pointer, &pointer, sizeof pointer);
    }
    uint64_t seen = 0;                          /* which of its fields, the first of them lowest */
    for (struct kw_value *member = json->first; member; member = member->next) {
        struct place here = { .up = place, .key = member->key };
        const struct field *field = find_field(shape->fields, member->key);
        seen |= field ? (uint64_t)1 << (field - shape->fields) : 0;
        if (field)
            read_field(reader, field, member, &here, target);
        else if (strncmp(member->key, "x_", 2) != 0)
            tell_unknown(reader, object, &here);
    }
    tell_missing(reader, object, json, place, seen);
}
