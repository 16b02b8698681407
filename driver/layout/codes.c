/* codes.c - what stands below the money: fiscal parts, notes, legal lines, codes, vouchers, thanks. */
#include "layout/flow.h"

#include <string.h>

/* ---- fiscal -------------------------------------------------------------------------------------------------- */

static void set_fiscal(struct flow *flow, const struct kw_fiscal *fiscal)
{
    if (fiscal->format == KW_FISCAL_TEXT) {
        if (fiscal->caption)
            flow_paragraph(flow, &(struct paragraph){ .text = fiscal->caption, .style = kw_bold,
                                                      .origin = fiscal->pointer });
        flow_paragraph(flow, &(struct paragraph){ .text = fiscal->data, .style = kw_plain, .flags = KW_FIELD_ISOLATE,
                                                  .origin = fiscal->pointer });
        return;
    }
    const char *symbology = fiscal->format == KW_FISCAL_QR ? "qr" : fiscal->symbology ? fiscal->symbology : "code128";
    flow_symbol(flow, &(struct symbol_wish){
        .caption = fiscal->caption, .origin = fiscal->pointer, .symbology = symbology, .data = fiscal->data,
        .min_mm = fiscal->min_mm, .max_mm = fiscal->max_mm, .error_level = fiscal->error_level, .text = true,
        .required = true });
}

static void set_fiscal_at(struct flow *flow, enum kw_fiscal_place place)
{
    enum { WHITE = 20 };
    for (size_t i = 0; i < flow->sale->fiscal_count && flow->code == 0; i++) {
        const struct kw_fiscal *fiscal = &flow->sale->fiscal[i];
        if (fiscal->place != place || flow->station)
            continue;
        flow_mark(flow);
        flow_white(flow, WHITE);
        set_fiscal(flow, fiscal);
        flow_white(flow, place == KW_PLACE_TOP ? WHITE : 0);
    }
}

void section_fiscal_top(struct flow *flow)
{
    set_fiscal_at(flow, KW_PLACE_TOP);
}

void section_fiscal_after_total(struct flow *flow)
{
    set_fiscal_at(flow, KW_PLACE_AFTER_TOTAL);
}

void section_fiscal_bottom(struct flow *flow)
{
    set_fiscal_at(flow, KW_PLACE_BOTTOM);
}

/* ---- texts --------------------------------------------------------------------------------------------------- */

static void set_texts(struct flow *flow, const struct kw_texts *texts, int align, const struct kw_style *style,
                      const char *origin)
{
    if (!texts->count)
        return;
    flow_mark(flow);
    flow_feed(flow, 20);
    for (size_t i = 0; i < texts->count; i++)
        flow_paragraph(flow, &(struct paragraph){ .text = texts->items[i], .style = *style, .align = align,
                                                  .origin = origin });
}

void section_notes(struct flow *flow)
{
    set_texts(flow, &flow->sale->notes, KW_ALIGN_LEFT,
              flow->station ? flow_emphasized(flow->options->ticket.notes) : &kw_plain, "/notes");
}

void section_legal(struct flow *flow)
{
    if (!flow->station)
        set_texts(flow, &flow->sale->legal, KW_ALIGN_CENTER, &kw_plain, "/legal");
}

void section_thanks(struct flow *flow)
{
    int kind = flow->sale->kind;
    if (flow->station || (kind != KW_KIND_SALE && kind != KW_KIND_EXCHANGE && kind != KW_KIND_DEPOSIT))
        return;
    flow_mark(flow);
    flow_feed(flow, 30);
    flow_center(flow, flow_label(flow, KW_LABEL_thanks), kw_bold, "");
}

/* ---- codes --------------------------------------------------------------------------------------------------- */

static void set_code(struct flow *flow, const struct kw_code *code)
{
    flow_symbol(flow, &(struct symbol_wish){ .caption = code->caption, .origin = code->pointer,
                                             .symbology = code->symbology, .data = code->data, .text = code->text });
}

void section_codes(struct flow *flow)
{
    for (size_t i = 0; i < flow->sale->code_count && !flow->station; i++) {
        flow_mark(flow);
        flow_feed(flow, 30);
        set_code(flow, &flow->sale->codes[i]);
    }
}

/* ---- vouchers ------------------------------------------------------------------------------------------------ */

static void set_validity(struct flow *flow, const char *date)
{
    int year = 0, month = 0, day = 0;
    char text[80];
    for (int i = 0; i < 4; i++)
        year = year * 10 + (date[i] - '0');
    month = (date[5] - '0') * 10 + (date[6] - '0');
    day = (date[8] - '0') * 10 + (date[9] - '0');
    if (kw_locale_date(flow->locale, year, month, day, text, sizeof text) >= 0)
        flow_center(flow, flow_format(flow, "%s %s", flow_label(flow, KW_LABEL_valid_to), text), kw_plain, "/vouchers");
}

void flow_voucher(struct flow *flow, const struct kw_voucher *voucher)
{
    flow_rule(flow, "double");
    if (voucher->title)
        flow_center_name(flow, voucher->title, flow_emphasis(flow, voucher->title, flow->width), voucher->pointer);
    if (voucher->text)
        flow_center_name(flow, voucher->text, kw_plain, voucher->pointer);
    if (voucher->has_code)
        set_code(flow, &voucher->code);
    if (voucher->valid_to)
        set_validity(flow, voucher->valid_to);
    flow_rule(flow, "double");
}

/* Those with a cut of their own become pieces behind the receipt. */
void section_vouchers(struct flow *flow)
{
    for (size_t i = 0; i < flow->sale->voucher_count && !flow->station; i++) {
        if (flow->sale->vouchers[i].cut)
            continue;
        flow_mark(flow);
        flow_feed(flow, 30);
        flow_voucher(flow, &flow->sale->vouchers[i]);
    }
}
