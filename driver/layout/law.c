/* law.c - what the receipt's country wants or forbids on a paper that is no fiscal receipt. */
#include "layout/flow.h"

#include <string.h>

enum occasion { TRAINING = 1, PROFORMA = 2, ORDER = 4, REFUND = 8, COPY = 16, LATER_COPY = 32, UNFISCAL = 64,
                SERVED_PROFORMA = 128 };
enum place { HEAD, FOOT };

/* The words lie in the rows: pointers would be relocated at every start. */
enum { COUNTRY = 4, LOCALES = 12, WORDS = 112 };

struct law {
    char country[COUNTRY], locales[LOCALES];
    unsigned occasions;
    char words[WORDS];
    uint8_t times;
    enum place place;
};
static const struct law laws[] = {
#define LAW(country, locales, occasions, words, times, foot, source) \
    { country, locales, occasions, words, times, foot },
#include "data/laws.def"
};
static const struct { char country[COUNTRY]; unsigned occasions; int lines; } repeated[] = {
#define REPEAT(country, occasions, lines, source) { country, occasions, lines },
#include "data/laws.def"
};
static const struct { char country[COUNTRY], tax[LOCALES]; unsigned occasions; char why[WORDS]; } forbidden[] = {
#define FORBID(country, tax, occasions, why, source) { country, tax, occasions, why },
#include "data/laws.def"
};

/* The region of a tag ("sr-Latn-RS"): two capitals behind a hyphen, at its end. */
static bool is_in(const struct flow *flow, const char *country)
{
    const char *tag = kw_locale_tag(flow->locale), *region = strrchr(tag, '-');
    return region && strcmp(region + 1, country) == 0;
}

static unsigned occasions_of(const struct flow *flow)
{
    static const unsigned by_kind[] = {
        [KW_KIND_SALE] = UNFISCAL, [KW_KIND_REFUND] = UNFISCAL | REFUND, [KW_KIND_EXCHANGE] = UNFISCAL,
        [KW_KIND_ORDER] = ORDER, [KW_KIND_PROFORMA] = PROFORMA, [KW_KIND_TRAINING] = TRAINING, [KW_KIND_SURVEY] = 0
    };
    size_t kind = (size_t)flow->sale->kind;
    unsigned found = kind < sizeof by_kind / sizeof by_kind[0] ? by_kind[kind] : 0;
    if (flow->sale->fiscal_count > 0)
        found &= ~(unsigned)UNFISCAL;
    if (flow->sale->kind == KW_KIND_PROFORMA && (flow->sale->order.table || flow->sale->order.mode))
        found |= SERVED_PROFORMA;
    if (flow->options->copy_kind == KW_COPY_DUPLICATE)
        found |= COPY | (flow->options->copy > 2 ? LATER_COPY : 0u);
    return flow->station || flow->options->only_invitation ? 0 : found;
}

/* Each occasion has one row at most; what several have in common is said once. */
static const struct law *next_law(const struct flow *flow, unsigned *open, size_t *at)
{
    for (; *at < sizeof laws / sizeof laws[0]; ++*at) {
        const struct law *law = &laws[*at];
        bool fits = (law->occasions & *open) && is_in(flow, law->country)
            && strncmp(kw_locale_tag(flow->locale), law->locales, strlen(law->locales)) == 0;
        if (fits) {
            *open &= ~law->occasions;
            ++*at;
            return law;
        }
    }
    return NULL;
}

static void repeat(struct flow *flow)
{
    unsigned open = occasions_of(flow);
    size_t at = 0;
    const struct law *law = ++flow->law.since == flow->law.every ? next_law(flow, &open, &at) : NULL;
    if (law) {
        flow_center(flow, law->words, kw_bold, "");     /* itself a line of the next ones */
        flow->law.since = 0;
    }
}

/* Whether a tax of the sale begins with this name. */
static bool is_taxed(const struct flow *flow, const char *name)
{
    bool found = !*name;
    for (size_t i = 0; !found && i < flow->sale->tax_count; i++) {
        const struct kw_tax *tax = &flow->sale->taxes[i];
        found = (tax->name && flow_begins_with(tax->name, name)) || (tax->code && strcmp(tax->code, name) == 0);
    }
    return found;
}

void flow_obey(struct flow *flow)
{
    unsigned occasions = occasions_of(flow);
    for (size_t i = 0; occasions && i < sizeof forbidden / sizeof forbidden[0]; i++)
        if ((forbidden[i].occasions & occasions) && is_in(flow, forbidden[i].country)
            && is_taxed(flow, forbidden[i].tax))
            flow->code = kw_fail(flow->error, KWIT_E_INVALID, "/kind", "%s", forbidden[i].why);
    for (size_t i = 0; occasions && i < sizeof repeated / sizeof repeated[0]; i++)
        if ((repeated[i].occasions & occasions) && is_in(flow, repeated[i].country)) {
            flow->law.behind_line = repeat;
            flow->law.every = repeated[i].lines;
        }
}

static void say(struct flow *flow, const struct law *law)
{
    struct kw_style style = kw_bold;
    style.width = style.height = law->times;
    flow_feed(flow, 10);
    flow_center(flow, law->words, style, "");
    flow_feed(flow, 10);
}

void flow_law_marks(struct flow *flow, bool foot)
{
    unsigned open = occasions_of(flow);
    size_t at = 0;
    for (const struct law *law = next_law(flow, &open, &at); law; law = next_law(flow, &open, &at))
        if (!foot || law->place == FOOT)
            say(flow, law);
}

bool flow_law_says(const struct flow *flow, const char *text)
{
    unsigned open = occasions_of(flow);
    size_t at = 0;
    for (const struct law *law = next_law(flow, &open, &at); law; law = next_law(flow, &open, &at))
        if (strcmp(law->words, text) == 0)
            return true;
    return false;
}
