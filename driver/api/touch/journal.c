/* journal.c - journal verify, merge, prune, erase, migrate. */
#include "api/touch/desk.h"
#include "journal/answers.h"
#include "journal/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void begin(struct kw_json *json, kwit_result *result)
{
    kw_json_init(json, &result->json);
    kw_json_object(json, NULL);
    kw_json_integer(json, "kwit", 1);
}

/* ---- verify ------------------------------------------------------------------------------------------------- */

static int read_head(struct kw_desk *desk, const char *expect, int64_t *n, const char **hex)
{
    char *end;
    *n = expect ? strtoll(expect, &end, 10) : 0;
    *hex = "";
    if (!expect)
        return 0;
    *hex = *end == '-' ? end + 1 : "";
    if (*n <= 0 || strlen(*hex) < 8 || strspn(*hex, "0123456789abcdef") != strlen(*hex))
        return kw_fail(&desk->error, KWIT_E_USAGE, "--expect",
                       "a head is a number, a hyphen and 16 hex digits, as reports show it");
    return 0;
}

static void tell_head(struct kw_desk *desk, struct kw_json *json, const struct kw_ledger_check *check, bool expected)
{
    char hex[17];
    for (int i = 0; i < 8; i++)
        snprintf(hex + 2 * i, 3, "%02x", check->head[i]);
    kw_json_object(json, "head");
    kw_json_integer(json, "n", check->head_n);
    kw_json_string(json, "hash", hex);
    kw_json_end_object(json);
    kw_buffer_format(&desk->result->text, "head %lld-%s\n", (long long)check->head_n, hex);
    if (!expected)
        kw_buffer_text(&desk->result->text,
                       "Without a head that was noted elsewhere nothing is known about the newest end.\n");
    else if (check->compared && check->finding_count == 0)
        kw_buffer_text(&desk->result->text, "The noted head stands in the chain.\n");
}

static void tell_findings(struct kw_desk *desk, struct kw_json *json, const struct kw_ledger_check *check)
{
    struct kw_buffer *text = &desk->result->text;
    kw_json_array(json, "findings");
    for (int i = 0; i < KW_FINDINGS && i < check->finding_count; i++) {
        const struct kw_finding *finding = &check->findings[i];
        kw_json_object(json, NULL);
        kw_json_integer(json, "event", finding->n);
        kw_json_string(json, "what", finding->what);
        kw_json_end_object(json);
        kw_buffer_format(text, "changed at event %lld: %s\n", (long long)finding->n, finding->what);
    }
    kw_json_end_array(json);
    if (check->finding_count > KW_FINDINGS)
        kw_buffer_format(text, "… and %lld more\n", (long long)check->finding_count - KW_FINDINGS);
    if (check->finding_count == 0)
        kw_buffer_format(text, "whole: %lld events, %lld sales of this journal, %lld merged\n",
                         (long long)check->events, (long long)check->touchpoints, (long long)check->merged);
}

static void tell_check(struct kw_desk *desk, const struct kw_ledger_check *check, bool expected)
{
    struct kw_json json;
    begin(&json, desk->result);
    kw_json_bool(&json, "whole", check->finding_count == 0);
    kw_json_integer(&json, "events", check->events);
    kw_json_integer(&json, "sales", check->touchpoints);
    kw_json_integer(&json, "merged_sales", check->merged);
    kw_json_integer(&json, "pruned_up_to", check->from_n);
    kw_json_bool(&json, "head_compared", expected && check->compared);
    kw_json_integer(&json, "wrong", check->finding_count);
    tell_findings(desk, &json, check);
    tell_head(desk, &json, check, expected);
    kw_json_end_object(&json);
    kw_result_finish(desk->result, check->finding_count ? KWIT_E_STATE_DAMAGED : 0);
}

int kwit_journal_verify(kwit_context *context, const struct kwit_verify_options *options, kwit_result **result)
{
    struct kw_desk desk;
    struct kw_ledger_check check;
    static const struct kwit_verify_options defaults;
    options = options ? options : &defaults;
    struct kw_ledger_look look = { .progress = options->progress, .progress_data = options->progress_data };
    int code = kw_desk_open(context, KW_DESK_READ, &desk, result);
    if (code == 0)
        code = read_head(&desk, options->expect, &look.expect_n, &look.expect_hex);
    if (code == 0)
        code = kw_ledger_verify(desk.journal, &look, &check, &desk.error);
    if (code == 0)
        tell_check(&desk, &check, options->expect != NULL);
    return kw_desk_close(&desk, code);
}

/* ---- merge, prune, erase, migrate --------------------------------------------------------------------------- */

static int merge_file(struct kw_desk *desk, const char *file, struct kw_json *json)
{
    struct kw_journal_options options = { .path = file, .read_only = true, .untouched = true };
    struct kw_journal *other = NULL;
    struct kw_ledger_merged merged;
    int code = kw_journal_open(&options, &other, &desk->error);
    if (code == 0)
        code = kw_ledger_merge(desk->journal, other, &desk->days, &merged, &desk->error);
    kw_journal_close(other);
    if (code < 0)
        return code;
    kw_json_object(json, NULL);
    kw_json_string(json, "file", file);
    kw_json_integer(json, "events", merged.events);
    kw_json_integer(json, "sales", merged.sales);
    kw_json_integer(json, "answers", merged.answers);
    kw_json_end_object(json);
    kw_buffer_format(&desk->result->text, "%s: %lld new events, %lld sales, %lld answers\n", file,
                     (long long)merged.events, (long long)merged.sales, (long long)merged.answers);
    return 0;
}

int kwit_journal_merge(kwit_context *context, const char *const *files, size_t count, kwit_result **result)
{
    struct kw_desk desk;
    struct kw_json json;
    int64_t rejudged = 0, expired;
    int code = kw_desk_open(context, KW_DESK_CREATE, &desk, result);
    begin(&json, desk.result);
    kw_json_array(&json, "merged");
    for (size_t i = 0; code == 0 && i < count; i++)
        code = merge_file(&desk, files[i], &json);
    kw_json_end_array(&json);
    if (code == 0)
        code = kw_answers_rejudge(desk.journal, &desk.days, &rejudged, &desk.error);
    if (code == 0)
        code = kw_desk_expire(&desk, &expired);
    kw_json_integer(&json, "rejudged", rejudged);
    kw_json_end_object(&json);
    if (code == 0 && rejudged)
        kw_buffer_format(&desk.result->text, "%lld answers found their sale\n", (long long)rejudged);
    return kw_desk_close(&desk, code);
}

static void tell_count(struct kw_desk *desk, const char *name, int64_t count, const char *sentence)
{
    struct kw_json json;
    begin(&json, desk->result);
    kw_json_integer(&json, name, count);
    kw_json_end_object(&json);
    kw_buffer_format(&desk->result->text, "%lld %s\n", (long long)count, sentence);
}

/* Up to which day: asked for, or what keep_days says as far as nothing of it can still be answered. */
static int choose_prune_day(struct kw_desk *desk, const struct kwit_prune_options *options, int64_t *day)
{
    const int keep = desk->config.journal.keep_days;
    int64_t open_day = 0, today = kw_desk_today(desk);
    char text[16];
    if (options->before && !kw_desk_day_parse(options->before, day))
        return kw_fail(&desk->error, KWIT_E_USAGE, "--before", "a day is written 2026-11-22");
    if (!options->before && keep == 0)
        return kw_fail(&desk->error, KWIT_E_USAGE, "prune",
                       "say --before DAY, or set keep_days in [journal]: now everything is kept");
    int code = kw_ledger_first_open_day(desk->journal, today, &open_day, &desk->error);
    if (!options->before)
        *day = today - keep < open_day ? today - keep : open_day;
    if (code < 0 || options->force || *day <= open_day)
        return code;
    kw_desk_day_text(open_day, text);
    return kw_fail(&desk->error, KWIT_E_CONFLICT, "--before",
                   "invitations of %s can still be answered, or that day is not over; say --before %s, or --force: then"
                   " their answers find no sale", text, text);
}

int kwit_journal_prune(kwit_context *context, const struct kwit_prune_options *options, kwit_result **result)
{
    struct kw_desk desk;
    static const struct kwit_prune_options defaults;
    int64_t day, expired, pruned = 0;
    int code = kw_desk_open(context, KW_DESK_WRITE, &desk, result);
    if (code == 0)
        code = choose_prune_day(&desk, options ? options : &defaults, &day);
    if (code == 0)
        code = kw_desk_expire(&desk, &expired);
    if (code == 0)
        code = kw_ledger_prune(desk.journal, day, &pruned, &desk.error);
    if (code == 0)
        tell_count(&desk, "sales", pruned,
                   "sales and their answers are gone; token sequences stay, and a checkpoint keeps the chain whole");
    return kw_desk_close(&desk, code);
}

int kwit_journal_erase(kwit_context *context, const struct kwit_sale_name *sale, kwit_result **result)
{
    struct kw_desk desk;
    int64_t found;
    int code = kw_desk_open(context, KW_DESK_WRITE, &desk, result);
    if (code == 0)
        code = kw_desk_find_sale(&desk, sale, &found);
    if (code == 0)
        code = kw_ledger_erase(desk.journal, found, &desk.error);
    if (code == 0)
        tell_count(&desk, "erased", 1,
                   "sale: its id, document and comment are gone; printing it again is still a duplicate");
    return kw_desk_close(&desk, code);
}

int kwit_journal_migrate(kwit_context *context, kwit_result **result)
{
    struct kw_desk desk;
    int version = 0;
    int code = kw_desk_open(context, KW_DESK_WRITE, &desk, result);
    if (code == 0)
        code = kw_ledger_version(desk.journal, &version, &desk.error);
    if (code == 0)
        tell_count(&desk, "version", version, "is the journal's version, the newest that this kwit knows");
    return kw_desk_close(&desk, code);
}
