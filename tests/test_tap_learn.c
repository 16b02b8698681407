/* test_tap_learn.c - patterns that are proposed from receipts, card numbers, and receipts that are kept. */
#include "api/tap/tap.h"
#include "support/place.h"
#include "tap/stream/card.h"
#include "tap/stream/learn.h"
#include "tap/stream/patterns.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { CEILING = 1 << 20, JOBS = 5, LINES = 7 };

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

/* A shop's receipts: only the number grows, the total is the largest amount. */
static struct kw_learn_job *receipts(struct kw_arena *arena)
{
    static const char *const cash[JOBS] = { "12.50", "4.20", "18.00", "7.75", "1,010.00" };
    struct kw_learn_job *jobs = kw_arena_array(arena, JOBS, sizeof *jobs);
    for (int i = 0; i < JOBS; i++) {
        const char **lines = kw_arena_array(arena, LINES, sizeof *lines);
        lines[0] = "CORNER SHOP";
        lines[1] = "Till 4";
        lines[2] = kw_arena_format(arena, "Bon-Nr. (EC) %d", 1041 + i);
        lines[3] = kw_arena_format(arena, "Table %d", 9 - i);
        lines[4] = "Tea  1.00";
        lines[5] = kw_arena_format(arena, "HERE YOU PAY  %s", cash[i]);
        lines[6] = kw_arena_format(arena, "2%d.11.2026 14:0%d", i, i);
        jobs[i] = (struct kw_learn_job){ lines, LINES };
    }
    return jobs;
}

static void what_grows_behind_the_same_words_is_the_number(void **state)
{
    struct kw_learn_job *jobs = receipts(*state);
    struct kw_learnt learnt;
    assert_int_equal(kw_learn_number(jobs, JOBS, *state, &learnt), 0);
    assert_string_equal(learnt.pattern, "Bon-Nr\\. \\(EC\\) *([0-9]+)");
    assert_int_equal(learnt.found, JOBS);
    assert_string_equal(learnt.last, "1045");
    assert_string_equal(kw_patterns_match(learnt.pattern, jobs[3].lines, LINES, *state), "1044");
}

static void the_largest_amount_behind_the_same_words_is_the_total(void **state)
{
    struct kw_learn_job *jobs = receipts(*state);
    struct kw_learnt learnt;
    assert_int_equal(kw_learn_total(jobs, JOBS, *state, &learnt), 0);
    assert_string_equal(learnt.pattern, "HERE YOU PAY *([0-9.,]+)");
    assert_string_equal(kw_patterns_match(learnt.pattern, jobs[4].lines, LINES, *state), "1,010.00");
}

static void few_receipts_and_equal_ones_teach_nothing(void **state)
{
    struct kw_learn_job *jobs = receipts(*state);
    struct kw_learnt learnt;
    assert_int_equal(kw_learn_number(jobs, KW_LEARN_LEAST - 1, *state, &learnt), 0);
    assert_null(learnt.pattern);
    for (int i = 1; i < JOBS; i++)
        jobs[i] = jobs[0];
    assert_int_equal(kw_learn_number(jobs, JOBS, *state, &learnt), 0);
    assert_null(learnt.pattern);
    assert_int_equal(kw_learn_total(jobs, 0, *state, &learnt), 0);
    assert_null(learnt.pattern);
}

static void card_numbers_are_masked_and_others_are_not(void **state)
{
    static const struct { const char *text, *masked; } rows[] = {
        { "CARD 4111111111111111 OK", "CARD xxxxxxxxxxxx1111 OK" },
        { "4111 1111 1111 1111", "xxxx xxxx xxxx 1111" },
        { "5555-5555-5555-4444,", "xxxx-xxxx-xxxx-4444," },
        { "4111111111111112", "4111111111111112" },
        { "411111111111", "411111111111" },
        { "12345678901234567890123", "12345678901234567890123" },
        { "3782 822463 10005 378282246310005", "xxxx xxxxxx x0005 xxxxxxxxxxx0005" },
        { "TERMINAL 1234 4111111111111111", "TERMINAL 1234 xxxxxxxxxxxx1111" },
        { "", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", rows[i].text);
        kw_card_mask((uint8_t *)text, strlen(text));
        assert_string_equal(text, rows[i].masked);
    }
}

static void what_is_kept_is_this_users_and_not_kept_for_ever(void **state)
{
    enum { NOW_S = 2000000000, DAY_S = 86400 };
    char path[4200], bytes[64] = "";
    const struct timespec old[2] = { { .tv_sec = NOW_S - 15 * DAY_S }, { .tv_sec = NOW_S - 15 * DAY_S } };
    const struct timespec young[2] = { { .tv_sec = NOW_S - 13 * DAY_S }, { .tv_sec = NOW_S - 13 * DAY_S } };
    struct stat facts;
    (void)state;
    assert_true(kw_tap_record(place, 7, (const uint8_t *)"4111111111111111", 16));
    snprintf(path, sizeof path, "%s/000000000000007.receipt.bin", place);
    assert_int_equal(stat(path, &facts), 0);
    assert_int_equal(facts.st_mode & 0777, 0600);
    int file = open(path, O_RDONLY), folder = open(place, O_RDONLY | O_DIRECTORY);
    assert_int_equal(read(file, bytes, sizeof bytes), 16);
    close(file);
    assert_string_equal(bytes, "xxxxxxxxxxxx1111");
    assert_false(kw_tap_record(place, 7, (const uint8_t *)"again", 5));
    assert_int_equal(utimensat(AT_FDCWD, path, young, 0), 0);
    assert_int_equal(kw_tap_tidy_records(folder, NOW_S), 1);
    assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
    assert_int_equal(kw_tap_tidy_records(folder, NOW_S), 0);
    assert_int_equal(stat(path, &facts), -1);
    close(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_grows_behind_the_same_words_is_the_number, begin, end),
        cmocka_unit_test_setup_teardown(the_largest_amount_behind_the_same_words_is_the_total, begin, end),
        cmocka_unit_test_setup_teardown(few_receipts_and_equal_ones_teach_nothing, begin, end),
        cmocka_unit_test(card_numbers_are_masked_and_others_are_not),
        cmocka_unit_test_setup_teardown(what_is_kept_is_this_users_and_not_kept_for_ever, place_make, place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
