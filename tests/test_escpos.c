/* test_escpos.c - pages to bytes: what opens and closes a piece, styles, places, symbols, break points. */
#include "escpos/commands.h"
#include "escpos/escpos.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct bench {
    struct kw_arena *arena;
    struct kw_page page;
    struct kw_encoded encoded;
    struct kw_error error;
};

static void begin(struct bench *bench, const char *profile)
{
    memset(bench, 0, sizeof *bench);
    bench->arena = kw_arena_new(64 << 20);
    kw_page_init(&bench->page, bench->arena, kw_profile_find(profile)->width_dots);
}

static int encode(struct bench *bench, const char *profile)
{
    return kw_escpos_encode(bench->arena, &bench->page, kw_profile_find(profile), &bench->encoded, &bench->error);
}

static struct kw_run run(int x, const char *text, struct kw_style style, int table)
{
    return (struct kw_run){ .x_dots = x, .width_dots = (int)strlen(text) * 12 * (style.width ? style.width : 1),
                            .style = style, .table = (uint8_t)table, .bytes = (const uint8_t *)text,
                            .length = strlen(text) };
}

static void add_line(struct bench *bench, int height, const struct kw_run *runs, size_t count)
{
    struct kw_op *op = kw_page_add(&bench->page, KW_OP_LINE, "");
    struct kw_run *copy = kw_arena_array(bench->arena, count, sizeof *copy);
    if (count)
        memcpy(copy, runs, count * sizeof *copy);
    op->line = (struct kw_line){ .height_dots = height, .runs = copy, .run_count = count, .text = "" };
}

static void add_text(struct bench *bench, const char *text)
{
    struct kw_run one = run(0, text, (struct kw_style){ 0 }, 0);
    add_line(bench, 30, &one, 1);
}

static void assert_piece(const struct bench *bench, size_t index, const void *bytes, size_t length)
{
    assert_true(bench->encoded.count > index);
    assert_int_equal(bench->encoded.pieces[index].length, length);
    assert_memory_equal(bench->encoded.pieces[index].bytes, bytes, length);
}
#define assert_bytes(bench, index, literal) assert_piece(bench, index, literal, sizeof literal - 1)

static void a_piece_relies_on_nothing_and_ends_with_feed_and_cut(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, "tm-t88v");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt")->cut = KW_CUT_PARTIAL;
    add_text(&bench, "Total");
    assert_int_equal(encode(&bench, "tm-t88v"), 0);
    assert_bytes(&bench, 0, "\x1B@" "\x1DP\xB4\xB4" "\x1C." "\x1BR\0" "\x1B" "3\x1E" "\x1Bt\0" "Total\n" "\x1DV\x42\0");
    kw_arena_free(bench.arena);
}

static void an_unknown_cutter_gets_feed_and_the_form_that_prints_no_stray_letter(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, "generic");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt")->cut = KW_CUT_PARTIAL;
    add_text(&bench, "Total");
    assert_int_equal(encode(&bench, "generic"), 0);
    assert_bytes(&bench, 0, "\x1B@" "\x1C." "\x1BR\0" "\x1B" "3\x1E" "\x1Bt\0" "Total\n" "\x1BJ\x90" "\x1DV\1");
    kw_arena_free(bench.arena);
}

static void styles_and_tables_switch_only_where_they_differ(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, "tm-t20iii");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
    const struct kw_run runs[] = {
        run(0, "AB", (struct kw_style){ .bold = true }, 0), run(24, "C", (struct kw_style){ .bold = true }, 18),
        run(100, "D", (struct kw_style){ .width = 3, .height = 3, .bold = true }, 18),
        run(200, "E", (struct kw_style){ .invert = true }, 18),
    };
    add_line(&bench, 72, runs, 4);
    assert_int_equal(encode(&bench, "tm-t20iii"), 0);
    static const char want[] = "\x1B@" "\x1DP\xCB\xCB" "\x1C." "\x1BR\0" "\x1B" "3\x48" "\x1B!\x08" "\x1Bt\0" "AB"
                               "\x1Bt\x12" "C" "\x1D!\x22" " \x1B$\x64\0" "D" "\x1B!\0" "\x1D" "B\1" "\x1B$\xC8\0" "E\n";
    assert_memory_equal(bench.encoded.pieces[0].bytes, want, sizeof want - 1);
    kw_arena_free(bench.arena);
}

/* Density, speed and sound as each row says, or not at all. */
static void a_printer_is_told_what_its_row_knows(void **state)
{
    static const struct { const char *profile, *bytes; size_t length; } told[] = {
        { "tm-t20iii", "\x1D(K\2\0\x31\xFC" "\x1D(K\2\0\x32\1" "\x1B(A\3\0\x61\1\2", 22 },
        { "pos-80", "\x1B" "B\2\2", 4 }, { "custom", "\x1D|\2", 3 }, { "generic", "", 0 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        struct bench bench;
        begin(&bench, told[i].profile);
        struct kw_piece *piece = kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
        bench.page.density = -2;
        bench.page.pace = 1;
        piece->sounds = true;
        add_text(&bench, "x");
        assert_int_equal(encode(&bench, told[i].profile), 0);
        const uint8_t *bytes = bench.encoded.pieces[0].bytes, *from = memchr(bytes, 'R', 16);
        assert_non_null(from);
        assert_memory_equal(from + 2, told[i].bytes, told[i].length);
        assert_memory_equal(from + 2 + told[i].length, "\x1B" "3\x1E", 3);
        kw_arena_free(bench.arena);
    }
}

/* Where ESC $ is none behind text, blanks are; where ESC J feeds nothing, ESC d does. */
static void a_board_without_jumps_and_feeds_gets_blanks_and_lines(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, "nt-5890k");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
    const struct kw_run runs[] = { run(0, "AB", (struct kw_style){ 0 }, 0), run(60, "C", (struct kw_style){ 0 }, 0) };
    add_line(&bench, 30, runs, 2);
    kw_page_feed(&bench.page, 12);
    add_text(&bench, "x");
    assert_int_equal(encode(&bench, "nt-5890k"), 0);
    const struct kw_encoded_piece *piece = &bench.encoded.pieces[0];
    assert_non_null(memmem(piece->bytes, piece->length, "AB   C\n\x1B" "3\x0C\x1B" "d\1", 13));
    kw_arena_free(bench.arena);
}

static void red_is_red_where_there_are_two_colours(void **state)
{
    struct bench bench;
    (void)state;
    for (int two = 0; two < 2; two++) {
        const char *profile = two ? "tm-u220" : "tm-t88v";
        begin(&bench, profile);
        kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
        const struct kw_run runs[] = { run(0, "AB", (struct kw_style){ .red = true }, 0) };
        add_line(&bench, 30, runs, 1);
        assert_int_equal(encode(&bench, profile), 0);
        const struct kw_encoded_piece *piece = &bench.encoded.pieces[0];
        assert_int_equal(memmem(piece->bytes, piece->length, "\x1Br\1", 3) != NULL, two);
        kw_arena_free(bench.arena);
    }
}

static void white_becomes_one_feed_however_it_was_said(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, "generic");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
    kw_page_feed(&bench.page, 10);
    add_line(&bench, 30, NULL, 0);
    kw_page_feed(&bench.page, 260);
    add_text(&bench, "x");
    assert_int_equal(encode(&bench, "generic"), 0);
    static const char want[] = "\x1B@" "\x1C." "\x1BR\0" "\x1BJ\xFF" "\x1BJ\x2D" "\x1B" "3\x1E";
    assert_memory_equal(bench.encoded.pieces[0].bytes, want, sizeof want - 1);
    kw_arena_free(bench.arena);
}

static void the_tail_and_the_breaks_lie_between_commands(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, "generic");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt")->cut = KW_CUT_FULL;
    add_text(&bench, "body");
    kw_page_feed(&bench.page, 5);
    kw_page_begin_tail(&bench.page);
    add_text(&bench, "tail");
    assert_int_equal(encode(&bench, "generic"), 0);
    const struct kw_encoded_piece *piece = &bench.encoded.pieces[0];
    static const char tail[] = "tail\n\x1BJ\x90\x1DV\0";
    assert_int_equal(piece->length - piece->tail_offset, sizeof tail - 1);
    assert_memory_equal(piece->bytes + piece->tail_offset, tail, sizeof tail - 1);
    assert_int_equal(piece->break_count, 3);
    assert_int_equal(piece->breaks[1], piece->tail_offset);
    assert_int_equal(piece->height_dots, 65);
    assert_int_equal(piece->paper_um, (65 + 144) * 125);
    kw_arena_free(bench.arena);
}

static void each_encoding_is_entered_and_left_once(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, "tm-m30ii");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
    struct kw_run runs[] = {
        run(0, "A", (struct kw_style){ 0 }, 16), run(12, "\xB0\xA1", (struct kw_style){ 0 }, 0),
        run(36, "\xB0\xA2", (struct kw_style){ .width = 2, .underline = true }, 0), run(84, "\xC5\xBC", (struct kw_style){ 0 }, 0),
        run(108, "B", (struct kw_style){ 0 }, 16),
    };
    runs[1].encoding = runs[2].encoding = KW_ENCODING_TWO_BYTE;
    runs[3].encoding = KW_ENCODING_UTF8;
    add_line(&bench, 30, runs, 5);
    assert_int_equal(encode(&bench, "tm-m30ii"), 0);
    static const char want[] = "\x1Bt\x10" "A" "\x1C&" "\x1C!\0" "\xB0\xA1" "\x1B!\xA0" "\x1C!\x84" "\xB0\xA2"
                               "\x1B!\0" "\x1C." "\x1C(C\2\0" "02" "\xC5\xBC" "\x1C(C\2\0" "01" "B\n";
    assert_non_null(memmem(bench.encoded.pieces[0].bytes, bench.encoded.pieces[0].length, want, sizeof want - 1));
    kw_arena_free(bench.arena);
}

static void a_place_that_would_be_a_real_time_command_is_reached_in_two_steps(void **state)
{
    struct bench bench;
    struct kw_profile wide = *kw_profile_find("ct-s4000");
    (void)state;
    begin(&bench, "ct-s4000");
    wide.width_dots = bench.page.width_dots = 1600;
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
    struct kw_run one = run(0x410, "x", (struct kw_style){ 0 }, 0);
    add_line(&bench, 30, &one, 1);
    assert_int_equal(kw_escpos_encode(bench.arena, &bench.page, &wide, &bench.encoded, &bench.error), 0);
    static const char want[] = "\x1B$\x0F\x04\x1B\\\1\0x\n";
    assert_non_null(memmem(bench.encoded.pieces[0].bytes, bench.encoded.pieces[0].length, want, sizeof want - 1));
    kw_arena_free(bench.arena);
}

static void a_control_byte_in_a_run_is_refused(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, "generic");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
    add_text(&bench, "a\x1Bp");
    assert_int_equal(encode(&bench, "generic"), KWIT_E_INTERNAL);
    kw_arena_free(bench.arena);
}

static void a_drawer_piece_is_one_pulse_with_rest(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, "generic");
    struct kw_piece *piece = kw_page_add_piece(&bench.page, KW_PIECE_DRAWER, "drawer");
    piece->drawer_pin = 5;
    piece->on_ms = 100;
    piece->off_ms = 500;
    piece = kw_page_add_piece(&bench.page, KW_PIECE_DRAWER, "drawer");
    piece->drawer_pin = 2;
    piece->on_ms = 32;
    piece->off_ms = 40;
    assert_int_equal(encode(&bench, "generic"), 0);
    assert_bytes(&bench, 0, "\x1Bp\1\x32\xFA");
    assert_bytes(&bench, 1, "\x1Bp\0\x11\x14");
    kw_arena_free(bench.arena);
}

static struct kw_symbol *add_symbol(struct bench *bench, int symbology, const void *data, size_t length)
{
    struct kw_op *op = kw_page_add(&bench->page, KW_OP_SYMBOL, "/codes/0");
    op->symbol = (struct kw_symbol){ .symbology = (uint8_t)symbology, .data = data, .length = length, .module_dots = 4,
                                     .height_dots = 80, .error_level = 'M', .x_dots = 100, .width_dots = 100,
                                     .plain = "" };
    return &op->symbol;
}

static void symbols_say_everything_they_rely_on(void **state)
{
    struct bench bench;
    (void)state;
    begin(&bench, "tm-t20iii");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
    add_symbol(&bench, KW_EAN13, "5901234123457", 13);
    assert_int_equal(encode(&bench, "tm-t20iii"), 0);
    static const char bars[] = "\x1DL\x64\0" "\x1Dh\x50" "\x1Dw\4" "\x1DH\0" "\x1Dk\x43\x0D" "5901234123457" "\x1DL\0\0";
    assert_non_null(memmem(bench.encoded.pieces[0].bytes, bench.encoded.pieces[0].length, bars, sizeof bars - 1));
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "two");
    struct kw_symbol *symbol = add_symbol(&bench, KW_QR, "https://x", 9);
    symbol->x_dots = 238;
    assert_int_equal(encode(&bench, "tm-t20iii"), 0);
    static const char qr[] = "\x1B" "a\1" "\x1D(k\4\0" "1A2\0" "\x1D(k\3\0" "1C\4" "\x1D(k\3\0" "1E1" "\x1D(k\x0C\0" "1P0"
                             "https://x" "\x1D(k\3\0" "1Q0" "\x1B" "a\0";
    assert_non_null(memmem(bench.encoded.pieces[1].bytes, bench.encoded.pieces[1].length, qr, sizeof qr - 1));
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "three");
    symbol = add_symbol(&bench, KW_PDF417, "TICKET", 6);
    symbol->module_dots = 2;
    symbol->width_dots = (69 + 5 * 17) * 2;             /* start, stop and row indicators; five columns */
    assert_int_equal(encode(&bench, "tm-t20iii"), 0);
    static const char pdf[] = "\x1D(k\3\0" "0A\5" "\x1D(k\3\0" "0B\0" "\x1D(k\3\0" "0C\2" "\x1D(k\3\0" "0D\3"
                              "\x1D(k\4\0" "0E02" "\x1D(k\3\0" "0F\0" "\x1D(k\x09\0" "0P0" "TICKET" "\x1D(k\3\0" "0Q0";
    assert_non_null(memmem(bench.encoded.pieces[2].bytes, bench.encoded.pieces[2].length, pdf, sizeof pdf - 1));
    kw_arena_free(bench.arena);
}

static void symbol_data_that_would_act_on_the_printer_is_refused(void **state)
{
    static const uint8_t code_c[] = { '{', 'C', 16, 4, 20 };
    struct bench bench;
    (void)state;
    begin(&bench, "tm-t20iii");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
    add_symbol(&bench, KW_CODE128, code_c, sizeof code_c);
    assert_int_equal(encode(&bench, "tm-t20iii"), KWIT_E_UNPRINTABLE);
    assert_string_equal(bench.error.where, "/codes/0");
    kw_arena_free(bench.arena);

    /* A QR of 1037 bytes has the length bytes 10 04. */
    begin(&bench, "tm-t20iii");
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt");
    char data[1037];
    memset(data, 'x', sizeof data);
    add_symbol(&bench, KW_QR, data, sizeof data);
    assert_int_equal(encode(&bench, "tm-t20iii"), KWIT_E_UNPRINTABLE);
    kw_arena_free(bench.arena);
}

static void every_command_has_a_row_with_its_reference(void **state)
{
    (void)state;
    for (int i = 0; i < KW_COMMAND_COUNT; i++) {
        const struct kw_command_row *row = kw_command_at((enum kw_command)i);
        assert_true(strchr(row->reference, ' ') && memchr(row->reference, 0, sizeof row->reference));
        assert_true(row->length >= 1 && row->parameters >= -1);
        for (int k = 0; k < i; k++) {
            const struct kw_command_row *other = kw_command_at((enum kw_command)k);
            assert_false(row->length == other->length && memcmp(row->bytes, other->bytes, row->length) == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_piece_relies_on_nothing_and_ends_with_feed_and_cut),
        cmocka_unit_test(an_unknown_cutter_gets_feed_and_the_form_that_prints_no_stray_letter),
        cmocka_unit_test(styles_and_tables_switch_only_where_they_differ),
        cmocka_unit_test(a_printer_is_told_what_its_row_knows),
        cmocka_unit_test(a_board_without_jumps_and_feeds_gets_blanks_and_lines),
        cmocka_unit_test(red_is_red_where_there_are_two_colours),
        cmocka_unit_test(white_becomes_one_feed_however_it_was_said),
        cmocka_unit_test(the_tail_and_the_breaks_lie_between_commands),
        cmocka_unit_test(each_encoding_is_entered_and_left_once),
        cmocka_unit_test(a_place_that_would_be_a_real_time_command_is_reached_in_two_steps),
        cmocka_unit_test(a_control_byte_in_a_run_is_refused),
        cmocka_unit_test(a_drawer_piece_is_one_pulse_with_rest),
        cmocka_unit_test(symbols_say_everything_they_rely_on),
        cmocka_unit_test(symbol_data_that_would_act_on_the_printer_is_refused),
        cmocka_unit_test(every_command_has_a_row_with_its_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
