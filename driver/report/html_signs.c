/* html_signs.c - signs of gaming on the page: the size first. */
#include "report/html.h"

enum { MOST_STORES = 200 };

static void put_sign(struct kw_writer *page, const struct kw_suspicion *s)
{
    kw_buffer_text(page->out, "<li><strong><bdi dir=ltr>");
    kw_put_odds(page, &s->size);
    kw_buffer_format(page->out, "</bdi></strong> %s<br><bdi>",
                     kw_say(page, s->own_past ? KW_WORD_ODDS_PAST : KW_WORD_ODDS));
    kw_put_text(page, s->who);
    kw_buffer_format(page->out, "</bdi>%s%s%s", kw_say(page, KW_WORD_COLON),
                     kw_say(page, kw_word_of_signal(s->signal)), kw_say(page, KW_WORD_COMMA));
    kw_html_rate(page, s->k, s->n);
    kw_buffer_format(page->out, "%s%s ", kw_say(page, KW_WORD_SEMICOLON),
                     kw_say(page, s->own_past ? KW_WORD_PAST_WINDOWS : KW_WORD_ELSEWHERE));
    kw_html_rate(page, s->others_k, s->others_n);
    kw_buffer_format(page->out, "%s<bdi dir=ltr>", kw_say(page, KW_WORD_SEMICOLON));
    kw_put_p(page, s->p);
    kw_buffer_text(page->out, "</bdi>");
    if (s->signal == KW_SIGNAL_FEWER)
        kw_buffer_format(page->out, "<br>%s", kw_say(page, KW_WORD_LOOK_AT_PRINTER));
    else if (s->of_two && s->signal == KW_SIGNAL_RATE)
        kw_buffer_format(page->out, "<br>%s", kw_say(page, KW_WORD_OF_TWO));
}

void kw_html_signs(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    kw_html_heading(page, KW_WORD_SIGNALS);
    kw_html_soft(page, report->has_window ? KW_WORD_SIGNALS_RULE : KW_WORD_NO_WINDOW);
    if (!report->has_window)
        return;
    kw_buffer_format(page->out, "<p>%s%s", kw_say(page, KW_WORD_WINDOW), kw_say(page, KW_WORD_COLON));
    kw_put_days(page, report->window_from, report->window_to);
    kw_buffer_text(page->out, "</p><ul>");
    for (size_t i = 0; i < report->suspicion_count; i++)
        put_sign(page, &report->suspicions[i]);
    for (size_t i = 0; i < report->watch_count && i < MOST_STORES; i++) {
        kw_buffer_text(page->out, "<li>");
        kw_put_watch(page, &report->watches[i]);
    }
    kw_buffer_text(page->out, "</ul>");
    if (report->watch_count > MOST_STORES)
        kw_buffer_format(page->out, "<p class=soft>+ %zu %s</p>", report->watch_count - MOST_STORES,
                         kw_say(page, KW_WORD_MORE));
}
