/* cell.c - which cell of each view a touchpoint is counted in. */
#include "record/cell.h"

/* What a view does not tell apart is blanked, so that it makes no rows. */
static struct kw_touchpoint project(const struct kw_touchpoint *touchpoint, enum kw_view view)
{
    struct kw_touchpoint t = *touchpoint;
    if (view != KW_VIEW_KIND) {
        t.kind = KW_KIND_NONE;
        t.language = t.channel = "";
    }
    if (view != KW_VIEW_PLACE) {
        t.till = t.cashier = t.campaign = "";
        t.variant = 0;
        t.variant_p_bp = t.p_bp = 0;
    }
    if (view == KW_VIEW_KIND)
        t.store = "";
    return t;
}

struct kw_cell kw_cell_of(const struct kw_touchpoint *touchpoint, enum kw_view view)
{
    return (struct kw_cell){ .facts = project(touchpoint, view),
                             .hour = view == KW_VIEW_HOUR ? kw_touchpoint_hour(touchpoint) : -1,
                             .n = 1 };
}

void kw_cell_make_key(const struct kw_touchpoint *touchpoint, enum kw_view view, enum kw_class klass,
                      struct kw_cell_key *key)
{
    const struct kw_cell cell = kw_cell_of(touchpoint, view);
    const struct kw_touchpoint *t = &cell.facts;
    *key = (struct kw_cell_key){ { view, t->day, cell.hour, t->kind, t->variant, t->variant_p_bp, t->p_bp, t->reason,
                                   t->forced, t->drawn, t->flag, t->expires_day, klass },
                                 { t->store, t->till, t->cashier, t->language, t->channel, t->campaign } };
}
