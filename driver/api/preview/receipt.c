/*
 * receipt.c - kwit_receipt: a sale of the journal as the receipt that the shop mails.
 *
 * It is laid out anew from its document, drawn on no printer. An invitation only where it was asked for: in some
 * countries a survey in the mail of an invoice wants the customer's consent. It is the sale's own, with its own token.
 */
#include "api/call.h"
#include "api/preview/mailed.h"
#include "journal/touchpoint.h"

#include <string.h>

/* Every symbol as a picture, on the usual paper. */
#define MAILED_PROFILE "generic-80"
#define MAILED_CHANNEL "e-receipt"

static int render(struct kw_call *call, const struct kw_sale_row *sale, const struct kwit_print_options *options,
                  bool survey)
{
    struct kw_decided stored;
    struct kw_terminal_key key;
    struct kw_render_choice choice = { .copy = 1, .words = true, .without_invitation = !survey };
    int code = kw_call_recall(call, sale->id, &stored, &key, &choice, &call->error);
    if (code < 0)
        return code;
    call->rendering->printer.qr = KW_DRAWING_RASTER;
    call->rendering->printer.text = KW_DRAWING_RASTER;
    code = kw_rendering_make(call->rendering, options, &choice, &call->error);
    kw_key_wipe(&key, sizeof key);
    return code;
}

/* Whoever opens it is invited by it. */
static int record_showing(struct kw_call *call, int64_t sale)
{
    int code = kw_journal_begin(call->journal, KW_SOON, &call->error);
    if (code < 0)
        return code;
    code = kw_touchpoint_event(call->journal, sale, KW_EVENT_SHOWN, MAILED_CHANNEL, kw_clock_wall_ms(), &call->error);
    if (code == 0)
        return kw_journal_commit(call->journal, &call->error);
    kw_journal_rollback(call->journal);
    return code;
}

static void tell(struct kw_call *call, kwit_result *result)
{
    const struct kw_rendering *rendering = call->rendering;
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "id", rendering->sale->id);
    kw_json_string(&json, "channel", MAILED_CHANNEL);
    kw_json_bool(&json, "invited", rendering->url != NULL);
    if (rendering->url)
        kw_json_string(&json, "url", rendering->url);
    kw_result_warnings(&json, &call->warnings);
    kw_json_end_object(&json);
    for (size_t i = 0; i < call->warnings.count; i++) {
        const struct kw_note *note = &call->warnings.items[i];
        kw_buffer_format(&result->text, "warning: %s%s%s\n", note->pointer, note->pointer[0] ? ": " : "", note->text);
    }
}

static int draw(struct kw_call *call, const struct kwit_sale_name *name, const struct kwit_receipt_options *options,
                kwit_result *result)
{
    struct kwit_print_options layout = { .profile = MAILED_PROFILE };
    struct kw_sale_row sale;
    const void *document;
    size_t length;
    int code = kw_call_find_sale(call, name, &sale);
    if (code == 0)
        code = kw_sale_body(call->journal, sale.id, call->arena, &document, &length, &call->error);
    if (code == 0)
        code = kw_rendering_begin(&call->config, &call->warnings, document, length, &layout, &call->rendering,
                                  &call->error);
    if (code == 0)
        code = render(call, &sale, &layout, options->survey);
    if (code == 0)
        code = (options->format == KWIT_RECEIPT_PDF ? kw_mailed_pdf : kw_mailed_html)(call->rendering, &result->data,
                                                                                      &call->error);
    if (code == 0 && call->rendering->url)
        code = record_showing(call, sale.id);
    if (code == 0)
        tell(call, result);
    return code;
}

int kwit_receipt(kwit_context *context, const struct kwit_sale_name *sale, const struct kwit_receipt_options *options,
                 kwit_result **result)
{
    static const struct kwit_receipt_options defaults;
    struct kw_call call;
    *result = kw_result_new();
    int code = kw_call_open(context, false, &call);
    if (code == 0)
        code = draw(&call, sale, options ? options : &defaults, *result);
    if (code < 0) {
        kw_buffer_clear(&(*result)->data);
        kw_result_fail(*result, &call.error);
    }
    kw_rendering_end(call.rendering);
    kw_call_close(&call);
    return code;
}
