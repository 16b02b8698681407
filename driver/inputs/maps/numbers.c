/*
 * numbers.c - amounts, prices and quantities of the other document, exact to the last coin.
 *
 * A float is read as the decimal that it stands for. What has more decimals than the currency is an error, unless the
 * map says that it is to be rounded: a mistaken unit must not become a price.
 */
#include "inputs/maps/rows.h"

#include <string.h>

enum { PRICE_PLACES = 4, SAFE = 1000000000 };

static int places(const struct run *run, const struct item *item)
{
    return item->form == FORM_AMOUNT ? run->exponent : item->form == FORM_PRICE ? PRICE_PLACES : KW_DECIMAL_PLACES;
}

/* What programs write around a number that is one: blanks, a plus, noughts beyond the sixth decimal. */
static bool parse(const char *text, struct kw_decimal *number)
{
    size_t length = strlen(text), point;
    while (length > 0 && (text[0] == ' ' || text[0] == '+')) {
        text++;
        length--;
    }
    while (length > 0 && text[length - 1] == ' ')
        length--;
    const char *found = memchr(text, '.', length);
    point = found ? (size_t)(found - text) : length;
    while (length > point + 1 + KW_DECIMAL_PLACES && text[length - 1] == '0')
        length--;
    return kw_decimal_parse(text, length, KW_DECIMAL_PLACES, number);
}

static bool read(struct run *run, const struct item *item, struct kw_decimal *number)
{
    const struct kw_value *node = item->kind == NODE ? item->node : NULL;
    if (item->kind == NUMBER) {
        *number = item->number;
        return true;
    }
    if (node && node->kind == KW_REAL)
        return kw_map_real(node->real, number);
    const char *text = node ? kw_map_text(run->arena, node) : item->text;
    return text && parse(text, number);
}

static struct item no_number(struct run *run, const struct row *row, const struct item *item)
{
    const char *text = kw_map_item_text(run, item);
    return kw_map_wrong(run, row, "\"%.60s\" is no number such as 12.50", text ? text : "");
}

/* How many decimals an amount of the smallest coin has: the currency's, but where the other system has its own mind. */
static int coin_places(const struct run *run, const struct op *op)
{
    for (const struct pair *pair = op->pairs; pair; pair = pair->next)
        if (run->currency && strcmp(pair->from, run->currency) == 0 && pair->to[0] >= '0' && pair->to[0] <= '4')
            return pair->to[0] - '0';
    return run->exponent;
}

/* An amount that counts coins, as one of whole units. */
static struct kw_decimal of_coins(struct kw_decimal coins, int decimals)
{
    int64_t units = 1;
    for (int i = 0; i < decimals; i++)
        units *= 10;
    int64_t micro = coins.whole % units * (1000000 / units) + coins.micro / units;
    return (struct kw_decimal){ coins.whole / units, (int32_t)micro, (uint8_t)decimals };
}

static struct item take(struct run *run, const struct row *row, struct item item, enum item_form form, int decimals)
{
    struct kw_decimal number;
    if (!read(run, &item, &number))
        return no_number(run, row, &item);
    if (decimals > 0)
        number = of_coins(number, decimals);
    return (struct item){ .kind = NUMBER, .number = number, .form = form, .decimals = decimals };
}

/* Whether the shop said that amounts count the smallest coin; INVALID where it has not. */
static struct item take_either(struct run *run, const struct row *row, struct item item)
{
    if (run->shop->minor == KW_MINOR_UNSAID)
        return kw_map_wrong(run, row, "amounts may be whole units or the smallest coin here: say minor = yes or minor "
                            "= no in [map %s]", run->map->name);
    return take(run, row, item, FORM_AMOUNT, run->shop->minor == KW_MINOR_YES ? run->exponent : 0);
}

/* ---- arithmetic ------------------------------------------------------------------------------------------------- */

struct adding {
    struct run *run;
    const struct row *row;
    struct item *sum;
    bool minus;
};

static void add(void *data, const struct kw_value *node)
{
    struct adding *adding = data;
    struct item other = { .kind = NODE, .node = node };
    if (node->kind == KW_NULL)
        return;
    other = take(adding->run, adding->row, other, adding->sum->form, adding->sum->decimals);
    if (other.kind == NUMBER)
        adding->sum->number = kw_decimal_add(adding->sum->number, adding->minus ? kw_decimal_negate(other.number)
                                             : other.number);
}

static struct item multiply(struct run *run, const struct kw_value *here, const struct row *row, const struct op *op,
                            struct item item)
{
    const struct kw_value *node = kw_map_walk(run, here, &op->path);
    struct item other = { .kind = NODE, .node = node };
    if (!node)
        return item;
    other = take(run, row, other, FORM_QUANTITY, 0);
    if (other.kind != NUMBER)
        return other;
    if (item.number.whole >= SAFE || item.number.whole <= -SAFE || other.number.whole >= SAFE
        || other.number.whole <= -SAFE)
        return kw_map_wrong(run, row, "these numbers are too large to be multiplied");
    item.number = kw_decimal_times(item.number, other.number, NULL);
    item.form = FORM_AMOUNT;
    item.rounds = true;
    return item;
}

/* ---- operations ------------------------------------------------------------------------------------------------- */

static struct item percent(struct run *run, const struct row *row, struct item item)
{
    char text[32];
    item = take(run, row, item, FORM_QUANTITY, 0);
    if (item.kind != NUMBER || item.number.whole >= SAFE || item.number.whole <= -SAFE)
        return item;
    kw_decimal_text(kw_decimal_times(item.number, (struct kw_decimal){ 100, 0, 0 }, NULL), PRICE_PLACES, text);
    kw_map_shorten(text, 0);
    return (struct item){ .kind = TEXT, .text = kw_arena_format(run->arena, "%s%%", text) };
}

static struct item calculate(struct run *run, const struct kw_value *here, const struct row *row, const struct op *op,
                             struct item item)
{
    struct adding adding = { .run = run, .row = row, .sum = &item, .minus = op->id == OP_MINUS };
    bool below = item.number.whole < 0 || item.number.micro < 0;
    switch (op->id) {
        case OP_TIMES: return multiply(run, here, row, op, item);
        case OP_PLUS:
        case OP_MINUS: kw_map_walk_all(run, here, &op->path, add, &adding); break;
        case OP_NEGATIVE: item.number = below ? item.number : kw_decimal_negate(item.number); break;
        case OP_POSITIVE: item.number = below ? kw_decimal_negate(item.number) : item.number; break;
        default: item.number = kw_decimal_negate(item.number); break;
    }
    return item;
}

struct item kw_map_number(struct run *run, const struct kw_value *here, const struct row *row, const struct op *op,
                          struct item item)
{
    switch (op->id) {
        case OP_AMOUNT: return take(run, row, item, FORM_AMOUNT, 0);
        case OP_MINOR: return take(run, row, item, FORM_AMOUNT, coin_places(run, op));
        case OP_EITHER: return take_either(run, row, item);
        case OP_PRICE: return take(run, row, item, FORM_PRICE, 0);
        case OP_QUANTITY: return take(run, row, item, FORM_QUANTITY, 0);
        case OP_PERCENT: return percent(run, row, item);
        case OP_ROUND:
            item = take(run, row, item, FORM_AMOUNT, 0);
            item.rounds = true;
            return item;
        default: break;
    }
    if (item.kind != NUMBER)
        item = take(run, row, item, FORM_AMOUNT, 0);
    return item.kind == NUMBER ? calculate(run, here, row, op, item) : item;
}

const char *kw_map_number_text(struct run *run, const struct row *row, const struct item *item)
{
    char text[32];
    int most = places(run, item);
    struct kw_decimal rounded = kw_decimal_round(item->number, most);
    if (!item->rounds && item->form == FORM_AMOUNT && kw_decimal_compare(rounded, item->number) != 0) {
        kw_decimal_text(item->number, KW_DECIMAL_PLACES, text);
        kw_map_shorten(text, 0);
        kw_map_wrong(run, row, "%s has more decimals than %s has", text, run->currency);
        return NULL;
    }
    kw_decimal_text(rounded, most, text);
    if (item->form != FORM_AMOUNT)
        kw_map_shorten(text, item->form == FORM_PRICE ? run->exponent : 0);
    return kw_arena_string(run->arena, text);
}
