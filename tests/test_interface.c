/*
 * test_interface.c - the general rules of kwit.h: a result whatever a call returns, and NULL where every option shall
 * be as it is by default.
 */
#include "support/clock.h"
#include "support/place.h"

#include <kwit/tool.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static kwit_context *context;

static int begin(void **state)
{
    static char config[100], store[100];
    if (place_make(state) != 0)
        return -1;
    snprintf(config, sizeof config, "%s/kwit.conf", place);
    snprintf(store, sizeof store, "%s/state", place);
    FILE *file = fopen(config, "w");
    if (!file)
        return -1;
    fprintf(file, "[printer]\nuri = sim:%s/paper\n", place);
    fclose(file);
    const struct kwit_settings settings = { .config_file = config, .state_dir = store };
    return kwit_context_new(&settings, &context);
}

static int end(void **state)
{
    kwit_context_free(context);
    return place_remove(state);
}

/* What holds of every result, however the call ended. */
static int take(int code, kwit_result *result)
{
    assert_non_null(result);
    const char *json = kwit_result_json(result);
    assert_non_null(json);
    assert_int_equal(json[0], '{');
    assert_int_equal(json[strlen(json) - 1], '}');
    assert_null(strchr(json, '\n'));
    assert_non_null(kwit_result_text(result));
    int exit = kwit_result_exit(result);
    assert_true(exit >= 0 && exit < 128);
    if (code < 0)
        assert_int_not_equal(exit, 0);
    kwit_result_free(result);
    return code;
}

static void null_options_are_the_defaults(void **state)
{
    (void)state;
    static const char sale[] = "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\",\"lines\":[],"
                               "\"total\":\"1.00\"}";
    kwit_result *result;
    int code = kwit_print(context, sale, sizeof sale - 1, NULL, &result);
    assert_int_equal(take(code, result), 0);
    code = kwit_preview(context, sale, sizeof sale - 1, NULL, KWIT_PREVIEW_TEXT, &result);
    assert_int_equal(take(code, result), 0);
    code = kwit_drawer_open(context, NULL, &result);
    assert_int_equal(take(code, result), 0);
    code = kwit_reprint(context, NULL, NULL, &result);
    assert_int_equal(take(code, result), 0);
    code = kwit_logo_store(context, NULL, &result);
    assert_true(take(code, result) < 0);                    /* there is none */
    code = kwit_simulate(context, NULL, &result);
    assert_int_equal(take(code, result), KWIT_E_USAGE);     /* no door */
    code = kwit_survey_key(context, KWIT_KEY_LIST, NULL, &result);
    assert_int_equal(take(code, result), 0);
    code = kwit_survey_token_encode(context, NULL, &result);
    assert_true(take(code, result) < 0);
    code = kwit_survey_plan(context, NULL, &result);
    take(code, result);
    code = kwit_survey_import(context, "/nonexistent.csv", NULL, &result);
    assert_true(take(code, result) < 0);
    code = kwit_report(context, NULL, &result);
    take(code, result);
    code = kwit_journal_verify(context, NULL, &result);
    assert_int_equal(take(code, result), 0);
    code = kwit_journal_prune(context, NULL, &result);
    take(code, result);
    code = kwit_journal_export(context, NULL, &result);
    assert_int_equal(take(code, result), KWIT_E_USAGE);     /* nowhere to write */
}

static void every_call_hands_out_a_result_when_the_configuration_is_at_fault(void **state)
{
    (void)state;
    const struct kwit_settings settings = { .config_file = "/nonexistent/kwit.conf", .state_dir = place };
    kwit_context *broken;
    kwit_result *result;
    assert_int_equal(kwit_context_new(&settings, &broken), 0);
    int code = kwit_print(broken, "{}", 2, NULL, &result);
    assert_int_equal(kwit_result_outcome(result), KWIT_OUTCOME_ERROR);
    assert_int_equal(kwit_result_reason(result), KWIT_E_CONFIG);
    assert_int_equal(take(code, result), KWIT_E_CONFIG);
    code = kwit_config_check(broken, &result);
    assert_int_equal(take(code, result), KWIT_E_CONFIG);
    code = kwit_queue_list(broken, NULL, 0, &result);
    assert_int_equal(take(code, result), KWIT_E_CONFIG);
    code = kwit_status(broken, NULL, &result);
    assert_int_equal(take(code, result), KWIT_E_CONFIG);
    code = kwit_drawer_open(broken, NULL, &result);
    assert_int_equal(take(code, result), KWIT_E_CONFIG);
    kwit_context_free(broken);
}

static bool told_of_a_lost_journal;

static enum kwit_outcome print_second(void)
{
    static const char sale[] = "{\"kwit\":1,\"id\":\"2\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\",\"lines\":[],"
                               "\"total\":\"1.00\"}";
    kwit_result *result;
    int code = kwit_print(context, sale, sizeof sale - 1, NULL, &result);
    enum kwit_outcome outcome = kwit_result_outcome(result);
    told_of_a_lost_journal = strstr(kwit_result_json(result), "\"journal_anew\"") != NULL;
    assert_int_equal(take(code, result), 0);
    return outcome;
}

/* The configuration is kept as long as its files are as they were; this one is older than the test. */
static void a_configuration_that_is_another_between_two_calls_is_read_anew(void **state)
{
    (void)state;
    static const char sale[] = "{\"kwit\":1,\"id\":\"3\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\","
                               "\"lines\":[],\"total\":\"1.00\"}";
    const struct kwit_print_options dry = { .dry_run = 1, .profile = "generic" };
    char link[100], target[4096];
    snprintf(link, sizeof link, "%s/linked.conf", place);
    const struct kwit_settings settings = { .config_file = link, .state_dir = place };
    kwit_context *linked;
    kwit_result *result;
    assert_non_null(realpath("tests/fixtures/maps/shop.conf", target));
    assert_int_equal(symlink(target, link), 0);
    clock_follows(place, 60000);
    assert_int_equal(kwit_context_new(&settings, &linked), 0);
    for (int i = 0; i < 2; i++) {
        int code = kwit_print(linked, sale, sizeof sale - 1, &dry, &result);
        assert_int_equal(take(code, result), 0);
    }
    assert_int_equal(unlink(link), 0);
    int code = kwit_print(linked, sale, sizeof sale - 1, &dry, &result);
    assert_int_equal(take(code, result), KWIT_E_CONFIG);
    clock_follows(NULL, 0);
    kwit_context_free(linked);
}

/* The journal stays open between two calls, as long as its path leads to it. */
static void a_journal_that_was_exchanged_between_two_calls_is_not_used_again(void **state)
{
    (void)state;
    char here[100], away[100];
    snprintf(here, sizeof here, "%s/state", place);
    snprintf(away, sizeof away, "%s/away", place);
    assert_int_equal(print_second(), KWIT_OUTCOME_PRINTED);
    assert_int_equal(print_second(), KWIT_OUTCOME_DUPLICATE);
    assert_false(told_of_a_lost_journal);
    assert_int_equal(rename(here, away), 0);
    assert_int_equal(print_second(), KWIT_OUTCOME_PRINTED);
    assert_true(told_of_a_lost_journal);
    assert_int_equal(print_second(), KWIT_OUTCOME_DUPLICATE);
}

/* Else the same sale would print again there, with a journal that nobody looks for. */
static void a_program_that_goes_to_another_directory_keeps_its_journal(void **state)
{
    (void)state;
    char here[4096];
    kwit_context *before = context;
    const struct kwit_settings settings = { .config_file = "kwit.conf", .state_dir = "state" };
    assert_non_null(getcwd(here, sizeof here));
    assert_int_equal(chdir(place), 0);
    assert_int_equal(kwit_context_new(&settings, &context), 0);
    print_second();
    assert_int_equal(mkdir("elsewhere", 0700), 0);
    assert_int_equal(chdir("elsewhere"), 0);
    enum kwit_outcome again = print_second();
    assert_int_equal(chdir(here), 0);
    kwit_context_free(context);
    context = before;
    assert_int_equal(again, KWIT_OUTCOME_DUPLICATE);
}

static int count_open_journals(void)
{
    int count = 0;
    for (int file = 0; file < 100; file++) {
        char link[40], path[200];
        snprintf(link, sizeof link, "/proc/self/fd/%d", file);
        ssize_t length = readlink(link, path, sizeof path);
        count += length > 10 && memcmp(path + length - 10, "journal.db", 10) == 0;
    }
    return count;
}

/* What a parent opened is neither used nor closed by its child. */
static void a_child_opens_the_journal_anew(void **state)
{
    (void)state;
    int status;
    print_second();
    int before = count_open_journals();
    pid_t child = fork();
    if (child == 0) {
        bool known = print_second() == KWIT_OUTCOME_DUPLICATE, anew = count_open_journals() == before + 1;
        kwit_context_free(context);
        _exit(known && anew ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(print_second(), KWIT_OUTCOME_DUPLICATE);
}

static void freeing_nothing_is_nothing(void **state)
{
    (void)state;
    kwit_result_free(NULL);
    kwit_context_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_options_are_the_defaults),
        cmocka_unit_test(every_call_hands_out_a_result_when_the_configuration_is_at_fault),
        cmocka_unit_test(a_configuration_that_is_another_between_two_calls_is_read_anew),
        cmocka_unit_test(a_journal_that_was_exchanged_between_two_calls_is_not_used_again),
        cmocka_unit_test(a_child_opens_the_journal_anew),
        cmocka_unit_test(a_program_that_goes_to_another_directory_keeps_its_journal),
        cmocka_unit_test(freeing_nothing_is_nothing),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
