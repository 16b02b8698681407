/* comments.c - report comments: what customers wrote, by store, score and topic. */
#include "api/touch/store.h"
#include "report/json.h"

#include <string.h>

int kw_touch_list_format(struct kw_touch *call, const char *format, bool *csv)
{
    *csv = format && strcmp(format, "csv") == 0;
    return !format || *csv || strcmp(format, "text") == 0
               ? 0 : kw_fail(&call->error, KWIT_E_USAGE, "--format", "a list is text or csv");
}

struct list {
    const struct kwit_comment_options *options;
    struct kw_writer page;
    struct kw_json json;
    int topic;                      /* -1: any */
    int64_t count;
    bool csv;
};

static bool is_wanted(const struct list *list, const struct kw_comment *comment)
{
    const struct kwit_comment_options *o = list->options;
    if (o->store && strcmp(o->store, comment->store) != 0)
        return false;
    if ((o->low && !kw_comment_is_low(comment)) || (o->high && !kw_comment_is_high(comment)))
        return false;
    return list->topic < 0 || kw_topics_of(comment->comment) & 1u << list->topic;
}

static void tell(struct kw_writer *page, const struct kw_comment *comment)
{
    kw_put_day(page, comment->day);
    kw_buffer_text(page->out, "  ");
    kw_put_place(page, comment->store, comment->till);
    kw_buffer_text(page->out, "  ");
    kw_put_grades(page, comment->nps, comment->csat);
    if (comment->refunded)
        kw_buffer_format(page->out, "  %s", kw_say(page, KW_WORD_REFUNDED_MARK));
    kw_buffer_text(page->out, kw_topics_of(comment->comment) ? "  [" : "");
    kw_put_topics(page, comment->comment);
    kw_buffer_text(page->out, kw_topics_of(comment->comment) ? "]\n    " : "\n    ");
    kw_put_text(page, comment->comment);
    kw_buffer_byte(page->out, '\n');
}

static int take(void *data, const struct kw_comment *comment)
{
    struct list *list = data;
    if (!is_wanted(list, comment))
        return 0;
    list->count++;
    kw_json_comment(&list->json, comment);
    if (list->csv)
        kw_csv_comment(list->page.out, comment);
    else
        tell(&list->page, comment);
    return 0;
}

static int find_topic(struct kw_touch *call, const char *word, int *topic)
{
    struct kw_buffer known;
    for (*topic = word ? KW_TOPIC_COUNT - 1 : -1; *topic >= 0; --*topic)
        if (strcmp(kw_topic_word(*topic), word) == 0)
            return 0;
    if (!word)
        return 0;
    kw_buffer_init(&known, 1000);
    for (int i = 0; i < KW_TOPIC_COUNT; i++)
        kw_buffer_format(&known, "%s%s", i > 0 ? ", " : "", kw_topic_word(i));
    int code = kw_fail(&call->error, KWIT_E_USAGE, "--topic", "there is no topic `%s`; say one of: %s", word,
                       kw_buffer_string(&known));
    kw_buffer_free(&known);
    return code;
}

static int list_comments(struct kw_touch *call, const struct kw_book *book,
                         const struct kwit_comment_options *options)
{
    int64_t from = INT32_MIN, to = INT32_MAX;
    struct list list = { .options = options,
                         .page = kw_writer_begin(NULL, "en", false, &call->result->text) };
    int code = kw_touch_read_day(call, "--from", options->from, &from);
    if (code == 0)
        code = kw_touch_read_day(call, "--to", options->to, &to);
    if (code == 0)
        code = find_topic(call, options->topic, &list.topic);
    if (code == 0)
        code = kw_touch_list_format(call, options->format, &list.csv);
    if (code < 0)
        return code;
    if (list.csv)
        kw_csv_comment(&call->result->text, NULL);
    kw_json_init(&list.json, &call->result->json);
    kw_json_object(&list.json, NULL);
    kw_json_integer(&list.json, "kwit", 1);
    kw_json_array(&list.json, "comments");
    code = book->calls->comments(book->store, from, to, take, &list, &call->error);
    kw_json_end_array(&list.json);
    kw_json_end_object(&list.json);
    if (code == 0 && list.count == 0 && !list.csv)
        kw_buffer_format(&call->result->text, "%s\n", kw_word(KW_WORD_NO_COMMENTS, 0));
    return code;
}

int kwit_report_comments(kwit_context *context, const struct kwit_comment_options *options, kwit_result **result)
{
    static const struct kwit_comment_options defaults;
    struct kw_touch call;
    struct kw_store store = { 0 };
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    if (code == 0)
        code = kw_store_open(&call, &store);
    if (code == 0)
        code = list_comments(&call, &store.book, options ? options : &defaults);
    kw_store_close(&store);
    return kw_touch_close(&call, code);
}
