/*
 * test_sale_schema.c - the JSON Schema and the parser's rows say the same: objects, keys, needs, types, closed lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "sale/words.h"

enum { REQUIRED = 1 };

/* What a row promises: the way it is written, the type or child it names, its words. */
struct row { const char *object, *key, *way, *of; const char *const *words; int flags; };

static const struct row rows[] = {
#define FIELD(object, key, type, member, flags) { #object, key, "value", #type, NULL, flags },
#define INSIDE(object, key, child) { #object, key, "inside", #child, NULL, 0 },
#define LIST(object, key, child, items, count, flags) { #object, key, "list", #child, NULL, flags },
#define TEXTS(object, key, type, items, count) { #object, key, "texts", #type, NULL, 0 },
#define CHOICE(object, key, words, member, flags) { #object, key, "words", #words, kw_words_##words, flags },
#define WORD(object, key, words, member, flags) { #object, key, "words", #words, kw_words_##words, flags },
#define SPECIAL(object, key, function, member) { #object, key, "special", #function, NULL, 0 },
#include "sale/fields.def"
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static const char *const objects[] = {
#define BEGIN(name, type, pointer) #name,
#include "sale/fields.def"
};

static int load_schema(void **state)
{
    json_error_t error;
    *state = json_load_file("include/kwit/sale.schema.json", JSON_REJECT_DUPLICATES, &error);
    return *state ? 0 : -1;
}

static int free_schema(void **state)
{
    json_decref(*state);
    return 0;
}

static json_t *definition(json_t *schema, const char *object)
{
    json_t *found = strcmp(object, "sale") == 0 ? schema : json_object_get(json_object_get(schema, "$defs"), object);
    if (!found)
        fail_msg("the schema has no definition of %s", object);
    return found;
}

static const struct row *find_row(const char *object, const char *key)
{
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].object, object) == 0 && strcmp(rows[i].key, key) == 0)
            return &rows[i];
    return NULL;
}

static void every_key_of_the_schema_has_a_row(void **state)
{
    for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
        const char *key;
        json_t *value, *shape = definition(*state, objects[i]);
        json_object_foreach(json_object_get(shape, "properties"), key, value)
            if (!find_row(objects[i], key))
                fail_msg("%s: %s is in the schema, but the parser has no row for it", objects[i], key);
        assert_true(json_is_false(json_object_get(shape, "additionalProperties")));
        assert_non_null(json_object_get(json_object_get(shape, "patternProperties"), "^x_"));
    }
}

static void every_row_has_a_key_in_the_schema(void **state)
{
    for (size_t i = 0; i < ROWS; i++)
        if (!json_object_get(json_object_get(definition(*state, rows[i].object), "properties"), rows[i].key))
            fail_msg("%s: %s is read, but not in the schema", rows[i].object, rows[i].key);
}

static bool is_required(json_t *schema, const struct row *row)
{
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(definition(schema, row->object), "required"), i, name)
        if (strcmp(json_string_value(name), row->key) == 0)
            return true;
    return false;
}

static void what_is_needed_is_the_same(void **state)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        if (strcmp(row->way, "special") != 0 && is_required(*state, row) != (row->flags == REQUIRED))
            fail_msg("%s: %s is needed in one of parser and schema only", row->object, row->key);
    }
}

static void assert_reference(json_t *property, const struct row *row, const char *name)
{
    char wanted[80];
    const char *found = json_string_value(json_object_get(property, "$ref"));
    snprintf(wanted, sizeof wanted, "#/$defs/%s", name);
    if (!found || strcmp(found, wanted) != 0)
        fail_msg("%s: %s is %s in the schema, %s in the parser", row->object, row->key, found ? found : "?", wanted);
}

/* "AMOUNT" is #/$defs/amount, and integers, booleans and levels are said in place. */
static void assert_value(json_t *property, const struct row *row)
{
    char name[40];
    const char *type = json_string_value(json_object_get(property, "type"));
    size_t length = strlen(row->of);
    for (size_t i = 0; i <= length; i++)
        name[i] = (char)(row->of[i] >= 'A' && row->of[i] <= 'Z' ? row->of[i] + 32 : row->of[i]);
    if (strcmp(name, "bool") == 0)
        assert_string_equal(type, "boolean");
    else if (strcmp(name, "level") == 0)
        assert_int_equal(json_array_size(json_object_get(property, "enum")), 4);
    else if (strstr("millimetres times columns feed", name))
        assert_string_equal(type, "integer");
    else if (strcmp(name, "id") == 0)
        assert_int_equal(json_integer_value(json_object_get(property, "maxLength")), 128);
    else
        assert_reference(property, row, name);
}

static void assert_words(json_t *property, const struct row *row)
{
    json_t *list = json_object_get(property, "enum");
    size_t count = 0;
    for (const char *const *word = row->words; *word; word++) {
        size_t i;
        json_t *value;
        bool found = false;
        json_array_foreach(list, i, value)
            found = found || strcmp(json_string_value(value), *word) == 0;
        if (**word && !found)
            fail_msg("%s: %s takes %s, which the schema does not know", row->object, row->key, *word);
        count += **word != 0;
    }
    assert_int_equal(json_array_size(list), count);
}

static void types_and_words_are_the_same(void **state)
{
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &rows[i];
        json_t *property = json_object_get(json_object_get(definition(*state, row->object), "properties"), row->key);
        if (strcmp(row->way, "value") == 0)
            assert_value(property, row);
        else if (strcmp(row->way, "inside") == 0)
            assert_reference(property, row, row->of);
        else if (strcmp(row->way, "list") == 0)
            assert_reference(json_object_get(property, "items"), row, row->of);
        else if (strcmp(row->way, "texts") == 0)
            assert_reference(json_object_get(property, "items"), row, strcmp(row->of, "LINES") ? "text" : "lines");
        else if (strcmp(row->way, "words") == 0)
            assert_words(property, row);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_of_the_schema_has_a_row),
        cmocka_unit_test(every_row_has_a_key_in_the_schema),
        cmocka_unit_test(what_is_needed_is_the_same),
        cmocka_unit_test(types_and_words_are_the_same),
    };
    return cmocka_run_group_tests(tests, load_schema, free_schema);
}
