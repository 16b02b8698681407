/* thanks.c - survey redeem: a thank-you is redeemed where the office keeps it. */
#include "api/office/serving.h"
#include "journal/reward.h"
#include "office/ticket.h"

static int redeem_there(struct kw_touch *call, const struct kw_store *store, const char *typed, bool *any)
{
    uint8_t key[KW_OFFICE_KEY], mark[KW_THANKS_MARK];
    int code = kw_serving_office_key(call, key);
    if (code < 0)
        return code;
    kw_ticket_reward_mark(key, typed, mark);
    kw_key_wipe(key, sizeof key);
    return store->calls->redeem(store->pg, mark, any, &call->error);
}

int kwit_survey_redeem(kwit_context *context, const char *typed, kwit_result **result)
{
    struct kw_touch call;
    struct kw_store store = { 0 };
    struct kw_json json;
    bool any = false;
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0)
        code = kw_store_open(&call, &store);
    if (code == 0)
        code = store.pg ? redeem_there(&call, &store, typed, &any)
                        : kw_reward_redeem(call.journal, typed, &any, &call.error);
    if (code == KWIT_E_NOT_FOUND && !any)
        code = kw_fail(&call.error, KWIT_E_NO_INPUT, "redeem", "no thank-yous were given here: they can only be"
                       " redeemed where the survey page keeps its answers (--state of the office)");
    if (code == 0) {
        kw_json_init(&json, &call.result->json);
        kw_json_object(&json, NULL);
        kw_json_integer(&json, "kwit", 1);
        kw_json_bool(&json, "redeemed", true);
        kw_json_end_object(&json);
        kw_buffer_text(&call.result->text, "redeemed: it will not work again\n");
        kw_result_finish(call.result, 0);
    }
    kw_store_close(&store);
    return kw_touch_close(&call, code);
}
