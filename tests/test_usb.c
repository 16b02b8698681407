/* test_usb.c - the USB transport before printers that umockdev plays: as an ordinary user, with faults everywhere. */
#include "api/devices.h"
#include "base/clock.h"
#include "transport/transport.h"
#include "usb/bed.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const uint8_t plain_printer[] = {
    18, 1, 0, 2, 0, 0, 0, 64, 0xb8, 0x04, 0x15, 0x0e, 0, 1, 1, 2, 3, 1,
    9, 2, 32, 0, 1, 1, 0, 0xc0, 1, 9, 4, 0, 0, 2, 7, 1, 2, 0, 7, 5, 0x01, 2, 64, 0, 0, 7, 5, 0x82, 2, 64, 0, 0
};
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
#define ID_TEXT "MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;CLS:PRINTER;"
static const uint8_t device_id[] = "\0\x2f" ID_TEXT;

static const struct bed_device plain = {
    .descriptors = plain_printer, .descriptors_length = sizeof plain_printer, .port = "1-1", .serial = "J4HF012345",
    .manufacturer = "EPSON", .product = "TM-T20", .device_id = device_id, .device_id_length = sizeof device_id - 1,
    .driver = "usblp"
};

enum { DATA_SIZE = 40000, LATENESS_MS = 700 };

static uint8_t data[DATA_SIZE];
static struct bed *bed;
static struct bed_state *printer;

static int64_t in_ms(int ms)
{
    return kw_clock_boot_ms() + ms;
}

static bool knows_epson(void *unused, uint16_t vendor, uint16_t product, unsigned *quirks)
{
    (void)unused;
    *quirks = product == 0x0202 ? KW_USB_VENDOR_CLASS : 0;
    return vendor == 0x04b8;
}

static const struct kw_link_options known = { .usb_known = knows_epson };

static int set_up(void **state)
{
    (void)state;
    bed = bed_new();
    printer = bed_plug(bed, &plain);
    return 0;
}

static int set_up_empty(void **state)
{
    (void)state;
    bed = bed_new();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    bed_free(bed);
    return 0;
}

/* Sends as delivery does: again and again from where it stopped. Returns the last outcome. */
static int send_all(struct kw_link *link, size_t length, int64_t until_ms, size_t *done, size_t *answers,
                    struct kw_error *error)
{
    uint8_t in[64];
    size_t sent, received;
    int status = 0;
    *done = 0;
    while (status == 0 && *done < length && kw_clock_left_ms(until_ms) > 0) {
        status = link->ops->transfer(link, data + *done, length - *done, &sent, in, sizeof in, &received, until_ms,
                                     error);
        *done += sent;
        *answers += received;
    }
    return status;
}

/* Opens and says why not. */
static int open_printer(const char *uri, const struct kw_link_options *options, struct kw_link **link)
{
    struct kw_error error = { 0 };
    int status = kw_transport_usb.open(uri, options, in_ms(1000), link, &error);
    if (status != 0)
        print_error("%s: %s\n", error.where, error.text);
    return status;
}

static void a_printer_is_opened_printed_on_and_given_back(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error = { 0 };
    size_t done, answers = 0, sent, received;
    uint8_t in[64];
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    assert_string_equal(link->facts.identity, "usb-04b8-0e15-J4HF012345");
    assert_string_equal(link->facts.model, "TM-T20");
    assert_string_equal(link->facts.serial, "J4HF012345");
    assert_string_equal(link->facts.device_id, ID_TEXT);
    assert_int_equal(link->facts.usb_vendor, 0x04b8);
    assert_true(link->facts.can_read && !link->facts.test && !link->facts.instant);
    assert_int_equal(link->ops->port_status(link), 0x18);
    assert_true(printer->claimed);
    assert_int_equal(send_all(link, DATA_SIZE, in_ms(3000), &done, &answers, &error), 0);
    assert_int_equal(done, DATA_SIZE);
    assert_int_equal(link->ops->transfer(link, (const uint8_t *)"\x10\x04\x01", 3, &sent, in, 64, &received,
                                         in_ms(1000), &error), 0);
    if (!received)
        assert_int_equal(link->ops->transfer(link, NULL, 0, &sent, in, 64, &received, in_ms(1000), &error), 0);
    assert_int_equal(received, 1);
    assert_int_equal(in[0], 0x12);
    assert_int_equal(link->ops->reset(link, &error), 0);
    assert_int_equal(printer->resets, 1);
    link->ops->close(link);
    assert_int_equal(printer->accepted_length, DATA_SIZE + 3);
    assert_memory_equal(printer->accepted, data, DATA_SIZE);
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
    struct kw_error error;
    uint8_t in[4];
    size_t sent, received, total = 0;
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        uint8_t *exact = malloc(sizes[i]);
        memcpy(exact, data, sizes[i]);
        assert_int_equal(link->ops->transfer(link, exact, sizes[i], &sent, in, 4, &received, in_ms(1000), &error), 0);
        assert_int_equal(sent, sizes[i]);
        assert_memory_equal(printer->accepted + total, data, sizes[i]);
        total += sizes[i];
        free(exact);
    }
    assert_int_equal(printer->accepted_length, total);
    link->ops->close(link);
}

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
    const char *const wrong[] = { "usb:04b8", "usb:04b8:", "usb:04b8:0e15x", "usb:?serial", "usb:?serial=", "usb:?bus=1",
                                  "usb:zz:yy", "usb:?port=%zz", "usb:-4b8:0e15" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(kw_transport_usb.identify(wrong[i], &known, identity, &error), KWIT_E_INVALID);
}

static void the_setting_that_answers_is_chosen(void **state)
{
    (void)state;
    struct bed_device device = plain;
    struct kw_link *link;
    struct kw_error error;
    size_t done, answers = 0;
    device.descriptors = settings_printer;
    device.descriptors_length = sizeof settings_printer;
    printer = bed_plug(bed, &device);
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    assert_int_equal(printer->settings, 1);
    assert_int_equal(send_all(link, 100, in_ms(1000), &done, &answers, &error), 0);
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
    size_t done, answers = 0;
    options.usb_quirks = KW_USB_UNIDIRECTIONAL;
    assert_int_equal(kw_transport_usb.open("usb:", &options, in_ms(1000), &link, &error), 0);
    assert_false(link->facts.can_read);
    assert_int_equal(send_all(link, DATA_SIZE, in_ms(2000), &done, &answers, &error), 0);
    link->ops->close(link);
    assert_int_equal(printer->reads, 0);
    assert_memory_equal(printer->accepted, data, DATA_SIZE);
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
    static uint8_t office[sizeof plain_printer];
    struct bed_device device = plain;
    struct kw_error error;
    char identity[KW_IDENTITY_MAX];
    memcpy(office, plain_printer, sizeof office);
    office[8] = 0xf0;
    office[9] = 0x03;
    device.descriptors = office;
    device.port = "1-2";
    bed_plug(bed, &plain);
    bed_plug(bed, &device);
    assert_int_equal(kw_transport_usb.identify("usb:", &known, identity, &error), 0);
    assert_string_equal(identity, "usb-04b8-0e15-J4HF012345");
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
        skip();
    bed_chmod(bed, "1-1", 0);
    assert_int_equal(kw_transport_usb.open("usb:", &known, in_ms(100), &link, &error), KWIT_E_PERMISSION);
    bed_chmod(bed, "1-1", 0666);
}

static void reading_goes_on_while_the_printer_holds(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error;
    size_t sent, received;
    uint8_t in[16];
    printer->accept_limit = 5000;
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(link->ops->transfer(link, data, DATA_SIZE, &sent, in, 16, &received, in_ms(200), &error), 0);
    assert_in_range(kw_clock_boot_ms() - began, 190, 190 + LATENESS_MS);
    assert_int_equal(sent, 5000);
    assert_int_equal(received, 0);
    bed_say(bed, "1-1", "\x1a\x1b", 2);
    began = kw_clock_boot_ms();
    assert_int_equal(link->ops->transfer(link, data + sent, DATA_SIZE - sent, &sent, in, 16, &received, in_ms(5000),
                                         &error), 0);
    assert_true(kw_clock_boot_ms() - began < LATENESS_MS);
    assert_int_equal(sent, 0);
    assert_int_equal(received, 2);
    assert_memory_equal(in, "\x1a\x1b", 2);
    printer->accept_limit = -1;
    assert_int_equal(link->ops->transfer(link, data + 5000, DATA_SIZE - 5000, &sent, in, 16, &received, in_ms(2000),
                                         &error), 0);
    assert_int_equal(sent, DATA_SIZE - 5000);
    link->ops->close(link);
    assert_int_equal(printer->accepted_length, DATA_SIZE);
    assert_memory_equal(printer->accepted, data, DATA_SIZE);
}

static void a_printer_whose_reads_come_back_empty_is_not_asked_without_pause(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error;
    size_t sent, received;
    uint8_t in[16];
    printer->empty_reads = true;
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    assert_int_equal(link->ops->transfer(link, NULL, 0, &sent, in, 16, &received, in_ms(400), &error), 0);
    assert_int_equal(received, 0);
    assert_in_range(printer->reads, 3, 40);
    assert_int_equal(link->ops->transfer(link, (const uint8_t *)"\x10\x04\x04", 3, &sent, in, 16, &received, in_ms(500),
                                         &error), 0);
    if (!received)
        assert_int_equal(link->ops->transfer(link, NULL, 0, &sent, in, 16, &received, in_ms(500), &error), 0);
    assert_int_equal(received, 1);
    link->ops->close(link);
}

static void an_unplug_ends_a_waiting_call_at_once(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error;
    size_t sent, received;
    uint8_t in[16];
    for (int writing = 0; writing < 2; writing++) {
        printer = bed_plug(bed, &plain);
        printer->accept_limit = 100;
        assert_int_equal(open_printer("usb:", &known, &link), 0);
        assert_int_equal(link->ops->transfer(link, data, 100, &sent, in, 16, &received, in_ms(1000), &error), 0);
        bed_unplug(bed, "1-1");
        int64_t began = kw_clock_boot_ms();
        assert_int_equal(link->ops->transfer(link, data, writing ? 1000 : 0, &sent, in, 16, &received, in_ms(5000),
                                             &error), KWIT_E_DISCONNECTED);
        assert_true(kw_clock_boot_ms() - began < LATENESS_MS);
        assert_int_equal(sent, 0);
        link->ops->close(link);
    }
}

/* ---- printers as they are --------------------------------------------------------------------------------- */

struct real_printer {
    const char *name;
    unsigned vendor, product, class;
    const char *layout, *serial;
    unsigned id_length;
    const char *id, *expected;
};
static const struct real_printer real_printers[] = {
#define PRINTER(...) { __VA_ARGS__ },
#include "usb/printers.def"
#undef PRINTER
};

static size_t put(uint8_t *out, size_t at, const uint8_t *bytes, size_t length)
{
    memcpy(out + at, bytes, length);
    return at + length;
}

/* One word of a layout as descriptor bytes. */
static size_t put_word(uint8_t *out, size_t at, const char *word)
{
    unsigned n, setting, class, subclass, protocol, byte;
    if (word[0] == 'x') {
        for (word++; sscanf(word, "%2x", &byte) == 1; word += 2)
            out[at++] = (uint8_t)byte;
        return at;
    }
    if (sscanf(word, "i%u.%u:%u.%u.%u", &n, &setting, &class, &subclass, &protocol) == 5)
        return put(out, at, (const uint8_t[]){ 9, 4, (uint8_t)n, (uint8_t)setting, 2, (uint8_t)class, (uint8_t)subclass,
                                               (uint8_t)protocol, 0 }, 9);
    assert_int_equal(sscanf(word + 1, "%x", &byte), 1);
    return put(out, at, (const uint8_t[]){ 7, 5, (uint8_t)byte, word[0] == 't' ? 3 : 2, 64, 0, 0 }, 7);
}

static size_t build(const struct real_printer *row, uint8_t out[512])
{
    char words[200], *rest = NULL;
    size_t at = put(out, 0, (const uint8_t[]){ 18, 1, 0, 2, (uint8_t)row->class, 0, 0, 64, (uint8_t)row->vendor,
                    (uint8_t)(row->vendor >> 8), (uint8_t)row->product, (uint8_t)(row->product >> 8), 0, 1, 1, 2, 3, 1
                    }, 18);
    at = put(out, at, (const uint8_t[]){ 9, 2, 0, 0, 1, 1, 0, 0xc0, 1 }, 9);
    snprintf(words, sizeof words, "%s", row->layout);
    for (char *word = strtok_r(words, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        at = put_word(out, at, word);
    out[18 + 2] = (uint8_t)(at - 18);
    return at;
}

/* length 0: the right one; 2: the right one, little-endian; else as it stands. */
static size_t build_id(const struct real_printer *row, uint8_t out[512])
{
    size_t length = row->id ? strlen(row->id) + 2 : 0;
    if (!row->id)
        return 0;
    unsigned told = row->id_length > 2 ? row->id_length : (unsigned)length;
    out[0] = (uint8_t)(row->id_length == 2 ? told : told >> 8);
    out[1] = (uint8_t)(row->id_length == 2 ? told >> 8 : told);
    memcpy(out + 2, row->id, length - 2);
    return length;
}

static const struct kw_link_options rows = { .usb_known = kw_devices_known };

static void print_on(const struct real_printer *row, struct bed_state *state, const char *text)
{
    struct kw_link *link;
    struct kw_error error;
    size_t done, answers = 0;
    unsigned interface, setting, out, in;
    int status = kw_transport_usb.open("usb:?port=1-1", &rows, in_ms(1000), &link, &error);
    if (strcmp(row->expected, "-") == 0) {
        assert_true(status == KWIT_E_NO_PRINTER || status == KWIT_E_UNSUPPORTED);
        return;
    }
    if (status != 0)
        fail_msg("%s: %s", row->name, error.text);
    assert_int_equal(sscanf(row->expected, "%u.%u %x %x", &interface, &setting, &out, &in), 4);
    assert_string_equal(link->facts.device_id, text);
    assert_int_equal(send_all(link, 500, in_ms(1000), &done, &answers, &error), 0);
    link->ops->close(link);
    if (state->out_endpoint != (int)out || state->interface != (int)interface || state->setting != (int)setting)
        fail_msg("%s: printed on %d.%d %02x, not %s", row->name, state->interface, state->setting, state->out_endpoint,
                 row->expected);
    if (state->in_endpoint != (int)in && state->in_endpoint != 0)
        fail_msg("%s: read from %02x, not %s", row->name, state->in_endpoint, row->expected);
    assert_int_equal(state->accepted_length, 500);
}

static void every_real_printer_is_printed_on_where_it_prints(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof real_printers / sizeof real_printers[0]; i++) {
        const struct real_printer *row = &real_printers[i];
        uint8_t descriptors[512], id[512];
        char text[512] = "";
        struct bed_device device = { .descriptors = descriptors, .port = "1-1", .serial = row->serial, .driver =
            "usblp" };
        device.descriptors_length = build(row, descriptors);
        device.device_id_length = build_id(row, id);
        device.device_id = row->id ? id : NULL;
        if (row->id && row->class != 0xff)
            snprintf(text, sizeof text, "%s", row->id);
        struct bed *one = bed_new();
        print_on(row, bed_plug(one, &device), text);
        bed_free(one);
    }
}

static void a_page_printer_among_them_is_not_listed(void **state)
{
    (void)state;
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_usb_device *devices;
    struct kw_error error;
    size_t count;
    static const char pages[] = "\0\x2cMFG:HP;CMD:PJL,PCL,POSTSCRIPT;MDL:LaserJet;";
    static uint8_t office[sizeof plain_printer];
    memcpy(office, plain_printer, sizeof office);
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

/* ---- every fault at every place --------------------------------------------------------------------------- */

/* What holds whatever failed: the printer has a prefix of the data, exactly as long as the calls said. */
static void check_books(const struct kw_link *link, size_t done, size_t length)
{
    (void)link;
    assert_true(done <= length);
    assert_int_equal(printer->accepted_length, done);
    assert_memory_equal(printer->accepted, data, done);
}

static bool is_word_of_the_bus(int status)
{
    return status == KWIT_E_DISCONNECTED || status == KWIT_E_IO || status == KWIT_E_BUSY || status == KWIT_E_TIMEOUT ||
           status == KWIT_E_PERMISSION || status == KWIT_E_GARBAGE || status == KWIT_E_NO_MEMORY ||
           status == KWIT_E_UNSUPPORTED || status == KWIT_E_INTERNAL;
}

/* Opens, sends, asks and closes; returns how many requests and transfers it took. */
static void run_job(long *urbs, long *ioctls, int *outcome, bool *complete)
{
    struct kw_link *link;
    struct kw_error error = { 0 };
    size_t done = 0, answers = 0;
    int64_t began = kw_clock_boot_ms();
    *complete = false;
    *outcome = kw_transport_usb.open("usb:", &known, in_ms(300), &link, &error);
    if (*outcome == 0) {
        *outcome = send_all(link, DATA_SIZE, in_ms(400), &done, &answers, &error);
        *complete = done == DATA_SIZE;
        link->ops->port_status(link);
        link->ops->close(link);
        check_books(link, done, DATA_SIZE);
    }
    assert_true(kw_clock_boot_ms() - began < 2500);
    if (*outcome != 0) {
        assert_true(is_word_of_the_bus(*outcome));
        assert_int_equal(error.code, *outcome);
        assert_true(strlen(error.text) > 10 && error.where[0]);
    }
    *urbs = printer->urbs;
    *ioctls = printer->ioctls;
}

static void restore(void)
{
    bed_reset(printer);
    snprintf(printer->driver, sizeof printer->driver, "usblp");
}

static void every_error_at_every_transfer_keeps_the_books(void **state)
{
    (void)state;
    long urbs, ioctls, most;
    int outcome;
    bool complete;
    run_job(&most, &ioctls, &outcome, &complete);
    assert_true(outcome == 0 && complete && most > 4);
    for (int fault = BED_STALL; fault < BED_URB_FAULTS; fault++) {
        for (long at = 0; at < most; at++) {
            restore();
            printer->fault_urb = at;
            printer->fault = (enum bed_urb_fault)fault;
            run_job(&urbs, &ioctls, &outcome, &complete);
            bool left = fault == BED_UNPLUG || fault == BED_SHUTDOWN;
            if (left && printer->gone && !complete)
                assert_int_equal(outcome, KWIT_E_DISCONNECTED);
            else if (fault == BED_STALL || fault == BED_PARTIAL || fault == BED_PARTIAL_STALL || fault == BED_PROTOCOL)
                assert_true(outcome == 0 && complete);
            if (!left)
                assert_string_equal(printer->driver, "usblp");
        }
    }
}

static void every_error_at_every_request_has_its_word(void **state)
{
    (void)state;
    static const int errors[] = { EIO, ENODEV, EPERM, EACCES, EBUSY, ENOMEM, ETIMEDOUT, EPIPE, EINVAL, ENOTTY, EPROTO };
    long urbs, ioctls, most;
    int outcome;
    bool complete;
    run_job(&urbs, &most, &outcome, &complete);
    for (size_t error = 0; error < sizeof errors / sizeof errors[0]; error++) {
        for (long at = 0; at < most; at++) {
            restore();
            printer->fault_ioctl = at;
            printer->fault_errno = errors[error];
            run_job(&urbs, &ioctls, &outcome, &complete);
            assert_true(outcome != 0 || complete);
        }
    }
}

static void stalls_without_end_give_up_in_time(void **state)
{
    (void)state;
    struct kw_link *link;
    struct kw_error error;
    size_t sent, received;
    uint8_t in[4];
    assert_int_equal(open_printer("usb:", &known, &link), 0);
    printer->always_stalls = true;
    int64_t began = kw_clock_boot_ms();
    assert_int_equal(link->ops->transfer(link, data, 100, &sent, in, 4, &received, in_ms(5000), &error), KWIT_E_IO);
    assert_true(kw_clock_boot_ms() - began < LATENESS_MS);
    assert_int_equal(sent, 0);
    assert_non_null(strstr(error.text, "refuses"));
    printer->always_stalls = false;
    assert_int_equal(link->ops->transfer(link, data, 100, &sent, in, 4, &received, in_ms(1000), &error), 0);
    assert_int_equal(sent, 100);
    link->ops->close(link);
}

/* ---- listing and hotplug ---------------------------------------------------------------------------------- */

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

static void *plug_later(void *unused)
{
    (void)unused;
    kw_clock_sleep_ms(200);
    printer = bed_plug(bed, &plain);
    return NULL;
}

static void a_printer_that_comes_and_goes_is_noticed(void **state)
{
    (void)state;
    const char *identity = "usb-04b8-0e15-J4HF012345";
    pthread_t thread;
    assert_false(kw_usb_wait(identity, in_ms(100)));
    pthread_create(&thread, NULL, plug_later, NULL);
    int64_t began = kw_clock_boot_ms();
    assert_true(kw_usb_wait(identity, in_ms(5000)));
    assert_in_range(kw_clock_boot_ms() - began, 150, 1500);
    pthread_join(thread, NULL);
    assert_false(kw_usb_wait("usb-04b8-0e15-OTHER1", in_ms(100)));
    assert_false(kw_usb_wait(NULL, in_ms(100)));
}

int main(int argc, char **argv)
{
    (void)argc;
    bed_enter(argv);
    for (size_t i = 0; i < DATA_SIZE; i++)
        data[i] = (uint8_t)(0x20 + i * 7 % 90);
#define WITH_PRINTER(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define WITHOUT(name) cmocka_unit_test_setup_teardown(name, set_up_empty, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_PRINTER(a_printer_is_opened_printed_on_and_given_back),
        WITH_PRINTER(sizes_around_one_transfer_arrive_whole),
        WITH_PRINTER(every_form_of_address_finds_it_and_others_do_not),
        WITHOUT(the_setting_that_answers_is_chosen),
        WITHOUT(a_vendor_class_printer_needs_its_row),
        WITH_PRINTER(a_printer_that_may_not_answer_is_only_written_to),
        WITHOUT(two_printers_are_told_apart),
        WITHOUT(printers_without_a_serial_of_their_own_go_by_port),
        WITH_PRINTER(a_serial_that_a_row_calls_shared_does_not_count),
        WITHOUT(a_printer_beside_an_office_printer_is_the_one_meant),
        WITH_PRINTER(a_held_printer_is_waited_for_and_then_busy),
        WITH_PRINTER(a_node_that_this_user_may_not_open_names_the_mend),
        WITH_PRINTER(reading_goes_on_while_the_printer_holds),
        WITH_PRINTER(a_printer_whose_reads_come_back_empty_is_not_asked_without_pause),
        WITHOUT(an_unplug_ends_a_waiting_call_at_once),
        cmocka_unit_test(every_real_printer_is_printed_on_where_it_prints),
        WITHOUT(a_page_printer_among_them_is_not_listed),
        WITH_PRINTER(every_error_at_every_transfer_keeps_the_books),
        WITH_PRINTER(every_error_at_every_request_has_its_word),
        WITH_PRINTER(stalls_without_end_give_up_in_time),
        WITH_PRINTER(the_list_says_what_where_and_whether_it_may_be_used),
        WITHOUT(a_printer_that_comes_and_goes_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
