/* settings.c - the commands that only set something, and what ESC @ sets back. */
#include "simulator/decode.h"
#include "simulator/events.h"
#include "simulator/handlers.h"
#include "simulator/line.h"

#include <string.h>

/* ---- the look of text ---- */

HANDLER(print_mode)
{
    struct kw_sim_look *look = &sim->s.look;
    uint8_t n = bytes[2];
    look->font = n & 1;
    look->bold = n >> 3 & 1;
    look->times_high = n & 16 ? 2 : 1;
    look->times_wide = n & 32 ? 2 : 1;
    look->underline = n >> 7 & 1;
    return length;
}

HANDLER(character_size)
{
    if (bytes[2] & 0x88) {
        kw_sim_out_of_range(sim, "GS !", bytes[2]);
        return length;
    }
    sim->s.look.times_high = (uint8_t)((bytes[2] & 7) + 1);
    sim->s.look.times_wide = (uint8_t)((bytes[2] >> 4 & 7) + 1);
    return length;
}

HANDLER(font)
{
    int font = kw_sim_digit(bytes[2], 4);
    bool known = font == 0 || font == 1 || font == 2;
    if (known)
        sim->s.look.font = (uint8_t)font;
    else
        kw_sim_out_of_range(sim, "ESC M", bytes[2]);
    return length;
}

HANDLER(bold)
{
    sim->s.look.bold = bytes[2] & 1;
    return length;
}

HANDLER(double_strike)
{
    sim->s.look.double_strike = bytes[2] & 1;
    return length;
}

HANDLER(underline)
{
    int n = kw_sim_digit(bytes[2], 2);
    if (n < 0)
        kw_sim_out_of_range(sim, "ESC -", bytes[2]);
    else
        sim->s.look.underline = (uint8_t)n;
    return length;
}

HANDLER(reverse)
{
    sim->s.look.reverse = bytes[2] & 1;
    return length;
}

HANDLER(smoothing)
{
    sim->s.look.smooth = bytes[2] & 1;
    return length;
}

HANDLER(turn)
{
    int n = kw_sim_digit(bytes[2], 2);
    if (n < 0)
        kw_sim_out_of_range(sim, "ESC V", bytes[2]);
    else
        sim->s.look.turned = (uint8_t)n;
    return length;
}

HANDLER(colour)
{
    int n = kw_sim_digit(bytes[2], 1);
    if (n < 0)
        kw_sim_out_of_range(sim, "ESC r", bytes[2]);
    else if (sim->profile->two_colours == KW_YES)
        sim->s.look.red = (uint8_t)n;
    return length;
}

HANDLER(right_space)
{
    sim->s.look.space_right[kw_sim_mode(sim)] = bytes[2];
    return length;
}

HANDLER(table)
{
    if (!kw_sim_select_table(sim, bytes[2]))
        kw_sim_warn(sim, sim->s.in.parsed, "ESC t %d: this model has no such table; the old one stays", bytes[2]);
    return length;
}

HANDLER(international)
{
    if (bytes[2] > 17)
        kw_sim_out_of_range(sim, "ESC R", bytes[2]);
    else
        sim->s.look.international = bytes[2];
    return length;
}

HANDLER(user_set)
{
    sim->s.look.user_characters = bytes[2] & 1;
    return length;
}

/* ---- two-byte text ---- */

HANDLER(kanji_on)
{
    (void)bytes;
    sim->s.look.kanji = 1;
    return length;
}

HANDLER(kanji_off)
{
    (void)bytes;
    sim->s.look.kanji = 0;
    sim->s.line.pending_lead = 0;
    return length;
}

HANDLER(kanji_mode)
{
    sim->s.look.kanji_style = bytes[2] & 12;
    sim->s.look.kanji_underline = bytes[2] >> 7;
    return length;
}

HANDLER(kanji_underline)
{
    int n = kw_sim_digit(bytes[2], 2);
    if (n < 0)
        kw_sim_out_of_range(sim, "FS -", bytes[2]);
    else
        sim->s.look.kanji_underline = (uint8_t)n;
    return length;
}

HANDLER(kanji_system)
{
    int n = kw_sim_digit(bytes[2], 2);
    if (n < 0)
        kw_sim_out_of_range(sim, "FS C", bytes[2]);
    if (n < 0 || kw_sim_has_one_system(sim))
        return length;
    sim->s.line.pending_lead = 0;
    sim->s.look.kanji_system = n == 0 ? KW_TWO_BYTE_JIS : KW_TWO_BYTE_SHIFT_JIS;
    sim->s.look.kanji_unasked = n != 0;
    return length;
}

HANDLER(kanji_space)
{
    sim->s.look.kanji_left[kw_sim_mode(sim)] = bytes[2];
    sim->s.look.kanji_right[kw_sim_mode(sim)] = bytes[3];
    return length;
}

HANDLER(kanji_quad)
{
    sim->s.look.kanji_quad = bytes[2] & 1;
    return length;
}

HANDLER(kanji_font)
{
    int font = length >= 7 && bytes[5] == 0x30 ? kw_sim_digit(bytes[6], 2) : -1;
    if (font >= 0)
        sim->s.look.kanji_font = (uint8_t)font;
    return length;
}

/* FS ( C: one byte or UTF-8; which national forms come first. */
HANDLER(encoding)
{
    static const struct { uint8_t area; uint8_t system; } areas[] = {
        { 0x0B, KW_TWO_BYTE_SHIFT_JIS }, { 0x14, KW_TWO_BYTE_GB18030 }, { 0x1E, KW_TWO_BYTE_BIG5 },
        { 0x29, KW_TWO_BYTE_KOREAN }
    };
    if (length >= 7 && bytes[5] == 0x30) {
        int m = bytes[6] >= 48 ? bytes[6] - 48 : bytes[6];
        sim->s.look.utf8 = m == 2;
        sim->s.line.pending_utf8_length = 0;
    }
    if (length >= 8 && bytes[5] == 0x3C && kw_sim_digit(bytes[6], 1) == 0)
        for (size_t i = 0; i < sizeof areas / sizeof areas[0]; i++)
            if (areas[i].area == bytes[7])
                sim->s.look.kanji_system = areas[i].system;
    return length;
}

/* ---- lines and places ---- */

static bool needs_line_start(struct kw_sim *sim, const char *name)
{
    if (sim->s.page.active || kw_sim_at_line_start(sim))
        return true;
    kw_sim_warn(sim, sim->s.in.parsed, "%s inside a line is ignored", name);
    return false;
}

HANDLER(default_spacing)
{
    (void)bytes;
    sim->s.line.line_spacing[kw_sim_mode(sim)] = kw_sim_usual_spacing(sim);
    return length;
}

HANDLER(line_spacing)
{
    sim->s.line.line_spacing[kw_sim_mode(sim)] = kw_sim_y_dots(sim, bytes[2]);
    return length;
}

HANDLER(justify)
{
    int n = kw_sim_digit(bytes[2], 2);
    if (n < 0)
        kw_sim_out_of_range(sim, "ESC a", bytes[2]);
    else if (needs_line_start(sim, "ESC a"))
        sim->s.line.align = (uint8_t)n;
    return length;
}

HANDLER(upside_down)
{
    if (needs_line_start(sim, "ESC {"))
        sim->s.line.upside_down = bytes[2] & 1;
    return length;
}

HANDLER(left_margin)
{
    if (needs_line_start(sim, "GS L"))
        sim->s.line.area_left = kw_sim_x_dots(sim, kw_sim_pair(bytes + 2));
    return length;
}

HANDLER(area_width)
{
    if (needs_line_start(sim, "GS W")) {
        int dots = kw_sim_x_dots(sim, kw_sim_pair(bytes + 2));
        sim->s.line.area_width = dots > 0 ? dots : 1;
    }
    return length;
}

HANDLER(motion_units)
{
    if (sim->profile->motion_x <= 0) {
        kw_sim_warn(sim, sim->s.in.parsed, "GS P: this model has no such command");
        return length;
    }
    sim->s.line.unit_x = bytes[2] ? bytes[2] : sim->profile->power_x;
    sim->s.line.unit_y = bytes[3] ? bytes[3] : sim->profile->power_y;
    return length;
}

static void move_to(struct kw_sim *sim, int x)
{
    if (x < 0 || x > kw_sim_area_width(sim))
        return;
    sim->s.line.x = x;
    sim->s.line.moved = 1;
    if (sim->s.page.active)
        sim->s.page.x = x;
}

/* One board moves to a place only before the line has text. */
static bool stays(const struct kw_sim *sim)
{
    return sim->profile->firmware == KW_FIRMWARE_NT5890K && sim->parts[KW_PART_ITEMS].length > 0;
}

HANDLER(absolute)
{
    if (stays(sim))
        return length;
    move_to(sim, kw_sim_x_dots(sim, kw_sim_pair(bytes + 2)));
    return length;
}

HANDLER(relative)
{
    int from = sim->s.page.active ? sim->s.page.x : sim->s.line.x;
    if (sim->profile->firmware == KW_FIRMWARE_NT5890K && (int16_t)kw_sim_pair(bytes + 2) < 0)
        return length;
    move_to(sim, from + kw_sim_x_dots(sim, (int16_t)kw_sim_pair(bytes + 2)));
    return length;
}

HANDLER(tab_stops)
{
    struct kw_sim_state *s = &sim->s;
    int column = kw_sim_cell_width(sim, s->look.font) * s->look.times_wide +
                 kw_sim_x_dots(sim, s->look.space_right[kw_sim_mode(sim)]) * s->look.times_wide;
    s->line.tab_count = 0;
    for (size_t i = 2; i < length && bytes[i] != 0 && s->line.tab_count < KW_SIM_TABS; i++) {
        int dots = bytes[i] * column;
        s->line.tabs[s->line.tab_count++] = (uint16_t)(dots < 65535 ? dots : 65535);
    }
    return length;
}

HANDLER(to_line_start)
{
    if (!sim->s.page.active) {
        if (kw_sim_digit(bytes[2], 1) == 1 && sim->parts[KW_PART_ITEMS].length > 0)
            kw_sim_flush_line(sim, sim->s.line.line_spacing[0]);
        else
            kw_sim_drop_line(sim);
    }
    return length;
}

HANDLER(peripheral)
{
    sim->s.host.deselected = !(bytes[2] & 1);
    return length;
}

HANDLER(panel)
{
    switch (bytes[2]) {
    case 0x34: sim->s.host.paper_stops = bytes[3] & 3; break;
    case 0x35: sim->s.host.feed_button_off = bytes[3] & 1; break;
    default: break;
    }
    return length;
}

/* ---- barcode settings ---- */

HANDLER(bars_text)
{
    int n = kw_sim_digit(bytes[2], 3);
    if (n < 0)
        kw_sim_out_of_range(sim, "GS H", bytes[2]);
    else
        sim->s.symbols.bars_text = (uint8_t)n;
    return length;
}

HANDLER(bars_font)
{
    int n = kw_sim_digit(bytes[2], 4);
    if (n >= 0)
        sim->s.symbols.bars_font = (uint8_t)n;
    return length;
}

HANDLER(bars_height)
{
    if (bytes[2] == 0)
        kw_sim_out_of_range(sim, "GS h", 0);
    else
        sim->s.symbols.bars_height = bytes[2];
    return length;
}

HANDLER(bars_width)
{
    int n = bytes[2] >= 68 && bytes[2] <= 76 ? (bytes[2] - 64 + 1) / 2 : bytes[2];
    if (n < 1 || n > 6)
        kw_sim_out_of_range(sim, "GS w", bytes[2]);
    else
        sim->s.symbols.bars_module = (uint8_t)n;
    return length;
}
