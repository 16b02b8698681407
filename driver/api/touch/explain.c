/* explain.c - survey explain: in plain words and with numbers, why a sale was or would be invited. */
#include "api/touch/touch.h"
#include "api/invite.h"
#include "journal/jobs.h"
#include "survey/eligible.h"

#include <stdio.h>
#include <string.h>

enum { BASIS_POINTS = 10000 };
static const double draws = 4294967296.0;

/* What is told: a stored record, or what the document in hand would get now. */
struct tale {
    const struct kw_touchpoint *touchpoint;
    bool stored;
    const char *rule;               /* of exclusion that the sale meets today; NULL: none, or no document any more */
    const char *fault;              /* why nothing can be invited: key or configuration; NULL: unknown */
    int64_t invited_today;          /* on the sale's business day; -1: unknown */
};

static const char *reason_text(enum kw_suppression reason)
{
    static const char *const texts[] = {
        [KW_SUPPRESSED_NONE] = "invited",
        [KW_SUPPRESSED_SAMPLED_OUT] = "not invited: the draw left it out",
        [KW_SUPPRESSED_COOLDOWN] = "not invited: this customer was invited lately",
        [KW_SUPPRESSED_DAILY_CAP] = "not invited: the till's invitations of the day are used up",
        [KW_SUPPRESSED_CUSTOMER_OPTED_OUT] = "not invited: the customer wants no survey",
        [KW_SUPPRESSED_CASHIER_DECLINED] = "not invited: the cashier pressed \"no survey\"",
        [KW_SUPPRESSED_DOCUMENT_TYPE] = "not invited: documents of this kind never are",
        [KW_SUPPRESSED_TRAINING] = "not invited: it is training",
        [KW_SUPPRESSED_NO_KEY_OR_CLOCK] = "not invited: no usable key, or a clock or date that is not to be believed",
        [KW_SUPPRESSED_NO_KEY] = "not invited: this till has no usable key",
        [KW_SUPPRESSED_NO_CLOCK] = "not invited: the clock is not set, or the sale's date is not to be "
                                   "believed; set the clock (timedatectl)",
        [KW_SUPPRESSED_TOO_LATE] = "not invited: `expires_days` after the sale are over, so that no answer would count",
        [KW_SUPPRESSED_POLICY] = "not invited: the till was told --survey never",
        [KW_SUPPRESSED_RECEIPT_NOT_REQUESTED] = "not invited: `policy = print_on_request`, and nobody asked for a slip",
        [KW_SUPPRESSED_NO_QR] = "not invited: this printer can print no QR code",
        [KW_SUPPRESSED_NOT_CONFIGURED] = "not invited: [survey] is not configured, or at fault",
        [KW_SUPPRESSED_EXCLUDED] = "not invited: a rule of `exclude` names it",
        [KW_SUPPRESSED_SEQUENCE_EXHAUSTED] = "not invited: the till's numbers of the day are used up",
        [KW_SUPPRESSED_QR_DOES_NOT_FIT] = "not invited: the link makes a QR code too fine for this paper",
    };
    return texts[reason];
}

static bool was_drawn_for(const struct kw_touchpoint *touchpoint)
{
    switch (touchpoint->reason) {
    case KW_SUPPRESSED_NONE:
    case KW_SUPPRESSED_SAMPLED_OUT:
    case KW_SUPPRESSED_COOLDOWN:
    case KW_SUPPRESSED_DAILY_CAP:
    case KW_SUPPRESSED_CUSTOMER_OPTED_OUT:
    case KW_SUPPRESSED_CASHIER_DECLINED:
        return true;
    default:
        return false;
    }
}

/* The draw of a sale to come stays secret, so that nobody can choose whom to serve next. */
static void tell_draw(struct kw_touch *call, const struct tale *tale)
{
    const struct kw_touchpoint *touchpoint = tale->touchpoint;
    double rate = (double)touchpoint->p_bp / BASIS_POINTS;
    struct kw_buffer *text = &call->result->text;
    if (touchpoint->forced)
        kw_buffer_text(text, "  the till insists (survey.invite = always, --survey only); the draw does not count\n");
    else if (tale->stored)
        kw_buffer_format(text, "  the draw: %.6f is %s the rate of %.2f %% (%.4f)\n", (double)touchpoint->u / draws,
                         touchpoint->drawn ? "below" : "not below", 100 * rate, rate);
    else
        kw_buffer_format(text, "  the draw is made when it is sold; the rate is %.2f %%\n", 100 * rate);
    if (touchpoint->p_bp > call->config.survey.rate_bp && call->config.survey.min_per_month > 0)
        kw_buffer_format(text, "  it is higher than `rate`, so that the store reaches %d invitations in 28 days\n",
                         call->config.survey.min_per_month);
}

static void tell_arm(struct kw_touch *call, const struct tale *tale)
{
    const struct kw_config_survey *survey = &call->config.survey;
    const struct kw_touchpoint *touchpoint = tale->touchpoint;
    if (!tale->stored || touchpoint->variant_p_bp >= BASIS_POINTS)
        return;
    uint8_t now[sizeof touchpoint->config_digest];
    kw_config_digest(&call->config, now);
    bool same = memcmp(touchpoint->config_digest, now, sizeof now) == 0;
    kw_buffer_format(&call->result->text, "  arm %u%s%s%s, with %.2f %% of the invitations\n", touchpoint->variant,
                     same ? " (" : "", same ? survey->variants[touchpoint->variant].name : "", same ? ")" : "",
                     100.0 * touchpoint->variant_p_bp / BASIS_POINTS);
}

static void tell_limits(struct kw_touch *call, const struct tale *tale)
{
    const struct kw_config_survey *survey = &call->config.survey;
    struct kw_buffer *text = &call->result->text;
    char day[16];
    kw_touch_day_text(tale->touchpoint->day, day);
    bool capped = tale->touchpoint->reason == KW_SUPPRESSED_DAILY_CAP;
    if (survey->daily_cap > 0 && tale->invited_today >= 0 && (capped || !tale->stored))
        kw_buffer_format(text, "  invitations of %s so far: %lld of at most %d\n", day, (long long)tale->invited_today,
                         survey->daily_cap);
    if (tale->touchpoint->reason == KW_SUPPRESSED_COOLDOWN)
        kw_buffer_format(text, "  a customer rests %d days after an invitation\n", survey->cooldown_days);
    if (tale->touchpoint->reason == KW_SUPPRESSED_EXCLUDED && tale->rule)
        kw_buffer_format(text, "  the rule%s: %s\n", tale->stored ? " as it is written today" : "", tale->rule);
    if (tale->fault)
        kw_buffer_format(text, "  %s%s\n", tale->stored ? "today: " : "", tale->fault);
}

static void tell_json(struct kw_touch *call, const struct tale *tale)
{
    const struct kw_touchpoint *touchpoint = tale->touchpoint;
    struct kw_json json;
    char day[16];
    kw_touch_day_text(touchpoint->day, day);
    kw_json_init(&json, &call->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_bool(&json, "stored", tale->stored);
    kw_json_bool(&json, "invited", touchpoint->reason == KW_SUPPRESSED_NONE);
    kw_json_string(&json, "reason", kw_suppression_word(touchpoint->reason));
    kw_json_string(&json, "rule", tale->rule);
    kw_json_bool(&json, "forced", touchpoint->forced);
    kw_json_bool(&json, "drawn", tale->stored && touchpoint->drawn);
    kw_json_integer(&json, "rate_bp", touchpoint->p_bp);
    if (tale->stored && was_drawn_for(touchpoint))
        kw_json_number(&json, "draw", (double)touchpoint->u / draws, 6);
    else
        kw_json_null(&json, "draw");
    kw_json_integer(&json, "variant", tale->stored ? touchpoint->variant : 0);
    kw_json_string(&json, "day", day);
    kw_json_integer(&json, "invited_today", tale->invited_today);
    kw_json_integer(&json, "daily_cap", call->config.survey.daily_cap);
    kw_json_end_object(&json);
}

static void tell(struct kw_touch *call, const struct tale *tale)
{
    struct kw_buffer *text = &call->result->text;
    bool open = !tale->stored && tale->touchpoint->reason == KW_SUPPRESSED_NONE;
    kw_buffer_format(text, "%s\n", open ? "nothing rules it out" : reason_text(tale->touchpoint->reason));
    if (was_drawn_for(tale->touchpoint))
        tell_draw(call, tale);
    if (was_drawn_for(tale->touchpoint))
        tell_arm(call, tale);
    tell_limits(call, tale);
    kw_buffer_text(text, tale->stored ? "  decided when it was first printed, and never again\n"
                                      : "  not printed yet; decided by today's configuration when it is\n");
    tell_json(call, tale);
}

static int count_day(struct kw_touch *call, struct tale *tale)
{
    const struct kw_touchpoint *touchpoint = tale->touchpoint;
    tale->invited_today = -1;
    if (!call->journal || !touchpoint->has_token)
        return 0;
    return kw_touchpoint_count_day(call->journal, touchpoint->handle, touchpoint->day, &tale->invited_today,
                                   &call->error);
}

static struct kwit_print_options print_options(void)
{
    return (struct kwit_print_options){ .printer = NULL };
}

/* The rule that the stored document meets today; NULL also where the document is wiped or no printer is configured. */
static const char *rule_of_stored(struct kw_touch *call, int64_t sale)
{
    struct kwit_print_options options = print_options();
    struct kw_rendering *rendering = NULL;
    struct kw_error ignored;
    const void *body;
    const char *rule = NULL;
    size_t length;
    if (kw_sale_body(call->journal, sale, call->arena, &body, &length, &ignored) < 0)
        return NULL;
    struct kw_notes warnings;
    kw_notes_init(&warnings, call->arena);
    if (kw_rendering_begin(&call->config, &warnings, body, length, &options, &rendering, &ignored) == 0)
        rule = kw_rule_met(rendering->config->survey.exclude, rendering->sale);
    rule = rule ? kw_arena_string(call->arena, rule) : NULL;
    kw_rendering_end(rendering);
    return rule;
}

static int explain_stored(struct kw_touch *call, int64_t sale)
{
    struct kw_touchpoint touchpoint;
    struct tale tale = { .touchpoint = &touchpoint, .stored = true };
    int code = kw_touchpoint_get(call->journal, sale, &touchpoint, &call->error);
    if (code == 0)
        code = count_day(call, &tale);
    if (code < 0)
        return code;
    struct kw_keys keys;
    kw_keys_load(call->state, &call->config, call->journal, &keys);
    bool keyless = touchpoint.reason == KW_SUPPRESSED_NO_KEY && !keys.usable;
    tale.fault = keyless ? keys.why : NULL;
    tale.rule = touchpoint.reason == KW_SUPPRESSED_EXCLUDED ? rule_of_stored(call, sale) : NULL;
    tell(call, &tale);
    kw_key_wipe(&keys, sizeof keys);
    return 0;
}

static const char *omission(const struct kw_notes *warnings)
{
    for (size_t i = 0; i < warnings->count; i++)
        if (warnings->items[i].warning == KWIT_WARNING_SURVEY_OMITTED)
            return warnings->items[i].text;
    return NULL;
}

/* With the till's key and what the journal knows of its limits; the draw itself is the sample's, which always wins. */
static int explain_new(struct kw_touch *call, struct kw_rendering *rendering, const struct kwit_print_options *options)
{
    struct kw_keys keys = { .usable = true };
    struct kw_render_choice choice = { .sample = true };
    struct kw_invitation invitation;
    struct tale tale = { .touchpoint = &rendering->touchpoint, .invited_today = -1 };
    int code = 0;
    if (call->journal)
        kw_keys_load(call->state, rendering->config, call->journal, &keys);
    if (call->journal && keys.usable)
        code = kw_invite_limits(rendering, call->journal, keys.key.handle, &choice, &call->error);
    choice.sample = keys.usable;
    if (code == 0)
        code = kw_invite(rendering, options, &choice, &invitation, &call->error);
    if (code == 0 && call->journal && keys.usable)
        code = kw_touchpoint_count_day(call->journal, keys.key.handle, rendering->day, &tale.invited_today,
                                       &call->error);
    if (code == 0) {
        bool keyless = rendering->decision.reason == KW_SUPPRESSED_NO_KEY;
        tale.rule = kw_rule_met(rendering->config->survey.exclude, rendering->sale);
        tale.fault = keyless ? keys.why : omission(rendering->warnings);
        tell(call, &tale);
    }
    kw_key_wipe(&keys, sizeof keys);
    return code;
}

/* Printed already, whatever the document in hand says; else as it would be decided. */
static int explain_document(struct kw_touch *call, const void *document, size_t length)
{
    struct kwit_print_options options = print_options();
    struct kw_rendering *rendering = NULL;
    struct kw_sale_row row;
    int code = kw_rendering_begin(&call->config, &call->warnings, document, length, &options, &rendering,
                                  &call->error);
    if (code == 0) {
        struct kw_sale_key key = { rendering->store_id, rendering->terminal, rendering->scope, rendering->sale->id };
        int found = call->journal ? kw_sale_find(call->journal, &key, call->arena, &row, &call->error)
                                  : KWIT_E_NOT_FOUND;
        code = found == 0 ? explain_stored(call, row.id)
            : found == KWIT_E_NOT_FOUND ? explain_new(call, rendering, &options) : found;
    }
    kw_rendering_end(rendering);
    return code;
}

int kwit_survey_explain(kwit_context *context, const struct kwit_sale_name *sale, const void *document, size_t length,
                        kwit_result **result)
{
    struct kw_touch call;
    int64_t found;
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    if (document) {
        code = code == 0 || code == KWIT_E_NOT_FOUND ? explain_document(&call, document, length) : code;
    } else {
        if (code == 0)
            code = kw_touch_find_sale(&call, sale, &found);
        if (code == 0)
            code = explain_stored(&call, found);
    }
    return kw_touch_close(&call, code);
}
