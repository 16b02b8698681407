/* head.c - what stands above the lines: logo, store, what the document is, its numbers, its customer. */
#include "layout/flow.h"

#include <string.h>

void section_logo(struct flow *flow)
{
    const struct kw_layout_options *options = flow->options;
    const struct kw_bitmap *logo = options->logo;
    bool last = options->logo_place == KW_LOGO_END;
    if (!logo || flow->station || flow->sale->kind == KW_KIND_DOCUMENT || logo->width > flow->page->width_dots)
        return;
    if (last)
        flow_feed(flow, 20);
    struct kw_op *op = kw_page_add(flow->page, options->stored_logo ? KW_OP_STORED_LOGO : KW_OP_BITMAP, "");
    if (!op)
        return;
    int x = (flow->page->width_dots - logo->width) / 2;
    if (options->stored_logo) {
        memcpy(op->logo.key, options->stored_logo, sizeof op->logo.key);
        op->logo.x_dots = x;
        op->logo.width_dots = logo->width;
        op->logo.height_dots = logo->height;
    } else {
        op->image.bitmap = logo;
        op->image.x_dots = x;
    }
    if (!last)
        flow_feed(flow, 20);
}

static void set_configured(struct flow *flow, const char *const *lines)
{
    for (; lines && *lines; lines++)
        flow_center(flow, *lines, kw_plain, "");
}

void section_header(struct flow *flow)
{
    if (flow->sale->kind != KW_KIND_DOCUMENT && !flow->station)
        set_configured(flow, flow->options->header);
    if (!flow->station)
        flow_blocks(flow, &flow->sale->header);
}

void section_footer(struct flow *flow)
{
    if (flow->station)
        return;
    flow_blocks(flow, &flow->sale->footer);
    if (flow->sale->kind != KW_KIND_DOCUMENT && flow->options->footer && *flow->options->footer) {
        flow_feed(flow, 15);
        set_configured(flow, flow->options->footer);
    }
}

/* What the sale says of the store; else the configuration, but not for documents that are only their blocks. */
void section_store(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    const struct kw_layout_options *options = flow->options;
    bool said = sale->store.name || sale->store.address.count || sale->store.phone || sale->store.tax_id;
    bool configured = !said && sale->kind != KW_KIND_DOCUMENT;
    const char *name = configured ? options->store.name : sale->store.name;
    const char *phone = configured ? options->store.phone : sale->store.phone;
    const char *tax_id = configured ? options->store.tax_id : sale->store.tax_id;
    const char *tax_label = sale->store.tax_id_label ? sale->store.tax_id_label : options->store.tax_id_label;
    if (flow->station)
        return;
    if (name)
        flow_center_name(flow, name, flow_emphasis(flow, name, flow->width), "/store/name");
    for (size_t i = 0; i < sale->store.address.count; i++)
        flow_center_name(flow, sale->store.address.items[i], kw_plain, "/store/address");
    for (size_t i = 0; configured && options->store.address && options->store.address[i]; i++)
        flow_center_name(flow, options->store.address[i], kw_plain, "");
    if (phone)
        flow_center(flow, flow_labelled(flow, flow_label(flow, KW_LABEL_phone), phone), kw_plain, "/store/phone");
    if (tax_id)
        flow_center(flow, flow_labelled(flow, tax_label ? tax_label : flow_label(flow, KW_LABEL_tax_id), tax_id),
                    kw_plain, "/store/tax_id");
}

void flow_store_name(struct flow *flow)
{
    const char *name = flow->sale->store.name ? flow->sale->store.name : flow->options->store.name;
    if (name)
        flow_center_name(flow, name, kw_bold, "/store/name");
}

/* ---- what it is ---------------------------------------------------------------------------------------------- */

/* The title of each kind; -1: a plain sale needs none. */
static int title_label(int kind)
{
    enum { KW_LABEL_NONE = -1 };
    static const int labels[] = {
#define KIND(name, number, word, title, ...) [number] = KW_LABEL_##title,
#include "data/kinds.def"
#undef KIND
    };
    return labels[kind];
}

static void set_band(struct flow *flow, const char *text)
{
    if (flow_law_says(flow, text))
        return;
    struct kw_style style = kw_tall;
    style.invert = true;
    flow_feed(flow, 10);
    flow_center(flow, flow_format(flow, "\u00A0%s\u00A0", text), style, "");
    flow_feed(flow, 10);
}

/* What makes this paper another thing than the receipt itself; said above and below. */
void flow_marks(struct flow *flow)
{
    static const int labels[] = {
        [KW_COPY_ORIGINAL] = -1,
        [KW_COPY_CUSTOMER] = KW_LABEL_copy_customer,
        [KW_COPY_MERCHANT] = KW_LABEL_copy_merchant,
        [KW_COPY_DUPLICATE] = KW_LABEL_duplicate,
        [KW_COPY_REPLACES_INTERRUPTED] = KW_LABEL_replaces_interrupted,
        [KW_COPY_POSSIBLE_DUPLICATE] = KW_LABEL_possible_duplicate,
    };
    int label = labels[flow->options->copy_kind];
    flow_law_marks(flow, false);
    if (flow->sale->kind == KW_KIND_TRAINING)
        set_band(flow, flow_label(flow, KW_LABEL_training));
    if (label < 0)
        return;
    if (label == KW_LABEL_copy_customer || label == KW_LABEL_copy_merchant)
        flow_center(flow, flow_label(flow, (enum kw_label)label), kw_bold, "");
    else
        set_band(flow, flow_label(flow, (enum kw_label)label));
    if (flow->options->copy > 1)
        flow_center(flow, flow_format(flow, "%s %d", flow_label(flow, KW_LABEL_copy_no), flow->options->copy), kw_plain,
                    "");
}

void section_title(struct flow *flow)
{
    int label = title_label(flow->sale->kind);
    flow_marks(flow);
    if (flow->station) {
        flow_center(flow, flow->options->station, kw_large, "");
    } else if (label >= 0) {
        const char *title = flow_label(flow, (enum kw_label)label);
        if (flow_law_says(flow, title))
            return;
        flow_feed(flow, 15);
        flow_center(flow, title, flow_emphasis(flow, title, flow->width), "/kind");
    }
}

/* A mark above is easily torn off. */
void section_closing(struct flow *flow)
{
    if (flow->sale->kind == KW_KIND_TRAINING || flow->options->copy_kind == KW_COPY_DUPLICATE)
        flow_marks(flow);
    else
        flow_law_marks(flow, true);
}

/* ---- numbers ------------------------------------------------------------------------------------------------- */

static const char *time_of(struct flow *flow)
{
    const struct kw_time *time = &flow->sale->time;
    char date[80], clock[40];
    if (kw_locale_date(flow->locale, time->year, time->month, time->day, date, sizeof date) < 0
        || kw_locale_time(flow->locale, time->hour, time->minute, clock, sizeof clock) < 0)
        return NULL;
    return flow_joined(flow, date, " ", clock);
}

/* "takeaway" and its like are said in the receipt's language; other words are the till's own. */
static int mode_label(const char *mode)
{
    static const struct { const char *word; enum kw_label label; } modes[] = {
        { "takeaway", KW_LABEL_mode_takeaway }, { "take_away", KW_LABEL_mode_takeaway },
        { "to_go", KW_LABEL_mode_takeaway }, { "dine_in", KW_LABEL_mode_dine_in }, { "eat_in", KW_LABEL_mode_dine_in },
        { "delivery", KW_LABEL_mode_delivery }, { "pickup", KW_LABEL_mode_pickup },
        { "collection", KW_LABEL_mode_pickup },
    };
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++)
        if (strcmp(modes[i].word, mode) == 0)
            return (int)modes[i].label;
    return -1;
}

static const char *mode_text(struct flow *flow, const char *mode)
{
    int label = mode_label(mode);
    return label < 0 ? mode : flow_label(flow, (enum kw_label)label);
}

static void set_order(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    const char *mode = sale->order.mode ? mode_text(flow, sale->order.mode) : NULL;
    const char *table = NULL;
    if (sale->order.table)
        table = flow_named(flow, flow_label(flow, KW_LABEL_table), sale->order.table);
    if (sale->order.number) {
        const char *number = flow_named(flow, flow_label(flow, KW_LABEL_order_no), sale->order.number);
        flow_feed(flow, 10);
        flow_center(flow, number, flow_emphasis(flow, number, flow->width), "/order/number");
    }
    if (mode && table && flow->station)
        flow_center(flow, flow_format(flow, "%s \u00B7 %s", mode, table), kw_tall, "/order");
    else if (mode && table)
        flow_sides(flow, mode, table, "/order");
    else if (mode || table)
        flow_center(flow, mode ? mode : table, flow->station ? kw_tall : kw_bold, "/order");
}

static void set_identity(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    const char *number = sale->number ? sale->number : sale->id;
    const char *label = sale->kind == KW_KIND_DOCUMENT || sale->kind == KW_KIND_PAYOUT ? NULL
        : flow_label(flow, KW_LABEL_receipt_no);
    flow_sides(flow, flow_named(flow, label, number), time_of(flow), "/number");
    if (sale->number && strcmp(sale->number, sale->id) != 0 && !flow_hidden(flow, "id"))
        flow_left(flow, flow_named(flow, "ID", sale->id), "/id");
}

/* The receipt that a refund takes back. */
static void set_reference(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    const char *const parts[] = { sale->refers_to.id, sale->refers_to.terminal, sale->refers_to.store };
    const char *name = NULL;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        if (parts[i])
            name = name ? flow_format(flow, "%s, %s", name, parts[i]) : parts[i];
    if (name)
        flow_pair(flow, flow_label(flow, KW_LABEL_refers_to), name, "/refers_to/id");
    if (sale->refers_to.reason)
        flow_pair_name(flow, flow_label(flow, KW_LABEL_reason), sale->refers_to.reason, "/refers_to/reason");
}

static const char *shown(struct flow *flow, const char *name, enum kw_label label, const char *value)
{
    return value && !flow_hidden(flow, name) ? flow_named(flow, flow_label(flow, label), value) : NULL;
}

/* A station asks for its order; for the number only where there is no other, and for whom to call where one serves. */
static void set_ticket_meta(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    bool served = sale->order.table || (sale->order.mode && mode_label(sale->order.mode) == KW_LABEL_mode_dine_in);
    flow_feed(flow, 20);
    if (sale->order.number || sale->order.table)
        flow_left(flow, time_of(flow), "/time");
    else
        set_identity(flow);
    if (served)
        flow_sides(flow, shown(flow, "cashier", KW_LABEL_cashier, sale->cashier), NULL, "/cashier");
    set_order(flow);
}

void section_meta(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    if (flow->station) {
        set_ticket_meta(flow);
        return;
    }
    const char *cashier = shown(flow, "cashier", KW_LABEL_cashier, sale->cashier);
    const char *till = shown(flow, "terminal", KW_LABEL_till, sale->terminal);
    if (sale->kind == KW_KIND_DOCUMENT && !sale->number && !cashier && !till)
        return;
    flow_feed(flow, 20);
    set_identity(flow);
    flow_sides(flow, cashier, till, "/cashier");
    set_reference(flow);
    set_order(flow);
}

static void set_numbers_of_customer(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    const char *tax_label = sale->customer.tax_id_label;
    if (sale->customer.tax_id && flow_brings_label(sale->customer.tax_id))
        flow_left(flow, sale->customer.tax_id, "/customer/tax_id");
    else if (sale->customer.tax_id)
        flow_pair(flow, tax_label ? tax_label : flow_label(flow, KW_LABEL_tax_id), sale->customer.tax_id,
                  "/customer/tax_id");
    if (sale->customer.loyalty_id)
        flow_pair(flow, flow_label(flow, KW_LABEL_loyalty_card), sale->customer.loyalty_id, "/customer/loyalty_id");
}

void section_customer(struct flow *flow)
{
    const struct kw_sale *sale = flow->sale;
    if (sale->customer.name)
        flow_pair_name(flow, flow_label(flow, KW_LABEL_customer), sale->customer.name, "/customer/name");
    if (!flow->station)
        set_numbers_of_customer(flow);
    flow_facts(flow, &sale->customer.facts, 0, "/customer/facts");
}

void section_facts(struct flow *flow)
{
    flow_facts(flow, &flow->sale->facts, 0, "/facts");
}
