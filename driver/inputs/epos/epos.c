/* epos.c - the elements of the document, one after the other. */
#include "inputs/epos/internal.h"

#include "base/xml_line.h"
#include "layout/symbol.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_CEILING = 64 * 1024, ATTRIBUTES = 32, DOTS_PER_BAR_MODULE = 3, BARS_DOTS = 162 };

struct document {
    struct kw_epos_reading reading;
    XML_Parser parser;
    int depth, elements;
    int print_depth;                /* of <epos-print>; 0: not there yet */
    bool in_job, done;
};

/* ---- attributes ---- */

static bool is_said(const struct kw_epos_reading *reading, const char *name, const char *value)
{
    const char *found = kw_epos_attribute(reading, name);
    return found && strcmp(found, value) == 0;
}

static bool truth(const struct kw_epos_reading *reading, const char *name, bool otherwise)
{
    const char *value = kw_epos_attribute(reading, name);
    return value ? strcmp(value, "true") == 0 || strcmp(value, "1") == 0 : otherwise;
}

static void take_align(struct kw_epos_reading *reading)
{
    const char *value = kw_epos_attribute(reading, "align");
    if (value && !reading->canvas.canvas)
        reading->line.align = strcmp(value, "center") == 0 ? KW_ALIGN_CENTER
            : strcmp(value, "right") == 0 ? KW_ALIGN_RIGHT : KW_ALIGN_LEFT;
}

/* ---- elements ---- */

/* What is said holds for all texts from here on. */
static void begin_text(struct kw_epos_reading *reading)
{
    struct kw_style *style = &reading->line.style;
    const char *font = kw_epos_attribute(reading, "font");
    if (truth(reading, "rotate", false))
        kw_epos_refuse(reading, "text", "turned text (rotate) is not printed here");
    take_align(reading);
    if (font)
        style->font = strcmp(font, "font_a") == 0 ? KW_FONT_A : KW_FONT_B;
    if (kw_epos_attribute(reading, "dw"))
        style->width = truth(reading, "dw", false) ? 2 : 1;
    if (kw_epos_attribute(reading, "dh"))
        style->height = truth(reading, "dh", false) ? 2 : 1;
    style->width = (uint8_t)kw_epos_number(reading, "width", 1, 8, style->width);
    style->height = (uint8_t)kw_epos_number(reading, "height", 1, 8, style->height);
    style->bold = truth(reading, "em", style->bold);
    style->underline = truth(reading, "ul", style->underline);
    style->invert = truth(reading, "reverse", style->invert);
    reading->line.x = kw_epos_number(reading, "x", 0, 65535, -1);
}

static void end_text(struct kw_epos_reading *reading)
{
    begin_text(reading);
    kw_epos_open_piece(reading);
    if (reading->line.x < 0 && reading->line.count == 0 && reading->canvas.x > 0)
        reading->line.x = reading->canvas.x;
    kw_epos_line_add(reading, kw_buffer_string(&reading->content), reading->content.length);
}

static void end_feed(struct kw_epos_reading *reading)
{
    int dots = kw_epos_number(reading, "unit", 0, 255, 0);
    int lines = kw_epos_number(reading, "line", 0, 255, dots > 0 ? 0 : 1);
    if (kw_epos_line_end(reading) && lines > 0)
        lines--;
    kw_page_feed(reading->page, dots + lines * kw_text_line_dots(reading->text, &reading->line.style));
}

static void end_image(struct kw_epos_reading *reading)
{
    kw_epos_line_end(reading);
    take_align(reading);
    kw_epos_picture(reading, reading->line.align);
}

/* On a page a code is drawn here: where printers put one of their own differs. */
static void place_symbol(struct kw_epos_reading *reading, const struct kw_symbol_wish *wish,
                         const struct kw_symbol_plan *plan)
{
    bool bars = wish->symbology != KW_QR;
    if (!reading->canvas.canvas)
        kw_symbol_place(reading->page, plan, "");
    else if (plan->op.kind != KW_OP_BITMAP)
        kw_epos_refuse(reading, "symbol", "this type is not printed on a page");
    else
        kw_epos_page_symbol(reading, plan->op.image.bitmap, !bars);
}

static void print_symbol(struct kw_epos_reading *reading, struct kw_symbol_wish *wish, bool human)
{
    struct kw_symbol_plan plan;
    kw_epos_line_end(reading);
    if (reading->canvas.canvas) {
        wish->drawing = KW_DRAWING_RASTER;
        wish->area_dots = reading->page->width_dots;
    }
    if (reading->code == 0)
        reading->code = kw_symbol_prepare(reading->arena, reading->profile, wish, &plan, reading->error);
    if (reading->code == 0)
        place_symbol(reading, wish, &plan);
    if (reading->code < 0 || !human || !plan.human)
        return;
    enum kw_align align = reading->line.align;
    reading->line.align = reading->canvas.canvas ? KW_ALIGN_LEFT : KW_ALIGN_CENTER;
    reading->line.x = reading->canvas.x;
    kw_epos_line_add(reading, plan.human, strlen(plan.human));
    kw_epos_line_end(reading);
    reading->line.align = align;
}

/* Data of CODE128 say first in which of its sets they are; which set is best is found here. */
static void drop_set(struct kw_epos_reading *reading, struct kw_symbol_wish *wish)
{
    if (wish->length > 2 && wish->data[0] == '{' && (wish->data[1] == 'A' || wish->data[1] == 'B'))
        wish->data += 2, wish->length -= 2;
    if (memchr(wish->data, '{', wish->length))
        kw_epos_refuse(reading, "barcode", "data that change their set ({C, {S, {1) are not printed here");
}

static void end_barcode(struct kw_epos_reading *reading)
{
    static const char *const rows[][2] = { { "jan13", "ean13" }, { "jan8", "ean8" }, { "gs1_128", "gs1-128" },
                                           { "upc_a", "upca" }, { "upc_e", "upce" } };
    const char *type = kw_epos_attribute(reading, "type"), *hri = kw_epos_attribute(reading, "hri");
    struct kw_symbol_wish wish = { .data = kw_buffer_string(&reading->content), .length = reading->content.length };
    int dots = kw_epos_number(reading, "height", 1, 255, BARS_DOTS);
    wish.module_dots = kw_epos_number(reading, "width", 2, 6, DOTS_PER_BAR_MODULE);
    wish.height_mm = dots * 254 / (10 * reading->profile->dpi);
    wish.height_mm = wish.height_mm > 0 ? wish.height_mm : 1;
    for (size_t i = 0; type && i < sizeof rows / sizeof rows[0]; i++)
        type = strcmp(type, rows[i][0]) == 0 ? rows[i][1] : type;
    take_align(reading);
    if (!type || !kw_symbology_find(type, &wish.symbology) || wish.symbology == KW_QR || wish.symbology == KW_PDF417)
        kw_epos_refuse(reading, "barcode", "this type is not printed here");
    else if (wish.symbology == KW_CODE128)
        drop_set(reading, &wish);
    print_symbol(reading, &wish, hri && strcmp(hri, "none") != 0);
}

static void end_symbol(struct kw_epos_reading *reading)
{
    const char *type = kw_epos_attribute(reading, "type"), *level = kw_epos_attribute(reading, "level");
    struct kw_symbol_wish wish = { .symbology = KW_QR, .data = kw_buffer_string(&reading->content),
                                   .length = reading->content.length };
    wish.module_dots = kw_epos_number(reading, "width", 1, 16, 0);
    take_align(reading);
    if (type && strncmp(type, "pdf417", 6) == 0)
        wish.symbology = KW_PDF417;
    else if (!type || strncmp(type, "qrcode_model", 12) != 0)
        kw_epos_refuse(reading, "symbol", "this type is not printed here");
    if (level && strncmp(level, "level_", 6) == 0 && strchr("lmqh", level[6]) && level[6])
        wish.error_level = (char)(level[6] - 'a' + 'A');
    print_symbol(reading, &wish, false);
}

static void end_cut(struct kw_epos_reading *reading)
{
    kw_epos_line_end(reading);
    kw_epos_close_piece(reading, KW_CUT_PARTIAL);
}

static void end_pulse(struct kw_epos_reading *reading)
{
    const char *time = kw_epos_attribute(reading, "time");
    int on_ms = time && strncmp(time, "pulse_", 6) == 0 ? atoi(time + 6) : 100;
    if (reading->line.count > 0)
        kw_epos_line_end(reading);
    kw_epos_close_piece(reading, KW_CUT_NONE);
    struct kw_piece *piece = kw_page_add_piece(&reading->out->page, KW_PIECE_DRAWER, "drawer");
    if (!piece)
        return;
    piece->drawer_pin = is_said(reading, "drawer", "drawer_2") ? 5 : 2;
    piece->on_ms = on_ms >= 100 && on_ms <= 500 ? on_ms : 100;
    piece->off_ms = piece->on_ms;
}

static void end_line_rule(struct kw_epos_reading *reading)
{
    kw_epos_line_end(reading);
    if (reading->code == 0)
        reading->code = kw_text_rule(reading->text, reading->page, "-", reading->page->width_dots, reading->error);
}

/* The printer is made ready for every receipt anyway. */
static void end_nothing(struct kw_epos_reading *reading)
{
    (void)reading;
}

enum place { ROLL = 1, PAGE = 2 };

static const struct { const char *name; void (*end)(struct kw_epos_reading *reading); int places; } elements[] = {
    { "text", end_text, ROLL | PAGE }, { "feed", end_feed, ROLL | PAGE }, { "image", end_image, ROLL | PAGE },
    { "barcode", end_barcode, ROLL | PAGE }, { "symbol", end_symbol, ROLL | PAGE }, { "cut", end_cut, ROLL },
    { "pulse", end_pulse, ROLL }, { "hline", end_line_rule, ROLL }, { "recovery", end_nothing, ROLL },
    { "reset", end_nothing, ROLL }, { "page", kw_epos_page_end, ROLL }, { "area", kw_epos_area, PAGE },
    { "direction", kw_epos_direction, PAGE }, { "position", kw_epos_position, PAGE },
};

/* ---- the document ---- */

/* Without the prefix of its name space. */
static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void stop(struct document *document)
{
    if (document->reading.code < 0)
        XML_StopParser(document->parser, XML_FALSE);
}

static void keep_attributes(struct document *document, const char **given)
{
    struct kw_epos_reading *reading = &document->reading;
    size_t count = 0;
    while (given[count])
        count++;
    reading->attributes = kw_arena_array(reading->arena, count + 1, sizeof *reading->attributes);
    for (size_t i = 0; reading->attributes && i < count; i++)
        reading->attributes[i] = kw_arena_string(reading->arena, given[i]);
    if (!reading->attributes || count > 2 * (size_t)ATTRIBUTES)
        kw_epos_refuse(reading, "epos-print", "it has too many attributes");
}

/* How deep the elements stand that print. */
static int printing_depth(const struct document *document)
{
    return document->print_depth + (document->reading.canvas.canvas ? 2 : 1);
}

static bool is_page(const struct document *document, const char *name)
{
    return document->depth == document->print_depth + 1 && strcmp(name, "page") == 0;
}

static void XMLCALL on_start(void *data, const char *name, const char **attributes)
{
    struct document *document = data;
    struct kw_epos_reading *reading = &document->reading;
    name = local_name(name);
    document->depth++;
    kw_buffer_clear(&reading->content);
    if (document->depth > KW_EPOS_DEPTH || ++document->elements > KW_EPOS_ELEMENTS)
        kw_epos_refuse(reading, name, "the document has too many elements");
    document->in_job = strcmp(name, "printjobid") == 0;
    if (document->print_depth && document->depth > printing_depth(document))
        kw_epos_refuse(reading, name, "an element stands inside another that has none");
    if (!document->print_depth && strcmp(name, "epos-print") == 0)
        document->print_depth = document->depth;
    else if (document->print_depth)
        keep_attributes(document, attributes);
    if (document->print_depth && !document->done && is_page(document, name))
        kw_epos_page_begin(reading);
    stop(document);
}

static void end_element(struct document *document, const char *name)
{
    struct kw_epos_reading *reading = &document->reading;
    bool on_page = reading->canvas.canvas && !is_page(document, name);
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++)
        if (strcmp(elements[i].name, name) == 0 && elements[i].places & (on_page ? PAGE : ROLL)) {
            elements[i].end(reading);
            if (on_page)
                kw_epos_page_take(reading);
            return;
        }
    kw_epos_refuse(reading, name, on_page ? "this element is not printed on a page"
                                          : "this element is not printed here");
}

static void XMLCALL on_end(void *data, const char *name)
{
    struct document *document = data;
    struct kw_epos_reading *reading = &document->reading;
    name = local_name(name);
    if (document->in_job)
        snprintf(reading->out->job, sizeof reading->out->job, "%s", kw_buffer_string(&reading->content));
    document->in_job = false;
    bool prints = document->depth == printing_depth(document) || is_page(document, name);
    if (document->print_depth && prints && !document->done)
        end_element(document, name);
    else if (document->depth == document->print_depth)
        document->done = true;
    kw_buffer_clear(&reading->content);
    document->depth--;
    stop(document);
}

static void XMLCALL on_text(void *data, const char *text, int length)
{
    struct document *document = data;
    bool wanted = document->in_job || (document->print_depth && document->depth == printing_depth(document));
    if (wanted && !kw_buffer_add(&document->reading.content, text, (size_t)length))
        kw_epos_refuse(&document->reading, "epos-print", "an element is too long");
    stop(document);
}

/* Entities of its own are how a small document becomes a large one. */
static void XMLCALL on_doctype(void *data, const char *name, const char *system, const char *public, int internal)
{
    struct document *document = data;
    (void)name, (void)system, (void)public, (void)internal;
    document->reading.code = kw_fail(document->reading.error, KWIT_E_SYNTAX, "", "a document type is not taken");
    stop(document);
}

static int parse(struct document *document, const char *xml, size_t length)
{
    struct kw_epos_reading *reading = &document->reading;
    XML_SetUserData(document->parser, document);
    XML_SetElementHandler(document->parser, on_start, on_end);
    XML_SetCharacterDataHandler(document->parser, on_text);
    XML_SetStartDoctypeDeclHandler(document->parser, on_doctype);
    enum XML_Status status = XML_Parse(document->parser, xml, (int)length, 1);
    if (reading->code == 0 && status != XML_STATUS_OK)
        reading->code = kw_fail(reading->error, KWIT_E_SYNTAX, "", "line %lu: %s",
                                kw_xml_line(document->parser),
                                XML_ErrorString(XML_GetErrorCode(document->parser)));
    if (reading->code == 0 && !document->print_depth)
        kw_epos_refuse(reading, "epos-print", "the document has none");
    if (reading->code == 0 && reading->line.count > 0)
        kw_epos_line_end(reading);
    if (reading->code == 0 && reading->out->page.error < 0)
        reading->code = kw_fail(reading->error, KWIT_E_NO_MEMORY, "", "out of memory");
    return reading->code;
}

int kw_epos_read(struct kw_arena *arena, const char *xml, size_t length, struct kw_text *text,
                 const struct kw_profile *profile, struct kw_epos *out, struct kw_error *error)
{
    struct document document = { .reading = { .arena = arena, .text = text, .profile = profile, .out = out,
                                              .error = error, .line = { .x = -1 } } };
    *out = (struct kw_epos){ .job = "" };
    kw_page_init(&out->page, arena, kw_text_width_dots(text));
    document.reading.page = &out->page;
    if (length > KW_EPOS_BYTES)
        return kw_fail(error, KWIT_E_TOO_LARGE, "", "the document is larger than %d MiB", KW_EPOS_BYTES >> 20);
    kw_buffer_init(&document.reading.line.bytes, LINE_CEILING);
    kw_buffer_init(&document.reading.content, KW_EPOS_CONTENT);
    document.parser = XML_ParserCreate(NULL);
    int code = document.parser ? parse(&document, xml, length)
        : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (document.parser)
        XML_ParserFree(document.parser);
    kw_buffer_free(&document.reading.line.bytes);
    kw_buffer_free(&document.reading.content);
    return code;
}
