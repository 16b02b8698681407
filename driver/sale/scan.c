/*
 * scan.c - a walk over the bytes beside the JSON reader: which pointer a byte belongs to, so that also a syntax error
 * and a duplicate key can be told by their place.
 */
#include "sale/read.h"

#include <stdio.h>
#include <string.h>

/* One open object or array on the way to the byte. */
struct level {
    bool object, wants_key;
    size_t index;                   /* of the element, in an array */
    size_t key, key_length;         /* of the member, in an object */
};

struct walk {
    const char *text;
    size_t length, at;
    int depth;
    struct level levels[KW_SALE_MAX_DEPTH + 1];
};

/* From behind the opening quote to behind the closing one, or to the end. */
static void skip_string(struct walk *walk)
{
    while (walk->at < walk->length) {
        char byte = walk->text[walk->at++];
        if (byte == '"')
            return;
        if (byte == '\\' && walk->at < walk->length)
            walk->at++;
    }
}

static void take_string(struct walk *walk)
{
    struct level *level = walk->depth ? &walk->levels[walk->depth] : NULL;
    size_t from = walk->at;
    skip_string(walk);
    if (level && level->object && level->wants_key) {
        level->key = from;
        level->key_length = walk->at - from - (walk->at > from && walk->text[walk->at - 1] == '"');
        level->wants_key = false;
    }
}

/* Takes one byte or one string; false when it opens a level more than there may be. */
static bool step(struct walk *walk)
{
    char byte = walk->text[walk->at++];
    switch (byte) {
    case '"':
        take_string(walk);
        break;
    case '{':
    case '[':
        if (walk->depth == KW_SALE_MAX_DEPTH)
            return false;
        walk->levels[++walk->depth] = (struct level){ .object = byte == '{', .wants_key = byte == '{' };
        break;
    case '}':
    case ']':
        walk->depth -= walk->depth > 0;
        break;
    case ',':
        walk->levels[walk->depth].index++;
        walk->levels[walk->depth].wants_key = true;
        break;
    }
    return true;
}

static void put_pointer(const struct walk *walk, char *out, size_t size)
{
    size_t at = 0;
    out[0] = 0;
    for (int i = 1; i <= walk->depth && at < size; i++) {
        const struct level *level = &walk->levels[i];
        if (level->object && !level->key_length)
            break;
        int wrote = level->object
            ? snprintf(out + at, size - at, "/%.*s", (int)(level->key_length > 80 ? 80 : level->key_length),
                       walk->text + level->key)
            : snprintf(out + at, size - at, "/%zu", level->index);
        at += wrote > 0 ? (size_t)wrote : 0;
    }
    for (char *c = out; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7F)
            *c = ' ';
}

void kw_scan_pointer(const char *text, size_t offset, char *out, size_t size)
{
    struct walk walk = { .text = text, .length = offset };
    while (walk.at < walk.length && step(&walk)) {
    }
    put_pointer(&walk, out, size);
}
