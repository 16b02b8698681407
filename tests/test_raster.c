/*
 * test_raster.c - data is never a command, and the bands: random pictures, full of bytes that a printer obeys, go
 * through every picture command; a reader of its own turns the bytes back into dots.
 */
#include "escpos/escpos.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a reader that knows the handful of commands in a picture, and shares nothing with the encoder --------------- */

enum { PAPER_WIDTH = 1100, PAPER_HEIGHT = 6000 };

struct paper {
    unsigned char dots[PAPER_HEIGHT][PAPER_WIDTH];
    int y, commands, longest, fed_rows;
    int margin, alignment;
};
static struct paper paper;
static int area;                            /* dots that the printer can print on */

static int two(const uint8_t *bytes) { return bytes[0] + 256 * bytes[1]; }

static void print_rows(const uint8_t *data, int bytes, int rows)
{
    int left = paper.margin + (area - paper.margin - bytes * 8) * paper.alignment / 2;
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < bytes * 8; x++)
            if (data[y * bytes + x / 8] >> (7 - x % 8) & 1)
                paper.dots[paper.y + y][left + x] = 1;
    paper.y += rows;
}

static void print_columns(const uint8_t *data, int columns)
{
    for (int x = 0; x < columns; x++)
        for (int y = 0; y < 24; y++)
            if (data[x * 3 + y / 8] >> (7 - y % 8) & 1)
                paper.dots[paper.y + y][x] = 1;
}

static struct { const uint8_t *data; int bytes, rows; } stored;

/* Returns the length of the command at bytes[0] after doing it; 0 when it is none that may stand there. */
static size_t do_command(const uint8_t *bytes)
{
    if (memcmp(bytes, "\x1D" "v0\0", 4) == 0) {
        print_rows(bytes + 8, two(bytes + 4), two(bytes + 6));
        return 8 + (size_t)two(bytes + 4) * (size_t)two(bytes + 6);
    }
    if (memcmp(bytes, "\x1D(L", 3) == 0) {
        if (bytes[6] == 112) {
            stored.data = bytes + 15;
            stored.bytes = (two(bytes + 11) + 7) / 8;
            stored.rows = two(bytes + 13);
            assert_int_equal(two(bytes + 3), 10 + stored.bytes * stored.rows);
        } else {
            print_rows(stored.data, stored.bytes, stored.rows);
        }
        return 5 + (size_t)two(bytes + 3);
    }
    if (memcmp(bytes, "\x1B*\x21", 3) == 0) {
        print_columns(bytes + 5, two(bytes + 3));
        return 5 + 3 * (size_t)two(bytes + 3);
    }
    if (memcmp(bytes, "\x1BJ", 2) == 0) {
        paper.y += bytes[2];
        paper.fed_rows += bytes[2];
        return 3;
    }
    if (memcmp(bytes, "\x1DL", 2) == 0) {
        paper.margin = two(bytes + 2);
        return 4;
    }
    if (memcmp(bytes, "\x1B" "a", 2) == 0) {
        paper.alignment = bytes[2];
        return 3;
    }
    if (memcmp(bytes, "\x1B@", 2) == 0 || memcmp(bytes, "\x1C.", 2) == 0)
        return 2;
    if (memcmp(bytes, "\x1BR", 2) == 0 || memcmp(bytes, "\x1DV", 2) == 0)
        return memcmp(bytes, "\x1DV\x42", 3) == 0 || memcmp(bytes, "\x1DV\x41", 3) == 0 ? 4 : 3;
    return memcmp(bytes, "\x1DP", 2) == 0 ? 4 : 0;
}

static void read_bytes(const uint8_t *bytes, size_t length, int alignment)
{
    memset(&paper, 0, sizeof paper);
    paper.alignment = alignment;
    for (size_t at = 0; at < length;) {
        size_t one = do_command(bytes + at);
        assert_int_not_equal(one, 0);
        assert_true(one <= KW_COMMAND_MAX_BYTES);
        paper.longest = (int)one > paper.longest ? (int)one : paper.longest;
        paper.commands++;
        at += one;
        assert_true(at <= length);
    }
}

static void read_piece(const struct kw_encoded_piece *piece)
{
    read_bytes(piece->bytes, piece->length, 0);
}

/* ---- pictures ---------------------------------------------------------------------------------------------------- */

static unsigned seed;
static unsigned draw_number(unsigned below)
{
    seed = seed * 1103515245 + 12345;
    return (seed >> 16) % below;
}

/* Mostly bytes that make sequences, so that several shifts fail too; with white rows here and there. */
static struct kw_bitmap *random_picture(struct kw_arena *arena, int width, int height, unsigned harm)
{
    static const uint8_t harmful[] = { 0x10, 0x04, 0x05, 0x14, 0x08, 0x02, 0x0A, 0x20, 0x28, 0x82, 0x41 };
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, width, height);
    for (int y = 0; y < height; y++) {
        bool white = draw_number(6) == 0;
        for (int x = 0; x < width; x += 8) {
            unsigned byte = draw_number(10) < harm ? harmful[draw_number(sizeof harmful)] : draw_number(256);
            byte = white ? 0 : byte;
            for (int bit = 0; bit < 8 && x + bit < width; bit++)
                if (byte >> (7 - bit) & 1)
                    kw_bitmap_set(bitmap, x + bit, y);
        }
    }
    return bitmap;
}

/* Dots on paper that the picture shifted by `by` lacks, and the other way round. */
static void compare(const struct kw_bitmap *bitmap, int x, int by, int *more, int *less)
{
    *more = *less = 0;
    for (int row = 0; row < bitmap->height; row++)
        for (int column = 0; column < PAPER_WIDTH; column++) {
            int from = column - x - by;
            bool ink = from >= 0 && from < bitmap->width && kw_bitmap_get(bitmap, from, row);
            *more += paper.dots[row][column] && !ink;
            *less += !paper.dots[row][column] && ink;
        }
}

static void assert_printed(const struct kw_bitmap *bitmap, int x, int most_dots)
{
    for (int by = -7; by <= 7; by++) {
        int more, less;
        compare(bitmap, x, by, &more, &less);
        if (less == 0 && more <= (by == 0 ? most_dots : 0))
            return;
    }
    fail_msg("a picture of %d by %d at %d is not on the paper", bitmap->width, bitmap->height, x);
}

static struct kw_encoded encoded;

static void print_picture(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_bitmap *bitmap,
                          int x)
{
    struct kw_page page;
    struct kw_error error;
    area = profile->width_dots;
    kw_page_init(&page, arena, profile->width_dots);
    kw_page_add_piece(&page, KW_PIECE_PAPER, "receipt")->cut = KW_CUT_PARTIAL;
    struct kw_op *op = kw_page_add(&page, KW_OP_BITMAP, "");
    op->image.bitmap = bitmap;
    op->image.x_dots = x;
    assert_int_equal(kw_escpos_encode(arena, &page, profile, &encoded, &error), 0);
    assert_int_equal(kw_escpos_find_realtime(encoded.pieces[0].bytes, encoded.pieces[0].length), SIZE_MAX);
    read_piece(&encoded.pieces[0]);
}

static bool ink_at(const struct kw_bitmap *bitmap, int x, int row, int column)
{
    return row < bitmap->height && column >= x && column < x + bitmap->width && kw_bitmap_get(bitmap, column - x, row);
}

/* The byte of eight dots to the right of a place, or below it. */
static int byte_at(const struct kw_bitmap *bitmap, int x, int row, int column, bool below)
{
    int byte = 0;
    for (int i = 0; i < 8; i++)
        byte = byte * 2 + ink_at(bitmap, x, row + (below ? i : 0), column + (below ? 0 : i));
    return byte;
}

/* At most as many dots may be added as there are bytes 10 before a 04, 05 or 14; one more for each line end. */
static int most_added(const struct kw_bitmap *bitmap, int x, bool columns)
{
    int pairs = bitmap->height + (columns ? bitmap->width : 0);
    for (int row = 0; row < bitmap->height; row += columns ? 8 : 1)
        for (int column = 0; column < 576; column += columns ? 1 : 8) {
            int next = byte_at(bitmap, x, row + (columns ? 8 : 0), column + (columns ? 0 : 8), columns);
            pairs += byte_at(bitmap, x, row, column, columns) == 0x10 && (next == 0x04 || next == 0x05 || next == 0x14);
        }
    return pairs;
}

static void random_pictures_are_printed_without_a_sequence_on(unsigned graphics)
{
    struct kw_profile profile = *kw_profile_find("tm-t20iii");
    profile.graphics = graphics;
    seed = 1 + graphics;
    for (int round = 0; round < 250; round++) {
        struct kw_arena *arena = kw_arena_new(64 << 20);
        int width = 1 + (int)draw_number(576), height = 1 + (int)draw_number(160);
        int x = (int)draw_number((unsigned)(577 - width));
        struct kw_bitmap *bitmap = random_picture(arena, width, height, draw_number(11));
        print_picture(arena, &profile, bitmap, x);
        assert_printed(bitmap, x, most_added(bitmap, x, graphics == KW_GRAPHICS_COLUMN));
        kw_arena_free(arena);
    }
}

/* 200 by 200 dots are 5,000 bytes, wherever they stand. */
static void white_beside_a_picture_is_not_sent(void **state)
{
    (void)state;
    static const int places[] = { 0, 5, 100, 188, 300, 376 };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        struct kw_arena *arena = kw_arena_new(1 << 20);
        struct kw_bitmap *bitmap = kw_bitmap_new(arena, 200, 200);
        kw_bitmap_fill(bitmap, 0, 0, 200, 200);
        print_picture(arena, kw_profile_find("tm-t20iii"), bitmap, places[i]);
        assert_printed(bitmap, places[i], 0);
        assert_in_range(encoded.pieces[0].length, 5000, 5300);
        kw_arena_free(arena);
    }
}

static void no_random_picture_makes_a_sequence_by_gs_v_0(void **state)
{
    (void)state;
    random_pictures_are_printed_without_a_sequence_on(KW_GRAPHICS_RASTER);
}

static void no_random_picture_makes_a_sequence_by_gs_l(void **state)
{
    (void)state;
    random_pictures_are_printed_without_a_sequence_on(KW_GRAPHICS_STORED);
}

static void no_random_picture_makes_a_sequence_by_esc_star(void **state)
{
    (void)state;
    random_pictures_are_printed_without_a_sequence_on(KW_GRAPHICS_COLUMN);
}

/* Sizes whose header bytes themselves would be 10 04 or 10 05. */
static void lengths_in_headers_make_no_sequence(void **state)
{
    static const struct { int width, height; } sizes[] = {
        { 128, 64 }, { 8, 1040 }, { 8, 1296 }, { 16, 643 }, { 824, 10 }, { 1040, 20 }, { 1040, 1040 }, { 40, 206 },
        { 8, 1030 }, { 8, 1286 }, { 128, 1044 },
    };
    (void)state;
    for (unsigned graphics = KW_GRAPHICS_RASTER; graphics <= KW_GRAPHICS_COLUMN; graphics *= 2) {
        struct kw_profile profile = *kw_profile_find("tm-t20iii");
        profile.graphics = graphics;
        profile.width_dots = 1060;
        profile.max_raster_rows = 2303;
        for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
            struct kw_arena *arena = kw_arena_new(64 << 20);
            struct kw_bitmap *bitmap = kw_bitmap_new(arena, sizes[i].width, sizes[i].height);
            kw_bitmap_fill(bitmap, 0, 0, bitmap->width, bitmap->height);
            print_picture(arena, &profile, bitmap, 0);
            assert_printed(bitmap, 0, 0);
            kw_arena_free(arena);
        }
    }
}

static void a_picture_without_room_to_shift_gets_single_dots(void **state)
{
    const struct kw_profile *profile = kw_profile_find("generic");
    struct kw_arena *arena = kw_arena_new(64 << 20);
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, 384, 40);
    int more, less;
    (void)state;
    kw_bitmap_fill(bitmap, 0, 0, 1, 40);
    kw_bitmap_fill(bitmap, 383, 0, 1, 40);
    kw_bitmap_set(bitmap, 83, 20);          /* byte 10 is 10, */
    kw_bitmap_set(bitmap, 93, 20);          /* byte 11 is 04 */
    print_picture(arena, profile, bitmap, 0);
    compare(bitmap, 0, 0, &more, &less);
    assert_int_equal(less, 0);
    assert_int_equal(more, 1);
    assert_int_equal(paper.dots[20][84], 1);
    kw_arena_free(arena);
}

static void a_picture_with_room_is_shifted_and_stays_whole(void **state)
{
    const struct kw_profile *profile = kw_profile_find("generic");
    struct kw_arena *arena = kw_arena_new(64 << 20);
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, 200, 40);
    int more, less;
    (void)state;
    kw_bitmap_set(bitmap, 83, 20);
    kw_bitmap_set(bitmap, 93, 20);
    print_picture(arena, profile, bitmap, 0);
    compare(bitmap, 0, 1, &more, &less);
    assert_int_equal(more + less, 0);
    kw_arena_free(arena);
}

static void white_rows_are_fed_and_bands_touch(void **state)
{
    const struct kw_profile *profile = kw_profile_find("tm-t88v");
    struct kw_arena *arena = kw_arena_new(64 << 20);
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, 512, 700);
    (void)state;
    kw_bitmap_fill(bitmap, 0, 100, 512, 200);
    kw_bitmap_fill(bitmap, 0, 304, 512, 96);        /* four white rows are sent: a stop costs more */
    kw_bitmap_fill(bitmap, 0, 600, 512, 10);
    print_picture(arena, profile, bitmap, 0);
    assert_printed(bitmap, 0, 0);
    assert_int_equal(paper.fed_rows, 100 + 200 + 90);
    assert_int_equal(paper.y, 700);
    /* 300 rows of 64 bytes in five bands, one more for the rest, three feeds, four openings, one cut. */
    assert_int_equal(paper.commands, 5 + 1 + 3 + 4 + 1);
    assert_true(encoded.pieces[0].length < 310 * 64 + 100);
    kw_arena_free(arena);
}

static void white_rows_of_an_insertion_are_a_byte_wide_wherever_they_stand(void **state)
{
    const struct kw_profile *profile = kw_profile_find("tm-t20iii");
    const struct kw_aside nothing = { 0 };
    struct kw_arena *arena = kw_arena_new(64 << 20);
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, 576, 200);
    struct kw_buffer run;
    struct kw_error error;
    (void)state;
    kw_bitmap_fill(bitmap, 100, 30, 50, 20);
    kw_bitmap_fill(bitmap, 40, 150, 60, 40);
    kw_buffer_init(&run, 1 << 20);
    assert_int_equal(kw_escpos_insertion(arena, profile, bitmap, &nothing, 10, &run, &error), 0);
    area = profile->width_dots;
    for (int alignment = 0; alignment <= 2; alignment++) {
        read_bytes(run.data, run.length, alignment);
        assert_printed(bitmap, 0, 0);
        assert_int_equal(paper.y, 200 + 10);
    }
    /* White, ink, white, and ink with the white below it in two bands. */
    assert_int_equal(paper.commands, 5);
    assert_int_equal(run.length, 5 * 8 + 30 + 20 * 72 + 100 + (40 + 10 + 10) * 72);
    kw_buffer_free(&run);
    kw_arena_free(arena);
}

static void bands_are_large_enough_for_the_head(void **state)
{
    const struct kw_profile *profile = kw_profile_find("tm-t20iii");
    struct kw_arena *arena = kw_arena_new(64 << 20);
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, 576, 560);
    (void)state;
    kw_bitmap_fill(bitmap, 0, 0, 576, 560);
    print_picture(arena, profile, bitmap, 0);
    assert_true(paper.longest > 3900);
    assert_int_equal(paper.commands, 10 + 4 + 1);
    kw_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(white_beside_a_picture_is_not_sent),
        cmocka_unit_test(no_random_picture_makes_a_sequence_by_gs_v_0),
        cmocka_unit_test(no_random_picture_makes_a_sequence_by_gs_l),
        cmocka_unit_test(no_random_picture_makes_a_sequence_by_esc_star),
        cmocka_unit_test(lengths_in_headers_make_no_sequence),
        cmocka_unit_test(a_picture_without_room_to_shift_gets_single_dots),
        cmocka_unit_test(a_picture_with_room_is_shifted_and_stays_whole),
        cmocka_unit_test(white_rows_are_fed_and_bands_touch),
        cmocka_unit_test(white_rows_of_an_insertion_are_a_byte_wide_wherever_they_stand),
        cmocka_unit_test(bands_are_large_enough_for_the_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
