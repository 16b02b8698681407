/* form.h - what a browser sends: urlencoded fields, and paths in percent signs. */
#ifndef KW_OFFICE_WEB_FORM_H
#define KW_OFFICE_WEB_FORM_H

#include <stdbool.h>
#include <stddef.h>

enum { KW_FORM_FIELDS = 32, KW_FORM_BYTES = 16 * 1024 };

/* Decoded; values are UTF-8 without control characters (but newlines) and without signs that turn its direction. */
struct kw_form {
    struct { const char *name, *value; } fields[KW_FORM_FIELDS];
    size_t count;
    char bytes[KW_FORM_BYTES + 1];
};

/* False: too long, too many fields, a broken escape. A field that is no UTF-8 is "". */
bool kw_form_read(const char *body, size_t length, struct kw_form *form);
/* The first of that name; "" where there is none. */
const char *kw_form_field(const struct kw_form *form, const char *name);
bool kw_form_has(const struct kw_form *form, const char *name);
/* A piece of a path, decoded into at most size bytes with the NUL; false: broken, too long, or a control byte in it. */
bool kw_form_piece(const char *text, size_t length, char *out, size_t size);

#endif
