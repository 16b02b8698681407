/* values.c - one value, by the kind of its key, into its member. */
#include "config/private.h"

#include <stdint.h>
#include <string.h>

enum { TEXT_LIMIT = 4096 };

struct word {
    const char *text;
    size_t length;
};

/* The next word of a list parted by a character, without the blanks around it; false behind the last. */
static bool next_word(const char **list, char part, struct word *word)
{
    if (!**list)
        return false;
    const char *end = strchr(*list, part);
    const char *start = *list, *stop = end ? end : start + strlen(start);
    *list = end ? end + 1 : stop;
    while (start < stop && (*start == ' ' || *start == '\t'))
        start++;
    while (stop > start && (stop[-1] == ' ' || stop[-1] == '\t'))
        stop--;
    *word = (struct word){ start, (size_t)(stop - start) };
    return true;
}

static bool is_among(const char *list, const char *value)
{
    struct word word;
    while (next_word(&list, '|', &word))
        if (strlen(value) == word.length && strncmp(word.text, value, word.length) == 0)
            return true;
    return false;
}

/* The member is an enum of data/choices.h. */
static bool set_choice(const struct choice *choices, const char *value, int *target)
{
    for (; *choices->word; choices++) {
        if (strcmp(choices->word, value) == 0) {
            *target = choices->number;
            return true;
        }
    }
    return false;
}

static bool set_bool(const struct key *key, const char *value, bool *target)
{
    static const struct choice spellings[] = { { "off", false }, { "on", true }, { "false", false }, { "true", true },
                                               { "0", false }, { "1", true }, { "", 0 } };
    int number = 0;
    bool is_truth = key->limits.list == LIST_truth;
    bool known = set_choice(kw_config_choices(key->limits.list), value, &number)
        || (is_truth && set_choice(spellings, value, &number));
    if (known)
        *target = number != 0;
    return known;
}

/* Digits only, at most `digits` of them. */
static bool read_number(const char **text, int digits, int64_t *number)
{
    const char *start = *text;
    *number = 0;
    while (**text >= '0' && **text <= '9' && *text - start < digits)
        *number = *number * 10 + *(*text)++ - '0';
    return *text > start && !(**text >= '0' && **text <= '9');
}

static bool read_span(const char **text, int64_t *ms)
{
    static const struct { const char *unit; int64_t ms; } units[] = {
        { "ms", 1 }, { "s", 1000 }, { "min", 60000 }, { "h", 3600000 }, { "d", 86400000 }, { "", 1000 }
    };
    int64_t number;
    if (!read_number(text, 9, &number))
        return false;
    size_t length = 0;
    while (**text == ' ' || **text == '\t')
        ++*text;
    while ((*text)[length] >= 'a' && (*text)[length] <= 'z')
        length++;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strlen(units[i].unit) == length && strncmp(units[i].unit, *text, length) == 0) {
            *text += length;
            *ms = number * units[i].ms;
            return true;
        }
    }
    return false;
}

typedef bool reader(const char **text, int64_t *number);

static bool read_whole(const char **text, int64_t *number)
{
    return read_number(text, 9, number);
}

/* A value that lies within limits "LOW..HIGH", both written as the value itself is; "": any value. */
static bool read_within(reader *read, const char *limits, const char *value, int64_t *number)
{
    int64_t low, high;
    if (!read(&value, number) || *value)
        return false;
    if (!*limits)
        return true;
    if (!read(&limits, &low) || strncmp(limits, "..", 2) != 0)
        return false;
    limits += 2;
    return read(&limits, &high) && *number >= low && *number <= high;
}

/* "12.5%" to 1250. */
static bool set_rate(const char *value, int *basis_points)
{
    int64_t whole, part = 0;
    if (!read_number(&value, 3, &whole))
        return false;
    if (*value == '.' || *value == ',') {
        const char *digits = ++value;
        if (!read_number(&value, 2, &part))
            return false;
        part *= value - digits == 1 ? 10 : 1;
    }
    value += strspn(value, " ");
    if (strcmp(value, "%") != 0 || whole * 100 + part > 10000)
        return false;
    *basis_points = (int)(whole * 100 + part);
    return true;
}

static bool set_daytime(const char *value, int *minutes)
{
    int64_t hour, minute;
    if (!read_number(&value, 2, &hour) || *value++ != ':')
        return false;
    const char *start = value;
    if (!read_number(&value, 2, &minute) || value - start != 2 || *value || hour > 23 || minute > 59)
        return false;
    *minutes = (int)(hour * 60 + minute);
    return true;
}

static bool set_path(struct kw_arena *arena, const char *value, const char *file, const char **target)
{
    const char *slash = file ? strrchr(file, '/') : NULL;
    *target = !*value ? NULL : *value == '/' || !slash ? value
        : kw_arena_format(arena, "%.*s/%s", (int)(slash - file), file, value);
    return !*value || *target;
}

/* The value arrives as lines joined by newlines; WORDS are parted by commas too. */
static bool set_list(struct kw_arena *arena, const char *value, bool words, const char *const **target)
{
    size_t count = 0, limit = 1;
    for (const char *at = value; *at; at++)
        limit += *at == '\n' || (words && *at == ',');
    const char **list = *value ? kw_arena_array(arena, limit + 1, sizeof *list) : NULL;
    struct word line, word;
    while (list && next_word(&value, '\n', &line)) {
        const char *rest = kw_arena_copy(arena, line.text, line.length);
        if (rest && !words)
            list[count++] = rest;
        while (rest && words && next_word(&rest, ',', &word))
            if (word.length > 0)
                list[count++] = kw_arena_copy(arena, word.text, word.length);
    }
    *target = list;
    return true;
}

static const char *control_character(const char *value)
{
    for (; *value; value++)
        if (((unsigned char)*value < 0x20 && *value != '\n') || *value == 0x7F)
            return value;
    return NULL;
}

/* What is no value of the key leaves the member as it is. `limits` are those of a number or a time. */
static bool set_member(struct kw_arena *arena, const struct key *key, const char *value, const char *file,
                       const char *limits, void *member)
{
    int64_t number = 0;
    bool empty = !*value, fits;
    switch (key->kind) {
    case TEXT:
        *(const char **)member = empty ? NULL : value;
        return true;
    case LINES:
    case WORDS:
        return set_list(arena, value, key->kind == WORDS, member);
    case PATH:
        return set_path(arena, value, file, member);
    case CHOICE:
        return set_choice(kw_config_choices(key->limits.list), value, member);
    case CHOICE_TEXT:
        if (!empty && !is_among(kw_config_limits(key), value))
            return false;
        *(const char **)member = empty ? NULL : value;
        return true;
    case BOOL:
        return set_bool(key, value, member);
    case NUMBER:
        fits = read_within(read_whole, limits, value, &number);
        if (fits)
            *(int *)member = (int)number;
        return fits;
    case MS:
        fits = (empty && !*key->fallback) || read_within(read_span, limits, value, &number);
        if (fits)
            *(int64_t *)member = number;
        return fits;
    case PULSE:
        fits = read_within(read_span, limits, value, &number);
        if (fits)
            *(int *)member = (int)number;
        return fits;
    case RATE:
        return set_rate(value, member);
    case DAYTIME:
        return set_daytime(value, member);
    }
    return false;
}

static const char *wanted(const struct key *key)
{
    switch (key->kind) {
    case CHOICE:
    case CHOICE_TEXT:
    case BOOL:
        return "one of the words";
    case NUMBER:
        return "a whole number within";
    case MS:
    case PULSE:
        return "a time such as `10 s`, `15 min` or `500 ms`, within";
    case RATE:
        return "a percentage such as `25%` or `0.25%`, at most 100%";
    case DAYTIME:
        return "a time of day such as `04:00`, from 00:00 to 23:59";
    default:
        return "text";
    }
}

bool kw_config_set(struct kw_arena *arena, const struct key *key, const char *value, const char *file, void *record,
                   const char **why)
{
    if (strlen(value) > TEXT_LIMIT) {
        *why = "text of at most 4096 bytes";
        return false;
    }
    if (control_character(value)) {
        *why = "text without control characters";
        return false;
    }
    *why = wanted(key);
    return set_member(arena, key, value, file, key->limits.text, (char *)record + key->offset);
}

/* What a row says is within what it says: a test holds the rows to it, and no start asks again. */
bool kw_config_set_default(struct kw_arena *arena, const struct key *key, void *record)
{
    return set_member(arena, key, key->fallback, NULL, "", (char *)record + key->offset);
}
