/* fold.c - letters, digits, blanks and marks of five languages to one form each. */
#include "base/fold.h"

#include "base/utf8.h"

#include <string.h>

/* Runs of capitals and what makes small letters of them; step 2: every other one is a capital. */
static const struct { uint32_t first, last; int step, add; } capitals[] = {
    { 'A', 'Z', 1, 32 },     { 0xC0, 0xD6, 1, 32 },   { 0xD8, 0xDE, 1, 32 },      { 0x100, 0x136, 2, 1 },
    { 0x139, 0x147, 2, 1 },  { 0x14A, 0x176, 2, 1 },  { 0x178, 0x178, 1, -121 },  { 0x179, 0x17D, 2, 1 },
    { 0x391, 0x3A9, 1, 32 }, { 0x410, 0x42F, 1, 32 }, { 0x400, 0x40F, 1, 80 }
};

/* Runs of characters that are read as others: `to` grows with them where `each` is 1. */
static const struct { uint32_t first, last, to; int each; } alike[] = {
    { '\t', '\r', ' ', 0 },      { 0xA0, 0xA0, ' ', 0 },     { 0x2000, 0x200A, ' ', 0 },  { 0x2028, 0x2029, ' ', 0 },
    { 0x202F, 0x202F, ' ', 0 },  { 0x3000, 0x3000, ' ', 0 }, { 0x660, 0x669, '0', 1 },    { 0x6F0, 0x6F9, '0', 1 },
    { 0x2018, 0x2019, '\'', 0 }, { 0x2BC, 0x2BC, '\'', 0 },  { 0x201C, 0x201F, '"', 0 },  { 0x2010, 0x2015, '-', 0 },
    { 0x2212, 0x2212, '-', 0 },  { 0x66B, 0x66B, '.', 0 },   { 0x60C, 0x60C, ',', 0 },    { 0x66C, 0x66C, ',', 0 },
    { 0x649, 0x64A, 0x6CC, 0 },
    { 0x643, 0x643, 0x6A9, 0 },  { 0x451, 0x451, 0x435, 0 }, { 0x205F, 0x205F, ' ', 0 },  { 0x966, 0x96F, '0', 1 },
    { 0x9E6, 0x9EF, '0', 1 },    { 0xE50, 0xE59, '0', 1 },   { 0xFE6B, 0xFE6B, '@', 0 },  { 0xFF01, 0xFF20, '!', 1 },
    { 0xFF21, 0xFF3A, 'a', 1 },  { 0xFF3B, 0xFF5E, '[', 1 }
};

/* Joiners, directions, vowel marks, a byte order mark inside: not seen, or not always typed. */
static const struct { uint32_t first, last; } unseen[] = {
    { 0xAD, 0xAD },     { 0x200B, 0x200F }, { 0x202A, 0x202E }, { 0x2060, 0x2069 }, { 0xFEFF, 0xFEFF },
    { 0x640, 0x640 },   { 0x64B, 0x655 },   { 0x300, 0x36F },
};

static uint32_t fold_letter(uint32_t code)
{
    for (size_t i = 0; i < sizeof capitals / sizeof capitals[0]; i++) {
        uint32_t from = capitals[i].first;
        if (code >= from && code <= capitals[i].last && (code - from) % (uint32_t)capitals[i].step == 0) {
            code = (uint32_t)((int)code + capitals[i].add);
            break;
        }
    }
    for (size_t i = 0; i < sizeof alike / sizeof alike[0]; i++)
        if (code >= alike[i].first && code <= alike[i].last)
            return alike[i].to + (alike[i].each ? code - alike[i].first : 0);
    return code;
}

static bool is_unseen(uint32_t code)
{
    for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++)
        if (code >= unseen[i].first && code <= unseen[i].last)
            return true;
    return false;
}

uint32_t kw_fold_next(const char *text, size_t length, size_t *at)
{
    uint32_t code = 0;
    while (*at < length) {
        code = fold_letter(kw_utf8_next(text, length, at));
        if (!is_unseen(code))
            return code;
    }
    return 0;
}

size_t kw_fold(const char *text, char out[KW_FOLD])
{
    size_t at = 0, length = strlen(text), made = 0;
    bool blank = false;
    while (at < length && made + 6 < KW_FOLD) {
        uint32_t code = fold_letter(kw_utf8_next(text, length, &at));
        if (is_unseen(code))
            continue;
        if (code == ' ') {
            blank = made > 0;
            continue;
        }
        if (blank)
            out[made++] = ' ';
        blank = false;
        made += kw_utf8_put(out + made, code);
    }
    out[made] = 0;
    return made;
}

/* Letters from C0 on, small or not, by the one that they have below their mark; '?': they have none. */
static const char plain_letters[] =
    "aaaaaa?ceeeeiiii?nooooo?ouuuuy??aaaaaa?ceeeeiiii?nooooo?ouuuuy?y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghh??iiiiiiiiii??jjkk?llllllllll"
    "nnnnnnn??oooooo??rrrrrrsssssssstttt??uuuuuuuuuuuuwwyyyzzzzzz?";

static size_t put_plain(char *out, uint32_t code)
{
    enum { FIRST = 0xC0 };
    /* Sharp s, ae, oe; the s and t with a comma of Romanian, small or not. */
    static const struct { uint32_t code; const char *plain; } others[] = {
        { 0xDF, "ss" }, { 0xE6, "ae" }, { 0x153, "oe" }, { 0x218, "s" }, { 0x219, "s" }, { 0x21A, "t" }, { 0x21B, "t" }
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (code == others[i].code) {
            size_t length = strlen(others[i].plain);
            memcpy(out, others[i].plain, length);
            return length;
        }
    if (code >= FIRST && code - FIRST < sizeof plain_letters - 1 && plain_letters[code - FIRST] != '?')
        code = (uint8_t)plain_letters[code - FIRST];
    return kw_utf8_put(out, code);
}

void kw_fold_plain(char *text)
{
    size_t at = 0, made = 0, length = strlen(text);
    while (at < length) {
        uint32_t code = kw_utf8_next(text, length, &at);
        made += put_plain(text + made, code);
    }
    text[made] = 0;
}

bool kw_fold_same(const char *a, const char *b)
{
    char first[KW_FOLD], second[KW_FOLD];
    return kw_fold(a, first) == kw_fold(b, second) && strcmp(first, second) == 0;
}
