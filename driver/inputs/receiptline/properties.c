/* properties.c - { key: value; … }: what is set for the lines that follow, and what is printed at once. */
#include "base/utf8.h"
#include "inputs/receiptline/internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The values of one line; NULL: it has none of that key. */
struct members { const char *image, *code, *option, *align, *width, *border, *text, *command, *comment; };

static const struct { const char *key; char brief; size_t at; } keys[] = {
    { "image", 'i', offsetof(struct members, image) }, { "code", 'c', offsetof(struct members, code) },
    { "option", 'o', offsetof(struct members, option) }, { "align", 'a', offsetof(struct members, align) },
    { "width", 'w', offsetof(struct members, width) }, { "border", 'b', offsetof(struct members, border) },
    { "text", 't', offsetof(struct members, text) }, { "command", 'x', offsetof(struct members, command) },
    { "comment", '_', offsetof(struct members, comment) },
};

static bool is_space(char sign)
{
    return sign && strchr(" \t\r\n", sign);
}

static void warn(struct kw_rl_reading *reading, const char *word, size_t length, const char *why)
{
    kw_notes_add(reading->warnings, KWIT_WARNING_UNKNOWN_FIELD, "", "line %ld: \"%.*s\" %s", reading->line,
                 (int)(length < 40 ? length : 40), word, why);
}

/* Without its escapes; NULL: no memory. */
static const char *value_of(struct kw_rl_reading *reading, const char *text, size_t length)
{
    struct kw_buffer value;
    char utf8[4];
    kw_buffer_init(&value, 2 * length + 8);
    for (size_t at = 0; at < length;) {
        uint32_t code = (uint8_t)text[at];
        if (text[at] != '\\') {
            kw_buffer_byte(&value, (uint8_t)text[at++]);
            continue;
        }
        at += kw_rl_escape(text + at, length - at, "\\|{};", &code);
        if (code)
            kw_buffer_add(&value, utf8, kw_utf8_put(utf8, code));
    }
    const char *copy = kw_arena_copy(reading->arena, kw_buffer_string(&value), value.length);
    kw_buffer_free(&value);
    return copy;
}

static int keep(struct kw_rl_reading *reading, const char *key, size_t key_length, const char *value, size_t length,
                struct members *members)
{
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        bool brief = key_length == 1 && key[0] == keys[i].brief;
        if (!brief && (strlen(keys[i].key) != key_length || strncmp(keys[i].key, key, key_length) != 0))
            continue;
        const char *text = value_of(reading, value, length);
        memcpy((char *)members + keys[i].at, &text, sizeof text);
        return text ? 0 : kw_rl_no_memory(reading);
    }
    warn(reading, key, key_length, "is no property of ReceiptLine; it is left out");
    return 0;
}

/* The next one that no backslash stands before, or the end. */
static size_t find(const char *text, size_t at, size_t length, char sign)
{
    while (at < length && text[at] != sign)
        at += text[at] == '\\' ? 2 : 1;
    return at < length ? at : length;
}

static void strip(const char *text, size_t *from, size_t *to)
{
    while (*from < *to && is_space(text[*from]))
        (*from)++;
    while (*to > *from && is_space(text[*to - 1]))
        (*to)--;
}

static int split(struct kw_rl_reading *reading, const char *text, size_t length, struct members *members)
{
    for (size_t at = 0; at < length && reading->code == 0;) {
        size_t end = find(text, at, length, ';'), colon = find(text, at, end, ':');
        size_t key = at, key_end = colon, value = colon < end ? colon + 1 : end, value_end = end;
        strip(text, &key, &key_end);
        strip(text, &value, &value_end);
        if (key_end > key)
            keep(reading, text + key, key_end - key, text + value, value_end - value, members);
        at = end + 1;
    }
    return reading->code;
}

/* ---- settings ---- */

/* The next word of a list with a comma or white space between, NUL-terminated and maybe ""; false: there is none. */
static bool next_word(const char **at, char *word, size_t size)
{
    size_t length = 0;
    if (!**at)
        return false;
    while (**at && !is_space(**at) && **at != ',') {
        if (length < size - 1)
            word[length++] = **at;
        (*at)++;
    }
    word[length] = '\0';
    *at += strspn(*at, " \t\r\n");
    if (**at == ',')
        (*at)++;
    *at += strspn(*at, " \t\r\n");
    return true;
}

static void set_widths(struct kw_rl_reading *reading, const char *list)
{
    struct kw_rl_settings *settings = &reading->settings;
    char word[12], *end;
    settings->width_count = 0;
    while (settings->width_count < KW_RECEIPTLINE_COLUMNS && next_word(&list, word, sizeof word)) {
        long width = strtol(word, &end, 10);
        if (strcasecmp(word, "auto") == 0)
            settings->width_count = 0;
        else if (strcmp(word, "*") == 0)
            settings->widths[settings->width_count++] = KW_RL_STAR;
        else if (*end == '\0' && width >= 0 && width < 1000)
            settings->widths[settings->width_count++] = (int)width;
        else
            warn(reading, word, strlen(word), "is no width of a column: auto, * or a number");
    }
}

/* Which of the words it is, or the number of one; -1 with a warning: none. */
static int choose(struct kw_rl_reading *reading, const char *word, const char *const *words)
{
    for (int i = 0; words[i]; i++)
        if (strcasecmp(words[i], word) == 0)
            return i;
    warn(reading, word, strlen(word), "is no value of this property; it is left out");
    return -1;
}

/* A table with lines between its columns ends where the lines do. */
static void set_border(struct kw_rl_reading *reading, const char *word)
{
    static const char *const words[] = { "none", "space", "line", "0", "1", "2", NULL };
    static const enum kw_rl_border borders[] = { KW_RL_NONE, KW_RL_SPACE, KW_RL_LINE, KW_RL_NONE, KW_RL_SPACE,
                                                 KW_RL_SPACE };
    int chosen = choose(reading, word, words);
    if (chosen < 0)
        return;
    if (borders[chosen] != KW_RL_LINE)
        kw_rl_end_table(reading);
    reading->settings.border = borders[chosen];
}

/* 2 to 4 dots a bar, 3 to 8 a cell, 24 to 240 high: what lies between is none of them. */
static bool set_number(struct kw_rl_settings *settings, const char *word)
{
    char *end;
    long number = strtol(word, &end, 10);
    bool module = number >= 2 && number <= 4, cell = number >= 3 && number <= 8, height = number >= 24 && number <= 240;
    if (end == word || *end)
        return false;
    if (module)
        settings->code.module = (int)number;
    if (cell)
        settings->code.cell = (int)number;
    if (height)
        settings->code.height = (int)number;
    return module || cell || height;
}

static void set_option(struct kw_rl_reading *reading, const char *list)
{
    static const char *const types[] = { "upc", "ean", "jan", "code39", "itf", "codabar", "nw7", "code93", "code128",
                                         "qrcode" };
    struct kw_rl_settings *settings = &reading->settings;
    char word[12];
    settings->code.module = 2, settings->code.height = 72, settings->code.cell = 3;
    settings->code.level = 'L', settings->code.human = false;
    strcpy(settings->code.type, "code128");
    while (next_word(&list, word, sizeof word)) {
        bool known = !*word || set_number(settings, word);
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
            if (strcasecmp(types[i], word) == 0)
                strcpy(settings->code.type, types[i]), known = true;
        if (strcasecmp(word, "hri") == 0 || strcasecmp(word, "nohri") == 0)
            settings->code.human = strcasecmp(word, "hri") == 0, known = true;
        if (strlen(word) == 1 && strchr("lmqhLMQH", word[0]))
            settings->code.level = (char)(word[0] & ~0x20), known = true;
        if (!known)
            warn(reading, word, strlen(word), "is no option of a code; it is left out");
    }
}

static void take_settings(struct kw_rl_reading *reading, const struct members *members)
{
    static const char *const sides[] = { "left", "center", "right", NULL }, *const wraps[] = { "wrap", "nowrap", NULL };
    static const enum kw_align aligns[] = { KW_ALIGN_LEFT, KW_ALIGN_CENTER, KW_ALIGN_RIGHT };
    int side = members->align ? choose(reading, members->align, sides) : -1;
    int wrap = members->text ? choose(reading, members->text, wraps) : -1;
    if (side >= 0)
        reading->settings.align = aligns[side];
    if (wrap >= 0)
        reading->settings.nowrap = wrap == 1;
    if (members->width)
        set_widths(reading, members->width);
    if (members->border)
        set_border(reading, members->border);
    if (members->option)
        set_option(reading, members->option);
}

int kw_rl_properties(struct kw_rl_reading *reading, const char *text, size_t length)
{
    struct members members = { .image = NULL };
    if (split(reading, text, length, &members) < 0)
        return reading->code;
    take_settings(reading, &members);
    if (members.command)
        warn(reading, "command", 7, "is left out: data is never a command");
    if (members.image && reading->code == 0)
        kw_rl_picture(reading, members.image, strlen(members.image));
    if (members.code && reading->code == 0)
        kw_rl_symbol(reading, members.code, strlen(members.code));
    return reading->code;
}
