/* bench.c - the printer of the usual kind, and calls that every test of USB makes. */
#include "usb/bench.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

const uint8_t plain_descriptors[DESCRIPTORS_SIZE] = {
    18, 1, 0, 2, 0, 0, 0, 64, 0xb8, 0x04, 0x15, 0x0e, 0, 1, 1, 2, 3, 1,
    9, 2, 32, 0, 1, 1, 0, 0xc0, 1, 9, 4, 0, 0, 2, 7, 1, 2, 0, 7, 5, 0x01, 2, 64, 0, 0, 7, 5, 0x82, 2, 64, 0, 0
};
static const uint8_t device_id[] = "\0\x2f" ID_TEXT;

const struct bed_device plain = {
    .descriptors = plain_descriptors, .descriptors_length = sizeof plain_descriptors, .port = "1-1",
    .serial = "J4HF012345", .manufacturer = "EPSON", .product = "TM-T20", .device_id = device_id,
    .device_id_length = sizeof device_id - 1, .driver = "usblp"
};

uint8_t payload[PAYLOAD_SIZE];
struct bed *bed;
struct bed_state *printer;

static bool knows_epson(void *unused, uint16_t vendor, uint16_t product, unsigned *quirks)
{
    (void)unused;
    *quirks = product == 0x0202 ? KW_USB_VENDOR_CLASS : 0;
    return vendor == 0x04b8;
}

const struct kw_link_options known = { .usb_known = knows_epson };

void bench_enter(char **argv)
{
    bed_enter(argv);
    for (size_t i = 0; i < PAYLOAD_SIZE; i++)
        payload[i] = (uint8_t)(0x20 + i * 7 % 90);
}

int bench_set_up_empty(void **state)
{
    (void)state;
    bed = bed_new();
    return 0;
}

int bench_set_up(void **state)
{
    bench_set_up_empty(state);
    printer = bed_plug(bed, &plain);
    return 0;
}

int bench_tear_down(void **state)
{
    (void)state;
    bed_free(bed);
    return 0;
}

int64_t in_ms(int ms)
{
    return kw_clock_boot_ms() + ms;
}

int open_printer(const char *uri, const struct kw_link_options *options, struct kw_link **link)
{
    struct kw_error error = { 0 };
    int status = kw_transport_usb.open(uri, options, in_ms(1000), link, &error);
    if (status != 0)
        print_error("%s: %s\n", error.where, error.text);
    return status;
}

int exchange(struct kw_link *link, const void *out, size_t length, int ms, struct exchange *moved)
{
    return link->ops->transfer(link, out, length, &moved->sent, moved->in, sizeof moved->in, &moved->received,
                               in_ms(ms), &moved->error);
}

int send_all(struct kw_link *link, size_t length, int64_t until_ms, size_t *done, struct kw_error *error)
{
    uint8_t in[64];
    size_t sent, received;
    int status = 0;
    *done = 0;
    while (status == 0 && *done < length && kw_clock_left_ms(until_ms) > 0) {
        status = link->ops->transfer(link, payload + *done, length - *done, &sent, in, sizeof in, &received, until_ms,
                                     error);
        *done += sent;
    }
    return status;
}
