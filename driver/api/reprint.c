/* reprint.c - kwit_reprint and kwit_resolve: paper asked for again, and what a person saw. */
#include "api/accept.h"

#include <string.h>

/* ---- reprint ---------------------------------------------------------------------------------------------------- */

/* The stored document becomes a rendering again, for the printer named now or the one of the first print. */
static int begin_rendering(struct kw_call *call, const struct kw_sale_row *sale, struct kwit_print_options *options,
                           const struct kw_job *first)
{
    int code = kw_call_document(call, sale->id, call->arena, &call->acceptance.document,
                                &call->acceptance.length, &call->error);
    if (!options->printer && first) {
        options->printer = kw_call_printer_of(call, first);
        options->profile = first->profile;
    }
    if (code == 0)
        code = kw_rendering_begin(&call->config, &call->warnings, call->acceptance.document,
                                  call->acceptance.length, options, &call->rendering, &call->error);
    if (code == 0)
        code = kw_call_aim_at(call, &call->rendering->printer, call->rendering->uri, call->rendering->profile,
                              true);
    return code;
}

static bool is_told(const struct kw_job *jobs, size_t at)
{
    bool told = false;
    for (size_t i = 0; i < at && !told; i++)
        told = strcmp(jobs[i].part, jobs[at].part) == 0;
    return told;
}

/* Of a part that was never printed there is nothing to print again. A sale whose jobs are gone is taken at its word. */
static int check_part(struct kw_call *call, const struct kw_sale_row *sale)
{
    struct kw_job *jobs;
    size_t count;
    const char *parts = "";
    int code = kw_call_list_jobs(call, sale, NULL, &jobs, &count);
    for (size_t i = 0; i < count && code == 0; i++) {
        if (strcmp(jobs[i].part, call->part) == 0)
            return 0;
        if (!is_told(jobs, i))
            parts = kw_arena_format(call->arena, "%s%s%s", parts, parts[0] ? ", " : "", jobs[i].part);
        if (!parts)
            return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    }
    return code < 0 || count == 0 ? code
        : kw_fail(&call->error, KWIT_E_NOT_FOUND, sale->name, "no part called %s was printed of it, only %s: name one "
                  "with --part, or print it with kwit print", call->part, parts);
}

static int reprint(struct kw_call *call, const struct kwit_sale_name *name, int copy,
                   struct kwit_print_options *options)
{
    struct kw_sale_row sale;
    struct kw_job job, first;
    bool finished = false;
    int code = kw_call_find_sale(call, name, &sale);
    if (code < 0)
        return code;
    int known = kw_job_find(call->journal, sale.id, call->part, 1, call->arena, &first,
                            &call->error);
    if (known < 0 && known != KWIT_E_NOT_FOUND)
        return known;
    if (known == KWIT_E_NOT_FOUND)
        code = check_part(call, &sale);
    if (code == 0 && copy == 0)
        code = kw_job_next_copy(call->journal, sale.id, call->part, &copy, &call->error);
    if (code == 0)
        code = begin_rendering(call, &sale, options, known == 0 ? &first : NULL);
    if (code == 0)
        code = kw_accept_recall(call, sale.id);
    if (code == 0)
        code = kw_call_copy(call, &sale, copy, &job, &finished);
    if (code == 0)
        kw_call_line_job(call, &job, finished);
    kw_call_line_printer(call);
    kw_call_line_survey(call);
    return code;
}

int kwit_reprint(kwit_context *context, const struct kwit_sale_name *sale, const struct kwit_reprint_options *given,
                 kwit_result **result)
{
    static const struct kwit_reprint_options defaults;
    struct kw_call call;
    if (!given)
        given = &defaults;
    struct kwit_print_options options = { .printer = given->printer, .profile = given->profile,
                                          .timeout_ms = given->timeout_ms };
    *result = kw_result_new();
    int code = kw_call_open(context, false, &call);
    call.options = &options;
    call.part = given->part && given->part[0] ? given->part : "receipt";
    call.reprint = true;
    call.copy_kind = KW_COPY_DUPLICATE;
    call.line.id = sale ? sale->id : NULL;
    call.line.part = call.part;
    call.line.copy = given->copy ? given->copy : 1;
    if (code == 0 && given->copy < 0)
        code = kw_fail(&call.error, KWIT_E_USAGE, "--copy", "copies are numbered from 1");
    if (code == 0)
        code = reprint(&call, sale, given->copy, &options);
    return kw_call_end(&call, code, *result);
}

/* ---- resolve ---------------------------------------------------------------------------------------------------- */

/* Two parts of a sale may be in doubt: a word about one is none about the other. */
static int find_doubt(struct kw_call *call, const struct kw_sale_row *sale, const char *part, struct kw_job *job,
                      bool *found)
{
    struct kw_job *jobs;
    size_t count;
    int code = kw_call_list_jobs(call, sale, part, &jobs, &count);
    *found = false;
    if (code < 0)
        return code;
    if (count == 0)
        return kw_fail(&call->error, KWIT_E_NOT_FOUND, sale->name, "nothing was ever printed under this id");
    for (size_t i = 0; i < count && code == 0; i++)
        code = kw_call_recover(call, &jobs[i]);
    if (code < 0)
        return code;
    *job = jobs[count - 1];
    for (size_t i = 0; i < count; i++) {
        if (jobs[i].state != KW_JOB_UNCONFIRMED)
            continue;
        if (*found && strcmp(job->part, jobs[i].part) != 0)
            return kw_fail(&call->error, KWIT_E_CONFLICT, sale->name,
                           "its parts %s and %s are both in doubt: say which with --part", job->part, jobs[i].part);
        if (!*found)
            *job = jobs[i];
        *found = true;
    }
    return 0;
}

/* The word of a person about the one piece that is in doubt. *moved false: it was said before. */
static int settle(struct kw_call *call, struct kw_job *job, bool seen, bool *moved)
{
    struct kw_journal *journal = call->journal;
    struct kw_piece_row *pieces, *doubt = NULL;
    size_t count, waiting = 0;
    int code = kw_piece_list(journal, job->id, call->arena, &pieces, &count, &call->error);
    for (size_t i = 0; i < count; i++) {
        if (pieces[i].kind == KW_PIECE_PAPER && pieces[i].state == KW_PIECE_TAIL)
            doubt = &pieces[i];
        waiting += pieces[i].kind == KW_PIECE_PAPER
                   && (pieces[i].state == KW_PIECE_WAITING || pieces[i].state == KW_PIECE_BODY);
    }
    if (code < 0)
        return code;
    const bool left = !seen || waiting > 0;
    enum kw_job_event event = !seen ? KW_JOB_ON_MISSING : waiting ? KW_JOB_ON_MORE : KW_JOB_ON_SEEN;
    if (!kw_machine_next(job->state, event, &job->state))
        return 0;
    job->reason = left ? 0 : KWIT_E_SETTLED;
    job->finished_ms = left ? 0 : kw_clock_wall_ms();
    if (!seen)
        job->copy_kind = KW_COPY_POSSIBLE_DUPLICATE;
    if (doubt)
        doubt->state = seen ? KW_PIECE_PRINTED : KW_PIECE_BODY;
    code = kw_job_move(journal, job, KW_JOB_UNCONFIRMED, moved, &call->error);
    if (code == 0 && *moved && doubt)
        code = kw_piece_move(journal, job->id, doubt, &call->error);
    if (code == 0 && *moved && kw_job_is_first_receipt(job))
        code = kw_touchpoint_event(journal, job->sale, seen ? KW_EVENT_SEEN_BY_PERSON : KW_EVENT_MISSING_BY_PERSON, "",
                                   kw_clock_wall_ms(), &call->error);
    if (code == 0 && *moved)
        code = kw_printer_vouch(journal, job->printer, seen, &call->error);
    return code < 0 || *moved ? code : kw_job_get(journal, job->id, call->arena, job, &call->error);
}

/* New deadlines for what is printed now; its state stays. */
static int renew(struct kw_call *call, struct kw_job *job)
{
    struct kw_job fresh;
    bool moved;
    call->until_ms = call->began_ms
        + kw_accept_patience_ms(call, job->paper_um);
    call->part = job->part;
    kw_accept_fill_job(call, &fresh);
    fresh.id = job->id;
    fresh.state = job->state;
    fresh.copy_kind = job->copy_kind;
    fresh.profile = job->profile;
    fresh.printer_name = job->printer_name;
    return kw_job_revive(call->journal, &fresh, job->state, &moved, &call->error);
}

/* *left: there is paper to come. */
static int settle_and_store(struct kw_call *call, struct kw_job *job, bool seen, bool *left)
{
    bool moved = false;
    int code = kw_journal_begin(call->journal, KW_DURABLE, &call->error);
    if (code < 0)
        return code;
    code = settle(call, job, seen, &moved);
    *left = moved && kw_job_is_open(job->state);
    if (code == 0 && *left)
        code = renew(call, job);
    return kw_journal_end(call->journal, code, &call->error);
}

/* The copies that came to wait behind the one in doubt go on as what was left does. */
static int release_copies(struct kw_call *call, const struct kw_sale_row *sale, const struct kw_job *settled)
{
    struct kw_job *jobs;
    size_t count;
    int code = kw_call_list_jobs(call, sale, settled->part, &jobs, &count);
    for (size_t i = 0; i < count && code == 0; i++)
        call->delivery.left_waiting |= jobs[i].state == KW_JOB_WAITING && jobs[i].copy > settled->copy;
    return code;
}

int kwit_resolve(kwit_context *context, const struct kwit_sale_name *name, const char *part, int seen,
                 kwit_result **result)
{
    struct kw_call call;
    struct kw_sale_row sale;
    struct kw_job job;
    bool found = false, left = false;
    *result = kw_result_new();
    int code = kw_call_open(context, false, &call);
    call.line.id = name->id;
    call.line.copy = 1;
    if (code == 0)
        code = kw_call_find_sale(&call, name, &sale);
    if (code == 0)
        code = find_doubt(&call, &sale, part, &job, &found);
    if (code == 0)
        code = kw_call_aim_job(&call, &job);
    if (code == 0 && found)
        code = settle_and_store(&call, &job, seen != 0, &left);
    if (code == 0 && left)
        code = kw_call_deliver(&call, job.id, &job);
    if (code == 0)
        kw_call_line_job(&call, &job, !found);
    if (code == 0)
        kw_call_line_printer(&call);
    if (code == 0 && found)
        code = release_copies(&call, &sale, &job);
    return kw_call_end(&call, code, *result);
}
