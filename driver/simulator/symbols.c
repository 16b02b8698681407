/*
 * symbols.c - GS ( k: the two-dimensional symbols. Data are stored, then printed; settings live until ESC @
 * (Epson's command reference, GS ( k).
 */
#include "simulator/symbols.h"

#include "simulator/events.h"
#include "simulator/raster.h"
#include "simulator/replies.h"
#include "simulator/watch.h"
#include "simulator/zint.h"

#include <stdio.h>
#include <string.h>
#include <zint.h>

enum { QR = 49, PDF417 = 48, MAXICODE = 50, DATABAR = 51, COMPOSITE = 52, AZTEC = 53, DATA_MATRIX = 54 };
enum { QR_MODEL_1 = 49 };

/* How a grid of modules becomes dots. */
struct shape {
    struct kw_sim_grid grid;
    int module, row_dots;       /* dots across and down; row_dots 0: as the grid's own row heights say */
    bool hexagons;
    int width, height;
};

/* ---- stored data: cn, length, bytes ---- */

static size_t find_data(const struct kw_buffer *all, uint8_t cn)
{
    for (size_t at = 0; at + 5 <= all->length;) {
        uint32_t length;
        memcpy(&length, all->data + at + 1, sizeof length);
        if (all->data[at] == cn)
            return at;
        at += 5 + length;
    }
    return SIZE_MAX;
}

static void store(struct kw_sim *sim, uint8_t cn, const uint8_t *data, size_t count)
{
    struct kw_buffer *all = &sim->parts[KW_PART_SYMBOLS];
    size_t at = find_data(all, cn);
    uint32_t length = (uint32_t)count;
    if (at != SIZE_MAX) {
        uint32_t old;
        memcpy(&old, all->data + at + 1, sizeof old);
        memmove(all->data + at, all->data + at + 5 + old, all->length - at - 5 - old);
        all->length -= 5 + old;
    }
    if (5 + count > all->ceiling - all->length)
        return;
    kw_buffer_byte(all, cn);
    kw_buffer_add(all, &length, sizeof length);
    kw_buffer_add(all, data, count);
}

static bool stored_data(const struct kw_sim *sim, uint8_t cn, const uint8_t **data, size_t *count)
{
    const struct kw_buffer *all = &sim->parts[KW_PART_SYMBOLS];
    size_t at = find_data(all, cn);
    if (at == SIZE_MAX)
        return false;
    uint32_t length;
    memcpy(&length, all->data + at + 1, sizeof length);
    *data = all->data + at + 5;
    *count = length;
    return length > 0;
}

/* ---- data to modules ---- */

static int pdf_level(const struct kw_sim_symbols *s)
{
    if (s->pdf_level_kind == 48)
        return s->pdf_level - 48;
    return s->pdf_level <= 1 ? -1 : s->pdf_level <= 2 ? 4 : 5;     /* by ratio: zint's own choice is about 10 % */
}

static int aztec_level(int percent)
{
    return percent < 17 ? 1 : percent < 30 ? 2 : percent < 43 ? 3 : 4;
}

/* n of fn 80 chooses which DataBar. */
static int databar_symbology(uint8_t n)
{
    return n == 72 ? BARCODE_DBAR_STK : n == 73 ? BARCODE_DBAR_OMNSTK : n == 76 ? BARCODE_DBAR_EXPSTK : 0;
}

static int composite_symbology(uint8_t n)
{
    static const struct { uint8_t n; int symbology; } rows[] = {
        { 65, BARCODE_EANX_CC }, { 66, BARCODE_EANX_CC }, { 67, BARCODE_UPCA_CC },
        { 68, BARCODE_UPCE_CC }, { 69, BARCODE_UPCE_CC }, { 70, BARCODE_DBAR_OMN_CC },
        { 71, BARCODE_DBAR_OMN_CC }, { 72, BARCODE_DBAR_STK_CC }, { 73, BARCODE_DBAR_OMNSTK_CC },
        { 74, BARCODE_DBAR_LTD_CC }, { 75, BARCODE_DBAR_EXP_CC }, { 76, BARCODE_DBAR_EXPSTK_CC },
        { 77, BARCODE_GS1_128_CC },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].n == n)
            return rows[i].symbology;
    return 0;
}

/* Options for each symbol; false when the settings and data make none. `primary` has room for a composite's bars. */
static bool fill_request(const struct kw_sim *sim, uint8_t cn, struct kw_sim_encode *what, char primary[128])
{
    const struct kw_sim_symbols *s = &sim->s.symbols;
    const uint8_t *linear;
    size_t count;
    switch (cn) {
    case QR:
        what->symbology = s->qr_model == 51 ? BARCODE_MICROQR : BARCODE_QRCODE;
        what->option_1 = s->qr_level - 48 + 1;
        return true;
    case PDF417:
        what->symbology = s->pdf_truncated ? BARCODE_PDF417COMP : BARCODE_PDF417;
        what->option_1 = pdf_level(s);
        what->option_2 = s->pdf_columns;
        what->option_3 = s->pdf_rows;
        return true;
    case MAXICODE:
        what->symbology = BARCODE_MAXICODE;
        what->option_1 = s->maxi_mode - 48;
        if (s->maxi_mode <= 51 && what->length > 15) {
            snprintf(primary, 128, "%.15s", (const char *)what->data);
            what->primary = primary;
            what->data += 15;
            what->length -= 15;
        }
        return true;
    case AZTEC:
        what->symbology = BARCODE_AZTEC;
        what->option_1 = s->aztec_layers ? 0 : aztec_level(s->aztec_level);
        what->option_2 = s->aztec_layers == 0 ? 0 : s->aztec_mode ? s->aztec_layers : s->aztec_layers + 4;
        return true;
    case DATA_MATRIX:
        what->symbology = BARCODE_DATAMATRIX;
        what->option_3 = s->matrix_kind == 0 ? DM_SQUARE : 0;
        return true;
    case DATABAR:
        what->symbology = databar_symbology(what->data[0]);
        what->data++;
        what->length--;
        what->input_mode = what->symbology == BARCODE_DBAR_EXPSTK ? GS1_MODE | GS1PARENS_MODE | GS1NOCHECK_MODE : 0;
        return what->symbology && what->length > 0;
    case COMPOSITE:
        if (!stored_data(sim, KW_SIM_COMPOSITE_LINEAR, &linear, &count) || count < 2 || what->length < 2)
            return false;
        what->symbology = composite_symbology(linear[0]);
        snprintf(primary, 128, "%.*s", (int)(count - 1), (const char *)linear + 1);
        what->primary = primary;
        what->data++;
        what->length--;
        what->input_mode = GS1_MODE | GS1PARENS_MODE | GS1NOCHECK_MODE;
        return what->symbology != 0;
    default:
        return false;
    }
}

static void measure(const struct kw_sim *sim, uint8_t cn, struct shape *shape)
{
    const struct kw_sim_symbols *s = &sim->s.symbols;
    shape->row_dots = 0;
    switch (cn) {
    case QR: shape->module = s->qr_module; break;
    case PDF417:
        shape->module = s->pdf_module;
        shape->row_dots = s->pdf_module * s->pdf_row_height;
        break;
    case AZTEC: shape->module = s->aztec_module; break;
    case DATA_MATRIX: shape->module = s->matrix_module; break;
    case DATABAR: shape->module = s->databar_module; break;
    case COMPOSITE: shape->module = s->composite_module; break;
    default: shape->module = sim->dpi * 35 / 1000; break;      /* MaxiCode: 0.88 mm from middle to middle */
    }
    shape->hexagons = cn == MAXICODE;
    if (cn == QR || cn == AZTEC || cn == DATA_MATRIX)
        shape->row_dots = shape->module;
    if (shape->hexagons)
        shape->row_dots = shape->module * 13 / 15;
    shape->width = shape->grid.width * shape->module + (shape->hexagons ? shape->module / 2 : 0);
    shape->height = 0;
    for (int row = 0; row < shape->grid.rows; row++)
        shape->height += shape->row_dots ? shape->row_dots
            : (int)(shape->grid.row_height[row] * (float)shape->module + 0.5f);
}

static bool make(struct kw_sim *sim, uint8_t cn, struct shape *shape)
{
    struct kw_sim_encode what = { 0 };
    char primary[128];
    const char *why = "its settings and data do not fit";
    if (!stored_data(sim, cn, &what.data, &what.length)) {
        kw_sim_warn(sim, sim->s.in.parsed, "symbol %d: no data stored", cn);
        return false;
    }
    if (!fill_request(sim, cn, &what, primary) || !kw_sim_encode_symbol(sim, &what, &shape->grid, &why)) {
        kw_sim_warn(sim, sim->s.in.parsed, "symbol %d not printed: %s", cn, why);
        return false;
    }
    measure(sim, cn, shape);
    return true;
}

/* ---- modules to dots ---- */

/* Round enough for a reader: a hexagon of the height of its row. */
static void hexagon(struct kw_bitmap *bitmap, int x, int y, int size)
{
    for (int row = 0; row < size; row++) {
        int edge = row < size / 4 ? size / 4 - row : row >= size - size / 4 ? row - (size - size / 4) + 1 : 0;
        kw_bitmap_fill(bitmap, x + edge, y + row, size - 2 * edge, 1);
    }
}

/* The bull's eye of MaxiCode: three rings. */
static void rings(struct kw_bitmap *bitmap, int centre_x, int centre_y, int module)
{
    for (int y = -5 * module; y <= 5 * module; y++)
        for (int x = -5 * module; x <= 5 * module; x++) {
            double distance = (double)(x * x + y * y) / (module * module) * 0.7744;     /* in mm² */
            bool black = (distance < 3.86 * 3.86 && distance > 3.19 * 3.19) ||
                (distance < 2.52 * 2.52 && distance > 1.85 * 1.85) ||
                         (distance < 1.18 * 1.18 && distance > 0.51 * 0.51);
            int to_x = centre_x + x, to_y = centre_y + y;
            if (black && to_x >= 0 && to_x < bitmap->width && to_y >= 0 && to_y < bitmap->height)
                kw_bitmap_set(bitmap, to_x, to_y);
        }
}

static void draw(const struct shape *shape, struct kw_bitmap *bitmap)
{
    int y = 0;
    for (int row = 0; row < shape->grid.rows; row++) {
        int high = shape->row_dots ? shape->row_dots : (int)(shape->grid.row_height[row] * (float)shape->module + 0.5f);
        for (int x = 0; x < shape->grid.width; x++) {
            if (!kw_sim_module(&shape->grid, row, x))
                continue;
            if (shape->hexagons)
                hexagon(bitmap, x * shape->module + (row & 1 ? shape->module / 2 : 0), y, shape->module - 1);
            else
                kw_bitmap_fill(bitmap, x * shape->module, y, shape->module, high);
        }
        y += high;
    }
    if (shape->hexagons)
        rings(bitmap, shape->width / 2, shape->height / 2, shape->module);
}

static void say(struct kw_sim *sim, uint8_t cn, const struct shape *shape, int x)
{
    static const char *const names[] = { "pdf417", "qr", "maxicode", "databar", "composite", "aztec", "datamatrix" };
    static const char *const levels[] = { "L", "M", "Q", "H" };
    const uint8_t *data;
    size_t count;
    struct kw_json json;
    if (!stored_data(sim, cn, &data, &count))
        return;
    bool prefixed = cn == DATABAR || cn == COMPOSITE;
    if (sim->watch)
        sim->watch->code(sim->watch->data, &(struct kw_sim_code){
            .offset = sim->s.in.parsed, .kind = names[cn - PDF417], .data = (const char *)data + prefixed,
            .length = count - prefixed, .row = sim->s.paper.y, .x = x, .width = shape->width, .height = shape->height
        });
    kw_sim_event(sim, &json, names[cn - PDF417], sim->s.in.parsed);
    kw_json_string_n(&json, "data", (const char *)data + prefixed, count - prefixed);
    kw_json_integer(&json, "module", shape->module);
    if (cn == QR) {
        kw_json_string(&json, "level", levels[(sim->s.symbols.qr_level - 48) & 3]);
        kw_json_integer(&json, "model", sim->s.symbols.qr_model - 48);
    }
    kw_json_bool(&json, "native", true);
    kw_json_integer(&json, "width", shape->width);
    kw_json_integer(&json, "height", shape->height);
    kw_json_integer(&json, "x", x);
    kw_json_integer(&json, "y", sim->s.paper.y);
    kw_sim_event_end(sim, &json);
}

static void print(struct kw_sim *sim, uint8_t cn)
{
    struct shape shape;
    struct kw_buffer bits;
    if (!sim->s.page.active && sim->parts[KW_PART_ITEMS].length > 0) {
        kw_sim_warn(sim, sim->s.in.parsed, "a symbol inside a line is not printed");
        return;
    }
    if (!make(sim, cn, &shape))
        return;
    if (shape.width > kw_sim_area_width(sim)) {
        kw_sim_warn(sim, sim->s.in.parsed, "the symbol is wider (%d dots) than the print area: not printed",
                    shape.width);
        return;
    }
    if (cn == QR && sim->s.symbols.qr_model == QR_MODEL_1)
        kw_sim_warn(sim, sim->s.in.parsed, "QR model 1 is drawn as model 2: it reads the same and may differ in size");
    kw_buffer_init(&bits, 4 * 1024 * 1024);
    size_t stride = (size_t)(shape.width + 7) / 8;
    if (kw_buffer_fill(&bits, 0, stride * (size_t)shape.height)) {
        struct kw_bitmap bitmap = { shape.width, shape.height, (int)stride, bits.data };
        draw(&shape, &bitmap);
        say(sim, cn, &shape, kw_sim_area_left(sim) + kw_sim_align_x(sim, shape.width));
        kw_sim_print_bitmap(sim, &bitmap, 1, 1);
    }
    kw_buffer_free(&bits);
}

static void reply_size(struct kw_sim *sim, uint8_t cn)
{
    static const uint8_t ids[] = { 0x2F, 0x36, 0x47, 0x4F, 0x50, 0x51, 0x52 };
    struct shape shape = { .width = 0 };
    char text[40];
    bool printable = make(sim, cn, &shape) && shape.width <= kw_sim_area_width(sim);
    snprintf(text, sizeof text, "%c%d\x1F%d\x1F%c\x1F%c", ids[cn - PDF417], shape.width, shape.height, '1',
             printable ? '0' : '1');
    kw_sim_reply_block(sim, "GS ( k 82", 0x37, text, sim->s.in.parsed);
}

/* ---- settings ---- */

/* A setting of one byte: where it goes and what it may be. */
static const struct setting { uint8_t cn, fn, least, most; size_t at; } settings[] = {
#define SETTING(cn, fn, least, most, field) { cn, fn, least, most, offsetof(struct kw_sim_symbols, field) }
    SETTING(QR, 65, 49, 51, qr_model), SETTING(QR, 67, 1, 16, qr_module), SETTING(QR, 69, 48, 51, qr_level),
    SETTING(PDF417, 65, 0, 30, pdf_columns), SETTING(PDF417, 66, 0, 90, pdf_rows),
    SETTING(PDF417, 67, 1, 8, pdf_module),
    SETTING(PDF417, 68, 2, 8, pdf_row_height), SETTING(PDF417, 70, 0, 1, pdf_truncated),
    SETTING(MAXICODE, 65, 50, 54, maxi_mode), SETTING(DATABAR, 67, 2, 8, databar_module),
    SETTING(COMPOSITE, 67, 2, 8, composite_module),
    SETTING(AZTEC, 67, 2, 16, aztec_module), SETTING(AZTEC, 69, 5, 95, aztec_level),
    SETTING(DATA_MATRIX, 67, 2, 16, matrix_module),
#undef SETTING
};

static bool set_byte(struct kw_sim *sim, const uint8_t *p)
{
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        if (settings[i].cn != p[0] || settings[i].fn != p[1])
            continue;
        if (p[2] < settings[i].least || p[2] > settings[i].most)
            kw_sim_out_of_range(sim, "GS ( k", p[2]);
        else
            ((uint8_t *)&sim->s.symbols)[settings[i].at] = p[2];
        return true;
    }
    return false;
}

/* Widths at which a symbol would break into rows, and the font of a text below it: what is drawn here has neither. */
static bool is_without_effect(int function)
{
    return function == (DATABAR << 8 | 71) || function == (COMPOSITE << 8 | 71) || function == (COMPOSITE << 8 | 72);
}

static void set_other(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    struct kw_sim_symbols *s = &sim->s.symbols;
    int function = p[0] << 8 | p[1];
    if (function == (PDF417 << 8 | 69) && length >= 4) {
        bool good = p[2] == 48 ? p[3] >= 48 && p[3] <= 56 : p[2] == 49 && p[3] >= 1 && p[3] <= 40;
        if (!good) {
            kw_sim_out_of_range(sim, "GS ( k 48 69", p[3]);
            return;
        }
        s->pdf_level_kind = p[2];
        s->pdf_level = p[3];
    } else if (function == (AZTEC << 8 | 66) && length >= 4 && p[2] <= 1 && p[3] <= 32) {
        s->aztec_mode = p[2];
        s->aztec_layers = p[3];
    } else if (function == (DATA_MATRIX << 8 | 66) && length >= 5) {
        s->matrix_kind = p[2] & 1;
    } else if (!is_without_effect(function)) {
        kw_sim_warn(sim, sim->s.in.parsed, "GS ( k symbol %d function %d is unknown", p[0], p[1]);
    }
}

/* Composite data come as two: a = 48 the bars, 49 what stands above them. */
static void store_composite(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    if (length >= 6)
        store(sim, p[3] == 48 ? KW_SIM_COMPOSITE_LINEAR : COMPOSITE, p + 4, length - 4);
}

void kw_sim_symbol(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    if (length < 3 || p[0] < PDF417 || p[0] > DATA_MATRIX) {
        kw_sim_warn(sim, sim->s.in.parsed, "GS ( k: symbol %d is unknown", length > 0 ? p[0] : 0);
        return;
    }
    switch (p[1]) {
    case 80:
        if (p[0] == COMPOSITE)
            store_composite(sim, p, length);
        else if (length > 3 && p[2] == 48)
            store(sim, p[0], p + 3, length - 3);
        break;
    case 81: print(sim, p[0]); break;
    case 82: reply_size(sim, p[0]); break;
    default:
        if (!set_byte(sim, p))
            set_other(sim, p, length);
        break;
    }
}
