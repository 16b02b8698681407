/* test_image.c - PNG in and out, scaling and the four dithers. */
#include "image/picture.h"
#include "support/arena.h"
#include "support/place.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static void a_written_picture_is_read_back_dot_by_dot(void **state)
{
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, 77, 31);
    struct kw_buffer out;
    struct kw_grey grey;
    struct kw_error error;
    (void)state;
    for (int i = 0; i < 77 * 31; i += 7)
        kw_bitmap_set(bitmap, i % 77, i / 77);
    kw_buffer_init(&out, 1 << 20);
    assert_int_equal(kw_png_write(bitmap, 203, &out, &error), 0);
    assert_int_equal(kw_png_read(arena, out.data, out.length, "x.png", &grey, &error), 0);
    assert_int_equal(grey.width, 77);
    assert_int_equal(grey.height, 31);
    for (int y = 0; y < 31; y++)
        for (int x = 0; x < 77; x++)
            assert_int_equal(grey.pixels[y * 77 + x], kw_bitmap_get(bitmap, x, y) ? 0 : 255);
    kw_buffer_free(&out);
}

/* python's own zlib writes the file, so that reader and writer are not judged by each other. */
static size_t python_png(const char *rows, const char *header, uint8_t *out, size_t size)
{
    char command[1200];
    snprintf(command, sizeof command,
             "python3 -c \"import zlib,struct,sys;c=lambda t,d:struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d));"
             "sys.stdout.buffer.write(b'\\x89PNG\\r\\n\\x1a\\n'+c(b'IHDR',bytes(%s))+c(b'IDAT',zlib.compress(bytes(%s)))+c(b'IEND',b''))\"",
             header, rows);
    FILE *pipe = popen(command, "r");
    size_t length = fread(out, 1, size, pipe);
    assert_int_equal(pclose(pipe), 0);
    return length;
}

static void colours_and_transparency_become_grey_on_white(void **state)
{
    static uint8_t file[4096];
    struct kw_grey grey;
    struct kw_error error;
    (void)state;
    /* Four RGBA pixels: black, white, transparent black, half transparent black. */
    size_t length = python_png("[0, 0,0,0,255, 255,255,255,255, 0,0,0,0, 0,0,0,128]", "[0,0,0,4, 0,0,0,1, 8,6,0,0,0]",
                               file, sizeof file);
    assert_int_equal(kw_png_read(arena, file, length, "x.png", &grey, &error), 0);
    assert_int_equal(grey.width, 4);
    assert_int_equal(grey.pixels[0], 0);
    assert_int_equal(grey.pixels[1], 255);
    assert_int_equal(grey.pixels[2], 255);
    assert_int_equal(grey.pixels[3], 127);
    /* Sixteen-bit grey. */
    length = python_png("[0, 128,0, 255,255]", "[0,0,0,2, 0,0,0,1, 16,0,0,0,0]", file, sizeof file);
    assert_int_equal(kw_png_read(arena, file, length, "x.png", &grey, &error), 0);
    assert_int_equal(grey.pixels[0], 128);
    assert_int_equal(grey.pixels[1], 255);
}

static void what_is_no_picture_is_refused_with_its_name(void **state)
{
    static uint8_t file[4096];
    struct kw_grey grey;
    struct kw_error error;
    (void)state;
    assert_int_equal(kw_png_read(arena, "GIF89a..", 8, "logo.gif", &grey, &error), KWIT_E_INVALID);
    assert_string_equal(error.where, "logo.gif");
    size_t length = python_png("[0,1,2,3,4]", "[0,0,0,4, 0,0,0,1, 8,0,0,0,0]", file, sizeof file);
    for (size_t cut = 0; cut < length; cut++)
        assert_int_equal(kw_png_read(arena, file, cut, "cut.png", &grey, &error), KWIT_E_INVALID);
    length = python_png("[0]", "[0,1,0,0, 0,1,0,0, 8,0,0,0,0]", file, sizeof file);
    assert_int_equal(kw_png_read(arena, file, length, "huge.png", &grey, &error), KWIT_E_INVALID);
}

static struct kw_grey ramp(int width, int height)
{
    struct kw_grey grey = { width, height, kw_arena_alloc(arena, (size_t)width * (size_t)height) };
    for (int i = 0; i < width * height; i++)
        grey.pixels[i] = (uint8_t)(i % width * 255 / (width - 1));
    return grey;
}

static int ink(const struct kw_bitmap *bitmap, int from, int to)
{
    int dots = 0;
    for (int y = 0; y < bitmap->height; y++)
        for (int x = from; x < to; x++)
            dots += kw_bitmap_get(bitmap, x, y);
    return dots;
}

/* Each way keeps the darkness of a ramp: as much ink in each eighth as its grey asks for. */
static void dithers_keep_the_darkness(void **state)
{
    struct kw_grey grey = ramp(256, 256);
    static const int slack[] = { [KW_DITHER_FLOYD] = 4, [KW_DITHER_ATKINSON] = 16, [KW_DITHER_BAYER] = 4 };
    (void)state;
    for (int way = KW_DITHER_FLOYD; way <= KW_DITHER_BAYER; way++) {
        struct kw_bitmap *bitmap = kw_grey_dither(arena, &grey, 256, (enum kw_dither)way);
        for (int part = 0; part < 8; part++) {
            int percent = ink(bitmap, part * 32, part * 32 + 32) * 100 / (32 * 256),
                want = 100 - (part * 2 + 1) * 100 / 16;
            assert_in_range(percent + 100, want - slack[way] + 100, want + slack[way] + 100);
        }
    }
    struct kw_bitmap *bitmap = kw_grey_dither(arena, &grey, 256, KW_DITHER_THRESHOLD);
    assert_int_equal(ink(bitmap, 0, 128), 128 * 256);
    assert_int_equal(ink(bitmap, 128, 256), 0);
}

static void black_stays_black_and_white_white_in_every_way(void **state)
{
    (void)state;
    for (int way = KW_DITHER_FLOYD; way <= KW_DITHER_THRESHOLD; way++) {
        struct kw_grey grey = { 40, 20, kw_arena_alloc(arena, 800) };
        assert_int_equal(ink(kw_grey_dither(arena, &grey, 57, (enum kw_dither)way), 0, 57), 57 * 29);
        memset(grey.pixels, 255, 800);
        assert_int_equal(ink(kw_grey_dither(arena, &grey, 57, (enum kw_dither)way), 0, 57), 0);
    }
}

static void scaling_keeps_shape_and_edges(void **state)
{
    struct kw_grey grey = { 400, 200, kw_arena_alloc(arena, 80000) };
    (void)state;
    memset(grey.pixels, 255, 80000);
    for (int y = 0; y < 200; y++)
        memset(grey.pixels + y * 400, 0, 100);
    struct kw_bitmap *half = kw_grey_dither(arena, &grey, 200, KW_DITHER_THRESHOLD);
    assert_int_equal(half->height, 100);
    assert_int_equal(ink(half, 0, 50), 50 * 100);
    assert_int_equal(ink(half, 50, 200), 0);
    struct kw_bitmap *larger = kw_grey_dither(arena, &grey, 800, KW_DITHER_THRESHOLD);
    assert_int_equal(larger->height, 400);
    assert_int_equal(ink(larger, 0, 200), 200 * 400);
    assert_null(kw_grey_dither(arena, &grey, 0, KW_DITHER_FLOYD));
}

/* ---- the cache -------------------------------------------------------------------------------------------------- */

static char picture[96];

static void save_picture(int side, int from)
{
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, side, side);
    struct kw_buffer out;
    kw_buffer_init(&out, 1 << 20);
    kw_bitmap_fill(bitmap, from, 0, side, side);
    assert_int_equal(kw_png_write(bitmap, 203, &out, NULL), 0);
    FILE *file = fopen(picture, "wb");
    assert_int_equal(fwrite(out.data, 1, out.length, file), out.length);
    fclose(file);
    kw_buffer_free(&out);
}

static const struct kw_bitmap *load(int width, enum kw_dither dither)
{
    const struct kw_picture_wish wish = { .path = picture, .width_dots = width, .most_dots = 100, .dither = dither,
                                          .cache_dir = place };
    const struct kw_bitmap *bitmap;
    struct kw_error error;
    assert_int_equal(kw_picture_load(arena, &wish, &bitmap, &error), 0);
    return bitmap;
}

/* A picture in a place where nothing else is, and its entry in the cache. */
static void keep_picture(int side, int from)
{
    place_empty();
    snprintf(picture, sizeof picture, "%s/logo.png", place);
    save_picture(side, from);
    load(0, KW_DITHER_THRESHOLD);
}

/* Overwrites one byte of the only cache entry; returns how many entries there are. */
static int spoil_cache(long at, int byte)
{
    char command[400];
    snprintf(command, sizeof command, "cd %s && for f in picture-*; do [ %ld -lt 0 ] || printf '\\%03o' | "
             "dd of=$f bs=1 seek=%ld conv=notrunc 2>/dev/null; done; exit $(ls picture-* | wc -l)", place, at, byte, at);
    return WEXITSTATUS(system(command));
}

static void a_picture_is_kept_and_made_again_when_anything_of_it_changed(void **state)
{
    (void)state;
    keep_picture(80, 40);
    const struct kw_bitmap *first = load(0, KW_DITHER_THRESHOLD);
    assert_int_equal(ink(first, 0, 80), 40 * 80);
    assert_int_equal(spoil_cache(-1, 0), 1);

    /* Proof that the second comes from the cache: the file now has other dots but the same stamp. */
    struct stat facts;
    assert_int_equal(stat(picture, &facts), 0);
    FILE *file = fopen(picture, "r+b");
    fseek(file, 50, SEEK_SET);
    fputc(0, file);
    fclose(file);
    struct timespec times[2] = { facts.st_atim, facts.st_mtim };
    assert_int_equal(utimensat(AT_FDCWD, picture, times, 0), 0);
    assert_int_equal(ink(load(0, KW_DITHER_THRESHOLD), 0, 80), 40 * 80);

    save_picture(80, 20);
    assert_int_equal(ink(load(0, KW_DITHER_THRESHOLD), 0, 80), 60 * 80);
    assert_int_equal(spoil_cache(-1, 0), 1);
    assert_int_equal(load(60, KW_DITHER_THRESHOLD)->width, 60);
    assert_int_equal(load(0, KW_DITHER_BAYER)->width, 80);
    assert_int_equal(load(3000, KW_DITHER_BAYER)->width, 100);
    assert_int_equal(spoil_cache(-1, 0), 4);
}

static void a_damaged_entry_is_not_believed(void **state)
{
    (void)state;
    keep_picture(80, 20);
    for (long at = 0; at < 200; at += 7) {
        spoil_cache(at, 0xA5);
        assert_int_equal(ink(load(0, KW_DITHER_THRESHOLD), 0, 80), 60 * 80);
    }
}

static void what_cannot_be_opened_is_told_with_its_path(void **state)
{
    const struct kw_picture_wish wish = { .path = "/nonexistent/logo.png" }, folder = { .path = "/tmp" };
    const struct kw_bitmap *bitmap;
    struct kw_error error;
    (void)state;
    assert_int_equal(kw_picture_load(arena, &wish, &bitmap, &error), KWIT_E_NO_INPUT);
    assert_string_equal(error.where, "/nonexistent/logo.png");
    assert_int_equal(kw_picture_load(arena, &folder, &bitmap, &error), KWIT_E_INVALID);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, arena_make, arena_free)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_written_picture_is_read_back_dot_by_dot),
        CASE(colours_and_transparency_become_grey_on_white),
        CASE(what_is_no_picture_is_refused_with_its_name),
        CASE(dithers_keep_the_darkness),
        CASE(black_stays_black_and_white_white_in_every_way),
        CASE(scaling_keeps_shape_and_edges),
        CASE(a_picture_is_kept_and_made_again_when_anything_of_it_changed),
        CASE(a_damaged_entry_is_not_believed),
        CASE(what_cannot_be_opened_is_told_with_its_path),
    };
    return cmocka_run_group_tests(tests, place_make, place_remove);
}
