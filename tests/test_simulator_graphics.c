/* test_simulator_graphics.c - pictures in every form come out dot for dot, fast, and in bounded memory. */
#include "base/clock.h"
#include "support/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <cmocka.h>

enum { WIDE = 40, HIGH = 30 };

/* A picture without symmetry. */
static bool dot(int x, int y)
{
    return ((x * 7 + y * 13 + x * y) % 11) < 4;
}

static void expect_dots(const struct kw_bitmap *paper, int left, int top, int width, int height, int wide, int high)
{
    for (int y = 0; y < height * high; y++)
        for (int x = 0; x < width * wide; x++)
            if (kw_bitmap_get(paper, left + x, top + y) != dot(x / wide, y / high))
                fail_msg("dot %d, %d", x, y);
}

static size_t rows_of(uint8_t *out, int width, int height)
{
    size_t stride = (size_t)(width + 7) / 8;
    memset(out, 0, stride * (size_t)height);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++)
            if (dot(x, y))
                out[(size_t)y * stride + (size_t)x / 8] |= (uint8_t)(0x80 >> (x & 7));
    return stride * (size_t)height;
}

static size_t columns_of(uint8_t *out, int width, int height)
{
    size_t high = (size_t)(height + 7) / 8;
    memset(out, 0, high * (size_t)width);
    for (int x = 0; x < width; x++)
        for (int y = 0; y < height; y++)
            if (dot(x, y))
                out[(size_t)x * high + (size_t)y / 8] |= (uint8_t)(0x80 >> (y & 7));
    return high * (size_t)width;
}

static void rasters_come_out_dot_for_dot_in_four_sizes(void **state)
{
    (void)state;
    for (int mode = 0; mode < 4; mode++) {
        uint8_t bytes[8 + WIDE / 8 * HIGH] = { 0x1D, 'v', '0', (uint8_t)mode, WIDE / 8, 0, HIGH, 0 };
        struct machine machine;
        rows_of(bytes + 8, WIDE, HIGH);
        machine_print(&machine, bytes, sizeof bytes);
        assert_int_equal(machine.papers[0]->height, HIGH * (mode & 2 ? 2 : 1));
        expect_dots(machine.papers[0], 0, 0, WIDE, HIGH, mode & 1 ? 2 : 1, mode & 2 ? 2 : 1);
        assert_int_equal(machine_events(&machine, "\"event\":\"image\""), 1);
        machine_free(&machine);
    }
}

static void rasters_keep_their_place(void **state)
{
    static const struct { const char *before; int x; } rows[] = {
        { "\x1b" "a\x01", (576 - WIDE) / 2 }, { "\x1b" "a\x02", 576 - WIDE }, { "\x1dL\x0d\x00", 13 },
        { "\x1b$\x15\x00", 21 },
        { "\x1dL\x0d\x00\x1dW\x40\x00\x1b" "a\x02", 13 + 64 - WIDE }
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[64 + WIDE / 8 * HIGH];
        static const uint8_t head[8] = { 0x1D, 'v', '0', 0, WIDE / 8, 0, HIGH, 0 };
        size_t before = i == 0 || i == 1 ? 3 : i < 4 ? 4 : 11;
        struct machine machine;
        memcpy(bytes, rows[i].before, before);
        memcpy(bytes + before, head, sizeof head);
        size_t length = rows_of(bytes + before + 8, WIDE, HIGH);
        machine_print(&machine, bytes, before + 8 + length);
        expect_dots(machine.papers[0], rows[i].x, 0, WIDE, HIGH, 1, 1);
        machine_free(&machine);
    }
}

static void what_is_wider_than_the_paper_is_cut_off(void **state)
{
    uint8_t *bytes = calloc(1, 8 + 300 * 20);
    struct machine machine;
    (void)state;
    memcpy(bytes, (uint8_t[]){ 0x1D, 'v', '0', 0, 300 & 255, 300 >> 8, 20, 0 }, 8);
    rows_of(bytes + 8, 2400, 20);
    machine_print(&machine, bytes, 8 + 300 * 20);
    expect_dots(machine.papers[0], 0, 0, 576, 20, 1, 1);
    assert_int_equal(machine.papers[0]->height, 20);
    machine_free(&machine);
    free(bytes);
}

static void what_is_wider_than_the_print_area_is_cut_off_there(void **state)
{
    uint8_t bytes[16 + WIDE / 8 * HIGH] = { 0x1D, 'L', 13, 0, 0x1D, 'W', 16, 0,
                                            0x1D, 'v', '0', 0, WIDE / 8, 0, HIGH, 0 };
    struct machine machine;
    (void)state;
    rows_of(bytes + 16, WIDE, HIGH);
    machine_print(&machine, bytes, sizeof bytes);
    expect_dots(machine.papers[0], 13, 0, 16, HIGH, 1, 1);
    for (int y = 0; y < HIGH; y++)
        for (int x = 13 + 16; x < 576; x++)
            assert_false(kw_bitmap_get(machine.papers[0], x, y));
    machine_free(&machine);
}

static void column_pictures_come_out_in_four_densities(void **state)
{
    static const struct { uint8_t mode; int bytes_high, wide, high; } rows[] = { { 0, 1, 2, 3 }, { 1, 1, 1, 3 },
                                                                                 { 32, 3, 2, 1 }, { 33, 3, 1, 1 } };
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        uint8_t bytes[5 + WIDE * 3 + 1] = { 0x1B, '*', rows[i].mode, WIDE, 0 };
        struct machine machine;
        size_t length = columns_of(bytes + 5, WIDE, rows[i].bytes_high * 8);
        bytes[5 + length] = '\n';
        machine_print(&machine, bytes, 5 + length + 1);
        expect_dots(machine.papers[0], 0, 0, WIDE, rows[i].bytes_high * 8, rows[i].wide, rows[i].high);
        machine_free(&machine);
    }
}

/* Bands with ESC 3 24 touch each other. */
static void bands_of_columns_touch(void **state)
{
    uint8_t bytes[3 + 2 * (5 + WIDE * 3 + 1)] = { 0x1B, '3', 24 }, columns[WIDE * 6];
    struct machine machine;
    size_t at = 3;
    (void)state;
    columns_of(columns, WIDE, 48);
    for (int band = 0; band < 2; band++) {
        memcpy(bytes + at, (uint8_t[]){ 0x1B, '*', 33, WIDE, 0 }, 5);
        for (int x = 0; x < WIDE; x++)
            memcpy(bytes + at + 5 + x * 3, columns + x * 6 + band * 3, 3);
        at += 5 + WIDE * 3;
        bytes[at++] = '\n';
    }
    machine_print(&machine, bytes, at);
    assert_int_equal(machine.papers[0]->height, 48);
    expect_dots(machine.papers[0], 0, 0, WIDE, 48, 1, 1);
    machine_free(&machine);
}

/* GS ( L and GS 8 L: head, dots, then print. */
static size_t stored(uint8_t *out, bool eight, uint8_t function, uint8_t scale)
{
    uint8_t data[1000];
    size_t length = function == 112 ? rows_of(data, 37, HIGH) : columns_of(data, 37, HIGH), count = length + 10, at = 0;
    memcpy(out, eight ? "\x1d" "8L" : "\x1d(L", 3);
    at = 3;
    out[at++] = (uint8_t)count;
    out[at++] = (uint8_t)(count >> 8);
    if (eight) {
        out[at++] = 0;
        out[at++] = 0;
    }
    memcpy(out + at, (uint8_t[]){ 48, function, 48, scale, scale, 49, 37, 0, HIGH, 0 }, 10);
    memcpy(out + at + 10, data, length);
    at += 10 + length;
    memcpy(out + at, "\x1d(L\x02\x00\x30\x32", 7);
    return at + 7;
}

static void stored_graphics_come_out_in_every_form(void **state)
{
    (void)state;
    for (int form = 0; form < 8; form++) {
        uint8_t bytes[2000];
        struct machine machine;
        int scale = form & 4 ? 2 : 1;
        size_t length = stored(bytes, form & 1, form & 2 ? 113 : 112, (uint8_t)scale);
        machine_print(&machine, bytes, length);
        assert_int_equal(machine.papers[0]->height, HIGH * scale);
        expect_dots(machine.papers[0], 0, 0, 37, HIGH, scale, scale);
        for (int y = 0; y < HIGH; y++)                      /* the bits behind the width are not dots */
            assert_false(kw_bitmap_get(machine.papers[0], 37 * scale, y));
        machine_free(&machine);
    }
}

static void graphics_by_key_survive_what_they_should(void **state)
{
    uint8_t bytes[2000], data[1000];
    struct machine machine;
    (void)state;
    size_t length = rows_of(data, WIDE, HIGH), count = length + 11;
    memcpy(bytes, (uint8_t[]){ 0x1D, '(', 'L', (uint8_t)count, (uint8_t)(count >> 8), 48, 67, 48, 'K', '1', 1, WIDE, 0,
                               HIGH, 0, 49 }, 16);
    memcpy(bytes + 16, data, length);
    memcpy(bytes + 16 + length, "\x1b@\x1d(L\x06\x00\x30\x45K1\x01\x01", 13);
    machine_print(&machine, bytes, 16 + length + 13);
    expect_dots(machine.papers[0], 0, 0, WIDE, HIGH, 1, 1);
    machine_free(&machine);
    bytes[6] = 83;                                          /* download memory does not outlive ESC @ */
    memcpy(bytes + 16 + length, "\x1b@\x1d(L\x06\x00\x30\x55K1\x01\x01", 13);
    machine_print(&machine, bytes, 16 + length + 13);
    assert_int_equal(machine.paper_count, 0);
    machine_free(&machine);
    memcpy(bytes + 16 + length, "\x1d(L\x06\x00\x30\x55K1\x01\x01", 11);
    machine_print(&machine, bytes, 16 + length + 11);
    expect_dots(machine.papers[0], 0, 0, WIDE, HIGH, 1, 1);
    machine_free(&machine);
}

/* GS ( L with this function, for pictures of eight dots. */
#define GRAPHICS(machine, bytes) machine_feed(machine, bytes, sizeof(bytes) - 1)
#define FREE_NV "\x1d(L\x02\x00\x30\x33"
#define DEFINE(fn, key) "\x1d(L\x0c\x00\x30" fn "0" key "\x01\x08\x00\x01\x00" "1\xa5"
#define LIST(fn) "\x1d(L\x04\x00\x30" fn "KC"

static const char *answer(struct machine *machine, const char *bytes, size_t length)
{
    machine_feed(machine, bytes, length);
    return machine_replies(machine);
}
#define ASK(machine, bytes) answer(machine, bytes, sizeof(bytes) - 1)

static void keys_are_listed_counted_and_removed(void **state)
{
    struct machine machine;
    (void)state;
    machine_begin(&machine);
    assert_string_equal(ASK(&machine, "\x1d(L\x02\x00\x30\x30"), "37 30 33 39 33 32 31 36 00");
    assert_string_equal(ASK(&machine, LIST("\x40")), "37 72 40 00");
    GRAPHICS(&machine, DEFINE("\x43", "AB") DEFINE("\x43", "CD") DEFINE("\x53", "EF"));
    assert_string_equal(ASK(&machine, LIST("\x40")), "37 72 40 41 42 43 44 00");
    assert_string_equal(ASK(&machine, LIST("\x50")), "37 73 40 45 46 00");
    assert_string_equal(ASK(&machine, FREE_NV), "37 31 33 39 33 32 31 34 00");
    assert_string_equal(ASK(&machine, "\x1d(L\x02\x00\x30\x34"), "37 32 33 39 33 32 31 35 00");
    GRAPHICS(&machine, DEFINE("\x43", "AB"));               /* again: it takes the place of the old one */
    assert_string_equal(ASK(&machine, FREE_NV), "37 31 33 39 33 32 31 34 00");
    GRAPHICS(&machine, "\x1d(L\x04\x00\x30\x42" "ZZ\x1d(L\x04\x00\x30\x42" "AB");
    assert_string_equal(ASK(&machine, LIST("\x40")), "37 72 40 43 44 00");
    GRAPHICS(&machine, "\x1d(L\x05\x00\x30\x51" "CLR");
    assert_string_equal(ASK(&machine, LIST("\x50")), "37 73 40 00");
    assert_string_equal(ASK(&machine, LIST("\x40")), "37 72 40 43 44 00");
    assert_int_equal(machine_events(&machine, "\"event\":\"warning\""), 0);
    GRAPHICS(&machine, "\x1d(L\x06\x00\x30\x45" "AB\x01\x01\x1d(L\x02\x00\x30\x63");
    assert_int_equal(machine_events(&machine, "\"event\":\"warning\""), 2);
    machine_free(&machine);
}

static void a_key_defined_by_columns_is_the_same_picture(void **state)
{
    uint8_t bytes[2000];
    struct machine machine;
    (void)state;
    size_t length = columns_of(bytes + 16, WIDE, HIGH), count = length + 11;
    memcpy(bytes, (uint8_t[]){ 0x1D, '(', 'L', (uint8_t)count, (uint8_t)(count >> 8), 48, 68, 48, 'K', '1', 1, WIDE, 0,
                               HIGH, 0, 49 }, 16);
    memcpy(bytes + 16 + length, "\x1d(L\x06\x00\x30\x45K1\x02\x01", 11);
    machine_print(&machine, bytes, 16 + length + 11);
    expect_dots(machine.papers[0], 0, 0, WIDE, HIGH, 2, 1);
    machine_free(&machine);
}

#define STORE(colour, dots) "\x1d(L\x0b\x00\x30\x70\x30\x01\x01" colour "\x08\x00\x01\x00" dots
#define PRINT_STORED "\x1d(L\x02\x00\x30\x32"

static uint8_t byte_printed(const char *bytes, size_t length)
{
    struct machine machine;
    uint8_t byte = 0;
    machine_print(&machine, bytes, length);
    if (machine.paper_count == 1)
        byte = machine.papers[0]->bits[0];
    machine_free(&machine);
    return byte;
}
#define PRINTED(bytes) byte_printed(bytes, sizeof(bytes) - 1)

static void colours_lie_on_each_other_and_the_same_one_is_replaced(void **state)
{
    (void)state;
    assert_int_equal(PRINTED(STORE("1", "\xf0") STORE("2", "\x0c") PRINT_STORED), 0xfc);
    assert_int_equal(PRINTED(STORE("1", "\xf0") STORE("1", "\x0c") PRINT_STORED), 0x0c);
    assert_int_equal(PRINTED(STORE("1", "\xf0") PRINT_STORED PRINT_STORED), 0xf0);
    struct machine machine;
    static const char wrong[] = STORE("1", "\xf0") "\x1d(L\x0b\x00\x30\x70\x30\x03\x01\x31\x08\x00\x01\x00\xff";
    machine_print(&machine, wrong, sizeof wrong - 1);
    assert_int_equal(machine_events(&machine, "out of range"), 1);
    machine_free(&machine);
}

static void old_images_come_out(void **state)
{
    uint8_t bytes[2000] = { 0x1D, '*', WIDE / 8, 4 };
    struct machine machine;
    (void)state;
    size_t length = columns_of(bytes + 4, WIDE, 32);
    memcpy(bytes + 4 + length, "\x1d/\x03", 3);
    machine_print(&machine, bytes, 4 + length + 3);
    expect_dots(machine.papers[0], 0, 0, WIDE, 32, 2, 2);
    machine_free(&machine);
    memcpy(bytes, "\x1cq\x01\x05\x00\x04\x00", 7);
    columns_of(bytes + 7, WIDE, 32);
    memcpy(bytes + 7 + length, "\x1b@\x1cp\x01\x00", 6);
    machine_print(&machine, bytes, 7 + length + 6);
    expect_dots(machine.papers[0], 0, 0, WIDE, 32, 1, 1);
    machine_free(&machine);
    memcpy(bytes, (uint8_t[]){ 0x1D, 'Q', '0', 0, WIDE, 0, 4, 0 }, 8);
    columns_of(bytes + 8, WIDE, 32);
    machine_print(&machine, bytes, 8 + length);
    expect_dots(machine.papers[0], 0, 0, WIDE, 32, 1, 1);
    machine_free(&machine);
}

/* ---- speed and memory ---- */

static void take_nothing(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    (void)text;
    (void)dpi;
    *(int *)data += dots->height;
}

static void rasters_are_drawn_a_hundred_times_faster_than_a_printer(void **state)
{
    enum { ROWS = 2000, TIMES = 20, PRINTER_MM_S = 300 };
    struct kw_sim_options options = { .profile = kw_profile_find("tm-t20iii"), .paper = take_nothing };
    uint8_t *bytes = malloc(8 + 72 * ROWS);
    struct kw_sim *sim;
    struct kw_error error;
    int rows = 0;
    (void)state;
    options.output_data = &rows;
    memcpy(bytes, (uint8_t[]){ 0x1D, 'v', '0', 0, 72, 0, ROWS & 255, ROWS >> 8 }, 8);
    rows_of(bytes + 8, 576, ROWS);
    assert_int_equal(kw_sim_new(&options, &sim, &error), 0);
    clock_t began = clock();
    for (int i = 0; i < TIMES; i++)
        for (size_t done = 0; done < 8 + 72 * ROWS;)
            done += (size_t)kw_sim_write(sim, bytes + done, 8 + 72 * ROWS - done);
    assert_int_equal(kw_sim_finish(sim, &error), 0);
    double seconds = (double)(clock() - began) / CLOCKS_PER_SEC, printer = ROWS * TIMES / 8.0 / PRINTER_MM_S;
    kw_sim_free(sim);
    free(bytes);
    assert_int_equal(rows, ROWS * TIMES);
    print_message("%.0f times a printer at %d mm/s (sanitized)\n", printer / seconds, PRINTER_MM_S);
    assert_true(printer / seconds > 20);            /* the sanitizers cost the rest; the bench has the real one */
}

/* What claims to be gigabytes is read over; memory does not grow with it. */
static void hostile_lengths_cost_no_memory(void **state)
{
    static const struct { const char *bytes; size_t length; } heads[] = {
        { "\x1dv0\x00\xff\xff\xff\xff", 8 }, { "\x1d" "8L\xff\xff\xff\xff\x30\x70\x30\x01\x01\x31\xff\xff\xff\xff",
                                               17 },
        { "\x1dQ0\x00\xff\xff\xff\xff", 8 }, { "\x1cq\xff\xff\x03\x40\x02", 7 },
        { "\x1d" "D0C0ab01BM\xff\xff\xff\x7f", 15 }
    };
    uint8_t chunk[4096] = { 0 };
    struct rusage before, after;
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
        struct kw_sim_options options = { .profile = kw_profile_find("tm-t20iii") };
        struct kw_sim *sim;
        struct kw_error error;
        assert_int_equal(kw_sim_new(&options, &sim, &error), 0);
        getrusage(RUSAGE_SELF, &before);
        kw_sim_write(sim, (const uint8_t *)heads[i].bytes, heads[i].length);
        for (int n = 0; n < 16 * 256; n++)                  /* 16 MiB */
            assert_int_equal(kw_sim_write(sim, chunk, sizeof chunk), sizeof chunk);
        getrusage(RUSAGE_SELF, &after);
        assert_true(after.ru_maxrss - before.ru_maxrss < 40 * 1024);
        kw_sim_free(sim);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rasters_come_out_dot_for_dot_in_four_sizes),
        cmocka_unit_test(rasters_keep_their_place),
        cmocka_unit_test(what_is_wider_than_the_paper_is_cut_off),
        cmocka_unit_test(what_is_wider_than_the_print_area_is_cut_off_there),
        cmocka_unit_test(column_pictures_come_out_in_four_densities),
        cmocka_unit_test(bands_of_columns_touch),
        cmocka_unit_test(stored_graphics_come_out_in_every_form),
        cmocka_unit_test(graphics_by_key_survive_what_they_should),
        cmocka_unit_test(keys_are_listed_counted_and_removed),
        cmocka_unit_test(a_key_defined_by_columns_is_the_same_picture),
        cmocka_unit_test(colours_lie_on_each_other_and_the_same_one_is_replaced),
        cmocka_unit_test(old_images_come_out),
        cmocka_unit_test(rasters_are_drawn_a_hundred_times_faster_than_a_printer),
        cmocka_unit_test(hostile_lengths_cost_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
