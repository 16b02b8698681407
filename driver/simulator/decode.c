/*
 * decode.c - bytes to code points: the table of ESC t, the national set of ESC R, and two-byte systems by iconv.
 */
#include "simulator/decode.h"

#include <iconv.h>
#include <string.h>

enum { NAME_BYTES = 16 };               /* in the row: pointers would be relocated at every start */

static const struct { char name[NAME_BYTES]; uint16_t high[128]; } pages[] = {
#define KW_CODEPAGE(name, ...) { name, { __VA_ARGS__ } },
#include "data/codepages.def"
};
static const struct { char name[NAME_BYTES]; uint8_t byte; uint16_t code; } low_rows[] = {
#define KW_CODEPAGE_LOW(name, byte, code) { name, byte, code },
#include "data/codepages.def"
};

/* ESC R: what stands at 23 24 40 5B 5C 5D 5E 60 7B 7C 7D 7E. */
static const uint8_t national_at[12] = { 0x23, 0x24, 0x40, 0x5B, 0x5C, 0x5D, 0x5E, 0x60, 0x7B, 0x7C, 0x7D, 0x7E };
static const uint16_t national[][12] = {
    { '#', '$', '@', '[', '\\', ']', '^', '`', '{', '|', '}', '~' },
    { '#', '$', 0xE0, 0xB0, 0xE7, 0xA7, '^', '`', 0xE9, 0xF9, 0xE8, 0xA8 },
    { '#', '$', 0xA7, 0xC4, 0xD6, 0xDC, '^', '`', 0xE4, 0xF6, 0xFC, 0xDF },
    { 0xA3, '$', '@', '[', '\\', ']', '^', '`', '{', '|', '}', '~' },
    { '#', '$', '@', 0xC6, 0xD8, 0xC5, '^', '`', 0xE6, 0xF8, 0xE5, '~' },
    { '#', 0xA4, 0xC9, 0xC4, 0xD6, 0xC5, 0xDC, 0xE9, 0xE4, 0xF6, 0xE5, 0xFC },
    { '#', '$', '@', 0xB0, '\\', 0xE9, '^', 0xF9, 0xE0, 0xF2, 0xE8, 0xEC },
    { 0x20A7, '$', '@', 0xA1, 0xD1, 0xBF, '^', '`', 0xA8, 0xF1, '}', '~' },
    { '#', '$', '@', '[', 0xA5, ']', '^', '`', '{', '|', '}', '~' },
    { '#', 0xA4, 0xC9, 0xC6, 0xD8, 0xC5, 0xDC, 0xE9, 0xE6, 0xF8, 0xE5, 0xFC },
    { '#', '$', 0xC9, 0xC6, 0xD8, 0xC5, 0xDC, 0xE9, 0xE6, 0xF8, 0xE5, 0xFC },
    { '#', '$', 0xE1, 0xA1, 0xD1, 0xBF, 0xE9, '`', 0xED, 0xF1, 0xF3, 0xFA },
    { '#', '$', 0xE1, 0xA1, 0xD1, 0xBF, 0xE9, 0xFC, 0xED, 0xF1, 0xF3, 0xFA },
    { '#', '$', '@', '[', 0x20A9, ']', '^', '`', '{', '|', '}', '~' },
    { '#', '$', 0x17D, 0x160, 0x110, 0x106, 0x10C, 0x17E, 0x161, 0x111, 0x107, 0x10D },
    { '#', 0xA5, '@', '[', '\\', ']', '^', '`', '{', '|', '}', '~' },
    { '#', 0x20AB, '@', '[', '\\', ']', '^', '`', '{', '|', '}', '~' },
    { '#', '$', '@', '[', '\\', ']', '^', '`', '{', '|', '}', '~' },
};
enum { NATIONAL_SETS = sizeof national / sizeof national[0] };

static int page_named(const char *name)
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (strcmp(pages[i].name, name) == 0)
            return (int)i;
    return -1;
}

static const char *table_page(const struct kw_sim *sim, uint8_t n)
{
    for (size_t i = 0; i < sim->profile->table_count; i++)
        if (kw_profile_tables(sim->profile)[i].n == n)
            return kw_profile_tables(sim->profile)[i].page;
    return n == 0 ? "cp437" : NULL;
}

bool kw_sim_select_table(struct kw_sim *sim, uint8_t n)
{
    const char *name = table_page(sim, n);
    int page = name ? page_named(name) : -1;
    if (page < 0)
        return false;
    sim->s.look.table = n;
    sim->high_half = pages[page].high;
    return true;
}

/* The few pages that put other characters at codes below 80. */
static uint32_t low_code(const struct kw_sim *sim, uint8_t byte)
{
    const char *name = table_page(sim, sim->s.look.table);
    for (size_t i = 0; name && i < sizeof low_rows / sizeof low_rows[0]; i++)
        if (low_rows[i].byte == byte && strcmp(low_rows[i].name, name) == 0)
            return low_rows[i].code;
    return byte;
}

uint32_t kw_sim_decode(struct kw_sim *sim, uint8_t byte)
{
    if (byte >= 0x80) {
        uint32_t code = sim->high_half[byte - 0x80];
        return code ? code : KW_SIM_NO_CHARACTER;
    }
    if (sim->s.look.international > 0 && sim->s.look.international < NATIONAL_SETS)
        for (size_t i = 0; i < sizeof national_at; i++)
            if (national_at[i] == byte)
                return national[sim->s.look.international][i];
    return low_code(sim, byte);
}

/* FS C 0 and Chinese: a printer of no country's own reads what JIS has no use for as GB 18030. */
static int system_for(const struct kw_sim *sim, uint8_t lead)
{
    int system = sim->s.look.kanji_system;
    bool foreign = system == KW_TWO_BYTE_JIS && lead >= 0x80 && sim->profile->two_byte == KW_TWO_BYTE_NONE;
    return foreign ? KW_TWO_BYTE_GB18030 : system;
}

bool kw_sim_two_byte_lead(const struct kw_sim *sim, uint8_t byte)
{
    switch (system_for(sim, byte)) {
    case KW_TWO_BYTE_SHIFT_JIS: return (byte >= 0x81 && byte <= 0x9F) || (byte >= 0xE0 && byte <= 0xFC);
    case KW_TWO_BYTE_JIS: return byte >= 0x21 && byte <= 0x7E;
    case KW_TWO_BYTE_BIG5: return byte >= 0xA1 && byte <= 0xF9;
    default: return byte >= 0x81 && byte <= 0xFE;
    }
}

static const char *system_name(int system)
{
    switch (system) {
    case KW_TWO_BYTE_SHIFT_JIS: return "CP932";
    case KW_TWO_BYTE_JIS: return "EUC-JP";
    case KW_TWO_BYTE_BIG5: return "BIG5-HKSCS";
    case KW_TWO_BYTE_KOREAN: return "CP949";
    default: return "GB18030";
    }
}

static iconv_t open_system(struct kw_sim *sim, int system)
{
    if (sim->two_byte && sim->two_byte_system == system)
        return sim->two_byte;
    kw_sim_decode_end(sim);
    iconv_t opened = iconv_open("UTF-32LE", system_name(system));
    sim->two_byte = opened == (iconv_t)-1 ? NULL : opened;
    sim->two_byte_system = system;
    return sim->two_byte;
}

uint32_t kw_sim_decode_pair(struct kw_sim *sim, uint8_t lead, uint8_t trail)
{
    int wanted = system_for(sim, lead);
    bool jis = wanted == KW_TWO_BYTE_JIS;
    char in[2] = { (char)(jis ? lead | 0x80 : lead), (char)(jis ? trail | 0x80 : trail) };
    uint8_t out[8];
    char *from = in, *to = (char *)out;
    size_t from_left = sizeof in, to_left = sizeof out;
    iconv_t system = open_system(sim, wanted);
    if (!system)
        return KW_SIM_NO_CHARACTER;
    iconv(system, NULL, NULL, NULL, NULL);
    if (iconv(system, &from, &from_left, &to, &to_left) == (size_t)-1 || to_left == sizeof out)
        return KW_SIM_NO_CHARACTER;
    uint32_t code = out[0] | (uint32_t)out[1] << 8 | (uint32_t)out[2] << 16;
    return code;
}

void kw_sim_decode_end(struct kw_sim *sim)
{
    if (sim->two_byte)
        iconv_close(sim->two_byte);
    sim->two_byte = NULL;
}
