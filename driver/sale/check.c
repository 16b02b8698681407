/*
 * check.c - what single fields cannot tell: what each kind of document needs, and sums that do not add up.
 *
 * The till computes and kwit prints, so a sum is doubted only when no usual way of adding it up gives what is
 * written: tax inside the prices or on top, a tip inside the total or beside it, sets priced whole or by part.
 */
#include "sale/read.h"

#include <stdlib.h>
#include <string.h>

static void need(struct reader *reader, struct kw_value *json, const char *key, const char *why)
{
    if (!kw_value_get(json, key))
        kw_read_missing(reader, OBJECT_sale, json, &(struct place){ 0 }, key, why);
}

void kw_check_needs(struct reader *reader, struct kw_value *json, const struct kw_sale *sale)
{
    need(reader, json, "kwit", "says the version of the format: 1");
    need(reader, json, "time", "needed, such as \"2026-11-22T14:03:11+01:00\"");
    if (sale->kind == KW_KIND_DOCUMENT)
        need(reader, json, "blocks", "a document consists of them");
    else if (sale->kind != KW_KIND_SURVEY && sale->kind != KW_KIND_PAYOUT)
        need(reader, json, "lines", "needed");
}

static struct kw_decimal plus(struct kw_decimal sum, const struct kw_number *number)
{
    return number->text ? kw_decimal_add(sum, number->value) : sum;
}

static struct kw_decimal sum_adjustments(struct kw_decimal sum, const struct kw_adjustments *list)
{
    for (size_t i = 0; i < list->count; i++)
        sum = plus(sum, &list->items[i].amount);
    return sum;
}

static struct kw_decimal sum_lines(const struct kw_sale_line *lines, size_t count, bool children)
{
    struct kw_decimal sum = { 0 };
    for (size_t i = 0; i < count; i++) {
        if (lines[i].kind == KW_LINE_SUBTOTAL)
            continue;
        sum = plus(sum, &lines[i].total);
        if (children && lines[i].child_count)
            sum = kw_decimal_add(sum, sum_lines(lines[i].children, lines[i].child_count, true));
    }
    return sum;
}

static void doubt(struct reader *reader, const char *pointer, const struct kw_number *written, struct kw_decimal sum,
                  const char *of)
{
    char text[32];
    kw_decimal_text(sum, reader->exponent, text);
    kw_read_warning(reader, KWIT_WARNING_SUM, pointer, "%s is not the sum of %s, which is %s; it is printed as given",
                    written->text, of, text);
}

static bool same(const struct kw_number *written, struct kw_decimal sum)
{
    return kw_decimal_compare(written->value, sum) == 0;
}

enum { MILLION = 1000000 };

/* quantity × price and what is taken off, to within one smallest coin that is written, for the till rounds. */
static bool line_adds_up(const struct reader *reader, const struct kw_sale_line *line, bool modifiers)
{
    int64_t coin = MILLION, below;
    for (int i = 0; i < reader->exponent && i < reader->decimals_given; i++)
        coin /= 10;
    struct kw_decimal off = kw_decimal_times(line->quantity.value, line->unit_price.value, &below);
    off = kw_decimal_add(off, sum_adjustments((struct kw_decimal){ 0 }, &line->discounts));
    for (size_t i = 0; modifiers && i < line->modifiers.count; i++)
        off = plus(off, &line->modifiers.items[i].amount);
    off = kw_decimal_add(off, kw_decimal_negate(line->total.value));
    if (llabs(off.whole) > 1)
        return false;
    int64_t exact = (off.whole * MILLION + off.micro) * MILLION + below;
    return exact < coin * MILLION && exact > -coin * MILLION;
}

static void check_line(struct reader *reader, const struct kw_sale_line *line)
{
    enum { SAFE = 1000000000 };     /* larger numbers are printed, not multiplied */
    if (line->quantity.text && line->unit_price.text && line->total.text && !line->child_count
        && llabs(line->quantity.value.whole) < SAFE && llabs(line->unit_price.value.whole) < SAFE
        && !line_adds_up(reader, line, true) && !line_adds_up(reader, line, false))
        kw_read_warning(reader, KWIT_WARNING_SUM, line->pointer,
                        "%s x %s with its discounts is not %s; it is printed as given", line->quantity.text,
                        line->unit_price.text, line->total.text);
}

/* What a group comes to is the sum of its lines: those behind the heading or the group before it. */
static void check_groups(struct reader *reader, const struct kw_sale_line *lines, size_t count)
{
    size_t from = 0;
    for (size_t i = 0; i < count; i++) {
        const struct kw_sale_line *line = &lines[i];
        if (line->kind == KW_LINE_SUBTOTAL && line->total.text) {
            struct kw_decimal sum = sum_lines(lines + from, i - from, false);
            if (!same(&line->total, sum) && !same(&line->total, sum_lines(lines + from, i - from, true)))
                doubt(reader, line->pointer, &line->total, sum, "its group");
        }
        if (line->kind == KW_LINE_SUBTOTAL || line->kind == KW_LINE_HEADING)
            from = i + 1;
    }
}

static void check_subtotal(struct reader *reader, const struct kw_sale *sale)
{
    struct kw_decimal whole = sum_lines(sale->lines, sale->line_count, false);
    if (sale->subtotal.text && sale->line_count && !same(&sale->subtotal, whole)
        && !same(&sale->subtotal, sum_lines(sale->lines, sale->line_count, true)))
        doubt(reader, "/subtotal", &sale->subtotal, whole, "the lines");
}

static struct kw_decimal sum_taxes(const struct kw_sale *sale)
{
    struct kw_decimal sum = { 0 };
    for (size_t i = 0; i < sale->tax_count; i++)
        sum = plus(sum, &sale->taxes[i].tax);
    return sum;
}

/* What is added to the lines before any tax, tip and rounding; without a subtotal sets may be priced by part. */
static struct kw_decimal above_total(const struct kw_sale *sale, bool children)
{
    struct kw_decimal sum = sale->subtotal.text ? sale->subtotal.value
                                                : sum_lines(sale->lines, sale->line_count, children);
    return sum_adjustments(sum_adjustments(sum, &sale->discounts), &sale->charges);
}

/* The first way of adding up that gives the total is kept: the paper shows what is added above it. */
static bool total_adds_up(struct kw_sale *sale, struct kw_decimal plain)
{
    for (int way = 0; way < 8; way++) {
        struct kw_decimal sum = plain;
        sum = way & 1 ? kw_decimal_add(sum, sum_taxes(sale)) : sum;
        sum = way & 2 ? plus(sum, &sale->tip) : sum;
        sum = way & 4 ? sum : plus(sum, &sale->rounding);
        if (!same(&sale->total, sum))
            continue;
        sale->total_holds.taxes = way & 1;
        sale->total_holds.tip = way & 2;
        sale->total_holds.no_rounding = way & 4;
        return true;
    }
    return false;
}

static void check_total(struct reader *reader, struct kw_sale *sale)
{
    if (!sale->total.text || (!sale->subtotal.text && !sale->line_count))
        return;
    struct kw_decimal plain = above_total(sale, false);
    if (total_adds_up(sale, plain) || (!sale->subtotal.text && total_adds_up(sale, above_total(sale, true))))
        return;
    doubt(reader, "/total", &sale->total, plus(plain, &sale->rounding), "what is above it");
}

static void check_taxes(struct reader *reader, const struct kw_sale *sale)
{
    for (size_t i = 0; i < sale->tax_count; i++) {
        const struct kw_tax *tax = &sale->taxes[i];
        struct kw_decimal sum = kw_decimal_add(tax->net.value, tax->tax.value);
        if (tax->net.text && tax->tax.text && tax->gross.text && !same(&tax->gross, sum))
            doubt(reader, tax->pointer, &tax->gross, sum, "net and tax");
    }
}

/* What was paid, less the change, is the total, less what stays due; a tip may be in both or in one. */
static void check_payments(struct reader *reader, const struct kw_sale *sale)
{
    if (!sale->total.text || !sale->payment_count)
        return;
    struct kw_decimal paid = { 0 };
    for (size_t i = 0; i < sale->payment_count; i++)
        paid = plus(paid, &sale->payments[i].amount);
    if (sale->change.text)
        paid = kw_decimal_add(paid, kw_decimal_negate(sale->change.value));
    struct kw_decimal settled = sale->due.text ? kw_decimal_add(paid, sale->due.value) : paid;
    struct kw_number tipped = { sale->total.text, plus(sale->total.value, &sale->tip) };
    struct kw_number rounded = { sale->total.text, plus(sale->total.value, &sale->rounding) };
    if (!same(&sale->total, settled) && !same(&sale->total, paid) && !same(&tipped, settled)
        && !same(&rounded, settled))
        doubt(reader, "/payments", &sale->total, settled, "the payments less the change");
}

static void check_lines(struct reader *reader, const struct kw_sale_line *lines, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        check_line(reader, &lines[i]);
        check_lines(reader, lines[i].children, lines[i].child_count);
    }
}

void kw_check_sums(struct reader *reader, struct kw_sale *sale)
{
    if (sale->kind == KW_KIND_GIFT || sale->kind == KW_KIND_DOCUMENT || sale->kind == KW_KIND_SURVEY)
        return;
    check_lines(reader, sale->lines, sale->line_count);
    check_groups(reader, sale->lines, sale->line_count);
    check_subtotal(reader, sale);
    check_total(reader, sale);
    check_taxes(reader, sale);
    check_payments(reader, sale);
}
