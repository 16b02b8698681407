/* test_logo.c - kwit logo store against the simulated printer. */
#include <kwit/tool.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "image/png.h"
#include "support/place.h"

static char config[128], logo[128];

static void save(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static int setup(void **state)
{
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, 160, 80);
    struct kw_buffer png;
    char text[600];
    (void)state;
    assert_int_equal(place_make(NULL), 0);
    snprintf(config, sizeof config, "%s/kwit.conf", place);
    snprintf(logo, sizeof logo, "%s/logo.png", place);
    setenv("XDG_CACHE_HOME", place, 1);
    kw_bitmap_fill(bitmap, 0, 0, 160, 40);
    kw_buffer_init(&png, 1 << 20);
    assert_int_equal(kw_png_write(bitmap, 203, &png, NULL), 0);
    save(logo, png.data, png.length);
    snprintf(text, sizeof text, "[store]\nlogo = logo.png\nimage_dir = %s\nlogo_width = 40\n[printer]\nuri = sim:%s/paper\n"
             "profile = tm-t20iii\n", place, place);
    save(config, text, strlen(text));
    kw_buffer_free(&png);
    kw_arena_free(arena);
    return 0;
}

static kwit_result *store(const struct kwit_logo_options *options, int exit)
{
    const struct kwit_settings settings = { .config_file = config };
    kwit_context *context;
    kwit_result *result;
    assert_int_equal(kwit_context_new(&settings, &context), 0);
    kwit_logo_store(context, options, &result);
    kwit_context_free(context);
    if (kwit_result_exit(result) != exit)
        print_message("%s\n", kwit_result_json(result));
    assert_int_equal(kwit_result_exit(result), exit);
    return result;
}

static void the_configured_logo_reaches_the_printer_and_is_confirmed(void **state)
{
    (void)state;
    kwit_result *result = store(NULL, 0);
    assert_non_null(strstr(kwit_result_json(result), "\"key\":\"KL\""));
    assert_non_null(strstr(kwit_result_json(result), "\"width_dots\":320,\"height_dots\":160"));
    assert_non_null(strstr(kwit_result_json(result), "\"confirmed\":true"));
    assert_non_null(strstr(kwit_result_text(result), "stored_logo = KL"));
    kwit_result_free(result);
    char path[160];
    struct stat facts;
    snprintf(path, sizeof path, "%s/paper/wire.bin", place);
    assert_int_equal(stat(path, &facts), 0);
    assert_true(facts.st_size > 320 / 8 * 80);
}

static void a_dry_run_gives_the_command_and_sends_nothing(void **state)
{
    const struct kwit_logo_options options = { .file = logo, .key = "Z9", .dry_run = 1 };
    size_t length;
    (void)state;
    kwit_result *result = store(&options, 0);
    const uint8_t *bytes = kwit_result_data(result, &length);
    static const uint8_t want[] = { 0x1B, '@', 0x1D, '(', 'L' };
    assert_memory_equal(bytes, want, sizeof want);
    assert_memory_equal(bytes + 7, "0C0Z9", 5);
    /* No ink stands below row 80, so its rows are there but white. */
    assert_int_equal(length, 2 + 5 + 11 + 40 * 160);
    kwit_result_free(result);
}

static void what_cannot_be_stored_is_told_before_the_printer_is_touched(void **state)
{
    const struct kwit_logo_options bad_key = { .key = "TOO LONG" }, no_file = { .file = "/nonexistent.png" },
                                   no_memory = { .profile = "pos-58" }, no_profile = { .profile = "unheard-of" },
                                   no_printer = { .printer = "unheard-of" };
    (void)state;
    kwit_result_free(store(&bad_key, 64));
    kwit_result_free(store(&no_file, 66));
    kwit_result_free(store(&no_memory, 69));
    kwit_result_free(store(&no_profile, 78));
    kwit_result_free(store(&no_printer, 69));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_configured_logo_reaches_the_printer_and_is_confirmed, setup, place_remove),
        cmocka_unit_test_setup_teardown(a_dry_run_gives_the_command_and_sends_nothing, setup, place_remove),
        cmocka_unit_test_setup_teardown(what_cannot_be_stored_is_told_before_the_printer_is_touched, setup,
                                        place_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
