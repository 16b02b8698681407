/* totals.c - from the subtotal to the change: what is owed, how it was paid, which taxes are in it. */
#include "layout/flow.h"

#include <string.h>

static void set_amount(struct flow *flow, const char *text, const struct kw_number *number,
                       const struct kw_style *style, const char *origin)
{
    const char *amount = flow->prices ? flow_amount(flow, number) : NULL;
    if (amount)
        flow_entry(flow, &(struct entry){ .text = text, .amount = amount, .style = *style,
                                          .value_flags = KW_FIELD_ISOLATE, .origin = origin });
}

/* The same by the document's name for it, or where it has none by a word. */
static void set_named(struct flow *flow, const char *name, enum kw_label label, const struct kw_number *number,
                      const char *origin)
{
    const char *amount = flow->prices ? flow_amount(flow, number) : NULL;
    if (!name)
        set_amount(flow, flow_label(flow, label), number, &kw_plain, origin);
    else if (amount)
        flow_entry(flow, &(struct entry){ .text = name, .amount = amount, .style = kw_plain,
                                          .text_flags = KW_FIELD_NAME, .value_flags = KW_FIELD_ISOLATE,
                                          .origin = origin });
}

/* A row that is left out where there is nothing to say. */
static void set_labelled(struct flow *flow, enum kw_label label, const struct kw_number *number,
                         const struct kw_style *style, const char *origin)
{
    if (flow_amount_unless_zero(flow, number))
        set_amount(flow, flow_label(flow, label), number, style, origin);
}

static void set_adjustments(struct flow *flow, const struct kw_adjustments *list, enum kw_label label)
{
    for (size_t i = 0; i < list->count; i++)
        set_named(flow, list->items[i].name, label, &list->items[i].amount, list->items[i].pointer);
}

static void set_taxes(struct flow *flow);

static bool anything_above_total(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    return sale->subtotal.text || sale->discounts.count || sale->charges.count
        || (sale->total_holds.taxes && sale->tax_count) || (sale->total_holds.tip && sale->tip.text)
        || (!sale->total_holds.no_rounding && flow_amount_unless_zero(flow, &sale->rounding));
}

/* What is added stands above what it adds up to: the parser found how the total adds up. */
void section_subtotal(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    if (!flow->prices || !anything_above_total(flow))
        return;
    flow_mark(flow);
    flow_rule(flow, "single");
    set_amount(flow, flow_label(flow, KW_LABEL_subtotal), &sale->subtotal, &kw_plain, "/subtotal");
    set_adjustments(flow, &sale->discounts, KW_LABEL_discount);
    if (sale->total_holds.taxes && !flow_hidden(flow, "taxes"))
        set_taxes(flow);
    set_adjustments(flow, &sale->charges, KW_LABEL_charge);
    if (sale->total_holds.tip)
        set_labelled(flow, KW_LABEL_tip, &sale->tip, &kw_plain, "/tip");
    if (!sale->total_holds.no_rounding)
        set_labelled(flow, KW_LABEL_rounding, &sale->rounding, &kw_plain, "/rounding");
}

/* ---- the total ----------------------------------------------------------------------------------------------- */

static void set_total(struct flow *flow)
{
    flow_entry(flow, &(struct entry){ .text = flow_total_label(flow), .amount = flow_total_amount(flow),
                                      .sign = flow->sign, .sign_style = flow->sign_style,
                                      .style = *flow->total_style, .value_flags = flow_total_flags(flow),
                                      .origin = "/total" });
}

void section_total(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    flow_mark(flow);
    flow->tail_set = flow->code == 0 && flow->page->piece_count > 0;
    kw_page_begin_tail(flow->page);
    if (flow->prices && sale->total.text) {
        flow_rule(flow, "double");
        set_total(flow);
    }
    if (flow->prices && !flow_hidden(flow, "saved"))
        set_labelled(flow, KW_LABEL_saved, &sale->saved, &kw_plain, "/saved");
    if (sale->item_count.text && !flow->station && !flow_hidden(flow, "item_count"))
        flow_left(flow, flow_named(flow, flow_label(flow, KW_LABEL_item_count), flow_quantity(flow, &sale->item_count)),
                  "/item_count");
}

/* ---- taxes --------------------------------------------------------------------------------------------------- */

enum { TAX_COLUMNS = 4 };

static const char *tax_name(struct flow *flow, const struct kw_tax *tax)
{
    if (tax->code && tax->name && !flow_begins_with(tax->name, tax->code))
        return flow_joined(flow, tax->code, " ", tax->name);
    return tax->name ? tax->name : tax->code ? tax->code : flow_label(flow, KW_LABEL_tax);
}

static const char *tax_cell(struct flow *flow, const struct kw_tax *tax, int column)
{
    if (column == 0)
        return tax_name(flow, tax);
    return flow_amount(flow, column == 1 ? &tax->net : column == 2 ? &tax->tax : &tax->gross);
}

struct tax_table {
    bool used[TAX_COLUMNS];
    int width[TAX_COLUMNS];
    const char *heads[TAX_COLUMNS];
    int total;                      /* of all columns with a cell between them */
};

/* Right to left all amounts begin where the widest one does, and so do those of the last column. */
static void widen_last(const struct flow *flow, struct tax_table *table)
{
    int last = TAX_COLUMNS - 1;
    while (last > 0 && !table->used[last])
        last--;
    int more = flow->amount_column - table->width[last];
    if (flow->mirrored && last > 0 && more > 0 && table->total + more <= flow->amount_edge) {
        table->width[last] += more;
        table->total += more;
    }
}

static struct tax_table plan_taxes(struct flow *flow)
{
    struct tax_table table = { .heads = { flow_label(flow, KW_LABEL_vat), flow_label(flow, KW_LABEL_net),
                                          flow_label(flow, KW_LABEL_tax), flow_label(flow, KW_LABEL_gross) } };
    for (int column = 0; column < TAX_COLUMNS; column++) {
        for (size_t i = 0; i < flow->sale->tax_count; i++) {
            const char *text = tax_cell(flow, &flow->sale->taxes[i], column);
            int width = text ? flow_measure(flow, text, &kw_plain, column ? KW_FIELD_ISOLATE : 0) : 0;
            table.used[column] = table.used[column] || text;
            table.width[column] = width > table.width[column] ? width : table.width[column];
        }
        int head = flow_measure(flow, table.heads[column], &kw_plain, 0);
        if (table.used[column]) {
            table.width[column] = head > table.width[column] ? head : table.width[column];
            table.total += table.width[column] + (column ? flow->cell : 0);
        }
    }
    widen_last(flow, &table);
    return table;
}

/*
 * The name takes what is left; amounts stand in columns as wide as their widest, spread over the line. Digits are not
 * mirrored: right to left their units are where the column begins.
 */
static void set_tax_row(struct flow *flow, const struct tax_table *table, const char *const texts[TAX_COLUMNS],
                        const char *origin)
{
    struct cell cells[TAX_COLUMNS];
    size_t count = 0, columns = 0;
    for (int column = 1; column < TAX_COLUMNS; column++)
        columns += table->used[column];
    int spare = columns ? (flow->amount_edge - table->total) / (int)columns : 0, edge = flow->amount_edge;
    spare = spare > 3 * flow->cell ? 3 * flow->cell : spare;
    enum kw_align units = flow->mirrored ? KW_ALIGN_LEFT : KW_ALIGN_RIGHT;
    for (int column = TAX_COLUMNS - 1; column > 0; column--) {
        if (!table->used[column])
            continue;
        if (texts[column])
            cells[count++] = (struct cell){ .text = texts[column], .style = kw_plain, .align = units,
                                            .x = edge - table->width[column], .width = table->width[column],
                                            .flags = origin ? KW_FIELD_ISOLATE : 0 };
        edge -= table->width[column] + flow->cell + spare;
    }
    cells[count++] = (struct cell){ .text = texts[0], .style = kw_plain, .x = 0, .width = edge + spare };
    for (size_t i = 0; i < count / 2; i++) {
        struct cell swap = cells[i];
        cells[i] = cells[count - 1 - i];
        cells[count - 1 - i] = swap;
    }
    flow_row(flow, cells, count, origin);
}

/* Too long for columns: the name, and what belongs to it below. */
static void set_tax_stack(struct flow *flow, const struct tax_table *table, const struct kw_tax *tax)
{
    flow_left(flow, tax_name(flow, tax), tax->pointer);
    for (int column = 1; column < TAX_COLUMNS; column++) {
        const char *text = tax_cell(flow, tax, column);
        if (text)
            flow_entry(flow, &(struct entry){ .text = table->heads[column], .amount = text, .style = kw_plain,
                                              .x = 2 * flow->cell, .value_flags = KW_FIELD_ISOLATE,
                                              .origin = tax->pointer });
    }
}

static void set_tax_table(struct flow *flow)
{
    struct tax_table table = plan_taxes(flow);
    bool fits = table.total <= flow->amount_edge;
    if (fits && (table.used[1] || table.used[2] || table.used[3]))
        set_tax_row(flow, &table, table.heads, NULL);
    for (size_t i = 0; i < flow->sale->tax_count && flow->code == 0; i++) {
        const struct kw_tax *tax = &flow->sale->taxes[i];
        const char *texts[TAX_COLUMNS];
        for (int column = 0; column < TAX_COLUMNS; column++)
            texts[column] = tax_cell(flow, tax, column);
        if (fits)
            set_tax_row(flow, &table, texts, tax->pointer);
        else
            set_tax_stack(flow, &table, tax);
    }
}

/* A table needs net or gross beside the tax; else each tax is one amount. */
static void set_taxes(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    bool table = false;
    for (size_t i = 0; i < sale->tax_count; i++)
        table = table || sale->taxes[i].net.text || sale->taxes[i].gross.text;
    if (table) {
        set_tax_table(flow);
        return;
    }
    for (size_t i = 0; i < sale->tax_count; i++) {
        const struct kw_tax *tax = &sale->taxes[i];
        flow_entry(flow, &(struct entry){ .text = tax_name(flow, tax), .amount = flow_amount(flow, &tax->tax),
                                          .style = kw_plain, .value_flags = KW_FIELD_ISOLATE, .origin = tax->pointer });
    }
}

void section_taxes(struct flow *flow)
{
    if (!flow->prices || flow->sale->total_holds.taxes || !flow->sale->tax_count)
        return;
    flow_mark(flow);
    flow_rule(flow, "single");
    set_taxes(flow);
}

/* ---- payments ------------------------------------------------------------------------------------------------ */

static enum kw_label payment_label(int type)
{
    static const enum kw_label labels[] = {
#define PAYMENT(name, number, word, label) [number] = KW_LABEL_##label,
#include "data/payments.def"
#undef PAYMENT
    };
    return labels[type];
}

/* "5,00 € x 4,31" */
static void set_tendered(struct flow *flow, const struct kw_payment *payment)
{
    const char *currency = payment->tendered_currency;
    const char *money = flow_money_in(flow, payment->tendered.text, currency, kw_locale_decimals(currency));
    const char *rate = flow_quantity(flow, &payment->tendered_rate);
    flow_paragraph(flow, &(struct paragraph){ .text = rate ? flow_times(flow, money, rate) : money,
                                              .style = kw_plain, .x = 2 * flow->cell, .origin = payment->pointer });
}

/* A label, and room to write an amount beside it. */
static void set_blank(struct flow *flow, enum kw_label label, const char *origin)
{
    enum { WRITING_ROOM = 60 };
    const char *line = "";
    int one = flow_measure(flow, "_", &kw_plain, 0);
    for (int width = one; one > 0 && width <= flow->width / 2; width += one)
        line = flow_format(flow, "%s_", line);
    flow_white(flow, WRITING_ROOM);
    flow_sides(flow, flow_label(flow, label), line, origin);
}

static void set_signature(struct flow *flow, const char *origin)
{
    flow_white(flow, 100);
    flow_rule(flow, "dotted");
    flow_center(flow, flow_label(flow, KW_LABEL_signature), kw_plain, origin);
    flow_feed(flow, 20);
}

static void set_payment(struct flow *flow, const struct kw_payment *payment)
{
    set_named(flow, payment->name, payment_label(payment->type), &payment->amount, payment->pointer);
    if (payment->has_tendered && payment->tendered.text)
        set_tendered(flow, payment);
    for (size_t i = 0; i < payment->details.count; i++)
        flow_paragraph(flow, &(struct paragraph){ .text = payment->details.items[i], .style = kw_plain,
                                                  .x = 2 * flow->cell, .hangs = true, .origin = payment->pointer });
    flow_facts(flow, &payment->facts, 2 * flow->cell, payment->pointer);
    if (payment->tip_lines) {
        set_blank(flow, KW_LABEL_tip, payment->pointer);
        set_blank(flow, KW_LABEL_total, payment->pointer);
    }
    if (payment->signature)
        set_signature(flow, payment->pointer);
}

void section_payments(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    bool tip = !sale->total_holds.tip && flow_amount_unless_zero(flow, &sale->tip),
         rounding = sale->total_holds.no_rounding && flow_amount_unless_zero(flow, &sale->rounding),
         rest = flow_amount_unless_zero(flow, &sale->change) || flow_amount_unless_zero(flow, &sale->due);
    if (!flow->prices || (!sale->payment_count && !rest && !tip && !rounding))
        return;
    flow_mark(flow);
    flow_rule(flow, "single");
    if (rounding)
        set_labelled(flow, KW_LABEL_rounding, &sale->rounding, &kw_plain, "/rounding");
    if (tip)
        set_labelled(flow, KW_LABEL_tip, &sale->tip, &kw_plain, "/tip");
    for (size_t i = 0; i < sale->payment_count && flow->code == 0; i++)
        set_payment(flow, &sale->payments[i]);
    set_labelled(flow, KW_LABEL_change, &sale->change, &kw_bold, "/change");
    set_labelled(flow, KW_LABEL_still_due, &sale->due, &kw_bold, "/due");
}

/* ---- loyalty ------------------------------------------------------------------------------------------------- */

static void set_points(struct flow *flow, enum kw_label label, const char *points, const char *origin)
{
    struct kw_number number = { .text = points };
    if (points)
        flow_entry(flow, &(struct entry){ .text = flow_label(flow, label), .amount = flow_quantity(flow, &number),
                                          .style = kw_plain, .value_flags = KW_FIELD_ISOLATE, .origin = origin });
}

static void set_programme(struct flow *flow, const struct kw_loyalty *loyalty)
{
    if (loyalty->name)
        flow_paragraph(flow, &(struct paragraph){ .text = loyalty->name, .style = kw_bold,
                                                  .flags = KW_FIELD_NAME, .origin = loyalty->pointer });
    set_points(flow, KW_LABEL_earned, loyalty->earned, loyalty->pointer);
    set_points(flow, KW_LABEL_redeemed, loyalty->redeemed, loyalty->pointer);
    set_points(flow, KW_LABEL_balance, loyalty->balance, loyalty->pointer);
}

void section_loyalty(struct flow *flow)
{
    for (size_t i = 0; i < flow->sale->loyalty_count && !flow->station; i++) {
        const struct kw_loyalty *loyalty = &flow->sale->loyalty[i];
        if (!loyalty->name && !loyalty->earned && !loyalty->redeemed && !loyalty->balance)
            continue;
        flow_mark(flow);
        flow_rule(flow, "single");
        set_programme(flow, loyalty);
    }
}
