/* status.c - kwit_status: how the printer is right now, and what waits for it. Lets go of it at the end. */
#include "api/call.h"

#include <kwit/tool.h>

#include <string.h>

enum { PATIENCE_MS = 2000 };

struct look {
    struct kw_call call;
    int waiting, held, unconfirmed;
    bool garbled;                   /* receipts wait because of what it answered them */
};

static int count_jobs(struct look *look)
{
    struct kw_call *call = &look->call;
    struct kw_job_filter filter = { .printer = kw_call_file_under(call), .uri = call->delivery.uri, .open = true,
                                    .unconfirmed = true };
    struct kw_job *jobs;
    size_t count;
    int code = kw_delivery_tidy(&call->delivery, &call->error);
    if (code == 0)
        code = kw_job_list(call->journal, &filter, call->arena, &jobs, &count, &call->error);
    for (size_t i = 0; code == 0 && i < count; i++) {
        if (jobs[i].state == KW_JOB_UNCONFIRMED)
            look->unconfirmed++;
        else if (jobs[i].held)
            look->held++;
        else
            look->waiting++;
        look->garbled |= jobs[i].reason == KWIT_E_GARBAGE;
    }
    return code;
}

/* What waits where its name led before comes here when its till prints next, or somebody says so. */
static int count_strays(struct look *look)
{
    struct kw_call *call = &look->call;
    struct kw_job *jobs;
    size_t count;
    if (!call->printer.name || !call->printer.name[0])
        return 0;
    int code = kw_job_list_strays(call->journal, call->printer.name, call->delivery.uri, NULL, call->arena, &jobs,
                                  &count, &call->error);
    look->waiting += (int)count;
    return code;
}

static int ask_printer(struct look *look)
{
    struct kw_call *call = &look->call;
    struct kw_delivery *delivery = &call->delivery;
    delivery->cause = call->unreachable;
    if (delivery->cause) {
        strcpy(delivery->cause_text, call->unreachable_text);
        return 0;
    }
    int code = kw_delivery_look(delivery, call->began_ms + PATIENCE_MS, &call->error);
    if (code == 0 && delivery->cause == KWIT_E_NO_ANSWER && look->garbled) {
        delivery->cause = KWIT_E_GARBAGE;       /* silence now, while another call is at it, makes it no printer */
        delivery->cause_text[0] = '\0';
    }
    return code;
}

static const char *paper_word(const struct kw_printer_state *seen)
{
    return !seen->known ? NULL : seen->paper_out ? "out" : seen->paper_near_end ? "near_end" : "ok";
}

static const char *cover_word(const struct kw_printer_state *seen)
{
    return !seen->known ? NULL : seen->cover_open ? "open" : "closed";
}

static const char *drawer_word(const struct kw_delivery *delivery)
{
    if (!delivery->seen.known)
        return NULL;
    return delivery->seen.drawer_pin_high != delivery->drawer_open_is_low ? "open" : "closed";
}

static const char *message_for(const struct kw_delivery *delivery)
{
    if (delivery->cause == KWIT_E_NO_ANSWER && !delivery->printer.answered)
        return "it takes data and says nothing of itself";
    if (delivery->cause == 0)
        return "ready";
    return delivery->cause_text[0] ? delivery->cause_text : kwit_error_text(delivery->cause);
}

/* A printer that never says anything may well print: that is no fault. */
static bool is_ready(const struct kw_delivery *delivery)
{
    return delivery->cause == 0 || (delivery->cause == KWIT_E_NO_ANSWER && !delivery->printer.answered);
}

static void write_look(const struct look *look, kwit_result *result)
{
    const struct kw_delivery *delivery = &look->call.delivery;
    const struct kw_printer_row *row = &delivery->printer;
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_object(&json, "printer");
    kw_json_string(&json, "name", look->call.printer.name[0] ? look->call.printer.name : NULL);
    kw_json_string(&json, "uri", delivery->uri);
    kw_json_string(&json, "model", row->model && row->model[0] ? row->model : NULL);
    kw_json_string(&json, "serial", row->serial && row->serial[0] ? row->serial : NULL);
    kw_json_string(&json, "profile", kw_profile_name(delivery->profile));
    kw_json_end_object(&json);
    kw_json_bool(&json, "ready", is_ready(delivery));
    kw_json_string(&json, "reason", delivery->cause ? kwit_error_word(delivery->cause) : NULL);
    kw_json_string(&json, "message", message_for(delivery));
    kw_json_string(&json, "paper", paper_word(&delivery->seen));
    kw_json_string(&json, "cover", cover_word(&delivery->seen));
    kw_json_string(&json, "drawer", drawer_word(delivery));
    kw_json_object(&json, "queue");
    kw_json_integer(&json, "waiting", look->waiting);
    kw_json_integer(&json, "held", look->held);
    kw_json_integer(&json, "unconfirmed", look->unconfirmed);
    kw_json_end_object(&json);
    kw_json_end_object(&json);
    kw_buffer_format(&result->text, "%s: %s%s%s\n", delivery->uri, message_for(delivery),
                     delivery->seen.paper_near_end && delivery->cause != KWIT_E_PAPER_OUT
                     ? "; the paper is nearly at its end" : "",
                     delivery->seen.known && delivery->seen.cover_open && delivery->cause != KWIT_E_COVER_OPEN
                     ? "; the cover is open" : "");
    kw_buffer_format(&result->text, "%d waiting, %d held, %d unconfirmed\n", look->waiting, look->held,
                     look->unconfirmed);
}

int kwit_status(kwit_context *context, const char *printer, kwit_result **result)
{
    struct look look = { 0 };
    struct kw_call *call = &look.call;
    *result = kw_result_new();
    int code = kw_call_open(context, true, call);
    if (code == 0)
        code = kw_call_aim(call, printer);
    if (code == 0)
        code = count_jobs(&look);
    if (code == 0)
        code = count_strays(&look);
    if (code == 0)
        code = ask_printer(&look);
    if (code == 0) {
        write_look(&look, *result);
        enum kwit_error cause = is_ready(&call->delivery) ? 0 : call->delivery.cause;
        kw_call_close(call);
        return kw_result_finish(*result, cause);
    }
    kw_call_close(call);
    call->error.code = (enum kwit_error)code;
    return kw_result_fail(*result, &call->error);
}
