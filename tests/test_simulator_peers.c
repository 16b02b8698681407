/* test_simulator_peers.c - what the peers of the simulator answer to the questions that a driver asks. */
#include "support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define PAPER "\x1b@Tea\n\x1b" "d\x04\x1dV\x00"
#define STATUS "\x10\x04\x01"
#define BARRIER "\x1dr\x01"
#define ECHO "\x1d(H\x06\x00\x30\x30" "0042"

static void start(struct machine *machine, const char *peer, const char *faults)
{
    struct kw_sim_options options = machine_options(machine, KW_SIM_DEFAULT_PROFILE);
    options.peer = peer;
    options.faults = faults;
    machine_start(machine, &options);
    assert_int_equal(machine->code, 0);
}

static void ask(struct machine *machine, const char *question, size_t length, const char *answer)
{
    machine_feed(machine, question, length);
    machine_wait(machine, 0);
    assert_string_equal(machine_replies(machine), answer);
}
#define ASK(machine, question, answer) ask(machine, question, sizeof question - 1, answer)

static void good_printers_answer_as_their_kind_does(void **state)
{
    static const struct { const char *peer, *status, *barrier, *echo; } kinds[] = {
        { "echo", "12", "00", "37 22 30 30 34 32 00" }, { "barrier", "12", "00", "" }, { "status", "12", "", "" },
        { "one-way", "", "", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct machine machine;
        start(&machine, kinds[i].peer, NULL);
        ASK(&machine, STATUS, kinds[i].status);
        ASK(&machine, PAPER, "");
        ASK(&machine, BARRIER, kinds[i].barrier);
        ASK(&machine, ECHO, kinds[i].echo);
        bool answers = strcmp(kinds[i].peer, "echo") == 0 || strcmp(kinds[i].peer, "barrier") == 0;
        ASK(&machine, "\x1dI\x43", answers ? "5F 54 4D 2D 54 32 30 49 49 49 00" : "");
        machine_finish(&machine);
        assert_int_equal(machine.paper_count, 1);
        machine_free(&machine);
    }
}

static void a_slow_printer_says_things_and_does_nothing_until_it_has_started(void **state)
{
    struct machine machine;
    (void)state;
    start(&machine, "slow", NULL);
    ASK(&machine, STATUS, "11 00");
    ASK(&machine, PAPER BARRIER, "");
    machine_wait(&machine, 2900);
    assert_string_equal(machine_replies(&machine), "11 00");
    machine_wait(&machine, 200);
    assert_string_equal(machine_replies(&machine), "00");
    ASK(&machine, STATUS, "12");
    machine_wait(&machine, 5000);
    assert_string_equal(machine_replies(&machine), "");
    machine_order(&machine, "power off");
    machine_order(&machine, "power on");
    machine_wait(&machine, 0);
    assert_string_equal(machine_replies(&machine), "11 00");
    machine_free(&machine);
}

static void a_pushing_printer_says_its_status_unasked(void **state)
{
    struct machine machine;
    (void)state;
    start(&machine, "pushing", NULL);
    for (int turn = 0; turn < 3; turn++) {
        machine_wait(&machine, 100);
        assert_string_equal(machine_replies(&machine), "10 00 00 0F");
    }
    machine_wait(&machine, 50);
    assert_string_equal(machine_replies(&machine), "");
    ASK(&machine, ECHO, "37 22 30 30 34 32 00");
    machine_free(&machine);
}

static void bad_printers_are_bad_in_their_way(void **state)
{
    struct machine machine;
    (void)state;
    start(&machine, "stray", NULL);
    ASK(&machine, STATUS, "12");
    ASK(&machine, PAPER, "00");
    ASK(&machine, BARRIER, "");
    machine_free(&machine);
    start(&machine, "twice", NULL);
    ASK(&machine, BARRIER, "00 00");
    machine_free(&machine);
    start(&machine, "wrong-id", NULL);
    ASK(&machine, ECHO, "37 22 30 30 34 33 00");
    machine_free(&machine);
    start(&machine, "drip", NULL);
    ASK(&machine, ECHO, "");
    machine_wait(&machine, 1000);
    assert_string_equal(machine_replies(&machine), "37");
    machine_wait(&machine, 1000);
    assert_string_equal(machine_replies(&machine), "22");
    machine_free(&machine);
}

static void what_is_no_printer_prints_nothing(void **state)
{
    static const struct { const char *peer, *status; } kinds[] = {
        { "nul", "00" }, { "loop", "10 04 01" }, { "discard", "" }, { "wall", "" }
    };
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct machine machine;
        start(&machine, kinds[i].peer, NULL);
        ASK(&machine, STATUS, kinds[i].status);
        machine_feed(&machine, PAPER, sizeof PAPER - 1);
        machine_finish(&machine);
        assert_int_equal(machine.paper_count, 0);
        machine_free(&machine);
    }
}

static void a_web_server_answers_each_packet(void **state)
{
    struct machine machine;
    (void)state;
    start(&machine, "http", NULL);
    machine_feed(&machine, STATUS, sizeof STATUS - 1);
    machine_feed(&machine, PAPER, sizeof PAPER - 1);
    machine_wait(&machine, 0);
    assert_int_equal(strncmp(machine_replies(&machine), "48 54 54 50 2F 31 2E 31 20 34 30 30", 35), 0);
    assert_int_equal(machine_events(&machine, "\"to\":\"packet\""), 2);
    machine_free(&machine);
}

static void a_stray_byte_can_be_any_and_come_anywhere(void **state)
{
    struct machine machine;
    (void)state;
    start(&machine, NULL, "stray=18@byte=4");
    ASK(&machine, "abc", "");
    ASK(&machine, "d", "12");
    ASK(&machine, "efgh", "");
    machine_free(&machine);
}

static void an_unknown_peer_is_a_usage_error(void **state)
{
    struct machine machine;
    (void)state;
    struct kw_sim_options options = machine_options(&machine, KW_SIM_DEFAULT_PROFILE);
    options.peer = "toaster";
    machine_start(&machine, &options);
    assert_int_equal(machine.code, KWIT_E_USAGE);
    assert_non_null(strstr(machine.error.text, "one-way"));
    machine_free(&machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_printers_answer_as_their_kind_does),
        cmocka_unit_test(a_slow_printer_says_things_and_does_nothing_until_it_has_started),
        cmocka_unit_test(a_pushing_printer_says_its_status_unasked),
        cmocka_unit_test(bad_printers_are_bad_in_their_way),
        cmocka_unit_test(what_is_no_printer_prints_nothing),
        cmocka_unit_test(a_web_server_answers_each_packet),
        cmocka_unit_test(a_stray_byte_can_be_any_and_come_anywhere),
        cmocka_unit_test(an_unknown_peer_is_a_usage_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
