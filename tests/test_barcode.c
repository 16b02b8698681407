/* test_barcode.c - one-dimensional symbols, read back by zbar; CODE128 lengths against Zint. */
#include "image/barcode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <zint.h>

#include "scan.h"
#include "support/arena.h"

static struct kw_barcode make(enum kw_symbology symbology, const char *data)
{
    struct kw_barcode barcode;
    struct kw_error error = { 0 };
    int code = kw_barcode_make(arena, symbology, data, strlen(data), &barcode, &error);
    if (code < 0)
        print_message("%s\n", error.text);
    assert_int_equal(code, 0);
    return barcode;
}

static void assert_refused(enum kw_symbology symbology, const char *data)
{
    struct kw_barcode barcode;
    struct kw_error error = { 0 };
    assert_int_equal(kw_barcode_make(arena, symbology, data, strlen(data), &barcode, &error), KWIT_E_INVALID);
    assert_true(strlen(error.text) > 10);
}

static const struct { enum kw_symbology symbology; const char *data, *type, *read; } rows[] = {
    { KW_EAN13, "590123412345", "EAN-13", "5901234123457" },
    { KW_EAN13, "4006381333931", "EAN-13", "4006381333931" },
    { KW_EAN13, "871125300120", "EAN-13", "8711253001202" },
    { KW_EAN8, "9638507", "EAN-8", "96385074" },
    { KW_EAN8, "73513537", "EAN-8", "73513537" },
    { KW_UPC_A, "03600029145", "UPC-A", "036000291452" },
    { KW_UPC_A, "725272730706", "UPC-A", "725272730706" },
    { KW_UPC_E, "04252614", "UPC-E", "04252614" },
    { KW_UPC_E, "042100005264", "UPC-E", "04252614" },
    { KW_CODE39, "KWIT-39 $/+%.", "CODE-39", "KWIT-39 $/+%." },
    { KW_CODE39, "*ABC*", "CODE-39", "ABC" },
    { KW_ITF, "15400141288763", "I2/5", "15400141288763" },
    { KW_ITF, "123456789", "I2/5", "0123456789" },
    { KW_CODABAR, "A40156B", "Codabar", "A40156B" },
    { KW_CODABAR, "3117-01", "Codabar", "A3117-01A" },
    { KW_CODE93, "KWIT 93", "CODE-93", "KWIT 93" },
    { KW_CODE93, "lower {case}!*'`~@;[_", "CODE-93", "lower {case}!*'`~@;[_" },
    { KW_CODE128, "S-2026-000123", "CODE-128", "S-2026-000123" },
    { KW_CODE128, "1234567890", "CODE-128", "1234567890" },
    { KW_CODE128, "12345", "CODE-128", "12345" },
    { KW_CODE128, "AB\tcd\r{12}", "CODE-128", "AB\tcd\r{12}" },
    { KW_CODE128, "x1004200416", "CODE-128", "x1004200416" },
    { KW_GS1_128, "(01)05901234123457(10)L204(17)261231", "CODE-128", "0105901234123457" "10L204\x1D" "17261231" },
};

static void every_symbology_is_read_back_at_the_finest_and_the_usual_module(void **state)
{
    static struct scanned found[4];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_barcode barcode = make(rows[i].symbology, rows[i].data);
        assert_string_equal(barcode.scanned, rows[i].read);
        for (int module = 2; module <= 3; module++) {
            struct kw_bitmap *bitmap = kw_barcode_draw(arena, &barcode, module, 60);
            assert_int_equal(bitmap->width, kw_barcode_width(&barcode, module));
            size_t count = scan_bitmap(bitmap, 12 * module, found, 4);
            if (count != 1 || strcmp(found[0].data, rows[i].read) != 0)
                print_message("%s at %d dots: %zu codes, %s\n", rows[i].data, module, count, found[0].data);
            assert_int_equal(count, 1);
            assert_string_equal(found[0].type, rows[i].type);
            assert_string_equal(found[0].data, rows[i].read);
        }
    }
}

/* Zint's width in modules for the same data; it also takes the fewest code characters. */
static int zint_modules(int symbology, const char *data)
{
    struct zint_symbol *symbol = ZBarcode_Create();
    symbol->symbology = symbology;
    int code = ZBarcode_Encode(symbol, (const unsigned char *)data, (int)strlen(data));
    int width = code < ZINT_ERROR ? symbol->width : -1;
    ZBarcode_Delete(symbol);
    return width;
}

/* zbar does not read number system 1, so Zint's modules are compared with the drawn ones. */
static void upc_e_of_system_one_has_the_modules_that_zint_gives_it(void **state)
{
    (void)state;
    struct kw_barcode barcode = make(KW_UPC_E, "1234567");
    struct kw_bitmap *bitmap = kw_barcode_draw(arena, &barcode, 1, 1);
    struct zint_symbol *symbol = ZBarcode_Create();
    symbol->symbology = BARCODE_UPCE;
    assert_true(ZBarcode_Encode(symbol, (const unsigned char *)"1234567", 7) < ZINT_ERROR);
    assert_int_equal(symbol->width, bitmap->width);
    for (int x = 0; x < bitmap->width; x++)
        assert_int_equal(kw_bitmap_get(bitmap, x, 0), symbol->encoded_data[0][x >> 3] >> (x & 7) & 1);
    ZBarcode_Delete(symbol);
}

static void code128_is_never_longer_than_zints(void **state)
{
    static const char alphabet[] = "0123456789012345678901234567890123456789ABCXYZabcxyz-{ \t";
    unsigned seed = 7;
    (void)state;
    for (int round = 0; round < 600; round++) {
        char data[40] = "";
        int length = 1 + (int)((seed = seed * 1103515245 + 12345) >> 16) % 30;
        for (int i = 0; i < length; i++)
            data[i] = alphabet[((seed = seed * 1103515245 + 12345) >> 16) % (sizeof alphabet - 1)];
        struct kw_barcode barcode = make(KW_CODE128, data);
        int want = zint_modules(BARCODE_CODE128, data);
        assert_true(want > 0);
        if (kw_barcode_width(&barcode, 1) > want)
            print_message("\"%s\": %d modules, zint %d\n", data, kw_barcode_width(&barcode, 1), want);
        assert_true(kw_barcode_width(&barcode, 1) <= want);
    }
}

static void the_data_for_the_printer_is_the_same_symbol(void **state)
{
    (void)state;
    struct kw_barcode barcode = make(KW_CODE128, "123456ab");
    assert_memory_equal(barcode.native, "{C\x0C\x22\x38{Bab", barcode.native_length);
    assert_int_equal(barcode.native_length, 9);
    barcode = make(KW_CODE128, "a{b");
    assert_memory_equal(barcode.native, "{Ba{{b", barcode.native_length);
    assert_int_equal(kw_barcode_make_one_set(arena, "a{b12345678", 11, &barcode, NULL), 0);
    assert_memory_equal(barcode.native, "{Ba{{b12345678", barcode.native_length);
    assert_int_equal(barcode.native_length, 14);
    assert_int_equal(kw_barcode_make_one_set(arena, "a\tb", 3, &barcode, NULL), KWIT_E_INVALID);
    barcode = make(KW_GS1_128, "(10)AB(21)7");
    assert_memory_equal(barcode.native, "{B{110AB{1217", barcode.native_length);
    barcode = make(KW_UPC_E, "04252614");
    assert_memory_equal(barcode.native, "04210000526", barcode.native_length);
    barcode = make(KW_CODABAR, "123");
    assert_memory_equal(barcode.native, "A123A", barcode.native_length);
}

static void what_a_symbology_does_not_take_is_refused_with_words(void **state)
{
    (void)state;
    assert_refused(KW_EAN13, "5901234123450");
    assert_refused(KW_EAN13, "59012341234");
    assert_refused(KW_EAN8, "1234567x");
    assert_refused(KW_UPC_E, "725272730706");
    assert_refused(KW_UPC_E, "21234567");
    assert_refused(KW_CODE39, "lower");
    assert_refused(KW_CODE39, "**");
    assert_refused(KW_ITF, "12a4");
    assert_refused(KW_CODABAR, "A1E2B");
    assert_refused(KW_CODE93, "ł");
    assert_refused(KW_CODE128, "ł");
    assert_refused(KW_CODE128, "");
    assert_refused(KW_GS1_128, "0105901234123457");
    assert_refused(KW_GS1_128, "(01)05901234123450");
    assert_refused(KW_GS1_128, "(17)2612");
    assert_refused(KW_GS1_128, "(01");
    assert_refused(KW_GS1_128, "(10)a b");
    assert_refused(KW_GS1_128, "(10)a{");
    make(KW_GS1_128, "(10)!z");                             /* the first sign of GS1 and the last */
    assert_refused(KW_QR, "x");
}

static void a_symbology_is_found_however_it_is_spelled(void **state)
{
    enum kw_symbology symbology;
    (void)state;
    for (int i = KW_UPC_A; i <= KW_PDF417; i++) {
        assert_true(kw_symbology_find(kw_symbology_word((enum kw_symbology)i), &symbology));
        assert_int_equal(symbology, i);
    }
    assert_true(kw_symbology_find("EAN-13", &symbology) && symbology == KW_EAN13);
    assert_true(kw_symbology_find("GS1_128", &symbology) && symbology == KW_GS1_128);
    assert_false(kw_symbology_find("ean", &symbology));
    assert_false(kw_symbology_find("", &symbology));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, arena_make, arena_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(every_symbology_is_read_back_at_the_finest_and_the_usual_module),
        CASE(upc_e_of_system_one_has_the_modules_that_zint_gives_it),
        CASE(code128_is_never_longer_than_zints),
        CASE(the_data_for_the_printer_is_the_same_symbol),
        CASE(what_a_symbology_does_not_take_is_refused_with_words),
        CASE(a_symbology_is_found_however_it_is_spelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
