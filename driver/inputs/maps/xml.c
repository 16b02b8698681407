/*
 * xml.c - XML as a tree of values. A document type of its own is refused, and with it every entity that could grow.
 *
 * Names lose their prefixes, for systems choose those as they like.
 */
#include "base/xml_line.h"
#include "inputs/maps/rows.h"

#include <stdio.h>
#include <string.h>

enum { ELEMENTS_MOST = 20000 };

struct open_element {
    struct kw_value *node;
    struct kw_buffer text;
};

struct reading {
    struct kw_arena *arena;
    XML_Parser parser;
    struct open_element open[KW_MAP_DEPTH];
    int depth, elements;
    struct kw_value *top;
    int code;
    struct kw_error *error;
};

static void fail(struct reading *reading, enum kwit_error code, const char *text)
{
    if (reading->code == 0)
        reading->code = kw_fail(reading->error, code, "", "line %lu: %s",
                                kw_xml_line(reading->parser), text);
    XML_StopParser(reading->parser, XML_FALSE);
}

static struct kw_value *new_value(struct reading *reading, enum kw_value_kind kind, const char *text)
{
    struct kw_value *value = kw_arena_alloc(reading->arena, sizeof *value);
    if (value && kind == KW_STRING && !(value->text = kw_arena_string(reading->arena, text)))
        value = NULL;
    if (!value) {
        fail(reading, KWIT_E_NO_MEMORY, "out of memory");
        return NULL;
    }
    value->kind = kind;
    if (kind == KW_STRING)
        value->count = strlen(text);
    return value;
}

static void append(struct kw_value *parent, struct kw_value *child)
{
    struct kw_value **end = &parent->first;
    while (*end)
        end = &(*end)->next;
    *end = child;
    parent->count++;
}

/* A second element of one name makes a list of them, which stands where the first stood. */
static void attach(struct reading *reading, struct kw_value *parent, struct kw_value *child)
{
    struct kw_value *twin = kw_value_get(parent, child->key);
    if (!twin) {
        append(parent, child);
        return;
    }
    if (twin->kind != KW_ARRAY) {
        struct kw_value *first = new_value(reading, KW_NULL, NULL);
        if (!first)
            return;
        *first = *twin;
        first->next = NULL;
        *twin = (struct kw_value){ .next = twin->next, .key = twin->key, .kind = KW_ARRAY, .first = first, .count = 1 };
    }
    append(twin, child);
}

static const char *plain_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void begin(void *data, const char *name, const char **attributes)
{
    struct reading *reading = data;
    if (reading->depth == KW_MAP_DEPTH || reading->elements++ == ELEMENTS_MOST) {
        fail(reading, KWIT_E_TOO_LARGE, "the document nests too deep, or has too many elements");
        return;
    }
    struct kw_value *node = new_value(reading, KW_OBJECT, NULL);
    if (!node || !(node->key = kw_arena_string(reading->arena, plain_name(name))))
        return;
    for (; attributes[0]; attributes += 2) {
        struct kw_value *value = new_value(reading, KW_STRING, attributes[1]);
        if (!value)
            return;
        value->key = kw_arena_format(reading->arena, "@%s", plain_name(attributes[0]));
        if (strncmp(attributes[0], "xmlns", 5) != 0 && value->key)
            append(node, value);
    }
    struct open_element *open = &reading->open[reading->depth++];
    open->node = node;
    kw_buffer_init(&open->text, KW_MAP_BYTES);
}

static void take_text(void *data, const char *text, int length)
{
    struct reading *reading = data;
    if (reading->depth > 0)
        kw_buffer_add(&reading->open[reading->depth - 1].text, text, (size_t)length);
}

/* An element of text alone is that text; beside others it is their "#". */
static void settle(struct reading *reading, struct kw_value *node, struct kw_buffer *buffer)
{
    const char *text = kw_buffer_string(buffer);
    text += strspn(text, " \t\r\n");
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\r\n", text[length - 1]))
        length--;
    char *kept = kw_arena_copy(reading->arena, text, length);
    if (!kept || buffer->failed) {
        fail(reading, KWIT_E_NO_MEMORY, "out of memory");
    } else if (!node->first) {
        node->kind = KW_STRING;
        node->text = kept;
        node->count = length;
    } else if (length > 0) {
        struct kw_value *value = new_value(reading, KW_STRING, kept);
        if (value) {
            value->key = "#";
            append(node, value);
        }
    }
}

static void end(void *data, const char *name)
{
    struct reading *reading = data;
    (void)name;
    if (reading->depth == 0)
        return;
    struct open_element *open = &reading->open[--reading->depth];
    settle(reading, open->node, &open->text);
    kw_buffer_free(&open->text);
    if (reading->depth > 0)
        attach(reading, reading->open[reading->depth - 1].node, open->node);
    else
        attach(reading, reading->top, open->node);
}

static void refuse_type(void *data, const char *name, const char *system, const char *public, int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    fail(data, KWIT_E_SYNTAX, "a document type of its own is not read");
}

int kw_map_read_xml(struct kw_arena *arena, const void *bytes, size_t length, struct kw_value **value,
                    struct kw_error *error)
{
    struct reading reading = { .arena = arena, .parser = XML_ParserCreate(NULL), .error = error };
    *value = reading.top = kw_arena_alloc(arena, sizeof **value);
    if (!reading.parser || !reading.top) {
        XML_ParserFree(reading.parser);
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    }
    reading.top->kind = KW_OBJECT;
    XML_SetUserData(reading.parser, &reading);
    XML_SetElementHandler(reading.parser, begin, end);
    XML_SetCharacterDataHandler(reading.parser, take_text);
    XML_SetStartDoctypeDeclHandler(reading.parser, refuse_type);
    if (XML_Parse(reading.parser, bytes, (int)length, 1) == XML_STATUS_ERROR)
        fail(&reading, KWIT_E_SYNTAX, XML_ErrorString(XML_GetErrorCode(reading.parser)));
    while (reading.depth > 0)
        kw_buffer_free(&reading.open[--reading.depth].text);
    XML_ParserFree(reading.parser);
    return reading.code;
}
