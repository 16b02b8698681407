/* substitute.c - looks into the rows of what may be written instead of a sign. */
#include "text/internal.h"

#include "base/utf8.h"
#include "text/unicode.h"

#include <string.h>

enum { SUBSTITUTE_BYTES = 12 };

static const struct { uint32_t code; char text[SUBSTITUTE_BYTES]; } signs[] = {
#define KW_SUBSTITUTE(code, text) { code, text },
#include "data/substitutes.def"
};

static const struct { char from[SUBSTITUTE_BYTES], text[SUBSTITUTE_BYTES]; } words[] = {
#define KW_SUBSTITUTE_WORD(from, text) { from, text },
#include "data/substitutes.def"
};

static const struct { char language[4]; uint32_t code; } never[] = {
#define KW_SUBSTITUTE_NEVER(language, code) { language, code },
#include "data/substitutes.def"
};

uint32_t kw_text_letter_of(const char *language)
{
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        if (strncmp(never[i].language, language, strlen(never[i].language)) == 0)
            return never[i].code;
    return 0;
}

const char *kw_text_substitute(uint32_t code, size_t choice)
{
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (signs[i].code == code && choice-- == 0)
            return signs[i].text;
    return NULL;
}

/* Whether a character may stand beside a word without being part of it. */
static bool ends_word(const char *utf8, size_t length, size_t at)
{
    uint32_t code = kw_utf8_next(utf8, length, &at);
    return code < 0x80 ? !(code && (strchr("0123456789", (int)code) || (code | 32) - 'a' < 26))
                       : kw_unicode_of(code).breaks != KW_BREAK_NONE;
}

size_t kw_text_substitute_word(const char *utf8, size_t length, const char **instead)
{
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t size = strlen(words[i].from);
        if (size <= length && memcmp(utf8, words[i].from, size) == 0 && ends_word(utf8, length, size)) {
            *instead = words[i].text;
            return size;
        }
    }
    return 0;
}
