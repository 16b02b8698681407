/* logical.c - lines as they stand on paper, turned into lines as they are read and written. */
#include "tap/stream/logical.h"

#include "base/fold.h"
#include "base/utf8.h"

#include <string.h>

enum { FIRST_FORM = 0xFB50, LAM = 0x644, LAM_ALEFS = 0xFEF5, LAM_ALEFS_END = 0xFEFC };

/* ---- letters ---- */

/* The letter that the forms from there on are of: alone, last, first, in the middle. 0: none that we know. */
static const struct { uint16_t form, letter; } forms[] = {
    { 0xFB50, 0 },     { 0xFB56, 0x67E }, { 0xFB5A, 0 },     { 0xFB7A, 0x686 }, { 0xFB7E, 0 },     { 0xFB8A, 0x698 },
    { 0xFB8C, 0 },     { 0xFB8E, 0x6A9 }, { 0xFB92, 0x6AF }, { 0xFB96, 0 },     { 0xFBFC, 0x6CC }, { 0xFC00, 0 },
    { 0xFE80, 0x621 }, { 0xFE81, 0x622 }, { 0xFE83, 0x623 }, { 0xFE85, 0x624 }, { 0xFE87, 0x625 }, { 0xFE89, 0x626 },
    { 0xFE8D, 0x627 }, { 0xFE8F, 0x628 }, { 0xFE93, 0x629 }, { 0xFE95, 0x62A }, { 0xFE99, 0x62B }, { 0xFE9D, 0x62C },
    { 0xFEA1, 0x62D }, { 0xFEA5, 0x62E }, { 0xFEA9, 0x62F }, { 0xFEAB, 0x630 }, { 0xFEAD, 0x631 }, { 0xFEAF, 0x632 },
    { 0xFEB1, 0x633 }, { 0xFEB5, 0x634 }, { 0xFEB9, 0x635 }, { 0xFEBD, 0x636 }, { 0xFEC1, 0x637 }, { 0xFEC5, 0x638 },
    { 0xFEC9, 0x639 }, { 0xFECD, 0x63A }, { 0xFED1, 0x641 }, { 0xFED5, 0x642 }, { 0xFED9, 0x643 }, { 0xFEDD, 0x644 },
    { 0xFEE1, 0x645 }, { 0xFEE5, 0x646 }, { 0xFEE9, 0x647 }, { 0xFEED, 0x648 }, { 0xFEEF, 0x649 }, { 0xFEF1, 0x64A },
    { LAM_ALEFS, 0 },
};

static uint32_t letter_of(uint32_t code)
{
    uint32_t letter = 0;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0] && forms[i].form <= code; i++)
        letter = forms[i].letter;
    return letter ? letter : code;
}

/* What a form is written with: lam and alef may be one. */
static size_t put_letter(char *out, uint32_t code)
{
    static const uint16_t alefs[] = { 0x622, 0x623, 0x625, 0x627 };
    if (code < LAM_ALEFS || code > LAM_ALEFS_END)
        return kw_utf8_put(out, code < FIRST_FORM ? code : letter_of(code));
    size_t length = kw_utf8_put(out, LAM);
    return length + kw_utf8_put(out + length, alefs[(code - LAM_ALEFS) / 2]);
}

static bool is_arabic_digit(uint32_t code)
{
    return (code >= 0x660 && code <= 0x66C) || (code >= 0x6F0 && code <= 0x6F9);
}

static bool runs_from_right(uint32_t code)
{
    bool letter = (code >= 0x590 && code <= 0x8FF) || (code >= 0xFB1D && code <= 0xFDFF);
    return (letter || (code >= 0xFE70 && code <= LAM_ALEFS_END)) && !is_arabic_digit(code);
}

static bool runs_from_left(uint32_t code)
{
    return (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z')
        || (code >= 0xC0 && code < 0x590) || is_arabic_digit(code);
}

/* What stands between digits or Latin letters belongs to them. */
static bool joins(uint32_t code)
{
    return code != 0 && code < 0x80 && strchr(".,:/-'@_", (int)code) != NULL;
}

static uint32_t mirrored(uint32_t code)
{
    static const char pairs[] = "()[]{}<>";
    const char *at = code != 0 && code < 0x80 ? strchr(pairs, (int)code) : NULL;
    return !at ? code : (uint32_t)(uint8_t)((at - pairs) % 2 ? at[-1] : at[1]);
}

/* ---- lines ---- */

static size_t codes_of(const char *text, uint32_t codes[KW_FOLD])
{
    size_t length = strlen(text), count = 0;
    for (size_t at = 0; at < length && count < KW_FOLD;)
        codes[count++] = kw_utf8_next(text, length, &at);
    return count;
}

/* The end of the run from the left that begins there. */
static size_t end_of_run(const uint32_t *codes, size_t count, size_t from)
{
    size_t end = from;
    for (size_t at = from; at < count && (runs_from_left(codes[at]) || joins(codes[at])); at++)
        end = runs_from_left(codes[at]) ? at + 1 : end;
    return end;
}

/* A place of the line as it is read: runs from the left keep their order, the rest comes from behind. */
static void turn(uint32_t *codes, size_t count)
{
    uint32_t turned[KW_FOLD];
    size_t put = count;
    for (size_t at = 0; at < count;) {
        size_t end = end_of_run(codes, count, at), run = end - at;
        if (run == 0) {
            turned[--put] = mirrored(codes[at++]);
            continue;
        }
        put -= run;
        memcpy(turned + put, codes + at, run * sizeof *codes);
        at = end;
    }
    memcpy(codes, turned, count * sizeof *codes);
}

static bool any_from_right(const uint32_t *codes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (runs_from_right(codes[i]))
            return true;
    return false;
}

static int write_line(const struct kw_stream_line *line, bool turned, struct kw_arena *arena, struct kw_lines *out)
{
    enum { MOST = 4 };              /* bytes of a letter, and of lam and alef */
    uint32_t codes[KW_FOLD];
    char text[KW_FOLD * MOST + 1];
    size_t count = codes_of(line->text, codes), length = 0;
    if (turned && any_from_right(codes, count))
        turn(codes, count);
    for (size_t i = 0; i < count; i++)
        length += put_letter(text + length, codes[i]);
    text[length] = 0;
    return kw_lines_add(arena, text, line->big, out);
}

static int write_lines(const struct kw_lines *lines, bool turned, struct kw_arena *arena, struct kw_lines *out)
{
    int code = 0;
    *out = (struct kw_lines){ .count = 0 };
    for (size_t i = 0; i < lines->count && code == 0; i++)
        code = write_line(&lines->lines[i], turned, arena, out);
    return code;
}

/* ---- which of both ---- */

static size_t count_known(const struct kw_tap_words *rows, const struct kw_lines *lines)
{
    size_t known = 0;
    struct kw_tap_hit hit;
    for (size_t i = 0; i < lines->count; i++)
        for (enum kw_tap_role role = KW_TAP_TOTAL; role < KW_TAP_NEVER; role++)
            known += kw_tap_find(rows, role, lines->lines[i].folded, &hit);
    return known;
}

/* Hebrew and Arabic and their forms begin with these bytes, and few others do. */
static bool may_run_from_right(const char *text)
{
    for (const uint8_t *at = (const uint8_t *)text; *at; at++)
        if ((*at >= 0xD6 && *at <= 0xE0) || *at == 0xEF)
            return true;
    return false;
}

static bool has_such_letters(const struct kw_lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const char *text = lines->lines[i].text;
        const size_t length = strlen(text);
        for (size_t at = 0; may_run_from_right(text) && at < length;)
            if (runs_from_right(kw_utf8_next(text, length, &at)))
                return true;
    }
    return false;
}

int kw_lines_logical(const struct kw_tap_words *rows, struct kw_arena *arena, struct kw_lines *lines)
{
    struct kw_lines straight, turned;
    if (!has_such_letters(lines))
        return 0;
    int code = write_lines(lines, false, arena, &straight);
    if (code == 0)
        code = write_lines(lines, true, arena, &turned);
    if (code == 0)
        *lines = count_known(rows, &turned) > count_known(rows, &straight) ? turned : straight;
    return code;
}
