/* invite.c - gathers what the decision needs to know, and turns a decision into an invitation and a touchpoint. */
#include "api/invite.h"

#include "tap/stream/body.h"
#include "api/wording.h"
#include "base/shop_days.h"
#include "survey/campaign.h"
#include "survey/eligible.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* 2026-01-01: a clock before the software existed knows no day. */
static const int64_t oldest_clock_ms = 1767225600000;
static const char any_token[] = "00000000000000000000";

static bool kind_is_invited(int kind)
{
    enum { INVITED = true, NEVER = false };
    static const bool invited[] = {
#define KIND(name, number, word, title, invited_, ...) [number] = invited_,
#include "data/kinds.def"
#undef KIND
    };
    return invited[kind];
}

static int64_t today_of(const struct kw_rendering *rendering)
{
    return kw_business_day(kw_clock_wall_ms(), rendering->sale->time.offset_minutes,
                           rendering->config->store.day_starts_minutes);
}

/* Whether the machine's day and the sale's can both be true. */
static bool clock_is_set(const struct kw_rendering *rendering)
{
    return kw_clock_wall_ms() >= oldest_clock_ms && rendering->day >= 0 && rendering->day <= today_of(rendering) + 1;
}

/* Whether the day on which an answer must have come is over before the paper is there. */
static bool is_too_late(const struct kw_rendering *rendering)
{
    int days = rendering->config->survey.expires_days;
    return days > 0 && rendering->day + days < today_of(rendering);
}

/* The invitation speaks the customer's language where the receipt names one. */
static const struct kw_locale *spoken(const struct kw_rendering *rendering)
{
    return rendering->customer_locale ? rendering->customer_locale : rendering->locale;
}

static int make_url(struct kw_rendering *rendering, const char *token, int variant, const char **url,
                    struct kw_error *error)
{
    const struct kw_config_survey *survey = &rendering->config->survey;
    const struct kw_sale *sale = rendering->sale;
    const struct kw_survey_link link = { token, kw_locale_language(spoken(rendering)), kw_kind_word(sale->kind),
                                  sale->survey.segment, variant };
    const char *of_kind = survey->kind_urls[sale->kind];
    return kw_survey_url(rendering->arena, of_kind ? of_kind : survey->url, &link, url, error);
}

static bool url_fits(struct kw_rendering *rendering)
{
    const char *url;
    struct kw_error ignored;
    return make_url(rendering, any_token, 0, &url, &ignored) == 0 && kw_layout_qr_fits(rendering->profile, url);
}

/* A rule that cannot be read might have excluded this sale, so nobody is invited until it is mended. */
static const char *campaign_fault(struct kw_rendering *rendering)
{
    struct kw_config_entry entry;
    if (!rendering->config->survey.configured || rendering->config->survey.fault)
        return rendering->config->survey.fault;
    for (size_t i = 0; kw_config_said(rendering->config, "survey", i, &entry); i++) {
        const char *fault = kw_campaign_fault(rendering->arena, &entry);
        if (fault)
            return kw_arena_format(rendering->arena, "%s: %s", entry.origin, fault);
    }
    return NULL;
}

static bool is_usable(struct kw_rendering *rendering)
{
    const char *fault = campaign_fault(rendering);
    if (fault)
        kw_notes_add(rendering->warnings, KWIT_WARNING_SURVEY_OMITTED, "", "no invitation: %s", fault);
    return rendering->config->survey.configured && !fault;
}

static struct kw_survey_facts gather_facts(struct kw_rendering *rendering, const struct kwit_print_options *options,
                                           const struct kw_render_choice *choice, const int *weights)
{
    const struct kw_config_survey *survey = &rendering->config->survey;
    const struct kw_sale *sale = rendering->sale;
    bool declined = sale->survey.invite == KW_INVITE_NEVER;
    bool only_slip = options->survey == KWIT_SURVEY_ONLY || sale->kind == KW_KIND_SURVEY;
    bool on_request = survey->policy && strcmp(survey->policy, "print_on_request") == 0;
    return (struct kw_survey_facts){
        .configured = is_usable(rendering),
        .excluded = kw_rule_met(survey->exclude, sale) != NULL,
        .training = sale->kind == KW_KIND_TRAINING,
        .test = choice->test || choice->sample,
        .document_type_allowed = kind_is_invited(sale->kind) && rendering->refusal != KW_SUPPRESSED_DOCUMENT_TYPE,
        .passed_through = rendering->refusal == KW_SUPPRESSED_PASSED_THROUGH,
        .policy_allows = options->survey != KWIT_SURVEY_NEVER,
        /* Where receipts are printed on request, a slip that nobody asked for is not printed at all. */
        .receipt_requested = !(on_request && only_slip),
        .can_qr = rendering->profile->graphics != 0 || (rendering->profile->symbols & KW_SYMBOL_QR) ||
            rendering->profile->language != KW_LANGUAGE_ESCPOS,
        .qr_fits = url_fits(rendering),
        .have_key = choice->sample || choice->key,
        .clock_ok = choice->sample || clock_is_set(rendering),
        /* Documents of any day may be tried on paper that is none. */
        .too_late = !choice->sample && !choice->test && is_too_late(rendering),
        .cashier_declined = declined && sale->survey.by == KW_INVITE_BY_CASHIER,
        .customer_opted_out = declined && sale->survey.by != KW_INVITE_BY_CASHIER,
        .in_cooldown = choice->in_cooldown,
        .over_cap = choice->over_cap,
        .forced = sale->survey.invite == KW_INVITE_ALWAYS || options->survey == KWIT_SURVEY_ONLY,
        .rate_bp = choice->least_rate_bp > survey->rate_bp ? choice->least_rate_bp : survey->rate_bp,
        .day = rendering->day,
        /* 0 is the sample's; without a key nobody has looked for the next one. */
        .seq = choice->sample ? 0 : choice->seq ? choice->seq : 1,
        .experiment = survey->variant_count > 1 && survey->campaign ? survey->campaign : "",
        .weights = weights,
        .variant_count = survey->variant_count,
    };
}

/* The decision as it was stored when the sale was first claimed. */
static void take_stored(const struct kw_decided *stored, const struct kw_terminal_key *key,
                        struct kw_survey_decision *decision, struct kw_notes *warnings)
{
    *decision = (struct kw_survey_decision){
        .reason = stored->reason, .invited = stored->reason == 0, .variant = stored->variant,
        .fields = { .kid = stored->kid, .handle = stored->handle, .day = (uint16_t)(stored->day % KW_DAY_WRAP),
                    .seq = (uint16_t)stored->seq, .variant = stored->variant, .flag = stored->flag },
    };
    bool same_key = key && key->kid == stored->kid && key->handle == stored->handle;
    if (stored->has_token && same_key)
        kw_token_encode(key, &decision->fields, decision->token);
    else if (decision->invited)
        kw_notes_add(warnings, KWIT_WARNING_SURVEY_OMITTED, "", "no invitation: the key of epoch %u and handle "
                     "%lu, with which this sale was invited, is not here any more", stored->kid,
                     (unsigned long)stored->handle);
    decision->invited = decision->invited && decision->token[0];
}

static int decide(struct kw_rendering *rendering, const struct kwit_print_options *options,
                  const struct kw_render_choice *choice, struct kw_error *error)
{
    if (choice->stored) {
        take_stored(choice->stored, choice->key, &rendering->decision, rendering->warnings);
        return 0;
    }
    const struct kw_config_survey *survey = &rendering->config->survey;
    int *weights = kw_arena_array(rendering->arena, survey->variant_count + 1, sizeof *weights);
    if (!weights)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    for (size_t i = 0; i < survey->variant_count; i++)
        weights[i] = survey->variants[i].weight;
    struct kw_survey_facts facts = gather_facts(rendering, options, choice, survey->variant_count ? weights : NULL);
    kw_survey_decide(choice->sample ? NULL : choice->key, &facts, &rendering->decision);
    if (rendering->decision.reason == KW_SUPPRESSED_QR_DOES_NOT_FIT)
        kw_notes_add(rendering->warnings, KWIT_WARNING_SURVEY_OMITTED, "",
                     "no invitation: a QR of this `url` is too fine to scan on this paper; make the link shorter");
    return 0;
}

static const char *lower_case(struct kw_arena *arena, const char *text)
{
    char *lower = text ? kw_arena_string(arena, text) : NULL;
    for (char *at = lower; at && *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return lower;
}

static const char *date_text(struct kw_rendering *rendering, int64_t business_day)
{
    int year, month, day;
    char text[64];
    kw_days_to_civil(KW_FIRST_DAY + business_day, &year, &month, &day);
    if (kw_locale_date(spoken(rendering), year, month, day, text, sizeof text) < 0)
        return NULL;
    return kw_arena_string(rendering->arena, text);
}

/* The date on paper is the one that answers are judged by. */
static const char *expiry_date(struct kw_rendering *rendering)
{
    return rendering->touchpoint.expires_day > 0 ? date_text(rendering, rendering->touchpoint.expires_day) : NULL;
}

/* The latest that was news on the day of the sale. */
static const char *news_line(struct kw_rendering *rendering)
{
    const char *text, *latest = NULL;
    int64_t day, newest = INT64_MIN;
    for (const char *const *line = rendering->config->survey.news; line && *line; line++)
        if (kw_dated_line(*line, &day, &text) && day <= rendering->day && day >= newest) {
            newest = day;
            latest = text;
        }
    const char *date = latest ? date_text(rendering, newest) : NULL;
    return date ? kw_arena_format(rendering->arena, "%s \u00B7 %s", date, latest) : NULL;
}

/*
 * Beside the words unless somebody says otherwise: by the printer itself, or drawn. A drawn block is long on a serial
 * line and coarse by wires, and where `qr` says who draws the code, that stays so. One that is turned is below them.
 */
static enum kw_block_form form_of(const struct kw_rendering *rendering, const struct kw_config_variant *arm,
                                  const struct kw_render_choice *choice)
{
    enum kw_block_form form = arm && arm->form != KW_ARM_FORM_CAMPAIGN ? (enum kw_block_form)arm->form
        : rendering->config->survey.form;
    if (rendering->printer.upside_down || choice->native || choice->brief)
        return KW_FORM_STACKED;
    bool dear = strncmp(rendering->uri, "serial:", 7) == 0 || rendering->profile->firmware == KW_FIRMWARE_IMPACT
        || rendering->printer.qr != KW_DRAWING_AUTO;
    return form == KW_FORM_AUTO && dear ? KW_FORM_STACKED : form;
}

/* Whether the link is that of the shop's own page, in capitals or not. */
static bool is_own_page(const struct kw_rendering *rendering)
{
    const char *office = rendering->config->office.url;
    size_t length = office ? strlen(office) : 0;
    return length > 0 && strncasecmp(rendering->url, office, length) == 0
        && (office[length - 1] == '/' || strchr("/?", rendering->url[length]) != NULL);
}

static const char *reward_line(const struct kw_rendering *rendering)
{
    const char *own = kw_wording_reward(rendering->config, spoken(rendering));
    return own ? own : rendering->config->survey.reward;
}

static int make_invitation(struct kw_rendering *rendering, const struct kw_render_choice *choice,
                           struct kw_invitation *invitation, struct kw_error *error)
{
    const struct kw_config_survey *survey = &rendering->config->survey;
    const struct kw_survey_decision *decision = &rendering->decision;
    const struct kw_config_variant *arm = decision->variant < survey->variant_count
        ? &survey->variants[decision->variant] : NULL;
    char code[KW_TOKEN_HYPHENATED];
    kw_token_hyphenate(decision->token, code);
    struct kw_error why;
    int failed = make_url(rendering, decision->token, decision->variant, &rendering->url, &why);
    if (failed == KWIT_E_INVALID) {         /* invited under a configuration that has gone since */
        kw_notes_add(rendering->warnings, KWIT_WARNING_SURVEY_OMITTED, "", "no invitation: %s", why.text);
        return 0;
    }
    if (failed < 0)
        return kw_fail(error, failed, "", "%s", why.text);
    rendering->code = kw_arena_string(rendering->arena, code);
    if (!rendering->code)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    enum kw_block_form form = form_of(rendering, arm, choice);
    *invitation = (struct kw_invitation){
        .url = rendering->url,
        .address = lower_case(rendering->arena, survey->address),
        .code = rendering->code,
        .title = arm ? arm->title : NULL,
        .cta = arm ? arm->cta : NULL,
        .reward = arm && arm->reward ? arm->reward : reward_line(rendering),
        .rules_url = survey->rules_url,
        .draw = survey->reward_kind && strcmp(survey->reward_kind, "draw") == 0,
        .expires = expiry_date(rendering),
        .module_dots = arm && arm->module_dots ? arm->module_dots : survey->module_dots,
        .position = form == KW_FORM_SLIP ? KW_POSITION_SLIP
            : arm && arm->position != KW_ARM_POSITION_CAMPAIGN ? (enum kw_position)arm->position : survey->position,
        .form = form,
        .minutes = survey->minutes,
        .one_tap = is_own_page(rendering),
        .news = news_line(rendering),
        .sample = choice->sample,
        .brief = choice->brief,
    };
    return 0;
}

/* By whom the paper was laid out, and how surely its sale is known. */
const char *kw_invite_channel(const struct kw_rendering *rendering)
{
    if (!rendering->stream)
        return "paper";
    return rendering->stream->marks & KW_STREAM_WEAK ? KW_CHANNEL_WEAK : KW_CHANNEL_CERTAIN;
}

/* Of what it cost, this one bit is kept. */
static bool is_tiny(const struct kw_rendering *rendering)
{
    char rule[64] = "amount<";
    const char *const rules[] = { rule, NULL };
    if (!rendering->config->survey.tiny)
        return false;
    snprintf(rule + strlen(rule), sizeof rule - strlen(rule), "%s", rendering->config->survey.tiny);
    return kw_rule_met(rules, rendering->sale) != NULL;
}

static void fill_touchpoint(struct kw_rendering *rendering, const struct kw_render_choice *choice)
{
    const struct kw_survey_decision *decision = &rendering->decision;
    const struct kw_config_survey *survey = &rendering->config->survey;
    const struct kw_sale *sale = rendering->sale;
    struct kw_touchpoint *touchpoint = &rendering->touchpoint;
    *touchpoint = (struct kw_touchpoint){
        .ts_ms = kw_clock_wall_ms(),
        .sold_ms = sale->time.utc_ms,
        .offset_minutes = sale->time.offset_minutes,
        .has_token = decision->token[0] != 0,
        .kid = decision->fields.kid,
        .handle = decision->fields.handle,
        .day = rendering->day,
        .seq = decision->fields.seq,
        .variant = decision->variant,
        .flag = decision->fields.flag,
        .variant_p_bp = decision->variant_p_bp,
        .p_bp = decision->p_bp,
        .u = decision->u,
        .forced = decision->forced,
        .drawn = decision->drawn,
        .reason = decision->reason,
        .store = rendering->store_id,
        .till = rendering->terminal,
        .cashier = survey->record_cashier && sale->cashier ? sale->cashier : "",
        .campaign = survey->campaign ? survey->campaign : "",
        .language = kw_locale_tag(spoken(rendering)),
        .channel = kw_invite_channel(rendering),
        .detail = rendering->through,
        .kind = sale->kind,
        .earlier = choice->earlier,
        .signs = is_tiny(rendering) ? KW_SALE_TINY : 0,
        .expires_day = survey->expires_days > 0 ? rendering->day + survey->expires_days : 0,
    };
}

int kw_invite_limits(const struct kw_rendering *rendering, struct kw_journal *journal, uint32_t handle,
                     struct kw_render_choice *choice, struct kw_error *error)
{
    const struct kw_config_survey *survey = &rendering->config->survey;
    const char *customer = rendering->sale->customer.loyalty_id;
    int64_t count = 0;
    int code = 0;
    if (survey->daily_cap > 0)
        code = kw_touchpoint_count_day(journal, handle, rendering->day, &count, error);
    choice->over_cap = survey->daily_cap > 0 && count >= survey->daily_cap;
    if (code == 0 && survey->min_per_month > 0)
        code = kw_touchpoint_least_rate(journal, rendering->store_id, rendering->day, survey->min_per_month,
                                        &choice->least_rate_bp, error);
    if (code == 0 && survey->cooldown_days > 0 && customer)
        code = kw_touchpoint_in_cooldown(journal, customer, rendering->day, &choice->in_cooldown,
                                         &choice->earlier, error);
    return code;
}

int kw_invite(struct kw_rendering *rendering, const struct kwit_print_options *options,
              const struct kw_render_choice *choice, struct kw_invitation *invitation, struct kw_error *error)
{
    rendering->url = rendering->code = NULL;
    int code = decide(rendering, options, choice, error);
    if (code < 0)
        return code;
    if (choice->stored)
        rendering->touchpoint = (struct kw_touchpoint){ .expires_day = choice->stored->expires_day };
    else
        fill_touchpoint(rendering, choice);
    return rendering->decision.invited ? make_invitation(rendering, choice, invitation, error) : 0;
}
