/* test_simulator_makers.c - commands of some makers alone: boards of clones, one as measured, Custom, impact heads. */
#include "support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void print_on(struct machine *machine, const char *profile, const char *bytes, size_t length)
{
    struct kw_sim_options options = machine_options(machine, profile);
    machine_start(machine, &options);
    machine_feed(machine, bytes, length);
    machine_finish(machine);
}

/* What a stream comes to on a model: its text, and an event; and how many dots of paper where that counts. */
static const struct { const char *profile, *bytes; size_t length; const char *text, *event; int dots; } rows[] = {
#define ROW(profile, bytes, text, event, dots) { profile, bytes, sizeof(bytes) - 1, text, event, dots },
    /* boards know what Epson's take for data */
    ROW("pos-58", "\x1b\x37\x41\x50\x42" "done\n", "done\n", "\"heat\",", 0)
    ROW("tm-t88v", "\x1b\x37\x41\x50\x42" "done\n", "APBdone\n", "undefined command 1B 37", 0)
    ROW("pos-58", "\x12\x23\x4a" "done\n", "done\n", "\"form\":\"DC2 #\",\"percent\":100", 0)
    ROW("tm-t88v", "\x12#Jdone\n", "#Jdone\n", "undefined code 12", 0)
    ROW("pos-58", "\x12*\x02\x01\xff\xff" "done\n", "done\n", "\"form\":\"DC2 *\"", 0)
    ROW("pos-58", "\x1bZ\x00M\x04\x05\x00" "Apple" "done\n", "done\n", "\"data\":\"Apple\"", 0)
    ROW("tm-t88v", "\x1bZABCdone\n", "ABCdone\n", "undefined command 1B 5A", 0)
    ROW("pos-58", "\x07" "done\n", "done\n", "\"form\":\"BEL\"", 0)
    ROW("tm-t88v", "\x07" "done\n", "done\n", "undefined code 07", 0)
    /* without a cutter 65 feeds what it says, and 66 is nothing */
    ROW("pos-58", "a\n\x1dV\x41\x14" "b\n", "a\nb\n", "\"text\":\"b\"", 30 + 20 + 30)
    ROW("pos-58", "a\n\x1dV\x42\x14" "b\n", "a\nb\n", "\"text\":\"b\"", 30 + 30)
    /* as one board was measured */
    ROW("nt-5890k", "\x1dv0\x00\x01\x00\x02\x00\xff\xff\n\nx\n", "\nx\n", "GS v 0", 2 + 30 + 30)
    ROW("tm-t88v", "\x1dv0\x00\x01\x00\x02\x00\xff\xff\n\nx\n", "\n\nx\n", "GS v 0", 2 + 60 + 30)
    ROW("nt-5890k", "a\n\x1bJ\x40x\n", "a\nx\n", "\"text\":\"x\"", 30 + 30)
    ROW("nt-5890k", "ab\x1b$\xc8\x00" "c\n", "abc\n", "\"text\":\"abc\"", 0)
    ROW("nt-5890k", "\x1b$\x18\x00" "c\n", "  c\n", "\"x\":24", 0)
    ROW("nt-5890k", "\x1b*\x00\x01\x00\xff\n", "", "\"width\":2,\"height\":8", 0)
    ROW("tm-t88v", "\x1b*\x00\x01\x00\xff\n", "", "\"width\":2,\"height\":24", 0)
    ROW("nt-5890k", "\x1dk\x4b\x02" "12\n", "12\n", "\"text\":\"12\"", 0)
    /* Custom */
    ROW("custom", "\x1d|\x06" "done\n", "done\n", "\"form\":\"GS |\",\"percent\":125", 0)
    ROW("tm-t88v", "\x1d|6done\n", "6done\n", "undefined command 1D 7C", 0)
    ROW("custom", "a\n\x1bi\x1d" "e\x03\x0c" "done\n", "a\ndone\n", "\"mode\":\"present\",\"steps\":12", 0)
    ROW("custom", "\x1d" "e\x20\x0c\x1e" "done\n", "done\n", "\"mode\":\"present\",\"steps\":12", 0)
    ROW("custom", "\x1d" "e\x05" "done\n", "done\n", "\"mode\":\"eject\"", 0)
    ROW("tm-t88v", "\x1d" "e\x05" "done\n", "done\n", "undefined command 1D 65", 0)
    ROW("custom", "\x1b\x34" "a\x1b\x35" "b\n", "ab\n", "\"italic\":true", 0)
    ROW("custom", "a\n\x1bi", "a\n", "\"mode\":\"full\"", 0)
    /* impact heads have no rasters, no sizes, no places, and two colours */
    ROW("tm-u220", "\x1dv0\x41\x42\x43\x44\x45\n", "0ABCDE\n", "has no GS v", 0)
    ROW("tm-u220", "\x1d!\x31x\n", "1x\n", "has no GS !", 0)
    ROW("tm-u220", "a\x1b$\x41\x42" "c\n", "aABc\n", "has no ESC $", 0)
    ROW("tm-u220", "\x1br\x01total\x1br\x00\n", "total\n", "\"colour\":\"red\"", 0)
    ROW("tm-u220", "\x1b!\x00" "a\n", "a\n", "\"width_dots\":12", 0)
    ROW("tm-u220", "a\n", "a\n", "\"width_dots\":10", 0)
    ROW("tm-u220", "\x1b*\x00\x01\x00\xff\n", "", "\"width\":2,\"height\":18", 0)
    ROW("tm-u220", "\x1b*\x21\x01\x00" "ABC\n", "ABC\n", "ESC *", 0)
#undef ROW
};

static void each_is_as_its_maker_has_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine machine;
        print_on(&machine, rows[i].profile, rows[i].bytes, rows[i].length);
        if (machine.paper_count == 0 || strcmp(machine.texts[0], rows[i].text) != 0)
            fail_msg("row %zu on %s prints \"%s\"", i, rows[i].profile, machine.paper_count ? machine.texts[0] : "");
        if (machine_events(&machine, rows[i].event) == 0)
            fail_msg("row %zu on %s: no event says %s", i, rows[i].profile, rows[i].event);
        if (rows[i].dots && machine.papers[0]->height != rows[i].dots)
            fail_msg("row %zu on %s takes %d dots", i, rows[i].profile, machine.papers[0]->height);
        machine_free(&machine);
    }
}

/* DLE EOT 20 tells all at once there, and GS E1 how much of the roll is left. */
static void custom_tells_its_whole_status_and_its_roll(void **state)
{
    struct machine machine;
    struct kw_sim_options options = machine_options(&machine, "custom");
    (void)state;
    machine_start(&machine, &options);
    machine_say(&machine, "\x10\x04\x14");
    assert_string_equal(machine_replies(&machine), "10 0F 00 00 00 00");
    machine_order(&machine, "paper out");
    machine_say(&machine, "\x10\x04\x14\x10\x04\x11");
    assert_string_equal(machine_replies(&machine), "10 0F 05 00 00 00 32");
    machine_order(&machine, "paper load");
    machine_say(&machine, "\x1d\xe1");
    assert_non_null(strstr(machine_replies(&machine), "63 6D"));
    machine_say(&machine, "\x1d" "e\x06");
    assert_string_equal(machine_replies(&machine), "04");
    machine_free(&machine);
}

/* GS E0: of the whole status the bytes that it chose, each time that one of them changed, and no others. */
static void custom_tells_what_changed_unasked(void **state)
{
    struct machine machine;
    struct kw_sim_options options = machine_options(&machine, "custom");
    (void)state;
    machine_start(&machine, &options);
    machine_say(&machine, "\x1d\xe0\x03");
    assert_string_equal(machine_replies(&machine), "");
    machine_order(&machine, "paper out");
    assert_string_equal(machine_replies(&machine), "10 03 05 00");
    machine_order(&machine, "cover open");
    assert_string_equal(machine_replies(&machine), "10 03 05 02");
    machine_order(&machine, "cover close");
    machine_order(&machine, "paper load");
    assert_non_null(strstr(machine_replies(&machine), "10 03 00 00"));
    machine_say(&machine, "\x1d\xe0\x08");
    machine_order(&machine, "paper out");
    assert_string_equal(machine_replies(&machine), "");
    machine_free(&machine);
}

static void a_model_without_the_sensor_never_says_near_end(void **state)
{
    static const struct { const char *profile, *answer; } models[] = { { "ct-s310ii", "12" }, { "ct-s801", "1E" } };
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct machine machine;
        struct kw_sim_options options = machine_options(&machine, models[i].profile);
        machine_start(&machine, &options);
        machine_order(&machine, "paper near-end");
        machine_say(&machine, "\x10\x04\x04");
        assert_string_equal(machine_replies(&machine), models[i].answer);
        machine_free(&machine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_as_its_maker_has_it), cmocka_unit_test(custom_tells_its_whole_status_and_its_roll),
        cmocka_unit_test(custom_tells_what_changed_unasked),
        cmocka_unit_test(a_model_without_the_sensor_never_says_near_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
