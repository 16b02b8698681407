/*
 * export.c - kwit journal export: each sale one row with what became of it, for a retailer's own analysis. What a
 * customer or a sale could be known by (ids, names, amounts, comments) is not in it.
 */
#include "api/touch/touch.h"
#include "journal/answers.h"
#include "journal/ledger.h"
#include "report/words.h"
#include "survey/survey.h"

#include <stdio.h>
#include <string.h>

enum { LINE_CEILING = 1024 * 1024 };

/* The same fields in the same order make a header, a line of CSV or a line of JSON. */
enum form { FORM_HEADER, FORM_CSV, FORM_JSON };

struct exporting {
    const struct kwit_export_options *options;
    enum form form;
    struct kw_buffer line;
    struct kw_json json;
    char uuid[KW_JOURNAL_UUID_SIZE];
    int64_t count;
};

/* ---- fields ------------------------------------------------------------------------------------------------- */

/* In CSV, what is not known is an empty cell. True: the cell's value is still to be put. */
static bool begin_cell(struct exporting *e, const char *name)
{
    if (e->line.length > 0)
        kw_buffer_byte(&e->line, ',');
    if (e->form == FORM_HEADER)
        kw_buffer_text(&e->line, name);
    return e->form == FORM_CSV;
}

static void put_text(struct exporting *e, const char *name, const char *text)
{
    if (e->form == FORM_JSON)
        kw_json_string(&e->json, name, text);
    else if (begin_cell(e, name) && text)
        kw_put_csv(&e->line, text);
}

static void put_number(struct exporting *e, const char *name, int64_t value, bool known)
{
    if (e->form == FORM_JSON && known)
        kw_json_integer(&e->json, name, value);
    else if (e->form == FORM_JSON)
        kw_json_null(&e->json, name);
    else if (begin_cell(e, name) && known)
        kw_buffer_format(&e->line, "%lld", (long long)value);
}

static void put_bool(struct exporting *e, const char *name, bool value)
{
    if (e->form == FORM_JSON)
        kw_json_bool(&e->json, name, value);
    else if (begin_cell(e, name))
        kw_buffer_text(&e->line, value ? "1" : "0");
}

/* 0 is no moment. */
static void put_time(struct exporting *e, const char *name, int64_t utc_ms)
{
    char text[32];
    if (utc_ms > 0)
        kw_time_text_utc(utc_ms, text);
    put_text(e, name, utc_ms > 0 ? text : NULL);
}

/* "2026-11-22T15:03:11.000+01:00" */
static void put_local_time(struct exporting *e, const char *name, int64_t utc_ms, int offset_minutes)
{
    char text[48] = "";
    const int size = offset_minutes < 0 ? -offset_minutes : offset_minutes;
    kw_time_text_utc(utc_ms + offset_minutes * 60000ll, text);
    char *zulu = strchr(text, 'Z');
    if (zulu)
        snprintf(zulu, sizeof text - (size_t)(zulu - text), "%c%02d:%02d", offset_minutes < 0 ? '-' : '+',
                 size / 60 % 100, size % 60);
    put_text(e, name, text);
}

static void put_day(struct exporting *e, const char *name, int64_t day, bool known)
{
    char text[16];
    kw_touch_day_text(day, text);
    put_text(e, name, known ? text : NULL);
}

static void put_hex(struct exporting *e, const char *name, const uint8_t *bytes, size_t count)
{
    char text[2 * 16 + 1] = "";
    for (size_t i = 0; i < count && i < 16; i++)
        snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    put_text(e, name, text);
}

/* ---- rows --------------------------------------------------------------------------------------------------- */

static void put_sale(struct exporting *e, const struct kw_touchpoint *t, const char *journal)
{
    put_text(e, "journal", journal);
    put_number(e, "n", t->n, true);
    put_day(e, "day", t->day, true);
    put_time(e, "time", kw_touchpoint_time(t));
    put_local_time(e, "local_time", kw_touchpoint_time(t), t->offset_minutes);
    put_number(e, "offset_minutes", t->offset_minutes, true);
    put_time(e, "accepted", t->ts_ms);
    put_text(e, "store", t->store);
    put_text(e, "till", t->till);
    put_text(e, "cashier", t->cashier);
    put_text(e, "kind", kw_kind_word(t->kind));
    put_text(e, "language", t->language);
    put_text(e, "channel", t->channel);
    put_number(e, "earlier", t->earlier - 1, t->earlier > 0);
}

static void put_decision(struct exporting *e, const struct kw_touchpoint *t)
{
    put_text(e, "campaign", t->campaign);
    put_bool(e, "invited", t->reason == 0);
    put_text(e, "reason", kw_suppression_word(t->reason));
    put_number(e, "variant", t->variant, true);
    put_number(e, "variant_bp", t->variant_p_bp, true);
    put_number(e, "rate_bp", t->p_bp, true);
    put_number(e, "u", t->u, true);
    put_bool(e, "drawn", t->drawn);
    put_bool(e, "forced", t->forced);
    put_bool(e, "test", t->flag != 0);
    put_number(e, "epoch", t->kid, t->has_token);
    put_number(e, "handle", t->handle, t->has_token);
    put_number(e, "seq", t->seq, t->has_token);
    put_day(e, "expires", t->expires_day, t->expires_day > 0);
    put_hex(e, "config", t->config_digest, sizeof t->config_digest);
}

static void put_fate(struct exporting *e, const struct kw_story *s)
{
    put_text(e, "class", kw_class_word(s->facts.klass));
    put_time(e, "printed", kw_class_is_paper(s->facts.klass) ? s->facts.class_ms : 0);
    put_number(e, "reprints", s->reprints, true);
    put_time(e, "opened", s->opened_ms);
    put_time(e, "started", s->started_ms);
    put_number(e, "answers", s->answers, true);
    put_text(e, "verdict", s->answers > 0 ? kw_verdict_word(s->verdict) : NULL);
    put_time(e, "submitted", s->submitted_ms);
    put_number(e, "nps", s->nps, s->nps != KW_SCORE_NONE);
    put_number(e, "csat", s->csat, s->csat != KW_SCORE_NONE);
    put_number(e, "ces", s->ces, s->ces != KW_SCORE_NONE);
    put_bool(e, "contested", s->contested);
    put_time(e, "expired", s->verdict == KW_VERDICT_MATCHED ? 0 : s->facts.expired_ms);
    put_time(e, "annulled", s->facts.annulled_ms);
    put_time(e, "refunded", s->facts.refunded_ms);
    put_bool(e, "tiny", (s->facts.signs & KW_SALE_TINY) != 0);
}

static void put_event(struct exporting *e, const struct kw_ledger_event *event)
{
    put_text(e, "journal", e->uuid);
    put_number(e, "n", event->n, true);
    put_number(e, "sale", event->sale, true);
    put_time(e, "time", event->ts_ms);
    put_text(e, "event", kw_event_word(event->ev));
    put_text(e, "detail", event->detail);
    put_hex(e, "hash", event->hash, 16);
}

static void begin_line(struct exporting *e)
{
    kw_buffer_clear(&e->line);
    kw_json_init(&e->json, &e->line);
    if (e->form == FORM_JSON)
        kw_json_object(&e->json, NULL);
}

static int end_line(struct exporting *e)
{
    if (e->form == FORM_JSON)
        kw_json_end_object(&e->json);
    kw_buffer_text(&e->line, e->form == FORM_JSON ? "\n" : "\r\n");
    return e->line.failed ? KWIT_E_NO_MEMORY
                          : e->options->write(e->options->write_data, kw_buffer_string(&e->line), e->line.length);
}

static int export_story(void *data, const struct kw_story *story)
{
    struct exporting *e = data;
    begin_line(e);
    put_sale(e, &story->facts, story->origin[0] ? story->origin : e->uuid);
    put_decision(e, &story->facts);
    put_fate(e, story);
    e->count++;
    return end_line(e);
}

static int export_event(void *data, const struct kw_ledger_event *event)
{
    struct exporting *e = data;
    begin_line(e);
    put_event(e, event);
    e->count++;
    return end_line(e);
}

/* ---- the call ----------------------------------------------------------------------------------------------- */

static int write_header(struct exporting *e)
{
    static const struct kw_story story = { .origin = "-" };
    static const uint8_t hash[16];
    static const struct kw_ledger_event event = { .detail = "", .hash = hash };
    e->form = FORM_HEADER;
    int code = e->options->events ? export_event(e, &event) : export_story(e, &story);
    e->form = FORM_CSV;
    e->count = 0;
    return code;
}

static int run_export(struct kw_touch *call, struct exporting *e)
{
    const struct kwit_export_options *options = e->options;
    int64_t from = INT32_MIN, to = INT32_MAX;
    if (!options->write)
        return kw_fail(&call->error, KWIT_E_USAGE, "write", "say where the lines go");
    int code = kw_touch_read_day(call, "--from", options->from, &from);
    if (code == 0)
        code = kw_touch_read_day(call, "--to", options->to, &to);
    if (code < 0)
        return code;
    bool csv = options->format && strcmp(options->format, "csv") == 0;
    if (options->format && !csv && strcmp(options->format, "jsonl") != 0)
        return kw_fail(&call->error, KWIT_E_USAGE, "--format", "say csv or jsonl");
    code = kw_journal_uuid(call->journal, e->uuid, &call->error);
    if (code < 0)
        return code;
    e->form = FORM_JSON;
    code = csv ? write_header(e) : 0;
    if (code == 0 && options->events)
        code = kw_ledger_events(call->journal, export_event, e, &call->error);
    else if (code == 0)
        code = kw_ledger_each(call->journal, from, to, export_story, e, &call->error);
    return code < 0 && call->error.code == 0
               ? kw_fail(&call->error, KWIT_E_IO, "export", "the export cannot be written")
               : code;
}

int kwit_journal_export(kwit_context *context, const struct kwit_export_options *options, kwit_result **result)
{
    struct kw_touch call;
    struct kw_json json;
    static const struct kwit_export_options defaults;
    struct exporting exporting = { .options = options ? options : &defaults };
    kw_buffer_init(&exporting.line, LINE_CEILING);
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    if (code == 0)
        code = run_export(&call, &exporting);
    if (code == 0) {
        kw_json_init(&json, &call.result->json);
        kw_json_object(&json, NULL);
        kw_json_integer(&json, "kwit", 1);
        kw_json_integer(&json, "lines", exporting.count);
        kw_json_end_object(&json);
    }
    kw_buffer_free(&exporting.line);
    return kw_touch_close(&call, code);
}
