/* test_tap_gather.c - what of a connection's bytes is a receipt, what a question, and what may go out at once. */
#include "tap/gather.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define RECEIPT "\x1b@SHOP\nTOTAL 2.00\n\x1b" "d\x04\x1dV\x00"
#define EOT "\x10\x04\x01"
#define PULSE "\x1bp\x00\x19\xfa"
#define BYTES(text) (const void *)(text), sizeof(text) - 1
#define ROW_BYTES(text) (text), sizeof(text) - 1

static void expect_bytes(const struct kw_buffer *buffer, const void *bytes, size_t length)
{
    assert_int_equal(buffer->length, length);
    if (length > 0)
        assert_memory_equal(buffer->data, bytes, length);
}

#define EXPECT(buffer, text) expect_bytes(&(buffer), text, sizeof(text) - 1)

static struct kw_gather gathered(const uint8_t *bytes, size_t length)
{
    struct kw_gather gather;
    kw_gather_begin(&gather);
    kw_gather_feed(&gather, bytes, length);
    return gather;
}

static void a_receipt_is_kept_as_it_came(void **state)
{
    (void)state;
    struct kw_gather gather = gathered(BYTES(RECEIPT));
    EXPECT(gather.job, RECEIPT);
    assert_true(gather.inked && gather.cut);
    assert_int_equal(gather.live.length + gather.after.length + gather.partial.length, 0);
    kw_gather_end(&gather);
}

static void what_is_asked_before_ink_or_in_real_time_does_not_wait(void **state)
{
    (void)state;
    struct kw_gather gather = gathered(BYTES("\x1b@\x1dr\x01" "A" EOT "\x1dr\x02\n"));
    EXPECT(gather.job, "\x1b@" "A\n");
    EXPECT(gather.live, "\x1dr\x01" EOT);
    EXPECT(gather.after, "\x1dr\x02");
    assert_int_equal(gather.live_wanted.answers, 2);
    assert_int_equal(gather.after_wanted.answers, 1);
    kw_gather_end(&gather);
}

static void what_needs_no_answer_is_not_waited_for(void **state)
{
    (void)state;
    struct kw_gather gather = gathered(BYTES("\x1d" "a\x00\x1d" "a\xff\x10\x05\x01\x10\x14\x01\x00\x01"));
    assert_int_equal(gather.live_wanted.answers, 0);
    assert_int_equal(gather.live_wanted.blocks, 1);
    kw_gather_end(&gather);
}

static void a_drawer_before_ink_opens_at_once_and_one_behind_it_keeps_its_place(void **state)
{
    (void)state;
    struct kw_gather gather = gathered(BYTES(PULSE "A\n" PULSE));
    EXPECT(gather.live, PULSE);
    EXPECT(gather.job, "A\n" PULSE);
    kw_gather_end(&gather);
}

static void what_stands_in_a_picture_is_no_question(void **state)
{
    (void)state;
    struct kw_gather gather = gathered(BYTES("\x1dv0\x00\x01\x00\x03\x00" EOT "\n"));
    EXPECT(gather.job, "\x1dv0\x00\x01\x00\x03\x00" EOT "\n");
    assert_int_equal(gather.live.length, 0);
    kw_gather_end(&gather);
}

static void where_it_is_parted_changes_nothing(void **state)
{
    static const char all[] = "\x1b@" EOT PULSE "Tea\n\x1dv0\x00\x02\x00\x02\x00" "abcd\x1dr\x01" EOT RECEIPT;
    (void)state;
    struct kw_gather whole = gathered(BYTES(all));
    for (size_t at = 0; at < sizeof all; at++) {
        struct kw_gather parted = gathered((const uint8_t *)all, at);
        kw_gather_feed(&parted, (const uint8_t *)all + at, sizeof all - 1 - at);
        expect_bytes(&parted.job, whole.job.data, whole.job.length);
        expect_bytes(&parted.live, whole.live.data, whole.live.length);
        expect_bytes(&parted.after, whole.after.data, whole.after.length);
        assert_int_equal(parted.live_wanted.answers, whole.live_wanted.answers);
        kw_gather_end(&parted);
    }
    kw_gather_end(&whole);
}

static void silence_ends_what_may_be_at_its_end(void **state)
{
    static const struct { const char *bytes; size_t length; int64_t silent_ms; bool finished, whole; } rows[] = {
        { ROW_BYTES(RECEIPT), 150, false, true }, { ROW_BYTES(RECEIPT), 149, false, false },
        { ROW_BYTES("Tea\n"), 150, false, false },
        { ROW_BYTES("Tea\n"), 5000, false, true }, { ROW_BYTES("Tea\n\x1dr\x01"), 150, false, true },
        { ROW_BYTES("\x1b@"), 60000, false, false }, { ROW_BYTES("\x1b@"), 0, true, true }, { ROW_BYTES(""), 0, true, false },
        { ROW_BYTES(RECEIPT "\x1dv0\x00\x01\x00\x09\x00" "ab"), 60000, false, false },
        { ROW_BYTES(RECEIPT "\x1dv0\x00\x01\x00\x09\x00" "ab"), 0, true, true },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_gather gather = gathered((const uint8_t *)rows[i].bytes, rows[i].length);
        assert_int_equal(kw_gather_is_whole(&gather, rows[i].silent_ms, 150, 5000, rows[i].finished), rows[i].whole);
        kw_gather_end(&gather);
    }
}

static void the_next_receipt_begins_with_nothing_of_the_last(void **state)
{
    (void)state;
    struct kw_gather gather = gathered(BYTES(RECEIPT "\x1dr\x01\x1d"));
    kw_gather_close(&gather);
    EXPECT(gather.job, RECEIPT "\x1d");
    kw_gather_next(&gather);
    assert_false(gather.inked || gather.cut);
    assert_int_equal(gather.job.length + gather.after.length + gather.partial.length + gather.after_wanted.answers, 0);
    kw_gather_end(&gather);
}

static void what_may_go_out_is_never_the_last_ink(void **state)
{
    static const struct { const char *bytes; size_t length, free; bool inside; } rows[] = {
        { ROW_BYTES("\x1b@"), 0, false }, { ROW_BYTES("\x1b@Tea"), 2, false }, { ROW_BYTES("\x1b@Tea\n"), 2, false },
        { ROW_BYTES("\x1b@Tea\nTOTAL"), 6, false }, { ROW_BYTES(RECEIPT), 7, false },
        { ROW_BYTES(RECEIPT PULSE), 7, false },
        { ROW_BYTES("A\n\x1dv0\x00\x01\x00\x03\x00" "ab"), 12, true },
        { ROW_BYTES("A\n\x1dv0\x00\x01\x00\x03\x00" "abc"), 2, false },
        { ROW_BYTES("A\n\x1dv0\x00\x01\x00\x03\x00" "abcB"), 13, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_gather gather = gathered((const uint8_t *)rows[i].bytes, rows[i].length);
        assert_int_equal(gather.free, rows[i].free);
        assert_int_equal(gather.inside, rows[i].inside);
        kw_gather_end(&gather);
    }
}

/* However it comes, never less may go out than before, and never all of it. */
static void what_may_go_out_only_grows(void **state)
{
    static const char all[] = "\x1b@Tea\n\x1dv0\x00\x02\x00\x02\x00" "abcd\x1dr\x01TOTAL\n" PULSE "Bye\n\x1b" "d\x04"
        "\x1dV\x00";
    (void)state;
    struct kw_gather gather = gathered(BYTES(""));
    size_t before = 0;
    for (size_t at = 0; at + 1 < sizeof all; at++) {
        kw_gather_feed(&gather, (const uint8_t *)all + at, 1);
        assert_true(gather.free >= before && gather.free <= gather.job.length);
        before = gather.free;
    }
    assert_memory_equal(gather.job.data + gather.free, "e\n\x1b", 3);
    kw_gather_end(&gather);
}

static void ink_behind_a_cut_waits_where_it_goes_out_as_it_comes(void **state)
{
    (void)state;
    struct kw_gather gather = gathered(BYTES("A\n"));
    gather.goes_on = true;
    kw_gather_feed(&gather, BYTES("\x1dV\x00" PULSE "B\n" EOT "C"));
    assert_true(gather.parted && kw_gather_is_whole(&gather, 0, 150, 5000, false));
    kw_gather_close(&gather);
    EXPECT(gather.job, "A\n\x1dV\x00" PULSE);
    kw_gather_next(&gather);
    assert_true(gather.inked && !gather.parted && !gather.goes_on && !gather.cut);
    EXPECT(gather.job, "B\nC");
    EXPECT(gather.live, EOT);
    kw_gather_end(&gather);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_receipt_is_kept_as_it_came),
        cmocka_unit_test(what_is_asked_before_ink_or_in_real_time_does_not_wait),
        cmocka_unit_test(what_needs_no_answer_is_not_waited_for),
        cmocka_unit_test(a_drawer_before_ink_opens_at_once_and_one_behind_it_keeps_its_place),
        cmocka_unit_test(what_stands_in_a_picture_is_no_question),
        cmocka_unit_test(where_it_is_parted_changes_nothing),
        cmocka_unit_test(silence_ends_what_may_be_at_its_end),
        cmocka_unit_test(the_next_receipt_begins_with_nothing_of_the_last),
        cmocka_unit_test(what_may_go_out_is_never_the_last_ink),
        cmocka_unit_test(what_may_go_out_only_grows),
        cmocka_unit_test(ink_behind_a_cut_waits_where_it_goes_out_as_it_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
