/* journal.c - journal export, verify, merge, prune, erase, migrate. */
#include "api/desk.h"
#include "journal/answers.h"
#include "journal/ledger.h"
#include "report/words.h"
#include "survey/survey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void begin(struct kw_json *json, kwit_result *result)
{
    kw_json_init(json, &result->json);
    kw_json_object(json, NULL);
    kw_json_integer(json, "kwit", 1);
}

/* ---- export ------------------------------------------------------------------------------------------------- */

struct exporting {
    const struct kwit_export_options *options;
    struct kw_buffer line;
    char uuid[KW_JOURNAL_UUID_SIZE];
    bool csv;
    int64_t count;
};

static const char csv_header[] =
    "journal,n,day,time,offset_minutes,store,till,cashier,kind,invited,reason,class,forced,drawn,rate_bp,u,"
    "epoch,handle,seq,variant,variant_bp,test,campaign,language,channel,expires,config\r\n";

static const char event_header[] = "journal,n,sale,time,event,detail,hash\r\n";

static void put_csv_text(struct kw_buffer *out, const char *text)
{
    kw_buffer_byte(out, ',');
    kw_put_csv(out, text);
}

static void csv_line(struct kw_buffer *out, const struct kw_touchpoint *t, const char *journal)
{
    char day[16], expires[16] = "", time[32];
    kw_desk_day_text(t->day, day);
    kw_time_text_utc(t->ts_ms, time);
    if (t->expires_day > 0)
        kw_desk_day_text(t->expires_day, expires);
    kw_buffer_format(out, "%s,%lld,%s,%s,%d", journal, (long long)t->n, day, time, t->offset_minutes);
    put_csv_text(out, t->store);
    put_csv_text(out, t->till);
    put_csv_text(out, t->cashier);
    kw_buffer_format(out, ",%d,%d,%s,%s,%d,%d,%d,%lu,", t->kind, t->reason == 0, kw_suppression_word(t->reason),
                     kw_class_word(t->klass), t->forced, t->drawn, t->p_bp, (unsigned long)t->u);
    if (t->has_token)
        kw_buffer_format(out, "%u,%lu,%lu,", t->kid, (unsigned long)t->handle, (unsigned long)t->seq);
    else
        kw_buffer_text(out, ",,,");
    kw_buffer_format(out, "%u,%d,%u", t->variant, t->variant_p_bp, t->flag);
    put_csv_text(out, t->campaign);
    put_csv_text(out, t->language);
    put_csv_text(out, t->channel);
    kw_buffer_format(out, ",%s,", expires);
    for (size_t i = 0; i < sizeof t->config_digest; i++)
        kw_buffer_format(out, "%02x", t->config_digest[i]);
    kw_buffer_text(out, "\r\n");
}

static void json_token(struct kw_json *json, const struct kw_touchpoint *t)
{
    kw_json_integer(json, "epoch", t->kid);
    kw_json_integer(json, "handle", t->handle);
    kw_json_integer(json, "seq", t->seq);
}

static void json_line(struct kw_buffer *out, const struct kw_touchpoint *t, const char *journal)
{
    struct kw_json json;
    char day[16], time[32];
    kw_desk_day_text(t->day, day);
    kw_time_text_utc(t->ts_ms, time);
    kw_json_init(&json, out);
    kw_json_object(&json, NULL);
    kw_json_string(&json, "journal", journal);
    kw_json_integer(&json, "n", t->n);
    kw_json_string(&json, "day", day);
    kw_json_string(&json, "time", time);
    kw_json_integer(&json, "offset_minutes", t->offset_minutes);
    kw_json_string(&json, "store", t->store);
    kw_json_string(&json, "till", t->till);
    kw_json_string(&json, "cashier", t->cashier);
    kw_json_integer(&json, "kind", t->kind);
    kw_json_bool(&json, "invited", t->reason == 0);
    kw_json_string(&json, "reason", kw_suppression_word(t->reason));
    kw_json_string(&json, "class", kw_class_word(t->klass));
    kw_json_bool(&json, "forced", t->forced);
    kw_json_bool(&json, "drawn", t->drawn);
    kw_json_integer(&json, "rate_bp", t->p_bp);
    kw_json_integer(&json, "u", t->u);
    if (t->has_token)
        json_token(&json, t);
    kw_json_integer(&json, "variant", t->variant);
    kw_json_integer(&json, "variant_bp", t->variant_p_bp);
    kw_json_bool(&json, "test", t->flag != 0);
    kw_json_string(&json, "campaign", t->campaign);
    kw_json_string(&json, "language", t->language);
    kw_json_string(&json, "channel", t->channel);
    kw_json_integer(&json, "expires_day", t->expires_day);
    kw_json_hex(&json, "config", t->config_digest, sizeof t->config_digest);
    kw_json_end_object(&json);
    kw_buffer_byte(out, '\n');
}

static int export_one(void *data, const struct kw_touchpoint *touchpoint, const char *origin)
{
    struct exporting *exporting = data;
    const char *journal = origin[0] ? origin : exporting->uuid;
    kw_buffer_clear(&exporting->line);
    if (exporting->csv)
        csv_line(&exporting->line, touchpoint, journal);
    else
        json_line(&exporting->line, touchpoint, journal);
    exporting->count++;
    if (exporting->line.failed)
        return KWIT_E_NO_MEMORY;
    return exporting->options->write(exporting->options->write_data, kw_buffer_string(&exporting->line),
                                     exporting->line.length);
}

static int export_event(void *data, const struct kw_ledger_event *event)
{
    struct exporting *exporting = data;
    struct kw_buffer *out = &exporting->line;
    struct kw_json json;
    char time[32];
    kw_time_text_utc(event->ts_ms, time);
    kw_buffer_clear(out);
    exporting->count++;
    if (exporting->csv) {
        kw_buffer_format(out, "%s,%lld,%lld,%s,%s", exporting->uuid, (long long)event->n, (long long)event->sale, time,
                         kw_event_word(event->ev));
        put_csv_text(out, event->detail);
        kw_buffer_byte(out, ',');
        for (int i = 0; i < 16; i++)
            kw_buffer_format(out, "%02x", event->hash[i]);
        kw_buffer_text(out, "\r\n");
    } else {
        kw_json_init(&json, out);
        kw_json_object(&json, NULL);
        kw_json_string(&json, "journal", exporting->uuid);
        kw_json_integer(&json, "n", event->n);
        kw_json_integer(&json, "sale", event->sale);
        kw_json_string(&json, "time", time);
        kw_json_string(&json, "event", kw_event_word(event->ev));
        kw_json_string(&json, "detail", event->detail);
        kw_json_hex(&json, "hash", event->hash, 16);
        kw_json_end_object(&json);
        kw_buffer_byte(out, '\n');
    }
    return exporting->options->write(exporting->options->write_data, kw_buffer_string(out), out->length);
}

static int run_export(struct kw_desk *desk, struct exporting *exporting)
{
    const struct kwit_export_options *options = exporting->options;
    int64_t from = INT32_MIN, to = INT32_MAX;
    struct kw_json json;
    if ((options->from && !kw_desk_day_parse(options->from, &from))
        || (options->to && !kw_desk_day_parse(options->to, &to)))
        return kw_fail(&desk->error, KWIT_E_USAGE, "export", "a day is written 2026-11-22");
    exporting->csv = options->format && strcmp(options->format, "csv") == 0;
    if (options->format && !exporting->csv && strcmp(options->format, "jsonl") != 0)
        return kw_fail(&desk->error, KWIT_E_USAGE, "--format", "say csv or jsonl");
    int code = kw_journal_uuid(desk->journal, exporting->uuid, &desk->error);
    const char *header = options->events ? event_header : csv_header;
    if (code == 0 && exporting->csv)
        code = options->write(options->write_data, header, strlen(header));
    desk->error.code = 0;
    if (code == 0 && options->events)
        code = kw_ledger_events(desk->journal, export_event, exporting, &desk->error);
    else if (code == 0)
        code = kw_ledger_each(desk->journal, from, to, export_one, exporting, &desk->error);
    if (code < 0)
        return desk->error.code ? code : kw_fail(&desk->error, KWIT_E_IO, "export", "the export cannot be written");
    begin(&json, desk->result);
    kw_json_integer(&json, "lines", exporting->count);
    kw_json_end_object(&json);
    return 0;
}

int kwit_journal_export(kwit_context *context, const struct kwit_export_options *options, kwit_result **result)
{
    struct kw_desk desk;
    struct exporting exporting = { .options = options };
    kw_buffer_init(&exporting.line, 1024 * 1024);
    int code = kw_desk_open(context, KW_DESK_READ, &desk, result);
    if (code == 0)
        code = run_export(&desk, &exporting);
    kw_buffer_free(&exporting.line);
    return kw_desk_close(&desk, code);
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
        kw_buffer_format(text, "whole: %lld events, %lld sales of this journal, %lld merged\n", (long long)check->events,
                         (long long)check->touchpoints, (long long)check->merged);
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

static int merge_file(struct kw_desk *desk, const char *file, const struct kw_day_clock *clock, struct kw_json *json)
{
    struct kw_journal_options options = { .path = file, .read_only = true, .untouched = true };
    struct kw_journal *other = NULL;
    struct kw_ledger_merged merged;
    int code = kw_journal_open(&options, &other, &desk->error);
    if (code == 0)
        code = kw_ledger_merge(desk->journal, other, clock, &merged, &desk->error);
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
    const struct kw_day_clock clock = { kw_shop_day, &desk.days };
    begin(&json, desk.result);
    kw_json_array(&json, "merged");
    for (size_t i = 0; code == 0 && i < count; i++)
        code = merge_file(&desk, files[i], &clock, &json);
    kw_json_end_array(&json);
    if (code == 0)
        code = kw_answers_rejudge(desk.journal, &clock, &rejudged, &desk.error);
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
    int64_t day, expired, pruned = 0;
    int code = kw_desk_open(context, KW_DESK_WRITE, &desk, result);
    if (code == 0)
        code = choose_prune_day(&desk, options, &day);
    if (code == 0)
        code = kw_desk_expire(&desk, &expired);
    if (code == 0)
        code = kw_ledger_prune(desk.journal, day, &pruned, &desk.error);
    if (code == 0)
        tell_count(&desk, "sales", pruned,
                   "sales and their answers are gone; token sequences stay, and a checkpoint keeps the chain whole");
    return kw_desk_close(&desk, code);
}

int kwit_journal_erase(kwit_context *context, const char *sale_id, kwit_result **result)
{
    struct kw_desk desk;
    int64_t sale;
    int code = kw_desk_open(context, KW_DESK_WRITE, &desk, result);
    if (code == 0)
        code = kw_touchpoint_find(desk.journal, sale_id, &sale, &desk.error);
    if (code == 0)
        code = kw_ledger_erase(desk.journal, sale, &desk.error);
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
