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
    assert_int_equal(kw_words_read(kw_tap_words_new(arena), &lines, arena, &words), 0);
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
