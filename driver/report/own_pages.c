/* own_pages.c - the shop's own questions as text, page and JSON. What goes with the score is not called its cause. */
#include "report/html.h"
#include "report/own.h"

#include "base/json.h"

enum { PLACES = 6 };

static const enum kw_word goes[] = { [KW_OWN_TOO_FEW] = KW_WORD_OWN_TOO_FEW, [KW_OWN_WITH] = KW_WORD_OWN_WITH,
                                     [KW_OWN_AGAINST] = KW_WORD_OWN_AGAINST, [KW_OWN_NEITHER] = KW_WORD_OWN_NEITHER };

static bool is_hidden(const struct kw_own_result *own)
{
    return own->n < KW_REPORT_HIDE_BELOW;
}

static double mean_of(const struct kw_own_result *own)
{
    return own->n > 0 ? (double)own->sum / (double)own->n : 0;
}

/* "3.42 (1–5); n 132" */
static void put_mean(struct kw_writer *page, const struct kw_own_result *own)
{
    kw_put_ltr(page, true);
    if (is_hidden(own))
        kw_buffer_text(page->out, kw_say(page, KW_WORD_HIDDEN));
    else {
        kw_put_number(page, mean_of(own), 2);
        kw_buffer_format(page->out, " (%d\u2013%d)", own->asked->low, own->asked->high);
    }
    kw_buffer_text(page->out, "; n ");
    kw_put_count(page, own->n);
    kw_put_ltr(page, false);
}

/* "goes with it: 0.41 (0.25–0.55); n 120" */
static void put_tau(struct kw_writer *page, const struct kw_own_result *own)
{
    kw_buffer_text(page->out, kw_say(page, goes[kw_own_goes(own)]));
    if (!own->tested)
        return;
    kw_buffer_text(page->out, kw_say(page, KW_WORD_COLON));
    kw_put_ltr(page, true);
    kw_put_signed(page, own->tau, 2);
    kw_buffer_text(page->out, " (");
    kw_put_signed(page, own->interval.low, 2);
    kw_buffer_text(page->out, " \u2013 ");
    kw_put_signed(page, own->interval.high, 2);
    kw_buffer_text(page->out, "); n ");
    kw_put_count(page, own->pairs);
    kw_put_ltr(page, false);
}

void kw_own_text(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    if (report->own_count == 0)
        return;
    kw_buffer_format(page->out, "\n%s\n  %s\n  %s %s\n", kw_say(page, KW_WORD_OWN), kw_say(page, KW_WORD_OWN_NOTE),
                     kw_say(page, KW_WORD_OWN_HELD), kw_question_names[report->own_with]);
    for (size_t i = 0; i < report->own_count; i++) {
        kw_buffer_text(page->out, "  ");
        kw_put_text(page, report->own[i].asked->text);
        kw_buffer_text(page->out, "\n    ");
        put_mean(page, &report->own[i]);
        kw_buffer_text(page->out, "\n    ");
        put_tau(page, &report->own[i]);
        kw_buffer_byte(page->out, '\n');
    }
}

void kw_html_own(struct kw_writer *page)
{
    static const enum kw_word columns[] = { KW_WORD_OWN_QUESTION, KW_WORD_OWN_MEAN, KW_WORD_OWN_GOES };
    const struct kw_report *report = page->report;
    if (report->own_count == 0)
        return;
    kw_html_heading(page, KW_WORD_OWN);
    kw_buffer_format(page->out, "<p class=soft>%s<br>%s <bdi dir=ltr>%s</bdi></p>", kw_say(page, KW_WORD_OWN_NOTE),
                     kw_say(page, KW_WORD_OWN_HELD), kw_question_names[report->own_with]);
    kw_html_table(page, "short", KW_WORD_OWN, columns, sizeof columns / sizeof columns[0]);
    kw_html_rows(page);
    for (size_t i = 0; i < report->own_count; i++) {
        kw_buffer_text(page->out, "<tr><th scope=row>");
        kw_put_text(page, report->own[i].asked->text);
        kw_buffer_text(page->out, "</th><td>");
        put_mean(page, &report->own[i]);
        kw_buffer_text(page->out, "</td><td>");
        put_tau(page, &report->own[i]);
        kw_buffer_text(page->out, "</td></tr>");
    }
    kw_html_end_table(page);
}

static void put_result(struct kw_json *json, const struct kw_own_result *own)
{
    kw_json_object(json, NULL);
    kw_json_string(json, "name", own->asked->name);
    kw_json_string(json, "text", own->asked->text);
    kw_json_integer(json, "low", own->asked->low);
    kw_json_integer(json, "high", own->asked->high);
    kw_json_integer(json, "n", own->n);
    if (is_hidden(own))
        kw_json_null(json, "mean");
    else
        kw_json_number(json, "mean", mean_of(own), PLACES);
    kw_json_array(json, "grades");
    for (int grade = own->asked->low; grade <= own->asked->high && !is_hidden(own); grade++)
        kw_json_integer(json, NULL, own->by_grade[grade]);
    kw_json_end_array(json);
    kw_json_integer(json, "pairs", own->pairs);
    if (own->tested) {
        kw_json_number(json, "tau_b", own->tau, PLACES);
        kw_json_array(json, "interval");
        kw_json_number(json, NULL, own->interval.low, PLACES);
        kw_json_number(json, NULL, own->interval.high, PLACES);
        kw_json_end_array(json);
    } else
        kw_json_null(json, "tau_b");
    kw_json_string(json, "goes", kw_word(goes[kw_own_goes(own)], 0));
    kw_json_end_object(json);
}

void kw_own_json(struct kw_json *json, const struct kw_report *report)
{
    kw_json_object(json, "own_questions");
    kw_json_string(json, "with", kw_question_words[report->own_with]);
    kw_json_array(json, "questions");
    for (size_t i = 0; i < report->own_count; i++)
        put_result(json, &report->own[i]);
    kw_json_end_array(json);
    kw_json_end_object(json);
}
