/* report.c - report and report alerts: the journal's counts on a page. */
#include "api/touch/behind.h"
#include "api/touch/viewer.h"
#include "base/clock.h"
#include "report/report.h"
#include "report/words.h"

#include <stdlib.h>
#include <string.h>

enum { REPORT_CEILING = 1024 * 1024 * 1024, NAMES = 64 * 1024 };

static int read_days(struct kw_touch *call, const struct kwit_report_options *options, struct kw_report_options *out)
{
    out->from_day = INT32_MIN;
    out->to_day = INT32_MAX;
    int code = kw_touch_read_day(call, "--from", options->from, &out->from_day);
    if (code == 0)
        code = kw_touch_read_day(call, "--to", options->to, &out->to_day);
    if (code == 0)
        code = kw_touch_read_day(call, "--today", options->today, &out->today);
    if (code == 0)
        code = kw_touch_read_day(call, "--answers-until", options->answers_until, &out->answers_until);
    if (code < 0)
        return code;
    if (out->from_day > out->to_day)
        return kw_fail(&call->error, KWIT_E_USAGE, "report", "--from %s is after --to %s", options->from, options->to);
    return 0;
}

/* The shop's own questions, in the report's language. */
static int ask_own(struct kw_touch *call, const struct kwit_report_options *options, struct kw_report_options *out)
{
    const struct kw_config *config = &call->config;
    const char *html = options->format && strcmp(options->format, "html") == 0 ? config->store.locale : NULL,
               *language = options->language ? options->language : html ? html : "en";
    struct kw_own_asked *asked = kw_arena_array(call->arena, config->question_count + 1, sizeof *asked);
    if (!asked)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    out->own = asked;
    for (size_t i = 0; i < config->question_count; i++) {
        const struct kw_config_question *question = &config->questions[i];
        if (question->high > 0)
            asked[out->own_count++] = (struct kw_own_asked){
                question->name, kw_config_question_text(question, language), question->low, question->high };
    }
    return 0;
}

static int read_goal(struct kw_touch *call, const char *goal, struct kw_report_options *out)
{
    char *end;
    if (!goal || !goal[0])
        return 0;
    long value = strtol(goal, &end, 10);
    if (end == goal || *end || value < -100 || value > 100)
        return kw_fail(&call->error, KWIT_E_CONFIG, "[survey] goal", "`%s` is no whole number from -100 to 100", goal);
    out->has_goal = true;
    out->goal = (int)value;
    return 0;
}

static size_t count_of(const char *const *list)
{
    size_t count = 0;
    while (list && list[count])
        count++;
    return count;
}

/* What happened, and what customers were told of it on their receipts: both may show in the weeks that follow. */
static const char *const *marked_events(struct kw_touch *call)
{
    const struct kw_config_survey *survey = &call->config.survey;
    size_t events = count_of(survey->events), news = count_of(survey->news);
    const char **all = news ? kw_arena_array(call->arena, events + news + 1, sizeof *all) : NULL;
    for (size_t i = 0; all && i < events + news; i++)
        all[i] = i < events ? survey->events[i] : survey->news[i - events];
    return all ? all : survey->events;
}

static int gather_options(struct kw_touch *call, const struct kwit_report_options *options,
                          struct kw_report_options *out)
{
    const struct kw_config_survey *survey = &call->config.survey;
    *out = (struct kw_report_options){ .today = kw_touch_today(call),
                                       .now_ms = kw_clock_wall_ms(),
                                       .sales_total = options->sales_total,
                                       .days = &call->days,
                                       .shop = call->config.store.name,
                                       .planned_n = options->planned_n,
                                       .shared = options->shared != 0,
                                       .events = marked_events(call),
                                       .campaign = survey->campaign,
                                       .variant_names = survey->variant_names,
                                       .variant_count = survey->variant_count };
    int code = read_goal(call, survey->goal, out);
    if (code == 0)
        code = read_days(call, options, out);
    return code < 0 ? code : ask_own(call, options, out);
}

static int write_form(struct kw_touch *call, const struct kw_report *report, const struct kwit_report_options *options)
{
    struct kw_buffer *text = &call->result->text;
    const char *format = options->format ? options->format : "text";
    if (strcmp(format, "csv") == 0)
        kw_report_csv(report, text);
    else if (strcmp(format, "html") == 0)
        kw_report_html(report, options->language ? options->language : call->config.store.locale, text);
    else
        kw_report_text(report, options->language, text);
    kw_report_json(report, &call->result->json);
    if (text->failed || call->result->json.failed)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    return 0;
}

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words && word && strcmp(*words, word) != 0)
        words++;
    return !word || *words;
}

static int check_words(struct kw_touch *call, const struct kwit_report_options *options)
{
    static const char *const formats[] = { "text", "csv", "html", NULL };
    static const char *const languages[] = { "en", "pl", "fr", "ru", "fa", NULL };
    if (!is_one_of(options->format, formats))
        return kw_fail(&call->error, KWIT_E_USAGE, "--format", "say text, csv or html; --json is one line of JSON");
    if (!is_one_of(options->language, languages))
        return kw_fail(&call->error, KWIT_E_USAGE, "--lang", "there is no report in %s; say en, pl, fr, ru or fa",
                       options->language);
    return 0;
}

/* The books know at least the sales that were printed. */
static int check_total(struct kw_touch *call, const struct kw_report *report)
{
    int64_t books = report->options.sales_total;
    if (books == 0 || books >= report->total.sales)
        return 0;
    return kw_fail(&call->error, KWIT_E_USAGE, "--sales-total",
                   "%lld is fewer than the %lld sales that kwit saw in these days", (long long)books,
                   (long long)report->total.sales);
}

/* Whose stores a report is of stands beside the shop's name. */
static int name_stores(struct kw_touch *call, const struct kw_viewer *viewer, struct kw_report_options *options)
{
    struct kw_buffer names;
    const char *const *const lists[] = { viewer->regions, viewer->stores };
    kw_buffer_init(&names, NAMES);
    kw_buffer_text(&names, options->shop ? options->shop : "");
    for (int i = 0; i < 2; i++)
        for (const char *const *name = lists[i]; name && *name; name++)
            kw_buffer_format(&names, "%s%s", names.length > 0 ? ", " : "", *name);
    if (names.length > 0 && !names.failed)
        options->shop = kw_arena_string(call->arena, kw_buffer_string(&names));
    const bool failed = names.failed || (names.length > 0 && !options->shop);
    kw_buffer_free(&names);
    return failed ? kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory") : 0;
}

static int choose_stores(struct kw_touch *call, const struct kw_viewer *viewer, struct kw_scope *scope,
                         struct kw_report_options *options)
{
    int code = 0;
    options->faceless = viewer->faceless;
    for (const char *const *name = viewer->regions; code == 0 && name && *name; name++)
        code = kw_scope_add_region(call, scope, *name);
    for (const char *const *name = viewer->stores; code == 0 && name && *name; name++)
        code = kw_scope_add_store(call, scope, *name);
    return code < 0 ? code : name_stores(call, viewer, options);
}

int kwit_report(kwit_context *context, const struct kwit_report_options *options, kwit_result **result)
{
    static const struct kwit_report_options defaults;
    options = options ? options : &defaults;
    const char *const store[] = { options->store, NULL }, *const region[] = { options->region, NULL };
    return kw_report_for(context, options, &(struct kw_viewer){ .stores = store, .regions = region }, result);
}

int kw_report_for(const kwit_context *context, const struct kwit_report_options *options,
                  const struct kw_viewer *viewer, kwit_result **result)
{
    struct kw_touch call;
    struct kw_report_options report_options;
    struct kw_report report;
    struct kw_store store = { 0 };
    struct kw_scope scope = { .count = 0 };
    struct kw_book book = { 0 };
    struct kw_arena *arena = kw_arena_new(REPORT_CEILING);
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    if (code == 0 && !arena)
        code = kw_fail(&call.error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0)
        code = check_words(&call, options);
    if (code == 0)
        code = gather_options(&call, options, &report_options);
    if (code == 0)
        code = choose_stores(&call, viewer, &scope, &report_options);
    if (code == 0)
        code = kw_store_open(&call, &store);
    scope.whole = store.book;
    book = kw_scope_book(&scope);
    if (code == 0)
        code = kw_behind_find(&call, &store, &scope, &report_options);
    if (code == 0)
        code = kw_report_make(&book, arena, &report_options, &report, &call.error);
    if (code == 0)
        code = check_total(&call, &report);
    if (code == 0)
        code = write_form(&call, &report, options);
    kw_arena_free(arena);
    kw_store_close(&store);
    return kw_touch_close(&call, code);
}

struct alert_list { struct kw_touch *call; struct kw_json json; int64_t count; bool csv; };

/* "2026-11-22 14:05" by the shop's clocks; out holds at least 32 bytes. */
static void local_time(const struct kw_touch *call, int64_t utc_ms, char out[32])
{
    kw_time_text_utc(utc_ms + kw_zone_offset(call->zone, utc_ms / 1000) * 1000, out);
    out[10] = ' ';
    out[16] = 0;
}

static void put_grade(struct kw_json *json, const char *name, int grade)
{
    if (grade == KW_SCORE_NONE)
        kw_json_null(json, name);
    else
        kw_json_integer(json, name, grade);
}

static void put_alert(struct kw_json *json, const struct kw_alert *alert)
{
    int64_t until_ms = alert->acknowledged_ms ? alert->acknowledged_ms : kw_clock_wall_ms();
    kw_json_object(json, NULL);
    kw_json_integer(json, "id", alert->id);
    kw_json_string(json, "kind", alert->kind);
    kw_json_time(json, "submitted_at", alert->submitted_ms);
    kw_json_string(json, "store", alert->store);
    kw_json_string(json, "till", alert->till);
    put_grade(json, "nps", alert->nps);
    put_grade(json, "csat", alert->csat);
    kw_json_string(json, "receipt", alert->receipt);
    kw_json_bool(json, "refunded", alert->refunded);
    kw_json_string(json, "comment", alert->comment);
    kw_json_time(json, "raised_at", alert->raised_ms);
    kw_json_time(json, "acknowledged_at", alert->acknowledged_ms);
    kw_json_time(json, "closed_at", alert->closed_ms);
    kw_json_integer(json, "waited_s", (until_ms - alert->raised_ms) / 1000);
    kw_json_bool(json, "acknowledged", alert->acknowledged_ms > 0);
    kw_json_bool(json, "closed", alert->closed_ms > 0);
    kw_json_string(json, "who", alert->who);
    kw_json_end_object(json);
}

static void tell_alert(const struct kw_touch *call, const struct kw_alert *alert, struct kw_buffer *text)
{
    char time[32] = "time not known";
    int64_t marked_ms = alert->closed_ms ? alert->closed_ms : alert->acknowledged_ms;
    if (alert->submitted_ms > 0)
        local_time(call, alert->submitted_ms, time);
    kw_buffer_format(text, "%5lld  %s  %-9s %s/%s", (long long)alert->id, time, alert->kind, alert->store, alert->till);
    if (alert->nps != KW_SCORE_NONE)
        kw_buffer_format(text, "  NPS %d", alert->nps);
    if (alert->csat != KW_SCORE_NONE)
        kw_buffer_format(text, "  CSAT %d", alert->csat);
    if (alert->receipt[0])
        kw_buffer_format(text, "  receipt %s", alert->receipt);
    if (alert->refunded)
        kw_buffer_text(text, "  refunded since");
    if (strcmp(alert->kind, "contact") == 0 && !alert->closed_ms)
        kw_buffer_format(text, "  kwit office contact %lld", (long long)alert->id);
    kw_buffer_text(text, alert->closed_ms ? "  closed" : alert->acknowledged_ms ? "  acknowledged" : "  open");
    if (marked_ms > 0) {
        local_time(call, marked_ms, time);
        kw_buffer_format(text, " %s%s%s", time, alert->who[0] ? " " : "", alert->who);
    }
    kw_buffer_format(text, "%s%s\n", alert->comment[0] ? "  " : "", alert->comment);
}

static int take_alert(void *data, const struct kw_alert *alert)
{
    struct alert_list *list = data;
    put_alert(&list->json, alert);
    if (list->csv)
        kw_csv_alert(&list->call->result->text, alert);
    else
        tell_alert(list->call, alert, &list->call->result->text);
    list->count++;
    return 0;
}

static int list_alerts(struct kw_touch *call, const struct kw_book *book, const struct kwit_alert_options *options)
{
    struct alert_list list = { .call = call };
    const bool all = options->all != 0;
    if (kw_touch_list_format(call, options->format, &list.csv) < 0)
        return call->error.code;
    if (list.csv)
        kw_csv_alert(&call->result->text, NULL);
    kw_json_init(&list.json, &call->result->json);
    kw_json_object(&list.json, NULL);
    kw_json_integer(&list.json, "kwit", 1);
    kw_json_array(&list.json, "alerts");
    int code = book->calls->alerts(book->store, !all, take_alert, &list, &call->error);
    kw_json_end_array(&list.json);
    kw_json_end_object(&list.json);
    if (code == 0 && list.count == 0 && !list.csv)
        kw_buffer_text(&call->result->text, all ? "no alerts\n" : "no open alerts\n");
    return code;
}

int kwit_report_alerts(kwit_context *context, const struct kwit_alert_options *options, kwit_result **result)
{
    static const struct kwit_alert_options defaults;
    struct kw_touch call;
    struct kw_store store = { 0 };
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    if (code == 0)
        code = kw_store_open(&call, &store);
    if (code == 0)
        code = list_alerts(&call, &store.book, options ? options : &defaults);
    kw_store_close(&store);
    return kw_touch_close(&call, code);
}

int kwit_report_mark(kwit_context *context, int64_t alert, const char *who, int close, kwit_result **result)
{
    struct kw_touch call;
    struct kw_json json;
    struct kw_store store = { 0 };
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0)
        code = kw_store_open(&call, &store);
    if (code == 0)
        code = store.loop.calls->mark(store.loop.store, alert, who, close != 0, &call.error);
    kw_store_close(&store);
    if (code == 0) {
        kw_json_init(&json, &call.result->json);
        kw_json_object(&json, NULL);
        kw_json_integer(&json, "kwit", 1);
        kw_json_integer(&json, "alert", alert);
        kw_json_string(&json, "state", close ? "closed" : "acknowledged");
        kw_json_end_object(&json);
        kw_buffer_format(&call.result->text, "alert %lld is %s\n", (long long)alert, close ? "closed" : "acknowledged");
    }
    return kw_touch_close(&call, code);
}
