/*
 * print.c - kwit_print: one document, once.
 *
 * Read everything and lay it out; store it; deliver it; tell. The same id again joins, repeats the answer, or is
 * refused.
 */
#include "api/accept.h"
#include "api/maps.h"
#include "api/stream.h"
#include "delivery/dialect.h"

#include <string.h>


static int check_digest(struct kw_call *call, const struct kw_sale_row *sale)
{
    uint8_t digest[KW_SALE_DIGEST];
    kw_sale_digest(call->rendering->sale, digest);
    if (memcmp(sale->digest, digest, sizeof digest) == 0)
        return 0;
    return kw_fail(&call->error, KWIT_E_CONFLICT, "/id",
                   "the id %s was another document before; a changed sale needs a new id", sale->name);
}

static bool is_out(const struct kw_job *job)
{
    return job->state == KW_JOB_PRINTED || job->state == KW_JOB_SENT;
}

/* The line is that of the last copy that was tried; the drawer is asked with the first. */
static void tell_copy(struct kw_call *call, const struct kw_job *job, bool finished)
{
    const struct kw_line_drawer drawer = call->line.drawer;
    kw_call_line_job(call, job, finished);
    if (job->copy > 1)
        call->line.drawer = drawer;
}

int kw_print_known(struct kw_call *call, const struct kw_sale_row *sale)
{
    int copies = call->options->copies > 0 ? call->options->copies : 1;
    int code = check_digest(call, sale);
    if (code == 0)
        code = kw_accept_recall(call, sale->id);
    for (int copy = 1; copy <= copies && code == 0; copy++) {
        struct kw_job job;
        bool finished;
        code = kw_call_copy(call, sale, copy, &job, &finished);
        if (code < 0)
            break;
        tell_copy(call, &job, finished);
        if (!is_out(&job))
            break;
    }
    return code;
}

/* ---- a new sale ------------------------------------------------------------------------------------------------- */

/* Copies behind one that is not out: what becomes of it becomes of them. */
static int put_rest_aside(struct kw_call *call, int copy)
{
    int code = 0;
    for (; copy <= call->acceptance.last_copy && code == 0; copy++) {
        struct kw_job job;
        code = kw_job_get(call->journal, call->acceptance.jobs[copy - 1], call->arena, &job, &call->error);
        if (code == 0)
            code = kw_call_put_aside(call, &job);
    }
    return code;
}

int kw_print_new(struct kw_call *call, const struct kw_sale_key *key)
{
    int copies = call->options->copies > 0 ? call->options->copies : 1;
    call->acceptance.first_copy = 1;
    call->acceptance.last_copy = copies;
    int code = kw_accept(call, NULL);
    if (code == 0 && call->acceptance.duplicate_key) {
        struct kw_sale_row sale;
        code = kw_sale_find(call->journal, key, call->arena, &sale, &call->error);
        return code < 0 ? code : kw_print_known(call, &sale);
    }
    for (int copy = 1; copy <= copies && code == 0; copy++) {
        struct kw_job job;
        code = kw_call_deliver(call, call->acceptance.jobs[copy - 1], &job);
        if (code < 0)
            break;
        tell_copy(call, &job, false);
        if (!is_out(&job))
            return put_rest_aside(call, copy + 1);
    }
    return code;
}

/* ---- the call --------------------------------------------------------------------------------------------------- */

int kw_print_dry(struct kw_call *call, kwit_result *result)
{
    struct kw_render_choice choice = { .sample = true, .copy = 1, .drawer = call->rendering->sale->drawer.asked };
    int code = kw_lay_paper(call->rendering, call->options, &choice, &call->error);
    if (code < 0)
        return code;
    for (size_t i = 0; i < call->rendering->encoded.count; i++) {
        const struct kw_encoded_piece *piece = &call->rendering->encoded.pieces[i];
        kw_buffer_add(&result->data, piece->bytes, piece->length);
        call->line.paper_um += piece->paper_um;
    }
    call->line.outcome = KWIT_OUTCOME_ENCODED;
    call->line.bytes = (int64_t)result->data.length;
    kw_call_line_survey(call);
    return 0;
}

/* What the printer turned out to be when it was last printed on, where nobody names it. */
static void take_learned_model(struct kw_call *call)
{
    struct kw_printer_row known;
    struct kw_error ignored;
    if (call->rendering->profile_named || !call->identity[0]
        || kw_printer_get(call->journal, call->identity, call->arena, &known, &ignored) < 0
        || known.named != KW_NAMED_MODEL)
        return;
    const struct kw_profile *found = kw_profile_find(known.profile);
    if (!found || !kw_dialect_of(found))
        return;
    call->rendering->profile = call->delivery.profile = found;
    kw_notes_drop(&call->warnings, KWIT_WARNING_PROFILE_GENERIC);
}

int kw_print_ready(struct kw_call *call)
{
    struct kw_rendering *rendering = call->rendering;
    int code = kw_call_open_journal(call, true);
    if (code == 0)
        code = kw_call_aim_at(call, &rendering->printer, rendering->uri, rendering->profile,
                              rendering->profile_named);
    if (code == 0 && call->unreachable && !rendering->printer.queue)
        code = kw_fail(&call->error, (enum kwit_error)call->unreachable, rendering->uri, "%s",
                       call->unreachable_text);
    if (code == 0 && !call->unjournalled)
        code = kw_call_follow(call, rendering->terminal);
    if (code == 0)
        take_learned_model(call);
    return code;
}

static int print_now(struct kw_call *call)
{
    struct kw_sale_key key = kw_accept_key(call->rendering);
    struct kw_sale_row sale;
    int code = kw_print_ready(call);
    if (code < 0)
        return code;
    call->acceptance.missed_at = kw_journal_version(call->journal);
    code = kw_sale_find(call->journal, &key, call->arena, &sale, &call->error);
    if (code == KWIT_E_NOT_FOUND)
        code = kw_print_new(call, &key);
    else if (code == 0)
        code = kw_print_known(call, &sale);
    kw_call_line_printer(call);
    kw_call_line_survey(call);
    return code;
}

/* The document, as far as it goes: its id stands in the line even when it is wrong. */
static int read_document(struct kw_call *call)
{
    int code = 0;
    if (call->options->from)
        code = kw_maps_apply(call->context, &call->config, call->options->from, call->arena, &call->acceptance.document,
                             &call->acceptance.length, &call->error);
    if (code == 0)
        code = kw_rendering_begin(&call->config, &call->warnings, call->acceptance.document, call->acceptance.length,
                                  call->options, &call->rendering, &call->error);
    if (call->rendering)
        call->rendering->fonts = call->context->fonts;
    if (call->rendering && call->rendering->sale)
        call->line.id = call->rendering->sale->id;
    return code;
}

/* A station's ticket has neither the sale's total nor its invitation: it is a part of its own, never the receipt. */
static void name_part(struct kw_call *call)
{
    const char *part = call->options->part, *station = call->options->station;
    call->part = part && part[0] ? part : station && station[0] ? station : "receipt";
    call->line.part = call->part;
}

static int check_part(struct kw_call *call)
{
    if (!call->options->station || strcmp(call->part, "receipt") != 0)
        return 0;
    return kw_fail(&call->error, KWIT_E_USAGE, "--station", "its ticket is no receipt; name it with another --part");
}

int kwit_print(kwit_context *context, const void *document, size_t length, const struct kwit_print_options *options,
               kwit_result **result)
{
    static const struct kwit_print_options defaults;
    struct kw_call call = { .context = context, .options = options ? options : &defaults };
    *result = kw_result_new();
    call.acceptance.document = document;
    call.acceptance.length = length;
    call.line.copy = 1;
    name_part(&call);
    int code = kw_call_begin(&call);
    if (code == 0)
        code = check_part(&call);
    if (code == 0)
        code = kw_call_configure(&call, call.options->strict);
    if (code == 0)
        code = read_document(&call);
    if (code == 0)
        code = call.options->dry_run ? kw_print_dry(&call, *result) : print_now(&call);
    return kw_call_end(&call, code, *result);
}
