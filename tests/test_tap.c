/* test_tap.c - a stream of another program: its pieces, its words, the place of an invitation, and the proof. */
#include "base/fold.h"
#include "tap/stream/body.h"
#include "tap/stream/rest.h"
#include "tap/stream/weave.h"
#include "tap/stream/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SALE "\x1b@SHOP\nTea 2.00\nTOTAL 2.00\n"
#define FEED "\x1b" "d\x04"
#define CUT "\x1dV\x00"
#define PULSE "\x1bp\x00\x19\xfa"
#define LOOK(bytes) look_at(state, bytes, sizeof bytes - 1)

static struct kw_look *look_with(void **state, const struct kw_look_options *options, const char *bytes, size_t length)
{
    struct kw_look *look = kw_arena_alloc(*state, sizeof *look);
    struct kw_error error;
    assert_int_equal(kw_look(options, bytes, length, *state, look, &error), 0);
    return look;
}

static struct kw_look *look_at(void **state, const char *bytes, size_t length)
{
    const struct kw_look_options options = { .profile = kw_profile_find("tm-t20iii"), .profile_known = true,
                                             .survey_url = "https://s.example/r/{token}" };
    return look_with(state, &options, bytes, length);
}

static struct kw_bitmap *picture_for(void **state, const struct kw_look *look)
{
    struct kw_bitmap *picture = kw_bitmap_new(*state, look->chosen->place.width, 60);
    assert_non_null(picture);
    kw_bitmap_fill(picture, 10, 30, 100, 20);
    return picture;
}

static struct kw_woven weave(void **state, struct kw_look *look)
{
    struct kw_woven woven;
    kw_weave(look, picture_for(state, look), 0, *state, &woven);
    return woven;
}

static int begin(void **state)
{
    *state = kw_arena_new(KW_LOOK_MEMORY);
    return *state ? 0 : -1;
}

static int end(void **state)
{
    kw_arena_free(*state);
    return 0;
}

/* ---- rows ---- */

static void every_word_is_folded_and_said_once_in_its_row(void **state)
{
    struct kw_tap_row row;
    (void)state;
    for (size_t i = 0; kw_tap_row_at(i, &row); i++) {
        char folded[KW_FOLD];
        kw_fold(row.words, folded);
        kw_fold_plain(folded);
        assert_string_equal(row.words, folded);
        assert_null(strstr(row.words, "||"));
        assert_true(row.words[0] != '|' && row.words[strlen(row.words) - 1] != '|');
    }
}

static void a_word_is_found_whole_or_not_at_all(void **state)
{
    const struct kw_tap_words *words = kw_tap_words_new(*state, -1, NULL);
    struct kw_tap_hit hit;
    assert_non_null(words);
    assert_true(kw_tap_find(words, KW_TAP_TOTAL, "to pay: 3.00", &hit));
    assert_int_equal(hit.length, 6);
    assert_false(kw_tap_find(words, KW_TAP_TOTAL, "totally fresh 3.00", &hit));
    assert_false(kw_tap_find(words, KW_TAP_REFUND, "no refunds or exchanges", &hit));
    assert_true(kw_tap_find(words, KW_TAP_TOTAL, "\xe5\x90\x88\xe8\xae\xa1" "5.50", &hit));
    assert_string_equal(hit.language, "zh");
}

static void letters_lose_their_marks_where_they_are_latin(void **state)
{
    static const struct { const char *text, *plain; } rows[] = {
        { "do zap\xc5\x82" "aty", "do zaplaty" }, { "annul\xc3\xa9" "e", "annulee" }, { "gr\xc3\xb6\xc3\x9f" "e", "grosse" },
        { "\xc5\x93uvre", "oeuvre" }, { "\xc4\xb1" "ade", "iade" }, { "\xd1\x87\xd0\xb5\xd0\xba", "\xd1\x87\xd0\xb5\xd0\xba" },
        { "tranzac\xc8\x9bie", "tranzactie" }, { "\xc3\xb7 2", "\xc3\xb7 2" }, { "", "" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        snprintf(text, sizeof text, "%s", rows[i].text);
        kw_fold_plain(text);
        assert_string_equal(text, rows[i].plain);
    }
}

static void words_are_found_where_letters_stand_apart(void **state)
{
    assert_int_equal(LOOK("\x1b@S T O R N O\nTea 2.00\nTOTAL 2.00\n" FEED CUT)->through, KW_THROUGH_DOCUMENT_TYPE);
    assert_string_equal(LOOK("\x1b@SHOP\nT O T A L   2.00\n" FEED CUT)->chosen->words.total, "2.00");
    assert_int_equal(LOOK("\x1b@T E A\nTea 2.00\nTOTAL 2.00\n" FEED CUT)->through, KW_THROUGH_NOT);
}

static void every_reason_has_a_word_and_a_text(void **state)
{
    (void)state;
    for (int i = 0; i < KW_THROUGH_COUNT; i++) {
        assert_true(kw_through_word((enum kw_through)i)[0] != 0);
        assert_true(kw_through_text((enum kw_through)i)[0] != 0);
    }
}

/* ---- verdicts ---- */

static void what_gives_no_ground_passes_through_with_its_word(void **state)
{
    static const struct { const char *bytes; size_t length; enum kw_through through; } rows[] = {
#define ROW(bytes, through) { bytes, sizeof bytes - 1, KW_THROUGH_##through }
        ROW("", EMPTY), ROW("%PDF-1.4", LANGUAGE), ROW("\x1b@\x1b\x1d" "a\x01" SALE CUT, LANGUAGE),
        ROW("\x1b@" PULSE, NO_INK), ROW("\x1b@\x10\x04\x01", NO_INK), ROW(SALE FEED "\x1dV", UNFINISHED),
        ROW(SALE "\x1bL" "page", UNFINISHED), ROW(SALE FEED, NO_CUT), ROW(SALE "no end" CUT, MID_LINE_CUT),
        ROW("\x1b@\x1b{\x01" "TOTAL 2.00\nTea 2.00\nSHOP\n" FEED CUT, UPSIDE_DOWN),
        ROW("\x1b@hello\nworld\n" FEED CUT, NOT_A_SALE), ROW("\x1b@TOTAL 3 ITEMS\n" FEED CUT, NOT_A_SALE),
        ROW("\x1b@SUBTOTAL 2.00\n" FEED CUT, NOT_A_SALE), ROW("\x1b@REFUND\nTea 2.00\nTOTAL 2.00\n" FEED CUT, DOCUMENT_TYPE),
        ROW("\x1b@SHOP\nTea -2.00\nTOTAL -2.00\n" FEED CUT, DOCUMENT_TYPE),
        ROW("\x1b@Z REPORT\nTOTAL 2.00\n" FEED CUT, DOCUMENT_TYPE),
        ROW(SALE "\n\n\n\n\n\n*** MERCHANT COPY ***\n" FEED CUT, DOCUMENT_TYPE),
        ROW(SALE "\x1d(k\x03\x00\x31\x43\x04\x1d(k\x16\x00\x31\x50\x30" "https://s.example/x"
            "\x1d(k\x03\x00\x31\x51\x30" FEED CUT, OTHER_INVITATION),
#undef ROW
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_look *look = look_at(state, rows[i].bytes, rows[i].length);
        assert_string_equal(kw_through_word(look->through), kw_through_word(rows[i].through));
        assert_null(look->chosen);
    }
}

static struct kw_look *look_on(void **state, const char *model, const char *bytes, size_t length)
{
    const struct kw_look_options options = { .profile = kw_profile_find(model), .profile_known = true,
                                             .cutless = true };
    assert_non_null(options.profile);
    return look_with(state, &options, bytes, length);
}

static void a_model_without_a_cutter_ignores_a_cut(void **state)
{
    static const char *const models[] = { "nt-5890k", "zj-5870", "gp-58" };
    static const char bytes[] = SALE FEED CUT, open[] = SALE "end" CUT;
    for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
        struct kw_look *look = look_on(state, models[i], bytes, sizeof bytes - 1);
        assert_string_equal(kw_through_word(look->through), "invited");
        assert_int_equal(look->chosen->place.offset, sizeof SALE - 1);
        assert_string_equal(weave(state, look).doubt, "");
        assert_int_equal(look->through, KW_THROUGH_NOT);
        assert_int_equal(look_on(state, models[i], open, sizeof open - 1)->through, KW_THROUGH_MID_LINE_CUT);
    }
}

static void a_model_without_raster_pictures_is_left_alone(void **state)
{
    static const char bytes[] = SALE FEED CUT;
    assert_int_equal(look_on(state, "tm-u220", bytes, sizeof bytes - 1)->through, KW_THROUGH_NO_PICTURE);
}

static void where_all_is_large_nothing_is(void **state)
{
    static const char bold[] = "\x1b@\x1b" "E\x01" "SHOP\nTea 2.00\nTOTAL 2.00\nFor a refund keep this\n" FEED CUT,
                      one[] = "\x1b@SHOP\nTea 2.00\nTOTAL 2.00\n\x1b" "E\x01" "This is a refund\n" FEED CUT;
    assert_int_equal(look_at(state, bold, sizeof bold - 1)->through, KW_THROUGH_NOT);
    assert_int_equal(look_at(state, one, sizeof one - 1)->through, KW_THROUGH_DOCUMENT_TYPE);
}

static void a_footer_that_speaks_of_refunds_is_no_refund(void **state)
{
    static const char bytes[] = SALE "*No refunds or exchanges without receipt*\nNo refund.\n" FEED CUT;
    assert_int_equal(look_at(state, bytes, sizeof bytes - 1)->through, KW_THROUGH_NOT);
}

static void a_total_may_be_written_in_many_ways(void **state)
{
    static const struct { const char *line, *total; bool sale; } rows[] = {
        { "TOTAL EUR7.80", "7.80", true }, { "TOTAL -- 7.80 --", "7.80", true }, { "** TOTAL ** 7.80", "7.80", true },
        { "TOTAL -7.80", "7.80", false }, { "TOTAL 7.80-", "7.80", false }, { "TOTAL (7.80)", "7.80", false },
        { "TOTAL 7.80 CR", "7.80", false }, { "Endsumme 7,80", "7.80", true },
    };
    char bytes[128];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int length = snprintf(bytes, sizeof bytes, "\x1b@SHOP\nTea\n%s\n\n\n\x1bi", rows[i].line);
        struct kw_look *look = look_at(state, bytes, (size_t)length);
        assert_string_equal(look->pieces[0].words.total, rows[i].total);
        assert_int_equal(look->through, rows[i].sale ? KW_THROUGH_NOT : KW_THROUGH_DOCUMENT_TYPE);
    }
}

static void a_total_may_stand_on_the_line_below(void **state)
{
    struct kw_look *look = LOOK("\x1b@SHOP\nTOTAL\n 1,114.70\n22/11/2026 14:03\n" FEED CUT);
    assert_int_equal(look->through, KW_THROUGH_NOT);
    assert_string_equal(look->chosen->words.total, "1114.70");
    assert_true(look->chosen->words.timed);
}

/* ---- what a shop knows of its own ------------------------------------------------------------------------------ */

static struct kw_look *look_as(void **state, const struct kw_look_options *more, const char *bytes, size_t length)
{
    struct kw_look_options options = *more;
    options.profile = kw_profile_find("tm-t20iii");
    options.profile_known = true;
    return look_with(state, &options, bytes, length);
}

#define LOOK_AS(more, bytes) look_as(state, more, bytes, sizeof bytes - 1)

static void patterns_of_the_shop_count_more_than_words(void **state)
{
    static const char *const sale[] = { "^TABLE", NULL }, *const never[] = { "STAFF", NULL };
    const struct kw_look_options options = { .patterns = { .total = "ZU ZAHLEN +([0-9,]+)", .sale = sale,
                                                           .never = never } };
    struct kw_look *look = LOOK_AS(&options, "\x1b@SHOP\nTOTAL 9.00\nZU ZAHLEN  2,50\n" FEED CUT);
    assert_string_equal(look->chosen->words.total, "2.50");
    assert_int_equal(LOOK_AS(&options, "\x1b@REFUND\nTABLE 4\nTOTAL 9.00\n" FEED CUT)->through, KW_THROUGH_NOT);
    assert_int_equal(LOOK_AS(&options, "\x1b@TABLE 4\nSTAFF\nTOTAL 9.00\n" FEED CUT)->through,
                     KW_THROUGH_DOCUMENT_TYPE);
}

/* ---- words that came with the bytes ---- */

#define DOTS "\x1dv0\x00\x01\x00\x01\x00\xff"

static struct kw_look *look_given(void **state, const char *words, const char *bytes, size_t length)
{
    const struct kw_look_options options = { .profile = kw_profile_find("tm-t20iii"), .profile_known = true,
                                             .given = { words, strlen(words) } };
    return look_with(state, &options, bytes, length);
}

static void words_that_are_given_are_not_read_off_the_paper(void **state)
{
    static const char one[] = DOTS FEED CUT, two[] = DOTS FEED CUT DOTS FEED CUT;
    struct kw_look *look = look_given(state, " \xd9\x86\xd8\xa7\xd9\x86\n TOTAL 2.00\n\f", one, sizeof one - 1);
    assert_int_equal(look->through, KW_THROUGH_NOT);
    assert_string_equal(look->chosen->words.total, "2.00");
    assert_string_equal(look->chosen->lines.lines[1].text, "TOTAL 2.00");
    assert_int_equal(look_given(state, " TOTAL\n\f", one, sizeof one - 1)->through, KW_THROUGH_NOT_A_SALE);
    look = look_given(state, "*KITCHEN\n\f TOTAL 2.00\n\f", two, sizeof two - 1);
    assert_ptr_equal(look->chosen, &look->pieces[1]);
    assert_int_equal(look->pieces[0].words.kind, KW_TAP_KITCHEN);
    /* Three for two pieces of paper are those of other paper. */
    look = look_given(state, " TOTAL 2.00\n\f TOTAL 2.00\n\f TOTAL 2.00\n\f", two, sizeof two - 1);
    assert_int_equal(look->through, KW_THROUGH_NOT_A_SALE);
}

static void words_go_where_their_lines_end(void **state)
{
    struct kw_buffer out;
    kw_buffer_init(&out, 100);
    assert_true(kw_given_add_line(&out, "A\nB\fC", true) && kw_given_end_piece(&out));
    assert_string_equal(kw_buffer_string(&out), "*A B C\n\f");
    const struct kw_given given = { kw_buffer_string(&out), out.length };
    struct kw_lines lines = { .count = 0 };
    assert_int_equal(kw_given_pieces(&given), 1);
    assert_int_equal(kw_given_read(&given, 0, 1, *state, &lines), 0);
    assert_int_equal(lines.count, 1);
    assert_true(lines.lines[0].big);
    assert_string_equal(lines.lines[0].text, "A B C");
    kw_buffer_free(&out);
}

static void a_body_keeps_its_words_and_an_old_one_has_none(void **state)
{
    static const char old[] = "kwit-stream 1 2 3 main\n{}\x1b@", cut[] = "kwit-stream 2 2 3 9 main\n{} A\n\f";
    const struct kw_stream_body body = { .document = "{}", .document_length = 2, .bytes = (const uint8_t *)"\x1b@",
                                         .length = 2, .given = { " A\n\f", 4 }, .marks = 3, .till = "main 2" };
    struct kw_stream_body read;
    struct kw_buffer out;
    (void)state;
    kw_buffer_init(&out, 100);
    assert_true(kw_stream_join(&body, &out) && kw_stream_split(out.data, out.length, &read));
    assert_true(read.length == 2 && read.given.length == 4 && read.document_length == 2 && read.marks == 3);
    assert_memory_equal(read.given.text, " A\n\f", 4);
    assert_memory_equal(read.bytes, "\x1b@", 2);
    assert_string_equal(read.till, "main 2");
    kw_buffer_free(&out);
    assert_true(kw_stream_split(old, sizeof old - 1, &read));
    assert_true(read.length == 2 && read.given.length == 0 && !read.given.text);
    assert_string_equal(read.till, "main");
    assert_false(kw_stream_split(cut, sizeof cut - 1, &read));
}

static void the_piece_that_is_asked_for_carries_it(void **state)
{
    static const char *const merchant[] = { "FOR THE SHOP", NULL }, *const customer[] = { "FOR YOU", NULL };
    static const char bytes[] = SALE FEED CUT "FOR THE SHOP\nTOTAL 2.00\n" FEED CUT "FOR YOU\nTOTAL 2.00\n" FEED CUT
        SALE FEED CUT;
    struct kw_look_options options = { .patterns = { .merchant = merchant, .customer = customer } };
    struct kw_look *look = LOOK_AS(&options, bytes);
    assert_ptr_equal(look->chosen, &look->pieces[0]);
    assert_int_equal(look->pieces[1].through, KW_THROUGH_DOCUMENT_TYPE);
    options.piece = KW_TAP_PIECE_LAST;
    look = LOOK_AS(&options, bytes);
    assert_ptr_equal(look->chosen, &look->pieces[3]);
    options.piece = KW_TAP_PIECE_MATCH;
    look = LOOK_AS(&options, bytes);
    assert_ptr_equal(look->chosen, &look->pieces[2]);
    assert_int_equal(LOOK_AS(&options, SALE FEED CUT)->through, KW_THROUGH_DOCUMENT_TYPE);
}

/* A picture of 96 rows, 12 mm. */
static const char *picture_alone(char bytes[128])
{
    memset(bytes, 0x55, 128);
    memcpy(bytes, "\x1dv0\x00\x01\x00\x60\x00", 8);
    memcpy(bytes + 104, FEED CUT, sizeof FEED CUT - 1);
    return bytes;
}

static void paper_without_text_is_invited_only_where_that_is_said(void **state)
{
    enum { LENGTH = 104 + sizeof FEED CUT - 1 };
    char bytes[128];
    struct kw_look_options options = { .min_mm = 12 };
    picture_alone(bytes);
    assert_int_equal(look_as(state, &options, bytes, LENGTH)->through, KW_THROUGH_NOT_A_SALE);
    options.image_only = KW_IMAGE_ONLY_RULE;
    assert_int_equal(look_as(state, &options, bytes, LENGTH)->through, KW_THROUGH_NOT);
    options.min_mm = 13;
    assert_int_equal(look_as(state, &options, bytes, LENGTH)->through, KW_THROUGH_NOT_A_SALE);
    options.image_only = KW_IMAGE_ONLY_INVITE;
    assert_int_equal(look_as(state, &options, bytes, LENGTH)->through, KW_THROUGH_NOT);
}

static void the_printers_own_code_page_is_read_where_it_is_told(void **state)
{
    static const char bytes[] = "\xaf\x8e\x80\x82\x80\nTea 2.00\n\x88\x92\x8e\x83\x8e 2.00\n" FEED CUT;
    struct kw_look_options options = { .encoding = NULL };
    assert_int_equal(LOOK_AS(&options, bytes)->through, KW_THROUGH_TEXT_DOUBTFUL);
    options.encoding = "CP866";
    struct kw_look *look = LOOK_AS(&options, bytes);
    assert_string_equal(look->chosen->words.language, "ru");
    assert_string_equal(weave(state, look).doubt, "");
    assert_int_equal(look->through, KW_THROUGH_NOT);
    assert_int_equal(LOOK_AS(&options, "\x1bt\x02\x1b@\x88\x92\x8e\x83\x8e 2.00\n" FEED CUT)->through, KW_THROUGH_NOT);
}

/* Texts as a printer that stands on PC437 reads them; where nothing is to be paid, doubt is told from other paper. */
static void text_in_another_code_page_is_told_from_paper_that_is_no_sale(void **state)
{
    static const struct { const char *bytes; size_t length; enum kw_through through; } rows[] = {
#define ROW(bytes, through) { bytes, sizeof bytes - 1, KW_THROUGH_##through }
        ROW("\xcc\xc0\xc3\xc0\xc7\xc8\xcd\n\xd7\xe0\xe9 2.00\n\xc8\xf2\xee\xe3\xee 2.00\n" FEED CUT, TEXT_DOUBTFUL),
        ROW("\xe5\x90\x88\xe8\xae\xa1 \xe8\x8c\xb6 2.00\n" FEED CUT, TEXT_DOUBTFUL),
        ROW("\x8c\x82 \x84\x94\x97\n05.4 \x84\x94\x97\n00.3 \x8d\x89\x8e\n05.7 \x8b\"\x84\x91\n\x84\x83\x85\x9a\n"
            FEED CUT, TEXT_DOUBTFUL),                              /* Hebrew of short words */
        ROW("Z\x88\xe5\xc5 g\xd9\xa9l\xb9 2.00\n\x9d\xb3\xd8" "d\xab 2.00\n" FEED CUT, TEXT_DOUBTFUL),
        ROW("caf\x82 cr\x8ame 2.00\n\x90" "clair 2.00\n" FEED CUT, NOT_A_SALE),
        ROW("\xc9\xcd\xcd\xbb\n\xba" "Tea\xba 2.00\n\xba" "Cake\xba 2.00\n\xc8\xcd\xcd\xbc\n" FEED CUT, NOT_A_SALE),
        ROW("\x1bt\x11\x8f\xe0\xa8\xa2\xa5\xe2\n\x97\xa0\xa9 2\n" FEED CUT, NOT_A_SALE),
        ROW("\xcc\xc0\xc3\xc0\xc7\xc8\xcd\nTOTAL 2.00\n" FEED CUT, NOT),
#undef ROW
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(kw_through_word(look_at(state, rows[i].bytes, rows[i].length)->through),
                            kw_through_word(rows[i].through));
}

/* Western letters as a printer that stands on PC437 reads them: what is to be paid is read, and so is the kind. */
static void a_kind_is_known_where_its_marks_were_misread(void **state)
{
    static const char *const headings[] = {
        "R\xdc" "CKGABE", "H\xc4NDLERBELEG", "VENTE ANNUL\xc9" "E", "CL\xd4TURE", "DEVOLUCI\xd3N", "K\xdc" "CHE"
    };
    char bytes[128];
    for (size_t i = 0; i < sizeof headings / sizeof headings[0]; i++) {
        int length = snprintf(bytes, sizeof bytes, "\x1b@SHOP\n%s\nTee 2.00\nTOTAL 2.00\n\x1bi", headings[i]);
        assert_int_equal(look_at(state, bytes, (size_t)length)->through, KW_THROUGH_DOCUMENT_TYPE);
    }
    assert_int_equal(LOOK("\x1b@GESCH\xc4" "FT\nBR\xd6TCHEN 2.00\nSUMME 2.00\nEINTR\xc4GE\n" FEED CUT)->through, KW_THROUGH_NOT);
}

static void a_time_in_the_shops_own_form_makes_it_certain(void **state)
{
    const struct kw_look_options options = { .patterns = { .time = "%d %b %y %H.%M" } };
    assert_true(LOOK_AS(&options, SALE "22 Nov 26 14.03\n" FEED CUT)->chosen->words.timed);
    assert_false(LOOK_AS(&options, SALE "22 Nov 26\n" FEED CUT)->chosen->words.timed);
}

static void too_much_is_not_looked_at(void **state)
{
    char *bytes = kw_arena_alloc(*state, KW_LOOK_BYTES + 1);
    assert_non_null(bytes);
    memset(bytes, '\n', KW_LOOK_BYTES + 1);
    assert_int_equal(look_at(state, bytes, KW_LOOK_BYTES + 1)->through, KW_THROUGH_LIMIT);
}

static void the_first_piece_that_may_carry_it_does(void **state)
{
    struct kw_look *look = LOOK("\x1b@MERCHANT COPY\nTOTAL 2.00\n" FEED CUT SALE FEED CUT SALE FEED CUT);
    assert_int_equal(look->piece_count, 3);
    assert_ptr_equal(look->chosen, &look->pieces[1]);
}

/* ---- place ---- */

static uint64_t offset_in(void **state, const char *bytes, size_t length)
{
    struct kw_look *look = look_at(state, bytes, length);
    assert_string_equal(kw_through_word(look->through), "invited");
    return look->chosen->place.offset;
}

static void it_stands_behind_the_ink_and_before_the_feed(void **state)
{
    static const char bytes[] = SALE FEED CUT PULSE;
    assert_int_equal(offset_in(state, bytes, sizeof bytes - 1), sizeof SALE - 1);
}

static void it_stands_before_the_first_of_several_cuts(void **state)
{
    static const char bytes[] = SALE "\x1dV\x01" CUT;
    assert_int_equal(offset_in(state, bytes, sizeof bytes - 1), sizeof SALE - 1);
    assert_true(LOOK(SALE CUT)->chosen->place.feed_dots > 0);
    assert_int_equal(LOOK(SALE "\x1dV\x42\x00")->chosen->place.feed_dots, 0);
}

static void an_open_line_is_ended_only_where_a_feed_would_end_it(void **state)
{
    struct kw_look *look = LOOK(SALE "bye" FEED CUT);
    assert_true(look->chosen->place.aside.end_line);
    assert_int_equal(look->chosen->place.offset, sizeof SALE + 2);
    assert_int_equal(weave(state, look).added > 0, 1);
}

static void the_width_is_what_the_stream_prints_on_when_nobody_says_more(void **state)
{
    static const char narrow[] = SALE FEED CUT, wide[] = "\x1b@SHOP\nTea 2.00 1234567890123456789012345678901234\nTOTAL 2.00\n"
                                                         FEED CUT;
    const struct kw_look_options options = { .profile = kw_profile_find("tm-t20iii") };
    assert_int_equal(look_with(state, &options, narrow, sizeof narrow - 1)->chosen->place.width, KW_LOOK_NARROW);
    assert_in_range(look_with(state, &options, wide, sizeof wide - 1)->chosen->place.width, 512, 520);
    assert_int_equal(LOOK(SALE FEED CUT)->chosen->place.width, 576);
}

/* ---- weaving ---- */

static void what_came_goes_out_with_one_run_more(void **state)
{
    static const char bytes[] = SALE FEED CUT PULSE;
    struct kw_look *look = LOOK(SALE FEED CUT PULSE);
    struct kw_woven woven = weave(state, look);
    assert_string_equal(woven.doubt, "");
    assert_true(woven.added > 0);
    assert_memory_equal(woven.bytes, bytes, woven.offset);
    const uint8_t *behind = woven.bytes + woven.offset + woven.added;
    assert_memory_equal(behind, bytes + woven.offset, sizeof bytes - 1 - woven.offset);
    assert_int_equal(kw_escpos_find_realtime(woven.bytes + woven.offset, woven.added), SIZE_MAX);
    look->stream.text_count = 0;                                    /* the same dots, and nothing was said */
    assert_string_equal(kw_weave_fault(look, &woven, 0, *state), "a text or a symbol");
}

static void settings_that_are_otherwise_are_put_aside_and_back(void **state)
{
    static const char *const settings[] = { "\x1dL\x50\x00\x1dW\x80\x00", "\x1b{\x01", "\x1b" "a\x01", "\x1b" "a\x02", "\x1d!\x11",
                                            "\x1b" "3\x08", "\x1d\x42\x01", "\x1bV\x01", "\x1b" "E\x01\x1b-\x01" };
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        char bytes[256];
        size_t length = sizeof SALE - 1, set = i == 0 ? 8 : i >= 8 ? 6 : 3;
        memcpy(bytes, SALE, length);
        memcpy(bytes + length, settings[i], set);
        memcpy(bytes + length + set, "bye\n" FEED CUT "next\n", sizeof "bye\n" FEED CUT "next\n" - 1);
        struct kw_look *look = look_at(state, bytes, length + set + sizeof "bye\n" FEED CUT "next\n" - 1);
        struct kw_woven woven = weave(state, look);
        assert_string_equal(woven.doubt, "");
        assert_true(woven.added > 0);
    }
}

static void a_run_that_changes_the_paper_is_found(void **state)
{
    static const struct { const char *run; size_t length; } rows[] = {
#define ROW(run) { run, sizeof run - 1 }
        ROW("x"), ROW("x\n\x1b" "E\x01"), ROW(CUT), ROW(PULSE), ROW("\x1b" "a\x01"), ROW("\x1d!\x11"), ROW("\x1b@\x1b" "3\x40"), ROW("\x1bJ\x20"),
        ROW("\x1dv0\x00\x01\x00\x01\x00\xff\x1dv0"), ROW("\x1bL"),
#undef ROW
    };
    static const char head[] = SALE, tail[] = "\x1b" "a\x00" FEED CUT "next\n" PULSE "more\n";
    struct kw_look *look = LOOK(SALE "\x1b" "a\x00" FEED CUT "next\n" PULSE "more\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char bytes[256];
        struct kw_woven woven = { .bytes = (uint8_t *)bytes, .offset = sizeof head - 1, .added = rows[i].length };
        memcpy(bytes, head, sizeof head - 1);
        memcpy(bytes + sizeof head - 1, rows[i].run, rows[i].length);
        memcpy(bytes + sizeof head - 1 + rows[i].length, tail, sizeof tail - 1);
        woven.length = sizeof head - 1 + rows[i].length + sizeof tail - 1;
        assert_non_null(kw_weave_fault(look, &woven, 0, *state));
    }
}

static void cut_short_at_every_byte_the_old_bytes_are_all_there(void **state)
{
    static const char bytes[] = SALE "\x1d(k\x03\x00\x31\x43\x04\x1d(k\x08\x00\x31\x50\x30" "hello\x1d(k\x03\x00\x31\x51\x30" FEED CUT
                                SALE "end" FEED CUT PULSE "\x10\x04\x01";
    (void)state;
    for (size_t length = 0; length < sizeof bytes; length++) {
        struct kw_arena *arena = kw_arena_new(KW_LOOK_MEMORY);
        void *own = arena;
        struct kw_look *look = look_at(&own, bytes, length);
        struct kw_woven woven;
        kw_weave(look, look->chosen ? picture_for(&own, look) : NULL, 0, arena, &woven);
        assert_int_equal(woven.length, length + woven.added);
        assert_memory_equal(woven.bytes, bytes, woven.offset);
        assert_memory_equal(woven.bytes + woven.offset + woven.added, bytes + woven.offset, length - woven.offset);
        kw_arena_free(arena);
    }
}

/* ---- commands without an end ---- */

static size_t missing(const char *rest, size_t length, uint8_t out[KW_REST_BYTES])
{
    return kw_rest_missing((const uint8_t *)rest, length, out);
}

static void what_inks_nothing_is_ended(void **state)
{
    uint8_t out[KW_REST_BYTES];
    (void)state;
    assert_int_equal(missing("\x1bp\x00", 3, out), 2);
    assert_memory_equal(out, "\x19\xfa", 2);
    assert_int_equal(missing("\x1bp", 2, out), 3);
    assert_memory_equal(out, "\x00\x19\xfa", 3);
    assert_int_equal(missing("\x1b" "a", 2, out), 1);
    assert_memory_equal(out, "\x00", 1);
    assert_int_equal(missing("\x1b", 1, out), 1);
    assert_int_equal(missing("\x1dV", 2, out), 0);                 /* a cut is not made up */
    assert_int_equal(missing("\x1dv0\x00\x04\x00\x04\x00", 8, out), 0);
    assert_int_equal(missing("\x10\x04", 2, out), 0);
    assert_int_equal(missing("", 0, out), 0);
}

static void an_unended_pulse_behind_the_cut_is_no_doubt(void **state)
{
    struct kw_look *look = LOOK(SALE FEED CUT "\x1bp\x00");
    assert_int_equal(look->through, KW_THROUGH_NOT);
    struct kw_woven woven = weave(state, look);
    assert_int_equal(look->through, KW_THROUGH_NOT);
    assert_memory_equal(woven.bytes + woven.length - 3, "\x1bp\x00", 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(every_word_is_folded_and_said_once_in_its_row),
        TEST(a_word_is_found_whole_or_not_at_all),
        TEST(a_model_without_a_cutter_ignores_a_cut), TEST(a_model_without_raster_pictures_is_left_alone),
        TEST(where_all_is_large_nothing_is),
        TEST(words_that_are_given_are_not_read_off_the_paper), TEST(words_go_where_their_lines_end),
        TEST(a_body_keeps_its_words_and_an_old_one_has_none),
        TEST(a_kind_is_known_where_its_marks_were_misread),
        TEST(a_total_may_be_written_in_many_ways),
        TEST(letters_lose_their_marks_where_they_are_latin), TEST(words_are_found_where_letters_stand_apart),
        TEST(every_reason_has_a_word_and_a_text),
        TEST(what_gives_no_ground_passes_through_with_its_word),
        TEST(a_footer_that_speaks_of_refunds_is_no_refund),
        TEST(a_total_may_stand_on_the_line_below),
        TEST(too_much_is_not_looked_at),
        TEST(patterns_of_the_shop_count_more_than_words),
        TEST(the_piece_that_is_asked_for_carries_it),
        TEST(paper_without_text_is_invited_only_where_that_is_said),
        TEST(the_printers_own_code_page_is_read_where_it_is_told),
        TEST(text_in_another_code_page_is_told_from_paper_that_is_no_sale),
        TEST(a_time_in_the_shops_own_form_makes_it_certain),
        TEST(the_first_piece_that_may_carry_it_does),
        TEST(it_stands_behind_the_ink_and_before_the_feed),
        TEST(it_stands_before_the_first_of_several_cuts),
        TEST(an_open_line_is_ended_only_where_a_feed_would_end_it),
        TEST(the_width_is_what_the_stream_prints_on_when_nobody_says_more),
        TEST(what_came_goes_out_with_one_run_more),
        TEST(settings_that_are_otherwise_are_put_aside_and_back),
        TEST(a_run_that_changes_the_paper_is_found),
        TEST(cut_short_at_every_byte_the_old_bytes_are_all_there),
        TEST(what_inks_nothing_is_ended), TEST(an_unended_pulse_behind_the_cut_is_no_doubt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
