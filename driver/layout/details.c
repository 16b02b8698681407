/* details.c - what describes a line of a sale: numbers, lot and expiry, notes, what a guest must not get. */
#include "layout/flow.h"

static const struct kw_style emphases[] = {
#define EMPHASIS(name, number, word, times_wide, times_high, is_bold, is_inverse, is_red) \
    [number] = { .width = times_wide, .height = times_high, .bold = is_bold, .invert = is_inverse, .red = is_red },
#include "data/emphases.def"
#undef EMPHASIS
};

const struct kw_style *flow_emphasized(enum kw_emphasis emphasis)
{
    return &emphases[emphasis];
}

/* Where the rows of a line stand, and whose they are. */
struct details {
    struct flow *flow;
    const struct kw_sale_line *line;
    int x;
};

static void set_styled(const struct details *details, const char *text, const struct kw_style *style)
{
    struct flow *flow = details->flow;
    if (style->invert)
        text = flow_format(flow, "\u00A0%s\u00A0", text);
    flow_paragraph(flow, &(struct paragraph){ .text = text, .style = *style, .x = details->x, .hangs = !style->invert,
                                              .origin = details->line->pointer });
}

static void set_detail(const struct details *details, const char *hidden, const char *label, const char *value)
{
    if (value && !(hidden && flow_hidden(details->flow, hidden)))
        set_styled(details, flow_named(details->flow, label, value), &kw_plain);
}

/* The kitchen's own emphasis on its ticket, plain on a receipt. */
static const struct kw_style *on_ticket(const struct flow *flow, enum kw_emphasis emphasis)
{
    return flow->station ? flow_emphasized(emphasis) : &kw_plain;
}

static void set_allergies(const struct details *details)
{
    struct flow *flow = details->flow;
    const struct kw_texts *allergies = &details->line->allergies;
    const char *all = NULL;
    for (size_t i = 0; i < allergies->count; i++)
        all = all ? flow_format(flow, "%s, %s", all, allergies->items[i]) : allergies->items[i];
    if (all && !flow_hidden(flow, "allergies"))
        set_styled(details, flow_named(flow, flow_label(flow, KW_LABEL_allergy), all),
                   on_ticket(flow, flow->options->ticket.allergies));
}

static const char *named_unless_hidden(struct flow *flow, const char *name, enum kw_label label, const char *value)
{
    return value && !flow_hidden(flow, name) ? flow_named(flow, flow_label(flow, label), value) : NULL;
}

/* Course and seat share a row. */
static void set_service(const struct details *details)
{
    struct flow *flow = details->flow;
    const char *course = named_unless_hidden(flow, "course", KW_LABEL_course, details->line->course),
               *seat = named_unless_hidden(flow, "seat", KW_LABEL_seat, details->line->seat);
    const char *text = course && seat ? flow_format(flow, "%s \u00B7 %s", course, seat) : course ? course : seat;
    if (text)
        set_styled(details, text, on_ticket(flow, flow->options->ticket.service));
}

static void set_facts(const struct details *details)
{
    struct flow *flow = details->flow;
    const struct kw_facts *facts = &details->line->facts;
    for (size_t i = 0; i < facts->count; i++)
        set_styled(details, flow_named(flow, facts->items[i].label, facts->items[i].value ? facts->items[i].value : ""),
                   on_ticket(flow, flow->options->ticket.service));
}

void flow_details(struct flow *flow, const struct kw_sale_line *line, int x)
{
    const struct details details = { flow, line, x };
    const char *weight = flow_quantity(flow, &line->tare);
    set_allergies(&details);
    if (line->kind == KW_LINE_RETURN)
        set_detail(&details, NULL, NULL, flow_label(flow, KW_LABEL_return_doc));
    set_detail(&details, "sku", flow_label(flow, KW_LABEL_sku), line->sku);
    set_detail(&details, "gtin", NULL, line->gtin);
    if (weight)
        set_detail(&details, "tare", flow_label(flow, KW_LABEL_tare),
                   line->unit ? flow_format(flow, "%s\u00A0%s", weight, line->unit) : weight);
    for (size_t i = 0; i < line->serials.count; i++)
        set_detail(&details, "serials", flow_label(flow, KW_LABEL_serial), line->serials.items[i]);
    set_service(&details);
    set_facts(&details);
    if (line->note)
        set_styled(&details, line->note, on_ticket(flow, flow->options->ticket.notes));
    if (!flow->station)
        set_detail(&details, "station", NULL, line->station);
}
