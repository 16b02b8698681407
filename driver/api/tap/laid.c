/* laid.c - receipts that come in a language of another program: its texts as ours, its page as finished bytes. */
#include "api/tap/tap.h"

#include "api/render.h"
#include "inputs/receiptline/receiptline.h"

int kw_tap_text(struct kw_call *call, const struct kw_config_printer *printer, const struct kw_profile *profile,
                struct kw_text **text)
{
    const struct kw_text_options options = { .profile = profile, .raster = printer->text == KW_DRAWING_RASTER,
                                             .fonts = call->config.receipt.fonts, .warnings = &call->warnings,
                                             .language = call->config.store.locale ? call->config.store.locale : "en",
                                             .fonts_kept = call->context->fonts };
    return kw_text_open(call->arena, &options, text, &call->error);
}

int kw_tap_encode(struct kw_call *call, const struct kw_page *page, const struct kw_profile *profile,
                  struct kw_buffer *bytes)
{
    struct kw_encoded encoded = { .count = 0 };
    int code = kw_escpos_encode(call->arena, page, profile, &encoded, &call->error);
    for (size_t i = 0; i < encoded.count && code == 0; i++)
        if (!kw_buffer_add(bytes, encoded.pieces[i].bytes, encoded.pieces[i].length))
            code = kw_fail(&call->error, KWIT_E_TOO_LARGE, "", "the receipt is too long");
    return code;
}

int kw_tap_receiptline(struct kw_call *call, const struct kw_rendering *rendering, const char *utf8, size_t length,
                       struct kw_buffer *bytes)
{
    struct kw_page page;
    struct kw_text *text;
    int code = kw_tap_text(call, &rendering->printer, rendering->profile, &text);
    if (code < 0)
        return code;
    code = kw_receiptline_read(call->arena, utf8, length, text, rendering->profile, &page, &call->warnings,
                               &call->error);
    kw_text_close(text);
    return code < 0 ? code : kw_tap_encode(call, &page, rendering->profile, bytes);
}
