/*
 * call.c - what printing, reprinting and the queue have in common: one job delivered, one copy resumed, the end told.
 */
#include "api/call.h"

#include "journal/tend.h"

#include <stdio.h>
#include <string.h>

static struct kw_notes *notes_of(struct kw_call *call)
{
    return call->rendering ? &call->rendering->warnings : &call->notes;
}

/* ---- opening ---------------------------------------------------------------------------------------------------- */

int kw_call_open(const kwit_context *context, bool create, struct kw_call *call)
{
    static const struct kwit_print_options defaults;
    *call = (struct kw_call){ .counter.context = context };
    call->acceptance.options = &defaults;
    call->acceptance.counter = &call->counter;
    int code = kw_counter_begin(context, &call->counter, &call->error);
    if (code < 0)
        return code;
    kw_notes_init(&call->notes, call->counter.arena);
    code = kw_config_load(call->counter.arena, context->config_file, false, &call->config, &call->notes, &call->error);
    return code < 0 ? code : kw_counter_open(&call->counter, &call->config, create, &call->error);
}

static const struct kw_config_printer *configured(const struct kw_config *config, const char *name, const char *uri)
{
    for (size_t i = 0; i < config->printer_count; i++) {
        const struct kw_config_printer *printer = &config->printers[i];
        if (name && name[0] ? strcmp(printer->name, name) == 0 : uri && printer->uri && strcmp(printer->uri, uri) == 0)
            return printer;
    }
    return NULL;
}

static int aim_with(struct kw_call *call, const struct kw_config_printer *found, const char *uri)
{
    struct kw_config_printer settings = found ? *found : call->config.printers[0];
    if (!found)
        settings.profile = NULL;
    const struct kw_profile *profile = settings.profile ? kw_profile_find(settings.profile) : NULL;
    return kw_counter_aim(&call->counter, &settings, uri, profile, profile != NULL, &call->error);
}

/* A printer of the configuration is found by its name, wherever it is plugged in by now. */
int kw_call_aim_job(struct kw_call *call, const struct kw_job *job)
{
    const struct kw_config_printer *named = NULL;
    if (job->printer_name[0])
        named = configured(&call->config, job->printer_name, NULL);
    const struct kw_config_printer *found = named ? named : configured(&call->config, NULL, job->uri);
    int code = aim_with(call, found, named && named->uri ? named->uri : job->uri);
    const struct kw_profile *own = kw_profile_find(job->profile);
    if (code == 0 && !call->counter.delivery.profile_fixed && own)
        call->counter.delivery.profile = own;
    return code;
}

int kw_call_aim(struct kw_call *call, const char *printer)
{
    if (printer && (printer[0] == '/' || strchr(printer, ':')))
        return aim_with(call, configured(&call->config, NULL, printer), printer);
    const struct kw_config_printer *found = kw_config_printer(&call->config, printer);
    if (!found)
        return kw_fail(&call->error, KWIT_E_NO_PRINTER, printer ? printer : "",
                       "no such printer is configured; `kwit config show` "
                       "lists them");
    return aim_with(call, found, found->uri ? found->uri : "usb:");
}

/* ---- one job ---------------------------------------------------------------------------------------------------- */

/* Without the right to open the printer nothing will change by waiting: an administrator has to mend it first. */
static bool is_refused(const struct kw_call *call, const struct kw_job *job)
{
    return job->state == KW_JOB_WAITING && call->counter.delivery.cause == KWIT_E_PERMISSION;
}

static bool is_kept(const struct kw_call *call, const struct kw_job *job)
{
    return call->acceptance.options->no_wait || (call->counter.printer.queue && !is_refused(call, job));
}

/* What is not kept is taken back, so that nothing is left behind that the caller was not told to wait for. */
static int give_up(struct kw_call *call, struct kw_job *job)
{
    struct kw_journal *journal = call->counter.journal;
    enum kw_job_state from = job->state;
    bool moved = false;
    if (!kw_machine_next(from, KW_JOB_ON_CANCEL, &job->state))
        return 0;
    job->reason = call->counter.delivery.cause;
    job->finished_ms = kw_clock_wall_ms();
    int code = kw_journal_begin(journal, KW_DURABLE, &call->error);
    if (code == 0)
        code = kw_job_move(journal, job, from, &moved, &call->error);
    if (code == 0)
        code = kw_touchpoint_event(journal, job->sale, KW_EVENT_PRINT_FAILED, kwit_error_word(job->reason),
                                   job->finished_ms, &call->error);
    if (code == 0)
        return kw_journal_commit(journal, &call->error);
    kw_journal_rollback(journal);
    return code;
}

/* The caller goes: from here on the job is one of the queue's, and what the disk says of it is whole again. */
static int leave_job(struct kw_call *call, struct kw_job *job)
{
    struct kw_journal *journal = call->counter.journal;
    bool moved;
    int code = kw_journal_begin(journal, KW_DURABLE, &call->error);
    if (code < 0)
        return code;
    job->armed = KW_ARMED_NOT;
    job->reason = call->counter.delivery.cause;
    code = kw_job_want(journal, job->id, job->boot, 0, &call->error);
    if (code == 0 && job->state == KW_JOB_WAITING)
        code = kw_job_move(journal, job, KW_JOB_WAITING, &moved, &call->error);
    if (code == 0)
        return kw_journal_commit(journal, &call->error);
    kw_journal_rollback(journal);
    return code;
}

int kw_call_deliver(struct kw_call *call, int64_t id, struct kw_job *job)
{
    struct kw_counter *counter = &call->counter;
    struct kw_delivery *delivery = &counter->delivery;
    int code = 0;
    delivery->cause = 0;
    delivery->cause_text[0] = 0;
    delivery->fresh = NULL;
    if (call->acceptance.options->no_wait) {
        delivery->cause = KWIT_E_NO_WAIT;
    } else if (counter->unreachable) {
        delivery->cause = counter->unreachable;
        snprintf(delivery->cause_text, sizeof delivery->cause_text, "%s", counter->unreachable_text);
    } else {
        delivery->settled = false;
        delivery->fresh = call->acceptance.first.id == id ? &call->acceptance.first : NULL;
        delivery->fresh_pieces = call->acceptance.first_pieces;
        delivery->fresh_piece_count = call->acceptance.first_piece_count;
        code = kw_delivery_run(delivery, id, call->acceptance.until_ms, &call->error);
    }
    if (code == 0 && delivery->fresh && delivery->settled)
        *job = *delivery->fresh;
    else if (code == 0)
        code = kw_job_get(counter->journal, id, counter->arena, job, &call->error);
    if (code == 0 && (job->state == KW_JOB_WAITING || job->state == KW_JOB_INTERRUPTED))
        code = is_kept(call, job) ? leave_job(call, job) : give_up(call, job);
    return code;
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

void kw_call_tell_printer(struct kw_call *call)
{
    const struct kw_delivery *delivery = &call->counter.delivery;
    struct kw_printer_row known = delivery->printer;
    struct kw_error ignored;
    const char *name = call->counter.printer.name;
    call->told.printer.name = name && name[0] ? name : NULL;
    call->told.printer.uri = delivery->uri;
    if (call->elsewhere) {
        call->told.printer.name = call->elsewhere_name[0] ? call->elsewhere_name : NULL;
        call->told.printer.uri = call->elsewhere;
        return;
    }
    if (!known.identity && call->counter.identity[0]
        && kw_printer_get(call->counter.journal, call->counter.identity, call->counter.arena, &known, &ignored) < 0)
        return;
    bool fresh = delivery->seen.known;
    if (fresh ? delivery->seen.paper_near_end : known.near_end)
        kw_notes_add(notes_of(call), KWIT_WARNING_NEAR_END, "", "the paper is nearly at its end");
    call->told.printer.model = known.model && known.model[0] ? known.model : NULL;
    call->told.printer.serial = known.serial && known.serial[0] ? known.serial : NULL;
}

void kw_call_tell_survey(struct kw_call *call)
{
    const struct kw_rendering *rendering = call->rendering;
    if (!rendering)
        return;
    call->told.survey.invited = rendering->decision.invited && rendering->url;
    call->told.survey.reason = rendering->decision.reason;
    call->told.survey.token = rendering->decision.token;
    call->told.survey.url = rendering->url;
    call->told.survey.variant = rendering->decision.variant;
}

/* A known id may have been called for another printer before: the job stays there, and the line says so. */
static void tell_elsewhere(struct kw_call *call, const struct kw_job *job)
{
    const char *aimed = call->counter.delivery.uri;
    call->elsewhere = NULL;
    if (!job->uri || !aimed || strcmp(job->uri, aimed) == 0
        || strcmp(job->printer, kw_counter_file_under(&call->counter)) == 0)
        return;
    call->elsewhere = job->uri;
    call->elsewhere_name = job->printer_name ? job->printer_name : "";
    if (call->told.outcome == KWIT_OUTCOME_QUEUED && call->told.id)
        call->told.message = kw_arena_format(call->counter.arena,
                                             "kept for %s, which it was first called for; to print it on another "
                                             "printer: kwit queue cancel %s, then call again", job->uri, call->told.id);
}

void kw_call_tell_job(struct kw_call *call, const struct kw_job *job, bool was_finished)
{
    struct kw_delivery *delivery = &call->counter.delivery;
    kw_told_job(&call->told, job, delivery->cause, was_finished);
    if (delivery->cause_text[0] && call->told.reason == delivery->cause)
        call->told.message = delivery->cause_text;
    tell_elsewhere(call, job);
    bool taken_back = !call->counter.printer.queue || job->reason == KWIT_E_PERMISSION;
    if (job->state == KW_JOB_CANCELLED && taken_back && !was_finished) {
        call->told.outcome = KWIT_OUTCOME_ERROR;
        call->told.kept = false;
    }
    if (call->counter.unjournalled) {
        kw_notes_add(notes_of(call), KWIT_WARNING_NOT_JOURNALLED, "",
                     "the journal could not be written, so this receipt is not known to it");
        call->told.kept = false;
    }
}

/* ---- the same id again ------------------------------------------------------------------------------------------ */

/* Nothing came of it, and now it is asked for again. */
static int revive_job(struct kw_call *call, struct kw_job *job)
{
    struct kw_journal *journal = call->counter.journal;
    struct kw_job fresh;
    kw_accept_fill_job(&call->acceptance, &fresh);
    if (!kw_machine_next(job->state, KW_JOB_ON_AGAIN, &job->state))
        return 0;
    fresh.id = job->id;
    fresh.state = job->state;
    fresh.copy_kind = job->copy_kind;
    int code = kw_journal_begin(journal, KW_DURABLE, &call->error);
    if (code == 0)
        code = kw_job_revive(journal, &fresh, &call->error);
    if (code == 0)
        return kw_journal_commit(journal, &call->error);
    kw_journal_rollback(journal);
    return code;
}

static int join_job(struct kw_call *call, const struct kw_job *job)
{
    struct kw_journal *journal = call->counter.journal;
    int code = kw_journal_begin(journal, KW_SOON, &call->error);
    if (code == 0)
        code = kw_job_want(journal, job->id, call->counter.delivery.boot, call->acceptance.until_ms, &call->error);
    if (code == 0)
        return kw_journal_commit(journal, &call->error);
    kw_journal_rollback(journal);
    return code;
}

/* A job that the journal knows: *finished when there is nothing to do but to tell. */
int kw_call_resume(struct kw_call *call, struct kw_job *job, bool *finished)
{
    *finished = job->state == KW_JOB_PRINTED || job->state == KW_JOB_SENT || job->state == KW_JOB_UNCONFIRMED;
    if (*finished)
        return 0;
    call->acceptance.until_ms = call->counter.began_ms
        + kw_accept_patience_ms(&call->counter, call->acceptance.options, job->paper_um);
    if (job->state == KW_JOB_EXPIRED || job->state == KW_JOB_CANCELLED)
        return revive_job(call, job);
    return call->acceptance.options->no_wait ? 0 : join_job(call, job);
}

/* One copy from where the journal has it: accepted now, or resumed. */
int kw_call_copy(struct kw_call *call, const struct kw_sale_row *sale, int copy, struct kw_job *job, bool *finished)
{
    struct kw_counter *counter = &call->counter;
    int code = kw_job_find(counter->journal, sale->id, call->acceptance.part, copy, counter->arena, job, &call->error);
    *finished = false;
    if (code == KWIT_E_NOT_FOUND) {
        call->acceptance.first_copy = call->acceptance.last_copy = copy;
        call->acceptance.duplicate_key = false;
        code = kw_accept(&call->acceptance, sale, &call->error);
        if (code == 0)
            code = kw_job_find(counter->journal, sale->id, call->acceptance.part, copy, counter->arena, job,
                               &call->error);
    } else if (code == 0) {
        code = kw_call_resume(call, job, finished);
    }
    return code < 0 || *finished ? code : kw_call_deliver(call, job->id, job);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

static void keep_house(struct kw_call *call)
{
    struct kw_counter *counter = &call->counter;
    const struct kw_config *config = call->rendering ? &call->rendering->config : &call->config;
    struct kw_error ignored;
    if (!kw_journal_is_long(counter->journal) || kw_journal_is_tended(counter->journal))
        return;
    kw_state_ballast_keep(counter->state, &ignored);
    if (kw_journal_begin(counter->journal, KW_SOON, &ignored) == 0) {
        if (kw_journal_prune(counter->journal, kw_clock_wall_ms(), config->journal.bodies_days,
                             config->journal.keys_days, &ignored) < 0)
            kw_journal_rollback(counter->journal);
        else
            kw_journal_commit(counter->journal, &ignored);
    }
    kw_journal_checkpoint(counter->journal, &ignored);
}

int kw_call_end(struct kw_call *call, int code, kwit_result *result)
{
    struct kw_told *told = &call->told;
    if (code < 0) {
        call->error.code = (enum kwit_error)code;
        kw_told_error(told, &call->error);
    }
    told->ms.total = kw_clock_boot_ms() - call->counter.began_ms;
    told->errors = call->rendering ? &call->rendering->errors : NULL;
    told->warnings = call->rendering || call->notes.arena ? notes_of(call) : NULL;
    code = kw_tell(result, told);
    if (call->counter.journal) {
        kw_tell_syslog(told);
        keep_house(call);
    }
    if (told->outcome == KWIT_OUTCOME_QUEUED || told->outcome == KWIT_OUTCOME_INTERRUPTED)
        kw_counter_leave_flusher(&call->counter);
    kw_rendering_end(call->rendering);
    kw_counter_end(&call->counter);
    return code;
}

