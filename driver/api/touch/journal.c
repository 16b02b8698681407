/* journal.c - journal verify, merge, erase, migrate. */
#include "api/touch/store.h"
#include "journal/answers.h"
#include "journal/backup.h"
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

static int read_head(struct kw_touch *call, const char *expect, int64_t *n, const char **hex)
{
    char *end;
    *n = expect ? strtoll(expect, &end, 10) : 0;
    *hex = "";
    if (!expect)
        return 0;
    *hex = *end == '-' ? end + 1 : "";
    if (*n <= 0 || strlen(*hex) < 8 || strspn(*hex, "0123456789abcdef") != strlen(*hex))
        return kw_fail(&call->error, KWIT_E_USAGE, "--expect",
                       "a head is a number, a hyphen and 16 hex digits, as reports show it");
    return 0;
}

static void tell_head(struct kw_touch *call, struct kw_json *json, const struct kw_ledger_check *check, bool expected)
{
    char hex[17];
    for (int i = 0; i < 8; i++)
        snprintf(hex + 2 * i, 3, "%02x", check->head[i]);
    kw_json_object(json, "head");
    kw_json_integer(json, "n", check->head_n);
    kw_json_string(json, "hash", hex);
    kw_json_end_object(json);
    kw_buffer_format(&call->result->text, "head %lld-%s\n", (long long)check->head_n, hex);
    if (!expected)
        kw_buffer_text(&call->result->text,
                       "Without a head that was noted elsewhere nothing is known about the newest end.\n");
    else if (check->compared && check->finding_count == 0)
        kw_buffer_text(&call->result->text, "The noted head stands in the chain.\n");
}

static void tell_findings(struct kw_touch *call, struct kw_json *json, const struct kw_ledger_check *check)
{
    struct kw_buffer *text = &call->result->text;
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

static void tell_check(struct kw_touch *call, const struct kw_ledger_check *check, bool expected)
{
    struct kw_json json;
    begin(&json, call->result);
    kw_json_bool(&json, "whole", check->finding_count == 0);
    kw_json_integer(&json, "events", check->events);
    kw_json_integer(&json, "sales", check->touchpoints);
    kw_json_integer(&json, "merged_sales", check->merged);
    kw_json_integer(&json, "pruned_up_to", check->from_n);
    kw_json_bool(&json, "head_compared", expected && check->compared);
    kw_json_integer(&json, "wrong", check->finding_count);
    tell_findings(call, &json, check);
    tell_head(call, &json, check, expected);
    kw_json_end_object(&json);
    kw_result_finish(call->result, check->finding_count ? KWIT_E_STATE_DAMAGED : 0);
}

int kwit_journal_verify(kwit_context *context, const struct kwit_verify_options *options, kwit_result **result)
{
    struct kw_touch call;
    struct kw_ledger_check check;
    static const struct kwit_verify_options defaults;
    options = options ? options : &defaults;
    struct kw_ledger_look look = { .progress = options->progress, .progress_data = options->progress_data };
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    if (code == 0)
        code = read_head(&call, options->expect, &look.expect_n, &look.expect_hex);
    if (code == 0)
        code = kw_ledger_verify(call.journal, &look, &check, &call.error);
    if (code == 0)
        tell_check(&call, &check, options->expect != NULL);
    return kw_touch_close(&call, code);
}

/* ---- merge, erase, migrate ---------------------------------------------------------------------------------- */

static int merge_file(struct kw_touch *call, const char *file, struct kw_json *json)
{
    struct kw_journal_options options = { .path = file, .read_only = true, .untouched = true };
    struct kw_journal *other = NULL;
    struct kw_ledger_merged merged;
    int code = kw_journal_open(&options, &other, &call->error);
    if (code == 0)
        code = kw_ledger_merge(call->journal, other, &call->days, &merged, &call->error);
    kw_journal_close(other);
    if (code < 0)
        return code;
    kw_json_object(json, NULL);
    kw_json_string(json, "file", file);
    kw_json_integer(json, "events", merged.events);
    kw_json_integer(json, "sales", merged.sales);
    kw_json_integer(json, "answers", merged.answers);
    kw_json_end_object(json);
    kw_buffer_format(&call->result->text, "%s: %lld new events, %lld sales, %lld answers\n", file,
                     (long long)merged.events, (long long)merged.sales, (long long)merged.answers);
    return 0;
}

/* Whose voids and refunds came with a later file than their sales. */
static int settle_file(struct kw_touch *call, const char *file)
{
    struct kw_journal_options options = { .path = file, .read_only = true, .untouched = true };
    struct kw_journal *other = NULL;
    int code = kw_journal_open(&options, &other, &call->error);
    if (code == 0)
        code = kw_ledger_settle(call->journal, other, &call->error);
    kw_journal_close(other);
    return code;
}

int kwit_journal_merge(kwit_context *context, const char *const *files, size_t count, kwit_result **result)
{
    struct kw_touch call;
    struct kw_json json;
    int64_t rejudged = 0, expired;
    int code = kw_touch_open(context, KW_TOUCH_CREATE, &call, result);
    begin(&json, call.result);
    kw_json_array(&json, "merged");
    for (size_t i = 0; code == 0 && i < count; i++)
        code = merge_file(&call, files[i], &json);
    kw_json_end_array(&json);
    for (size_t i = 0; code == 0 && i + 1 < count; i++)
        code = settle_file(&call, files[i]);
    if (code == 0)
        code = kw_answers_rejudge(call.journal, &call.days, &rejudged, &call.error);
    if (code == 0)
        code = kw_touch_expire(&call, &expired);
    kw_json_integer(&json, "rejudged", rejudged);
    kw_json_end_object(&json);
    if (code == 0 && rejudged)
        kw_buffer_format(&call.result->text, "%lld answers found their sale\n", (long long)rejudged);
    if (code == 0)
        code = kw_touch_retain(&call);
    return kw_touch_close(&call, code);
}

static void tell_count(struct kw_touch *call, const char *name, int64_t count, const char *sentence)
{
    struct kw_json json;
    begin(&json, call->result);
    kw_json_integer(&json, name, count);
    kw_json_end_object(&json);
    kw_buffer_format(&call->result->text, "%lld %s\n", (long long)count, sentence);
}

int kwit_journal_erase(kwit_context *context, const struct kwit_sale_name *sale, kwit_result **result)
{
    struct kw_touch call;
    int64_t found;
    bool lost = false;
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0)
        code = kw_touch_find_sale(&call, sale, &found);
    if (code == 0)
        code = kw_ledger_erase(call.journal, found, &lost, &call.error);
    if (code == 0)
        tell_count(&call, "erased", 1,
                   "sale: its id, document, comment and exact times are gone; printing it again is still a duplicate");
    if (code == 0 && lost)
        kw_buffer_text(&call.result->text, "warning: the key for what is erased was lost and a new one was made; what"
                                           " was erased before would print again\n");
    return kw_touch_close(&call, code);
}

enum copy { OF_JOURNAL, OF_STORE, FOR_OFFICE };

/* What only a database's own program copies is not half copied here. */
static int check_store(struct kw_touch *call, const char *file)
{
    const char *place = kw_store_place(&call->config);
    return !place ? 0 : kw_fail(&call->error, KWIT_E_UNSUPPORTED, "[office] store", "PostgreSQL copies itself: pg_dump"
                                " --format=custom --schema=kwit --file='%s' --dbname='%s'", file,
                                strstr(place, "password") ? "…" : place);
}

static int copy_journal(kwit_context *context, const char *file, enum copy copy, const char *what,
                        kwit_result **result)
{
    struct kw_touch call;
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0 && copy == OF_STORE)
        code = check_store(&call, file);
    if (code == 0)
        code = kw_journal_backup(call.journal, file, copy == FOR_OFFICE, &call.error);
    if (code == 0) {
        struct kw_json json;
        begin(&json, call.result);
        kw_json_string(&json, "file", file);
        kw_json_end_object(&json);
        kw_buffer_format(&call.result->text, "%s %s %s\n", file, what, kw_journal_path(call.journal));
        kw_result_finish(call.result, 0);
    }
    return kw_touch_close(&call, code);
}

int kwit_journal_backup(kwit_context *context, const char *file, kwit_result **result)
{
    return copy_journal(context, file, OF_JOURNAL, "is a whole copy of", result);
}

int kwit_office_backup(kwit_context *context, const char *file, kwit_result **result)
{
    return copy_journal(context, file, OF_STORE, "is a whole copy of", result);
}

int kwit_journal_export_office(kwit_context *context, const char *file, kwit_result **result)
{
    return copy_journal(context, file, FOR_OFFICE, "is for kwit journal merge: all that it takes, and no document, of",
                        result);
}

int kwit_journal_migrate(kwit_context *context, kwit_result **result)
{
    struct kw_touch call;
    int version = 0;
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0)
        code = kw_ledger_version(call.journal, &version, &call.error);
    if (code == 0)
        tell_count(&call, "version", version, "is the journal's version, the newest that this kwit knows");
    return kw_touch_close(&call, code);
}
