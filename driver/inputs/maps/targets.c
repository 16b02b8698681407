/* targets.c - which fields a sale document has where, by the rows of sale/fields.def. */
#include "inputs/maps/rows.h"

#include <string.h>

/* child: "" where it is none. */
struct field { char object[16], key[16], child[20]; bool list; };

static const struct field fields[] = {
#define FIELD(object, key, type, member, flags) { #object, key, "", false },
#define INSIDE(object, key, child) { #object, key, #child, false },
#define LIST(object, key, child, items, count, flags) { #object, key, #child, true },
#define TEXTS(object, key, type, items, count) { #object, key, "", true },
#define CHOICE(object, key, words, member, flags) { #object, key, "", false },
#define WORD(object, key, words, member, flags) { #object, key, "", false },
#define SPECIAL(object, key, function, member) { #object, key, key, false },
#include "sale/fields.def"
};

static const struct field *find(const char *object, const char *key, size_t length)
{
    for (size_t i = 0; object && i < sizeof fields / sizeof fields[0]; i++)
        if (strcmp(fields[i].object, object) == 0 && strlen(fields[i].key) == length
            && strncmp(fields[i].key, key, length) == 0)
            return &fields[i];
    return NULL;
}

/* The object that an element of that list is; lists of one name are of one object, wherever they stand. */
static const char *object_of(const char *list)
{
    if (!list)
        return "sale";
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        if (fields[i].list && *fields[i].child && strcmp(fields[i].key, list) == 0)
            return fields[i].child;
    return NULL;
}

bool kw_map_has_target(const char *below, const char *target, bool *list)
{
    const char *object = object_of(below);
    for (;;) {
        size_t length = strcspn(target, "/");
        const struct field *field = find(object, target, length);
        if (!field)
            return false;
        *list = field->list;
        if (!target[length])
            return true;
        object = field->child;
        target += length + 1;
    }
}
