/* texts.c - what a map does to words: HTML out of them, languages, times, ways of paying. */
#include "inputs/maps/rows.h"

#include "base/clock.h"
#include "base/fold.h"
#include "base/utf8.h"
#include "locale/locale.h"
#include "sale/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* ---- HTML ------------------------------------------------------------------------------------------------------- */

static const struct { char name[12]; uint32_t code; } entities[] = {
#define ENTITY(name, code) { name, code },
#include "data/html_entities.def"
#undef ENTITY
};

/* Behind `&`: the sign that it stands for, and how many bytes its name takes with the semicolon; 0: none. */
static size_t entity(const char *text, uint32_t *code)
{
    enum { LONGEST = 10 };
    size_t length = strcspn(text, "; &<");
    if (text[length] != ';' || length == 0 || length > LONGEST)
        return 0;
    if (text[0] == '#') {
        bool hex = text[1] == 'x' || text[1] == 'X';
        *code = (uint32_t)strtoul(text + (hex ? 2 : 1), NULL, hex ? 16 : 10);
        return *code >= ' ' ? length + 1 : 0;
    }
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
        if (strlen(entities[i].name) == length && strncmp(entities[i].name, text, length) == 0) {
            *code = entities[i].code;
            return length + 1;
        }
    }
    return 0;
}

/* The length of an element at `<`; 0: it is none, but less than something. */
static size_t element(const char *text)
{
    const char *end = strchr(text, '>');
    bool named = strchr("/!", text[1]) || (text[1] >= 'a' && text[1] <= 'z') || (text[1] >= 'A' && text[1] <= 'Z');
    return end && text[1] && named ? (size_t)(end - text) + 1 : 0;
}

const char *kw_map_html(struct kw_arena *arena, const char *text)
{
    char *out = kw_arena_alloc(arena, strlen(text) + 1), *end = out, sign[4];
    uint32_t code;
    while (out && *text) {
        size_t length = *text == '&' ? entity(text + 1, &code) : 0;
        if (length > 0) {
            size_t size = kw_utf8_put(sign, code);
            memcpy(end, sign, size);
            end += size;
            text += length + 1;
        } else if (*text == '<' && (length = element(text)) > 0) {
            bool breaks = strncasecmp(text, "<br", 3) == 0 || strncasecmp(text, "</p", 3) == 0;
            text += length;
            if (breaks && *text)
                *end++ = ' ';
        } else {
            *end++ = *text++;
        }
    }
    return out;
}

/* ---- languages -------------------------------------------------------------------------------------------------- */

const char *kw_map_language(struct kw_arena *arena, const char *text)
{
    char *tag = kw_arena_copy(arena, text, strcspn(text, ".@"));
    for (char *at = tag; at && *at; at++)
        *at = *at == '_' ? '-' : *at;
    return tag;
}

/* ---- times ------------------------------------------------------------------------------------------------------ */

/* Seconds since 1970, or milliseconds. */
static const char *of_seconds(struct kw_arena *arena, int64_t number)
{
    enum { THOUSAND = 1000 };
    char text[32];
    const int64_t far = 100000000000;       /* the year 5138 in seconds, 1973 in milliseconds */
    kw_time_text_utc(number > far ? number : number * THOUSAND, text);
    return kw_arena_string(arena, text);
}

/* Behind the seconds: "Z", "+01:00", or nothing. */
static const char *offset_of(struct kw_arena *arena, const char *text)
{
    text += strspn(text, " .,0123456789");
    size_t digits = *text ? strspn(text + 1, "0123456789") : 0;
    if (*text == 'Z' || *text == 'z' || strcmp(text, "UTC") == 0)
        return "Z";
    if ((*text == '+' || *text == '-') && digits == 4)
        return kw_arena_format(arena, "%.3s:%s", text, text + 3);
    if ((*text == '+' || *text == '-') && digits == 2 && text[3] == 0)
        return kw_arena_format(arena, "%s:00", text);
    return text;
}

/* 12:04 AM as four minutes past midnight; *text moves behind it. Between the two stands any blank, or none. */
static int of_half_day(int hour, const char **text)
{
    static const char *const blanks[] = { " ", "\u00A0", "\u202F" };
    const char *at = *text;
    for (size_t i = 0; i < sizeof blanks / sizeof blanks[0]; i++)
        if (strncmp(at, blanks[i], strlen(blanks[i])) == 0)
            at += strlen(blanks[i]);
    bool before = strncasecmp(at, "AM", 2) == 0, after = strncasecmp(at, "PM", 2) == 0;
    if (hour < 1 || hour > 12 || (!before && !after))
        return hour;
    *text = at + 2;
    return hour % 12 + (after ? 12 : 0);
}

/* A date, and a time behind a blank or a T: 2026-11-22 9:05, 2026-11-22T09:05:11.123+0100. */
static const char *normal(struct kw_arena *arena, const char *text, bool utc)
{
    int taken = 0, hour, minute, second = 0;
    char date[11];
    if (sscanf(text, "%10[0-9-]%*1[T ]%d:%d%n", date, &hour, &minute, &taken) != 3 || taken == 0)
        return NULL;
    text += taken;
    if (*text == ':' && sscanf(text, ":%2d%n", &second, &taken) == 1)
        text += taken;
    hour = of_half_day(hour, &text);
    const char *offset = offset_of(arena, text);
    return offset ? kw_arena_format(arena, "%sT%02d:%02d:%02d%s", date, hour, minute, second,
                                    !*offset && utc ? "Z" : offset) : NULL;
}

/* As the shop says that its times are written. */
static const char *in_own_way(struct run *run, const char *text)
{
    struct tm parts = { 0 };
    const char *end = run->shop->time ? strptime(text, run->shop->time, &parts) : NULL;
    return end && !*end ? kw_arena_format(run->arena, "%04d-%02d-%02dT%02d:%02d:%02d", parts.tm_year + 1900,
                                          parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec)
        : NULL;
}

struct item kw_map_time(struct run *run, const struct row *row, const struct op *op, const struct item *item)
{
    bool utc = op->text && strcmp(op->text, "utc") == 0;
    const char *text = kw_map_item_text(run, item);
    struct kw_time time;
    struct item made = { .kind = TEXT };
    if (!text)
        return (struct item){ .kind = NOTHING };
    bool digits = text[0] && strspn(text, "0123456789") == strcspn(text, ".");
    made.text = in_own_way(run, text);
    if (!made.text)
        made.text = digits ? of_seconds(run->arena, strtoll(text, NULL, 10)) : normal(run->arena, text, utc);
    if (made.text && kw_time_read(made.text, &time))
        return made;
    return kw_map_wrong(run, row, "\"%.60s\" is no date with a time such as 2026-11-22T14:03:11+01:00; where the shop writes "
                        "times in its own way, say time = %%d/%%m/%%Y %%H:%%M:%%S in [map %s]", text, run->map->name);
}

/* ---- ways of paying --------------------------------------------------------------------------------------------- */

static const struct { enum kw_payment_type type; const char *words; } words[] = {
#define PAYMENT_WORDS(type, words) { KW_PAY_##type, words },
#include "data/payment_words.def"
#undef PAYMENT_WORDS
};

/* Whether one of the words, which a bar parts, stands in the folded text; at their ends where they are of letters. */
static bool says(const char *text, const char *list)
{
    for (size_t length; *list; list += length + (list[length] == '|')) {
        length = strcspn(list, "|");
        for (const char *at = text; *at; at++) {
            bool ascii = (unsigned char)list[0] < 0x80;
            bool begins = at == text || !ascii || !strchr("abcdefghijklmnopqrstuvwxyz", at[-1]);
            if (begins && strncmp(at, list, length) == 0
                && (!ascii || !at[length] || !strchr("abcdefghijklmnopqrstuvwxyz", at[length])))
                return true;
        }
    }
    return false;
}

/* "Twint = wallet" of the shop. */
static const char *of_shop(const struct kw_map_shop *shop, const char *folded)
{
    char name[KW_FOLD];
    for (const char *const *line = shop->payments; line && *line; line++) {
        const char *sign = strrchr(*line, '=');
        char said[KW_FOLD];
        size_t length = sign ? (size_t)(sign - *line) : 0;
        if (!sign || length >= sizeof said)
            continue;
        memcpy(said, *line, length);
        said[length] = 0;
        kw_fold(said, name);
        sign += 1 + strspn(sign + 1, " \t");
        int number = kw_words_find(kw_words_payment_types, sign);
        if (strcmp(name, folded) == 0 && number >= 0)
            return kw_words_payment_types[number];
    }
    return NULL;
}

/* The word that a receipt of any language prints for it. */
static const char *of_languages(const char *folded)
{
    static const struct { enum kw_payment_type type; enum kw_label label; } labels[] = {
#define PAYMENT(name, number, word, label) { KW_PAY_##name, KW_LABEL_##label },
#include "data/payments.def"
#undef PAYMENT
    };
    char label[KW_FOLD];
    const struct kw_locale *locale;
    for (size_t i = 0; (locale = kw_locale_at(i)) != NULL; i++) {
        for (size_t j = 0; j < sizeof labels / sizeof labels[0]; j++) {
            kw_fold(kw_locale_label(locale, labels[j].label), label);
            if (strcmp(label, folded) == 0)
                return kw_words_payment_types[labels[j].type];
        }
    }
    return NULL;
}

const char *kw_map_payment(const struct kw_map_shop *shop, const char *text)
{
    char folded[KW_FOLD];
    kw_fold(text, folded);
    const char *found = of_shop(shop, folded);
    found = found ? found : of_languages(folded);
    for (size_t i = 0; !found && i < sizeof words / sizeof words[0]; i++)
        found = says(folded, words[i].words) ? kw_words_payment_types[words[i].type] : NULL;
    return found ? found : "other";
}
