/* test_values.c - cells of exports: names as people read them, scores, consent, comments without addresses. */
#include "base/fold.h"
#include "answers/values.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

static const struct kw_scale nps = { 0, 10, KW_LABELS_NPS }, csat = { 1, 5, KW_LABELS_CSAT },
                             ces = { 1, 7, KW_LABELS_CES };

static void names_are_compared_as_people_read_them(void **state)
{
    (void)state;
    static const struct { const char *a, *b; bool same; } rows[] = {
        { "Kod z paragonu", "KOD\u00A0Z\u202F PARAGONU ", true },
        { "Zażółć GĘŚLĄ", "ZAŻÓŁĆ gęślą", true },
        { "Œuvre À L’ÉTÉ", "œuvre à l'été", true },
        { "ОТМЕТКА ВРЕМЕНИ", "Отметка\tвремени", true },
        { "Ёлка", "елка", true },
        { "کد رسید", "\u200Fكد رسيد", true },
        { "می‌خواهم", "میخواهم", true },
        { "۱۴۰۵", "1405", true },
        { "ŽŸ", "žÿ", true },
        { "q\uFEFF1", "Q1", true },
        { "Q1", "Q 1", false },
        { "ł", "l", false },
        { "", " \u200B", true }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (kw_fold_same(rows[i].a, rows[i].b) != rows[i].same)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
}

static void a_name_longer_than_the_buffer_is_cut_between_characters(void **state)
{
    (void)state;
    char text[3 * KW_FOLD + 1], out[KW_FOLD];
    for (size_t i = 0; i < sizeof text - 1; i++)
        text[i] = "\xE2\x82\xAC"[i % 3];
    text[sizeof text - 1] = 0;
    size_t length = kw_fold(text, out);
    assert_true(length < KW_FOLD && length % 3 == 0 && strlen(out) == length);
}

static void scores_are_read_however_they_are_written(void **state)
{
    (void)state;
    static const struct kw_score_label own[] = { { "Super", 5 }, { "satisfied", 3 }, { "Za dużo", 9 },
        { "Nobody asked", KW_LABEL_NONE } };
    enum { WRONG = -2 };
    static const struct { const struct kw_scale *scale; const char *text; int score; } rows[] = {
        { &nps, "10", 10 }, { &nps, " 7 ", 7 }, { &nps, "4,0", 4 }, { &nps, "4.00", 4 }, { &nps, "۹", 9 },
        { &nps, "٤", 4 },
        { &nps, "10 - Extremely likely", 10 }, { &nps, "Extremely likely - 10", 10 },
        { &nps, "Extremely likely (10)", 10 },
        { &nps, "0 – Not at all likely", 0 }, { &nps, "9/10", 9 }, { &nps, "9 out of 10", 9 }, { &nps, "9;", 9 },
        { &nps, "3 (raczej nie)", 3 }, { &nps, "not at all likely", 0 }, { &nps, "11", WRONG }, { &nps, "-1", WRONG },
        { &nps, "4,5", WRONG }, { &nps, "4.5", WRONG }, { &nps, "9 or 10", WRONG }, { &nps, "9-10", WRONG },
        { &nps, "9/5", WRONG }, { &nps, "1e1", WRONG }, { &nps, "7th", WRONG }, { &nps, "0009", WRONG },
        { &nps, "99999999999999999999", WRONG }, { &nps, "great", WRONG }, { &nps, "Q1 9", WRONG },
        { &nps, "Q9", WRONG },
        { &nps, "", -1 }, { &nps, " ", -1 }, { &nps, "N/A", -1 }, { &nps, "nie dotyczy", -1 },
        { &nps, "Sans objet", -1 },
        { &nps, "-99", -1 }, { &nps, "99", -1 }, { &nps, "Don’t know", -1 }, { &csat, "weiß nicht", -1 },
        { &csat, "nobody asked", -1 }, { &csat, "★★★★☆", 4 }, { &csat, "★ ★ ☆ ☆ ☆", 2 }, { &csat, "⭐️⭐️⭐️", 3 },
        { &csat, "★★★☆", WRONG }, { &csat, "☆☆☆☆☆", WRONG }, { &csat, "★★★★★★", WRONG }, { &csat, "☆★", WRONG },
        { &csat, "A2", WRONG }, { &csat, "Very satisfied", 5 },
        { &csat, "BARDZO ZADOWOLONY;", 5 }, { &csat, "Très  insatisfait", 1 },
        { &csat, "Очень недоволен", 1 }, { &csat, "خيلي راضي", 5 }, { &csat, "Super", 5 }, { &csat, "Satisfied", 3 },
        { &csat, "za dużo", WRONG }, { &csat, "0", WRONG }, { &csat, "strongly agree", WRONG }, { &csat, "4 / 5", 4 },
        { &ces, "Strongly agree", 7 }, { &ces, "7", 7 }, { &ces, "8", WRONG }, { &ces, "Very easy", WRONG }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int score = 77;
        const char *fault = kw_value_score(rows[i].text, rows[i].scale, own, 4, &score);
        if (rows[i].score == WRONG ? !fault : fault || score != rows[i].score)
            fail_msg("\"%s\" is %d, %s", rows[i].text, score, fault ? fault : "no fault");
    }
}

static void consent_is_said_in_many_ways_and_never_guessed(void **state)
{
    (void)state;
    static const char *const yes[] = { "yes", "Yes;", "Y", "TAK", "Oui", "да", "بله", "Ja", "1", "true",
        "Checked", "Completed",
                                       "Yes, please call me", "✔" };
    static const char *const no[] = { "", "no", "nie", "0", "false", "yesterday", "10", "taki", "partial", "maybe" };
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (!kw_value_yes(yes[i]))
            fail_msg("%s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (kw_value_yes(no[i]))
            fail_msg("%s", no[i]);
}

static void previews_are_told_by_word_and_by_number(void **state)
{
    (void)state;
    static const char *const previews[] = { "Survey Preview", "preview", "Survey Test", "1", "2", "9", "17" };
    static const char *const real[] = { "", "IP Address", "anonymous", "0", "8", "16", "email", "12" };
    for (size_t i = 0; i < sizeof previews / sizeof previews[0]; i++)
        if (!kw_value_preview(previews[i]))
            fail_msg("%s", previews[i]);
    for (size_t i = 0; i < sizeof real / sizeof real[0]; i++)
        if (kw_value_preview(real[i]))
            fail_msg("%s", real[i]);
}

static void comments_lose_what_leads_to_a_person(void **state)
{
    (void)state;
    static const struct { const char *in, *out; } rows[] = {
        { "write to ann.b@mail.example.com!", "write to [@]!" }, { "a@b, c@d.e", "a@b, [@]" },
        { "call +48 601 234 567 or (22) 123-45-67.", "call [tel] or [tel]." },
        { "table 12, 123456 zł", "table 12, 123456 zł" },
        { "żółć@example.pl", "[@]" }, { "@", "@" },
        { "ann@example,pl, please", "[@], please" },
        { "https://facebook.com/ann.example.", "https://[@]." }, { "facebook.com/.", "facebook.com/." },
        { "12 000 000 rials, or 1 200 000 toman", "12 000 000 rials, or 1 200 000 toman" },
        { "1234567", "[tel]" }, { "", "" }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[120];
        kw_value_copy(text, sizeof text, rows[i].in);
        kw_value_scrub(text);
        assert_string_equal(text, rows[i].out);
    }
}

/* What stands between « and » goes in as it is and must come out as the word before its colon. */
static void unmark(const char *marked, char *in, char *out)
{
    static const char open[] = "«", close[] = "»";
    while (*marked && *marked != '\n') {
        if (strncmp(marked, open, strlen(open)) != 0) {
            *in++ = *out++ = *marked++;
            continue;
        }
        const char *colon = strchr(marked, ':'), *end = strstr(marked, close);
        out += sprintf(out, "[%.*s]", (int)(colon - marked) - (int)strlen(open), marked + strlen(open));
        in += sprintf(in, "%.*s", (int)(end - colon) - 1, colon + 1);
        marked = end + strlen(close);
    }
    *in = *out = 0;
}

static void three_hundred_comments_are_cleaned_of_that_and_nothing_else(void **state)
{
    (void)state;
    char line[400], in[400], out[400];
    int seen = 0, wrong = 0;
    FILE *file = fopen("tests/fixtures/comments/comments.tsv", "r");
    assert_non_null(file);
    for (; fgets(line, sizeof line, file); seen++) {
        unmark(strchr(line, '\t') + 1, in, out);
        char text[400];
        kw_value_copy(text, sizeof text, in);
        kw_value_scrub(text);
        if (strcmp(text, out) != 0) {
            print_error("%s: became %s\n", in, text);
            wrong++;
        }
    }
    fclose(file);
    assert_int_equal(seen, 300);
    assert_int_equal(wrong, 0);
}

static void a_copy_never_ends_inside_a_character(void **state)
{
    (void)state;
    char out[6];
    kw_value_copy(out, sizeof out, "ab€€");
    assert_string_equal(out, "ab€");
    kw_value_copy(out, sizeof out, "abcde");
    assert_string_equal(out, "abcde");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_compared_as_people_read_them),
        cmocka_unit_test(a_name_longer_than_the_buffer_is_cut_between_characters),
        cmocka_unit_test(scores_are_read_however_they_are_written),
        cmocka_unit_test(consent_is_said_in_many_ways_and_never_guessed),
        cmocka_unit_test(previews_are_told_by_word_and_by_number),
        cmocka_unit_test(comments_lose_what_leads_to_a_person),
        cmocka_unit_test(three_hundred_comments_are_cleaned_of_that_and_nothing_else),
        cmocka_unit_test(a_copy_never_ends_inside_a_character)
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
