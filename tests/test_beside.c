/*
 * test_beside.c - the invitation with its code beside the words, on every model: laid out, encoded, printed by the
 * simulated printer, whose decoder shares nothing with the encoder, and read by zbar; and how much paper it takes.
 */
#include "escpos/escpos.h"
#include "simulator/simulator.h"
#include "support/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scan.h"

static const char *const locales[] = { "en-GB", "fa-IR", "ja-JP", "pl-PL" };
enum { LOCALES = sizeof locales / sizeof locales[0] };

/* As it is on a customer's receipt. */
static const struct kw_invitation invitation = {
    .url = "HTTPS://FB.EXAMPLE.COM/0123456789ABCDEFGHJK", .address = "fb.example.com",
    .code = "0123-4567-89AB-CDEF-GHJK", .expires = "22/12/2026", .minutes = 1,
};

struct print {
    struct kw_arena *arena;
    struct kw_bitmap *paper;
    char text[1 << 14];
    bool warned;
};

static void take_paper(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    struct print *print = data;
    (void)dpi;
    print->paper = kw_bitmap_new(print->arena, dots->width, dots->height);
    kw_bitmap_blend(print->paper, dots, 0, 0);
    strncat(print->text, text, sizeof print->text - 1);
}

static void take_event(void *data, const char *json)
{
    struct print *print = data;
    print->warned |= strstr(json, "\"event\":\"warning\"") != NULL;
}

static void print_page(const struct paper *paper, struct print *print)
{
    struct kw_encoded encoded;
    struct kw_error error;
    struct kw_sim *sim;
    *print = (struct print){ .arena = paper->arena };
    struct kw_sim_options options = { .profile = paper->options.profile, .paper = take_paper, .event = take_event,
                                      .output_data = print };
    if (kw_escpos_encode(paper->arena, &paper->page, paper->options.profile, &encoded, &error) != 0)
        fail_msg("%s: %s", paper->options.profile->name, error.text);
    assert_int_equal(kw_sim_new(&options, &sim, &error), 0);
    for (size_t i = 0; i < encoded.count; i++)
        for (size_t done = 0; done < encoded.pieces[i].length; kw_sim_run(sim))
            done += (size_t)kw_sim_write(sim, encoded.pieces[i].bytes + done, encoded.pieces[i].length - done);
    assert_int_equal(kw_sim_finish(sim, &error), 0);
    kw_sim_free(sim);
}

static struct paper invited(const char *locale, const char *profile, const struct kw_invitation *with)
{
    char document[200];
    snprintf(document, sizeof document, "{\"kwit\":1,\"id\":\"B-1\",\"time\":\"2026-11-22T14:03:11+01:00\",\"locale\":\"%s\","
             "\"currency\":\"EUR\",\"lines\":[{\"name\":\"Tea\",\"total\":\"1.00\"}],\"total\":\"1.00\"}", locale);
    struct paper paper = paper_of_good(document, profile);
    paper.options.invitation = with;
    paper.options.help.phone = "0800 555 0100";
    return paper;
}

static const struct kw_op *beside_on(const struct paper *paper)
{
    const struct kw_piece *piece = &paper->page.pieces[0];
    for (size_t i = 0; i < piece->op_count; i++)
        if (piece->ops[i].kind == KW_OP_BESIDE)
            return &piece->ops[i];
    return NULL;
}

/* Models of another language are their own encoder's. */
static bool is_escpos(const struct kw_profile *profile)
{
    return profile->language == KW_LANGUAGE_ESCPOS && !(profile->quirks & KW_QUIRK_NOT_ESCPOS);
}

/* Two languages on each model, the other two on its neighbour. */
static void the_code_beside_the_words_is_read_from_every_paper(void **state)
{
    (void)state;
    const struct kw_profile *profile;
    for (size_t i = 0; (profile = kw_profile_at(i)); i++)
        for (size_t k = i % 2; k < LOCALES && is_escpos(profile); k += 2) {
            struct paper paper = invited(locales[k], profile->name, &invitation);
            struct print print;
            struct scanned found[4] = { 0 };
            paper_lay_good(&paper, profile->name);
            const struct kw_op *op = beside_on(&paper);
            if (!op)
                fail_msg("%s %s: the code is not beside its words", profile->name, locales[k]);
            print_page(&paper, &print);
            size_t count = scan_bitmap(print.paper, 0, found, 4);
            if (count != 1 || strcmp(found[0].data, invitation.url) != 0)
                fail_msg("%s %s: zbar reads %zu codes: %s", profile->name, locales[k], count, found[0].data);
            if (print.warned)
                fail_msg("%s %s: the printer warns", profile->name, locales[k]);
            paper_free(&paper);
        }
}

/* From the rule to the last line. */
static int height_um(const struct paper *paper)
{
    const struct kw_piece *piece = &paper->page.pieces[0];
    int dots = 0;
    bool counts = false;
    for (size_t i = 0; i < piece->op_count; i++) {
        counts = counts || (i + 1 < piece->op_count && piece->ops[i + 1].kind == KW_OP_BESIDE);
        dots += counts ? kw_op_height_dots(&piece->ops[i]) : 0;
    }
    return kw_profile_dots_to_um(paper->options.profile, dots);
}

static void the_invitation_takes_at_most_fifty_millimetres_of_wide_paper(void **state)
{
    (void)state;
    const struct kw_profile *profile;
    struct kw_invitation rewarded = invitation;
    rewarded.reward = "10 %";
    for (size_t i = 0; (profile = kw_profile_at(i)); i++)
        for (size_t k = 0; k < LOCALES && profile->paper_mm >= 80 && is_escpos(profile); k++) {
            struct paper paper = invited(locales[k], profile->name, &rewarded);
            paper_lay_good(&paper, profile->name);
            if (height_um(&paper) > 50000)
                fail_msg("%s %s: %d um", profile->name, locales[k], height_um(&paper));
            paper_free(&paper);
        }
}

static void a_printer_with_page_mode_sets_both_itself(void **state)
{
    (void)state;
    struct paper paper = invited("en-GB", "tm-t20iii", &invitation);
    struct print print;
    paper_lay_good(&paper, "tm-t20iii");
    const struct kw_beside *beside = beside_on(&paper)->beside;
    assert_null(beside->bitmap);
    print_page(&paper, &print);
    assert_non_null(strstr(print.text, "How did we do?"));
    assert_non_null(strstr(print.text, invitation.code));
    /* Every line has its ink where the page says, and nothing stands between code and words. */
    int top = print.paper->height, y = 0;
    for (size_t i = 0; &paper.page.pieces[0].ops[i] != beside_on(&paper); i++)
        y += kw_op_height_dots(&paper.page.pieces[0].ops[i]);
    for (int row = y; row < y + beside->height_dots; row++)
        for (int x = beside->symbol.x_dots + beside->symbol.width_dots; x < beside->lines_x_dots; x++)
            assert_false(kw_bitmap_get(print.paper, x, row));
    y += beside->lines_y_dots;
    for (size_t i = 0; i < beside->line_count; y += beside->lines[i++].height_dots) {
        const struct kw_line *line = &beside->lines[i];
        int ink = 0;
        for (int row = y; row < y + line->height_dots && row < top; row++)
            for (int x = 0; line->run_count && x < line->runs[0].width_dots; x++)
                ink += kw_bitmap_get(print.paper, line->runs[0].x_dots + x, row);
        assert_true(ink > 0);
    }
    paper_free(&paper);
}

static void what_must_be_drawn_is_drawn_whole(void **state)
{
    (void)state;
    struct paper paper = invited("fa-IR", "tm-t20iii", &invitation);
    paper_lay_good(&paper, "tm-t20iii");
    const struct kw_beside *beside = beside_on(&paper)->beside;
    assert_non_null(beside->bitmap);
    /* Right to left the code stands at the right. */
    assert_true(beside->symbol.x_dots > beside->lines_x_dots);
    paper_free(&paper);
}

static void a_narrow_column_is_none(void **state)
{
    (void)state;
    struct kw_invitation coarse = invitation;
    coarse.module_dots = 10;
    struct paper paper = invited("en-GB", "pos-58", &coarse);
    paper_lay_good(&paper, "pos-58");
    assert_null(beside_on(&paper));
    assert_true(paper_has(&paper, "How did we do?"));
    paper_free(&paper);
}

static void a_stacked_form_stays_stacked(void **state)
{
    (void)state;
    struct kw_invitation stacked = invitation;
    stacked.form = KW_FORM_STACKED;
    struct paper paper = invited("en-GB", "tm-t20iii", &stacked);
    paper_lay_good(&paper, "tm-t20iii");
    assert_null(beside_on(&paper));
    paper_free(&paper);
}

static void minutes_and_news_are_said(void **state)
{
    (void)state;
    struct kw_invitation told = invitation;
    told.minutes = 3;
    told.news = "20/11/2026 \xC2\xB7 Now two tills.";
    struct paper paper = invited("en-GB", "tm-t20iii", &told);
    paper_lay_good(&paper, "tm-t20iii");
    assert_true(paper_has(&paper, "3 min"));
    assert_true(paper_has(&paper, "Now two tills."));
    assert_false(paper_has(&paper, "about a minute"));
    paper_free(&paper);
    told.minutes = 0;
    paper = invited("en-GB", "tm-t20iii", &told);
    paper_lay_good(&paper, "tm-t20iii");
    assert_true(paper_has(&paper, "Scan to tell us"));
    assert_false(paper_has(&paper, "min"));
    paper_free(&paper);
}

/* What parts two sentences on a line parts none where each has its own. */
static void no_line_begins_with_a_dot(void **state)
{
    (void)state;
    static const char *const papers[] = { "tm-t20iii", "pos-58", "tm-u220" },
                      *const spoken[] = { "de-DE", "fr-FR", "ru-RU" };
    for (size_t i = 0; i < 9; i++) {
        struct kw_invitation told = invitation;
        told.minutes = 1, told.form = KW_FORM_STACKED;
        struct paper paper = invited(spoken[i % 3], papers[i / 3], &told);
        paper_lay_good(&paper, papers[i / 3]);
        for (const char *line = paper.text; line; line = strchr(line, '\n')) {
            line += strspn(line, "\n ");
            if (strncmp(line, "\u00B7", 2) == 0)
                fail_msg("%s, %s: a line begins with a dot:\n%s", papers[i / 3], spoken[i % 3], paper.text);
        }
        paper_free(&paper);
    }
}

static void one_tap_is_said_of_the_shops_own_page(void **state)
{
    (void)state;
    struct kw_invitation told = invitation;
    told.one_tap = true;
    struct paper paper = invited("en-GB", "tm-t20iii", &told);
    paper_lay_good(&paper, "tm-t20iii");
    assert_true(paper_has(&paper, "One tap is enough"));
    assert_false(paper_has(&paper, "minute"));
    paper_free(&paper);
}

/* Beside the symbol or below it, but in one piece, with an address to type it at and without. */
static void what_is_typed_is_never_broken(void **state)
{
    (void)state;
    static const char *const papers[] = { "tm-t20iii", "tm-t88v", "pos-58", "generic" },
                      *const spoken[] = { "en-GB", "hu-HU", "el-GR" };
    enum { LANGUAGES = sizeof spoken / sizeof spoken[0], FORMS = 4 * LANGUAGES };
    for (size_t i = 0; i < FORMS * sizeof papers / sizeof papers[0]; i++) {
        struct kw_invitation told = invitation;
        told.address = i / LANGUAGES % 2 ? invitation.address : NULL;
        told.module_dots = i / LANGUAGES / 2 % 2 ? 6 : 0;
        struct paper paper = invited(spoken[i % LANGUAGES], papers[i / FORMS], &told);
        paper_lay_good(&paper, papers[i / FORMS]);
        if (!paper_has(&paper, invitation.code))
            fail_msg("%s, %s: the code is broken:\n%s", papers[i / FORMS], spoken[i % LANGUAGES], paper.text);
        paper_free(&paper);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_beside_the_words_is_read_from_every_paper),
        cmocka_unit_test(the_invitation_takes_at_most_fifty_millimetres_of_wide_paper),
        cmocka_unit_test(a_printer_with_page_mode_sets_both_itself),
        cmocka_unit_test(what_must_be_drawn_is_drawn_whole),
        cmocka_unit_test(a_narrow_column_is_none),
        cmocka_unit_test(a_stacked_form_stays_stacked),
        cmocka_unit_test(minutes_and_news_are_said),
        cmocka_unit_test(no_line_begins_with_a_dot),
        cmocka_unit_test(one_tap_is_said_of_the_shops_own_page),
        cmocka_unit_test(what_is_typed_is_never_broken),
    };
    return cmocka_run_group_tests_name("beside", tests, NULL, NULL);
}
