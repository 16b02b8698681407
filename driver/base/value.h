/*
 * value.h - reads JSON (RFC 8259) into an arena: each value is a node, strings are NUL-terminated UTF-8.
 *
 * Strict: no key twice, no comment, no byte that is not UTF-8, no NUL in a key, nothing behind the end.
 */
#ifndef KW_BASE_VALUE_H
#define KW_BASE_VALUE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum kw_value_kind { KW_NULL, KW_FALSE, KW_TRUE, KW_INTEGER, KW_REAL, KW_STRING, KW_ARRAY, KW_OBJECT };

struct kw_value {
    struct kw_value *next;    /* of the same array or object, in the order of the text */
    const char *key;                /* of a member, else NULL */
    enum kw_value_kind kind;
    size_t count;                   /* bytes of a string, elements, members */
    union {
        int64_t integer;
        double real;
        const char *text;
        struct {
            struct kw_value *first;
            struct kw_value **sorted;       /* an object's members in byte order of their keys */
        };
    };
};

/* What is wrong, and before which byte of the text it was seen; a key that is there twice was seen at its end. */
struct kw_value_fault {
    size_t offset;
    const char *text;
};

/*
 * SYNTAX, INVALID for a key that is there twice, TOO_LARGE for what nests deeper than max_depth, NO_MEMORY; all but
 * the last with *fault.
 */
int kw_value_read(struct kw_arena *arena, const char *text, size_t length, int max_depth,
                  struct kw_value **value, struct kw_value_fault *fault);
/* The member, or NULL: no such member, or no object. */
struct kw_value *kw_value_get(const struct kw_value *object, const char *key);
/* NULL when it is no string, or none (NULL). */
const char *kw_value_text(const struct kw_value *value);

#endif
