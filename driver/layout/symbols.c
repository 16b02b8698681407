/* symbols.c - codes on the receipt: how large, drawn by the printer or on the host, and what when neither can. */
#include "layout/flow.h"

#include "image/barcode.h"
#include "image/qr.h"

#include <string.h>

enum { DRAWING_NATIVE = 1, DRAWING_RASTER = 2, QUIET_MODULES = 4 };

/* White beside the printable width, in dots: part of a quiet zone that the paper gives for nothing. */
static int paper_margin(const struct flow *flow)
{
    const struct kw_profile *profile = flow->options->profile;
    int margin = profile->paper_mm > 0 ? (flow_mm(flow, profile->paper_mm * 10) - flow->width) / 2 : 0;
    return margin > 0 ? margin : 0;
}

/* Left out with a warning and printed as text; a fiscal one stops the receipt before paper. */
static void give_up(struct flow *flow, const struct symbol_wish *wish, const char *why)
{
    if (flow->code < 0)
        return;
    if (wish->required) {
        flow->code = kw_fail(flow->error, KWIT_E_UNPRINTABLE, wish->origin, "this fiscal code cannot be printed: %s", why);
        return;
    }
    kw_notes_add(flow->options->warnings, KWIT_WARNING_CODE_OMITTED, wish->origin,
                 "is printed as text, not as a code: %s", why);
    flow_paragraph(flow, &(struct paragraph){ .text = wish->data, .style = kw_plain, .align = KW_ALIGN_CENTER,
                                              .flags = KW_FIELD_ISOLATE, .origin = wish->origin });
}

static bool printable_only(const char *data)
{
    for (; *data; data++)
        if ((unsigned char)*data < 0x20 || *data == 0x7F)
            return false;
    return true;
}

static void set_bitmap(struct flow *flow, const struct kw_bitmap *bitmap, int white, const char *origin)
{
    kw_page_feed(flow->page, white);
    struct kw_op *op = kw_page_add(flow->page, KW_OP_BITMAP, origin);
    if (op) {
        op->image.bitmap = bitmap;
        op->image.x_dots = (flow->width - bitmap->width) / 2;
    }
    kw_page_feed(flow->page, white);
}

/* ---- QR ------------------------------------------------------------------------------------------------------ */

struct qr_plan {
    struct kw_qr_size size;
    int module;                     /* dots; 0: cannot be scanned at this width */
};

/* Three quarters of a millimetre a module on wide paper, five eighths on narrow: 6 and 5 dots at 203 dpi. */
static int default_module(const struct flow *flow)
{
    enum { NARROW_MM = 54 };
    int dots = flow->width > flow_mm(flow, NARROW_MM * 10) ? flow_mm(flow, 75) : flow_mm(flow, 63);
    return dots / 10 > 4 ? (dots + 5) / 10 : 4;
}

/* The largest module whose symbol fits the width with its quiet zone, the paper's own margin counted. */
static int largest_module(const struct flow *flow, int modules)
{
    int width = flow->width / modules, quiet = (flow->width + 2 * paper_margin(flow)) / (modules + 2 * QUIET_MODULES);
    return width < quiet ? width : quiet;
}

/* The module wished for, within the sizes asked for and the paper; 0 when there is none. */
static int choose_module(const struct flow *flow, const struct symbol_wish *wish, int modules)
{
    enum { LEAST = 3, MOST = 16 };
    int floor_dots = wish->min_mm ? flow_mm(flow, wish->min_mm * 10) : 0, largest = largest_module(flow, modules);
    int ceiling_dots = wish->max_mm ? flow_mm(flow, wish->max_mm * 10) : flow->width;
    int module = wish->module_dots ? wish->module_dots : wish->size_mm ? flow_mm(flow, wish->size_mm * 10) / modules
        : default_module(flow);
    largest = largest > MOST ? MOST : largest;
    module = module > ceiling_dots / modules ? ceiling_dots / modules : module;
    module = module * modules < floor_dots ? (floor_dots + modules - 1) / modules : module;
    module = module > largest ? largest : module < LEAST ? LEAST : module;
    /* The floor is firm; one dot a module above the ceiling is the rounding to whole dots. */
    bool small = module * modules < floor_dots;
    bool large = module > largest || (module - (floor_dots > 0)) * modules > ceiling_dots;
    return small || large ? 0 : module;
}

static struct qr_plan plan_qr(struct flow *flow, const struct symbol_wish *wish, struct kw_error *error)
{
    struct qr_plan plan = { 0 };
    char level = wish->error_level ? wish->error_level : 'M';
    if (kw_qr_plan(wish->data, strlen(wish->data), level, &plan.size, error) < 0)
        return plan;
    plan.module = choose_module(flow, wish, plan.size.modules);
    if (plan.module == 0)
        kw_fail(error, KWIT_E_UNPRINTABLE, wish->origin, "%d modules do not fit %s on this paper; shorten the data%s",
                plan.size.modules, wish->min_mm || wish->max_mm ? "between the sizes asked for"
                                                                : "in a size that can be scanned",
                wish->max_mm ? " or allow more millimetres" : "");
    return plan;
}

/* Only what has no control character is handed to the printer; anything else is drawn here. */
static bool qr_is_native(const struct flow *flow, const struct symbol_wish *wish)
{
    return (flow->options->profile->symbols & KW_SYMBOL_QR) && flow->options->qr != DRAWING_RASTER
        && printable_only(wish->data);
}

static void set_native_qr(struct flow *flow, const struct symbol_wish *wish, const struct qr_plan *plan)
{
    struct kw_op *op = kw_page_add(flow->page, KW_OP_SYMBOL, wish->origin);
    if (!op)
        return;
    int side = plan->size.modules * plan->module, quiet = QUIET_MODULES * plan->module;
    op->symbol = (struct kw_symbol){
        .symbology = KW_QR, .data = (const uint8_t *)wish->data, .length = strlen(wish->data),
        .module_dots = plan->module, .height_dots = side, .error_level = plan->size.level,
        .x_dots = (flow->width - side) / 2, .width_dots = side, .above_dots = quiet, .below_dots = quiet,
        .plain = wish->data,
    };
}

static void set_qr(struct flow *flow, const struct symbol_wish *wish)
{
    struct kw_error why = { 0 };
    struct qr_plan plan = plan_qr(flow, wish, &why);
    struct kw_bitmap *bitmap = NULL;
    if (plan.module == 0) {
        give_up(flow, wish, why.text);
    } else if (qr_is_native(flow, wish)) {
        set_native_qr(flow, wish, &plan);
    } else if (kw_qr_draw(flow->arena, wish->data, strlen(wish->data), &plan.size, plan.module, &bitmap, &why) < 0) {
        give_up(flow, wish, why.text);
    } else {
        set_bitmap(flow, bitmap, QUIET_MODULES * plan.module, wish->origin);
    }
}

/* ---- bars ---------------------------------------------------------------------------------------------------- */

/* What the printer's profile must have to draw a symbology itself. */
static bool barcode_is_native(const struct flow *flow, int symbology)
{
    unsigned symbols = flow->options->profile->symbols;
    unsigned needed = symbology == KW_CODE93 ? KW_SYMBOL_CODE93 : symbology == KW_CODE128 ? KW_SYMBOL_CODE128
        : symbology == KW_GS1_128 ? KW_SYMBOL_GS1_128 : KW_SYMBOL_BARCODES;
    if (symbology == KW_UPC_E && symbols & KW_SYMBOL_NO_UPC_E)
        return false;
    return (symbols & needed) && flow->options->qr != DRAWING_RASTER;
}

/* Three dots a module, or two where that does not fit with the quiet zones; 0 when neither does. */
static int bar_module(const struct flow *flow, const struct kw_barcode *barcode)
{
    enum { LEAST = 2, MOST = 3 };
    int quiet = barcode->quiet_left > barcode->quiet_right ? barcode->quiet_left : barcode->quiet_right;
    for (int module = MOST; module >= LEAST; module--) {
        int width = kw_barcode_width(barcode, module), beside = (flow->width - width) / 2 + paper_margin(flow);
        if (width <= flow->width && beside >= quiet * module)
            return module;
    }
    return 0;
}

static void set_native_barcode(struct flow *flow, const struct symbol_wish *wish, const struct kw_barcode *barcode,
                               int module, int height)
{
    int width = kw_barcode_width(barcode, module), hri = wish->text ? flow_mm(flow, 32) : 0;
    struct kw_op *op = kw_page_add(flow->page, KW_OP_SYMBOL, wish->origin);
    if (op)
        op->symbol = (struct kw_symbol){
            .symbology = (uint8_t)barcode->symbology, .data = barcode->native, .length = barcode->native_length,
            .module_dots = module, .height_dots = height, .text = wish->text, .x_dots = (flow->width - width) / 2,
            .width_dots = width, .above_dots = flow_mm(flow, 10), .below_dots = hri + flow_mm(flow, 10),
            .plain = barcode->scanned,
        };
}

static void set_barcode(struct flow *flow, const struct symbol_wish *wish, enum kw_symbology symbology)
{
    enum { HEIGHT = 100 };          /* tenths of a millimetre */
    struct kw_barcode barcode;
    struct kw_error why = { 0 };
    if (kw_barcode_make(flow->arena, symbology, wish->data, strlen(wish->data), &barcode, &why) < 0) {
        give_up(flow, wish, why.text);
        return;
    }
    int module = bar_module(flow, &barcode), height = flow_mm(flow, HEIGHT);
    if (module == 0) {
        give_up(flow, wish, "its bars do not fit the width of this paper");
    } else if (barcode_is_native(flow, symbology)) {
        set_native_barcode(flow, wish, &barcode, module, height);
    } else {
        struct kw_bitmap *bitmap = kw_barcode_draw(flow->arena, &barcode, module, height);
        if (!bitmap) {
            give_up(flow, wish, "out of memory");
            return;
        }
        set_bitmap(flow, bitmap, flow_mm(flow, 10), wish->origin);
        if (wish->text)
            flow_center(flow, barcode.human, kw_plain, wish->origin);
    }
}

/* ---- PDF417 -------------------------------------------------------------------------------------------------- */

/* Only printers draw it; the height is reckoned from the codewords so that the paper can be measured. */
static void set_pdf417(struct flow *flow, const struct symbol_wish *wish)
{
    enum { MODULE = 2, FIXED_MODULES = 69, COLUMN_MODULES = 17, ROW_MODULES = 3, CORRECTION = 32, MOST_COLUMNS = 10,
           MOST_ROWS = 90 };
    int columns = (flow->width / MODULE - FIXED_MODULES) / COLUMN_MODULES;
    columns = columns > MOST_COLUMNS ? MOST_COLUMNS : columns;
    int rows = columns > 0 ? ((int)strlen(wish->data) * 6 / 5 + CORRECTION + columns) / columns : MOST_ROWS + 1;
    if (!(flow->options->profile->symbols & KW_SYMBOL_PDF417) || !printable_only(wish->data)) {
        give_up(flow, wish, "this printer has no PDF417");
        return;
    }
    if (rows > MOST_ROWS) {
        give_up(flow, wish, "it holds too much for the width of this paper");
        return;
    }
    struct kw_op *op = kw_page_add(flow->page, KW_OP_SYMBOL, wish->origin);
    int width = (columns * COLUMN_MODULES + FIXED_MODULES) * MODULE, white = flow_mm(flow, 15);
    if (op)
        op->symbol = (struct kw_symbol){
            .symbology = KW_PDF417, .data = (const uint8_t *)wish->data, .length = strlen(wish->data),
            .module_dots = MODULE, .height_dots = rows * ROW_MODULES * MODULE, .x_dots = (flow->width - width) / 2,
            .width_dots = width, .above_dots = white, .below_dots = white, .plain = wish->data,
        };
}

/* ---- all ----------------------------------------------------------------------------------------------------- */

void flow_symbol(struct flow *flow, const struct symbol_wish *wish)
{
    enum kw_symbology symbology;
    char word[24];
    size_t length = 0;
    for (const char *c = wish->symbology; *c && length + 1 < sizeof word; c++)
        if (*c != '_')
            word[length++] = *c;
    word[length] = 0;
    if (flow->code < 0)
        return;
    if (wish->caption)
        flow_center(flow, wish->caption, kw_bold, wish->origin);
    if (!kw_symbology_find(word, &symbology))
        give_up(flow, wish, "this kind of code is not known");
    else if (symbology == KW_QR)
        set_qr(flow, wish);
    else if (symbology == KW_PDF417)
        set_pdf417(flow, wish);
    else
        set_barcode(flow, wish, symbology);
}

bool kw_layout_qr_fits(const struct kw_profile *profile, const char *url)
{
    enum { LEAST_MODULE = 3 };
    struct kw_qr_size size;
    if (kw_qr_plan(url, strlen(url), 'M', &size, NULL) < 0)
        return false;
    struct kw_layout_options options = { .profile = profile };
    struct flow flow = { .options = &options, .width = profile->width_dots };
    return largest_module(&flow, size.modules) >= LEAST_MODULE;
}
