/* token.c - survey token encode and show, and survey verify: what a typed code turns out to be. */
#include "answers/verdict.h"
#include "api/touch/store.h"
#include "journal/answers.h"
#include "journal/jobs.h"

#include <stdio.h>
#include <string.h>

static void begin(struct kw_json *json, kwit_result *result)
{
    kw_json_init(json, &result->json);
    kw_json_object(json, NULL);
    kw_json_integer(json, "kwit", 1);
}

static int check_fields(struct kw_touch *call, const struct kwit_token_options *o)
{
    const struct { const char *name; long long value, limit; } rows[] = {
        { "--epoch", o->epoch, 31 }, { "--handle", o->handle, KW_HANDLE_LIMIT }, { "--day", o->day, KW_DAY_WRAP },
        { "--seq", o->seq, KW_SEQ_LIMIT }, { "--variant", o->variant, 16 }, { "--flag", o->flag, 2 }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].value < 0 || rows[i].value >= rows[i].limit)
            return kw_fail(&call->error, KWIT_E_USAGE, rows[i].name, "it is a number from 0 to %lld",
                           rows[i].limit - 1);
    return 0;
}

int kwit_survey_token_encode(kwit_context *context, const struct kwit_token_options *options, kwit_result **result)
{
    struct kw_touch call;
    struct kw_terminal_key key;
    struct kw_json json;
    char plain[KW_TOKEN_LENGTH + 1], text[KW_TOKEN_HYPHENATED];
    static const struct kwit_token_options zeros;
    options = options ? options : &zeros;
    int code = kw_touch_open(context, KW_TOUCH_STATE, &call, result);
    if (code == 0)
        code = check_fields(&call, options);
    if (code == 0 && !kw_keys_find(call.state, &call.config, (uint8_t)options->epoch, (uint32_t)options->handle, &key))
        code = kw_fail(&call.error, KWIT_E_NOT_FOUND, "keys",
                       "neither the key of epoch %lld nor this handle's own is here", options->epoch);
    if (code < 0)
        return kw_touch_close(&call, code);
    struct kw_token token = { (uint8_t)options->epoch, (uint32_t)options->handle, (uint16_t)options->day,
                              (uint16_t)options->seq,  (uint8_t)options->variant, (uint8_t)options->flag };
    kw_token_encode(&key, &token, plain);
    kw_token_hyphenate(plain, text);
    kw_key_wipe(&key, sizeof key);
    begin(&json, call.result);
    kw_json_string(&json, "token", plain);
    kw_json_string(&json, "code", text);
    kw_json_end_object(&json);
    kw_buffer_format(&call.result->text, "%s\n", text);
    return kw_touch_close(&call, 0);
}

static void tell_touchpoint(struct kw_json *json, const struct kw_touchpoint *t)
{
    char day[16];
    kw_touch_day_text(t->day, day);
    kw_json_string(json, "day", day);
    kw_json_integer(json, "seq", t->seq);
    kw_json_integer(json, "epoch", t->kid);
    kw_json_integer(json, "handle", t->handle);
    kw_json_integer(json, "variant", t->variant);
    kw_json_bool(json, "test", t->flag != 0);
    kw_json_bool(json, "invited", t->reason == 0);
    kw_json_string(json, "reason", kw_suppression_word(t->reason));
    kw_json_string(json, "class", kw_class_word(t->klass));
}

static int show(struct kw_touch *call, const struct kwit_sale_name *name)
{
    struct kw_touchpoint touchpoint;
    struct kw_terminal_key key;
    struct kw_json json;
    int64_t sale;
    char plain[KW_TOKEN_LENGTH + 1] = "", text[KW_TOKEN_HYPHENATED] = "";
    int code = kw_touch_find_sale(call, name, &sale);
    if (code == 0)
        code = kw_touchpoint_get(call->journal, sale, &touchpoint, &call->error);
    if (code < 0)
        return code;
    bool invited = touchpoint.has_token && touchpoint.reason == 0;
    if (invited && !kw_keys_find(call->state, &call->config, touchpoint.kid, touchpoint.handle, &key))
        return kw_fail(&call->error, KWIT_E_NOT_FOUND, "keys",
                       "the key of epoch %u and handle %lu is not here any more", touchpoint.kid,
                       (unsigned long)touchpoint.handle);
    if (invited) {
        struct kw_token fields = { touchpoint.kid, touchpoint.handle, (uint16_t)(touchpoint.day % KW_DAY_WRAP),
                                   (uint16_t)touchpoint.seq, touchpoint.variant, touchpoint.flag };
        kw_token_encode(&key, &fields, plain);
        kw_token_hyphenate(plain, text);
        kw_key_wipe(&key, sizeof key);
    }
    begin(&json, call->result);
    kw_json_string(&json, "id", name->id);
    kw_json_string(&json, "token", invited ? plain : NULL);
    kw_json_string(&json, "code", invited ? text : NULL);
    tell_touchpoint(&json, &touchpoint);
    kw_json_end_object(&json);
    if (invited)
        kw_buffer_format(&call->result->text, "%s  (%s%s)\n", text, kw_class_word(touchpoint.klass),
                         touchpoint.flag ? ", a test that never counts" : "");
    else
        kw_buffer_format(&call->result->text, "not invited: %s\n", kw_suppression_word(touchpoint.reason));
    return 0;
}

int kwit_survey_token_show(kwit_context *context, const struct kwit_sale_name *sale, kwit_result **result)
{
    struct kw_touch call;
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    return kw_touch_close(&call, code < 0 ? code : show(&call, sale));
}

static bool find_key(void *data, uint8_t kid, uint32_t handle, struct kw_terminal_key *key)
{
    struct kw_touch *call = data;
    return kw_keys_find(call->state, &call->config, kid, handle, key);
}

static const char *verdict_text(enum kw_verdict verdict)
{
    static const char *const texts[] = {
        [0] = "authentic: made with a key of this shop; there is no journal here to compare it with",
        [KW_VERDICT_MISTYPED] = "mistyped: please check the code",
        [KW_VERDICT_FOREIGN] = "foreign: no key for it is here",
        [KW_VERDICT_FORGED] = "forged: no till of this shop made it",
        [KW_VERDICT_TEST] = "test: from a preview, a training receipt or a simulated printer; it never counts",
        [KW_VERDICT_CONFLICT] = "conflict: the journal holds other facts for this sale",
        [KW_VERDICT_UNISSUED] = "unissued: the journal knows that till and day, and made no such invitation",
        [KW_VERDICT_UNCOVERED] = "uncovered: authentic, but the journal of its till and day is not here",
        [KW_VERDICT_EXPIRED] = "expired: answers to it count no longer",
        [KW_VERDICT_ANNULLED] = "annulled: its sale was called off, and answers to it count no longer",
        [KW_VERDICT_FUTURE] = "future: of a day that is yet to come; is the clock here, or of the till, right?",
        [KW_VERDICT_EARLY] = "early: its sale is still to come by the clock here; is the till's clock right?",
        [KW_VERDICT_USED] = "used: it has been answered already",
        [KW_VERDICT_MATCHED] = "matched: an invitation that nobody has answered yet",
        [KW_VERDICT_NO_TOKEN] = "mistyped: no code was given"
    };
    return texts[verdict];
}

static int judge(struct kw_touch *call, struct kw_answer *answer, int64_t *sale)
{
    bool used;
    int code = kw_answer_judge(call->journal, answer, &call->days, sale, &call->error);
    if (code < 0 || answer->verdict != KW_VERDICT_MATCHED)
        return code;
    code = kw_answer_used(call->journal, *sale, &used, &call->error);
    if (code == 0 && used)
        answer->verdict = KW_VERDICT_USED;
    return code;
}

/* Where tills push to PostgreSQL, that knows their sales and not the journal beside it. */
static int judge_there(struct kw_touch *call, struct kw_answer *answer)
{
    struct kw_store store = { 0 };
    struct kw_ticket ticket;
    int code = kw_store_open(call, &store);
    if (code == 0)
        code = store.book.calls->ticket(store.book.store, answer, &call->days, &ticket, &call->error);
    if (code == 0)
        answer->verdict = ticket.verdict == KW_VERDICT_MATCHED && ticket.used ? KW_VERDICT_USED : ticket.verdict;
    kw_store_close(&store);
    return code;
}

static void tell_verdict(struct kw_touch *call, const struct kw_answer *answer, const char *class)
{
    struct kw_json json;
    char day[16];
    begin(&json, call->result);
    int verdict = answer->verdict == KW_VERDICT_NO_TOKEN ? KW_VERDICT_MISTYPED : answer->verdict;
    kw_json_string(&json, "verdict", verdict ? kw_verdict_word(verdict) : "authentic");
    kw_buffer_format(&call->result->text, "%s\n", verdict_text(answer->verdict));
    if (answer->opened) {
        kw_touch_day_text(answer->day, day);
        kw_json_string(&json, "day", day);
        kw_json_integer(&json, "epoch", answer->kid);
        kw_json_integer(&json, "handle", answer->handle);
        kw_json_integer(&json, "seq", answer->seq);
        kw_json_integer(&json, "variant", answer->variant);
        kw_json_bool(&json, "test", answer->flag != 0);
        kw_buffer_format(&call->result->text, "made on %s, handle %lu, number %lu of that day, variant %u\n", day,
                         (unsigned long)answer->handle, (unsigned long)answer->seq, answer->variant);
    }
    kw_json_string(&json, "class", class);
    if (class)
        kw_buffer_format(&call->result->text, "what became of its paper: %s\n", class);
    kw_json_end_object(&json);
}

/* What the journal says of the paper; NULL where it does not know the sale. */
static const char *class_of(struct kw_touch *call, int64_t sale)
{
    struct kw_touchpoint touchpoint;
    bool known = call->journal && sale > 0 && kw_touchpoint_get(call->journal, sale, &touchpoint, &call->error) == 0;
    return known ? kw_class_word(touchpoint.klass) : NULL;
}

int kwit_survey_verify(kwit_context *context, const char *typed, kwit_result **result)
{
    struct kw_touch call;
    struct kw_answer answer = { .submitted_ms = kw_clock_wall_ms() };
    int64_t sale = 0;
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    if (code == KWIT_E_NOT_FOUND)               /* no journal: the keys alone can still tell */
        code = 0;
    if (code < 0)
        return kw_touch_close(&call, code);
    const struct kw_key_lookup keys = { find_key, &call };
    kw_verdict_open(&keys, typed, kw_touch_today(&call), &answer);
    if (answer.verdict == 0 && kw_store_place(&call.config))
        code = judge_there(&call, &answer);
    else if (answer.verdict == 0 && call.journal)
        code = judge(&call, &answer, &sale);
    if (code < 0)
        return kw_touch_close(&call, code);
    tell_verdict(&call, &answer, class_of(&call, sale));
    bool good = answer.verdict == 0 || answer.verdict == KW_VERDICT_MATCHED;
    kw_result_finish(call.result, good ? 0 : answer.verdict == KW_VERDICT_USED ? KWIT_E_CONFLICT : KWIT_E_INVALID);
    return kw_touch_close(&call, 0);
}

/* ---- the sale behind a code --------------------------------------------------------------------------------- */

static int tell_sale(struct kw_touch *call, int64_t sale)
{
    struct kw_touchpoint touchpoint;
    struct kw_sale_row row;
    struct kw_json json;
    char time[32];
    int code = kw_touchpoint_get(call->journal, sale, &touchpoint, &call->error);
    if (code == 0)
        code = kw_sale_get(call->journal, sale, call->arena, &row, &call->error);
    if (code < 0)
        return kw_fail(&call->error, KWIT_E_NOT_FOUND, "journal", "this code is of another till, or of a sale that was"
                       " pruned; ask the till that its receipt names");
    kw_time_text_utc(kw_touchpoint_time(&touchpoint), time);
    begin(&json, call->result);
    kw_json_string(&json, "id", row.name);
    kw_json_string(&json, "store", touchpoint.store);
    kw_json_string(&json, "till", touchpoint.till);
    kw_json_string(&json, "sold_at", time);
    kw_json_end_object(&json);
    kw_buffer_format(&call->result->text, "%s, at till %s of store %s, %s\n", row.name, touchpoint.till,
                     touchpoint.store, time);
    return 0;
}

int kwit_survey_find(kwit_context *context, const char *typed, kwit_result **result)
{
    struct kw_touch call;
    struct kw_answer answer = { .submitted_ms = kw_clock_wall_ms() };
    int64_t sale = 0;
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    const struct kw_key_lookup keys = { find_key, &call };
    if (code == 0)
        kw_verdict_open(&keys, typed, kw_touch_today(&call), &answer);
    if (code == 0 && !answer.opened)
        code = kw_fail(&call.error, KWIT_E_INVALID, "code", "%s", verdict_text(answer.verdict));
    if (code == 0)
        code = kw_answer_judge(call.journal, &answer, &call.days, &sale, &call.error);
    return kw_touch_close(&call, code < 0 ? code : tell_sale(&call, sale));
}
