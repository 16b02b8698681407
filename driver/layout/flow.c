/* flow.c - numbers of the receipt, and the shapes in which words and numbers go down the paper. */
#include "layout/flow.h"

#include "base/utf8.h"

#include <string.h>

const struct kw_style kw_plain = { .width = 1, .height = 1 }, kw_bold = { .width = 1, .height = 1, .bold = true },
                      kw_small = { .font = KW_FONT_B, .width = 1, .height = 1 },
                      kw_tall = { .width = 1, .height = 2, .bold = true },
                      kw_large = { .width = 2, .height = 2, .bold = true };

int flow_mm(const struct flow *flow, int tenths)
{
    int dpi = flow->options->profile->dpi > 0 ? flow->options->profile->dpi : 203;
    return (tenths * dpi + 127) / 254;
}

bool flow_hidden(const struct flow *flow, const char *name)
{
    for (const char *const *hide = flow->options->hide; hide && *hide; hide++)
        if (strcmp(*hide, name) == 0)
            return true;
    return false;
}

/* ---- numbers ------------------------------------------------------------------------------------------------- */

enum { NUMBER_BYTES = 160 };

static const char *keep(struct flow *flow, const char *number, int length, const char *as_given)
{
    return length < 0 ? as_given : flow_copy(flow, number, (size_t)length);
}

/* Where the shop says so, rials are shown as tomans of ten; the unit beside the total says it. */
static bool in_tomans(const struct flow *flow)
{
    return flow->options->toman == KW_TOMAN_YES && strcmp(flow->sale->currency, "IRR") == 0;
}

static const char *toman_text(struct flow *flow, const struct kw_number *number)
{
    enum { PLACES = 3, MILLION = 1000000 };
    struct kw_decimal value = number->value, tenth;
    char text[32];
    tenth = (struct kw_decimal){ .whole = value.whole / 10,
                                 .micro = (int32_t)((value.whole % 10 * MILLION + value.micro) / 10) };
    kw_decimal_text(tenth, tenth.micro ? PLACES : 0, text);
    size_t length = strlen(text);
    while (tenth.micro && text[length - 1] == '0')
        text[--length] = 0;
    return flow_format(flow, "%s", text);
}

const char *flow_amount(struct flow *flow, const struct kw_number *number)
{
    char text[NUMBER_BYTES];
    if (!number->text)
        return NULL;
    bool tomans = in_tomans(flow);
    const char *given = tomans ? toman_text(flow, number) : number->text;
    return keep(flow, text, kw_locale_amount(flow->locale, given, tomans ? 0 : flow->decimals, text, sizeof text),
                given);
}

const char *flow_amount_unless_zero(struct flow *flow, const struct kw_number *number)
{
    bool zero = number->text && number->value.whole == 0 && number->value.micro == 0;
    return zero && !flow->options->zeros ? NULL : flow_amount(flow, number);
}

const char *flow_quantity(struct flow *flow, const struct kw_number *number)
{
    char text[NUMBER_BYTES];
    if (!number->text)
        return NULL;
    return keep(flow, text, kw_locale_number(flow->locale, number->text, text, sizeof text), number->text);
}

const char *flow_times(struct flow *flow, const char *count, const char *of)
{
    return flow_joined(flow, count, kw_locale_label(flow->locale, KW_LABEL_times), of);
}

const char *flow_money_in(struct flow *flow, const char *decimal, const char *currency, int decimals)
{
    char text[NUMBER_BYTES];
    const char *word = kw_text_instead(flow->text, kw_locale_sign(flow->locale, currency), &kw_plain);
    int length = kw_locale_money(flow->locale, decimal, currency, word, decimals, text, sizeof text);
    return keep(flow, text, length, decimal);
}

const char *flow_money(struct flow *flow, const struct kw_number *number)
{
    if (!number->text)
        return NULL;
    return in_tomans(flow) ? flow_money_in(flow, toman_text(flow, number), "IRT", 0)
                           : flow_money_in(flow, number->text, flow->sale->currency, flow->decimals);
}

const char *flow_currency_word(const struct flow *flow)
{
    const char *sign = kw_locale_sign(flow->locale, in_tomans(flow) ? "IRT" : flow->sale->currency);
    size_t length = strlen(sign), first = 0;
    kw_utf8_next(sign, length, &first);
    return first < length ? sign : NULL;
}

/* ---- single lines -------------------------------------------------------------------------------------------- */

static struct kw_span span_of(const char *text, const struct kw_style *style, unsigned flags, const char *origin)
{
    return (struct kw_span){ .utf8 = text, .length = strlen(text), .style = *style, .flags = flags,
                             .origin = origin ? origin : "" };
}

int flow_measure(struct flow *flow, const char *text, const struct kw_style *style, unsigned flags)
{
    struct kw_span span = span_of(text, style, flags, "");
    return flow->code < 0 ? 0 : kw_text_measure(flow->text, &span);
}

static void set_line(struct flow *flow, const struct kw_field *fields, size_t count)
{
    if (flow->code == 0)
        flow->code = kw_text_line(flow->text, flow->page, fields, count, flow->error);
    if (flow->code == 0 && flow->law.behind_line)
        flow->law.behind_line(flow);
}

/* The second line and those below it have `hang` dots less. */
static bool wrap(struct flow *flow, const struct kw_span *span, int dots, int hang, struct kw_breaks *breaks)
{
    if (flow->code == 0)
        flow->code = kw_text_wrap(flow->text, span, dots, dots - hang, breaks, flow->error);
    return flow->code == 0;
}

/* How far the lines below the first stand in; lines that the text ends itself begin where it begins. */
static int hang_of(const struct flow *flow, const char *text, int room)
{
    enum { CELLS = 2, LEAST_CELLS = 12 };
    return strchr(text, '\n') || room < LEAST_CELLS * flow->cell ? 0 : CELLS * flow->cell;
}

static struct kw_field field_of(const struct kw_span *span, const struct kw_breaks *breaks, size_t line, int x,
                                int width, int align)
{
    return (struct kw_field){ .span = kw_text_part(span, &breaks->lines[line]), .x_dots = x, .width_dots = width,
                              .align = (enum kw_align)align };
}

void flow_mark(struct flow *flow)
{
    if (flow->page->piece_count > 0)
        flow->tail_op = flow->page->pieces[flow->page->piece_count - 1].op_count;
}

void flow_white(struct flow *flow, int tenths_of_mm)
{
    if (flow->code == 0)
        kw_page_feed(flow->page, flow_mm(flow, tenths_of_mm));
}

void flow_feed(struct flow *flow, int tenths_of_mm)
{
    int percent = flow->options->gap_percent;
    flow_white(flow, tenths_of_mm * (percent ? percent : 100) / 100);
}

/* ---- rules --------------------------------------------------------------------------------------------------- */

/* Whether the printer's tables hold the line-drawing characters, which make one unbroken line. */
static bool has_line_drawing(const struct kw_profile *profile)
{
    static const char *const pages[] = { "cp437", "cp850", "cp852", "cp858", "cp866" };
    for (size_t i = 0; i < profile->table_count; i++)
        for (size_t k = 0; k < sizeof pages / sizeof pages[0]; k++)
            if (strcmp(kw_profile_tables(profile)[i].page, pages[k]) == 0)
                return true;
    return false;
}

static const char *rule_sign(const char *word, bool drawn)
{
    if (strcmp(word, "dotted") == 0)
        return ".";
    if (strcmp(word, "double") == 0)
        return drawn ? "═" : "=";
    return drawn ? "─" : "-";
}

void flow_rule(struct flow *flow, const char *word)
{
    const char *sign = rule_sign(word, has_line_drawing(flow->options->profile));
    if (flow->code == 0)
        flow->code = kw_text_rule(flow->text, flow->page, sign, flow->width, flow->error);
}

/* ---- paragraphs ---------------------------------------------------------------------------------------------- */

/* Centred text looks best in lines of one length: the narrowest room that takes no more lines. */
static void balance(struct flow *flow, const struct kw_span *span, int room, struct kw_breaks *breaks)
{
    enum { MOST_LINES = 6 };
    int narrow = room / 2, wide = room;
    size_t lines = breaks->count;
    if (lines < 2 || lines > MOST_LINES || memchr(span->utf8, '\n', span->length))
        return;
    while (wide - narrow > flow->cell) {
        int middle = (narrow + wide) / 2;
        struct kw_breaks tried;
        if (!wrap(flow, span, middle, 0, &tried))
            return;
        if (tried.count > lines) {
            narrow = middle;
        } else {
            wide = middle;
            *breaks = tried;
        }
    }
}

void flow_paragraph(struct flow *flow, const struct paragraph *paragraph)
{
    int edge = paragraph->edge ? paragraph->edge : flow->width;
    int room = edge - paragraph->x;
    struct kw_span span = span_of(paragraph->text, &paragraph->style, paragraph->flags, paragraph->origin);
    struct kw_breaks breaks;
    int hang = paragraph->hangs ? hang_of(flow, paragraph->text, room) : 0;
    if (!wrap(flow, &span, room, hang, &breaks))
        return;
    if (paragraph->align == KW_ALIGN_CENTER)
        balance(flow, &span, room, &breaks);
    for (size_t i = 0; i < breaks.count; i++) {
        int in = i ? hang : 0;
        struct kw_field field = field_of(&span, &breaks, i, paragraph->x + in, room - in, paragraph->align);
        set_line(flow, &field, 1);
    }
}

void flow_left(struct flow *flow, const char *text, const char *origin)
{
    flow_paragraph(flow, &(struct paragraph){ .text = text, .style = kw_plain, .hangs = true, .origin = origin });
}

void flow_center(struct flow *flow, const char *text, struct kw_style style, const char *origin)
{
    flow_paragraph(flow,
                   &(struct paragraph){ .text = text, .style = style, .align = KW_ALIGN_CENTER, .origin = origin });
}

void flow_center_name(struct flow *flow, const char *name, struct kw_style style, const char *origin)
{
    flow_paragraph(flow, &(struct paragraph){ .text = name, .style = style, .align = KW_ALIGN_CENTER,
                                              .flags = KW_FIELD_NAME, .origin = origin });
}

void flow_words(struct flow *flow, const char *text, struct kw_style style, const char *origin)
{
    flow_paragraph(flow, &(struct paragraph){ .text = text, .style = style, .x = flow->column.x,
                                              .edge = flow->column.edge, .origin = origin,
                                              .align = flow->column.edge ? flow->column.align : KW_ALIGN_CENTER });
}

struct kw_style flow_emphasis(struct flow *flow, const char *text, int dots)
{
    if (flow_measure(flow, text, &kw_large, 0) <= dots)
        return kw_large;
    return flow_measure(flow, text, &kw_tall, 0) <= dots ? kw_tall : kw_bold;
}

/* ---- entries ------------------------------------------------------------------------------------------------- */

enum { MOST_VALUES = 4 };

/* The values of an entry with their widths, from right to left as they take room. */
struct values {
    struct kw_field fields[MOST_VALUES];
    size_t count;
    int from;                       /* where the leftmost of them begins */
    bool fits;
};

/* A value's own; what stands behind the amounts is plain where only that has room there. */
static const struct kw_style *style_of(struct flow *flow, const struct entry *entry, const char *text)
{
    int room = flow->width - flow->amount_edge - flow->cell;
    if (text == entry->sign)
        return entry->sign_style;
    bool wide = text == entry->mark && flow_measure(flow, text, &entry->style, entry->value_flags) > room;
    return wide ? &kw_plain : &entry->style;
}

static void add_value(struct flow *flow, struct values *values, const struct entry *entry, const char *text, int edge)
{
    const struct kw_style *style = style_of(flow, entry, text);
    struct kw_span span = span_of(text, style, entry->value_flags | KW_FIELD_NO_BREAK, entry->origin);
    int width = flow_measure(flow, text, style, entry->value_flags);
    int x = edge - width;
    if (edge > values->from || x < 0)
        values->fits = false;
    bool begins = flow->mirrored || text == entry->sign;
    values->fields[values->count++] = (struct kw_field){ span, x, width, begins ? KW_ALIGN_LEFT : KW_ALIGN_RIGHT };
    values->from = x;
}

/* Where an amount ends: its units at the edge; mirrored, where all amounts begin. */
static int end_of_amount(struct flow *flow, const struct entry *entry, int edge)
{
    if (!flow->mirrored)
        return edge;
    return edge - flow->amount_column + flow_measure(flow, entry->amount, &entry->style, entry->value_flags);
}

/* Amounts stand at their edges; the inner ones left of the widest total. */
static struct values place_values(struct flow *flow, const struct entry *entry)
{
    struct values values = { .from = flow->width, .fits = true };
    int edge = flow->amount_edge;
    if (entry->mark) {
        const struct kw_style *style = style_of(flow, entry, entry->mark);
        int width = flow_measure(flow, entry->mark, style, entry->value_flags);
        add_value(flow, &values, entry, entry->mark, edge + flow->cell + width);
        values.fits = values.fits && edge + flow->cell + width <= flow->width;
    }
    if (entry->sign)
        add_value(flow, &values, entry, entry->sign,
                  edge + flow_measure(flow, entry->sign, entry->sign_style, entry->value_flags));
    if (entry->amount)
        add_value(flow, &values, entry, entry->amount, end_of_amount(flow, entry, edge));
    if (entry->inner)
        add_value(flow, &values, entry, entry->inner,
                  edge - (flow->mirrored ? flow->amount_column : flow->amount_width) - 2 * flow->cell);
    return values;
}

static void set_right(struct flow *flow, const struct entry *entry, const char *text)
{
    if (text)
        flow_paragraph(flow, &(struct paragraph){ .text = text, .style = entry->style, .align = KW_ALIGN_RIGHT,
                                                  .flags = entry->value_flags, .origin = entry->origin });
}

/* Lines of an entry's text; all but the last, which the values share, may be wider. */
struct entry_lines {
    struct kw_breaks breaks;
    int room, wide, hang;
};

/*
 * Breaks the text so that its last line leaves room for the values: over the whole width where that line is short
 * enough, else beside them. False when that would take more lines than the values would by themselves.
 */
static bool break_entry(struct flow *flow, const struct kw_span *span, int x, struct entry_lines *lines)
{
    struct kw_breaks *breaks = &lines->breaks;
    lines->wide = flow->width - x;
    lines->hang = hang_of(flow, span->utf8, lines->room);
    if (!wrap(flow, span, lines->wide, lines->hang, breaks))
        return true;
    struct kw_span last = field_of(span, breaks, breaks->count - 1, 0, 0, KW_ALIGN_LEFT).span;
    if (kw_text_measure(flow->text, &last) <= lines->room - (breaks->count > 1 ? lines->hang : 0))
        return true;
    size_t most = breaks->count + 1;
    lines->wide = lines->room;
    return !wrap(flow, span, lines->room, lines->hang, breaks) || breaks->count <= most;
}

static void set_entry_lines(struct flow *flow, const struct kw_span *span, int x, const struct entry_lines *lines,
                            const struct values *values)
{
    const struct kw_breaks *breaks = &lines->breaks;
    for (size_t i = 0; flow->code == 0 && i < breaks->count; i++) {
        bool last = i + 1 == breaks->count;
        int in = i ? lines->hang : 0, width = (last ? lines->room : lines->wide) - in;
        struct kw_field fields[1 + MOST_VALUES] = { field_of(span, breaks, i, x + in, width, KW_ALIGN_LEFT) };
        size_t count = 1;
        for (size_t k = values->count; last && k > 0; k--)
            fields[count++] = values->fields[k - 1];
        set_line(flow, fields, count);
    }
}

/* The text alone, over the whole width. */
static void set_entry_text(struct flow *flow, const struct entry *entry)
{
    flow_paragraph(flow, &(struct paragraph){ .text = entry->text, .style = entry->style, .x = entry->x, .hangs = true,
                                              .flags = entry->text_flags, .origin = entry->origin });
}

void flow_entry(struct flow *flow, const struct entry *entry)
{
    struct values values = place_values(flow, entry);
    struct kw_span span = span_of(entry->text, &entry->style, entry->text_flags, entry->origin);
    struct entry_lines lines = { .room = values.from - flow->cell - entry->x };
    bool beside = flow_measure(flow, entry->text, &entry->style, entry->text_flags) <= lines.room
        || (lines.room >= flow->width / 3 && !entry->whole);
    if (!values.fits) {
        set_entry_text(flow, entry);
        set_right(flow, entry, entry->inner);
        set_right(flow, entry, entry->sign ? flow_format(flow, "%s%s", entry->amount, entry->sign) : entry->amount);
        set_right(flow, entry, entry->mark);
    } else if (values.count == 0) {
        set_entry_text(flow, entry);
    } else if (beside && break_entry(flow, &span, entry->x, &lines)) {
        set_entry_lines(flow, &span, entry->x, &lines, &values);
    } else {
        struct kw_field fields[MOST_VALUES];
        set_entry_text(flow, entry);
        for (size_t i = 0; i < values.count; i++)
            fields[i] = values.fields[values.count - 1 - i];
        set_line(flow, fields, values.count);
    }
}

static void set_pair(struct flow *flow, const char *label, const char *value, unsigned flags, const char *origin)
{
    int room = flow->width - flow_measure(flow, label, &kw_plain, 0) - 2 * flow->cell;
    int width = flow_measure(flow, value, &kw_plain, flags);
    if (width > flow->width || strchr(value, '\n')) {
        flow_left(flow, flow_named(flow, label, value), origin);
    } else if (width > room) {
        flow_left(flow, label, origin);
        flow_paragraph(flow, &(struct paragraph){ .text = value, .style = kw_plain, .align = KW_ALIGN_RIGHT,
                                                  .flags = flags, .origin = origin });
    } else {
        struct kw_field fields[2] = {
            { span_of(label, &kw_plain, 0, origin), 0, flow->width - width - flow->cell, KW_ALIGN_LEFT },
            { span_of(value, &kw_plain, flags, origin), flow->width - width, width, KW_ALIGN_RIGHT },
        };
        set_line(flow, fields, 2);
    }
}

void flow_pair(struct flow *flow, const char *label, const char *value, const char *origin)
{
    set_pair(flow, label, value, 0, origin);
}

void flow_pair_name(struct flow *flow, const char *label, const char *name, const char *origin)
{
    set_pair(flow, label, name, KW_FIELD_NAME, origin);
}

void flow_facts(struct flow *flow, const struct kw_facts *facts, int x, const char *origin)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct kw_fact *fact = &facts->items[i];
        const char *value = fact->value ? fact->value : "";
        if (x == 0 && fact->label)
            flow_pair(flow, fact->label, value, origin);
        else
            flow_paragraph(flow, &(struct paragraph){ .text = flow_named(flow, fact->label, value), .style = kw_plain,
                                                      .x = x, .hangs = true, .origin = origin });
    }
}

void flow_sides(struct flow *flow, const char *left, const char *right, const char *origin)
{
    if (left && right) {
        int one = flow_measure(flow, left, &kw_plain, 0), two = flow_measure(flow, right, &kw_plain, 0);
        if (one + two + 2 * flow->cell <= flow->width) {
            struct kw_field fields[2] = {
                { span_of(left, &kw_plain, 0, origin), 0, flow->width - two - flow->cell, KW_ALIGN_LEFT },
                { span_of(right, &kw_plain, 0, origin), flow->width - two, two, KW_ALIGN_RIGHT },
            };
            set_line(flow, fields, 2);
            return;
        }
    }
    if (left)
        flow_left(flow, left, origin);
    if (right)
        flow_left(flow, right, origin);
}

/* ---- rows ---------------------------------------------------------------------------------------------------- */

void flow_row(struct flow *flow, const struct cell *cells, size_t count, const char *origin)
{
    struct kw_breaks breaks[MOST_CELLS];
    struct kw_span spans[MOST_CELLS];
    size_t lines = 0;
    count = count > MOST_CELLS ? MOST_CELLS : count;
    for (size_t i = 0; i < count; i++) {
        spans[i] = span_of(cells[i].text, &cells[i].style, cells[i].flags, origin);
        if (!wrap(flow, &spans[i], cells[i].width, 0, &breaks[i]))
            return;
        lines = breaks[i].count > lines ? breaks[i].count : lines;
    }
    for (size_t line = 0; line < lines; line++) {
        struct kw_field fields[MOST_CELLS];
        size_t used = 0;
        for (size_t i = 0; i < count; i++)
            if (line < breaks[i].count)
                fields[used++] = field_of(&spans[i], &breaks[i], line, cells[i].x, cells[i].width, cells[i].align);
        set_line(flow, fields, used);
    }
}
