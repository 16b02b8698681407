/* test_usb.c - the USB transport before printers that umockdev plays: opening, moving bytes, waiting, giving back. */
#include "support/skip.h"
#include "usb/bench.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Setting 1 is the bidirectional one. */
static const uint8_t settings_printer[] = {
    18, 1, 0, 2, 0, 0, 0, 64, 0xb8, 0x04, 0x16, 0x0e, 0, 1, 1, 2, 3, 1,
    9, 2, 48, 0, 1, 1, 0, 0xc0, 1, 9, 4, 0, 0, 1, 7, 1, 1, 0, 7, 5, 0x03, 2, 64, 0, 0,
    9, 4, 0, 1, 2, 7, 1, 2, 0, 7, 5, 0x03, 2, 64, 0, 0, 7, 5, 0x84, 2, 64, 0, 0
};
static const uint8_t vendor_printer[] = {
    18, 1, 0, 2, 0xff, 0, 0, 64, 0xb8, 0x04, 0x02, 0x02, 0, 1, 1, 2, 3, 1,
    9, 2, 32, 0, 1, 1, 0, 0xc0, 1, 9, 4, 0, 0, 2, 0xff, 0, 0, 0, 7, 5, 0x01, 2, 64, 0, 0, 7, 5, 0x82, 2, 64, 0, 0
};
static void a_printer_is_opened_printed_on_and_given_back(void **state)
{
    (void)state;
    struct kw_link *link;
    struct exchange moved;
    struct kw_error error = { 0 };
    size_t done;
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    assert_string_equal(link->facts.identity, "usb-04b8-0e15-J4HF012345");
    assert_string_equal(link->facts.model, "TM-T20");
    assert_string_equal(link->facts.serial, "J4HF012345");
    assert_string_equal(link->facts.device_id, ID_TEXT);
    assert_int_equal(link->facts.usb_vendor, 0x04b8);
    assert_true(link->facts.can_read && !link->facts.test && !link->facts.instant);
    assert_int_equal(link->ops->port_status(link), 0x18);
    assert_true(printer->claimed);
    assert_int_equal(send_all(link, PAYLOAD_SIZE, in_ms(3000), &done, &error), 0);
    assert_int_equal(done, PAYLOAD_SIZE);
    assert_int_equal(exchange(link, "\x10\x04\x01", 3, 1000, &moved), 0);
    if (!moved.received)
        assert_int_equal(exchange(link, NULL, 0, 1000, &moved), 0);
    assert_int_equal(moved.received, 1);
    assert_int_equal(moved.in[0], 0x12);
    assert_int_equal(link->ops->reset(link, &error), 0);
    assert_int_equal(printer->resets, 1);
    link->ops->close(link);
    assert_int_equal(printer->accepted_length, PAYLOAD_SIZE + 3);
    assert_memory_equal(printer->accepted, payload, PAYLOAD_SIZE);
    assert_false(printer->claimed);
    assert_int_equal(printer->reattached, 1);
    assert_string_equal(printer->driver, "usblp");
    assert_int_equal(printer->settings, 0);
}

static void sizes_around_one_transfer_arrive_whole(void **state)
{
    (void)state;
    static const size_t sizes[] = { 1, 63, 64, 65, 16383, 16384, 16385, 32768 };
    struct kw_link *link;
    struct exchange moved;
    size_t total = 0;
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *exact = malloc(sizes[i]);
        memcpy(exact, payload, sizes[i]);
        assert_int_equal(exchange(link, exact, sizes[i], 1000, &moved), 0);
        assert_int_equal(moved.sent, sizes[i]);
        assert_memory_equal(printer->accepted + total, payload, sizes[i]);
        total += sizes[i];
        free(exact);
    }
    assert_int_equal(printer->accepted_length, total);
    link->ops->close(link);
}

static void the_setting_that_answers_is_chosen(void **state)
{
    (void)state;
    struct bed_device device = plain;
    struct kw_link *link;
    struct kw_error error;
    size_t done;
    device.descriptors = settings_printer;
    device.descriptors_length = sizeof settings_printer;
    printer = bed_plug(bed, &device);
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    assert_int_equal(printer->settings, 1);
    assert_int_equal(send_all(link, 100, in_ms(1000), &done, &error), 0);
    link->ops->close(link);
    struct kw_link_options quirky = known;
    quirky.usb_quirks = KW_USB_NO_SET_INTERFACE | KW_USB_NO_REATTACH;
    int reattached = printer->reattached;
    assert_int_equal(kw_transport_usb.open("usb:", &quirky, in_ms(1000), &link, &error), 0);
    link->ops->close(link);
    assert_int_equal(printer->settings, 1);
    assert_int_equal(printer->reattached, reattached);
}

static void a_vendor_class_printer_needs_its_row(void **state)
{
    (void)state;
    struct bed_device device = plain;
    struct kw_link *link;
    struct kw_error error;
    device.descriptors = vendor_printer;
    device.descriptors_length = sizeof vendor_printer;
    device.driver = "";
    bed_plug(bed, &device);
    assert_int_equal(kw_transport_usb.open("usb:", NULL, in_ms(100), &link, &error), KWIT_E_NO_PRINTER);
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    assert_string_equal(link->facts.device_id, "");
    assert_int_equal(link->ops->port_status(link), -1);
    assert_int_equal(link->ops->reset(link, &error), KWIT_E_UNSUPPORTED);
    link->ops->close(link);
}

static void a_printer_that_may_not_answer_is_only_written_to(void **state)
{
    (void)state;
    struct kw_link_options options = known;
    struct kw_link *link;
    struct kw_error error;
    size_t done;
    options.usb_quirks = KW_USB_UNIDIRECTIONAL;
    assert_int_equal(kw_transport_usb.open("usb:", &options, in_ms(1000), &link, &error), 0);
    assert_false(link->facts.can_read);
    assert_int_equal(send_all(link, PAYLOAD_SIZE, in_ms(2000), &done, &error), 0);
    link->ops->close(link);
    assert_int_equal(printer->reads, 0);
    assert_memory_equal(printer->accepted, payload, PAYLOAD_SIZE);
}

static void a_held_printer_is_waited_for_and_then_busy(void **state)
{
    (void)state;
    struct kw_link *link, *second;
    struct kw_error error;
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(kw_transport_usb.open("usb:", &known, in_ms(200), &second, &error), KWIT_E_BUSY);
    assert_in_range(kw_clock_boot_ms() - began, 190, 190 + LATENESS_MS);
    link->ops->close(link);
    snprintf(printer->driver, sizeof printer->driver, "usbfs");
    assert_int_equal(kw_transport_usb.open("usb:", &known, in_ms(200), &second, &error), KWIT_E_BUSY);
    printer->driver[0] = 0;
    assert_int_equal(kw_transport_usb.open("usb:", &known, in_ms(200), &second, &error), 0);
    second->ops->close(second);
}

static void a_node_that_this_user_may_not_open_names_the_mend(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error;
    if (geteuid() == 0)
        SKIP("root may open every node");
    bed_chmod(bed, "1-1", 0);
    assert_int_equal(kw_transport_usb.open("usb:", &known, in_ms(100), &link, &error), KWIT_E_PERMISSION);
    bed_chmod(bed, "1-1", 0666);
}

static void reading_goes_on_while_the_printer_holds(void **state)
{
    (void)state;
    struct kw_link *link;
    struct exchange moved;
    printer->accept_limit = 5000;
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(exchange(link, payload, PAYLOAD_SIZE, 200, &moved), 0);
    assert_in_range(kw_clock_boot_ms() - began, 190, 190 + LATENESS_MS);
    assert_int_equal(moved.sent, 5000);
    assert_int_equal(moved.received, 0);
    bed_say(bed, "1-1", "\x1a\x1b", 2);
    began = kw_clock_boot_ms();
    assert_int_equal(exchange(link, payload + moved.sent, PAYLOAD_SIZE - moved.sent, 5000, &moved), 0);
    assert_true(kw_clock_boot_ms() - began < LATENESS_MS);
    assert_int_equal(moved.sent, 0);
    assert_int_equal(moved.received, 2);
    assert_memory_equal(moved.in, "\x1a\x1b", 2);
    printer->accept_limit = -1;
    assert_int_equal(exchange(link, payload + 5000, PAYLOAD_SIZE - 5000, 2000, &moved), 0);
    assert_int_equal(moved.sent, PAYLOAD_SIZE - 5000);
    link->ops->close(link);
    assert_int_equal(printer->accepted_length, PAYLOAD_SIZE);
    assert_memory_equal(printer->accepted, payload, PAYLOAD_SIZE);
}

static const struct { const char *controller; bool counts; } controllers[] = {
    { NULL, true }, { "platform/vhci_hcd.0", false }, { "platform/soc/fe980000.usb", true }
};

static void plug_behind(const char *controller)
{
    struct bed_device device = plain;
    device.controller = controller;
    bed = bed_new();
    printer = bed_plug(bed, &device);
}

/* A printer that says its status again and again, on a bus that tells no counts: every byte still goes once. */
static void what_comes_in_takes_nothing_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof controllers / sizeof controllers[0]; i++) {
        struct kw_link *link;
        struct exchange moved;
        size_t done = 0;
        plug_behind(controllers[i].controller);
        assert_int_equal(open_printer("usb:", &known, &link), 0);
        printer->loses_count = true;
        printer->accept_limit = 0;
        for (int said = 0; done < PAYLOAD_SIZE; said++) {
            printer->accept_limit = said < 40 ? said * 501 : -1;
            if (said < 40)
                bed_say(bed, "1-1", "\x14\x00\x00\x0f", 4);
            assert_int_equal(exchange(link, payload + done, PAYLOAD_SIZE - done, 5000, &moved), 0);
            done += moved.sent;
            assert_true(said < 40 ? moved.received == 4 : moved.received == 0);
        }
        assert_int_equal(printer->taken_back, 0);
        link->ops->close(link);
        assert_int_equal(printer->accepted_length, PAYLOAD_SIZE);
        assert_memory_equal(printer->accepted, payload, PAYLOAD_SIZE);
        bed_free(bed);
    }
}

static void a_count_that_may_be_lost_is_called_so(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof controllers / sizeof controllers[0]; i++) {
        struct kw_link *link;
        struct exchange moved;
        plug_behind(controllers[i].controller);
        printer->loses_count = !controllers[i].counts;
        printer->accept_limit = 5000;
        assert_int_equal(open_printer("usb:", &known, &link), 0);
        assert_int_equal(exchange(link, payload, 5000, 1000, &moved), 0);
        assert_int_equal(moved.sent, 5000);
        assert_false(link->facts.uncounted);
        printer->accept_limit = 7000;
        assert_int_equal(exchange(link, payload, 5000, 200, &moved), 0);
        assert_int_equal(printer->taken_back, 1);
        assert_int_equal(moved.sent, controllers[i].counts ? 2000 : 0);
        assert_int_equal(link->facts.uncounted, !controllers[i].counts);
        link->ops->close(link);
        bed_free(bed);
    }
}

static void a_printer_whose_reads_come_back_empty_is_not_asked_without_pause(void **state)
{
    (void)state;
    struct kw_link *link;
    struct exchange moved;
    printer->empty_reads = true;
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    assert_int_equal(exchange(link, NULL, 0, 400, &moved), 0);
    assert_int_equal(moved.received, 0);
    assert_in_range(printer->reads, 3, 40);
    assert_int_equal(exchange(link, "\x10\x04\x04", 3, 500, &moved), 0);
    if (!moved.received)
        assert_int_equal(exchange(link, NULL, 0, 500, &moved), 0);
    assert_int_equal(moved.received, 1);
    link->ops->close(link);
}

static void an_unplug_ends_a_waiting_call_at_once(void **state)
{
    (void)state;
    struct kw_link *link;
    struct exchange moved;
    for (int writing = 0; writing < 2; writing++) {
        printer = bed_plug(bed, &plain);
        printer->accept_limit = 100;
        assert_int_equal(open_printer("usb:", &known, &link), 0);
        assert_int_equal(exchange(link, payload, 100, 1000, &moved), 0);
        bed_unplug(bed, "1-1");
        int64_t began = kw_clock_boot_ms();
        assert_int_equal(exchange(link, payload, writing ? 1000 : 0, 5000, &moved), KWIT_E_DISCONNECTED);
        assert_true(kw_clock_boot_ms() - began < LATENESS_MS);
        assert_int_equal(moved.sent, 0);
        link->ops->close(link);
    }
}

int main(int argc, char **argv)
{
    (void)argc;
    bench_enter(argv);
    const struct CMUnitTest tests[] = {
        WITH_PRINTER(a_printer_is_opened_printed_on_and_given_back),
        WITH_PRINTER(sizes_around_one_transfer_arrive_whole),
        WITHOUT(the_setting_that_answers_is_chosen),
        WITHOUT(a_vendor_class_printer_needs_its_row),
        WITH_PRINTER(a_printer_that_may_not_answer_is_only_written_to),
        WITH_PRINTER(a_held_printer_is_waited_for_and_then_busy),
        WITH_PRINTER(a_node_that_this_user_may_not_open_names_the_mend),
        WITH_PRINTER(reading_goes_on_while_the_printer_holds),
        cmocka_unit_test(what_comes_in_takes_nothing_back),
        cmocka_unit_test(a_count_that_may_be_lost_is_called_so),
        WITH_PRINTER(a_printer_whose_reads_come_back_empty_is_not_asked_without_pause),
        WITHOUT(an_unplug_ends_a_waiting_call_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
