/*
 * barcode.c - GS k: bars, and the characters above or below them. CODE128 and GS1-128 say their own code sets, so they
 * are drawn here; the others by libzint.
 */
#include "simulator/barcode.h"

#include "simulator/events.h"
#include "simulator/glyph.h"
#include "simulator/paper.h"
#include "simulator/raster.h"
#include "simulator/reset.h"
#include "simulator/watch.h"
#include "simulator/zint.h"

#include <stdio.h>
#include <string.h>
#include <zint.h>

enum { MODULES_MAX = 4096, TEXT_MAX = 300 };

static const struct kind {
    uint8_t a, b;               /* m of form A (255: none) and of form B */
    const char *name;
    int symbology;
    uint8_t least, most;        /* characters, after our own normalising */
    bool two_widths;            /* narrow and wide bars */
    const char *characters;
} kinds[] = {
    { 0, 65, "UPC-A", BARCODE_UPCA, 11, 12, false, "0123456789" },
    { 1, 66, "UPC-E", BARCODE_UPCE, 6, 12, false, "0123456789" },
    { 2, 67, "EAN-13", BARCODE_EANX, 12, 13, false, "0123456789" },
    { 3, 68, "EAN-8", BARCODE_EANX, 7, 8, false, "0123456789" },
    { 4, 69, "CODE39", BARCODE_CODE39, 1, 255, true, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%+-./*" },
    { 5, 70, "ITF", BARCODE_C25INTER, 2, 255, true, "0123456789" },
    { 6, 71, "CODABAR", BARCODE_CODABAR, 1, 255, true, "0123456789ABCDabcd$+-./:" },
    { 255, 72, "CODE93", BARCODE_CODE93, 1, 255, false, NULL },
    { 255, 73, "CODE128", BARCODE_CODE128, 2, 255, false, NULL },
    { 255, 74, "GS1-128", BARCODE_GS1_128, 2, 255, false, NULL },
    { 255, 75, "GS1 DataBar Omnidirectional", BARCODE_DBAR_OMN, 13, 13, false, "0123456789" },
    { 255, 76, "GS1 DataBar Truncated", BARCODE_DBAR_OMN, 13, 13, false, "0123456789" },
    { 255, 77, "GS1 DataBar Limited", BARCODE_DBAR_LTD, 13, 13, false, "0123456789" },
    { 255, 78, "GS1 DataBar Expanded", BARCODE_DBAR_EXP, 2, 255, false, NULL },
    { 255, 79, "CODE128 auto", BARCODE_CODE128, 1, 255, false, NULL },
};

struct symbol {
    const struct kind *kind;
    uint8_t modules[MODULES_MAX];           /* 1 black, in dots of the narrow bar's width each; see widths */
    size_t module_count;
    char text[TEXT_MAX];                    /* human readable */
    char data[TEXT_MAX];                    /* as a reader gives it */
};

/* ---- libzint's symbols ---- */

static int check_digit(const char *digits, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (digits[count - 1 - i] - '0') * (i % 2 == 0 ? 3 : 1);
    return (10 - sum % 10) % 10;
}

/* UPC-A digits whose zeros can be left out, to the six of UPC-E; false when they cannot. */
static bool suppress_zeros(const char *upc, char six[7])
{
    const char *maker = upc + 1, *item = upc + 6;
    if (maker[2] <= '2' && memcmp(maker + 3, "00", 2) == 0 && memcmp(item, "00", 2) == 0)
        snprintf(six, 7, "%.2s%.3s%c", maker, item + 2, maker[2]);
    else if (memcmp(maker + 3, "00", 2) == 0 && memcmp(item, "000", 3) == 0)
        snprintf(six, 7, "%.3s%.2s3", maker, item + 3);
    else if (maker[4] == '0' && memcmp(item, "0000", 4) == 0)
        snprintf(six, 7, "%.4s%c4", maker, item[4]);
    else if (memcmp(item, "0000", 4) == 0 && item[4] >= '5')
        snprintf(six, 7, "%.5s%c", maker, item[4]);
    else
        return false;
    return true;
}

static bool prepare_upc_e(struct kw_sim *sim, char *data)
{
    char six[7];
    size_t length = strlen(data);
    if (length >= 11) {
        if (data[0] != '0' || !suppress_zeros(data, six)) {
            kw_sim_warn(sim, sim->s.in.parsed, "UPC-E: %s has no short form", data);
            return false;
        }
        snprintf(data, TEXT_MAX, "0%s", six);
    } else if (length == 8) {
        data[7] = 0;                            /* the check digit is added again */
    }
    return length >= 11 || (length >= 6 && length <= 8);
}

/* Digits without their check digit; what the host gave is compared. */
static void strip_check(struct kw_sim *sim, const struct kind *kind, char *data)
{
    size_t length = strlen(data);
    if (length != kind->most || length == kind->least)
        return;
    if (data[length - 1] - '0' != check_digit(data, length - 1))
        kw_sim_warn(sim, sim->s.in.parsed, "%s: the check digit of %s is wrong", kind->name, data);
    data[length - 1] = 0;
}

static bool prepare(struct kw_sim *sim, const struct kind *kind, char *data)
{
    size_t length = strlen(data);
    switch (kind->b) {
    case 65: case 67: case 68:
        strip_check(sim, kind, data);
        return true;
    case 66:
        return prepare_upc_e(sim, data);
    case 69:                                    /* start and stop are added anyway */
        if (length > 1 && data[0] == '*' && data[length - 1] == '*') {
            data[length - 1] = 0;
            memmove(data, data + 1, length - 1);
        }
        return data[0] != 0;
    case 70:
        if (length % 2)
            data[length - 1] = 0;
        return data[0] != 0;
    case 71:
        for (size_t i = 0; i < length; i++)
            data[i] = data[i] >= 'a' && data[i] <= 'd' ? (char)(data[i] - 32) : data[i];
        if (data[0] < 'A' || data[0] > 'D' || length < 2) {
            char framed[TEXT_MAX + 4];
            snprintf(framed, sizeof framed, "A%.*sA", TEXT_MAX - 4, data);
            snprintf(data, TEXT_MAX, "%.*s", TEXT_MAX - 1, framed);
        }
        return true;
    default:
        return true;
    }
}

static bool by_zint(struct kw_sim *sim, struct symbol *symbol, const uint8_t *bytes, size_t length)
{
    char *data = symbol->data;
    size_t count = length < TEXT_MAX - 1 ? length : TEXT_MAX - 1;
    memcpy(data, bytes, count);
    data[count] = 0;
    bool textual = symbol->kind->characters != NULL;
    if (textual && !prepare(sim, symbol->kind, data))
        return false;
    struct kw_sim_encode what = { .symbology = symbol->kind->symbology, .data = (const uint8_t *)data,
                                  .length = textual ? strlen(data) : count };
    if (symbol->kind->b == 78)
        what.input_mode = GS1_MODE | GS1PARENS_MODE | GS1NOCHECK_MODE;
    struct kw_sim_grid grid;
    const char *why;
    if (!kw_sim_encode_symbol(sim, &what, &grid, &why)) {
        kw_sim_warn(sim, sim->s.in.parsed, "%s not printed: %s", symbol->kind->name, why);
        return false;
    }
    int row = grid.rows > 1 ? grid.rows - 1 : 0;
    for (symbol->module_count = 0; (int)symbol->module_count < grid.width; symbol->module_count++)
        symbol->modules[symbol->module_count] = kw_sim_module(&grid, row, (int)symbol->module_count);
    snprintf(symbol->text, sizeof symbol->text, "%s", grid.text);
    if (symbol->kind->b == 69)
        snprintf(symbol->text, sizeof symbol->text, "*%.*s*", TEXT_MAX - 4, data);
    bool digits_added = symbol->kind->b <= 68 || symbol->kind->b == 75 || symbol->kind->b == 76 ||
        symbol->kind->b == 77;
    if (digits_added && grid.text[0])
        snprintf(symbol->data, sizeof symbol->data, "%s", grid.text);
    return true;
}

static bool encode(struct kw_sim *sim, struct symbol *symbol, const uint8_t *bytes, size_t length)
{
    struct kw_sim_bars bars = { symbol->modules, MODULES_MAX, 0, symbol->text, symbol->data, TEXT_MAX };
    bool good;
    switch (symbol->kind->b) {
    case 73: good = kw_sim_code128(bytes, length, false, &bars); break;
    case 74: good = kw_sim_code128(bytes, length, true, &bars); break;
    case 79: good = kw_sim_code128_auto(bytes, length, &bars); break;
    default: return by_zint(sim, symbol, bytes, length);
    }
    symbol->module_count = bars.count;
    if (!good)
        kw_sim_warn(sim, sim->s.in.parsed, "%s: the data break the rules of its code sets; not printed",
                    symbol->kind->name);
    return good;
}

/* ---- drawing ---- */

static int wide_dots(int narrow)
{
    static const uint8_t wide[] = { 3, 3, 5, 8, 10, 13, 16 };
    return wide[narrow];
}

/* Draws the bars, or only measures them when the bitmap is NULL. Returns the width in dots. */
static int draw_bars(const struct symbol *symbol, int narrow, struct kw_bitmap *bitmap, int left, int y, int height)
{
    int x = 0;
    for (size_t at = 0; at < symbol->module_count;) {
        size_t run = 1;
        while (at + run < symbol->module_count && symbol->modules[at + run] == symbol->modules[at])
            run++;
        int dots = symbol->kind->two_widths ? (run > 1 ? wide_dots(narrow) : narrow) : (int)run * narrow;
        if (bitmap && symbol->modules[at])
            kw_bitmap_fill(bitmap, left + x, y, dots, height);
        x += dots;
        at += run;
    }
    return x;
}

static void draw_text(struct kw_sim *sim, const struct symbol *symbol, struct kw_bitmap *bitmap, int y)
{
    int font = sim->s.symbols.bars_font < 3 ? sim->s.symbols.bars_font : 0;
    int cell = kw_sim_cell_width(sim, font), high = kw_sim_cell_height(sim, font);
    int x = (bitmap->width - (int)strlen(symbol->text) * cell) / 2;
    for (const char *at = symbol->text; *at; at++, x += cell) {
        struct kw_sim_item item = {
            .kind = KW_ITEM_GLYPH, .code = (uint8_t)*at, .width = cell, .height = high, .advance = cell,
            .cell_width = (uint8_t)cell, .cell_height = (uint8_t)high, .times_wide = 1, .times_high = 1
        };
        kw_sim_draw_item(sim, bitmap, &item, x, y);
    }
}

static void say(struct kw_sim *sim, const struct symbol *symbol, int width, int height, int x)
{
    struct kw_json json;
    if (sim->watch)
        sim->watch->code(sim->watch->data, &(struct kw_sim_code){
            .offset = sim->s.in.parsed, .kind = symbol->kind->name, .data = symbol->data,
            .length = strlen(symbol->data), .row = sim->s.paper.y, .x = x, .width = width, .height = height
        });
    kw_sim_event(sim, &json, "barcode", sim->s.in.parsed);
    kw_json_string(&json, "symbology", symbol->kind->name);
    kw_json_string(&json, "data", symbol->data);
    if (sim->s.symbols.bars_text)
        kw_json_string(&json, "text", symbol->text);
    kw_json_integer(&json, "module", sim->s.symbols.bars_module);
    kw_json_integer(&json, "bar_height", sim->s.symbols.bars_height);
    kw_json_integer(&json, "width", width);
    kw_json_integer(&json, "height", height);
    kw_json_integer(&json, "x", x);
    kw_json_integer(&json, "y", sim->s.paper.y);
    kw_sim_event_end(sim, &json);
}

static void add_line(struct kw_sim *sim, const struct symbol *symbol, int x)
{
    char line[TEXT_MAX + 128];
    int font = sim->s.symbols.bars_font < 3 ? sim->s.symbols.bars_font : 0, column = x / kw_sim_cell_width(sim, font);
    snprintf(line, sizeof line, "%*s%s", column > 0 && column < 120 ? column : 0, "", symbol->text);
    if (!sim->s.page.active)
        kw_sim_text_line(sim, line, strlen(line));
}

static void print_symbol(struct kw_sim *sim, const struct symbol *symbol)
{
    const struct kw_sim_symbols *set = &sim->s.symbols;
    int font = set->bars_font < 3 ? set->bars_font : 0, text_high = kw_sim_cell_height(sim, font);
    int above = set->bars_text & 1 ? text_high : 0, below = set->bars_text & 2 ? text_high : 0;
    int bars = draw_bars(symbol, set->bars_module, NULL, 0, 0, 0), height = above + set->bars_height + below;
    int text_wide = above || below ? (int)strlen(symbol->text) * kw_sim_cell_width(sim, font) : 0;
    if (bars > kw_sim_area_width(sim)) {
        kw_sim_warn(sim, sim->s.in.parsed, "%s is wider (%d dots) than the print area: not printed", symbol->kind->name,
                    bars);
        if (!sim->s.page.active)
            kw_sim_advance(sim, height);
        return;
    }
    int width = text_wide > bars && text_wide <= kw_sim_area_width(sim) ? text_wide : bars;
    struct kw_buffer bits;
    kw_buffer_init(&bits, 1024 * 1024);
    size_t stride = (size_t)(width + 7) / 8;
    if (kw_buffer_fill(&bits, 0, stride * (size_t)height)) {
        struct kw_bitmap bitmap = { width, height, (int)stride, bits.data };
        int x = kw_sim_area_left(sim) + (sim->s.line.moved ? sim->s.line.x : kw_sim_align_x(sim, width));
        draw_bars(symbol, sim->s.symbols.bars_module, &bitmap, (width - bars) / 2, above, sim->s.symbols.bars_height);
        if (above)
            draw_text(sim, symbol, &bitmap, 0);
        if (below)
            draw_text(sim, symbol, &bitmap, above + sim->s.symbols.bars_height);
        say(sim, symbol, width, height, x);
        if (above || below)
            add_line(sim, symbol, x + (width - text_wide) / 2);
        kw_sim_print_bitmap(sim, &bitmap, 1, 1);
    }
    kw_buffer_free(&bits);
}

/* ---- the command ---- */

static const struct kind *find_kind(uint8_t m)
{
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (m == kinds[i].b || (m == kinds[i].a && m != 255))
            return &kinds[i];
    return NULL;
}

/* How many of the bytes are characters of the symbology; the rest are ordinary data. */
static size_t good_characters(const struct kind *kind, const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; kind->characters && i < length; i++)
        if (bytes[i] == 0 || !strchr(kind->characters, bytes[i]))
            return i;
    return length;
}

HANDLER(barcode)
{
    const struct kind *kind = find_kind(bytes[2]);
    if (!kind) {
        kw_sim_out_of_range(sim, "GS k", bytes[2]);
        return length;
    }
    if (!sim->s.page.active && sim->parts[KW_PART_ITEMS].length > 0) {
        kw_sim_warn(sim, sim->s.in.parsed, "GS k inside a line: its data are printed as text");
        return 3;
    }
    bool counted = bytes[2] >= 65, measured = sim->profile->firmware == KW_FIRMWARE_NT5890K;
    if (measured && bytes[2] >= 75)
        return 4;
    const uint8_t *data = bytes + (counted ? 4 : 3);
    size_t count = (size_t)(bytes + length - data);
    if (!counted && count > 0 && data[count - 1] == 0)
        count--;
    size_t good = good_characters(kind, data, count);
    if (good < count) {
        kw_sim_warn(sim, sim->s.in.parsed, "%s: byte %02X is no character of it", kind->name, data[good]);
        return (size_t)(data - bytes) + good + 1;
    }
    if (count < kind->least || count > kind->most) {
        kw_sim_warn(sim, sim->s.in.parsed, "%s: %zu characters are too %s", kind->name, count,
                    count < kind->least ? "few" : "many");
        return length;
    }
    struct symbol symbol = { .kind = kind };
    if (encode(sim, &symbol, data, count))
        print_symbol(sim, &symbol);
    if (measured && !counted)
        kw_sim_initial_bars(&sim->s.symbols);
    return length;
}
