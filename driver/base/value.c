/* value.c - one walk over a copy of the text, in which strings are unescaped and ended where they stand. */
#include "base/value.h"
#include "base/eight.h"
#include "base/error.h"
#include "base/plain.h"
#include "base/utf8.h"
#include "base/value_slips.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct walk {
    struct kw_arena *arena;
    char *start, *at, *end;         /* of the copy; a NUL stands at its end */
    int depth, max_depth;
    int code;                       /* 0 until something is wrong */
    bool nul;                       /* a string so far holds one, which an escape alone can say */
    struct kw_value_fault *fault;
};

static void *fail(struct walk *walk, int code, const char *text)
{
    if (walk->code == 0) {
        walk->code = code;
        *walk->fault = (struct kw_value_fault){ (size_t)(walk->at - walk->start), text };
    }
    return NULL;
}

static void *no_memory(struct walk *walk)
{
    return fail(walk, KWIT_E_NO_MEMORY, "out of memory");
}

static void *in_string(struct walk *walk, const char *text)
{
    return fail(walk, KWIT_E_SYNTAX, walk->at == walk->end ? "the text ends here, unfinished" : text);
}

static void *syntax(struct walk *walk, const char *wanted)
{
    return in_string(walk, kw_value_slip(walk->at, wanted));
}

static void skip_blanks(struct walk *walk)
{
    char *at = walk->at;
    while ((unsigned char)*at <= ' ' && (*at == ' ' || *at == '\t' || *at == '\n' || *at == '\r'))
        at++;
    walk->at = at;
}

/* ---- strings ------------------------------------------------------------------------------------------------- */

static bool read_hex(struct walk *walk, uint32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, walk->at++) {
        char byte = *walk->at;
        unsigned digit = byte >= '0' && byte <= '9' ? (unsigned)(byte - '0')
            : byte >= 'a' && byte <= 'f' ? (unsigned)(byte - 'a') + 10
            : byte >= 'A' && byte <= 'F' ? (unsigned)(byte - 'A') + 10 : 16;
        if (digit > 15)
            return in_string(walk, "four hexadecimal digits are wanted behind \\u");
        *code = *code << 4 | digit;
    }
    return true;
}

/* From behind `\u` to behind the last of its digits, those of a second half included. */
static bool read_code(struct walk *walk, uint32_t *code)
{
    uint32_t low;
    if (!read_hex(walk, code))
        return false;
    if (*code < 0xD800 || *code > 0xDFFF)
        return true;
    if (*code > 0xDBFF || walk->at[0] != '\\' || walk->at[1] != 'u')
        return in_string(walk, "half of a character (\\uD800 to \\uDFFF) stands without its other half");
    walk->at += 2;
    if (!read_hex(walk, &low))
        return false;
    if (low < 0xDC00 || low > 0xDFFF)
        return in_string(walk, "half of a character (\\uD800 to \\uDFFF) stands without its other half");
    *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

/* What a backslash begins becomes what it stands for; no escape is shorter than that. */
static bool unescape(struct walk *walk, char **out)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    uint32_t code;
    char letter = *++walk->at;
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (found) {
        *(*out)++ = meanings[found - letters];
        walk->at++;
        return true;
    }
    if (letter != 'u')
        return in_string(walk, kw_value_slip_escape(walk->arena, walk->at));
    walk->at++;
    if (!read_code(walk, &code))
        return false;
    walk->nul |= code == 0;
    *out += kw_utf8_put(*out, code);
    return true;
}

static bool copy_character(struct walk *walk, char **out)
{
    size_t length = 0;
    if (kw_utf8_next(walk->at, (size_t)(walk->end - walk->at), &length) == KW_REPLACEMENT
        && !kw_utf8_valid(walk->at, length))
        return in_string(walk, "these bytes are not UTF-8");
    memmove(*out, walk->at, length);
    *out += length;
    walk->at += length;
    return true;
}

/* From behind the opening quote to behind the closing one. */
static const char *read_string(struct walk *walk, size_t *length)
{
    char *start = walk->at, *out = walk->at += kw_eight_quotable(walk->at, (size_t)(walk->end - walk->at));
    while (*walk->at != '"') {
        unsigned char byte = (unsigned char)*walk->at;
        if (byte < 0x20)
            return in_string(walk, kw_value_slip_control(walk->arena, byte));
        if (byte < 0x80 && byte != '\\')
            *out++ = *walk->at++;
        else if (!(byte == '\\' ? unescape(walk, &out) : copy_character(walk, &out)))
            return NULL;
    }
    walk->at++;
    *out = 0;
    *length = (size_t)(out - start);
    return start;
}

/* ---- numbers ------------------------------------------------------------------------------------------------- */

static bool skip_digits(struct walk *walk)
{
    if (*walk->at < '0' || *walk->at > '9')
        return syntax(walk, "a digit is wanted here");
    while (*walk->at >= '0' && *walk->at <= '9')
        walk->at++;
    return true;
}

/* Moves behind the number; *real tells whether it has decimals or an exponent. */
static bool skip_number(struct walk *walk, bool *real)
{
    walk->at += *walk->at == '-';
    if (*walk->at == '0' && walk->at[1] >= '0' && walk->at[1] <= '9')
        return syntax(walk, "a number begins with no 0 but its only one; what is no number is a string in double quotes");
    if (*walk->at == '0')
        walk->at++;
    else if (!skip_digits(walk))
        return false;
    *real = *walk->at == '.' || *walk->at == 'e' || *walk->at == 'E';
    if (*walk->at == '.' && (walk->at++, !skip_digits(walk)))
        return false;
    if (*walk->at == 'e' || *walk->at == 'E') {
        walk->at++;
        walk->at += *walk->at == '+' || *walk->at == '-';
        return skip_digits(walk);
    }
    return true;
}

static bool read_real(struct walk *walk, const char *text, double *real)
{
    *real = kw_plain_real(text, NULL);
    return isfinite(*real) || fail(walk, KWIT_E_SYNTAX, "the number is too large");
}

static bool read_number(struct walk *walk, struct kw_value *value)
{
    const char *text = walk->at;
    bool real;
    if (!skip_number(walk, &real))
        return false;
    value->kind = real ? KW_REAL : KW_INTEGER;
    if (real)
        return read_real(walk, text, &value->real);
    errno = 0;
    value->integer = strtoll(text, NULL, 10);
    return errno != ERANGE || fail(walk, KWIT_E_SYNTAX, "the number is too large");
}

/* ---- arrays and objects -------------------------------------------------------------------------------------- */

static struct kw_value *read_value(struct walk *walk);

/* What stands behind an element where a comma or the bracket is wanted, and is neither. */
static const char *wanted_behind(const struct walk *walk, enum kw_value_kind element, bool object)
{
    unsigned char byte = (unsigned char)*walk->at;
    if (byte == '"' || byte == '{')
        return "a comma is missing in front of this";
    if (element == KW_STRING && (byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte | 0x20) >= 'a'))
        return object ? "a comma or } is wanted here; where the string in front goes on, a quote inside it is written \\\""
            : "a comma or ] is wanted here; where the string in front goes on, a quote inside it is written \\\"";
    return object ? "a comma or } is wanted here" : "a comma or ] is wanted here";
}

/* Whether another element follows the one that was read; moves behind the comma or the bracket. */
static bool more(struct walk *walk, char close, enum kw_value_kind element)
{
    skip_blanks(walk);
    if (*walk->at != ',' && *walk->at != close)
        return syntax(walk, wanted_behind(walk, element, close == '}'));
    return *walk->at++ == ',';
}

static struct kw_value *read_member(struct walk *walk)
{
    size_t length;
    skip_blanks(walk);
    if (*walk->at != '"')
        return syntax(walk, "a key in double quotes is wanted here");
    walk->at++;
    const char *key = read_string(walk, &length);
    if (key && walk->nul && strlen(key) != length)
        return syntax(walk, "a key holds the character \\u0000");
    skip_blanks(walk);
    if (walk->code == 0 && *walk->at != ':')
        return syntax(walk, "a colon is wanted behind the key");
    walk->at++;
    struct kw_value *value = walk->code == 0 ? read_value(walk) : NULL;
    if (value)
        value->key = key;
    return value;
}

/* Most keys of one object differ in their first byte. */
static int compare_keys(const char *left, const char *right)
{
    int first = (unsigned char)*left - (unsigned char)*right;
    return first ? first : strcmp(left, right);
}

static int compare_members(const void *a, const void *b)
{
    const struct kw_value *left = *(struct kw_value *const *)a, *right = *(struct kw_value *const *)b;
    int order = compare_keys(left->key, right->key);
    return order ? order : (left->key > right->key) - (left->key < right->key);
}

/* Most objects have few members, in which each finds its place faster by itself. */
static void sort_members(struct kw_value **members, size_t count)
{
    enum { FEW = 16 };
    if (count > FEW)
        qsort(members, count, sizeof *members, compare_members);
    for (size_t i = 1; count <= FEW && i < count; i++) {
        struct kw_value *member = members[i];
        size_t at = i;
        for (; at > 0 && compare_keys(members[at - 1]->key, member->key) > 0; at--)
            members[at] = members[at - 1];
        members[at] = member;
    }
}

/* The first key of the text that stood before. */
static bool find_twice(struct walk *walk, struct kw_value **sorted, size_t count)
{
    const char *twice = NULL;
    for (size_t i = 1; i < count; i++)
        if (compare_keys(sorted[i - 1]->key, sorted[i]->key) == 0 && (!twice || sorted[i]->key < twice))
            twice = sorted[i]->key;
    if (!twice)
        return false;
    walk->at = walk->start + (twice - walk->start) + strlen(twice) + 1;      /* of a key without escapes its end */
    fail(walk, KWIT_E_INVALID, "a key may be given once");
    return true;
}

static bool sort_object(struct walk *walk, struct kw_value *object)
{
    struct kw_value **members = kw_arena_unset(walk->arena, object->count, sizeof *members);
    size_t count = 0;
    if (!members)
        return no_memory(walk);
    for (struct kw_value *member = object->first; member; member = member->next)
        members[count++] = member;
    sort_members(members, count);
    object->sorted = members;
    return !find_twice(walk, members, count);
}

/* From behind the opening bracket to behind the closing one. */
static bool read_elements(struct walk *walk, struct kw_value *value, char close)
{
    struct kw_value **end = &value->first;
    skip_blanks(walk);
    bool goes_on = *walk->at != close;
    walk->at += !goes_on;
    while (goes_on) {
        struct kw_value *element = value->kind == KW_OBJECT ? read_member(walk) : read_value(walk);
        if (!element)
            return false;
        *end = element;
        end = &element->next;
        value->count++;
        goes_on = more(walk, close, element->kind);
        if (goes_on && (skip_blanks(walk), *walk->at == close))
            return syntax(walk, value->kind == KW_OBJECT ? "a comma stands before the }; take it away"
                          : "a comma stands before the ]; take it away");
    }
    return walk->code == 0;
}

static bool read_nested(struct walk *walk, struct kw_value *value)
{
    bool object = *walk->at == '{';
    if (walk->depth == walk->max_depth)
        return fail(walk, KWIT_E_TOO_LARGE, "nests too deep");
    walk->at++;
    walk->depth++;
    value->kind = object ? KW_OBJECT : KW_ARRAY;
    bool good = read_elements(walk, value, object ? '}' : ']');
    walk->depth--;
    return good && (!object || sort_object(walk, value));
}

static bool read_word(struct walk *walk, struct kw_value *value)
{
    static const char *const words[] = { [KW_NULL] = "null", [KW_FALSE] = "false", [KW_TRUE] = "true" };
    for (int kind = KW_NULL; kind <= KW_TRUE; kind++) {
        size_t length = strlen(words[kind]);
        if (strncmp(walk->at, words[kind], length) == 0) {
            walk->at += length;
            value->kind = (enum kw_value_kind)kind;
            return true;
        }
    }
    if ((*walk->at >= 'A' && *walk->at <= 'Z') || (*walk->at >= 'a' && *walk->at <= 'z'))
        return syntax(walk, "JSON knows no such word: true, false and null are written in small letters, all else is "
                      "a string in double quotes");
    return syntax(walk, "a value is wanted here: a string in double quotes, a number, true, false, null, [ or {");
}

static struct kw_value *read_value(struct walk *walk)
{
    struct kw_value *value = kw_arena_unset(walk->arena, 1, sizeof *value);
    if (!value)
        return no_memory(walk);
    *value = (struct kw_value){ .kind = KW_NULL, .first = NULL };
    skip_blanks(walk);
    bool good;
    if (*walk->at == '"') {
        walk->at++;
        value->kind = KW_STRING;
        value->text = read_string(walk, &value->count);
        good = value->text != NULL;
    } else if (*walk->at == '{' || *walk->at == '[') {
        good = read_nested(walk, value);
    } else if (*walk->at == '-' || (*walk->at >= '0' && *walk->at <= '9')) {
        good = read_number(walk, value);
    } else {
        good = read_word(walk, value);
    }
    return good ? value : NULL;
}

int kw_value_read(struct kw_arena *arena, const char *text, size_t length, int max_depth,
                  struct kw_value **value, struct kw_value_fault *fault)
{
    char *copy = kw_arena_copy(arena, text, length);
    if (!copy)
        return KWIT_E_NO_MEMORY;
    struct walk walk = { .arena = arena, .start = copy, .at = copy, .end = copy + length, .max_depth = max_depth,
                         .fault = fault };
    *value = read_value(&walk);
    if (*value) {
        skip_blanks(&walk);
        if (walk.at != walk.end)
            syntax(&walk, "something stands behind the end of the document; one call for each");
    }
    return walk.code;
}

struct kw_value *kw_value_get(const struct kw_value *object, const char *key)
{
    struct kw_value *member = object && object->kind == KW_OBJECT ? object->first : NULL;
    while (member && strcmp(member->key, key) != 0)
        member = member->next;
    return member;
}

const char *kw_value_text(const struct kw_value *value)
{
    return value && value->kind == KW_STRING ? value->text : NULL;
}
