/* symbols.c - codes on the receipt: caption, symbol, characters below it, and what when it cannot be printed. */
#include "layout/flow.h"
#include "layout/symbol.h"

#include <string.h>

/* Left out with a warning and printed as text; a fiscal one stops the receipt before paper. */
static void give_up(struct flow *flow, const struct symbol_wish *wish, const char *why)
{
    if (flow->code < 0)
        return;
    if (wish->required) {
        flow->code = kw_fail(flow->error, KWIT_E_UNPRINTABLE, wish->origin, "this fiscal code cannot be printed: %s",
                             why);
        return;
    }
    kw_notes_add(flow->options->warnings, KWIT_WARNING_CODE_OMITTED, wish->origin,
                 "is printed as text, not as a code: %s", why);
    flow_paragraph(flow, &(struct paragraph){ .text = wish->data, .style = kw_plain, .align = KW_ALIGN_CENTER,
                                              .flags = KW_FIELD_ISOLATE, .origin = wish->origin });
}

int flow_plan_symbol(struct flow *flow, const struct symbol_wish *wish, struct kw_symbol_plan *plan,
                     struct kw_error *why)
{
    struct kw_symbol_wish asked = {
        .data = wish->data, .length = strlen(wish->data), .area_dots = flow->page->width_dots,
        .module_dots = wish->module_dots, .size_mm = wish->size_mm, .min_mm = wish->min_mm, .max_mm = wish->max_mm,
        .error_level = wish->error_level,
        .drawing = wish->drawn ? KW_DRAWING_RASTER : flow->options->qr
    };
    if (!kw_symbology_find(wish->symbology, &asked.symbology))
        return kw_fail(why, KWIT_E_INVALID, wish->origin, "%s is no kind of code that kwit knows", wish->symbology);
    /* `qr = native` forces QR on a model whose row does not have it, and says nothing of bars. */
    if (asked.symbology != KW_QR && asked.drawing == KW_DRAWING_NATIVE)
        asked.drawing = KW_DRAWING_AUTO;
    return kw_symbol_prepare(flow->arena, flow->options->profile, &asked, plan, why);
}

/* What the law sizes is not for the shop to change. */
static bool is_fine(const struct symbol_wish *wish, const struct kw_symbol_plan *plan)
{
    return strcmp(wish->symbology, "qr") == 0 && !wish->required && plan->module_dots < QR_SURE_MODULE;
}

void flow_note_fine(struct flow *flow, const struct symbol_wish *wish, const struct kw_symbol_plan *plan)
{
    if (is_fine(wish, plan))
        kw_notes_add(flow->options->warnings, KWIT_WARNING_CODE_FINE, wish->origin,
                     "the squares of this QR code are %d dots wide, and not every telephone reads less than %d; "
                     "shorten its data", plan->module_dots, QR_SURE_MODULE);
}

void flow_symbol(struct flow *flow, const struct symbol_wish *wish)
{
    struct kw_symbol_plan plan;
    struct kw_error why = { 0 };
    if (flow->code < 0)
        return;
    if (wish->caption)
        flow_center(flow, wish->caption, kw_bold, wish->origin);
    if (flow_plan_symbol(flow, wish, &plan, &why) < 0) {
        give_up(flow, wish, why.text);
        return;
    }
    flow_note_fine(flow, wish, &plan);
    kw_symbol_place(flow->page, &plan, wish->origin);
    if (wish->text && plan.human)
        flow_center(flow, plan.human, kw_plain, wish->origin);
}

bool kw_layout_qr_fits(const struct kw_profile *profile, const char *url)
{
    return kw_symbol_qr_fits(profile, url, strlen(url));
}
