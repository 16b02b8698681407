/* logos.c - FS ( E: logos that the printer prints of itself: the bottom one before a cut, the top one behind it. */
#include "simulator/logos.h"

#include "simulator/events.h"
#include "simulator/graphics.h"
#include "simulator/handlers.h"

#include <string.h>

enum { CANCEL = 60, SET_TOP = 62, SET_BOTTOM = 63, EXTEND = 64, SWITCH = 65 };

static void set_logo(struct kw_sim *sim, int which, const uint8_t *p)
{
    int align = p[4] >= 48 ? kw_sim_digit(p[4], 2) : -1;
    if (align < 0)
        kw_sim_out_of_range(sim, "FS ( E justification", p[4]);
    else
        sim->s.logos[which] = (struct kw_sim_logo){ { p[2], p[3] }, (uint8_t)align, 1, sim->s.logos[which].off };
}

/* p: fn m …; m is always 2. */
void kw_sim_logo_settings(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    int which = length >= 3 ? kw_sim_digit(p[2], 1) : -1;
    if (length < 2 || p[1] != 2) {
        kw_sim_warn(sim, sim->s.in.parsed, "FS ( E: parameters out of range");
    } else if (p[0] == CANCEL && length >= 6 && which >= 0 && memcmp(p + 3, "CLR", 3) == 0) {
        sim->s.logos[which].set = 0;
    } else if ((p[0] == SET_TOP && length >= 6) || (p[0] == SET_BOTTOM && length >= 5)) {
        set_logo(sim, p[0] - SET_TOP, p);
    } else if (p[0] == SWITCH && length >= 4 && which >= 0 && kw_sim_digit(p[3], 1) >= 0) {
        sim->s.logos[which].off = (uint8_t)kw_sim_digit(p[3], 1);
    } else if (p[0] != EXTEND) {
        kw_sim_warn(sim, sim->s.in.parsed, "FS ( E function %d does nothing here", p[0]);
    }
}

void kw_sim_print_logo(struct kw_sim *sim, int which)
{
    const struct kw_sim_logo *logo = &sim->s.logos[which];
    if (!logo->set || logo->off)
        return;
    uint8_t align = sim->s.line.align;
    sim->s.line.align = logo->align;
    if (!kw_sim_print_nv(sim, logo->key, "FS ( E"))
        kw_sim_warn(sim, sim->s.in.parsed, "FS ( E: no graphics are stored by the key of the %s logo",
                    which == KW_SIM_TOP_LOGO ? "top" : "bottom");
    sim->s.line.align = align;
}
