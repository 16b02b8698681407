/* test_value.c - the reader of JSON against another one: what both take is the same, and neither takes more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/error.h"
#include "base/value.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 32 };

static bool same(const struct kw_value *ours, json_t *theirs);

static bool same_array(const struct kw_value *ours, json_t *theirs)
{
    const struct kw_value *element = ours->first;
    bool good = ours->count == json_array_size(theirs);
    for (size_t i = 0; good && i < ours->count; i++, element = element->next)
        good = element && same(element, json_array_get(theirs, i));
    return good && !element;
}

/* In the order of the text, and each behind its smaller in the sorted list. */
static bool same_object(const struct kw_value *ours, json_t *theirs)
{
    const struct kw_value *member = ours->first;
    const char *key;
    json_t *value;
    if (ours->count != json_object_size(theirs))
        return false;
    json_object_foreach(theirs, key, value) {
        if (!member || strcmp(member->key, key) != 0 || !same(member, value) || kw_value_get(ours, key) != member)
            return false;
        member = member->next;
    }
    for (size_t i = 1; i < ours->count; i++)
        if (strcmp(ours->sorted[i - 1]->key, ours->sorted[i]->key) >= 0)
            return false;
    return !member;
}

static bool same(const struct kw_value *ours, json_t *theirs)
{
    switch (ours->kind) {
    case KW_NULL: return json_is_null(theirs);
    case KW_FALSE: return json_is_false(theirs);
    case KW_TRUE: return json_is_true(theirs);
    case KW_INTEGER: return json_is_integer(theirs) && ours->integer == json_integer_value(theirs);
    case KW_REAL: return json_is_real(theirs) && ours->real == json_real_value(theirs);
    case KW_STRING:
        return json_is_string(theirs) && ours->count == json_string_length(theirs)
            && memcmp(ours->text, json_string_value(theirs), ours->count + 1) == 0;
    case KW_ARRAY: return json_is_array(theirs) && same_array(ours, theirs);
    case KW_OBJECT: return json_is_object(theirs) && same_object(ours, theirs);
    }
    return false;
}

/* The text stands in memory of exactly its length, so that a reader that goes on is seen. */
static void compare(const char *text, size_t length)
{
    struct kw_arena *arena = kw_arena_new(16 << 20);
    char *exact = malloc(length + (length == 0));
    assert_non_null(exact);
    memcpy(exact, text, length);
    json_error_t error;
    json_t *theirs = json_loadb(exact, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY, &error);
    struct kw_value *ours = NULL;
    struct kw_value_fault fault = { 0 };
    int code = kw_value_read(arena, exact, length, DEPTH, &ours, &fault);
    if ((code == 0) != (theirs != NULL))
        fail_msg("%.*s: we say %d (%s at %zu), they say %s", (int)length, text, code, code ? fault.text : "good",
                 fault.offset, theirs ? "good" : error.text);
    if (code == 0 && !same(ours, theirs))
        fail_msg("%.*s is read as something else", (int)length, text);
    assert_true(code == 0 || fault.offset <= length);
    if (!theirs)
        assert_int_equal(code == KWIT_E_INVALID, json_error_code(&error) == json_error_duplicate_key);
    json_decref(theirs);
    free(exact);
    kw_arena_free(arena);
}

static const char *const texts[] = {
    "", " ", "{", "[", "]", "{}", "[]", " [ ] ", "[[]]", "{\"a\":{}}", "[1,2,3]", "[1,]", "[,1]", "[1 2]", "{,}",
    "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{'a':1}", "null", "true", "false", "nul", "nullx", "tru", "True",
    "[true,false,null]", "[nulltrue]", "0", "-0", "-", "+1", "01", "-01", "1.", ".5", "1.5", "-1.5e3", "1e5",
    "1E+5", "1e-5", "1e", "1e+", "1.e5", "0.0", "0e0", "1e400", "-1e400", "1e-400", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "0x10", "NaN", "Infinity", "\"\"", "\"a",
    "\"\\\"\"", "\"\\\\\"", "\"\\/\\b\\f\\n\\r\\t\"", "\"\\x\"", "\"\\", "\"\\u", "\"\\u00", "\"\\u00e9\"",
    "\"\\u00E9\"", "\"\\u00g0\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"",
    "\"\\ud83dx\"", "\"\\ud83d\\n\"", "\"\\ud83d\\u0041\"", "\"\\ude00\"", "\"\\ud83d\\ud83d\"", "\"\\uFFFF\"",
    "\"\xC3\xA9\"", "\"\xC3\"", "\"\xA9\"", "\"\xC0\x80\"", "\"\xED\xA0\x80\"", "\"\xF4\x90\x80\x80\"",
    "\"\xF0\x9F\x98\x80\"", "\"\xEF\xBF\xBD\"", "\"\xEF\xBF\xBF\"", "\"\t\"", "\"\n\"", "\"\x7F\"", "\"\x1F\"",
    "{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":2,\"\\u0061\":3}", "{\"\":1}", "{\"\":1,\"\":2}", "{\"a\\u0000\":1}",
    "{\"a\":1}}", "{} {}", "[] x", "// a\n1", "/**/1", "1 // a", "\xEF\xBB\xBF{}",
    "{\"b\":1,\"a\":2,\"c\":[{\"z\":1,\"y\":2}]}", "\f1", "\v1", "[1\n,\r2\t]", "\"", "{\"a\":1 \"b\":2}",
    "[\"a\":1]", "{\"a\",1}", "{1:2}", "{null:1}", "[-]", "[--1]", "[1.2.3]", "[1e5e5]", "\"\xE2\x82\xAC\xE2\x82\"",
};

static void single_texts_are_read_as_by_another_reader(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        compare(texts[i], strlen(texts[i]));
    compare("\"a\0b\"", 5);
    compare("[\0]", 3);
}

/* Each byte of a document in turn left out, doubled, and put in the place of others. */
static void bent_texts_are_read_as_by_another_reader(void **state)
{
    (void)state;
    static const char document[] = "{\"kwit\":1,\"t\":\"\\u00e9\\ud83d\\ude00\xC5\xBB\\n\","
                                   "\"l\":[{\"n\":-1.5e3,\"t\":true},null,[]],\"z\":{}}";
    static const char bytes[] = "{}[]\",:\\0-9.eu \n\x01\x80\xC3z";
    char bent[sizeof document + 1];
    size_t length = sizeof document - 1;
    compare(document, length);
    for (size_t i = 0; i < length; i++) {
        memcpy(bent, document, i);
        memcpy(bent + i, document + i + 1, length - i - 1);
        compare(bent, length - 1);
        compare(document, i);
        memcpy(bent + i + 1, document + i, length - i);
        for (const char *byte = bytes; *byte; byte++) {
            bent[i] = *byte;
            compare(bent, length + 1);
        }
    }
}

/* More keys than are put in order one by one, in an order that is neither. */
static void many_keys_are_sorted_and_compared(void **state)
{
    (void)state;
    enum { KEYS = 1000 };
    char text[KEYS * 12 + 40], *at = text;
    for (int count = 10; count <= KEYS; count *= 10) {
        at = text + sprintf(text, "{");
        for (int i = 0; i < count; i++)
            at += sprintf(at, "%s\"k%d\":%d", i ? "," : "", (i * 7919) % count, i);
        strcpy(at, "}");
        compare(text, (size_t)(at - text) + 1);
        sprintf(at, ",\"k3\":0,\"k1\":0}");
        compare(text, strlen(text));
    }
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_value *value;
    struct kw_value_fault fault;
    assert_int_equal(kw_value_read(arena, text, strlen(text), DEPTH, &value, &fault), KWIT_E_INVALID);
    assert_int_equal(fault.offset, (size_t)(at - text) + 5);
    kw_arena_free(arena);
}

/* The other one does not see it. */
static void a_nul_behind_the_end_is_refused(void **state)
{
    (void)state;
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_value *value;
    struct kw_value_fault fault;
    assert_int_equal(kw_value_read(arena, "1\0", 2, DEPTH, &value, &fault), KWIT_E_SYNTAX);
    assert_int_equal(fault.offset, 1);
    kw_arena_free(arena);
}

static void depth_and_memory_have_their_ends(void **state)
{
    (void)state;
    char text[2 * DEPTH + 3];
    struct kw_value *value;
    struct kw_value_fault fault;
    for (int depth = DEPTH; depth <= DEPTH + 1; depth++) {
        struct kw_arena *arena = kw_arena_new(1 << 20);
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        assert_int_equal(kw_value_read(arena, text, 2 * (size_t)depth, DEPTH, &value, &fault),
                         depth > DEPTH ? KWIT_E_TOO_LARGE : 0);
        kw_arena_free(arena);
    }
    assert_int_equal(fault.offset, DEPTH);
    struct kw_arena *small = kw_arena_new(20000);
    char *long_text = calloc(1, 20000);
    assert_non_null(long_text);
    memset(long_text, '[', 1);
    for (int i = 0; i < 4000; i++)
        memcpy(long_text + 1 + 2 * i, "1,", 2);
    assert_int_equal(kw_value_read(small, long_text, 8001, DEPTH, &value, &fault), KWIT_E_NO_MEMORY);
    free(long_text);
    kw_arena_free(small);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_texts_are_read_as_by_another_reader),
        cmocka_unit_test(bent_texts_are_read_as_by_another_reader),
        cmocka_unit_test(many_keys_are_sorted_and_compared),
        cmocka_unit_test(a_nul_behind_the_end_is_refused),
        cmocka_unit_test(depth_and_memory_have_their_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
