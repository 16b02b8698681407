/* test_tap_sold.c - sums and blanks tell what paper is where no word does. */
#include "tap/stream/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { CEILING = 16 << 20 };

/* What the lines say, one line behind each '\n'. */
static struct kw_words read_words(struct kw_arena *arena, const char *text)
{
    struct kw_lines lines = { .count = 0 };
    struct kw_words words;
    for (const char *at = text; *at;) {
        size_t length = strcspn(at, "\n");
        assert_int_equal(kw_lines_add(arena, kw_arena_copy(arena, at, length), false, &lines), 0);
        at += length + (at[length] == '\n');
    }
    assert_int_equal(kw_words_read(kw_tap_words_new(arena, -1, NULL), &lines, arena, &words), 0);
    return words;
}

static void sums_that_are_mere_labels_are_no_goods(void **state)
{
    static const struct { const char *text; bool unsold; } rows[] = {
        { "SHOP\nTea 2.00\nTOTAL 2.00\n", false }, { "SHOP\nTOTAL 2.00\n", false }, { "SHOP\nTOTAL\n2.00\n", false },
        { "SHOP\n30.11.26 10.02\nTOTAL 2.00\n", false }, { "SHOP\n2 x 1.00\nTOTAL 2.00\n", false },
        { "SHOP\nAmount 2.00\nTOTAL 2.00\n", true }, { "SHOP\nTOTAL 2.00\n****1234\n", true },
        { "SHOP\nCash 1.00\nCard 2.00\nTOTAL 3.00\n", true }, { "SHOP\nVAT 0.40\nTOTAL 2.00\nCash 2.00\n", false },
        { "SHOP\nVAT 0.40\nTOTAL 2.00\nCash 5.00\nChange 3.00\n", false },
        { "SHOP\nAmount 2.00\nTOTAL 2.00\n****1234\nCUSTOMER COPY\n", false },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(read_words(*state, rows[i].text).unsold, rows[i].unsold);
}

static void blanks_to_be_filled_in_are_the_shops(void **state)
{
    static const struct { const char *text; enum kw_tap_role kind; } rows[] = {
        { "Tea 2.00\nTOTAL 2.00\nSignature ________\n", KW_TAP_MERCHANT },
        { "Tea 2.00\nTOTAL 2.00\nx_________________\nSIGNATURE\n", KW_TAP_MERCHANT },
        { "Tea 2.00\nTOTAL 2.00\nTip ...........\n", KW_TAP_MERCHANT },
        { "Tea 2.00\nTOTAL 2.00\nSignature ________\nCUSTOMER COPY\n", KW_TAP_NONE },
        { "Tea 2.00\nTip ........ 0.20\nTOTAL 2.20\n", KW_TAP_NONE },
        { "Tea 2.00\nTOTAL 2.00\nGratuity not included\n________\n", KW_TAP_NONE },
        { "Tea 2.00\nTOTAL 2.00\nNo signature needed\n", KW_TAP_NONE },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(read_words(*state, rows[i].text).kind, rows[i].kind);
}

static void an_item_that_is_taken_back_is_no_document(void **state)
{
    static const struct { const char *text; enum kw_tap_role kind; } rows[] = {
        { "Tea 2.00\nCake 3.00\nVOID\nCake -3.00\nTOTAL 2.00\n", KW_TAP_NONE },
        { "Tea 2.00\nCake 3.00\nVOID -3.00\nTOTAL 2.00\n", KW_TAP_NONE },
        { "Tea 2.00\nCake 3.00\nVoid\nCake\n1 x 3.00 3.00-\nTOTAL 2.00\n", KW_TAP_NONE },
        { "Return -3.00\nTea 9.00\nTOTAL 6.00\n", KW_TAP_NONE },
        { "Deposit refund -3.00\nTea 9.00\nTOTAL 6.00\n", KW_TAP_NONE },
        { "Tea 2.00\nCake 3.00\nVOID\nCake 3.00\nTOTAL 2.00\n", KW_TAP_VOID },
        { "VOID\nNo. R-77\nTea 2.00\nTOTAL 2.00\n", KW_TAP_VOID },
        { "VOID of 22-11-2026\nTea 2.00\nTOTAL 2.00\n", KW_TAP_VOID },
        { "Tea 2.00\n** VOID **\nTea -2.00\nCake 3.00\nTOTAL 3.00\n", KW_TAP_VOID },
        { "Tea 2.00\nVOID\nTea -2.00\nTOTAL 0.00\n", KW_TAP_VOID },
        { "REFUND\nTea -2.00\nTOTAL 2.00\n", KW_TAP_REFUND },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(read_words(*state, rows[i].text).kind, rows[i].kind);
}

static void goods_that_are_called_like_a_document_have_a_price(void **state)
{
    static const struct { const char *text; enum kw_tap_role kind; } rows[] = {
        { "Kopi 15.000\nTOTAL 15.000\n", KW_TAP_NONE }, { "Kopi\n1 x 15.000 15.000\nTOTAL 15.000\n", KW_TAP_NONE },
        { "Copy 0.20\nTOTAL 0.20\n", KW_TAP_NONE }, { "COPY\nTea 2.00\nTOTAL 2.00\n", KW_TAP_COPY },
        { "Copy 1\nTea 2.00\nTOTAL 2.00\n", KW_TAP_COPY }, { "Tea 2.00\nTOTAL 2.00\nCopy 2.00\n", KW_TAP_COPY },
        { "Training 40.00\nTOTAL 40.00\n", KW_TAP_NONE }, { "TRAINING\nTea 2.00\nTOTAL 2.00\n", KW_TAP_TRAINING },
        { "DUPLICATE 01.12.26 14:05\nTea 2.00\nTOTAL 2.00\n", KW_TAP_COPY },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(read_words(*state, rows[i].text).kind, rows[i].kind);
}

static void languages_of_small_countries_are_understood(void **state)
{
    static const struct { const char *language, *sale, *other; } rows[] = {
        { "bg", "\u0427\u0430\u0439 2,00\n\u041E\u0411\u0429\u0410 \u0421\u0423\u041C\u0410 2,00",
          "\u0421\u0422\u041E\u0420\u041D\u041E \u0411\u041E\u041D" },
        { "bn", "\u099A\u09BE \u09E8\u09E6\n\u09B8\u09B0\u09CD\u09AC\u09AE\u09CB\u099F \u09E8\u09E6",
          "\u09AC\u09BE\u09A4\u09BF\u09B2" },
        { "ur", "\u0686\u0627\u0626\u06D2 200\n\u06A9\u0644 \u0631\u0642\u0645 200",
          "\u0645\u0646\u0633\u0648\u062E" },
        { "ja", "\uFF7A\uFF70\uFF8B\uFF70 450\n\uFF7A\uFF9E\uFF73\uFF79\uFF72 450", "\uFF84\uFF98\uFF79\uFF7C" },
        { "et", "Tee 2,00\nKOKKU 2,00", "KREEDITARVE" },
        { "id", "Teh 2.000\nTOTAL BAYAR 2.000", "TRANSAKSI DIBATALKAN" },
        { "lt", "Arbata 2,00\nMOK\u0116TI 2,00", "GR\u0104\u017DINIMAS" },
        { "lv", "T\u0113ja 2,00\nAPMAKSAI 2,00", "CEKS ANULETS" },
        { "sl", "Caj 2,00\nZA PLA\u010CILO 2,00", "DOBROPIS" },
        { "sr", "\u0427\u0430\u0458 2,00\n\u0423\u041A\u0423\u041F\u041D\u041E 2,00",
          "--- \u0420\u0435\u0444\u0443\u043D\u0434\u0430\u0446\u0438\u0458\u0430 ---" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_words words = read_words(*state, rows[i].sale);
        assert_string_equal(words.language, rows[i].language);
        assert_true(words.total && !words.unsold && !words.kind);
        words = read_words(*state, kw_arena_format(*state, "%s\n%s", rows[i].other, rows[i].sale));
        assert_true(words.kind != KW_TAP_NONE);
    }
}

static int begin(void **state)
{
    *state = kw_arena_new(CEILING);
    return *state ? 0 : -1;
}

static int end(void **state)
{
    kw_arena_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sums_that_are_mere_labels_are_no_goods, begin, end),
        cmocka_unit_test_setup_teardown(blanks_to_be_filled_in_are_the_shops, begin, end),
        cmocka_unit_test_setup_teardown(an_item_that_is_taken_back_is_no_document, begin, end),
        cmocka_unit_test_setup_teardown(goods_that_are_called_like_a_document_have_a_price, begin, end),
        cmocka_unit_test_setup_teardown(languages_of_small_countries_are_understood, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
