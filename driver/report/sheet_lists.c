/* sheet_lists.c - alerts and comments as CSV, each a table of its own. */
#include "report/words.h"

#include "base/clock.h"

enum { WORDS_CEILING = 1024 * 1024 };

static void put_grade_cell(struct kw_buffer *out, int grade)
{
    kw_buffer_byte(out, ',');
    if (grade != KW_SCORE_NONE)
        kw_buffer_format(out, "%d", grade);
}

static void put_text_cell(struct kw_buffer *out, const char *text)
{
    kw_buffer_byte(out, ',');
    kw_put_csv(out, text);
}

/* A customer's words stand in one line. */
static void put_words_cell(struct kw_buffer *out, const char *words)
{
    struct kw_buffer line;
    kw_buffer_init(&line, WORDS_CEILING);
    for (; *words; words++)
        kw_buffer_byte(&line, *words == '\n' || *words == '\r' ? ' ' : *words);
    put_text_cell(out, kw_buffer_string(&line));
    kw_buffer_free(&line);
}

static void put_time_cell(struct kw_buffer *out, int64_t utc_ms)
{
    char text[32] = "";
    if (utc_ms > 0)
        kw_time_text_utc(utc_ms, text);
    put_text_cell(out, text);
}

void kw_csv_alert(struct kw_buffer *out, const struct kw_alert *alert)
{
    if (!alert) {
        kw_buffer_text(out, "id,kind,submitted_at,store,till,receipt,refunded,comment,raised_at,acknowledged_at,"
                            "closed_at,who,nps,csat,ces\r\n");
        return;
    }
    kw_buffer_format(out, "%lld", (long long)alert->id);
    put_text_cell(out, alert->kind);
    put_time_cell(out, alert->submitted_ms);
    put_text_cell(out, alert->store);
    put_text_cell(out, alert->till);
    put_text_cell(out, alert->receipt);
    put_text_cell(out, alert->refunded ? "1" : "0");
    put_words_cell(out, alert->comment);
    put_time_cell(out, alert->raised_ms);
    put_time_cell(out, alert->acknowledged_ms);
    put_time_cell(out, alert->closed_ms);
    put_text_cell(out, alert->who);
    put_grade_cell(out, alert->nps);
    put_grade_cell(out, alert->csat);
    put_grade_cell(out, alert->ces);
    kw_buffer_text(out, "\r\n");
}

void kw_csv_comment(struct kw_buffer *out, const struct kw_comment *comment)
{
    if (!comment) {
        kw_buffer_text(out, "answer,submitted_at,store,till,kind,refunded,topics,comment,nps,csat,ces\r\n");
        return;
    }
    const unsigned topics = kw_topics_of(comment->comment);
    kw_buffer_format(out, "%lld", (long long)comment->id);
    put_time_cell(out, comment->submitted_ms);
    put_text_cell(out, comment->store);
    put_text_cell(out, comment->till);
    put_text_cell(out, kw_kind_word(comment->kind));
    put_text_cell(out, comment->refunded ? "1" : "0");
    kw_buffer_byte(out, ',');
    for (int topic = 0, told = 0; topic < KW_TOPIC_COUNT; topic++)
        if (topics & 1u << topic)
            kw_buffer_format(out, "%s%s", told++ > 0 ? " " : "", kw_topic_word(topic));
    put_words_cell(out, comment->comment);
    put_grade_cell(out, comment->nps);
    put_grade_cell(out, comment->csat);
    put_grade_cell(out, comment->ces);
    kw_buffer_text(out, "\r\n");
}
