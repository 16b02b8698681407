/* stream.c - kwit_preview_stream: the paper of bytes that another program laid out, or that are laid out for it. */
#include "api/block.h"
#include "api/call.h"
#include "api/preview/preview.h"
#include "api/result.h"

enum { DOCUMENT_CEILING = 64 * 1024 };

/* A rendering of nobody's sale, for the model that the bytes are meant for. */
static int aim(struct kw_call *call, const struct kwit_stream_options *options)
{
    const struct kw_words none = { .word = "", .language = "" };
    const struct kw_config_tap *tap = kw_config_find_tap(&call->config, options->tap);
    struct kw_buffer document;
    kw_buffer_init(&document, DOCUMENT_CEILING);
    int code = kw_block_document(&call->config, tap, &none, "sample", "document", kw_clock_wall_ms(), &document,
                                 &call->error);
    if (code == 0)
        code = kw_rendering_begin(&call->config, &call->warnings, document.data, document.length, &options->print,
                                  &call->rendering, &call->error);
    kw_buffer_free(&document);
    return code;
}

/* In the place of the bytes stands what they print. */
static int draw(struct kw_call *call, const struct kwit_stream_options *options, enum kwit_preview_format format,
                struct kw_buffer *data)
{
    int code = kw_call_begin(call);
    if (code == 0)
        code = kw_call_configure(call, false);
    if (code == 0)
        code = aim(call, options);
    if (code < 0)
        return code;
    struct kw_encoded_piece piece = { .bytes = data->data, .length = data->length };
    struct kw_paper paper;
    struct kw_buffer form;
    kw_buffer_init(&form, data->ceiling);
    call->rendering->encoded = (struct kw_encoded){ .pieces = &piece, .count = 1 };
    code = kw_paper_make(call->rendering, &paper, &call->error);
    if (code == 0)
        code = kw_preview_form(call->rendering, &paper, format, &form, &call->error);
    kw_paper_free(&paper);
    kw_buffer_free(data);
    *data = form;
    return code;
}

int kwit_preview_stream(kwit_context *context, const void *bytes, size_t length,
                        const struct kwit_stream_options *options, enum kwit_preview_format format,
                        kwit_result **result)
{
    static const struct kwit_stream_options defaults;
    struct kwit_stream_options dry = options ? *options : defaults;
    struct kw_call call = { .context = context, .options = &dry.print };
    dry.print.dry_run = 1;
    int code = kwit_print_stream(context, bytes, length, &dry, result);
    if (code < 0 || format == KWIT_PREVIEW_BYTES)
        return code;
    code = draw(&call, &dry, format, &(*result)->data);
    if (code < 0) {
        kw_buffer_clear(&(*result)->data);
        kw_result_fail(*result, &call.error);
    }
    kw_rendering_end(call.rendering);
    kw_call_close(&call);
    return code;
}
