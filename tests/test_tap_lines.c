/* test_tap_lines.c - what is read off the paper of another program: lines, amounts, and whose commands they are. */
#include "tap/stream/look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SALE "\x1b@SHOP\nTea 2.00\nTOTAL 2.00\n"
#define FEED "\x1b" "d\x04"
#define CUT "\x1dV\x00"

static struct kw_look *look_on(void **state, const char *model, const char *bytes, size_t length)
{
    const struct kw_look_options options = { .profile = kw_profile_find(model), .profile_known = true };
    struct kw_look *look = kw_arena_alloc(*state, sizeof *look);
    struct kw_error error;
    assert_int_equal(kw_look(&options, bytes, length, *state, look, &error), 0);
    return look;
}

static void commands_of_another_printer_are_no_document(void **state)
{
    static const char star[] = "\x1b@\x1b\x1dt\x01SHOP\nTOTAL 2.00\n\x1b" "d\x02", pdf[] = "\x1b@%PDF-1.4";
    assert_false(kw_look_is_document((const uint8_t *)star, sizeof star - 1));
    assert_true(kw_look_is_document((const uint8_t *)pdf, sizeof pdf - 1));
    static const char ours[] = SALE FEED CUT;
    assert_int_equal(look_on(state, "tsp650ii-star", ours, sizeof ours - 1)->through, KW_THROUGH_LANGUAGE);
}

static int begin(void **state)
{
    *state = kw_arena_new(KW_LOOK_MEMORY);
    return *state ? 0 : -1;
}

static int end(void **state)
{
    kw_arena_free(*state);
    return 0;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(commands_of_another_printer_are_no_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
