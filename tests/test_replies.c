/* test_replies.c - the printer's bytes to state: status answers, causes, and telling reply bytes apart. */
#include "escpos/escpos.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct kw_printer_state answers(int one, int two, int three, int four)
{
    struct kw_printer_state state = { 0 };
    const int bytes[] = { one, two, three, four };
    for (int n = 1; n <= 4; n++)
        assert_true(kw_escpos_take_status(&state, n, (uint8_t)bytes[n - 1]));
    assert_true(state.known);
    return state;
}

static void each_condition_is_named_as_printers_answer_it(void **state)
{
    /* As Epson's page on DLE EOT has the bits. */
    static const struct { int bytes[4], cause; } rows[] = {
        { { 0x16, 0x12, 0x12, 0x12 }, 0 },
        { { 0x12, 0x12, 0x12, 0x1E }, 0 },                                  /* near the end is no reason to stop */
        { { 0x1E, 0x32, 0x12, 0x72 }, KWIT_E_PAPER_OUT },
        { { 0x1E, 0x12, 0x12, 0x72 }, KWIT_E_PAPER_OUT },                   /* only the sensor at the roll's end */
        { { 0x1E, 0x32, 0x12, 0x12 }, KWIT_E_PAPER_OUT },                   /* only what it stopped for */
        { { 0x1E, 0x36, 0x12, 0x72 }, KWIT_E_COVER_OPEN },
        { { 0x1E, 0x16, 0x12, 0x12 }, KWIT_E_COVER_OPEN },
        { { 0x1E, 0x52, 0x1A, 0x12 }, KWIT_E_CUTTER_JAM },
        { { 0x1E, 0x52, 0x52, 0x12 }, KWIT_E_HEAD_HOT },
        { { 0x1E, 0x52, 0x32, 0x12 }, KWIT_E_PRINTER_DEAD },
        { { 0x1E, 0x52, 0x16, 0x12 }, KWIT_E_PRINTER_ERROR },
        { { 0x1E, 0x1A, 0x12, 0x12 }, KWIT_E_FEEDING },
        { { 0x1E, 0x12, 0x12, 0x12 }, KWIT_E_OFFLINE },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_printer_state said = answers(rows[i].bytes[0], rows[i].bytes[1], rows[i].bytes[2], rows[i].bytes[3]);
        assert_int_equal(kw_escpos_cause(&said), rows[i].cause);
        assert_int_equal(said.paper_near_end, (rows[i].bytes[3] & 0x0C) != 0);
        assert_int_equal(said.drawer_pin_high, (rows[i].bytes[0] & 0x04) != 0);
    }
}

static void a_condition_that_ended_is_forgotten(void **state)
{
    struct kw_printer_state said = answers(0x1E, 0x32, 0x12, 0x72);
    (void)state;
    for (int n = 1; n <= 4; n++)
        kw_escpos_take_status(&said, n, 0x12);
    assert_int_equal(kw_escpos_cause(&said), 0);
    assert_false(said.paper_out);
}

static void a_byte_that_is_no_status_changes_nothing(void **state)
{
    struct kw_printer_state said = { 0 }, before = said;
    (void)state;
    for (int byte = 0; byte < 256; byte++)
        if ((byte & 0x93) != 0x12)
            assert_false(kw_escpos_take_status(&said, 1, (uint8_t)byte));
    assert_false(kw_escpos_take_status(&said, 0, 0x12));
    assert_false(kw_escpos_take_status(&said, 5, 0x12));
    assert_memory_equal(&said, &before, sizeof said);
}

/* Feeds all bytes and writes one letter for each reply. */
static const char *kinds(const void *bytes, size_t length, struct kw_reply *last)
{
    static const char letters[] = "?SBAETCNFG";
    static char told[64];
    struct kw_reply_reader reader = { .length = 0 };
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        if (kw_reply_feed(&reader, ((const uint8_t *)bytes)[i], last) && count < sizeof told - 1)
            told[count++] = letters[last->kind];
    told[count] = '\0';
    return told;
}
#define KINDS(literal, last) kinds(literal, sizeof literal - 1, last)

static void replies_are_told_apart_however_they_come(void **state)
{
    struct kw_reply reply;
    (void)state;
    assert_string_equal(KINDS("\x16\x12\x12\x12", &reply), "SSSS");
    assert_string_equal(KINDS("\x14\x00\x00\x0F\x12", &reply), "AS");
    assert_string_equal(KINDS("\x00\x0C\x01", &reply), "BBB");
    assert_string_equal(KINDS("\x5F" "EPSON\0" "\x5FTM-T88V\0", &reply), "TT");
    assert_memory_equal(reply.bytes, "\x5FTM-T88V\0", reply.length);
    assert_string_equal(KINDS("\x37\x22" "0001\0\x12", &reply), "ES");
    assert_string_equal(KINDS("\x37\x25\0\x39\x41\x40\0\x3B\x30\0\x35\x40\x40\0", &reply), "CNNN");
    assert_string_equal(KINDS("\x3D\x02\x40\x40\0", &reply), "N");
    assert_string_equal(KINDS("\x13\x16\x11\x12", &reply), "FSFS");
    assert_string_equal(KINDS("\x37\x13\x22" "00\x11" "01\0", &reply), "FFE");
    assert_string_equal(KINDS("\xFF\x80\x12", &reply), "GGS");
}

static void what_lost_its_rest_swallows_no_answer(void **state)
{
    struct kw_reply reply;
    (void)state;
    assert_string_equal(KINDS("\x14\x00\x16", &reply), "S");
    assert_int_equal(reply.bytes[0], 0x16);
    assert_string_equal(KINDS("\x37\x22" "00\x16\x12", &reply), "SS");
    char endless[400];
    memset(endless, 'x', sizeof endless);
    endless[0] = 0x5F;
    assert_int_equal(strspn(kinds(endless, KW_REPLY_MAX, &reply), "G"), 1);
}

static void a_block_in_no_form_is_garbage(void **state)
{
    struct kw_reply reply;
    (void)state;
    assert_string_equal(KINDS("\x37\x22" "0042\0", &reply), "E");
    assert_memory_equal(kw_reply_process_id(&reply), "0042", 4);
    assert_string_equal(KINDS("\x37\x22" "00421\0", &reply), "G");
    assert_string_equal(KINDS("\x37\x22" "00\x01" "2\0", &reply), "G");
    assert_string_equal(KINDS("\x37\x23" "0042\0", &reply), "N");
    assert_string_equal(KINDS("\x37\x25" "x\0", &reply), "G");
    assert_string_equal(KINDS("\x5FTM\x80\0", &reply), "G");
}

static void questions_are_the_bytes_of_the_reference(void **state)
{
    uint8_t out[16];
    (void)state;
    assert_int_equal(kw_escpos_ask_status(4, out), 3);
    assert_memory_equal(out, "\x10\x04\x04", 3);
    assert_int_equal(kw_escpos_ask_process_id((const uint8_t *)"0042", out), 11);
    assert_memory_equal(out, "\x1D\x28\x48\x06\x00\x30\x30" "0042", 11);
    assert_int_equal(kw_escpos_ask_barrier(out), 3);
    assert_memory_equal(out, "\x1Dr\1", 3);
    assert_int_equal(kw_escpos_ask_name(67, out), 3);
    assert_memory_equal(out, "\x1DIC", 3);
    assert_int_equal(kw_escpos_ask_cut_count(out), 6);
    assert_memory_equal(out, "\x1Dg2\0\x32\0", 6);
    assert_int_equal(kw_escpos_clear(out), 10);
    assert_int_equal(kw_escpos_recover(2, out), 3);
    assert_int_equal(kw_escpos_pulse_now(5, 120, out), 5);
    assert_memory_equal(out, "\x10\x14\1\1\1", 5);
    struct kw_buffer buffer;
    kw_buffer_init(&buffer, 8192);
    assert_true(kw_escpos_unstick(&buffer));
    assert_int_equal(buffer.length, KW_COMMAND_MAX_BYTES + 3);
    kw_buffer_free(&buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_condition_is_named_as_printers_answer_it),
        cmocka_unit_test(a_condition_that_ended_is_forgotten),
        cmocka_unit_test(a_byte_that_is_no_status_changes_nothing),
        cmocka_unit_test(replies_are_told_apart_however_they_come),
        cmocka_unit_test(what_lost_its_rest_swallows_no_answer),
        cmocka_unit_test(a_block_in_no_form_is_garbage),
        cmocka_unit_test(questions_are_the_bytes_of_the_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
