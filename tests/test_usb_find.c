/* test_usb_find.c - which printer an address means, what is on the bus, and what comes and goes. */
#include "api/usb_rows.h"
#include "usb/bench.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/wait.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void every_form_of_address_finds_it_and_others_do_not(void **state)
{
    (void)state;
    char identity[KW_IDENTITY_MAX];
    struct kw_error error;
    const char *const right[] = { "usb:", "usb:04b8:0e15", "usb:04B8:0E15", "usb:?serial=J4HF012345", "usb:?port=1-1",
                                  "usb:04b8:0e15?serial=J4HF012345&port=1-1" };
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        assert_int_equal(kw_transport_usb.identify(right[i], &known, identity, &error), 0);
        assert_string_equal(identity, "usb-04b8-0e15-J4HF012345");
    }
    assert_int_equal(kw_transport_usb.identify("usb:04b8:0e15?serial=J4HF077777", &known, identity, &error), 0);
    assert_string_equal(identity, "usb-04b8-0e15-J4HF077777");
    const char *const absent[] = { "usb:04b8:0e16", "usb:?serial=J4HF01234", "usb:?port=1-1.1",
        "usb:04b8:0e15?serial=000" };
    for (size_t i = 0; i < sizeof absent / sizeof absent[0]; i++)
        assert_int_equal(kw_transport_usb.identify(absent[i], &known, identity, &error), KWIT_E_NO_PRINTER);
    const char *const wrong[] = { "usb:04b8", "usb:04b8:", "usb:04b8:0e15x", "usb:?serial", "usb:?serial=",
                                  "usb:?bus=1", "usb:zz:yy", "usb:?port=%zz", "usb:-4b8:0e15" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(kw_transport_usb.identify(wrong[i], &known, identity, &error), KWIT_E_INVALID);
}

static void two_printers_are_told_apart(void **state)
{
    (void)state;
    struct bed_device device = plain;
    struct kw_error error;
    char identity[KW_IDENTITY_MAX];
    bed_plug(bed, &plain);
    device.port = "1-2.3";
    device.serial = "J4HF099999";
    bed_plug(bed, &device);
    assert_int_equal(kw_transport_usb.identify("usb:", &known, identity, &error), KWIT_E_SEVERAL_PRINTERS);
    assert_non_null(strstr(error.text, "usb:04b8:0e15?serial=J4HF012345"));
    assert_non_null(strstr(error.text, "usb:04b8:0e15?serial=J4HF099999"));
    assert_int_equal(kw_transport_usb.identify("usb:?serial=J4HF099999", &known, identity, &error), 0);
    assert_string_equal(identity, "usb-04b8-0e15-J4HF099999");
}

static void printers_without_a_serial_of_their_own_go_by_port(void **state)
{
    (void)state;
    struct bed_device first = plain, second = plain, third = plain, fourth = plain;
    struct kw_error error;
    char identity[KW_IDENTITY_MAX];
    first.serial = second.serial = "SAME01";
    second.port = "1-2";
    third.port = "1-3";
    third.serial = NULL;
    fourth.port = "1-4";
    fourth.serial = "00000000";
    bed_plug(bed, &first);
    bed_plug(bed, &second);
    bed_plug(bed, &third);
    bed_plug(bed, &fourth);
    assert_int_equal(kw_transport_usb.identify("usb:?serial=SAME01", &known, identity, &error),
                     KWIT_E_SEVERAL_PRINTERS);
    assert_non_null(strstr(error.text, "usb:?port=1-1, usb:?port=1-2"));
    const char *const ports[] = { "1-1", "1-2", "1-3", "1-4" };
    for (int i = 0; i < 4; i++) {
        char uri[40], expected[60];
        snprintf(uri, sizeof uri, "usb:?port=%s", ports[i]);
        snprintf(expected, sizeof expected, "usb-04b8-0e15-port-%s", ports[i]);
        assert_int_equal(kw_transport_usb.identify(uri, &known, identity, &error), 0);
        assert_string_equal(identity, expected);
    }
}

static void a_serial_that_a_row_calls_shared_does_not_count(void **state)
{
    (void)state;
    struct kw_link_options options = known;
    struct kw_error error;
    char identity[KW_IDENTITY_MAX];
    options.usb_quirks = KW_USB_SHARED_SERIAL;
    assert_int_equal(kw_transport_usb.identify("usb:", &options, identity, &error), 0);
    assert_string_equal(identity, "usb-04b8-0e15-port-1-1");
}

static void a_printer_beside_an_office_printer_is_the_one_meant(void **state)
{
    (void)state;
    static uint8_t office[sizeof plain_descriptors];
    struct bed_device device = plain;
    struct kw_error error;
    char identity[KW_IDENTITY_MAX];
    memcpy(office, plain_descriptors, sizeof office);
    office[8] = 0xf0;
    office[9] = 0x03;
    device.descriptors = office;
    device.port = "1-2";
    bed_plug(bed, &plain);
    bed_plug(bed, &device);
    assert_int_equal(kw_transport_usb.identify("usb:", &known, identity, &error), 0);
    assert_string_equal(identity, "usb-04b8-0e15-J4HF012345");
}

static void a_page_printer_among_them_is_not_listed(void **state)
{
    (void)state;
    static const struct kw_link_options rows = { .usb_known = kw_usb_rows_known };
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_usb_device *devices;
    struct kw_error error;
    size_t count;
    static const char pages[] = "\0\x2cMFG:HP;CMD:PJL,PCL,POSTSCRIPT;MDL:LaserJet;";
    static uint8_t office[sizeof plain_descriptors];
    memcpy(office, plain_descriptors, sizeof office);
    office[8] = 0xf0;
    office[9] = 0x03;
    struct bed_device device = plain;
    device.descriptors = office;
    device.device_id = (const uint8_t *)pages;
    device.device_id_length = sizeof pages - 1;
    bed_plug(bed, &device);
    device = plain;
    device.port = "1-2";
    bed_plug(bed, &device);
    assert_int_equal(kw_usb_list(arena, &rows, &devices, &count, &error), 0);
    assert_int_equal(count, 1);
    assert_string_equal(devices[0].port, "1-2");
    kw_arena_free(arena);
}

static void the_list_says_what_where_and_whether_it_may_be_used(void **state)
{
    (void)state;
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_usb_device *devices;
    struct kw_error error;
    size_t count;
    bed_chmod(bed, "1-1", 0444);
    assert_int_equal(kw_usb_list(arena, &known, &devices, &count, &error), 0);
    assert_int_equal(count, 1);
    assert_string_equal(devices[0].uri, "usb:04b8:0e15?serial=J4HF012345");
    assert_string_equal(devices[0].port, "1-1");
    assert_string_equal(devices[0].driver, "usblp");
    assert_int_equal(devices[0].speed_mbit, 12);
    assert_true(devices[0].autosuspend && devices[0].bidirectional && devices[0].known);
    assert_int_equal(devices[0].accessible, geteuid() == 0);
    bed_chmod(bed, "1-1", 0666);
    assert_int_equal(kw_usb_list(arena, &known, &devices, &count, &error), 0);
    assert_true(devices[0].accessible);
    assert_string_equal(devices[0].device_id, ID_TEXT);
    kw_arena_free(arena);
}

/* By a process of its own: the bed ends the one that tells of a device while nobody listens any more. */
static pid_t plug_later(void)
{
    pid_t child = fork();
    if (child == 0) {
        kw_clock_sleep_ms(200);
        bed_plug(bed, &plain);
        _exit(0);
    }
    return child;
}

static void a_printer_that_comes_and_goes_is_noticed(void **state)
{
    (void)state;
    const char *identity = "usb-04b8-0e15-J4HF012345";
    assert_false(kw_usb_wait(identity, in_ms(100)));
    pid_t child = plug_later();
    assert_true(child > 0);
    int64_t began = kw_clock_boot_ms();
    assert_true(kw_usb_wait(identity, in_ms(5000)));
    assert_in_range(kw_clock_boot_ms() - began, 150, 4900);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_false(kw_usb_wait("usb-04b8-0e15-OTHER1", in_ms(100)));
    assert_false(kw_usb_wait(NULL, in_ms(100)));
}

int main(int argc, char **argv)
{
    (void)argc;
    bench_enter(argv);
    const struct CMUnitTest tests[] = {
        WITH_PRINTER(every_form_of_address_finds_it_and_others_do_not),
        WITHOUT(two_printers_are_told_apart),
        WITHOUT(printers_without_a_serial_of_their_own_go_by_port),
        WITH_PRINTER(a_serial_that_a_row_calls_shared_does_not_count),
        WITHOUT(a_printer_beside_an_office_printer_is_the_one_meant),
        WITHOUT(a_page_printer_among_them_is_not_listed),
        WITH_PRINTER(the_list_says_what_where_and_whether_it_may_be_used),
        WITHOUT(a_printer_that_comes_and_goes_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
