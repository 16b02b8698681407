/*
 * laid.c - receipts that come in a language of another program: its texts as ours, its page as finished bytes, and the
 * words of that page, which drawn letters would not give back.
 */
#include "api/tap/tap.h"

#include "api/render.h"
#include "inputs/receiptline/receiptline.h"
#include "tap/stream/given.h"

#include <string.h>

enum { BYTES_CEILING = 16 * 1024 * 1024, GIVEN_CEILING = 4 * 1024 * 1024 };

void kw_tap_laid_begin(struct kw_tap_laid *laid)
{
    kw_buffer_init(&laid->bytes, BYTES_CEILING);
    kw_buffer_init(&laid->given, GIVEN_CEILING);
}

void kw_tap_laid_end(struct kw_tap_laid *laid)
{
    kw_buffer_free(&laid->bytes);
    kw_buffer_free(&laid->given);
}

struct kw_given kw_tap_given(const struct kw_tap_laid *laid)
{
    return (struct kw_given){ laid->given.length > 0 ? kw_buffer_string(&laid->given) : NULL, laid->given.length };
}

int kw_tap_text(struct kw_call *call, const struct kw_config_printer *printer, const struct kw_profile *profile,
                struct kw_text **text)
{
    const struct kw_text_options options = { .profile = profile, .raster = printer->text == KW_DRAWING_RASTER,
                                             .fonts = call->config.receipt.fonts, .warnings = &call->warnings,
                                             .language = call->config.store.locale ? call->config.store.locale : "en",
                                             .fonts_kept = call->context->fonts, .words = true };
    return kw_text_open(call->arena, &options, text, &call->error);
}

static bool is_blank(const char *utf8)
{
    return strspn(utf8, " ") == strlen(utf8);
}

/* All of it stands out: as tap/stream/lines.c tells it of what it reads. */
static bool is_big(const struct kw_op *op)
{
    bool big = op->word_count > 0;
    for (size_t i = 0; i < op->word_count; i++) {
        const struct kw_style *style = &op->words[i].style;
        big = big && (is_blank(op->words[i].utf8) || style->width > 1 || style->height > 1 || style->bold
                      || style->invert);
    }
    return big;
}

static bool has_words(const struct kw_op *op)
{
    return op->kind == KW_OP_LINE && !is_blank(op->line.text);
}

/* In the order in which they were set. */
static void give_canvas(const struct kw_canvas *canvas, struct kw_buffer *given)
{
    for (size_t i = 0; i < canvas->area_count; i++)
        for (size_t k = 0; k < canvas->areas[i].placed_count; k++) {
            const struct kw_op *op = canvas->areas[i].placed[k].words;
            if (op && has_words(op))
                kw_given_add_line(given, op->line.text, is_big(op));
        }
}

static bool give_piece(const struct kw_piece *piece, struct kw_buffer *given)
{
    bool inked = false;
    for (size_t i = 0; i < piece->op_count; i++) {
        const struct kw_op *op = &piece->ops[i];
        inked = inked || has_words(op) || (op->kind != KW_OP_LINE && op->kind != KW_OP_FEED);
        if (has_words(op))
            kw_given_add_line(given, op->line.text, is_big(op));
        else if (op->kind == KW_OP_CANVAS)
            give_canvas(op->canvas, given);
    }
    return !inked || kw_given_end_piece(given);
}

static int give_words(struct kw_call *call, const struct kw_page *page, struct kw_buffer *given)
{
    for (size_t i = 0; i < page->piece_count; i++)
        if (page->pieces[i].kind == KW_PIECE_PAPER && !give_piece(&page->pieces[i], given))
            return kw_fail(&call->error, KWIT_E_TOO_LARGE, "", "the receipt has too many words");
    return 0;
}

int kw_tap_encode(struct kw_call *call, const struct kw_page *page, const struct kw_profile *profile,
                  struct kw_tap_laid *laid)
{
    struct kw_buffer *bytes = &laid->bytes;
    struct kw_encoded encoded = { .count = 0 };
    int code = kw_escpos_encode(call->arena, page, profile, &encoded, &call->error);
    for (size_t i = 0; i < encoded.count && code == 0; i++)
        if (!kw_buffer_add(bytes, encoded.pieces[i].bytes, encoded.pieces[i].length))
            code = kw_fail(&call->error, KWIT_E_TOO_LARGE, "", "the receipt is too long");
    return code == 0 ? give_words(call, page, &laid->given) : code;
}

int kw_tap_receiptline(struct kw_call *call, const struct kw_config_printer *printer, const struct kw_profile *profile,
                       const char *utf8, size_t length, struct kw_tap_laid *laid)
{
    struct kw_page page;
    struct kw_text *text;
    int code = kw_tap_text(call, printer, profile, &text);
    if (code < 0)
        return code;
    code = kw_receiptline_read(call->arena, utf8, length, text, profile, &page, &call->warnings, &call->error);
    kw_text_close(text);
    return code < 0 ? code : kw_tap_encode(call, &page, profile, laid);
}
