/*
 * test_words.c - what callers depend on, frozen: reasons, outcomes, warnings, their words, numbers, exit codes and
 * texts.
 *
 * A row may be added here together with kwit.h. A row that changes breaks somebody's point of sale.
 */
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

static const struct { int value; const char *word; int exit; const char *text; } reasons[] = {
    { -1, "usage", 64, "the command line is wrong" },
    { -2, "syntax", 65, "the document is not JSON" },
    { -3, "invalid", 65, "the document breaks a rule of the format" },
    { -4, "conflict", 65, "this id was another document" },
    { -5, "unprintable", 65, "the document cannot be laid out for this printer" },
    { -6, "no_input", 66, "the input is missing or cannot be read" },
    { -7, "no_printer", 69, "no such printer" },
    { -8, "several_printers", 69, "more than one printer fits; name one" },
    { -9, "unavailable", 69, "the printer cannot be reached" },
    { -10, "internal", 70, "a bug in kwit; nothing is lost" },
    { -11, "no_memory", 70, "out of memory" },
    { -12, "io", 74, "reading or writing failed" },
    { -13, "disk_full", 74, "the disk is full" },
    { -14, "state_damaged", 74, "the journal is damaged" },
    { -15, "permission", 77, "not permitted" },
    { -16, "config", 78, "the configuration is at fault" },
    { -17, "not_found", 65, "nothing is known by that id" },
    { -18, "too_large", 65, "a limit of the format is exceeded" },
    { -20, "busy", 69, "another program holds the printer" },
    { -21, "timeout", 69, "the deadline passed" },
    { -22, "disconnected", 69, "the printer went away" },
    { -23, "no_answer", 69, "the printer did not answer" },
    { -24, "paper_out", 69, "the paper has run out" },
    { -25, "cover_open", 69, "the cover is open" },
    { -26, "cutter_jam", 69, "the cutter is jammed" },
    { -27, "head_hot", 69, "the print head is too hot; it recovers by itself" },
    { -28, "printer_error", 69, "the printer reports an error" },
    { -29, "printer_dead", 69, "the printer reports an error that needs a power cycle" },
    { -30, "feeding", 69, "someone holds the feed button" },
    { -31, "offline", 69, "the printer is offline" },
    { -32, "garbage", 69, "the printer answers nonsense" },
    { -33, "never_answers", 69, "this printer has never answered" },
    { -34, "held", 69, "kept until someone asks for it" },
    { -35, "no_wait", 69, "kept without waiting, as asked" },
    { -36, "behind", 69, "other jobs are before this one" },
    { -37, "late", 69, "the job's own deadline has passed" },
    { -38, "cancelled", 69, "cancelled by a person" },
    { -39, "settled", 69, "a person said what came out" },
    { -40, "unsupported", 69, "this printer or build cannot do that" },
};

static const struct { enum kwit_outcome value; const char *word; int exit, kept; } outcomes[] = {
    { KWIT_OUTCOME_PRINTED, "printed", 0, 0 },
    { KWIT_OUTCOME_SENT, "sent", 0, 0 },
    { KWIT_OUTCOME_DUPLICATE, "duplicate", 0, 0 },
    { KWIT_OUTCOME_QUEUED, "queued", 75, 1 },
    { KWIT_OUTCOME_INTERRUPTED, "interrupted", 75, 1 },
    { KWIT_OUTCOME_UNCONFIRMED, "unconfirmed", 76, 1 },
    { KWIT_OUTCOME_CONFLICT, "conflict", 65, 0 },
    { KWIT_OUTCOME_REJECTED, "rejected", 65, 0 },
    { KWIT_OUTCOME_EXPIRED, "expired", 79, 0 },
    { KWIT_OUTCOME_CANCELLED, "cancelled", 79, 0 },
    { KWIT_OUTCOME_ERROR, "error", 70, 0 },
    { KWIT_OUTCOME_ENCODED, "encoded", 0, 0 },
};

static const char *const warnings[] = {
    "unknown_field",
    "control_character",
    "named_character",
    "sum",
    "code_omitted",
    "image_omitted",
    "cut_text",
    "locale_fallback",
    "profile_generic",
    "config_ignored",
    "survey_omitted",
    "font_missing",
    "near_end",
    "not_journalled",
    "code_fine",
    "key_exposed",
    "doubled_hour",
    "journal_moved",
    "journal_left",
    "journal_anew",
    "passed_through",
};

#define COUNT(array) (sizeof array / sizeof array[0])

static void reasons_are_frozen(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(reasons); i++) {
        assert_string_equal(kwit_error_word(reasons[i].value), reasons[i].word);
        assert_string_equal(kwit_error_text(reasons[i].value), reasons[i].text);
        assert_int_equal(kwit_error_exit(reasons[i].value), reasons[i].exit);
    }
    size_t count = 0;
#define COUNT_ONE(...) count++;
    KWIT_ERRORS(COUNT_ONE)
    assert_int_equal(count, COUNT(reasons));
}

static void reason_words_and_numbers_are_unique(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(reasons); i++)
        for (size_t j = 0; j < i; j++) {
            assert_int_not_equal(reasons[i].value, reasons[j].value);
            assert_string_not_equal(reasons[i].word, reasons[j].word);
        }
}

static void outcomes_are_frozen(void **state)
{
    (void)state;
    static const struct { int exit, kept; } rows[] = {
#define ROW(name, word, exit, kept) { exit, kept },
        KWIT_OUTCOMES(ROW)
    };
    assert_int_equal(COUNT(rows), COUNT(outcomes));
    for (size_t i = 0; i < COUNT(outcomes); i++) {
        assert_int_equal(outcomes[i].value, i);
        assert_string_equal(kwit_outcome_word(outcomes[i].value), outcomes[i].word);
        assert_int_equal(rows[i].exit, outcomes[i].exit);
        assert_int_equal(rows[i].kept, outcomes[i].kept);
    }
}

static void warnings_are_frozen(void **state)
{
    (void)state;
    assert_int_equal(KWIT_WARNING_COUNT, COUNT(warnings));
    for (size_t i = 0; i < COUNT(warnings); i++)
        assert_string_equal(kwit_warning_word((enum kwit_warning)i), warnings[i]);
}

static void what_is_on_no_list_has_a_careful_answer(void **state)
{
    (void)state;
    assert_string_equal(kwit_error_word(0), "ok");
    assert_int_equal(kwit_error_exit(0), 0);
    assert_string_equal(kwit_error_word(-9999), "internal");
    assert_int_equal(kwit_error_exit(-9999), 70);
    assert_string_equal(kwit_outcome_word((enum kwit_outcome)99), "error");
    assert_string_equal(kwit_warning_word((enum kwit_warning)99), "unknown");
    assert_string_equal(kwit_version(), KWIT_VERSION);
}

static void a_failure_is_filled_cut_to_its_room_and_returned(void **state)
{
    (void)state;
    struct kw_error error;
    char longest[2000];
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    assert_int_equal(kw_fail(&error, KWIT_E_IO, longest, "%s", longest), KWIT_E_IO);
    assert_int_equal(strlen(error.where), KW_WHERE_SIZE - 1);
    assert_int_equal(strlen(error.text), KW_TEXT_SIZE - 1);
    assert_int_equal(kw_fail(&error, KWIT_E_BUSY, NULL, "held by %d", 7), KWIT_E_BUSY);
    assert_string_equal(error.where, "");
    assert_string_equal(error.text, "held by 7");
    assert_int_equal(kw_fail(NULL, KWIT_E_BUSY, "", "nobody asks"), KWIT_E_BUSY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reasons_are_frozen),
        cmocka_unit_test(reason_words_and_numbers_are_unique),
        cmocka_unit_test(outcomes_are_frozen),
        cmocka_unit_test(warnings_are_frozen),
        cmocka_unit_test(what_is_on_no_list_has_a_careful_answer),
        cmocka_unit_test(a_failure_is_filled_cut_to_its_room_and_returned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
