/*
 * code128.c - CODE128 with the code sets that the host names (ISO/IEC 15417; escapes as in Epson's command reference,
 * GS k).
 */
#include "simulator/barcode.h"
#include "simulator/state.h"

#include <string.h>

enum { START_A = 103, STOP = 106, VALUES_MAX = 600, FNC1 = 102, SHIFT = 98 };

/* Widths of bars and gaps of the values 0 to 106; the stop has one bar more. Its own rows: a wrong one shows. */
static const char widths[][8] = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
    "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
    "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
    "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
    "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
    "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
    "114131", "311141", "411131", "211412", "211214", "211232", "2331112"
};

struct reader {
    const uint8_t *bytes;
    size_t length, at;
    char set;                   /* 'A', 'B', 'C' */
    bool shifted;
    uint16_t values[VALUES_MAX];
    size_t count;
    struct kw_sim_bars *bars;
    size_t text, data;
};

static bool add_value(struct reader *reader, int value)
{
    if (reader->count == VALUES_MAX)
        return false;
    reader->values[reader->count++] = (uint16_t)value;
    return true;
}

static void add_text(struct reader *reader, uint8_t shown, int read)
{
    if (reader->text + 1 < reader->bars->text_size)
        reader->bars->text[reader->text++] = (char)(shown >= 0x20 && shown < 0x7F ? shown : ' ');
    if (read > 0 && reader->data + 1 < reader->bars->text_size)
        reader->bars->data[reader->data++] = (char)read;
}

static bool function_character(struct reader *reader, uint8_t which)
{
    static const uint8_t in_a[] = { FNC1, 97, 96, 101 }, in_b[] = { FNC1, 97, 96, 100 };
    int n = which - '1';
    if (reader->set == 'C' && n != 0)
        return false;
    add_text(reader, ' ', n == 0 && reader->count > 1 ? 0x1D : 0);
    return add_value(reader, reader->set == 'A' ? in_a[n] : in_b[n]);
}

static bool change_set(struct reader *reader, char set)
{
    static const uint8_t to[] = { 101, 100, 99 };
    if (reader->count == 0) {
        reader->set = set;
        return add_value(reader, START_A + set - 'A');
    }
    if (reader->set == set)
        return true;
    reader->set = set;
    return add_value(reader, to[set - 'A']);
}

static bool plain(struct reader *reader, uint8_t byte)
{
    char set = reader->shifted ? (reader->set == 'A' ? 'B' : 'A') : reader->set;
    reader->shifted = false;
    if (set == 'C') {
        if (byte > 99)
            return false;
        add_text(reader, (uint8_t)('0' + byte / 10), '0' + byte / 10);
        add_text(reader, (uint8_t)('0' + byte % 10), '0' + byte % 10);
        return add_value(reader, byte);
    }
    if (byte > 0x7F || (set == 'A' ? byte > 0x5F : byte < 0x20))
        return false;
    add_text(reader, byte, byte);
    return add_value(reader, byte < 0x20 ? byte + 64 : byte - 32);
}

static bool escape(struct reader *reader, uint8_t letter)
{
    switch (letter) {
    case 'A': case 'B': case 'C': return change_set(reader, (char)letter);
    case '1': case '2': case '3': case '4': return function_character(reader, letter);
    case '{': return plain(reader, '{');
    case 'S':
        reader->shifted = true;
        return reader->set != 'C' && add_value(reader, SHIFT);
    default: return false;
    }
}

static void draw(struct reader *reader)
{
    unsigned sum = reader->values[0];
    for (size_t i = 1; i < reader->count; i++)
        sum += (unsigned)i * reader->values[i];
    add_value(reader, (int)(sum % 103));
    add_value(reader, STOP);
    struct kw_sim_bars *bars = reader->bars;
    for (size_t i = 0; i < reader->count; i++) {
        uint8_t black = 1;
        for (const char *width = widths[reader->values[i]]; *width; width++, black = !black)
            for (int n = 0; n < *width - '0' && bars->count < bars->capacity; n++)
                bars->modules[bars->count++] = black;
    }
    bars->text[reader->text] = 0;
    bars->data[reader->data] = 0;
}

static bool finish(struct reader *reader)
{
    if (reader->count < 2 || reader->shifted || reader->count + 2 > VALUES_MAX ||
        reader->count * 11 + 24 > reader->bars->capacity)
        return false;
    draw(reader);
    return true;
}

bool kw_sim_code128(const uint8_t *bytes, size_t length, bool gs1, struct kw_sim_bars *bars)
{
    struct reader reader = { .bytes = bytes, .length = length, .bars = bars };
    bool begins = length >= 2 && bytes[0] == '{' && bytes[1] >= 'A' && bytes[1] <= 'C';
    if (gs1 && !begins)
        return kw_sim_code128_gs1(bytes, length, bars);
    if (!begins)
        return false;
    while (reader.at < length) {
        uint8_t byte = bytes[reader.at++];
        bool last = reader.at == length;
        /* In set C a 7B is no value, so it can only be an escape; elsewhere a brace always is. */
        bool good = byte == '{' ? !last && escape(&reader, bytes[reader.at++]) : plain(&reader, byte);
        if (!good)
            return false;
        if (gs1 && reader.count == 1 && !(reader.at + 1 < length && bytes[reader.at] == '{' &&
                                          bytes[reader.at + 1] == '1'))
            add_value(&reader, FNC1);
    }
    return finish(&reader);
}

static size_t digits_ahead(const uint8_t *bytes, size_t length)
{
    size_t count = 0;
    while (count < length && bytes[count] >= '0' && bytes[count] <= '9')
        count++;
    return count;
}

/* Set C for four digits or more, else the set that has the character. FNC1 is byte 1D where gs1 says so. */
static bool choose_sets(struct reader *reader, bool gs1)
{
    while (reader->at < reader->length) {
        const uint8_t *next = reader->bytes + reader->at;
        size_t digits = digits_ahead(next, reader->length - reader->at);
        bool pairs = digits >= 4 || (reader->set == 'C' && digits >= 2);
        bool good;
        if (gs1 && *next == 0x1D) {
            good = function_character(reader, '1');
            reader->at++;
        } else if (pairs) {
            good = change_set(reader, 'C') && plain(reader, (uint8_t)((next[0] - '0') * 10 + next[1] - '0'));
            reader->at += 2;
        } else {
            bool only_a = *next < 0x20, only_b = *next >= 0x60;
            char set = only_a ? 'A' : only_b || reader->set != 'A' ? 'B' : 'A';
            good = change_set(reader, set) && plain(reader, *next);
            reader->at++;
        }
        if (!good)
            return false;
        if (gs1 && reader->count == 2 && reader->values[1] != FNC1) {
            reader->values[2] = reader->values[1];      /* the FNC1 that says GS1 comes first */
            reader->values[1] = FNC1;
            reader->count = 3;
        }
    }
    return finish(reader);
}

bool kw_sim_code128_auto(const uint8_t *bytes, size_t length, struct kw_sim_bars *bars)
{
    struct reader reader = { .bytes = bytes, .length = length, .bars = bars };
    return choose_sets(&reader, false);
}

/* Parentheses and spaces help the eye; `*` asks for a check digit, which we leave to the host. */
bool kw_sim_code128_gs1(const uint8_t *bytes, size_t length, struct kw_sim_bars *bars)
{
    uint8_t plain_bytes[256];
    size_t count = 0;
    for (size_t i = 0; i < length && count < sizeof plain_bytes; i++)
        if (!strchr("() *", bytes[i]) || bytes[i] == 0)
            plain_bytes[count++] = bytes[i];
    struct reader reader = { .bytes = plain_bytes, .length = count, .bars = bars };
    return choose_sets(&reader, true);
}
