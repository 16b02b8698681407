/* form.c - application/x-www-form-urlencoded, read in one pass into a buffer of its own. */
#include "office/web/form.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One sign of the text at *at, decoded; -1: a broken escape. */
static int next_byte(const char *text, size_t length, size_t *at, bool plus_is_blank)
{
    char c = text[(*at)++];
    if (c == '+' && plus_is_blank)
        return ' ';
    if (c != '%')
        return (unsigned char)c;
    if (length - *at < 2 || digit(text[*at]) < 0 || digit(text[*at + 1]) < 0)
        return -1;
    int byte = digit(text[*at]) << 4 | digit(text[*at + 1]);
    *at += 2;
    return byte;
}

/* Signs that would turn the direction of what follows them, or are not seen at all. */
static bool is_hidden(uint32_t c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f || c == 0x061c
        || c == 0xfeff || (c >= 0x80 && c < 0xa0);
}

/* What parts words or lines, as the blank or the newline that it is in a comment; 0: none of these. */
static char part_of(uint32_t c)
{
    return c == 0x2028 || c == 0x2029 || c == 0x85 ? '\n' : c == '\t' || c == '\v' || c == '\f' ? ' ' : 0;
}

/* In place: without what is no text; "" where it is no UTF-8 at all. */
static void clean(char *value)
{
    size_t length = strlen(value), at = 0, out = 0;
    if (!kw_utf8_valid(value, length))
        length = 0;
    while (at < length) {
        size_t from = at;
        uint32_t c = kw_utf8_next(value, length, &at);
        const char part = part_of(c);
        if (part) {
            value[out++] = part;
            continue;
        }
        if (c != '\n' && (c < ' ' || c == 0x7f || is_hidden(c)))
            continue;
        memmove(value + out, value + from, at - from);
        out += at - from;
    }
    value[out] = 0;
}

bool kw_form_read(const char *body, size_t length, struct kw_form *form)
{
    size_t at = 0, out = 0;
    form->count = 0;
    if (length > KW_FORM_BYTES)
        return false;
    while (at < length) {
        if (form->count == KW_FORM_FIELDS)
            return false;
        const char *name = form->bytes + out, *value = NULL;
        while (at < length && body[at] != '&') {
            if (body[at] == '=' && !value) {
                at++;
                form->bytes[out++] = 0;
                value = form->bytes + out;
                continue;
            }
            int byte = next_byte(body, length, &at, true);
            if (byte < 0)
                return false;
            if (byte > 0)                           /* what was pasted may have a NUL in it */
                form->bytes[out++] = (char)byte;
        }
        at += at < length;
        form->bytes[out] = 0;
        form->fields[form->count].name = name;
        form->fields[form->count++].value = value ? value : form->bytes + out;
        out++;
        if (value)
            clean((char *)value);
    }
    return true;
}

const char *kw_form_field(const struct kw_form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return form->fields[i].value;
    return "";
}

bool kw_form_has(const struct kw_form *form, const char *name)
{
    for (size_t i = 0; i < form->count; i++)
        if (strcmp(form->fields[i].name, name) == 0)
            return true;
    return false;
}

bool kw_form_piece(const char *text, size_t length, char *out, size_t size)
{
    size_t at = 0, used = 0;
    while (at < length) {
        int byte = next_byte(text, length, &at, false);
        if (byte < ' ' || byte == 0x7f || used + 1 >= size)
            return false;
        out[used++] = (char)byte;
    }
    out[used] = 0;
    return used > 0;
}
