/* mailed_html.c - the pieces of a page as one HTML file that needs nothing else. */
#include "api/preview/mailed.h"

#include "api/preview/preview.h"
#include "image/png.h"

static const char head[] =
    "<style>body{margin:2em auto;max-width:max-content}pre{margin:0;font:1em/1.3 monospace}pre span{line-height:1.2}"
    "i{display:block;height:1em}img{display:block;margin:0 auto;image-rendering:pixelated}hr{margin:2em 0}</style>\n";

/* RFC 4648, section 4. */
static void put_base64(const struct kw_buffer *bytes, struct kw_buffer *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *data = bytes->data;
    for (size_t i = 0; i < bytes->length; i += 3) {
        size_t left = bytes->length - i;
        uint32_t three = (uint32_t)data[i] << 16;
        three |= left > 1 ? (uint32_t)data[i + 1] << 8 : 0;
        three |= left > 2 ? data[i + 2] : 0u;
        for (size_t k = 0; k < 4; k++)
            kw_buffer_byte(out, k > left ? '=' : (uint8_t)digits[three >> (18 - 6 * k) & 63]);
    }
}

static int put_picture(const struct kw_rendering *rendering, const struct kw_bitmap *picture, struct kw_buffer *out,
                       struct kw_error *error)
{
    struct kw_buffer png;
    kw_buffer_init(&png, KW_PNG_MAX_BYTES);
    int code = kw_png_write(picture, rendering->profile->dpi, &png, error);
    if (code == 0) {
        kw_buffer_format(out, "<img alt=\"\" width=\"%d\" height=\"%d\" src=\"data:image/png;base64,", picture->width,
                         picture->height);
        put_base64(&png, out);
        kw_buffer_text(out, "\">\n");
    }
    kw_buffer_free(&png);
    return code;
}

/* A row in one size is that much larger; bold and white on black where all of it is. */
static int put_row(const struct kw_rendering *rendering, const struct kw_op *op, int *bottom, struct kw_buffer *out)
{
    struct kw_buffer row;
    struct kw_style style;
    kw_buffer_init(&row, 64 * 1024);
    bool found = kw_reading_row(rendering, op, bottom, &style, &row);
    if (found) {
        kw_buffer_format(out, "<span style=\"font-size:%d%%%s%s\">", style.width * 100, style.bold ? ";font-weight:bold" : "",
                         style.invert ? ";background:#000;color:#fff" : "");
        kw_buffer_markup(out, kw_buffer_string(&row));
        kw_buffer_text(out, "</span>\n");
    }
    kw_buffer_free(&row);
    return found;
}

static int put_op(const struct kw_rendering *rendering, const struct kw_op *op, struct kw_buffer *out,
                  struct kw_error *error)
{
    enum { SMALLEST_WHITE = 12 };
    if (op->kind == KW_OP_BITMAP)
        return put_picture(rendering, op->image.bitmap, out, error);
    if (op->word_count == 0) {
        kw_buffer_text(out, kw_op_height_dots(op) < SMALLEST_WHITE ? "" : "<i></i>\n");
        return 0;
    }
    kw_buffer_text(out, "<pre>");
    for (int bottom = 0; put_row(rendering, op, &bottom, out);)
        ;
    kw_buffer_text(out, "</pre>\n");
    return 0;
}

static void put_head(const struct kw_rendering *rendering, const char *title, struct kw_buffer *out)
{
    kw_buffer_format(out, "<!doctype html>\n<html lang=\"%s\" dir=\"%s\">\n<meta charset=\"utf-8\">\n"
                          "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
                     kw_locale_tag(rendering->locale), rendering->page.mirrored ? "rtl" : "ltr");
    kw_buffer_markup(out, title);
    kw_buffer_format(out, "</title>\n%s<main>\n", head);
}

int kw_mailed_html(const struct kw_rendering *rendering, struct kw_buffer *out, struct kw_error *error)
{
    const char *title = kw_mailed_title(rendering);
    int code = title ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    bool begun = false;
    put_head(rendering, title ? title : "", out);
    for (size_t i = 0; i < rendering->page.piece_count; i++) {
        const struct kw_piece *piece = &rendering->page.pieces[i];
        if (piece->kind != KW_PIECE_PAPER)
            continue;
        kw_buffer_text(out, begun ? "<hr>\n" : "");
        begun = true;
        for (size_t k = 0; code == 0 && k < piece->op_count; k++)
            code = put_op(rendering, &piece->ops[k], out, error);
    }
    if (rendering->url) {
        kw_buffer_text(out, "<p><a href=\"");
        kw_buffer_markup(out, rendering->url);
        kw_buffer_text(out, "\">");
        kw_buffer_markup(out, rendering->url);
        kw_buffer_text(out, "</a></p>\n");
    }
    kw_buffer_text(out, "</main>\n</html>\n");
    return code == 0 && out->failed ? kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory") : code;
}
