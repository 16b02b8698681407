/*
 * call.c - what printing, reprinting and the queue have in common: one job delivered, one copy resumed, the end told.
 */
#include "api/accept.h"

#include "journal/tend.h"
#include "journal/withheld.h"

#include <stdio.h>
#include <string.h>

enum { RECOVER_MS = 2000 };

/* Some process prints it, or died over it. */
static bool is_begun(const struct kw_job *job)
{
    return job->state == KW_JOB_BODY || job->state == KW_JOB_TAIL;
}

/* ---- one job ---------------------------------------------------------------------------------------------------- */

/* Without the right to open the printer nothing will change by waiting: an administrator has to mend it first. */
static bool is_refused(const struct kw_call *call, const struct kw_job *job)
{
    return job->state == KW_JOB_WAITING && call->delivery.cause == KWIT_E_PERMISSION;
}

static bool is_kept(const struct kw_call *call, const struct kw_job *job)
{
    return call->options->no_wait || (call->printer.queue && !is_refused(call, job));
}

int kw_call_cancel(struct kw_call *call, struct kw_job *job, enum kwit_error reason)
{
    struct kw_journal *journal = call->journal;
    const enum kw_job_state from = job->state;
    bool moved = false;
    if (!kw_machine_next(from, KW_JOB_ON_CANCEL, &job->state))
        return 0;
    job->reason = reason;
    job->finished_ms = kw_clock_wall_ms();
    int code = kw_journal_begin(journal, KW_DURABLE, &call->error);
    if (code == 0)
        code = kw_job_move(journal, job, from, &moved, &call->error);
    if (code == 0 && moved && kw_job_is_first_receipt(job))
        code = kw_delivery_tell_failed(journal, job, &call->error);
    code = kw_journal_end(journal, code, &call->error);
    return code < 0 || moved ? code : kw_job_get(journal, job->id, call->arena, job, &call->error);
}

/* The caller goes: from here on the job is one of the queue's, and what the disk says of it is whole again. */
static int leave_job(struct kw_call *call, struct kw_job *job)
{
    struct kw_journal *journal = call->journal;
    bool moved;
    int code = kw_journal_begin(journal, KW_DURABLE, &call->error);
    if (code < 0)
        return code;
    job->armed = KW_ARMED_NOT;
    job->reason = call->delivery.cause;
    code = kw_job_want(journal, job->id, job->boot, 0, &call->error);
    if (code == 0 && job->state == KW_JOB_WAITING)
        code = kw_job_move(journal, job, KW_JOB_WAITING, &moved, &call->error);
    return kw_journal_end(journal, code, &call->error);
}

/* A known id may have been called for another printer before: the job stays there. */
static bool is_elsewhere(const struct kw_call *call, const struct kw_job *job)
{
    const char *aimed = call->delivery.uri;
    return job->uri && aimed && strcmp(job->uri, aimed) != 0 && strcmp(job->printer, kw_call_file_under(call)) != 0;
}

int kw_call_put_aside(struct kw_call *call, struct kw_job *job)
{
    if ((job->state != KW_JOB_WAITING && job->state != KW_JOB_INTERRUPTED) || is_elsewhere(call, job))
        return 0;
    return is_kept(call, job) ? leave_job(call, job) : kw_call_cancel(call, job, call->delivery.cause);
}

/* The journal failed while it printed: as it stands there is how the next call finds it, and what there is to tell. */
static int tell_failed(struct kw_call *call, int64_t id, struct kw_job *job, int code)
{
    struct kw_delivery *delivery = &call->delivery;
    struct kw_error ignored;
    if (kw_job_get(call->journal, id, call->arena, job, &ignored) < 0 || !kw_job_is_open(job->state))
        return code;
    const char *fate = job->state == KW_JOB_TAIL ? "the receipt was sent: look whether it came out, then kwit resolve"
                                                   " ID --seen or --missing"
                       : job->state == KW_JOB_WAITING ? "nothing was sent"
                                                      : "the receipt broke off, and prints again as a whole";
    delivery->cause = (enum kwit_error)code;
    snprintf(delivery->cause_text, sizeof delivery->cause_text, "%.200s%s%.300s; %s", call->error.where,
             call->error.where[0] ? ": " : "", call->error.text, fate);
    bool settled = is_begun(job) || kw_call_put_aside(call, job) == 0;
    return settled ? 0 : kw_job_get(call->journal, id, call->arena, job, &call->error);     /* it waits as it did */
}

int kw_call_deliver(struct kw_call *call, int64_t id, struct kw_job *job)
{
    struct kw_delivery *delivery = &call->delivery;
    int code = 0;
    delivery->cause = 0;
    delivery->cause_text[0] = 0;
    delivery->fresh = NULL;
    if (call->options->no_wait) {
        delivery->cause = KWIT_E_NO_WAIT;
    } else if (call->unreachable) {
        delivery->cause = call->unreachable;
        snprintf(delivery->cause_text, sizeof delivery->cause_text, "%s", call->unreachable_text);
    } else {
        delivery->settled = false;
        delivery->fresh = call->acceptance.first.id == id ? &call->acceptance.first : NULL;
        delivery->fresh_pieces = call->acceptance.first_pieces;
        delivery->fresh_piece_count = call->acceptance.first_piece_count;
        code = kw_delivery_run(delivery, id, call->until_ms, &call->error);
    }
    if (code < 0)
        return tell_failed(call, id, job, code);
    if (delivery->fresh && delivery->settled)
        *job = *delivery->fresh;
    else
        code = kw_job_get(call->journal, id, call->arena, job, &call->error);
    return code < 0 ? code : kw_call_put_aside(call, job);
}

int kw_call_recover(struct kw_call *call, struct kw_job *job)
{
    if (!is_begun(job))
        return 0;
    int code = kw_call_aim_job(call, job);
    call->delivery.identity = job->printer;         /* also where nobody finds it any more */
    call->delivery.cause = 0;
    if (code == 0)
        code = kw_delivery_recover(&call->delivery, kw_clock_boot_ms() + RECOVER_MS, &call->error);
    return code < 0 ? code : kw_job_get(call->journal, job->id, call->arena, job, &call->error);
}

/* ---- telling ---------------------------------------------------------------------------------------------------- */

void kw_call_line_printer(struct kw_call *call)
{
    const struct kw_delivery *delivery = &call->delivery;
    struct kw_printer_row known = delivery->printer;
    struct kw_error ignored;
    const char *name = call->printer.name;
    call->line.printer.name = name && name[0] ? name : NULL;
    call->line.printer.uri = delivery->uri;
    if (delivery->profile && strcmp(kw_profile_name(delivery->profile), "generic") != 0)
        kw_notes_drop(&call->warnings, KWIT_WARNING_PROFILE_GENERIC);
    if (call->elsewhere) {
        call->line.printer.name = call->elsewhere_name[0] ? call->elsewhere_name : NULL;
        call->line.printer.uri = call->elsewhere;
        return;
    }
    if (!known.identity && call->identity[0]
        && kw_printer_told(call->journal, call->identity, call->arena, &known, &ignored) < 0)
        return;
    bool fresh = delivery->seen.known;
    if (call->line.reason != KWIT_E_PAPER_OUT && (fresh ? delivery->seen.paper_near_end : known.near_end))
        kw_notes_add(&call->warnings, KWIT_WARNING_NEAR_END, "", "the paper is nearly at its end");
    call->line.printer.model = known.model && known.model[0] ? known.model : NULL;
    call->line.printer.serial = known.serial && known.serial[0] ? known.serial : NULL;
}

void kw_call_line_survey(struct kw_call *call)
{
    const struct kw_rendering *rendering = call->rendering;
    if (!rendering)
        return;
    call->line.survey.invited = rendering->decision.invited && rendering->url;
    call->line.survey.reason = rendering->decision.reason;
    call->line.survey.token = rendering->decision.token;
    call->line.survey.url = rendering->url;
    call->line.survey.variant = rendering->decision.variant;
}

static void tell_elsewhere(struct kw_call *call, const struct kw_job *job)
{
    call->elsewhere = NULL;
    if (!is_elsewhere(call, job))
        return;
    call->elsewhere = job->uri;
    call->elsewhere_name = job->printer_name ? job->printer_name : "";
    if (call->line.outcome == KWIT_OUTCOME_QUEUED && call->line.id)
        call->line.message = kw_arena_format(call->arena,
                                             "kept for %s, which it was first called for; to print it on another "
                                             "printer: kwit queue cancel %s, then call again", job->uri, call->line.id);
}

void kw_call_line_job(struct kw_call *call, const struct kw_job *job, bool was_finished)
{
    struct kw_delivery *delivery = &call->delivery;
    enum kwit_error cause = is_elsewhere(call, job) ? 0 : delivery->cause;      /* of that one nothing is known */
    kw_result_line_of_job(&call->line, job, cause, was_finished);
    if (delivery->cause_text[0] && cause && call->line.reason == cause && !call->line.message)
        call->line.message = delivery->cause_text;
    tell_elsewhere(call, job);
    bool taken_back = !call->printer.queue || job->reason == KWIT_E_PERMISSION;
    if (job->state == KW_JOB_CANCELLED && taken_back && !was_finished) {
        call->line.outcome = KWIT_OUTCOME_ERROR;
        call->line.kept = false;
    }
    if (call->unjournalled) {
        kw_notes_add(&call->warnings, KWIT_WARNING_NOT_JOURNALLED, "",
                     "the journal could not be written, so this receipt is not known to it");
        call->line.kept = false;
    }
}

/* ---- the same id again ------------------------------------------------------------------------------------------ */

/* Nothing came of it, and now it is asked for again: by another process before, where it was not moved. */
static int revive_job(struct kw_call *call, struct kw_job *job, bool *finished)
{
    struct kw_journal *journal = call->journal;
    const enum kw_job_state from = job->state;
    struct kw_job fresh;
    bool moved = false;
    kw_accept_fill_job(call, &fresh);
    if (!kw_machine_next(from, KW_JOB_ON_AGAIN, &job->state))
        return 0;
    fresh.id = job->id;
    fresh.state = job->state;
    fresh.copy_kind = job->copy_kind;
    int code = kw_journal_begin(journal, KW_DURABLE, &call->error);
    if (code == 0)
        code = kw_job_revive(journal, &fresh, from, &moved, &call->error);
    code = kw_journal_end(journal, code, &call->error);
    if (code == 0 && !moved)
        code = kw_job_get(journal, job->id, call->arena, job, &call->error);
    return code < 0 || moved ? code : kw_call_resume(call, job, finished);
}

static int join_job(struct kw_call *call, const struct kw_job *job)
{
    struct kw_journal *journal = call->journal;
    int code = kw_journal_begin(journal, KW_SOON, &call->error);
    if (code == 0)
        code = kw_job_want(journal, job->id, call->delivery.boot, call->until_ms, &call->error);
    return kw_journal_end(journal, code, &call->error);
}

/* A job that the journal knows: *finished when there is nothing to do but to tell. */
int kw_call_resume(struct kw_call *call, struct kw_job *job, bool *finished)
{
    *finished = job->state == KW_JOB_PRINTED || job->state == KW_JOB_SENT || job->state == KW_JOB_UNCONFIRMED;
    if (*finished)
        return 0;
    call->until_ms = call->began_ms
        + kw_accept_patience_ms(call, job->paper_um);
    if (job->state == KW_JOB_EXPIRED || job->state == KW_JOB_CANCELLED)
        return revive_job(call, job, finished);
    return call->options->no_wait ? 0 : join_job(call, job);
}

/* One copy from where the journal has it: accepted now, or resumed. */
int kw_call_copy(struct kw_call *call, const struct kw_sale_row *sale, int copy, struct kw_job *job, bool *finished)
{
    int code = kw_job_find(call->journal, sale->id, call->part, copy, call->arena, job, &call->error);
    *finished = false;
    if (code == KWIT_E_NOT_FOUND) {
        call->acceptance.first_copy = call->acceptance.last_copy = copy;
        call->acceptance.duplicate_key = false;
        code = kw_accept(call, sale);
        if (code == 0)
            code = kw_job_find(call->journal, sale->id, call->part, copy, call->arena, job,
                               &call->error);
    } else if (code == 0) {
        bool elsewhere = is_begun(job) && strcmp(job->printer, kw_call_file_under(call)) != 0;
        code = elsewhere ? kw_call_aim_job(call, job) : 0;
        if (code == 0)
            code = kw_call_resume(call, job, finished);
    }
    return code < 0 || *finished ? code : kw_call_deliver(call, job->id, job);
}

/* ---- the end ----------------------------------------------------------------------------------------------------- */

static void prune_old(struct kw_call *call)
{
    struct kw_error ignored;
    kw_withheld_forget(call->journal, kw_clock_wall_ms(), &ignored);
    if (!kw_journal_is_long(call->journal) || kw_journal_is_tended(call->journal))
        return;
    kw_state_ballast_keep(call->state, &ignored);
    if (kw_journal_begin(call->journal, KW_SOON, &ignored) == 0) {
        if (kw_journal_prune(call->journal, kw_clock_wall_ms(), call->config.journal.bodies_days,
                             call->config.journal.keys_days, &ignored) < 0)
            kw_journal_rollback(call->journal);
        else
            kw_journal_commit(call->journal, &ignored);
    }
    kw_journal_checkpoint(call->journal, &ignored);
    if (call->stored)
        kw_journal_begin_wal(call->journal, &ignored);
}

int kw_call_end(struct kw_call *call, int code, kwit_result *result)
{
    struct kw_result_line *line = &call->line;
    if (code < 0) {
        call->error.code = (enum kwit_error)code;
        kw_result_line_of_error(line, &call->error);
    }
    bool kept = line->outcome == KWIT_OUTCOME_QUEUED || line->outcome == KWIT_OUTCOME_INTERRUPTED;
    if (kept || call->delivery.left_waiting)
        line->unattended = !kw_call_leave_flusher(call) && kept;
    line->ms.total = kw_clock_boot_ms() - call->began_ms;
    line->errors = call->rendering ? &call->rendering->errors : NULL;
    line->warnings = call->warnings.arena ? &call->warnings : NULL;
    code = kw_result_line_write(result, line);
    if (call->journal) {
        kw_result_line_log(line);
        prune_old(call);
        kw_text_fonts_keep(call->context->fonts);
    }
    if (call->journal && (line->outcome == KWIT_OUTCOME_PRINTED || line->outcome == KWIT_OUTCOME_SENT))
        kw_call_leave_pusher(call);
    kw_rendering_end(call->rendering);
    kw_call_close(call);
    return code;
}

