/* outbox.c - office outbox: what waits to be sent, what was given up, and what a person makes of it. */
#include "api/touch/store.h"

struct listing { struct kw_touch *call; struct kw_json json; int count; };

static int list_notice(void *data, const struct kw_notice *notice)
{
    struct listing *listing = data;
    char due[32];
    const bool dead = notice->fate == KW_FATE_DEAD;
    kw_time_text_utc(notice->due_ms, due);
    kw_json_object(&listing->json, NULL);
    kw_json_integer(&listing->json, "id", notice->id);
    kw_json_integer(&listing->json, "alert", notice->alert);
    kw_json_string(&listing->json, "kind", notice->kind);
    kw_json_string(&listing->json, "channel", notice->channel);
    kw_json_integer(&listing->json, "tries", notice->tries);
    kw_json_bool(&listing->json, "given_up", dead);
    kw_json_string(&listing->json, "next_try", dead ? NULL : due);
    kw_json_string(&listing->json, "why", notice->said);
    kw_json_end_object(&listing->json);
    kw_buffer_format(&listing->call->result->text, "%5lld  alert %lld  %s by %s, %d tries, %s%s%s%s\n",
                     (long long)notice->id, (long long)notice->alert, notice->kind, notice->channel, notice->tries,
                     dead ? "given up" : "next at ", dead ? "" : due, notice->said[0] ? ": " : "", notice->said);
    listing->count++;
    return 0;
}

int kwit_office_outbox(kwit_context *context, kwit_result **result)
{
    struct kw_touch call;
    struct kw_store store;
    struct listing listing = { .call = &call };
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    if (code < 0)
        return kw_touch_close(&call, code);
    kw_json_init(&listing.json, &call.result->json);
    kw_json_object(&listing.json, NULL);
    kw_json_integer(&listing.json, "kwit", 1);
    kw_json_array(&listing.json, "notices");
    code = kw_store_open(&call, &store);
    if (code == 0)
        code = store.loop.calls->notices(store.loop.store, 0, list_notice, &listing, &call.error);
    kw_store_close(&store);
    kw_json_end_array(&listing.json);
    kw_json_end_object(&listing.json);
    if (code == 0 && listing.count == 0)
        kw_buffer_text(&call.result->text, "nothing waits\n");
    return kw_touch_close(&call, code);
}

int kwit_office_outbox_mark(kwit_context *context, int64_t notice, int drop, kwit_result **result)
{
    struct kw_touch call;
    struct kw_json json;
    struct kw_store store = { 0 };
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0)
        code = kw_store_open(&call, &store);
    if (code == 0)
        code = (drop ? store.loop.calls->drop : store.loop.calls->retry)(store.loop.store, notice, kw_clock_wall_ms(),
                                                                         &call.error);
    kw_store_close(&store);
    if (code == 0) {
        kw_json_init(&json, &call.result->json);
        kw_json_object(&json, NULL);
        kw_json_integer(&json, "kwit", 1);
        kw_json_integer(&json, "notice", notice);
        kw_json_string(&json, "state", drop ? "dropped" : "waiting");
        kw_json_end_object(&json);
        kw_buffer_format(&call.result->text, "notice %lld %s\n", (long long)notice,
                         drop ? "is dropped" : "will be tried again");
    }
    return kw_touch_close(&call, code);
}
