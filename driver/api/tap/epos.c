/* epos.c - what a program of the web says in ePOS-Print, as the finished bytes of one receipt. */
#include "api/tap/tap.h"

#include "api/stream.h"
#include "inputs/epos/epos.h"

#include <stdio.h>

static int lay(struct kw_call *call, const char *wanted, const void *xml, size_t length, struct kw_epos *epos,
               struct kw_tap_laid *laid)
{
    struct kw_config_printer printer;
    const char *uri;
    struct kw_text *text;
    bool known;
    int code = kw_printer_choose(&call->config, wanted, &printer, &uri, &call->error);
    if (code < 0)
        return code;
    const struct kw_profile *named = printer.profile ? kw_profile_named(call->arena, printer.profile) : NULL;
    const struct kw_profile *profile = kw_stream_profile(named, &known);
    code = kw_tap_text(call, &printer, profile, &text);
    if (code < 0)
        return code;
    code = kw_epos_read(call->arena, xml, length, text, profile, epos, &call->error);
    kw_text_close(text);
    return code < 0 ? code : kw_tap_encode(call, &epos->page, profile, laid);
}

int kw_tap_epos(const struct kw_tap_printer *where, const void *xml, size_t length, struct kw_tap_laid *laid,
                char again[KW_TAP_AGAIN], struct kw_error *error)
{
    struct kw_call call = { .context = where->context };
    struct kw_epos epos = { .job = "" };
    int code = kw_call_begin(&call);
    if (code == 0)
        code = kw_call_configure(&call, false);
    if (code == 0)
        code = lay(&call, where->printer, xml, length, &epos, laid);
    snprintf(again, KW_TAP_AGAIN, "%s%s", epos.job[0] ? "epos-" : "", epos.job);
    if (code < 0)
        *error = call.error;
    kw_call_close(&call);
    return code;
}
