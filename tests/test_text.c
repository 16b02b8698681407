/* test_text.c - the device's own font: tables, switches, widths, breaks, what is written instead. iconv judges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <iconv.h>
#include <stdio.h>
#include <string.h>

#include "support/desk.h"
#include "text/unicode.h"

static const struct kw_code_table tables[] = {
    { 0, "cp437" }, { 2, "cp850" }, { 17, "cp866" }, { 18, "cp852" }, { 16, "cp1252" }
};
static const struct kw_profile printer = {
    .name = "test", .width_dots = 576, .dpi = 203, .font_a_width = 12, .font_a_height = 24, .font_b_width = 9,
    .font_b_height = 17, .tables = tables, .table_count = 5,
};

static void open_desk(struct desk *desk, const struct kw_profile *profile, enum kw_direction direction)
{
    desk_open(desk, (struct kw_text_options){ .profile = profile, .direction = direction });
}

static const char *page_of(const struct kw_profile *profile, uint8_t n)
{
    for (size_t i = 0; i < profile->table_count; i++)
        if (profile->tables[i].n == n)
            return profile->tables[i].page;
    fail_msg("no table %d", n);
    return "";
}

/* What a printer with iconv's tables would print. */
static void decode(const struct kw_profile *profile, const struct kw_line *line, char *out, size_t size)
{
    out[0] = 0;
    for (size_t i = 0; i < line->run_count; i++) {
        const struct kw_run *run = &line->runs[i];
        const char *from = run->encoding == KW_ENCODING_UTF8 ? "UTF-8" : run->encoding == KW_ENCODING_TWO_BYTE
            ? (profile->two_byte == KW_TWO_BYTE_SHIFT_JIS ? "SHIFT_JIS" : profile->two_byte == KW_TWO_BYTE_BIG5 ? "BIG5"
               : profile->two_byte == KW_TWO_BYTE_KOREAN ? "EUC-KR" : "GB18030") : page_of(profile, run->table);
        iconv_t converter = iconv_open("UTF-8", from);
        assert_true(converter != (iconv_t)-1);
        char *in = (char *)(uintptr_t)run->bytes, *to = out + strlen(out);
        size_t left = run->length, room = size - strlen(out) - 1;
        assert_int_equal(iconv(converter, &in, &left, &to, &room), 0);
        *to = 0;
        iconv_close(converter);
    }
}

static void assert_prints(struct desk *desk, const char *utf8, const char *expected)
{
    char out[1024];
    const struct kw_line *line = desk_set_text(desk, utf8);
    if (line->bitmap)
        fail_msg("%s was drawn", utf8);
    decode(desk->text ? &printer : NULL, line, out, sizeof out);
    assert_string_equal(out, expected);
}

static void languages_of_the_tables_come_out_as_iconv_reads_them(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "Zażółć gęślą jaźń, ŁÓDŹ", "Où est le café, garçon ? À bientôt", "Съешь же ещё этих мягких булок", "Grüße, Straße",
        "Total 12.50", "Příliš žluťoučký kůň", "½ ¿Qué? ñandú", "Ёлка №5 и Łódź",
    };
    struct desk desk;
    open_desk(&desk, &printer, KW_DIRECTION_LTR);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        assert_prints(&desk, lines[i], lines[i]);
    assert_int_equal(desk.notes.count, 0);
    desk_close(&desk);
}

static void decomposed_text_is_composed_first(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, &printer, KW_DIRECTION_LTR);
    assert_prints(&desk, "e\xCC\x81t\xCC\xA7 z\xCC\x87", "\xC3\xA9\xC5\xA3 \xC5\xBC");
    desk_close(&desk);
}

static void tables_are_switched_as_rarely_as_can_be(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, &printer, KW_DIRECTION_LTR);
    const struct kw_line *line = desk_set_text(&desk, "plain then \xC5\x82 then plain \xC3\xB3 end");
    assert_int_equal(line->run_count, 1);
    assert_int_equal(line->runs[0].table, 18);
    line = desk_set_text(&desk, "\xC3\xB3 still in 852, \xD0\x96 in 866, back \xC3\xB3");
    assert_int_equal(line->run_count, 3);
    assert_int_equal(line->runs[0].table, 18);
    assert_int_equal(line->runs[1].table, 17);
    line = desk_set_text(&desk, "nothing to switch");
    assert_int_equal(line->run_count, 1);
    desk_close(&desk);
}

static void signs_without_a_place_are_written_out_without_a_warning(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, &printer, KW_DIRECTION_LTR);
    assert_prints(&desk, "100 \xE2\x82\xBD", "100 руб.");
    assert_prints(&desk, "\xE2\x80\x98it\xE2\x80\x99s\xE2\x80\x99 \xE2\x80\xA6",
                  "\xE2\x80\x98it\xE2\x80\x99s\xE2\x80\x99 \xE2\x80\xA6");
    assert_int_equal(desk.notes.count, 0);
    desk_close(&desk);
}

static const struct kw_code_table only_437[] = { { 0, "cp437" } };

static void the_generic_printer_writes_currencies_by_name(void **state)
{
    (void)state;
    struct kw_profile plain = printer;
    plain.tables = only_437;
    plain.table_count = 1;
    static const struct { const char *from, *to; } cases[] = {
        { "5,00 \xE2\x82\xAC", "5,00 EUR" }, { "5,00 z\xC5\x82", "5,00 PLN" }, { "5,00\xC2\xA0z\xC5\x82.", "5,00 PLN." },
        { "\xC5\x93uf", "oeuf" }, { "\xE2\x80\x9Equoted\xE2\x80\x9D \xE2\x80\x93 so", "\"quoted\" - so" },
        { "1\xE2\x80\xAF""234", "1 234" }, { "caf\xC3\xA9", "caf\xC3\xA9" },
    };
    struct desk desk;
    open_desk(&desk, &plain, KW_DIRECTION_LTR);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char out[256];
        const struct kw_line *line = desk_set_text(&desk, cases[i].from);
        assert_null(line->bitmap);
        decode(&plain, line, out, sizeof out);
        assert_string_equal(out, cases[i].to);
    }
    desk_close(&desk);
}

static void two_byte_modes_and_utf8_hold_ideographs(void **state)
{
    (void)state;
    static const struct { int mode; const char *text; } cases[] = {
        { KW_TWO_BYTE_SHIFT_JIS, "領収書 Total ありがとう" }, { KW_TWO_BYTE_GB18030, "收据 Total 谢谢镕" },
        { KW_TWO_BYTE_BIG5, "收據 Total 謝謝" }, { KW_TWO_BYTE_KOREAN, "영수증 Total 감사합니다" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int utf8 = 0; utf8 < 2; utf8++) {
            struct kw_profile asian = printer;
            asian.two_byte = utf8 ? KW_TWO_BYTE_NONE : cases[i].mode;
            asian.utf8 = utf8 ? KW_YES : KW_NO;
            struct desk desk;
            char out[256];
            open_desk(&desk, &asian, KW_DIRECTION_LTR);
            const struct kw_line *line = desk_set_text(&desk, cases[i].text);
            assert_null(line->bitmap);
            decode(&asian, line, out, sizeof out);
            assert_string_equal(out, cases[i].text);
            struct kw_span ideograph = span_of(utf8 ? "\xE6\x9B\xB8" : cases[i].text);
            ideograph.length = 3;
            assert_int_equal(kw_text_measure(desk.text, &ideograph), 24);
            desk_close(&desk);
        }
}

/* Signs of the two-byte mode are as wide as its letters; one that a page has stays narrow. */
static void signs_of_the_two_byte_mode_are_not_drawn(void **state)
{
    (void)state;
    static const struct { const char *text; int cells; } cases[] = { { "※○△★℃", 10 }, { "おにぎり ※", 11 }, { "─※", 3 } };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kw_profile asian = printer;
        asian.two_byte = KW_TWO_BYTE_SHIFT_JIS;
        struct desk desk;
        char out[256];
        open_desk(&desk, &asian, KW_DIRECTION_LTR);
        struct kw_span span = span_of(cases[i].text);
        assert_int_equal(kw_text_measure(desk.text, &span), cases[i].cells * 12);
        const struct kw_line *line = desk_set_text(&desk, cases[i].text);
        assert_null(line->bitmap);
        decode(&asian, line, out, sizeof out);
        assert_string_equal(out, cases[i].text);
        desk_close(&desk);
    }
}

/* A receipt in letters has no holes around its apostrophes, whether the printer says or draws the line. */
static void signs_among_letters_are_narrow(void **state)
{
    (void)state;
    static const struct { const char *text, *language, *printed; int cells; } cases[] = {
        { "O\u2019Brien\u2026", "en", "O'Brien...", 10 }, { "26\u201328 \u2116", "fr", "26-28 No.", 9 },
        { "\u201COr\u0142\u201D", "pl", NULL, 5 }, { "O\u2019Brien", "zh", "O\u2019Brien", 8 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kw_profile clone = printer;
        clone.two_byte = KW_TWO_BYTE_GB18030, clone.table_count = 1;
        struct desk desk;
        char out[256];
        desk_open(&desk, (struct kw_text_options){ .profile = &clone, .language = cases[i].language });
        struct kw_span span = span_of(cases[i].text);
        assert_int_equal(kw_text_measure(desk.text, &span), cases[i].cells * 12);
        const struct kw_line *line = desk_set_text(&desk, cases[i].text);
        assert_int_equal(line->bitmap == NULL, cases[i].printed != NULL);
        if (cases[i].printed) {
            decode(&clone, line, out, sizeof out);
            assert_string_equal(out, cases[i].printed);
        }
        desk_close(&desk);
    }
}

static void widths_follow_the_cell_and_its_magnification(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, &printer, KW_DIRECTION_LTR);
    struct kw_span span = span_of("Z\xC5\x82oty");
    assert_int_equal(kw_text_measure(desk.text, &span), 5 * 12);
    span.style.width = 2;
    assert_int_equal(kw_text_measure(desk.text, &span), 5 * 24);
    span.style = (struct kw_style){ .font = KW_FONT_B };
    assert_int_equal(kw_text_measure(desk.text, &span), 5 * 9);
    assert_int_equal(kw_text_columns(desk.text, &(struct kw_style){ 0 }), 48);
    assert_int_equal(kw_text_columns(desk.text, &(struct kw_style){ .font = KW_FONT_B }), 64);
    assert_int_equal(kw_text_line_dots(desk.text, &(struct kw_style){ 0 }), 30);
    desk_close(&desk);
}

static void assert_breaks(struct desk *desk, const char *utf8, int first, int rest, const char *expected)
{
    struct kw_span span = span_of(utf8);
    struct kw_breaks breaks;
    assert_int_equal(kw_text_wrap(desk->text, &span, first * 12, rest * 12, &breaks, &desk->error), 0);
    char joined[512] = "";
    for (size_t i = 0; i < breaks.count; i++) {
        strncat(joined, utf8 + breaks.lines[i].from, breaks.lines[i].length);
        if (i + 1 < breaks.count)
            strcat(joined, "|");
    }
    assert_string_equal(joined, expected);
}

static void lines_break_at_words_and_never_inside_a_grapheme(void **state)
{
    (void)state;
    struct desk desk;
    open_desk(&desk, &printer, KW_DIRECTION_LTR);
    assert_breaks(&desk, "", 10, 10, "");
    assert_breaks(&desk, "one two three", 8, 8, "one two|three");
    assert_breaks(&desk, "one  two", 4, 4, "one|two");
    assert_breaks(&desk, "self-service till", 7, 12, "self-|service till");
    assert_breaks(&desk, "no name or e-mail", 13, 13, "no name or|e-mail");
    assert_breaks(&desk, "\u043A\u0430\u043C\u0435\u043D\u043D\u044B\u0439 \u043F\u0440-\u043A\u0442 9", 12, 12, "\u043A\u0430\u043C\u0435\u043D\u043D\u044B\u0439|\u043F\u0440-\u043A\u0442 9");
    assert_breaks(&desk, "x Jean-de-Vaux", 8, 8, "x Jean-|de-Vaux");
    assert_breaks(&desk, "or visit shop-name.example now", 18, 18, "or visit|shop-name.example|now");
    assert_breaks(&desk, "ask hello@shop-name.example", 12, 18, "ask|hello@shop-name.ex|ample");
    assert_breaks(&desk, "half-price. Well-made", 12, 12, "half-price.|Well-made");
    assert_breaks(&desk, "1.5-litre", 4, 9, "1.5-|litre");
    assert_breaks(&desk, "voici \u00AB mot \u00BB !", 11, 11, "voici|\u00AB mot \u00BB !");
    assert_breaks(&desk, "Rabatt 5 % auf alles", 8, 9, "Rabatt|5 % auf|alles");
    assert_breaks(&desk, "half :-) off ...more", 5, 8, "half|:-) off|...more");
    assert_breaks(&desk, "price -5 each", 7, 7, "price|-5 each");
    assert_breaks(&desk, "tel 22-123-45", 8, 9, "tel|22-123-45");
    assert_breaks(&desk, "abcdefghij k", 4, 4, "abcd|efgh|ij k");
    assert_breaks(&desk, "first\nsecond", 40, 40, "first|second");
    assert_breaks(&desk, "a\xC2\xA0""b c", 3, 3, "a\xC2\xA0""b|c");
    assert_breaks(&desk, "xe\xCC\x81y", 2, 2, "xe\xCC\x81|y");
    desk_close(&desk);
}

/* As the paragraph runs from which it was broken, whatever letters it has itself. */
static void a_line_runs_as_its_paragraph_does(void **state)
{
    (void)state;
    static const struct { enum kw_direction receipt; const char *text, *last, *as; } rows[] = {
        { KW_DIRECTION_RTL, "שלום לכולם (Fri closed)!", "closed)!", "!(closed" },
        { KW_DIRECTION_RTL, "open 9!\nשלום לכולם closed!", "closed!", "!closed" },
        { KW_DIRECTION_LTR, "Good day to all גדול!", "גדול!", "!גדול" },
        { KW_DIRECTION_LTR, "Good day to\nגדול!", "גדול!", "גדול!" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct desk desk;
        struct kw_breaks breaks;
        desk_open(&desk, (struct kw_text_options){ .profile = &printer, .raster = true, .direction = rows[i].receipt });
        struct kw_field whole = field_of(rows[i].text, 0, 576, KW_ALIGN_LEFT), part = whole;
        int dots = 15 * 12;
        assert_int_equal(kw_text_wrap(desk.text, &whole.span, dots, dots, &breaks, &desk.error), 0);
        part.span = kw_text_part(&whole.span, &breaks.lines[breaks.count - 1]);
        assert_int_equal(part.span.length, strlen(rows[i].last));
        assert_memory_equal(part.span.utf8, rows[i].last, part.span.length);
        struct kw_field as = field_of(rows[i].as, 0, 576, KW_ALIGN_LEFT);
        const struct kw_bitmap *one = desk_set(&desk, &part, 1)->bitmap, *two = desk_set(&desk, &as, 1)->bitmap;
        assert_int_equal(one->height, two->height);
        if (memcmp(one->bits, two->bits, (size_t)one->height * (size_t)one->stride) != 0)
            fail_msg("the last line of %s is not set as %s", rows[i].text, rows[i].as);
        desk_close(&desk);
    }
}

static void what_does_not_fit_is_cut_with_a_warning(void **state)
{
    (void)state;
    struct desk desk;
    char out[64];
    open_desk(&desk, &printer, KW_DIRECTION_LTR);
    struct kw_field field = field_of("abcdefgh", 0, 60, KW_ALIGN_RIGHT);
    decode(&printer, desk_set(&desk, &field, 1), out, sizeof out);
    assert_string_equal(out, "abcde");
    assert_int_equal(desk.notes.count, 1);
    assert_int_equal(desk.notes.items[0].warning, KWIT_WARNING_CUT_TEXT);
    desk_close(&desk);
}

static void control_bytes_never_reach_a_run(void **state)
{
    (void)state;
    struct desk desk;
    char out[256];
    open_desk(&desk, &printer, KW_DIRECTION_LTR);
    struct kw_span span = span_of("a\x1B@b\x10\x04\tc\xC2\x9B\x7F");
    struct kw_field field = { .span = span, .width_dots = 576 };
    decode(&printer, desk_set(&desk, &field, 1), out, sizeof out);
    assert_non_null(strstr(out, "a[U+001B]@b[U+0010][U+0004] c[U+009B][U+007F]"));
    assert_true(desk.notes.count >= 4);
    desk_close(&desk);
}

static void fields_stand_where_they_are_put_and_mirror(void **state)
{
    (void)state;
    struct kw_field fields[2] = { field_of("name", 0, 400, KW_ALIGN_LEFT), field_of("1.00", 400, 176, KW_ALIGN_RIGHT) };
    struct desk desk;
    open_desk(&desk, &printer, KW_DIRECTION_LTR);
    const struct kw_line *line = desk_set(&desk, fields, 2);
    assert_int_equal(line->runs[0].x_dots, 0);
    assert_int_equal(line->runs[1].x_dots, 576 - 48);
    assert_string_equal(line->text, "name                                        1.00");
    desk_close(&desk);
    open_desk(&desk, &printer, KW_DIRECTION_RTL);
    line = desk_set(&desk, fields, 2);
    assert_int_equal(line->runs[0].x_dots, 0);
    assert_memory_equal(line->runs[0].bytes, "1.00", 4);
    assert_int_equal(line->runs[1].x_dots, 576 - 48);
    assert_string_equal(line->text, "name                                        1.00");
    desk_close(&desk);
}

static void a_field_that_is_left_out_whole_has_no_run(void **state)
{
    (void)state;
    struct kw_field fields[2] = { field_of("\u202E", 0, 400, KW_ALIGN_LEFT),
                                  field_of("1.00", 400, 176, KW_ALIGN_RIGHT) };
    struct desk desk;
    open_desk(&desk, &printer, KW_DIRECTION_LTR);
    desk_set_text(&desk, "plain");
    const struct kw_line *line = desk_set(&desk, fields, 2);
    assert_int_equal(line->run_count, 1);
    assert_memory_equal(line->runs[0].bytes, "1.00", 4);
    desk_close(&desk);
}

static void random_text_stays_within_its_box(void **state)
{
    (void)state;
    uint32_t seed = 12345;
    for (int round = 0; round < 300; round++) {
        struct desk desk;
        char utf8[200];
        size_t length = 0;
        open_desk(&desk, &printer, round % 2 ? KW_DIRECTION_RTL : KW_DIRECTION_LTR);
        while (length < 150) {
            seed = seed * 1664525u + 1013904223u;
            utf8[length++] = (char)(round % 3 ? seed >> 24 : 0x20 + (seed >> 24) % 0x60);
        }
        struct kw_field field = { .span = { .utf8 = utf8, .length = length, .origin = "" }, .x_dots = 24,
                                  .width_dots = 240 };
        desk_set(&desk, &field, 1);
        struct kw_breaks breaks;
        assert_int_equal(kw_text_wrap(desk.text, &field.span, 100, 200, &breaks, &desk.error), 0);
        for (size_t i = 0; i < breaks.count; i++)
            assert_true(breaks.lines[i].from + breaks.lines[i].length <= length);
        desk_close(&desk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_of_the_tables_come_out_as_iconv_reads_them),
        cmocka_unit_test(decomposed_text_is_composed_first),
        cmocka_unit_test(tables_are_switched_as_rarely_as_can_be),
        cmocka_unit_test(signs_without_a_place_are_written_out_without_a_warning),
        cmocka_unit_test(the_generic_printer_writes_currencies_by_name),
        cmocka_unit_test(two_byte_modes_and_utf8_hold_ideographs),
        cmocka_unit_test(signs_of_the_two_byte_mode_are_not_drawn),
        cmocka_unit_test(signs_among_letters_are_narrow),
        cmocka_unit_test(widths_follow_the_cell_and_its_magnification),
        cmocka_unit_test(lines_break_at_words_and_never_inside_a_grapheme),
        cmocka_unit_test(a_line_runs_as_its_paragraph_does),
        cmocka_unit_test(what_does_not_fit_is_cut_with_a_warning),
        cmocka_unit_test(control_bytes_never_reach_a_run),
        cmocka_unit_test(fields_stand_where_they_are_put_and_mirror),
        cmocka_unit_test(a_field_that_is_left_out_whole_has_no_run),
        cmocka_unit_test(random_text_stays_within_its_box),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
