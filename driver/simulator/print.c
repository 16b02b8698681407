/* print.c - the commands that move paper: feeds, the cut, the drawer pulse, macros. */
#include "simulator/print.h"

#include "simulator/conditions.h"
#include "simulator/events.h"
#include "simulator/faults.h"
#include "simulator/handlers.h"
#include "simulator/line.h"
#include "simulator/logos.h"
#include "simulator/pagemode.h"
#include "simulator/paper.h"
#include "simulator/watch.h"

#include <string.h>

enum { FEED_MOST_MM = 1016 };

static void feed(struct kw_sim *sim, int dots, int text_lines)
{
    int most = FEED_MOST_MM * sim->dpi * 10 / 254;
    bool empty = sim->parts[KW_PART_ITEMS].length == 0;
    if (sim->s.page.active) {
        kw_sim_page_newline(sim, dots);
        return;
    }
    kw_sim_flush_line(sim, dots < most ? dots : most);
    kw_sim_blank_text_lines(sim, empty ? text_lines : text_lines - 1);
}

HANDLER(feed_units)
{
    bool feeds = sim->profile->firmware != KW_FIRMWARE_NT5890K;
    int dots = feeds ? kw_sim_y_dots(sim, bytes[2]) : 0;
    feed(sim, dots, dots * 6 / sim->dpi);
    return length;
}

HANDLER(feed_lines)
{
    feed(sim, bytes[2] * sim->s.line.line_spacing[kw_sim_mode(sim)], bytes[2]);
    return length;
}

HANDLER(reverse_units)
{
    if (bytes[2] <= 48 && !sim->s.page.active) {
        kw_sim_flush_line(sim, 0);
        kw_sim_reverse(sim, kw_sim_y_dots(sim, bytes[2]));
    }
    return length;
}

HANDLER(reverse_lines)
{
    if (bytes[2] <= 2 && !sim->s.page.active) {
        kw_sim_flush_line(sim, 0);
        kw_sim_reverse(sim, bytes[2] * sim->s.line.line_spacing[0]);
    }
    return length;
}

/* ---- cutting ---- */

/* False when the blade or the paper stopped it: it is tried again once the printer prints again. */
static bool try_cut(struct kw_sim *sim, bool full)
{
    kw_sim_check_faults(sim, KW_AT_CUT);
    if (!kw_sim_can_print(sim))
        return false;
    if (sim->profile->cutter == KW_CUTTER_NONE)
        kw_sim_warn(sim, sim->s.in.parsed, "this model has no cutter");
    else
        kw_sim_cut(sim, full, sim->s.in.parsed);
    return true;
}

/* Where there is no blade such a board feeds what 65 says beside, and takes 66 for nothing. */
static bool is_board(const struct kw_sim *sim)
{
    return sim->profile->firmware == KW_FIRMWARE_BOARD || sim->profile->firmware == KW_FIRMWARE_NT5890K;
}

HANDLER(cut)
{
    uint8_t m = bytes[2];
    bool full = m == 0 || m == 48 || m == 65 || m == 97 || m == 103, feeds = m >= 65;
    bool known = m <= 1 || m == 48 || m == 49 || (feeds && length == 4);
    if (!known) {
        kw_sim_out_of_range(sim, "GS V", m);
        return length;
    }
    if (!sim->s.page.active && !kw_sim_at_line_start(sim)) {
        kw_sim_warn(sim, sim->s.in.parsed, "GS V inside a line is ignored");
        return length;
    }
    if (!sim->s.bottom_logo_printed)
        kw_sim_print_logo(sim, KW_SIM_BOTTOM_LOGO);
    sim->s.bottom_logo_printed = 1;
    if (is_board(sim) && sim->profile->cutter == KW_CUTTER_NONE) {
        kw_sim_advance(sim, m == 65 ? kw_sim_y_dots(sim, bytes[3]) : 0);
        return length;
    }
    if (feeds)
        kw_sim_advance(sim, kw_sim_dots_to_blade(sim) + kw_sim_y_dots(sim, bytes[3]));
    if (!try_cut(sim, full))
        return 0;
    sim->s.bottom_logo_printed = 0;
    kw_sim_print_logo(sim, KW_SIM_TOP_LOGO);
    return length;
}

/* Epson's ESC i and ESC m are ignored inside a line; others cut there. */
HANDLER(old_cut)
{
    (void)bytes;
    bool careful = strcmp(sim->profile->vendor, "Epson") == 0;
    if (careful && !sim->s.page.active && !kw_sim_at_line_start(sim)) {
        kw_sim_warn(sim, sim->s.in.parsed, "the old cut inside a line is ignored");
        return length;
    }
    bool full = sim->profile->firmware == KW_FIRMWARE_CUSTOM;
    return sim->s.page.active || try_cut(sim, full) ? length : 0;
}

/* ---- drawer ---- */

void kw_sim_pulse(struct kw_sim *sim, int pin, int on_ms, int off_ms, uint64_t offset)
{
    struct kw_json json;
    if (sim->profile->drawer == KW_NO) {
        kw_sim_warn(sim, offset, "this model has no drawer socket");
        return;
    }
    kw_sim_event(sim, &json, "drawer", offset);
    kw_json_integer(&json, "pin", pin);
    kw_json_integer(&json, "on_ms", on_ms);
    kw_json_integer(&json, "off_ms", off_ms);
    kw_sim_event_end(sim, &json);
    if (sim->watch)
        sim->watch->pulse(sim->watch->data, offset);
    sim->s.times.drawer_pulse_at_ms = kw_sim_now(sim) + on_ms + off_ms;
    sim->s.paper.counters[1]++;
    if (!sim->options.no_drawer)
        kw_sim_conditions(sim, KW_COND_DRAWER_OPEN, 0);
}

HANDLER(pulse)
{
    int pin = kw_sim_digit(bytes[2], 1), on = bytes[3], off = bytes[4] > bytes[3] ? bytes[4] : bytes[3];
    if (pin < 0) {
        kw_sim_out_of_range(sim, "ESC p", bytes[2]);
        return 3;
    }
    kw_sim_pulse(sim, pin ? 5 : 2, on * 2, off * 2, sim->s.in.parsed);
    return length;
}

/* ---- macros ---- */

HANDLER(macro)
{
    (void)bytes;
    if (!sim->s.macro.defining)
        kw_buffer_clear(&sim->parts[KW_PART_MACRO]);
    sim->s.macro.defining = !sim->s.macro.defining;
    if (!sim->s.macro.defining && sim->parts[KW_PART_MACRO].failed) {
        kw_sim_warn(sim, sim->s.in.parsed, "GS : the macro is too long");
        kw_buffer_clear(&sim->parts[KW_PART_MACRO]);
    }
    return length;
}

HANDLER(run_macro)
{
    if (sim->s.macro.defining) {
        sim->s.macro.defining = 0;
        kw_buffer_clear(&sim->parts[KW_PART_MACRO]);
        return length;
    }
    if (sim->in_macro || sim->parts[KW_PART_MACRO].length == 0)
        return length;
    sim->s.macro.runs = bytes[2];
    sim->s.macro.waits = bytes[4] & 1;
    sim->s.macro.start_dots = sim->s.paper.travel_dots;
    if (sim->s.macro.waits && sim->s.macro.runs > 0)
        kw_sim_conditions(sim, KW_COND_WAITING, 0);
    return length;
}
