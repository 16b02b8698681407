/* queue.c - kwit_queue_*: what waits, one job's story, printing it, and taking it away. */
#include "api/accept.h"

#include "journal/withheld.h"

#include <stdio.h>
#include <string.h>

/* ---- list and show ---------------------------------------------------------------------------------------------- */

static const char *name_of(struct kw_call *call, const struct kw_job *job)
{
    struct kw_sale_row sale;
    struct kw_error ignored;
    if (job->sale == 0 || kw_sale_get(call->journal, job->sale, call->arena, &sale, &ignored) < 0)
        return NULL;
    return sale.name;
}

static void write_job(struct kw_call *call, struct kw_json *json, const struct kw_job *job)
{
    kw_json_object(json, NULL);
    kw_json_string(json, "id", name_of(call, job));
    kw_json_string(json, "part", job->part);
    kw_json_integer(json, "copy", job->copy);
    kw_json_string(json, "state", kw_job_state_word(job->state));
    kw_json_string(json, "reason", job->reason ? kwit_error_word(job->reason) : NULL);
    kw_json_bool(json, "held", job->held);
    kw_json_string(json, "printer", job->printer_name[0] ? job->printer_name : job->uri);
    kw_json_time(json, "accepted_at", job->accepted_ms);
    kw_json_time(json, "expires_at", kw_job_is_open(job->state) ? job->deadline_ms : 0);
    kw_json_time(json, "finished_at", job->finished_ms);
    kw_json_mm(json, "paper_mm", job->paper_um);
    kw_json_mm(json, "partial_mm", job->partial_um);
    kw_json_integer(json, "attempts", job->attempts);
}

static void text_job(struct kw_call *call, struct kw_buffer *text, const struct kw_job *job)
{
    char when[32];
    const char *name = name_of(call, job);
    kw_time_text_utc(job->accepted_ms, when);
    kw_buffer_format(text, "%s  %-24s %s %d  %s%s%s%s  %s\n", when, name ? name : "-", job->part, job->copy,
                     kw_job_state_word(job->state), job->held ? ", held" : "", job->reason ? ", " : "",
                     job->reason ? kwit_error_word(job->reason) : "",
                     job->printer_name[0] ? job->printer_name : job->uri);
}

static void write_list(struct kw_call *call, const struct kw_job *jobs, size_t count, kwit_result *result)
{
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_array(&json, "jobs");
    for (size_t i = 0; i < count; i++) {
        write_job(call, &json, &jobs[i]);
        kw_json_end_object(&json);
        text_job(call, &result->text, &jobs[i]);
    }
    kw_json_end_array(&json);
    kw_call_tell_lost(call);
    kw_result_warnings(&json, &call->warnings);
    kw_json_end_object(&json);
    if (count == 0)
        kw_buffer_text(&result->text, "nothing waits\n");
    for (size_t i = 0; i < call->warnings.count; i++)
        kw_buffer_format(&result->text, "warning: %s\n", call->warnings.items[i].text);
}

/* Calls that only look end without a print's line: a failure is told as every tool's is. */
static int end_look(struct kw_call *call, int code, kwit_result *result)
{
    kw_call_close(call);
    if (code < 0) {
        call->error.code = (enum kwit_error)code;
        return kw_result_fail(result, &call->error);
    }
    return kw_result_finish(result, 0);
}

static int open_to_look(const kwit_context *context, struct kw_call *call)
{
    int code = kw_call_open(context, true, call);
    struct kw_delivery *delivery = &call->delivery;
    return code < 0 ? code : kw_delivery_tidy(delivery, &call->error);
}

int kwit_queue_list(kwit_context *context, const char *printer, int all, kwit_result **result)
{
    struct kw_call call;
    struct kw_job *jobs = NULL;
    size_t count = 0;
    struct kw_job_filter filter = { .open = !all, .unconfirmed = !all, .limit = all ? 1000 : 0 };
    *result = kw_result_new();
    int code = open_to_look(context, &call);
    if (code == 0 && printer)
        code = kw_call_aim(&call, printer);
    if (code == 0 && printer) {
        filter.printer = kw_call_file_under(&call);
        filter.uri = call.delivery.uri;
    }
    if (code == 0)
        code = kw_job_list(call.journal, &filter, call.arena, &jobs, &count, &call.error);
    if (code == 0)
        write_list(&call, jobs, count, *result);
    return end_look(&call, code, *result);
}

static int write_pieces(struct kw_call *call, const struct kw_job *job, struct kw_json *json, struct kw_buffer *text)
{
    struct kw_piece_row *pieces;
    size_t count;
    int code = kw_piece_list(call->journal, job->id, call->arena, &pieces, &count, &call->error);
    kw_json_array(json, "pieces");
    for (size_t i = 0; code == 0 && i < count; i++) {
        kw_json_object(json, NULL);
        kw_json_string(json, "name", pieces[i].name);
        kw_json_string(json, "state", kw_piece_state_word(pieces[i].state));
        kw_json_integer(json, "bytes", (int64_t)pieces[i].length);
        kw_json_mm(json, "paper_mm", pieces[i].paper_um);
        kw_json_end_object(json);
        kw_buffer_format(text, "    %-16s %s\n", pieces[i].name, kw_piece_state_word(pieces[i].state));
    }
    kw_json_end_array(json);
    return code;
}

static int find_jobs(struct kw_call *call, const struct kwit_sale_name *name, const char *part, struct kw_job **jobs,
                     size_t *count)
{
    struct kw_sale_row sale;
    int code = kw_call_find_sale(call, name, &sale);
    return code < 0 ? code : kw_call_list_jobs(call, &sale, part, jobs, count);
}

/* Opens with the jobs of a sale; the call is ended after a failure too. */
static int open_to_change(kwit_context *context, const struct kwit_sale_name *sale, const char *part,
                          struct kw_call *call, struct kw_job **jobs, size_t *count)
{
    *jobs = NULL, *count = 0;
    int code = kw_call_open(context, false, call);
    call->line.id = sale->id;
    call->line.copy = 1;
    return code < 0 ? code : find_jobs(call, sale, part, jobs, count);
}

int kwit_queue_show(kwit_context *context, const struct kwit_sale_name *sale, const char *part,
                    kwit_result **result)
{
    struct kw_call call;
    struct kw_job *jobs = NULL;
    size_t count = 0;
    struct kw_json json;
    *result = kw_result_new();
    int code = open_to_look(context, &call);
    if (code == 0)
        code = find_jobs(&call, sale, part, &jobs, &count);
    kw_json_init(&json, &(*result)->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_array(&json, "jobs");
    for (size_t i = 0; i < count && code == 0; i++) {
        write_job(&call, &json, &jobs[i]);
        text_job(&call, &(*result)->text, &jobs[i]);
        code = write_pieces(&call, &jobs[i], &json, &(*result)->text);
        kw_json_end_object(&json);
    }
    kw_json_end_array(&json);
    kw_json_end_object(&json);
    return end_look(&call, code, *result);
}

/* ---- retry and cancel ------------------------------------------------------------------------------------------- */

static int retry_job(struct kw_call *call, struct kw_job *job)
{
    bool finished;
    int code = kw_call_aim_job(call, job);
    call->part = job->part;
    if (code == 0)
        code = kw_call_follow(call, NULL);
    if (code == 0)
        code = kw_job_get(call->journal, job->id, call->arena, job, &call->error);
    if (code == 0)
        code = kw_call_resume(call, job, &finished);
    if (code == 0 && !finished)
        code = kw_call_deliver(call, job->id, job);
    if (code < 0)
        return code;
    kw_call_line_job(call, job, finished);
    kw_call_line_printer(call);
    if (call->line.message)
        call->line.message = kw_arena_string(call->arena, call->line.message);     /* another job's cause may follow */
    return 0;
}

static bool is_done(const struct kw_result_line *line)
{
    return line->outcome == KWIT_OUTCOME_PRINTED || line->outcome == KWIT_OUTCOME_SENT
        || line->outcome == KWIT_OUTCOME_DUPLICATE;
}

/* Each on its own printer, whatever became of the others; told is the first that is not out. */
static int retry_jobs(struct kw_call *call, struct kw_job *jobs, size_t count)
{
    struct kw_result_line undone = { 0 };
    int code = 0;
    for (size_t i = 0; i < count && code == 0; i++) {
        code = retry_job(call, &jobs[i]);
        if (code < 0 || is_done(&call->line))
            continue;
        if (i + 1 < count && kw_job_is_open(jobs[i].state))
            kw_call_leave_flusher(call);
        if (!undone.part)
            undone = call->line;
    }
    if (code == 0 && undone.part)
        call->line = undone;
    return code;
}

int kwit_queue_retry(kwit_context *context, const struct kwit_sale_name *sale, const char *part,
                     kwit_result **result)
{
    struct kw_call call;
    struct kw_job *jobs;
    size_t count;
    *result = kw_result_new();
    int code = open_to_change(context, sale, part, &call, &jobs, &count);
    if (code == 0)
        code = retry_jobs(&call, jobs, count);
    return kw_call_end(&call, code, *result);
}

int kwit_queue_cancel(kwit_context *context, const struct kwit_sale_name *sale, const char *part,
                      kwit_result **result)
{
    struct kw_call call;
    struct kw_job *jobs;
    size_t count;
    *result = kw_result_new();
    int code = open_to_change(context, sale, part, &call, &jobs, &count);
    if (code == 0 && count)
        code = kw_call_aim_job(&call, &jobs[0]);
    for (size_t i = 0; i < count && code == 0; i++) {
        bool finished = !kw_job_is_open(jobs[i].state);
        code = kw_call_recover(&call, &jobs[i]);
        if (code == 0)
            code = kw_call_cancel(&call, &jobs[i], KWIT_E_CANCELLED);
        if (code == 0 && (!finished || i == 0))
            kw_call_line_job(&call, &jobs[i], finished);
    }
    return kw_call_end(&call, code, *result);
}

/* ---- flush ------------------------------------------------------------------------------------------------------ */

enum { PAUSE_MS = 2000, BACKGROUND_LOCK_MS = 200 };

/* Frees what is held: somebody asks for it now. */
static int free_held(struct kw_call *call)
{
    struct kw_journal *journal = call->journal;
    struct kw_job_filter filter = { .printer = kw_call_file_under(call), .open = true,
                                    .uri = call->delivery.uri };
    struct kw_job *jobs;
    size_t count;
    int code = kw_job_list(journal, &filter, call->arena, &jobs, &count, &call->error);
    if (code < 0 || count == 0)
        return code;
    int64_t until_ms = kw_clock_boot_ms() + kw_accept_patience_ms(call, 0);
    code = kw_journal_begin(journal, KW_SOON, &call->error);
    for (size_t i = 0; i < count && code == 0; i++) {
        until_ms += kw_delivery_paper_ms(call->delivery.profile, jobs[i].paper_um);
        code = kw_job_want(journal, jobs[i].id, call->delivery.boot, until_ms, &call->error);
    }
    call->until_ms = until_ms;
    if (code == 0)
        return kw_journal_commit(journal, &call->error);
    kw_journal_rollback(journal);
    return code;
}

/* all: also those that are held. */
static int count_left(struct kw_call *call, const struct kw_job_filter *filter, bool all, int *left)
{
    struct kw_job *jobs;
    size_t count;
    int code = kw_job_list(call->journal, filter, call->arena, &jobs, &count, &call->error);
    *left = 0;
    for (size_t i = 0; code == 0 && i < count; i++)
        *left += all || !jobs[i].held;
    return code;
}

static int flush_once(struct kw_call *call, int64_t until_ms, int *left)
{
    struct kw_delivery *delivery = &call->delivery;
    delivery->cause = 0;
    if (call->unreachable) {
        struct kw_job_filter filter = { .printer = kw_call_file_under(call), .uri = delivery->uri,
                                        .open = true };
        int code = kw_delivery_tidy(delivery, &call->error);
        delivery->cause = call->unreachable;
        return code < 0 ? code : count_left(call, &filter, false, left);
    }
    return kw_delivery_flush(delivery, until_ms, left, &call->error);
}

/* A USB printer that is plugged in is printed on at once; others are looked for every other second. */
static void pause_for(const struct kw_delivery *delivery)
{
    if (delivery->ops == &kw_transport_usb)
        kw_usb_wait(NULL, kw_clock_boot_ms() + PAUSE_MS);
    else
        kw_clock_sleep_ms(PAUSE_MS);
}

/* Somebody asked for all of it: what could not be laid out is told with what the printer is in the way of. */
static int flush_printer(struct kw_call *call, int *left)
{
    struct kw_delivery *delivery = &call->delivery;
    struct kw_job_filter open = { .open = true };
    delivery->fault = 0;
    int code = kw_call_follow(call, NULL);
    if (code == 0)
        code = free_held(call);
    int64_t until_ms = call->until_ms ? call->until_ms : kw_clock_boot_ms();
    if (code == 0)
        code = flush_once(call, until_ms, left);
    if (code == 0 && delivery->cause == 0 && delivery->fault) {
        delivery->cause = delivery->fault;
        snprintf(delivery->cause_text, sizeof delivery->cause_text, "%s", delivery->fault_text);
    }
    open.printer = kw_call_file_under(call);
    open.uri = delivery->uri;
    return code < 0 ? code : count_left(call, &open, true, left);
}

/* Which jobs are of a printer that was tried: the one aimed at, or that of a job before. */
static bool is_tried(const struct kw_job *jobs, size_t at, const char *aimed, const char *uri)
{
    bool tried = strcmp(jobs[at].printer, aimed) == 0 || strcmp(jobs[at].printer, uri) == 0;
    for (size_t i = 0; i < at && !tried; i++)
        tried = strcmp(jobs[i].printer, jobs[at].printer) == 0;
    return tried;
}

/* The default printer as it is called now, then every other one that something waits for. Told is the first cause. */
static int flush_all(struct kw_call *call, int *left)
{
    const struct kw_job_filter open = { .open = true };
    struct kw_delivery *delivery = &call->delivery;
    struct kw_job *jobs;
    size_t count;
    int code = flush_printer(call, left);
    enum kwit_error told = *left ? delivery->cause : 0;
    const char *text = kw_arena_string(call->arena, delivery->cause_text), *uri = delivery->uri;
    const char *aimed = kw_arena_string(call->arena, kw_call_file_under(call));
    if (!text || !aimed)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0)
        code = kw_job_list(call->journal, &open, call->arena, &jobs, &count, &call->error);
    for (size_t i = 0; code == 0 && i < count; i++) {
        if (is_tried(jobs, i, aimed, uri))
            continue;
        call->until_ms = 0;
        code = kw_call_aim_job(call, &jobs[i]);
        if (code == 0)
            code = flush_printer(call, left);
        if (code == 0 && told == 0 && *left > 0) {
            told = delivery->cause;
            text = kw_arena_string(call->arena, delivery->cause_text);
        }
    }
    delivery->cause = told;
    snprintf(delivery->cause_text, sizeof delivery->cause_text, "%s", text ? text : "");
    return code < 0 ? code : count_left(call, &open, true, left);
}

/* The detached one: tries again until nothing is left that may still print. */
static int flush_until_empty(struct kw_call *call, const char *printer, int *left)
{
    struct kw_lock *only;
    char name[KW_IDENTITY_MAX + 16];
    snprintf(name, sizeof name, "flusher %s", kw_call_file_under(call));
    if (kw_state_lock(call->state, name, kw_clock_boot_ms() + BACKGROUND_LOCK_MS, &only, &call->error) < 0)
        return 0;
    int code = 0;
    for (*left = 1; code == 0 && *left > 0;) {
        code = flush_once(call, kw_clock_boot_ms() + KW_DELIVERY_MARGIN_MS, left);
        if (code < 0 || *left == 0)
            break;
        pause_for(&call->delivery);
        code = kw_call_aim(call, printer);
    }
    kw_state_unlock(only);
    return code;
}

static void tell_flush(struct kw_call *call, int left, kwit_result *result)
{
    struct kw_json json;
    enum kwit_error cause = left ? call->delivery.cause : 0;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_integer(&json, "left", left);
    kw_json_string(&json, "reason", cause ? kwit_error_word(cause) : NULL);
    kw_json_string(&json, "message", cause ? call->delivery.cause_text : "");
    kw_json_end_object(&json);
    kw_buffer_format(&result->text, left ? "%d still wait%s%s\n" : "nothing waits\n", left, cause ? ": " : "",
                     cause ? kwit_error_text(cause) : "");
    if (left)
        result->exit = 75;
}

int kwit_queue_flush(kwit_context *context, const char *printer, int until_empty, kwit_result **result)
{
    struct kw_call call;
    int left = 0;
    *result = kw_result_new();
    int code = kw_call_open(context, true, &call);
    if (code == 0)
        code = kw_call_aim(&call, printer);
    if (code == 0)
        code = until_empty ? flush_until_empty(&call, printer, &left)
            : printer ? flush_printer(&call, &left) : flush_all(&call, &left);
    if (code < 0)
        return end_look(&call, code, *result);
    kw_withheld_forget(call.journal, kw_clock_wall_ms(), &call.error);
    end_look(&call, 0, *result);
    tell_flush(&call, left, *result);
    return 0;
}
