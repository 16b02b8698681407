/* layout.c - the way down the page: sections in their order, pieces and their cuts, where the tail begins. */
#include "layout/flow.h"

#include <string.h>

static const struct { const char *name; void (*lay)(struct flow *flow); bool parting; } sections[] = {
#define SECTION(name) { #name, section_##name, false },
#define PARTING(name) { #name, section_##name, true },
#include "layout/sections.def"
};
static const char *const details[] = {
#define DETAIL(name) #name,
#include "layout/sections.def"
};
enum { SECTIONS = sizeof sections / sizeof sections[0], NO_SECTION = -1 };

static int find_section(const char *name)
{
    for (int i = 0; i < SECTIONS; i++)
        if (strcmp(sections[i].name, name) == 0)
            return i;
    return NO_SECTION;
}

static bool is_detail(const char *name)
{
    for (size_t i = 0; i < sizeof details / sizeof details[0]; i++)
        if (strcmp(details[i], name) == 0)
            return true;
    return false;
}

static const char *add_name(struct kw_arena *arena, const char *list, const char *name)
{
    return list ? kw_arena_format(arena, "%s, %s", list, name) : NULL;
}

const char *kw_layout_name_fault(struct kw_arena *arena, const char *name, bool hides)
{
    if (find_section(name) != NO_SECTION || (hides && is_detail(name)))
        return NULL;
    const char *known = "";
    for (int i = 0; i < SECTIONS; i++)
        known = i ? add_name(arena, known, sections[i].name) : sections[i].name;
    for (size_t i = 0; hides && i < sizeof details / sizeof details[0]; i++)
        known = add_name(arena, known, details[i]);
    const char *text = known ? kw_arena_format(arena, "nothing on a receipt is called `%s`; there are, between commas: "
                                               "%s", name, known) : NULL;
    return text ? text : "a name that nothing on a receipt has";
}

/* Names in the configuration that mean nothing here are told; the receipt is printed without heeding them. */
static void check_names(struct kw_arena *arena, const struct kw_layout_options *options)
{
    for (int hides = 0; hides < 2; hides++)
        for (const char *const *name = hides ? options->hide : options->order; name && *name; name++) {
            const char *fault = kw_layout_name_fault(arena, *name, hides);
            if (fault)
                kw_notes_add(options->warnings, KWIT_WARNING_CONFIG_IGNORED, "", "[receipt] %s: %s",
                             hides ? "hide" : "order", fault);
        }
}

/* ---- pieces -------------------------------------------------------------------------------------------------- */

static void add_drawer(struct flow *flow)
{
    enum { ON_MS = 100, OFF_MS = 500 };
    const struct kw_layout_options *options = flow->options;
    struct kw_piece *piece = options->drawer ? kw_page_add_piece(flow->page, KW_PIECE_DRAWER, "drawer") : NULL;
    if (!piece)
        return;
    piece->drawer_pin = (uint8_t)(flow->sale->drawer.pin == 5 ? 5 : 2);
    piece->on_ms = options->drawer_on_ms > 0 ? options->drawer_on_ms : ON_MS;
    piece->off_ms = options->drawer_off_ms > 0 ? options->drawer_off_ms : OFF_MS;
}

/* A piece that is torn from the receipt says whose it is. */
static void begin_slip(struct flow *flow, const char *name)
{
    flow_begin_piece(flow, name);
    flow_marks(flow);
    flow_store_name(flow);
    flow_mark(flow);
}

static void end_slip(struct flow *flow)
{
    flow_end_piece(flow, flow->options->cut);
    flow_drop_empty_piece(flow);
}

static void add_vouchers(struct flow *flow)
{
    for (size_t i = 0; i < flow->sale->voucher_count && flow->code == 0; i++) {
        const struct kw_voucher *voucher = &flow->sale->vouchers[i];
        if (!voucher->cut)
            continue;
        begin_slip(flow, flow_format(flow, "voucher %zu", i + 1));
        flow_voucher(flow, voucher);
        end_slip(flow);
    }
}

static bool invites_at(const struct flow *flow, enum kw_position position)
{
    const struct kw_invitation *invitation = flow->options->invitation;
    return invitation && invitation->position == position && !flow->station && !flow_hidden(flow, "invitation");
}

static void add_survey_slip(struct flow *flow)
{
    if (flow->code < 0 || !invites_at(flow, KW_POSITION_SLIP))
        return;
    begin_slip(flow, "survey");
    section_invitation(flow);
    end_slip(flow);
}

/* ---- sections ------------------------------------------------------------------------------------------------ */

static void lay_section(struct flow *flow, int section)
{
    if (!flow_hidden(flow, sections[section].name) && flow->code == 0)
        sections[section].lay(flow);
}

struct way {
    int sections[SECTIONS];
    size_t count;
    bool known[SECTIONS];
};

static void go_by(struct way *way, int section)
{
    if (section == NO_SECTION || way->known[section])
        return;
    way->known[section] = true;
    way->sections[way->count++] = section;
}

/*
 * What the configuration names comes first, in its order, and the rest as it always stands; nothing is lost by
 * being forgotten there. Fiscal parts of the bottom and the invitation have their own place: the end, or before the
 * words of leave that follow everything else.
 */
static void lay_sections(struct flow *flow)
{
    int fiscal = find_section("fiscal_bottom"), invitation = find_section("invitation"), logo = find_section("logo");
    struct way way = { .count = 0 };
    way.known[fiscal] = way.known[invitation] = true;
    way.known[logo] = flow->options->logo_place == KW_LOGO_END;
    for (const char *const *name = flow->options->order; name && *name; name++)
        go_by(&way, find_section(*name));
    for (int i = 0; i < SECTIONS; i++)
        go_by(&way, i);
    size_t before = way.count;
    while (before > 0 && invites_at(flow, KW_POSITION_BEFORE_THANKS) && sections[way.sections[before - 1]].parting)
        before--;
    for (size_t i = 0; i < before; i++)
        lay_section(flow, way.sections[i]);
    lay_section(flow, fiscal);
    if (!invites_at(flow, KW_POSITION_SLIP))
        lay_section(flow, invitation);
    for (size_t i = before; i < way.count; i++)
        lay_section(flow, way.sections[i]);
    if (flow->options->logo_place == KW_LOGO_END)
        lay_section(flow, logo);
}

/* As the shop says, else as the currency's coins are: with its decimals, or none where nobody writes them. */
static int least_decimals(const struct kw_sale *sale, const struct kw_layout_options *options)
{
    if (options->decimals >= 0)
        return options->decimals;
    return sale->decimals_given > 0 || kw_locale_decimals(sale->currency) > 0 ? sale->exponent : 0;
}

int kw_layout_sale(const struct kw_sale *sale, const struct kw_locale *locale, const struct kw_locale *customer,
                   const struct kw_layout_options *options, struct kw_text *text, struct kw_page *page,
                   struct kw_error *error)
{
    struct flow flow = {
        .sale = sale, .locale = locale, .customer = customer, .options = options, .text = text, .page = page,
        .error = error, .arena = page->arena, .cell = kw_text_cell_dots(text, &kw_plain),
        .station = options->station != NULL, .prices = sale->kind != KW_KIND_GIFT && !options->station,
        .mirrored = kw_locale_is_rtl(locale), .decimals = least_decimals(sale, options),
    };
    flow.width = kw_text_columns(text, &kw_plain) * flow.cell;
    check_names(flow.arena, options);
    flow_obey(&flow);
    add_drawer(&flow);
    kw_page_expect(page, sale->line_count);
    flow_begin_piece(&flow, "receipt");
    bool only_survey = options->only_survey || options->only_invitation || options->only_marks
        || sale->kind == KW_KIND_SURVEY;
    if (options->only_marks) {
        flow_marks(&flow);
    } else if (only_survey) {
        section_invitation(&flow);
    } else {
        flow_learn_columns(&flow);
        lay_sections(&flow);
    }
    flow_end_piece(&flow, options->cut);
    flow_drop_empty_piece(&flow);
    if (!only_survey && !flow.station) {
        add_survey_slip(&flow);
        add_vouchers(&flow);
    }
    if (flow.code == 0 && page->error < 0)
        flow.code = kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while laying out the receipt");
    return flow.code;
}
