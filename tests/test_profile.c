/* test_profile.c - the rows of printers hold together, and printers are found among them. */
#include "profile/profile.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define EACH_PROFILE(row) const struct kw_profile *row; for (size_t i = 0; (row = kw_profile_at(i)) != NULL; i++)

/* Names the row in the failure. */
static void hold(const struct kw_profile *row, bool holds, const char *what)
{
    if (!holds)
        fail_msg("%s: %s", row->name, what);
}

static void there_are_at_least_forty_models_of_many_makers(void **state)
{
    size_t models = 0, makers = 0;
    const char *last = "";
    (void)state;
    EACH_PROFILE(row) {
        models += strncmp(row->name, "generic", 7) != 0;
        makers += strcmp(row->vendor, last) != 0;
        last = row->vendor;
    }
    assert_true(models >= 110);
    assert_true(makers >= 35);
}

static void names_are_unique_plain_and_sourced(void **state)
{
    (void)state;
    EACH_PROFILE(row) {
        hold(row, row->vendor[0] && row->model[0], "a text is missing");
        hold(row, !row->name[sizeof row->name - 1] && !row->vendor[sizeof row->vendor - 1]
             && !row->model[sizeof row->model - 1] && !row->aliases[sizeof row->aliases - 1]
             && !row->source[sizeof row->source - 1], "a text fills its place to the end");
        hold(row, !row->described && !row->tables, "it has what only a description has");
        hold(row, strlen(row->source) >= 2 && row->name[0], "it has no source");
        for (const char *at = row->name; *at; at++)
            hold(row, islower((unsigned char)*at) || isdigit((unsigned char)*at) || *at == '-',
                 "its name is not plain");
        hold(row, kw_profile_find(row->name) == row, "another row has its name");
    }
}

static void numbers_are_in_range_or_unknown(void **state)
{
    enum { LEAST_MARGIN_MM = 2 };
    (void)state;
    EACH_PROFILE(row) {
        double printable_mm = row->width_dots / (row->dpi == 203 ? 8.0 : row->dpi / 25.4);
        hold(row, row->dpi == 180 || row->dpi == 203 || row->dpi == 300 ||
             (row->dpi == 160 && row->firmware == KW_FIRMWARE_IMPACT), "dpi");
        hold(row, row->paper_mm >= 38 && row->paper_mm <= 120, "paper");
        hold(row, row->width_dots >= 200 && printable_mm <= row->paper_mm - 2 * LEAST_MARGIN_MM,
             "it prints wider than its paper is between the margins");
        hold(row, printable_mm >= row->paper_mm * 0.75, "it prints on less than three quarters of its paper");
        hold(row, row->font_a_width >= 8 && row->font_a_width <= 24 && row->font_a_height >= 16, "font A");
        hold(row, row->font_b_width >= 6 && row->font_b_width <= row->font_a_width && row->font_b_height >= 12,
             "font B");
        hold(row, kw_profile_columns(row, 0) >= 20 && kw_profile_columns(row, 1) >= kw_profile_columns(row, 0),
             "columns");
        hold(row, row->speed_mm_s == KW_UNKNOWN || (row->speed_mm_s >= 20 && row->speed_mm_s <= 600), "speed");
        hold(row, row->receive_buffer_bytes == KW_UNKNOWN || row->receive_buffer_bytes >= 45, "buffer");
        hold(row, row->head_to_cutter_dots == KW_UNKNOWN || row->head_to_cutter_dots < 400, "head to cutter");
        hold(row, (row->motion_x == 0) == (row->motion_y == 0) && row->motion_x < 256 && row->motion_y < 256, "motion");
        hold(row, row->motion_x == 0 || row->motion_x == row->dpi, "GS P makes one unit one dot");
        hold(row, (row->power_x == 0) == (row->power_y == 0) && row->power_x <= row->dpi &&
             row->power_y <= 2 * row->dpi,
             "units from power-on");
        hold(row, row->max_raster_rows >= 24, "raster rows");
        hold(row, row->cutter >= KW_CUTTER_UNKNOWN && row->cutter <= KW_CUTTER_BOTH, "cutter");
        hold(row, row->graphics != 0 || row->language != KW_LANGUAGE_ESCPOS, "it prints no pictures at all");
        hold(row, row->confirm != KW_CONFIRM_PROCESS_ID || row->status & KW_STATUS_DLE_EOT,
             "it confirms but has no status");
        hold(row, !(row->quirks & KW_QUIRK_UNIDIRECTIONAL) || row->confirm != KW_CONFIRM_PROCESS_ID,
             "it cannot answer");
    }
}

static void code_tables_are_numbered_once_and_begin_with_437(void **state)
{
    (void)state;
    EACH_PROFILE(row) {
        bool has_437 = false;
        for (size_t k = 0; k < row->table_count; k++) {
            has_437 = has_437 || strcmp(kw_profile_tables(row)[k].page, "cp437") == 0;
            for (size_t m = 0; m < k; m++)
                hold(row, kw_profile_tables(row)[m].n != kw_profile_tables(row)[k].n, "two tables have one number");
        }
        hold(row, has_437 && strcmp(kw_profile_tables(row)[0].page, "cp437") == 0, "no page 437");
    }
}

static const char *const pages[] = {
#define KW_CODEPAGE(name, ...) name,
#include "data/codepages.def"
};

static void every_code_table_names_a_page_that_exists(void **state)
{
    (void)state;
    EACH_PROFILE(row) {
        for (size_t k = 0; k < row->table_count; k++) {
            bool found = false;
            for (size_t m = 0; m < sizeof pages / sizeof pages[0] && !found; m++)
                found = strcmp(pages[m], kw_profile_tables(row)[k].page) == 0;
            hold(row, found, kw_profile_tables(row)[k].page);
        }
    }
}

static void lengths_and_dots_agree_on_every_model(void **state)
{
    (void)state;
    EACH_PROFILE(row) {
        hold(row, kw_profile_cut_feed_dots(row) >= 0 && kw_profile_cut_feed_dots(row) <= 250, "cut feed");
    }
    const struct kw_profile *t88 = kw_profile_find("tm-t88v"), *t20 = kw_profile_find("tm-t20iii");
    assert_int_equal(kw_profile_dots_to_um(t20, 576), 72000);
    assert_int_equal(kw_profile_dots_to_um(t88, 180), 25400);
    assert_int_equal(kw_profile_mm_to_dots(t88, 254), 180);
    assert_int_equal(kw_profile_mm_to_dots(t20, 300), 240);
}

static void usb_ids_name_rows_that_exist_and_are_claimed_once(void **state)
{
    const struct kw_usb_row *row, *other;
    (void)state;
    for (size_t i = 0; (row = kw_usb_row_at(i)) != NULL; i++) {
        if (!memchr(row->profile, 0, sizeof row->profile) || (row->profile[0] && !kw_profile_find(row->profile)))
            fail_msg("%04x:%04x names no profile", row->vendor, row->product);
        assert_true(row->vendor != 0 && row->title[2] && memchr(row->title, 0, sizeof row->title));
        for (size_t k = 0; k < i && (other = kw_usb_row_at(k)) != NULL; k++)
            if (row->vendor == other->vendor && row->product == other->product)
                fail_msg("%04x:%04x is claimed twice", row->vendor, row->product);
    }
    assert_true(kw_usb_row_at(80) != NULL);
}

/* Narrow and wide models have these, and nothing on USB but a name tells them apart. */
static void an_id_of_models_of_several_widths_names_no_profile(void **state)
{
    static const struct { uint16_t vendor, product; } ids[] = {
        { 0x0416, 0x5011 }, { 0x0483, 0x5743 }, { 0x0483, 0x070b }, { 0x1fc9, 0x2016 }, { 0x6868, 0x0200 },
        { 0x04b8, 0x0202 }, { 0x2730, 0x0fff }, { 0x0fe6, 0x811e }, { 0x20d1, 0x7008 }, { 0x154f, 0x154f }
    };
    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        const struct kw_usb_row *row = kw_usb_row_find(ids[i].vendor, ids[i].product);
        if (!row || row->profile[0])
            fail_msg("%04x:%04x %s", ids[i].vendor, ids[i].product, row ? "names a profile" : "has no row");
    }
}

static const char *usb(int vendor, int product, const char *id, enum kw_match want)
{
    enum kw_match match;
    const struct kw_profile *profile = kw_profile_for_usb((uint16_t)vendor, (uint16_t)product, id, &match);
    assert_non_null(profile);
    assert_int_equal(match, want);
    return profile->name;
}

static void a_name_wins_over_an_id_that_a_chip_has(void **state)
{
    (void)state;
    assert_string_equal(usb(0x28e9, 0x0289, NULL, KW_MATCH_ID), "pt-210");
    assert_string_equal(usb(0x28e9, 0x0289, "MFG:x;MDL:nobody knows;", KW_MATCH_ID), "pt-210");
    assert_string_equal(usb(0x28e9, 0x0289, "MFG:x;MDL:POS-80;", KW_MATCH_ID), "pos-80");
}

static void a_usb_id_that_names_a_model_wins(void **state)
{
    (void)state;
    assert_string_equal(usb(0x04b8, 0x0e28, NULL, KW_MATCH_ID), "tm-t20iii");
    assert_string_equal(usb(0x04b8, 0x0e02, "MFG:EPSON;MDL:TM-T20II;", KW_MATCH_ID), "tm-t88v");
}

static void a_shared_usb_id_is_settled_by_the_device_id(void **state)
{
    (void)state;
    assert_string_equal(usb(0x04b8, 0x0202, "MFG:EPSON;CMD:ESC/POS;MDL:TM-T88IV;CLS:PRINTER;", KW_MATCH_ID),
                        "tm-t88iv");
    assert_string_equal(usb(0x04b8, 0x0202, " manufacturer:EPSON; model:EPSON TM-T70II ;", KW_MATCH_ID), "tm-t70ii");
    assert_string_equal(usb(0x0416, 0x5011, "MFG:Printer;MDL:POS-80;CMD:ESC/POS;", KW_MATCH_ID), "pos-80");
    assert_string_equal(usb(0x0416, 0x5011, "MDL:POS58 USB Printer", KW_MATCH_ID), "pos-58");
    assert_string_equal(usb(0x0416, 0x5011, NULL, KW_MATCH_SHARED_ID), "generic");
    assert_string_equal(usb(0x0fe6, 0x811e, "MFG:;MDL:;", KW_MATCH_SHARED_ID), "generic");
    assert_string_equal(usb(0x9999, 0x0001, "garbage", KW_MATCH_CLASS), "generic");
    assert_string_equal(usb(0x9999, 0x0001, ";;MDL;:;MDL:TM-T88V", KW_MATCH_ID), "tm-t88v");
}

static void models_of_the_counter_are_known_by_their_names(void **state)
{
    static const struct { const char *said, *profile; } names[] = {
        { "TM-T82III", "tm-t82iii" }, { "TM-T82X-II", "tm-t20x" }, { "TM-m50", "tm-m50" }, { "TM-T100", "tm-t100" },
        { "SRP-350plusIII", "srp-350plusiii" }, { "i9", "elgin-i9" }, { "MP-4200 TH", "mp-4200-th" },
        { "CT-S651II", "ct-s651" }, { "RP-310", "rp-300" }, { "SLK-TS200", "slk-ts200" }, { "HTP-250", "htp-250" },
        { "TG2480-H", "custom" }, { "PP8000", "pp8000" }, { "RealPOS 7197", "ncr-7197" }, { "ELLIX40", "ellix30" },
        { "LR2000", "lr2000" }, { "DR700", "daruma-dr800" }, { "HOP-E58", "hop-e58" }, { "BP-T3", "birch-t3" },
        { "TP85", "oxhoo-tp85" }, { "4610", "ibm-4610" }, { "GP-80250N", "gp-80250n" }
    };
    char id[80];
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        snprintf(id, sizeof id, "MFG:x;MDL:%s;", names[i].said);
        assert_string_equal(usb(0x9999, 1, id, KW_MATCH_ID), names[i].profile);
    }
    assert_string_equal(usb(0x20d1, 0x7008, "MFG:Elgin;MDL:i9;", KW_MATCH_ID), "elgin-i9");
    assert_string_equal(usb(0x1c8a, 0x3001, NULL, KW_MATCH_ID), "generic-80");
    assert_string_equal(usb(0x0aa7, 0x0306, NULL, KW_MATCH_ID), "generic-80");
    assert_string_equal(usb(0x04b8, 0x0e28, "MFG:EPSON;MDL:TM-T82;", KW_MATCH_ID), "tm-t82iii");
}

static void a_longer_model_name_is_not_taken_for_a_shorter_one(void **state)
{
    (void)state;
    assert_string_equal(usb(0x9999, 1, "MDL:TM-T20II;", KW_MATCH_ID), "tm-t20ii");
    assert_string_equal(usb(0x9999, 1, "MDL:TM-T20IIX;", KW_MATCH_CLASS), "generic");
    assert_string_equal(usb(0x9999, 1, "MDL:TM-T88V-i;", KW_MATCH_ID), "tm-t88v");
    assert_string_equal(usb(0x9999, 1, "MDL:tm m30II;", KW_MATCH_ID), "tm-m30ii");
}

static void names_from_the_printer_itself_are_believed_only_with_their_maker(void **state)
{
    (void)state;
    assert_string_equal(kw_profile_for_names("EPSON", "TM-T88V")->name, "tm-t88v");
    assert_string_equal(kw_profile_for_names(NULL, "CT-S651")->name, "ct-s651");
    assert_null(kw_profile_for_names("EPOSN", "TM-T88V"));
    assert_null(kw_profile_for_names("EPSON", "TM-X1"));
    assert_null(kw_profile_for_names("EPSON", ""));
    assert_null(kw_profile_for_names(NULL, NULL));
}

static void names_in_its_place(const char *wrong, const char *right)
{
    char nearest[64];
    const struct kw_profile *profile;
    struct kw_error error;
    snprintf(nearest, sizeof nearest, "did you mean `%s`?", right);
    assert_int_equal(kw_profile_choose(wrong, KWIT_E_USAGE, "--profile", &profile, &error), KWIT_E_USAGE);
    assert_true(*right ? strstr(error.text, nearest) != NULL : !strstr(error.text, "did you mean"));
    assert_string_equal(error.where, "--profile");
}

static void what_a_misspelled_name_meant_is_told(void **state)
{
    (void)state;
    names_in_its_place("TM-T88-V", "tm-t88v");
    names_in_its_place("tm-t20-iii", "tm-t20iii");
    names_in_its_place("xp-n160i", "xp-n160ii");
    names_in_its_place("Epson TM-T88V", "tm-t88v");
    names_in_its_place("bixolon srp-350", "srp-350");
    names_in_its_place("xprinter", "");
    names_in_its_place("", "");
    names_in_its_place("a name that is much longer than the name of any printer could ever be", "");
}

static void a_printer_that_no_row_knows_is_described_in_a_line(void **state)
{
    (void)state;
    static const char text[] = "generic-80 width=512 cut=partial feed=100 qr=yes drawer=no tables=0:cp437,16:cp1252";
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_error error;
    const struct kw_profile *found, *row = kw_profile_find("generic-80");
    assert_int_equal(kw_profile_read(arena, text, KWIT_E_CONFIG, "x", &found, &error), 0);
    assert_string_equal(kw_profile_name(found), text);
    assert_true(found->width_dots == 512 && found->cutter == KW_CUTTER_PARTIAL && found->head_to_cutter_dots == 100);
    assert_true((found->symbols & KW_SYMBOL_QR) && found->drawer == KW_NO && found->paper_mm == row->paper_mm);
    assert_true(found->table_count == 2 && kw_profile_tables(found)[1].n == 16);
    assert_string_equal(kw_profile_tables(found)[1].page, "cp1252");
    assert_ptr_equal(kw_profile_named(arena, "generic-80"), row);
    assert_string_equal(kw_profile_name(kw_profile_named(arena, text)), text);
    assert_int_equal(kw_profile_read(arena, "tm-t20iii", KWIT_E_CONFIG, "x", &found, &error), 0);
    assert_ptr_equal(found, kw_profile_find("tm-t20iii"));
    kw_arena_free(arena);
}

static void distances_are_told_in_units_to_a_dot(void **state)
{
    (void)state;
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_error error;
    const struct kw_profile *found;
    const char *text = "generic across=0 down=2 dpi=180 cell=13 pictures=columns", *wrong = "generic pictures=dots";
    assert_int_equal(kw_profile_read(arena, text, KWIT_E_CONFIG, "x", &found, &error), 0);
    assert_true(found->quirks & KW_QUIRK_NO_JUMP && !(found->quirks & KW_QUIRK_NO_FEED));
    assert_true(found->power_y == 360 && found->font_a_width == 13 && found->graphics == KW_GRAPHICS_COLUMN);
    assert_int_equal(kw_profile_read(arena, "nt-5890k across=1 down=1", KWIT_E_CONFIG, "x", &found, &error), 0);
    assert_false(found->quirks & (KW_QUIRK_NO_JUMP | KW_QUIRK_NO_FEED));
    assert_int_equal(kw_profile_read(arena, wrong, KWIT_E_CONFIG, "x", &found, &error), KWIT_E_CONFIG);
    kw_arena_free(arena);
}

static void a_description_at_fault_is_told_in_words(void **state)
{
    (void)state;
    static const char *const texts[] = { "generic-80 width", "generic-80 widht=512", "generic-80 width=5",
                                         "generic-80 width=512x", "generic-80 cut=maybe", "generic-80 qr=1",
                                         "generic-80 tables=0:cp999", "generic-80 tables=437",
                                         "generic-80 tables=300:cp437", "no-such-row width=512" };
    struct kw_arena *arena = kw_arena_new(1 << 20);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct kw_error error = { .code = 0 };
        const struct kw_profile *found;
        assert_int_equal(kw_profile_read(arena, texts[i], KWIT_E_CONFIG, "here", &found, &error), KWIT_E_CONFIG);
        assert_string_equal(error.where, "here");
        assert_null(kw_profile_named(arena, texts[i]));
    }
    kw_arena_free(arena);
}

static void a_star_is_known_by_the_language_that_it_says(void **state)
{
    (void)state;
    static const struct { uint16_t product; const char *id, *profile; } cases[] = {
        { 0x0001, "MFG:Star;CMD:STAR;MDL:TSP654 (STR_T-001);CLS:PRINTER;", "tsp650-star" },
        { 0x0001, "MFG:Star;CMD:STAR;MDL:TSP654II (STR_T-001);CLS:PRINTER;", "tsp650ii-star" },
        { 0x0001, "MFG:Star;CMD:ESC/POS;MDL:TSP654;CLS:PRINTER;", "tsp650" },
        { 0x0001, "MFG:Star;CMD:ESC/POS;MDL:TSP654II;CLS:PRINTER;", "tsp650ii" },
        { 0x0001, "MFG:Star;CMD:ESC/POS;MDL:TSP800II;CLS:PRINTER;", "tsp650" },
        { 0x0001, "MFG:Star;CMD:STAR;MDL:TSP847II (STR_T-001);CLS:PRINTER;", "tsp800ii" },
        { 0x0001, NULL, "tsp650" },
        { 0x0003, "MFG:Star;CMD:STAR;MDL:TSP143 (STR_T-001);CLS:PRINTER;", "tsp100" },
        { 0x0003, "MFG:Star;CMD:STAR;MDL:TSP143IV (STR-001);CLS:PRINTER;", "tsp143iv" },
        { 0x0003, NULL, "tsp100" },
        { 0x0017, NULL, "mpop" },
        { 0x0047, "MFG:Star;CMD:StarPRNT;MDL:MCP31;CLS:PRINTER;", "mc-print3-star" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        enum kw_match match;
        const struct kw_profile *found = kw_profile_for_usb(0x0519, cases[i].product, cases[i].id, &match);
        assert_string_equal(found->name, cases[i].profile);
        assert_int_equal(match, KW_MATCH_ID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_are_at_least_forty_models_of_many_makers),
        cmocka_unit_test(a_star_is_known_by_the_language_that_it_says),
        cmocka_unit_test(a_printer_that_no_row_knows_is_described_in_a_line),
        cmocka_unit_test(distances_are_told_in_units_to_a_dot),
        cmocka_unit_test(a_description_at_fault_is_told_in_words),
        cmocka_unit_test(names_are_unique_plain_and_sourced),
        cmocka_unit_test(numbers_are_in_range_or_unknown),
        cmocka_unit_test(code_tables_are_numbered_once_and_begin_with_437),
        cmocka_unit_test(every_code_table_names_a_page_that_exists),
        cmocka_unit_test(lengths_and_dots_agree_on_every_model),
        cmocka_unit_test(usb_ids_name_rows_that_exist_and_are_claimed_once),
        cmocka_unit_test(a_name_wins_over_an_id_that_a_chip_has),
        cmocka_unit_test(a_usb_id_that_names_a_model_wins),
        cmocka_unit_test(a_shared_usb_id_is_settled_by_the_device_id),
        cmocka_unit_test(models_of_the_counter_are_known_by_their_names),
        cmocka_unit_test(an_id_of_models_of_several_widths_names_no_profile),
        cmocka_unit_test(a_longer_model_name_is_not_taken_for_a_shorter_one),
        cmocka_unit_test(what_a_misspelled_name_meant_is_told),
        cmocka_unit_test(names_from_the_printer_itself_are_believed_only_with_their_maker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
