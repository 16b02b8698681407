/*
 * items.c - the lines of a sale.
 *
 * A line's total stands on its own row: that of the name, with quantity × price beside it where both fit, else that of
 * quantity × price. What was added and taken off stands below with amounts of its own in an inner column; what
 * describes the line follows indented (details.c), and the parts of a set.
 */
#include "layout/flow.h"

#include <string.h>

enum { INDENT_CELLS = 2, MOST_INDENT_CELLS = 8 };

/* The rows of a line that carry amounts. */
struct rows {
    struct entry *items;
    size_t count, capacity;
};

static struct entry *add_row(struct flow *flow, struct rows *rows, const char *text, int x, const char *origin)
{
    struct entry *items = kw_arena_grow(flow->arena, rows->items, rows->count, &rows->capacity, sizeof *items);
    if (!items) {
        flow->code = kw_fail(flow->error, KWIT_E_NO_MEMORY, "", "out of memory while laying out the receipt");
        return NULL;
    }
    rows->items = items;
    items[rows->count] = (struct entry){ .text = text, .style = kw_plain, .x = x, .value_flags = KW_FIELD_ISOLATE,
                                         .origin = origin };
    return &items[rows->count++];
}

/* The same for what the document calls something: the order of its words is not kwit's to keep. */
static struct entry *add_name(struct flow *flow, struct rows *rows, const char *name, int x, const char *origin)
{
    struct entry *row = add_row(flow, rows, name, x, origin);
    if (row)
        row->text_flags = KW_FIELD_NAME;
    return row;
}

static bool on_this_ticket(const struct flow *flow, const struct kw_sale_line *line)
{
    const char *station = flow->options->station;
    return !station || (line->station && strcmp(line->station, station) == 0);
}

static bool is_one(const struct kw_number *quantity)
{
    return quantity->value.whole == 1 && quantity->value.micro == 0;
}

/* "2", "0.342 kg" */
static const char *quantity_with_unit(struct flow *flow, const struct kw_sale_line *line)
{
    const char *quantity = flow_quantity(flow, &line->quantity);
    return line->unit ? flow_format(flow, "%s\u00A0%s", quantity, line->unit) : quantity;
}

static bool shows_price(const struct flow *flow, const struct kw_sale_line *line)
{
    return flow->prices && line->unit_price.text && !flow_hidden(flow, "unit_price");
}

/* "2 x Pizza" where no price is shown; the name alone where the quantity has a row of its own. */
static const char *name_of(struct flow *flow, const struct kw_sale_line *line)
{
    if (!line->quantity.text || shows_price(flow, line) || (is_one(&line->quantity) && !line->unit && !flow->station))
        return line->name;
    const char *quantity = quantity_with_unit(flow, line);
    return line->unit ? flow_format(flow, "%s %s", quantity, line->name) : flow_times(flow, quantity, line->name);
}

static const char *price_row(struct flow *flow, const struct kw_sale_line *line)
{
    const char *price = flow_amount(flow, &line->unit_price);
    bool plain = !line->unit && line->quantity.text && is_one(&line->quantity) && line->total.text
        && kw_decimal_compare(line->unit_price.value, line->total.value) == 0;
    if (plain)
        return NULL;
    return line->quantity.text ? flow_times(flow, quantity_with_unit(flow, line), price) : price;
}

static void add_modifiers(struct flow *flow, struct rows *rows, const struct kw_sale_line *line, int x)
{
    for (size_t i = 0; i < line->modifiers.count; i++) {
        const struct kw_modifier *modifier = &line->modifiers.items[i];
        bool counted = modifier->quantity.text && !is_one(&modifier->quantity);
        const char *text = counted ? flow_times(flow, flow_quantity(flow, &modifier->quantity), modifier->name)
                                   : modifier->name;
        struct entry *row = add_name(flow, rows, flow_format(flow, "+ %s", text), x, line->pointer);
        if (row && flow->station)
            row->style = *flow_emphasized(flow->options->ticket.modifiers);
        if (row && flow->prices)
            row->inner = flow_amount_unless_zero(flow, &modifier->amount);
    }
}

static void add_discounts(struct flow *flow, struct rows *rows, const struct kw_sale_line *line, int x)
{
    for (size_t i = 0; flow->prices && i < line->discounts.count; i++) {
        const struct kw_adjustment *discount = &line->discounts.items[i];
        const char *name = discount->name ? discount->name : flow_label(flow, KW_LABEL_discount);
        struct entry *row = add_name(flow, rows, name, x, discount->pointer);
        if (row)
            row->inner = flow_amount(flow, &discount->amount);
    }
}

/* Whether the amount of a row goes better behind its text than into the inner column. */
static bool goes_inline(struct flow *flow, const struct entry *row)
{
    enum { LEAST_CELLS = 14 };
    int amount = flow_measure(flow, row->inner, &kw_plain, KW_FIELD_ISOLATE);
    int text = flow_measure(flow, row->text, &kw_plain, row->text_flags),
        column = flow->amount_edge - flow->amount_width - 2 * flow->cell;
    int room = column - amount - flow->cell - row->x;
    return text > room
        && (room < LEAST_CELLS * flow->cell || row->x + text + 2 * flow->cell + amount <= flow->width);
}

static void place_inner(struct flow *flow, struct entry *row)
{
    if (!row->inner || row->amount || !goes_inline(flow, row))
        return;
    row->text = flow_format(flow, "%s\u00A0 %s", row->text, row->inner);
    row->text_flags = 0;                        /* the amount keeps its order */
    row->inner = NULL;
    row->whole = true;
}

/* `own` is the row that the line's total stands on. */
static void set_rows(struct flow *flow, struct rows *rows, size_t own, const struct kw_sale_line *line)
{
    const char *codes = flow->prices ? flow_tax_codes(flow, line) : NULL;
    bool narrow = codes && flow_measure(flow, codes, &kw_plain, KW_FIELD_ISOLATE) + flow->cell
        <= flow->width - flow->amount_edge;
    if (own < rows->count && flow->prices) {
        rows->items[own].amount = flow_amount(flow, &line->total);
        rows->items[own].mark = narrow ? codes : NULL;
    }
    for (size_t i = 0; i < rows->count; i++) {
        place_inner(flow, &rows->items[i]);
        flow_entry(flow, &rows->items[i]);
    }
    if (codes && !narrow)
        flow_paragraph(flow, &(struct paragraph){ .text = flow_named(flow, flow_label(flow, KW_LABEL_tax), codes),
                                                  .style = kw_plain, .x = INDENT_CELLS * flow->cell,
                                                  .origin = line->pointer });
}

/* Quantity × price beside the name, left of the totals; false: they have no room there. */
static bool set_beside(struct flow *flow, struct entry *name, const char *price, const struct kw_sale_line *line)
{
    int column = flow->mirrored ? flow->amount_column : flow->amount_width;
    int room = flow->amount_edge - column - 4 * flow->cell - name->x;
    int both = flow_measure(flow, name->text, &name->style, name->text_flags)
        + flow_measure(flow, price, &kw_plain, KW_FIELD_ISOLATE);
    if (!line->total.text || name->style.height > 1 || both > room)
        return false;
    name->inner = price;
    return true;
}

/* The rows are used again from line to line. */
static void set_line_item(struct flow *flow, struct rows *rows, const struct kw_sale_line *line, int indent_cells)
{
    int cells = indent_cells < MOST_INDENT_CELLS ? indent_cells : MOST_INDENT_CELLS;
    int x = cells * flow->cell, deeper = x + INDENT_CELLS * flow->cell;
    rows->count = 0;
    struct entry *first = add_name(flow, rows, name_of(flow, line), x, line->pointer);
    if (first)
        first->style = *flow_emphasized(flow->station ? flow->options->ticket.items : flow->options->items);
    const char *price = shows_price(flow, line) ? price_row(flow, line) : NULL;
    bool below = price && first && !set_beside(flow, first, price, line);
    size_t own = below && add_row(flow, rows, price, deeper, line->pointer);
    if (own)
        rows->items[own].whole = true;
    add_modifiers(flow, rows, line, deeper);
    add_discounts(flow, rows, line, deeper);
    set_rows(flow, rows, own, line);
    flow_details(flow, line, deeper);
    for (size_t i = 0; i < line->child_count && flow->code == 0; i++)
        set_line_item(flow, rows, &line->children[i], indent_cells + INDENT_CELLS);
}

/* A group of lines has its name above, and what it comes to below. */
static void set_heading(struct flow *flow, const struct kw_sale_line *line, bool first)
{
    flow_feed(flow, first ? 0 : 10);
    flow_paragraph(flow, &(struct paragraph){ .text = line->name, .style = kw_bold, .flags = KW_FIELD_NAME,
                                              .origin = line->pointer });
}

static void set_group_total(struct flow *flow, const struct kw_sale_line *line)
{
    if (flow->prices)
        flow_entry(flow, &(struct entry){ .text = line->name, .amount = flow_amount(flow, &line->total),
                                          .style = kw_bold, .text_flags = KW_FIELD_NAME,
                                          .value_flags = KW_FIELD_ISOLATE, .origin = line->pointer });
}

static void set_line(struct flow *flow, struct rows *rows, const struct kw_sale_line *line, bool first)
{
    if (line->kind == KW_LINE_HEADING)
        set_heading(flow, line, first);
    else if (line->kind == KW_LINE_SUBTOTAL)
        set_group_total(flow, line);
    else
        set_line_item(flow, rows, line, 0);
}

void section_lines(struct flow *flow)
{
    struct rows rows = { 0 };
    size_t before = 0;
    for (size_t i = 0; i < flow->sale->line_count && flow->code == 0; i++) {
        const struct kw_sale_line *line = &flow->sale->lines[i];
        if (!on_this_ticket(flow, line))
            continue;
        if (before++ == 0) {
            flow_mark(flow);
            flow_rule(flow, "single");
        } else if (flow->station) {
            flow_feed(flow, 15);
        }
        set_line(flow, &rows, line, before == 1);
    }
}
