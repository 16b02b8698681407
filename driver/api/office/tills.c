/* tills.c - office till: which tills push here, and what a person says about them. */
#include "api/touch/store.h"
#include "journal/push.h"

#include <stdio.h>
#include <stdlib.h>

struct listing { struct kw_json json; struct kw_buffer *text; int64_t now_ms; };

static int list_till(void *data, const struct kw_till *till)
{
    enum { MINUTE_MS = 60000 };
    struct listing *listing = data;
    struct kw_json *json = &listing->json;
    kw_json_object(json, NULL);
    kw_json_integer(json, "handle", till->handle);
    kw_json_integer(json, "kid", till->kid);
    kw_json_string(json, "journal", till->uuid);
    kw_json_string(json, "store", till->store);
    kw_json_string(json, "till", till->till);
    kw_json_string(json, "state", till->state);
    kw_json_string(json, "refused", till->fault[0] ? till->fault : NULL);
    kw_json_integer(json, "events", till->last_n);
    kw_json_integer(json, "lost", till->lost);
    kw_json_integer(json, "to_erase", till->orders);
    kw_json_integer(json, "not_counted_from", till->from_n);
    kw_json_integer(json, "not_counted", till->aside);
    kw_json_integer(json, "version", till->schema);
    kw_json_integer(json, "clock_ahead_ms", till->offset_ms);
    kw_json_time(json, "seen", till->seen_ms);
    kw_json_end_object(json);
    kw_buffer_format(listing->text, "%lld  %s %s  %s  %s%s%s, up to event %lld, seen %lld min ago",
                     (long long)till->handle, till->store, till->till, till->uuid, till->state,
                     till->fault[0] ? ", refused: " : "", till->fault, (long long)till->last_n,
                     (long long)((listing->now_ms - till->seen_ms) / MINUTE_MS));
    if (till->from_n > 0)
        kw_buffer_format(listing->text, ", its %lld sales from event %lld on do not count", (long long)till->aside,
                         (long long)till->from_n);
    if (till->orders > 0)
        kw_buffer_format(listing->text, ", has %lld sales to erase", (long long)till->orders);
    kw_buffer_text(listing->text, "\n");
    return 0;
}

int kwit_office_tills(kwit_context *context, kwit_result **result)
{
    struct kw_touch call;
    struct listing listing = { .now_ms = kw_clock_wall_ms() };
    struct kw_store store;
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    if (code < 0)
        return kw_touch_close(&call, code);
    listing.text = &call.result->text;
    kw_json_init(&listing.json, &call.result->json);
    kw_json_object(&listing.json, NULL);
    kw_json_integer(&listing.json, "kwit", 1);
    kw_json_array(&listing.json, "tills");
    code = kw_store_open(&call, &store);
    if (code == 0)
        code = kw_store_tills(&call, &store, list_till, &listing);
    kw_store_close(&store);
    kw_json_end_array(&listing.json);
    kw_json_end_object(&listing.json);
    if (code == 0 && listing.text->length == 0)
        kw_buffer_text(listing.text, "no till has pushed here yet\n");
    return kw_touch_close(&call, code);
}

static void tell(struct kw_touch *call, const char *sentence)
{
    struct kw_json json;
    kw_json_init(&json, &call->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_end_object(&json);
    kw_buffer_format(&call->result->text, "%s\n", sentence);
}

/* The number of an event, or a moment. */
static int read_from(const char *from, struct kw_till_revocation *revocation, struct kw_error *error)
{
    struct kw_time time;
    char *end;
    const long long number = strtoll(from, &end, 10);
    if (end != from && *end == 0 && number > 0)
        revocation->from_n = number;
    else if (kw_time_parse(from, &time) && time.utc_ms > 0)
        revocation->from_ms = time.utc_ms;
    else
        return kw_fail(error, KWIT_E_INVALID, "--from", "%s is neither a time, as 2026-11-29T18:30:00+01:00, nor the"
                       " number of an event", from);
    return 0;
}

/* What a person says of one till, in whichever store. */
static int say(kwit_context *context, struct kw_till_revocation *revocation, const char *from, const char *journal,
               const char *sentence, kwit_result **result)
{
    struct kw_touch call;
    struct kw_store store = { 0 };
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0 && from)
        code = read_from(from, revocation, &call.error);
    if (code == 0)
        code = kw_store_open(&call, &store);
    if (code == 0 && store.pg)
        code = journal ? store.calls->accept(store.pg, &call.days, journal, &call.error)
                       : store.calls->revoke(store.pg, &call.days, revocation, &call.error);
    else if (code == 0)
        code = journal ? kw_incoming_accept(call.journal, &call.days, journal, &call.error)
                       : kw_incoming_revoke(call.journal, &call.days, revocation, &call.error);
    if (code == 0)
        tell(&call, sentence);
    kw_store_close(&store);
    return kw_touch_close(&call, code);
}

int kwit_office_till_revoke(kwit_context *context, uint32_t handle, const char *from, kwit_result **result)
{
    struct kw_till_revocation revocation = { .handle = handle };
    const char *sentence = from ? "nothing more is taken from it, and what it sold since then does not count; kwit"
                                  " office till accept takes that back"
                                : "nothing more is taken from it; what came before counts";
    return say(context, &revocation, from, NULL, sentence, result);
}

int kwit_office_till_accept(kwit_context *context, const char *journal, kwit_result **result)
{
    return say(context, NULL, NULL, journal, "it goes on with the next push", result);
}
