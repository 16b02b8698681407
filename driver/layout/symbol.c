/* symbol.c - sizes codes in whole dots and decides who draws them. */
#include "layout/symbol.h"

#include "image/qr.h"

#include <string.h>

enum {
    QR_QUIET = 4, QR_LEAST_MODULE = 3, QR_NATIVE_MODULE_MAX = 16, QR_USUAL_LEAST = 4,
    QR_WIDE_HUNDREDTH_MM = 75, QR_NARROW_HUNDREDTH_MM = 63, WIDE_TENTH_MM = 540,
    QR_NATIVE_DATA_MAX = 4000,      /* with its header below the limit of one command */
    BAR_LEAST_MODULE = 2, BAR_USUAL_MODULE = 3, BAR_NATIVE_MODULE_MAX = 6, BAR_NATIVE_HEIGHT_MAX = 255,
    BAR_HEIGHT_TENTH_MM = 100, BAR_WHITE_TENTH_MM = 10,
    PDF417_QUIET = 2, PDF417_MODULE = 3, PDF417_ROW_MODULES = 3, PDF417_FIXED = 69, PDF417_COLUMN = 17,
    PDF417_MOST_COLUMNS = 30, PDF417_LEAST_ROWS = 3, PDF417_MOST_ROWS = 90, PDF417_CORRECTION = 8 /* level 2 */
};

static int area_of(const struct kw_profile *profile, const struct kw_symbol_wish *wish)
{
    return wish->area_dots > 0 && wish->area_dots < profile->width_dots ? wish->area_dots : profile->width_dots;
}

/* White beside the printable width: part of a quiet zone that the paper gives for nothing. */
static int margin_of(const struct kw_profile *profile, int area)
{
    int margin = (kw_profile_mm_to_dots(profile, profile->paper_mm * 10) - profile->width_dots) / 2;
    return area == profile->width_dots && margin > 0 ? margin : 0;
}

/* A control character that a printer without this symbol would obey is never handed to it. */
static bool printable_only(const struct kw_symbol_wish *wish)
{
    for (size_t i = 0; i < wish->length; i++)
        if ((unsigned char)wish->data[i] < 0x20 || wish->data[i] == 0x7F)
            return false;
    return true;
}

/* The bytes after the length would make 10 04 and so on: such data is drawn. */
static bool can_be_sent(const void *data, size_t length, size_t sent_length)
{
    const uint8_t *bytes = data;
    const uint8_t low = (uint8_t)sent_length, high = (uint8_t)(sent_length >> 8);
    const uint8_t second = length ? bytes[0] : 0;
    if (low == 0x10 && (high == 0x04 || high == 0x05 || second == 0x04 || second == 0x05 || second == 0x14))
        return false;
    for (size_t i = 0; i + 1 < length; i++)
        if (bytes[i] == 0x10 && (bytes[i + 1] == 0x04 || bytes[i + 1] == 0x05 || bytes[i + 1] == 0x14))
            return false;
    return true;
}

static void set_native(struct kw_symbol_plan *plan, const struct kw_symbol *symbol, int area)
{
    plan->native = true;
    plan->op.kind = KW_OP_SYMBOL;
    plan->op.symbol = *symbol;
    plan->op.symbol.x_dots = (area - plan->width_dots) / 2;
    plan->op.symbol.width_dots = plan->width_dots;
    plan->op.symbol.height_dots = plan->height_dots;
    plan->op.symbol.module_dots = plan->module_dots;
    plan->op.symbol.plain = plan->scanned;
}

static int set_drawn(struct kw_symbol_plan *plan, const struct kw_bitmap *bitmap, int area, struct kw_error *error)
{
    if (!bitmap)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory to draw a code");
    plan->op.kind = KW_OP_BITMAP;
    plan->op.image.bitmap = bitmap;
    plan->op.image.x_dots = (area - bitmap->width) / 2;
    return 0;
}

static void *copy_of(struct kw_arena *arena, const struct kw_symbol_wish *wish)
{
    return kw_arena_copy(arena, wish->data, wish->length);
}

/* ---- QR ---------------------------------------------------------------------------------------------------------- */

/* Three quarters of a millimetre on wide paper, five eighths on narrow: 6 and 5 dots at 203 dpi. */
static int usual_module(const struct kw_profile *profile)
{
    bool wide = profile->width_dots > kw_profile_mm_to_dots(profile, WIDE_TENTH_MM);
    int dots = (kw_profile_mm_to_dots(profile, wide ? QR_WIDE_HUNDREDTH_MM : QR_NARROW_HUNDREDTH_MM) + 5) / 10;
    return dots > QR_USUAL_LEAST ? dots : QR_USUAL_LEAST;
}

/* The largest module that fits with its quiet zone. */
static int fitting_module(const struct kw_profile *profile, int modules, int area)
{
    int quiet = (area + 2 * margin_of(profile, area)) / (modules + 2 * QR_QUIET), itself = area / modules;
    return quiet < itself ? quiet : itself;
}

/* Dots for one module: from millimetres to the nearest whole number, between floor, ceiling and what fits. */
static int qr_module(const struct kw_profile *profile, const struct kw_symbol_wish *wish, int modules, int area)
{
    int fits = fitting_module(profile, modules, area);
    int module = wish->module_dots ? wish->module_dots : usual_module(profile);
    if (wish->size_mm > 0)
        module = (kw_profile_mm_to_dots(profile, wish->size_mm * 10) + modules / 2) / modules;
    module = module < QR_LEAST_MODULE ? QR_LEAST_MODULE : module;
    if (wish->max_mm > 0 && module * modules > kw_profile_mm_to_dots(profile, wish->max_mm * 10))
        module = kw_profile_mm_to_dots(profile, wish->max_mm * 10) / modules;
    if (wish->min_mm > 0 && module * modules < kw_profile_mm_to_dots(profile, wish->min_mm * 10))
        module = (kw_profile_mm_to_dots(profile, wish->min_mm * 10) + modules - 1) / modules;
    return module < fits ? module : fits;
}

static int size_qr(const struct kw_profile *profile, const struct kw_symbol_wish *wish, const struct kw_qr_size *size,
                   struct kw_symbol_plan *plan, struct kw_error *error)
{
    int area = area_of(profile, wish), module = qr_module(profile, wish, size->modules, area);
    int floor_dots = kw_profile_mm_to_dots(profile, wish->min_mm * 10);
    if (module < QR_LEAST_MODULE)
        return kw_fail(error, KWIT_E_UNPRINTABLE, "", "this QR code has %d modules and would be too fine to scan on "
                       "%d dots; shorten its data", size->modules, area);
    if (module * size->modules < floor_dots)
        return kw_fail(error, KWIT_E_UNPRINTABLE, "", "this QR code must be %d mm wide, and with its quiet zone that "
                       "is more than the %d dots of this paper", wish->min_mm, area);
    plan->module_dots = module;
    plan->width_dots = plan->height_dots = module * size->modules;
    plan->above_dots = plan->below_dots = module * QR_QUIET;
    return 0;
}

static bool qr_native(const struct kw_profile *profile, const struct kw_symbol_wish *wish, int module)
{
    bool draws = profile->symbols & KW_SYMBOL_QR;
    bool wanted = wish->drawing == KW_DRAWING_NATIVE || (wish->drawing == KW_DRAWING_AUTO && draws);
    return wanted && module <= QR_NATIVE_MODULE_MAX && wish->length <= QR_NATIVE_DATA_MAX && printable_only(wish) &&
           can_be_sent(wish->data, wish->length, wish->length + 3);
}

static int prepare_qr(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_symbol_wish *wish,
                      struct kw_symbol_plan *plan, struct kw_error *error)
{
    struct kw_qr_size size;
    struct kw_bitmap *bitmap;
    char level = wish->error_level ? wish->error_level : 'M';
    int code = kw_qr_plan(wish->data, wish->length, level, &size, error);
    if (code == 0)
        code = size_qr(profile, wish, &size, plan, error);
    if (code < 0)
        return code;
    void *data = copy_of(arena, wish);
    if (!data)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory for a QR code");
    plan->scanned = data;
    if (qr_native(profile, wish, plan->module_dots)) {
        set_native(plan, &(struct kw_symbol){ .symbology = KW_QR, .data = data, .length = wish->length,
                                              .error_level = size.level }, area_of(profile, wish));
        return 0;
    }
    if (kw_qr_shrink(data, wish->length, level, &size))
        code = size_qr(profile, wish, &size, plan, error);
    if (code == 0)
        code = kw_qr_draw(arena, data, wish->length, &size, plan->module_dots, &bitmap, error);
    return code < 0 ? code : set_drawn(plan, bitmap, area_of(profile, wish), error);
}

/* ---- bars -------------------------------------------------------------------------------------------------------- */

static bool bars_fit(const struct kw_profile *profile, const struct kw_barcode *barcode, int module, int area)
{
    int quiet = barcode->quiet_left > barcode->quiet_right ? barcode->quiet_left : barcode->quiet_right;
    int width = kw_barcode_width(barcode, module);
    return width <= area && (area - width) / 2 + margin_of(profile, area) >= quiet * module;
}

static int size_bars(const struct kw_profile *profile, const struct kw_symbol_wish *wish,
                     const struct kw_barcode *barcode, struct kw_symbol_plan *plan, struct kw_error *error)
{
    int area = area_of(profile, wish), module = wish->module_dots ? wish->module_dots : BAR_USUAL_MODULE;
    while (module >= BAR_LEAST_MODULE && !bars_fit(profile, barcode, module, area))
        module--;
    if (module < BAR_LEAST_MODULE)
        return kw_fail(error, KWIT_E_UNPRINTABLE, "", "this %s is too long for %d dots of paper; shorten its data or "
                       "print it as a QR code", kw_symbology_word((enum kw_symbology)barcode->symbology), area);
    plan->module_dots = module;
    plan->width_dots = kw_barcode_width(barcode, module);
    plan->height_dots = kw_profile_mm_to_dots(profile, wish->height_mm > 0 ? wish->height_mm * 10
                                                                           : BAR_HEIGHT_TENTH_MM);
    plan->above_dots = plan->below_dots = kw_profile_mm_to_dots(profile, BAR_WHITE_TENTH_MM);
    return 0;
}

static bool bars_native(const struct kw_profile *profile, const struct kw_symbol_wish *wish,
                        const struct kw_barcode *barcode, const struct kw_symbol_plan *plan)
{
    unsigned need = barcode->symbology == KW_CODE93 ? KW_SYMBOL_CODE93
                    : barcode->symbology >= KW_CODE128 ? KW_SYMBOL_CODE128 : KW_SYMBOL_BARCODES;
    bool has = profile->symbols & need && !(barcode->symbology == KW_UPC_E && profile->symbols & KW_SYMBOL_NO_UPC_E);
    bool wanted = wish->drawing == KW_DRAWING_NATIVE || (wish->drawing == KW_DRAWING_AUTO && has);
    return wanted && plan->module_dots <= BAR_NATIVE_MODULE_MAX && plan->height_dots <= BAR_NATIVE_HEIGHT_MAX &&
           barcode->native_length <= 255 && printable_only(wish) &&
           can_be_sent(barcode->native, barcode->native_length, barcode->native_length);
}

/* What the printer draws is told to it in one code set where the paper is wide enough for that. */
static void say_simply(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_symbol_wish *wish,
                       struct kw_barcode *barcode, struct kw_symbol_plan *plan)
{
    struct kw_barcode simple;
    struct kw_symbol_plan sized = *plan;
    if (barcode->symbology != KW_CODE128 ||
        kw_barcode_make_one_set(arena, wish->data, wish->length, &simple, NULL) < 0 ||
        size_bars(profile, wish, &simple, &sized, NULL) < 0 ||
        (wish->module_dots && sized.module_dots < plan->module_dots) || !bars_native(profile, wish, &simple, &sized))
        return;
    *barcode = simple;
    *plan = sized;
}

static int prepare_bars(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_symbol_wish *wish,
                        struct kw_symbol_plan *plan, struct kw_error *error)
{
    struct kw_barcode barcode;
    int code = kw_barcode_make(arena, wish->symbology, wish->data, wish->length, &barcode, error);
    if (code == 0)
        code = size_bars(profile, wish, &barcode, plan, error);
    if (code < 0)
        return code;
    say_simply(arena, profile, wish, &barcode, plan);
    plan->human = barcode.human;
    plan->scanned = barcode.scanned;
    if (bars_native(profile, wish, &barcode, plan)) {
        set_native(plan, &(struct kw_symbol){ .symbology = (uint8_t)wish->symbology, .data = barcode.native,
                                              .length = barcode.native_length }, area_of(profile, wish));
        return 0;
    }
    struct kw_bitmap *bitmap = kw_barcode_draw(arena, &barcode, plan->module_dots, plan->height_dots);
    return set_drawn(plan, bitmap, area_of(profile, wish), error);
}

/* ---- PDF417 ------------------------------------------------------------------------------------------------------ */

/* In modules. */
static int pdf417_height(int words, int columns)
{
    return (words + columns - 1) / columns * PDF417_ROW_MODULES;
}

/*
 * The printer chooses how to compact the data, so its rows are not known; bytes six to five codewords are the most it
 * can need. The columns are fixed here, so the width is exact: twice the height or what the paper has.
 */
static int size_pdf417(const struct kw_profile *profile, const struct kw_symbol_wish *wish, struct kw_symbol_plan *plan,
                       struct kw_error *error)
{
    int area = area_of(profile, wish), module = wish->module_dots ? wish->module_dots : PDF417_MODULE;
    int words = 2 + (int)(wish->length / 6 * 5 + wish->length % 6) + PDF417_CORRECTION;
    for (; module >= 2; module--) {
        int most = (area / module - 2 * PDF417_QUIET - PDF417_FIXED) / PDF417_COLUMN, columns = 1;
        most = most < PDF417_MOST_COLUMNS ? most : PDF417_MOST_COLUMNS;
        while (columns < most && pdf417_height(words, columns) * 2 > columns * PDF417_COLUMN + PDF417_FIXED)
            columns++;
        int rows = (words + columns - 1) / columns;
        rows = rows < PDF417_LEAST_ROWS ? PDF417_LEAST_ROWS : rows;
        if (most < 1 || rows > PDF417_MOST_ROWS)
            continue;
        plan->module_dots = module;
        plan->width_dots = (columns * PDF417_COLUMN + PDF417_FIXED) * module;
        plan->height_dots = rows * PDF417_ROW_MODULES * module;
        plan->above_dots = plan->below_dots = PDF417_QUIET * module;
        return 0;
    }
    return kw_fail(error, KWIT_E_UNPRINTABLE, "", "this PDF417 is too large for %d dots of paper; shorten its data",
                   area);
}

static int prepare_pdf417(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_symbol_wish *wish,
                          struct kw_symbol_plan *plan, struct kw_error *error)
{
    if (!(profile->symbols & KW_SYMBOL_PDF417) && wish->drawing != KW_DRAWING_NATIVE)
        return kw_fail(error, KWIT_E_UNPRINTABLE, "", "the printer %s draws no PDF417; use qr instead",
                       kw_profile_name(profile));
    int code = size_pdf417(profile, wish, plan, error);
    if (code < 0)
        return code;
    if (!printable_only(wish) || !can_be_sent(wish->data, wish->length, wish->length + 3))
        return kw_fail(error, KWIT_E_UNPRINTABLE, "", "this PDF417's data has bytes that the printer would obey; use "
                       "qr instead");
    void *data = copy_of(arena, wish);
    if (!data)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "no memory for a PDF417");
    plan->scanned = data;
    set_native(plan, &(struct kw_symbol){ .symbology = KW_PDF417, .data = data, .length = wish->length },
               area_of(profile, wish));
    return 0;
}

int kw_symbol_prepare(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_symbol_wish *wish,
                      struct kw_symbol_plan *plan, struct kw_error *error)
{
    *plan = (struct kw_symbol_plan){ 0 };
    if (wish->length == 0)
        return kw_fail(error, KWIT_E_INVALID, "", "a code needs data");
    if (wish->symbology == KW_QR)
        return prepare_qr(arena, profile, wish, plan, error);
    if (wish->symbology == KW_PDF417)
        return prepare_pdf417(arena, profile, wish, plan, error);
    return prepare_bars(arena, profile, wish, plan, error);
}

void kw_symbol_place(struct kw_page *page, const struct kw_symbol_plan *plan, const char *origin)
{
    kw_page_feed(page, plan->above_dots);
    struct kw_op *op = kw_page_add(page, (enum kw_op_kind)plan->op.kind, origin);
    if (op) {
        const char *kept = op->origin;
        *op = plan->op;
        op->origin = kept;
    }
    kw_page_feed(page, plan->below_dots);
}

bool kw_symbol_qr_fits(const struct kw_profile *profile, const void *data, size_t length)
{
    struct kw_qr_size size;
    return kw_qr_plan(data, length, 'M', &size, NULL) == 0 &&
           fitting_module(profile, size.modules, profile->width_dots) >= QR_LEAST_MODULE;
}
