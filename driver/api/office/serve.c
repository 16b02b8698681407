/* serve.c - office serve: the page, until it is asked to end. */
#include "api/office/serving.h"

void kw_serving_say(const struct kwit_office_options *options, const struct kw_touch *call)
{
    const struct kw_buffer *line = options->json ? &call->result->json : &call->result->text;
    if (options->say)
        options->say(options->data, kw_buffer_string(line));
    kw_buffer_clear(&call->result->text);
}

void kw_serving_begin_line(struct kw_json *json, kwit_result *result, const char *url)
{
    kw_buffer_clear(&result->json);
    kw_json_init(json, &result->json);
    kw_json_object(json, NULL);
    kw_json_integer(json, "kwit", 1);
    kw_json_string(json, "url", url);
}

/* What was done, when the office ended as it was asked to. */
void kw_serving_tell_end(struct kw_serving *serving)
{
    struct kw_json json;
    struct kw_writer_counts counts;
    kwit_result *result = serving->call->result;
    kw_office_counts(serving->office, &counts);
    kw_serving_begin_line(&json, result, serving->where);
    kw_json_integer(&json, "submissions", counts.writes);
    kw_json_integer(&json, "commits", counts.commits);
    kw_json_end_object(&json);
    kw_buffer_format(&result->text, "%lld submissions in %lld commits\n",
                     (long long)counts.writes, (long long)counts.commits);
}

static int serve(kwit_context *context, const struct kwit_office_options *options, bool staff, const char *key_file,
                 kwit_result **result)
{
    struct kw_touch call;
    struct kw_json json;
    struct kw_serving serving = { .call = &call, .listen = options->listen, .go_on = options->go_on,
                                  .data = options->data, .pages = !staff, .staff = staff,
                                  .staff_key_file = key_file };
    int code = kw_touch_open(context, KW_TOUCH_CREATE, &call, result);
    if (code == 0)
        code = kw_serving_begin(&serving);
    if (code == 0) {
        kw_serving_begin_line(&json, call.result, serving.where);
        kw_json_end_object(&json);
        kw_buffer_format(&call.result->text, "serving on %s\n", serving.where);
        kw_serving_say(options, &call);
        kw_serving_go_on(&serving);
        kw_serving_tell_end(&serving);
    }
    kw_serving_end(&serving);
    return kw_touch_close(&call, code);
}

int kwit_office_serve(kwit_context *context, const struct kwit_office_options *options, kwit_result **result)
{
    return serve(context, options, false, NULL, result);
}

int kwit_office_staff(kwit_context *context, const struct kwit_office_options *options, const char *key_file,
                      kwit_result **result)
{
    return serve(context, options, true, key_file, result);
}
