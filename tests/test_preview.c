/* test_preview.c - kwit preview: blocks and pictures of a document, and dots drawn in the cells of a terminal. */
#include "image/png.h"
#include "support/place.h"

#include <kwit/tool.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "{\"kwit\":1,\"id\":\"1\",\"time\":\"2026-11-22T14:03:11Z\",\"currency\":\"EUR\",\"kind\":\"document\",\"blocks\":["
#define TAIL "]}"

static char config[100];
static kwit_result *result;

/* A picture of 96 by 48 dots, which is 12 by 6 mm; its left half is black. */
static void save_half_black(void)
{
    char path[100];
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, 96, 48);
    struct kw_buffer png;
    snprintf(path, sizeof path, "%s/half.png", place);
    kw_bitmap_fill(bitmap, 0, 0, 48, 48);
    kw_bitmap_set(bitmap, 95, 47);                          /* so that all of its width is sent */
    kw_buffer_init(&png, 1 << 20);
    assert_int_equal(kw_png_write(bitmap, 203, &png, NULL), 0);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(png.data, 1, png.length, file), png.length);
    fclose(file);
    kw_buffer_free(&png);
    kw_arena_free(arena);
}

static void configure(const char *text)
{
    snprintf(config, sizeof config, "%s/kwit.conf", place);
    FILE *file = fopen(config, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static int begin(void **state)
{
    char text[200];
    if (place_make(state) != 0)
        return -1;
    setenv("XDG_CACHE_HOME", place, 1);
    save_half_black();
    snprintf(text, sizeof text, "[store]\nimage_dir = %s\n", place);
    configure(text);
    return 0;
}

static int end(void **state)
{
    kwit_result_free(result);
    result = NULL;
    return place_remove(state);
}

static const char *preview(const char *document, enum kwit_preview_format format)
{
    const struct kwit_settings settings = { .config_file = config };
    const struct kwit_print_options options = { .profile = "tm-t20iii" };
    kwit_context *context;
    size_t length;
    assert_int_equal(kwit_context_new(&settings, &context), 0);
    kwit_result_free(result);
    kwit_preview(context, document, strlen(document), &options, format, &result);
    kwit_context_free(context);
    if (kwit_result_exit(result) != 0)
        fail_msg("%s", kwit_result_json(result));
    return (const char *)kwit_result_data(result, &length);
}

static void warned(const char *code, const char *part)
{
    const char *json = kwit_result_json(result);
    if (!strstr(json, code) || !strstr(json, part))
        fail_msg("no %s \"%s\" in %s", code, part, json);
}

static void dots_are_drawn_in_braille_where_they_stand(void **state)
{
    (void)state;
    static const char line[] = "\n                    \xE2\xA3\xBF\xE2\xA3\xBF\xE2\xA3\xBF\xE2\xA3\xBF ";
    const char *text = preview(HEAD "{\"text\":\"above\"},{\"image\":\"half.png\",\"width_mm\":12,"
                               "\"dither\":\"threshold\"},{\"text\":\"below\"}" TAIL, KWIT_PREVIEW_TERMINAL);
    const char *above = strstr(text, "above"), *first = strstr(text, line), *below = strstr(text, "below");
    assert_true(above && first && below && above < first && first < below);
    const char *second = strstr(first + 1, line);
    assert_true(second && second < below && !strstr(second + 1, line));
}

static void a_picture_comes_from_its_directory_alone(void **state)
{
    (void)state;
    preview(HEAD "{\"image\":\"../half.png\"},{\"text\":\"x\"}" TAIL, KWIT_PREVIEW_TEXT);
    warned("image_omitted", "named by its file name alone");
    preview(HEAD "{\"image\":\"other.png\"},{\"text\":\"x\"}" TAIL, KWIT_PREVIEW_TEXT);
    warned("image_omitted", "cannot be opened");
    configure("");
    preview(HEAD "{\"image\":\"half.png\"},{\"text\":\"x\"}" TAIL, KWIT_PREVIEW_TEXT);
    warned("image_omitted", "no image_dir is configured");
}

/* Height of the paper on which the picture stands so wide; the raster's width is checked. */
static int height_of(int width_mm, int raster_dots)
{
    char document[400], raster[40];
    snprintf(document, sizeof document, HEAD "{\"image\":\"half.png\",\"width_mm\":%d,\"dither\":\"threshold\"}" TAIL,
             width_mm);
    snprintf(raster, sizeof raster, "\"width\":%d,", raster_dots);
    const char *events = preview(document, KWIT_PREVIEW_JSON), *height = strstr(events, "\"height_dots\":");
    assert_non_null(strstr(events, raster));
    assert_non_null(height);
    return atoi(height + strlen("\"height_dots\":"));
}

static void a_picture_is_as_wide_as_it_is_asked_for(void **state)
{
    (void)state;
    int small = height_of(24, 192);                         /* without the white to its left */
    assert_int_equal(height_of(200, 576) - small, 288 - 96);
}

static void words_stand_in_their_columns_drawn_or_not(void **state)
{
    (void)state;
    static const char *const rows[] = { "{\"text\":\"abc\"},{\"text\":\"12.50\",\"align\":\"right\"}",
                                        "{\"text\":\"漢字\"},{\"text\":\"12.50\",\"align\":\"right\"}" };
    static const char *const lines[] = { "abc                                        12.50\n",
                                         "漢字                                       12.50\n" };
    for (size_t i = 0; i < 2; i++) {
        char document[400];
        snprintf(document, sizeof document, HEAD "{\"row\":[%s]}" TAIL, rows[i]);
        const char *text = preview(document, KWIT_PREVIEW_TEXT);
        if (!strstr(text, lines[i]))
            fail_msg("%s", text);
        assert_non_null(strstr(preview(document, KWIT_PREVIEW_TERMINAL), lines[i]));
    }
}

static void a_picture_of_lines_has_text(void **state)
{
    (void)state;
    const char *svg = preview(HEAD "{\"text\":\"<b> & c\"}" TAIL, KWIT_PREVIEW_SVG);
    if (!strstr(svg, "textLength=\"84\">&lt;b&gt; &amp; c</text>"))
        fail_msg("%s", strstr(svg, "<g"));
    svg = preview(HEAD "{\"text\":\"سلام\"}" TAIL, KWIT_PREVIEW_SVG);
    assert_non_null(strstr(svg, "direction=\"rtl\">سلام</text>"));
}

static void every_block_has_its_place(void **state)
{
    (void)state;
    const char *text = preview(HEAD
        "{\"row\":[{\"text\":\"left\"},{\"text\":\"right\",\"align\":\"right\"}]},{\"rule\":\"double\"},"
        "{\"barcode\":{\"symbology\":\"code39\",\"data\":\"KWIT\"}},{\"feed\":2},{\"text\":\"first\"},{\"cut\":\"full\"},"
        "{\"text\":\"second\"}" TAIL, KWIT_PREVIEW_TEXT);
    const char *row = strstr(text, "left"), *right = strstr(text, "right\n"), *rule = strstr(text, "\n════"),
               *first = strstr(text, "first"), *second = strstr(text, "second");
    if (!row || !right || !rule || !first || !second)
        fail_msg("%s", text);
    assert_int_equal(right + 5 - row, 48);
    assert_true(row < rule && rule < first && first < second);
}

static void cells_without_room_stand_below_each_other(void **state)
{
    (void)state;
    char document[4000] = HEAD "{\"row\":[";
    for (int i = 0; i < 12; i++)
        snprintf(document + strlen(document), sizeof document - strlen(document),
                 "%s{\"text\":\"cell %d\",\"width\":%d}", i ? "," : "", i, i == 0 ? 40 : 20);
    strcat(document, "]}" TAIL);
    const char *text = preview(document, KWIT_PREVIEW_TEXT);
    for (int i = 0; i < 12; i++) {
        char cell[20];
        snprintf(cell, sizeof cell, "%d", i);
        assert_non_null(strstr(text, cell));
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(dots_are_drawn_in_braille_where_they_stand),
        CASE(a_picture_comes_from_its_directory_alone),
        CASE(a_picture_is_as_wide_as_it_is_asked_for),
        CASE(every_block_has_its_place),
        CASE(cells_without_room_stand_below_each_other),
        CASE(words_stand_in_their_columns_drawn_or_not),
        CASE(a_picture_of_lines_has_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
