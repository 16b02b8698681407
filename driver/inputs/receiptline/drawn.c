/* drawn.c - what is no text: pictures and codes. */
#include "base/base64.h"
#include "image/png.h"
#include "inputs/receiptline/internal.h"

#include <string.h>

int kw_rl_picture(struct kw_rl_reading *reading, const char *base64, size_t length)
{
    struct kw_page *page = reading->page;
    struct kw_grey grey;
    uint8_t *bytes = kw_arena_alloc(reading->arena, length + 1);
    long count = bytes ? kw_base64_decode(base64, length, bytes) : 0;
    if (!bytes)
        return kw_rl_no_memory(reading);
    if (count < 0 || kw_png_read(reading->arena, bytes, (size_t)count, "image", &grey, reading->error) < 0)
        return kw_rl_refuse(reading, "image", "it is no PNG in base64");
    int width = grey.width < page->width_dots ? grey.width : page->width_dots;
    struct kw_bitmap *bitmap = kw_grey_dither(reading->arena, &grey, width, KW_DITHER_FLOYD);
    kw_rl_open_piece(reading);
    struct kw_op *op = bitmap ? kw_page_add(page, KW_OP_BITMAP, "") : NULL;
    if (!op)
        return kw_rl_no_memory(reading);
    int spare = page->width_dots - bitmap->width;
    op->image.bitmap = bitmap;
    op->image.x_dots = reading->settings.align == KW_ALIGN_LEFT ? 0
                       : reading->settings.align == KW_ALIGN_RIGHT ? spare : spare / 2;
    return 0;
}

/* What it is called depends on how many digits there are, its check digit counted or not. */
static const char *symbology_of(const char *type, size_t length)
{
    static const char *const names[][2] = { { "codabar", "codabar" }, { "nw7", "codabar" }, { "qrcode", "qr" } };
    if (strcmp(type, "upc") == 0)
        return length > 8 ? "upca" : "upce";
    if (strcmp(type, "ean") == 0 || strcmp(type, "jan") == 0)
        return length > 8 ? "ean13" : "ean8";
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(type, names[i][0]) == 0)
            return names[i][1];
    return type;
}

static int print_human(struct kw_rl_reading *reading, const char *human)
{
    struct kw_field field = { .span = { .utf8 = human, .length = strlen(human), .origin = "" },
                              .width_dots = reading->page->width_dots, .align = KW_ALIGN_CENTER };
    return reading->code = kw_text_line(reading->text, reading->page, &field, 1, reading->error);
}

int kw_rl_symbol(struct kw_rl_reading *reading, const char *data, size_t length)
{
    struct kw_symbol_wish wish = { .data = data, .length = length };
    struct kw_symbol_plan plan;
    const struct kw_rl_settings *settings = &reading->settings;
    if (!kw_symbology_find(symbology_of(settings->code.type, length), &wish.symbology))
        return kw_rl_refuse(reading, "code", "this kind is not printed here");
    bool square = wish.symbology == KW_QR;
    wish.module_dots = square ? settings->code.cell : settings->code.module;
    wish.error_level = square ? settings->code.level : 0;
    wish.height_mm = (settings->code.height * 254 / reading->profile->dpi + 5) / 10;
    kw_rl_open_piece(reading);
    reading->code = kw_symbol_prepare(reading->arena, reading->profile, &wish, &plan, reading->error);
    if (reading->code < 0) {
        const char *why = kw_arena_string(reading->arena, reading->error->text);
        reading->code = 0;
        return kw_rl_refuse(reading, "code", why ? why : "out of memory");
    }
    kw_symbol_place(reading->page, &plan, "");
    return settings->code.human && plan.human ? print_human(reading, plan.human) : 0;
}
