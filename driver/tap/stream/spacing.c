/* spacing.c - "t o t a l", "合 計", "12€50" as they are meant; "2    150.00" is two numbers. */
#include "tap/stream/spacing.h"

#include "base/utf8.h"

#include <ctype.h>
#include <string.h>

static bool is_digit(char letter)
{
    return isdigit((unsigned char)letter) != 0;
}

void kw_spacing_keep(const char *text, char out[KW_FOLD])
{
    size_t made = 0;
    for (const char *at = text; *at && made + 4 < KW_FOLD; at++) {
        size_t blanks = 0;
        out[made++] = *at;
        if (*at != ' ' || at == text || !is_digit(at[-1]) || (blanks = strspn(at, " ")) < 2 || !is_digit(at[blanks]))
            continue;
        out[made++] = '|';
        out[made++] = ' ';
        at += blanks - 1;
    }
    out[made] = 0;
}

/* "s t o r n o", "h-a-n-d-l-e-r-b-e-l-e-g", "t o t a l 7.80": letters that are set apart are a word. */
static void close_letters(char *text)
{
    enum { LEAST = 5 };
    size_t length = strlen(text), letters = 0, at = 0, end = 0, made = 0;
    while (at < length) {
        uint32_t code = kw_fold_next(text, length, &at);
        bool parted = at == length || text[at] == ' ' || text[at] == '-';
        if (!parted || code < 'a')
            break;
        letters++;
        end = at;
        at += at < length;
    }
    if (letters < LEAST)
        return;
    for (at = 0; at < length; at++)
        if (at >= end || (text[at] != ' ' && text[at] != '-'))
            text[made++] = text[at];
    text[made] = 0;
}

/* "t o t a l : 6 . 5 0": all of a line set apart, so that the blank between a word and its amount is lost. */
static bool close_all(char *text)
{
    enum { LEAST = 13, LETTERS = 3 };
    size_t length = strlen(text), letters = 0, made = 0;
    for (size_t at = 0; at < length; at++) {
        letters += at % 2 == 0 && text[at] >= 'a' && text[at] <= 'z';
        if ((text[at] == ' ') != (at % 2 == 1) || (unsigned char)text[at] >= 0x80)
            return false;
    }
    if (length < LEAST || letters < LETTERS)
        return false;
    for (size_t at = 0; at < length; at += 2) {
        if (at > 0 && is_digit(text[at]) && text[at - 2] >= 'a')
            text[made++] = ' ';
        text[made++] = text[at];
    }
    text[made] = 0;
    return true;
}

/* Kana, ideographs, hangul: their words are short, and set apart to fill a line. */
static bool is_wide(uint32_t code)
{
    return (code >= 0x2E80 && code < 0xE000) || (code >= 0xF900 && code < 0xFB00);
}

static bool has_wide(const char *text)
{
    for (const uint8_t *at = (const uint8_t *)text; *at; at++)
        if (*at >= 0xE2)
            return true;
    return false;
}

/* Of the letters before and behind a blank, whether both stand alone. */
static void close_wide(char *text)
{
    size_t length = strlen(text), made = 0, place = 0;
    bool alone = false, wide = false;       /* the letter before: one by itself; any such */
    for (size_t at = 0; at < length; at = place) {
        uint32_t code = kw_utf8_next(text, length, &place);
        size_t next = place, behind = place;
        bool joins = code == ' ' && alone && is_wide(kw_utf8_next(text, length, &next));
        behind = next;
        if (joins && !is_wide(kw_utf8_next(text, length, &behind))) {
            wide = alone = false;
            continue;
        }
        alone = is_wide(code) && !wide;
        wide = is_wide(code);
        memmove(text + made, text + at, place - at);
        made += place - at;
    }
    text[made] = 0;
}

/* "12€50", "1.250$00": the currency stands where the point does. */
static void put_points(char *text)
{
    static const char *const signs[] = { "\xe2\x82\xac", "$" };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        for (char *at = text; (at = strstr(at, signs[i])) != NULL; at++) {
            size_t length = strlen(signs[i]);
            bool amount = at > text && is_digit(at[-1]) && strspn(at + length, "0123456789") == 2;
            if (!amount)
                continue;
            *at = '.';
            memmove(at + 1, at + length, strlen(at + length) + 1);
        }
}

void kw_spacing_close(char *folded)
{
    if (!close_all(folded))
        close_letters(folded);
    if (has_wide(folded))
        close_wide(folded);
    put_points(folded);
}
