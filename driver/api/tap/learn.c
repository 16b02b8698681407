/* learn.c - kwit_tap_learn: patterns for [tap], proposed from receipts of the shop. */
#include "api/stream.h"
#include "api/result.h"
#include "api/tap/tap.h"
#include "tap/stream/learn.h"
#include "tap/stream/patterns.h"

#include <kwit/tool.h>

enum { JOBS_MOST = 1000, LOOK_MS = 2000 };

struct learning {
    struct kw_call *call;
    const struct kw_config_tap *tap;
    const struct kw_profile *profile;
    struct kw_learn_job *jobs;
    size_t count;
    struct kw_learnt number, total;
};

/* What is no receipt of a sale by the words on it teaches nothing, but for a total that nobody found. */
static int read_one(struct learning *learning, const struct kwit_stream *stream)
{
    struct kw_call *call = learning->call;
    struct kw_look_options options = { .until_ms = kw_clock_boot_ms() + LOOK_MS, .cutless = true };
    struct kw_look look;
    options.profile = kw_stream_profile(learning->profile, &options.profile_known);
    kw_stream_configure(&call->config, learning->tap, &options);
    int code = kw_look(&options, stream->bytes, stream->length, call->arena, &look, &call->error);
    if (code < 0 || look.piece_count == 0 || look.pieces[0].words.kind != KW_TAP_NONE)
        return code;
    struct kw_learn_job *job = &learning->jobs[learning->count];
    job->lines = kw_patterns_texts(&look.pieces[0].lines, call->arena, &job->count);
    learning->count += job->lines && job->count > 0;
    return 0;
}

static int learn(struct learning *learning, const struct kwit_stream *streams, size_t count)
{
    struct kw_call *call = learning->call;
    int code = 0;
    if (count > JOBS_MOST)
        return kw_fail(&call->error, KWIT_E_TOO_LARGE, "", "that are more than %d receipts", JOBS_MOST);
    learning->jobs = kw_arena_array(call->arena, count + 1, sizeof *learning->jobs);
    if (!learning->jobs)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    for (size_t i = 0; i < count && code == 0; i++)
        code = read_one(learning, &streams[i]);
    if (code == 0)
        code = kw_learn_number(learning->jobs, learning->count, call->arena, &learning->number);
    if (code == 0)
        code = kw_learn_total(learning->jobs, learning->count, call->arena, &learning->total);
    return code;
}

static void tell_one(struct kw_json *json, struct kw_buffer *text, const char *key, const struct kw_learnt *learnt,
                     size_t count)
{
    if (!learnt->pattern) {
        kw_json_string(json, key, NULL);
        kw_buffer_format(text, "# %s: nothing stands alike on nearly all of them\n", key);
        return;
    }
    kw_json_object(json, key);
    kw_json_string(json, "pattern", learnt->pattern);
    kw_json_integer(json, "found", (int64_t)learnt->found);
    kw_json_string(json, "first", learnt->first);
    kw_json_string(json, "last", learnt->last);
    kw_json_end_object(json);
    kw_buffer_format(text, "# on %zu of %zu, from %s to %s\n%s = %s\n", learnt->found, count, learnt->first,
                     learnt->last, key, learnt->pattern);
}

static void tell(const struct learning *learning, size_t count, kwit_result *result)
{
    const char *name = learning->tap->name;
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_integer(&json, "read", (int64_t)count);
    kw_json_integer(&json, "receipts", (int64_t)learning->count);
    kw_buffer_format(&result->text, "[tap%s%s]\n", name[0] ? " " : "", name);
    tell_one(&json, &result->text, "number", &learning->number, learning->count);
    tell_one(&json, &result->text, "total", &learning->total, learning->count);
    kw_json_end_object(&json);
}

int kwit_tap_learn(kwit_context *context, const struct kwit_stream *streams, size_t count,
                   const struct kwit_append_options *options, kwit_result **result)
{
    struct kw_call call = { .context = context };
    struct learning learning = { .call = &call };
    *result = kw_result_new();
    int code = kw_call_begin(&call);
    if (code == 0)
        code = kw_call_configure(&call, false);
    if (code == 0) {
        learning.tap = kw_config_find_tap(&call.config, options->tap);
        learning.profile = options->profile ? kw_profile_find(options->profile) : NULL;
        if (!learning.tap || (options->profile && !learning.profile))
            code = kw_fail(&call.error, learning.tap ? KWIT_E_USAGE : KWIT_E_CONFIG, "", learning.tap
                           ? "no model of that name is known; kwit devices --profiles lists them"
                           : "the configuration has no such [tap]");
    }
    if (code == 0)
        code = learn(&learning, streams, count);
    if (code == 0)
        tell(&learning, count, *result);
    else
        kw_result_fail(*result, &call.error);
    kw_call_close(&call);
    return code;
}
