/* mail.c - the message about an alert: who, where, how it was scored, and the one command that takes it. */
#include "office/alerts/mail.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

bool kw_mail_is_due(const struct kw_mail_rules *rules, const struct kw_alert *alert, int64_t now_ms)
{
    bool waits = strcmp(alert->kind, "contact") != 0 && now_ms < alert->raised_ms + rules->wait_ms;
    return alert->told_ms == 0 && alert->acknowledged_ms == 0 && alert->closed_ms == 0 && !waits;
}

/* A header's value: one line, without what would end or begin another. */
static void put_value(struct kw_buffer *out, const char *text)
{
    for (; *text; text++)
        kw_buffer_byte(out, (unsigned char)*text < ' ' || *text == 0x7f ? ' ' : (uint8_t)*text);
}

static void put_header(struct kw_buffer *out, const char *name, const char *value)
{
    kw_buffer_format(out, "%s: ", name);
    put_value(out, value);
    kw_buffer_text(out, "\r\n");
}

static void put_scores(struct kw_buffer *out, const struct kw_alert *alert)
{
    if (alert->csat != KW_SCORE_NONE)
        kw_buffer_format(out, "Satisfaction: %d of 5\r\n", alert->csat);
    if (alert->nps != KW_SCORE_NONE)
        kw_buffer_format(out, "Recommendation: %d of 10\r\n", alert->nps);
    if (alert->ces != KW_SCORE_NONE)
        kw_buffer_format(out, "Ease: %d of 7\r\n", alert->ces);
}

/* "Sun, 29 Nov 2026 15:10:03 +0000" */
static void put_date(struct kw_buffer *out, int64_t now_ms)
{
    static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int year, month, day;
    const int64_t seconds = now_ms / 1000, date = seconds / 86400, rest = seconds % 86400;
    kw_days_to_civil(date, &year, &month, &day);
    kw_buffer_format(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[date % 7], day,
                     months[month - 1], year, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

void kw_mail_write(const struct kw_mail_rules *rules, const struct kw_alert *alert, int64_t now_ms,
                   struct kw_buffer *out)
{
    const bool wish = strcmp(alert->kind, "contact") == 0;
    char subject[200];
    snprintf(subject, sizeof subject, "%s: %s%s%s", rules->shop,
             wish ? "a customer asks to be contacted" : "a low score", alert->store[0] ? ", store " : "", alert->store);
    put_date(out, now_ms);
    put_header(out, "From", rules->from);
    put_header(out, "To", rules->to);
    put_header(out, "Subject", subject);
    kw_buffer_format(out, "Message-ID: <alert-%lld@%s>\r\n", (long long)alert->id, rules->host);
    kw_buffer_text(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
    if (alert->store[0])
        kw_buffer_format(out, "Store %s, till %s\r\n", alert->store, alert->till);
    put_scores(out, alert);
    if (wish)
        kw_buffer_text(out, "The customer left an address; the office keeps it sealed.\r\n");
    if (alert->comment[0])
        kw_buffer_format(out, rules->with_comment ? "\r\n%s\r\n" : "There are words: see the list of alerts.%.0s\r\n",
                         alert->comment);
    kw_buffer_format(out, "\r\nI take it:   kwit report alerts --acknowledge %lld --by NAME\r\n"
                          "It is done:  kwit report alerts --close %lld --by NAME\r\n",
                     (long long)alert->id, (long long)alert->id);
}
