/* plan.c - survey plan: what a configuration does to a day of sales, and how long an experiment takes; survey explain.
 */
#include "api/desk.h"
#include "api/eligible.h"
#include "api/invite.h"
#include "report/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BASIS_POINTS = 10000, DAYS_A_MONTH = 30, WARN_DAYS = 180, REASONS = 16 };

/* ---- plan --------------------------------------------------------------------------------------------------- */

struct plan {
    const struct kwit_plan_options *options;
    int64_t sales, invited, reasons[REASONS], faulty;
};

static struct kwit_print_options print_options(void)
{
    return (struct kwit_print_options){ .printer = "file:/dev/null" };
}

/* One document through the real decision, with the sample's key and a number of its own. */
static int try_document(struct kw_desk *desk, const char *document, size_t length, uint32_t seq,
                        struct kw_survey_decision *decision, const char **rule)
{
    struct kwit_print_options options = print_options();
    struct kw_rendering *rendering = NULL;
    struct kw_invitation invitation;
    struct kw_terminal_key key;
    kw_key_sample(&key);
    struct kw_render_choice choice = { .key = &key, .seq = seq };
    int code = kw_rendering_begin(desk->context, document, length, &options, NULL, &rendering, &desk->error);
    if (code == 0)
        code = kw_invite(rendering, &options, &choice, &invitation, &desk->error);
    if (code == 0) {
        *decision = rendering->decision;
        const char *met = kw_rule_met(rendering->config.survey.exclude, rendering->sale);
        *rule = met ? kw_arena_string(desk->arena, met) : NULL;
    }
    kw_rendering_end(rendering);
    return code;
}

static int count_documents(struct kw_desk *desk, struct plan *plan)
{
    const char *at = plan->options->documents, *end = at + plan->options->documents_length;
    for (uint32_t seq = 1; at < end; seq++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        struct kw_survey_decision decision;
        const char *rule;
        bool blank = strspn(at, " \t\r") >= length;
        int code = blank ? 0 : try_document(desk, at, length, 1 + seq % (KW_SEQ_LIMIT - 1), &decision, &rule);
        if (code == KWIT_E_CONFIG || code == KWIT_E_NO_MEMORY)
            return code;
        plan->faulty += code < 0;
        if (!blank && code == 0) {
            plan->sales++;
            plan->invited += decision.invited;
            plan->reasons[decision.reason % REASONS]++;
        }
        at += length + (stop != NULL);
    }
    return 0;
}

static void tell_documents(struct kw_desk *desk, struct kw_json *json, const struct plan *plan)
{
    struct kw_buffer *text = &desk->result->text;
    kw_buffer_format(text, "of %lld sales %lld would be invited\n", (long long)plan->sales, (long long)plan->invited);
    kw_json_integer(json, "sales", plan->sales);
    kw_json_integer(json, "invited", plan->invited);
    kw_json_integer(json, "faulty", plan->faulty);
    kw_json_object(json, "suppressed");
    for (int reason = 1; reason < REASONS; reason++) {
        kw_json_integer(json, kw_suppression_word(reason), plan->reasons[reason]);
        if (plan->reasons[reason])
            kw_buffer_format(text, "%9lld %s\n", (long long)plan->reasons[reason], kw_suppression_word(reason));
    }
    kw_json_end_object(json);
    if (plan->faulty)
        kw_buffer_format(text, "%9lld lines are no sale documents\n", (long long)plan->faulty);
}

static void tell_month(struct kw_desk *desk, struct kw_json *json, double invitations_a_day, double rate)
{
    double answers = invitations_a_day * rate * DAYS_A_MONTH;
    kw_buffer_format(&desk->result->text, "%.0f invitations a day; at %.2f %% answered about %.0f answers a month\n",
                     invitations_a_day, 100 * rate, answers);
    kw_json_number(json, "invitations_a_day", invitations_a_day, 1);
    kw_json_number(json, "answers_a_month", answers, 1);
}

/* The arm with the smallest share decides how long the experiment takes. */
static double smallest_share(const struct kw_config_survey *survey)
{
    double total = 0, least = INFINITY;
    for (size_t i = 0; i < survey->variant_count; i++)
        total += survey->variants[i].weight;
    for (size_t i = 0; i < survey->variant_count; i++)
        if (survey->variants[i].weight > 0 && survey->variants[i].weight / total < least)
            least = survey->variants[i].weight / total;
    return survey->variant_count > 1 && total > 0 ? least : 0.5;
}

static void tell_experiment(struct kw_desk *desk, struct kw_json *json, double invitations_a_day, double rate,
                            double lift)
{
    int64_t n = kw_sample_size(rate, rate * (1 + lift));
    const struct kw_config_survey *survey = &desk->config.survey;
    int64_t planned = survey->planned_n > 0 ? survey->planned_n : n;
    double days = (double)planned / (invitations_a_day * smallest_share(survey));
    struct kw_buffer *text = &desk->result->text;
    kw_buffer_format(text,
                     "to tell %.2f %% from %.2f %% (two-sided 5 %%, power 80 %%) each arm needs %lld invitations\n",
                     100 * rate, 100 * rate * (1 + lift), (long long)n);
    kw_buffer_format(text, "that takes %.0f days, and %d more until the last invitation has expired\n", ceil(days),
                     survey->expires_days);
    if (days > WARN_DAYS)
        kw_buffer_format(text, "more than %d days: try a larger difference, more shops, or no experiment\n", WARN_DAYS);
    if (survey->planned_n > 0 && survey->planned_n < n)
        kw_buffer_format(text, "planned_n = %d is less than that: a difference of this size would often be missed\n",
                         survey->planned_n);
    kw_json_object(json, "experiment");
    kw_json_integer(json, "n_per_arm", n);
    kw_json_integer(json, "planned_n", survey->planned_n);
    kw_json_number(json, "days", ceil(days), 0);
    kw_json_bool(json, "over_180_days", days > WARN_DAYS);
    kw_json_end_object(json);
}

static int run_plan(struct kw_desk *desk, struct plan *plan)
{
    struct kw_json json;
    const struct kwit_plan_options *o = plan->options;
    double rate = o->answer_rate > 0 ? o->answer_rate : 0.01, lift = o->lift > 0 ? o->lift : 0.2;
    if (rate >= 1 || rate * (1 + lift) >= 1)
        return kw_fail(&desk->error, KWIT_E_USAGE, "plan",
                       "--rate and --lift are percentages; both arms stay below 100 %%");
    int code = o->documents ? count_documents(desk, plan) : 0;
    if (code < 0)
        return code;
    double sales = o->sales_a_day > 0 ? (double)o->sales_a_day : plan->sales > 0 ? (double)plan->sales : 300;
    double share = plan->sales > 0 ? (double)plan->invited / (double)plan->sales
                                   : (double)desk->config.survey.rate_bp / BASIS_POINTS;
    if (!desk->config.survey.configured)
        kw_buffer_text(&desk->result->text, "[survey] names no url, so nobody is invited yet; counted as if it did\n");
    kw_json_init(&json, &desk->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    if (o->documents)
        tell_documents(desk, &json, plan);
    tell_month(desk, &json, sales * share, rate);
    if (sales * share > 0)
        tell_experiment(desk, &json, sales * share, rate, lift);
    kw_json_end_object(&json);
    return 0;
}

int kwit_survey_plan(kwit_context *context, const struct kwit_plan_options *options, kwit_result **result)
{
    static const struct kwit_plan_options defaults;
    struct kw_desk desk;
    struct plan plan = { .options = options ? options : &defaults };
    int code = kw_desk_open(context, KW_DESK_STATE, &desk, result);
    return kw_desk_close(&desk, code < 0 ? code : run_plan(&desk, &plan));
}

/* ---- explain ------------------------------------------------------------------------------------------------ */

static const char *reason_text(int reason)
{
    static const char *const texts[REASONS] = { [0] = "invited",
                                                [1] = "not drawn: the campaign's rate leaves it out",
                                                [2] = "this customer was invited lately",
                                                [3] = "the till's invitations of the day are used up",
                                                [4] = "the customer wants no survey",
                                                [5] = "the cashier pressed no survey",
                                                [6] = "documents of this kind are not invited",
                                                [7] = "training",
                                                [8] = "the till has no key, or its clock is not set",
                                                [9] = "the policy forbids it",
                                                [10] = "the receipt was not requested",
                                                [11] = "the printer can print no QR",
                                                [12] = "[survey] is not configured, or at fault",
                                                [13] = "excluded by a rule",
                                                [14] = "the day's numbers are used up",
                                                [15] = "the link makes a QR too large for this paper" };
    return texts[reason % REASONS];
}

static void tell_decision(struct kw_desk *desk, bool stored, int reason, bool drawn, int p_bp, uint32_t u, int variant,
                          const char *rule)
{
    struct kw_json json;
    struct kw_buffer *text = &desk->result->text;
    kw_json_init(&json, &desk->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_bool(&json, "stored", stored);
    kw_json_bool(&json, "invited", reason == 0);
    kw_json_string(&json, "reason", kw_suppression_word(reason));
    kw_json_string(&json, "rule", rule);
    kw_json_bool(&json, "drawn", drawn);
    kw_json_integer(&json, "rate_bp", p_bp);
    kw_json_number(&json, "draw", (double)u / 4294967296.0, 6);
    kw_json_integer(&json, "variant", variant);
    kw_json_end_object(&json);
    const char *when = stored ? "decided when it was first printed" : "not printed yet; with this configuration";
    kw_buffer_format(text, "%s: %s", when, reason_text(reason));
    if (rule && reason == KW_SUPPRESSED_EXCLUDED)
        kw_buffer_format(text, " (%s)", rule);
    if (stored && u)
        kw_buffer_format(text, "; the draw was %.4f against a rate of %.4f", (double)u / 4294967296.0,
                         (double)p_bp / BASIS_POINTS);
    kw_buffer_byte(text, '\n');
}

static int explain_document(struct kw_desk *desk, const void *document, size_t length, const char **id,
                            struct kw_survey_decision *decision, const char **rule)
{
    struct kwit_print_options options = print_options();
    struct kw_rendering *rendering = NULL;
    int code = kw_rendering_begin(desk->context, document, length, &options, NULL, &rendering, &desk->error);
    *id = code == 0 ? kw_arena_string(desk->arena, rendering->sale->id) : NULL;
    kw_rendering_end(rendering);
    if (code == 0)
        code = try_document(desk, document, length, 0, decision, rule);
    return code;
}

int kwit_survey_explain(kwit_context *context, const char *sale_id, const void *document, size_t length,
                        kwit_result **result)
{
    struct kw_desk desk;
    struct kw_survey_decision decision = { 0 };
    struct kw_touchpoint touchpoint;
    const char *rule = NULL;
    int64_t sale;
    int code = kw_desk_open(context, KW_DESK_READ, &desk, result);
    if (code == KWIT_E_NOT_FOUND && document)
        code = 0;
    if (code == 0 && document)
        code = explain_document(&desk, document, length, &sale_id, &decision, &rule);
    if (code < 0)
        return kw_desk_close(&desk, code);
    code = desk.journal ? kw_touchpoint_find(desk.journal, sale_id, &sale, &desk.error) : KWIT_E_NOT_FOUND;
    if (code == 0)
        code = kw_touchpoint_get(desk.journal, sale, &touchpoint, &desk.error);
    if (code == 0)
        tell_decision(&desk, true, touchpoint.reason, touchpoint.drawn, touchpoint.p_bp, touchpoint.u,
                      touchpoint.variant, rule);
    else if (code == KWIT_E_NOT_FOUND && document) {
        tell_decision(&desk, false, decision.reason, decision.drawn, decision.p_bp, decision.u, decision.variant, rule);
        code = 0;
    }
    return kw_desk_close(&desk, code);
}
