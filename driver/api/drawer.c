/* drawer.c - kwit_drawer_open: a pulse asked by hand, journalled with its reason, worth five seconds. */
#include "api/accept.h"
#include "delivery/dialect.h"

#include <kwit/tool.h>

#include <stdio.h>
#include <string.h>

enum { ON_MS = 100, OFF_MS = 500, DETAIL_SIZE = 120 };

/* A page with nothing on it but the pulse. */
static int encode_pulse(struct kw_call *call, int pin, struct kw_encoded *encoded)
{
    struct kw_page page;
    kw_page_init(&page, call->arena, call->delivery.profile->width_dots);
    struct kw_piece *piece = kw_page_add_piece(&page, KW_PIECE_DRAWER, "drawer");
    if (!piece)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    piece->drawer_pin = (uint8_t)pin;
    piece->on_ms = call->printer.drawer_on_ms > 0 ? call->printer.drawer_on_ms : ON_MS;
    piece->off_ms = call->printer.drawer_off_ms > 0 ? call->printer.drawer_off_ms : OFF_MS;
    const struct kw_profile *profile = call->delivery.profile;
    return kw_dialect_of(profile)->encode(call->arena, &page, profile, encoded, &call->error);
}

static int store_pulse(struct kw_call *call, const struct kw_encoded *encoded, const char *detail, struct kw_job *job)
{
    struct kw_journal *journal = call->journal;
    const struct kw_encoded_piece *made = &encoded->pieces[0];
    struct kw_piece_row row = { .kind = made->kind, .name = made->name, .bytes = made->bytes, .length = made->length,
                                .tail_offset = made->tail_offset };
    int code = kw_journal_begin(journal, KW_DURABLE, &call->error);
    if (code < 0)
        return code;
    code = kw_job_add(journal, job, &call->error);
    if (code == 0)
        code = kw_piece_add(journal, job->id, &row, &call->error);
    if (code == 0)
        code = kw_touchpoint_event(journal, 0, KW_EVENT_DRAWER, detail, job->accepted_ms, &call->error);
    if (code == 0)
        return kw_journal_commit(journal, &call->error);
    kw_journal_rollback(journal);
    return code;
}

/* The wish stands in the journal; a drawer that stayed shut must not stand there as one that opened. */
static int tell_shut(struct kw_call *call, const char *why, const char *detail)
{
    struct kw_journal *journal = call->journal;
    char text[2 * DETAIL_SIZE];
    snprintf(text, sizeof text, "not opened, %s: %s", why, detail);
    int code = kw_journal_begin(journal, KW_SOON, &call->error);
    if (code == 0)
        code = kw_touchpoint_event(journal, 0, KW_EVENT_DRAWER, text, kw_clock_wall_ms(), &call->error);
    return kw_journal_end(journal, code, &call->error);
}

static void fill_job(struct kw_call *call, struct kw_job *job)
{
    static const struct kwit_print_options worth = { .deadline_ms = KW_DELIVERY_DRAWER_MS };
    call->options = &worth;
    call->part = "drawer";
    call->until_ms = call->began_ms + KW_DELIVERY_DRAWER_MS;
    kw_accept_fill_job(call, job);
    job->copy = 1;
    job->drawer = "asked";
}

/* Its job is done either way: what was in the way is the printer's. */
static void tell_pulse(struct kw_call *call, bool pulsed)
{
    const struct kw_delivery *delivery = &call->delivery;
    struct kw_result_line *line = &call->line;
    line->outcome = pulsed ? KWIT_OUTCOME_SENT : KWIT_OUTCOME_ERROR;
    line->message = "the drawer was told to open";
    if (pulsed)
        return;
    line->reason = delivery->cause ? delivery->cause : KWIT_E_LATE;
    line->message = delivery->cause && delivery->cause_text[0] ? delivery->cause_text : kwit_error_text(line->reason);
}

static int open_drawer(struct kw_call *call, const struct kwit_drawer_options *options)
{
    struct kw_encoded encoded;
    struct kw_job job;
    char detail[DETAIL_SIZE];
    snprintf(detail, sizeof detail, "%s%s%s", options->reason ? options->reason : "by hand",
             options->cashier ? " / " : "", options->cashier ? options->cashier : "");
    if (call->unreachable)
        return kw_fail(&call->error, (enum kwit_error)call->unreachable, call->delivery.uri, "%s",
                       call->unreachable_text);
    if (call->delivery.profile->drawer == KW_NO)
        return kw_fail(&call->error, KWIT_E_UNSUPPORTED, call->delivery.uri, "a %s has no socket for a drawer",
                       call->delivery.profile->model);
    int code = encode_pulse(call, options->pin == 5 ? 5 : 2, &encoded);
    fill_job(call, &job);
    if (code == 0)
        code = store_pulse(call, &encoded, detail, &job);
    call->printer.queue = false;
    if (code == 0)
        code = kw_call_deliver(call, job.id, &job);
    if (code < 0)
        return code;
    kw_call_line_job(call, &job, false);
    const bool pulsed = strcmp(job.drawer, "pulsed") == 0;
    tell_pulse(call, pulsed);
    return pulsed ? 0 : tell_shut(call, kwit_error_word(call->line.reason), detail);
}

int kwit_drawer_open(kwit_context *context, const struct kwit_drawer_options *options, kwit_result **result)
{
    static const struct kwit_drawer_options defaults;
    struct kw_call call;
    if (!options)
        options = &defaults;
    *result = kw_result_new();
    int code = kw_call_open(context, true, &call);
    call.line.part = "drawer";
    call.line.copy = 1;
    if (code == 0)
        code = kw_call_aim(&call, options->printer);
    if (code == 0)
        code = open_drawer(&call, options);
    if (code == 0)
        kw_call_line_printer(&call);
    return kw_call_end(&call, code, *result);
}
