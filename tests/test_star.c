/* test_star.c - Star's languages: a page on the paper of its simulated printer dot by dot, status blocks, the count. */
#include "simulator/simulator.h"
#include "star/star.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const models[] = { "tsp100", "tsp650ii-star", "tsp143iv", "mpop", "mc-print3-star", "tsp800ii" };
enum { MODELS = sizeof models / sizeof models[0] };

static struct kw_arena *arena;
static struct kw_bitmap *paper;
static size_t papers;
static char events[64 * 1024];

static int begin(void **state)
{
    (void)state;
    arena = kw_arena_new(64 * 1024 * 1024);
    paper = NULL;
    papers = 0;
    events[0] = 0;
    return arena ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    kw_arena_free(arena);
    return 0;
}

static void keep_paper(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    (void)data;
    (void)text;
    (void)dpi;
    paper = kw_bitmap_new(arena, dots->width, dots->height);
    assert_non_null(paper);
    kw_bitmap_blend(paper, dots, 0, 0);
    papers++;
}

static void keep_event(void *data, const char *json)
{
    (void)data;
    if (strlen(events) + strlen(json) + 2 < sizeof events)
        strcat(strcat(events, json), "\n");
}

static void feed(const struct kw_profile *profile, const uint8_t *bytes, size_t length)
{
    struct kw_error error;
    struct kw_sim *sim;
    const struct kw_sim_options options = { .profile = profile, .paper = keep_paper, .event = keep_event };
    assert_int_equal(kw_sim_new(&options, &sim, &error), 0);
    for (size_t done = 0; done < length;) {
        ptrdiff_t taken = kw_sim_write(sim, bytes + done, length - done);
        assert_true(taken > 0);
        done += (size_t)taken;
        kw_sim_run(sim);
    }
    assert_int_equal(kw_sim_finish(sim, &error), 0);
    kw_sim_free(sim);
}

static struct kw_bitmap *noise(int width, int height, unsigned seed)
{
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, width, height);
    assert_non_null(bitmap);
    for (int y = 0; y < height; y++)
        for (int x = 0; x < width; x++) {
            seed = seed * 1103515245u + 12345u;
            if (y % 20 < 12 && seed >> 30 == 0)
                kw_bitmap_set(bitmap, x, y);
        }
    return bitmap;
}

/* Two pictures with white between, and a cut. */
static struct kw_encoded encode_told(const struct kw_profile *profile, struct kw_bitmap *pictures[2], int x,
                                     int density, int pace, bool sounds)
{
    struct kw_page page;
    struct kw_encoded encoded;
    struct kw_error error;
    kw_page_init(&page, arena, profile->width_dots);
    page.density = density;
    page.pace = pace;
    struct kw_piece *piece = kw_page_add_piece(&page, KW_PIECE_PAPER, "receipt");
    piece->cut = KW_CUT_PARTIAL;
    piece->sounds = sounds;
    for (int i = 0; i < 2; i++) {
        struct kw_op *op = kw_page_add(&page, KW_OP_BITMAP, "");
        op->image.bitmap = pictures[i];
        op->image.x_dots = x;
        kw_page_feed(&page, 300);
    }
    assert_int_equal(kw_star_encode(arena, &page, profile, &encoded, &error), 0);
    assert_int_equal(encoded.count, 1);
    return encoded;
}

static struct kw_encoded encode(const struct kw_profile *profile, struct kw_bitmap *pictures[2], int x)
{
    return encode_told(profile, pictures, x, 0, 0, false);
}

static void a_page_stands_on_the_paper_dot_by_dot(void **state)
{
    (void)state;
    for (int m = 0; m < MODELS; m++) {
        const struct kw_profile *profile = kw_profile_find(models[m]);
        assert_non_null(profile);
        struct kw_bitmap *pictures[2] = { noise(200, 90, 7), noise(profile->width_dots - 13, 60, 8) };
        struct kw_encoded encoded = encode(profile, pictures, 13);
        papers = 0;
        feed(profile, encoded.pieces[0].bytes, encoded.pieces[0].length);
        assert_int_equal(papers, 1);
        for (int i = 0; i < 2; i++)
            for (int y = 0; y < pictures[i]->height; y++)
                for (int x = 0; x < pictures[i]->width; x++)
                    if (kw_bitmap_get(paper, x + 13, y + i * 390) != kw_bitmap_get(pictures[i], x, y))
                        fail_msg("%s: picture %d differs at %d, %d", models[m], i, x, y);
        assert_non_null(strstr(events, "\"event\":\"cut\""));
    }
}

static void a_printer_is_told_how_dark_and_how_fast(void **state)
{
    (void)state;
    struct kw_bitmap *pictures[2] = { noise(64, 20, 3), noise(64, 20, 4) };
    for (int m = 0; m < MODELS; m++) {
        const struct kw_profile *profile = kw_profile_find(models[m]);
        for (int density = -3; density <= 3; density++) {
            char dark[60], fast[60];
            int pace = (density + 3) % 4, steps[] = { -1, 2, 1, 0 };
            struct kw_encoded encoded = encode_told(profile, pictures, 0, density, pace, false);
            events[0] = 0;
            feed(profile, encoded.pieces[0].bytes, encoded.pieces[0].length);
            snprintf(dark, sizeof dark, "\"form\":\"ESC RS d\",\"step\":%d}", density);
            snprintf(fast, sizeof fast, "\"form\":\"ESC RS r\",\"step\":%d}", steps[pace]);
            assert_int_equal(strstr(events, dark) != NULL, density != 0);
            assert_int_equal(strstr(events, fast) != NULL, pace != 0);
        }
    }
    events[0] = 0;
    feed(kw_profile_find("tsp100"), (const uint8_t *)"\x1B\x1E" "d7\x1B\x1E" "r3", 8);
    assert_null(strstr(events, "\"step\""));
}

static void a_ticket_is_heard_where_it_is_asked_for(void **state)
{
    static const char ring[] = "{\"event\":\"buzzer\"", *first, *second;
    (void)state;
    struct kw_bitmap *pictures[2] = { noise(64, 20, 3), noise(64, 20, 4) };
    for (int m = 0; m < MODELS; m++) {
        const struct kw_profile *profile = kw_profile_find(models[m]);
        for (int sounds = 0; sounds < 2; sounds++) {
            struct kw_encoded encoded = encode_told(profile, pictures, 0, 0, 0, sounds);
            events[0] = 0;
            feed(profile, encoded.pieces[0].bytes, encoded.pieces[0].length);
            first = strstr(events, ring);
            second = first ? strstr(first + 1, ring) : NULL;
            assert_true((second != NULL) == sounds && (first != NULL) == sounds);
            assert_true(!sounds || (strstr(second, "\"ms\":200") && strstr(events, "\"event\":\"cut\"")));
        }
    }
}

/* ESC ACK in a picture would be obeyed: a dot more stands in it instead. */
static void what_a_printer_obeys_stands_in_no_picture(void **state)
{
    (void)state;
    for (int m = 0; m < MODELS; m++) {
        struct kw_bitmap *pictures[2] = { kw_bitmap_new(arena, 64, 8), noise(64, 20, 3) };
        for (int y = 0; y < 8; y++)
            memcpy(pictures[0]->bits + y * 8, "\x1B\x06\x01\x1B\x06\x18\x1B\x06", 8);
        struct kw_encoded encoded = encode(kw_profile_find(models[m]), pictures, 0);
        const struct kw_encoded_piece *piece = &encoded.pieces[0];
        assert_null(memmem(piece->bytes, piece->length, "\x1B\x06", 2));
        assert_non_null(memmem(piece->bytes, piece->length, "\x1B\x07\x01\x1B\x07\x18", 6));
    }
}

/* A foreign program's: letters, a QR code, bars and pictures that the printer sets. */
static const char foreign[] =
    "\x1B@\x1B\x1D" "a\x01\x1Bi\x01\x01SHOP\n\x1Bi0" "0\x1B\x1Dt\x20\x1B" "ECaf\xE9\x1B" "F \x1B\x1Dt\x05p\x88\n\x1B\x1D" "a0pos"
    "\x1B\x1D" "A\x64\x00there\n"
    "\x1B\x1DyS0\x02\x1B\x1DyS1\x01\x1B\x1DyS2\x06\x1B\x1DyD1\x00\x03\x00K1T\x1B\x1DyP"
    "\x1B" "b\x06\x02\x02\x50" "ABC\x1E\x1BX\x02\x00\xFF\x00\xFF\xFF\x00\xFF\n\x1Bk\x01\x00\xF0\xF0\xF0\xF0\xF0\xF0\xF0\xF0"
    "\xF0\xF0\xF0\xF0\xF0\xF0\xF0\xF0\xF0\xF0\xF0\xF0\xF0\xF0\xF0\xF0\nend\n\x1B" "d\x03\x17";

static void what_a_printer_sets_by_itself_comes_out(void **state)
{
    static const char *const wanted[] = {
        "\"text\":\"SHOP\"", "\"text\":\"Café\"", "\"text\":\" p\u0142\"", "\"text\":\"there\"", "\"event\":\"qr\"",
        "\"data\":\"K1T\",\"module\":6,\"level\":\"M\"", "\"data\":\"ABC\"", "\"width\":2,\"height\":24",
        "\"width\":8,\"height\":24", "\"text\":\"end\"", "\"mode\":\"partial\""
    };
    (void)state;
    for (int m = 1; m < MODELS; m++) {
        events[0] = 0;
        feed(kw_profile_find(models[m]), (const uint8_t *)foreign, sizeof foreign - 1);
        for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
            if (!strstr(events, wanted[i]))
                fail_msg("%s: no %s in:\n%s", models[m], wanted[i], events);
        assert_null(strstr(events, "\"event\":\"warning\""));
    }
    events[0] = 0;
    feed(kw_profile_find("tsp100"), (const uint8_t *)foreign, sizeof foreign - 1);
    assert_null(strstr(events, "\"event\":\"qr\""));
    assert_null(strstr(events, "\"event\":\"text\""));
    assert_non_null(strstr(events, "it takes rasters alone"));
}

/* Each command, cut off, with bytes changed and one behind the other: the reader takes all of it. */
static void any_bytes_are_taken(void **state)
{
    (void)state;
    unsigned seed = 5;
    for (int round = 0; round < 120; round++) {
        uint8_t bytes[2 * sizeof foreign];
        size_t count = 0;
        while (count < sizeof bytes) {
            seed = seed * 1103515245u + 12345u;
            size_t from = (seed >> 16) % sizeof foreign, part = (seed >> 8) % 40;
            for (size_t i = from; i < from + part && i < sizeof foreign && count < sizeof bytes; i++)
                bytes[count++] = (uint8_t)foreign[i];
            if (count < sizeof bytes)
                bytes[count++] = (uint8_t)(seed >> 24);
        }
        if (round % 10 == 0)
            memcpy(bytes, "\x1B\x1DS\x01\xFF\xFF\xFF\xFF", 9);      /* the largest band there can be */
        events[0] = 0;
        feed(kw_profile_find(models[round % MODELS]), bytes, count);
    }
}

static struct kw_reply read_reply(const char *bytes, size_t length)
{
    struct kw_reply_reader reader = { .length = 0 };
    struct kw_reply reply = { .kind = KW_REPLY_NONE };
    for (size_t i = 0; i < length; i++) {
        bool whole = kw_star_reply_feed(&reader, (uint8_t)bytes[i], &reply);
        assert_int_equal(whole, i + 1 == length);
    }
    return reply;
}

static void status_blocks_say_what_is_wrong(void **state)
{
    (void)state;
    static const struct { const char *bytes; size_t length; int cause, count; bool near_end; } cases[] = {
        { "\x23\x06\0\0\0\0\0\0\0", 9, 0, 0, false },
        { "\x23\x06\0\0\0\x04\0\0\0", 9, 0, 0, true },
        { "\x23\x86\0\0\0\0\0\0\0\0\0", 11, 0, 0, false },                  /* on a network */
        { "\x23\x06\x08\0\0\x0C\0\x0E\0", 9, KWIT_E_PAPER_OUT, 7, true },
        { "\x23\x06\x28\0\0\0\0\x6E\0", 9, KWIT_E_COVER_OPEN, 31, false },
        { "\x23\x06\x08\x08\0\0\0\0\0", 9, KWIT_E_CUTTER_JAM, 0, false },
        { "\x23\x06\x08\x20\0\0\0\0\0", 9, KWIT_E_PRINTER_DEAD, 0, false },
        { "\x0F\x02\x08\0\0\0\0", 7, KWIT_E_OFFLINE, 0, false },            /* the shortest has no count */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct kw_printer_state printer = { .known = false };
        struct kw_reply reply = read_reply(cases[i].bytes, cases[i].length);
        assert_int_equal(reply.kind, KW_REPLY_FRAME);
        assert_int_equal(kw_star_take_frame(&printer, &reply), cases[i].count);
        assert_int_equal(kw_escpos_cause(&printer), cases[i].cause);
        assert_int_equal(printer.paper_near_end, cases[i].near_end);
    }
}

static void what_is_no_status_block_is_garbage(void **state)
{
    (void)state;
    static const char *const bytes[] = { "\x12", "\x03", "\x23\x07", "\x23\x06\x01", "\x23\x06\x08\x80" };
    for (size_t i = 0; i < sizeof bytes / sizeof bytes[0]; i++)
        assert_int_equal(read_reply(bytes[i], strlen(bytes[i])).kind, KW_REPLY_GARBAGE);
    assert_int_equal(read_reply("\x11", 1).kind, KW_REPLY_FLOW);
}

/* Whatever an earlier session left in the printer, up to seven, does not come to the number that is waited for. */
static void no_earlier_count_answers_a_barrier(void **state)
{
    (void)state;
    for (int told = 0; told < 32; told++) {
        uint8_t bytes[KW_STAR_QUESTION_BYTES];
        int expected = 0;
        size_t length = kw_star_ask_barrier(true, told, &expected, bytes);
        assert_true(length <= sizeof bytes && memcmp(bytes, "\x1B\x1E\x45\x00\x17", 5) == 0);
        assert_int_equal(length - 4, expected);
        for (int left = 0; left < 7; left++)
            assert_int_not_equal((told + left) % 32, expected);
        assert_int_equal(kw_star_ask_barrier(false, told, &expected, bytes), 1);
        assert_int_equal(expected, length - 3);
    }
}

static void each_printer_tells_whose_job_came(void **state)
{
    (void)state;
    static const char star[] = "\x1B@\x1B*rR\x1B*rA\x1B*rP0", escpos[] = "\x1B@Total 1.00\n\x1DV\x01";
    feed(kw_profile_find("tm-t20iii"), (const uint8_t *)star, sizeof star);
    assert_non_null(strstr(events, "a job for a Star printer"));
    events[0] = 0;
    feed(kw_profile_find("tsp100"), (const uint8_t *)escpos, sizeof escpos - 1);
    assert_non_null(strstr(events, "comes out as nothing"));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_page_stands_on_the_paper_dot_by_dot),
        CASE(a_printer_is_told_how_dark_and_how_fast),
        CASE(a_ticket_is_heard_where_it_is_asked_for),
        CASE(what_a_printer_obeys_stands_in_no_picture),
        CASE(what_a_printer_sets_by_itself_comes_out),
        CASE(any_bytes_are_taken),
        CASE(status_blocks_say_what_is_wrong),
        CASE(what_is_no_status_block_is_garbage),
        CASE(no_earlier_count_answers_a_barrier),
        CASE(each_printer_tells_whose_job_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
