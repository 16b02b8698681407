/* text_signs.c - signs of gaming for a terminal: the size first. */
#include "report/text.h"

enum { INDENT = KW_TEXT_INDENT, MOST_STORES = 60 };

static void put_sign(struct kw_writer *page, const struct kw_suspicion *s)
{
    kw_buffer_text(page->out, "  ");
    kw_put_ltr(page, true);
    kw_put_odds(page, &s->size);
    kw_put_ltr(page, false);
    kw_buffer_format(page->out, " %s\n%*s", kw_say(page, s->own_past ? KW_WORD_ODDS_PAST : KW_WORD_ODDS), INDENT, "");
    kw_put_text(page, s->who);
    kw_buffer_format(page->out, "%s%s\n%*s", kw_say(page, KW_WORD_COLON),
                     kw_say(page, kw_word_of_signal(s->signal)), INDENT, "");
    kw_text_rate(page, s->k, s->n);
    kw_buffer_format(page->out, "\n%*s%s ", INDENT, "",
                     kw_say(page, s->own_past ? KW_WORD_PAST_WINDOWS : KW_WORD_ELSEWHERE));
    kw_text_rate(page, s->others_k, s->others_n);
    kw_buffer_format(page->out, "\n%*s", INDENT, "");
    kw_put_p(page, s->p);
    kw_buffer_byte(page->out, '\n');
    if (s->signal == KW_SIGNAL_FEWER)
        kw_text_wrapped(page, INDENT, kw_say(page, KW_WORD_LOOK_AT_PRINTER));
    else if (s->of_two && s->signal == KW_SIGNAL_RATE)
        kw_text_wrapped(page, INDENT, kw_say(page, KW_WORD_OF_TWO));
}

static void put_watch(struct kw_writer *page, const struct kw_watch *watch)
{
    struct kw_buffer line;
    struct kw_writer inner = *page;
    kw_buffer_init(&line, 4096);
    inner.out = &line;
    kw_put_watch(&inner, watch);
    kw_text_wrapped(page, 2, kw_buffer_string(&line));
    kw_buffer_free(&line);
}

void kw_text_signs(struct kw_writer *page)
{
    const struct kw_report *report = page->report;
    kw_text_heading(page, kw_say(page, KW_WORD_SIGNALS));
    kw_text_wrapped(page, 2, kw_say(page, report->has_window ? KW_WORD_SIGNALS_RULE : KW_WORD_NO_WINDOW));
    if (!report->has_window)
        return;
    kw_buffer_format(page->out, "  %s%s", kw_say(page, KW_WORD_WINDOW), kw_say(page, KW_WORD_COLON));
    kw_put_days(page, report->window_from, report->window_to);
    kw_buffer_byte(page->out, '\n');
    for (size_t i = 0; i < report->suspicion_count; i++)
        put_sign(page, &report->suspicions[i]);
    for (size_t i = 0; i < report->watch_count && i < MOST_STORES; i++)
        put_watch(page, &report->watches[i]);
    if (report->watch_count > MOST_STORES)
        kw_buffer_format(page->out, "  +%zu %s\n", report->watch_count - MOST_STORES, kw_say(page, KW_WORD_MORE));
}
