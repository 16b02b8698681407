/*
 * print.c - kwit_print: one document, once.
 *
 * Read everything and lay it out; store it; deliver it; tell. The same id again joins, repeats the answer, or is refused.
 */
#include "api/accept.h"
#include "api/tell.h"

#include <stdio.h>
#include <string.h>

struct call {
    struct kw_counter counter;
    struct kw_rendering *rendering;
    struct kw_acceptance acceptance;
    struct kw_told told;
    struct kw_error error;
};

/* ---- one job ---------------------------------------------------------------------------------------------------- */

/* With queue = no nothing is left behind that the caller was not told to wait for. */
static int give_up(struct call *call, struct kw_job *job)
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
static int leave_job(struct call *call, struct kw_job *job)
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

static int deliver_job(struct call *call, int64_t id, struct kw_job *job)
{
    struct kw_counter *counter = &call->counter;
    struct kw_delivery *delivery = &counter->delivery;
    int code = 0;
    delivery->cause = 0;
    delivery->cause_text[0] = 0;
    if (call->acceptance.options->no_wait) {
        delivery->cause = KWIT_E_NO_WAIT;
    } else if (counter->unreachable) {
        delivery->cause = counter->unreachable;
        snprintf(delivery->cause_text, sizeof delivery->cause_text, "%s", counter->unreachable_text);
    } else {
        code = kw_delivery_run(delivery, id, call->acceptance.until_ms, &call->error);
    }
    if (code == 0)
        code = kw_job_get(counter->journal, id, counter->arena, job, &call->error);
    if (code == 0 && (job->state == KW_JOB_WAITING || job->state == KW_JOB_INTERRUPTED))
        code = counter->printer.queue || call->acceptance.options->no_wait ? leave_job(call, job) : give_up(call, job);
    return code;
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

static void tell_printer(struct call *call)
{
    const struct kw_delivery *delivery = &call->counter.delivery;
    struct kw_printer_row known = delivery->printer;
    struct kw_error ignored;
    call->told.printer.name = call->counter.printer.name && call->counter.printer.name[0] ? call->counter.printer.name : NULL;
    call->told.printer.uri = delivery->uri;
    if (!known.identity && call->counter.identity[0]
        && kw_printer_get(call->counter.journal, call->counter.identity, call->counter.arena, &known, &ignored) < 0)
        return;
    bool fresh = delivery->seen.known;
    if (fresh ? delivery->seen.paper_near_end : known.near_end)
        kw_notes_add(&call->rendering->warnings, KWIT_WARNING_NEAR_END, "", "the paper is nearly at its end");
    call->told.printer.model = known.model && known.model[0] ? known.model : NULL;
    call->told.printer.serial = known.serial && known.serial[0] ? known.serial : NULL;
}

static void tell_survey(struct call *call)
{
    const struct kw_rendering *rendering = call->rendering;
    call->told.survey.invited = rendering->decision.invited && rendering->url;
    call->told.survey.reason = rendering->decision.reason;
    call->told.survey.token = rendering->decision.token;
    call->told.survey.url = rendering->url;
    call->told.survey.variant = rendering->decision.variant;
}

static void tell_job(struct call *call, const struct kw_job *job, bool was_finished)
{
    struct kw_delivery *delivery = &call->counter.delivery;
    kw_told_job(&call->told, job, delivery->cause, was_finished);
    if (delivery->cause_text[0] && call->told.reason == delivery->cause)
        call->told.message = delivery->cause_text;
    if (job->state == KW_JOB_CANCELLED && !call->counter.printer.queue && !was_finished) {
        call->told.outcome = KWIT_OUTCOME_ERROR;
        call->told.kept = false;
    }
    if (call->counter.unjournalled) {
        kw_notes_add(&call->rendering->warnings, KWIT_WARNING_NOT_JOURNALLED, "",
                     "the journal could not be written, so this receipt is not known to it");
        call->told.kept = false;
    }
}

/* ---- the same id again ------------------------------------------------------------------------------------------ */

static int check_digest(struct call *call, const struct kw_sale_row *sale)
{
    if (memcmp(sale->digest, call->rendering->sale->digest, 32) == 0)
        return 0;
    return kw_fail(&call->error, KWIT_E_CONFLICT, "/id",
                   "the id %s was another document before; a changed sale needs a new id", sale->name);
}

/* Nothing came of it, and now it is asked for again. */
static int revive_job(struct call *call, struct kw_job *job)
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

static int join_job(struct call *call, const struct kw_job *job)
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
static int resume_job(struct call *call, struct kw_job *job, bool *finished)
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
static int run_copy(struct call *call, const struct kw_sale_row *sale, int copy, struct kw_job *job, bool *finished)
{
    struct kw_counter *counter = &call->counter;
    int code = kw_job_find(counter->journal, sale->id, call->acceptance.part, copy, counter->arena, job, &call->error);
    *finished = false;
    if (code == KWIT_E_NOT_FOUND) {
        call->acceptance.first_copy = call->acceptance.last_copy = copy;
        call->acceptance.duplicate_key = false;
        code = kw_accept(&call->acceptance, sale, &call->error);
        if (code == 0)
            code = kw_job_find(counter->journal, sale->id, call->acceptance.part, copy, counter->arena, job, &call->error);
    } else if (code == 0) {
        code = resume_job(call, job, finished);
    }
    return code < 0 || *finished ? code : deliver_job(call, job->id, job);
}

static int run_known(struct call *call, const struct kw_sale_row *sale)
{
    int copies = call->acceptance.options->copies > 0 ? call->acceptance.options->copies : 1;
    int code = check_digest(call, sale);
    if (code == 0)
        code = kw_accept_recall(&call->counter, call->rendering, call->acceptance.options, sale->id, &call->error);
    for (int copy = 1; copy <= copies && code == 0; copy++) {
        struct kw_job job;
        bool finished;
        code = run_copy(call, sale, copy, &job, &finished);
        if (code < 0)
            break;
        tell_job(call, &job, finished);
        if (job.state != KW_JOB_PRINTED && job.state != KW_JOB_SENT)
            break;
    }
    return code;
}

/* ---- a new sale ------------------------------------------------------------------------------------------------- */

static int run_new(struct call *call, const struct kw_sale_key *key)
{
    struct kw_counter *counter = &call->counter;
    int copies = call->acceptance.options->copies > 0 ? call->acceptance.options->copies : 1;
    call->acceptance.first_copy = 1;
    call->acceptance.last_copy = copies;
    int code = kw_accept(&call->acceptance, NULL, &call->error);
    if (code == 0 && call->acceptance.duplicate_key) {
        struct kw_sale_row sale;
        code = kw_sale_find(counter->journal, key, counter->arena, &sale, &call->error);
        return code < 0 ? code : run_known(call, &sale);
    }
    for (int copy = 1; copy <= copies && code == 0; copy++) {
        struct kw_job job;
        code = deliver_job(call, call->acceptance.jobs[copy - 1], &job);
        if (code < 0)
            break;
        tell_job(call, &job, false);
        if (job.state != KW_JOB_PRINTED && job.state != KW_JOB_SENT)
            break;
    }
    return code;
}

/* ---- the call --------------------------------------------------------------------------------------------------- */

static int dry_run(struct call *call, kwit_result *result)
{
    struct kw_render_choice choice = { .sample = true, .copy = 1, .drawer = call->rendering->sale->drawer.asked };
    int code = kw_rendering_make(call->rendering, call->acceptance.options, &choice, &call->error);
    if (code < 0)
        return code;
    for (size_t i = 0; i < call->rendering->encoded.count; i++) {
        const struct kw_encoded_piece *piece = &call->rendering->encoded.pieces[i];
        kw_buffer_add(&result->data, piece->bytes, piece->length);
        call->told.paper_um += piece->paper_um;
    }
    call->told.outcome = KWIT_OUTCOME_SENT;
    call->told.message = "encoded only; nothing was stored or printed";
    call->told.bytes = (int64_t)result->data.length;
    tell_survey(call);
    return 0;
}

static void keep_house(struct call *call)
{
    struct kw_counter *counter = &call->counter;
    const struct kw_config_journal *settings = &call->rendering->config.journal;
    struct kw_error ignored;
    if (!kw_journal_is_long(counter->journal))
        return;
    kw_state_ballast_keep(counter->state, &ignored);
    if (kw_journal_begin(counter->journal, KW_SOON, &ignored) == 0) {
        if (kw_journal_prune(counter->journal, kw_clock_wall_ms(), settings->bodies_days, settings->keys_days, &ignored) < 0)
            kw_journal_rollback(counter->journal);
        else
            kw_journal_commit(counter->journal, &ignored);
    }
    kw_journal_checkpoint(counter->journal, &ignored);
}

static int print_now(struct call *call)
{
    struct kw_counter *counter = &call->counter;
    struct kw_rendering *rendering = call->rendering;
    struct kw_sale_key key = kw_accept_key(rendering);
    struct kw_sale_row sale;
    int code = kw_counter_open(counter, &rendering->config, true, &call->error);
    if (code == 0)
        code = kw_counter_aim(counter, &rendering->printer, rendering->uri, rendering->profile,
                              call->acceptance.options->profile || rendering->printer.profile, &call->error);
    if (code == 0 && counter->unreachable && !rendering->printer.queue)
        code = kw_fail(&call->error, (enum kwit_error)counter->unreachable, rendering->uri, "%s", counter->unreachable_text);
    if (code < 0)
        return code;
    code = kw_sale_find(counter->journal, &key, counter->arena, &sale, &call->error);
    if (code == KWIT_E_NOT_FOUND)
        code = run_new(call, &key);
    else if (code == 0)
        code = run_known(call, &sale);
    tell_printer(call);
    tell_survey(call);
    return code;
}

static int run(struct call *call, const void *document, size_t length, kwit_result *result)
{
    const struct kwit_print_options *options = call->acceptance.options;
    int code = kw_counter_begin(call->counter.context, &call->counter, &call->error);
    if (code == 0)
        code = kw_rendering_begin(call->counter.context, document, length, options, NULL, &call->rendering, &call->error);
    if (call->rendering && call->rendering->sale)
        call->told.id = call->rendering->sale->id;
    call->acceptance.counter = &call->counter;
    call->acceptance.rendering = call->rendering;
    if (code == 0)
        code = options->dry_run ? dry_run(call, result) : print_now(call);
    return code;
}

static int finish(struct call *call, int code, kwit_result *result)
{
    struct kw_told *told = &call->told;
    if (code < 0) {
        call->error.code = (enum kwit_error)code;
        kw_told_error(told, &call->error);
    }
    told->ms.total = kw_clock_boot_ms() - call->counter.began_ms;
    told->warnings = call->rendering ? &call->rendering->warnings : NULL;
    told->errors = call->rendering ? &call->rendering->errors : NULL;
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

int kwit_print(kwit_context *context, const void *document, size_t length, const struct kwit_print_options *options,
               kwit_result **result)
{
    static const struct kwit_print_options defaults;
    struct call call = { .counter.context = context };
    if (!options)
        options = &defaults;
    *result = kw_result_new();
    call.acceptance.options = options;
    call.acceptance.part = options->part && options->part[0] ? options->part : "receipt";
    call.acceptance.document = document;
    call.acceptance.length = length;
    call.told.part = call.acceptance.part;
    call.told.copy = 1;
    int code = run(&call, document, length, *result);
    return finish(&call, code, *result);
}
