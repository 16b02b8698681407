/* test_simulator_status.c - what the simulated printer answers, healthy and in trouble (grammar/escpos.md). */
#include "support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define ASK(machine, bytes) (machine_feed(machine, bytes, sizeof(bytes) - 1), machine_replies(machine))
#define QUESTIONS "\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04"

static void begin_with(struct machine *machine, const char *profile, const char *faults)
{
    struct kw_sim_options options = machine_options(machine, profile);
    options.faults = faults;
    machine_start(machine, &options);
    assert_int_equal(machine->code, 0);
}

static void each_condition_has_its_bits(void **state)
{
    static const struct { const char *fault, *bytes; } rows[] = {
        { "", "12 12 12 12" },
        { "near-end", "12 12 12 1E" },
        { "paper-out", "1A 32 12 7E" },
        { "paper-out;near-end", "1A 32 12 7E" },
        { "cover", "1A 16 12 12" },
        { "cover;paper-out", "1A 36 12 7E" },
        { "cutter-jam@byte=0", "1A 52 1A 12" },
        { "hot", "1A 52 52 12" },
        { "dead", "1A 52 32 12" },
        { "recoverable", "1A 52 16 12" },
        { "feeding", "5A 1A 12 12" },
        { "waiting", "3A 12 12 12" },
        { "drawer-open", "16 12 12 12" },
        { "mute", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine machine;
        begin_with(&machine, "tm-t88v", rows[i].fault);
        assert_string_equal(ASK(&machine, QUESTIONS), rows[i].bytes);
        machine_free(&machine);
    }
}

static void questions_are_answered_ahead_of_the_buffer_and_stay_in_it(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, "tm-t88v", "cover");
    machine_say(&machine, "waits\n");
    assert_string_equal(ASK(&machine, "\x10\x04\x02"), "16");
    assert_int_equal(kw_sim_waiting(machine.sim), 6 + 3);
    machine_order(&machine, "cover close");
    assert_int_equal(kw_sim_waiting(machine.sim), 0);
    machine_finish(&machine);
    assert_string_equal(machine.texts[0], "waits\n");
    machine_free(&machine);
    /* Inside a raster the bytes are obeyed and are dots too. */
    machine_begin(&machine);
    assert_string_equal(ASK(&machine, "\x1dv0\x00\x03\x00\x01\x00\x10\x04\x04x\n"), "12");
    machine_finish(&machine);
    assert_string_equal(machine.texts[0], "x\n");
    assert_true(kw_bitmap_get(machine.papers[0], 3, 0) && kw_bitmap_get(machine.papers[0], 13, 0));
    machine_free(&machine);
}

static void longer_questions_need_their_whole_length(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    assert_string_equal(ASK(&machine, "\x10\x04\x07"), "");
    assert_string_equal(ASK(&machine, "\x01"), "12");
    assert_string_equal(ASK(&machine, "\x10\x04\x08\x03\x10\x04\x12\x01"), "12 12");
    assert_string_equal(ASK(&machine, "\x10\x10\x04\x01"), "12");
    assert_string_equal(ASK(&machine, "\x10\x04\x09\x10\x04"), "");
    assert_string_equal(ASK(&machine, "\x04"), "12");
    machine_free(&machine);
}

static void automatic_status_is_pushed_on_change(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    assert_string_equal(ASK(&machine, "\x1d" "a\x0f"), "10 00 00 0F");
    machine_order(&machine, "cover open");
    assert_string_equal(machine_replies(&machine), "38 00 00 0F");
    machine_order(&machine, "cover close");
    assert_string_equal(machine_replies(&machine), "10 00 00 0F");
    machine_order(&machine, "paper out");
    assert_string_equal(machine_replies(&machine), "18 00 0F 0F");
    machine_order(&machine, "paper load");
    assert_string_equal(machine_replies(&machine), "10 00 00 0F");
    assert_string_equal(ASK(&machine, "\x1bp\x00\x19\xfa"), "14 00 00 0F");
    machine_order(&machine, "drawer close");
    assert_string_equal(machine_replies(&machine), "10 00 00 0F");
    assert_string_equal(ASK(&machine, "\x1d" "a\x08"), "10 00 00 0F");     /* now only the paper is watched */
    machine_order(&machine, "cover open");
    assert_string_equal(machine_replies(&machine), "");
    machine_order(&machine, "cover close");
    ASK(&machine, "\x1b@");
    machine_order(&machine, "paper out");
    assert_string_equal(machine_replies(&machine), "");
    machine_free(&machine);
}

static void questions_in_the_stream_come_in_order(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    assert_string_equal(ASK(&machine, "\x1dr\x01\x1dr\x32\x1bv\x1bu\x30"), "00 00 00 00");
    assert_string_equal(ASK(&machine, "\x1dI\x01\x1dI\x02\x1dI\x03"), "20 02 02");
    assert_string_equal(ASK(&machine, "\x1dI\x42"), "5F 45 50 53 4F 4E 00");
    assert_string_equal(ASK(&machine, "\x1dI\x45"), "5F 00");
    assert_string_equal(ASK(&machine, "\x1dI\x43"), "5F 54 4D 2D 54 32 30 49 49 49 00");
    assert_string_equal(ASK(&machine, "\x1d(H\x06\x00\x30\x30" "0042"), "37 22 30 30 34 32 00");
    assert_string_equal(ASK(&machine, "\x1d(H\x06\x00\x30\x30" "00\x01\x32"), "");
    assert_string_equal(ASK(&machine, "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"), "37 25 00");
    assert_string_equal(ASK(&machine, "\x10\x14\x07\x01"), "10 00 00 0F");
    assert_string_equal(ASK(&machine, "\x10\x14\x07\x02"), "39 41 40 00");
    assert_string_equal(ASK(&machine, "\x1d(E\x03\x00\x01IN"), "37 20 00");
    assert_string_equal(ASK(&machine, "\x1d(E\x02\x00\x04\x01"), "37 21 30 30 30 30 30 30 30 30 00");
    assert_string_equal(ASK(&machine, "\x1d(L\x02\x00\x30\x33"), "37 31 33 39 33 32 31 36 00");
    machine_free(&machine);
}

static void what_it_is_is_told_in_blocks(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    assert_string_equal(ASK(&machine, "\x1dI\x21"), "3D 02 40 40 00");
    assert_string_equal(ASK(&machine, "\x1dI\x23\x1dI\x6e"), "3D 00 3D 00");
    assert_string_equal(ASK(&machine, "\x1dI\x41"), "5F 31 2E 30 30 20 45 53 43 2F 50 4F 53 00");
    assert_string_equal(ASK(&machine, "\x1dI\x44"), "5F 53 49 4D 30 30 30 30 30 30 31 00");
    assert_string_equal(ASK(&machine, "\x1dI\x6f\x1dI\x72"), "5F 00 5F 00");
    assert_string_equal(ASK(&machine, "\x1dI\x05"), "");
    assert_int_equal(machine_events(&machine, "\"event\":\"warning\""), 1);
    machine_free(&machine);
    static const struct { const char *profile, *letters; } rows[] = {
        { "pos-80", "5F 43 48 49 4E 41 20 47 42 32 33 31 32 00" }, { "tm-t20iii", "5F 00" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        begin_with(&machine, rows[i].profile, "");
        assert_string_equal(ASK(&machine, "\x1dI\x45"), rows[i].letters);
        machine_free(&machine);
    }
}

static void settings_are_told_as_of_an_unchanged_printer(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    assert_string_equal(ASK(&machine, "\x1d(E\x02\x00\x06\x05"), "37 27 35 1F 31 00");
    assert_string_equal(ASK(&machine, "\x1d(E\x02\x00\x0c\x01"), "37 33 31 1F 31 00");
    assert_string_equal(ASK(&machine, "\x1d(E\x02\x00\x10\x01"), "37 52 31 1F 31 00");
    assert_string_equal(ASK(&machine, "\x1d(E\x03\x00\x02OT\x1d(E\x01\x00\x63"), "");
    assert_string_equal(ASK(&machine, "\x1c(e\x02\x00\x33\x08"), "39 41 40 00");
    assert_string_equal(ASK(&machine, "\x1c(e\x02\x00\x33\x07\x1c(e\x01\x00\x33"), "");
    assert_string_equal(ASK(&machine, "\x1dj\x03"), "35 40 40 00");
    assert_string_equal(ASK(&machine, "\x1dj\x04\x10\x14\x07\x04\x10\x14\x07\x05"), "37 23 00");
    machine_free(&machine);
}

static void going_offline_is_told_to_who_asked_for_it(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    machine_order(&machine, "cover open");
    assert_string_equal(machine_replies(&machine), "");
    machine_order(&machine, "cover close");
    ASK(&machine, "\x1d(H\x03\x00\x31\x30\x01");
    machine_order(&machine, "cover open");
    assert_string_equal(machine_replies(&machine), "37 23 00");
    machine_order(&machine, "cover close");
    assert_string_equal(ASK(&machine, "\x1d(H\x03\x00\x31\x30\x00"), "");
    machine_order(&machine, "paper out");
    assert_string_equal(machine_replies(&machine), "");
    machine_free(&machine);
}

static void it_is_switched_off_only_when_that_was_allowed(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    assert_string_equal(ASK(&machine, "\x10\x14\x02\x01\x08"), "");
    assert_string_equal(ASK(&machine, "\x10\x04\x01"), "12");
    ASK(&machine, "\x1d(D\x03\x00\x14\x02\x01");
    ASK(&machine, "\x10\x14\x02\x01\x08");
    assert_int_equal(machine_events(&machine, "\"to\":\"DLE DC4 2\",\"hex\":\"3B3000\""), 1);
    assert_string_equal(ASK(&machine, "\x10\x04\x01"), "");
    machine_order(&machine, "power on");
    assert_string_equal(ASK(&machine, "\x10\x04\x01"), "12");
    /* A sound, which this model has not, is read over whole; what is no sequence is none. */
    assert_string_equal(ASK(&machine, "\x10\x14\x03\x01\x00\x01\x10\x04\x10\x14\x09\x10\x04\x01"), "12");
    machine_free(&machine);
}

static void a_question_behind_trouble_waits_for_its_end(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    machine_order(&machine, "paper out");
    assert_string_equal(ASK(&machine, "x\n\x1dr\x01\x1d(H\x06\x00\x30\x30" "0001"), "");
    machine_order(&machine, "paper load");
    assert_string_equal(machine_replies(&machine), "00 37 22 30 30 30 31 00");
    machine_order(&machine, "cover open");
    ASK(&machine, "y\n\x1d(H\x06\x00\x30\x30" "0002");
    assert_string_equal(ASK(&machine, "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"), "37 25 00");
    machine_order(&machine, "cover close");
    assert_string_equal(machine_replies(&machine), "");                    /* what was cleared is never confirmed */
    machine_finish(&machine);
    assert_int_equal(machine.paper_count, 1);
    assert_string_equal(machine.texts[0], "x\n");
    machine_free(&machine);
}

static void sizes_of_symbols_are_told(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    ASK(&machine, "\x1d(k\x03\x00\x31\x43\x04\x1d(k\x05\x00\x31\x50\x30hi");
    assert_string_equal(ASK(&machine, "\x1d(k\x03\x00\x31\x52\x30"), "37 36 38 34 1F 38 34 1F 31 1F 30 00");
    machine_free(&machine);
}

static void counters_count_what_happened(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    machine_feed(&machine, "a\nb\n\x1dV\x00" "c\n\x1dV\x00", 12);
    assert_string_equal(ASK(&machine, "\x1dg\x32\x00\x32\x00"), "5F 32 00");
    ASK(&machine, "\x1dg\x30\x00\x32\x00");
    assert_string_equal(ASK(&machine, "\x1dg\x32\x00\x32\x00"), "5F 30 00");
    assert_string_equal(ASK(&machine, "\x1dg\x32\x00\xb2\x00"), "5F 32 00");       /* the life-long one stays */
    assert_string_equal(ASK(&machine, "\x1dg\x32\x00\x14\x00"), "5F 33 00");
    machine_wait(&machine, 3 * 3600000);
    assert_string_equal(ASK(&machine, "\x1dg\x32\x00\x46\x00"), "5F 33 00");
    assert_string_equal(ASK(&machine, "\x1dg\x32\x00\x47\x00"), "");
    machine_free(&machine);
}

static void pulses_are_events_and_move_the_pin(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    assert_string_equal(ASK(&machine, "\x1bp\x01\x19\xfa\x10\x04\x01"), "16");
    assert_int_equal(machine_events(&machine, "\"pin\":5,\"on_ms\":50,\"off_ms\":500"), 1);
    machine_wait(&machine, 1000);
    ASK(&machine, "\x10\x14\x01\x00\x02\x10\x14\x01\x00\x02");              /* the second comes while the first runs */
    assert_int_equal(machine_events(&machine, "\"pin\":2,\"on_ms\":200,\"off_ms\":200"), 1);
    machine_wait(&machine, 1000);
    ASK(&machine, "\x1d(D\x03\x00\x14\x01\x00\x10\x14\x01\x00\x02");        /* switched off */
    assert_int_equal(machine_events(&machine, "\"event\":\"drawer\""), 2);
    machine_free(&machine);
}

static void memory_keeps_what_it_was_given(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    ASK(&machine, "\x1cg1\x00\x05\x00\x00\x00\x03\x00" "abc\x1b@");
    assert_string_equal(ASK(&machine, "\x1cg2\x00\x05\x00\x00\x00\x03\x00"), "5F 61 62 63 00");
    ASK(&machine, "\x1d(C\x08\x00\x00\x31\x00" "AB123");
    assert_string_equal(ASK(&machine, "\x1d(C\x05\x00\x00\x32\x00" "AB"), "37 70 40 31 32 33 00");
    machine_free(&machine);
}

/* A printer that never said it could must not answer. */
static void a_model_answers_only_what_it_can(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, "generic", "");
    assert_string_equal(ASK(&machine, QUESTIONS), "");
    machine_free(&machine);
    begin_with(&machine, "pos-80", "");
    assert_string_equal(ASK(&machine, "\x10\x04\x04\x1dr\x01\x1d" "a\xff"), "12");
    machine_free(&machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_condition_has_its_bits),
        cmocka_unit_test(questions_are_answered_ahead_of_the_buffer_and_stay_in_it),
        cmocka_unit_test(longer_questions_need_their_whole_length),
        cmocka_unit_test(automatic_status_is_pushed_on_change),
        cmocka_unit_test(questions_in_the_stream_come_in_order),
        cmocka_unit_test(what_it_is_is_told_in_blocks),
        cmocka_unit_test(settings_are_told_as_of_an_unchanged_printer),
        cmocka_unit_test(going_offline_is_told_to_who_asked_for_it),
        cmocka_unit_test(it_is_switched_off_only_when_that_was_allowed),
        cmocka_unit_test(a_question_behind_trouble_waits_for_its_end),
        cmocka_unit_test(sizes_of_symbols_are_told),
        cmocka_unit_test(counters_count_what_happened),
        cmocka_unit_test(pulses_are_events_and_move_the_pin),
        cmocka_unit_test(memory_keeps_what_it_was_given),
        cmocka_unit_test(a_model_answers_only_what_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
