/*
 * described.c - a printer that no row knows, described in one line: a row's name and what differs from it,
 *
 *     generic-80 width=512 cut=partial qr=yes tables=0:cp437,16:cp1252
 *
 * The line is the profile's name, so that a journal that keeps it can print its jobs whatever the configuration says by
 * then.
 */
#include "profile/profile.h"

#include <stdlib.h>
#include <string.h>

static const char pages[][KW_CODE_PAGE_NAME] = {
#define KW_CODEPAGE(name, ...) name,
#include "data/codepages.def"
};

struct reading {
    struct kw_arena *arena;
    struct kw_profile *profile;
    int across, down;                   /* units to a dot; KW_UNKNOWN: as the row has it */
    const char *why;                    /* NULL: no fault */
};

static bool is_word(const char *value, size_t length, const char *word)
{
    return length == strlen(word) && strncmp(value, word, length) == 0;
}

static int number(struct reading *reading, const char *value, size_t length, int least, int most)
{
    char *end;
    long found = strtol(value, &end, 10);
    if (end != value + length || found < least || found > most)
        reading->why = "it is no whole number, or out of range";
    return (int)found;
}

static int ability(struct reading *reading, const char *value, size_t length)
{
    if (!is_word(value, length, "yes") && !is_word(value, length, "no"))
        reading->why = "it is neither yes nor no";
    return is_word(value, length, "yes") ? KW_YES : KW_NO;
}

static void set_width(struct reading *reading, const char *value, size_t length)
{
    reading->profile->width_dots = number(reading, value, length, 96, 2048);
}

static void set_paper(struct reading *reading, const char *value, size_t length)
{
    reading->profile->paper_mm = number(reading, value, length, 25, 216);
}

static void set_dpi(struct reading *reading, const char *value, size_t length)
{
    reading->profile->dpi = number(reading, value, length, 100, 600);
}

static void set_feed(struct reading *reading, const char *value, size_t length)
{
    reading->profile->head_to_cutter_dots = number(reading, value, length, 0, 400);
}

static void set_cell(struct reading *reading, const char *value, size_t length)
{
    reading->profile->font_a_width = number(reading, value, length, 6, 48);
}

static void set_across(struct reading *reading, const char *value, size_t length)
{
    reading->across = number(reading, value, length, 0, 4);
}

static void set_down(struct reading *reading, const char *value, size_t length)
{
    reading->down = number(reading, value, length, 0, 4);
}

static void set_pictures(struct reading *reading, const char *value, size_t length)
{
    static const struct { const char *word; unsigned graphics; } ways[] = {
        { "raster", KW_GRAPHICS_RASTER }, { "columns", KW_GRAPHICS_COLUMN }, { "none", 0 }
    };
    reading->why = "it is none of raster, columns, none";
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        if (is_word(value, length, ways[i].word)) {
            reading->profile->graphics = ways[i].graphics;
            reading->why = NULL;
        }
}

/* A command that does nothing is not used; the resolution may stand behind the units. */
static void settle_units(struct reading *reading)
{
    struct kw_profile *profile = reading->profile;
    if (reading->across >= 0) {
        profile->motion_x = 0;
        profile->power_x = reading->across * profile->dpi;
        profile->quirks &= ~(unsigned)KW_QUIRK_NO_JUMP;
        profile->quirks |= reading->across == 0 ? KW_QUIRK_NO_JUMP : 0u;
    }
    if (reading->down >= 0) {
        profile->motion_y = 0;
        profile->power_y = reading->down * profile->dpi;
        profile->quirks &= ~(unsigned)KW_QUIRK_NO_FEED;
        profile->quirks |= reading->down == 0 ? KW_QUIRK_NO_FEED : 0u;
    }
}

static void set_cut(struct reading *reading, const char *value, size_t length)
{
    static const char *const words[] = { [KW_CUTTER_NONE] = "none", [KW_CUTTER_PARTIAL] = "partial",
                                         [KW_CUTTER_FULL] = "full", [KW_CUTTER_BOTH] = "both" };
    reading->why = "it is none of none, partial, full, both";
    for (int i = 0; i < (int)(sizeof words / sizeof words[0]); i++)
        if (is_word(value, length, words[i])) {
            reading->profile->cutter = i;
            reading->why = NULL;
        }
}

static void set_qr(struct reading *reading, const char *value, size_t length)
{
    unsigned symbols = reading->profile->symbols & ~(unsigned)KW_SYMBOL_QR;
    reading->profile->symbols = symbols | (ability(reading, value, length) == KW_YES ? KW_SYMBOL_QR : 0u);
}

static void set_bars(struct reading *reading, const char *value, size_t length)
{
    const unsigned bars = KW_SYMBOL_BARCODES | KW_SYMBOL_CODE93 | KW_SYMBOL_CODE128;
    unsigned symbols = reading->profile->symbols & ~bars;
    reading->profile->symbols = symbols | (ability(reading, value, length) == KW_YES ? bars : 0u);
}

static void set_drawer(struct reading *reading, const char *value, size_t length)
{
    reading->profile->drawer = ability(reading, value, length);
}

static const char *page_of(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (is_word(name, length, pages[i]))
            return pages[i];
    return NULL;
}

/* `n:page` parted by commas; all that the printer has to print with. */
static void set_tables(struct reading *reading, const char *value, size_t length)
{
    enum { MOST = 32 };
    struct kw_code_table *tables = kw_arena_array(reading->arena, MOST, sizeof *tables);
    size_t count = 0;
    reading->why = tables ? NULL : "there is no memory";
    for (size_t at = 0; at < length && !reading->why; at++, count++) {
        size_t item = strcspn(value + at, ", \t"), digits = strspn(value + at, "0123456789");
        bool parted = digits < item && value[at + digits] == ':';
        const char *page = parted ? page_of(value + at + digits + 1, item - digits - 1) : NULL;
        long n = strtol(value + at, NULL, 10);
        if (!page || digits == 0 || n > 255 || count == MOST)
            reading->why = "it is no list such as 0:cp437,16:cp1252 of code pages that kwit knows";
        else
            tables[count].n = (uint8_t)n, memcpy(tables[count].page, page, KW_CODE_PAGE_NAME);
        at += item;
    }
    reading->profile->tables = tables;
    reading->profile->table_count = count;
}

static const struct {
    const char *key;
    void (*set)(struct reading *reading, const char *value, size_t length);
} keys[] = {
    { "width", set_width }, { "paper", set_paper }, { "dpi", set_dpi }, { "cut", set_cut }, { "feed", set_feed },
    { "cell", set_cell }, { "across", set_across }, { "down", set_down }, { "pictures", set_pictures },
    { "qr", set_qr }, { "bars", set_bars }, { "drawer", set_drawer }, { "tables", set_tables },
};

static int read_item(struct reading *reading, const char *item, size_t length, enum kwit_error code, const char *where,
                     struct kw_error *error)
{
    const char *equals = memchr(item, '=', length);
    size_t key = equals ? (size_t)(equals - item) : length;
    for (size_t i = 0; equals && i < sizeof keys / sizeof keys[0]; i++) {
        if (!is_word(item, key, keys[i].key))
            continue;
        keys[i].set(reading, equals + 1, length - key - 1);
        return reading->why ? kw_fail(error, code, where, "`%.*s` in the printer's description: %s", (int)length, item,
                                      reading->why) : 0;
    }
    return kw_fail(error, code, where, "`%.*s` describes no printer; known are width, paper, dpi, cell, across, "
                   "down, cut, feed, pictures, qr, bars, drawer and tables, each with = and its value", (int)length, item);
}

int kw_profile_read(struct kw_arena *arena, const char *text, enum kwit_error code, const char *where,
                    const struct kw_profile **profile, struct kw_error *error)
{
    /* Several words without a value among them are the name that stands on the printer. */
    const char *base = kw_arena_copy(arena, text, strchr(text, '=') ? strcspn(text, " \t") : strlen(text));
    struct reading reading = { .arena = arena, .across = KW_UNKNOWN, .down = KW_UNKNOWN };
    if (!base)
        return kw_fail(error, KWIT_E_NO_MEMORY, where, "out of memory");
    int failed = kw_profile_choose(base, code, where, profile, error);
    if (failed < 0 || !text[strlen(base)])
        return failed;
    reading.profile = kw_arena_alloc(arena, sizeof *reading.profile);
    if (!reading.profile)
        return kw_fail(error, KWIT_E_NO_MEMORY, where, "out of memory");
    *reading.profile = **profile;
    reading.profile->described = kw_arena_string(arena, text);
    reading.profile->aliases[0] = 0;
    *profile = reading.profile;
    for (const char *at = text + strlen(base); *at && failed == 0;) {
        at += strspn(at, " \t");
        size_t length = strcspn(at, " \t");
        failed = length ? read_item(&reading, at, length, code, where, error) : 0;
        at += length;
    }
    settle_units(&reading);
    return failed == 0 && !reading.profile->described ? kw_fail(error, KWIT_E_NO_MEMORY, where, "out of memory")
                                                      : failed;
}

const struct kw_profile *kw_profile_named(struct kw_arena *arena, const char *text)
{
    const struct kw_profile *profile = kw_profile_find(text);
    struct kw_error ignored;
    if (profile || !strpbrk(text, " \t"))
        return profile;
    return kw_profile_read(arena, text, KWIT_E_CONFIG, "", &profile, &ignored) == 0 ? profile : NULL;
}
