/* test_qr.c - planned sizes against libqrencode, drawn symbols against zbar. */
#include "image/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "scan.h"

#include <qrencode.h>

static const char levels[] = "LMQH";
static char data[8000];

/* A character of each mode: digits only, capitals, bytes. */
static void fill(int mode, size_t length)
{
    memset(data, "7Ax"[mode], length);
}

static size_t capacity(int version, int level, int mode)
{
    size_t low = 0, high = 7500;
    while (low + 1 < high) {
        size_t middle = (low + high) / 2;
        struct kw_qr_size size;
        fill(mode, middle);
        bool fits = kw_qr_plan(data, middle, levels[level], &size, NULL) == 0 && size.version <= version;
        *(fits ? &low : &high) = middle;
    }
    return low;
}

static int draw(size_t length, int version, char level)
{
    struct kw_arena *arena = kw_arena_new(16 << 20);
    struct kw_qr_size size = { .version = version, .level = level, .modules = 17 + 4 * version };
    struct kw_bitmap *bitmap;
    int code = kw_qr_draw(arena, data, length, &size, 1, &bitmap, NULL);
    kw_arena_free(arena);
    return code;
}

/* What we say a version holds, libqrencode puts into it; one character more it does not. */
static void every_version_holds_what_the_plan_says_and_no_more(void **state)
{
    (void)state;
    for (int version = 1; version <= 40; version++) {
        for (int level = 0; level < 4; level++) {
            int mode = (version + level) % 3;
            size_t most = capacity(version, level, mode);
            fill(mode, most + 1);
            assert_int_equal(draw(most, version, levels[level]), 0);
            assert_int_not_equal(draw(most + 1, version, levels[level]), 0);
        }
    }
}

static void the_largest_symbols_hold_what_the_standard_says(void **state)
{
    struct kw_qr_size size;
    struct kw_error error;
    (void)state;
    assert_int_equal(capacity(40, 0, 0), 7089);
    assert_int_equal(capacity(40, 0, 1), 4296);
    assert_int_equal(capacity(40, 0, 2), 2953);
    assert_int_equal(capacity(1, 3, 0), 17);
    fill(2, 2954);
    assert_int_equal(kw_qr_plan(data, 2954, 'L', &size, &error), KWIT_E_TOO_LARGE);
}

static void the_smallest_version_takes_the_highest_level_it_has_room_for(void **state)
{
    struct kw_qr_size size;
    (void)state;
    assert_int_equal(kw_qr_plan("HELLO", 5, 'L', &size, NULL), 0);
    assert_int_equal(size.version, 1);
    assert_int_equal(size.level, 'H');
    /* 26 bytes at M are version 2 exactly; Q would need version 3. */
    assert_int_equal(kw_qr_plan("https://kwit.example/abcde", 26, 'M', &size, NULL), 0);
    assert_int_equal(size.version, 2);
    assert_int_equal(size.level, 'M');
    assert_int_equal(size.modules, 25);
    assert_int_equal(kw_qr_plan("https://kwit.example/abcde", 26, 'Q', &size, NULL), 0);
    assert_int_equal(size.version, 3);
}

/* Not larger than libqrencode makes it when it may mix modes too. */
static void mixed_modes_make_the_symbol_as_small_as_can_be(void **state)
{
    (void)state;
    static const char alphabets[][40] = { "0123456789", "0123456789ABCDEFGHJKMNPQRSTVWXYZ./:-",
                                          "abcdefghijklmnop?=&_#" };
    unsigned seed = 5;
    int smaller = 0;
    for (int round = 0; round < 150; round++) {
        struct kw_qr_size single, mixed;
        struct kw_bitmap *bitmap;
        struct kw_arena *arena = kw_arena_new(16 << 20);
        size_t length = 0;
        while (length < 40 + (size_t)round * 3) {
            seed = seed * 1103515245 + 12345;
            const char *alphabet = alphabets[(seed >> 16) % 3];
            for (unsigned run = 1 + (seed >> 20) % 30; run > 0; run--) {
                seed = seed * 1103515245 + 12345;
                data[length++] = alphabet[(seed >> 16) % strlen(alphabet)];
            }
        }
        data[length] = 0;
        assert_int_equal(kw_qr_plan(data, length, 'M', &single, NULL), 0);
        mixed = single;
        smaller += kw_qr_shrink(data, length, 'M', &mixed);
        QRcode *other = QRcode_encodeString(data, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
        assert_non_null(other);
        assert_true(mixed.modules <= other->width && mixed.modules <= single.modules);
        QRcode_free(other);
        assert_int_equal(kw_qr_draw(arena, data, length, &mixed, 4, &bitmap, NULL), 0);
        struct scanned found;
        assert_int_equal(scan_bitmap(bitmap, 16, &found, 1), 1);
        assert_int_equal(found.length, length);
        assert_memory_equal(found.data, data, length);
        kw_arena_free(arena);
    }
    assert_true(smaller > 50);
}

static void drawn_symbols_are_read_back_exactly(void **state)
{
    static const char *const texts[] = {
        "0123456789", "HTTPS://KWIT.EXAMPLE/S/ABCDEF", "https://kwit.example/s/1ab2c3d4e5?x=ż", "{\"json\": [1, 2, \"𝒳\"]}",
    };
    static struct scanned found[2];
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (int module = 2; module <= 6; module += 2) {
            struct kw_arena *arena = kw_arena_new(16 << 20);
            struct kw_qr_size size;
            struct kw_bitmap *bitmap = NULL;
            assert_int_equal(kw_qr_plan(texts[i], strlen(texts[i]), 'M', &size, NULL), 0);
            assert_int_equal(kw_qr_draw(arena, texts[i], strlen(texts[i]), &size, module, &bitmap, NULL), 0);
            assert_int_equal(bitmap->width, size.modules * module);
            assert_int_equal(scan_bitmap(bitmap, 4 * module, found, 2), 1);
            assert_string_equal(found[0].type, "QR-Code");
            assert_string_equal(found[0].data, texts[i]);
            kw_arena_free(arena);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_version_holds_what_the_plan_says_and_no_more),
        cmocka_unit_test(the_largest_symbols_hold_what_the_standard_says),
        cmocka_unit_test(the_smallest_version_takes_the_highest_level_it_has_room_for),
        cmocka_unit_test(mixed_modes_make_the_symbol_as_small_as_can_be),
        cmocka_unit_test(drawn_symbols_are_read_back_exactly),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
