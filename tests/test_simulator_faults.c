/* test_simulator_faults.c - failures as settings, real speed, and the folder that outlives the process. */
#include "base/clock.h"
#include "simulator/doors/folder.h"
#include "support/machine.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define EOT1 "\x10\x04\x01"

static void begin_with(struct machine *machine, const char *faults, int speed)
{
    struct kw_sim_options options = machine_options(machine, "tm-t20iii");
    options.faults = faults;
    options.speed_mm_s = speed;
    machine_start(machine, &options);
    assert_int_equal(machine->code, 0);
}

static void feed_lines(struct machine *machine, int count)
{
    for (int i = 0; i < count; i++)
        machine_say(machine, "line\n");
}

/* ---- where and when ---- */

static void a_fault_comes_at_its_byte(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, "unplug@byte=7", 0);
    machine_say(&machine, "0123456789");
    assert_int_equal(machine.accepted, 7);
    assert_int_equal(kw_sim_write(machine.sim, (const uint8_t *)"x", 1), -1);
    assert_int_equal(kw_sim_port_status(machine.sim), -1);
    machine_order(&machine, "plug in");
    machine_say(&machine, "89\n");
    machine_finish(&machine);
    assert_string_equal(machine.texts[0], "012345689\n");
    machine_free(&machine);
}

static void a_fault_comes_at_its_millimetre(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, "paper-out@mm=20", 0);
    feed_lines(&machine, 20);
    assert_in_range((int)kw_sim_mm(machine.sim), 19, 24);
    assert_true(kw_sim_waiting(machine.sim) > 0);
    machine_order(&machine, "paper load 80");
    assert_int_equal(kw_sim_waiting(machine.sim), 0);
    machine_finish(&machine);
    assert_int_equal(machine.paper_count, 2);
    assert_int_equal(strlen(machine.texts[0]) + strlen(machine.texts[1]), 20 * 5);
    machine_free(&machine);
}

static void a_raster_stops_at_the_end_of_the_paper_and_goes_on(void **state)
{
    struct machine machine;
    uint8_t bytes[8 + 400] = { 0x1D, 'v', '0', 0, 1, 0, 0x90, 1 };
    (void)state;
    memset(bytes + 8, 0xFF, 400);
    begin_with(&machine, "paper-out@mm=10", 0);
    machine_feed(&machine, bytes, sizeof bytes);
    machine_order(&machine, "paper load");
    machine_finish(&machine);
    assert_int_equal(machine.paper_count, 2);
    assert_int_equal(machine.papers[0]->height, 79);
    assert_int_equal(machine.papers[1]->height, 400 - 79);
    machine_free(&machine);
}

static void a_fault_comes_and_goes_with_time(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, "cover@time=5s,for=2s,every=10s,times=2", 0);
    machine_say(&machine, EOT1);
    machine_wait(&machine, 5000);
    machine_say(&machine, EOT1);
    assert_int_equal(kw_sim_run(machine.sim), 2000);
    machine_wait(&machine, 2000);
    machine_say(&machine, EOT1);
    machine_wait(&machine, 8000);
    machine_say(&machine, EOT1);
    machine_wait(&machine, 100000);
    machine_say(&machine, EOT1);
    assert_string_equal(machine_replies(&machine), "12 1A 12 1A 12");
    machine_free(&machine);
}

static void chance_is_the_same_for_the_same_seed(void **state)
{
    size_t places[3];
    (void)state;
    for (int i = 0; i < 3; i++) {
        struct machine machine;
        begin_with(&machine, i < 2 ? "unplug@byte=100..900,seed=7" : "unplug@byte=100..900,seed=8", 0);
        feed_lines(&machine, 400);
        places[i] = machine.accepted;
        assert_in_range(places[i], 100, 900);
        machine_free(&machine);
    }
    assert_int_equal(places[0], places[1]);
    assert_int_not_equal(places[0], places[2]);
}

static void a_jammed_cutter_holds_the_cut_until_it_is_recovered(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, "cutter-jam", 0);
    machine_say(&machine, "one\n\x1bJ\xff\x1dV\x01two\n");
    assert_int_equal(machine.paper_count, 0);
    machine_say(&machine, "\x10\x04\x03\x10\x05\x01\x10\x04\x03");
    assert_string_equal(machine_replies(&machine), "1A 12");
    machine_finish(&machine);
    assert_int_equal(machine.paper_count, 2);
    assert_string_equal(machine.texts[1], "two\n");
    machine_free(&machine);
    begin_with(&machine, "cutter-jam", 0);                                  /* DLE ENQ 2 also forgets what waits */
    machine_say(&machine, "one\n\x1dV\x01two\n\x10\x05\x02three\n");
    machine_finish(&machine);
    assert_int_equal(machine.paper_count, 1);
    assert_string_equal(machine.texts[0], "one\nthree\n");
    machine_free(&machine);
}

static void power_loss_forgets_settings_and_what_waits(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, "power-loss@byte=9", 0);
    machine_feed(&machine, "\x1b" "E\x01" "abcdef", 9);
    machine_order(&machine, "power on");
    machine_say(&machine, "x\n");
    machine_finish(&machine);
    assert_string_equal(machine.texts[0], "x\n");
    assert_int_equal(machine_events(&machine, "\"bold\":true"), 0);
    machine_free(&machine);
}

static void a_stuck_printer_takes_a_buffer_full_and_says_nothing(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, "stuck@byte=10", 0);
    for (int i = 0; i < 2000; i++)
        machine_say(&machine, "lines\n");
    assert_in_range(machine.accepted, 4096, 4096 + 16);
    machine_free(&machine);
    begin_with(&machine, "stuck", 0);
    machine_say(&machine, EOT1);
    assert_string_equal(machine_replies(&machine), "");
    machine_free(&machine);
}

static void the_line_itself_can_be_bad(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, "nak@byte=3,for=2s", 0);
    machine_say(&machine, "abcdef");
    assert_int_equal(machine.accepted, 3);
    machine_wait(&machine, 2000);
    machine_say(&machine, "def");
    assert_int_equal(machine.accepted, 6);
    machine_free(&machine);
    begin_with(&machine, "short-write=7", 0);
    assert_int_equal(kw_sim_write(machine.sim, (const uint8_t *)"0123456789", 10), 7);
    machine_free(&machine);
    begin_with(&machine, "late=3s", 0);
    machine_say(&machine, EOT1);
    assert_string_equal(machine_replies(&machine), "");
    machine_wait(&machine, 3000);
    assert_string_equal(machine_replies(&machine), "12");
    machine_free(&machine);
    begin_with(&machine, "garbage", 0);
    machine_say(&machine, "\x1dI\x43");
    assert_int_equal(machine.replies.length, 11);
    assert_string_not_equal(machine_replies(&machine), "5F 54 4D 2D 54 32 30 49 49 49 00");
    machine_free(&machine);
}

static void process_ids_run_together_when_nobody_reads(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, "coalesce", 0);
    machine_say(&machine, "");
    kw_sim_write(machine.sim, (const uint8_t *)"\x1d(H\x06\x00\x30\x30" "0001\x1d(H\x06\x00\x30\x30" "0002", 22);
    machine_say(&machine, "");
    assert_string_equal(machine_replies(&machine), "37 22 30 30 30 32 00");
    machine_free(&machine);
}

static void a_roll_has_its_length(void **state)
{
    struct machine machine;
    struct kw_sim_options options = machine_options(&machine, "tm-t20iii");
    (void)state;
    options.roll_mm = 1600;
    machine_start(&machine, &options);
    machine_say(&machine, "\x10\x04\x04");
    for (int i = 0; i < 60; i++)
        machine_say(&machine, "x\x1b" "d\x0a");
    machine_say(&machine, "\x10\x04\x04");
    assert_string_equal(machine_replies(&machine), "12 7E");
    assert_in_range((int)kw_sim_mm(machine.sim), 1595, 1645);
    machine_order(&machine, "paper load 5000mm");
    machine_say(&machine, "\x10\x04\x04");
    assert_string_equal(machine_replies(&machine), "12");
    machine_free(&machine);
}

static void wrong_specs_are_named(void **state)
{
    static const char *const wrong[] = { "smoke", "cover@inch=3", "cover@byte", "late", "late=x", "cover=3",
                                         "cover@byte=9..3",
                                         "cover,for=x", "@byte=3", "cover@byte=-1" };
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct machine machine;
        struct kw_sim_options options = machine_options(&machine, "tm-t20iii");
        options.faults = wrong[i];
        machine_start(&machine, &options);
        assert_int_equal(machine.code, KWIT_E_USAGE);
        machine_free(&machine);
    }
}

/* ---- speed ---- */

static void real_speed_fills_the_buffer_and_empties_it(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, NULL, 100);
    machine_say(&machine, "first\n");
    for (int i = 0; i < 2000; i++)
        machine_say(&machine, "more lines\n");
    assert_in_range(machine.accepted, 4096, 4200);                          /* back pressure */
    machine_say(&machine, "");
    double before = kw_sim_mm(machine.sim);
    machine_wait(&machine, 1000);
    double after = kw_sim_mm(machine.sim);
    assert_true(after - before > 90 && after - before < 110);               /* 100 mm in a second */
    machine_free(&machine);
}

static void a_confirmation_waits_for_the_paper(void **state)
{
    struct machine machine;
    (void)state;
    begin_with(&machine, NULL, 100);
    machine_feed(&machine, "\x1b" "d\x18\x1d(H\x06\x00\x30\x30" "0001", 14);      /* 24 lines: about 100 mm */
    assert_string_equal(machine_replies(&machine), "");
    machine_wait(&machine, 500);
    assert_string_equal(machine_replies(&machine), "");
    machine_wait(&machine, 600);
    assert_string_equal(machine_replies(&machine), "37 22 30 30 30 31 00");
    machine_free(&machine);
}

/* ---- the folder ---- */

static char folder[] = "/tmp/kwit-sim-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static void empty_folder(void)
{
    struct kw_error error;
    assert_int_equal(kw_sim_folder_clear(folder, &error), 0);
}

static int remove_folder(void **state)
{
    (void)state;
    empty_folder();
    return rmdir(folder);
}

static struct kw_link *open_sim(const char *query)
{
    char uri[200];
    struct kw_link_options options = { 0 };
    struct kw_link *link;
    struct kw_error error;
    snprintf(uri, sizeof uri, "sim:%s%s", folder, query);
    assert_int_equal(kw_transport_sim.open(uri, &options, kw_clock_boot_ms() + 60000, &link, &error), 0);
    return link;
}

static int send_all(struct kw_link *link, const char *bytes, size_t length, size_t *done)
{
    uint8_t in[64];
    size_t in_done;
    struct kw_error error;
    return link->ops->transfer(link, (const uint8_t *)bytes, length, done, in, sizeof in, &in_done,
                               kw_clock_boot_ms() + 100, &error);
}

static size_t read_named(const char *name, char *out, size_t size)
{
    char path[300];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return 0;
    size_t length = fread(out, 1, size - 1, file);
    out[length] = 0;
    fclose(file);
    return length;
}

/* One receipt, sent by many processes or by one, leaves the same files. */
static void the_machine_outlives_whoever_opened_it(void **state)
{
    static const char receipt[] = "\x1b" "E\x01one\n\x1b!\x30two\n\x1dV\x41\x05three\nfo";
    static char whole[4][8192], parts[8192];
    static const char *const names[] = { "0001.txt", "0002.txt", "events.jsonl", "wire.bin" };
    size_t done, lengths[4];
    (void)state;
    empty_folder();
    struct kw_link *link = open_sim("");
    send_all(link, receipt, sizeof receipt - 1, &done);
    assert_int_equal(done, sizeof receipt - 1);
    link->ops->close(link);
    for (int i = 0; i < 4; i++)
        lengths[i] = read_named(names[i], whole[i], sizeof whole[i]);
    assert_string_equal(whole[1], "three\n");
    for (int with_snapshot = 0; with_snapshot < 2; with_snapshot++) {
        empty_folder();
        for (size_t at = 0; at < sizeof receipt - 1; at++) {
            if (!with_snapshot) {               /* the process was killed: only the log is there */
                char path[300];
                snprintf(path, sizeof path, "%s/machine.state", folder);
                unlink(path);
            }
            link = open_sim("");
            send_all(link, receipt + at, 1, &done);
            link->ops->close(link);
        }
        for (int i = 0; i < 4; i++) {
            assert_int_equal(read_named(names[i], parts, sizeof parts), lengths[i]);
            assert_memory_equal(parts, whole[i], lengths[i]);
        }
    }
}

static void a_second_opener_finds_it_busy(void **state)
{
    struct kw_link_options options = { 0 };
    struct kw_link *second;
    struct kw_error error;
    char uri[200];
    (void)state;
    struct kw_link *link = open_sim("");
    snprintf(uri, sizeof uri, "sim:%s", folder);
    assert_int_equal(kw_transport_sim.open(uri, &options, kw_clock_boot_ms() + 50, &second, &error), KWIT_E_BUSY);
    link->ops->close(link);
    assert_int_equal(kw_transport_sim.open(uri, &options, kw_clock_boot_ms() + 50, &second, &error), 0);
    second->ops->close(second);
}

static void trouble_stays_until_the_faults_are_others(void **state)
{
    size_t done;
    (void)state;
    empty_folder();
    struct kw_link *link = open_sim("?fault=paper-out@mm=5");
    send_all(link, "a\nb\nc\nd\n", 8, &done);
    link->ops->close(link);
    link = open_sim("?fault=paper-out@mm=5");
    uint8_t in[8];
    size_t in_done;
    struct kw_error error;
    link->ops->transfer(link, (const uint8_t *)EOT1, 3, &done, in, sizeof in, &in_done, kw_clock_boot_ms() + 100,
                        &error);
    assert_int_equal(in[0], 0x1A);
    link->ops->close(link);
    link = open_sim("");
    link->ops->transfer(link, (const uint8_t *)EOT1, 3, &done, in, sizeof in, &in_done, kw_clock_boot_ms() + 100,
                        &error);
    assert_int_equal(in[0], 0x12);
    link->ops->close(link);
}

static void a_lost_cable_is_back_with_the_next_opening(void **state)
{
    size_t done;
    (void)state;
    empty_folder();
    struct kw_link *link = open_sim("?fault=unplug@byte=3");
    assert_int_equal(send_all(link, "abcdef\n", 7, &done), KWIT_E_DISCONNECTED);
    assert_int_equal(done, 3);
    link->ops->close(link);
    link = open_sim("?fault=unplug@byte=3");
    assert_int_equal(send_all(link, "def\n", 4, &done), 0);
    link->ops->close(link);
    char text[100];
    read_named("0001.txt", text, sizeof text);
    assert_string_equal(text, "abcdef\n");
}

static void wrong_addresses_are_named(void **state)
{
    static const char *const wrong[] = { "sim:", "sim:?profile=x", "sim:/tmp?profile=no-such", "sim:/tmp?colour=red",
                                         "sim:/tmp?speed=slow",
                                         "sim:/no/such/place/at/all", "sim:/tmp?fault=smoke" };
    struct kw_link_options options = { 0 };
    struct kw_link *link;
    struct kw_error error;
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_true(kw_transport_sim.open(wrong[i], &options, 0, &link, &error) < 0);
    /* Wrong words are known before anything waits for the printer. */
    char identity[KW_IDENTITY_MAX];
    static const char *const words[] = { "sim:/tmp?fault=smoke", "sim:/tmp?scenario=happy", "sim:/tmp?peer=toaster" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        assert_int_equal(kw_transport_sim.identify(words[i], &options, identity, &error), KWIT_E_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_fault_comes_at_its_byte),
        cmocka_unit_test(a_fault_comes_at_its_millimetre),
        cmocka_unit_test(a_raster_stops_at_the_end_of_the_paper_and_goes_on),
        cmocka_unit_test(a_fault_comes_and_goes_with_time),
        cmocka_unit_test(chance_is_the_same_for_the_same_seed),
        cmocka_unit_test(a_jammed_cutter_holds_the_cut_until_it_is_recovered),
        cmocka_unit_test(power_loss_forgets_settings_and_what_waits),
        cmocka_unit_test(a_stuck_printer_takes_a_buffer_full_and_says_nothing),
        cmocka_unit_test(the_line_itself_can_be_bad),
        cmocka_unit_test(process_ids_run_together_when_nobody_reads),
        cmocka_unit_test(a_roll_has_its_length),
        cmocka_unit_test(wrong_specs_are_named),
        cmocka_unit_test(real_speed_fills_the_buffer_and_empties_it),
        cmocka_unit_test(a_confirmation_waits_for_the_paper),
        cmocka_unit_test(the_machine_outlives_whoever_opened_it),
        cmocka_unit_test(a_second_opener_finds_it_busy),
        cmocka_unit_test(trouble_stays_until_the_faults_are_others),
        cmocka_unit_test(a_lost_cable_is_back_with_the_next_opening),
        cmocka_unit_test(wrong_addresses_are_named),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
