/*
 * test_printed.c - pages go through the encoder and the simulated printer, whose decoder shares nothing with it: what
 * the page says stands on the paper at its place to the dot, and codes are read from it by zbar.
 */
#include "escpos/escpos.h"
#include "layout/symbol.h"
#include "simulator/simulator.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scan.h"

struct bench {
    const struct kw_profile *profile;
    struct kw_arena *arena;
    struct kw_page page;
    struct kw_encoded encoded;
    struct kw_error error;
    struct kw_bitmap *paper;            /* the first piece */
    size_t papers;
    char events[1 << 17];
    size_t events_length;
};
static struct bench bench;

static void take_paper(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    (void)data, (void)text, (void)dpi;
    if (bench.papers++)
        return;
    bench.paper = kw_bitmap_new(bench.arena, dots->width, dots->height);
    kw_bitmap_blend(bench.paper, dots, 0, 0);
}

static void take_event(void *data, const char *json)
{
    (void)data;
    size_t length = strlen(json);
    if (bench.events_length + length + 2 < sizeof bench.events) {
        memcpy(bench.events + bench.events_length, json, length);
        bench.events_length += length;
        bench.events[bench.events_length++] = '\n';
        bench.events[bench.events_length] = '\0';
    }
}

static void begin(const struct kw_profile *profile)
{
    memset(&bench, 0, sizeof bench);
    bench.profile = profile;
    bench.arena = kw_arena_new(256 << 20);
    kw_page_init(&bench.page, bench.arena, profile->width_dots);
    kw_page_add_piece(&bench.page, KW_PIECE_PAPER, "receipt")->cut = KW_CUT_PARTIAL;
}

static void print_page(void)
{
    struct kw_sim_options options = { .profile = bench.profile, .paper = take_paper, .event = take_event };
    struct kw_sim *sim;
    if (kw_escpos_encode(bench.arena, &bench.page, bench.profile, &bench.encoded, &bench.error) != 0)
        fail_msg("%s: %s", bench.profile->name, bench.error.text);
    assert_int_equal(kw_sim_new(&options, &sim, &bench.error), 0);
    for (size_t i = 0; i < bench.encoded.count; i++) {
        const struct kw_encoded_piece *piece = &bench.encoded.pieces[i];
        for (size_t done = 0; done < piece->length;) {
            ptrdiff_t taken = kw_sim_write(sim, piece->bytes + done, piece->length - done);
            assert_true(taken > 0);
            done += (size_t)taken;
            kw_sim_run(sim);
        }
    }
    assert_int_equal(kw_sim_finish(sim, &bench.error), 0);
    kw_sim_free(sim);
    if (strstr(bench.events, "\"event\":\"warning\""))
        fail_msg("%s: %s", bench.profile->name, strstr(bench.events, "\"event\":\"warning\""));
    assert_non_null(bench.paper);
}

static void end(void)
{
    kw_arena_free(bench.arena);
}

static struct kw_run run(int x, const char *text, struct kw_style style)
{
    int cell = style.font == KW_FONT_B ? bench.profile->font_b_width : bench.profile->font_a_width;
    return (struct kw_run){ .x_dots = x, .width_dots = (int)strlen(text) * cell * (style.width ? style.width : 1),
                            .style = style,
                            .bytes = (const uint8_t *)text, .length = strlen(text) };
}

static void add_line(int height, const struct kw_run *runs, size_t count)
{
    struct kw_op *op = kw_page_add(&bench.page, KW_OP_LINE, "");
    struct kw_run *copy = kw_arena_array(bench.arena, count, sizeof *copy);
    memcpy(copy, runs, count * sizeof *copy);
    op->line = (struct kw_line){ .height_dots = height, .runs = copy, .run_count = count, .text = "" };
}

static struct kw_bitmap *checkered(int width, int height)
{
    struct kw_bitmap *bitmap = kw_bitmap_new(bench.arena, width, height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            if ((x / 3 + y / 5) % 2 == 0 && y % 40 < 28)
                kw_bitmap_set(bitmap, x, y);
    return bitmap;
}

static void add_bitmap(const struct kw_bitmap *bitmap, int x)
{
    struct kw_op *op = kw_page_add(&bench.page, KW_OP_BITMAP, "");
    op->image.bitmap = bitmap;
    op->image.x_dots = x;
}

static int ink_in(int x, int y, int width, int height)
{
    int ink = 0;
    for (int row = y; row < y + height && row < bench.paper->height; row++)
        for (int column = x; column < x + width && column < bench.paper->width; column++)
            ink += kw_bitmap_get(bench.paper, column, row);
    return ink;
}

/* A run's letters stand in its cells, and nothing stands beside them on the line. */
static void assert_line_at(int y, const struct kw_line *line)
{
    int inside = 0;
    for (size_t i = 0; i < line->run_count; i++) {
        int ink = ink_in(line->runs[i].x_dots, y, line->runs[i].width_dots, line->height_dots);
        if (ink == 0)
            fail_msg("%s: nothing stands at %d, %d", bench.profile->name, line->runs[i].x_dots, y);
        inside += ink;
    }
    if (ink_in(0, y, bench.paper->width, line->height_dots) != inside)
        fail_msg("%s: the line at %d has ink outside of its runs", bench.profile->name, y);
}

static void assert_bitmap_at(int x, int y, const struct kw_bitmap *bitmap)
{
    for (int row = 0; row < bitmap->height; row++)
        for (int column = 0; column < bench.paper->width; column++) {
            bool ink = column >= x && column < x + bitmap->width && kw_bitmap_get(bitmap, column - x, row);
            if (y + row >= bench.paper->height || kw_bitmap_get(bench.paper, column, y + row) != ink)
                fail_msg("%s: the picture at %d, %d differs in row %d, column %d", bench.profile->name, x, y, row,
                         column);
        }
}

static void assert_page_on_paper(void)
{
    const struct kw_piece *piece = &bench.page.pieces[0];
    int y = 0;
    for (size_t i = 0; i < piece->op_count; i++) {
        const struct kw_op *op = &piece->ops[i];
        if (op->kind == KW_OP_LINE && op->line.run_count)
            assert_line_at(y, &op->line);
        else if (op->kind == KW_OP_BITMAP)
            assert_bitmap_at(op->image.x_dots, y, op->image.bitmap);
        else if (op->kind == KW_OP_SYMBOL && op->symbol.symbology != KW_PDF417) {
            /* The printer centres by its own width, which may count one module of white at an end. */
            int ink = ink_in(op->symbol.x_dots - op->symbol.module_dots, y,
                             op->symbol.width_dots + 2 * op->symbol.module_dots, op->symbol.height_dots);
            if (ink == 0 || ink != ink_in(0, y, bench.paper->width, op->symbol.height_dots))
                fail_msg("%s: %s at %d, %d is not in its place: %d dots of ink of %d are", bench.profile->name,
                         kw_symbology_word((enum kw_symbology)op->symbol.symbology), op->symbol.x_dots, y, ink,
                         ink_in(0, y, bench.paper->width, op->symbol.height_dots));
        }
        y += kw_op_height_dots(op);
    }
    assert_true(ink_in(0, y, bench.paper->width, 4000) == 0);
}

/*
 * Where pictures are columns alone the paper moves by 24 dots at least, and what follows may stand a little lower.
 * Where only blanks move along a line, a run stands on the next cell.
 */
static bool stands_exactly(const struct kw_profile *profile)
{
    return profile->language == KW_LANGUAGE_ESCPOS && !(profile->quirks & KW_QUIRK_NOT_ESCPOS)
        && profile->graphics != KW_GRAPHICS_COLUMN && !(profile->quirks & KW_QUIRK_NO_JUMP);
}

#define EACH_EXACT_PROFILE(row) \
    const struct kw_profile *row; \
    for (size_t index = 0; (row = kw_profile_at(index)) != NULL; index++) \
        if (stands_exactly(row))

static void text_and_pictures_stand_at_their_place_on_every_model(void **state)
{
    (void)state;
    EACH_EXACT_PROFILE(profile) {
        begin(profile);
        int width = profile->width_dots, cell = profile->font_a_width;
        struct kw_style large = { .width = 2, .height = 2, .bold = true }, small = { .font = KW_FONT_B };
        struct kw_style huge = { .width = 4, .height = 3 };
        const struct kw_style plain = { 0 };
        const struct kw_run first[] = { run(0, "Bread", plain), run(width - 5 * cell, "12,50", plain) };
        const struct kw_run second[] = { run(0, "TOTAL", large), run(width - 8 * cell, "9.99", large) };
        const struct kw_run third[] = { run(7, "small", small), run(131, "8", (struct kw_style){ .bold = true }) };
        const struct kw_run fourth[] = { run(31, "XL", huge) };
        add_line(30, first, 2);
        add_line(60, second, 2);
        add_bitmap(checkered(137, 210), 41);
        kw_page_feed(&bench.page, 300);
        add_line(34, third, 2);
        add_bitmap(checkered(width, 33), 0);
        add_line(80, fourth, 1);
        add_bitmap(checkered(9, 9), width - 9);
        add_line(30, first, 2);
        print_page();
        assert_page_on_paper();
        assert_int_equal(bench.papers, 1);
        end();
    }
}

/* ---- random pages ------------------------------------------------------------------------------------------------ */

static unsigned seed;
static int draw_number(int below)
{
    seed = seed * 1103515245 + 12345;
    return (int)((seed >> 16) % (unsigned)below);
}

static struct kw_style random_style(void)
{
    struct kw_style style = { .font = (uint8_t)draw_number(2), .bold = draw_number(3) == 0,
                              .underline = draw_number(6) == 0,
                              .invert = draw_number(6) == 0 };
    static const uint8_t sizes[] = { 1, 1, 1, 1, 2, 2, 3, 4 };
    style.width = sizes[draw_number(8)];
    style.height = sizes[draw_number(8)];
    return style;
}

/* Runs from left to right with gaps of any width, each in a table of the profile. */
static void add_random_line(void)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    struct kw_run runs[6];
    size_t count = 0;
    int x = 0, tallest = 1;
    for (int tries = 1 + draw_number(5); tries > 0; tries--) {
        struct kw_style style = random_style();
        char *text = kw_arena_alloc(bench.arena, 12);
        for (int i = 0, length = 1 + draw_number(10); i < length; i++)
            text[i] = letters[draw_number(sizeof letters - 1)];
        struct kw_run one = run(x + (draw_number(3) ? draw_number(40) : 0), text, style);
        one.table = kw_profile_tables(bench.profile)[draw_number((int)bench.profile->table_count)].n;
        if (one.x_dots + one.width_dots > bench.profile->width_dots)
            break;
        x = one.x_dots + one.width_dots;
        tallest = style.height > tallest ? style.height : tallest;
        runs[count++] = one;
    }
    if (count)
        add_line(tallest * bench.profile->font_a_height + draw_number(12), runs, count);
}

static void add_random_op(void)
{
    int width = bench.profile->width_dots, side = 1 + draw_number(width);
    switch (draw_number(8)) {
    case 0:
        kw_page_feed(&bench.page, 1 + draw_number(400));
        break;
    case 1:
        add_bitmap(checkered(side, 1 + draw_number(120)), draw_number(width - side + 1));
        break;
    default:
        add_random_line();
    }
}

static void random_pages_stand_on_the_paper_dot_by_dot(void **state)
{
    size_t models = 0;
    (void)state;
    while (kw_profile_at(models))
        models++;
    for (unsigned round = 0; round < 300; round++) {
        seed = round * 7919 + 1;
        const struct kw_profile *profile = kw_profile_at((size_t)draw_number((int)models));
        begin(stands_exactly(profile) ? profile : kw_profile_find("generic"));
        for (int ops = 1 + draw_number(25); ops > 0; ops--)
            add_random_op();
        add_line(30, &(struct kw_run){ 0, 12, { 0 }, 0, 0, (const uint8_t *)"X", 1 }, 1);
        print_page();
        assert_page_on_paper();
        end();
    }
}

static const struct { enum kw_symbology symbology; const char *data, *type; } codes[] = {
    { KW_QR, "https://kwit.example/s/1ab2c3d4e5f6g7h8?src=receipt", "QR-Code" },
    { KW_EAN13, "5901234123457", "EAN-13" }, { KW_EAN8, "96385074", "EAN-8" }, { KW_UPC_A, "036000291452", "UPC-A" },
    { KW_UPC_E, "04252614", "UPC-E" }, { KW_CODE39, "KWIT-39", "CODE-39" }, { KW_ITF, "15400141288763", "I2/5" },
    { KW_CODABAR, "A40156B", "Codabar" }, { KW_CODE93, "KWIT 93", "CODE-93" },
    { KW_CODE128, "S-2026-000123", "CODE-128" },
    { KW_CODE128, "x1004200416", "CODE-128" },
    { KW_GS1_128, "(01)05901234123457", "CODE-128" }, { KW_QR, "1234567890", "QR-Code" },
};

static void print_code(size_t i, int drawing, struct kw_symbol_plan *plan)
{
    struct kw_symbol_wish wish = { .symbology = codes[i].symbology, .data = codes[i].data,
                                   .length = strlen(codes[i].data),
                                   .drawing = drawing };
    if (kw_symbol_prepare(bench.arena, bench.profile, &wish, plan, &bench.error) != 0)
        fail_msg("%s, %s: %s", bench.profile->name, codes[i].data, bench.error.text);
    kw_symbol_place(&bench.page, plan, "/codes/0");
    print_page();
}

static void every_code_is_read_from_the_paper_on(const char *name, int drawing)
{
    static struct scanned found[4];
    const struct kw_profile *profile = kw_profile_find(name);
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        struct kw_symbol_plan plan;
        begin(profile);
        print_code(i, drawing, &plan);
        assert_page_on_paper();
        size_t count = scan_bitmap(bench.paper, 40, found, 4);
        if (count != 1 || strcmp(found[0].type, codes[i].type) != 0 || strcmp(found[0].data, plan.scanned) != 0)
            fail_msg("%s, %s: %zu codes, %s %s", name, codes[i].data, count, found[0].type, found[0].data);
        end();
    }
}

static void every_code_is_read_from_six_printers_of_four_makers(void **state)
{
    static const char *const names[] = { "tm-t88v", "tm-t20iii", "srp-350iii", "ct-s310ii",
                                         "xp-n160ii", "pos-80", "tsp650ii", "generic" };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        every_code_is_read_from_the_paper_on(names[i], KW_DRAWING_AUTO);
}

static void every_code_is_read_when_kwit_draws_it(void **state)
{
    (void)state;
    every_code_is_read_from_the_paper_on("tm-t88v", KW_DRAWING_RASTER);
    every_code_is_read_from_the_paper_on("th230", KW_DRAWING_RASTER);
    every_code_is_read_from_the_paper_on("pos-58", KW_DRAWING_RASTER);
}

/* zbar reads no PDF417: the simulator's event says what was drawn and how wide. */
static void a_pdf417_fits_where_it_was_planned(void **state)
{
    (void)state;
    static const char *const names[] = { "tm-t88v", "tm-t20iii", "tm-p20ii" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        static const char ticket[] = "TICKET 2026-11-22 A17 0123456789";
        struct kw_symbol_wish wish = { .symbology = KW_PDF417, .data = ticket, .length = sizeof ticket - 1 };
        struct kw_symbol_plan plan;
        begin(kw_profile_find(names[i]));
        assert_int_equal(kw_symbol_prepare(bench.arena, bench.profile, &wish, &plan, &bench.error), 0);
        kw_symbol_place(&bench.page, &plan, "/codes/0");
        print_page();
        int y = plan.above_dots, x = plan.op.symbol.x_dots;
        assert_true(ink_in(x, y, 1, 20) > 0 && ink_in(x + plan.width_dots - 1, y, 1, 20) > 0);
        assert_int_equal(ink_in(0, 0, bench.paper->width, bench.paper->height),
                         ink_in(x, y, plan.width_dots, plan.height_dots));
        end();
    }
}

/* As a program that reads the bytes for letters finds it, or a board that takes pairs of set C for letters. */
static void code128_is_told_to_the_printer_as_it_is_written(void **state)
{
    static const struct { const char *model, *data; int asked; const char *native; } rows[] = {
        { "tm-t20iii", "S-2026-000123", 0, "{BS-2026-000123" }, { "pos-58", "1234567890", 0, "{B1234567890" },
        { "pos-58", "S-2026-000123", 0, "{BS-2026-000123" }, { "tm-t20iii", "{1}", 0, "{B{{1}" },
        { "pos-58", "1234567890123456", 0, "{C\x0C\x22\x38\x4E\x5A\x0C\x22\x38" },         /* no room in set B */
        { "pos-58", "1234567890", 3, "{C\x0C\x22\x38\x4E\x5A" },                      /* nor at three dots */
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        static struct scanned found[4];
        struct kw_symbol_wish wish = { .symbology = KW_CODE128, .data = rows[i].data, .length = strlen(rows[i].data),
                                       .module_dots = rows[i].asked };
        struct kw_symbol_plan plan;
        begin(kw_profile_find(rows[i].model));
        assert_int_equal(kw_symbol_prepare(bench.arena, bench.profile, &wish, &plan, &bench.error), 0);
        assert_true(plan.native);
        assert_int_equal(plan.op.symbol.length, strlen(rows[i].native));
        assert_memory_equal(plan.op.symbol.data, rows[i].native, strlen(rows[i].native));
        kw_symbol_place(&bench.page, &plan, "/codes/0");
        print_page();
        assert_page_on_paper();
        assert_int_equal(scan_bitmap(bench.paper, 40, found, 4), 1);
        assert_string_equal(found[0].data, rows[i].data);
        end();
    }
}

static void sizes_in_millimetres_become_whole_dots(void **state)
{
    static const char url[] = "https://qr.example/receipt/0123456789abcdef0123456789abcdef0123456789abcdef";
    struct kw_symbol_wish wish = { .symbology = KW_QR, .data = url, .length = sizeof url - 1, .size_mm = 30 };
    struct kw_symbol_plan plan;
    (void)state;
    begin(kw_profile_find("tm-t20iii"));
    assert_int_equal(kw_symbol_prepare(bench.arena, bench.profile, &wish, &plan, &bench.error), 0);
    assert_int_equal(plan.width_dots % plan.module_dots, 0);
    assert_in_range(plan.width_dots, 240 - 20, 240 + 20);
    wish.size_mm = 0;
    wish.min_mm = 40;
    assert_int_equal(kw_symbol_prepare(bench.arena, bench.profile, &wish, &plan, &bench.error), 0);
    assert_in_range(plan.width_dots, 320, 360);
    wish.max_mm = wish.min_mm = 0;
    wish.max_mm = 20;
    assert_int_equal(kw_symbol_prepare(bench.arena, bench.profile, &wish, &plan, &bench.error), 0);
    assert_true(plan.width_dots <= 160 && plan.module_dots >= 3);
    wish.max_mm = 5;
    assert_int_equal(kw_symbol_prepare(bench.arena, bench.profile, &wish, &plan, &bench.error), KWIT_E_UNPRINTABLE);
    wish.max_mm = 0;
    wish.min_mm = 80;
    assert_int_equal(kw_symbol_prepare(bench.arena, bench.profile, &wish, &plan, &bench.error), KWIT_E_UNPRINTABLE);
    end();
}

/* Any wish on any model: between floor and ceiling to one dot a module, quiet zone and all on the paper, or refused. */
static void a_symbol_is_within_its_sizes_or_refused(void **state)
{
    static char data[900];
    (void)state;
    memset(data, 'x', sizeof data);
    seed = 4711;
    EACH_EXACT_PROFILE(profile) {
        begin(profile);
        for (int round = 0; round < 40; round++) {
            struct kw_symbol_wish wish = { .symbology = KW_QR, .data = data, .length = (size_t)(1 + draw_number(600)),
                                           .min_mm = draw_number(2) ? 10 + draw_number(40) : 0,
                                           .drawing = KW_DRAWING_NATIVE };
            wish.max_mm = draw_number(2) ? wish.min_mm + 5 + draw_number(30) : 0;
            struct kw_symbol_plan plan;
            if (kw_symbol_prepare(bench.arena, profile, &wish, &plan, &bench.error) != 0) {
                assert_true(bench.error.code == KWIT_E_UNPRINTABLE && strlen(bench.error.text) > 20);
                continue;
            }
            int modules = plan.width_dots / plan.module_dots,
                paper = kw_profile_mm_to_dots(profile, profile->paper_mm * 10);
            assert_true(plan.module_dots >= 3 && plan.width_dots % plan.module_dots == 0 && (modules - 17) % 4 == 0);
            assert_true(plan.width_dots >= kw_profile_mm_to_dots(profile, wish.min_mm * 10));
            assert_true(wish.max_mm == 0
                        || plan.width_dots - modules < kw_profile_mm_to_dots(profile, wish.max_mm * 10));
            assert_true(plan.width_dots <= profile->width_dots);
            assert_true(plan.width_dots + 8 * plan.module_dots
                        <= (paper > profile->width_dots ? paper : profile->width_dots));
            assert_true(plan.above_dots >= 4 * plan.module_dots && plan.below_dots >= 4 * plan.module_dots);
        }
        end();
    }
}

static void data_that_a_printer_would_obey_is_drawn(void **state)
{
    /* GS1-128 has its pairs in set C: 16 04; QR: the bytes themselves; a QR of 1037 bytes has the length 10 04. */
    static char long_data[1037];
    const struct { enum kw_symbology symbology; const char *data; size_t length; } rows[] = {
        { KW_GS1_128, "(10)98160411", 12 }, { KW_QR, "ab\x10\x04zz", 6 }, { KW_QR, long_data, sizeof long_data },
    };
    (void)state;
    memset(long_data, '7', sizeof long_data);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_symbol_wish wish = { .symbology = rows[i].symbology, .data = rows[i].data, .length = rows[i].length };
        struct kw_symbol_plan plan;
        begin(kw_profile_find("tm-t20iii"));
        assert_int_equal(kw_symbol_prepare(bench.arena, bench.profile, &wish, &plan, &bench.error), 0);
        assert_false(plan.native);
        kw_symbol_place(&bench.page, &plan, "");
        print_page();
        assert_page_on_paper();
        end();
    }
}

static void a_logo_in_memory_is_printed_by_its_name(void **state)
{
    struct kw_buffer command;
    struct kw_sim_options options = { .paper = take_paper, .event = take_event };
    struct kw_sim *sim;
    (void)state;
    begin(kw_profile_find("tm-t20iii"));
    options.profile = bench.profile;
    struct kw_bitmap *logo = checkered(200, 130);       /* with its header the length would be 10 .. */
    kw_buffer_init(&command, 1 << 20);
    assert_int_equal(kw_escpos_store_logo(bench.profile, logo, (const uint8_t *)"KL", &command, &bench.error), 0);
    struct kw_op *op = kw_page_add(&bench.page, KW_OP_STORED_LOGO, "");
    memcpy(op->logo.key, "KL", 2);
    op->logo.x_dots = 188;
    op->logo.width_dots = 200;
    op->logo.height_dots = 130;
    assert_int_equal(kw_escpos_encode(bench.arena, &bench.page, bench.profile, &bench.encoded, &bench.error), 0);
    assert_int_equal(kw_sim_new(&options, &sim, &bench.error), 0);
    assert_int_equal(kw_sim_write(sim, command.data, command.length), command.length);
    kw_sim_run(sim);
    assert_int_equal(kw_sim_write(sim, bench.encoded.pieces[0].bytes, bench.encoded.pieces[0].length),
                     bench.encoded.pieces[0].length);
    kw_sim_run(sim);
    assert_int_equal(kw_sim_finish(sim, &bench.error), 0);
    kw_sim_free(sim);
    assert_bitmap_at(188, 0, logo);
    assert_int_equal(kw_escpos_find_realtime(command.data, command.length), SIZE_MAX);
    assert_int_equal(kw_escpos_store_logo(kw_profile_find("pos-58"), logo, (const uint8_t *)"KL", &command,
                                          &bench.error),
                     KWIT_E_UNSUPPORTED);
    kw_buffer_free(&command);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_and_pictures_stand_at_their_place_on_every_model),
        cmocka_unit_test(random_pages_stand_on_the_paper_dot_by_dot),
        cmocka_unit_test(every_code_is_read_from_six_printers_of_four_makers),
        cmocka_unit_test(every_code_is_read_when_kwit_draws_it),
        cmocka_unit_test(a_pdf417_fits_where_it_was_planned),
        cmocka_unit_test(code128_is_told_to_the_printer_as_it_is_written),
        cmocka_unit_test(sizes_in_millimetres_become_whole_dots),
        cmocka_unit_test(a_symbol_is_within_its_sizes_or_refused),
        cmocka_unit_test(data_that_a_printer_would_obey_is_drawn),
        cmocka_unit_test(a_logo_in_memory_is_printed_by_its_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
