/* test_codepages.c - every code page against iconv, and the rows' own rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include "data/twobyte.h"
#include "profile/profile.h"
#include "text/tables.h"

#include <iconv.h>
#include <stdio.h>
#include <string.h>

static const struct page {
    const char *name;
    uint16_t high[128];
} pages[] = {
#define KW_CODEPAGE(name, ...) { name, { __VA_ARGS__ } },
#include "data/codepages.def"
};

static const struct low {
    const char *name;
    uint8_t byte;
    uint16_t code;
} lows[] = {
#define KW_CODEPAGE_LOW(name, byte, code) { name, byte, code },
#include "data/codepages.def"
};

enum { PAGES = sizeof pages / sizeof pages[0], LOWS = sizeof lows / sizeof lows[0] };

/* What iconv calls them where our name is not enough. NULL: iconv has no such page; published tables only. */
static const struct { const char *page, *iconv; } aliases[] = {
    { "cp851", "IBM851" }, { "cp853", NULL }, { "cp720", NULL }, { "cp1098", NULL }, { "katakana", NULL },
    { "kz1048", NULL }, { "mik", "MIK" }, { "tcvn3", NULL }, { "tcvn3-capitals", NULL }, { "thai11", NULL },
    { "thai13", NULL }, { "thai14", NULL }, { "thai16", NULL }, { "thai18", NULL }, { "thai42", NULL },
    { "iso8859-2", "ISO-8859-2" }, { "iso8859-7", "ISO-8859-7" }, { "iso8859-15", "ISO-8859-15" },
};

/* Cells in which iconv's table errs: the letters of code page 869 in their order, and a cedilla below letters. */
static const struct { const char *page; uint8_t byte; uint32_t code; } better[] = {
    { "cp851", 0xB7, 0x039C }, { "cp851", 0xB8, 0x039D }, { "cp851", 0xF7, 0x00B8 },
};

static uint32_t better_than_iconv(const char *page, int byte, uint32_t theirs)
{
    for (size_t i = 0; i < sizeof better / sizeof better[0]; i++)
        if (strcmp(better[i].page, page) == 0 && better[i].byte == byte)
            return better[i].code;
    return theirs;
}

static const char *iconv_name(const char *page)
{
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
        if (strcmp(aliases[i].page, page) == 0)
            return aliases[i].iconv;
    return page;
}

/* One byte's character, 0 when the page has none or only a control. */
static uint32_t ask_iconv(iconv_t converter, uint8_t byte)
{
    char in[1] = { (char)byte }, *from = in;
    uint32_t out[4] = { 0 };
    char *to = (char *)out;
    size_t left = 1, room = sizeof out;
    iconv(converter, NULL, NULL, NULL, NULL);
    if (iconv(converter, &from, &left, &to, &room) == (size_t)-1)
        return 0;
    iconv(converter, NULL, NULL, &to, &room);
    return byte >= 0x80 && out[0] < 0xA0 ? 0 : out[0];
}

static uint32_t low_of(const char *name, uint8_t byte)
{
    for (size_t i = 0; i < LOWS; i++)
        if (strcmp(lows[i].name, name) == 0 && lows[i].byte == byte)
            return lows[i].code;
    return byte;
}

static void pages_are_as_iconv_has_them(void **state)
{
    (void)state;
    size_t compared = 0;
    for (size_t i = 0; i < PAGES; i++) {
        const char *name = iconv_name(pages[i].name);
        if (!name)
            continue;
        iconv_t converter = iconv_open("UTF-32LE", name);
        if (converter == (iconv_t)-1)
            fail_msg("iconv knows no %s", name);
        for (int byte = 0x20; byte < 0x100; byte++) {
            uint32_t theirs = better_than_iconv(pages[i].name, byte, ask_iconv(converter, (uint8_t)byte));
            uint32_t ours = byte < 0x80 ? low_of(pages[i].name, (uint8_t)byte) : pages[i].high[byte - 0x80];
            if (byte != 0x7F && ours != theirs)
                fail_msg("%s: byte %02X is U+%04X here and U+%04X in iconv", pages[i].name, byte, ours, theirs);
        }
        iconv_close(converter);
        compared++;
    }
    assert_true(compared >= 30);
}

/* Pages of which iconv knows nothing: Thai letters stand where TIS-620 has them, and no character stands twice. */
static void pages_of_printer_makers_have_each_character_once(void **state)
{
    (void)state;
    iconv_t tis = iconv_open("UTF-32LE", "TIS-620");
    assert_true(tis != (iconv_t)-1);
    for (size_t i = 0; i < PAGES; i++) {
        const uint16_t *high = pages[i].high;
        bool thai = strncmp(pages[i].name, "thai", 4) == 0, ordered = thai && strcmp(pages[i].name, "thai42") != 0;
        for (int byte = 0xA1; ordered && byte < 0xFB; byte++) {
            uint32_t theirs = ask_iconv(tis, (uint8_t)byte);
            if (high[byte - 0x80] && theirs && high[byte - 0x80] != theirs)
                fail_msg("%s: byte %02X is U+%04X, not U+%04X", pages[i].name, byte, high[byte - 0x80], theirs);
        }
        for (size_t k = 0; (thai || strcmp(pages[i].name, "cp853") == 0) && k < 128; k++)
            for (size_t j = 0; high[k] && j < k; j++)
                if (high[j] == high[k])
                    fail_msg("%s: U+%04X stands at %02zX and %02zX", pages[i].name, high[k], j + 0x80, k + 0x80);
    }
    iconv_close(tis);
}

/* What makers' tables show where letters of two languages were confused. */
static void letters_of_esperanto_stand_in_their_cells(void **state)
{
    (void)state;
    static const struct { uint8_t byte; uint32_t code; } cells[] = {
        { 0x86, 0x0109 }, { 0x8E, 0x00C4 }, { 0x8F, 0x0108 }, { 0x9B, 0x011D }, { 0x9D, 0x011C }, { 0xA6, 0x011E },
        { 0xC6, 0x015C }, { 0xC7, 0x015D }, { 0xE4, 0x0120 }, { 0xE8, 0x0127 }, { 0xEC, 0x016C }, { 0xED, 0x016D },
    };
    for (size_t i = 0; i < PAGES; i++)
        for (size_t k = 0; strcmp(pages[i].name, "cp853") == 0 && k < sizeof cells / sizeof cells[0]; k++)
            assert_int_equal(pages[i].high[cells[k].byte - 0x80], cells[k].code);
}

static void two_byte_rows_are_as_iconv_has_them(void **state)
{
    (void)state;
    static const char *const names[KW_TWOBYTE_MODES] = { NULL, "SHIFT_JIS", "GB18030", "BIG5", "EUC-KR" };
    static const size_t least[KW_TWOBYTE_MODES] = { 0, 6300, 21000, 13000, 7500 };
    for (int mode = 1; mode < KW_TWOBYTE_MODES; mode++) {
        const struct kw_twobyte_rows *rows = &kw_twobyte_modes[mode];
        iconv_t converter = iconv_open("UTF-32LE", names[mode]);
        size_t compared = 0;
        assert_true(converter != (iconv_t)-1);
        for (size_t i = 0; i < (size_t)rows->leads * rows->trails; i++) {
            char in[2] = { (char)(rows->lead_first + i / rows->trails), (char)(rows->trail_first + i % rows->trails) };
            char *from = in, *to;
            uint32_t out[4] = { 0 };
            size_t left = 2, room = sizeof out;
            if (rows->codes[i] < 0x2E80 || rows->codes[i] == 0xFFFD)
                continue;
            to = (char *)out;
            iconv(converter, NULL, NULL, NULL, NULL);
            if (iconv(converter, &from, &left, &to, &room) == (size_t)-1 || out[0] != rows->codes[i])
                fail_msg("%s: %02X %02X is U+%04X here and U+%04X in iconv", names[mode], (uint8_t)in[0],
                         (uint8_t)in[1], rows->codes[i], (unsigned)out[0]);
            compared++;
        }
        assert_true(compared >= least[mode]);
        iconv_close(converter);
    }
}

static void every_table_of_every_profile_has_its_rows(void **state)
{
    (void)state;
    const struct kw_profile *profile;
    for (size_t i = 0; (profile = kw_profile_at(i)); i++)
        for (size_t k = 0; k < profile->table_count; k++) {
            bool found = false;
            for (size_t page = 0; page < PAGES && !found; page++)
                found = strcmp(pages[page].name, kw_profile_tables(profile)[k].page) == 0;
            if (!found)
                fail_msg("%s: no rows for %s", profile->name, kw_profile_tables(profile)[k].page);
        }
}

static void names_are_unique_and_no_page_holds_controls(void **state)
{
    (void)state;
    for (size_t i = 0; i < PAGES; i++) {
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(pages[i].name, pages[k].name);
        for (int at = 0; at < 128; at++)
            assert_true(pages[i].high[at] == 0 || pages[i].high[at] >= 0xA0);
    }
}

static void rows_for_low_bytes_name_a_page(void **state)
{
    (void)state;
    for (size_t i = 0; i < LOWS; i++) {
        size_t found = 0;
        for (size_t k = 0; k < PAGES; k++)
            found += strcmp(pages[k].name, lows[i].name) == 0;
        assert_int_equal(found, 1);
        assert_in_range(lows[i].byte, 0x20, 0x7E);
    }
}

/* Asked of all tables, of one or of the likeliest: the answer is one. */
static void which_tables_hold_a_character_is_the_same_whoever_asks(void **state)
{
    (void)state;
    const struct kw_profile *profile;
    for (size_t i = 0; (profile = kw_profile_at(i)); i++) {
        struct kw_tables tables;
        kw_tables_init(&tables, profile, "pl");
        for (uint32_t code = 0x500; code-- > 0;) {
            const kw_table_set all = kw_tables_holding(&tables, code);
            assert_true(kw_tables_hold(&tables, code) == (all != 0));
            assert_true(all == 0 || (code >= 0x20 && code != 0x7F && (code < 0x80 || code >= 0xA0)));
            for (size_t table = 0; table < tables.count; table++) {
                const kw_table_set one = (kw_table_set)1 << table;
                assert_true(kw_tables_among(&tables, one, code) == (all & one));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_are_as_iconv_has_them),
        cmocka_unit_test(pages_of_printer_makers_have_each_character_once),
        cmocka_unit_test(letters_of_esperanto_stand_in_their_cells),
        cmocka_unit_test(two_byte_rows_are_as_iconv_has_them),
        cmocka_unit_test(every_table_of_every_profile_has_its_rows),
        cmocka_unit_test(names_are_unique_and_no_page_holds_controls),
        cmocka_unit_test(rows_for_low_bytes_name_a_page),
        cmocka_unit_test(which_tables_hold_a_character_is_the_same_whoever_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
