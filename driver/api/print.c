/*
 * print.c - kwit_print: one document, once.
 *
 * Read everything and lay it out; store it; deliver it; tell. The same id again joins, repeats the answer, or is
 * refused.
 */
#include "api/call.h"

#include <string.h>


static int check_digest(struct kw_call *call, const struct kw_sale_row *sale)
{
    if (memcmp(sale->digest, call->rendering->sale->digest, 32) == 0)
        return 0;
    return kw_fail(&call->error, KWIT_E_CONFLICT, "/id",
                   "the id %s was another document before; a changed sale needs a new id", sale->name);
}

static int run_known(struct kw_call *call, const struct kw_sale_row *sale)
{
    int copies = call->acceptance.options->copies > 0 ? call->acceptance.options->copies : 1;
    int code = check_digest(call, sale);
    if (code == 0)
        code = kw_accept_recall(&call->counter, call->rendering, call->acceptance.options, sale->id, &call->error);
    for (int copy = 1; copy <= copies && code == 0; copy++) {
        struct kw_job job;
        bool finished;
        code = kw_call_copy(call, sale, copy, &job, &finished);
        if (code < 0)
            break;
        kw_call_tell_job(call, &job, finished);
        if (job.state != KW_JOB_PRINTED && job.state != KW_JOB_SENT)
            break;
    }
    return code;
}

/* ---- a new sale ------------------------------------------------------------------------------------------------- */

static int run_new(struct kw_call *call, const struct kw_sale_key *key)
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
        code = kw_call_deliver(call, call->acceptance.jobs[copy - 1], &job);
        if (code < 0)
            break;
        kw_call_tell_job(call, &job, false);
        if (job.state != KW_JOB_PRINTED && job.state != KW_JOB_SENT)
            break;
    }
    return code;
}

/* ---- the call --------------------------------------------------------------------------------------------------- */

static int dry_run(struct kw_call *call, kwit_result *result)
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
    kw_call_tell_survey(call);
    return 0;
}

static int print_now(struct kw_call *call)
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
        code = kw_fail(&call->error, (enum kwit_error)counter->unreachable, rendering->uri, "%s",
                       counter->unreachable_text);
    if (code < 0)
        return code;
    code = kw_sale_find(counter->journal, &key, counter->arena, &sale, &call->error);
    if (code == KWIT_E_NOT_FOUND)
        code = run_new(call, &key);
    else if (code == 0)
        code = run_known(call, &sale);
    kw_call_tell_printer(call);
    kw_call_tell_survey(call);
    return code;
}

static int run(struct kw_call *call, const void *document, size_t length, kwit_result *result)
{
    const struct kwit_print_options *options = call->acceptance.options;
    int code = kw_counter_begin(call->counter.context, &call->counter, &call->error);
    if (code == 0)
        code = kw_rendering_begin(call->counter.context, document, length, options, NULL, &call->rendering,
                                  &call->error);
    if (call->rendering && call->rendering->sale)
        call->told.id = call->rendering->sale->id;
    call->acceptance.counter = &call->counter;
    call->acceptance.rendering = call->rendering;
    if (code == 0)
        code = options->dry_run ? dry_run(call, result) : print_now(call);
    return code;
}

int kwit_print(kwit_context *context, const void *document, size_t length, const struct kwit_print_options *options,
               kwit_result **result)
{
    static const struct kwit_print_options defaults;
    struct kw_call call = { .counter.context = context };
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
    return kw_call_end(&call, code, *result);
}
