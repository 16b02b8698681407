/*
 * columns.c - where the amounts of a receipt stand: units under units, from the first line to the change, in small type
 * and in large, whatever stands behind them.
 *
 * Left to right all amounts end at one edge; tax codes and a currency sign hang over it into a gutter. Right to left
 * the columns are mirrored and digits are not, so there all amounts begin where the widest one does.
 */
#include "layout/flow.h"

#include <string.h>

const char *flow_tax_codes(struct flow *flow, const struct kw_sale_line *line)
{
    const char *codes = NULL;
    for (size_t i = 0; !flow_hidden(flow, "tax_codes") && i < line->tax.count; i++)
        codes = codes ? flow_format(flow, "%s %s", codes, line->tax.items[i]) : line->tax.items[i];
    return codes;
}

static const char *sign_behind(struct flow *flow)
{
    const char *amount = flow_amount(flow, &flow->sale->total), *money = flow_money(flow, &flow->sale->total);
    size_t length = amount ? strlen(amount) : 0;
    bool behind = !flow->mirrored && amount && strncmp(money, amount, length) == 0 && money[length];
    return behind ? money + length : NULL;
}

static int sign_dots(struct flow *flow, const struct kw_style *style)
{
    return flow->sign ? flow_measure(flow, flow->sign, style, KW_FIELD_ISOLATE) : 0;
}

static int wider(struct flow *flow, int widest, const char *text)
{
    int width = text ? flow_measure(flow, text, &kw_plain, KW_FIELD_ISOLATE) : 0;
    return width > widest ? width : widest;
}

static void learn_line(struct flow *flow, const struct kw_sale_line *line, int *codes)
{
    flow->amount_width = wider(flow, flow->amount_width, flow_amount(flow, &line->total));
    *codes = wider(flow, *codes, flow_tax_codes(flow, line));
    for (size_t i = 0; i < line->child_count; i++)
        learn_line(flow, &line->children[i], codes);
}

/* A sign as large as its amount, unless that would take much from every row: then as high and narrow. */
static const struct kw_style *choose_sign(struct flow *flow, const struct kw_style *style, int gutter)
{
    enum { GUTTER_SHARE = 10 };
    int width = sign_dots(flow, style);
    return style != &kw_large || width <= gutter || width <= flow->width / GUTTER_SHARE ? style : &kw_tall;
}

const char *flow_total_label(struct flow *flow)
{
    const char *label = flow_label(flow, KW_LABEL_total);
    return flow->total_unit ? flow_format(flow, "%s (%s)", label, flow->total_unit) : label;
}

const char *flow_total_amount(struct flow *flow)
{
    return flow->total_unit || flow->sign ? flow_amount(flow, &flow->sale->total)
                                          : flow_money(flow, &flow->sale->total);
}

unsigned flow_total_flags(const struct flow *flow)
{
    return flow->mirrored && !flow->total_unit ? 0 : KW_FIELD_ISOLATE;
}

/* Right to left the total makes the column of all amounts, which leaves the names their room. */
static bool fits_total(struct flow *flow, int gutter)
{
    enum { COLUMN_PERCENT = 33, COLUMN_PERCENT_WITHOUT_UNIT = 40 };
    const char *amount = flow_total_amount(flow), *label = flow_total_label(flow);
    int width = amount ? flow_measure(flow, amount, flow->total_style, flow_total_flags(flow)) : 0,
        percent = flow->total_unit ? COLUMN_PERCENT_WITHOUT_UNIT : COLUMN_PERCENT,
        behind = sign_dots(flow, flow->sign_style),
        room = flow->width - (behind > gutter ? behind : gutter);
    return (!flow->mirrored || width <= flow->width * percent / 100)
        && flow_measure(flow, label, flow->total_style, 0) + width + 2 * flow->cell <= room;
}

/* As large as label and amount fit one line; right to left a currency's word goes to the label before that shrinks. */
static void choose_total(struct flow *flow, int gutter)
{
    static const struct kw_style *const styles[] = { &kw_large, &kw_tall, &kw_bold };
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        flow->total_style = styles[i];
        flow->sign_style = choose_sign(flow, styles[i], gutter);
        flow->total_unit = NULL;
        if (fits_total(flow, gutter))
            return;
        flow->total_unit = flow->mirrored && styles[i] != &kw_bold ? flow_currency_word(flow) : NULL;
        if (flow->total_unit && fits_total(flow, gutter))
            return;
    }
    flow->total_unit = NULL;
}

/* Right to left: the widest of all amounts that stand at the edge. */
static int widest_amount(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    const struct kw_number *const numbers[] = { &sale->subtotal, &sale->rounding, &sale->saved, &sale->change,
                                                &sale->due, &sale->tip };
    int width = flow->amount_width;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        width = wider(flow, width, flow_amount(flow, numbers[i]));
    for (size_t i = 0; i < sale->discounts.count; i++)
        width = wider(flow, width, flow_amount(flow, &sale->discounts.items[i].amount));
    for (size_t i = 0; i < sale->charges.count; i++)
        width = wider(flow, width, flow_amount(flow, &sale->charges.items[i].amount));
    for (size_t i = 0; i < sale->payment_count; i++)
        width = wider(flow, width, flow_amount(flow, &sale->payments[i].amount));
    const char *amount = flow_total_amount(flow);
    int total = amount ? flow_measure(flow, amount, flow->total_style, flow_total_flags(flow)) : 0;
    return total > width ? total : width;
}

/* The gutter behind the edge has up to a quarter of the paper. */
void flow_learn_columns(struct flow *flow)
{
    int codes = 0;
    flow->sign = sign_behind(flow);
    flow->amount_width = 0;
    for (size_t i = 0; flow->prices && i < flow->sale->line_count; i++)
        learn_line(flow, &flow->sale->lines[i], &codes);
    if (flow->amount_width > flow->width / 3)
        flow->amount_width = flow->width / 3;
    int gutter = codes && codes <= flow->width / 4 ? codes + flow->cell : 0;
    choose_total(flow, gutter);
    int sign = sign_dots(flow, flow->sign_style);
    flow->amount_edge = flow->width - (flow->prices && sign > gutter ? sign : gutter);
    flow->amount_column = flow->mirrored ? widest_amount(flow) : flow->amount_width;
}
