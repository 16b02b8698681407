/* test_usb_printers.c - printers as they are, row by row: each is printed on where it prints. */
#include "api/usb_rows.h"
#include "usb/bench.h"

#include <stdarg.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

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

static const struct kw_link_options rows = { .usb_known = kw_usb_rows_known };

static void print_on(const struct real_printer *row, struct bed_state *state, const char *text)
{
    struct kw_link *link;
    struct kw_error error;
    size_t done;
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
    assert_int_equal(send_all(link, 500, in_ms(1000), &done, &error), 0);
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

int main(int argc, char **argv)
{
    (void)argc;
    bench_enter(argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_real_printer_is_printed_on_where_it_prints),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
