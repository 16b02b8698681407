/* tables.c - looks characters up in the code pages that a profile names. */
#include "text/internal.h"

#include "base/utf8.h"
#include "data/twobyte.h"

#include <string.h>

/* The name lies in the row: a pointer would be one more thing to relocate at every start. */
static const struct page {
    char name[KW_CODE_PAGE_NAME];
    uint16_t high[128];
} pages[] = {
#define KW_CODEPAGE(name, ...) { name, { __VA_ARGS__ } },
#include "data/codepages.def"
};

/* Pages that are not ASCII below 0x80, and the one with ideographs of half width: text is never set in them. */
static const char altered[][KW_CODE_PAGE_NAME] = {
#define KW_CODEPAGE_LOW(name, byte, code) name,
#include "data/codepages.def"
    "katakana"
};

/* A printer names dozens of pages, each sought among dozens: whole names are compared at once, not byte by byte. */
static bool is_name(const char one[KW_CODE_PAGE_NAME], const char other[KW_CODE_PAGE_NAME])
{
    return memcmp(one, other, KW_CODE_PAGE_NAME) == 0;
}

static bool is_altered(const char name[KW_CODE_PAGE_NAME])
{
    for (size_t i = 0; i < sizeof altered / sizeof altered[0]; i++)
        if (is_name(altered[i], name))
            return true;
    return false;
}

static const uint16_t *find_page(const char name[KW_CODE_PAGE_NAME])
{
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++)
        if (is_name(pages[i].name, name))
            return is_altered(name) ? NULL : pages[i].high;
    return NULL;
}

enum { USUAL_PAGES = 8 };

/* The last row stands for every language that has none of its own. */
static const struct { char language[4]; char pages[USUAL_PAGES][KW_CODE_PAGE_NAME]; } usual[] = {
#define KW_CODEPAGE_FOR(language, ...) { language, { __VA_ARGS__ } },
#include "data/codepages.def"
};

static size_t usual_row(const char *language)
{
    size_t row = 0;
    while (row + 1 < sizeof usual / sizeof usual[0] && strncmp(usual[row].language, language, 2) != 0)
        row++;
    return row;
}

/* How soon a page is taken for a language's row; USUAL_PAGES when it is not among the usual ones. */
static uint8_t rank_of(size_t row, const char page[KW_CODE_PAGE_NAME])
{
    for (uint8_t i = 0; i < USUAL_PAGES && usual[row].pages[i][0]; i++)
        if (is_name(usual[row].pages[i], page))
            return i;
    return USUAL_PAGES;
}

void kw_tables_init(struct kw_tables *tables, const struct kw_profile *profile, const char *language)
{
    memset(tables, 0, sizeof *tables);
    tables->profile = profile;
    tables->language = language ? language : "";
    tables->last = -1;
}

/* Only when the first character beyond ASCII asks: most receipts in English never need it. */
static void resolve(struct kw_tables *tables)
{
    const struct kw_profile *profile = tables->profile;
    size_t row = usual_row(tables->language);
    for (size_t i = 0; i < profile->table_count && tables->count < KW_TABLES_MAX; i++) {
        tables->rows[tables->count].rank = rank_of(row, kw_profile_tables(profile)[i].page);
        tables->count++;
    }
    tables->resolved = true;
}

/* The upper half of a table; NULL: text is never set in it. */
static const uint16_t *page_of(struct kw_tables *tables, size_t table)
{
    if (!tables->rows[table].sought) {
        tables->rows[table].high = find_page(kw_profile_tables(tables->profile)[table].page);
        tables->rows[table].sought = true;
    }
    return tables->rows[table].high;
}

/* No early exit: so the compiler compares eight at a time. */
static bool table_holds(struct kw_tables *tables, size_t table, uint32_t code)
{
    const uint16_t *high = code <= 0xFFFF ? page_of(tables, table) : NULL, sought = (uint16_t)code;
    uint16_t found = 0;
    if (!high)
        return false;
    for (unsigned i = 0; i < 128; i++)
        found |= (uint16_t)-(high[i] == sought);
    return found != 0;
}

/* The byte that stands for a code point, 0 when the page has none. */
static uint8_t find_byte(const uint16_t *high, uint32_t code)
{
    for (unsigned i = 128; i-- > 0;)
        if (high[i] == code)
            return (uint8_t)(i + 0x80);
    return 0;
}

enum { SIGNS = 0x2000, IDEOGRAPHS = 0x2E80 };

/* The pair of bytes in a mode, 0 when it has none. Letters before the CJK blocks are left out: they would be wide. */
static uint16_t find_pair(int mode, uint32_t code)
{
    if (mode <= KW_TWO_BYTE_NONE || mode >= KW_TWOBYTE_MODES || code < SIGNS || code > 0xFFFC)
        return 0;
    const struct kw_twobyte_rows *rows = &kw_twobyte_modes[mode];
    size_t count = (size_t)rows->leads * rows->trails;
    for (size_t i = 0; i < count; i++)
        if (rows->codes[i] == code)
            return (uint16_t)((rows->lead_first + i / rows->trails) << 8 | (rows->trail_first + i % rows->trails));
    return 0;
}

static bool any_mode_holds(uint32_t code)
{
    for (int mode = KW_TWO_BYTE_SHIFT_JIS; mode <= KW_TWO_BYTE_KOREAN; mode++)
        if (code >= IDEOGRAPHS && find_pair(mode, code))
            return true;
    return false;
}

/*
 * Signs (※ ○ ℃) are as wide there as ideographs, so a page that has them narrow is better. Among letters a wide
 * apostrophe is a gap: but for receipts in ideographs, what reads the same in narrow signs is better, too.
 */
static bool may_be_wide(const struct kw_tables *tables, kw_table_set narrow, uint32_t code)
{
    static const char ideographic[][3] = { "zh", "ja", "ko" };
    bool currency = code >= 0x20A0 && code <= 0x20CF;
    if (code >= IDEOGRAPHS || narrow || currency || !kw_text_substitute(code, 0))
        return code >= IDEOGRAPHS || !narrow;
    for (size_t i = 0; i < sizeof ideographic / sizeof ideographic[0]; i++)
        if (strncmp(tables->language, ideographic[i], 2) == 0)
            return true;
    return false;
}

static kw_table_set look_up(struct kw_tables *tables, uint32_t code)
{
    kw_table_set set = 0;
    for (size_t i = 0; i < tables->count; i++)
        if (table_holds(tables, i, code))
            set |= (kw_table_set)1 << i;
    if (may_be_wide(tables, set, code) && find_pair(tables->profile->two_byte, code))
        set |= (kw_table_set)1 << KW_TABLES_TWO_BYTE;
    /* What the fonts behind UTF-8 hold is nowhere written: its tables and the Asian standards are sure. */
    if (tables->profile->utf8 == KW_YES && (set || any_mode_holds(code)))
        set |= (kw_table_set)1 << KW_TABLES_UTF8;
    return set;
}

static bool is_ascii(uint32_t code)
{
    return code >= 0x20 && code < 0x7F;
}

static bool is_control(uint32_t code)
{
    return code < 0xA0 && !is_ascii(code);
}

kw_table_set kw_tables_holding(struct kw_tables *tables, uint32_t code)
{
    if (is_ascii(code) || is_control(code))
        return is_ascii(code) ? ~(kw_table_set)0 : 0;
    if (!tables->resolved)
        resolve(tables);
    size_t slot = code % KW_TABLES_CACHE;
    if (tables->cache[slot].code != code) {
        tables->cache[slot].code = code;
        tables->cache[slot].set = look_up(tables, code);
    }
    return tables->cache[slot].set;
}

/* The table in force, or the language's first, has most of what a receipt says. */
bool kw_tables_hold(struct kw_tables *tables, uint32_t code)
{
    if (is_ascii(code) || is_control(code))
        return is_ascii(code);
    if (!tables->resolved)
        resolve(tables);
    int likely = tables->last >= 0 ? tables->last : kw_tables_first(tables, ~(kw_table_set)0);
    return ((size_t)likely < tables->count && table_holds(tables, (size_t)likely, code))
        || kw_tables_holding(tables, code) != 0;
}

kw_table_set kw_tables_among(struct kw_tables *tables, kw_table_set set, uint32_t code)
{
    bool one = set && (set & (set - 1)) == 0 && set >> tables->count == 0;
    if (is_ascii(code) || is_control(code))
        return is_ascii(code) ? set : 0;
    if (one)
        return table_holds(tables, (size_t)__builtin_ctzll(set), code) ? set : 0;
    return set & kw_tables_holding(tables, code);
}

bool kw_tables_widen(struct kw_tables *tables, uint32_t code)
{
    return code >= SIGNS && code < IDEOGRAPHS && tables->profile->two_byte != KW_TWO_BYTE_NONE
        && kw_tables_holding(tables, code) >> KW_TABLES_TWO_BYTE & 1;
}

int kw_tables_first(const struct kw_tables *tables, kw_table_set set)
{
    int first = __builtin_ctzll(set);
    if ((set & (set - 1)) == 0)
        return first;
    for (size_t i = (size_t)first; i < tables->count; i++)
        if ((set >> i & 1) && tables->rows[i].rank < tables->rows[first].rank)
            first = (int)i;
    return first;
}

size_t kw_tables_bytes(struct kw_tables *tables, int table, uint32_t code, uint8_t out[4])
{
    if (code < 0x80) {
        out[0] = (uint8_t)code;
        return 1;
    }
    if (table == KW_TABLES_UTF8)
        return kw_utf8_put((char *)out, code);
    if (table == KW_TABLES_TWO_BYTE) {
        uint16_t pair = find_pair(tables->profile->two_byte, code);
        out[0] = (uint8_t)(pair >> 8);
        out[1] = (uint8_t)pair;
        return 2;
    }
    out[0] = find_byte(page_of(tables, (size_t)table), code);
    return 1;
}
