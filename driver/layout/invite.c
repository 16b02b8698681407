/*
 * invite.c - the invitation to the survey, apart from everything legal or fiscal, and the shop's help line.
 *
 * Both speak the customer's language where the receipt names one. What must be said is one paragraph of small print;
 * whom to call stands on every customer's receipt, for contact is never harder to find than a survey.
 */
#include "layout/flow.h"

#include <stdio.h>
#include <string.h>

static const char *word(struct flow *flow, enum kw_label label)
{
    return kw_locale_label(flow->customer ? flow->customer : flow->locale, label);
}

/* The word with what stands in for its one placeholder. */
static const char *filled(struct flow *flow, enum kw_label label, const char *value)
{
    const char *text = word(flow, label), *open = strchr(text, '{'), *close = open ? strchr(open, '}') : NULL;
    return close ? flow_joined(flow, flow_copy(flow, text, (size_t)(open - text)), value, close + 1) : text;
}

static void set_words(struct flow *flow, const char *text, struct kw_style style)
{
    flow_words(flow, text, style, "");
}

static void set_filled(struct flow *flow, enum kw_label label, const char *value)
{
    if (value)
        set_words(flow, filled(flow, label, flow_held(flow, value, true)), kw_plain);
}

static int room(const struct flow *flow)
{
    return flow->column.edge ? flow->column.edge - flow->column.x : flow->width;
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

static void part_title(struct flow *flow)
{
    const char *own = flow->options->invitation->title, *title = own ? own : word(flow, question(flow->sale->kind));
    set_words(flow, title, flow_emphasis(flow, title, room(flow)));
}

static const char *time_it_takes(struct flow *flow)
{
    int minutes = flow->options->invitation->minutes;
    char digits[16], text[32];
    if (minutes == 1 && flow->options->invitation->one_tap)
        return word(flow, KW_LABEL_inv_tap);
    if (minutes <= 1)
        return minutes == 1 ? word(flow, KW_LABEL_inv_time) : NULL;
    snprintf(digits, sizeof digits, "%d", minutes);
    if (kw_locale_number(flow->customer ? flow->customer : flow->locale, digits, text, sizeof text) < 0)
        return NULL;
    return filled(flow, KW_LABEL_inv_minutes, flow_format(flow, "%s", text));
}

/* What is asked for, and what it costs: on one line where that is enough. */
static void part_call(struct flow *flow)
{
    const char *own = flow->options->invitation->cta, *call = own ? own : word(flow, KW_LABEL_inv_cta),
               *time = own ? NULL : time_it_takes(flow);
    const char *both = time ? flow_joined(flow, call, " \u00B7 ", time) : call;
    bool apart = time && flow_measure(flow, both, &kw_plain, 0) > room(flow);
    set_words(flow, apart ? call : both, kw_plain);
    if (apart)
        set_words(flow, time, kw_plain);
}

static void part_sample(struct flow *flow)
{
    struct kw_style style = kw_bold;
    style.invert = true;
    if (flow->options->invitation->sample)
        set_words(flow, flow_joined(flow, "\u00A0", word(flow, KW_LABEL_sample), "\u00A0"), style);
}

/* Below its name where one line is too short for both. */
static void set_code_below(struct flow *flow, const char *code)
{
    set_words(flow, filled(flow, KW_LABEL_inv_code, ""), kw_bold);
    set_words(flow, code, kw_bold);
}

/*
 * What is typed stands alone where its name has no room beside it and the next line says what to do with it; where it
 * has itself none it is not broken, but goes below the symbol.
 */
static void part_code(struct flow *flow)
{
    const struct kw_invitation *invitation = flow->options->invitation;
    if (!invitation->code)
        return;
    const char *text = filled(flow, KW_LABEL_inv_code, invitation->code);
    bool alone = flow_measure(flow, text, &kw_bold, 0) > room(flow);
    bool fits = invitation->address && flow_measure(flow, invitation->code, &kw_bold, 0) <= room(flow);
    flow->column.refused = flow->column.edge && alone && !fits;
    if (alone && !flow->column.edge)
        set_code_below(flow, invitation->code);
    else if (!flow->column.refused)
        set_words(flow, alone ? invitation->code : text, kw_bold);
}

static void part_address(struct flow *flow)
{
    set_filled(flow, KW_LABEL_inv_or, flow->options->invitation->address);
}

static void part_reward(struct flow *flow)
{
    const struct kw_invitation *invitation = flow->options->invitation;
    if (!invitation->reward)
        return;
    flow_feed(flow, flow->column.edge ? 0 : 10);
    set_words(flow, filled(flow, KW_LABEL_inv_reward, invitation->reward), kw_bold);
}

/* What the reward is for, and by which rules. */
static void part_terms(struct flow *flow)
{
    const struct kw_invitation *invitation = flow->options->invitation;
    if (!invitation->reward)
        return;
    set_words(flow, word(flow, KW_LABEL_inv_anyanswer), kw_small);
    if (invitation->draw)
        set_words(flow, word(flow, KW_LABEL_inv_notpurchase), kw_small);
    if (invitation->rules_url)
        set_words(flow, filled(flow, KW_LABEL_inv_rules, flow_held(flow, invitation->rules_url, true)), kw_small);
}

/* Until when, what is not asked for, how to be left alone: one paragraph, in which no line begins with a dot. */
static void part_small_print(struct flow *flow)
{
    static const char dot[] = "\u00A0\u00B7 ";
    const struct kw_invitation *invitation = flow->options->invitation;
    const char *text = word(flow, KW_LABEL_inv_privacy);
    if (invitation->expires)
        text = flow_joined(flow, filled(flow, KW_LABEL_inv_expiry, flow_held(flow, invitation->expires, true)), dot,
                           text);
    if (!flow_hidden(flow, "survey_optout"))
        text = flow_joined(flow, text, dot, word(flow, KW_LABEL_inv_optout));
    set_words(flow, text, kw_small);
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

static void part_help(struct flow *flow)
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
    part_help(flow);
}

/* The parts from the one numbered `from`, over the whole paper. */
static void set_parts(struct flow *flow, flow_part *const *parts, size_t from, size_t count)
{
    for (size_t i = from; i < count; i++)
        parts[i](flow);
}

#define COUNT(list) (sizeof (list) / sizeof (list)[0])

static void set_stacked(struct flow *flow, const struct symbol_wish *code)
{
    static flow_part *const above[] = { part_title, part_call, part_sample };
    static flow_part *const below[] = { part_code, part_address, part_reward, part_terms, part_small_print,
                                        part_help };
    set_parts(flow, above, 0, COUNT(above));
    if (code->data)
        flow_symbol(flow, code);
    set_parts(flow, below, 0, COUNT(below));
}

static void set_brief(struct flow *flow, const struct symbol_wish *code)
{
    part_sample(flow);
    if (code->data)
        flow_symbol(flow, code);
    part_code(flow);
}

static bool set_side(struct flow *flow, const struct symbol_wish *code)
{
    static flow_part *const parts[] = { part_title, part_call, part_sample, part_reward, part_terms, part_code,
                                        part_address, part_small_print, part_help };
    size_t beside = code->data ? flow_beside(flow, code, parts, COUNT(parts)) : 0;
    if (beside > 0)
        set_parts(flow, parts, beside, COUNT(parts));
    return beside > 0;
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
        flow_white(flow, APART);
        flow_rule(flow, "single");
    }
    if (invitation->news && !invitation->brief)
        set_words(flow, invitation->news, kw_plain);
    const struct symbol_wish code = { .origin = "", .symbology = "qr", .data = invitation->url,
                                      .module_dots = invitation->module_dots };
    if (invitation->brief)
        set_brief(flow, &code);
    else if (invitation->form == KW_FORM_STACKED || !set_side(flow, &code))
        set_stacked(flow, &code);
    if (on_receipt && invitation->position == KW_POSITION_BEFORE_THANKS && !flow->options->only_invitation)
        flow_rule(flow, "single");
}
