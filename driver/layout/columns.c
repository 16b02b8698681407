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

unsigned flow_total_flags(const struct flow *flow)
{
    return flow->mirrored ? 0 : KW_FIELD_ISOLATE;
}

int flow_sign_dots(struct flow *flow, const char *money, const struct kw_style *style)
{
    const char *amount = flow_amount(flow, &flow->sale->total);
    if (flow->mirrored || !amount || !money || strncmp(money, amount, strlen(amount)) != 0)
        return 0;
    return flow_measure(flow, money, style, KW_FIELD_ISOLATE) - flow_measure(flow, amount, style, KW_FIELD_ISOLATE);
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

/*
 * As large as label and amount fit one line; narrow where the sign of a large total would take much from every row, but
 * never smaller than what is as narrow.
 */
static void choose_total(struct flow *flow, int gutter)
{
    enum { GUTTER_SHARE = 10, COLUMN_SHARE = 3 };
    static const struct kw_style *const styles[] = { &kw_large, &kw_tall, &kw_bold };
    const char *label = flow_label(flow, KW_LABEL_total), *money = flow_money(flow, &flow->sale->total);
    flow->total_style = &kw_bold;
    if (!money)
        return;
    int least = flow_sign_dots(flow, money, &kw_bold);
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++) {
        int width = flow_measure(flow, money, styles[i], flow_total_flags(flow));
        int sign = flow_sign_dots(flow, money, styles[i]);
        bool modest = flow->mirrored ? width <= flow->width / COLUMN_SHARE
                                     : sign <= gutter || sign <= flow->width / GUTTER_SHARE || sign <= least;
        if (modest && flow_measure(flow, label, styles[i], 0) + width + 2 * flow->cell <= flow->width - gutter) {
            flow->total_style = styles[i];
            return;
        }
    }
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
    const char *money = flow_money(flow, &sale->total);
    int total = money ? flow_measure(flow, money, flow->total_style, flow_total_flags(flow)) : 0;
    return total > width ? total : width;
}

/* The gutter behind the edge has up to a quarter of the paper. */
void flow_learn_columns(struct flow *flow)
{
    int codes = 0;
    flow->amount_width = 0;
    for (size_t i = 0; flow->prices && i < flow->sale->line_count; i++)
        learn_line(flow, &flow->sale->lines[i], &codes);
    if (flow->amount_width > flow->width / 3)
        flow->amount_width = flow->width / 3;
    int gutter = codes && codes <= flow->width / 4 ? codes + flow->cell : 0;
    choose_total(flow, gutter);
    int sign = flow_sign_dots(flow, flow_money(flow, &flow->sale->total), flow->total_style);
    flow->amount_edge = flow->width - (flow->prices && sign > gutter ? sign : gutter);
    flow->amount_column = flow->mirrored ? widest_amount(flow) : flow->amount_width;
}
