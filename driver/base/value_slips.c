/* value_slips.c - the slips of people who write JSON by hand or by pasting strings together, as rows. */
#include "base/value_slips.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

static const char typographic[] = "a typographic quote stands here; write the plain \"";
static const char comment[] = "JSON knows no comments; take this one away";
static const char wide_blank[] = "a no-break space stands here; write a plain one";
static const char single[] = "a single quote stands here; keys and strings stand in double quotes";

static const struct { const char *begins, *said; } slips[] = {
    { "//", comment }, { "/*", comment }, { "#", comment },
    { "None", "JSON writes null for this; rather leave the field out" },
    { "undefined", "JSON knows no undefined; leave the field out" },
    { "'", single }, { "`", single },
    { "\xE2\x80\x9C", typographic }, { "\xE2\x80\x9D", typographic }, { "\xE2\x80\x9E", typographic },
    { "\xE2\x80\x98", typographic }, { "\xE2\x80\x99", typographic }, { "\xC2\xAB", typographic },
    { "\xC2\xBB", typographic }, { "\xC2\xA0", wide_blank }, { "\xE2\x80\xAF", wide_blank },
    { ";", "a semicolon stands here; JSON wants a comma" },
    { "=", "an = stands here; JSON wants a colon behind the key" },
};

const char *kw_value_slip(const char *at, const char *wanted)
{
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
        if (strncmp(at, slips[i].begins, strlen(slips[i].begins)) == 0)
            return slips[i].said;
    return wanted;
}

const char *kw_value_slip_control(struct kw_arena *arena, unsigned char byte)
{
    static const struct { unsigned char byte; const char *said; } known[] = {
        { '\t', "a tab stands inside a string; write it as \\t" },
        { '\n', "a line ends inside a string; is its closing quote missing? A line end that is meant is written \\n" },
        { '\r', "a line ends inside a string (carriage return); a line end that is meant is written \\n" },
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].byte == byte)
            return known[i].said;
    const char *text = kw_arena_format(arena, "the control character 0x%02X stands inside a string; leave it away, or "
                                       "write it as \\u%04x", byte, byte);
    return text ? text : "a control character stands inside a string; leave it away";
}

const char *kw_value_slip_escape(struct kw_arena *arena, const char *at)
{
    size_t length = 0;
    kw_utf8_next(at, strlen(at), &length);
    const char *text = *at == '\'' ? "\\' is none of JSON's escapes; a single quote is written as it is"
        : (unsigned char)*at <= ' ' || !kw_utf8_valid(at, length)
        ? "a backslash stands alone; one that is meant is written \\\\"
        : kw_arena_format(arena, "\\%.*s is none of JSON's escapes; a backslash that is meant is written \\\\, a character by "
                          "its number \\u and four hexadecimal digits", (int)length, at);
    return text ? text : "none of JSON's escapes; a backslash that is meant is written \\\\";
}
