/* test_simulator_symbols.c - symbols on the simulated printer's paper, read back by zbar. */
#include "scan.h"
#include "support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>

enum { MARGIN = 40, MOST = 8 };

/* Prints and reads the one symbol that must be there. */
static void expect(const char *bytes, size_t length, const char *type, const char *data)
{
    struct machine machine;
    struct scanned found[MOST];
    machine_print(&machine, bytes, length);
    assert_int_equal(machine.paper_count, 1);
    size_t count = scan_bitmap(machine.papers[0], MARGIN, found, MOST);
    if (count != 1)
        fail_msg("%s %s: %zu symbols found; %s", type, data, count, kw_buffer_string(&machine.events));
    assert_string_equal(found[0].type, type);
    assert_string_equal(found[0].data, data);
    char said[300];
    snprintf(said, sizeof said, "\"data\":\"%s\"", data);
    assert_int_equal(machine_events(&machine, said), 1);
    machine_free(&machine);
}
#define EXPECT(bytes, type, data) expect(bytes, sizeof(bytes) - 1, type, data)

static void bars_of_every_kind_are_read_back(void **state)
{
    (void)state;
    EXPECT("\x1dk\x02" "590123412345\x00", "EAN-13", "5901234123457");
    EXPECT("\x1dkC\x0d" "5901234123457", "EAN-13", "5901234123457");
    EXPECT("\x1dkD\x07" "9638507", "EAN-8", "96385074");
    EXPECT("\x1dk\x03" "96385074\x00", "EAN-8", "96385074");
    EXPECT("\x1dkE\x08" "ABC-1 $%", "CODE-39", "ABC-1 $%");
    EXPECT("\x1dk\x04*XYZ*\x00", "CODE-39", "XYZ");
    EXPECT("\x1dkF\x08" "12345678", "I2/5", "12345678");
    EXPECT("\x1dkF\x09" "123456789", "I2/5", "12345678");           /* an odd one loses its last digit */
    EXPECT("\x1dkG\x06" "C4015D", "Codabar", "C4015D");
    EXPECT("\x1dkG\x04" "4015", "Codabar", "A4015A");
    EXPECT("\x1dkH\x06" "Code93", "CODE-93", "Code93");
    EXPECT("\x1dkI\x08{BKwit-1", "CODE-128", "Kwit-1");
    EXPECT("\x1dkI\x06{C\x0c\x22\x38\x07", "CODE-128", "12345607");
    EXPECT("\x1dkI\x0c{AAB{BcD{C\x0c\x22", "CODE-128", "ABcD1234");
    EXPECT("\x1dkI\x07{AA{SbC", "CODE-128", "AbC");
    EXPECT("\x1dkI\x06{BA{{C", "CODE-128", "A{C");
    EXPECT("\x1dkO\x08" "Auto1234", "CODE-128", "Auto1234");
}

/* Each form that its zeros may have, from the twelve digits of UPC-A. */
static void upc_e_leaves_out_the_zeros_of_upc_a(void **state)
{
    (void)state;
    EXPECT("\x1dkB\x0c" "042100005264", "UPC-E", "04252614");
    EXPECT("\x1dkB\x0c" "012300000451", "UPC-E", "01234531");
    EXPECT("\x1dkB\x0c" "012340000053", "UPC-E", "01234543");
    EXPECT("\x1dkB\x0c" "012345000065", "UPC-E", "01234565");
    EXPECT("\x1dkB\x08" "01234565", "UPC-E", "01234565");
    struct machine machine;
    machine_print(&machine, "\x1dkB\x0c" "012345678905", 16);
    assert_int_equal(machine_events(&machine, "\"event\":\"barcode\""), 0);
    assert_int_equal(machine_events(&machine, "has no short form"), 1);
    machine_free(&machine);
}

static void gs1_128_begins_with_its_own_sign(void **state)
{
    (void)state;
    EXPECT("\x1dkJ\x12" "(01)04012345678901", "CODE-128", "0104012345678901");
}

static void the_sizes_that_hosts_ask_for_are_kept(void **state)
{
    (void)state;
    EXPECT("\x1dw\x02\x1dh\x28\x1dkC\x0c" "590123412345", "EAN-13", "5901234123457");
    EXPECT("\x1dw\x04\x1dH\x02\x1dkI\x08{BKwit-2", "CODE-128", "Kwit-2");
    EXPECT("\x1b" "a\x01\x1dw\x02\x1dH\x03\x1d" "f\x01\x1dkE\x05" "CENTR", "CODE-39", "CENTR");
    struct machine machine;
    machine_print(&machine, "\x1dw\x02\x1dh\x50\x1dkC\x0c" "590123412345", 22);
    assert_int_equal(machine.papers[0]->height, 80);
    assert_int_equal(machine_events(&machine, "\"width\":190"), 1);         /* 95 modules */
    machine_free(&machine);
}

static void qr_codes_are_read_back_in_every_size_and_level(void **state)
{
    (void)state;
    for (int level = 48; level <= 51; level++)
        for (int module = 2; module <= 8; module += 2) {
            char bytes[200], data[100];
            int count = snprintf(data, sizeof data, "https://example.com/r/%d-%d?q=zażółć", level, module);
            int length = snprintf(bytes, sizeof bytes, "\x1d(k%c%c1C%c\x1d(k%c%c1E%c\x1d(k%c%c1P0%s\x1d(k%c%c1Q0", 3,
                                  0, module, 3, 0, level,
                                  count + 3, 0, data, 3, 0);
            expect(bytes, (size_t)length, "QR-Code", data);
        }
}

static void in_page_mode_a_symbol_stands_where_the_page_says(void **state)
{
    (void)state;
    EXPECT("\x1bL\x1bW\x00\x00\x00\x00\x90\x01\x2c\x01\x1d$\xc8\x00\x1d(k\x03\x00\x31\x43\x04"
           "\x1d(k\x07\x00\x31\x50\x30page\x1d(k\x03\x00\x31\x51\x30\x0c", "QR-Code", "page");
}

static void a_symbol_stays_stored_until_it_is_replaced(void **state)
{
    struct machine machine;
    (void)state;
    machine_print(&machine,
                  "\x1d(k\x05\x00\x31\x50\x30" "AB\x1d(k\x03\x00\x31\x51\x30\x1d(k\x03\x00\x31\x51\x30\x1b@\x1d(k\x03\x00\x31\x51\x30", 36);
    assert_int_equal(machine_events(&machine, "\"event\":\"qr\""), 2);
    assert_int_equal(machine_events(&machine, "no data stored"), 1);
    machine_free(&machine);
}

/* zbar reads none of these: their event, size and the reply to fn 82 stand for them. */
static void other_symbols_are_drawn(void **state)
{
    static const struct { const char *bytes; size_t length; const char *event; } rows[] = {
        { "\x1d(k\x07\x00\x30\x50\x30" "kwit\x1d(k\x03\x00\x30\x51\x30", 20, "\"event\":\"pdf417\"" },
        { "\x1d(k\x03\x00\x32\x41\x34\x1d(k\x07\x00\x32\x50\x30" "kwit\x1d(k\x03\x00\x32\x51\x30", 28,
          "\"event\":\"maxicode\"" },
        { "\x1d(k\x07\x00\x35\x50\x30" "kwit\x1d(k\x03\x00\x35\x51\x30", 20, "\"event\":\"aztec\"" },
        { "\x1d(k\x07\x00\x36\x50\x30" "kwit\x1d(k\x03\x00\x36\x51\x30", 20, "\"event\":\"datamatrix\"" },
        { "\x1d(k\x11\x00\x33\x50\x30\x48" "1234567890123\x1d(k\x03\x00\x33\x51\x30", 30, "\"event\":\"databar\"" },
        { "\x1dkK\x0d" "1234567890123", 17, "GS1 DataBar Omnidirectional" },
        { "\x1dkL\x0d" "1234567890123", 17, "GS1 DataBar Truncated" },
        { "\x1dkM\x0d" "1234567890123", 17, "GS1 DataBar Limited" },
        { "\x1dkN\x0c(10)ABCDEF12", 16, "GS1 DataBar Expanded" },
        { "\x1dkG\x06" "A1234B", 10, "\"symbology\":\"CODABAR\"" },
        { "\x1dkA\x0b" "03600029145", 15, "\"data\":\"036000291452\"" },
        { "\x1dkB\x0b" "04210000526", 15, "\"symbology\":\"UPC-E\"" },
        { "\x1d(k\x04\x00\x35\x42\x01\x02\x1d(k\x07\x00\x35\x50\x30" "kwit\x1d(k\x03\x00\x35\x51\x30", 29,
          "\"event\":\"aztec\"" },
        { "\x1d(k\x05\x00\x36\x42\x01\x00\x00\x1d(k\x07\x00\x36\x50\x30" "kwit\x1d(k\x03\x00\x36\x51\x30", 30,
          "\"event\":\"datamatrix\"" },
        { "\x1d(k\x03\x00\x32\x41\x32\x1d(k\x16\x00\x32\x50\x30" "999999999840012kwit\x1d(k\x03\x00\x32\x51\x30",
          8 + 8 + 19 + 8, "\"event\":\"maxicode\"" },
        { "\x1d(k\x12\x00\x34\x50\x30\x30\x41" "3312345678903\x1d(k\x0d\x00\x34\x50\x30\x31\x41" "(99)1234"
          "\x1d(k\x03\x00\x34\x51\x30", 10 + 13 + 10 + 8 + 8, "\"event\":\"composite\"" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct machine machine;
        machine_print(&machine, rows[i].bytes, rows[i].length);
        if (machine_events(&machine, rows[i].event) != 1)
            fail_msg("%s: %s", rows[i].event, kw_buffer_string(&machine.events));
        assert_int_equal(machine_events(&machine, "\"event\":\"warning\""), 0);
        assert_true(machine.paper_count == 1 && machine.papers[0]->height > 10);
        machine_free(&machine);
    }
}

static void what_cannot_be_encoded_is_not_printed(void **state)
{
    struct machine machine;
    (void)state;
    machine_print(&machine, "\x1dkI\x04" "nope\x1dkC\x04" "123x after\n", 24);
    assert_int_equal(machine_events(&machine, "\"event\":\"barcode\""), 0);
    assert_string_equal(machine.texts[0], " after\n");      /* what follows the bad byte is text */
    machine_free(&machine);
    machine_print(&machine, "text\x1dkC\x0c" "590123412345\n", 21);
    assert_int_equal(machine_events(&machine, "\"event\":\"barcode\""), 0);
    machine_free(&machine);
    machine_print(&machine, "\x1dw\x06\x1dkI\x28{Bthis is far too wide for eighty mm paper", 49);
    assert_int_equal(machine_events(&machine, "\"event\":\"barcode\""), 0);
    assert_int_equal(machine_events(&machine, "wider"), 1);
    machine_free(&machine);
}

static void qr_model_1_is_drawn_as_the_next_one_and_told(void **state)
{
    static const char store_and_print[] = "\x1d(k\x07\x00\x31\x50\x30kwit\x1d(k\x03\x00\x31\x51\x30";
    struct machine machine;
    char bytes[64] = "\x1d(k\x04\x00\x31\x41\x31";          /* and a NUL: model 1 */
    (void)state;
    memcpy(bytes + 9, store_and_print, sizeof store_and_print - 1);
    expect(bytes, 9 + sizeof store_and_print - 1, "QR-Code", "kwit");
    for (int model = 1; model <= 2; model++) {
        bytes[7] = (char)('0' + model);
        machine_print(&machine, bytes, 9 + sizeof store_and_print - 1);
        assert_int_equal(machine_events(&machine, "QR model 1 is drawn as model 2"), model == 1);
        machine_free(&machine);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bars_of_every_kind_are_read_back),
        cmocka_unit_test(upc_e_leaves_out_the_zeros_of_upc_a),
        cmocka_unit_test(gs1_128_begins_with_its_own_sign),
        cmocka_unit_test(the_sizes_that_hosts_ask_for_are_kept),
        cmocka_unit_test(qr_codes_are_read_back_in_every_size_and_level),
        cmocka_unit_test(in_page_mode_a_symbol_stands_where_the_page_says),
        cmocka_unit_test(a_symbol_stays_stored_until_it_is_replaced),
        cmocka_unit_test(other_symbols_are_drawn),
        cmocka_unit_test(what_cannot_be_encoded_is_not_printed),
        cmocka_unit_test(qr_model_1_is_drawn_as_the_next_one_and_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
