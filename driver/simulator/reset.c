/* reset.c - how everything is at the beginning: ESC @, cleared buffers, power that comes back. */
#include "simulator/reset.h"

#include "simulator/counter.h"
#include "simulator/decode.h"
#include "simulator/graphics.h"
#include "simulator/handlers.h"
#include "simulator/line.h"
#include "simulator/pagemode.h"
#include "simulator/star.h"

void kw_sim_initial_bars(struct kw_sim_symbols *s)
{
    s->bars_text = 0;
    s->bars_font = 0;
    s->bars_module = 3;
    s->bars_height = 162;
}

static void initial_symbols(struct kw_sim_symbols *s)
{
    kw_sim_initial_bars(s);
    s->qr_model = 50;
    s->qr_module = 3;
    s->qr_level = 48;
    s->pdf_columns = s->pdf_rows = s->pdf_truncated = 0;
    s->pdf_module = s->pdf_row_height = 3;
    s->pdf_level_kind = 49;
    s->pdf_level = 1;
    s->maxi_mode = 50;
    s->databar_module = s->composite_module = 2;
    s->aztec_mode = s->aztec_layers = 0;
    s->aztec_module = s->matrix_module = 3;
    s->aztec_level = 23;
    s->matrix_kind = 0;
}

static void initial_look(struct kw_sim *sim)
{
    static const uint8_t system[] = {
        [KW_TWO_BYTE_NONE] = KW_TWO_BYTE_GB18030, [KW_TWO_BYTE_SHIFT_JIS] = KW_TWO_BYTE_JIS,
        [KW_TWO_BYTE_GB18030] = KW_TWO_BYTE_GB18030, [KW_TWO_BYTE_BIG5] = KW_TWO_BYTE_BIG5,
        [KW_TWO_BYTE_KOREAN] = KW_TWO_BYTE_KOREAN
    };
    sim->s.look = (struct kw_sim_look){
        .times_wide = 1, .times_high = 1, .font = sim->profile->firmware == KW_FIRMWARE_IMPACT,
        .kanji = kw_sim_has_one_system(sim),
        .kanji_system = system[sim->profile->two_byte]
    };
    kw_sim_select_table(sim, sim->usual_table);
}

void kw_sim_initialise(struct kw_sim *sim)
{
    struct kw_sim_state *s = &sim->s;
    kw_sim_drop_line(sim);
    kw_sim_page_leave(sim, false);
    initial_look(sim);
    initial_symbols(&s->symbols);
    kw_sim_reset_counter(sim);
    kw_sim_star_initialise(sim);
    s->line.align = s->line.upside_down = s->host.deselected = 0;
    s->line.pending_lead = s->line.pending_utf8_length = 0;
    s->host.asb = s->host.offline_response = s->host.whole = 0;
    s->host.paper_stops = s->host.feed_button_off = 0;
    s->line.unit_x = sim->profile->power_x;
    s->line.unit_y = sim->profile->power_y;
    s->line.line_spacing[0] = s->line.line_spacing[1] = kw_sim_usual_spacing(sim);
    s->line.area_left = s->line.area_width = 0;
    int column = kw_sim_cell_width(sim, 0);
    for (s->line.tab_count = 0; s->line.tab_count < KW_SIM_TABS; s->line.tab_count++)
        s->line.tabs[s->line.tab_count] = (uint16_t)((s->line.tab_count + 1) * 8 * column);
    kw_buffer_clear(&sim->parts[KW_PART_DOWNLOAD]);
    kw_sim_forget_downloads(sim);
    kw_buffer_clear(&sim->parts[KW_PART_USER_CHARACTERS]);
    kw_buffer_clear(&sim->parts[KW_PART_SYMBOLS]);
}

HANDLER(initialise)
{
    (void)bytes;
    kw_sim_initialise(sim);
    return length;
}

void kw_sim_reset_buffers(struct kw_sim *sim, bool receive_too)
{
    struct kw_sim_state *s = &sim->s;
    if (receive_too) {
        kw_buffer_clear(&sim->parts[KW_PART_RECEIVE]);
        kw_buffer_clear(&sim->parts[KW_PART_COMMAND]);
        s->in.receive_at = s->in.command_need = s->in.skip = 0;
        s->in.nv_images_left = 0;
        s->raster.active = 0;
        s->macro.runs = 0;
        s->in.parsed = s->in.accepted;
    }
    kw_sim_drop_line(sim);
    kw_sim_page_leave(sim, false);
    s->line.pending_lead = s->line.pending_utf8_length = 0;
    s->times.busy_until_us = 0;
}

void kw_sim_power_cycle(struct kw_sim *sim)
{
    kw_sim_reset_buffers(sim, true);
    sim->s.in.rt_length = sim->s.health.power_returned = 0;
    sim->s.macro.defining = sim->s.host.pulse_disabled = sim->s.host.power_off_enabled = 0;
    sim->s.macro.runs = 0;
    kw_buffer_clear(&sim->parts[KW_PART_MACRO]);
    kw_buffer_clear(&sim->parts[KW_PART_REPLIES]);
    kw_sim_initialise(sim);
    sim->s.times.power_on_ms = kw_sim_now(sim);
}
