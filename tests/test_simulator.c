/* test_simulator.c - text, places and modes on the simulated printer's paper; whatever the split of the stream. */
#include "simulator/glyph.h"
#include "support/machine.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PRINT(machine, text) machine_print(machine, text, sizeof(text) - 1)

static void text_of(const char *bytes, size_t length, const char *wanted)
{
    struct machine machine;
    machine_print(&machine, bytes, length);
    assert_int_equal(machine.paper_count, 1);
    assert_string_equal(machine.texts[0], wanted);
    machine_free(&machine);
}
#define TEXT(bytes, wanted) text_of(bytes, sizeof(bytes) - 1, wanted)

static int black_rows(const struct kw_bitmap *paper, int from, int to)
{
    int count = 0;
    for (int y = from; y < to && y < paper->height; y++)
        count += !kw_bitmap_row_blank(paper, y);
    return count;
}

static int first_black_column(const struct kw_bitmap *paper)
{
    for (int x = 0; x < paper->width; x++)
        for (int y = 0; y < paper->height; y++)
            if (kw_bitmap_get(paper, x, y))
                return x;
    return -1;
}

/* ---- places ---- */

static void lines_keep_their_columns(void **state)
{
    (void)state;
    TEXT("Tea\nCoffee 2\n", "Tea\nCoffee 2\n");
    TEXT("Tea\x1b$\x68\x01" "3.00\n", "Tea                           3.00\n");
    TEXT("\x1b" "a\x01" "mid\n\x1b" "a\x02right\n",
         "                      mid\n                                           right\n");
    TEXT("a\tb\tc\n", "a       b       c\n");
    TEXT("\x1b" "D\x0a\x14\x00x\ty\tz\n", "x         y         z\n");
    TEXT("\x1dL\x18\x00in\n", "  in\n");
    TEXT("a\r\nb\n\nc\n", "a\nb\n\nc\n");
    TEXT("a\x1b" "d\x03z\n", "a\n\n\nz\n");
}

static void a_full_line_goes_on_in_the_next(void **state)
{
    char line[50 + 1];
    (void)state;
    memset(line, 'x', 48);
    strcpy(line + 48, "y\n");
    struct machine machine;
    machine_print(&machine, line, 50);
    assert_int_equal(strlen(machine.texts[0]), 48 + 1 + 1 + 1);
    assert_int_equal(machine.texts[0][49], 'y');
    machine_free(&machine);
    memcpy(line + 48, "\ny", 2);               /* exactly full: no empty line behind it */
    machine_print(&machine, line, 50);
    assert_int_equal(machine.texts[0][49], 'y');
    machine_free(&machine);
    TEXT("\x1dW\x24\x00" "abcdef\n", "abc\ndef\n");
    TEXT("\x1d!\x10" "abcdefghijklmnopqrstuvwxyz\n", "abcdefghijklmnopqrstuvwx\nyz\n");
}

static void rows_of_dots_stand_where_they_should(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "\x1b" "3\x28" "M\nM\n");
    assert_int_equal(machine.papers[0]->height, 80);
    assert_true(black_rows(machine.papers[0], 0, 24) > 10 && black_rows(machine.papers[0], 24, 40) == 0);
    assert_true(black_rows(machine.papers[0], 40, 64) > 10 && black_rows(machine.papers[0], 64, 80) == 0);
    machine_free(&machine);
    PRINT(&machine, "\x1d!\x11" "M\n");
    assert_int_equal(machine.papers[0]->height, 48);
    assert_true(black_rows(machine.papers[0], 0, 48) > 20);
    machine_free(&machine);
    PRINT(&machine, "\x1b$\x64\x00M\n");
    assert_in_range(first_black_column(machine.papers[0]), 100, 104);
    machine_free(&machine);
    PRINT(&machine, "\x1b{\x01M\n");            /* upside down: before the right edge */
    assert_in_range(first_black_column(machine.papers[0]), 564, 568);
    machine_free(&machine);
}

static void styles_change_the_dots_but_not_the_text(void **state)
{
    static const char *const styles[] = { "\x1b" "E\x01", "\x1b-\x02", "\x1d" "B\x01", "\x1bV\x01", "\x1b{\x01",
                                          "\x1b!\xb8", "\x1bM\x01" };
    struct machine plain, styled;
    char bytes[32];
    (void)state;
    PRINT(&plain, "Rg\n");
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        snprintf(bytes, sizeof bytes, "%sRg\n", styles[i]);
        machine_print(&styled, bytes, strlen(bytes));
        assert_string_equal(styled.texts[0], "Rg\n");
        assert_false(machine_same_paper(&plain, &styled));
        machine_free(&styled);
    }
    machine_free(&plain);
}

static void initialise_sets_everything_back(void **state)
{
    struct machine plain, again;
    (void)state;
    PRINT(&plain, "Ready 12\n");
    PRINT(&again, "\x1b!\xb9\x1b" "a\x02\x1dL\x30\x00\x1b" "3\x05\x1b \x05\x1dW\x20\x01\x1dP\x10\x10\x1bt\x12\x1b{\x01\x1d!\x22\x1bV\x01\x1b" "R\x01"
                  "\x1d" "B\x01\x1b@Ready 12\n");
    assert_true(machine_same_paper(&plain, &again));
    machine_free(&plain);
    machine_free(&again);
}

static void a_setting_inside_a_line_waits_for_a_line_start(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "left\x1b" "a\x02 still left\n");
    assert_string_equal(machine.texts[0], "left still left\n");
    assert_int_equal(machine_events(&machine, "\"event\":\"warning\""), 1);
    machine_free(&machine);
    PRINT(&machine, "text\x1dV\x00\n");         /* a cut inside a line is ignored */
    assert_int_equal(machine_events(&machine, "\"event\":\"cut\""), 0);
    machine_free(&machine);
}

/* ---- characters ---- */

/* Every table of the default profile that iconv knows too. */
static void code_tables_agree_with_iconv(void **state)
{
    static const struct { uint8_t n; const char *name; } tables[] = {
        { 0, "CP437" }, { 2, "CP850" }, { 3, "CP860" }, { 4, "CP863" }, { 5, "CP865" }, { 13, "CP857" },
        { 14, "CP737" },
        { 15, "ISO8859-7" }, { 16, "CP1252" }, { 17, "CP866" }, { 18, "CP852" }, { 19, "CP858" }, { 33, "CP775" },
        { 34, "CP855" },
        { 36, "CP862" }, { 39, "ISO8859-2" }, { 40, "ISO8859-15" }, { 45, "CP1250" }, { 46, "CP1251" }, { 48, "CP1254" }
    };
    int compared = 0;
    (void)state;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        iconv_t system = iconv_open("UTF-8", tables[i].name);
        if (system == (iconv_t)-1)
            continue;
        for (int byte = 0xA1; byte < 0x100; byte++) {
            char in = (char)byte, out[8] = { 0 }, wanted[10], stream[8];
            char *from = &in, *to = out;
            size_t in_left = 1, out_left = 7;
            iconv(system, NULL, NULL, NULL, NULL);
            if (iconv(system, &from, &in_left, &to, &out_left) == (size_t)-1 || strcmp(out, "\xc2\xa0") == 0)
                continue;
            snprintf(wanted, sizeof wanted, "%s\n", out);
            int length = snprintf(stream, sizeof stream, "\x1bt%c%c\n", tables[i].n ? tables[i].n : '0', byte);
            stream[2] = (char)tables[i].n;
            text_of(stream, (size_t)length, wanted);
            compared++;
        }
        iconv_close(system);
    }
    assert_true(compared > 1000);
}

static void national_sets_replace_twelve_codes(void **state)
{
    (void)state;
    TEXT("\x1b" "R\x02#$@[\\]^`{|}~\n", "#$§ÄÖÜ^`äöüß\n");
    TEXT("\x1b" "R\x0d[\\]\n", "[₩]\n");
    TEXT("\x1b" "R\x63[\\]\n", "[\\]\n");
}

static void two_byte_text_is_read_in_its_system(void **state)
{
    (void)state;
    TEXT("\x1c&\xd6\xd0\xce\xc4 A\x1c.\n", "中文 A\n");
    TEXT("\x1c" "C\x01\x1c&\x93\xfa\x96{ A\n", "日本 A\n");
    TEXT("\x1c" "C\x01\x1bt\x01\x93\xfa\x96{ \xb1\x1c" "C\x00\x1c.\x95\xb1\n", "日本 ｱ─ｱ\n");
    TEXT("\x1c" "C\x00\x1c&\xd6\xd0\xce\xc4\n", "中文\n");
    TEXT("\x1c" "C\x00\x1c&\x46\x7c\x4b\x5c\x1c.\n", "日本\n");
    TEXT("\x1c(C\x03\x00\x3c\x00\x1e\x1c&\xa4\xa4\xa4\xe5\n", "中文\n");
    TEXT("\x1c(C\x03\x00\x3c\x00\x29\x1c&\xc7\xd1\xb1\xdb\n", "한글\n");
    TEXT("\x1c(C\x02\x00\x30\x02Zażółć 中\x1c(C\x02\x00\x30\x01\x81\n", "Zażółć 中ü\n");
}

/* A machine of a profile prints the bytes; its first text is the wanted one. */
static void model_text(const char *profile, const char *bytes, const char *wanted)
{
    struct machine machine;
    struct kw_sim_options options = machine_options(&machine, profile);
    machine_start(&machine, &options);
    machine_say(&machine, bytes);
    machine_finish(&machine);
    if (machine.paper_count != 1 || strcmp(machine.texts[0], wanted) != 0)
        fail_msg("%s: %s instead of %s", profile, machine.paper_count ? machine.texts[0] : "nothing", wanted);
    machine_free(&machine);
}

static void regional_models_read_their_own_letters_as_they_are_switched_on(void **state)
{
    (void)state;
    model_text("tm-t88v-zh", "\xd6\xd0\xce\xc4\n", "中文\n");
    model_text("tm-t88v-tw", "\xa4\xa4\xa4\xe5\n", "中文\n");
    model_text("tm-t88v-ko", "\xc7\xd1\xb1\xdb\n", "한글\n");
    model_text("tm-t88v-ko", "\x1c" "C1\xc7\xd1\xb1\xdb\n", "한글\n");           /* FS C is for Japan */
    model_text("tm-t88v-ko", "\x1c.\x1bt\x12\xa5\n", "ą\n");
    model_text("tm-t88v-ja", "\x1bt\x01\x93\xf6\n", "├分\n");
    model_text("tm-t88v-ja", "\x1c" "C1\x1c.\x93\xfa\x96{\n", "日本\n");
    model_text("tm-t88v-ja", "\x1c" "C1\x1b@\x1c&\x46\x7c\x4b\x5c\n", "日本\n");
}

static void user_characters_are_drawn_while_they_are_on(void **state)
{
    struct machine machine;
    (void)state;
    /* One column of 24 black dots at x = 0 for the letter A. */
    PRINT(&machine, "\x1b&\x03" "AA\x01\xff\xff\xff\x1b%\x01" "A\n");
    for (int y = 0; y < 24; y++)
        assert_true(kw_bitmap_get(machine.papers[0], 0, y) && !kw_bitmap_get(machine.papers[0], 1, y));
    machine_free(&machine);
    PRINT(&machine, "\x1b&\x03" "AA\x01\xff\xff\xff\x1b%\x01\x1b?A" "A\n");
    assert_false(kw_bitmap_get(machine.papers[0], 0, 0));
    machine_free(&machine);
}

/* ---- modes ---- */

static void page_mode_places_text_in_four_directions(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "\x1bL\x1bW\x00\x00\x00\x00\x90\x01\xc8\x00" "one\ntwo\x1bT\x01side\x0c");
    assert_string_equal(machine.texts[0], "one\ntwo\nside\n");
    assert_int_equal(machine.papers[0]->height, 200);
    machine_free(&machine);
    PRINT(&machine, "\x1bL" "lost\x1bSkept\n");
    assert_string_equal(machine.texts[0], "kept\n");
    machine_free(&machine);
    PRINT(&machine, "\x1bL\x1bW\x00\x00\x00\x00\x90\x01\xc8\x00" "gone\x18here\x0c");
    assert_string_equal(machine.texts[0], "    here\n");
    machine_free(&machine);
    PRINT(&machine, "\x1bL\x1bW\x00\x00\x00\x00\x90\x01\x40\x00" "again\x1b\x0c\x0c");
    assert_string_equal(machine.texts[0], "again\nagain\n");
    machine_free(&machine);
}

static void the_four_directions_are_turns_of_the_same_dots(void **state)
{
    struct machine machines[4];
    (void)state;
    for (int n = 0; n < 4; n++) {
        char bytes[] = "\x1bL\x1bW\x00\x00\x00\x00\x64\x00\x64\x00\x1bT\x00Rg\x0c";
        bytes[14] = (char)n;
        machine_print(&machines[n], bytes, sizeof bytes - 1);
    }
    for (int y = 0; y < 100; y++)
        for (int x = 0; x < 100; x++) {
            bool dot = kw_bitmap_get(machines[0].papers[0], x, y);
            assert_int_equal(kw_bitmap_get(machines[1].papers[0], y, 99 - x), dot);
            assert_int_equal(kw_bitmap_get(machines[2].papers[0], 99 - x, 99 - y), dot);
            assert_int_equal(kw_bitmap_get(machines[3].papers[0], 99 - y, x), dot);
        }
    for (int n = 0; n < 4; n++)
        machine_free(&machines[n]);
}

static void a_macro_runs_as_often_as_asked(void **state)
{
    (void)state;
    TEXT("\x1d:ab\n\x1d:\x1d^\x03\x00\x00", "ab\nab\nab\nab\n");
    TEXT("\x1d:\x1d:\x1d^\x02\x00\x00x\n", "x\n");
    struct machine machine;                     /* with m = 1 each run waits for the feed button, or for DLE ENQ 0 */
    machine_begin(&machine);
    machine_feed(&machine, "\x1d:ab\n\x1d:\x1d^\x02\x00\x01" "end\n\x10\x04\x01", 19);
    assert_string_equal(machine_replies(&machine), "3A");
    machine_order(&machine, "feed");
    assert_true(kw_sim_waiting(machine.sim) > 0);
    machine_feed(&machine, "\x10\x05\x00", 3);
    machine_finish(&machine);
    assert_string_equal(machine.texts[0], "ab\nab\nab\nend\n");
    machine_free(&machine);
}

static void deselected_it_prints_nothing(void **state)
{
    (void)state;
    TEXT("a\n\x1b=\x02hidden\n\x1b=\x01" "b\n", "a\nb\n");
}

static void unknown_commands_do_not_lose_step(void **state)
{
    (void)state;
    TEXT("a\x1b\x01" "b\x1d\xfe" "c\x07" "d\n", "abcd\n");
    TEXT("\x1d(!\x03\x00xyzok\n", "ok\n");
    TEXT("\x1b*\x07" "AB\n", "AB\n");           /* a bad mode: what follows is text */
    TEXT("\x10\x04\x01" "in\x10\x14\x01\x00\x01sight\n", "insight\n");
}

static void papers_end_at_cuts(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "one\n\x1dV\x41\x00two\n\x1bJ\xa0\x1dV\x01three\n");
    assert_int_equal(machine.paper_count, 3);
    assert_string_equal(machine.texts[0], "one\n");
    assert_string_equal(machine.texts[2], "three\n");
    assert_int_equal(machine_events(&machine, "\"event\":\"cut\""), 2);
    assert_int_equal(machine_events(&machine, "\"mode\":\"full\""), 1);
    assert_true(machine.papers[0]->height > 30);                            /* form B feeds to the blade */
    machine_free(&machine);
}

/* The blade stands behind the head: a cut without a feed takes what was printed before the last millimetres. */
static void a_cut_without_a_feed_leaves_the_last_lines_behind(void **state)
{
    static const char *const cuts[] = { "\x1dV\x30", "\x1bi", "\x1bm" };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct machine machine;
        char text[80];
        snprintf(text, sizeof text, "1\n2\n3\n4\n5\n6\n%snext\n\x1dV\x41%c", cuts[i], 1);
        machine_begin(&machine);
        machine_say(&machine, text);
        machine_finish(&machine);
        assert_int_equal(machine.paper_count, 2);
        assert_string_equal(machine.texts[0], "1\n2\n3\n");
        assert_string_equal(machine.texts[1], "4\n5\n6\nnext\n");
        assert_int_equal(machine.papers[0]->height + machine.papers[1]->height, 7 * 30 + 95 + 1);       /* 95: 12 mm */
        assert_int_equal(machine_events(&machine, "behind the blade"), 1);
        machine_free(&machine);
    }
}

static void an_old_cut_inside_a_line_is_ignored(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "\x1bJ\xffone\x1bi two\x1bm three\n");
    assert_int_equal(machine.paper_count, 1);
    assert_string_equal(machine.texts[0] + strspn(machine.texts[0], "\n"), "one two three\n");
    machine_free(&machine);
}

static void a_long_feed_leaves_its_paper(void **state)
{
    struct machine machine;
    (void)state;
    PRINT(&machine, "\x1b" "d\x1e");
    assert_int_equal(machine.paper_count, 1);
    assert_int_equal(machine.papers[0]->height, 900);
    machine_free(&machine);
    PRINT(&machine, "\x1b" "d\x02");                                        /* white that nobody tears off */
    assert_int_equal(machine.paper_count, 0);
    machine_free(&machine);
}

/* ---- splits and ends ---- */

static const char sample[] =
    "\x1b@\x1b" "a\x01\x1d!\x11Sklep\n\x1d!\x00\x1b" "a\x00\x1bt\x12Za\xbe\xa2\x88\x86\n\x1b" "E\x01x\x1b" "E\x00\x1b*!\x03\x00" "abcdefghi\n"
    "\x1dv0\x00\x02\x00\x03\x00\x10\x04\x01\xff\x00\xff\x1d(k\x04\x00\x31\x41\x32\x00\x1d(k\x05\x00\x31\x50\x30hi\x1d(k\x03\x00\x31\x51\x30"
    "\x1dkI\x05{BabA\x1dk\x04ZZ\x00\x1c&\xd6\xd0\xce\xc4\x1c.\n\x1bL\x1bW\x00\x00\x00\x00\x90\x01\x40\x00page\x0c"
    "\x1d(L\x0b\x00\x30\x70\x30\x01\x01\x31\x08\x00\x01\x00\xaa\x1d(L\x02\x00\x30\x32\x1c" "q\x01\x01\x00\x01\x00" "12345678\x1cp\x01\x00"
    "\x10\x04\x04\x1b" "d\x02\x1dVB\x05\x1d(H\x06\x00\x30\x30" "abcd\x1dr\x01tail\n";

static void any_split_gives_the_same_paper_and_replies(void **state)
{
    struct machine whole;
    (void)state;
    PRINT(&whole, sample);
    const char *replies = machine_replies(&whole);
    for (size_t step = 1; step < sizeof sample; step += step < 20 ? 1 : 17) {
        struct machine parts;
        machine_begin(&parts);
        for (size_t at = 0; at < sizeof sample - 1; at += step)
            machine_feed(&parts, sample + at, sizeof sample - 1 - at < step ? sizeof sample - 1 - at : step);
        machine_finish(&parts);
        assert_true(machine_same_paper(&whole, &parts));
        assert_string_equal(machine_replies(&parts), replies);
        assert_string_equal(kw_buffer_string(&parts.events), kw_buffer_string(&whole.events));
        machine_free(&parts);
    }
    machine_free(&whole);
}

static void a_stream_may_end_at_any_byte(void **state)
{
    (void)state;
    for (size_t length = 0; length < sizeof sample; length++) {
        struct machine machine;
        char *bytes = malloc(length ? length : 1);  /* of exactly this size, so that reading on is seen */
        memcpy(bytes, sample, length);
        machine_print(&machine, bytes, length);
        machine_free(&machine);
        free(bytes);
    }
}

static void a_long_paper_without_a_cut_comes_in_parts(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    for (int i = 0; i < 900; i++)
        machine_feed(&machine, "x\x1b" "d\x01", 4);
    machine_finish(&machine);
    assert_true(machine.paper_count >= 2 && machine.papers[0]->height <= 24000);
    assert_true(machine_events(&machine, "handed out in parts") >= 1);
    machine_free(&machine);
}

static void letter_and_one_mark_more(uint32_t letter, uint32_t base)
{
    static const struct { int width, height; } cells[] = { { 12, 24 }, { 9, 17 } };
    for (int i = 0; i < 2; i++) {
        struct kw_sim_dots whole, part;
        assert_true(kw_sim_glyph(letter, cells[i].width, cells[i].height, &whole));
        assert_true(kw_sim_glyph(base, cells[i].width, cells[i].height, &part));
        assert_memory_not_equal(whole.rows, part.rows, sizeof whole.rows);
        for (int y = 0; y < cells[i].height; y++)
            assert_int_equal(whole.rows[y] & part.rows[y], part.rows[y]);
    }
}

static void letters_of_two_marks_are_of_one_face(void **state)
{
    (void)state;
    static const uint32_t pairs[][2] = {
        { 0x1A1, 'o' }, { 0x1EE1, 0x1A1 }, { 0x1ED9, 0xF4 }, { 0x1ED5, 0xF4 }, { 0x1EB7, 0x103 }, { 0x1EF5, 'y' },
        { 0x1EF1, 0x1B0 }, { 0x1EB8, 'E' }, { 0x1EEA, 0x1AF }, { 0x1EC9, 0x131 }, { 0x1EC5, 0xEA },
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        letter_and_one_mark_more(pairs[i][0], pairs[i][1]);
}

/* Marks stand above and below; a letter of the face that stands in for what is missing has another body. */
static void letters_of_vietnamese_have_the_body_of_their_own_face(void **state)
{
    static const uint32_t bases[] = { 'A', 'a', 'E', 'e', 'I', 'i', 'O', 'o', 'U', 'u', 'Y', 'y',
                                      0x1A0, 0x1A1, 0x1AF, 0x1B0 };
    enum { BASES = sizeof bases / sizeof bases[0], FROM = 10, ROWS = 9 };
    (void)state;
    for (uint32_t code = 0x1EA0; code <= 0x1EF9; code++) {
        struct kw_sim_dots letter, base;
        size_t i = 0;
        assert_true(kw_sim_glyph(code, 12, 24, &letter));
        do
            assert_true(kw_sim_glyph(bases[i], 12, 24, &base));
        while (memcmp(letter.rows + FROM, base.rows + FROM, ROWS * sizeof base.rows[0]) != 0 && ++i < BASES);
        if (i == BASES)
            fail_msg("U+%04X is not of its face", (unsigned)code);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_keep_their_columns),
        cmocka_unit_test(letters_of_two_marks_are_of_one_face),
        cmocka_unit_test(a_full_line_goes_on_in_the_next),
        cmocka_unit_test(rows_of_dots_stand_where_they_should),
        cmocka_unit_test(styles_change_the_dots_but_not_the_text),
        cmocka_unit_test(initialise_sets_everything_back),
        cmocka_unit_test(a_setting_inside_a_line_waits_for_a_line_start),
        cmocka_unit_test(code_tables_agree_with_iconv),
        cmocka_unit_test(national_sets_replace_twelve_codes),
        cmocka_unit_test(two_byte_text_is_read_in_its_system),
        cmocka_unit_test(regional_models_read_their_own_letters_as_they_are_switched_on),
        cmocka_unit_test(user_characters_are_drawn_while_they_are_on),
        cmocka_unit_test(page_mode_places_text_in_four_directions),
        cmocka_unit_test(the_four_directions_are_turns_of_the_same_dots),
        cmocka_unit_test(a_macro_runs_as_often_as_asked),
        cmocka_unit_test(deselected_it_prints_nothing),
        cmocka_unit_test(unknown_commands_do_not_lose_step),
        cmocka_unit_test(papers_end_at_cuts),
        cmocka_unit_test(a_cut_without_a_feed_leaves_the_last_lines_behind),
        cmocka_unit_test(an_old_cut_inside_a_line_is_ignored), cmocka_unit_test(a_long_feed_leaves_its_paper),
        cmocka_unit_test(any_split_gives_the_same_paper_and_replies),
        cmocka_unit_test(a_stream_may_end_at_any_byte),
        cmocka_unit_test(a_long_paper_without_a_cut_comes_in_parts),
        cmocka_unit_test(letters_of_vietnamese_have_the_body_of_their_own_face),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
