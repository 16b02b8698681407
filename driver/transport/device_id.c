/* device_id.c - reads the IEEE 1284 device id, as printers really send it. */
#include "transport/device_id.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_text(uint8_t byte)
{
    return byte >= 0x20 && byte < 0x7f;
}

/* How many of the bytes belong to the id, and where its text begins. */
static size_t find_text(const uint8_t *bytes, size_t length, size_t *begin)
{
    *begin = 0;
    if (length < 2 || (is_text(bytes[0]) && is_text(bytes[1]) && length > 2 && is_text(bytes[2])))
        return length;
    *begin = 2;
    size_t big = (size_t)bytes[0] << 8 | bytes[1], little = (size_t)bytes[1] << 8 | bytes[0];
    if (big > 2 && big <= length)
        return big == length - 2 ? length : big;        /* one that does not count its own two bytes */
    if (little > 2 && little <= length)
        return little == length - 2 ? length : little;
    return length;
}

void kw_device_id_decode(const uint8_t *bytes, size_t length, char *out, size_t size)
{
    size_t begin, end = find_text(bytes, length, &begin), used = 0;
    for (size_t i = begin; i < end && used + 1 < size && bytes[i] != 0; i++)
        if (is_text(bytes[i]))
            out[used++] = (char)bytes[i];
    while (used > 0 && out[used - 1] == ' ')
        used--;
    out[used] = 0;
}

static const char *const spellings[][2] = {
    { "MFG", "MANUFACTURER" }, { "MDL", "MODEL" }, { "CMD", "COMMAND SET" }, { "SN", "SERIALNUMBER" },
    { "SN", "SERN" }, { "DES", "DESCRIPTION" }, { "CLS", "CLASS" }
};

static bool same_key(const char *text, size_t length, const char *key)
{
    if (strlen(key) == length && strncasecmp(text, key, length) == 0)
        return true;
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        if (strcasecmp(spellings[i][0], key) == 0 && strlen(spellings[i][1]) == length &&
            strncasecmp(text, spellings[i][1], length) == 0)
            return true;
    return false;
}

static void trim(const char **text, size_t *length)
{
    while (*length > 0 && **text == ' ') {
        (*text)++;
        (*length)--;
    }
    while (*length > 0 && (*text)[*length - 1] == ' ')
        (*length)--;
}

bool kw_device_id_value(const char *device_id, const char *key, char *out, size_t size)
{
    out[0] = 0;
    for (const char *at = device_id; *at;) {
        size_t length = strcspn(at, ";");
        const char *colon = memchr(at, ':', length), *name = at;
        size_t name_length = colon ? (size_t)(colon - at) : 0;
        trim(&name, &name_length);
        if (colon && same_key(name, name_length, key)) {
            const char *value = colon + 1;
            size_t value_length = length - (size_t)(value - at);
            trim(&value, &value_length);
            snprintf(out, size, "%.*s", (int)value_length, value);
            return true;
        }
        at += length + (at[length] == ';');
    }
    return false;
}

/* Languages of page and label printers, as their ids write them; a receipt printer that lists one lists ESC/POS too. */
static const char other_languages[][12] = {
    "PCL", "POSTSCRIPT", "PS", "PDF", "PJL", "PWGRaster", "URF", "ESCPL2", "ESC/P", "BDC", "D4", "SPL", "LAVAFLOW",
    "ZJS", "XPS", "CAPT", "BJL", "BJRaster", "ZPL", "EPL", "TSPL", "DPL", "SLP", "HBP", "PT-CBP", "LQL", "HPGL", "MLC"
};

static bool names(const char *list, size_t length, const char *word)
{
    size_t size = strlen(word);
    return length >= size && strncasecmp(list, word, size) == 0 &&
           (length == size || !((list[size] | 0x20) >= 'a' && (list[size] | 0x20) <= 'z'));
}

bool kw_device_id_other_language(const char *device_id)
{
    char commands[256];
    bool other = false;
    if (!kw_device_id_value(device_id, "CMD", commands, sizeof commands))
        return false;
    for (const char *at = commands; *at;) {
        size_t length = strcspn(at, ",");
        if (names(at, length, "ESC/POS") || names(at, length, "ESCPOS") || names(at, length, "EPOS"))
            return false;
        for (size_t i = 0; i < sizeof other_languages / sizeof other_languages[0]; i++)
            other = other || names(at, length, other_languages[i]);
        at += length + (at[length] == ',');
    }
    return other;
}
