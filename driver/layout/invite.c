/*
 * invite.c - the invitation to the survey, apart from everything legal or fiscal, and the shop's help line.
 *
 * Both speak the customer's language where the receipt names one. What must be said is one paragraph of small print;
 * whom to call stands on every customer's receipt, for contact is never harder to find than a survey.
 */
#include "layout/flow.h"

#include <string.h>

static const char *word(struct flow *flow, enum kw_label label)
{
    return kw_locale_label(flow->customer ? flow->customer : flow->locale, label);
}

/* What is dialled or typed is not broken over two lines. */
static const char *unbroken(struct flow *flow, const char *value)
{
    const char *text = "";
    for (size_t part; *value; value += part + (value[part] == ' ')) {
        part = strcspn(value, " ");
        text = flow_format(flow, "%s%.*s%s", text, (int)part, value, value[part] ? "\u00A0" : "");
    }
    return text;
}

/* The word with what stands in for its one placeholder. */
static const char *filled(struct flow *flow, enum kw_label label, const char *value)
{
    const char *text = word(flow, label), *open = strchr(text, '{'), *close = open ? strchr(open, '}') : NULL;
    if (!close)
        return text;
    return flow_format(flow, "%.*s%s%s", (int)(open - text), text, value, close + 1);
}

static void set_words(struct flow *flow, const char *text, struct kw_style style)
{
    flow_center(flow, text, style, "");
}

static void set_filled(struct flow *flow, enum kw_label label, const char *value)
{
    if (value)
        set_words(flow, filled(flow, label, unbroken(flow, value)), kw_plain);
}

/* What is asked about: who brought something back or ordered was not served as who bought. */
static enum kw_label question(int kind)
{
    switch (kind) {
    case KW_KIND_REFUND:
        return KW_LABEL_inv_refund;
    case KW_KIND_EXCHANGE:
        return KW_LABEL_inv_exchange;
    case KW_KIND_ORDER:
        return KW_LABEL_inv_order;
    default:
        return KW_LABEL_inv_title;
    }
}

static void set_title(struct flow *flow, const struct kw_invitation *invitation)
{
    const char *title = invitation->title ? invitation->title : word(flow, question(flow->sale->kind));
    set_words(flow, title, flow_emphasis(flow, title, flow->width));
    set_words(flow, invitation->cta ? invitation->cta : flow_format(flow, "%s \u00B7 %s", word(flow, KW_LABEL_inv_cta),
                                                                    word(flow, KW_LABEL_inv_time)), kw_plain);
    if (invitation->sample) {
        struct kw_style style = kw_bold;
        style.invert = true;
        set_words(flow, flow_format(flow, "\u00A0%s\u00A0", word(flow, KW_LABEL_sample)), style);
    }
}

static void set_reward(struct flow *flow, const struct kw_invitation *invitation)
{
    if (!invitation->reward)
        return;
    flow_feed(flow, 10);
    set_words(flow, filled(flow, KW_LABEL_inv_reward, invitation->reward), kw_bold);
    set_words(flow, word(flow, KW_LABEL_inv_anyanswer), kw_plain);
    if (invitation->draw)
        set_words(flow, word(flow, KW_LABEL_inv_notpurchase), kw_plain);
    set_filled(flow, KW_LABEL_inv_rules, invitation->rules_url);
}

/* Until when, what is not asked for, how to be left alone: one paragraph. */
static void set_small_print(struct flow *flow, const struct kw_invitation *invitation)
{
    const char *text = word(flow, KW_LABEL_inv_privacy);
    if (invitation->expires)
        text = flow_format(flow, "%s \u00B7 %s", filled(flow, KW_LABEL_inv_expiry, unbroken(flow, invitation->expires)),
                           text);
    if (!flow_hidden(flow, "survey_optout"))
        text = flow_format(flow, "%s \u00B7 %s", text, word(flow, KW_LABEL_inv_optout));
    set_words(flow, text, kw_plain);
}

/* Whose paper this is: not the kitchen's, the shop's own, or a document that sold nobody anything. */
static bool is_customers(const struct flow *flow)
{
    static const bool with_customer[] = {
        [KW_KIND_SALE] = true, [KW_KIND_REFUND] = true, [KW_KIND_EXCHANGE] = true, [KW_KIND_ORDER] = true,
        [KW_KIND_PROFORMA] = true, [KW_KIND_DEPOSIT] = true, [KW_KIND_GIFT] = true, [KW_KIND_SURVEY] = true,
    };
    size_t kind = (size_t)flow->sale->kind;
    return !flow->station && flow->options->copy_kind != KW_COPY_MERCHANT
        && kind < sizeof with_customer / sizeof with_customer[0] && with_customer[kind];
}

static void set_help(struct flow *flow)
{
    set_filled(flow, KW_LABEL_inv_help, flow->options->help.phone);
    if (flow->options->help.email)
        set_words(flow, flow->options->help.email, kw_plain);
}

void section_help(struct flow *flow)
{
    const struct kw_invitation *invitation = flow->options->invitation;
    bool invited = invitation && invitation->position != KW_POSITION_SLIP && !flow_hidden(flow, "invitation");
    if (invited || !is_customers(flow) || (!flow->options->help.phone && !flow->options->help.email))
        return;
    flow_mark(flow);
    flow_feed(flow, 10);
    set_help(flow);
}

void section_invitation(struct flow *flow)
{
    enum { APART = 30 };            /* three millimetres of white to anything fiscal, and a rule */
    const struct kw_invitation *invitation = flow->options->invitation;
    if (!invitation || flow->station)
        return;
    bool slip = flow->options->only_survey || flow->sale->kind == KW_KIND_SURVEY
        || invitation->position == KW_POSITION_SLIP;
    bool on_receipt = flow->options->only_invitation || !slip;
    flow_mark(flow);
    if (on_receipt) {
        flow_feed(flow, APART);
        flow_rule(flow, "single");
    }
    set_title(flow, invitation);
    if (invitation->url)
        flow_symbol(flow, &(struct symbol_wish){ .origin = "", .symbology = "qr", .data = invitation->url,
                                                 .module_dots = invitation->module_dots });
    if (invitation->code)
        set_words(flow, filled(flow, KW_LABEL_inv_code, invitation->code), kw_bold);
    set_filled(flow, KW_LABEL_inv_or, invitation->address);
    set_reward(flow, invitation);
    set_small_print(flow, invitation);
    set_help(flow);
    if (on_receipt && invitation->position == KW_POSITION_BEFORE_THANKS && !flow->options->only_invitation)
        flow_rule(flow, "single");
}
