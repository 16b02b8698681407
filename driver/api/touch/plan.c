/* plan.c - survey plan: what a configuration does to a day of sales, and how long an experiment takes. */
#include "api/touch/touch.h"
#include "api/invite.h"
#include "report/spending.h"
#include "report/stats.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BASIS_POINTS = 10000, DAYS_A_MONTH = 30, MINIMUM_DAYS = 28, WARN_DAYS = 180, USUAL_SALES = 300 };

/* A customer who was invited in the plan, and until when that counts. */
struct guest {
    const char *loyalty_id;
    int64_t until_day;
};

struct plan {
    const struct kwit_plan_options *options;
    struct kw_notes warnings;       /* of the documents; nobody reads them */
    int64_t sales, invited, reasons[KW_SUPPRESSION_LIMIT], faulty, first_fault;      /* first_fault: its line */
    int64_t day, invited_of_day;    /* as the cap counts: days stand together in the file */
    struct guest *guests;
    size_t guest_count, guest_capacity;
    int least_rate_bp;
};

/* What min_per_month makes of the rate in a shop with that many sales a day. */
static int least_rate_bp(const struct kw_config_survey *survey, double sales_a_day)
{
    double share = sales_a_day > 0 ? survey->min_per_month / (sales_a_day * MINIMUM_DAYS) : 0;
    return share >= 1 ? BASIS_POINTS : (int)(share * BASIS_POINTS);
}

static bool rests(const struct plan *plan, const struct kw_rendering *rendering)
{
    const char *customer = rendering->sale->customer.loyalty_id;
    for (size_t i = 0; customer && i < plan->guest_count; i++)
        if (plan->guests[i].until_day > rendering->day && strcmp(plan->guests[i].loyalty_id, customer) == 0)
            return true;
    return false;
}

/* What an invitation changes for the sales after it. */
static int remember(struct kw_touch *call, struct plan *plan, const struct kw_rendering *rendering)
{
    const char *customer = rendering->sale->customer.loyalty_id;
    plan->invited_of_day++;
    if (!customer || call->config.survey.cooldown_days == 0)
        return 0;
    struct guest *guests = kw_arena_grow(call->arena, plan->guests, plan->guest_count, &plan->guest_capacity,
                                         sizeof *guests);
    const char *kept = kw_arena_string(call->arena, customer);
    if (!guests || !kept)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    plan->guests = guests;
    guests[plan->guest_count++] = (struct guest){ kept, rendering->day + call->config.survey.cooldown_days };
    return 0;
}

/* One document through the real decision, with the sample's key and a number of its own. */
static int try_document(struct kw_touch *call, struct plan *plan, const char *document, size_t length)
{
    static const struct kwit_print_options options = { .printer = NULL };
    const struct kw_config_survey *survey = &call->config.survey;
    struct kw_rendering *rendering = NULL;
    struct kw_invitation invitation;
    struct kw_terminal_key key;
    kw_key_sample(&key);
    struct kw_render_choice choice = { .test = true, .key = &key,
                                       .seq = 1 + (uint32_t)(plan->sales % (KW_SEQ_LIMIT - 1)),
                                       .least_rate_bp = plan->least_rate_bp };
    int code = kw_rendering_begin(&call->config, &plan->warnings, document, length, &options, &rendering,
                                  &call->error);
    if (code == 0) {
        plan->invited_of_day = rendering->day == plan->day ? plan->invited_of_day : 0;
        plan->day = rendering->day;
        choice.over_cap = survey->daily_cap > 0 && plan->invited_of_day >= survey->daily_cap;
        choice.in_cooldown = survey->cooldown_days > 0 && rests(plan, rendering);
        code = kw_invite(rendering, &options, &choice, &invitation, &call->error);
    }
    if (code == 0) {
        plan->sales++;
        plan->invited += rendering->decision.invited;
        plan->reasons[rendering->decision.reason]++;
    }
    if (code == 0 && rendering->decision.invited)
        code = remember(call, plan, rendering);
    kw_rendering_end(rendering);
    return code;
}

static int count_documents(struct kw_touch *call, struct plan *plan)
{
    const char *at = plan->options->documents, *end = at + plan->options->documents_length;
    for (int64_t number = 1; at < end; number++) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop ? stop : end) - at);
        bool blank = strspn(at, " \t\r") >= length;
        int code = blank ? 0 : try_document(call, plan, at, length);
        if (code == KWIT_E_CONFIG || code == KWIT_E_NO_MEMORY)
            return code;
        if (code < 0 && plan->faulty++ == 0)
            plan->first_fault = number;
        at += length + (stop != NULL);
    }
    return 0;
}

static void tell_documents(struct kw_touch *call, struct kw_json *json, const struct plan *plan)
{
    struct kw_buffer *text = &call->result->text;
    kw_buffer_format(text, "of %lld sales %lld would be invited, as the draw fell here\n", (long long)plan->sales,
                     (long long)plan->invited);
    kw_json_integer(json, "sales", plan->sales);
    kw_json_integer(json, "invited", plan->invited);
    kw_json_integer(json, "faulty", plan->faulty);
    kw_json_object(json, "suppressed");
    for (enum kw_suppression reason = 1; reason < KW_SUPPRESSION_LIMIT; reason++) {
        kw_json_integer(json, kw_suppression_word(reason), plan->reasons[reason]);
        if (plan->reasons[reason])
            kw_buffer_format(text, "%9lld %s\n", (long long)plan->reasons[reason], kw_suppression_word(reason));
    }
    kw_json_end_object(json);
    if (plan->faulty)
        kw_buffer_format(text, "%9lld lines are no sale documents, first line %lld; one sale is one line of JSON\n",
                         (long long)plan->faulty, (long long)plan->first_fault);
}

struct forecast {
    double sales, eligible, invitations;    /* a day; eligible: those that a higher rate would invite */
    double rate, lift;                      /* of answers, and the difference looked for */
};

static void tell_month(struct kw_touch *call, struct kw_json *json, const struct forecast *forecast)
{
    double answers = forecast->invitations * forecast->rate * DAYS_A_MONTH;
    kw_buffer_format(&call->result->text, "%.0f invitations a day; at %.2f %% answered about %.0f answers a month\n",
                     forecast->invitations, 100 * forecast->rate, answers);
    kw_json_number(json, "invitations_a_day", forecast->invitations, 1);
    kw_json_number(json, "answers_a_month", answers, 1);
}

/* The rate that brings so many answers a month from so many sales that may be invited at all. */
static void tell_target(struct kw_touch *call, struct kw_json *json, long long wanted, const struct forecast *forecast)
{
    double most = forecast->eligible * DAYS_A_MONTH * forecast->rate;
    double share = most > 0 ? (double)wanted / most : INFINITY;
    struct kw_buffer *text = &call->result->text;
    if (share > 1)
        kw_buffer_format(text, "%lld answers a month are more than these sales bring, even at rate = 100%%\n", wanted);
    else
        kw_buffer_format(text, "for %lld answers a month: rate = %.2f%%\n", wanted, ceil(BASIS_POINTS * share) / 100);
    double invitations = (double)wanted / (DAYS_A_MONTH * forecast->rate);
    if (share <= 1 && call->config.survey.daily_cap > 0 && invitations > call->config.survey.daily_cap)
        kw_buffer_format(text, "and daily_cap = %.0f at least, or none\n", ceil(invitations));
    kw_json_integer(json, "rate_bp_for_target", share > 1 ? BASIS_POINTS : (int64_t)ceil(BASIS_POINTS * share));
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

/* What it costs to be allowed to look every day. Beyond two months of looks the price hardly grows. */
static void tell_looks(struct kw_touch *call, struct kw_json *json, int64_t n, double days)
{
    enum { MOST_LOOKS = 60 };
    double price;
    const bool daily = call->config.survey.looks == KW_LOOKS_DAILY;
    if (!kw_spending_price(days < MOST_LOOKS ? (size_t)ceil(days) : MOST_LOOKS, 0.05, &price))
        return;
    kw_buffer_format(&call->result->text, daily
        ? "looks = daily: for the same power plan %lld, %.1f %% more; a difference may end it any day\n"
        : "looks = daily may end it any day, and costs %lld invitations of each arm instead, %.1f %% more\n",
        (long long)ceil(price * (double)n), 100 * (price - 1));
    kw_json_integer(json, "n_per_arm_daily_looks", (int64_t)ceil(price * (double)n));
    kw_json_number(json, "price_of_daily_looks", price - 1, 4);
}

static void tell_experiment(struct kw_touch *call, struct kw_json *json, const struct forecast *forecast)
{
    double rate = forecast->rate, other = rate * (1 + forecast->lift);
    int64_t n = kw_sample_size(rate, other);
    const struct kw_config_survey *survey = &call->config.survey;
    int64_t planned = survey->planned_n > 0 ? survey->planned_n : n;
    double days = (double)planned / (forecast->invitations * smallest_share(survey));
    struct kw_buffer *text = &call->result->text;
    kw_buffer_format(text,
                     "to tell %.2f %% from %.2f %% (two-sided 5 %%, power 80 %%) each arm needs %lld invitations\n",
                     100 * rate, 100 * other, (long long)n);
    kw_buffer_format(text, "that takes %.0f days, and %d more until the last invitation has expired\n", ceil(days),
                     survey->expires_days);
    if (days > WARN_DAYS)
        kw_buffer_format(text, "more than %d days: try a larger difference, more shops, or no experiment\n", WARN_DAYS);
    if (survey->planned_n > 0 && survey->planned_n < n)
        kw_buffer_format(text, "planned_n = %d is less than that: a difference of this size would often be missed\n",
                         survey->planned_n);
    if (survey->planned_n == 0 && survey->variant_count > 1)
        kw_buffer_format(text, "[survey] has no planned_n; without it the report gives no verdict: planned_n = %lld\n",
                         (long long)n);
    kw_json_object(json, "experiment");
    kw_json_integer(json, "n_per_arm", n);
    tell_looks(call, json, n, days);
    kw_json_integer(json, "planned_n", survey->planned_n);
    kw_json_number(json, "days", ceil(days), 0);
    kw_json_bool(json, "over_180_days", days > WARN_DAYS);
    kw_json_end_object(json);
}

static struct forecast foresee(const struct kw_touch *call, const struct plan *plan)
{
    const struct kw_config_survey *survey = &call->config.survey;
    const struct kwit_plan_options *o = plan->options;
    struct forecast out = { .rate = o->answer_rate > 0 ? o->answer_rate : 0.01, .lift = o->lift > 0 ? o->lift : 0.2,
                            .sales = o->sales_a_day > 0 ? (double)o->sales_a_day : USUAL_SALES };
    int rate_bp = plan->least_rate_bp > survey->rate_bp ? plan->least_rate_bp : survey->rate_bp;
    out.eligible = out.sales;
    out.invitations = out.sales * rate_bp / BASIS_POINTS;
    if (survey->daily_cap > 0 && out.invitations > survey->daily_cap)
        out.invitations = survey->daily_cap;
    if (plan->sales > 0) {
        int64_t open = plan->reasons[KW_SUPPRESSED_SAMPLED_OUT] + plan->reasons[KW_SUPPRESSED_DAILY_CAP];
        double counted = (double)plan->sales;
        out.sales = o->sales_a_day > 0 ? (double)o->sales_a_day : counted;
        out.eligible = out.sales * (double)(plan->invited + open) / counted;
        out.invitations = out.sales * (double)plan->invited / counted;
    }
    return out;
}

/* The documents' own number says how large the shop is, unless the call does. */
static double sales_a_day(const struct kwit_plan_options *o)
{
    int64_t lines = 0;
    for (size_t i = 0; i < o->documents_length; i++)
        lines += o->documents[i] == '\n';
    return o->sales_a_day > 0 ? (double)o->sales_a_day : lines > 0 ? (double)lines : USUAL_SALES;
}

static void tell_state(struct kw_touch *call)
{
    const struct kw_config_survey *survey = &call->config.survey;
    if (!survey->configured)
        kw_buffer_text(&call->result->text, "[survey] names no url, so nobody is invited yet; counted as if it did\n");
    else if (survey->fault)
        kw_buffer_format(&call->result->text, "[survey] is at fault, so nobody is invited: %s\n", survey->fault);
}

static int run_plan(struct kw_touch *call, struct plan *plan)
{
    struct kw_json json;
    const struct kwit_plan_options *o = plan->options;
    plan->least_rate_bp = least_rate_bp(&call->config.survey, sales_a_day(o));
    kw_notes_init(&plan->warnings, call->arena);
    int code = o->documents ? count_documents(call, plan) : 0;
    if (code < 0)
        return code;
    struct forecast forecast = foresee(call, plan);
    if (forecast.rate >= 1 || forecast.rate * (1 + forecast.lift) >= 1)
        return kw_fail(&call->error, KWIT_E_USAGE, "plan",
                       "--rate and --lift are percentages; both arms stay below 100 %%");
    tell_state(call);
    kw_json_init(&json, &call->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    if (o->documents)
        tell_documents(call, &json, plan);
    tell_month(call, &json, &forecast);
    if (o->answers_a_month > 0)
        tell_target(call, &json, o->answers_a_month, &forecast);
    if (forecast.invitations > 0)
        tell_experiment(call, &json, &forecast);
    kw_json_end_object(&json);
    return 0;
}

int kwit_survey_plan(kwit_context *context, const struct kwit_plan_options *options, kwit_result **result)
{
    static const struct kwit_plan_options defaults;
    struct kw_touch call;
    struct plan plan = { .options = options ? options : &defaults };
    int code = kw_touch_open(context, KW_TOUCH_STATE, &call, result);
    return kw_touch_close(&call, code < 0 ? code : run_plan(&call, &plan));
}
