/* erase.c - office erase: what was said with a code, here, and the sale of it at the till that has it. */
#include "api/touch/store.h"

#include "answers/verdict.h"

static bool find_key(void *data, uint8_t kid, uint32_t handle, struct kw_terminal_key *key)
{
    struct kw_touch *call = data;
    return kw_keys_find(call->state, &call->config, kid, handle, key);
}

static int erase(struct kw_touch *call, const struct kw_loop *loop, const char *code_text, int64_t *count,
                 bool *ordered)
{
    struct kw_answer answer = { .submitted_ms = kw_clock_wall_ms() };
    const struct kw_key_lookup keys = { find_key, call };
    kw_verdict_open(&keys, code_text, kw_touch_today(call), &answer);
    if (!answer.opened)
        return kw_fail(&call->error, KWIT_E_INVALID, "office erase", "this is no code of this shop; mistyped?");
    return loop->calls->erase(loop->store, &answer, count, ordered, &call->error);
}

static void tell(kwit_result *result, int64_t count, bool ordered)
{
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_integer(&json, "erased", count);
    kw_json_bool(&json, "ordered", ordered);
    kw_json_end_object(&json);
    if (count > 0)
        kw_buffer_format(&result->text, "%lld answers: scores, words and address are gone; that somebody answered"
                         " still counts. Backups hold them until they are gone too\n", (long long)count);
    else
        kw_buffer_text(&result->text, "nobody has answered this code here\n");
    kw_buffer_text(&result->text, ordered ? "the till erases its sale after its next push; kwit office till list counts"
                                            " what it has still to erase\n"
                                          : "the till that sold it does not push here: kwit journal erase there erases"
                                            " its sale\n");
}

int kwit_office_erase(kwit_context *context, const char *code_text, kwit_result **result)
{
    struct kw_touch call;
    struct kw_store store = { 0 };
    int64_t count = 0;
    bool ordered = false;
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0)
        code = kw_store_open(&call, &store);
    if (code == 0)
        code = erase(&call, &store.loop, code_text, &count, &ordered);
    kw_store_close(&store);
    if (code == 0)
        tell(call.result, count, ordered);
    return kw_touch_close(&call, code);
}
