/* state.c - what can be read off the state: the time, measures in dots, places, whether it can print. */
#include "simulator/state.h"

#include "base/clock.h"

int64_t kw_sim_now(struct kw_sim *sim)
{
    return sim->options.now_ms ? sim->options.now_ms(sim->options.now_data) : kw_clock_boot_ms();
}

double kw_sim_mm(const struct kw_sim *sim)
{
    return (double)sim->s.paper.travel_dots * 25.4 / sim->dpi;
}

uint64_t kw_sim_random(struct kw_sim *sim)
{
    sim->s.random = sim->s.random * 6364136223846793005u + 1442695040888963407u;
    return sim->s.random >> 33;
}

/* Where the paper has ended the roll is thin too: both sensors see it. */
bool kw_sim_paper_near_end(const struct kw_sim *sim)
{
    int64_t left = sim->s.paper.roll_start_dots + sim->s.paper.roll_dots - sim->s.paper.travel_dots;
    bool sees = sim->profile->near_end != KW_NO;
    bool thin = sim->s.paper.roll_dots > 0 && left * 254 < (int64_t)KW_SIM_NEAR_END_MM * 10 * sim->dpi;
    return sees && (thin || (sim->s.health.conditions & (KW_COND_NEAR_END | KW_COND_PAPER_END)));
}

int64_t kw_sim_paper_left_mm(const struct kw_sim *sim)
{
    enum { ENDLESS_MM = 80000 };
    int64_t left = sim->s.paper.roll_start_dots + sim->s.paper.roll_dots - sim->s.paper.travel_dots;
    return sim->s.paper.roll_dots > 0 ? left * 254 / (10 * sim->dpi) : ENDLESS_MM;
}

bool kw_sim_can_print(const struct kw_sim *sim)
{
    bool stops = sim->s.host.paper_stops && kw_sim_paper_near_end(sim);      /* ESC c 4 */
    uint32_t idle = KW_COND_OFFLINE | KW_COND_GONE | KW_COND_STUCK | KW_COND_STARTING;
    return !(sim->s.health.conditions & idle) && !stops && !sim->out_of_memory;
}

static int units_to_dots(const struct kw_sim *sim, int units, int per_inch)
{
    return per_inch <= 0 ? units : units * sim->dpi / per_inch;
}

int kw_sim_x_dots(const struct kw_sim *sim, int units)
{
    return units_to_dots(sim, units, sim->s.line.unit_x);
}

int kw_sim_y_dots(const struct kw_sim *sim, int units)
{
    return units_to_dots(sim, units, sim->s.line.unit_y);
}

/* The impact head's fonts are counted the other way round: A is two half dots wider than the usual B. */
int kw_sim_cell_width(const struct kw_sim *sim, int font)
{
    enum { WIDER = 2 };
    const struct kw_profile *profile = sim->profile;
    bool impact = profile->firmware == KW_FIRMWARE_IMPACT;
    int a = profile->font_a_width > 0 ? profile->font_a_width + (impact ? WIDER : 0) : 12;
    int b = profile->font_b_width > 0 ? profile->font_b_width : 9;
    int cell = font == 0 ? a : font == 1 ? b : 8;
    return cell <= 24 ? cell : 24;
}

int kw_sim_cell_height(const struct kw_sim *sim, int font)
{
    int a = sim->profile->font_a_height > 0 ? sim->profile->font_a_height : 24;
    int b = sim->profile->font_b_height > 0 ? sim->profile->font_b_height : 17;
    int cell = font == 0 ? a : font == 1 ? b : 16;
    return cell <= 48 ? cell : 48;
}

int kw_sim_area_left(const struct kw_sim *sim)
{
    return sim->s.line.area_left < sim->width_dots ? sim->s.line.area_left : sim->width_dots - 1;
}

int kw_sim_area_width(const struct kw_sim *sim)
{
    if (sim->s.page.active)
        return sim->s.page.direction & 1 ? sim->s.page.area_height : sim->s.page.area_width;
    int most = sim->width_dots - kw_sim_area_left(sim);
    return sim->s.line.area_width > 0 && sim->s.line.area_width < most ? sim->s.line.area_width : most;
}

bool kw_sim_at_line_start(const struct kw_sim *sim)
{
    return sim->parts[KW_PART_ITEMS].length == 0 && !sim->s.line.moved;
}

int kw_sim_align_x(const struct kw_sim *sim, int width)
{
    int spare = kw_sim_area_width(sim) - width;
    if (spare < 0 || sim->s.line.align == 0)
        return 0;
    return sim->s.line.align == 1 ? spare / 2 : spare;
}

int kw_sim_usual_spacing(const struct kw_sim *sim)
{
    return sim->profile->firmware == KW_FIRMWARE_IMPACT ? sim->dpi / 6 : KW_SIM_LINE_DOTS;
}

/* The switch of a shut drawer pulls it down; it is high in an open one, and where nothing is plugged in. */
bool kw_sim_pin_is_high(const struct kw_sim *sim)
{
    return sim->options.no_drawer || (sim->s.health.conditions & KW_COND_DRAWER_OPEN);
}

bool kw_sim_has_one_system(const struct kw_sim *sim)
{
    return sim->profile->two_byte != KW_TWO_BYTE_NONE && sim->profile->two_byte != KW_TWO_BYTE_SHIFT_JIS;
}

void kw_sim_note_place(struct kw_sim *sim, size_t own)
{
    bool waits = sim->parts[KW_PART_RECEIVE].length - sim->s.in.receive_at > own;
    if (waits && sim->options.note && !sim->replaying)
        sim->options.note(sim->options.output_data, "here");
}
