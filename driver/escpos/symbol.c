/* symbol.c - symbols that the printer draws itself: GS k, GS ( k. */
#include "escpos/encoder.h"

enum { CN_PDF417 = 48, CN_QR = 49, PDF417_ROW_HEIGHT = 3, PDF417_FIXED_MODULES = 69, PDF417_COLUMN_MODULES = 17,
       BARCODE_DATA_MAX = 255, BAR_HEIGHT_MAX = 255 };

static const uint8_t barcode_kinds[] = {
    [KW_UPC_A] = 65, [KW_UPC_E] = 66, [KW_EAN13] = 67, [KW_EAN8] = 68, [KW_CODE39] = 69, [KW_ITF] = 70,
    [KW_CODABAR] = 71, [KW_CODE93] = 72, [KW_CODE128] = 73,
    [KW_GS1_128] = 73,              /* as CODE128 with its FNC1: what GS k 74 makes of brackets differs by model */
};

static int refuse(struct kw_encoder *encoder, const char *origin)
{
    return kw_fail(encoder->error, KWIT_E_UNPRINTABLE, origin, "this code's data cannot be sent to the printer %s as "
                   "data; draw it instead", kw_profile_name(encoder->profile));
}

static int put_barcode(struct kw_encoder *encoder, const struct kw_symbol *symbol, const char *origin)
{
    int height = symbol->height_dots < BAR_HEIGHT_MAX ? symbol->height_dots : BAR_HEIGHT_MAX;
    if (symbol->length > BARCODE_DATA_MAX || symbol->length == 0)
        return refuse(encoder, origin);
    kw_put(&encoder->out, KW_COMMAND_BAR_HEIGHT, (uint8_t)(height > 0 ? height : 1));
    kw_put(&encoder->out, KW_COMMAND_BAR_WIDTH, (uint8_t)symbol->module_dots);
    kw_put(&encoder->out, KW_COMMAND_BAR_TEXT, 0);
    size_t begin = encoder->out.length;
    kw_put(&encoder->out, KW_COMMAND_BARCODE, barcode_kinds[symbol->symbology], (uint8_t)symbol->length);
    kw_buffer_add(&encoder->out, symbol->data, symbol->length);
    if (encoder->out.failed)
        return 0;                   /* asked once at the end of the piece */
    return kw_escpos_find_realtime(encoder->out.data + begin, encoder->out.length - begin) == SIZE_MAX
               ? 0 : refuse(encoder, origin);
}

static void set_symbol(struct kw_encoder *encoder, uint8_t kind, uint8_t function, uint8_t value)
{
    kw_put(&encoder->out, KW_COMMAND_SYMBOL, 3, 0, kind, function, value);
}

static int store_and_print(struct kw_encoder *encoder, const struct kw_symbol *symbol, uint8_t kind, const char *origin)
{
    size_t size = symbol->length + 3, begin = encoder->out.length;
    if (symbol->length == 0 || size + 5 > KW_COMMAND_MAX_BYTES)
        return refuse(encoder, origin);
    kw_put(&encoder->out, KW_COMMAND_SYMBOL, (uint8_t)size, (uint8_t)(size >> 8), kind, 80, 48);
    kw_buffer_add(&encoder->out, symbol->data, symbol->length);
    if (!encoder->out.failed &&
        kw_escpos_find_realtime(encoder->out.data + begin, encoder->out.length - begin) != SIZE_MAX)
        return refuse(encoder, origin);
    set_symbol(encoder, kind, 81, 48);
    return 0;
}

int kw_put_qr(struct kw_encoder *encoder, const struct kw_symbol *symbol, const char *origin)
{
    char level = symbol->error_level;
    kw_put(&encoder->out, KW_COMMAND_SYMBOL, 4, 0, CN_QR, 65, 50, 0);
    set_symbol(encoder, CN_QR, 67, (uint8_t)symbol->module_dots);
    set_symbol(encoder, CN_QR, 69, level == 'H' ? 51 : level == 'Q' ? 50 : level == 'M' ? 49 : 48);
    return store_and_print(encoder, symbol, CN_QR, origin);
}

/* The columns of codewords follow from the width that the symbol was planned with. */
static int put_pdf417(struct kw_encoder *encoder, const struct kw_symbol *symbol, const char *origin)
{
    int module = symbol->module_dots > 0 ? symbol->module_dots : 1;
    int columns = (symbol->width_dots / module - PDF417_FIXED_MODULES) / PDF417_COLUMN_MODULES;
    set_symbol(encoder, CN_PDF417, 65, (uint8_t)(columns < 0 ? 0 : columns > 30 ? 30 : columns));
    set_symbol(encoder, CN_PDF417, 66, 0);
    set_symbol(encoder, CN_PDF417, 67, (uint8_t)module);
    set_symbol(encoder, CN_PDF417, 68, PDF417_ROW_HEIGHT);
    kw_put(&encoder->out, KW_COMMAND_SYMBOL, 4, 0, CN_PDF417, 69, 48, 48 + 2);
    set_symbol(encoder, CN_PDF417, 70, 0);
    return store_and_print(encoder, symbol, CN_PDF417, origin);
}

int kw_encode_symbol(struct kw_encoder *encoder, const struct kw_symbol *symbol, const char *origin)
{
    encoder->pending_feed += symbol->above_dots;
    kw_encoder_flush_feed(encoder);
    kw_encoder_place(encoder, symbol->x_dots, symbol->width_dots, KW_PLACE_BY_PRINTER);
    int code = symbol->symbology == KW_QR ? kw_put_qr(encoder, symbol, origin)
               : symbol->symbology == KW_PDF417 ? put_pdf417(encoder, symbol, origin)
                                                : put_barcode(encoder, symbol, origin);
    kw_encoder_unplace(encoder, symbol->x_dots, symbol->width_dots, KW_PLACE_BY_PRINTER);
    kw_encoder_forget(encoder);
    encoder->pending_feed += symbol->below_dots;
    return code;
}
